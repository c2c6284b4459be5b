"""Formulas: each must be built as in the ledger, with its parts where the edition has them.

Markup names the parts of a formula. A page only has letters at places: `printed_formulas` judges
these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from triptych.collate.difference import Difference
from triptych.collate.pairing import Comparison, Pairing, context
from triptych.collate.printed_formulas import misplaced
from triptych.text import FormulaPart, FormulaPartKind, Text

_SAID: Mapping[FormulaPartKind, str] = {
    "base": "bear what is beside it", "superscript": "stand raised",
    "subscript": "stand lowered", "presuperscript": "stand raised before its base",
    "presubscript": "stand lowered before its base", "over": "stand above its base",
    "under": "stand under its base", "numerator": "stand above the bar of a fraction",
    "denominator": "stand under the bar of a fraction", "upper": "stand above, without a bar",
    "lower": "stand below, without a bar", "radicand": "stand under the root",
    "index": "stand at the root as its index", "row": "be a row of its own",
    "cell": "be a cell of its own",
}  # fmt: skip
"""What a part of a formula should do, in words."""


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A part that is not where it should be; letters are the ledger's."""

    part: FormulaPart
    why: str


def wrong_formulas(comparison: Comparison, pairing: Pairing) -> Iterator[Difference]:
    """Every formula that is not built as in the edition: of each, the first part that is wrong."""
    text, reading = pairing.text, pairing.reading
    if text.formula_parts is None:
        return
    wrong: list[_Wrong] = []
    if reading.formula_parts is not None:
        wrong = list(_otherwise_built(pairing, text.formula_parts, reading.formula_parts))
    elif reading.printed is not None:
        wrong = [_Wrong(part, why) for part, why in misplaced(pairing, reading.printed)]
    by_formula: dict[tuple[int, int], list[_Wrong]] = {}
    for one in wrong:
        by_formula.setdefault(_formula_around(text, one.part), []).append(one)
    for formula, found in sorted(by_formula.items()):
        first = min(found, key=lambda one: one.part.kind == "base")  # a base is told by its scripts
        yield _tell(comparison, pairing, first, formula)


def _otherwise_built(
    pairing: Pairing, wanted: tuple[FormulaPart, ...], read: tuple[FormulaPart, ...]
) -> Iterator[_Wrong]:
    """The parts that markup lacks, and those that it has too many; where words differ, none."""
    trace = pairing.alignment.trace
    found = Counter(
        FormulaPart(part.kind, start, end + 1)
        for part in read
        if (start := trace(part.start)) is not None and (end := trace(part.end - 1)) is not None
    )
    ours = Counter(part for part in wanted if _is_there(pairing, part))
    if ours == found:
        return
    instead = {(part.start, part.end): part.kind for part in found - ours}
    for part in sorted(ours - found, key=lambda part: part.start):
        other = instead.get((part.start, part.end))
        yield _Wrong(part, f"should {_SAID[part.kind]}, but is built to {_SAID[other]}"
                     if other else f"should {_SAID[part.kind]}, but does not")  # fmt: skip
    for part in sorted(found - ours, key=lambda part: part.start):
        yield _Wrong(part, f"is built to {_SAID[part.kind]}, but should not")


def _is_there(pairing: Pairing, part: FormulaPart) -> bool:
    """Whether the file has the first and the last letter of a part."""
    find = pairing.alignment.find
    return find(part.start) is not None and find(part.end - 1) is not None


def _formula_around(text: Text, part: FormulaPart) -> tuple[int, int]:
    """The formula that a part is in."""
    around = (r for r in text.roles if r.kind == "formula" and r.start <= part.start < r.end)
    return next(((role.start, role.end) for role in around), (part.start, part.end))


def _tell(
    comparison: Comparison, pairing: Pairing, wrong: _Wrong, formula: tuple[int, int]
) -> Difference:
    text, part = pairing.text, wrong.part
    words = " ".join(text.show(part.start, part.end).split())
    whole = " ".join(text.show(*formula).split())
    short = whole if len(whole) <= _LONG else f"{whole[:_LONG].rstrip()}…"
    letter = pairing.alignment.find(part.start) or 0
    unit = pairing.unit_at(part.start)
    return comparison.tell(
        "formula-differs",
        (unit.id if unit else "") or pairing.note,
        f"in the formula “{short}”, “{words}” {wrong.why}",
        whole,
        words,
        pairing.reading.where(letter),
        near=context(text, *formula),
    )


_LONG = 60
