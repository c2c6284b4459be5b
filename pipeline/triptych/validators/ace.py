"""Ace by DAISY, the accessibility checker of EPUB. In: EPUB files. Out: one verdict each.

Ace's browser script is run by Node, and needs a Chromium.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from triptych.diagnostics import FindingSeverity
from triptych.installation import installed_file
from triptych.validators.chromium import browser_files, chromium
from triptych.validators.process import (
    NODE,
    NODE_FILES,
    NODE_REMEDY,
    NODE_TOOLS,
    absolute,
    installed,
    json_documents,
    npm_version,
    program,
    run,
)
from triptych.validators.verdict import Finding, Location, ValidatorFailed, Verdict

TOOL = "Ace by DAISY"
BATCH = Path(__file__).with_name("ace_batch.cjs")

BROWSER_START = 60_000
"""Milliseconds the browser may take to start; Ace's own five seconds are too few if it is busy."""


def available() -> str:
    """Return Ace's version; raise ValidatorMissing if it, Node or Chromium is not there."""
    program("node", f"Node, for {TOOL}", NODE)
    chromium()
    installed(NODE_TOOLS / "@daisy" / "ace-core", TOOL, NODE_REMEDY)
    return npm_version("@daisy/ace", TOOL)


def validate(files: Iterable[Path], *, timeout: float = 600) -> list[Verdict]:
    """Check EPUB files against EPUB Accessibility 1.1 and WCAG 2, and axe's best practices.

    Breaking a rule of EPUB or WCAG is an error; not following a best practice is a warning.

    Args:
        files: the books.
        timeout: seconds for all of them together.

    Returns:
        One verdict for each file, in their order.

    Raises:
        FileNotFoundError: a book is not there.
        ValidatorMissing: Ace, Node or Chromium is not installed.
        ValidatorFailed: Ace crashed, could not read a book, or ran out of time.
    """
    books = absolute(files)
    if not books:
        return []
    available()
    command = [program("node", f"Node, for {TOOL}", NODE), installed_file(BATCH), *books]
    # Ace unpacks books, and keeps a configuration and a log: in its folder, which goes.
    surroundings = {
        "NODE_PATH": str(NODE_TOOLS),
        "PUPPETEER_EXECUTABLE_PATH": str(chromium()),
        "ACE_TIMEOUT_INITIAL": str(BROWSER_START),
    }
    reads = [BATCH, *NODE_FILES, *browser_files(), *books]
    output = run(TOOL, command, timeout=timeout, reads=reads, env=surroundings)
    reports = json_documents(TOOL, output.stdout, expected=len(books))
    share = output.seconds / len(books)
    return [_verdict(book, report, share) for book, report in zip(books, reports, strict=True)]


def _verdict(book: Path, report: dict[str, Any], seconds: float) -> Verdict:
    if Path(report["earl:testSubject"]["url"]) != book:
        raise ValidatorFailed(TOOL, f"its report on {book.name} is about another file")
    return Verdict(
        validator=TOOL,
        version=report["earl:assertedBy"]["doap:release"]["doap:revision"],
        standard="EPUB Accessibility 1.1",
        file=book,
        seconds=seconds,
        findings=tuple(_findings(book, report)),
    )


def _findings(book: Path, report: dict[str, Any]) -> Iterator[Finding]:
    for document in report["assertions"]:
        place = document["earl:testSubject"]["url"]
        for assertion in document["assertions"]:
            test, result = assertion["earl:test"], assertion["earl:result"]
            pointer = result.get("earl:pointer", {}).get("css", [])
            yield Finding(
                severity=_severity(test["rulesetTags"]),
                rule=test["dct:title"],
                message=" ".join(result["dct:description"].split()),
                file=book,
                location=Location(page=place, selector=" ".join(map(str, pointer))),
            )


def _severity(tags: list[str]) -> FindingSeverity:
    """Return "error" for a rule of WCAG or EPUB, "warning" for one of axe's own."""
    return "error" if any(tag == "EPUB" or tag.startswith("wcag") for tag in tags) else "warning"
