"""One text of printed pages, written down from glyphs in reading order.

In: glyphs. Out: a `Reading`: letters, each with its place on a page, the shapes that show them, and
doubts where what is read is not what is seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal
from unicodedata import category

from triptych.outlines import BLANK
from triptych.text import EMPHASES, EmphasisKind, Scribe
from triptych.witness.geometry import Box, around
from triptych.witness.pdf.fonts import Font
from triptych.witness.pdf.neighbours import Neighbours, wrong_side
from triptych.witness.pdf.visibility import Glyph
from triptych.witness.reading import (
    Beside,
    Doubt,
    LinkRead,
    Look,
    Looks,
    PictureRead,
    Printed,
    Reading,
    Shape,
    Spread,
)

UNTOLD: frozenset[EmphasisKind] = frozenset(EMPHASES) - {"struck", "underlined"}
"""Emphasis of which only the shapes and the places of letters tell."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter on a page, to find what is at a place.

    `transcript` is the note of its text (-1: the article), `index` its number there (-1: the note's
    own number).
    """

    transcript: int
    index: int
    box: Box
    size: float


@dataclass(slots=True)
class Transcript:
    """One text while it is being read.

    `note` counts the notes from 0; -1 is the article, -2 its title, -3 what is around them.
    `bidi` is whether text of the file may run from the right. Everything else is given by numbers
    of letters:

    - `places`: the page, box and size of each letter.
    - `cells`: where each table cell begins, with where its table and its row begin.
    - `spanning`: where the cells of several rows begin and end.
    - `beside`: where each division within a division begins, and where the outer one begins.
    - `formulas`: the first letter of each formula, or piece of one, and the letter after it.
    - `lined`: the letters that lines are drawn through or under.
    - `items`: the first letter of each list item, and what stands before it.
    - `neighbours`: what stands side by side, where text of the file may run from the right.
    - `printed`: where the letters of formulas are by themselves, while `places` has their line.

    `pictures` are those that stand in it. `last` is the last glyph, `seen` the last one that shows
    something.
    """

    note: int
    bidi: bool
    scribe: Scribe = field(default_factory=Scribe)
    places: list[tuple[int, Box, float]] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    last: tuple[int, Glyph] | None = None
    seen: tuple[int, Glyph] | None = None
    number: list[tuple[int, Glyph]] = field(default_factory=list)
    shapes: dict[tuple[str, Font, int], list[int]] = field(default_factory=dict)
    cells: dict[int, tuple[int, int]] = field(default_factory=dict)
    spanning: list[tuple[int, int]] = field(default_factory=list)
    beside: dict[int, int] = field(default_factory=dict)
    formulas: list[tuple[int, int]] = field(default_factory=list)
    lined: dict[int, frozenset[EmphasisKind]] = field(default_factory=dict)
    items: list[tuple[int, Beside]] = field(default_factory=list)
    pictures: list[PictureRead] = field(default_factory=list)
    neighbours: list[Neighbours] = field(default_factory=list)
    printed: dict[int, Printed] = field(default_factory=dict)

    def write(self, page: int, glyph: Glyph, formula: bool = False) -> None:
        """Write what the next glyph says, after the gap that separates it from the one before."""
        scribe = self.scribe
        if self.last is not None and not adjoins(self.last, (page, glyph)):
            apart = not formula and self._is_apart(self.last, (page, glyph))
            scribe.gap("space" if apart else "break")
        start = scribe.at
        if glyph.text.isspace():
            scribe.gap("space")
        else:
            scribe.write(glyph.text)
        written = scribe.at - start
        if written:
            self.places.extend([(page, glyph.box, glyph.size)] * written)
            kind, why = _unseen(page, glyph, self, formula)
            if why:
                self.doubts.append(Doubt(kind, start, scribe.at, why))
            self.seen = (page, glyph)
            if formula:
                self.printed.update(dict.fromkeys(range(start, scribe.at), _printed(page, glyph)))
            if glyph.lines:
                self.lined.update(dict.fromkeys(range(start, scribe.at), glyph.lines))
        elif glyph.sign:
            start = max(start - 1, 0)  # a later piece of the sign before it
            if (first := self.printed.get(start)) and first.page == page + 1:
                ink = around(first.ink, _printed(page, glyph).ink)
                self.printed[start] = replace(first, ink=ink)
            if glyph.why:
                self.doubts.append(Doubt("hidden", start, start + 1, glyph.why))
        elif glyph.font.shape(glyph.code) != BLANK:
            why = "a sign is printed there that has no text"
            self.doubts.append(Doubt("disguised", start, start + 1, why))
        if written or glyph.sign:
            said = glyph.sign or glyph.font.said.get(glyph.code, "")
            self.shapes.setdefault((said, glyph.font, glyph.code), []).append(start)
        self.last = (page, glyph)

    def reading(self, links: Sequence[LinkRead]) -> Reading:
        """What was read, with the links that were found in it."""
        return Reading(
            text=self.scribe.text(),
            links=tuple(
                sorted((link for link in links if link.start >= 0), key=lambda link: link.start)
            ),
            doubts=(*self.doubts, *_out_of_order(self), *wrong_side(self.neighbours, self.places)),
            shapes=tuple(
                Shape(said, font.shape(code), tuple(letters))
                for (said, font, code), letters in self.shapes.items()
            ),
            looks=self._looks(),
            pictures=tuple(self.pictures),
            number=self._number(),
            items=tuple(self.items),
            where=Spread(tuple((page + 1, box) for page, box, _ in self.places)),
            printed=self.printed,
        )

    def _number(self) -> Beside:
        """The number of a note; its words begin beside it, or on a line of their own below."""
        read = beside([glyph for _, glyph in self.number])
        if self.number and self.places and not read.unseen:
            (page, glyph), (first, box, size) = self.number[-1], self.places[0]
            fall = glyph.box[1] - box[1]
            before = self.bidi or glyph.box[2] <= box[0] + 0.3 * size
            level = abs(fall) < 0.7 * size and before
            if page != first or not (level or 0 < fall < 4 * size):
                return replace(read, unseen="it stands apart from the words of its note")
        return read

    def _looks(self) -> tuple[Look, ...]:
        """The lines through and under letters."""
        looks = Looks()
        at = 0
        for letter, marks in sorted(self.lined.items()):
            looks.add(at, letter, frozenset(), UNTOLD)
            looks.add(letter, letter + 1, marks, UNTOLD)
            at = letter + 1
        looks.add(at, self.scribe.at, frozenset(), UNTOLD)
        return looks.found()

    def _is_apart(self, last: tuple[int, Glyph], this: tuple[int, Glyph]) -> bool:
        """Whether there is room between glyphs of one piece of a line, so that a word ends there.

        Between letters that are joined or marked, as in Arabic, room means nothing.
        """
        before, after = last[1], this[1]
        alone = all(map(_stands_alone, f"{before.text[-1:]}{after.text[:1]}"))
        same = before.content == after.content and _on_line(last, this)
        return same and alone and not self.bidi


def _printed(page: int, glyph: Glyph) -> Printed:
    """Where a glyph shows a letter of a formula."""
    left, line, right, _ = glyph.box
    low, high = glyph.font.height(glyph.code)
    ink = (left, line + low * glyph.size, right, line + high * glyph.size)
    return Printed(page + 1, line, ink, glyph.size)


def beside(glyphs: Sequence[Glyph]) -> Beside:
    """Glyphs that are printed beside a text and are no part of it."""
    shown = [glyph for glyph in glyphs if not glyph.text.isspace()]
    return Beside(
        "".join(glyph.text for glyph in shown),
        next((glyph.why for glyph in shown if glyph.why), ""),
        tuple(Shape(glyph.text, glyph.font.shape(glyph.code), ()) for glyph in shown),
    )


def letters_by_page(transcripts: Sequence[Transcript]) -> dict[int, list[Letter]]:
    """The letters of several texts by page."""
    letters: dict[int, list[Letter]] = {}
    for transcript in transcripts:
        for page, glyph in transcript.number:
            letters.setdefault(page, []).append(Letter(transcript.note, -1, glyph.box, glyph.size))
        for index, (page, box, size) in enumerate(transcript.places):
            letters.setdefault(page, []).append(Letter(transcript.note, index, box, size))
    return letters


def level_formulas(transcript: Transcript) -> None:
    """Put the letters of each formula onto the line that the formula is in.

    Within a formula, letters are above and below each other; in its line, it is one thing. The line
    is that of the nearest letter beside it. Without one, the formula is by itself.
    """
    places = transcript.places
    inside = {letter for start, end in transcript.formulas for letter in range(start, end)}
    for start, end in transcript.formulas:
        page, _, size = places[start]
        size = max(size, max(place[2] for place in places[start:end]))
        low = min(place[1][1] for place in places[start:end])
        high = max(place[1][1] for place in places[start:end])
        line = (low + high) / 2
        for beside in (range(start - 1, -1, -1), range(end, len(places))):
            letter = next((n for n in beside if n not in inside), None)
            if letter is None or places[letter][0] != page:
                continue
            base = places[letter][1][1]
            if low - 0.45 * size < base < high + 0.45 * size:
                line = base
                break
        for letter in range(start, end):
            box = places[letter][1]
            places[letter] = (page, (box[0], line, box[2], line + 0.45 * size), size)


def _out_of_order(transcript: Transcript) -> Iterator[Doubt]:
    """Lines that the page shows before text that is read earlier.

    A line must be below the one before it. Only a table cell may begin higher up, within its row,
    and a division beside those before it in the same division. Words to the left of what is read
    before them count too, unless text may run from the right.
    """
    places = transcript.places
    inside = {letter for start, end in transcript.formulas for letter in range(start + 1, end)}
    for index in (letter for letter in range(1, len(places)) if letter not in inside):
        (page, before, size), (other_page, after, other_size) = places[index - 1], places[index]
        rise = after[1] - before[1]
        # A raised letter close behind a lowered one is in its line, as in SO₄²⁻.
        close = max(after[0] - before[2], before[0] - after[2]) < 0.5 * size
        step = 1.05 * max(size, other_size) if close else 0.7 * size
        on_line = page == other_page and abs(rise) < step
        signs = min(before[2] - before[0], after[2] - after[0]) < 0.01 * size
        leftwards = 0.3 * size if signs else 1  # signs on one letter stand in any order
        if on_line and (transcript.bidi or after[2] >= before[0] - leftwards):
            continue
        if not on_line and (page < other_page or (page == other_page and rise < 0)):
            continue
        if index in transcript.beside and _stands_beside(
            transcript, transcript.beside[index], index
        ):
            continue
        if not on_line and index in transcript.cells and _stands_in_row(transcript, index):
            continue
        end = index + 1
        while (
            end < len(places)
            and places[end][0] == other_page
            and (abs(places[end][1][1] - after[1]) < 0.7 * size)
        ):
            end += 1
        yield Doubt("moved", index, end, "on the page it comes before what is read before it")


def _stands_beside(transcript: Transcript, first: int, index: int) -> bool:
    """Whether what begins at `index` is clear beside everything that is read from `first` on.

    It must be below what is read before that, like everything in a row.
    """
    page, box, _ = transcript.places[index]
    row = [place[1] for place in transcript.places[first:index] if place[0] == page]
    if len(row) < index - first:
        return False
    above = transcript.places[first - 1] if first else None
    return _is_clear(transcript, box, row) and (
        above is None or above[0] < page or box[1] < above[1][1]
    )


def _stands_in_row(transcript: Transcript, index: int) -> bool:
    """Whether the cell that begins at `index` is in its row, at any height.

    It must be clear beside the cells before it in the row, and below the rows before. Cells that
    reach down from those rows, and what is beside the table, do not count.
    """
    (page, box, _), (table, first) = transcript.places[index], transcript.cells[index]
    row = [place[1] for place in transcript.places[first:index] if place[0] == page]
    if first < index and not row:
        return False
    reaching = {n for start, end in transcript.spanning for n in range(max(start, table), end)}
    for number in range(max(table - 1, 0), first):
        other_page, other, _ = transcript.places[number]
        if (other_page, -other[1]) < (page, -box[1]):
            continue
        if number >= table and number not in reaching:
            return False
        if other_page == page and other[0] <= box[2] and box[0] <= other[2]:
            return False
    return _is_clear(transcript, box, row)


def _is_clear(transcript: Transcript, box: Box, others: Sequence[Box]) -> bool:
    """Whether a letter is clear beside others, in reading direction."""
    clear = box[0] > max((other[2] for other in others), default=0.0)
    return clear or (transcript.bidi and box[2] < min(other[0] for other in others))


def _unseen(
    page: int, glyph: Glyph, transcript: Transcript, formula: bool
) -> tuple[Literal["hidden", "disguised"], str]:
    """Why a glyph is not seen, or is seen as one with the glyph before it; empty if it is seen.

    In a formula letters are above each other: only those at one place are seen as one.
    """
    if glyph.why or transcript.seen is None or not _on_line(transcript.seen, (page, glyph)):
        return "hidden", glyph.why
    before = transcript.seen[1]
    if formula:
        near = 0.05 * glyph.size
        piled = all(abs(a - b) < near for a, b in zip(glyph.box[:2], before.box[:2], strict=True))
        return "hidden", "printed over the letter before it" if piled else ""
    if transcript.last is not None and transcript.last[1].text.isspace():
        apart = max(glyph.box[0] - before.box[2], before.box[0] - glyph.box[2])
        closed = apart < 0.03 * glyph.size
        return "disguised", "the space before it is closed up" if closed else ""
    piled = abs(glyph.box[0] - before.box[0]) < 0.1 * glyph.size
    alone = _stands_alone(glyph.text[0]) and _stands_alone(before.text[-1])
    return "hidden", "printed over the letter before it" if piled and alone else ""


@cache
def _stands_alone(letter: str) -> bool:
    """Whether a letter has its own place in the line, as most have; marks on others have none."""
    joining = 0x0590 <= ord(letter) < 0x10A0 or 0x1100 <= ord(letter) < 0x1E00
    return not joining and category(letter) not in ("Mn", "Me", "Mc")


def _on_line(last: tuple[int, Glyph], this: tuple[int, Glyph]) -> bool:
    """Whether two glyphs are on one line of one page."""
    (page, before), (other_page, after) = last, this
    return page == other_page and (
        abs(before.box[1] - after.box[1]) <= 0.1 * max(before.size, after.size)
    )


def adjoins(last: tuple[int, Glyph], this: tuple[int, Glyph], room: float = 0.18) -> bool:
    """Whether a glyph is on the line of the one before, at most `room` em from it."""
    (page, before), (other_page, after) = last, this
    if page != other_page:
        return False
    size = max(before.size, after.size)
    if abs(before.box[1] - after.box[1]) > 0.7 * size:
        return False
    apart = max(after.box[0] - before.box[2], before.box[0] - after.box[2])
    return apart < room * size
