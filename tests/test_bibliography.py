"""The bibliography: its keys in five formats, and its mistakes with their places."""

from __future__ import annotations

import json
import re

import pytest
from conftest import Desk
from hypothesis import given
from hypothesis import strategies as st

from triptych.diagnostics import Diagnostic
from triptych.read.bib_fields import readable
from triptych.read.bibliography import read_bibliography
from triptych.read.csl import find_style
from triptych.read.csl_readable import readable_item
from triptych.read.paths import ANYWHERE
from triptych.read.source import read_source
from triptych.resolve.passes import resolve_source

SOUND = {
    "refs.json": '[{"id": "ada", "type": "book", "title": "Notes"},\n'
    ' {"id": "charles", "type": "book", "title": "Passages"}]\n',
    "refs.yaml": "references:\n- id: ada\n  type: book\n  title: Notes\n"
    "- id: charles\n  type: book\n  title: Passages\n",
    "bibtex.bib": "@book{ada, title = {Notes}, year = 1843}\n"
    "@book{charles, title = {Passages}, year = 1864}\n",
    "biblatex.bib": "@comment{kept by hand}\n@online{ada, title = {Notes}, date = {1843-08}}\n"
    "@book{charles, title = {Passages \\} and more}, date = {1864}}\n",
    "refs.ris": "TY  - BOOK\nID  - ada\nTI  - Notes\nER  - \n\n"
    "TY  - BOOK\nID  - charles\nTI  - Passages\nER  - \n",
}


def only(diagnostics: tuple[Diagnostic, ...]) -> Diagnostic:
    (told,) = diagnostics
    return told


@pytest.mark.parametrize("file", SOUND)
def test_every_format_gives_the_same_keys(file: str) -> None:
    bibliography = read_bibliography(file, SOUND[file])
    assert bibliography.keys == {"ada", "charles"}
    assert not bibliography.diagnostics
    assert bibliography.sound == SOUND[file]


@pytest.mark.parametrize("file", SOUND)
def test_every_format_prints_the_same_entries(desk: Desk, file: str) -> None:
    desk.put(file, SOUND[file])
    paper = desk.paper("[@ada] and [@charles].\n", bibliography=file)
    edition, warnings = resolve_source(read_source(paper))
    assert not warnings
    assert [(entry.id, entry.key) for entry in edition.ledger.entries] == [
        ("ref-ada", "ada"),
        ("ref-charles", "charles"),
    ]


@pytest.mark.parametrize(
    ("file", "text", "line", "column", "shown"),
    [
        ("r.json", '[{"id": "a", "type": "book"},\n {"id": "a", "type": "book"}]', 2, 2, '"a"'),
        ("r.yaml", "- id: a\n  type: book\n- id: a\n  type: book\n", 3, 3, "- id: a"),
        ("r.bib", "@book{a, year = 1}\n\n  @book{a, year = 2}\n", 3, 3, "@book{a, year = 2}"),
        ("r.ris", "TY  - BOOK\nID  - a\nER  - \nTY  - BOOK\nID  - a\nER  - \n", 5, 1, "ID  - a"),
    ],
)
def test_a_second_entry_of_one_key_is_told_where_it_stands(
    file: str, text: str, line: int, column: int, shown: str
) -> None:
    told = only(read_bibliography(file, text).diagnostics)
    assert (told.file, told.line, told.column) == (file, line, column)
    assert told.code == "bibliography-duplicate"
    assert "'a' already stands in line" in told.message
    assert shown in told.excerpt


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("r.bib", "@book{a,\n title = {Notes on {Sails}},\n year = 1843}\n\n@article{a,\n"
                  ' title = "{Notes on Sails}",\n month = 6,\n year = {1843}}\n'),
        ("r.json", '[{"id": "a", "type": "book", "title": "Notes on Sails"},\n'
                   ' {"id": "a", "type": "book",\n  "title": "Notes on Sails"}]'),
    ],
)  # fmt: skip
def test_one_work_entered_twice_under_one_key_is_no_more_than_a_warning(
    file: str, text: str
) -> None:
    read = read_bibliography(file, text)
    told = only(read.diagnostics)
    assert (told.code, told.severity) == ("bibliography-duplicate", "warning")
    assert read.sound.count("Notes on") == 1


def test_a_work_of_another_year_under_one_key_is_an_error() -> None:
    text = (
        "@book{a, title = {On Sails},\n year = 1843}\n@book{a, title = {On Sails},\n year = 1901}"
    )
    assert only(read_bibliography("r.bib", text).diagnostics).severity == "error"


@pytest.mark.parametrize(
    ("file", "text", "line", "column", "message"),
    [
        ("r.json", '[{"id": "a"\n "type": "book"}]', 2, 2, "not valid JSON"),
        ("r.json", '"a"', 1, 1, "is an array"),
        ("r.json", '[\n  {"type": "book"}]', 2, 3, "no id"),
        ("r.json", "[\n  7]", 2, 3, "must be an object"),
        ("r.json", '[{"id": "a"}]', 1, 2, "'a': it has no type"),
        ("r.json", '[{"id": "a", "type": "boook"}]', 1, 2, "'boook' is not a CSL type"),
        ("r.json", '[{"id": "a", "type": "book", "author": "A. B."}]', 1, 2, "list of names"),
        ("r.json", '[{"id": "a", "type": "book", "issued": 1843}]', 1, 2, "not a date"),
        ("r.yaml", "- id: a\n  type: [book\n", 3, 1, "not valid YAML"),
        ("r.yaml", "- id: a\n  type: book\n- type: book\n", 3, 3, "no id"),
        ("r.yml", "- id: a\n  type: boook\n", 1, 3, "'boook' is not a CSL type"),
        ("r.bib", "% mine\n@book{a, title = {Notes\n\n@book{b, year = 1}\n", 2, 1, "brace"),
        ("r.bib", "@book{title = {Notes}}\n", 1, 1, "no key"),
        ("r.ris", "TY  - BOOK\nID  - a\nTI  - Notes\n", 1, 1, "not closed"),
        ("r.ris", "\nTY  - BOOK\nID  - a\nTY  - BOOK\nID  - b\nER  - \n", 2, 1, "not closed"),
        ("r.docx", "PK", 0, 0, ".docx are not known"),
    ],
)
def test_a_malformed_entry_is_told_with_its_place(
    file: str, text: str, line: int, column: int, message: str
) -> None:
    told = only(read_bibliography(file, text).diagnostics)
    assert (told.file, told.line, told.column) == (file, line, column)
    assert told.code == "bibliography-malformed"
    assert message in told.message
    assert told.hint


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("r.json", '[{"id": "bad"}, {"id": "good", "type": "book", "title": "T"}]'),
        ("r.yaml", "- id: bad\n- id: good\n  type: book\n  title: T\n"),
        ("r.bib", "@book{bad, title = {\n\n@book{good, title = {T}}\n"),
        ("r.ris", "TY  - BOOK\nID  - bad\nTY  - BOOK\nID  - good\nTI  - T\nER  - \n"),
    ],
)
def test_a_malformed_entry_does_not_spoil_the_others(desk: Desk, file: str, text: str) -> None:
    assert "bad" not in read_bibliography(file, text).sound
    desk.put(file, text)
    paper = desk.paper("[@good]\n", bibliography=file)
    assert [told.code for told in desk.mistakes(paper)] == ["bibliography-malformed"]


def test_entries_of_an_object_are_read_as_those_of_an_array() -> None:
    text = json.dumps({"items": [{"id": "a", "type": "book"}, {"id": 7, "type": "book"}]})
    assert read_bibliography("r.json", text).keys == {"a", "7"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "type", "author", "issued", "date-parts", "references", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
"""JSON of any shape, often shaped like a bibliography."""

SCRAPS = [
    "@book{", "@", "{", "}", "(", ")", "a", ",", "=", '"', "\\", "%", "\n", "\r\n", "- ", "id",
    ": ", "[", "]", "&x ", "*x", "!!t ", "|\n", "#", "'", "TY  - ", "ID  - ", "ER  - ", "é", "\t",
]  # fmt: skip
scraps = st.lists(st.sampled_from(SCRAPS), max_size=30).map("".join)
"""Scraps of the formats' own syntax, where arbitrary text would seldom hit any."""


def told_of(ending: str, text: str) -> None:
    """Read a bibliography, and see that all told of it lies in the text."""
    bibliography = read_bibliography(f"r.{ending}", text)
    for told in bibliography.diagnostics:
        assert 0 <= told.line <= text.count("\n") + 1
        assert told.message


@pytest.mark.parametrize("ending", ["json", "yaml", "bib", "ris", "docx"])
@given(text=st.text() | scraps)
def test_whatever_a_bibliography_holds_reading_it_never_fails(ending: str, text: str) -> None:
    told_of(ending, text)


@pytest.mark.parametrize("ending", ["json", "yaml"])
@given(value=json_values)
def test_whatever_shape_a_bibliography_has_reading_it_never_fails(
    ending: str, value: object
) -> None:
    told_of(ending, json.dumps(value))


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("r.yaml", "- id: a\n  title: \x07\n"),
        ("r.yaml", "- &a\n  id: x\n  type: book\n  author: *a\n"),
        ("r.json", "[" * 5000 + "]" * 5000),
        ("r.json", '[{"id": "a", "volume": ' + "9" * 5000 + "}]"),
    ],
    ids=["control character", "entry within itself", "deep nesting", "long number"],
)
def test_a_bibliography_that_its_reader_refuses_is_told(file: str, text: str) -> None:
    (told,) = read_bibliography(file, text).diagnostics
    assert told.code == "bibliography-malformed"


def test_a_bib_entry_that_pandoc_refuses_is_told_in_its_own_file(desk: Desk) -> None:
    entry = "@book(charles, title = {Passages} year = 1864)\n"
    desk.put("odd.bib", f"@book{{ada, title = {{Notes}}}}\n{entry}")
    told = desk.the_mistake(desk.paper("[@ada; @charles]\n", bibliography="odd.bib"))
    assert told.file.endswith("odd.bib")
    assert (told.line, told.column, told.code) == (2, 35, "bibliography-malformed")
    assert "comma" in told.hint


def test_a_macro_that_stands_for_itself_is_told_in_its_own_file(desk: Desk) -> None:
    desk.put("one.bib", "@string{p = {Press}}\n\n@book{one, title = {one}, publisher = p}\n")
    desk.put("two.bib", "\n@string{a = b}\n@string{b = a}\n@book{two, title = {two}, note = a}\n")
    paper = desk.paper("[@one; @two].", "bibliography: [one.bib, two.bib]\n")
    told = {
        (t.file.rpartition("/")[2], t.line)
        for t in desk.mistakes(paper)
        if "stands for" in t.message
    }
    assert told in ({("two.bib", 2)}, {("two.bib", 3)})


@pytest.mark.parametrize("year", ["--5", "²", "n.d.", "9" * 5000])
def test_a_year_that_is_none_is_left_as_it_is(year: str) -> None:
    assert readable_item({"issued": {"year": year}})[0] == {"issued": {"year": year}}


def test_a_bibliography_named_at_great_length_is_told_as_missing(desk: Desk) -> None:
    told = desk.the_mistake(desk.paper("Text.\n", bibliography="x" * 300 + ".bib"))
    assert told.code == "bibliography-missing"


@pytest.mark.parametrize(
    ("called", "found"),
    [
        ("mla", "modern-language-association"),
        ("chicago", "chicago-author-date"),
        ("vancouver", "nlm-citation-sequence"),
        ("styles/apa.csl", "apa"),
    ],
)
def test_a_style_is_found_by_what_people_call_it(desk: Desk, called: str, found: str) -> None:
    style = find_style(called, desk.folder, ANYWHERE)
    assert style.name == found
    assert re.search(rb"<style\b", style.text)


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("r.json", '[{"id": "good", "type": "book", "title": "T"},\n{"id": "bad", "type": "book",\n'
         ' "title": "No end},\n {"id": "last", "type": "book", "title": "L"}]', 3),
        ("r.json", '[{"id": "good", "type": "book", "title": "T"},\n{"id": "bad", "type": "book",\n'
         ' "title": {"x": 1}},\n {"id": "last", "type": "book", "title": "L"}]', 2),
        ("r.bib", "@book{good, title = {T}}\n@book{bad,\n title = two words\n}\n"
         "@book{last, title = {L}}\n", 3),
    ],
)  # fmt: skip
def test_one_bad_entry_costs_only_itself_where_the_press_goes_on(
    desk: Desk, file: str, text: str, line: int
) -> None:
    desk.put(file, text)
    source = read_source(desk.paper("[@good; @last]\n", bibliography=file))
    edition, told = resolve_source(source, keep_going=True)
    assert [(t.code, t.line) for t in told] == [("bibliography-malformed", line)]
    assert {entry.key for entry in edition.ledger.entries} == {"good", "last"}


def test_every_entry_that_pandoc_refuses_is_told_in_one_run(desk: Desk) -> None:
    desk.put(
        "r.bib", "@book{a,\n title = a b\n}\n@book{b,\n title = c d\n}\n@book{c, title = {C}}\n"
    )
    told = desk.mistakes(desk.paper("[@c]\n", bibliography="r.bib"))
    assert [(t.code, t.line) for t in told] == [("bibliography-malformed", n) for n in (2, 5)]


def test_records_of_endnote_are_known_by_their_numbers(desk: Desk) -> None:
    desk.put(
        "r.xml",
        "<xml><records><record><rec-number>7</rec-number><ref-type name='Book'>6</ref-type>"
        "<titles><title>Cats</title></titles></record></records></xml>",
    )
    paper = desk.paper("[@7]\n", bibliography="r.xml")
    edition, told = resolve_source(read_source(paper))
    assert not told
    assert "Cats" in edition.ledger.entries[0].text


@pytest.mark.parametrize(
    ("written", "field", "read"),
    [
        (r"url = {https://tides.example/a{\_}b\%20c\#d}", "URL", "https://tides.example/a_b%20c#d"),
        (r"url = {https://tides.example/{\~{}}ada}", "URL", "https://tides.example/~ada"),
        (r"url = {\url{https://tides.example/a_b}}", "URL", "https://tides.example/a_b"),
        ("url = {<https://tides.example/>}", "URL", "https://tides.example/"),
        ("url = {}, doi = {}", "URL", None),
        ("doi = {https://dx.doi.org/10.1000/182}", "DOI", "10.1000/182"),
        ("doi = {doi:10.1000/182}", "DOI", "10.1000/182"),
        (r"doi = {10.1000/1520{\textless}0130:D{\textgreater}2}", "DOI", "10.1000/1520<0130:D>2"),
        ("date = {3 May 1843}", "issued", {"date-parts": [[1843, 5, 3]]}),
        ("date = {1843/05/03}", "issued", {"date-parts": [[1843, 5, 3]]}),
        ("year = {1843--1845}", "issued", {"date-parts": [[1843], [1845]]}),
        ("year = {{1843}}", "issued", {"date-parts": [[1843]]}),
        ("year = {}", "issued", None),
        ("date = {spring of 1843}", "issued", {"literal": "spring of 1843"}),
        ('year = "1843", month = may # "~3"', "issued", {"date-parts": [[1843, 5, 3]]}),
    ],
)
def test_a_field_is_read_in_the_forms_that_authors_write(
    desk: Desk, written: str, field: str, read: object
) -> None:
    desk.put("e.bib", f"@misc{{ada,\n  title = {{The {{Tides}}}},\n  {written},\n}}\n")
    edition, warnings = resolve_source(read_source(desk.paper("[@ada].", bibliography="e.bib")))
    assert not warnings
    (item,) = edition.references
    assert item.get(field) == read
    assert "Tides" in item["title"]


def test_a_date_that_would_not_be_printed_is_told(desk: Desk) -> None:
    desk.put("e.bib", "@misc{ada,\n  title = {Tides},\n  urldate = {last week},\n}\n")
    (told,) = desk.mistakes(desk.paper("[@ada].", bibliography="e.bib"))
    assert (told.code, told.line, told.severity) == ("bibliography-field", 3, "warning")


def test_an_entry_given_twice_letter_for_letter_is_a_warning(desk: Desk) -> None:
    entry = "@book{ada,\n  title = {Notes},\n}\n"
    desk.put("e.bib", entry + entry)
    (told,) = desk.mistakes(desk.paper("[@ada].", bibliography="e.bib"))
    assert (told.code, told.line, told.severity) == ("bibliography-duplicate", 4, "warning")


@given(st.text(alphabet='@{}="#,\\% \nayear', max_size=60))
def test_fields_that_cannot_be_told_apart_are_left_as_they_are(words: str) -> None:
    entry = f"@misc{{ada, {words}}}"
    text, _ = readable(entry)
    assert text.count("\n") == entry.count("\n")


YAML = "- id: {0}\n  type: book\n  title: {0}\n  issued: 2001\n"
BIB = "@book{{{0}, title = {{{0}}}, year = 2001}}\n"
RIS = "TY  - BOOK\nTI  - {0}\nID  - {0}\nER  - \n"
ENDNOTE = (
    '<record><rec-number>{0}</rec-number><ref-type name="Book">6</ref-type>'
    "<titles><title>{0}</title></titles></record>\n"
)
ENDNOTE_HEAD, ENDNOTE_FOOT = "<xml><records>\n", "</records></xml>\n"


@pytest.mark.parametrize(
    ("file", "head", "entry", "broken", "line", "column", "foot"),
    [
        ("r.yaml", "---\nreferences:\n", YAML, "- id: bad\n  title: A: B\n", 8, 11, "...\n"),
        ("r.yaml", "", YAML, '- id: bad\n  title: "Open\n', 6, 15, ""),
        ("r.yaml", "", YAML, "- id: bad\n\ttype: book\n", 6, 1, ""),
        ("r.yaml", "", YAML, "- id: bad\n type: book\n", 6, 2, ""),
        ("r.bib", "", BIB, '@book{bad, title = "Open, year = 2001}\n', 2, 1, ""),
        ("r.bib", "", BIB, "@book{bad, title = {Open, year = 2001}\n", 2, 1, ""),
        ("r.bib", "", BIB, "@book{bad, title = {A} year = 2001}\n", 2, 24, ""),
        ("r.ris", "", RIS, "TY  - BOOK\nTI - One space\nER  - \n", 6, 1, ""),
        ("r.ris", "", RIS, "Some remark\n", 5, 1, ""),
        ("r.xml", ENDNOTE_HEAD, ENDNOTE, ENDNOTE.format("A & B"), 3, 24, ENDNOTE_FOOT),
        ("r.xml", ENDNOTE_HEAD, ENDNOTE, ENDNOTE.format("bad").replace("</record>", ""), 3, 106,
         ENDNOTE_FOOT),
    ],
)  # fmt: skip
def test_one_malformed_entry_costs_only_itself_in_every_format(
    desk: Desk, file: str, head: str, entry: str, broken: str, line: int, column: int, foot: str
) -> None:
    desk.put(file, head + entry.format("one") + broken + entry.format("other") + foot)
    source = read_source(desk.paper("[@one] and [@other].", bibliography=file))
    edition, told = resolve_source(source, keep_going=True)
    assert {entry.key for entry in edition.ledger.entries} == {"one", "other"}
    assert {(d.code, d.line, d.column) for d in told} == {("bibliography-malformed", line, column)}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("r.bib", "A remark for me@example.org: {see} below.\n" + BIB.format("one")),
        ("r.bib", "@book{one, title = {one}, note = {Write to\n@misc{me} soon}}\n"),
        ("r.bib", "@string{p = {Press}}\n@preamble{\"\\newcommand{\\x}{y}\"}\n"
                  "@book{one, title = {one}, publisher = p # { and Co.}, month = jun # \"~3\"}\n"
                  "@comment{jabref-meta: groupstree:\n0 AllEntriesGroup:;\n"
                  "1 KeywordGroup:x\\;0\\;keywords\\;@y{z\\;0\\;;\n}\n"),
        ("r.ris", "TY  - BOOK\nTI  - one\nAB  - A summary\nof two lines\nID  - one\nER  - \n"),
        ("r.ris", "\ufeff" + RIS.format("one").replace("\n", "\r\n")),
        ("r.yaml", "\ufeff" + YAML.format("one").replace("\n", "\r\n")),
        ("r.xml", "\ufeff" + ENDNOTE_HEAD + ENDNOTE.format("one") + ENDNOTE_FOOT),
    ],
)  # fmt: skip
def test_what_programs_and_people_write_around_entries_is_no_mistake(
    desk: Desk, file: str, text: str
) -> None:
    desk.put(file, text)
    edition, told = resolve_source(read_source(desk.paper("[@one].", bibliography=file)))
    assert ["one" in entry.text.lower() for entry in edition.ledger.entries] == [True]
    assert told == ()


def test_a_bibliography_in_another_encoding_is_told_by_its_byte(desk: Desk) -> None:
    desk.put("r.bib", "@book{one,\n  title = {Café}}\n".encode("latin-1"))
    told = only(desk.mistakes(desk.paper("[@one].", bibliography="r.bib")))
    assert (told.code, told.line, told.column) == ("source-encoding", 2, 15)
    assert "0xE9 is not UTF-8" in told.message


# --- What other programs write -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("issued", "parts", "season"),
    [
        ('{"date-parts": [[2001]], "season": 2}', [[2001]], 2),
        ('{"date-parts": [["2001"]], "season": "Fall"}', [[2001]], 3),
        ('{"raw": "Spring 2001"}', [[2001]], 1),
        ('{"raw": "07-18-2024"}', [[2024, 7, 18]], None),
        ('{"literal": "18 July 2024"}', [[2024, 7, 18]], None),
        ('"24 mai 2021"', [[2021, 5, 24]], None),
        ('"2024-07"', [[2024, 7]], None),
    ],
)
def test_dates_of_csl_are_read_in_the_forms_that_programs_write(
    desk: Desk, issued: str, parts: object, season: object
) -> None:
    desk.put("r.json", f'[{{"id": "a", "type": "book", "title": "T", "issued": {issued}}}]')
    edition, told = resolve_source(read_source(desk.paper("[@a]\n", bibliography="r.json")))
    assert not told
    date = edition.references[0]["issued"]
    assert (date["date-parts"], date.get("season")) == (parts, season)


@pytest.mark.parametrize(
    ("name", "entry", "printed"),
    [
        ("r.bib", "@book{a, author = {Lee, A}, title = {T}, date = {1493?}}", "ca. 1493"),
        ("r.bib", "@book{a, author = {Lee, A}, title = {T}, date = {1493%/1496}}", "ca. 1493–1496"),
        ("r.bib", "@book{a, author = {Lee, A}, title = {T}, year = {1493 (?)}}", "1493 (?)"),
        ("r.bib", "@book{a, author = {Lee, A}, title = {T}, date = {[1493?]}}", "[1493?]"),
        ("r.bib", "@book{a, author = {Lee, A}, title = {T}, date = {c. 1493}}", "c. 1493"),
        ("r.bib", "@book{a, author = {Lee, A}, title = {T}, date = {1493/..}}", "1493–"),
        ("r.json", '{"raw": "1493?"}', "ca. 1493"),
        ("r.json", '"circa 1493"', "circa 1493"),
        ("r.json", '{"date-parts": [[1493]], "circa": 1}', "ca. 1493"),
        ("r.ris", "1493?", "ca. 1493"),
        ("r.ris", "ca. 1493", "ca. 1493"),
    ],
)
def test_a_date_that_is_not_sure_is_not_printed_as_if_it_were(
    desk: Desk, name: str, entry: str, printed: str
) -> None:
    item = '{"id": "a", "type": "book", "title": "T", "author": [{"family": "Lee"}], "issued": %s}'
    record = "TY  - BOOK\nID  - a\nAU  - Lee, A\nTI  - T\nPY  - %s\nER  - \n"
    forms = {"r.bib": "%s\n", "r.json": f"[{item}]", "r.ris": record}
    desk.put(name, forms[name] % entry)
    edition, told = resolve_source(read_source(desk.paper("[@a]\n", bibliography=name), "apa"))
    assert not told
    assert edition.ledger.clusters[0].text == f"(Lee, {printed})"


def test_a_style_that_prints_no_doubt_of_dates_is_told_once(desk: Desk) -> None:
    desk.put("r.bib", "@book{a,title={A},date={1493~}}\n@book{b,title={B},date={1494?}}\n")
    (told,) = desk.mistakes(desk.paper("[@a; @b]\n", "csl: ieee\n", bibliography="r.bib"))
    assert (told.code, told.line, len(told.places)) == ("bibliography-field", 1, 1)
    assert "ieee prints its date as if it were sure" in told.message


def test_html_in_titles_of_csl_and_ris_is_markup(desk: Desk) -> None:
    title = "CO<sub>2</sub> and <em>Quercus</em> &amp; <scp>dna</scp> &lt;i&gt;Q&lt;/i&gt;, a < b"
    desk.put("r.json", json.dumps([{"id": "a", "type": "book", "title": title}]))
    desk.put("r.ris", f"TY  - BOOK\nID  - b\nTI  - {title}\nER  - \n")
    paper = desk.paper("[@a; @b]\n", bibliography="[r.json, r.ris]")
    edition, told = resolve_source(read_source(paper))
    assert not told
    read = (
        "CO<sub>2</sub> and <i>Quercus</i> & "
        '<span style="font-variant:small-caps;">dna</span> <i>Q</i>, a < b'
    )
    assert [item["title"] for item in edition.references] == [read, read]


@pytest.mark.parametrize(
    ("lines", "parts", "season"),
    [
        ("PY  - 2001/04/05/", [[2001, 4, 5]], None),
        ("Y1  - 2001/04//", [[2001, 4]], None),
        ("PY  - 2001///", [[2001]], None),
        ("PY  - 2001///Spring", [[2001]], 1),
        ("PY  - 2001\nDA  - 2001/04/05/", [[2001, 4, 5]], None),
        ("DA  - 2001/04/05", [[2001, 4, 5]], None),
    ],
)
def test_dates_of_ris_are_read_whole(desk: Desk, lines: str, parts: object, season: object) -> None:
    desk.put("r.ris", f"TY  - BOOK\nID  - a\nTI  - T\n{lines}\nER  - \n")
    edition, told = resolve_source(read_source(desk.paper("[@a]\n", bibliography="r.ris")))
    assert not told
    date = edition.references[0]["issued"]
    assert (date["date-parts"], date.get("season")) == (parts, season)


@pytest.mark.parametrize(
    ("file", "text", "code", "line"),
    [
        ("r.json", '[{"id": "a", "type": "book", "title": "T",\n "author": '
                   '[{"family": "Lee, A; May", "given": "B"}]}]', "bibliography-names", 2),
        ("r.json", '[{"id": "a", "type": "book",\n "title": "T",\n "ISBN": "9783161484101"}]',
         "bibliography-field", 3),
        ("r.json", '[{"id": "a", "type": "book", "title": "T",\n "issued": {"raw": "3/4/2024"}}]',
         "bibliography-field", 2),
        ("r.json", '[{"id": "a", "type": "book", "title": "T",\n "URL": "https:////"}]',
         "bibliography-field", 2),
        ("r.ris", "TY  - BOOK\nID  - a\nTI  - T\nAU  - Lee, A; May, B\nER  - \n",
         "bibliography-names", 4),
        ("r.ris", "TY  - BOOK\nID  - a\nTI  - T\nSN  - 978-3-16-148410-1\nER  - \n",
         "bibliography-field", 4),
        ("r.yaml", "- id: a\n  type: book\n  title: T\n  ISBN: 978-3-16-148410-1\n",
         "bibliography-field", 1),
    ],
)  # fmt: skip
def test_what_would_be_printed_wrong_is_told_in_every_format(
    desk: Desk, file: str, text: str, code: str, line: int
) -> None:
    desk.put(file, text)
    (told,) = desk.mistakes(desk.paper("[@a]\n", bibliography=file))
    assert (told.code, told.line, told.severity) == (code, line, "warning")


def test_a_bibliography_in_another_folder_may_be_named_as_on_windows(desk: Desk) -> None:
    (desk.folder / "sources").mkdir()
    desk.put("sources/my refs.json", SOUND["refs.json"])
    assert not desk.mistakes(desk.paper("[@ada]\n", bibliography="sources\\my refs.json"))
