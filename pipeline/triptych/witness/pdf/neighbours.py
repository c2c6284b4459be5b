"""Parts of a line that have changed places, where text may run from the right.

In: where letters stand on pages, and which parts of an element are read one after the other. Out:
doubts about parts that do not follow each other in the direction of their element.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from triptych.witness.geometry import Box
from triptych.witness.reading import Doubt

_Placed = tuple[int, Box, float]
"""The page, box and size of a letter."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Two parts of one element, read one after the other: the letters from `first`, from `second`.

    `from_right` is whether the element runs from the right.
    """

    first: int
    second: int
    end: int
    from_right: bool


def wrong_side(neighbours: Iterable[Neighbours], places: Sequence[_Placed]) -> Iterator[Doubt]:
    """Parts of an element on one line that do not follow each other in its direction."""
    for pair in neighbours:
        page, box, size = places[pair.second - 1]
        other_page, other, _ = places[pair.second]
        if page != other_page or abs(box[1] - other[1]) >= 0.7 * size:
            continue
        before = _on_line_of(places, range(pair.second - 1, pair.first - 1, -1))
        after = _on_line_of(places, range(pair.second, pair.end))
        left, right = (after, before) if pair.from_right else (before, after)
        edges = max((box[2] for box in left), default=0), min((box[0] for box in right), default=0)
        if left and right and edges[0] > edges[1] + 0.3 * size:
            why = "on the page it stands on the other side of what is read before it"
            yield Doubt("moved", pair.second, pair.end, why)


def _on_line_of(places: Sequence[_Placed], letters: Sequence[int]) -> list[Box]:
    """The boxes of letters, from the first on, as far as they are on its line and have room."""
    found: list[Box] = []
    page, first, size = places[letters[0]]
    for letter in letters:
        other_page, box, _ = places[letter]
        if other_page != page or abs(box[1] - first[1]) >= 0.7 * size:
            break
        if box[2] - box[0] >= 0.01 * size:
            found.append(box)
    return found
