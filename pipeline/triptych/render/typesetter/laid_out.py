"""What pages show, read off the boxes that WeasyPrint laid out.

In: a document as WeasyPrint laid it out. Out: the lines of its text, its pictures, and the page of
each id.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

from weasyprint.formatting_structure.boxes import TextBox

from triptych.render.typesetter.formula_drawing import Formula


def places_of(document: Any) -> dict[str, str]:
    """By id, the number of the page on which it stands."""
    places: dict[str, str] = {}
    for number, page in enumerate(document.pages, 1):
        for name in page.anchors:
            places.setdefault(name, str(number))
    return places


def images_of(document: Any) -> Iterator[tuple[str, float]]:
    """The pictures that the pages show: the value of `data-image`, and the width in points."""
    for page in document.pages:
        for box in page._page_box.descendants():
            box = getattr(box, "_box", box)  # an absolute box stands behind a placeholder
            name = "" if box.element is None else box.element.get("data-image", "")
            if name and hasattr(box, "replacement"):
                yield name, box.width * 72 / 96


def lines_of(document: Any, root: ET.Element) -> Iterator[tuple[str, ...]]:
    """The lines in `main` of each page, without notes and without the repeated heads of tables."""
    main = root.find(".//main")
    inside = set() if main is None else set(main.iter())
    for note in [] if main is None else main.iter("note"):
        inside.difference_update(note.iter())
    repeated: set[ET.Element] = set()
    for page in document.pages:
        heads: set[ET.Element] = set()
        yield tuple(_lines_in(page._page_box, inside, repeated, heads))
        repeated |= heads


def _lines_in(
    box: Any, inside: set[ET.Element], repeated: set[ET.Element], heads: set[ET.Element]
) -> Iterator[str]:
    """The lines in a box. Heads of tables are added to `heads`, those in `repeated` left out."""
    box = getattr(box, "_box", box)  # an absolute box stands behind a placeholder
    tag = str(box.element_tag or "")
    if box.element in repeated or "::" in tag:
        return
    if tag == "thead":
        heads.add(box.element)
    if isinstance(box, TextBox):
        if box.element in inside:
            yield box.text
        return
    formula = getattr(box, "replacement", None)
    if isinstance(formula, Formula):
        if box.element in inside:
            yield formula.drawing.said
        return
    for child in getattr(box, "children", ()):
        yield from _lines_in(child, inside, repeated, heads)
