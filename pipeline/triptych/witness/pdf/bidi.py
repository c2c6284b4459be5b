"""Right-to-left text, as shown from left to right, put back into reading order.

A page shows glyphs where they are painted. Their reading order is found by undoing what the Unicode
bidirectional algorithm (UAX #9, rule L2) did to a piece of a line. In a right-to-left paragraph the
piece is read backwards, except for numbers and left-to-right words.
"""

from __future__ import annotations

import unicodedata

from triptych.witness.pdf.visibility import Glyph


def logical_order(glyphs: list[Glyph], from_right: bool) -> list[Glyph]:
    """The glyphs of one piece of a line in reading order."""
    kinds = [_kind(glyph.text) for glyph in glyphs]
    if from_right:
        return _turned(glyphs[::-1], kinds[::-1], frozenset("LD"))
    return _islands(glyphs, kinds) if "R" in kinds else glyphs


def _islands(glyphs: list[Glyph], kinds: list[str]) -> list[Glyph]:
    """Right-to-left words within a left-to-right line, each read backwards."""
    read: list[Glyph] = []
    start = 0
    while start < len(glyphs):
        if kinds[start] != "R":
            read.append(glyphs[start])
            start += 1
            continue
        end = last = start
        start -= _numbers_beside(read)
        del read[len(read) - (end - start) :]
        while end < len(glyphs) and kinds[end] != "L":
            last = end if kinds[end] in "RD" else last
            end += 1
        piece, piece_kinds = glyphs[start : last + 1], kinds[start : last + 1]
        read += _turned(piece[::-1], piece_kinds[::-1], frozenset("LD"))
        start = last + 1
    return read


def _numbers_beside(glyphs: list[Glyph]) -> int:
    """How many of the last glyphs belong to numbers that are read after the word on their right."""
    found = 0
    for count, glyph in enumerate(reversed(glyphs), 1):
        if _kind(glyph.text) == "D":
            found = count
        elif glyph.text not in " –-/":
            break
    return found


def _turned(glyphs: list[Glyph], kinds: list[str], inner: frozenset[str]) -> list[Glyph]:
    """The glyphs, with each run of the `inner` kinds reversed, including what is inside it."""
    read: list[Glyph] = []
    start = 0
    while start < len(glyphs):
        if kinds[start] not in inner:
            read.append(glyphs[start])
            start += 1
            continue
        end = last = start
        while end < len(glyphs) and kinds[end] != "R":
            if kinds[end] in inner and _joined(glyphs, kinds, last, end):
                last = end
            end += 1
        read += glyphs[start : last + 1][::-1]
        start = last + 1
    return read


def _joined(glyphs: list[Glyph], kinds: list[str], last: int, this: int) -> bool:
    """Whether what is between two left-to-right glyphs joins them.

    Between words anything does. Between the digits of a number only a common separator (rule W4)
    does, or a sign after Latin letters.
    """
    between = glyphs[last + 1 : this]
    if not between or kinds[last] == "L" or kinds[this] == "L":
        return True
    separators = ("CS",) if "R" in kinds[:last] else ("CS", "ES")
    return len(between) == 1 and unicodedata.bidirectional(between[0].text[0]) in separators


def _kind(text: str) -> str:
    """R: read from the right; L: from the left; D: a digit; N: neither."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL") or (kind == "NSM" and "\u0590" <= character <= "\u08ff"):
            return "R"  # so too a sign on such a letter, which may stand first on the line
        if kind == "L":
            return "L"
        if kind in ("EN", "AN"):
            return "D"
    return "N"
