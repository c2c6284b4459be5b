"""The way in: a drawing as all editions show it alike, and what had to be left out.

In: the bytes of an SVG. Out: the same bytes where nothing is amiss, or a mended drawing.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from triptych.resolve.svg.css import (
    REACHING_OUT,
    SVG,
    apply_styles,
    inherited,
    set_value,
    style_of,
    value_of,
)
from triptych.resolve.svg.curves import lay_on_curves
from triptych.resolve.svg.paint import (
    HREFS,
    ids_of,
    keep_stroke_widths,
    paint_ground,
    painted_by,
    size_copies,
    straighten_arrows,
    write_colours,
    write_gradients,
)
from triptych.resolve.svg.words import (
    choose_alternatives,
    shift_baselines,
    write_capitals,
    write_html_as_text,
)
from triptych.tree import Element, remove

Linked = Callable[[str], str | None]
"""What gives a bitmap that a drawing links to as a data URI, or None where there is none."""

_SUSPECT = re.compile(
    rb"var\(|@|<!ENTITY|currentcolor|font\s*:|foreignObject|<(?:\w+:)?(?:switch|textPath|symbol|image|filter)"
    rb"|filter\s*[:=]|baseline-shift|text-transform|gradientTransform|stop-opacity|rgba|hsla|"
    rb"spreadMethod|radialGradient|clipPath|<(?:\w+:)?mask|mask\s*:|evenodd|clip-path\s*:|background|"
    rb"writing-mode|paint-order|blend-mode|vector-effect|transform-|text-decoration|small-caps|"
    rb"lab\(|lch\(|hwb\(|color\(|(?:rgb|hsl)\([^),]*[^\s),]\s+[^\s),]|"
    rb"marker|url\((?!#)|Gradient[^>]*%|::|:is\(|:where\(|:has\("
)
"""What may need mending. A drawing without any of it is not looked at further."""
_AMISS = re.compile(
    r"var\(|@(?!charset|namespace)|currentcolor|\bfont\s*:|::|:(?:is|where|has|hover|focus)\b"
)
"""What in a style sheet the typesetter does not understand."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A drawing, and phrases that say what it lost."""

    data: bytes
    lost: tuple[str, ...] = ()


def mend(data: bytes, language: str, linked: Linked) -> Mended:
    """The drawing as all editions show it alike; `language` chooses between alternatives."""
    if b"http://www.w3.org/2000/svg" not in data:  # as HTML allows it
        data = re.sub(rb"<svg\b", rb'<svg xmlns="http://www.w3.org/2000/svg"', data, count=1)
    if not _SUSPECT.search(data):
        return Mended(data)
    try:
        root = etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError:
        return Mended(data)  # for the parser that follows to tell
    amiss = b"<!ENTITY" in data or any(_is_amiss(element) for element in root.iter(etree.Element))
    apply_styles(root)
    styled = copy.deepcopy(root)
    lost = tuple(dict.fromkeys(_mends(root, language, linked)))
    if not amiss and not lost and etree.tostring(root) == etree.tostring(styled):
        return Mended(data)
    return Mended(etree.tostring(root), lost)


_PARSER = etree.XMLParser(
    resolve_entities="internal", no_network=True, remove_comments=True, remove_pis=True,
    huge_tree=True,
)  # fmt: skip


def _is_amiss(element: Element) -> bool:
    if element.tag == f"{SVG}style":
        sheet = "".join(element.itertext())
        return bool(_AMISS.search(sheet) or REACHING_OUT.search(sheet))
    return any(
        "var(" in value or value == "currentcolor" or (name == "style" and _AMISS.search(value))
        for name, value in element.attrib.items()
    )


def _mends(root: Element, language: str, linked: Linked) -> Iterator[str]:
    choose_alternatives(root, language)
    yield from write_html_as_text(root)
    yield from lay_on_curves(root)
    shift_baselines(root)
    write_capitals(root)
    write_colours(root)
    yield from write_gradients(root)
    straighten_arrows(root)
    size_copies(root)
    keep_stroke_widths(root)
    paint_ground(root)
    yield from _bring_in(root, linked)
    yield from _leave_out(root)


def _bring_in(root: Element, linked: Linked) -> Iterator[str]:
    """Bring linked bitmaps into the drawing. Yield those that are not there."""
    for image in list(root.iter(f"{SVG}image", f"{SVG}use", f"{SVG}feImage")):
        for name in HREFS:
            href = (image.get(name) or "").strip()
            if not href or href.startswith("#") or href.lower().startswith("data:image/"):
                continue
            data = linked(href) if image.tag == f"{SVG}image" else None
            if data is None:
                yield f"the picture {href} that it links to"
                remove(image)
                break
            image.set(name, data)


_LEFT_OUT = (
    ("filter", r"(?!none)", "a filter (such as a blur or a shadow)"),
    ("mix-blend-mode", r"(?!normal)", "the blending of colours"),
    ("clip-path", r"(?!none|url)", "a clip that CSS draws"),
    ("mask", r"(?!none|url)", "a mask that CSS draws"),
    ("writing-mode", r"tb|vertical", "that words run downwards"),
    ("text-decoration", r"(?!none)", "lines under or through words"),
    ("text-decoration-line", r"(?!none)", "lines under or through words"),
    ("font-variant", r"small-caps", "small capitals"),
    ("font-variant-caps", r"small-caps", "small capitals"),
    ("transform-box", r"(?!view-box)", "the centre that something is turned about"),
    ("transform-origin", r".*(center|left|right|top|bottom|%)",
     "the centre that something is turned about"),
)  # fmt: skip
"""Properties, the values that no edition can show alike, and what they do."""


def _whiten(root: Element) -> None:
    """Paint white what a filter of pdftocairo's makes white for a mask."""
    to_white = {
        f"url(#{filter_.get('id')})"
        for filter_ in root.iter(f"{SVG}filter")
        for matrix in filter_.iter(f"{SVG}feColorMatrix")
        if (matrix.get("values") or "").split()[:15] == [*"000010000100001"]
    }
    for masked in [e for e in root.iter(etree.Element) if value_of(e, "filter") in to_white]:
        set_value(masked, "filter", None)
        for shape in masked.iter(etree.Element):
            for name in ("fill", "stroke"):
                if value_of(shape, name) not in ("", "none") or (
                    shape is masked and name == "fill"
                ):
                    set_value(shape, name, "white")


def _leave_out(root: Element) -> Iterator[str]:
    """Leave out what cannot be shown in every edition, and yield what it was."""
    _whiten(root)
    ids = ids_of(root)
    for element in root.iter(etree.Element):
        for name, unlike, what in _LEFT_OUT:
            value = value_of(element, name)
            if value and re.match(unlike, value):
                if name == "transform-origin" and not value_of(element, "transform"):
                    continue
                yield what
                set_value(element, name, None)
        if element.tag == f"{SVG}text" and inherited(element, "paint-order").startswith("stroke"):
            yield "the halo of words"
            set_value(element, "paint-order", None)
            set_value(element, "stroke", "none")
        clip = painted_by(element, "clip-path", ids)
        if clip is not None and any(child.tag == f"{SVG}text" for child in clip.iter()):
            yield "a clip in the shape of words"
            set_value(element, "clip-path", None)
    for filter_ in list(root.iter(f"{SVG}filter")):
        remove(filter_)
    if style_of(root).get("overflow"):
        set_value(root, "overflow", None)
