"""Page labels: what a PDF says its pages are called (ISO 32000-1, 12.4.2).

pikepdf's `Page.label` is not used: after Z it counts AA, AB like a spreadsheet, while the standard
counts AA, BB.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def page_labels(root: Any, count: int) -> tuple[str, ...]:
    """The page labels of a document, from its catalogue; plain numbers if it has none.

    >>> page_labels({"/PageLabels": {"/Nums": [0, {"/S": "/r"}, 2, {"/S": "/D", "/P": "A-"}]}}, 4)
    ('i', 'ii', 'A-1', 'A-2')
    """
    ranges = dict(_ranges(root.get("/PageLabels"), set()))
    labels = []
    first, given = 0, ranges.get(0, {"/S": "/D"})
    for page in range(count):
        if page in ranges:
            first, given = page, ranges[page]
        number = int(given.get("/St", 1)) + page - first
        labels.append(str(given.get("/P", "")) + _numeral(str(given.get("/S", "")), number))
    return tuple(labels)


def _ranges(node: Any, seen: set[tuple[int, int]]) -> Iterator[tuple[int, Any]]:
    """The page ranges of a number tree (7.9.7), by their first page; each node is read once."""
    if node is None or getattr(node, "objgen", None) in seen:
        return
    if getattr(node, "is_indirect", False):
        seen.add(node.objgen)
    numbers = node.get("/Nums", [])
    for index in range(0, len(numbers) - 1, 2):
        yield int(numbers[index]), numbers[index + 1]
    for kid in node.get("/Kids", []):
        yield from _ranges(kid, seen)


_LARGEST = 10_000
"""No page of a book has a larger number; in Roman numerals or letters it would have no end."""


def _numeral(style: str, number: int) -> str:
    if number > _LARGEST and style != "/D":
        return str(number)
    match style:
        case "/D":
            return str(number)
        case "/r" | "/R":
            written = ""
            for value, letters in _ROMAN:
                written += letters * (number // value)
                number %= value
            return written.upper() if style == "/R" else written
        case "/a" | "/A":  # a to z, then aa to zz, and so on
            letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
            return letter.upper() if style == "/A" else letter
        case _:
            return ""
