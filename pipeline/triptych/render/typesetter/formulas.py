"""Formulas on pages: WeasyPrint lays them out as images, and draws them as letters.

Each sign is a letter of the typeface for mathematics at its place, so that a page can be searched,
copied and proven as any other.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from lxml import etree

from triptych.mathematics.drawing import Drawing, Glyph, Line
from triptych.mathematics.font import math_font, text_font
from triptych.mathematics.layout import draw_pieces
from triptych.render.formulas import MATH, formulas_in, markup_of, text_before
from triptych.tree import Element, make, replace_with
from triptych.typefaces import MATH_FAMILY, Face


def frame_formulas(part: Element) -> None:
    """Put each formula into an element `formula` that says it in words, its pieces one by one.

    Between pieces a line may end; between a formula and a letter that touches it, it may not.
    """
    for math in formulas_in(part):
        frame = make("formula", alttext=math.get("alttext") or "")
        if math.get("id"):
            frame.set("id", math.get("id") or "")
        math.attrib.pop("data-tex", None)
        before = text_before(math)
        tail, math.tail = math.tail or "", None
        replace_with(math, [frame])
        for number, drawing in enumerate(draw_pieces(markup_of(math))):
            piece = deepcopy(math)
            piece.attrib.pop("id", None)
            piece.set("data-piece", str(number))
            piece.set("style", f"vertical-align: {-drawing.descent:.4f}em")
            frame.append(piece)
        frame.tail = (_JOINER if tail[:1].isalnum() else "") + tail
        if before[-1:].isalnum():
            frame.addprevious(make("span", _JOINER))


_JOINER = "\N{WORD JOINER}"


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
            if not isinstance(mark, Glyph):
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
        if line.thickness > _THICK:  # a ground, which is filled as the box that it is
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


class _Faces:
    """The typeface for mathematics in a content stream, and those for text that it borrows from."""

    def __init__(self, stream: Any, style: Any) -> None:
        self._stream = stream
        self._style = style.copy()
        self._style["font_weight"], self._style["font_style"] = 400, "normal"
        self._fonts: dict[Face | None, Any] = {}

    def show(self, mark: Glyph, x: float, y: float, scale: float) -> None:
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

    def _font(self, mark: Glyph) -> Any:
        from weasyprint.text.line_break import Layout

        self._style["font_family"] = (mark.face.family if mark.face else MATH_FAMILY,)
        layout = Layout(self._style)
        layout.set_text(mark.said if mark.face else "x")
        line, _ = layout.get_first_line()
        font, _ = self._stream.add_font(line.runs[0].data.item.analysis.font)
        return font

    def begin_sign(self, said: str) -> None:
        """Begin a sign that several glyphs make up (ISO 32000-1, 14.9.4)."""
        import pydyf

        told = pydyf.Dictionary({"ActualText": pydyf.String(said)})
        self._stream.begin_marked_content("Span", told)


def _colour(name: str) -> Any:
    if not name:
        return None
    from tinycss2.color5 import parse_color

    return parse_color(name)


@contextmanager
def drawn_formulas() -> Iterator[None]:
    """While it lasts, WeasyPrint draws the formulas it meets."""
    from weasyprint import html

    def handle(element: ET.Element, box: Any, *_: Any) -> list[Any]:
        tail, element.tail = element.tail, None
        number = int(element.get("data-piece", "0"))
        math = etree.fromstring(ET.tostring(element, encoding="unicode"))
        element.tail = tail
        drawing = draw_pieces(markup_of(math))[number]
        return [html.make_replaced_box(element, box, Formula(drawing))]

    html.HTML_HANDLERS[MATH] = handle
    try:
        yield
    finally:
        del html.HTML_HANDLERS[MATH]
