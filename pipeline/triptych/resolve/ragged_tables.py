"""Tables drawn with lines, `+---+---+`, whose rows are wider or narrower than their border.

In: the text. Out: a warning at the first such row of each table. Pandoc takes cells by their
columns: it prints marks of the border as words, and may lose rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import combining, east_asian_width

from triptych.diagnostics import Diagnostic
from triptych.read.manuscript import without_code
from triptych.resolve.source_map import SourceMap

_TABLE = re.compile(r"^(?P<indent>[ \t>]*)\+-[-:+]*\+[ \t]*\n(?:(?P=indent)[+|].*\n?)+", re.M)


def tell_ragged_tables(source_map: SourceMap) -> Iterator[Diagnostic]:
    """Tell the first row of each drawn table that does not fit its border."""
    if "+-" not in source_map.text:
        return
    for table in _TABLE.finditer(without_code(source_map.text)):
        at = table.start()
        border, *rows = table[0].splitlines(keepends=True)
        at += len(border)
        for row in rows:
            if not _fits(row.rstrip(), border.rstrip()):
                yield source_map.diagnostic(
                    at + len(table["indent"]), "table-ragged",
                    "this row of the table is not as wide as its border, and is not read as meant",
                    "draw all lines of the table equally wide, each bar under the plus above it",
                    "warning",
                )  # fmt: skip
                break
            at += len(row)


def _fits(row: str, border: str) -> bool:
    """Whether a row is as wide as its border, by signs or by the columns that they take."""
    return len(row) == len(border) or _columns(row) == _columns(border)


def _columns(line: str) -> int:
    return sum(
        0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in line
    )
