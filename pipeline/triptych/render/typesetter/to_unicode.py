"""What a printed glyph says: ToUnicode maps that are right for scripts whose letters join.

WeasyPrint 70 takes a glyph's text from the first cluster it meets the glyph in. Where a cluster has
several glyphs, as an Arabic letter with a vowel sign has, one of them gets the text of all and the
others none, and copied or searched text is wrong from then on. Here the typeface itself is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from unicodedata import bidirectional, category, decomposition

from fontTools.ttLib import TTFont

from triptych.render.letterforms import substitutions
from triptych.typefaces import MATH_FAMILY


@contextmanager
def legible() -> Iterator[None]:
    """While it lasts, the fonts that WeasyPrint embeds say what their glyphs stand for."""
    from weasyprint import pdf

    build = pdf.build_fonts_dictionary

    def mending(document: Any, fonts: Any, *rest: Any) -> Any:
        for font in fonts.values():
            # Formulas tell of each glyph themselves what it stands for.
            if font.family != MATH_FAMILY and any(map(_joins, font.to_unicode.values())):
                _mend(font)
        return build(document, fonts, *rest)

    pdf.build_fonts_dictionary = mending
    try:
        yield
    finally:
        pdf.build_fonts_dictionary = build


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
            # Of what it may say, it says what its cluster does.
            likely = {text for text in known if text in said} or known
            font.to_unicode[glyph] = min(likely, key=lambda text: (len(text), text))


def _readings(typeface: TTFont) -> dict[str, set[str]]:
    """By glyph, the texts it may stand for: its letter's, or its ligature's letters'."""
    readings: dict[str, set[str]] = {}
    own: set[str] = set()
    for letter, glyph in typeface.getBestCmap().items():
        readings.setdefault(glyph, set()).add(chr(letter))
        if not decomposition(chr(letter)).startswith("<"):  # a form of another letter
            own.add(glyph)
    steps = list(substitutions(typeface))
    # A part of what is divided says all of it only where it says nothing else.
    steps.sort(key=lambda step: step.divided)
    for _ in range(3):  # a letter takes its form, forms join, joined forms change once more
        for step in steps:
            parts, glyph = step.parts, step.glyph
            if len(parts) == 1 and glyph in own:
                continue  # it may also be part of another letter, but says its own
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
