"""Markup of other languages within raw HTML: drawings and formulas, sanitized like the rest.

In: an element that is not HTML's, as the author wrote it or as pandoc made it of TeX. Out: what all
editions can carry of it, and phrases for what is left out, each with the letters it begins with.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from triptych.mathematics.tidy import MATHML
from triptych.resolve.svg.css import REACHING_OUT, SVG, apply_styles
from triptych.resolve.svg.mend import mend
from triptych.resolve.svg.sanitize import sanitize_svg
from triptych.resolve.svg.size import too_much_drawn
from triptych.tree import Element, remove, replace_with

XHTML = "{http://www.w3.org/1999/xhtml}"
_M = f"{{{MATHML}}}"
LANGUAGES = {"math": MATHML, "svg": SVG[1:-1]}
"""By the element that begins it, the namespace of a language within HTML."""
_FORMULA = frozenset(
    f"{_M}{name}"
    for name in """annotation maction math menclose merror mfenced mfrac mi mlabeledtr mmultiscripts
    mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup
    mtable mtd mtext mtr munder munderover none semantics""".split()
)
"""MathML, but for what holds HTML or names a file: `annotation-xml`, `mglyph`."""
_LEADING = frozenset("href src actiontype altimg cdgroup definitionurl".split())

_MOVING = frozenset("depth height lspace voffset width".split())
"""Attributes of `mpadded` that would move its letters, which a page does not show."""


def sanitize_foreign(element: Element, language: str) -> Iterator[tuple[str, str]]:
    """Sanitize a drawing or a formula in place; anything else is removed."""
    if element.tag == f"{_M}math":
        yield from _sanitize_formula(element)
    elif element.tag == f"{SVG}svg":
        yield from _sanitize_drawing(element, language)
    else:
        name = etree.QName(element).localname
        yield f"<{name}", f"the element {name} is left out"
        remove(element)


def adopt(element: Element) -> None:
    """Let a drawing or formula that names no language be of its own, as HTML has it (13.2.6.5)."""
    name = str(element.tag)
    data = etree.tostring(element, with_tail=False)
    begins = f'<{name} xmlns="{LANGUAGES[name]}"'.encode()
    replace_with(element, [etree.fromstring(data.replace(f"<{name}".encode(), begins, 1))])


def _sanitize_formula(math: Element) -> Iterator[tuple[str, str]]:
    for element in list(math.iter(etree.Element)):
        if element.tag not in _FORMULA:
            name = etree.QName(element).localname
            yield f"<{name}", f"the element {name} is left out of a formula"
            remove(element)
            continue
        for name, value in element.items():
            local = name.rpartition("}")[2].lower()
            moving = element.tag == f"{_M}mpadded" and local in _MOVING
            if moving or local.startswith("on") or local in _LEADING or REACHING_OUT.search(value):
                yield f"{local}=", f"the attribute {local} is left out of a formula"
                del element.attrib[name]


def _sanitize_drawing(drawing: Element, language: str) -> Iterator[tuple[str, str]]:
    data = etree.tostring(drawing, with_tail=False)
    if why := too_much_drawn(data):
        yield "<svg", f"a drawing is left out: {why}"
        remove(drawing)
        return
    mended = mend(data, language, lambda _: None)
    root = etree.fromstring(mended.data)
    apply_styles(root)  # a style sheet in it would hold for the whole page
    drawn = sanitize_svg(etree.tostring(root), language)
    for what in dict.fromkeys((*mended.lost, *drawn.lost)):
        yield "<svg", f"a drawing is shown without {what}"
    replace_with(drawing, [etree.fromstring(drawn.data)])
