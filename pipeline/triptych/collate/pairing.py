"""Pairing: each text of the ledger with the witness's reading of it.

The ledger's text is divided into units: citations, entries, note marks, printed numbers,
cross-references, and the plain text between them. A difference is reported by the unit it falls in.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cached_property
from typing import Literal, TypeVar

from triptych.collate.align import Alignment, align, has_right_to_left
from triptych.collate.difference import Difference
from triptych.collate.direction import runs_from_right
from triptych.collate.spans import Spans
from triptych.formats import FORMATS
from triptych.ledger import Ledger
from triptych.manifest import EditionManifest
from triptych.text import (
    Emphasis,
    FormulaPart,
    Gap,
    Link,
    ListItem,
    Part,
    Place,
    Text,
    TextRole,
    as_drawn,
)
from triptych.witness.reading import Reading, Spot, Witness

UnitKind = Literal[
    "citation", "entry", "mark", "number", "reference", "text", "contents", "around"
]  # fmt: skip
TITLE, AROUND = -2, -3
"""The orders of pairings beside article (-1) and notes."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Letters `start` to `end` (not included) of the ledger, reported together under a `name`."""

    kind: UnitKind
    id: str
    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Pairing:
    """A text of the ledger with its reading; `note` is the note's id, else empty.

    `order` counts the witness's notes as a `Spot` does: -1 is the article, `TITLE` the title,
    `AROUND` what is around the text.
    """

    note: str
    order: int
    text: Text
    reading: Reading
    alignment: Alignment
    units: Spans[Unit]

    @property
    def is_title(self) -> bool:
        """Whether this is title, subtitle and summary."""
        return self.order == TITLE

    @property
    def kind(self) -> Literal["note", "around", "text"]:
        """What it is a text of."""
        return "note" if self.note else "around" if self.order == AROUND else "text"

    def unit_at(self, letter: int) -> Unit | None:
        """The unit that a letter of the ledger belongs to."""
        return self.units.at(letter)

    def subject_at(self, found: int) -> str:
        """The id of what a letter of the witness belongs to; in a note's plain text, the note's."""
        ours = self.alignment.trace(found)
        unit = None if ours is None else self.unit_at(ours)
        return (unit.id if unit else "") or self.note


@dataclass(frozen=True)
class Comparison:
    """One witness with its pairings, and where in it each id of the ledger is (`spots`).

    `lost` are the ids of the ledger's notes that the witness lacks, `stray` the witness's notes
    that the ledger lacks.
    """

    manifest: EditionManifest
    witness: Witness
    pairings: tuple[Pairing, ...]
    lost: tuple[str, ...]
    stray: tuple[Reading, ...]
    spots: Mapping[str, Spot] = field(default_factory=dict)

    @property
    def ledger(self) -> Ledger:
        """What the witness must say."""
        return self.manifest.ledger

    def tell(
        self,
        kind: str,
        subject: str,
        message: str,
        expected: str = "",
        found: str = "",
        place: str = "",
        near: str = "",
    ) -> Difference:
        """A difference of this witness."""
        return Difference(self.witness.format, kind, subject, message, expected, found, place, near)

    def standing_at(self, spot: Spot | None) -> str:
        """The innermost id at the place where a link leads, or nothing."""
        return "" if spot is None else self._standing.get(spot, "")

    @cached_property
    def _standing(self) -> dict[Spot, str]:
        return {spot: name for name, spot in self.spots.items()}


def pair(manifest: EditionManifest, witness: Witness) -> Comparison:
    """Pair a witness with the ledger."""
    ledger = manifest.ledger
    from_right = runs_from_right(manifest.record.language) or has_right_to_left(
        ledger.text, ledger.note_text, ledger.title_text
    )
    texts = _note_texts(ledger)
    numbers = {note.id: note.number for note in ledger.notes}
    pairs = _pair(texts, numbers, witness.notes)
    known = _Known(ledger)

    def pairing(note: str, order: int, text: Text, reading: Reading) -> Pairing:
        ours, theirs = (as_shown(witness.format, one) for one in (text, reading.text))
        aligned = align(ours, theirs, from_right)
        return Pairing(note, order, text, reading, aligned, Spans(known.units(text)))

    pairings = [pairing("", -1, ledger.text, witness.article)]
    pairings += [pairing(note, at, texts[note], witness.notes[at]) for note, at in pairs.items()]
    if ledger.title_text.letters:
        pairings.append(pairing("", TITLE, ledger.title_text, witness.title))
    paired = set(pairs.values())
    comparison = Comparison(
        manifest,
        witness,
        tuple(pairings),
        lost=tuple(note for note in texts if note not in pairs),
        stray=tuple(r for at, r in enumerate(witness.notes) if at not in paired),
    )
    return replace(comparison, spots=dict(_spots(comparison)))


def _spots(comparison: Comparison) -> Iterator[tuple[str, Spot]]:
    for pairing in comparison.pairings:
        for place in pairing.text.places:
            found = pairing.alignment.find(place.start)
            if found is None and place.start == len(pairing.text.letters):
                found = len(pairing.reading.text.letters)
            if found is not None:
                yield place.id, Spot(pairing.order, found)
        if pairing.note:
            yield pairing.note, Spot(pairing.order, 0)


# --- Units ---------------------------------------------------------------------------------------


class _Known:
    """What the ledger knows by id."""

    def __init__(self, ledger: Ledger) -> None:
        self._clusters = {cluster.id for cluster in ledger.clusters}
        self._entries = {entry.id: entry.key for entry in ledger.entries}
        self._numbered = {item.id: item for item in ledger.numbered}
        self._notes = {note.id: note.number for note in ledger.notes}

    def units(self, text: Text) -> Iterator[Unit]:
        """A text divided: its special units, and the blocks of text between and around them."""
        special = sorted(self._special(text), key=lambda unit: (unit.start, unit.end))
        edges = sorted(index for index, gap in text.gaps.items() if gap == "block")
        begun = Spans(special)
        for start, end in zip([0, *edges], [*edges, len(text.letters)], strict=True):
            at = start
            for unit in begun.touching(start, end):
                if unit.end <= at:
                    continue
                if unit.start > at:
                    yield Unit("text", "", at, unit.start, "the text")
                if unit.start >= start:
                    yield unit
                at = max(at, unit.end)
            if at < end:
                yield Unit("text", "", at, end, "the text")

    def _special(self, text: Text) -> Iterator[Unit]:
        named = (self._place(place.id, place.start, place.end) for place in text.places)
        units = [unit for unit in named if unit]
        yield from units
        taken = Spans(units)
        for link in text.links:
            span = link.start, link.end
            if link.target in self._notes:
                number = self._notes[link.target]
                yield Unit("mark", link.target, *span, f"the mark of note {number}")
            elif link.target in self._numbered and taken.at(link.start) is None:
                label = self._numbered[link.target].label
                yield Unit("reference", link.target, *span, f"the cross-reference to {label}")

    def _place(self, name: str, start: int, end: int) -> Unit | None:
        if name in self._clusters:
            return Unit("citation", name, start, end, f"citation {name.removeprefix('cite-')}")
        if name in self._entries:
            return Unit("entry", name, start, end, f"the entry of {self._entries[name]}")
        if name in self._numbered:
            item = self._numbered[name]
            printed = {
                "section": item.number,
                "equation": f"({item.number})",
                "panel": f"({item.number[-1:]})",
            }.get(item.kind, f"{item.label}.")
            length = sum(1 for letter in printed if not letter.isspace())
            if item.kind == "equation":  # its number stands after it
                start = max(start, end - length)
            return Unit(
                "number", name, start, min(start + length, end), f"the number of {item.label}"
            )
        return None


# --- Notes ---------------------------------------------------------------------------------------


def _note_texts(ledger: Ledger) -> dict[str, Text]:
    """The notes of the ledger by id, each as a text of its own."""
    whole, names = ledger.note_text, {note.id for note in ledger.notes}
    links, places, parts = Spans(whole.links), Spans(whole.places), Spans(whole.parts)
    emphasis = None if whole.emphasis is None else Spans(whole.emphasis)
    roles = Spans(whole.roles)
    formulas = None if whole.formula_parts is None else Spans(whole.formula_parts)

    def cut(name: str) -> Text:
        place = whole.place(name)
        if place is None:
            return Text()
        start, end = place.start, place.end
        edges = whole.edges[bisect_right(whole.edges, start) : bisect_left(whole.edges, end)]
        gaps: dict[int, Gap] = {edge - start: whole.gaps[edge] for edge in edges}
        return Text(
            whole.letters[start:end],
            gaps,
            tuple(_moved(link, start) for link in links.within(start, end)),
            tuple(
                _moved(inner, start)
                for inner in places.within(start, end)
                if inner.id == name or inner.id not in names  # an empty one, at another's edge
            ),
            tuple(_moved(part, start) for part in parts.within(start, end)),
            None
            if emphasis is None
            else tuple(_moved(span, start) for span in emphasis.within(start, end)),
            tuple(_moved(role, start) for role in roles.within(start, end)),
            None
            if whole.items is None
            else tuple(ListItem(i.at - start, i.said) for i in whole.items if start <= i.at < end),
            None
            if formulas is None
            else tuple(_moved(part, start) for part in formulas.within(start, end)),
        )

    return {note.id: cut(note.id) for note in ledger.notes}


_Piece = TypeVar("_Piece", Link, Place, Part, Emphasis, TextRole, FormulaPart)


def _moved(span: _Piece, start: int) -> _Piece:
    """A span, counted from letter `start` instead of from the beginning."""
    return replace(span, start=span.start - start, end=span.end - start)


def _pair(
    texts: Mapping[str, Text], numbers: Mapping[str, str], read: tuple[Reading, ...]
) -> dict[str, int]:
    """Each note of the ledger with its reading: one with the same words, or the most similar."""
    wanted = {note: letters_only(text.letters) for note, text in texts.items()}
    free = dict(enumerate(letters_only(reading.text.letters) for reading in read))
    pairs: dict[str, int] = {}
    for by_number in (True, False):
        same: dict[tuple[str, str], list[int]] = {}
        for at in reversed(list(free)):
            number = read[at].number.said if by_number else ""
            same.setdefault((free[at], number), []).append(at)
        for note, letters in wanted.items():
            found = same.get((letters, numbers[note] if by_number else ""))
            if note not in pairs and found:
                pairs[note] = found.pop()
                del free[pairs[note]]
    for note, letters in wanted.items():
        if note in pairs or not free:
            continue
        likeness = {
            at: (SequenceMatcher(None, letters, found, autojunk=False).ratio(),
                 read[at].number.said == numbers[note])
            for at, found in free.items()
        }  # fmt: skip
        best = max(likeness, key=lambda at: likeness[at])
        if likeness[best][0] > 0.3:
            pairs[note] = best
            del free[best]
    return {note: pairs[note] for note in texts if note in pairs}


# --- Words for people ----------------------------------------------------------------------------


def as_shown(medium: str, text: Text) -> Text:
    """A text with the letters that a format can tell apart: on pages, some are drawn alike."""
    return as_drawn(text) if FORMATS[medium].paged else text


def letters_only(text: str) -> str:
    """Letters without hyphens and white space, to tell whether two texts are the same."""
    return "".join(text.replace("-", "").split())


def excerpt(text: Text, start: int, end: int, limit: int = 160) -> str:
    """The words that letters `start` to `end` belong to, on one line."""
    edges = text.edges
    start = edges[max(bisect_right(edges, start) - 1, 0)]
    end = edges[min(bisect_left(edges, end), len(edges) - 1)]
    shown = " ".join(text.show(start, end).split())
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def context(text: Text, start: int, end: int) -> str:
    """The words, with a few before and after, so that the place can be found."""
    edges = text.edges
    before, after = bisect_right(edges, start) - 1, bisect_left(edges, end)
    first = edges[max(before - 3, 0)] if before > 0 else start
    last = edges[min(after + 3, len(edges) - 1)] if after < len(edges) - 1 else end
    return excerpt(text, first, last, 120)
