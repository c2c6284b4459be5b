"""What leads into an e-book besides its contents, and the lists of figures and tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Desk
from mutants.markup import pack, unpack

from triptych.collate import collate
from triptych.manifest import read_manifest
from triptych.press import build

TEXT = """\
# One

![A horse](a.svg){#fig:a}

![A mule](a.svg){#fig:b}

: Feet {#tbl:c}

| a | b |
| --- | --- |
| c | d |

Words [@lovelace1843].
"""


def test_a_work_may_be_a_list_of_works_and_nothing_else(desk: Desk) -> None:
    paper = desk.paper("# Works\n", "nocite: '@*'\n")
    built = build(paper, out=desk.folder / "dist", formats=("html", "epub"))
    assert built.collation.passed, "\n".join(map(str, built.collation.differences))


@pytest.fixture
def made(desk: Desk) -> Path:
    paper = desk.paper(TEXT, "lof: true\nlot: true\n")
    built = build(paper, out=desk.folder / "dist", formats=("html", "epub"))
    assert built.collation.passed, "\n".join(map(str, built.collation.differences))
    return desk.folder / "dist"


def told(made: Path, medium: str, change: Callable[[str], str], part: str = "") -> list[str]:
    """What is told of one file once a document in it is changed."""
    manifest = read_manifest(next(made.glob("*.edition.json")).read_bytes())
    sound = next(made.glob(f"*.{medium}")).read_bytes()
    members = unpack(sound) if part else {"": sound}
    name = next(name for name in members if name.endswith(part))
    before = members[name].decode()
    members[name] = change(before).encode()
    assert members[name].decode() != before
    found = collate(manifest, {medium: pack(members) if part else members[""]}).differences
    return [str(d) for d in found if d.witness == medium and d.kind != "fixity"]


def test_the_parts_of_an_e_book_are_in_the_manifest(made: Path) -> None:
    manifest = read_manifest(next(made.glob("*.edition.json")).read_bytes())
    assert [(mark.kind, mark.title) for mark in manifest.landmarks or ()] == [
        ("cover", "Cover"), ("titlepage", "Title page"), ("toc", "Contents"),
        ("bodymatter", "Engines"), ("bibliography", "References"),
        ("colophon", "About this edition"),
    ]  # fmt: skip


def test_lists_of_figures_and_tables_are_followed_line_by_line(made: Path) -> None:
    line = "Figure 2. A mule"
    for medium, part in (("html", ""), ("epub", "nav.xhtml")):
        found = told(made, medium, lambda text: text.replace(line, "Figure 2. A male", 1), part)
        assert any("“Figure 2. A male”" in one and "[contents-differs]" in one for one in found)
        found = told(made, medium, lambda text: text.replace("fig-b", "fig-a", 1), part)
        assert any("does not lead to its place" in one for one in found)


def test_a_list_that_the_edition_does_not_have_is_told(made: Path) -> None:
    added = '<nav xmlns:epub="http://www.idpf.org/2007/ops" epub:type="loa"><ol/></nav></body>'
    found = told(made, "epub", lambda text: text.replace("</body>", added), "nav.xhtml")
    assert any("loa" in one and "[navigation-differs]" in one for one in found)


def test_an_edition_of_an_older_triptych_is_proven_by_what_its_manifest_has(made: Path) -> None:
    manifest = read_manifest(next(made.glob("*.edition.json")).read_bytes())
    older = replace(manifest, lists=None, landmarks=None, terms=None)
    files = {medium: next(made.glob(f"*.{medium}")).read_bytes() for medium in ("html", "epub")}
    assert collate(older, files).passed
