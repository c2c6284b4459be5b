"""Devanagari, as shown from left to right, put back into reading order.

The vowel sign i is shown before the consonants, and read after them. An r that begins a group of
consonants is shown as a hook over its end (The Unicode Standard 16, 12.1, rules R2 and R15). As an
eyelash it is shown where it is read (R5a); it has room of its own, which the hook has not. Joiners,
which choose between such forms, are never seen, and no letters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from triptych.witness.pdf.visibility import Glyph

_I, _RA, _VIRAMA, _NUKTA = "\u093f", "\u0930", "\u094d", "\u093c"
_HOOK = _RA + _VIRAMA
_JOINERS = str.maketrans("", "", "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}")
_ROOM = 0.05
"""In em. What is narrower has no room of its own."""


def syllable_order(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs of one piece of a line in reading order.

    A glyph of several letters may be returned as several. A sign that is moved gets the place of
    the letters that it belongs to.
    """
    if not any(_I in glyph.text or _HOOK in glyph.text for glyph in glyphs):
        return list(glyphs)
    read: list[Glyph] = []
    waiting: list[Glyph] = []
    pieces = list(_pieces(glyphs))
    for index, piece in enumerate(pieces):
        if piece.text == _I:
            waiting.append(piece)
            continue
        if piece.text == _HOOK and piece.box[2] - piece.box[0] < _ROOM * piece.size:
            at = _start_of_group(read)
            box = read[at].box if at < len(read) else piece.box
            read.insert(at, replace(piece, box=box))
            continue
        read.append(piece)
        if waiting and _ends_group(pieces, index):
            read += [replace(sign, box=piece.box) for sign in waiting]
            waiting = []
    return read + waiting


def _pieces(glyphs: Sequence[Glyph]) -> Iterator[Glyph]:
    """The glyphs letter by letter without joiners, except the hook, a piece of its own."""
    for glyph in glyphs:
        text = glyph.text.translate(_JOINERS) or glyph.text
        if text != glyph.text:
            glyph = replace(glyph, text=text)
        at = 0
        while at < len(text):
            hook = text.startswith(_HOOK, at) and (at == 0 or _is_sign(text[at - 1]))
            length = 2 if hook and not _is_letter(text[at + 2 : at + 3]) else 1
            yield glyph if length == len(text) else _part(glyph, text[at : at + length])
            at += length


def _part(glyph: Glyph, text: str) -> Glyph:
    """A part of a glyph. A hook that a vowel sign bears has no room of its own."""
    left, bottom, right, top = glyph.box
    return replace(glyph, text=text, box=(right if text == _HOOK else left, bottom, right, top))


def _ends_group(pieces: list[Glyph], index: int) -> bool:
    """Whether a group of consonants ends with a piece: no joining sign follows it."""
    following = pieces[index + 1].text if index + 1 < len(pieces) else ""
    return pieces[index].text not in (_VIRAMA, " ") and following not in (_VIRAMA, _NUKTA)


def _start_of_group(read: list[Glyph]) -> int:
    """Where the last group of consonants begins."""
    at = len(read)
    while at and _is_sign(read[at - 1].text):
        at -= 1
    at = max(at - 1, 0)
    while at >= 2 and read[at - 1].text == _VIRAMA:
        at -= 2
        while at and read[at].text == _NUKTA:
            at -= 1
    return at


def _is_letter(text: str) -> bool:
    return bool(text) and unicodedata.category(text[0]) == "Lo"


def _is_sign(text: str) -> bool:
    return text != _VIRAMA and unicodedata.category(text[0]) in ("Mn", "Mc")
