"""Typefaces: which font files of the design set a text, and the CSS that loads them.

In: the text of a page by language. Out: faces, from the table in `styles/fonts/faces.toml`.
"""

from __future__ import annotations

import functools
import tomllib
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Literal
from unicodedata import normalize

from triptych.design import design_file, styles_folder
from triptych.diagnostics import MachineError
from triptych.terms import subtags
from triptych.used_text import UsedText

FaceKind = Literal["house", "whole", "code", "script"]


@dataclass(frozen=True, slots=True)
class Face:
    """One font file: what is taken from it is given as ranges (CSS Fonts 4, unicode-range)."""

    family: str
    weight: int
    style: Literal["normal", "italic"]
    path: Path
    range: str
    characters: frozenset[int]

    def rule(self, url: str) -> str:
        """The `@font-face` rule that loads this face from `url`."""
        return (
            f'@font-face{{font-family:"{self.family}";font-weight:{self.weight};'
            f'font-style:{self.style};font-display:swap;src:url("{url}");'
            f"unicode-range:{self.range}}}"
        )


def faces_for(used: UsedText, *, whole: bool = False) -> tuple[Face, ...]:
    """The faces needed to set some matter, house faces first.

    Those of a script follow by language, the work's own first; bold ones are taken where there is
    something to set in them. With `whole`, each house face is one file, as the typesetter wants it.
    """
    kind: Literal["whole", "house"] = "whole" if whole else "house"
    wanted = {ord(character) for text in used.texts.values() for character in text}
    bold = set(map(ord, used.bold))
    scripts = dict.fromkeys(
        face
        for language, text in used.texts.items()
        for face in _script_faces(text, language, kind)
        if face.weight < _BOLD or face.characters & bold
    )
    house = (face for face in _faces(kind) if face.characters & wanted)
    fixed = _faces("code") if used.code else ()
    found = (*house, *fixed, *scripts)
    for face in found:
        design_file(f"fonts/{face.path.name}")
    return found


_BOLD = 600


@functools.cache
def text_face(character: str, language: str) -> Face | None:
    """The upright face in which text of a language has a character, if there is one."""
    return next(
        (
            face
            for face in faces_for(UsedText({language: character}), whole=True)
            if face.weight < _BOLD and face.style == "normal" and ord(character) in face.characters
        ),
        None,
    )


def _script_faces(text: str, language: str, kind: Literal["whole", "house"]) -> tuple[Face, ...]:
    """The faces for what of a text the house faces have not, those that lead its language first."""
    leading = _leading(language)
    found: list[Face] = []
    lacking = {ord(character) for character in text}
    if not leading and lacking <= _house_characters(kind):
        return ()
    by_family = groupby(
        sorted(_faces("script"), key=lambda face: not _leads(face.family, leading)),
        key=lambda face: face.family,
    )
    for family, faces in by_family:
        if not (leading and family.startswith(leading)):
            lacking -= _house_characters(kind)
        useful = [face for face in faces if face.characters & lacking]
        found += useful
        lacking.difference_update(*(face.characters for face in useful))
    return tuple(found)


def design_files(faces: Iterable[Face]) -> dict[str, Path]:
    """The files of the design, of its faces only those given, by their paths in `styles/`."""
    folder = styles_folder()
    kinds: tuple[FaceKind, ...] = ("house", "whole", "code", "script")
    left_out = {face.path for kind in kinds for face in _faces(kind)} - {f.path for f in faces}
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".") and path not in left_out
    }


def font_rules(faces: Iterable[Face], used: UsedText, url: Callable[[Face], str]) -> str:
    """CSS that loads `faces`, each from its `url`, to stand after a style sheet of the design.

    Where there are faces for a script of its own, they join the house faces in the tokens. What
    Chinese, Japanese and Korean share they draw unlike: a passage in one of them is set in its own.
    """
    faces = tuple(faces)
    rules = "".join(face.rule(url(face)) for face in faces)
    of_house = {face.family for kind in _OF_HOUSE for face in _faces(kind)}
    families = [name for name in dict.fromkeys(f.family for f in faces) if name not in of_house]
    if not families:
        return rules
    work, *others = used.texts
    rules += f":root{{{_tokens(families, _leading(work))}}}"
    for language in others:
        leading = _leading(language)
        if leading not in ("", _leading(work)):
            tokens = _tokens(families, leading)
            rules += f'[lang="{language}"]{{{tokens}font-family:var(--serif)}}'
    return rules


_OF_HOUSE: tuple[FaceKind, ...] = ("house", "whole", "code")


def _tokens(families: list[str], leading: str) -> str:
    """What the tokens name in a language: faces that lead in it, those of the house, the others."""
    ordered = sorted(families, key=lambda family: not _leads(family, leading))
    first = sum(_leads(family, leading) for family in families)
    tokens = ""
    for token, house in _listed()["tokens"].items():
        stack = '","'.join((*ordered[:first], house, *ordered[first:]))
        generic = {"sans": "sans-serif", "mono": "monospace"}.get(token, token)
        tokens += f'--{token}:"{stack}",{generic};'
    beside = '","'.join((*ordered, _listed()["tokens"]["serif"]))
    return f'{tokens}--beside-math:"{beside}";'


MATH_FAMILY = "STIX Two Math"
"""The family of the typeface for mathematics, in all editions."""


def math_face() -> Path:
    """The file of the typeface for mathematics."""
    return design_file(f"fonts/{math_file()}")


def math_file() -> str:
    """The name of that file, which a deposited design lacks where there are no formulas."""
    return Path(str(_listed()["mathematics"]["file"])).name


def covered(cluster: str) -> bool:
    """Whether some family of the design has a letter with all the signs on it.

    A sign in another font than its letter would not stand over it, but a sign of its own may come
    from the other house family. Invisible characters need no glyph, and typesetters set one hyphen
    for the other.
    """
    cluster = cluster.replace("\N{NON-BREAKING HYPHEN}", "\N{HYPHEN}")
    seen = "".join(filter(needs_glyph, cluster))
    if len(seen) == 1 and any(ord(seen) in family for family in _house_families()):
        return True
    forms = {normalize("NFC", seen), normalize("NFD", seen)}
    return any(set(map(ord, form)) <= family for form in forms for family in _families_characters())


def needs_glyph(character: str) -> bool:
    """Whether a character is seen: controls, format characters and variation selectors are not."""
    point = ord(character)
    selects = 0xFE00 <= point < 0xFE10 or 0xE0100 <= point < 0xE01F0
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs") and not selects


@functools.cache
def _listed() -> dict[str, Any]:
    return tomllib.loads(design_file("fonts/faces.toml").read_text(encoding="utf-8"))


@functools.cache
def _faces(kind: FaceKind) -> tuple[Face, ...]:
    """The faces of one kind, in the order of `styles/fonts/faces.toml`."""
    folder = styles_folder() / "fonts"
    return tuple(
        Face(
            face["family"], weight, face["style"],
            _in_design(folder / face["file"].format(weight=weight)),
            face["range"], _characters(face["range"]),
        )
        for face in _listed()[kind]
        for weight in face.get("weights", [face.get("weight")])
    )  # fmt: skip


def _in_design(path: Path) -> Path:
    """The path of a file of the design, which may be a stranger's, and must not lead out of it."""
    if not path.resolve().is_relative_to(styles_folder().resolve()):
        raise MachineError(f"fonts/faces.toml names {path}, which is outside the design")
    return path


@functools.cache
def _house_characters(kind: Literal["house", "whole"]) -> frozenset[int]:
    """What both house families have in every weight and style, in the files of that kind."""
    fonts: dict[tuple[str, int, str], frozenset[int]] = {}
    for face in _faces(kind):
        key = face.family, face.weight, face.style
        fonts[key] = fonts.get(key, frozenset()) | face.characters
    return frozenset.intersection(*fonts.values())


@functools.cache
def _house_families() -> tuple[frozenset[int], ...]:
    """What each house family has in all its weights and styles, as the typesetter loads them."""
    families: dict[str, frozenset[int]] = {}
    for face in _faces("whole"):
        families[face.family] = families.get(face.family, face.characters) & face.characters
    return tuple(families.values())


@functools.cache
def _families_characters() -> tuple[frozenset[int], ...]:
    families: dict[str, frozenset[int]] = {}
    for face in _faces("script"):
        families[face.family] = families.get(face.family, frozenset()) | face.characters
    return (_house_characters("house") & _house_characters("whole"), *families.values())


def _leading(language: str) -> str:
    """The family that comes before the house faces in a language, or nothing."""
    wanted = set(subtags(language))
    named = [tag for tag in _listed()["leading"] if set(tag.split("-")) <= wanted]
    return str(_listed()["leading"][max(named, key=len)]) if named else ""


def _leads(family: str, leading: str) -> bool:
    return (bool(leading) and family.startswith(leading)) or family == _listed()["leading"]["*"]


@functools.cache
def _characters(ranges: str) -> frozenset[int]:
    """The code points of `U+0041,U+0100-02BA`, ends included (CSS Fonts 4, unicode-range)."""
    points: set[int] = set()
    for part in ranges.split(","):
        low, _, high = part.removeprefix("U+").partition("-")
        points.update(range(int(low, 16), int(high or low, 16) + 1))
    return frozenset(points)
