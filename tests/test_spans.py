"""Spans of letters found by halving are those that looking at each of them finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from triptych.collate.spans import Spans
from triptych.text import Part

letters = st.integers(0, 30)
spans = st.lists(
    st.tuples(letters, letters).map(lambda pair: Part("caption", min(pair), max(pair)))
)


@given(spans, letters, letters)
def test_what_touches_letters_is_found_in_order(given: list[Part], one: int, other: int) -> None:
    start, end = min(one, other), max(one, other)
    touching = [span for span in given if span.start < end and start < span.end]
    assert list(Spans(given).touching(start, end)) == sorted(touching, key=lambda s: s.start)


@given(spans, letters)
def test_the_first_that_has_a_letter_is_found(given: list[Part], letter: int) -> None:
    having = [span for span in given if span.start <= letter < span.end]
    assert Spans(given).at(letter) == min(having, key=lambda s: s.start, default=None)


@given(spans, letters, letters)
def test_what_lies_within_letters_keeps_its_order(given: list[Part], one: int, other: int) -> None:
    start, end = min(one, other), max(one, other)
    within = [span for span in given if start <= span.start and span.end <= end]
    assert list(Spans(given).within(start, end)) == within
