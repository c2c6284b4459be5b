"""Bar codes read back from the bars that a page paints (EAN-13, ISO/IEC 15420).

In: what a page paints. Out: the numbers of the symbols on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from triptych.witness.geometry import common
from triptych.witness.pdf.visibility import PaintedArea

_ODD = "0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011".split()
_EVEN = ["".join("10"[int(bit)] for bit in reversed(code)) for code in _ODD]
_RIGHT = ["".join("10"[int(bit)] for bit in code) for code in _ODD]
_FIRST = "OOOOOO OOEOEE OOEEOE OOEEEO OEOOEE OEEOOE OEEEOO OEOEOE OEOEEO OEEOEO".split()
"""The sets in which the left half is coded, by the first digit."""
_MODULES = 95


def read_barcodes(paints: Sequence[PaintedArea]) -> Iterator[str]:
    """The numbers of the symbols with upright bars on the page, each of 13 digits."""
    bars = [paint for paint in paints if _is_bar(paint) and not _covered(paint, paints)]
    bars.sort(key=lambda bar: (bar.box[1], bar.box[0]))
    for _, row in groupby(bars, key=lambda bar: round(bar.box[1])):
        boxes = [bar.box for bar in row]
        module = (boxes[-1][2] - boxes[0][0]) / _MODULES
        bits = "".join(
            "1" * round((one[2] - one[0]) / module) + "0" * round((other[0] - one[2]) / module)
            for one, other in pairwise([*boxes, (boxes[-1][2],) * 4])
        )
        number = _number(bits)
        if number:
            yield number


def _is_bar(paint: PaintedArea) -> bool:
    left, bottom, right, top = paint.box
    return right - left < 6 < 30 < top - bottom and (paint.colour or (1,))[0] < 0.2


def _covered(bar: PaintedArea, paints: Sequence[PaintedArea]) -> bool:
    """Whether something else was painted over a bar."""
    shared = (common(bar.box, paint.box) for paint in paints if paint.order > bar.order)
    return any(left < right and bottom < top for left, bottom, right, top in shared)


def _number(bits: str) -> str:
    """The 13 digits that 95 modules stand for; empty if they are not a symbol."""
    if len(bits) != _MODULES or (bits[:3], bits[45:50], bits[92:]) != ("101", "01010", "101"):
        return ""
    left = [bits[at : at + 7] for at in range(3, 45, 7)]
    right = [bits[at : at + 7] for at in range(50, 92, 7)]
    sets = "".join("O" if code in _ODD else "E" for code in left)
    if sets not in _FIRST or not {*left} <= {*_ODD, *_EVEN} or not {*right} <= {*_RIGHT}:
        return ""
    digits = [_FIRST.index(sets)]
    digits += [(_ODD if code in _ODD else _EVEN).index(code) for code in left]
    digits += [_RIGHT.index(code) for code in right]
    return "".join(map(str, digits))
