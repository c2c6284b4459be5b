"""Heights on printed pages: which letters are raised or lowered in their line.

A page shows letters and no lines. The height of a line is that of its letters which the ledger
neither raises nor lowers; where there are none, nothing can be told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from unicodedata import category, combining

from triptych.collate.align import has_right_to_left
from triptych.collate.pairing import Pairing
from triptych.text import Text
from triptych.witness.reading import Spread

_OWN = frozenset(("formula", "note-mark"))
"""Roles in which letters stand at heights of their own."""
_RAISED, _LOWERED = 0.1, -0.06
"""How far off its line a letter is raised or lowered, in em."""
_EVEN = 0.01
"""Letters whose heights differ by no more are level, in em or points."""
_LINE = 0.85
"""Letters that are further off their line are in another, in em."""
_STEP = 1.05
"""Letters beside each other are in one line if they differ by less, as those of SO₄²⁻ do, in em."""


def printed_heights(pairing: Pairing) -> Iterator[tuple[int, int, int]]:
    """The heights of a printed text: first letter, the one after the last, and their height.

    It is 1 for raised letters, -1 for lowered ones, 0 for others. Letters are left out if their
    height cannot be told.
    """
    where = pairing.reading.where
    if not isinstance(where, Spread):
        return
    levels = _levels(pairing.text)
    for ours, start, end in _lines(pairing, where):
        bases = [box[1] for _, box in where.places[start:end]]
        wanted = levels[ours : ours + len(bases)]
        plain = Counter(
            round(base, 1) for base, level in zip(bases, wanted, strict=True) if level == 0
        )
        if not plain:
            continue
        usual = plain.most_common(1)[0][0]
        if max(bases) - min(bases) < _EVEN:
            yield start, end, 0
            continue
        for letter, base in enumerate(bases, start):
            rise = (base - usual) / _size(where, letter)
            even = abs(rise) < _EVEN
            if even or (abs(rise) < _LINE and _stands(pairing.reading.text, letter)):
                yield letter, letter + 1, (rise > _RAISED) - (rise < _LOWERED)


def _stands(text: Text, letter: int) -> bool:
    """Whether a letter stands on its line by itself: marks and joined letters are put to others."""
    letters = text.letters
    joined = letter > 0 and combining(letters[letter - 1]) == _VIRAMA
    return not joined and category(letters[letter])[0] != "M"


_VIRAMA = 9
"""The combining class of signs that join consonants, as in Devanagari (UAX #44, 5.7.4)."""


def _levels(text: Text) -> Sequence[int | None]:
    """The height of each letter in the ledger; None where it is raised or lowered twice."""
    levels: list[int | None] = [0] * len(text.letters)
    for span in text.emphasis or ():
        if span.kind in ("superscript", "subscript"):
            height = 1 if span.kind == "superscript" else -1
            for letter in range(span.start, span.end):
                levels[letter] = None if levels[letter] != 0 else height
    for role in text.roles:
        if role.kind in _OWN:
            levels[role.start : role.end] = [None] * (role.end - role.start)
    return levels


def _lines(pairing: Pairing, where: Spread) -> Iterator[tuple[int, int, int]]:
    """The printed lines: the ledger's number of the first letter; the file's, and where it ends."""
    gaps = pairing.text.gaps
    places = where.places
    from_right = has_right_to_left(pairing.text)
    for run in pairing.alignment.same:
        shift = run.start - run.found
        start, end = run.found, run.found + run.end - run.start
        page, box = places[start] if start < end else (0, (0.0,) * 4)
        for letter in range(start + 1, end):
            other, after = places[letter]
            near = other == page and box[1] == after[1] and box[0] <= after[0]
            page, box = other, after
            new_block = gaps.get(letter + shift) == "block"
            if new_block or not (near or _goes_on(where, letter, from_right)):
                yield start + shift, start, letter
                start = letter
        if start < end:
            yield start + shift, start, end


def _goes_on(where: Spread, letter: int, from_right: bool) -> bool:
    """Whether a letter is in the line of the one before it."""
    (page, before), (other_page, after) = where.places[letter - 1], where.places[letter]
    size = max(_size(where, letter - 1), _size(where, letter))
    level = page == other_page and abs(after[1] - before[1]) < _STEP * size
    return level and (from_right or after[0] > before[0] - size)


def _size(where: Spread, letter: int) -> float:
    """The size of a letter in points: its box is 0.45 em high."""
    box = where.places[letter][1]
    return max(box[3] - box[1], 0.1) / 0.45
