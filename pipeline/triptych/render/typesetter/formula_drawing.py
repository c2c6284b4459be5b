"""Formulas on pages: WeasyPrint lays their pieces out as images, and they are drawn as letters.

In: an element `math`, as `formulas` left it in the page's tree. Out: a box, and in the PDF the
letters of the typeface for mathematics, each at its place. A page with formulas can be searched,
copied and proven like any other. WeasyPrint 70 knows no MathML.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pydyf
from lxml import etree
from tinycss2.color5 import parse_color
from weasyprint import html
from weasyprint.text.line_break import Layout

from triptych.mathematics.drawing import Drawing, Line, PlacedGlyph
from triptych.mathematics.font import math_font, text_font
from triptych.mathematics.layout import draw_pieces
from triptych.render.formulas import MATH, markup_of
from triptych.typefaces import MATH_FAMILY, Face


def handle_element(original: Callable[..., Any], element: ET.Element, box: Any, *rest: Any) -> Any:
    """The boxes of an element: for a formula, or a piece of one, the box of an image."""
    if box.element_tag != MATH:
        return original(element, box, *rest)
    tail, element.tail = element.tail, None
    number = int(element.get("data-piece", "0"))
    math = etree.fromstring(ET.tostring(element, encoding="unicode"))
    element.tail = tail
    drawing = draw_pieces(markup_of(math))[number]
    return [html.make_replaced_box(element, box, Formula(drawing))]


class Formula:
    """A formula, or a piece of one, as WeasyPrint lays out and draws an image."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.ratio = drawing.width / drawing.height if drawing.height else None

    def get_intrinsic_size(
        self, _resolution: float, font_size: float
    ) -> tuple[float, float, float | None]:
        """Width and height in px, and their ratio."""
        width, height = self.drawing.width * font_size, self.drawing.height * font_size
        return width, height, self.ratio

    def draw(self, stream: Any, width: float, _height: float, style: Any) -> None:
        """Show the glyphs and lines in a page's content stream, y downwards."""
        if not self.drawing.width:
            return
        scale = width / self.drawing.width
        faces = _Faces(stream, style)
        for mark in self.drawing.marks:
            colour = _colour(mark.colour) or style["color"]
            if isinstance(mark, Line):
                self._line(stream, mark, scale, colour)
        open_sign = False
        for mark in self.drawing.marks:
            if not isinstance(mark, PlacedGlyph):
                continue
            if open_sign and mark.piece < 2:
                stream.end_marked_content()
                open_sign = False
            if mark.piece == 1:
                faces.begin_sign(mark.said)
                open_sign = True
            stream.set_color(_colour(mark.colour) or style["color"])
            x, y = mark.x * scale, (self.drawing.ascent - mark.y) * scale
            faces.show(mark, x, y, scale)
        if open_sign:
            stream.end_marked_content()

    def _line(self, stream: Any, line: Line, scale: float, colour: Any) -> None:
        top = self.drawing.ascent
        if line.thickness > _THICK:  # a coloured ground, filled as a box
            stream.set_color(colour)
            high = line.thickness * scale
            across = (line.to_x - line.x) * scale
            stream.rectangle(line.x * scale, (top - line.y) * scale - high / 2, across, high)
            stream.fill()
            return
        stream.set_color(colour, stroke=True)
        stream.set_line_width(line.thickness * scale)
        stream.move_to(line.x * scale, (top - line.y) * scale)
        stream.line_to(line.to_x * scale, (top - line.to_y) * scale)
        stream.stroke()


_THICK = 0.3
"""In em: what is thicker than this is no line but a coloured ground."""


class _Faces:
    """The typefaces of a formula in a content stream: that for mathematics, and some for text."""

    def __init__(self, stream: Any, style: Any) -> None:
        self._stream = stream
        self._style = style.copy()
        self._style["font_weight"], self._style["font_style"] = 400, "normal"
        self._fonts: dict[Face | None, Any] = {}

    def show(self, mark: PlacedGlyph, x: float, y: float, scale: float) -> None:
        if mark.face not in self._fonts:
            self._fonts[mark.face] = self._font(mark)
        font, stream = self._fonts[mark.face], self._stream
        font.to_unicode.setdefault(mark.glyph, mark.said)
        typeface = text_font(mark.face) if mark.face else math_font()
        font.widths.setdefault(mark.glyph, round(typeface.measure(mark.glyph).advance * 1000))
        stream.begin_text()
        stream.set_font_size(font.hash, mark.size * scale)
        stream.set_text_matrix(1, 0, 0, -1, x, y)
        stream.show_text(f"<{mark.glyph:04x}>")
        stream.end_text()

    def _font(self, mark: PlacedGlyph) -> Any:
        self._style["font_family"] = (mark.face.family if mark.face else MATH_FAMILY,)
        layout = Layout(self._style)
        layout.set_text(mark.said if mark.face else "x")
        line, _ = layout.get_first_line()
        font, _ = self._stream.add_font(line.runs[0].data.item.analysis.font)
        return font

    def begin_sign(self, said: str) -> None:
        """Begin a sign that several glyphs make up (ISO 32000-1, 14.9.4)."""
        told = pydyf.Dictionary({"ActualText": pydyf.String(said)})
        self._stream.begin_marked_content("Span", told)


def _colour(name: str) -> Any:
    if not name:
        return None
    return parse_color(name)
