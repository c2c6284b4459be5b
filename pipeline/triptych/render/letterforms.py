"""Letterforms: which shapes the design's typefaces have for each letter.

With these, a later reader can check that a printed page shows the letters that are read from it. A
letter's shapes are its own glyph and all that the typeface may put in its place: old-style figures,
small capitals, ligatures with it (OpenType 1.9, GSUB).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triptych.cache.store import current, key_of
from triptych.manifest import REGULAR
from triptych.mathematics.font import math_font
from triptych.outlines import Outlines
from triptych.typefaces import Face, math_face


@dataclass(frozen=True, slots=True)
class Letterforms:
    """Digests of shapes, separated by blanks, by letter, and by family and style of the typeface.

    The styles are those of `EditionManifest.faces`.
    """

    letters: Mapping[str, str]
    faces: Mapping[str, Mapping[str, str]]


def letterforms(faces: Iterable[Face], text: str, boxes: bytes) -> Letterforms:
    """The shapes of each letter of `text` in TrueType `faces`, and in a font that has no style."""
    letters: dict[str, set[str]] = {}
    families: dict[str, dict[str, set[str]]] = {}
    wanted = sorted(letter for letter in set(text) if not letter.isspace())
    fonts: list[tuple[Face | None, bytes]] = [(face, face.path.read_bytes()) for face in faces]
    for face, data in (*fonts, (None, boxes)):
        forms = _forms(data, wanted)
        for letter, (usual, small) in forms.items():
            if usual or small:
                letters.setdefault(letter, set()).update(usual, small)
        if face is None:
            continue
        styles = families.setdefault(face.family, {})
        plain = {shape for usual, _ in forms.values() for shape in usual}
        capitals = {shape for _, small in forms.values() for shape in small}
        named = ["italic"] * (face.style == "italic") + ["bold"] * (face.weight >= _BOLD)
        for style, shapes in (
            (" ".join(named) or REGULAR, plain),
            (" ".join((*named, "small-capitals")), capitals - plain),
        ):
            if shapes:
                styles.setdefault(style, set()).update(shapes)
    return Letterforms(_written(letters), {name: _written(own) for name, own in families.items()})


_Forms = dict[str, list[list[str]]]
"""By letter, its usual shapes, and those of its small capitals."""


def _forms(data: bytes, letters: Sequence[str]) -> _Forms:
    """The shapes of letters in a typeface, none of those that it lacks.

    Those that any work has asked for are remembered: typefaces seldom change.
    """
    cache = current()
    key = key_of([data]) if cache else ""
    kept = cache.get("letterforms", key) if cache else None
    known: _Forms = json.loads(kept) if kept else {}
    lacking = [letter for letter in letters if letter not in known]
    if lacking:
        known |= _found(data, lacking)
        if cache:
            cache.put("letterforms", key, json.dumps(known).encode())
    return {letter: known[letter] for letter in letters}


def _found(data: bytes, letters: Iterable[str]) -> _Forms:
    outlines = Outlines(data)
    glyphs = outlines.font.getBestCmap()
    steps = _instead(outlines.font, _FEATURES)
    upright = _instead(outlines.font, _FEATURES - _CAPITALS)
    number = outlines.font.getReverseGlyphMap()
    forms: _Forms = {}
    for letter in letters:
        glyph = glyphs.get(ord(letter))
        usual = set() if glyph is None else _reached(glyph, upright)
        every = set() if glyph is None else _reached(glyph, steps)
        forms[letter] = [
            sorted({outlines.digest(number[name]) for name in names})
            for names in (usual, every - usual)
        ]
    return forms


_BOLD = 600
_CAPITALS = frozenset(("smcp", "c2sc"))


def _written(shapes: Mapping[str, set[str]]) -> dict[str, str]:
    return {name: " ".join(sorted(found)) for name, found in sorted(shapes.items())}


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


def _instead(font: Any, features: frozenset[str]) -> dict[str, set[str]]:
    """For each glyph, those that one substitution may put in its place, alone or with others."""
    instead: dict[str, set[str]] = {}
    for step in substitutions(font, features):
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


def substitutions(font: Any, features: frozenset[str] = _FEATURES) -> Iterator[Substitution]:
    """The substitutions of the features in use, or of those named."""
    table = font["GSUB"].table if "GSUB" in font else None
    if table is None or table.LookupList is None or table.FeatureList is None:
        return
    queue = [
        number
        for feature in table.FeatureList.FeatureRecord
        if feature.FeatureTag in features
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
