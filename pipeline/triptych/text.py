"""Running text as letters and gaps: the measure by which the ledger and every witness are read.

A text is its letters, one after another, and the gaps between them. Letters are counted from 0 and
white space is not counted, so that a place in the text has one number however lines and pages
break. A link, a place (a citation, an entry) or a part (a heading) is a span of letters.

What is held to be no difference, here and nowhere else:

- the form in which Unicode composes a character (canonical equivalence; letters are kept as NFD),
- Latin ligatures that stand as characters (`ﬁ` is `fi`), and the three code points of the hyphen,
- on pages, signs that typefaces draw with one glyph, which no page can tell apart (`as_drawn`),
- to which letter of an Arabic lam-alef, printed as one, a vowel sign belongs,
- whether the Thai and Lao vowel am is one sign, or the two that it is printed as,
- the width of white space, and whether it may break,
- characters that are never seen: soft hyphens, joiners, direction marks (Unicode's
  Default_Ignorable_Code_Point).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Literal, get_args

Gap = Literal["space", "block", "break"]
"""What may stand between two letters, besides nothing.

`space` is white space within a line, `block` the end of a paragraph or any other block. `break` is
a line's end on a printed page, which shows neither whether there was white space nor whether a
hyphen before it belongs to the word.
"""

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
_ALIKE = str.maketrans(
    {
        "\u2010": "-",
        "\u2011": "-",
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
    }
)
_DRAWN_ALIKE = str.maketrans(
    {
        "\N{MICRO SIGN}": "\N{GREEK SMALL LETTER MU}",
        "\N{INCREMENT}": "\N{GREEK CAPITAL LETTER DELTA}",
        "\N{MODIFIER LETTER TURNED COMMA}": "\N{LEFT SINGLE QUOTATION MARK}",
        "\N{MODIFIER LETTER APOSTROPHE}": "\N{RIGHT SINGLE QUOTATION MARK}",
        "\N{DIVISION SLASH}": "\N{FRACTION SLASH}",
    }
)
_J = "j\N{LATIN SMALL LETTER DOTLESS J}\N{CYRILLIC SMALL LETTER JE}"
_I = "i\N{LATIN SMALL LETTER DOTLESS I}\N{CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I}"
_ABOVE = "".join(
    sign
    for sign in map(chr, (*range(0x300, 0x370), *range(0x1AB0, 0x1B00), *range(0x1DC0, 0x1E00)))
    if unicodedata.combining(sign) == 230
)
_DOTLESS = re.compile(f"[{_I}{_J}](?=[\u0300-\u036f]*[{_ABOVE}])")
"""An i or j under an accent, which loses its dot and is the same letter in Latin and Cyrillic."""
_LAM_ALEF = re.compile("\u0644([\u064b-\u0652\u0670]+)([\u0627\u0671])")
_AM = re.compile("([\u0e48-\u0e4b\u0ec8-\u0ecb]?)([\u0e33\u0eb3])")
_AM_SIGNS = {"\u0e33": "\u0e4d%s\u0e32", "\u0eb3": "\u0ecd%s\u0eb2"}
_WHITE = re.compile(r"(\s+)")


@dataclass(frozen=True, slots=True)
class Link:
    """Letters `start` to `end` (not included) lead to `target`: an id of the work, or a URL."""

    start: int
    end: int
    target: str


@dataclass(frozen=True, slots=True)
class Place:
    """Letters `start` to `end` (not included) are what the id `id` names."""

    id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """Letters `start` to `end` (not included) are a heading of a `level`, from 1, or a caption."""

    kind: Literal["heading", "caption"]
    start: int
    end: int
    level: int = 0


EmphasisKind = Literal[
    "italic", "bold", "small-capitals", "superscript", "subscript", "struck", "underlined"
]  # fmt: skip
"""The ways in which letters may stand out from those around them."""

EMPHASES: tuple[EmphasisKind, ...] = get_args(EmphasisKind)


@dataclass(frozen=True, slots=True, order=True)
class Emphasis:
    """Letters `start` to `end` (not included) stand out from those around them."""

    kind: EmphasisKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ListItem:
    """A list item begins at letter `at`; `said` is printed before it: `3.`, or `•` for a bullet."""

    at: int
    said: str


@dataclass(frozen=True, slots=True, order=True)
class TextRole:
    """Letters `start` to `end` (not included) are something that a design may set by itself.

    `kind` names it, such as `heading-2` or `label`. One may be within another.
    """

    kind: str
    start: int
    end: int


FormulaPartKind = Literal[
    "base", "superscript", "subscript", "presuperscript", "presubscript", "over", "under",
    "numerator", "denominator", "upper", "lower", "radicand", "index", "row", "cell",
]  # fmt: skip
"""What a part of a formula is: `upper` and `lower` are those of a fraction without a bar."""

FORMULA_PARTS: tuple[FormulaPartKind, ...] = get_args(FormulaPartKind)


@dataclass(frozen=True, slots=True, order=True)
class FormulaPart:
    """Letters `start` to `end` (not included) are a part of a formula. One may be in another."""

    kind: FormulaPartKind
    start: int
    end: int


@dataclass(frozen=True)
class Text:
    """Running text; `gaps` tells by the number of a letter what stands before it.

    `items` are its list items, in order; `formula_parts` tell how its formulas are built. These and
    `emphasis` are None where they are not known, as in the ledger of an older Triptych.
    """

    letters: str = ""
    gaps: Mapping[int, Gap] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    places: tuple[Place, ...] = ()
    parts: tuple[Part, ...] = ()
    emphasis: tuple[Emphasis, ...] | None = None
    roles: tuple[TextRole, ...] = ()
    items: tuple[ListItem, ...] | None = None
    formula_parts: tuple[FormulaPart, ...] | None = None

    def __getstate__(self) -> dict[str, object]:
        """What another process is given: not what has been looked up, which may grow meanwhile."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @property
    def plain(self) -> str:
        """The text as people read it: a blank for a space or a break, a new line for a block."""
        return self.show(0, len(self.letters))

    def show(self, start: int, end: int) -> str:
        """Letters `start` to `end` with their gaps, composed (NFC)."""
        pieces: list[str] = []
        at = start
        for index in self.gaps_between(start, end):
            pieces.append(self.letters[at:index])
            pieces.append("\n" if self.gaps[index] == "block" else " ")
            at = index
        pieces.append(self.letters[at:end])
        return unicodedata.normalize("NFC", "".join(pieces))

    def words(self) -> list[tuple[int, int]]:
        """The spans of letters between gaps."""
        return [(a, b) for a, b in pairwise(self.edges) if a < b]

    @cached_property
    def edges(self) -> list[int]:
        """The letters that words begin with, in order, and the number of letters."""
        return [0, *sorted(self.gaps), len(self.letters)]

    def place(self, name: str) -> Place | None:
        """The place of an id, if the text has it."""
        return self._by_id.get(name)

    @cached_property
    def _by_id(self) -> dict[str, Place]:
        return {place.id: place for place in reversed(self.places)}

    def gaps_between(self, start: int, end: int) -> list[int]:
        """The gaps within letters `start` to `end`, by the letters that they stand before."""
        low, high = max(start, 0), min(end, len(self.letters))
        return self.edges[bisect_right(self.edges, low) : bisect_left(self.edges, high)]


class Scribe:
    """Writes a text down piece by piece, in reading order."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._gaps: dict[int, Gap] = {}
        self._links: list[Link] = []
        self._places: list[Place] = []
        self._parts: list[Part] = []
        self._emphasis: list[Emphasis] = []
        self._roles: list[TextRole] = []
        self._items: list[ListItem] = []
        self._formula_parts: list[FormulaPart] = []
        self._pending: Gap | None = None
        self.at = 0
        """The number of the next letter."""

    def write(self, text: str) -> None:
        """Write letters, and white space as gaps."""
        for piece in _pieces(text):
            if piece.isspace():
                self.gap("space")
                continue
            if self._pending and self.at:
                self._gaps[self.at] = self._pending
            self._pending = None
            self._pieces.append(piece)
            self.at += len(piece)

    def gap(self, gap: Gap) -> None:
        """A gap before the next letter; of several, a block outdoes a break, a break a space."""
        if self._pending is None or _STRENGTH[gap] > _STRENGTH[self._pending]:
            self._pending = gap

    def link(self, start: int, target: str) -> None:
        """The letters written since `start` lead to `target`."""
        if self.at > start:
            self._links.append(Link(start, self.at, target))

    def name(self, start: int, name: str) -> None:
        """The letters written since `start` are what the id `name` names."""
        self._places.append(Place(name, start, self.at))

    def part(self, start: int, kind: Literal["heading", "caption"], level: int = 0) -> None:
        """The letters written since `start` are a heading or a caption."""
        if self.at > start:
            self._parts.append(Part(kind, start, self.at, level))

    def emphasis(self, start: int, kind: EmphasisKind) -> None:
        """The letters written since `start` stand out."""
        if self.at > start:
            self._emphasis.append(Emphasis(kind, start, self.at))

    def role(self, start: int, kind: str) -> None:
        """The letters written since `start` are something that a design may set by itself."""
        if self.at > start:
            self._roles.append(TextRole(kind, start, self.at))

    def formula_part(self, start: int, kind: FormulaPartKind) -> None:
        """The letters written since `start` are a part of a formula."""
        if self.at > start:
            self._formula_parts.append(FormulaPart(kind, start, self.at))

    def item(self, said: str) -> None:
        """A list item begins, with `said` before it; nothing is told of one with nothing."""
        if said:
            self._items.append(ListItem(self.at, said))

    def text(self) -> Text:
        """What has been written; signs on one letter come in Unicode's order, however written."""
        return Text(
            unicodedata.normalize("NFD", "".join(self._pieces)),
            dict(self._gaps),
            tuple(self._links),
            tuple(self._places),
            tuple(self._parts),
            tuple(sorted(self._emphasis)),
            tuple(sorted(self._roles)),
            tuple(self._items),
            tuple(sorted(self._formula_parts)),
        )


_STRENGTH: dict[Gap, int] = {"space": 1, "break": 2, "block": 3}


def _pieces(text: str) -> Iterator[str]:
    if not text.isascii():
        text = unicodedata.normalize("NFD", _UNSEEN.sub("", text).translate(_ALIKE))
        text = _LAM_ALEF.sub("\u0644\\2\\1", text)
        text = _AM.sub(lambda found: _AM_SIGNS[found[2]] % found[1], text)
    return (piece for piece in _WHITE.split(text) if piece)


def as_drawn(text: Text) -> Text:
    """A text as a page shows it, where a typeface draws two signs with one glyph.

    Micro and Greek mu are one, increment and Greek delta, the turned comma and the apostrophe as
    letters and as quotation marks, the slash of fractions and of division; and i and j under an
    accent, which have no dot, with or without one of their own, in Latin and in Cyrillic.
    """
    letters = _DOTLESS.sub(lambda i: "j" if i[0] in _J else "i", text.letters)
    letters = letters.translate(_DRAWN_ALIKE)
    return text if letters == text.letters else replace(text, letters=letters)


def from_plain(plain: str) -> Text:
    """The text that `Text.plain` showed, without links and places."""
    scribe = Scribe()
    for number, block in enumerate(plain.split("\n")):
        if number:
            scribe.gap("block")
        scribe.write(block)
    return scribe.text()
