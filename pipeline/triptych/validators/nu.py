"""The Nu Html Checker, which the W3C and the WHATWG run. In: HTML files. Out: one verdict each.

It reads a `data:` URL letter by letter, several times: a page of 116 MB took 77 s of a processor.
It is given light copies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from triptych.diagnostics import FindingSeverity
from triptych.programs import private_folder
from triptych.validators.java import java, run_java
from triptych.validators.light_page import LightPage, lighten
from triptych.validators.process import (
    NODE_REMEDY,
    NODE_TOOLS,
    absolute,
    installed,
    json_documents,
    npm_version,
)
from triptych.validators.verdict import Finding, Location, ValidatorFailed, Verdict

TOOL = "Nu Html Checker"
JAR = NODE_TOOLS / "vnu-jar" / "build" / "dist" / "vnu.jar"
MAIN = "nu.validator.client.SimpleCommandLineValidator"


def available() -> str:
    """Return the checker's version; raise ValidatorMissing if it or Java is not there."""
    java(TOOL)
    installed(JAR, TOOL, NODE_REMEDY)
    return npm_version("vnu-jar", TOOL)


def validate(files: Iterable[Path], *, timeout: float = 300) -> list[Verdict]:
    """Check HTML or XHTML files, and the CSS in them, against the living standard.

    Args:
        files: the pages; those named `.xhtml` are read as XML.
        timeout: seconds for all of them together.

    Returns:
        One verdict for each file, in their order.

    Raises:
        FileNotFoundError: a page is not there.
        ValidatorMissing: the checker or Java is not installed.
        ValidatorFailed: the checker crashed, could not read a page, or ran out of time.
    """
    pages = absolute(files)
    if not pages:
        return []
    version = available()
    options = ["--format", "json", "--stdout", "--exit-zero-always"]
    with private_folder() as folder:
        copies: dict[Path, tuple[Path, LightPage]] = {}
        for number, page in enumerate(pages):
            light = lighten(page.read_bytes())
            copy = folder / f"{number}{page.suffix}"  # by which it knows what is XML
            copy.write_bytes(light.data)
            copies[copy] = page, light
        output = run_java(TOOL, [JAR], [MAIN, *options, *copies], timeout=timeout, reads=[*copies])
    (report,) = json_documents(TOOL, output.stdout, expected=1)

    findings: defaultdict[Path, list[Finding]] = defaultdict(list)
    for message in report["messages"]:
        if message["type"] == "non-document-error":
            raise ValidatorFailed(TOOL, message.get("message", "a page could not be read"))
        copy = Path(unquote(urlsplit(message["url"]).path))
        if copy not in copies:
            raise ValidatorFailed(TOOL, f"it answered for a file it was not given: {copy}")
        page, light = copies[copy]
        findings[page].append(_finding(page, light, message))
    return [
        Verdict(
            validator=TOOL,
            version=version,
            standard="HTML",
            file=page,
            seconds=output.seconds / len(pages),
            findings=tuple(findings[page]),
        )
        for page in pages
    ]


def _finding(page: Path, light: LightPage, message: dict[str, Any]) -> Finding:
    severity: FindingSeverity = "error"
    if message["type"] == "info":
        severity = "warning" if message.get("subType") == "warning" else "info"
    line = message.get("firstLine", message.get("lastLine")) or 0
    column = message.get("firstColumn", message.get("lastColumn")) or 0
    return Finding(
        severity=severity,
        rule="html" if message.get("subType") != "fatal" else "html-fatal",
        message=message["message"],
        file=page,
        location=Location(line=line, column=light.column(line, column)),
    )
