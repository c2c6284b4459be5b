"""axe-core in headless Chromium. In: HTML files, and how they are looked at. Out: verdicts.

Some rules depend on what a page looks like (contrast, target size, what is hidden). A page may need
a verdict for each window size and each colour scheme.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any, Literal

from triptych.diagnostics import FindingSeverity
from triptych.installation import installed_file
from triptych.validators.chromium import browser_files, chromium
from triptych.validators.process import (
    NODE_FILES,
    NODE_REMEDY,
    NODE_TOOLS,
    absolute,
    installed,
    json_documents,
    npm_version,
    run,
)
from triptych.validators.verdict import (
    Finding,
    Location,
    ValidatorMissing,
    Verdict,
)

TOOL = "axe-core"
SCRIPT = NODE_TOOLS / "axe-core" / "axe.min.js"
PLAYWRIGHT_REMEDY = "Install the Python package playwright."

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
"""axe's tags for WCAG 2.2, levels A and AA (2.2 added no criterion of level A that axe tests)."""

BATCH = Path(__file__).with_name("axe_batch.py")

ColourScheme = Literal["light", "dark"]


def available() -> str:
    """Return axe-core's version; raise ValidatorMissing if it, Playwright or Chromium is absent."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        raise ValidatorMissing("Playwright", PLAYWRIGHT_REMEDY) from None
    chromium()
    installed(SCRIPT, TOOL, NODE_REMEDY)
    return npm_version("axe-core", TOOL)


@dataclass(frozen=True, slots=True)
class View:
    """A window, in CSS pixels, and the colour scheme that its reader prefers."""

    width: int = 1280
    height: int = 800
    scheme: ColourScheme = "light"


def validate(
    files: Iterable[Path], looks: Sequence[View] = (View(),), *, timeout: float = 60
) -> list[Verdict]:
    """Check HTML files against WCAG 2.2 A and AA, and against axe's best practices.

    Breaking a WCAG rule is an error, not following a best practice is a warning. What axe cannot
    decide is an info, for a person.

    Args:
        files: the pages. They are opened without a network.
        looks: how each is looked at; all of them at once, in one browser.
        timeout: seconds for each page in each look; the browser's start has four times as many.

    Returns:
        For each file, in their order, one verdict for each look, in their order.

    Raises:
        FileNotFoundError: a page is not there.
        ValidatorMissing: axe-core, Playwright or Chromium is not installed.
        ValidatorFailed: the browser or the script in it failed, or ran out of time.
    """
    pages = absolute(files)
    pairs = list(product(pages, looks))
    if not pairs:
        return []
    version = available()
    asked = {
        "pages": [*map(str, pages)], "script": str(SCRIPT), "chromium": str(chromium()),
        "looks": [*map(asdict, looks)], "tags": [*WCAG, "best-practice"], "timeout": timeout,
    }  # fmt: skip
    output = run(
        TOOL,
        [sys.executable, "-I", installed_file(BATCH)],
        timeout=timeout * (4 + len(pairs)),
        reads=[BATCH, *NODE_FILES, *browser_files(), *pages],
        data=json.dumps(asked).encode(),
    )
    reports = json_documents(TOOL, output.stdout, expected=len(pairs))
    share = output.seconds / len(pairs)
    return [
        Verdict(
            validator=TOOL,
            version=version,
            standard="WCAG 2.2 AA",
            file=page,
            seconds=share,
            findings=tuple(_findings(page, report)),
        )
        for (page, _), report in zip(pairs, reports, strict=True)
    ]


def _findings(page: Path, report: dict[str, Any]) -> Iterator[Finding]:
    """Turn a report into findings, one for each element."""
    for rule in report["violations"]:
        severity: FindingSeverity = "error" if set(rule["tags"]) & set(WCAG) else "warning"
        for node in rule["nodes"]:
            yield Finding(severity, rule["id"], _message(rule, node), page, _location(node))
    for rule in report["incomplete"]:
        for node in rule["nodes"]:
            yield Finding("info", rule["id"], _message(rule, node), page, _location(node))


def _message(rule: dict[str, Any], node: dict[str, Any]) -> str:
    """Join the rule's text with the reasons why this element fails it, on one line."""
    reasons = [check["message"] for kind in ("any", "all", "none") for check in node[kind]]
    return f"{rule['help']}: {'; '.join(reasons)}" if reasons else str(rule["help"])


def _location(node: dict[str, Any]) -> Location:
    """The place of an element: its CSS selector; in a frame or shadow tree, with the path to it."""
    steps = (" >> ".join(step) if isinstance(step, list) else step for step in node["target"])
    return Location(selector=" > ".join(steps))
