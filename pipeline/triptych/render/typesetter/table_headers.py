"""Which heads each cell of a table has, by the rules of HTML (HTML, 4.9.12.2).

In: a table whose heads all have a scope. Out: for each data cell its heads.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator


def heads_of_cells(table: ET.Element) -> dict[ET.Element, list[ET.Element]]:
    """By data cell, the heads of its rows and then of its columns, each from outside in."""
    places = dict(_places(table))
    columns: dict[int, list[ET.Element]] = {}
    rows: dict[int, list[ET.Element]] = {}
    for cell, (over, beside) in places.items():
        if cell.tag == "th":
            kin, lines = (rows, over) if cell.get("scope") == "row" else (columns, beside)
            for line in lines:
                kin.setdefault(line, []).append(cell)
    return {
        cell: list(
            dict.fromkeys(
                [head for row in over for head in rows.get(row, ())]
                + [head for column in beside for head in columns.get(column, ())]
            )
        )
        for cell, (over, beside) in places.items()
        if cell.tag == "td"
    }


def _places(table: ET.Element) -> Iterator[tuple[ET.Element, tuple[range, range]]]:
    """Each cell with the rows and the columns that it covers, both from 0."""
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(table.iter("tr")):
        column = 0
        for cell in line:
            if cell.tag not in ("td", "th"):
                continue
            while (row, column) in taken:
                column += 1
            over = range(row, row + _span(cell, "rowspan"))
            beside = range(column, column + _span(cell, "colspan"))
            taken.update((r, c) for r in over for c in beside)
            yield cell, (over, beside)


def _span(cell: ET.Element, name: str) -> int:
    value = cell.get(name, "1")
    return max(1, int(value)) if value.isdecimal() else 1
