"""Lines through, under and between letters, as a page draws them.

In: the glyphs and painted areas of a page. Out: the glyphs, marked; the lines. Lengths in points.
"""

from __future__ import annotations

from collections.abc import Iterable

from triptych.text import EmphasisKind
from triptych.witness.colour import PALE, contrast
from triptych.witness.geometry import Box
from triptych.witness.pdf.visibility import Glyph, PaintedArea

_ROW = 20


def find_lines(glyphs: Iterable[Glyph], paints: Iterable[PaintedArea]) -> None:
    """Mark the glyphs that a thin line goes through, or goes under close by."""
    lines = [area for area in paints if _is_line(area)]
    if not lines:
        return
    rows: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        rows.setdefault(int(glyph.box[1] // _ROW), []).append(glyph)
    for line in lines:
        left, bottom, right, top = line.box
        height = (bottom + top) / 2
        row = int(height // _ROW)
        for glyph in (glyph for near in (row - 1, row, row + 1) for glyph in rows.get(near, ())):
            box = glyph.box
            kind = _kind((height - box[1]) / glyph.size)
            across = min(right, box[2]) - max(left, box[0])
            thin = top - bottom < 0.15 * glyph.size
            if kind and thin and across > 0.6 * (box[2] - box[0]):
                glyph.lines |= {kind}


def bars(paints: Iterable[PaintedArea]) -> tuple[Box, ...]:
    """The thin lines of a page that lie level and can be told from white."""
    return tuple(
        area.box
        for area in paints
        if _is_line(area) and (area.colour is None or contrast(area.colour, _WHITE) >= PALE)
    )


_WHITE = (1.0, 1.0, 1.0)


def _is_line(area: PaintedArea) -> bool:
    left, bottom, right, top = area.box
    return top - bottom < 3 and right - left > 1.5 * (top - bottom)


def _kind(rise: float) -> EmphasisKind | None:
    """What a line is that is so many em above the baseline."""
    if 0.12 < rise < 0.5:
        return "struck"
    return "underlined" if -0.3 < rise < 0.02 else None
