"""Places in finished files: which element a validator means.

Validators name a place in a page by line and column, or by a CSS selector; in a book, by the
page's path and one of these. In: a file and such a place. Out: the elements that enclose it.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree.ElementTree import Element

from triptych.tree import VOID

_BLOCKS = frozenset("p li td th dd dt caption figcaption h1 h2 h3 h4 h5 h6".split())

_LINE = re.compile(r"(?P<line>\d+)(?::(?P<column>\d+))?$")


@dataclass(frozen=True, slots=True)
class Place:
    """What encloses a place.

    `ids` are those of the enclosing elements, the nearest first, without those that stand twice
    in the page; `outright` tells whether the first of them is the very element meant; `text` is
    that of the nearest paragraph, heading, caption, cell or item, and is empty if there is none.
    """

    ids: tuple[str, ...] = ()
    outright: bool = False
    text: str = ""


def place_in(file: Path, where: str) -> Place:
    """The place that `where` names in a page or book; an empty one if it cannot be told."""
    try:
        markup, rest = _markup(file, where)
    except (OSError, KeyError, UnicodeDecodeError, zipfile.BadZipFile):
        return Place()
    page = _read(markup)
    if numbers := _LINE.match(rest):
        path = page.at(int(numbers["line"]), int(numbers["column"] or 1))
    else:
        path = page.selected(rest)
    ids = tuple(filter(None, map(page.id_of, path)))
    block = next((element for element in path if element.tag in _BLOCKS), None)
    return Place(
        ids,
        outright=bool(path and page.id_of(path[0])),
        text="" if block is None else " ".join("".join(block.itertext()).split()),
    )


def line_and_column(where: str) -> tuple[int, int] | None:
    """Line and column of a place in a page that is named so; a column of 0 is not known."""
    numbers = _LINE.fullmatch(where)
    return (int(numbers["line"]), int(numbers["column"] or 0)) if numbers else None


def _markup(file: Path, where: str) -> tuple[str, str]:
    """The page that is meant, and the place in it."""
    if file.suffix in (".html", ".xml"):
        return file.read_text("utf-8"), where
    if file.suffix != ".epub":
        raise KeyError(where)
    named = re.match(r"(?P<page>\S+?\.x?html)(?:[: ](?P<rest>.*))?$", where, re.S)
    if named is None:
        raise KeyError(where)
    with zipfile.ZipFile(file) as book:
        # Ace counts from the package's folder, EPUBCheck from the book's.
        names = [n for n in book.namelist() if f"/{n}".endswith(f"/{named['page']}")]
        if len(names) != 1:
            raise KeyError(where)
        return book.read(names[0]).decode("utf-8"), (named["rest"] or "").split(" and ")[0]


class _Page(HTMLParser):
    """A page's elements with the span each takes in its text, as (line, column) from 1."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.root = Element("page")
        self._open: list[Element] = [self.root]
        self._spans: dict[Element, tuple[tuple[int, int], tuple[int, int]]] = {}
        self._parents: dict[Element, Element] = {}
        self._ids: Counter[str] = Counter()
        self.feed(markup)
        self.close()

    def id_of(self, element: Element) -> str:
        """An element's id, if no other has it too."""
        name = element.get("id", "")
        return name if self._ids[name] == 1 else ""

    def at(self, line: int, column: int) -> list[Element]:
        """The elements around a place, the innermost first."""
        place = (line, column)
        around = [e for e, (start, end) in self._spans.items() if start <= place < end]
        return self._up(around[-1]) if around else []

    def selected(self, selector: str) -> list[Element]:
        """The one element a selector means and those around it; nothing if it means several."""
        import cssselect2

        document = next(iter(self.root), self.root)
        try:
            found = list(cssselect2.ElementWrapper.from_html_root(document).query_all(selector))
        except (cssselect2.SelectorError, ValueError):
            return []
        return self._up(found[0].etree_element) if len(found) == 1 else []

    def _up(self, element: Element | None) -> list[Element]:
        path = []
        while element is not None and element is not self.root:
            path.append(element)
            element = self._parents.get(element)
        return path

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self._open.append(self._open[-1][-1])

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        line, column = self.getpos()
        written = self.get_starttag_text() or ""
        lines = written.split("\n")
        end = (
            (line, column + 1 + len(written))
            if len(lines) == 1
            else (line + len(lines) - 1, len(lines[-1]) + 1)
        )
        self._spans[element] = (line, column + 1), end
        self._parents[element] = self._open[-1]
        self._ids[element.get("id", "")] += 1
        self._open[-1].append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in [element.tag for element in self._open[1:]]:
            return
        line, column = self.getpos()
        while True:
            element = self._open.pop()
            start, _ = self._spans[element]
            self._spans[element] = start, (line, column + 1 + len(f"</{tag}>"))
            if element.tag == tag:
                return

    def handle_data(self, data: str) -> None:
        parent = self._open[-1]
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + data
        else:
            parent.text = (parent.text or "") + data


@lru_cache(maxsize=16)
def _read(markup: str) -> _Page:
    return _Page(markup)
