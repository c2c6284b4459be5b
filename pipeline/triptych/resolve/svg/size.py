"""How much a drawing draws, counted before it is drawn: `use` may double it with each step.

In: an SVG. Out: what is too much in it, in words.
"""

from __future__ import annotations

from collections import Counter

from lxml import etree

from triptych.expansion import endless

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = ("href", "{http://www.w3.org/1999/xlink}href")
_MOST = 100_000
"""Elements. A detailed map has some thousands."""


def too_much_drawn(data: bytes) -> str:
    """Why a drawing would take too long to draw; empty where it may be drawn.

    Raises XMLSyntaxError where it is not well-formed.
    """
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    sizes: Counter[str] = Counter()
    calls: dict[str, list[str]] = {"": []}
    around = [""]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            around.pop()
            continue
        here, name = around[-1], element.get("id", "")
        if name and name not in around:  # an id given twice is a mistake, and uses nothing
            calls.setdefault(here, []).append(name)
            here = name
        around.append(here)
        sizes[here] += 1
        calls.setdefault(here, [])
        if element.tag == f"{_SVG}use":
            target = next((element.get(href, "") for href in _HREF if element.get(href)), "")
            calls[here].append(target.removeprefix("#"))
    found = endless(sizes, calls, _MOST)
    if found is None:
        return ""
    what = f"#{found.name}" if found.name else "it"
    if found.why == "itself":
        return f"{what} stands within itself"
    return f"{what} draws more than {_MOST:,} elements"
