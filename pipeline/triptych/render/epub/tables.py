"""Tables in an e-book: they run on from page to page, and no column is lost at the edge.

In: a table of the text. Out: the table in a frame, whose class says how it is shown. Reading
systems set pages as columns. What scrolls sideways has no breaks there, so rows below the foot of a
page would be lost: only a short table may scroll.
"""

from __future__ import annotations

from triptych.render.parts import framed
from triptych.tree import Element, text_of

_NARROW = 19.0
"""The width of a phone's page, in em of a table."""
_LETTER, _GAP = 0.52, 0.9
"""The mean width of a letter, and the space beside a cell, in em."""
_SHORT = 12
"""So many lines of rows stand on any page."""


def frame_table(table: Element) -> None:
    """Put a table in a frame; one wider than a phone scrolls, or is set small if it is long."""
    frame = framed(table)
    if _least_width(table) > _NARROW:
        frame.set("class", f"table-frame {'wide' if _lines(table) <= _SHORT else 'small'}")


def _least_width(table: Element) -> float:
    """The width of a table whose cells break at every space, in em."""
    columns: dict[int, int] = {}
    for row in table.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        if any(cell.get("colspan", "1") != "1" for cell in cells):
            continue
        for number, cell in enumerate(cells):
            longest = max(map(len, text_of(cell).split()), default=0)
            columns[number] = max(columns.get(number, 0), longest)
    return sum(letters * _LETTER + _GAP for letters in columns.values())


def _lines(table: Element) -> int:
    """How many lines the rows have, where each cell is as narrow as it can be."""
    return sum(
        max((len(text_of(cell).split()) for cell in row if cell.tag in ("td", "th")), default=0)
        for row in table.iter("tr")
    )
