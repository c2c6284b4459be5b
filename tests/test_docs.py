"""The documents keep up: pages are listed, links lead somewhere, and what is named exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "pipeline" / "triptych"
DOCS = ROOT / "docs"
PAGES = sorted(page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md"))
LINKED = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(DOCS / page for page in PAGES)]


def links(page: Path) -> Iterator[str]:
    """The files that a page links to, as it names them."""
    code = r"```.*?```|`[^`\n]+`"
    text = re.sub(code, "code", page.read_text(encoding="utf-8"), flags=re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        file = target.partition("#")[0]
        if file and "://" not in target:
            yield file


def named_paths(text: str) -> Iterator[str]:
    """What a page names in code as a path: with a slash, or the ending of a module; not NAME.py."""
    for code in re.findall(r"`([^`\n]+)`", text):
        if (
            "NAME" not in code
            and re.fullmatch(r"[\w./-]+", code)
            and ("/" in code or re.search(r"\.py$", code))
        ):
            yield code


@pytest.mark.parametrize("page", [page for page in PAGES if page != "README.md"])
def test_every_page_is_in_the_index_of_the_documents(page: str) -> None:
    assert page in set(links(DOCS / "README.md")), f"list docs/{page} in docs/README.md"


@pytest.mark.parametrize("page", LINKED, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    assert [file for file in links(page) if not (page.parent / file).exists()] == []


def test_every_path_that_contributing_names_exists() -> None:
    paths = list(named_paths((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))
    assert paths
    assert [
        path for path in paths if not any((top / path).exists() for top in (ROOT, PACKAGE))
    ] == []


ROOMS = sorted(
    path.name if path.suffix else f"{path.name}/"
    for path in PACKAGE.iterdir()
    if path.name[0] not in "_." and (path.suffix == ".py" or path.is_dir())
)


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_on_the_map(room: str) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert any(path.startswith(room) for path in named_paths(text)), (
        f"add a row for {room} to the table of rooms in CONTRIBUTING.md"
    )
