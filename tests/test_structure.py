"""The house rules: the order of the layers, the documents that must keep up with the code."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from triptych.diagnostics import CODES

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "pipeline" / "triptych"
LAYERS = (
    ("diagnostics", "text", "outlines", "formats", "epoch"),
    (
        "people",
        "bibliography",
        "csl",
        "csl_json",
        "terms",
        "tree",
        "frontmatter",
        "manuscript",
        "book",
        "quarto",
    ),
    ("dates",),
    ("record",),
    ("source",),
    ("edition", "pandoc", "locate"),
    (
        "index",
        "notes",
        "citations",
        "numbering",
        "crossrefs",
        "statements",
        "drawings",
        "images",
        "raw",
        "harmless",
        "wording",
    ),
    ("design",),
    ("mathematics",),
    ("resolve",),
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


def rank(module: str) -> int:
    return next(n for n, layer in enumerate(LAYERS) if module in layer)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("triptych."):
            yield (node.module or "").split(".")[1]


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if "validators" not in path.parts and "witness" not in path.parts
        if path != PACKAGE / "__init__.py"
    ],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_nothing_imports_against_the_way_of_the_data(path: Path) -> None:
    module = path.relative_to(PACKAGE).with_suffix("").parts[0]
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
