"""Figures taller than their page: their pictures are set smaller, so that the caption stands below.

In: pages as WeasyPrint laid them out. Out: the tree of elements, changed for another layout. A
figure of several figures may run over pages; only those that hold no other must not.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

_LEAST = 40.0
"""In CSS px. No picture is set lower than this, even where its caption fills a page."""
_CLOSE = 1.0
"""In CSS px. What a figure must be over its page to be too tall."""
_HEAD = 0.15
"""The part of a page by which pictures give way to the head of their table."""
_ROOM = 4.0
"""In CSS px. What stays free below, since the caption of a smaller picture may break otherwise."""


@dataclass(slots=True)
class _Laid:
    """A figure as laid out: its pictures with their heights, that of its parts, and of its page.

    `pieces` is on how many pages it stands, `over` by how much it runs off one, and
    `last` is the index of the last of them. All others are in CSS px.
    """

    pictures: dict[ET.Element, float] = field(default_factory=dict)
    height: float = 0.0
    room: float = 0.0
    pieces: int = 0
    over: float = 0.0
    last: int = 0


def fit_figures(
    pages: Sequence[Any], since: int = 0, running: Container[ET.Element] = ()
) -> list[ET.Element]:
    """Shrink the pictures of figures that do not fit their page; the pictures that were shrunk.

    Only what stands on the page at index `since`, or on one behind it, is looked at, and no figure
    that is `running` on behind these pages.
    """
    changed: list[ET.Element] = []
    for laid in _figures(pages, running):
        over = max(laid.over, laid.height - laid.room if laid.pieces > 1 else 0.0)
        if over <= _CLOSE or not laid.pictures or laid.last < since:
            continue
        whole = sum(laid.pictures.values())
        scale = (whole - over - _ROOM) / whole
        for picture, height in laid.pictures.items():
            lower = max(height * scale, _LEAST)
            if lower < height - _CLOSE:
                picture.set("style", _sized(picture.get("style", ""), lower))
                changed.append(picture)
    return changed


def _sized(style: str, height: float) -> str:
    """The style of a picture that is this high, and as wide as it then is."""
    others = re.sub(r"(?<![\w-])(?:max-)?(?:width|height)\s*:[^;]*;?", "", style).strip("; ")
    return "; ".join(filter(None, (others, f"width:auto; height:{height:.2f}px; max-height:none")))


def _figures(pages: Sequence[Any], running: Container[ET.Element]) -> Iterator[_Laid]:
    """Each figure that holds no other, and each picture outside figures."""
    found: dict[ET.Element, _Laid] = {}
    for index, body in enumerate(pages):
        bottom = body.content_box_y() + body.height
        for element, box, crowded in _holders(body):
            laid = found.setdefault(element, _Laid())
            pictures = [inner for inner in _all(box) if _is_picture(inner)]
            for picture in pictures:
                laid.pictures[picture.element] = picture.height
                over = picture.position_y + picture.margin_height() - bottom
                laid.over = max(laid.over, over, body.height * _HEAD if crowded else 0.0)
            laid.height += box.border_height() if pictures or not laid.pieces else box.height
            laid.room = max(laid.room, body.height)
            laid.pieces += 1
            laid.last = index
    yield from (laid for element, laid in found.items() if element not in running)


def _holders(box: Any, crowded: bool = False) -> Iterator[tuple[ET.Element, Any, bool]]:
    """The boxes of figures that hold no other figure, and of pictures that stand in none.

    Each with whether it is `crowded`: in a table that has no room on this page for its head.
    """
    box = getattr(box, "_box", box)  # an absolute box stands behind a placeholder
    element = box.element
    figure = element is not None and element.tag == "figure" and "::" not in str(box.element_tag)
    if _is_picture(box) or (figure and element.find(".//figure") is None):
        yield element, box, crowded
        return
    children = getattr(box, "children", ())
    if box.element_tag == "table" and element.find("thead") is not None:
        crowded = not any(getattr(child, "is_header", True) for child in children)
    for child in children:
        yield from _holders(child, crowded)


def _all(box: Any) -> Iterator[Any]:
    box = getattr(box, "_box", box)
    yield box
    for child in getattr(box, "children", ()):
        yield from _all(child)


def _is_picture(box: Any) -> bool:
    return hasattr(box, "replacement") and box.element is not None and box.element.tag == "img"
