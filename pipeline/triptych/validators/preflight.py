"""Triptych's own preflight: see `triptych.preflight`. In: PDFs for a press. Out: verdicts."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

from triptych.preflight import Breach, preflight
from triptych.validators.process import absolute
from triptych.validators.verdict import Finding, Location, Verdict

TOOL = "Preflight"
STANDARD = "PDF/X-4"


def available() -> str:
    """Return the version, which is Triptych's."""
    return version("triptych")


def validate(
    files: Iterable[Path], *, resolutions: Mapping[Path, int] | None = None
) -> list[Verdict]:
    """Check PDF files against PDF/X-4 and printers' practice.

    Args:
        files: the documents.
        resolutions: by absolute path, the fewest pixels per inch that pictures must have as
            placed; 300 for files that are not named.

    Returns:
        One verdict for each file, in their order. Equal breaches on one page are one finding.

    Raises:
        FileNotFoundError: a document is not there.
    """
    asked = resolutions or {}
    return [_verdict(file, asked.get(file, 300)) for file in absolute(files)]


def _verdict(file: Path, resolution: int) -> Verdict:
    began = time.perf_counter()
    findings = [_finding(file, breach) for breach in preflight(file.read_bytes(), resolution)]
    return Verdict(
        validator=TOOL,
        version=available(),
        standard=STANDARD,
        file=file,
        seconds=time.perf_counter() - began,
        findings=tuple(findings),
    )


def _finding(file: Path, breach: Breach) -> Finding:
    often = f" ({breach.times} times)" if breach.times > 1 else ""
    return Finding(
        severity=breach.rule.severity,
        rule=breach.rule.name,
        message=f"{breach.message}{often}; {breach.rule.asks} [{breach.rule.clause}]",
        file=file,
        location=Location(name=breach.where),
    )
