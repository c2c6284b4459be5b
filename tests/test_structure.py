"""The house rules: the order of the layers, the documents that must keep up with the code."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from triptych.diagnostics import CODES

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "pipeline" / "triptych"
LAYERS = (
    ("diagnostics", "text", "outlines", "formats", "epoch", "worker"),
    ("people", "terms", "tree"),
    ("dates",),
    ("record",),
    ("read.entries", "read.bib_fields"),
    ("read.csl_items",),
    (
        "read.bibliography",
        "read.csl",
        "read.files",
        "read.frontmatter",
        "read.manuscript",
        "read.book",
        "read.bookdown",
        "read.quarto",
    ),
    ("read.bookdown",),
    ("read.source",),
    ("edition", "resolve.csl_json", "resolve.pandoc", "resolve.locate"),
    (
        "resolve.index",
        "resolve.notes",
        "resolve.citations",
        "resolve.numbering",
        "resolve.crossrefs",
        "resolve.statements",
        "resolve.drawings",
        "resolve.images",
        "resolve.layout",
        "resolve.raw",
        "resolve.harmless",
        "resolve.wording",
    ),
    ("matter",),
    ("design",),
    ("mathematics",),
    ("resolve.formulas",),
    ("resolve.document",),
    ("render",),
    ("shelf", "signing", "compare"),
    ("witness",),
    ("collate", "preflight"),
    ("press", "validators"),
    ("check",),
    ("deposit",),
    ("progress",),
    ("commands",),
    ("cli",),
)
"""The way of the data: a module imports from its own layer or from those above it in this list."""

_STAGES = ("read", "resolve")
"""Folders whose modules have ranks of their own."""


def named(parts: Sequence[str]) -> str:
    """The name by which a module stands in LAYERS."""
    return ".".join(parts[:2]) if parts[0] in _STAGES else parts[0]


def rank(module: str) -> int:
    return next(n for n, layer in enumerate(LAYERS) if module in layer)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("triptych."):
            yield named((node.module or "").split(".")[1:])


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if "validators" not in path.parts and "witness" not in path.parts
        if path.name != "__init__.py" or path.parent.name not in ("triptych", *_STAGES)
    ],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_nothing_imports_against_the_way_of_the_data(path: Path) -> None:
    module = named(path.relative_to(PACKAGE).with_suffix("").parts)
    for imported in imports(path):
        assert rank(imported) <= rank(module), f"{module} imports {imported}"


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_diagnostic_code_is_documented(code: str) -> None:
    assert f"`{code}`" in (ROOT / "docs" / "diagnostics.md").read_text(encoding="utf-8")


def test_the_command_starts_without_loading_an_engine() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, triptych.cli; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert not {"weasyprint", "ebooklib", "lxml", "rich", "pypdfium2"} & set(loaded)
