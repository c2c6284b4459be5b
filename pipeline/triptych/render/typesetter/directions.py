"""Stretches that run against their line, where they cross the edges of elements.

In: the elements of a page. Out: the same, each such stretch in a `span` with its direction.

WeasyPrint finds directions within each text only, and sets what stands in a line side by side in
the direction of the paragraph. So the parts of H<sub>2</sub>O stand as O₂H in an Arabic sentence,
and Arabic words change places in an English one where some of them are in italics. Here they are
found for a line as a whole, as the Unicode bidirectional algorithm has it (UAX #9).

Whether a number belongs to the words from the left beside it cannot be seen in a line from the
right. Such words have a `span` also where they cross nothing, and tags tell a reader of the page.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from itertools import pairwise
from unicodedata import bidirectional

from triptych.direction import Direction, direction_of
from triptych.render.typesetter.engine import embedding_levels

Item = str | ET.Element
"""What an element holds: a text, or another element."""

_INLINE = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup time "
    "u var".split()
)
_WHOLE = frozenset(("formula", "img", "note"))
"""What stands in a line as one thing, besides what has a direction of its own."""
_THING = "\N{OBJECT REPLACEMENT CHARACTER}"


def set_directions(element: ET.Element, around: Direction = "ltr") -> None:
    """Give stretches that run against their line a direction, in an element and all it holds."""
    own: Direction = "rtl" if element.get("dir", around) == "rtl" else "ltr"
    made: list[Item] = []
    line: list[Item] = []
    for item in _items(element):
        if isinstance(item, str) or _is_inline(item) or _is_whole(item):
            line.append(item)
        else:
            made += [*_directed(line, own), item]
            line = []
    _fill(element, [*made, *_directed(line, own)])
    for below in _contexts(element):
        set_directions(below, own)


def _contexts(element: ET.Element) -> Iterator[ET.Element]:
    """The nearest elements below that have lines of their own, or a direction."""
    for child in element:
        if _is_inline(child):
            yield from _contexts(child)
        elif not _is_formula(child):
            yield child


def _is_inline(element: ET.Element) -> bool:
    """Whether the texts of an element are part of the line around it."""
    paragraph = "para" in element.get("class", "").split()
    return element.tag in _INLINE and not element.get("dir") and not paragraph


def _is_whole(element: ET.Element) -> bool:
    directed = element.tag in _INLINE and element.get("dir") is not None
    return element.tag in _WHOLE or _is_formula(element) or directed


def _is_formula(element: ET.Element) -> bool:
    return element.tag.startswith("{")


def _directed(line: list[Item], own: Direction) -> list[Item]:
    """A line whose stretches that run against it have a direction where they need one."""
    said = "".join(map(_said, line))
    kinds = {bidirectional(letter) for letter in set(said)}
    if not kinds & ({"L", "EN", "AN"} if own == "rtl" else {"R", "AL"}):
        return line
    against: Direction = "ltr" if own == "rtl" else "rtl"
    stretches = _against(embedding_levels(said, own), own)
    gaps = [said[end:start] for (_, end), (start, _) in pairwise(stretches)]
    for number, (start, end) in reversed(list(enumerate(stretches))):
        near = gaps[max(number - 1, 0) : number + 1]
        apart = all(map(direction_of, near)) or direction_of(said[start:end]) is None
        line = _wrapped(line, start, end, against, anywhere=own == "rtl" and not apart)
    return line


def _against(levels: Sequence[int], own: Direction) -> list[tuple[int, int]]:
    """Start and end of each stretch whose level (UAX #9, 3.3) is not that of its line."""
    edges = [0, *(at for at in range(1, len(levels)) if levels[at] != levels[at - 1]), len(levels)]
    base = 1 if own == "rtl" else 0
    found: list[tuple[int, int]] = []
    for start, end in pairwise(edges):
        if levels[start] <= base:
            continue
        if found and found[-1][1] == start:
            start = found.pop()[0]
        found.append((start, end))
    return found


def _wrapped(
    line: list[Item], start: int, end: int, direction: Direction, *, anywhere: bool
) -> list[Item]:
    """A line with a `span` around what stands from `start` to `end`.

    It is left as it is where that is within one text, unless asked for `anywhere`.
    """
    before: list[Item] = []
    inside: list[Item] = []
    after: list[Item] = []
    at = 0
    for item in line:
        length = len(_said(item))
        first, last = (min(max(edge - at, 0), length) for edge in (start, end))
        if at <= start and end <= at + length:
            if isinstance(item, ET.Element):
                _fill(item, _wrapped(_items(item), first, last, direction, anywhere=anywhere))
            if isinstance(item, ET.Element) or not anywhere:
                return line
        parts = _divided(item, first, last)
        for place, part in zip((before, inside, after), parts, strict=True):
            place += [part] if part is not None else []
        at += length
    span = ET.Element("span", {"dir": direction, "class": "stretch"})
    _fill(span, inside)
    return [*before, span, *after]


def _divided(item: Item, first: int, last: int) -> tuple[Item | None, Item | None, Item | None]:
    """What of an item stands before `first`, between, and behind `last`."""
    if isinstance(item, str):
        return item[:first], item[first:last], item[last:]
    length = len(_said(item))
    if first == last:
        return (item, None, None) if first == length else (None, None, item)
    left, middle = _cut(item, first)
    middle, right = _cut(middle, last - first) if middle is not None else (None, None)
    return left, middle, right


def _cut(element: ET.Element, at: int) -> tuple[ET.Element | None, ET.Element | None]:
    """The two parts of an element, the second without its id."""
    length = len(_said(element))
    if at in (0, length):
        return (None, element) if at == 0 else (element, None)
    left: list[Item] = []
    right: list[Item] = []
    for item in _items(element):
        cut = min(max(at, 0), len(_said(item)))
        parts = (item[:cut], item[cut:]) if isinstance(item, str) else _cut(item, cut)
        left += [parts[0]] if parts[0] is not None else []
        right += [parts[1]] if parts[1] is not None else []
        at -= len(_said(item))
    other = ET.Element(element.tag, {k: v for k, v in element.attrib.items() if k != "id"})
    _fill(element, left)
    _fill(other, right)
    return element, other


def _said(item: Item) -> str:
    """What an item says in its line."""
    if isinstance(item, str):
        return item
    if not _is_inline(item):
        return _THING
    return "".join(map(_said, _items(item)))


def _items(element: ET.Element) -> list[Item]:
    """The texts and elements in an element."""
    items: list[Item] = [element.text or ""]
    for child in element:
        items += [child, child.tail or ""]
    return [item for item in items if item != ""]


def _fill(element: ET.Element, items: Sequence[Item]) -> None:
    """Let an element hold these, and nothing else."""
    tail = element.tail
    element.text = None
    element[:] = []
    for item in items:
        if isinstance(item, ET.Element):
            item.tail = None
            element.append(item)
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + item
        else:
            element.text = (element.text or "") + item
    element.tail = tail
