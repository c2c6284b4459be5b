"""The words that a drawing shows, with their colours, as every edition must show them.

In: the bytes of an SVG. Out: its words in the order in which they are painted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import tinycss2.color4
from lxml import etree

from triptych.edition import DrawnWords
from triptych.resolve.svg.css import SVG, apply_styles, value_of
from triptych.tree import Element

_UNSEEN = frozenset(
    "clipPath defs desc filter linearGradient marker mask metadata pattern radialGradient script "
    "style symbol title".split()
)
"""Elements that draw nothing where they stand."""
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_FAINT = 0.1
_DEPTH = 12
"""How often what is used may use another thing."""


def drawn_words(svg: bytes) -> tuple[DrawnWords, ...]:
    """The words that a drawing shows; none if it has none, or if they are drawn as shapes."""
    if b"<text" not in svg and b":text" not in svg:
        return ()
    root = etree.fromstring(svg)
    apply_styles(root)
    ids: dict[str, Element] = {}
    for each in root.iter(etree.Element):
        if name := each.get("id"):
            ids.setdefault(name, each)  # of equal ones, the first counts (DOM, 4.2.6)
    found: list[DrawnWords] = []
    for said, colour in _walk(root, _Paint(), ids, 0):
        if found and found[-1].colour == colour:
            found[-1] = DrawnWords(f"{found[-1].text} {said}", colour)
        else:
            found.append(DrawnWords(said, colour))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Paint:
    """How letters are painted: `opacity` is that of all that is around them."""

    fill: str = "black"
    fill_opacity: str = "1"
    stroke: str = "none"
    visibility: str = "visible"
    opacity: float = 1.0

    def within(self, element: Element) -> _Paint:
        """The same within an element."""
        inherited = {
            name: value
            for name in ("fill", "fill_opacity", "stroke", "visibility")
            if (value := value_of(element, name.replace("_", "-"))) and value != "inherit"
        }
        return replace(
            self, **inherited, opacity=self.opacity * _share(value_of(element, "opacity"))
        )

    @property
    def seen(self) -> bool:
        """Whether letters painted so can be seen."""
        faint = self.opacity * _share(self.fill_opacity) < _FAINT or self.fill == "none"
        outlined = self.stroke != "none" and self.opacity >= _FAINT
        return self.visibility == "visible" and (outlined or not faint)

    @property
    def colour(self) -> str:
        """The colour as `#rrggbb`, or nothing where it is not a plain one."""
        told = tinycss2.color4.parse_color(self.fill)
        if told is None or not hasattr(told, "to"):
            return ""
        red, green, blue = (round(255 * min(max(part, 0), 1)) for part in told.to("srgb")[:3])
        return f"#{red:02x}{green:02x}{blue:02x}"


def _walk(
    element: Element, around: _Paint, ids: Mapping[str, Element], depth: int, lettered: bool = False
) -> Iterator[tuple[str, str]]:
    if not isinstance(element.tag, str) or value_of(element, "display") == "none":
        return
    tag = element.tag.removeprefix(SVG)
    if tag in _UNSEEN and not (tag == "symbol" and depth):
        return
    paint = around.within(element)
    lettered = lettered or tag == "text"
    if tag == "use":
        target = next((h for name in _HREFS if (h := element.get(name, ""))), "")
        used = ids.get(target.removeprefix("#"))
        if used is not None and depth < _DEPTH:
            yield from _walk(used, paint, ids, depth + 1)
        return
    if lettered and paint.seen and (element.text or "").strip():
        yield " ".join((element.text or "").split()), paint.colour
    for child in element:
        yield from _walk(child, paint, ids, depth, lettered)
        if lettered and paint.seen and (child.tail or "").strip():
            yield " ".join((child.tail or "").split()), paint.colour


def _share(value: str) -> float:
    """An opacity, as a number or in per cent."""
    try:
        return float(value[:-1]) / 100 if value.endswith("%") else float(value)
    except ValueError:
        return 1.0
