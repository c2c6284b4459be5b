"""Ghostscript, which draws pages as a press sees them. In: PDF files. Out: verdicts.

It is no validator, but a second reader: what it cannot draw without a word of complaint, another
printer's machine may not draw at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from triptych.validators.process import absolute, program, run
from triptych.validators.verdict import Finding, ValidatorFailed, Verdict

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
    """Draw PDF files, plate by plate, and listen.

    Args:
        files: the documents.
        timeout: seconds for each of them.

    Returns:
        One verdict for each file, in their order.

    Raises:
        FileNotFoundError: a document is not there.
        ValidatorMissing: Ghostscript is not installed.
    """
    ghostscript, edition = program("gs", TOOL, REMEDY), available()
    verdicts = []
    for file in absolute(files):
        seconds = 0.0
        try:
            output = run(TOOL, [ghostscript, *_COMMAND, file], timeout=timeout)
            seconds, lines = output.seconds, (output.stdout + output.stderr).splitlines()
            said = [line.strip() for line in lines if not line.rstrip().endswith("CMYK OK")]
        except ValidatorFailed as failure:
            said = [failure.detail]
        findings = tuple(
            Finding("error", "complaint", " ".join(line.split())[:400], file, "")
            for line in said
            if line
        )
        verdicts.append(Verdict(TOOL, edition, STANDARD, file, seconds, findings))
    return verdicts
