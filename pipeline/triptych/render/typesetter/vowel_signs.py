"""Vowel signs of Arabic and Devanagari, each a glyph of its own.

In: a text for Pango. Out: the same; where letters bear signs, no ligature but that of lam and alef,
and in bold Devanagari none of the signs above the line.

A ligature is one glyph, and its signs come after it in a PDF. What letter they belong to cannot be
told from what is copied or searched: بِي would be read as بيِ. So vocalised words are set letter by
letter, as books have them. Lam and alef always join, and are so read. The bold face of Devanagari
divides the vowel ो before a nasal sign: its stem is the glyph of ा, and what is left is joined with
the sign as in ें. So ों would be read as ां, and ई, of इ and the hook of र्, as र्इ. Nor does it say
what a hook with two signs stands for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from weasyprint.text.ffi import ffi, pango

_SIGN = "[\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]"
_SIGNS = re.compile(_SIGN)
_LAM_ALEF = re.compile(f"\u0644{_SIGN}*[\u0622\u0623\u0625\u0627\u0671]")
_STACKED = re.compile(
    "[\u0908\u0910\u093b\u0949-\u094c\u094f]"
    "|\u0930\u094d[\u0915-\u0939\u093c\u094d\u0958-\u095f]+[\u0945-\u0948][\u0900-\u0902]"
)
"""Vowels of Devanagari with a stem and something above the line; hooks with two signs."""
_BOLD = 600


def set_text(original: Callable[..., Any], layout: Any, text: str, justify: bool = False) -> None:
    """Give Pango a text, with vocalised words without ligatures."""
    original(layout, text, justify)
    stretches = list(_stretches(layout))
    if not stretches:
        return
    attributes = pango.pango_layout_get_attributes(layout.layout)
    if attributes == ffi.NULL:
        attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    for features, start, end in stretches:
        attribute = pango.pango_attr_font_features_new(features)
        attribute.start_index = len(layout.text[:start].encode())
        attribute.end_index = len(layout.text[:end].encode())
        pango.pango_attr_list_insert(attributes, attribute)
    pango.pango_layout_set_attributes(layout.layout, attributes)


def _stretches(layout: Any) -> Iterator[tuple[bytes, int, int]]:
    """The stretches of a text that need features of their own: the features, start and end."""
    for start, end in _without_ligatures(layout.text):
        yield b"rlig 0,liga 0", start, end
    stacked = _STACKED.search(layout.text)
    if stacked and layout.style["font_weight"] >= _BOLD:
        yield b"abvs 0", stacked.start(), len(layout.text)


def _without_ligatures(text: str) -> list[tuple[int, int]]:
    """The stretches of a text between lam-alefs, from the first vocalised word to the last.

    They are few: Pango minds sixteen in a line, not one for each letter.
    """
    signs = [sign.start() for sign in _SIGNS.finditer(text)]
    if not signs:
        return []
    first, last = signs[0], signs[-1] + 1
    while first and text[first - 1].isalpha():
        first -= 1
    while last < len(text) and text[last].isalpha():
        last += 1
    joined = _LAM_ALEF.finditer(text, first, last)
    edges = [first, *(edge for each in joined for edge in each.span()), last]
    return [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]
