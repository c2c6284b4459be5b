"""Outlines: the shapes of a typeface's glyphs, each known by a digest.

Two glyphs are one shape when their outlines are the same curve for curve, in whatever font file
they stand and under whatever number. By this a printed letter can be told from a disguised one.
"""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from typing import Any

from fontTools.ttLib import TTFont, TTLibError

BLANK = "blank"
"""The digest of a glyph that shows nothing."""


class Outlines:
    """The outlines of one TrueType font, given as the bytes of its file."""

    def __init__(self, data: bytes) -> None:
        """Open a font. Raises ValueError where it is none that can be read."""
        try:
            self.font = TTFont(BytesIO(data), lazy=True)
            self._glyphs: Any = self.font["glyf"]
            self._order = self.font.getGlyphOrder()
        except (TTLibError, KeyError, AssertionError) as error:
            raise ValueError(f"no TrueType font: {error}") from None
        self._scale = int(self.font["head"].unitsPerEm)
        self._known: dict[int, str] = {}
        self._heights: dict[int, tuple[float, float]] = {}

    def digest(self, glyph: int) -> str:
        """The shape of a glyph by its number, in ten hex digits; empty where it cannot be told."""
        if glyph not in self._known:
            self._known[glyph] = self._digest(glyph)
        return self._known[glyph]

    def height(self, glyph: int) -> tuple[float, float]:
        """The lowest and the highest point of a glyph above its baseline, in em; 0 if not known."""
        if glyph not in self._heights:
            try:
                points = self._glyphs[self._order[glyph]].getCoordinates(self._glyphs)[0]
                ys = [y / self._scale for _, y in points] or [0.0]
            except Exception:  # as for its digest
                ys = [0.0]
            self._heights[glyph] = min(ys), max(ys)
        return self._heights[glyph]

    def _digest(self, glyph: int) -> str:
        if not 0 <= glyph < len(self._order):
            return ""
        try:
            points, ends, flags = self._glyphs[self._order[glyph]].getCoordinates(self._glyphs)
        except Exception:  # a damaged glyph may fail in any way; it has no known shape
            return ""
        if not len(points):
            return BLANK
        curve = (self._scale, list(points), list(ends), [flag & 1 for flag in flags])
        return sha256(repr(curve).encode()).hexdigest()[:10]
