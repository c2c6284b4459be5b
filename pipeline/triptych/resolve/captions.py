"""Captions that bring a number of their own, such as `Figure 1: A map` or `(a) Left`.

In: the tree, its floats numbered. Out: captions without the author's number where it is the one
that the press gives, and a diagnostic where it is another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from triptych.diagnostics import Diagnostic
from triptych.ledger import Numbered
from triptych.resolve.label_words import RUN_TOGETHER, said_beside
from triptych.resolve.source_map import SourceMap
from triptych.terms import terms_for
from triptych.tree import Element, remove, text_of, with_class

_FLOATS = ("figure", "table", "listing", "algorithm")
_NUMBER = r"(?P<number>(?:[A-Z]\.?)?\d+(?:[.–-]\d+)*[a-z]?)"
_STOP = r"\s*(?P<stop>[.:：．|—–-]+\s*|\s+|$)"
_BEFORE = re.compile(rf"\s*(?P<word>[^\W\d][^\d:()]{{0,24}}?)\s*{_NUMBER}{_STOP}")
_BEHIND = re.compile(rf"\s*{_NUMBER}(?P<word>[.-]?\s*[^\W\d]+){_STOP}")
_LETTER = re.compile(r"\s*\(?(?P<number>[a-z])\)[.:]?\s+")


def drop_own_numbers(
    body: Element, numbered: Iterable[Numbered], terms: Mapping[str, str], source_map: SourceMap
) -> tuple[tuple[Numbered, ...], tuple[Diagnostic, ...]]:
    """Take the author's own numbers out of captions. Return what is numbered, and what is told."""
    elements = {e.get("id", ""): e for e in body.iter("figure", "table") if e.get("id")}
    found: list[Numbered] = []
    told: list[Diagnostic] = []
    for item in numbered:
        floats = item.kind in (*_FLOATS, "panel") and item.id in elements
        words = _words(elements[item.id]) if floats else None
        first = None if words is None else _first(words)
        label = None if first is None else _own_label(item, first.text or "", terms)
        if words is not None and first is not None and label is not None:
            if label["number"] == _given(item):
                _cut(words, first, label.end())
                item = replace(item, title=text_of(words, leaving_out="noteref"))
            elif item.kind != "panel":
                told.append(_told(item, label[0], source_map))
        found.append(item)
    return tuple(found), tuple(told)


def _words(element: Element) -> Element | None:
    """The words of an element's own caption, without the label that the press put before them."""
    caption = element.find("figcaption" if element.tag == "figure" else "caption")
    return None if caption is None else next(iter(with_class(caption, "caption")), None)


def _first(words: Element) -> Element | None:
    """Where a caption begins: in itself, or in the bold or italic words at its head."""
    if (words.text or "").strip():
        return words
    first = words[0] if len(words) else None
    return first if first is not None and first.tag in ("strong", "em", "b", "i") else None


def _own_label(item: Numbered, text: str, terms: Mapping[str, str]) -> re.Match[str] | None:
    """The label that an author wrote at the head of a caption."""
    if item.kind == "panel":
        return _LETTER.match(text)
    languages = (terms, terms_for("en"))
    if found := _BEFORE.match(text):
        ends = found["stop"].strip() or found.end() == len(text) or RUN_TOGETHER.search(text)
        if ends and said_beside(item, found["word"], "", languages):
            return found
    if (found := _BEHIND.match(text)) and found["stop"].strip():
        return found if said_beside(item, "", found["word"], languages) else None
    return None


def _given(item: Numbered) -> str:
    """The number of a float; of a panel its letter."""
    return item.number.lstrip("0123456789.") if item.kind == "panel" else item.number


def _cut(words: Element, first: Element, end: int) -> None:
    first.text = (first.text or "")[end:]
    if first is not words and not first.text and not len(first):
        first.tail = (first.tail or "").lstrip(" .:：|—–-")
        remove(first)


def _told(item: Numbered, label: str, source_map: SourceMap) -> Diagnostic:
    own = label.strip(" .:：．|—–-")
    return source_map.diagnostic(
        source_map.next(label.strip()), "caption-number",
        f"a caption calls itself {own}, but it is {item.label}",
        "leave the number out of the caption, and refer to it by its label", "warning",
    )  # fmt: skip
