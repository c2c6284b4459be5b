"""The typeface for mathematics, as its OpenType MATH table describes it.

In: STIX Two Math. Out: for a character its glyph and metrics, for a size its larger forms, and the
lengths by which formulas are laid out (OpenType 1.9, MATH). Lengths are in em. Letters that it
lacks, such as Chinese ones, are taken from the typefaces for text.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import category

from fontTools.ttLib import TTFont

from triptych.typefaces import Face, math_face, text_face


@dataclass(frozen=True, slots=True)
class Measure:
    """A glyph's advance, and how far its ink reaches from the origin."""

    advance: float
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class GlyphPart:
    """A piece from which a sign of any length is assembled."""

    glyph: int
    length: float
    start: float
    end: float
    repeats: bool


class OpenedTypeface:
    """A typeface, opened once. Answers are cached."""

    def __init__(self, path: Path) -> None:
        # From memory: after a fork, two processes would read one open file at once.
        self._font = TTFont(BytesIO(path.read_bytes()), lazy=True)
        self._upem = self._font["head"].unitsPerEm
        self._cmap: dict[int, str] = self._font.getBestCmap()
        self._order = self._font.getGlyphOrder()
        self._number = {name: number for number, name in enumerate(self._order)}
        self._measures: dict[int, Measure] = {}

    def glyph(self, character: str) -> int | None:
        """The glyph of a character, if the typeface has it."""
        name = self._cmap.get(ord(character))
        return None if name is None else self._number[name]

    def measure(self, glyph: int) -> Measure:
        """A glyph's measures."""
        if glyph not in self._measures:
            name = self._order[glyph]
            drawn = self._font["glyf"][name]
            numbers = [getattr(drawn, side, 0) for side in ("xMin", "yMin", "xMax", "yMax")]
            advance, left = self._font["hmtx"][name]
            shift = left - numbers[0]
            self._measures[glyph] = Measure(
                advance / self._upem,
                (numbers[0] + shift) / self._upem,
                numbers[1] / self._upem,
                (numbers[2] + shift) / self._upem,
                numbers[3] / self._upem,
            )
        return self._measures[glyph]

    def outline(self, glyph: int) -> str:
        """A glyph's outline as SVG path data, in thousandths of the em, y downwards."""
        from fontTools.pens.svgPathPen import SVGPathPen
        from fontTools.pens.transformPen import TransformPen

        glyphs = self._font.getGlyphSet()
        pen = SVGPathPen(glyphs, ntos=lambda number: f"{round(number)}")
        scale = 1000 / self._upem
        glyphs[self._order[glyph]].draw(TransformPen(pen, (scale, 0, 0, -scale, 0, 0)))
        return str(pen.getCommands())


class MathFont(OpenedTypeface):
    """The typeface for mathematics."""

    def __init__(self) -> None:
        super().__init__(math_face())
        table = self._font["MATH"].table
        self._constants = table.MathConstants
        info = table.MathGlyphInfo
        self._slants = self._valued(info.MathItalicsCorrectionInfo, "Coverage", "ItalicsCorrection")
        self._tops = self._valued(
            info.MathTopAccentAttachment, "TopAccentCoverage", "TopAccentAttachment"
        )
        self._upright = _built(table.MathVariants, "Vert")
        self._level = _built(table.MathVariants, "Horiz")
        self.overlap = float(table.MathVariants.MinConnectorOverlap) / self._upem
        self._small = dict(_alternates(self._font, "ssty"))

    def constant(self, name: str) -> float:
        """A length of the table MathConstants, or a fraction where it is a percentage."""
        value = getattr(self._constants, name)
        if "Percent" in name:
            return float(value) / 100
        return float(getattr(value, "Value", value) / self._upem)

    def small(self, glyph: int, level: int) -> int:
        """The glyph for scripts of level 1 or more (feature ssty)."""
        forms = self._small.get(self._order[glyph], [])
        return self._number[forms[min(level, len(forms)) - 1]] if level and forms else glyph

    def slant(self, glyph: int) -> float:
        """The italics correction: how far a glyph leans over what follows it."""
        return self._slants.get(glyph, 0.0)

    def top(self, glyph: int) -> float:
        """Where an accent is centred above a glyph; for an accent, the point that goes there."""
        if glyph in self._tops:
            return self._tops[glyph]
        measure = self.measure(glyph)
        return (measure.left + measure.right) / 2 if not measure.advance else measure.advance / 2

    def larger(self, glyph: int, upright: bool) -> Iterator[tuple[int, float]]:
        """The forms of a glyph in order of size, each with its height or its width."""
        built = (self._upright if upright else self._level).get(self._order[glyph])
        for record in built.MathGlyphVariantRecord if built else ():
            yield self._number[record.VariantGlyph], record.AdvanceMeasurement / self._upem

    def parts(self, glyph: int, upright: bool) -> tuple[GlyphPart, ...]:
        """The pieces of a glyph of any size, from the bottom or from the left."""
        built = (self._upright if upright else self._level).get(self._order[glyph])
        if built is None or built.GlyphAssembly is None:
            return ()
        return tuple(
            GlyphPart(
                self._number[record.glyph],
                record.FullAdvance / self._upem,
                record.StartConnectorLength / self._upem,
                record.EndConnectorLength / self._upem,
                bool(record.PartFlags & 1),
            )
            for record in built.GlyphAssembly.PartRecords
        )

    def forms(self, character: str) -> set[int]:
        """Every glyph that may be drawn for a character."""
        others = (SLANTED.get(character, ""), COMBINING.get(character, ""))
        first = {self.glyph(one) for one in (character, *others) if one}
        found = {glyph for glyph in first if glyph is not None}
        for glyph in list(found):
            found.update(self.small(glyph, level) for level in (1, 2))
        for glyph in list(found):
            for upright in (True, False):
                found.update(form for form, _ in self.larger(glyph, upright))
                found.update(part.glyph for part in self.parts(glyph, upright))
        return found

    def _valued(self, info: Any, coverage: str, values: str) -> dict[int, float]:
        if info is None:
            return {}
        glyphs = getattr(info, coverage).glyphs
        return {
            self._number[name]: record.Value / self._upem
            for name, record in zip(glyphs, getattr(info, values), strict=True)
        }


@functools.cache
def math_font() -> MathFont:
    """The typeface, opened."""
    return MathFont()


@functools.cache
def text_font(face: Face) -> OpenedTypeface:
    """A typeface for text, opened."""
    return OpenedTypeface(face.path)


@functools.cache
def borrowed(character: str, language: str) -> Face | None:
    """The typeface for text that supplies a letter which the typeface for mathematics lacks.

    None where there is no such face, and for letters whose form or place depends on their
    neighbours: those cannot be set one by one.
    """
    number = ord(character)
    joins = 0x0590 <= number < 0x10A0 or 0x1100 <= number < 0x1200
    joins = joins and character not in HEBREW
    if joins or category(character)[0] in "CMZ" or math_font().glyph(character) is not None:
        return None
    return text_face(character, language)


def _built(variants: Any, way: str) -> dict[str, Any]:
    coverage = getattr(variants, f"{way}GlyphCoverage")
    return dict(zip(coverage.glyphs, getattr(variants, f"{way}GlyphConstruction"), strict=True))


def _alternates(font: TTFont, feature: str) -> Iterator[tuple[str, list[str]]]:
    """The glyphs that a feature offers in the place of each."""
    table = font["GSUB"].table
    for record in table.FeatureList.FeatureRecord:
        for number in record.Feature.LookupListIndex if record.FeatureTag == feature else ():
            for subtable in table.LookupList.Lookup[number].SubTable:
                subtable = getattr(subtable, "ExtSubTable", subtable)
                yield from getattr(subtable, "alternates", {}).items()
                for old, new in getattr(subtable, "mapping", {}).items():
                    yield old, [new]


def _slanted() -> dict[str, str]:
    """Letters and the italic forms in which single letters are shown (MathML Core, 4.2)."""
    latin = {chr(0x41 + n): chr(0x1D434 + n) for n in range(26)}
    latin |= {chr(0x61 + n): chr(0x1D44E + n) for n in range(26)} | {"h": "ℎ"}
    greek = {chr(0x391 + n): chr(0x1D6E2 + n) for n in range(25) if n != 17}
    greek |= {chr(0x3B1 + n): chr(0x1D6FC + n) for n in range(25)}
    return latin | greek | dict(zip("ıȷ∇∂ϵϑϰϕϱϖϴ", "𝚤𝚥𝛻𝜕𝜖𝜗𝜘𝜙𝜚𝜛𝛳", strict=True))


HEBREW = frozenset(map(chr, range(0x05D0, 0x05EB)))
"""Right-to-left letters that do not join their neighbours."""

COMBINING = dict(zip("^ˆ~˜¯ˉ‾→←_", "\u0302\u0302\u0303\u0303\u0305\u0305\u0305\u20d7\u20d6\u0332",
                     strict=True))  # fmt: skip
"""Accents with a width, and the combining accents that the typeface can widen."""

SLANTED = _slanted()
"""Each letter that can stand alone for a quantity, and the italic letter drawn for it."""
