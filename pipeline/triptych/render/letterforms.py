"""Letterforms: which shapes the design's typefaces have for each letter.

With these, a later reader can check that a printed page shows the letters that are read from it. A
letter's shapes are its own glyph and all that the typeface may put in its place: old-style figures,
small capitals, ligatures with it (OpenType 1.9, GSUB).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from triptych.mathematics.font import math_font
from triptych.outlines import Outlines
from triptych.typefaces import math_face


def letterforms(faces: Iterable[bytes], text: str) -> dict[str, str]:
    """The shapes of each letter of `text` in TrueType files: digests, separated by blanks."""
    shapes: dict[str, set[str]] = {}
    for face in faces:
        outlines = Outlines(face)
        glyphs = outlines.font.getBestCmap()
        instead = _instead(outlines.font)
        number = outlines.font.getReverseGlyphMap()
        for letter in set(text):
            if ord(letter) in glyphs and not letter.isspace():
                found = {
                    outlines.digest(number[name]) for name in _reached(glyphs[ord(letter)], instead)
                }
                shapes.setdefault(letter, set()).update(found)
    return {letter: " ".join(sorted(found)) for letter, found in sorted(shapes.items())}


def math_letterforms(signs: str) -> dict[str, str]:
    """The shapes of the signs of formulas: in every size, in pieces, and for scripts."""
    if not signs:
        return {}
    outlines = Outlines(math_face().read_bytes())
    font = math_font()
    return {
        sign: " ".join(sorted({outlines.digest(glyph) for glyph in font.forms(sign)}))
        for sign in sorted(set(signs))
        if not sign.isspace()
    }


def _reached(glyph: str, instead: dict[str, set[str]]) -> set[str]:
    """A glyph and every glyph that may replace it, directly or in steps."""
    reached, queue = {glyph}, [glyph]
    while queue:
        for other in instead.get(queue.pop(), ()):
            if other not in reached:
                reached.add(other)
                queue.append(other)
    return reached


def _instead(font: Any) -> dict[str, set[str]]:
    """For each glyph, those that one substitution may put in its place, alone or with others."""
    instead: dict[str, set[str]] = {}
    for step in substitutions(font):
        for part in step.parts:
            instead.setdefault(part, set()).add(step.glyph)
    return instead


_FEATURES = frozenset(
    "ccmp locl rlig liga clig calt rclt isol init medi med2 fina fin2 fin3 onum lnum pnum tnum "
    "smcp c2sc abvs blws psts pres nukt akhn rphf rkrf pref blwf half abvf pstf vatu cjct".split()
)
"""Features that are on by default, that scripts need, or that the design's styles use."""


@dataclass(frozen=True, slots=True)
class Substitution:
    """A substitution: the glyphs replaced, and their replacement or one of its glyphs.

    `divided` says whether it is one of several.
    """

    parts: tuple[str, ...]
    glyph: str
    divided: bool = False


def substitutions(font: Any) -> Iterator[Substitution]:
    """The substitutions of the features in use."""
    table = font["GSUB"].table if "GSUB" in font else None
    if table is None or table.LookupList is None or table.FeatureList is None:
        return
    queue = [
        number
        for feature in table.FeatureList.FeatureRecord
        if feature.FeatureTag in _FEATURES
        for number in feature.Feature.LookupListIndex
    ]
    seen: set[int] = set()
    while queue:
        number = queue.pop()
        if number in seen:
            continue
        seen.add(number)
        for subtable in table.LookupList.Lookup[number].SubTable:
            subtable = getattr(subtable, "ExtSubTable", subtable)
            queue += _called(subtable)
            yield from _replacements(subtable)


def _called(subtable: Any) -> list[int]:
    """The lookups that a contextual substitution calls."""
    found: list[int] = []
    queue = [subtable]
    while queue:
        item = queue.pop()
        records = getattr(item, "SubstLookupRecord", None) or ()
        found += [record.LookupListIndex for record in records]
        for name in _NESTED:
            below = getattr(item, name, None) or []
            queue += [one for one in (below if isinstance(below, list) else [below]) if one]
    return found


_NESTED = tuple(
    f"{chain}{part}"
    for chain in ("", "Chain")
    for part in ("SubRuleSet", "SubRule", "SubClassSet", "SubClassRule")
)


def _replacements(table: Any) -> Iterator[Substitution]:
    for old, new in getattr(table, "mapping", {}).items():  # single, multiple
        for one in [new] if isinstance(new, str) else new:
            yield Substitution((old,), one, len(new) > 1 and not isinstance(new, str))
    for old, choice in getattr(table, "alternates", {}).items():
        for one in choice:
            yield Substitution((old,), one)
    for first, ligatures in getattr(table, "ligatures", {}).items():
        for ligature in ligatures:
            yield Substitution((first, *ligature.Component), ligature.LigGlyph)
