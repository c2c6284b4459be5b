"""Words: where a witness's text is not the ledger's, told by the unit it falls in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from triptych.collate.align import Change
from triptych.collate.difference import Difference
from triptych.collate.pairing import Case, Sheet, Unit, context, excerpt, letters_only

_SHORT = 3
"""A change of fewer letters than this is never told as a thing that moved."""


def wrong_words(case: Case, sheet: Sheet) -> list[Difference]:
    """Every word that is missing, added, changed, moved, run together or torn apart."""
    moves = list(_moves(sheet))
    settled = {change for move in moves for change in (move.gone, move.come)}
    told = [difference for move in moves for difference in _moved(case, sheet, move)]
    theirs = sheet.reading.text.letters
    come = letters_only(
        " ".join(theirs[c.found_start : c.found_end] for c in sheet.alignment.changes)
    )
    seen: set[tuple[str, int]] = set()
    for change in sheet.alignment.changes:
        if change in settled:
            continue
        touched = _touched(sheet, change)
        if not touched:
            told.append(_added(case, sheet, change))
        for unit in touched:
            if (unit.kind, unit.start) not in seen:
                seen.add((unit.kind, unit.start))
                told.append(_changed(case, sheet, unit, change, come))
    return [*told, *_gaps(case, sheet)]


# --- Moved ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Move:
    """What is gone from one place and has come to another."""

    gone: Change
    come: Change


def _moves(sheet: Sheet) -> Iterator[_Move]:
    ours, theirs = sheet.text.letters, sheet.reading.text.letters
    come = [c for c in sheet.alignment.changes if c.start == c.end]
    for gone in sheet.alignment.changes:
        if gone.found_start != gone.found_end or gone.end - gone.start < _SHORT:
            continue
        lost = letters_only(ours[gone.start : gone.end])
        for other in come:
            added = letters_only(theirs[other.found_start : other.found_end])
            if any(unit.start <= other.start <= unit.end for unit in _touched(sheet, gone)):
                continue  # within one citation, say: it has changed, not moved
            # Where both begin alike, a text may seem to have moved with its beginning at its end.
            if len(added) == len(lost) and added in lost + lost:
                come.remove(other)
                yield _Move(gone, other)
                break


def _moved(case: Case, sheet: Sheet, move: _Move) -> Iterator[Difference]:
    """What moved: each citation or entry by itself, if it is made of nothing else."""
    units = _touched(sheet, move.gone)
    place = sheet.reading.where(move.come.found_start)
    if all(unit.kind in ("citation", "entry") for unit in units):
        for unit in units:
            words = excerpt(sheet.text, unit.start, unit.end)
            message = f"{unit.name} stands in another place: “{words}”"
            yield case.tell(f"{unit.kind}-moved", unit.id, message, words, words, place)
        return
    words = excerpt(sheet.reading.text, move.come.found_start, move.come.found_end)
    lost = excerpt(sheet.text, move.gone.start, move.gone.end)
    subject = next((unit.id for unit in units if unit.id), sheet.note)
    kind = "note-differs" if sheet.note else "text-moved"
    yield case.tell(kind, subject, f"text stands in another place: “{words}”", lost, words, place)


# --- Changed, missing, added ---------------------------------------------------------------------


def _touched(sheet: Sheet, change: Change) -> list[Unit]:
    return list(sheet.units.touching(change.start, change.end))


def _changed(case: Case, sheet: Sheet, unit: Unit, change: Change, come: str) -> Difference:
    """How a unit has changed; `come` are all letters that stand where the ledger has none."""
    if unit.kind == "text":
        return _changed_text(case, sheet, unit, change)
    start, end = sheet.alignment.span(unit.start, unit.end)
    gone = start >= end
    expected = excerpt(sheet.text, unit.start, unit.end)
    found = "" if gone else excerpt(sheet.reading.text, start, end)
    letters = letters_only(sheet.text.letters[unit.start : unit.end])
    state, message = "differs", f"{unit.name} reads “{found}” for “{expected}”"
    if gone and unit.kind in ("citation", "entry") and letters in come:
        state, message = "moved", f"{unit.name} stands in another place: “{expected}”"
    elif gone:
        state, message = "missing", f"{unit.name} is missing: “{expected}”"
    kinds = {"mark": "note-mark", "number": "number-differs", "reference": "reference-differs"}
    kind = kinds.get(unit.kind) or f"{unit.kind}-{state}"
    return case.tell(kind, unit.id, message, expected, found, sheet.reading.where(start))


def _changed_text(case: Case, sheet: Sheet, unit: Unit, change: Change) -> Difference:
    expected = excerpt(sheet.text, change.start, change.end)
    found = excerpt(sheet.reading.text, change.found_start, change.found_end)
    place = sheet.reading.where(change.found_start)
    around = context(sheet.text, change.start, change.end)
    start, end = sheet.alignment.span(unit.start, unit.end)
    gone = start >= end
    kind = "note-differs" if sheet.note else f"text-{'missing' if gone else 'differs'}"
    message = (
        f"the text reads “{found}” for “{expected}” (in “{around}”)"
        if found
        else f"“{expected}” is missing (in “{around}”)"
    )
    return case.tell(kind, sheet.note, message, expected, found, place)


def _added(case: Case, sheet: Sheet, change: Change) -> Difference:
    """Letters that stand between two units, where the edition has none."""
    text = sheet.reading.text
    found = excerpt(text, change.found_start, change.found_end)
    letters = letters_only(text.letters[change.found_start : change.found_end])
    place = sheet.reading.where(change.found_start)
    for unit in sheet.units:
        own = letters_only(sheet.text.letters[unit.start : unit.end])
        if unit.kind in ("citation", "entry") and letters == own:
            message = f"{unit.name} stands where it does not belong: “{found}”"
            return case.tell(f"{unit.kind}-extra", unit.id, message, "", found, place)
    around = context(sheet.text, change.start, change.start)
    kind = "note-differs" if sheet.note else "text-extra"
    message = f"“{found}” is printed (at “{around}”), where the edition has nothing"
    return case.tell(kind, sheet.note, message, "", found, place)


# --- Gaps ----------------------------------------------------------------------------------------

_GAPS: Mapping[tuple[str | None, str | None], str] = {
    ("space", None): "a space is lost",
    ("block", None): "two blocks run together",
    ("block", "space"): "two blocks run together",
    (None, "space"): "a space is put in",
    (None, "block"): "a word is torn apart",
    ("space", "block"): "a line or block ends within the text",
}


def _gaps(case: Case, sheet: Sheet) -> Iterator[Difference]:
    """White space lost, put in, or turned into the end of a block; a line's end may be either."""
    ours, theirs = sheet.text.gaps, sheet.reading.text.gaps
    for run in sheet.alignment.same:
        shift = run.found - run.start
        places = set(sheet.text.gaps_between(run.start, run.end))
        end = run.end + shift
        places |= {at - shift for at in sheet.reading.text.gaps_between(run.found, end)}
        for letter in sorted(places):
            wanted, got = ours.get(letter), theirs.get(letter + shift)
            if got not in (wanted, "break"):
                yield _gap(case, sheet, letter, letter + shift, _GAPS[wanted, got])


def _gap(case: Case, sheet: Sheet, letter: int, found_letter: int, what: str) -> Difference:
    unit = next(sheet.units.touching(letter, letter), None)
    expected = excerpt(sheet.text, letter - 1, letter + 1)
    found = excerpt(sheet.reading.text, found_letter - 1, found_letter + 1)
    special = unit if unit and unit.kind in ("citation", "entry") else None
    kind = special.kind if special else ("note" if sheet.note else "text")
    return case.tell(
        f"{kind}-differs",
        special.id if special else sheet.note,
        f"{what}: “{found}” for “{expected}”",
        expected,
        found,
        sheet.reading.where(found_letter),
    )
