"""Lines through, under and between letters, as a page draws them.

In: the glyphs and painted areas of a page. Out: the glyphs, marked; the lines. Lengths in points.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from triptych.text import EmphasisKind
from triptych.witness.colour import PALE, contrast
from triptych.witness.geometry import Box, common
from triptych.witness.pdf.visibility import Glyph, PaintedArea

_ROW = 20
_WHITE = (1.0, 1.0, 1.0)
_COVERED = 0.1
"""A line is broken if more than this share of it is painted over."""
_GROUND = 0.5
"""What lies under more than this share of a line is its ground."""


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


def bars(paints: Sequence[PaintedArea]) -> tuple[Box, ...]:
    """The thin lines of a page that lie level and can be seen on what is under them."""
    lines = [area for area in paints if _is_line(area)]
    rows: dict[int, list[PaintedArea]] = {}
    for paint in paints:
        for row in range(int(paint.box[1] // _ROW), int(paint.box[3] // _ROW) + 1):
            rows.setdefault(row, []).append(paint)
    return tuple(line.box for line in lines if _is_seen(line, rows[int(line.box[1] // _ROW)]))


def _is_seen(line: PaintedArea, paints: Iterable[PaintedArea]) -> bool:
    """Whether a line stands out from its ground, and no other colour is painted over it."""
    ground = PaintedArea(line.box, -1, _WHITE)
    for paint in paints:
        left, bottom, right, top = common(line.box, paint.box)
        if paint is line or right <= left or top < bottom:
            continue
        share = (right - left) / (line.box[2] - line.box[0])
        if paint.order > line.order and share > _COVERED and _differ(line, paint):
            return False
        if ground.order < paint.order < line.order and share > _GROUND:
            ground = paint
    return _differ(line, ground)


def _differ(one: PaintedArea, other: PaintedArea) -> bool:
    """Whether two colours can be told apart; an image has no one colour."""
    if one.colour is None or other.colour is None:
        return True
    return contrast(one.colour, other.colour) >= PALE


def _is_line(area: PaintedArea) -> bool:
    left, bottom, right, top = area.box
    return top - bottom < 3 and right - left > 1.5 * (top - bottom)


def _kind(rise: float) -> EmphasisKind | None:
    """What a line is that is so many em above the baseline."""
    if 0.12 < rise < 0.5:
        return "struck"
    return "underlined" if -0.3 < rise < 0.02 else None
