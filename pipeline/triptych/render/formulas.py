"""Formulas in each edition: MathML, drawings on pages, and images for old reading systems.

In print, a formula's signs are positioned letters of the typeface for mathematics, so that a page
can be searched, copied and proven like any other.
"""

from __future__ import annotations

import functools
import io
import re
from copy import deepcopy
from html import unescape

from lxml import etree

from triptych.mathematics.drawing import PlacedGlyph
from triptych.mathematics.font import COMBINING, SLANTED, math_font, text_font
from triptych.mathematics.layout import LANGUAGE, draw
from triptych.tree import Element, parse_xhtml
from triptych.typefaces import MATH_FAMILY, math_face

MATH = "{http://www.w3.org/1998/Math/MathML}math"
PHONE_WIDTH = 13.0
"""How wide a formula may be beside its number or signs on a screen of 320 px (WCAG 2.2, 1.4.10).

In em of 18 px.
"""


def formulas_in(part: Element) -> list[Element]:
    """The formulas of a part of the work."""
    return list(part.iter(MATH))


def signs_of_formulas(body: str) -> str:
    """The signs that the formulas of a work's body show, each once."""
    if "<math" not in body:
        return ""
    tree = parse_xhtml(body)
    return "".join(
        sorted({sign for math in formulas_in(tree) for sign in draw(markup_of(math)).said})
    )


def without_formulas(markup: str) -> str:
    """Markup with each formula reduced to the letters that the typefaces for text show in it."""
    return re.sub(r"<math\b.*?</math>", _text_in, markup, flags=re.S)


def _text_in(formula: re.Match[str]) -> str:
    letters = dict.fromkeys(unescape(re.sub(r"<[^>]*>", "", formula[0])))
    return "".join(letter for letter in letters if math_font().glyph(letter) is None)


def webfont_rule(url: str) -> str:
    """The rule that loads the typeface for mathematics from `url`."""
    return f'@font-face{{font-family:"{MATH_FAMILY}";src:url("{url}") format("woff2")}}'


@functools.lru_cache(maxsize=4)
def webfont(signs: str) -> bytes:
    """The typeface for mathematics as WOFF2, reduced to what formulas of `signs` may need.

    It keeps the table MATH, which a browser needs to lay out formulas.
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
"""Signs that a browser adds by itself, or draws in place of another sign."""


def strip_tex(*parts: Element | None) -> None:
    """Remove the TeX of formulas, and whatever else only their drawing needs."""
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
            while len(classes) > 1:  # each stroke is the background of an element of its own
                inner = etree.Element(element.tag, {"class": classes.pop()})
                inner.extend(list(element))
                element.append(inner)
            if classes:
                element.set("class", classes[0])


_ENCLOSED = "{http://www.w3.org/1998/Math/MathML}menclose"
_STROKES = {"updiagonalstrike": "struck", "downdiagonalstrike": "backstruck"}


def markup_of(math: Element) -> str:
    """A formula as XML, without the text after it and without what only its edition needs."""
    bare = deepcopy(math)
    bare.tail = None
    for name in ("alttext", "altimg", "data-tex", "data-piece", "id", "class", "style"):
        bare.attrib.pop(name, None)
    return etree.tostring(bare, encoding="unicode")


def text_before(element: Element) -> str:
    """The text between the previous element and this one."""
    previous = element.getprevious()
    if previous is not None:
        return previous.tail or ""
    parent = element.getparent()
    return "" if parent is None else parent.text or ""


# --- The image for reading systems that know no MathML --------------------------------------------


def needs_image(math: Element) -> bool:
    """Whether a formula would mean something else with only its letters in a row."""
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
        if isinstance(mark, PlacedGlyph):
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
    """The attributes that name a formula's image, with its dimensions (MathML 3, 2.2.1)."""
    drawing = draw(markup_of(math))
    return {
        "altimg": file,
        "altimg-width": f"{drawing.width:.3f}em",
        "altimg-height": f"{drawing.height:.3f}em",
        "altimg-valign": f"{-drawing.descent:.3f}em",
    }
