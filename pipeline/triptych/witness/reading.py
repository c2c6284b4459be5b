"""What a witness says: the types in which all readers answer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from triptych.text import EmphasisKind, FormulaPart, Text
from triptych.witness.colour import Colour
from triptych.witness.geometry import Box


class UnreadableError(ValueError):
    """A file is not what it claims to be; the message says why."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that a link leads to: a letter of the article, or of a note.

    `note` counts the notes from 0 in the order they are read; -1 is the article, -2 the title, -3
    what is around them. If the place is outside all of them (a cover), `letter` is -1.
    """

    note: int
    letter: int


@dataclass(frozen=True, slots=True)
class LinkRead:
    """Letters `start` to `end` (not included) are a working link.

    `written` is its target as in the file. `spot` is where it leads within the work; None for an
    address elsewhere and for a dead link. `dead` says why nothing is found there, if so. If a place
    on a page may be either of two, `or_spot` is the second.
    """

    start: int
    end: int
    written: str
    spot: Spot | None = None
    dead: str = ""
    or_spot: Spot | None = None

    def names(self, place: str) -> bool:
        """Whether it names this place, and none in the network: for places beside the texts."""
        file, _, name = self.written.partition("#")
        return not self.dead and name == place and ":" not in file and not file.startswith("//")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Letters `start` to `end` (not included) are in the file, but are not what is seen.

    `hidden` text is not seen at all, `disguised` text is seen as something else, and `moved` text
    is seen in another place than where it is read. `turned` text is set from the right, which is
    right in some works only.
    """

    kind: Literal["hidden", "disguised", "moved", "turned"]
    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Look:
    """Letters `start` to `end` (not included) stand out in the ways of `marks`.

    Of the ways in `untold`, the file does not tell.
    """

    start: int
    end: int
    marks: frozenset[EmphasisKind] = frozenset()
    untold: frozenset[EmphasisKind] = frozenset()


class Looks:
    """The looks of a text while it is being read, in its order."""

    def __init__(self) -> None:
        self._found: list[Look] = []

    def add(
        self,
        start: int,
        end: int,
        marks: frozenset[EmphasisKind],
        untold: frozenset[EmphasisKind] = frozenset(),
    ) -> None:
        """Letters `start` to `end` look so."""
        last = self._found[-1] if self._found else None
        if last and last.end == start and (last.marks, last.untold) == (marks, untold):
            self._found[-1] = Look(last.start, end, marks, untold)
        elif end > start:
            self._found.append(Look(start, end, marks, untold))

    def found(self) -> tuple[Look, ...]:
        """All looks."""
        return tuple(self._found)


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Where the letters of a marked-up page are: each mark applies from its letter on."""

    marks: tuple[tuple[int, str], ...] = ()

    def __call__(self, letter: int) -> str:
        """The place of a letter, such as `text-2.xhtml, p 4`."""
        index = bisect_right(self.marks, letter, key=lambda mark: mark[0]) - 1
        return self.marks[index][1] if index >= 0 else ""


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the letters of a printed text are: page, from 1, and box in points."""

    places: tuple[tuple[int, Box], ...] = ()

    def __call__(self, letter: int) -> str:
        """The place of a letter, such as `page 7, 72 310 pt`."""
        if not self.places:
            return ""
        return _on_page(*self.places[min(max(letter, 0), len(self.places) - 1)])

    def areas(self, start: int, end: int) -> tuple[tuple[int, Box], ...]:
        """The rectangles of letters `start` to `end`, one per line, with their pages."""
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

    `page` counts from 1, `box` is around its letters, in points. `in_line` says whether it is in a
    line of the text, `above` whether all text of its page is below it. `unseen` is why a reader
    does not see it, if so. `shapes` are those of its glyphs.
    """

    text: str
    page: int
    box: Box
    in_line: bool
    above: bool = True
    unseen: str = ""
    shapes: tuple[Shape, ...] = ()

    @property
    def place(self) -> str:
        """Where it is, such as `page 7, 72 310 pt`."""
        return _on_page(self.page, self.box)


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of a glyph on a page; `letters` are the numbers of the letters it stands for.

    `said` is what is read for it, `digest` that of its outline, or empty if it is not known.
    """

    said: str
    digest: str
    letters: tuple[int, ...]


Inked = tuple[str, Colour | None]
"""Words in a drawing, and their colour, if it is a plain one that can be told."""


@dataclass(frozen=True, slots=True)
class Miniature:
    """A picture drawn small: width and height in pixels, and its pixels as RGB, row by row."""

    size: tuple[int, int]
    pixels: bytes


@dataclass(frozen=True, slots=True)
class PictureRead:
    """A picture that stands before letter `at` of a text.

    `words` are those that it shows, in the order in which they are painted; None if the file does
    not tell. `look` is the picture drawn small, without words; None if it cannot be drawn. `why`
    says why the picture cannot be seen, if so. `page` is its page, from 1; 0 if there are none.
    """

    at: int
    alt: str
    words: tuple[Inked, ...] | None = None
    look: Miniature | None = None
    why: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class Beside:
    """What is printed beside a text and is no part of it: the number of a note, or of a list item.

    `said` is what it says; a bullet is `•`, whichever is drawn. `unseen` is why a reader does not
    see that there, if so. `shapes` are those of its glyphs on a page.
    """

    said: str
    unseen: str = ""
    shapes: tuple[Shape, ...] = ()


NONE = Beside("")


@dataclass(frozen=True, slots=True)
class Printed:
    """Where a page shows a letter of a formula: its page, from 1, and its baseline.

    `ink` spans its advance and the height of its outline. Lengths are in points.
    """

    page: int
    line: float
    ink: Box
    size: float


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as read, its working links, and what in it cannot be trusted.

    Only notes have a `number`, printed before their words. `items` are what stands before list
    items, each with the letter that it begins with. `where` gives the place of a letter in
    the file. `looks` are the emphasis of its letters: of those in none of them, the file does not
    tell. `formula_parts` is how markup builds its formulas, `printed` where a page has their
    letters; both are None where a file tells of neither. `bars` are the level lines of the pages
    that have formulas.
    """

    text: Text
    links: tuple[LinkRead, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    shapes: tuple[Shape, ...] = ()
    looks: tuple[Look, ...] = ()
    number: Beside = NONE
    items: tuple[tuple[int, Beside], ...] = ()
    where: Landmarks | Spread = Landmarks()
    pictures: tuple[PictureRead, ...] = ()
    formula_parts: tuple[FormulaPart, ...] | None = None
    printed: Mapping[int, Printed] | None = None
    bars: Mapping[int, tuple[Box, ...]] = field(default_factory=dict)


Fields = tuple[tuple[str, str], ...]
"""The fields of one reference: names as in CSL 1.0.2, and what they say, in the file's order.

`title` is all titles of the work and of its container. The parts of `page` and dates are joined by
hyphens, the parts of people's names by blanks. A name may occur several times.
"""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A file within the file that affects what is seen; `digest` is its SHA-256 in hex.

    A rule of a style sheet that cannot be followed has none.
    """

    kind: Literal["typeface", "script", "style sheet", "rule"]
    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of a contents list, or a bookmark: its depth from 1, its words, where it leads."""

    depth: int
    words: str
    lead: LinkRead


@dataclass(frozen=True, slots=True)
class Signpost:
    """A way into an e-book that a reading system may offer, besides the contents list.

    `where` is what it is in: `spine`, `landmarks`, `ncx`, `guide`, or `nav` for a list as a whole.
    `kind` is what it says it leads to, or of a document in the spine what that is; `words` is what
    it prints. `lead` is written as a path in the archive.
    """

    where: str
    kind: str
    words: str
    lead: LinkRead


@dataclass(frozen=True, slots=True)
class WayBack:
    """A link from a note back to its mark, or from an entry back to a citation of it.

    It stands behind `letter` letters of its text; `note` counts the texts as in a `Spot`. `words`
    is what it prints, and `unseen` why a reader does not see that, if so.
    """

    note: int
    letter: int
    words: str
    link: LinkRead
    unseen: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """A file that the reader of a page may save: its name, and its text.

    `text` is None where the link leads to something else, or to what is no text.
    """

    name: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Witness:
    """One finished file as read: the article with its bibliography, the notes, and the rest.

    `format` names the file's format. `title` is title, subtitle and summary, as far as the file
    tells which they are. `front` is whatever else can be read: people, contents, colophon.
    `embedded` are typefaces and scripts. `ways_back` are the links back from notes and entries, and
    `dead_ends` dead links outside the text. `running_heads` is what a page prints outside the text.
    `pages` gives the letter of the article with which each printed page begins, `page_list` where
    an e-book's list of printed pages leads, and `labels` the labels of a PDF's pages. If a file
    divides its references into fields, `fields` gives them, by the letter at which each begins.
    `metadata` is what the file tells programs about the work, as names and values, and `downloads`
    the files inside it. `contents` are the lines of its contents list, None where it has no such
    list to follow, and `bookmarks` those of a PDF. `lists` are those of figures and tables, each
    with its title and lines, and `signposts` whatever else leads into an e-book.
    """

    format: str
    article: Reading
    notes: tuple[Reading, ...]
    front: Reading
    embedded: tuple[Embedded, ...] = ()
    ways_back: tuple[WayBack, ...] = ()
    dead_ends: tuple[LinkRead, ...] = ()
    running_heads: tuple[RunningHead, ...] = ()
    pages: tuple[tuple[str, int], ...] = ()
    page_list: tuple[tuple[str, Spot | None], ...] = ()
    fields: tuple[tuple[int, Fields], ...] | None = None
    labels: tuple[str, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()
    downloads: tuple[Download, ...] = ()
    contents: tuple[Listed, ...] | None = None
    lists: tuple[tuple[str, tuple[Listed, ...]], ...] = ()
    signposts: tuple[Signpost, ...] | None = None
    bookmarks: tuple[Listed, ...] | None = None
    title: Reading = Reading(Text())


@dataclass(frozen=True, slots=True)
class Cover:
    """The cover of a printed book as read, without what is printed in the slug.

    `back`, `spine` and `front` are what is on each panel. `width` and `height` are those of the
    trimmed sheet in mm. `barcodes` are the numbers that the bars of its bar codes stand for.
    `pictures` are the boxes of images and shadings on it, in points.
    """

    back: Reading
    spine: Reading
    front: Reading
    width: float
    height: float
    barcodes: tuple[str, ...] = ()
    pictures: tuple[Box, ...] = ()
