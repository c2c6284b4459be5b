"""ToUnicode maps that say what each glyph stands for, in scripts whose letters join or bear signs.

In: the fonts of a PDF that WeasyPrint is about to embed. Out: the same fonts, with right maps.

WeasyPrint 70 takes the text of a glyph from the first cluster in which it meets the glyph. A
cluster may have several glyphs, as a letter with two signs does. One of them then gets the text of
all and the others get none, and from there on text that is copied or searched is wrong. Here the
typeface itself says what its glyphs stand for.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from unicodedata import bidirectional, category, decomposition

from fontTools.ttLib import TTFont

from triptych.render.letterforms import substitutions
from triptych.typefaces import MATH_FAMILY


def build_fonts_dictionary(original: Callable[..., Any], pdf: Any, fonts: Any, *rest: Any) -> Any:
    """Embed the fonts of a PDF, their ToUnicode maps put right."""
    for font in fonts.values():
        # Formulas say themselves what each of their glyphs stands for.
        if font.family != MATH_FAMILY and any(map(_joins, font.to_unicode.values())):
            _mend(font)
    return original(pdf, fonts, *rest)


def _joins(text: str) -> bool:
    """Whether a text is of a script whose letters join or bear signs."""
    return any(
        bidirectional(letter) in ("R", "AL") or category(letter).startswith("M") for letter in text
    )


def _mend(font: Any) -> None:
    typeface = TTFont(BytesIO(font.file_content), fontNumber=font.index, lazy=True)
    readings = _readings(typeface)
    order = typeface.getGlyphOrder()
    for glyph, said in font.to_unicode.items():
        known = readings.get(order[glyph], set()) if glyph < len(order) else set()
        if known and said not in known:
            # Of the texts it may stand for, take one that its cluster contains.
            likely = {text for text in known if text in said} or known
            font.to_unicode[glyph] = min(likely, key=lambda text: (len(text), text))


def _readings(typeface: TTFont) -> dict[str, set[str]]:
    """By glyph, the texts it may stand for: its letter's, or its ligature's letters'."""
    readings: dict[str, set[str]] = {}
    own: set[str] = set()
    for letter, glyph in typeface.getBestCmap().items():
        readings.setdefault(glyph, set()).add(chr(letter))
        if not decomposition(chr(letter)).startswith("<"):  # else it is a form of another letter
            own.add(glyph)
    steps = list(substitutions(typeface))
    # A part of a divided glyph stands for the whole only where it stands for nothing else.
    steps.sort(key=lambda step: step.divided)
    for _ in range(3):  # a letter takes its form, forms join, joined forms change once more
        for step in steps:
            parts, glyph = step.parts, step.glyph
            if len(parts) == 1 and glyph in own:
                continue  # it may also be part of another letter, but stands for its own
            if step.divided and readings.get(glyph):
                continue
            texts = [min(readings[part]) for part in parts if readings.get(part)]
            if len(texts) < len(parts):
                continue
            known = readings.setdefault(glyph, set())
            if len(parts) == 1:
                known.update(readings[parts[0]])
            else:
                known.add("".join(texts))
    return readings
