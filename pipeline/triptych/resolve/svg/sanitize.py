"""Sanitizing drawings: what could act, or load something, is left out.

In: an SVG, of a file or of raw HTML, after its mending. Out: the same without scripts, event
handlers, foreign markup and links to the outside; and phrases for what is worth telling. Only
elements that draw are kept: in a web page others would be read as HTML (HTML, 13.2.6.5).
"""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from lxml import etree

from triptych.resolve.svg.css import REACHING_OUT, SVG
from triptych.resolve.svg.lengths import px, shown
from triptych.resolve.svg.links import kind_of
from triptych.resolve.svg.mend import Mended, mend
from triptych.resolve.svg.size import too_much_drawn
from triptych.tree import Element, remove

_DRAWS = frozenset(
    """a animate animateColor animateMotion animateTransform circle clipPath cursor defs desc
    ellipse feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting
    feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
    feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting
    feSpotLight feTile feTurbulence filter font font-face font-face-name font-face-src g glyph
    glyphRef hkern image line linearGradient marker mask missing-glyph mpath path pattern polygon
    polyline radialGradient rect set stop style svg switch symbol text textPath title tref tspan use
    view vkern""".split()
)
"""The elements of SVG 1.1 and 2 that draw or describe."""
_ACTS = frozenset("script handler listener iframe embed object img video audio link base".split())
_LOADING = frozenset("src srcset data action formaction ping poster background base".split())
"""Attributes that no drawing needs, and that load or lead somewhere; `base` is that of XML."""
_DATA_URI = re.compile(r"data:(?P<kind>[^,;]*)(?P<more>(?:;[^,;]*)*?)(?P<packed>;base64)?,", re.I)
_DEEPEST = 3
"""How many drawings may stand within each other, as pictures."""


def sanitize_svg(data: bytes, language: str = "en", depth: int = 0) -> Mended:
    """The SVG without what could act or load something, `depth` drawings deep in another.

    Raises XMLSyntaxError where it is not well-formed.
    """
    root = etree.fromstring(data, _PARSER)
    told: list[str] = []
    for entity in list(root.iter(etree.Entity)):  # of which no more than its name is known
        told.append(f"the text of {entity.text}")
        remove(entity)
    for element in list(root.iter(etree.Element)):
        _sanitize(element, language, depth, told)
    _give_plane(root)
    return Mended(etree.tostring(root), tuple(dict.fromkeys(told)))


_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
)


def _give_plane(root: Element) -> None:
    """Say what part of its plane a drawing shows, where only its size tells (SVG 2, 8.2).

    What shows it inline, or takes shares of its size, would otherwise take other units.
    """
    sides = [root.get(name, "") for name in ("width", "height")]
    if root.get("viewBox") is None and not any("%" in side for side in sides):
        width, height = (px(side) for side in sides)
        if min(width, height) > 0:
            root.set("viewBox", f"0 0 {shown(width)} {shown(height)}")


def _sanitize(element: Element, language: str, depth: int, told: list[str]) -> None:
    tag = etree.QName(element)
    if tag.namespace != SVG[1:-1] or tag.localname not in _DRAWS:
        if tag.localname.lower() in _ACTS:
            told.append(f"the element {tag.localname}")
        if element.getparent() is not None:
            remove(element)
        return
    animated = (element.get("attributeName") or "").lower()
    if animated.endswith("href") or animated.startswith("on"):
        remove(element)
        return
    if tag.localname == "style" and REACHING_OUT.search("".join(element.itertext())):
        told.append("a style that would load something")
        remove(element)
        return
    for name, value in list(element.attrib.items()):
        local = etree.QName(name).localname.lower()
        if local == "href":
            _sanitize_href(element, name, language, depth, told)
        elif local.startswith("on"):
            told.append(f"the event handler {local}")
            del element.attrib[name]
        elif local in _LOADING or REACHING_OUT.search(value):
            del element.attrib[name]


def _sanitize_href(element: Element, name: str, language: str, depth: int, told: list[str]) -> None:
    """Keep a link to a part of the drawing; bring a picture within it into a form that is safe."""
    target = element.get(name, "").strip()
    if target.startswith("#"):
        return
    del element.attrib[name]
    if element.tag not in (f"{SVG}image", f"{SVG}feImage"):
        if re.match(r"[\s\x00-\x20]*j[\s\x00-\x20]*a[\s\x00-\x20]*v", target, re.I):
            told.append("a link that would run a script")
        elif element.tag == f"{SVG}use":
            told.append("what it uses of another drawing")
        return
    picture, lost = _picture(target, language, depth)
    told += lost
    if picture:
        element.set(name, picture)
    else:
        told.append("a picture that it links to")


def _picture(uri: str, language: str, depth: int) -> tuple[str, tuple[str, ...]]:
    """A picture in a data URI, by what it holds and not by what it is called; or nothing."""
    head = _DATA_URI.match(uri)
    if head is None:
        return "", ()
    data = unquote_to_bytes(uri[head.end() :])
    if head["packed"]:
        try:
            data = base64.b64decode(data)
        except binascii.Error:
            return "", ()
    if kind := kind_of(data):
        same = head["packed"] and head["kind"].lower() == f"image/{kind}"
        return (uri if same else _data_uri(kind, data)), ()
    if b"<svg" not in data[:4096] or depth >= _DEEPEST:
        return "", ()
    try:
        if too_much_drawn(data):
            return "", ()
        mended = mend(data, language, lambda _: None)
        inner = sanitize_svg(mended.data, language, depth + 1)
    except etree.XMLSyntaxError:
        return "", ()
    return _data_uri("svg+xml", inner.data), (*mended.lost, *inner.lost)


def _data_uri(kind: str, data: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
