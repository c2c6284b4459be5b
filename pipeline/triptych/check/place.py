"""Places in finished files: which element a validator means.

Validators name a place in a page by line and column, or by a CSS selector. In a book they name the
page as well. In: a file and such a `Location`. Out: the elements that enclose it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree.ElementTree import Element

from triptych.tree import VOID
from triptych.validators import Location
from triptych.witness.archive import opened

_BLOCKS = frozenset("p li td th dd dt caption figcaption h1 h2 h3 h4 h5 h6".split())


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What encloses a place.

    `ids` are those of the enclosing elements, the nearest first, without ids that occur twice in
    the page. `outright` says whether the first of them is the very element that was meant. `text`
    is that of the nearest paragraph, heading, caption, cell or item; it is empty if there is none.
    """

    ids: tuple[str, ...] = ()
    outright: bool = False
    text: str = ""


def surroundings(file: Path, location: Location) -> Surroundings:
    """What encloses a place in a page or book; empty if that is not known."""
    if not (location.line or location.selector):
        return Surroundings()
    try:
        page = _read(_markup(file, location.page))
    except (OSError, LookupError, ValueError, RuntimeError):
        return Surroundings()
    if location.line:
        path = page.at(location.line, location.column or 1)
    else:
        path = page.selected(location.selector)
    ids = tuple(filter(None, map(page.id_of, path)))
    block = next((element for element in path if element.tag in _BLOCKS), None)
    return Surroundings(
        ids,
        outright=bool(path and page.id_of(path[0])),
        text="" if block is None else " ".join("".join(block.itertext()).split()),
    )


def _markup(file: Path, page: str) -> str:
    """The text of the page: one of a book, or the file itself. Raises KeyError if there is none."""
    if file.suffix in (".html", ".xml"):
        return file.read_text("utf-8")
    if file.suffix != ".epub" or not page.endswith((".html", ".xhtml")):
        raise KeyError(page)
    with opened(file.read_bytes()) as book:
        # Ace counts from the package's folder, EPUBCheck from the book's.
        names = [name for name in book.namelist() if f"/{name}".endswith(f"/{page}")]
        if len(names) != 1:
            raise KeyError(page)
        return book.read(names[0]).decode("utf-8")


class _Page(HTMLParser):
    """A page's elements, each with its span in the text, as (line, column) from 1."""

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
        """An element's id, unless another element has it too."""
        name = element.get("id", "")
        return name if self._ids[name] == 1 else ""

    def at(self, line: int, column: int) -> list[Element]:
        """The elements around a place, the innermost first."""
        place = (line, column)
        around = [e for e, (start, end) in self._spans.items() if start <= place < end]
        return self._up(around[-1]) if around else []

    def selected(self, selector: str) -> list[Element]:
        """The element that a selector matches, and those around it; nothing if several match."""
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
