"""Small capitals for the slanted house faces, which come without any; run once, from the root.

In: the whole faces in `styles/fonts/`, as their makers publish them. Out: the slanted ones, each
with small capitals drawn from its capitals, and renamed within, since "Source" is a reserved name.

A small capital is as high and as wide, in parts of its capital, as in the upright face. Its stems
are those of a bolder face, so that they do not grow thin. Its slant is that of the face.
"""

from __future__ import annotations

from math import radians, tan
from pathlib import Path
from typing import Any

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables

FONTS = Path(__file__).with_name("fonts")
FACES = (
    ("SourceSerif4_400Regular", "SourceSerif4_600SemiBold", 0.3, "Triptych Serif Italic"),
    ("SourceSerif4_600SemiBold", "SourceSerif4_400Regular", -0.3, "Triptych Serif SemiBold Italic"),
    ("SourceSans3_400Regular", "SourceSans3_400Regular", 0.0, "Triptych Sans Italic"),
)
"""Of each upright face: its file, another of the family, how far strokes go towards that one's, and
the new name of the slanted face."""


def main() -> None:
    """Write the slanted faces anew, with small capitals."""
    slanted = {name: TTFont(FONTS / f"{name}_Italic.ttf") for name, *_ in FACES}
    made = {name: _small(slanted[name], slanted[other], t, TTFont(FONTS / f"{name}.ttf"))
            for name, other, t, _ in FACES}  # fmt: skip
    for name, _, _, called in FACES:
        font = slanted[name]
        for letter, (glyph, advance) in made[name].items():
            small = f"{letter}.sc"
            font.setGlyphOrder([*font.getGlyphOrder(), small])
            font["glyf"].glyphs[small] = glyph
            font["glyf"].glyphOrder = font.getGlyphOrder()
            font["hmtx"][small] = (advance, getattr(glyph, "xMin", 0))
        _substitute(font["GSUB"].table, {letter: f"{letter}.sc" for letter in made[name]})
        _rename(font["name"], called)
        font.save(FONTS / f"{name}_Italic.ttf")


def _small(font: Any, other: Any, part: float, upright: Any) -> dict[str, tuple[Any, int]]:
    """By small letter, its small capital and the width of that."""
    glyphs, others, capitals = font.getGlyphSet(), other.getGlyphSet(), font.getBestCmap()
    wide, high = _shares(upright)
    slope = tan(radians(-font["post"].italicAngle))
    small = {}
    for code, letter in sorted(capitals.items()):
        capital = capitals.get(ord(upper)) if len(upper := chr(code).upper()) == 1 else None
        if capital in (None, letter) or letter in small:
            continue
        pen = TTGlyphPen(None)
        for (step, points), (_, further) in zip(
            _drawn(glyphs, capital), _drawn(others, capital), strict=True
        ):
            moved = []
            for here, there in zip(points, further, strict=True):
                x, y = (a + part * (b - a) for a, b in zip(here, there, strict=True))
                moved.append((round(wide * (x - slope * y) + slope * high * y), round(high * y)))
            getattr(pen, step)(*moved)
        width = glyphs[capital].width + part * (others[capital].width - glyphs[capital].width)
        small[letter] = pen.glyph(), round(wide * width)
    return small


def _drawn(glyphs: Any, name: str) -> Any:
    pen = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(pen)
    return pen.value


def _shares(upright: Any) -> tuple[float, float]:
    """Width and height of a small capital of the upright face, in parts of its capital."""
    letters = upright.getBestCmap()
    small = next(
        subtable.mapping[letters[ord("h")]]
        for feature in upright["GSUB"].table.FeatureList.FeatureRecord
        if feature.FeatureTag == "smcp"
        for number in feature.Feature.LookupListIndex
        for table in upright["GSUB"].table.LookupList.Lookup[number].SubTable
        if letters[ord("h")]
        in getattr(subtable := getattr(table, "ExtSubTable", table), "mapping", {})
    )
    capital, glyf = letters[ord("H")], upright["glyf"]
    width = upright["hmtx"][small][0] / upright["hmtx"][capital][0]
    return width, glyf[small].yMax / glyf[capital].yMax


def _substitute(table: Any, instead: dict[str, str]) -> None:
    """Add the feature `smcp`, whose substitution comes before all others, such as ligatures."""
    table.ensureDecompiled(recurse=True)
    for lookup in table.LookupList.Lookup:
        _count_on(lookup)
    for feature in table.FeatureList.FeatureRecord:
        feature.Feature.LookupListIndex = [at + 1 for at in feature.Feature.LookupListIndex]
    substitution = otTables.SingleSubst()
    substitution.mapping = instead
    lookup = otTables.Lookup()
    lookup.LookupType, lookup.LookupFlag, lookup.SubTable = 1, 0, [substitution]
    if any(each.LookupType == 7 for each in table.LookupList.Lookup):  # all are extensions then
        inner, extension = substitution, otTables.ExtensionSubst()
        extension.Format, extension.ExtensionLookupType, extension.ExtSubTable = 1, 1, inner
        lookup.LookupType, lookup.SubTable = 7, [extension]
    table.LookupList.Lookup.insert(0, lookup)
    record = otTables.FeatureRecord()
    record.FeatureTag, record.Feature = "smcp", otTables.Feature()
    record.Feature.FeatureParams, record.Feature.LookupListIndex = None, [0]
    records = table.FeatureList.FeatureRecord
    at = sum(each.FeatureTag < "smcp" for each in records)
    records.insert(at, record)
    for script in table.ScriptList.ScriptRecord:
        languages = [each.LangSys for each in script.Script.LangSysRecord]
        for language in filter(None, (script.Script.DefaultLangSys, *languages)):
            language.FeatureIndex = sorted([*(i + (i >= at) for i in language.FeatureIndex), at])
            if language.ReqFeatureIndex != 0xFFFF:
                language.ReqFeatureIndex += language.ReqFeatureIndex >= at


def _count_on(item: Any) -> None:
    """Add one to the number of each lookup that a substitution calls."""
    if isinstance(item, list):
        for part in item:
            _count_on(part)
    elif isinstance(item, otTables.SubstLookupRecord):
        item.LookupListIndex += 1
    elif hasattr(item, "__dict__"):
        for part in vars(item).values():
            _count_on(part)


def _rename(names: Any, called: str) -> None:
    compact = called.replace(" ", "")
    for record in names.names:
        new = {1: called, 3: compact, 4: called, 6: compact, 16: called}.get(record.nameID)
        if new:
            record.string = new
    names.names = [record for record in names.names if record.nameID != 25]


if __name__ == "__main__":
    main()
