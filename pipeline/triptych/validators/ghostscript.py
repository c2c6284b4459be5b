"""Ghostscript, which draws pages as a press does. In: PDF files. Out: verdicts.

It is not a validator, but a second reader: if it reports a problem while drawing a page, a
printer's machine may not draw it at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from triptych.validators.process import program, run, run_each
from triptych.validators.verdict import Finding, Verdict

TOOL = "Ghostscript"
STANDARD = "drawn in separations"
REMEDY = "Install it with: apt-get install ghostscript"
_COMMAND = (
    "-q -dSAFER -dNOPAUSE -dBATCH -dPDFSTOPONERROR -dPDFSTOPONWARNING -sDEVICE=inkcov -r36 -o -"
).split()


def available() -> str:
    """Return Ghostscript's version; raise ValidatorMissing if it is not there."""
    return run(TOOL, [program("gs", TOOL, REMEDY), "--version"], timeout=60).stdout.strip()


def validate(files: Iterable[Path], *, timeout: float = 300) -> list[Verdict]:
    """Draw PDF files, plate by plate, and report what Ghostscript says.

    Args:
        files: the documents.
        timeout: seconds for each of them.

    Returns:
        One verdict for each file, in their order.

    Raises:
        FileNotFoundError: a document is not there.
        ValidatorMissing: Ghostscript is not installed.
    """
    command: list[str | Path] = [program("gs", TOOL, REMEDY), *_COMMAND]
    edition = available()
    verdicts = []
    for file, output, failure in run_each(TOOL, command, files, timeout=timeout):
        lines = (output.stdout + output.stderr).splitlines()
        said = [line for line in lines if not line.rstrip().endswith("CMYK OK")]
        findings = tuple(
            Finding("error", "complaint", " ".join(line.split())[:400], file)
            for line in ([failure] if failure else said)
            if line.strip()
        )
        verdicts.append(Verdict(TOOL, edition, STANDARD, file, output.seconds, findings))
    return verdicts
