"""What a page shows: its glyphs, the areas painted over it, and the glyphs that these hide.

In: glyphs and areas, in painting order. Out: the glyphs, each with why it is not seen, if so.
Clauses are those of ISO 32000-1. Lengths are in points, from the page's lower left corner.
"""

from __future__ import annotations

from dataclasses import dataclass

import pikepdf

from triptych.text import EmphasisKind
from triptych.witness.colour import PALE, Colour, contrast
from triptych.witness.geometry import Box, Matrix, turned
from triptych.witness.pdf.fonts import Font


@dataclass(slots=True)
class Glyph:
    """One glyph as shown: what it says, where, and how it is painted.

    `box` spans its advance, from the baseline up to the height of a small letter. `content` is the
    number of its marked content (-1: none), `order` its number in painting order, `why` the reason
    why it cannot be seen, if so. `sign` is the sign that it is a piece of, if so: the first piece
    says the sign, the others say nothing. `lines` are those drawn through it or under it. `inkless`
    is whether nothing at all is painted for it.
    """

    text: str
    box: Box
    size: float
    content: int
    order: int
    font: Font
    code: int
    colour: Colour | None
    why: str = ""
    sign: str = ""
    lines: frozenset[EmphasisKind] = frozenset()
    inkless: bool = False


@dataclass(slots=True)
class PaintedArea:
    """An area painted over the page: a filled path, an image, a shading."""

    box: Box
    order: int
    colour: Colour | None


@dataclass(slots=True)
class Shown:
    """All that a page shows, in painting order."""

    glyphs: list[Glyph]
    paints: list[PaintedArea]


def find_hidden(glyphs: list[Glyph], paints: list[PaintedArea]) -> None:
    """Mark the glyphs that are covered by something painted later, or have their ground's colour.

    A glyph is covered if an area painted after it covers more than a quarter of it.
    """
    cells: dict[int, list[PaintedArea]] = {}
    for paint in paints:
        for cell in range(int(paint.box[1] // 40), int(paint.box[3] // 40) + 1):
            cells.setdefault(cell, []).append(paint)
    for glyph in glyphs:
        if glyph.why or glyph.text.isspace():
            continue
        box = _seen(glyph)
        ground: Colour | None = (1.0, 1.0, 1.0)
        under = 0
        for paint in cells.get(int((box[1] + box[3]) / 2 // 40), ()):
            over = paint.box
            width = min(box[2], over[2]) - max(box[0], over[0])
            height = min(box[3], over[3]) - max(box[1], over[1])
            if width <= 0 or height <= 0:
                continue
            share = width * height / max((box[2] - box[0]) * (box[3] - box[1]), 1e-6)
            if paint.order > glyph.order and share > 0.25:
                glyph.why = "something painted over it"
                break
            if under < paint.order < glyph.order and share > 0.5:
                under, ground = paint.order, paint.colour
        else:
            if glyph.colour and ground and contrast(glyph.colour, ground) < PALE:
                glyph.why = "text of the colour of its ground"


def _seen(glyph: Glyph) -> Box:
    """The box of a glyph. A sign on a letter takes no room of its own, but covers some."""
    left, bottom, right, top = glyph.box
    if right - left > 0.01 * glyph.size:
        return glyph.box
    return left - 0.05 * glyph.size, bottom, left + 0.05 * glyph.size, top


def appearances(page: pikepdf.Page, order: int, turn: Matrix) -> list[PaintedArea]:
    """The areas of annotations that show something of their own over the page (12.5.5).

    Programs draw most kinds of annotation even if they have no appearance.
    """
    painted = []
    for annotation in page.obj.get("/Annots", []):
        hidden = int(annotation.get("/F", 0)) & (1 << 1 | 1 << 5)
        silent = annotation.get("/Subtype") in ("/Link", "/Popup") and "/AP" not in annotation
        if "/Rect" in annotation and not (hidden or silent):
            x0, y0, x1, y1 = (float(edge) for edge in annotation["/Rect"])
            box = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
            painted.append(PaintedArea(turned(box, turn), order, None))
    return painted
