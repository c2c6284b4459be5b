"""Pagination: the first word of each printed page, marked in e-book and web page.

With these marks, readers of both can cite and find a printed page (EPUB Accessibility 1.1, 4.1.3).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from triptych.text import Scribe, Text, from_plain
from triptych.tree import Element, make

_WORDLESS = frozenset("annotation annotation-xml img script style svg".split())


@dataclass(frozen=True, slots=True)
class PageBreak:
    """The page called `label` begins at this letter of the ledger's text, the first of a word."""

    label: str
    letter: int


def page_breaks(pages: Sequence[Sequence[str]], text: Text) -> tuple[PageBreak, ...]:
    """The page breaks of a work, from the lines of each of its pages.

    A word that continues on the next page belongs to the page on which it begins. Where the lines
    do not match the text, there are no breaks.
    """
    words = text.edges
    breaks: list[PageBreak] = []
    at = 0
    for number, lines in enumerate(pages, 1):
        start = at
        for line in lines:
            letters = from_plain(line).letters
            if text.letters.startswith(letters, at):
                at += len(letters)
            elif letters.endswith("-") and text.letters.startswith(letters[:-1], at):
                at += len(letters) - 1  # the hyphen belongs to the line
            else:
                return ()
        first = words[bisect_left(words, start)]
        if first < at:
            breaks.append(PageBreak(str(number), first))
    return tuple(breaks) if at == len(text.letters) else ()


def written(parts: Sequence[Element | None]) -> tuple[Written, ...]:
    """The pieces of text in the trees of a work, before anything is added to its words."""
    scribe = Scribe()
    return tuple(text for part in parts if part is not None for text in _texts(part, scribe))


def mark_pages(texts: Sequence[Written], breaks: Sequence[PageBreak]) -> list[Element]:
    """Put a mark at each page break: an empty span with the id `page-` and the page's label."""
    starts = [text.start for text in texts]
    return [
        texts[bisect_right(starts, broken.letter) - 1].split(broken) for broken in reversed(breaks)
    ]


@dataclass(frozen=True, slots=True)
class Written:
    """A piece of text in the tree: an element's own, or its tail; `start` is its first letter."""

    element: Element
    tail: bool
    start: int

    def split(self, broken: PageBreak) -> Element:
        """Put the mark of a page before the letter that begins it, or before its whole formula."""
        mark = make("span", id=f"page-{broken.label}", role="doc-pagebreak")
        mark.set("aria-label", broken.label)
        around = self.element.getparent()
        if _is_formula(self.element) and not self.tail and around is not None:
            around.insert(around.index(self.element), mark)
            return mark
        written = (self.element.tail if self.tail else self.element.text) or ""
        offset = bisect_right(
            range(len(written)), broken.letter - self.start,
            key=lambda end: len(from_plain(written[: end + 1]).letters),
        )  # fmt: skip
        mark.tail = written[offset:]
        parent = self.element.getparent()
        if not self.tail:
            self.element.text = written[:offset]
            self.element.insert(0, mark)
        elif parent is not None:
            self.element.tail = written[:offset]
            parent.insert(parent.index(self.element) + 1, mark)
        return mark


def _is_formula(element: Element) -> bool:
    return element.tag == "{http://www.w3.org/1998/Math/MathML}math"


def _texts(element: Element, scribe: Scribe) -> Iterator[Written]:
    """The pieces of text that hold letters, counted as the ledger counts them."""
    if not isinstance(element.tag, str) or etree.QName(element).localname in _WORDLESS:
        return
    if _is_formula(element):
        start = scribe.at
        for _ in _letters_within(element, scribe):
            pass
        if scribe.at > start:
            yield Written(element, False, start)
        return
    yield from _letters_within(element, scribe)


def _letters_within(element: Element, scribe: Scribe) -> Iterator[Written]:
    if etree.QName(element).localname in ("msqrt", "mroot"):
        scribe.write("√")
    yield from _counted(element, False, scribe)
    for child in element:
        yield from _texts(child, scribe)
        yield from _counted(child, True, scribe)


def _counted(element: Element, tail: bool, scribe: Scribe) -> Iterator[Written]:
    start = scribe.at
    scribe.write((element.tail if tail else element.text) or "")
    if scribe.at > start:
        yield Written(element, tail, start)
