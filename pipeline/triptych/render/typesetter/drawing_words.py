"""Words in drawings (SVG), which WeasyPrint 70 draws letter by letter.

In: a node of a drawing that is about to be painted. Out: the same painted with its words in one
piece, each at its place.

Letters drawn one by one are not joined, have no sign in its place, and run from the left, even
those of Arabic and Hebrew. And words that are hidden take up no room, not even a place.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from weasyprint.svg.utils import PointError, normalize, size

_WORDS = ("text", "tspan", "a", "textPath")
_PLACES = ("x", "y", "dx", "dy")


class _Pieces(str):
    """A text that is gone through in pieces: `letters` of one letter, and what is left of it."""

    letters: int

    def __iter__(self) -> Iterator[str]:
        first = min(self.letters, len(self) - 1)
        yield from map(str, self[:first])
        if self:
            yield str(self[first:])


def draw_node(
    original: Callable[..., None], svg: Any, node: Any, font_size: float, fill_stroke: bool = True,
    context: Any = None,
) -> None:  # fmt: skip
    """Draw a node, its words in one piece behind the last letter that has a place of its own."""
    said = node.text if node.tag in _WORDS and node.display else None
    if not said:
        original(svg, node, font_size, fill_stroke, context)
        return
    pieces = _Pieces(said)
    pieces.letters = _apart(svg, node, font_size)
    node._etree_node.text = pieces
    if not node.visible:
        _leave_room(svg, node, font_size)
    original(svg, node, font_size, fill_stroke, context)
    node._etree_node.text = said


def _apart(svg: Any, node: Any, font_size: float) -> int:
    """How many letters at the start of a node are drawn one by one, those with a place or turned.

    Letters that join or bear signs are not spaced: they would fall apart (CSS Text 4, 8.2).
    """
    turned = any(float(angle) for angle in normalize(node.get("rotate")).split())
    spaced = svg.length(node.get("letter-spacing"), font_size) or (
        node.get("textLength") and node.get("lengthAdjust") != "spacingAndGlyphs"
    )
    if turned or (spaced and not any(map(_joins, node.text))):
        return len(node.text)
    return max(0, *(len(normalize(node.get(name)).split()) - 1 for name in _PLACES))


def _joins(letter: str) -> bool:
    from_right = unicodedata.bidirectional(letter) in ("R", "AL")
    return from_right or unicodedata.category(letter).startswith("M")


def _leave_room(svg: Any, node: Any, font_size: float) -> None:
    """Go on to where hidden words end."""
    from weasyprint.svg import EMPTY_BOUNDING_BOX, text

    node.text_bounding_box = EMPTY_BOUNDING_BOX
    svg.stream.unseen = True
    try:
        text(svg, node, size(node.get("font-size", "1em"), font_size, font_size))
    except PointError:
        pass  # a measure that is none, as WeasyPrint passes it over
    finally:
        del svg.stream.unseen


def draw_first_line(original: Callable[..., Any], stream: Any, *rest: Any) -> Any:
    """Draw a line of text, unless it is hidden."""
    return [] if getattr(stream, "unseen", False) else original(stream, *rest)
