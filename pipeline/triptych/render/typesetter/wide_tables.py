"""Tables that do not fit their page: long words in them break, they are set smaller, or turned.

In: pages as WeasyPrint laid them out. Out: the tree of elements, changed for another layout, and
what was done to which table. A table is known by its frame, a `div` of class `table-frame`.
"""

from __future__ import annotations

import functools
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
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


_USUAL = Misfit("", USUAL_PT, turned=False)
"""A table that is set in type of the usual size all the same."""


@dataclass(slots=True)
class _Laid:
    """A table as laid out: the element of its frame, its width and its room, in CSS px.

    `last` is the index of the last of its `pages`.
    """

    frame: ET.Element
    width: float
    room: float
    pages: int = 1
    last: int = 0


def fit_tables(pages: Sequence[Any], since: int = 0) -> dict[ET.Element, Misfit]:
    """Change the tables that do not fit, for another layout; what was changed, by frame or row.

    Only what stands on the page at index `since`, or on one behind it, is looked at.
    """
    widening = widening_of(pages[-1])
    changed: dict[ET.Element, Misfit] = {}
    for laid in _tables(pages):
        if laid.last < since:
            continue
        misfit = fit_width(laid.frame, laid.width, laid.room, widening)
        if misfit is None and laid.pages > 1:
            misfit = let_break(laid.frame)
        if misfit is not None:
            changed[laid.frame] = misfit
    for row in _tall_rows(pages, since):
        row.set("class", "tall")
        changed[row] = _USUAL
    return changed


def widening_of(page: Any) -> float:
    """By how much a page is wider when it is turned."""
    sides = page.margin_width(), page.margin_height()
    return float(max(sides) / min(sides))


def fit_width(frame: ET.Element, width: float, room: float, widening: float) -> Misfit | None:
    """Change a table that is wider than its room for another layout; None where it is not."""
    over = width / room
    if over <= 1.005:
        return None
    classes = (frame.get("class") or "").split()
    gain = 1 if "turned" in classes else widening
    if _shrink_pictures(frame, room, over) or _break_words(frame, over / gain):
        return _USUAL
    return _shrink(frame, over, widening, classes)


def let_break(frame: ET.Element) -> Misfit | None:
    """Let a table run over pages; None where it may."""
    classes = (frame.get("class") or "").split()
    if "long" in classes or "turned" in classes:
        return None
    frame.set("class", " ".join([*classes, "long"]))
    return _USUAL


def _tall_rows(pages: Sequence[Any], since: int) -> list[ET.Element]:
    """The rows that no page holds and that were still to stay on one."""
    found: dict[ET.Element, list[int]] = {}
    for index, page in enumerate(pages):
        for frame in frames_in(page):
            groups = (box for box in frame.descendants() if box.element_tag == "tbody")
            for row in {row.element for group in groups for row in group.children}:
                found.setdefault(row, []).append(index)
    return [
        row
        for row, on in found.items()
        if len(on) > 1 and on[-1] >= since and row.get("class") != "tall"
    ]


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


def _shrink_pictures(frame: ET.Element, room: float, over: float) -> bool:
    """Shrink pictures that take more than an even share of the room; tell whether any do.

    They become as small as the table needs. Where that was not enough before, they become as small
    as their share.
    """
    share = _SHARE * room / max(len(row) for row in frame.iter("tr"))
    enough = 0.0 if frame.get("data-pictures") else _ROOM / over
    frame.set("data-pictures", "smaller")
    shrunk = False
    for picture in (*frame.iter("img"), *frame.iter("{http://www.w3.org/2000/svg}svg")):
        asked = _WIDTH.search(style := picture.get("style", ""))
        width = float(asked[1]) * _PX[asked[2]] if asked else 0.0
        if width > share * 1.005:
            scale = max(share / width, enough)
            picture.set("style", _LENGTH.sub(functools.partial(_scaled, scale), style))
            shrunk = True
    return shrunk


def _break_words(frame: ET.Element, over: float) -> bool:
    """Let long words break where a turned page does not help either; tell whether any do.

    `over` is by how much the table is too wide for such a page. Digests and addresses are such
    words: no type is small enough for them.
    """
    if float(frame.get("data-size", USUAL_PT)) / over >= SMALL_PT:
        return False
    cells = [
        cell for cell in frame.iter() if cell.tag in ("td", "th")
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


def _tables(pages: Sequence[Any]) -> Iterator[_Laid]:
    """Each table once, with the number of its pages and the width of its widest piece."""
    found: dict[ET.Element, _Laid] = {}
    for index, page in enumerate(pages):
        for frame in frames_in(page):
            for piece in pieces_of(frame):
                known = found.setdefault(frame.element, _Laid(frame.element, 0, frame.width, 0))
                known.width = max(known.width, piece.margin_width())
                known.pages += 1
                known.last = index
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
