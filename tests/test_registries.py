"""What is called by a name: diagnostics, kinds of difference, steps. Each kind has one list.

Every name that is used must be listed, and every name that is listed must be used and explained.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from test_structure import MODULES, PACKAGE, ROOT

from triptych.collate import KINDS
from triptych.diagnostics import CODES
from triptych.formats import FORMATS
from triptych.steps import STEPS


@dataclass(frozen=True)
class Registry:
    """A list of names in a module, and the page that explains them.

    `functions` are those that are given such a name, with the number of the argument.
    """

    module: str
    names: Mapping[str, str]
    page: str
    functions: Mapping[str, int]


REGISTRIES = (
    Registry("diagnostics", CODES, "diagnostics.md", {"Diagnostic": 3}),
    Registry("collate.difference", KINDS, "proof.md", {"Difference": 1, "tell": 0, "_tell": 0}),
    Registry("steps", STEPS, "library.md", {"Step": 0, "step": 0, "Validator": 0}),
)
NAMES = [pytest.param(r, name, id=f"{r.module}-{name}") for r in REGISTRIES for name in r.names]


def words_of(path: Path) -> set[str]:
    """The strings that a file of code has."""
    code = path.read_text(encoding="utf-8")
    if path.suffix == ".lua":
        return set(re.findall(r"'([^'\n]*)'", code))
    tree = ast.walk(ast.parse(code))
    return {n.value for n in tree if isinstance(n, ast.Constant) and isinstance(n.value, str)}


WORDS = {
    **{name: words_of(path) for name, path in MODULES.items()},
    **{path.name: words_of(path) for path in PACKAGE.rglob("*.lua")},
}


def given_to(functions: Mapping[str, int], path: Path) -> Iterator[str]:
    """The strings that are given to these functions as the names in question."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            place = functions.get(called, len(node.args))
            for given in node.args[place : place + 1]:
                if isinstance(given, ast.Constant):
                    yield str(given.value)


@pytest.mark.parametrize(("registry", "name"), NAMES)
def test_every_name_is_documented(registry: Registry, name: str) -> None:
    page = (ROOT / "docs" / registry.page).read_text(encoding="utf-8")
    row = f"| `{name}` |"
    assert row in page, f"add a row “{row} …” to docs/{registry.page}: {registry.names[name]}"


@pytest.mark.parametrize(("registry", "name"), NAMES)
def test_every_name_is_used(registry: Registry, name: str) -> None:
    elsewhere = (words for module, words in WORDS.items() if module != registry.module)
    assert name in FORMATS or any(name in words for words in elsewhere), (
        f"nothing uses {name}: take it from the list in {registry.module}, and from the docs"
    )


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.module)
def test_every_name_that_is_used_is_listed(registry: Registry) -> None:
    given = {name for path in MODULES.values() for name in given_to(registry.functions, path)}
    assert given
    assert given <= registry.names.keys(), f"add the new name to the list in {registry.module}"


def test_the_filters_tell_nothing_that_is_not_listed() -> None:
    told = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.lua"))
    codes = set(re.findall(r"told-code'\] = '([\w-]+)'", told))
    assert codes
    assert codes <= CODES.keys(), "add the new code to CODES in diagnostics.py"


@pytest.mark.parametrize("name", FORMATS)
def test_the_page_of_the_library_names_every_format(name: str) -> None:
    page = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    assert f'`"{name}"`' in page, f'add `"{name}"` to the row of render_edition in docs/library.md'
