"""What is asked of the elements of a page: their names, lists, numbers, addresses and scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import cssselect2

from triptych.witness.reading import Embedded

WORDLESS = frozenset(
    """annotation annotation-xml audio button canvas datalist dialog embed head iframe img input
    link meta meter noembed noframes noscript object progress script select style svg template
    textarea title video""".split()
)
"""Elements whose text is not running text, or not shown."""


def named_within(element: Any) -> Iterator[Any]:
    """The elements with ids inside one whose text is not read."""
    if element.local_name in WORDLESS:
        yield from (node for node in element.etree_element.iter() if node.get("id"))


def ancestors(element: Any) -> list[Any]:
    """The elements around one, the innermost first."""
    found = []
    while element.parent is not None:
        element = element.parent
        found.append(element)
    return found


def listed(node: Any, depth: int) -> Iterator[tuple[int, str, str]]:
    """The links in the lists of an element, each with its depth; not those of sections in it."""
    for child in node:
        tag = local(child)
        if tag == "a":
            yield depth, "".join(child.itertext()), child.get("href", "")
        elif tag in ("ol", "ul"):
            yield from listed(child, depth + 1)
        elif tag != "section":
            yield from listed(child, depth)


def titled(node: Any) -> str:
    """The heading with which a part begins."""
    first = next((child for child in node if re.fullmatch("h[1-6]", local(child))), None)
    return "" if first is None else "".join(first.itertext())


def local(node: Any) -> str:
    """The name of an element without its namespace; empty for what is none."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def numbered(ol: Any) -> Iterator[tuple[Any, int]]:
    """The items of a list with the numbers that a browser gives them (HTML standard, 4.4.5)."""
    items = [item for item in ol if local(item) == "li"]
    step = -1 if "reversed" in ol.attrib else 1
    begun = _whole(ol.get("start", ""))
    number = (len(items) if step < 0 else 1) if begun is None else begun
    for item in items:
        value = _whole(item.get("value", ""))
        number = number if value is None else value
        yield item, number
        number += step


def _whole(value: str) -> int | None:
    """The whole number that a value begins with (HTML standard, 2.3.4.1)."""
    found = re.match(r"[ \t\n\f\r]*([+-]?[0-9]+)", value)
    return int(found[1]) if found else None


def joined(page: str, path: str) -> str:
    """A path relative to a page, as a path in the book."""
    parts = page.split("/")[:-1]
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in (".", ""):
            parts.append(part)
    return "/".join(parts)


def wrapped(tree: Any, html: bool) -> Any:
    """An element tree as cssselect2 needs it."""
    make = (
        cssselect2.ElementWrapper.from_html_root
        if html
        else cssselect2.ElementWrapper.from_xml_root
    )
    return make(tree)


def scripts(root: Any) -> Iterator[Embedded]:
    """Scripts that run, and redirections; data blocks such as JSON-LD are neither."""
    for element in root.iter_subtree():
        node, tag = element.etree_element, element.local_name
        kind = node.get("type", "").lower()
        if tag == "script" and (not kind or "javascript" in kind or kind == "module"):
            code = node.get("src") or "".join(node.itertext())
            yield Embedded("script", node.get("src") or "a script", digest(code.strip()))
        if tag == "meta" and node.get("http-equiv", "").lower() == "refresh":
            yield Embedded("script", "a redirection", digest(node.get("content", "")))
        for name in list(node.attrib):
            if name.startswith("on") or node.get(name, "").strip().lower().startswith(
                "javascript:"
            ):
                yield Embedded("script", name, digest(node.get(name, "")))


def digest(text: str) -> str:
    """The SHA-256 of a text, in hex."""
    return sha256(text.encode()).hexdigest()
