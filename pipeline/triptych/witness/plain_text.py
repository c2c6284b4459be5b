"""The plain-text edition read back: lines of UTF-8, and the few signs among the words.

`docs/plain-text.md` explains the signs. A WORD JOINER (U+2060), which is not seen, marks what looks
like a sign and is not one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from unicodedata import bidirectional

from triptych.text import EMPHASES, EmphasisKind, Scribe
from triptych.witness.reading import (
    Beside,
    Doubt,
    Landmarks,
    Looks,
    PictureRead,
    Reading,
    UnreadableError,
    Witness,
)

_RULE = re.compile("═+")
_UNDERLINE = re.compile(r"(=+|-+|~+|\^+|\.+|'+)")
_LEVELS = "=-~^.'"
_WORDLESS = re.compile(r"\* \* \*|[├┼┤─]+")
"""A line that divides the text, or the head of a table from its rows."""
_DIVIDING = "* * *"
_FENCE = re.compile("`{3,}")
_MARK = r"(?:[>•]|-?\d+\.|[A-Za-z]\.|[abAB][A-Za-z]\.|[ivxlcdm]+\.|[IVXLCDM]+\.)(?: |$)"
_ITEM = re.compile(_MARK)
_LEAD = re.compile(rf"(?: {{2,}}(?:{_MARK})?)*")
"""What begins a line in lists and quotations: blanks, and their marks."""
_NOTE = re.compile(r"(\S+)\.(?: |$)")
_APART = re.compile("(?<!\u2060)[│¶]")
"""What separates the cells of a table, and the lines within a cell."""
_BEGUN = re.compile("(▸|▪+) ")
_GOING_ON = re.compile("(▹|▫+) ")
"""What begins the first line, and the others, of a caption or of a heading in a list."""
_SIGN = re.compile(
    "\u2060(?P<literal>.)|(?<!\u2060)⟦.*?(?<!\u2060)⟧|[⁽⁾₍₎❨❩⁄¦]|(?P<placed>[⁰¹²³⁴-⁹⁺⁻⁼ⁱⁿ₀-₉₊₋₌ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ])"
)
_PICTURE = re.compile("(?<!\u2060)⟦(.*?)(?<!\u2060)⟧")
"""A picture, by its alternative text."""
_LETTERS = str.maketrans(
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼ⁱⁿ₀₁₂₃₄₅₆₇₈₉₊₋₌ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ",
    "0123456789+−=in0123456789+−=aehijklmnoprstuvx",
)
"""Raised and lowered letters."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202d\u202e]")
_TURNING = re.compile("[\u202b\u2067]")
"""Characters that change the direction of what follows (UAX #9, 2)."""

_Line = tuple[int, str]
"""A line with its number in the file, from 1."""


def read_text(data: bytes) -> Witness:
    """Read a plain-text edition. Raises UnreadableError if it is not one."""
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"it is no UTF-8 ({error.reason} at byte {error.start})") from None
    lines = list(enumerate(text.split("\n"), 1))
    ruled = groupby(lines, lambda line: bool(_RULE.fullmatch(line[1])))
    parts = [list(part) for is_rule, part in ruled if not is_rule]
    if len(parts) not in (3, 4):
        raise UnreadableError("its rules do not part title, text, notes and colophon")
    front, article, *noted, colophon = parts
    turning = not any(bidirectional(letter) in ("R", "AL") for letter in set(text))
    around = _Transcript(turning)
    title = _Transcript(turning)
    titles, people = _title_and_people(front)
    title.read(titles)
    around.read(people)
    notes: list[_Transcript] = []
    for note in _parted(noted[0] if noted else []):
        number = _NOTE.match(note[0][1])
        if number is None:
            around.read(note)
            continue
        notes.append(_Transcript(turning, number[1]))
        first = (note[0][0], note[0][1][number.end() :])
        notes[-1].read([first, *note[1:]])
    around.read(colophon)
    body = _Transcript(turning)
    body.read(article)
    read = title.reading()
    below = tuple(part for part in read.text.parts if part.level != 1)  # without the title itself
    return Witness(
        "text", body.reading(), tuple(note.reading() for note in notes), around.reading(),
        title=replace(read, text=replace(read.text, parts=below)),
    )  # fmt: skip


def _title_and_people(lines: Sequence[_Line]) -> tuple[list[_Line], list[_Line]]:
    """Title and summary, and the people between; without lines that divide, all is people."""
    rules = [at for at, line in enumerate(lines) if line[1] == _DIVIDING]
    if not rules:
        return [], list(lines)
    first, last = [*rules, len(lines)][:2]
    return [*lines[:first], (lines[first][0], ""), *lines[last + 1 :]], list(lines[first:last])


def _parted(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """The notes, and what comes before the first: each begins at the margin with its number."""
    part: list[_Line] = []
    for line in lines:
        if part and _NOTE.match(line[1]):
            yield part
            part = []
        part.append(line)
    if part:
        yield part


@dataclass(slots=True)
class _Transcript:
    """One text as it is written down; `number` is that of a note."""

    turning: bool
    number: str = ""
    scribe: Scribe = field(default_factory=Scribe)
    marks: list[tuple[int, str]] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    heights: dict[int, frozenset[EmphasisKind]] = field(default_factory=dict)
    items: list[tuple[int, Beside]] = field(default_factory=list)
    pictures: list[PictureRead] = field(default_factory=list)
    _open: tuple[int, str] | None = None
    """The first letter of the caption or heading that is being read, and its sign."""

    def reading(self) -> Reading:
        """What has been written down.

        Raised letters, as in 1st, and signs that stand high by themselves may stand as others do:
        if they are not marked, only figures tell that they are not raised.
        """
        text, looks = self.scribe.text(), Looks()
        for at, letter in enumerate(text.letters):
            height = self.heights.get(at, _LEVEL)
            untold = _UNTOLD if height or letter.isdecimal() else _UNTOLD | _HIGH
            looks.add(at, at + 1, height, untold)
        return Reading(
            text=text,
            doubts=tuple(self.doubts),
            looks=looks.found(),
            pictures=tuple(self.pictures),
            number=Beside(self.number),
            items=tuple(self.items),
            where=Landmarks(tuple(self.marks)),
        )

    def read(self, lines: Sequence[_Line]) -> None:
        """Read lines one by one."""
        paragraph = self.scribe.at
        fence, depth = "", 0
        for number, line in lines:
            self.marks.append((self.scribe.at, f"line {number}"))
            lead = _LEAD.match(line)
            assert lead is not None
            said = line[lead.end() :]
            if not fence:
                marks = (mark for mark in lead[0].split() if mark != ">")
                self.items += [(self.scribe.at, Beside(mark)) for mark in marks]
            if fence:
                if line[depth:] == fence:
                    fence = ""
                    self.scribe.gap("block")
                else:
                    self._write(f"{line[depth:]} ", _as_written)
                continue
            if not line.strip():
                paragraph = self.scribe.at
            elif _FENCE.fullmatch(said):
                self._end_part()
                fence, depth = said, lead.end()
            elif _UNDERLINE.fullmatch(line) and self.scribe.at > paragraph:
                self.scribe.part(paragraph, "heading", _LEVELS.index(line[0]) + 1)
            elif said.startswith("│"):
                for cell in map(str.strip, _APART.split(said)):
                    mark = _ITEM.match(cell)
                    if mark:
                        self.items.append((self.scribe.at, Beside(mark[0].strip())))
                    self._line(cell[mark.end() :] if mark else cell)
            elif not _WORDLESS.fullmatch(said):
                self._line(said)
            self.scribe.gap("block")
        self._end_part()

    def _line(self, said: str) -> None:
        """Write down a line, or one of a cell."""
        self.scribe.gap("block")
        said = said.strip(" ")
        begun, going_on = _BEGUN.match(said), _GOING_ON.match(said)
        if not going_on:
            self._end_part()
        if begun:
            self._open = self.scribe.at, begun[1]
        sign = begun or going_on
        for picture in _PICTURE.finditer(said):
            self.pictures.append(PictureRead(self.scribe.at, picture[1].replace("\u2060", "")))
        self._write(said[sign.end() :] if sign else said, _meant)
        self.scribe.gap("block")

    def _end_part(self) -> None:
        if self._open is not None:
            start, sign = self._open
            if sign == "▸":
                self.scribe.part(start, "caption")
            else:
                self.scribe.part(start, "heading", len(sign))
        self._open = None

    def _write(self, said: str, meant: _Meaning) -> None:
        start = self.scribe.at
        for letters, height in meant(said):
            at = self.scribe.at
            self.scribe.write(letters)
            if height:
                self.heights.update(dict.fromkeys(range(at, self.scribe.at), height))
        if _CONTROL.search(said) or (self.turning and _TURNING.search(said)):
            why = "a character that is not seen changes how its line is shown"
            self.doubts.append(Doubt("disguised", start, max(self.scribe.at, start + 1), why))


_Meaning = Callable[[str], Iterator[tuple[str, frozenset[EmphasisKind]]]]


def _as_written(said: str) -> Iterator[tuple[str, frozenset[EmphasisKind]]]:
    yield said, _LEVEL


def _meant(said: str) -> Iterator[tuple[str, frozenset[EmphasisKind]]]:
    """The letters that a line stands for, with their heights; most signs stand for no letter."""
    at, height = 0, _LEVEL
    for sign in _SIGN.finditer(said):
        yield said[at : sign.start()], height
        at = sign.end()
        if sign["literal"]:
            yield sign["literal"], height
        elif sign["placed"]:
            raised = sign["placed"] in _RAISED
            yield sign["placed"].translate(_LETTERS), _HIGH if raised else _LOW
        elif sign[0] in _OPENING:
            height = _OPENING[sign[0]]
        elif sign[0] in "⁾₎":
            height = _LEVEL
    yield said[at:], height


_LEVEL: frozenset[EmphasisKind] = frozenset()
_HIGH: frozenset[EmphasisKind] = frozenset({"superscript"})
_LOW: frozenset[EmphasisKind] = frozenset({"subscript"})
_UNTOLD: frozenset[EmphasisKind] = frozenset(EMPHASES) - _HIGH - _LOW
_OPENING = {"⁽": _HIGH, "₍": _LOW}
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼ⁱⁿ"
