"""Settings in front matter and in the edition record: those that hold, and those that are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Desk

from triptych.render.parts import body_of, contents


def told(desk: Desk, path: Path) -> list[tuple[str, int, str]]:
    return [(t.message, t.line, t.hint) for t in desk.mistakes(path) if t.code == "setting-unknown"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("bibliograhy", "bibliography"),
        ("Title", "title"),
        ("langauge", "language"),
        ("trim_size", "trim-size"),
        ("keyword", "keywords"),
        ("authours", "authors"),
    ],
)
def test_a_misspelt_setting_is_told_with_its_line_and_the_nearest(
    desk: Desk, name: str, meant: str
) -> None:
    ((message, line, hint),) = told(desk, desk.paper("Text.\n", f"{name}: x\n"))
    assert (f"`{name}`" in message, line) == (True, 5)
    assert hint == f"did you mean `{meant}`?"


def test_settings_of_no_program_are_told_in_one_line(desk: Desk) -> None:
    ((message, line, _),) = told(desk, desk.paper("Text.\n", "qwerty: 1\nfrobnicate: 2\n"))
    assert message.startswith("`qwerty`, `frobnicate` are no settings")
    assert line == 5


def test_settings_of_other_programs_are_passed_over(desk: Desk) -> None:
    front = "format: html\ngeometry: margin=1in\noutput: pdf_document\nfigPrefix: Fig.\n"
    front += "aas-doi: x\nlayout: post\ntoc: true\nlink-citations: true\nCJKmainfont: x\n"
    assert not told(desk, desk.paper("Text.\n", front))


def test_an_unknown_setting_of_the_edition_record_is_told_there(desk: Desk) -> None:
    desk.put("edition.toml", 'title = "Sails"\npublsher = "Quay"\narticle = "a.md"\n')
    desk.put("a.md", "Text.\n")
    ((_, line, hint),) = told(desk, desk.folder)
    assert (line, hint) == (2, "did you mean `publisher`?")


def test_an_unknown_setting_of_a_chapter_is_told_in_its_file(desk: Desk) -> None:
    desk.put("edition.toml", 'title = "Sails"\nchapters = ["a.md"]\n')
    desk.put("a.md", "---\nauhtor: Ada\n---\n\n# Rigging\n\nText.\n")
    (mistake,) = [t for t in desk.mistakes(desk.folder) if t.code == "setting-unknown"]
    assert (Path(mistake.file).name, mistake.line) == ("a.md", 2)


def test_what_no_edition_can_follow_is_told(desk: Desk) -> None:
    ((message, line, _),) = told(desk, desk.paper("Text.\n", "suppress-bibliography: true\n"))
    assert ("has no effect" in message, line) == (True, 5)


def test_looks_that_only_other_programs_have_are_told_once(desk: Desk) -> None:
    ((message, line, _),) = told(desk, desk.paper("Text.\n", "toc: true\nlogo: a\nmainfont: b\n"))
    assert message == "`logo`, `mainfont` are for other programs, and not followed"
    assert line == 6


SECTIONS = "# One\n\n## Two\n\n### Three\n\n# Four {.unnumbered .unlisted}\n\nText.\n"


@pytest.mark.parametrize(
    ("front", "listed"),
    [
        ("", ["One", "Two"]),
        ("toc-depth: 1\n", ["One"]),
        ("toc-depth: 3\n", ["One", "Two", "Three"]),
    ],
)
def test_the_contents_are_as_deep_as_asked_and_leave_out_what_is_unlisted(
    desk: Desk, front: str, listed: list[str]
) -> None:
    edition = desk.edition(SECTIONS, front)
    article, _, _ = body_of(edition)
    assert [line.title for line in contents(edition, article)] == listed


def test_a_depth_of_contents_must_be_a_number(desk: Desk) -> None:
    assert "toc-depth" in desk.the_mistake(desk.paper("Text.\n", "toc-depth: deep\n")).message


def test_the_list_of_works_has_the_title_asked_for(desk: Desk) -> None:
    edition = desk.edition("By [@lovelace1843].\n", "reference-section-title: Works\n")
    assert "<h2>Works</h2>" in edition.body


def test_an_own_heading_of_the_list_of_works_is_heard_first(desk: Desk) -> None:
    body = "By [@lovelace1843].\n\n# Cited\n\n::: {#refs}\n:::\n"
    assert "<h2>Cited</h2>" in desk.edition(body, "reference-section-title: Works\n").body


def test_a_list_of_works_before_other_text_is_told(desk: Desk) -> None:
    path = desk.paper("By [@lovelace1843].\n\n::: {#refs}\n:::\n\n# Appendix\n\nMore.\n")
    (mistake,) = desk.mistakes(path)
    assert (mistake.code, mistake.line) == ("references-moved", 9)


def test_a_list_of_works_at_the_end_is_not_told(desk: Desk) -> None:
    body = "By [@lovelace1843].[^a]\n\n[^a]: A note.\n\n# Works\n\n::: {#refs}\n:::\n"
    assert not desk.mistakes(desk.paper(body))


def test_subject_and_isbn_are_read(desk: Desk) -> None:
    front = "subject: [ropes, sails]\nisbn: 978-3-16-148410-0\n"
    record = desk.edition("Text.\n", front).record
    assert record.keywords == ("ropes", "sails")
    assert record.identifier == "urn:isbn:9783161484100"
