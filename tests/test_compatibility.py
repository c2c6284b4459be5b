"""The table of compatibility: each of its rows is backed by a test that is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ROWS = re.findall(
    r"^\| (.+?) \| (works|told|out of scope) \|.*\| `(\w+\.py)::(\w+)` \|$",
    (TESTS.parent / "docs" / "compatibility.md").read_text(encoding="utf-8"),
    re.M,
)


def test_every_row_names_a_test() -> None:
    text = (TESTS.parent / "docs" / "compatibility.md").read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if line.startswith("|")]
    heads = [line for line in lines if line.startswith(("| construct", "| ---"))]
    assert len(ROWS) == len(lines) - len(heads)


@pytest.mark.parametrize(("construct", "file", "name"), [(c, f, n) for c, _, f, n in ROWS])
def test_a_row_is_backed_by_its_test(construct: str, file: str, name: str) -> None:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    assert name in [node.name for node in tree.body if isinstance(node, ast.FunctionDef)], construct
