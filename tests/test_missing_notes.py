"""Marks of footnotes whose notes are not there."""

from __future__ import annotations

import pytest
from conftest import BODY_LINE, Desk


def test_a_mark_without_its_note_is_told_at_its_place(desk: Desk) -> None:
    told = desk.the_mistake(desk.paper("One[^a].\n\nTwo *words[^zz]*.\n\n[^a]: Said.\n"))
    assert (told.code, told.line, told.column) == ("note-unknown", BODY_LINE + 2, 11)
    assert "[^zz]" in told.message


def test_a_note_that_only_another_note_calls_is_told_as_such(desk: Desk) -> None:
    told = desk.the_mistake(desk.paper("One[^a].\n\n[^a]: Said[^b].\n\n[^b]: More.\n"))
    assert (told.code, told.line, told.column) == ("note-unknown", BODY_LINE + 2, 11)
    assert "within a note" in told.message
    assert "^[" in told.hint


def test_each_mark_is_told_where_it_stands(desk: Desk) -> None:
    told = desk.mistakes(desk.paper("One[^zz].\n\n| a |\n|---|\n| b[^zz] |\n\n> c[^yy]\n"))
    assert {t.code for t in told} == {"note-unknown"}
    assert [t.line - BODY_LINE for t in told] == [0, 4, 6]


@pytest.mark.parametrize(
    ("written", "given", "meant"),
    [("roeps", "ropes", "ropes"), ("Ropes", "ropes", "ropes"), ("zz", "ropes", ""), ("2", "1", "")],
)
def test_a_note_is_suggested_only_where_it_is_near(
    desk: Desk, written: str, given: str, meant: str
) -> None:
    told = desk.the_mistake(desk.paper(f"One[^{given}], two[^{written}].\n\n[^{given}]: Said.\n"))
    assert ("did you mean" in told.hint) == bool(meant)
    assert meant in told.hint


@pytest.mark.parametrize(
    "shown",
    [
        r"Escaped \[^zz].",
        r"Escaped \[^zz\] twice.",
        "Code `[^zz]` here.",
        "```\n[^zz]\n```",
        "    [^zz] indented",
        "A formula $x[^2]$ here.",
        "Words [^zz yy] here.",
        "<!-- [^zz] -->",
    ],
)
def test_what_is_no_mark_is_left_alone(desk: Desk, shown: str) -> None:
    assert not desk.mistakes(desk.paper(f"Text.\n\n{shown}\n"))


def test_in_a_book_the_mark_is_shown_as_written(desk: Desk) -> None:
    desk.put("edition.toml", 'title = "B"\nlang = "en"\nchapters = ["one.md", "two.md"]\n')
    desk.put("one.md", "# One\n\nText[^a].\n\n[^a]: Said.\n")
    desk.put("two.md", "# Two\n\nText[^zz].\n")
    (told,) = desk.mistakes(desk.folder)
    assert (told.code, told.line) == ("note-unknown", 3)
    assert told.file.endswith("two.md")


@pytest.mark.parametrize(
    ("key", "meant"),
    [("sec:aftr", "sec:after"), ("sec:zebra", ""), ("fig:afte", ""), ("tbl:sum", "tbl:sums")],
)
def test_a_target_is_suggested_only_where_it_is_near(desk: Desk, key: str, meant: str) -> None:
    table = "| a |\n|---|\n| 1 |\n\n: Sums. {#tbl:sums}\n"
    told = desk.the_mistake(desk.paper(f"By @{key}.\n\n# After {{#sec:after}}\n\n{table}"))
    assert told.code == "crossref-unknown"
    assert (told.hint == f"did you mean @{meant}?") == bool(meant)
