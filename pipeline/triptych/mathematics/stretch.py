"""Single signs: letters, and operators as large as their surroundings require.

A sign grows through the forms in the typeface. Beyond the largest it is assembled from pieces
(OpenType 1.9, MathVariants).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from itertools import pairwise

from triptych.mathematics.drawing import Drawing, Mark, PlacedGlyph, Style, raised
from triptych.mathematics.font import COMBINING, GlyphPart, borrowed, math_font, text_font

_UNSEEN = frozenset("\u2061\u2062\u2063\u2064\u200b\u200c\u200d\u2060\ufe00\ufe0e")
_BLANK = 0.25


@functools.lru_cache(maxsize=8192)
def letter(character: str, said: str, style: Style) -> Drawing:
    """One character, which stands for `said`."""
    font = math_font()
    if character in _UNSEEN:
        return Drawing()
    if character.isspace():
        blank = PlacedGlyph(font.glyph(" ") or 0, 0, 0, style.size, " ")
        return Drawing(_BLANK * style.size, marks=(blank,))
    if face := borrowed(character, style.language):
        glyph, size = text_font(face).glyph(character) or 0, style.size
        measure = text_font(face).measure(glyph)
        mark = PlacedGlyph(glyph, 0, 0, size, said, style.colour, face=face)
        return Drawing(measure.advance * size, measure.top * size, -measure.bottom * size, (mark,))
    return drawn(font.small(font.glyph(character) or 0, style.level), said, style)


def drawn(glyph: int, said: str, style: Style) -> Drawing:
    """One glyph on the baseline. One without a width is moved so that it can stand alone."""
    font, size = math_font(), style.size
    measure = font.measure(glyph)
    shift = 0.0 if measure.advance else -measure.left
    width = measure.advance or measure.right - measure.left
    return Drawing(
        width * size, measure.top * size, -measure.bottom * size,
        (PlacedGlyph(glyph, shift * size, 0, size, said, style.colour),),
        font.slant(glyph) * size, (font.top(glyph) + shift) * size,
    )  # fmt: skip


def centred(drawing: Drawing, style: Style) -> Drawing:
    """A drawing centred on the axis, which is the height of fraction bars."""
    return raised(drawing, style("AxisHeight") - (drawing.ascent - drawing.descent) / 2)


def tall(text: str, wanted: float, style: Style) -> Drawing:
    """A sign at least as tall as wanted, centred on the axis."""
    font, size = math_font(), style.size
    glyph = font.glyph(text) or 0
    for form, height in font.larger(glyph, upright=True):
        glyph = form
        if height * size >= wanted - 1e-6:
            return centred(drawn(form, text, style), style)
    parts = font.parts(font.glyph(text) or 0, upright=True)
    return centred(_column(text, parts, wanted, style) if parts else drawn(glyph, text, style),
                   style)  # fmt: skip


def wide(text: str, wanted: float, style: Style, over: bool) -> Drawing:
    """A sign as wide as wanted. An accent `over` a base stays narrower than it, if possible."""
    font, size = math_font(), style.size
    first = font.glyph(text) or 0
    if over and text in COMBINING:
        first = font.glyph(COMBINING[text]) or first
    forms = [(glyph, width * size) for glyph, width in font.larger(first, upright=False)]
    parts = font.parts(first, upright=False)
    if parts and wanted > max((width for _, width in forms), default=0.0):
        return _line(text, parts, wanted, style)
    if over and text in COMBINING:
        fitting = [glyph for glyph, width in forms if width <= wanted + 1e-6]
        return drawn(fitting[-1] if fitting else first, text, style)
    enough = [glyph for glyph, width in forms if width >= wanted - 1e-6]
    return drawn(enough[0] if enough else forms[-1][0] if forms else first, text, style)


def _column(text: str, parts: Sequence[GlyphPart], wanted: float, style: Style) -> Drawing:
    """A tall sign assembled from the bottom up."""
    font, size = math_font(), style.size
    row, lap = _joined(parts, wanted / size)
    marks: list[Mark] = []
    height = width = 0.0
    for place, part in enumerate(row):
        measure = font.measure(part.glyph)
        y = (height - measure.bottom) * size
        marks.append(PlacedGlyph(part.glyph, 0, y, size, text, style.colour, 2 if place else 1))
        height += part.length - lap
        width = max(width, measure.advance)
    return Drawing(width * size, (height + lap) * size, 0, tuple(marks))


def _line(text: str, parts: Sequence[GlyphPart], wanted: float, style: Style) -> Drawing:
    """A wide sign assembled from the left."""
    font, size = math_font(), style.size
    row, lap = _joined(parts, wanted / size)
    measures = [font.measure(part.glyph) for part in row]
    marks: list[Mark] = []
    x = 0.0
    for place, (part, measure) in enumerate(zip(row, measures, strict=True)):
        left = (x - measure.left) * size
        marks.append(PlacedGlyph(part.glyph, left, 0, size, text, style.colour, 2 if place else 1))
        x += part.length - lap
    return Drawing(
        (x + lap) * size, max(m.top for m in measures) * size,
        -min(m.bottom for m in measures) * size, tuple(marks),
    )  # fmt: skip


def _joined(parts: Sequence[GlyphPart], wanted: float) -> tuple[list[GlyphPart], float]:
    """The pieces for a length, some repeated, and how far each overlaps the one before."""
    font = math_font()
    row = list(parts)
    for times in range(1, 400):
        row = [part for part in parts for _ in range(times if part.repeats else 1)]
        joints = len(row) - 1
        longest = sum(part.length for part in row) - joints * font.overlap
        if longest >= wanted or not any(part.repeats for part in parts):
            break
    most = min((min(left.end, right.start) for left, right in pairwise(row)), default=0.0)
    full = sum(part.length for part in row)
    lap = min(most, (full - wanted) / joints) if joints else 0.0
    return row, max(lap, font.overlap) if joints else 0.0
