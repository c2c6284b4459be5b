"""qpdf, which reads the structure of a PDF. In: PDF files. Out: verdicts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from triptych.validators.process import absolute, program, run
from triptych.validators.verdict import Finding, ValidatorFailed, Verdict

TOOL = "qpdf"
STANDARD = "PDF syntax"
REMEDY = "Install it with: apt-get install qpdf"


def available() -> str:
    """Return qpdf's version; raise ValidatorMissing if it is not there."""
    said = run(TOOL, [program("qpdf", TOOL, REMEDY), "--version"], timeout=60).stdout
    match = re.search(r"version (\S+)", said)
    return match[1] if match else ""


def validate(files: Iterable[Path], *, timeout: float = 60) -> list[Verdict]:
    """Let qpdf check the syntax of PDF files.

    Args:
        files: the documents.
        timeout: seconds for each of them.

    Returns:
        One verdict for each file, in their order.

    Raises:
        FileNotFoundError: a document is not there.
        ValidatorMissing: qpdf is not installed.
    """
    qpdf, edition = program("qpdf", TOOL, REMEDY), available()
    verdicts = []
    for file in absolute(files):
        seconds = 0.0
        findings: tuple[Finding, ...] = ()
        try:
            seconds = run(TOOL, [qpdf, "--check", file], timeout=timeout).seconds
        except ValidatorFailed as failure:  # it leaves with 2 for errors, with 3 for warnings
            findings = (Finding("error", "syntax", failure.detail[:400], file, ""),)
        verdicts.append(Verdict(TOOL, edition, STANDARD, file, seconds, findings))
    return verdicts
