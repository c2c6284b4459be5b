"""What a collation found, told to people at a terminal and to programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from triptych.collate.difference import Collation, Difference
from triptych.collate.sheet import Case, Sheet, lay_out


def verdict(collation: Collation) -> str:
    """One sentence."""
    ledger = collation.ledger
    files = ", ".join(witness.format.upper() for witness in collation.witnesses) or "no file"
    if collation.passed and not collation.witnesses:
        return "no file that holds the work was made, so none was compared"
    if collation.passed:
        return (
            f"{files} agree: {len(ledger.clusters)} citations, {len(ledger.entries)} entries, "
            f"{len(ledger.notes)} notes, {len(ledger.text.links) + len(ledger.note_text.links)} "
            f"links, {len(ledger.text.letters) + len(ledger.note_text.letters)} letters in each"
        )
    count = len(collation.differences)
    return f"{files}: {count} difference{'' if count == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Rendering:
    """What one witness has for a thing of the ledger: its words, their place, what is wrong.

    `start` and `end` number its letters in the `sheet` that holds them.
    """

    witness: str
    text: str
    place: str
    differences: tuple[Difference, ...]
    sheet: Sheet
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Row:
    """A citation, note or entry: what the ledger says, and each witness's rendering of it."""

    kind: str
    id: str
    name: str
    text: str
    renderings: tuple[Rendering, ...]


def rows(collation: Collation) -> Iterator[Row]:
    """Every citation, note and entry of the ledger, in the order of reading."""
    ledger = collation.ledger
    cases = [lay_out(collation.record, ledger, witness) for witness in collation.witnesses]
    for number, cluster in enumerate(ledger.clusters, 1):
        yield _row(collation, cases, "citation", cluster.id, f"Citation {number}", cluster.text)
    for note in ledger.notes:
        yield _row(collation, cases, "note", note.id, f"Note {note.number}", note.text)
    for entry in ledger.entries:
        yield _row(collation, cases, "entry", entry.id, entry.key, entry.text)


def _row(
    collation: Collation, cases: list[Case], kind: str, name: str, title: str, text: str
) -> Row:
    found = (_rendering(collation, case, name) for case in cases)
    return Row(kind, name, title, text, tuple(item for item in found if item))


def _rendering(collation: Collation, case: Case, name: str) -> Rendering | None:
    told = tuple(
        difference
        for difference in collation.differences
        if difference.subject == name and difference.witness == case.witness.format
    )
    for sheet in case.sheets:
        place = sheet.text.place(name)
        if sheet.note == name:
            start, end = 0, len(sheet.reading.text.letters)
        elif place is not None:
            start, end = sheet.alignment.span(place.start, place.end)
        else:
            continue
        words = " ".join(sheet.reading.text.show(start, end).split()) if start < end else ""
        where = sheet.reading.where(start)
        return Rendering(case.witness.format, words, where, told, sheet, start, end)
    return None


def as_table(collation: Collation) -> str:
    """Every citation, note and entry with its words and its place in each file, a line each."""
    lines: list[str] = []
    for row in rows(collation):
        lines.append(f"{row.name}: {row.text}")
        for item in row.renderings:
            mark = "differs" if item.differences else "same"
            words = f": {item.text}" if item.differences else ""
            lines.append(f"    {item.witness:4} {mark:7} {item.place}{words}")
    return "\n".join(lines)


def as_json(collation: Collation) -> dict[str, Any]:
    """Everything, as plain JSON values."""
    return {
        "name": collation.name,
        "passed": collation.passed,
        "seconds": round(collation.seconds, 3),
        "witnesses": [witness.format for witness in collation.witnesses],
        "differences": [asdict(difference) for difference in collation.differences],
        "readings": [
            {
                "kind": row.kind,
                "id": row.id,
                "text": row.text,
                "renderings": [
                    {"witness": item.witness, "text": item.text, "place": item.place}
                    for item in row.renderings
                ],
            }
            for row in rows(collation)
        ],
    }
