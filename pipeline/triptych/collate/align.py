"""Alignment: where two texts agree letter by letter, and what is between.

One text is the ledger's, the other a witness's. In a witness, a line may end with a hyphen that
does not belong to the word. Equal texts cost one comparison of strings. After a difference, the
texts are aligned again where they next share a run of letters.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from unicodedata import bidirectional

from triptych.text import Text

_PATIENCE = 8
_RUN = 12
"""How many letters in a row must agree before two texts count as aligned again."""


_OPENED = str.maketrans(")]}>»›", "([{<«‹")
"""In right-to-left text a bracket is printed mirrored, and a PDF may call it by either name."""


@dataclass(frozen=True, slots=True)
class Same:
    """Letters `start` to `end` of the ledger are those from `found` on in the witness."""

    start: int
    end: int
    found: int


@dataclass(frozen=True, slots=True)
class Change:
    """Letters `start` to `end` of the ledger are `found_start` to `found_end` of the witness."""

    start: int
    end: int
    found_start: int
    found_end: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """The runs in which two texts agree, in order, and the changes between them."""

    same: tuple[Same, ...]
    changes: tuple[Change, ...]

    def find(self, letter: int) -> int | None:
        """The witness's number of a letter of the ledger; None where it has no counterpart."""
        index = bisect_right(self.same, letter, key=lambda run: run.start) - 1
        if index < 0 or letter >= self.same[index].end:
            return None
        return self.same[index].found + letter - self.same[index].start

    def trace(self, letter: int) -> int | None:
        """The ledger's number of a letter of the witness; None where it has no counterpart."""
        index = bisect_right(self.same, letter, key=lambda run: run.found) - 1
        if index < 0:
            return None
        run = self.same[index]
        at = run.start + letter - run.found
        return at if at < run.end else None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The letters of the witness that stand for letters `start` to `end` of the ledger."""
        return self._edge(start, opening=True), self._edge(end, opening=False)

    def _edge(self, letter: int, opening: bool) -> int:
        probe = letter if opening else letter - 1
        found = self.find(probe)
        if found is not None:
            return found if opening else found + 1
        for change in self.changes:
            if change.start <= probe < change.end or change.start == change.end == letter:
                return change.found_start if opening else change.found_end
        return self.same[-1].found + self.same[-1].end - self.same[-1].start if self.same else 0


def has_right_to_left(*texts: Text) -> bool:
    """Whether any of the texts has letters that are written from right to left."""
    letters = set().union(*(text.letters for text in texts))
    return any(bidirectional(letter) in ("R", "AL") for letter in letters)


def align(ledger: Text, witness: Text, from_right: bool = False) -> Alignment:
    """Align a witness with the ledger; `from_right` if the work has right-to-left text."""
    ours, theirs = ledger.letters, witness.letters
    if from_right:
        ours, theirs = ours.translate(_OPENED), theirs.translate(_OPENED)
    hyphens = [
        index - 1
        for index, gap in witness.gaps.items()
        if gap == "break" and theirs[index - 1] == "-"
    ]
    same: list[Same] = []
    changes: list[Change] = []
    grams: dict[str, list[int]] = {}
    i = j = 0
    while i < len(ours) or j < len(theirs):
        i, j = _follow(ours, theirs, i, j, hyphens, same)
        if i == len(ours) and j == len(theirs):
            break
        if not grams:
            for at in range(len(ours) - _RUN + 1):
                grams.setdefault(ours[at : at + _RUN], []).append(at)
        next_i, next_j = _meet(ours, theirs, i, j, grams)
        changes += _narrowed(ours, theirs, Change(i, next_i, j, next_j), same)
        i, j = next_i, next_j
    if from_right and changes:
        changes = list(_really_changed(ours, theirs, changes))
    return Alignment(*_slid(ours, theirs, same, changes, ledger, witness))


def _slid(
    ours: str, theirs: str, same: list[Same], changes: list[Change], ledger: Text, witness: Text
) -> tuple[tuple[Same, ...], tuple[Change, ...]]:
    """The same alignment, with what is missing or added moved to where a block begins, if possible.

    If two entries begin alike, such as `[3] A` and `[4] B`, and the first is missing, the missing
    letters may seem to run from its second letter to the first letter of the next entry.
    """
    starts = {run.start: index for index, run in enumerate(same)}
    slid: list[Change] = []
    for change in changes:
        gone = change.found_start == change.found_end
        text, letters = (ledger, ours) if gone else (witness, theirs)
        start, end = (change.start, change.end) if gone else (change.found_start, change.found_end)
        index = starts.get(change.end)
        if (gone or change.start == change.end) and index:
            before, after = same[index - 1], same[index]
            back = 0
            longest = before.end - before.start - 1
            while back < longest and letters[start - back - 1] == letters[end - back - 1]:
                back += 1
                if text.gaps.get(start - back) in ("block", "break"):
                    same[index - 1] = Same(before.start, before.end - back, before.found)
                    same[index] = Same(after.start - back, after.end, after.found - back)
                    change = Change(
                        change.start - back, change.end - back,
                        change.found_start - back, change.found_end - back,
                    )  # fmt: skip
                    break
        slid.append(change)
    return tuple(same), tuple(slid)


def _really_changed(ours: str, theirs: str, changes: list[Change]) -> Iterator[Change]:
    """The changes, without those where right-to-left and left-to-right words only swap places.

    Where both meet on a line, several reading orders look the same, and the page does not show
    which one is meant. The words, figures and signs printed there must still be the same.
    """
    groups: list[list[Change]] = []
    for change in changes:
        if groups and change.start - groups[-1][-1].end <= _LINE:
            groups[-1].append(change)
        else:
            groups.append([change])
    for group in groups:
        first, last = group[0], group[-1]
        left = ours[first.start : last.end]
        right = theirs[first.found_start : last.found_end]
        if Counter(_tokens(left)) != Counter(_tokens(right)):
            yield from group


_LINE = 80


def _tokens(letters: str) -> list[str]:
    """Words, figures and signs: runs of letters of one kind."""
    kinds = [(letter, _direction(letter)) for letter in letters]
    return [
        "".join(letter for letter, _ in run)
        for kind, grouped in groupby(kinds, key=lambda item: item[1])
        for run in ([[item] for item in grouped] if kind == "N" else [list(grouped)])
    ]


def _direction(letter: str) -> str:
    kind = bidirectional(letter)
    return {"R": "R", "AL": "R", "NSM": "R", "L": "L", "EN": "D", "AN": "D"}.get(kind, "N")


def _follow(
    ours: str, theirs: str, i: int, j: int, hyphens: list[int], same: list[Same]
) -> tuple[int, int]:
    """Follow both texts as long as they agree, skipping hyphens that only break a line."""
    while True:
        length = _common(ours, theirs, i, j)
        if length:
            same.append(Same(i, i + length, j))
            i, j = i + length, j + length
        at = bisect_right(hyphens, j) - 1
        if at >= 0 and hyphens[at] == j:
            j += 1  # the ledger has no hyphen here: it is the line's
        else:
            return i, j


def _common(ours: str, theirs: str, i: int, j: int) -> int:
    """How many letters agree from `i` and `j` on; found by halving, since equal runs are long."""
    low, high = 0, min(len(ours) - i, len(theirs) - j)
    step = 64
    while low < high:
        size = min(step, high - low)
        if ours[i + low : i + low + size] == theirs[j + low : j + low + size]:
            low += size
            step *= 4
        elif size == 1:
            break
        else:
            high = min(high, low + size)
            step = max(1, size // 2)
    return low


def _meet(ours: str, theirs: str, i: int, j: int, grams: dict[str, list[int]]) -> tuple[int, int]:
    """The nearest place after `i` and `j` where the texts agree again."""
    best = (len(ours) - i) + (len(theirs) - j)
    place = len(ours), len(theirs)
    for at in range(j, len(theirs) - _RUN + 1):
        if at - j >= best:
            break
        found = grams.get(theirs[at : at + _RUN])
        if not found:
            continue
        index = bisect_right(found, i - 1)
        if index < len(found) and (found[index] - i) + (at - j) < best:
            best = (found[index] - i) + (at - j)
            place = found[index], at
    # If something is simply missing, or simply added, that is likelier, even if it is not nearer.
    gone = [at for at in grams.get(theirs[j : j + _RUN], ()) if at > i][:1]
    come = theirs.find(ours[i : i + _RUN], j) if len(ours) - i >= _RUN else -1
    pure = [(gone[0] - i, (gone[0], j))] if gone else []
    pure += [(come - j, (i, come))] if come > j else []
    cost, found_place = min(pure, default=(0, place))
    return found_place if cost <= _PATIENCE * best else place


def _narrowed(ours: str, theirs: str, change: Change, same: list[Same]) -> Iterator[Change]:
    """A change, split by what its two sides still share."""
    left, right = ours[change.start : change.end], theirs[change.found_start : change.found_end]
    if not left or not right or len(left) * len(right) > 400_000:
        yield change
        return
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    i, j = change.start, change.found_start
    for block in matcher.get_matching_blocks():
        if block.size and block.size < 3:
            continue
        a, b = change.start + block.a, change.found_start + block.b
        if a > i or b > j:
            yield Change(i, a, j, b)
        if block.size:
            same.append(Same(a, a + block.size, b))
        i, j = a + block.size, b + block.size
