"""Spans of letters, found by the letters they touch, without looking at all of them.

A long work has many spans and asks for them often. They are found by halving, since otherwise the
time would grow with the square of the length.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Generic, Protocol, TypeVar


class _Span(Protocol):
    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


_S = TypeVar("_S", bound=_Span)


class Spans(Generic[_S]):
    """Spans in the order in which they begin; those that begin together keep their given order."""

    def __init__(self, spans: Iterable[_S]) -> None:
        self._given = sorted(enumerate(spans), key=lambda item: item[1].start)
        self._starts = [span.start for _, span in self._given]
        self._furthest = list(accumulate((span.end for _, span in self._given), max))

    def __iter__(self) -> Iterator[_S]:
        return (span for _, span in self._given)

    def touching(self, start: int, end: int) -> Iterator[_S]:
        """Those with any of the letters `start` to `end`; of an empty range, those beside it."""
        for index in range(bisect_right(self._furthest, start), len(self._given)):
            span = self._given[index][1]
            if span.start >= end:
                return
            if span.end > start:
                yield span

    def at(self, letter: int) -> _S | None:
        """The first span that has this letter."""
        return next(self.touching(letter, letter + 1), None)

    def within(self, start: int, end: int) -> Iterator[_S]:
        """Those that lie within letters `start` to `end`, in the order given."""
        low, high = bisect_left(self._starts, start), bisect_right(self._starts, end)
        for _, span in sorted(self._given[low:high], key=lambda item: item[0]):
            if span.end <= end:
                yield span
