"""qpdf, which reads the structure of a PDF. In: PDF files. Out: verdicts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from triptych.validators.process import program, run, run_each
from triptych.validators.verdict import Finding, Verdict

TOOL = "qpdf"
STANDARD = "PDF syntax"
REMEDY = "Install it with: apt-get install qpdf"


def available() -> str:
    """Return qpdf's version; raise ValidatorMissing if it is not there."""
    said = run(TOOL, [program("qpdf", TOOL, REMEDY), "--version"], timeout=60).stdout
    match = re.search(r"version (\S+)", said)
    return match[1] if match else ""


def validate(files: Iterable[Path], *, timeout: float = 60) -> list[Verdict]:
    """Check the syntax of PDF files with qpdf.

    Args:
        files: the documents.
        timeout: seconds for each of them.

    Returns:
        One verdict for each file, in their order.

    Raises:
        FileNotFoundError: a document is not there.
        ValidatorMissing: qpdf is not installed.
    """
    command: list[str | Path] = [program("qpdf", TOOL, REMEDY), "--check"]
    edition = available()
    verdicts = []
    for file, output, failure in run_each(TOOL, command, files, timeout=timeout):
        # qpdf leaves with 2 for errors, with 3 for warnings.
        findings = (Finding("error", "syntax", failure[:400], file),) if failure else ()
        verdicts.append(Verdict(TOOL, edition, STANDARD, file, output.seconds, findings))
    return verdicts
