"""Notes: none missing, none added, each with its number, in order, and with a link back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from triptych.collate.difference import Difference
from triptych.collate.pairing import Comparison, Pairing
from triptych.formats import FORMATS
from triptych.ledger import Note
from triptych.witness.reading import Spread


def wrong_notes(comparison: Comparison) -> Iterator[Difference]:
    """Everything that is wrong with notes, except their words."""
    notes = {note.id: note for note in comparison.ledger.notes}
    for name in comparison.lost:
        note = notes[name]
        yield comparison.tell("note-missing", name, f"note {note.number} is missing", note.text)
    for reading in comparison.stray:
        yield comparison.tell(
            "note-extra",
            "",
            f"a note {reading.number} is printed that the edition does not have",
            "",
            reading.text.plain,
            reading.where(0),
        )
    pairings = [pairing for pairing in comparison.pairings if pairing.note]
    printed = {notes[pairing.note].number: pairing.reading.number for pairing in pairings}
    for pairing in pairings:
        yield from _number(comparison, pairing, notes[pairing.note], printed)
        if FORMATS[comparison.witness.format].links:
            yield from _way_back(comparison, pairing, notes[pairing.note])
    yield from _order(comparison, pairings, notes)
    for link in comparison.witness.dead_ends:
        target = link.written.partition("#")[2]
        message = f"a link leads nowhere: {link.dead}"
        yield comparison.tell("link-dead", target, message, link.written)


def _number(
    comparison: Comparison, pairing: Pairing, note: Note, printed: dict[str, str]
) -> Iterator[Difference]:
    number = pairing.reading.number
    if number != note.number:
        exchanged = printed.get(number) == note.number
        yield comparison.tell(
            "note-moved" if exchanged else "note-mark",
            note.id,
            f"note {note.number} is printed with "
            + (f"the number “{number}”" if number else "no number"),
            note.number,
            number,
            pairing.reading.where(0),
        )


def _way_back(comparison: Comparison, pairing: Pairing, note: Note) -> Iterator[Difference]:
    mark, back = f"noteref-{note.number}", pairing.reading.back
    if back is None:
        kind, what = "link-missing", "is missing"
    elif back.dead:
        kind, what = "link-dead", f"leads nowhere: {back.dead}"
    elif mark in comparison.spots and comparison.spots[mark] not in (back.spot, back.or_spot):
        where = comparison.standing_at(back.spot) or back.written
        kind, what = "link-astray", f"leads to {where}, not to its mark"
    else:
        return
    yield comparison.tell(
        kind,
        note.id,
        f"the link back from note {note.number} {what}",
        mark,
        back.written if back else "",
        pairing.reading.where(0),
    )


def _order(
    comparison: Comparison, pairings: list[Pairing], notes: dict[str, Note]
) -> Iterator[Difference]:
    """Notes must follow one another, unless each is by its section."""
    if FORMATS[comparison.witness.format].notes_apart:
        return
    worded = [pairing for pairing in pairings if pairing.reading.text.letters]
    for before, after in pairwise(worded):
        if _standing(after) < _standing(before):
            note = notes[after.note]
            yield comparison.tell(
                "note-moved",
                note.id,
                f"note {note.number} comes before the one it should follow",
                note.text,
                "",
                after.reading.where(0),
            )


def _standing(pairing: Pairing) -> tuple[float, ...]:
    """Where a note comes: on paper by page and height, otherwise by its number in the file."""
    where = pairing.reading.where
    if isinstance(where, Spread) and where.places:
        page, box = where.places[0]
        return page, -box[1]
    return (pairing.order,)
