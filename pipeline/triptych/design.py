"""The design: style sheets, templates and typefaces, all from `styles/`, shared by all formats.

The style sheets come in layers: `tokens.css` (faces, sizes, colours), `content.css` (how the
parts of an article look), then one for the medium:
`web.css`, `paged.css`, `ebook.css`, `cover.css` or `wrap.css`.
"""

from __future__ import annotations

import functools
import os
import tomllib
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from string import Template
from typing import Any, Literal
from unicodedata import normalize

from triptych.diagnostics import MachineError
from triptych.matter import Matter
from triptych.terms import subtags

FaceKind = Literal["house", "whole", "code", "script"]
Medium = Literal["web", "paged", "ebook", "cover", "wrap"]


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


STYLES_VARIABLE = "TRIPTYCH_STYLES"


@functools.cache
def styles_folder() -> Path:
    """The folder `styles/`: beside `pipeline/` in a checkout, inside the package when installed.

    The environment may name another, as a deposited edition has that is built again.
    """
    package = Path(__file__).resolve().parent
    named = os.environ.get(STYLES_VARIABLE)
    places = (package / "styles", package.parents[1] / "styles")
    for folder in (Path(named),) if named else places:
        if (folder / "tokens.css").is_file():
            return folder
    raise MachineError("the folder styles/ is missing: install Triptych from its checkout")


@functools.cache
def stylesheet(medium: Medium) -> str:
    """The style sheet for a medium, its layers joined."""
    layers = ("tokens.css", "content.css", f"{medium}.css")
    return "\n".join((styles_folder() / layer).read_text(encoding="utf-8") for layer in layers)


@functools.cache
def template(name: str) -> Template:
    """The page template `styles/templates/<name>`; `$name` marks its blanks."""
    return Template((styles_folder() / "templates" / name).read_text(encoding="utf-8"))


@functools.cache
def scripts() -> tuple[tuple[str, str], ...]:
    """The scripts of the web edition, by name: a page is whole without any of them."""
    files = sorted(styles_folder().glob("*.js"))
    return tuple((file.name, file.read_text(encoding="utf-8").strip()) for file in files)


# --- Typefaces -----------------------------------------------------------------------------------


def faces_for(matter: Matter, *, whole: bool = False) -> tuple[Face, ...]:
    """The faces needed to set some matter, house faces first.

    Those of a script follow by language, the work's own first; bold ones are taken where there is
    something to set in them. With `whole`, each house face is one file, as the typesetter wants it.
    """
    kind: Literal["whole", "house"] = "whole" if whole else "house"
    wanted = {ord(character) for text in matter.texts.values() for character in text}
    bold = set(map(ord, matter.bold))
    scripts = dict.fromkeys(
        face
        for language, text in matter.texts.items()
        for face in _script_faces(text, language, kind)
        if face.weight < _BOLD or face.characters & bold
    )
    house = (face for face in _faces(kind) if face.characters & wanted)
    fixed = (face for face in _faces("code") if face.characters & set(map(ord, matter.code)))
    return (*house, *fixed, *scripts)


_BOLD = 600


@functools.cache
def text_face(character: str, language: str) -> Face | None:
    """The upright face in which text of a language has a character, if there is one."""
    return next(
        (
            face
            for face in faces_for(Matter({language: character}), whole=True)
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


def font_rules(faces: Iterable[Face], matter: Matter, url: Callable[[Face], str]) -> str:
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
    work, *others = matter.texts
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
    return styles_folder() / "fonts" / str(_listed()["mathematics"]["file"])


def covered(cluster: str) -> bool:
    """Whether some family of the design has a letter with all the signs on it.

    A sign that stands in another font than its letter would not stand over it. What is never seen
    needs no glyph, and typesetters set one hyphen for the other.
    """
    cluster = cluster.replace("\N{NON-BREAKING HYPHEN}", "\N{HYPHEN}")
    seen = "".join(c for c in cluster if unicodedata.category(c) != "Cf" and c not in _SELECTORS)
    forms = {normalize("NFC", seen), normalize("NFD", seen)}
    return any(set(map(ord, form)) <= family for form in forms for family in _families_characters())


_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
"""Variation selectors, which change a character's glyph where a font has another for it."""


@functools.cache
def _listed() -> dict[str, Any]:
    return tomllib.loads((styles_folder() / "fonts" / "faces.toml").read_text(encoding="utf-8"))


@functools.cache
def _faces(kind: FaceKind) -> tuple[Face, ...]:
    """The faces of one kind, in the order of `styles/fonts/faces.toml`."""
    folder = styles_folder() / "fonts"
    return tuple(
        Face(
            face["family"], weight, face["style"], folder / face["file"].format(weight=weight),
            face["range"], _characters(face["range"]),
        )
        for face in _listed()[kind]
        for weight in face.get("weights", [face.get("weight")])
    )  # fmt: skip


@functools.cache
def _house_characters(kind: Literal["house", "whole"]) -> frozenset[int]:
    """What both house families have in every weight and style, in the files of that kind."""
    fonts: dict[tuple[str, int, str], frozenset[int]] = {}
    for face in _faces(kind):
        key = face.family, face.weight, face.style
        fonts[key] = fonts.get(key, frozenset()) | face.characters
    return frozenset.intersection(*fonts.values())


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


# --- Direction -----------------------------------------------------------------------------------

_FROM_THE_RIGHT = frozenset(
    "adlm arab aran hebr mand mend nkoo rohg samr syrc thaa "  # scripts (ISO 15924)
    "ar arc ckb dv fa he iw ks nqo pnb prs ps sd syr ug ur yi".split()  # languages (ISO 639)
)


def direction(language: str) -> Literal["ltr", "rtl"]:
    """Which way a language (BCP 47) runs: as the script it names does, or else its usual one."""
    parts = language.lower().replace("_", "-").split("-")
    script = next((part for part in parts[1:] if len(part) == 4 and part.isalpha()), parts[0])
    return "rtl" if script in _FROM_THE_RIGHT else "ltr"


def direction_of(text: str) -> Literal["ltr", "rtl"] | None:
    """Which way a text runs: as its first strong character does (UAX 9, rule P2), if it has one."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    strong = next((kind for kind in kinds if kind in ("L", "R", "AL")), None)
    if strong is None:
        return None
    return "ltr" if strong == "L" else "rtl"
