"""Rows of figures or tables that do not fit their page: their cells are set one below the other.

In: pages as WeasyPrint laid them out. Out: the tree of elements, changed for another layout. A row
is a `div` of class `side-by-side`.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from typing import Any

from triptych.render.typesetter.wide_tables import classes_of, frames_in, pieces_of


def has_rows(root: ET.Element) -> bool:
    """Whether there are such rows in a tree."""
    return any(_is_row(element.get("class")) for element in root.iter("div"))


def take_apart(pages: Sequence[Any], since: int = 0) -> list[ET.Element]:
    """Take apart rows that run over a page or have too wide a table; these rows.

    Only what stands on the page at index `since`, or on one behind it, is looked at.
    """
    found: dict[ET.Element, list[int]] = {}
    wide: dict[ET.Element, None] = {}
    for index, page in enumerate(pages):
        for row in _rows(page):
            found.setdefault(row.element, []).append(index)
            if any(piece.margin_width() > frame.width * 1.005
                   for frame in frames_in(row) for piece in pieces_of(frame)):  # fmt: skip
                wide[row.element] = None
    apart = [row for row, on in found.items() if on[-1] >= since and (len(on) > 1 or row in wide)]
    for row in apart:
        row.set("class", "apart")
    return apart


def _is_row(classes: str | None) -> bool:
    return "side-by-side" in (classes or "").split()


def _rows(box: Any) -> Iterator[Any]:
    box = getattr(box, "_box", box)  # an absolute box stands behind a placeholder
    if "side-by-side" in classes_of(box):
        yield box
    for child in getattr(box, "children", ()):
        yield from _rows(child)
