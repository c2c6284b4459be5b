"""What a witness tells: the types that all three readers give their answers in."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

from triptych.text import Text
from triptych.witness.geometry import Box


class UnreadableError(ValueError):
    """A file is not what it claims to be; the message says in what."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that a link leads to: a letter of the article, or of a note.

    `note` counts the notes from 0 in the order they are read; -1 is the article. Where the place
    is outside both (a contents list, a cover), `letter` is -1.
    """

    note: int
    letter: int


@dataclass(frozen=True, slots=True)
class LinkRead:
    """Letters `start` to `end` (not included) are a working link.

    `written` is its target as the file has it; `spot` where it leads within the work, None for
    an address elsewhere and for a dead link; `dead` why nothing is found there, if so. Where a
    place on a page may be either of two, `or_spot` is the second.
    """

    start: int
    end: int
    written: str
    spot: Spot | None = None
    dead: str = ""
    or_spot: Spot | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Letters `start` to `end` (not included) stand in the file, but are not what is seen.

    `hidden` text is not seen at all; `disguised` text is seen as something else, `moved` text in
    another place than that in which it is read.
    """

    kind: Literal["hidden", "disguised", "moved"]
    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Where the letters of a marked-up page stand: each mark holds from its letter on."""

    marks: tuple[tuple[int, str], ...] = ()

    def __call__(self, letter: int) -> str:
        """The place of a letter, such as `text-2.xhtml, p 4`."""
        index = bisect_right(self.marks, letter, key=lambda mark: mark[0]) - 1
        return self.marks[index][1] if index >= 0 else ""


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the letters of a printed text stand: page, from 1, and box in points."""

    places: tuple[tuple[int, Box], ...] = ()

    def __call__(self, letter: int) -> str:
        """The place of a letter, such as `page 7, 72 310 pt`."""
        if not self.places:
            return ""
        return _on_page(*self.places[min(max(letter, 0), len(self.places) - 1)])

    def areas(self, start: int, end: int) -> tuple[tuple[int, Box], ...]:
        """The rectangles in which letters `start` to `end` stand, with their pages, by lines."""
        found: list[tuple[int, Box]] = []
        for page, box in self.places[start:end]:
            if found and found[-1][0] == page and abs(box[1] - found[-1][1][1]) <= 4:
                line = found[-1][1]
                low, high = min(line[1], box[1]), max(line[3], box[3])
                found[-1] = page, (min(line[0], box[0]), low, max(line[2], box[2]), high)
            else:
                found.append((page, box))
        return tuple(found)


def _on_page(page: int, box: Box) -> str:
    return f"page {page}, {box[0]:.0f} {box[1]:.0f} pt"


@dataclass(frozen=True, slots=True)
class RunningHead:
    """What a page prints outside the text: a running head, a page number, a repeated table head.

    `page` counts from 1, `box` is that of its first letter, in points. `in_line` tells whether it
    stands in a line of the text.
    """

    text: str
    page: int
    box: Box
    in_line: bool

    @property
    def place(self) -> str:
        """Where it stands, such as `page 7, 72 310 pt`."""
        return _on_page(self.page, self.box)


@dataclass(frozen=True, slots=True)
class Shape:
    """A glyph's shape where a page shows one: `letters` are the numbers of those it stands for.

    `said` is what is read out for it, `digest` its outline's; empty where it cannot be told.
    """

    said: str
    digest: str
    letters: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as read, its working links, and what about it cannot be trusted.

    `number` is the number of a note as printed, `back` where that number leads; both are only of
    notes. `where` says for a letter where in the file it stands.
    """

    text: Text
    links: tuple[LinkRead, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    shapes: tuple[Shape, ...] = ()
    number: str = ""
    back: LinkRead | None = None
    where: Landmarks | Spread = Landmarks()


Fields = tuple[tuple[str, str], ...]
"""The fields of one reference: names as in CSL 1.0.2, and what they say, in the file's order.

`title` is all titles of the work and of what holds it; `page` and dates have their parts joined by
hyphens, people the parts of their names by blanks. A name may come several times.
"""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A file within the file that decides what is seen: `digest` is its SHA-256 in hex.

    A rule of a style sheet that cannot be followed has none.
    """

    kind: Literal["typeface", "script", "style sheet", "rule"]
    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Witness:
    """One finished file as read: the article with its bibliography, the notes, and the rest.

    `format` names the file's format. `front` is whatever else can be read: title page, contents,
    colophon. `embedded` are typefaces and scripts, `dead_ends` dead links outside the text, or back
    from entries to it. `running_heads` is what a page prints outside the text. `pages` tells at
    which letter of the article a printed page begins, `page_list` where an e-book's list of printed
    pages leads, `labels` are what a PDF says its pages are called. `fields` gives, where a file
    takes its references apart, by the letter at which each begins what its fields say.
    """

    format: str
    article: Reading
    notes: tuple[Reading, ...]
    front: Text
    embedded: tuple[Embedded, ...] = ()
    dead_ends: tuple[LinkRead, ...] = ()
    running_heads: tuple[RunningHead, ...] = ()
    pages: tuple[tuple[str, int], ...] = ()
    page_list: tuple[tuple[str, Spot | None], ...] = ()
    fields: tuple[tuple[int, Fields], ...] | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cover:
    """The cover of a printed book as read, without what is printed in the slug.

    `back`, `spine` and `front` are what stands on each panel; `width` and `height` are those of the
    trimmed sheet in mm. `barcodes` are the numbers of the bar codes on it, by their bars.
    """

    back: Reading
    spine: Reading
    front: Reading
    width: float
    height: float
    barcodes: tuple[str, ...] = ()
