"""Notes: none missing, none added, in order, each with its number, which must be seen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from triptych.collate.difference import Difference
from triptych.collate.links import is_dead
from triptych.collate.markers import unseen
from triptych.collate.pairing import Comparison, Pairing
from triptych.formats import FORMATS
from triptych.ledger import Note
from triptych.text import Text
from triptych.witness.reading import Spread


def wrong_notes(comparison: Comparison) -> Iterator[Difference]:
    """Everything that is wrong with notes, except their words and their links back."""
    notes = {note.id: note for note in comparison.ledger.notes}
    for name in comparison.lost:
        note = notes[name]
        yield comparison.tell("note-missing", name, f"note {note.number} is missing", note.text)
    for reading in comparison.stray:
        yield comparison.tell(
            "note-extra",
            "",
            f"a note {reading.number.said} is printed that the edition does not have",
            "",
            reading.text.plain,
            reading.where(0),
        )
    pairings = [pairing for pairing in comparison.pairings if pairing.note]
    printed = {notes[pairing.note].number: pairing.reading.number.said for pairing in pairings}
    for pairing in pairings:
        yield from _number(comparison, pairing, notes[pairing.note], printed)
    yield from _order(comparison, pairings, notes)
    for link in comparison.witness.dead_ends:
        if not is_dead(comparison, link):
            continue
        target = link.written.partition("#")[2]
        message = f"a link leads nowhere: {link.dead}"
        yield comparison.tell("link-dead", target, message, link.written)


def _number(
    comparison: Comparison, pairing: Pairing, note: Note, printed: dict[str, str]
) -> Iterator[Difference]:
    number, why = pairing.reading.number.said, unseen(comparison.manifest, pairing.reading.number)
    if number == note.number and why:
        message = f"the number of note {number} is not seen as it should be: {why}"
        place = pairing.reading.where(0)
        yield comparison.tell("note-mark", note.id, message, number, "", place)
    elif number != note.number:
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


def _order(
    comparison: Comparison, pairings: list[Pairing], notes: dict[str, Note]
) -> Iterator[Difference]:
    """Notes must follow one another; where each is by its section, behind the one that calls it."""
    if FORMATS[comparison.witness.format].notes_apart:
        known = {pairing.note: pairing for pairing in pairings}
        texts = (comparison.ledger.title_text, comparison.ledger.text)
        pairings = [found for text in texts for found in _called(text, known)]
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


def _called(text: Text, known: dict[str, Pairing]) -> Iterator[Pairing]:
    """The notes that a text calls, each followed by those that it calls itself."""
    for link in text.links:
        found = known.pop(link.target, None)
        if found is not None:
            yield found
            yield from _called(found.text, known)


def _standing(pairing: Pairing) -> tuple[float, ...]:
    """Where a note comes: on paper by page and height, otherwise by its number in the file."""
    where = pairing.reading.where
    if isinstance(where, Spread) and where.places:
        page, box = where.places[0]
        return page, -box[1]
    return (pairing.order,)
