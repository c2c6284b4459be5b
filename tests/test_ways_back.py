"""Links back from notes and entries, and the numbers of notes, are read back from each format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Desk

from triptych.collate import collate_edition
from triptych.press import build

TEXT = """\
One[^a] and two[^b] [@lovelace1843; @babbage1864], and again [@lovelace1843].

[^a]: A note.

[^b]: Another [@lovelace1843].
"""


@pytest.fixture
def page(desk: Desk) -> Path:
    made = build(desk.paper(TEXT), out=desk.folder / "dist", formats=("html",))
    return made.files[0]


def told(page: Path, change: Callable[[str], str]) -> list[str]:
    """What is told of a changed page, but that it was changed."""
    sound = page.read_text(encoding="utf-8")
    changed = change(sound)
    assert changed != sound
    page.write_text(changed, encoding="utf-8")
    found = collate_edition(page.parent).differences
    return [str(d).removeprefix("html, ") for d in found if d.kind != "fixity"]


def with_style(rule: str) -> Callable[[str], str]:
    return lambda page: page.replace("</style>", f"{rule}</style>", 1)


def test_notes_and_entries_lead_back_in_every_format(desk: Desk) -> None:
    formats = ("html", "epub", "pdf", "print", "jats", "text")
    for style in ("apa", "chicago-notes-bibliography"):
        out = desk.folder / style
        assert build(desk.paper(TEXT), out=out, csl=style, formats=formats).collation.passed


def test_a_way_back_that_leads_to_another_citation_is_told(page: Path) -> None:
    (found,) = told(page, lambda text: text.replace('doc-backlink" href="#cite-2"',
                                                    'doc-backlink" href="#cite-1"', 1))  # fmt: skip
    assert "the link back from the entry of" in found


def test_ways_back_hidden_by_a_rule_are_told(page: Path) -> None:
    found = told(page, with_style(".backlinks{display:none}"))
    assert len([one for one in found if "cannot be seen: display: none" in one]) == 4


def test_a_list_of_notes_may_begin_with_a_number_that_only_browsers_read(page: Path) -> None:
    """A browser takes the whole number at the beginning of a value, and nought for nought."""
    sound = page.read_text(encoding="utf-8")
    for value in ("4x", "0", " +2"):
        found = told(page, lambda text: text.replace('<ol class="notes"',
                                                     f'<ol class="notes" start="{value}"'))  # noqa: B023  # fmt: skip
        assert "note 1 is printed with" in found[0]
        page.write_text(sound, encoding="utf-8")


@pytest.mark.parametrize(
    "rule",
    [
        "#note-2::marker{font-size:0}",
        "#note-2{color:transparent} #note-2 *{color:black}",
        ".notes{list-style-type:lower-roman}",
        ".notes{list-style-image:url(data:image/gif;base64,R0lGODlhAQABAAAAACw=)}",
        ".notes{counter-set:list-item 7}",
    ],
)
def test_a_number_that_a_rule_hides_or_changes_is_told(rule: str, page: Path) -> None:
    assert any("note 2 " in one and "[note-mark]" in one for one in told(page, with_style(rule)))


def test_rules_that_leave_the_numbers_of_notes_as_they_are_raise_no_alarm(page: Path) -> None:
    assert told(page, with_style(".notes{list-style-position:inside;list-style-type:decimal}"
                                 ".note::marker{color:inherit;font-weight:600}")) == []  # fmt: skip
