"""Title page, colophon and whatever else is around the text: all of the record, and no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Desk
from mutants.damage_front import ADDED
from mutants.markup import pack, unpack
from mutants.pdf_page import Print

from triptych.collate import collate
from triptych.manifest import read_manifest
from triptych.press import build

PAPER = """\
---
title: Reckoning by lamp
subtitle: Nights at the engine
author:
  - name: Ada Byron
    affiliation: Institute of Reckoning
    orcid: 0000-0002-1825-0097
    email: ada@example.org
    corresponding: true
  - name: Mary Somerville
    equal-contrib: true
editor: Charles B.
date: 1843-09-01
publisher: Taylor
license: https://creativecommons.org/licenses/by/4.0/
rights: © 1843 the authors
abstract: Engines reckon at night as by day.
keywords: [engines]
lof: true
---

# One

Words of [the engine]{.index}.^[A note.]

![A horse](a.svg){#fig:a}

# Two

More [words]{.index}.
"""
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1h7v7z"/></svg>'
MADE = ("html", "epub", "pdf", "print")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("front")
    (folder / "paper.md").write_text(PAPER, encoding="utf-8")
    (folder / "a.svg").write_text(DRAWING, encoding="utf-8")
    built = build(folder / "paper.md", out=folder / "dist", formats=MADE)
    assert built.collation.passed, "\n".join(map(str, built.collation.differences))
    return folder / "dist"


def told(made: Path, medium: str, change: Callable[[str], str], part: str = "") -> list[str]:
    """What is told of one file once a document in it is changed."""
    manifest = read_manifest((made / "paper.edition.json").read_bytes())
    sound = (made / f"paper.{medium}").read_bytes()
    members = unpack(sound) if part else {"": sound}
    name = next(name for name in members if name.endswith(part))
    before = members[name].decode()
    members[name] = change(before).encode()
    assert members[name].decode() != before
    found = collate(manifest, {medium: pack(members) if part else members[""]}).differences
    return [str(d) for d in found if d.witness == medium and d.kind not in ("fixity", "unreadable")]


def exchanged(old: str, new: str) -> Callable[[str], str]:
    """A change of the first place where something stands."""
    return lambda text: text.replace(old, new, 1)


def test_a_link_of_the_colophon_leads_where_the_record_says(made: Path) -> None:
    sound = 'href="https://orcid.org/0000-0002-1825-0097"'
    for medium, part in (("html", ""), ("epub", "colophon.xhtml")):
        for new, kind in (("href", "link-astray"), ("data-was", "link-missing")):
            change = exchanged(sound, f'{new}="https://orcid.org/"')
            found = told(made, medium, change, part)
            assert [one.rpartition("[")[2] for one in found] == [f"{kind}]"], found


def test_words_added_beside_the_text_are_told_wherever_they_are(made: Path) -> None:
    for medium, part, after in (
        ("html", "", '<h2 id="contents-title">Contents'), ("html", "", "Skip to the text"),
        ("html", "", "</time>"), ("html", "", 'data-title="Index">'),
        ("epub", "nav.xhtml", 'id="contents-title">'), ("epub", "index.xhtml", "</h1>"),
        ("epub", "cover.xhtml", "<body>"),
    ):  # fmt: skip
        found = told(made, medium, exchanged(after, f"{after} {ADDED}"), part)
        assert any("[front-differs]" in one or "[contents-differs]" in one for one in found), after


def test_a_line_of_the_index_in_another_place_is_told(made: Path) -> None:
    first = exchanged("<li>the engine", '<li style="order: 1">the engine')
    (found,) = told(made, "html", first)
    assert "“the engine 5” is out of its place" in found
    manifest = read_manifest((made / "paper.edition.json").read_bytes())
    file = Print((made / "paper.pdf").read_bytes())
    (one,), (other,) = (file.pages[-1].find(line) for line in ("the engine", "words"))
    across = other[-1].place[0] - one[0].place[0]
    for run in {id(glyph.run): glyph.run for glyph in one}.values():
        run.move(across, -30)
    found_in_print = collate(manifest, {"pdf": file.save()}).differences
    assert "text-moved" in [one.kind for one in found_in_print]


def test_the_lists_of_an_e_book_for_programs_alone_stay_out_of_sight(made: Path) -> None:
    found = told(made, "epub", lambda text: text.replace(' hidden="hidden"', "", 1), "nav.xhtml")
    assert any("Title page" in one and "[front-differs]" in one for one in found)


def test_an_edition_whose_manifest_has_no_terms_is_proven_as_it_was(made: Path) -> None:
    manifest = read_manifest((made / "paper.edition.json").read_bytes())
    files = {medium: (made / f"paper.{medium}").read_bytes() for medium in ("html", "epub", "pdf")}
    files["print"] = (made / "paper.print.pdf").read_bytes()
    assert collate(replace(manifest, terms=None), files).passed


@pytest.mark.parametrize("title", ["Engines", "Contents Engines", "5"])
def test_a_work_may_be_called_as_its_first_heading_is(title: str, desk: Desk) -> None:
    paper = desk.paper(f"# {title.split()[-1]}\n\nWords.\n\n# References\n\nMore.\n")
    paper.write_text(paper.read_text().replace("title: Engines", f"title: '{title}'", 1))
    assert build(paper, out=desk.folder / "dist", formats=("html", "pdf")).collation.passed
