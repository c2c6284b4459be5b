"""Front matter and Quarto's project files: read as papers have them."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import BODY_LINE, Desk

from triptych.dates import read_date
from triptych.diagnostics import SourceError
from triptych.people import FieldProblem
from triptych.read.frontmatter import read_front_matter
from triptych.read.source import read_source
from triptych.resolve.passes import resolve_source


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("17th of July, 2023", "2023-07-17"),
        ("Monday, July 17, 2023", "2023-07-17"),
        ("Sept. 2023", "2023-09"),
        ("7/17/2023", "2023-07-17"),
        ("17/7/2023", "2023-07-17"),
        ("2023-07-17T10:00:00", "2023-07-17"),
    ],
)
def test_a_date_is_known_in_any_usual_form(written: str, read: str) -> None:
    problems: list[FieldProblem] = []
    assert read_date(written, problems) == read
    assert not problems


@pytest.mark.parametrize("written", ["today", "last-modified", "now", r"\today", "`r Sys.Date()`"])
def test_a_date_that_moves_is_left_out_with_a_warning(written: str) -> None:
    problems: list[FieldProblem] = []
    assert read_date(written, problems) == ""
    assert [problem.severity for problem in problems] == ["warning"]


@pytest.mark.parametrize("written", ["---", "TBD", "in press", "DD Month YYYY"])
def test_a_placeholder_for_a_date_is_left_out_with_a_warning(written: str) -> None:
    problems: list[FieldProblem] = []
    assert read_date(written, problems) == ""
    assert [(p.severity, "bears no date" in p.message) for p in problems] == [("warning", True)]


def test_front_matter_without_its_first_line_is_read_and_told(desk: Desk) -> None:
    desk.put("p.md", "title: Engines\nbibliography: refs.json\n---\n\nText [@lovelace1843].\n")
    edition, told = resolve_source(read_source(desk.folder / "p.md"))
    assert [(t.code, t.line, t.severity) for t in told] == [("yaml-unopened", 1, "warning")]
    assert edition.record.title == "Engines"
    assert "bibliography:" not in edition.body


def test_values_tagged_for_r_are_read_as_they_stand() -> None:
    front = read_front_matter('---\ntitle: Sails\nparams:\n  EVAL: !r identical(a, "b")\n---\n')
    assert not front.problem
    assert front.fields["params"] == {"EVAL": 'identical(a, "b")'}


def test_a_first_line_of_prose_with_a_colon_is_no_front_matter() -> None:
    assert read_front_matter("Note: a paper\n\nText.\n\n---\n\nMore.\n").body_offset == 0


def test_two_rules_are_no_front_matter() -> None:
    assert read_front_matter("---\n\nText.\n\n---\n").body_offset == 0


def test_markdown_in_title_and_abstract_is_read(desk: Desk) -> None:
    record = desk.edition("Text.\n", 'abstract: "On *old* $x^2$ -- engines."\n').record
    assert record.summary.startswith("On old x²")


def test_macros_of_the_front_matter_serve_the_formulas(desk: Desk) -> None:
    front = "header-includes:\n  - \\newcommand{\\rope}{\\mathrm{R}}\n"
    assert "<mi" in desk.edition("So $\\rope$ it is.\n", front).body


def test_a_project_file_lends_its_fields(desk: Desk) -> None:
    desk.put("_quarto.yml", "project:\n  type: manuscript\nbibliography: refs.json\nlang: de\n")
    inner = desk.folder / "chapters"
    inner.mkdir()
    (inner / "one.qmd").write_text("---\ntitle: Maschinen\n---\n\nText [@lovelace1843].\n")
    edition, told = resolve_source(read_source(inner / "one.qmd"))
    assert not told
    assert (edition.record.language, edition.record.title) == ("de", "Maschinen")


def test_a_manuscript_project_names_its_article(desk: Desk) -> None:
    desk.put("_quarto.yml", "project:\n  type: manuscript\nmanuscript:\n  article: main.qmd\n")
    desk.put("main.qmd", "Main text.\n")
    desk.put("other.qmd", "Another.\n")
    assert Path(read_source(desk.folder).article_file).name == "main.qmd"


def test_a_malformed_project_file_is_told_at_its_place(desk: Desk) -> None:
    desk.put("_quarto.yml", 'project:\n  title: "open\n')
    with pytest.raises(SourceError) as caught:
        resolve_source(read_source(desk.paper("Text.\n")))
    told = caught.value.diagnostics[0]
    assert (Path(told.file).name, told.code) == ("_quarto.yml", "yaml-malformed")


def test_nocite_and_works_within_the_front_matter_are_listed(desk: Desk) -> None:
    desk.put("more.bib", "@book{rood1901, author = {Rood, Jan}, title = {Ropes}}\n")
    front = "nocite: '@babbage1864'\nreferences:\n- id: inner\n  type: book\n  title: Inner\n"
    paper = desk.paper("By [@inner; @rood1901].\n", front, bibliography="[refs.json, more.bib]")
    edition, told = resolve_source(read_source(paper))
    assert not told
    assert {e.key for e in edition.ledger.entries} == {"inner", "rood1901", "babbage1864"}


def test_quarto_s_own_words_are_not_taken_for_the_language(desk: Desk) -> None:
    front = "language:\n  title-block-published: Latest version\n"
    assert not desk.mistakes(desk.paper("Text.\n", front))
    assert desk.edition("Text.\n", front).record.language == "en"


@pytest.mark.parametrize(
    ("written", "language", "read"),
    [
        ("24 mai 2021", "fr-FR", "2021-05-24"),
        ("1er août 2021", "fr", "2021-08-01"),
        ("9 de marzo de 2023", "es", "2023-03-09"),
        ("24. März 2021", "de", "2021-03-24"),
        ("5 мая 2021 г.", "ru", "2021-05-05"),
        ("maio de 2020", "pt-BR", "2020-05"),
        ("2021年5月24日", "ja", "2021-05-24"),
        ("July 17, 2023", "fr", "2023-07-17"),
    ],
)
def test_a_date_may_name_its_month_in_the_language_of_the_work(
    written: str, language: str, read: str
) -> None:
    problems: list[FieldProblem] = []
    assert read_date(written, problems, language) == read
    assert not problems


def test_metadata_blocks_are_merged_as_pandoc_merges_them(desk: Desk) -> None:
    body = (
        "---\ntitle: Sails\nauthor: Ada Autora\ndate: 2021-04-02\n...\n\n# One\n"
        "---\nlang: es\nbibliography: refs.json\n---\n\nDicho [@lovelace1843].\n"
    )
    edition, told = resolve_source(read_source(desk.put("p.md", f"---\nlang: en\n---\n\n{body}")))
    record = edition.record
    assert not told
    assert (record.title, record.date, record.language) == ("Sails", "2021-04-02", "es")
    assert [person.name for person in record.authors] == ["Ada Autora"]
    assert [entry.key for entry in edition.ledger.entries] == ["lovelace1843"]
    assert "Autora" not in edition.body


def test_metadata_of_an_included_file_are_the_work_s(desk: Desk) -> None:
    desk.put("_head.md", "---\nsubtitle: On ropes\n---\n")
    assert desk.edition("{{< include _head.md >}}\n\nText.\n").record.subtitle == "On ropes"


@pytest.mark.parametrize(
    "body",
    [
        "```\n---\ntitle: Other\n---\n```\n",
        "<!--\n\n---\ntitle: Other\n---\n\n-->\n\nText.\n",
        "- item\n\n    ---\n    title: Other\n    ---\n",
        "Text\n---\ntitle: Other\n---\n",
        "Text.\n\n---\n\ntitle: Other\n\n---\n",
    ],
)
def test_what_is_no_metadata_block_for_pandoc_is_none(desk: Desk, body: str) -> None:
    assert desk.edition(body).record.title == "Engines"


def test_a_table_between_hyphens_stays_a_table(desk: Desk) -> None:
    assert "<table" in desk.edition("Text.\n\n---\nNo map\n---\n\nText.\n").body


def test_a_malformed_metadata_block_is_told_at_its_line(desk: Desk) -> None:
    told = desk.the_mistake(desk.paper("Text.\n\n---\nsubtitle: On: ropes\n---\n"))
    assert (told.code, told.line) == ("yaml-malformed", BODY_LINE + 3)


def test_tabs_in_yaml_are_blanks_as_in_pandoc(desk: Desk) -> None:
    record = desk.edition("Text.\n", "keywords:\n\t- ropes\n\t- sails\n").record
    assert record.keywords == ("ropes", "sails")


@pytest.mark.parametrize(
    "day", ["2024-02-30", "2023-02-29T10:00:00", "2024-13", "30 February 2024"]
)
def test_a_day_that_does_not_exist_is_told_at_its_line(desk: Desk, day: str) -> None:
    told = desk.the_mistake(desk.paper("Text.\n", f"author: Ada\ndate: {day}\n"))
    assert (told.code, told.line) == ("record-field", 6)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("07-18-2024", "2024-07-18"),
        ("18-07-2024", "2024-07-18"),
        ("7-7-2024", "2024-07-07"),
        ("18 juillet 2024", "2024-07-18"),
        ("18. Juli 2024", "2024-07-18"),
        ("18 июля 2024", "2024-07-18"),
        ("3.4.2024", "2024-04-03"),
    ],
)
def test_a_date_that_can_only_be_one_day_is_read_in_any_language(written: str, read: str) -> None:
    problems: list[FieldProblem] = []
    assert read_date(written, problems, "en") == read
    assert not problems


def test_a_month_that_is_another_in_another_language_is_not_guessed() -> None:
    problems: list[FieldProblem] = []
    assert read_date("3 listopad 2024", problems, "en") == ""  # October or November
    assert problems


@pytest.mark.parametrize(
    ("written", "read"), [("3/4/2024", "2024-03-04"), ("03-04-2024", "2024-04-03")]
)
def test_a_date_that_may_be_two_days_is_told_with_the_day_taken(written: str, read: str) -> None:
    problems: list[FieldProblem] = []
    assert read_date(written, problems) == read
    assert [(p.severity, read in p.message) for p in problems] == [("warning", True)]


@pytest.mark.parametrize(
    ("written", "year"), [("Spring 2023", "2023"), ("circa 1850", "1850"), ("um 1850", "1850")]
)
def test_of_a_date_in_words_the_year_is_taken_and_that_is_told(
    desk: Desk, written: str, year: str
) -> None:
    edition, (told,) = resolve_source(read_source(desk.paper("Text.\n", f"date: {written}\n")))
    assert edition.record.date == year
    assert (told.code, told.severity, told.line) == ("record-field", "warning", 5)
