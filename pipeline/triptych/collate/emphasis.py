"""Emphasis: italics, bold, small capitals and the like must be on the ledger's words and no others.

A design sets some things in a type of its own, such as headings in bold. What it does to them is
learned from the file: what nearly all plain letters of one role have in common is the design's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from triptych.collate.difference import Difference
from triptych.collate.faces import BIT, CAPITALS, FACE, Faces
from triptych.collate.heights import printed_heights
from triptych.collate.pairing import Comparison, Pairing, context, excerpt
from triptych.text import EMPHASES, EmphasisKind

_ALL = (1 << len(EMPHASES)) - 1
_ITALIC, _UNDERLINED = BIT["italic"], BIT["underlined"]
_HEIGHT = BIT["superscript"] | BIT["subscript"]
_NAMES: Mapping[EmphasisKind, str] = {
    "small-capitals": "in small capitals", "superscript": "raised", "subscript": "lowered",
    "struck": "struck through",
}  # fmt: skip
_OWN = frozenset({"formula", "address"})
"""Roles in which type has another meaning, or is the browser's."""
_USUAL = 0.9
"""What so many of the plain letters of a role have is the design's."""
_NEAR = 3
"""Letters that look wrong in one way are told together if so many at most are between them."""


class _Case(NamedTuple):
    """What a letter is in the ledger, and how the file shows it; kinds of emphasis are bits.

    `role` names its roles, outer ones first; `wanted` is its emphasis, `passed` what of it does not
    count there. `marks` is the emphasis that it is shown with, `untold` what the file does not
    tell. `face` is as in a `ShapeStyle`.
    """

    role: str
    wanted: int
    passed: int
    marks: int
    untold: int
    face: frozenset[int]

    @property
    def told(self) -> int:
        """What can be compared."""
        return _ALL & ~(self.passed | self.untold)


@dataclass(frozen=True, slots=True)
class _Wrong:
    """Letters of the witness that look wrong: what they lack, and what they have too much."""

    lost: int
    added: int
    start: int
    end: int


def wrong_emphasis(comparison: Comparison) -> Iterator[Difference]:
    """Every word that stands out and should not, or does not and should."""
    faces = Faces(comparison.manifest)
    letters = [
        (pairing, _Letters(pairing, faces))
        for pairing in comparison.pairings
        if pairing.text.emphasis is not None and pairing.reading.looks
    ]
    counted: Counter[tuple[object, ...]] = Counter()
    for _, of in letters:
        for _, cases in of.runs():
            counted.update(cases)
    cases = {key: _Case(*key) for key in counted}  # type: ignore[arg-type]  # keys are the fields of a case
    design = _design(list(cases.values()), [counted[key] for key in cases])
    wrong = {}
    for key, case in cases.items():
        expected = _expected(case, design[case.role])
        differing = (expected ^ case.marks) & case.told
        if differing:
            wrong[key] = differing & expected, differing & ~expected
    if wrong:
        for pairing, of in letters:
            for found in _joined(of.wrong(wrong)):
                yield from _tell(comparison, pairing, found)


def _design(cases: list[_Case], counts: list[int]) -> Mapping[str, int]:
    """What the design does to each role: what nearly all letters have that need not have it."""
    design = dict.fromkeys((case.role for case in cases), 0)
    for role in design:
        for bit in BIT.values():
            plain = shown = 0
            for case, count in zip(cases, counts, strict=True):
                if case.role == role and case.told & bit and _may_show(case, bit):
                    plain += count
                    shown += count * bool(case.marks & bit)
            if plain and shown / plain >= _USUAL:
                design[role] |= bit
    return design


def _may_show(case: _Case, bit: int) -> bool:
    """Whether a letter without some emphasis in the ledger would show what the design does."""
    able = not (bit & FACE and case.face) or _nearest(case.wanted & FACE | bit, case.face) & bit
    return bool(able) and not case.wanted & bit


def _expected(case: _Case, design: int) -> int:
    """The emphasis that a letter must show.

    Within italics, a design sets emphasis upright. Where a family lacks a face, the nearest of
    those it has is shown.
    """
    expected = (case.wanted | design) ^ (case.wanted & design & _ITALIC)
    if not case.face:
        return expected
    return (expected & ~FACE) | _nearest(expected & FACE, case.face)


def _nearest(wanted: int, has: frozenset[int]) -> int:
    """The face that is shown (CSS Fonts 4, 5.2): the slope counts first, then the weight."""
    return min(has, key=lambda one: ((one ^ wanted) & _ITALIC, one ^ wanted))


# --- Letters -------------------------------------------------------------------------------------


class _Letters:
    """The letters of a text: of each, what the ledger and the file say, in lists by its number."""

    def __init__(self, pairing: Pairing, faces: Faces) -> None:
        self._same = pairing.alignment.same
        text, reading = pairing.text, pairing.reading
        length = len(text.letters)
        self._role = [""] * length
        self._wanted = [0] * length
        self._passed = [0] * length
        for role in sorted(text.roles, key=lambda span: (span.start, -span.end)):
            within = slice(role.start, role.end)
            self._role[within] = [f"{outer} {role.kind}" for outer in self._role[within]]
            if role.kind in _OWN:
                _put(self._passed, role.start, role.end, _ALL)
        for span in text.emphasis or ():
            _put(self._wanted, span.start, span.end, BIT[span.kind])
        for link in text.links:
            _put(self._passed, link.start, link.end, _UNDERLINED)
        read = len(reading.text.letters)
        self._marks = [0] * read
        self._untold = [_ALL] * read
        self._face: list[frozenset[int]] = [frozenset()] * read
        for look in reading.looks:
            size = look.end - look.start
            self._marks[look.start : look.end] = [sum(BIT[kind] for kind in look.marks)] * size
            self._untold[look.start : look.end] = [sum(BIT[kind] for kind in look.untold)] * size
        for shape in reading.shapes:
            style = faces.style(shape.said, shape.digest)
            for letter in shape.letters:
                self._untold[letter] = self._untold[letter] & ~_OF_SHAPES | style.untold
                self._marks[letter] |= style.marks
                self._face[letter] = style.face
        for start, end, height in printed_heights(pairing):
            self._untold[start:end] = [bits & ~_HEIGHT for bits in self._untold[start:end]]
            if height:
                _put(self._marks, start, end, _BY_HEIGHT[height])

    def runs(self) -> Iterator[tuple[int, Iterable[tuple[object, ...]]]]:
        """The runs in which ledger and file agree: the first letter in the file, and all cases."""
        for run in self._same:
            ours, theirs = (
                slice(run.start, run.end),
                slice(run.found, run.found + run.end - run.start),
            )
            yield (
                run.found,
                zip(
                    self._role[ours], self._wanted[ours], self._passed[ours],
                    self._marks[theirs], self._untold[theirs], self._face[theirs], strict=True,
                ),
            )  # fmt: skip

    def wrong(self, cases: Mapping[tuple[object, ...], tuple[int, int]]) -> Iterator[_Wrong]:
        """The letters of some cases, with what is wrong with them."""
        for first, found in self.runs():
            for letter, case in enumerate(found, first):
                if case in cases:
                    yield _Wrong(*cases[case], letter, letter + 1)


_OF_SHAPES = FACE | CAPITALS
_BY_HEIGHT = {1: BIT["superscript"], -1: BIT["subscript"]}


def _put(bits: list[int], start: int, end: int, bit: int) -> None:
    bits[start:end] = [one | bit for one in bits[start:end]]


# --- Telling -------------------------------------------------------------------------------------


def _joined(found: Iterable[_Wrong]) -> Iterator[_Wrong]:
    """Letters that are wrong in one way, those near each other as one."""
    last: _Wrong | None = None
    for one in found:
        if last is None:
            last = one
        elif (last.lost, last.added) == (one.lost, one.added) and one.start - last.end <= _NEAR:
            last = _Wrong(last.lost, last.added, last.start, one.end)
        else:
            yield last
            last = one
    if last is not None:
        yield last


def _tell(comparison: Comparison, pairing: Pairing, found: _Wrong) -> Iterator[Difference]:
    text = pairing.reading.text
    words = excerpt(text, found.start, found.end)
    shown = " ".join(text.show(found.start, found.end).split())
    what = f"“{words}”" if len(shown) >= len(words) else f"“{shown}” in “{words}”"
    lost, added = _named(found.lost), _named(found.added)
    if not added:
        message = f"{what} is not {lost}"
    elif not lost:
        message = f"{what} is {added}, but should not be"
    else:
        message = f"{what} is {added}, not {lost}"
    letters = range(found.start, min(found.end, found.start + 400))
    for subject in dict.fromkeys(map(pairing.subject_at, letters)):
        yield comparison.tell(
            "emphasis-differs",
            subject,
            message,
            lost,
            added,
            pairing.reading.where(found.start),
            near=context(text, found.start, found.end),
        )


def _named(bits: int) -> str:
    """Kinds of emphasis in words."""
    return " and ".join(_NAMES.get(kind, kind) for kind, bit in BIT.items() if bits & bit)
