"""Formulas on pages: whether each part stands where the ledger's formula has it.

In: the places of letters on a page. Out: the ledger's parts that are elsewhere, each with why.
Letters and digits are judged by their baselines. Signs that grow with what is beside them, such as
brackets and sums, have no baseline of their own: they are judged by the middle of their ink.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce
from itertools import pairwise
from unicodedata import bidirectional, category, name

from triptych.collate.align import has_right_to_left
from triptych.collate.pairing import Pairing
from triptych.text import FormulaPart
from triptych.witness.geometry import Box, around
from triptych.witness.reading import Printed

_LEVEL = frozenset(("base", "radicand"))
"""Parts on the line of what is around them."""
_HIGH = frozenset(("superscript", "presuperscript", "over"))
_LOW = frozenset(("subscript", "presubscript", "under"))
_ABOVE = frozenset(("numerator", "upper"))
_BELOW = frozenset(("denominator", "lower"))
_PLAIN = frozenset("+−-=<>*∗∘⋅×±,.;:!?†‡%′″‴∞∂∇")
"""Signs that stand on their line like letters and digits, and do not grow."""
_RAISED, _LOWERED, _MIDDLE = 0.12, 0.08, 0.05
"""How far off its base a script is at least, in em: by baselines, and by the middle of its ink."""
_EVEN = 0.03
"""Letters whose baselines differ by no more are level, in em."""
_OVERLAP = 0.1
"""How far parts above each other may reach into each other, in em."""
_NEW_LINE = 0.6
"""What is so many em lower, and where lines run from the left further left, is in a new line."""
_BESIDE = 1.5
"""A letter that a script without a base belongs to is at most so far from it, in em."""
_SHARED = 0.5
"""What is above or below a base shares at least so much of the narrower width with it."""
_LEAN = 0.25
"""How far a script may reach over its base, in em; that of an integral reaches to its middle."""
_CLOSE = 0.03
"""How far the bar of a fraction may reach into what is above or below it, in em."""
_WIDE = 0.8
"""A bar is at least as wide as this share of what is above and below it."""
_APART = 0.3
"""How far a cell may reach into the one before it, in em."""

Misplaced = tuple[FormulaPart, str]


@dataclass
class _Node:
    """A part of a formula with the parts in it; `places` are those of all printed letters."""

    part: FormulaPart
    pairing: Pairing
    places: Mapping[int, Printed]
    inside: list[_Node] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """What it is."""
        return self.part.kind

    def place(self, letter: int) -> Printed | None:
        """Where a letter of the ledger is printed, if it is."""
        found = self.pairing.alignment.find(letter)
        return None if found is None else self.places.get(found)

    @cached_property
    def plain(self) -> list[tuple[int, Printed]]:
        """The letters and digits on its own line, not those raised, lowered or in fractions."""
        letters = self.pairing.text.letters
        found: list[tuple[int, Printed]] = []
        at = self.part.start
        for node in [*self.inside, None]:
            end = node.part.start if node else self.part.end
            found += [
                (n, place)
                for n in range(at, end)
                if _is_plain(letters[n]) and (place := self.place(n)) is not None
            ]
            if node:
                found += node.plain if node.kind in _LEVEL else []
                at = node.part.end
        return found

    @cached_property
    def ink(self) -> tuple[int, Box, float] | None:
        """Its page, the box around its ink, and the size of its first letter."""
        places = [p for n in range(self.part.start, self.part.end) if (p := self.place(n))]
        if not places:
            return None
        first = places[0]
        ink = reduce(around, (place.ink for place in places if place.page == first.page))
        return first.page, ink, first.size


def _is_plain(letter: str) -> bool:
    kind = category(letter)
    return (kind[0] in "LN" and kind != "Lm") or letter in _PLAIN


def misplaced(pairing: Pairing, printed: Mapping[int, Printed]) -> Iterator[Misplaced]:
    """The parts of formulas that do not stand where they should, and why."""
    from_right = has_right_to_left(pairing.text)
    for node in _tree(pairing, printed):
        yield from _wrong_in(node, from_right)


def _tree(pairing: Pairing, printed: Mapping[int, Printed]) -> list[_Node]:
    """The formulas, with their parts in each other; a row is around its only cell."""
    formulas = [
        FormulaPart("cell", role.start, role.end)
        for role in pairing.text.roles
        if role.kind == "formula"
    ]
    roots: list[_Node] = []
    around_it: list[_Node] = []
    order = {"row": 0, "cell": 1}
    parts = sorted(
        (*formulas, *(pairing.text.formula_parts or ())),
        key=lambda part: (part.start, -part.end, order.get(part.kind, 2)),
    )
    for part in parts:
        while around_it and around_it[-1].part.end <= part.start:
            around_it.pop()
        node = _Node(part, pairing, printed)
        (around_it[-1].inside if around_it else roots).append(node)
        around_it.append(node)
    return roots


def _wrong_in(node: _Node, from_right: bool) -> Iterator[Misplaced]:
    """What is wrong with a part, and with all that is in it; lines may run `from_right`."""
    if node.kind not in _LEVEL:  # whose letters are among those of the part around it
        yield from _uneven(node, from_right)
    base: _Node | None = None
    end = node.part.start
    for before, one in pairwise([None, *node.inside]):
        assert one is not None
        base = base if one.part.start == end else None
        if one.kind == "base":
            base = one
        elif one.kind in _HIGH | _LOW:
            yield from _wrong_script(one, base, node)
        elif one.kind == "radicand":
            yield from _wrong_root(one)
        elif before is not None and before.part.end == one.part.start:
            yield from _wrong_pair(before, one)
        end = one.part.end
        yield from _wrong_in(one, from_right)


def _uneven(node: _Node, from_right: bool) -> Iterator[Misplaced]:
    """Letters that are not on the line of the one before them, or not to the right of it."""
    letters = node.pairing.text.letters
    for (first, before), (letter, after) in pairwise(node.plain):
        if before.page != after.page:
            continue
        size = max(before.size, after.size)
        rise = after.line - before.line
        new_line = rise < -_NEW_LINE * size and (from_right or after.ink[0] < before.ink[0])
        if abs(rise) <= _EVEN * size:
            ways = {bidirectional(letters[first]), bidirectional(letters[letter])}
            if after.ink[2] < before.ink[0] and not ways & {"R", "AL"}:
                yield FormulaPart("base", letter, letter + 1), "stands before what it follows"
        elif not new_line:
            yield FormulaPart("base", letter, letter + 1), "stands off the line that it is in"


def _wrong_script(script: _Node, base: _Node | None, row: _Node) -> Iterator[Misplaced]:
    """A script that is not above or below what it belongs to, or not at its side."""
    high = script.kind in _HIGH
    first = script.plain[0][1] if script.plain else None
    last = base.plain[-1][1] if base and base.plain else None
    if base is None:
        last = _neighbour(script, row)
        first = first if last else None
    if first and last:
        rise, least = (first.line - last.line) / last.size, _RAISED if high else _LOWERED
    elif base and base.ink and script.ink:
        size = base.ink[2]
        rise = (_middle(script.ink[1]) - _middle(base.ink[1])) / size
        least = _MIDDLE
    else:
        return
    if (rise if high else -rise) < least:
        where = "on its line" if abs(rise) < least else "below it" if high else "above it"
        named = f"“{_words(base)}”" if base else "what is beside it"
        yield script.part, f"should stand {'raised' if high else 'lowered'} at {named}, not {where}"
    elif base and base.ink and script.ink and base.ink[0] == script.ink[0]:
        side = _right_side(script.kind, script.ink[1], base)
        if side:
            yield script.part, f"should stand {side} “{_words(base)}”"


def _right_side(kind: str, script: Box, base: _Node) -> str:
    """Where a script should stand, and does not."""
    assert base.ink
    _, (left, _, right, _), size = base.ink
    if kind.startswith("pre"):
        return "before" if script[0] > right - _EVEN * size else ""
    if kind in ("over", "under"):
        shared = min(script[2], right) - max(script[0], left)
        if shared < _SHARED * min(script[2] - script[0], right - left):
            return "above" if kind == "over" else "under"
        return ""
    sign = base.pairing.text.letters[base.part.start : base.part.end]
    integral = len(sign) == 1 and "INTEGRAL" in name(sign, "")
    edge = (left + right) / 2 - _MIDDLE * size if integral else right - _LEAN * size
    return "behind" if script[0] < edge else ""


def _neighbour(script: _Node, row: _Node) -> Printed | None:
    """The letter of a line beside which a script without a base stands: after it, or before."""
    if script.ink is None:
        return None
    page, ink, _ = script.ink
    after = [place for n, place in row.plain if n >= script.part.end][:1]
    before = [place for n, place in row.plain if n < script.part.start][-1:]
    for place in (*after, *before):
        apart = max(place.ink[0] - ink[2], ink[0] - place.ink[2])
        if place.page == page and apart < _BESIDE * place.size:
            return place
    return None


def _wrong_root(radicand: _Node) -> Iterator[Misplaced]:
    """What should be under a root, and is not behind its sign and within its height."""
    sign = radicand.place(radicand.part.start - 1)
    if sign is None or radicand.ink is None or radicand.ink[0] != sign.page:
        return
    ink = radicand.ink[1]
    if ink[0] < sign.ink[0] or not sign.ink[1] <= _middle(ink) <= sign.ink[3]:
        yield radicand.part, "should stand under the root, but does not"


def _wrong_pair(before: _Node, one: _Node) -> Iterator[Misplaced]:
    """Two parts beside each other in the ledger that should have a place to each other."""
    if before.ink is None or one.ink is None or before.ink[0] != one.ink[0]:
        return
    (_, above, size), (_, below, _) = before.ink, one.ink
    kinds = before.kind, one.kind
    if kinds in (("numerator", "denominator"), ("upper", "lower")):
        apart = above[1] > below[3] - _OVERLAP * size
        barred = kinds[0] == "numerator"
        if not apart or above[2] < below[0] or below[2] < above[0]:
            yield before.part, f"should stand above “{_words(one)}”, as in a fraction"
        elif _is_barred(before, one) != barred:
            yield (
                before.part,
                f"should stand above “{_words(one)}” {'with' if barred else 'without'} a bar",
            )
    elif kinds == ("radicand", "index"):
        sign = before.place(before.part.start - 1)
        level = sign is not None and _middle(below) < _middle(sign.ink)
        if level or (below[0] + below[2]) / 2 > above[0]:
            yield one.part, "should stand raised in the angle of the root"
    elif kinds == ("row", "row"):
        if _middle(above) < _middle(below) + _OVERLAP * size:
            yield one.part, f"should stand in a row below “{_words(before)}”"
    elif kinds == ("cell", "cell") and below[0] < above[2] - _APART * size:
        yield one.part, f"should stand in a column behind “{_words(before)}”"


def _is_barred(over: _Node, under: _Node) -> bool:
    """Whether a line lies between two parts above each other, nearly as wide as both."""
    assert over.ink
    assert under.ink
    (page, above, size), (_, below, _) = over.ink, under.ink
    left, right = min(above[0], below[0]), max(above[2], below[2])
    low, high = below[3] - _CLOSE * size, above[1] + _CLOSE * size
    return any(
        low <= _middle(bar) <= high
        and min(bar[2], right) - max(bar[0], left) > _WIDE * (right - left)
        for bar in over.pairing.reading.bars.get(page, ())
    )


def _middle(ink: Box) -> float:
    return (ink[1] + ink[3]) / 2


def _words(node: _Node) -> str:
    return " ".join(node.pairing.text.show(node.part.start, node.part.end).split())
