"""Mistakes in a source: each told with file, line, column and mend, all in one run."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import REFERENCES, Desk
from hypothesis import given
from hypothesis import strategies as st

from triptych.diagnostics import CODES, Diagnostic, Positions, SourceError, position
from triptych.read.source import read_source
from triptych.resolve.passes import resolve_source


def mistakes(desk: Desk, body: str | bytes, references: str = REFERENCES) -> list[Diagnostic]:
    """What is told of a paper with this body; body lines count from 7."""
    desk.put("refs.json", references)
    return list(desk.mistakes(desk.paper(body)))


def the_one(found: list[Diagnostic]) -> Diagnostic:
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("body", "code", "line", "column"),
    [
        ("See [@lovelase1843].\n", "citation-unknown", 7, 6),
        ("Text\n\nand -@nobody more.\n", "citation-unknown", 9, 6),
        ("![A plan.](gone.svg){alt='A plan of it.'}\n", "figure-missing", 7, 12),
        ("![](a.svg)\n", "figure-alt", 7, 5),
        ("As @fig:gone shows.\n", "crossref-unknown", 7, 4),
        ("![A plan.](refs.json){alt='A plan.'}\n", "figure-malformed", 7, 12),
    ],
)
def test_a_mistake_is_told_with_its_place(
    desk: Desk, body: str, code: str, line: int, column: int
) -> None:
    found = the_one([d for d in mistakes(desk, body) if d.severity == "error"])
    assert (found.code, found.line, found.column) == (code, line, column)
    assert Path(found.file).name == "paper.md"
    assert found.hint
    assert found.excerpt in body


def test_an_unknown_key_that_is_nearly_right_is_guessed(desk: Desk) -> None:
    assert the_one(mistakes(desk, "[@lovelase1843]")).hint == "did you mean @lovelace1843?"


def test_citations_in_code_are_no_citations(desk: Desk) -> None:
    assert not mistakes(desk, "`@nobody` and \\@nobody\n\n```\n@nobody\n```\n")


def test_every_mistake_of_a_source_is_told_in_one_run(desk: Desk) -> None:
    body = b"[@nobody] @fig:gone\n\n![](gone.png)\n\n[x](#nowhere)\n" + b"\xff\n"
    twice = REFERENCES.replace("babbage1864", "lovelace1843").replace('"book"', '"boook"')
    codes = [d.code for d in mistakes(desk, body, twice)]
    assert sorted(set(codes)) == [
        "bibliography-duplicate",
        "bibliography-malformed",
        "citation-unknown",
        "crossref-unknown",
        "figure-alt",
        "figure-missing",
        "source-encoding",
    ]


def test_bytes_that_are_not_utf_8_are_told_with_their_place(desk: Desk) -> None:
    found = the_one(mistakes(desk, b"one\ntwo caf\xe9\n"))
    assert (found.code, found.line, found.column) == ("source-encoding", 8, 8)
    assert "0xE9" in found.message


def test_malformed_front_matter_is_told_with_its_place(tmp_path: Path) -> None:
    paper = tmp_path / "paper.md"
    paper.write_text('---\ntitle: "Engines\nlang: en\n---\n\nText.\n')
    with pytest.raises(SourceError) as caught:
        resolve_source(read_source(paper))
    assert caught.value.diagnostics[0].code == "yaml-malformed"
    assert 2 <= caught.value.diagnostics[0].line <= 4


def test_a_malformed_bibliography_is_told_with_its_place(desk: Desk) -> None:
    found = the_one(mistakes(desk, "[@lovelace1843]", REFERENCES.replace("},\n", "}\n", 1)))
    assert found.code == "bibliography-malformed"
    assert Path(found.file).name == "refs.json"
    assert (found.line, found.column) == (4, 3)


def test_what_pandoc_finds_in_a_bibliography_is_told_at_its_place_there(desk: Desk) -> None:
    desk.put("refs.bib", "@book{lovelace1843,\n title = foo bar\n}\n")
    found = desk.the_mistake(desk.paper("[@lovelace1843]", bibliography="refs.bib"))
    assert Path(found.file).name == "refs.bib"
    assert (found.code, found.line, found.column) == ("bibliography-malformed", 2, 14)


def test_a_duplicate_entry_names_the_line_of_the_first(desk: Desk) -> None:
    found = the_one(
        mistakes(desk, "[@lovelace1843]", REFERENCES.replace("babbage1864", "lovelace1843"))
    )
    assert (found.code, found.line) == ("bibliography-duplicate", 4)
    assert "line 2" in found.message


def test_a_mistake_in_an_entry_that_nothing_cites_is_a_warning(desk: Desk) -> None:
    broken = REFERENCES.replace('"id": "babbage1864", "type": "book"',
                                '"id": "babbage1864", "type": "boook"')  # fmt: skip
    told = the_one(mistakes(desk, "[@lovelace1843]", broken))
    assert (told.code, told.severity) == ("bibliography-malformed", "warning")
    cited = mistakes(desk, "[@lovelace1843; @babbage1864]", broken)
    assert [d.severity for d in cited if d.code == "bibliography-malformed"] == ["error"]


def test_a_citation_of_latex_is_told_at_its_place(desk: Desk) -> None:
    found = the_one(mistakes(desk, "Text.\n\nAs \\citep[p. 3]{lovelace1843, nobody} says.\n"))
    assert (found.code, found.line, found.column) == ("citation-unknown", 9, 4)


def test_a_citation_that_prints_nothing_is_told(desk: Desk) -> None:
    found = the_one(mistakes(desk, "Nothing [-@lovelace1843].\n"))
    assert (found.code, found.severity, found.line) == ("citation-empty", "warning", 7)


def test_a_character_without_a_glyph_is_told(desk: Desk) -> None:
    found = the_one(mistakes(desk, "Chennai: சென்னை\n")[:1])
    assert (found.code, found.line, found.column) == ("glyph-missing", 7, 10)


def test_of_settings_that_cannot_be_read_only_the_causes_are_told(desk: Desk) -> None:
    front = "header-includes: |\n  \\newcommand{\\rope}{R}\nkeywords: a: b\n"
    paper = desk.paper("[@ada] and $\\rope$.\n\n{{< meta rope >}}\n", front)
    assert [told.code for told in desk.mistakes(paper)] == ["yaml-malformed"]
    desk.put("edition.toml", 'article = "paper.md\n')
    desk.put("other.md", "# Other\n")
    codes = [told.code for told in desk.mistakes(desk.folder)]
    assert codes == ["record-malformed", "yaml-malformed"]


def test_a_caption_may_serve_as_alternative_text_with_a_warning(desk: Desk) -> None:
    found = the_one(mistakes(desk, "![A plan of it.](a.svg)\n"))
    assert (found.code, found.severity) == ("figure-alt-caption", "warning")


def test_an_unknown_style_is_told_with_those_that_come_near(tmp_path: Path) -> None:
    (tmp_path / "paper.md").write_text("---\ntitle: T\ncsl: natur\n---\n\nText.\n")
    with pytest.raises(SourceError) as caught:
        resolve_source(read_source(tmp_path / "paper.md"))
    found = the_one(list(caught.value.diagnostics))
    assert (found.code, found.line) == ("style-unknown", 3)
    assert "nature" in found.hint


@pytest.mark.parametrize("ending", ["json", "yaml", "bib", "ris"])
def test_all_bibliography_formats_are_read(tmp_path: Path, ending: str) -> None:
    texts = {
        "json": REFERENCES,
        "yaml": "references:\n- id: lovelace1843\n  type: book\n  title: Notes\n",
        "bib": "@book{lovelace1843, title = {Notes}, author = {Ada Lovelace}}\n",
        "ris": "TY  - BOOK\nID  - lovelace1843\nTI  - Notes\nAU  - Lovelace, Ada\nER  - \n",
    }
    (tmp_path / f"refs.{ending}").write_text(texts[ending])
    (tmp_path / "paper.md").write_text(
        f"---\ntitle: T\nbibliography: refs.{ending}\n---\n\n[@lovelace1843]\n"
    )
    edition, warnings = resolve_source(read_source(tmp_path / "paper.md"))
    assert [entry.key for entry in edition.ledger.entries] == ["lovelace1843"]
    assert not warnings


def test_codes_are_told_apart_by_name() -> None:
    assert all(code == code.lower() and " " not in code for code in CODES)


@given(st.text("ab\n\r", max_size=30), st.integers(0, 40))
def test_many_places_of_a_text_are_found_as_one_by_one(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    assert Positions(text).of(offset) == position(text, offset)
