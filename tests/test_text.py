"""The measure of the proof: letters, gaps, and what is held to be no difference."""

from __future__ import annotations

import pickle
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.text import Scribe, Text, from_plain

WORDS = st.lists(st.text("aébc-.\u0301ﬁשقם中", min_size=1, max_size=6), min_size=1, max_size=8)


def written(*pieces: str) -> Text:
    scribe = Scribe()
    for piece in pieces:
        scribe.write(piece)
    return scribe.text()


def test_white_space_has_no_number() -> None:
    text = written("See  Figure\u00a01.")
    assert text.letters == "SeeFigure1."
    assert text.gaps == {3: "space", 9: "space"}


def test_a_place_is_a_span_of_letters() -> None:
    scribe = Scribe()
    scribe.write("see ")
    start = scribe.at
    scribe.write("Smith 2020")
    scribe.name(start, "cite-1")
    scribe.link(start, "ref-smith2020")
    text = scribe.text()
    assert [(p.id, p.start, p.end) for p in text.places] == [("cite-1", 3, 12)]
    assert text.show(3, 12) == "Smith 2020"


def test_a_block_outdoes_a_break_and_a_break_a_space() -> None:
    scribe = Scribe()
    scribe.write("one ")
    scribe.gap("break")
    scribe.gap("block")
    scribe.gap("space")
    scribe.write("two")
    assert scribe.text().gaps == {3: "block"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("é", "e\u0301"),
        ("ﬁnal", "final"),
        ("well\u2010known", "well-known"),
        ("well\u2011known", "well-known"),
        ("hyphen\u00adation", "hyphenation"),
        ("a\u200bb", "ab"),
        ("a b", "a\u202f b"),
        ("\u202bab\u202c", "ab"),
        ("لًا", "لاً"),
        ("ئً", "ي\u0654ً"),
    ],
    ids=lambda text: ascii(text),
)
def test_what_cannot_be_told_apart_is_no_difference(one: str, other: str) -> None:
    assert written(one) == written(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("é", "e"), ("–", "-"), ("’", "'"), ("2", "²"), ("A", "a"), ("ab", "a b"), ("ı", "i")],
)
def test_what_can_be_told_apart_is_a_difference(one: str, other: str) -> None:
    assert written(one) != written(other)


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_the_record_gives_back_every_letter_and_gap(blocks: list[list[str]]) -> None:
    text = from_plain("\n".join(" ".join(words) for words in blocks))
    again = from_plain(text.plain)
    assert (again.letters, dict(again.gaps)) == (text.letters, dict(text.gaps))


@given(st.text("ab é-\u0301\u0323ﬁ", max_size=30), st.data())
def test_how_a_text_is_cut_into_pieces_does_not_matter(text: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(text)))
    assert written(text[:cut], text[cut:]).letters == written(text).letters


@given(st.text())
def test_letters_are_decomposed_and_never_white(text: str) -> None:
    letters = written(text).letters
    assert letters == unicodedata.normalize("NFD", letters)
    assert not any(letter.isspace() for letter in letters)


def test_what_has_been_looked_up_in_a_text_is_not_handed_to_other_processes() -> None:
    text = from_plain("Many words\nin blocks")
    fresh = pickle.dumps(text)
    assert text.words()
    assert pickle.dumps(text) == fresh
    assert pickle.loads(fresh) == text
