"""Running heads: each page bears its number, and the name of the work or of its section."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import DRAWING, Desk
from mutants.damage_heads import become, head_of
from mutants.pdf_page import Print, Run, delete
from mutants.pdf_page import replace as say

from triptych.collate import Difference, collate
from triptych.manifest import EditionManifest, read_manifest
from triptych.page_design import THEMES
from triptych.press import build

TITLE = "A Long Way Along the Coast, with Many Havens, Few Lamps, and No Inn That Was Open to Us"
PROSE = "The boat went on and nobody said where it would go. " * 60
ROWS = "".join(f"lamp {n:2}   haven {n}\n" for n in range(60))
PAPER = f"""\
---
title: {TITLE}
lang: en
---

{PROSE}

# North *and* west[^1]

{PROSE}

> # Quoted
>
> {PROSE}

{PROSE}

# The table

Lamp      Haven
--------  -----
{ROWS}
: Lamps.

# South

{PROSE}

[^1]: Not east.
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("heads")
    paper = folder / "paper.md"
    paper.write_text(PAPER, encoding="utf-8")
    return build(paper, out=folder / "dist", formats=("pdf",)).files[0].parent


@pytest.fixture
def manifest(made: Path) -> EditionManifest:
    return read_manifest(next(made.glob("*.edition.json")).read_bytes())


@pytest.fixture
def pages(made: Path) -> Print:
    return Print(next(made.glob("*.pdf")).read_bytes())


def told(manifest: EditionManifest, pages: Print) -> Iterator[Difference]:
    found = collate(manifest, {"pdf": pages.save()}).differences
    return (one for one in found if one.kind != "fixity")


def said(pages: Print) -> list[tuple[str, str]]:
    """The name and the number at the head of each page."""
    return [(words(names), words(numbers)) for names, numbers in map(head_of, pages.pages)]


def words(runs: list[Run]) -> str:
    return "".join(glyph.text for run in runs for glyph in run.glyphs())


def test_left_pages_bear_the_title_and_right_pages_the_section(pages: Print) -> None:
    heads = said(pages)
    begin = next(n for n, (_, number) in enumerate(heads, 1) if number)
    assert [number for _, number in heads[begin - 1 :]] == [
        str(n) for n in range(begin, len(heads) + 1)
    ]
    for number, (name, _) in enumerate(heads[begin - 1 :], begin):
        if number % 2 == 0:
            assert name.endswith("…")
            assert TITLE.startswith(name[:-1])
    assert heads[begin - 1][0] == ""  # no section has begun


def test_a_heading_in_a_quotation_names_no_page(pages: Print) -> None:
    names = {name for name, _ in said(pages)}
    assert "North and west" in names
    assert "Quoted" not in names
    after = [name for name, _ in said(pages)[4::2]]
    assert "" not in after[after.index("North and west") :]


def test_pages_as_they_were_made_are_in_order(manifest: EditionManifest, pages: Print) -> None:
    assert list(told(manifest, pages)) == []


def first_named(pages: Print, name: str) -> int:
    return next(n for n, (head, _) in enumerate(said(pages)) if head == name)


Damage = Callable[[Print], int]
"""A damage to one page; gives its number."""


def another_section(pages: Print) -> int:
    one, other = first_named(pages, "North and west"), first_named(pages, "South")
    become(head_of(pages.pages[one])[0][0], head_of(pages.pages[other])[0][0])
    return one + 1


def name_lost(pages: Print) -> int:
    one = first_named(pages, "South")
    delete(head_of(pages.pages[one])[0][0].glyphs())
    return one + 1


def shortened_without_need(pages: Print) -> int:
    one = next(n for n, (name, _) in enumerate(said(pages)) if name.endswith("…"))
    glyphs = head_of(pages.pages[one])[0][0].glyphs()
    delete(glyphs[10:-1])
    return one + 1


@pytest.mark.parametrize("damage", [another_section, name_lost, shortened_without_need])
def test_a_page_that_bears_another_name_is_told(
    damage: Damage, manifest: EditionManifest, pages: Print
) -> None:
    page = damage(pages)
    assert [(one.kind, one.subject) for one in told(manifest, pages)] == [
        ("head-differs", f"page-{page}")
    ]


def test_a_page_that_bears_another_number_is_told(manifest: EditionManifest, pages: Print) -> None:
    page = first_named(pages, "South")
    number = head_of(pages.pages[page])[1][0]
    assert say(number.glyphs()[-1:], "1" if (page + 1) % 10 != 1 else "2")
    (one,) = told(manifest, pages)
    assert (one.kind, one.subject, one.expected) == (
        "folio-differs", f"page-{page + 1}", str(page + 1),
    )  # fmt: skip


def test_a_heading_printed_below_the_head_is_none_of_the_page(
    manifest: EditionManifest, pages: Print
) -> None:
    page = pages.pages[first_named(pages, "South")]
    name = head_of(page)[0][0]
    page.added.append(f"BT /{name.font_name} 8 Tf 1 0 0 1 60 12 Tm [{codes(name)}] TJ ET")
    (one,) = told(manifest, pages)
    assert (one.kind, one.found) == ("text-extra", "South")


def codes(run: Run) -> str:
    return " ".join(f"<{glyph.code:04x}>" for glyph in run.glyphs())


def test_an_edition_of_an_older_triptych_is_held_to_what_its_manifest_tells(
    manifest: EditionManifest, pages: Print
) -> None:
    another_section(pages)
    assert list(told(replace(manifest, heads=None), pages)) == []


def test_the_pages_of_a_part_bear_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.put("one.md", "# One\n\nText.\n")
    desk.put("edition.toml", 'title = "Seas"\nlanguage = "en"\n\n[[part]]\ntitle = "Coasts"\n'
             'chapters = ["one.md"]\n')  # fmt: skip
    made = build(desk.folder, out=tmp_path / "dist", formats=("pdf",))
    assert [head.words for head in made.collation.manifest.heads or ()] == ["", "One"]
    assert made.collation.passed


@pytest.mark.parametrize("theme", THEMES)
def test_a_page_of_pictures_alone_at_the_beginning_bears_its_number(
    desk: Desk, tmp_path: Path, theme: str
) -> None:
    desk.put("tall.svg", DRAWING.replace("0 0 9 9", "0 0 9 13"))
    picture = "![](tall.svg){alt='A' width=100%}"
    paper = desk.paper(f"{picture}\n\n{picture}\n\nWords.\n", f"theme: {theme}\n")
    made = build(paper, out=tmp_path / "dist", formats=("pdf",))
    pages = Print(made.files[0].read_bytes())
    text = next(page for page in pages.pages if "Words." in "".join(map(said_by, page.runs)))
    before = pages.pages[text.number - 2]
    delete(next(run for run in before.runs if said_by(run) == str(before.number)).glyphs())
    assert [(one.kind, one.subject) for one in told(made.collation.manifest, pages)] == [
        ("folio-differs", f"page-{before.number}")
    ]


def said_by(run: Run) -> str:
    return words([run])
