"""Tables that do not fit their page: long words in them break, they are set smaller, or turned.

In: pages as WeasyPrint laid them out. Out: the tree of elements, changed for another layout, and
what was done to which table. A table is known by its frame, a `div` of class `table-frame`.
"""

from __future__ import annotations

import functools
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

USUAL_PT = 8.2
"""The size of a table's type, as `paged.css` has it."""
SMALL_PT = 6.2
"""A table whose type would be smaller than this is turned."""
LEGIBLE_PT = 5.0
_LEADING = 1.39
_ROOM = 0.97
"""Type is set a little smaller than the width asks for, since its words break differently."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A table that had to be changed: the words it begins with, and how it is set now.

    `size` is that of its type, in pt.
    """

    begins: str
    size: float
    turned: bool

    @property
    def legible(self) -> bool:
        """Whether the type is large enough to be read in print."""
        return self.size >= LEGIBLE_PT


@dataclass(slots=True)
class _Laid:
    """A table as laid out: the element of its frame, its width and its room, in CSS px."""

    frame: ET.Element
    width: float
    room: float
    pages: int = 1


def fit_tables(document: Any) -> tuple[Misfit, ...]:
    """Change the tables that do not fit for the next layout, and tell which were changed."""
    page = document.pages[-1]
    widening = max(page.width, page.height) / min(page.width, page.height)
    changed: list[Misfit] = []
    for laid in _tables(document):
        classes = (laid.frame.get("class") or "").split()
        over = laid.width / laid.room
        gain = 1 if "turned" in classes else widening
        if over > 1.005:
            if _shrink_pictures(laid, over) or _break_words(laid, over / gain):
                changed.append(Misfit("", USUAL_PT, turned=False))
            else:
                changed.append(_shrink(laid.frame, over, widening, classes))
        elif laid.pages > 1 and "long" not in classes:
            laid.frame.set("class", " ".join([*classes, "long"]))
            changed.append(Misfit("", USUAL_PT, turned=False))
    for row in _tall_rows(document):
        row.set("class", "tall")
        changed.append(Misfit("", USUAL_PT, turned=False))
    return tuple(changed)


def _tall_rows(document: Any) -> list[ET.Element]:
    """The rows that no page holds and that were still to stay on one."""
    pages: dict[ET.Element, int] = {}
    for page in document.pages:
        for frame in frames_in(page._page_box):
            for row in {box.element for box in frame.descendants() if box.element_tag == "tr"}:
                pages[row] = pages.get(row, 0) + 1
    return [row for row, count in pages.items() if count > 1 and row.get("class") != "tall"]


def _shrink(frame: ET.Element, over: float, widening: float, classes: list[str]) -> Misfit:
    """Set a table smaller, or turn it where it would become too small."""
    size = float(frame.get("data-size", USUAL_PT)) / over * _ROOM
    if "turned" not in classes and size < SMALL_PT:
        classes = [*classes, "turned"]
        size = min(USUAL_PT, size * widening)
    frame.set("class", " ".join(dict.fromkeys([*classes, "small"])))
    frame.set("data-size", f"{size:.2f}")
    table = frame.find("table")
    assert table is not None
    table.set("style", f"font-size:{size:.2f}pt;line-height:{size * _LEADING:.2f}pt")
    return Misfit(_begins(table), size, "turned" in classes)


def _shrink_pictures(laid: _Laid, over: float) -> bool:
    """Shrink pictures that take more than an even share of the room; tell whether any do.

    They become as small as the table needs. Where that was not enough before, they become as small
    as their share.
    """
    share = _SHARE * laid.room / max(len(row) for row in laid.frame.iter("tr"))
    enough = 0.0 if laid.frame.get("data-pictures") else _ROOM / over
    laid.frame.set("data-pictures", "smaller")
    shrunk = False
    for picture in (*laid.frame.iter("img"), *laid.frame.iter("{http://www.w3.org/2000/svg}svg")):
        asked = _WIDTH.search(style := picture.get("style", ""))
        width = float(asked[1]) * _PX[asked[2]] if asked else 0.0
        if width > share * 1.005:
            scale = max(share / width, enough)
            picture.set("style", _LENGTH.sub(functools.partial(_scaled, scale), style))
            shrunk = True
    return shrunk


def _break_words(laid: _Laid, over: float) -> bool:
    """Let long words break where a turned page does not help either; tell whether any do.

    `over` is by how much the table is too wide for such a page. Digests and addresses are such
    words: no type is small enough for them.
    """
    if float(laid.frame.get("data-size", USUAL_PT)) / over >= SMALL_PT:
        return False
    cells = [
        cell for cell in laid.frame.iter() if cell.tag in ("td", "th")
        and any(len(word) > _LONG for word in "".join(cell.itertext()).split())
        and _BREAKS not in cell.get("style", "")
    ]  # fmt: skip
    for cell in cells:
        cell.set("style", f"{cell.get('style', '')};{_BREAKS}".lstrip(";"))
    return bool(cells)


_LONG = 30
"""In letters. Hardly a word of any language is longer."""
_BREAKS = "overflow-wrap:anywhere"


def _scaled(scale: float, length: re.Match[str]) -> str:
    return f"{float(length[1]) * scale:.3f}{length[2]}"


_SHARE = 0.8
"""The part of a column that a picture may take, beside white and perhaps a word."""
_PX = {"mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "pt": 96 / 72, "px": 1.0}
_WIDTH = re.compile(r"(?<!-)\bwidth:\s*([\d.]+)(mm|cm|in|pt|px)")
_LENGTH = re.compile(r"([\d.]+)(mm|cm|in|pt|px)")


def _begins(table: ET.Element) -> str:
    """The first words of a table's cells."""
    for part in [*table.iter("th"), *table.iter("td")]:
        pieces = [part.text, *(child.tail for child in part)]
        if words := next((piece.strip() for piece in pieces if piece and piece.strip(" .")), ""):
            return words
    return ""


def _tables(document: Any) -> Iterator[_Laid]:
    """Each table once, with the number of its pages and the width of its widest piece."""
    found: dict[ET.Element, _Laid] = {}
    for page in document.pages:
        for frame in frames_in(page._page_box):
            for piece in pieces_of(frame):
                known = found.setdefault(frame.element, _Laid(frame.element, 0, frame.width, 0))
                known.width = max(known.width, piece.margin_width())
                known.pages += 1
    yield from found.values()


def frames_in(box: Any) -> Iterator[Any]:
    """The frames of tables in a box."""
    box = getattr(box, "_box", box)  # an absolute box stands behind a placeholder
    if "table-frame" in classes_of(box):
        yield box
        return
    for child in getattr(box, "children", ()):
        yield from frames_in(child)


def classes_of(box: Any) -> list[str]:
    """The classes of the element of a box."""
    if box.element is None or "::" in str(box.element_tag):
        return []
    return (box.element.get("class") or "").split()


def pieces_of(frame: Any) -> Iterator[Any]:
    """The boxes of the table in a frame."""
    boxes = (getattr(child, "_box", child) for child in frame.children)
    return (box for box in boxes if getattr(box, "is_table_wrapper", False))
