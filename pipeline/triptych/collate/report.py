"""What a collation found, for people at a terminal and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from triptych.collate.collation import Collation
from triptych.collate.difference import Difference
from triptych.collate.pairing import Comparison, Pairing
from triptych.diagnostics import counted
from triptych.text import Part, Text
from triptych.witness.geometry import Box
from triptych.witness.reading import Spread


def verdict(collation: Collation) -> str:
    """One sentence."""
    ledger = collation.ledger
    read = [witness.format.upper() for witness in collation.witnesses]
    files = ", ".join(read) or "no file"
    cover = "" if collation.cover is None else "; the cover says what the record says"
    if collation.passed and not collation.witnesses:
        return f"no file that holds the work was made, so none was compared{cover}"
    if collation.passed:
        texts = (ledger.title_text, ledger.text, ledger.note_text)
        return (
            f"{files} agree: {counted(len(ledger.clusters), 'citation')}, "
            f"{counted(len(ledger.entries), 'entry')}, {counted(len(ledger.notes), 'note')}, "
            f"{counted(sum(len(text.links) for text in texts), 'link')}, "
            f"{counted(sum(len(text.letters) for text in texts), 'letter')} in each{cover}"
        )
    files = ", ".join([*read, "COVER"] if collation.cover is not None else read) or "no file"
    return f"{files}: {counted(len(collation.differences), 'difference')}"


@dataclass(frozen=True, slots=True)
class Rendering:
    """What one witness has for an item of the ledger: its words, their place, what is wrong.

    `start` and `end` are its letters in the `pairing`. `targets` are where their links lead: ids of
    the ledger, or addresses.
    """

    witness: str
    text: str
    place: str
    targets: tuple[str, ...]
    differences: tuple[Difference, ...]
    pairing: Pairing
    start: int
    end: int

    @property
    def areas(self) -> tuple[tuple[int, Box], ...]:
        """Where it is printed, line by line: the page, from 1, and a rectangle in points."""
        where = self.pairing.reading.where
        return where.areas(self.start, self.end) if isinstance(where, Spread) else ()


@dataclass(frozen=True, slots=True)
class Row:
    """An item of the ledger: what the ledger says, and each witness's rendering.

    Kinds are `citation`, `note`, `entry`, `heading`, `caption` and `reference`.
    """

    kind: str
    id: str
    name: str
    text: str
    renderings: tuple[Rendering, ...]


def rows(collation: Collation) -> Iterator[Row]:
    """The items of the ledger, by kind, each kind in reading order."""
    ledger = collation.ledger
    told: dict[tuple[str, str], list[Difference]] = {}
    for difference in collation.differences:
        told.setdefault((difference.witness, difference.subject), []).append(difference)
    witnesses = [_Read(comparison, told) for comparison in collation.comparisons]

    def row(kind: str, name: str, title: str, text: str) -> Row:
        found = (read.named(name) for read in witnesses)
        return Row(kind, name, title, text, tuple(item for item in found if item))

    def row_at(kind: str, name: str, title: str, told: _Told, text: Text, span: _Span) -> Row:
        found = (read.at(told, span, name) for read in witnesses)
        words = " ".join(text.show(*span).split())
        return Row(kind, name, title, words, tuple(item for item in found if item))

    for number, cluster in enumerate(ledger.clusters, 1):
        yield row("citation", cluster.id, f"Citation {number}", cluster.text)
    for note in ledger.notes:
        yield row("note", note.id, f"Note {note.number}", note.text)
    for entry in ledger.entries:
        yield row("entry", entry.id, entry.key, entry.text)
    labels = {item.id: item.label for item in ledger.numbered}
    for part in ledger.text.parts:
        name = _name_of(part, ledger.text)
        title = labels.get(name) or part.kind.capitalize()
        yield row_at(part.kind, name, title, ("", False), ledger.text, (part.start, part.end))
    for pairing in witnesses[0].comparison.pairings if witnesses else ():
        for link in pairing.text.links:
            if link.target in labels:
                title, span = f"To {labels[link.target]}", (link.start, link.end)
                told_in = (pairing.note, pairing.is_title)
                yield row_at("reference", link.target, title, told_in, pairing.text, span)


_Span = tuple[int, int]
_Told = tuple[str, bool]
"""Which text: the id of a note, else whether it is the title."""


def _name_of(part: Part, text: Text) -> str:
    """The id of the section that a heading begins, or of what a caption belongs to."""
    around = [p for p in text.places if p.start <= part.start and part.end <= p.end]
    if part.kind == "heading":
        around = [place for place in around if place.start == part.start]
    return min(around, key=lambda place: place.end - place.start).id if around else ""


class _Read:
    """One comparison, which gives the renderings of items."""

    def __init__(
        self, comparison: Comparison, told: Mapping[tuple[str, str], list[Difference]]
    ) -> None:
        self.comparison = comparison
        self._told = told
        self._ids = {spot: name for name, spot in comparison.spots.items()}

    def named(self, name: str) -> Rendering | None:
        """The rendering of the place of an id, or of a note."""
        for pairing in self.comparison.pairings:
            if pairing.note == name:
                return self._rendering(pairing, (0, len(pairing.reading.text.letters)), name)
            place = pairing.text.place(name)
            if place is not None:
                span = pairing.alignment.span(place.start, place.end)
                return self._rendering(pairing, span, name)
        return None

    def at(self, told: _Told, span: _Span, name: str) -> Rendering | None:
        """The rendering of letters of the title, the article or a note."""
        pairings = self.comparison.pairings
        pairing = next((p for p in pairings if (p.note, p.is_title) == told), None)
        return (
            None
            if pairing is None
            else self._rendering(pairing, pairing.alignment.span(*span), name)
        )

    def _rendering(self, pairing: Pairing, span: _Span, name: str) -> Rendering:
        start, end = span
        medium = self.comparison.witness.format
        links = [link for link in pairing.reading.links if link.start < end and start < link.end]
        leads = ((link.spot and self._ids.get(link.spot)) or link.written for link in links)
        return Rendering(
            witness=medium,
            text=" ".join(pairing.reading.text.show(start, end).split()) if start < end else "",
            place=pairing.reading.where(start),
            targets=tuple(dict.fromkeys(leads)),
            differences=tuple(self._told.get((medium, name), ())),
            pairing=pairing,
            start=start,
            end=end,
        )


def as_table(collation: Collation) -> str:
    """The items of the ledger, with their words and places in each file, one per line."""
    lines: list[str] = []
    for row in rows(collation):
        lines.append(f"{row.name}: {row.text}")
        for item in row.renderings:
            mark = "differs" if item.differences else "same"
            words = f": {item.text}" if item.differences else ""
            lines.append(f"    {item.witness:4} {mark:7} {item.place}{words}")
    return "\n".join(lines)


def as_json(collation: Collation) -> dict[str, Any]:
    """The whole collation as plain JSON values."""
    return {
        "name": collation.name,
        "passed": collation.passed,
        "seconds": round(collation.seconds, 3),
        "witnesses": [witness.format for witness in collation.witnesses],
        "cover": collation.cover is not None,
        "differences": [_told(difference) for difference in collation.differences],
        "readings": [
            {
                "kind": row.kind,
                "id": row.id,
                "text": row.text,
                "renderings": [
                    {
                        "witness": item.witness,
                        "text": item.text,
                        "place": item.place,
                        "targets": list(item.targets),
                        "areas": [
                            {"page": page, "box": [round(edge, 2) for edge in box]}
                            for page, box in item.areas
                        ],
                    }
                    for item in row.renderings
                ],
            }
            for row in rows(collation)
        ],
    }


def _told(difference: Difference) -> dict[str, str]:
    """A difference without the words beside it, which its message quotes."""
    return {name: value for name, value in asdict(difference).items() if name != "near"}
