"""What does not hold yet: each fails until its mend is made, then belongs beside its kin."""

from __future__ import annotations

import pytest
from conftest import Desk
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from test_bibliography import scraps, told_of
from test_images import SVG

from triptych.read.bibliography import read_bibliography
from triptych.resolve.images import sanitize_svg


@given(text=st.text() | scraps)
def test_whatever_a_yaml_bibliography_holds_reading_it_never_fails(text: str) -> None:
    told_of("yaml", text)


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


def test_a_bib_entry_in_parentheses_which_pandoc_refuses_is_told_in_its_own_file(
    desk: Desk,
) -> None:
    desk.put("odd.bib", "@book{ada, title = {Notes}}\n@book(charles, title = {Passages})\n")
    told = desk.the_mistake(desk.paper("[@ada; @charles]\n", bibliography="odd.bib"))
    assert told.file.endswith("odd.bib")
    assert (told.line, told.column, told.code) == (2, 1, "bibliography-malformed")


@pytest.mark.parametrize("suffix", ["vivid as ever", "mix of both", "did so"])
def test_a_word_of_roman_letters_is_no_locator(desk: Desk, suffix: str) -> None:
    (cluster,) = desk.edition(f"So [@babbage1864, {suffix}].\n").ledger.clusters
    assert [(c.locator, c.suffix) for c in cluster.citations] == [("", suffix)]


def test_a_bibliography_named_at_great_length_is_told_as_missing(desk: Desk) -> None:
    told = desk.the_mistake(desk.paper("Text.\n", bibliography="x" * 300 + ".bib"))
    assert told.code == "bibliography-missing"


@pytest.mark.parametrize(
    "harm",
    [
        '<rect style="fill:url(https://example.org/a.svg#p)"/>',
        "<style>@import url(https://example.org/a.css);</style>",
        '<rect fill="url(https://example.org/a.svg#p)"/>',
        '<a id="x"/><set href="#x" attributeName="href" to="https://example.org/"/>',
    ],
)
def test_a_drawing_cannot_reach_the_network_through_its_styles(harm: str) -> None:
    assert b"example.org" not in sanitize_svg(f"<svg {SVG}>{harm}</svg>".encode())


def test_a_drawing_keeps_the_text_after_what_it_loses() -> None:
    kept = sanitize_svg(f"<svg {SVG}><text>one<script/> two</text></svg>".encode())
    assert "".join(etree.fromstring(kept).itertext()) == "one two"
