"""Notes: none lost, none too many, each under its number, in its turn, and with its way back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from triptych.collate.difference import Difference
from triptych.collate.pairing import Case, Sheet
from triptych.edition import Note
from triptych.formats import FORMATS
from triptych.witness.reading import Spread


def wrong_notes(case: Case) -> Iterator[Difference]:
    """Everything that is wrong with notes besides their words."""
    notes = {note.id: note for note in case.ledger.notes}
    for name in case.lost:
        note = notes[name]
        yield case.tell("note-missing", name, f"note {note.number} is missing", note.text)
    for reading in case.stray:
        yield case.tell(
            "note-extra",
            "",
            f"a note {reading.number} is printed that the edition does not have",
            "",
            reading.text.plain,
            reading.where(0),
        )
    sheets = [sheet for sheet in case.sheets if sheet.note]
    printed = {notes[sheet.note].number: sheet.reading.number for sheet in sheets}
    for sheet in sheets:
        yield from _number(case, sheet, notes[sheet.note], printed)
        if FORMATS[case.witness.format].links:
            yield from _way_back(case, sheet, notes[sheet.note])
    yield from _order(case, sheets, notes)
    for link in case.witness.dead_ends:
        target = link.written.partition("#")[2]
        message = f"a link leads nowhere: {link.dead}"
        yield case.tell("link-dead", target, message, link.written)


def _number(case: Case, sheet: Sheet, note: Note, printed: dict[str, str]) -> Iterator[Difference]:
    number = sheet.reading.number
    if number != note.number:
        exchanged = printed.get(number) == note.number
        yield case.tell(
            "note-moved" if exchanged else "note-mark",
            note.id,
            f"note {note.number} is printed with "
            + (f"the number “{number}”" if number else "no number"),
            note.number,
            number,
            sheet.reading.where(0),
        )


def _way_back(case: Case, sheet: Sheet, note: Note) -> Iterator[Difference]:
    mark, back = f"noteref-{note.number}", sheet.reading.back
    if back is None:
        kind, what = "link-missing", "is missing"
    elif back.dead:
        kind, what = "link-dead", f"leads nowhere: {back.dead}"
    elif mark in case.spots and case.spots[mark] not in (back.spot, back.or_spot):
        where = case.standing_at(back.spot) or back.written
        kind, what = "link-astray", f"leads to {where}, not to its mark"
    else:
        return
    yield case.tell(
        kind,
        note.id,
        f"the link back from note {note.number} {what}",
        mark,
        back.written if back else "",
        sheet.reading.where(0),
    )


def _order(case: Case, sheets: list[Sheet], notes: dict[str, Note]) -> Iterator[Difference]:
    """Notes follow one another, but in an EPUB, where each stands by its section."""
    if case.witness.format == "epub":
        return
    worded = [sheet for sheet in sheets if sheet.reading.text.letters]
    for before, after in pairwise(worded):
        if _standing(after) < _standing(before):
            note = notes[after.note]
            yield case.tell(
                "note-moved",
                note.id,
                f"note {note.number} stands before the one it follows",
                note.text,
                "",
                after.reading.where(0),
            )


def _standing(sheet: Sheet) -> tuple[float, ...]:
    """How far on a note stands: on paper by page and height, else by its turn."""
    where = sheet.reading.where
    if isinstance(where, Spread) and where.places:
        page, box = where.places[0]
        return page, -box[1]
    return (sheet.order,)
