"""Formulas as each edition carries them: MathML, drawn on pages, with images for old readers.

In print a formula's signs are letters of the typeface for mathematics, each at its place, so that a
page can be searched, copied and proven as any other.
"""

from __future__ import annotations

import functools
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from html import unescape
from typing import Any

from lxml import etree

from triptych.design import MATH_FAMILY, Face, math_face
from triptych.mathematics.drawing import Drawing, Glyph, Line
from triptych.mathematics.font import COMBINING, SLANTED, math_font, text_font
from triptych.mathematics.layout import LANGUAGE, draw, draw_pieces
from triptych.tree import Element, make, replace_with

MATH = "{http://www.w3.org/1998/Math/MathML}math"


def formulas_in(part: Element) -> list[Element]:
    """The formulas of a part of the work."""
    return list(part.iter(MATH))


def signs_of_formulas(body: str) -> str:
    """The signs that the formulas of a work's body show, each once."""
    if "<math" not in body:
        return ""
    tree = etree.fromstring(body, etree.XMLParser(resolve_entities=False, huge_tree=True))
    return "".join(
        sorted({sign for math in formulas_in(tree) for sign in draw(markup_of(math)).said})
    )


def without_formulas(markup: str) -> str:
    """Markup, of its formulas only the letters that the faces for text show in them."""
    return re.sub(r"<math\b.*?</math>", _text_in, markup, flags=re.S)


def _text_in(formula: re.Match[str]) -> str:
    letters = dict.fromkeys(unescape(re.sub(r"<[^>]*>", "", formula[0])))
    return "".join(letter for letter in letters if math_font().glyph(letter) is None)


def webfont_rule(url: str) -> str:
    """The rule that loads the typeface for mathematics from `url`."""
    return f'@font-face{{font-family:"{MATH_FAMILY}";src:url("{url}") format("woff2")}}'


@functools.lru_cache(maxsize=4)
def webfont(signs: str) -> bytes:
    """The typeface for mathematics as WOFF2, cut down to what formulas of `signs` may need.

    It keeps the table MATH, without which a browser cannot lay out formulas with it.
    """
    from fontTools import subset

    options = subset.Options(
        layout_features=["ssty", "dtls"], flavor="woff2", hinting=False, notdef_outline=True,
        recalc_timestamp=False, name_IDs=[0, 1, 2, 13, 14], drop_tables=["DSIG", "GPOS", "GDEF"],
    )  # fmt: skip
    font = subset.load_font(io.BytesIO(math_face().read_bytes()), options)
    subsetter = subset.Subsetter(options)
    wanted = {*signs, *_ALWAYS}
    wanted |= {
        other for sign in signs for other in (SLANTED.get(sign), COMBINING.get(sign)) if other
    }
    subsetter.populate(unicodes=sorted(map(ord, wanted)))
    subsetter.subset(font)
    out = io.BytesIO()
    subset.save_font(font, out, options)
    return out.getvalue()


_ALWAYS = "√−′ "
"""What a browser draws of itself, or in the place of another sign."""


def strip_tex(*parts: Element | None) -> None:
    """Leave out the TeX that formulas were written in, and what else only their drawing needs."""
    for part in parts:
        for math in [] if part is None else formulas_in(part):
            math.attrib.pop("data-tex", None)
            math.attrib.pop(LANGUAGE, None)


def show_enclosed(*parts: Element | None) -> None:
    """Show boxes and strokes by CSS: MathML Core has no `menclose`, and Chromium draws none."""
    for part in parts:
        for element in [] if part is None else list(part.iter(_ENCLOSED)):
            notation = element.attrib.pop("notation", "").split()
            element.tag = _ENCLOSED.replace("menclose", "mrow")
            classes = [_STROKES[name] for name in notation if name in _STROKES]
            if "box" in notation:
                element.set("style", "border: 0.06em solid; padding: 0.3em")
            while len(classes) > 1:  # each stroke is the ground of an element of its own
                inner = etree.Element(element.tag, {"class": classes.pop()})
                inner.extend(list(element))
                element.append(inner)
            if classes:
                element.set("class", classes[0])


_ENCLOSED = "{http://www.w3.org/1998/Math/MathML}menclose"
_STROKES = {"updiagonalstrike": "struck", "downdiagonalstrike": "backstruck"}


def markup_of(math: Element) -> str:
    """A formula as XML, without what follows it and without what only its edition needs."""
    bare = deepcopy(math)
    bare.tail = None
    for name in ("alttext", "altimg", "data-tex", "data-piece", "id", "class", "style"):
        bare.attrib.pop(name, None)
    return etree.tostring(bare, encoding="unicode")


# --- Print ----------------------------------------------------------------------------------------


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


def text_before(element: Element) -> str:
    """The text between an element and what stands before it."""
    previous = element.getprevious()
    if previous is not None:
        return previous.tail or ""
    parent = element.getparent()
    return "" if parent is None else parent.text or ""


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


# --- The image for reading systems that know no MathML --------------------------------------------


def needs_image(math: Element) -> bool:
    """Whether a formula says something else when only its letters are shown in a row."""
    return any(
        etree.QName(element).localname not in ("math", "mrow", "mi", "mn", "mo", "mtext", "mspace")
        for element in math.iter(etree.Element)
    )


def svg_of(math: Element) -> bytes:
    """A formula as an SVG image, a thousand units to the em."""
    drawing = draw(markup_of(math))
    outlines: dict[str, str] = {}
    shapes: list[str] = []
    for mark in drawing.marks:
        colour = f' fill="{mark.colour}"' if mark.colour else ""
        if isinstance(mark, Glyph):
            typeface = text_font(mark.face) if mark.face else math_font()
            name = f"{mark.face.path.stem if mark.face else 'g'}{mark.glyph}"
            outlines.setdefault(name, typeface.outline(mark.glyph))
            place = f"translate({mark.x * 1000:.0f} {-mark.y * 1000:.0f})"
            size = "" if mark.size == 1 else f" scale({mark.size:g})"
            shapes.append(f'<use href="#{name}" transform="{place}{size}"{colour}/>')
        else:
            ends = (mark.x, -mark.y, mark.to_x, -mark.to_y)
            path = "M{:.0f} {:.0f}L{:.0f} {:.0f}".format(*(number * 1000 for number in ends))
            shapes.append(
                f'<path d="{path}" stroke="{mark.colour or "currentColor"}" '
                f'stroke-width="{mark.thickness * 1000:.0f}"/>'
            )
    paths = "".join(f'<path id="{n}" d="{d}"/>' for n, d in sorted(outlines.items()))
    width, height = drawing.width * 1000, drawing.height * 1000
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" '
        f'width="{drawing.width:.3f}em" height="{drawing.height:.3f}em" '
        f'viewBox="0 {-drawing.ascent * 1000:.0f} {max(width, 1):.0f} {max(height, 1):.0f}">'
        f'<defs>{paths}</defs><g fill="currentColor">{"".join(shapes)}</g></svg>'
    ).encode()


def image_attributes(math: Element, file: str) -> dict[str, str]:
    """The attributes that name a formula's image, with its measures (MathML 3, 2.2.1)."""
    drawing = draw(markup_of(math))
    return {
        "altimg": file,
        "altimg-width": f"{drawing.width:.3f}em",
        "altimg-height": f"{drawing.height:.3f}em",
        "altimg-valign": f"{-drawing.descent:.3f}em",
    }
