"""Words: where a witness's text differs from the ledger's, by the unit it falls in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from triptych.collate.align import Change
from triptych.collate.difference import Difference
from triptych.collate.pairing import Comparison, Pairing, Unit, context, excerpt, letters_only

_SHORT = 3
"""A change of fewer letters is never reported as something that moved."""

_State = Literal["differs", "missing", "extra", "moved"]

_KINDS: Mapping[str, Mapping[_State, str]] = {
    "citation": {
        "differs": "citation-differs",
        "missing": "citation-missing",
        "extra": "citation-extra",
        "moved": "citation-moved",
    },
    "entry": {
        "differs": "entry-differs",
        "missing": "entry-missing",
        "extra": "entry-extra",
        "moved": "entry-moved",
    },
    "text": {
        "differs": "text-differs",
        "missing": "text-missing",
        "extra": "text-extra",
        "moved": "text-moved",
    },
}
_ALWAYS: Mapping[str, str] = {
    "note": "note-differs",
    "mark": "note-mark",
    "number": "number-differs",
    "reference": "reference-differs",
    "contents": "contents-differs",
    "around": "front-differs",
}
"""What has only one kind of difference, whatever happened to its words."""


def _kind(what: str, state: _State) -> str:
    return _ALWAYS.get(what) or _KINDS[what][state]


def wrong_words(comparison: Comparison, pairing: Pairing) -> list[Difference]:
    """Every word that is missing, added, changed, moved, run together or torn apart."""
    moves = list(_moves(pairing))
    settled = {change for move in moves for change in (move.gone, move.come)}
    told = [difference for move in moves for difference in _moved(comparison, pairing, move)]
    theirs = pairing.reading.text.letters
    come = letters_only(
        " ".join(theirs[c.found_start : c.found_end] for c in pairing.alignment.changes)
    )
    seen: set[tuple[str, int]] = set()
    for change in pairing.alignment.changes:
        if change in settled:
            continue
        touched = _touched(pairing, change)
        if not touched:
            told.append(_added(comparison, pairing, change))
        for unit in touched:
            if (unit.kind, unit.start) not in seen:
                seen.add((unit.kind, unit.start))
                told.append(_changed(comparison, pairing, unit, change, come))
    return [*told, *_gaps(comparison, pairing)]


# --- Moved ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Move:
    """What is missing from one place and was added in another."""

    gone: Change
    come: Change


def _moves(pairing: Pairing) -> Iterator[_Move]:
    ours, theirs = pairing.text.letters, pairing.reading.text.letters
    come = [c for c in pairing.alignment.changes if c.start == c.end]
    for gone in pairing.alignment.changes:
        if gone.found_start != gone.found_end or gone.end - gone.start < _SHORT:
            continue
        lost = letters_only(ours[gone.start : gone.end])
        for other in come:
            added = letters_only(theirs[other.found_start : other.found_end])
            if any(unit.start <= other.start <= unit.end for unit in _touched(pairing, gone)):
                continue  # within one citation, for instance: it has changed, not moved
            # If both begin alike, a moved text may seem to have its beginning at its end.
            if len(added) == len(lost) and added in lost + lost:
                come.remove(other)
                yield _Move(gone, other)
                break


def _moved(comparison: Comparison, pairing: Pairing, move: _Move) -> Iterator[Difference]:
    """What moved: each citation or entry by itself, if nothing else moved with them."""
    units = _touched(pairing, move.gone)
    place = pairing.reading.where(move.come.found_start)
    if all(unit.kind in ("citation", "entry") for unit in units):
        for unit in units:
            words = excerpt(pairing.text, unit.start, unit.end)
            message = f"{unit.name} is in another place: “{words}”"
            yield comparison.tell(_kind(unit.kind, "moved"), unit.id, message, words, words, place)
        return
    words = excerpt(pairing.reading.text, move.come.found_start, move.come.found_end)
    lost = excerpt(pairing.text, move.gone.start, move.gone.end)
    subject = next((unit.id for unit in units if unit.id), pairing.note)
    kind = _kind(pairing.kind, "moved")
    yield comparison.tell(kind, subject, f"text is in another place: “{words}”", lost, words, place)


# --- Changed, missing, added ---------------------------------------------------------------------


def _touched(pairing: Pairing, change: Change) -> list[Unit]:
    return list(pairing.units.touching(change.start, change.end))


def _changed(
    comparison: Comparison, pairing: Pairing, unit: Unit, change: Change, come: str
) -> Difference:
    """How a unit has changed; `come` are all letters that the ledger does not have."""
    if unit.kind in ("text", "contents", "around"):
        return _changed_text(comparison, pairing, unit, change)
    start, end = pairing.alignment.span(unit.start, unit.end)
    gone = start >= end
    expected = excerpt(pairing.text, unit.start, unit.end)
    found = "" if gone else excerpt(pairing.reading.text, start, end)
    letters = letters_only(pairing.text.letters[unit.start : unit.end])
    state: _State = "differs"
    message = f"{unit.name} reads “{found}” for “{expected}”"
    if gone and unit.kind in ("citation", "entry") and letters in come:
        state, message = "moved", f"{unit.name} is in another place: “{expected}”"
    elif gone:
        state, message = "missing", f"{unit.name} is missing: “{expected}”"
    kind, place = _kind(unit.kind, state), pairing.reading.where(start)
    return comparison.tell(kind, unit.id, message, expected, found, place)


def _changed_text(
    comparison: Comparison, pairing: Pairing, unit: Unit, change: Change
) -> Difference:
    expected = excerpt(pairing.text, change.start, change.end)
    found = excerpt(pairing.reading.text, change.found_start, change.found_end)
    place = pairing.reading.where(change.found_start)
    around = context(pairing.text, change.start, change.end)
    start, end = pairing.alignment.span(unit.start, unit.end)
    gone = start >= end
    what = pairing.kind if unit.kind == "text" else unit.kind
    kind = _kind(what, "missing" if gone else "differs")
    message = (
        f"{unit.name} reads “{found}” for “{expected}” (in “{around}”)"
        if found
        else f"“{expected}” is missing (in “{around}”)"
    )
    return comparison.tell(kind, pairing.note, message, expected, found, place, near=around)


def _added(comparison: Comparison, pairing: Pairing, change: Change) -> Difference:
    """Letters between two units, where the edition has none."""
    text = pairing.reading.text
    found = excerpt(text, change.found_start, change.found_end)
    letters = letters_only(text.letters[change.found_start : change.found_end])
    place = pairing.reading.where(change.found_start)
    for unit in pairing.units:
        own = letters_only(pairing.text.letters[unit.start : unit.end])
        if unit.kind in ("citation", "entry") and letters == own:
            message = f"{unit.name} is where it does not belong: “{found}”"
            return comparison.tell(_kind(unit.kind, "extra"), unit.id, message, "", found, place)
    around = context(pairing.text, change.start, change.start)
    kind = _kind(pairing.kind, "extra")
    message = f"“{found}” is printed (at “{around}”), where the edition has nothing"
    return comparison.tell(kind, pairing.note, message, "", found, place, near=around)


# --- Gaps ----------------------------------------------------------------------------------------

_GAPS: Mapping[tuple[str | None, str | None], str] = {
    ("space", None): "a space is lost",
    ("block", None): "two blocks run together",
    ("block", "space"): "two blocks run together",
    (None, "space"): "a space is put in",
    (None, "block"): "a word is torn apart",
    ("space", "block"): "a line or block ends within the text",
}


def _gaps(comparison: Comparison, pairing: Pairing) -> Iterator[Difference]:
    """White space that is lost, added, or made the end of a block; a line's end may be either."""
    ours, theirs = pairing.text.gaps, pairing.reading.text.gaps
    for run in pairing.alignment.same:
        shift = run.found - run.start
        places = set(pairing.text.gaps_between(run.start, run.end))
        end = run.end + shift
        places |= {at - shift for at in pairing.reading.text.gaps_between(run.found, end)}
        for letter in sorted(places):
            wanted, got = ours.get(letter), theirs.get(letter + shift)
            if got not in (wanted, "break"):
                yield _gap(comparison, pairing, letter, letter + shift, _GAPS[wanted, got])


def _gap(
    comparison: Comparison, pairing: Pairing, letter: int, found_letter: int, what: str
) -> Difference:
    unit = next(pairing.units.touching(letter, letter), None)
    expected = excerpt(pairing.text, letter - 1, letter + 1)
    found = excerpt(pairing.reading.text, found_letter - 1, found_letter + 1)
    special = unit if unit and unit.kind in ("citation", "entry") else None
    kind = special.kind if special else pairing.kind
    return comparison.tell(
        _kind(kind, "differs"),
        special.id if special else pairing.note,
        f"{what}: “{found}” for “{expected}”",
        expected,
        found,
        pairing.reading.where(found_letter),
    )
