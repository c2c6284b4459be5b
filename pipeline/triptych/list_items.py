"""Lists: what is printed before each item, its bullet or its number.

HTML says how lists count (4.4.5), and CSS what each number looks like (CSS Counter Styles 3, 6).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from triptych.tree import Element, has_class

BULLET = "•"
"""Any bullet. Which one is drawn is a matter of design."""

COUNTERS: Mapping[str, str] = {
    "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman",
}  # fmt: skip
"""What CSS calls the ways to count that HTML has a type for."""
_LATIN = {"lower-latin": "lower-alpha", "upper-latin": "upper-alpha"}
_STYLE = re.compile(r"list-style-type\s*:\s*([\w-]+)")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def list_items(node: Element) -> Iterator[tuple[Element, str]]:
    """The items of a list, each with what is printed before it: `•`, `3.`, `c.`, or nothing."""
    asked = _STYLE.search(node.get("style", ""))
    usual = COUNTERS.get(node.get("type", ""), "decimal") if node.tag == "ol" else "disc"
    kind = asked[1].lower() if asked else "none" if has_class(node, "task-list") else usual
    for item, count in counted(node):
        yield item, _printed(count, kind)


def counted(node: Element) -> Iterator[tuple[Element, int]]:
    """The items of a list, each with its number."""
    items = list(node.iterchildren("li"))
    step = -1 if node.get("reversed") is not None else 1
    count = _whole(node, "start", len(items) if step < 0 else 1)
    for item in items:
        count = _whole(item, "value", count)
        yield item, count
        count += step


def _printed(count: int, kind: str) -> str:
    kind = _LATIN.get(kind, kind)
    if kind in ("disc", "circle", "square"):
        return BULLET
    if kind == "none":
        return ""
    case = str.upper if kind.startswith("upper") else str.lower
    if kind.endswith("-alpha") and count > 0:
        letters = ""
        while count:
            count, letter = divmod(count - 1, 26)
            letters = chr(ord("a") + letter) + letters
        return f"{case(letters)}."
    if kind.endswith("-roman") and 0 < count < 4000:
        roman = ""
        for value, letters in _ROMAN:
            roman += letters * (count // value)
            count %= value
        return f"{case(roman)}."
    return f"{count}."


def _whole(node: Element, name: str, otherwise: int) -> int:
    """The whole number that an attribute gives."""
    found = re.fullmatch(r" *(-?\d{1,9}) *", node.get(name, ""))
    return int(found[1]) if found else otherwise
