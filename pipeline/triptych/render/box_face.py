"""A typeface of boxes, for letters that no typeface of the design has.

In: letters. Out: a TrueType font that shows each of them as an empty box. Without it the typesetter
would show the typefaces' own sign for what is missing, `.notdef`. PDF/A and PDF/UA forbid that
(ISO 19005-3, 6.2.11.8; ISO 14289-1, 7.21.8), and what stands there could not be read.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from fontTools.fontBuilder import FontBuilder
from fontTools.misc.timeTools import timestampFromString
from fontTools.pens.ttGlyphPen import TTGlyphPen

from triptych.typefaces import Face, needs_glyph

BOX_FAMILY = "Triptych Boxes"


def letters_without_face(text: str, faces: Iterable[Face]) -> str:
    """The letters of a text that none of `faces` has, in order of their code points.

    White space and signs that are never seen need no glyph.
    """
    had = frozenset[int]().union(*(face.characters for face in faces))
    return "".join(
        letter
        for letter in sorted(set(text))
        if ord(letter) not in had and not letter.isspace() and needs_glyph(letter)
    )


def box_face(letters: str) -> bytes:
    """The typeface that shows each of `letters` as a box, the same bytes for the same letters.

    It has spaces too: Pango sets a space in the typeface of what stands before it.
    """
    built = FontBuilder(_EM, isTTF=True)
    built.font.recalcTimestamp = False
    boxes = {ord(letter): f"u{ord(letter):04X}" for letter in letters}
    spaces = {ord(space): f"u{ord(space):04X}" for space in _SPACES}
    shapes = dict.fromkeys((".notdef", *boxes.values()), _box())
    shapes |= dict.fromkeys(spaces.values(), TTGlyphPen(None).glyph())
    advances = dict.fromkeys(shapes, (_WIDTH + 2 * _BESIDE, _BESIDE))
    advances |= {spaces[ord(space)]: (width, 0) for space, width in _SPACES.items()}
    built.setupGlyphOrder(list(shapes))
    built.setupCharacterMap(boxes | spaces)
    built.setupGlyf(shapes)
    built.setupHorizontalMetrics(advances)
    built.setupHorizontalHeader(ascent=_HEIGHT + 50, descent=-50)
    built.setupNameTable({"familyName": BOX_FAMILY, "styleName": "Regular"})
    built.setupOS2(sTypoAscender=_HEIGHT + 50, sTypoDescender=-50, usWinAscent=_HEIGHT + 50)
    built.setupPost()
    built.font["head"].created = built.font["head"].modified = _DAY
    file = BytesIO()
    built.save(file)
    return file.getvalue()


_EM, _WIDTH, _HEIGHT, _BESIDE, _LINE = 1000, 500, 680, 60, 40

_SPACES = {
    " ": 250, "\N{NO-BREAK SPACE}": 250, "\N{EN SPACE}": 500, "\N{EM SPACE}": 1000,
    "\N{THREE-PER-EM SPACE}": 333, "\N{FOUR-PER-EM SPACE}": 250, "\N{SIX-PER-EM SPACE}": 167,
    "\N{FIGURE SPACE}": 500, "\N{PUNCTUATION SPACE}": 250, "\N{THIN SPACE}": 200,
    "\N{HAIR SPACE}": 100, "\N{NARROW NO-BREAK SPACE}": 200, "\N{MEDIUM MATHEMATICAL SPACE}": 222,
    "\N{IDEOGRAPHIC SPACE}": 1000,
}  # fmt: skip
"""Spaces, with their advances in thousandths of an em."""
_DAY = timestampFromString("Thu Jan  1 00:00:00 1970")
"""The day that every such file bears, since its bytes may not depend on the day it is made."""


def _box() -> object:
    pen = TTGlyphPen(None)
    right = _BESIDE + _WIDTH
    _ring(pen, (_BESIDE, 0), (_BESIDE, _HEIGHT), (right, _HEIGHT), (right, 0))
    left, low, right, high = _BESIDE + _LINE, _LINE, right - _LINE, _HEIGHT - _LINE
    _ring(pen, (left, low), (right, low), (right, high), (left, high))
    return pen.glyph()


def _ring(pen: TTGlyphPen, start: tuple[int, int], *others: tuple[int, int]) -> None:
    pen.moveTo(start)
    for point in others:
        pen.lineTo(point)
    pen.closePath()
