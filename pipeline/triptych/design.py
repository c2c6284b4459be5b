"""The design: style sheets, templates and typefaces, all from `styles/`, shared by all formats.

The style sheets come in layers: `tokens.css` (faces, sizes, colours), `content.css` (how the
parts of an article look), then one for the medium:
`web.css`, `paged.css`, `ebook.css`, `cover.css` or `wrap.css`.
"""

from __future__ import annotations

import functools
import os
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import unescape
from itertools import groupby
from pathlib import Path
from string import Template
from typing import Any, Literal
from unicodedata import normalize

from triptych.diagnostics import MachineError

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


# --- Typefaces -----------------------------------------------------------------------------------


def faces_for(text: str, language: str, *, code: str = "", whole: bool = False) -> tuple[Face, ...]:
    """The faces needed to set `text` in a work of a language (BCP 47), house faces first.

    `code` is what of it stands in code. With `whole`, each house face is one file, as the
    typesetter wants it.
    """
    wanted = {ord(character) for character in text}
    kind: Literal["whole", "house"] = "whole" if whole else "house"
    leading = _leading(language)
    scripts: list[Face] = []
    lacking = set(wanted)
    by_family = groupby(
        sorted(_faces("script"), key=lambda face: not _leads(face.family, leading)),
        key=lambda face: face.family,
    )
    for family, faces in by_family:
        if not (leading and family.startswith(leading)):
            lacking -= _house_characters(kind)
        found = [face for face in faces if face.characters & lacking]
        scripts += found
        lacking.difference_update(*(face.characters for face in found))
    house = (face for face in _faces(kind) if face.characters & wanted)
    fixed = (face for face in _faces("code") if face.characters & set(map(ord, code)))
    return (*house, *fixed, *scripts)


def code_in(markup: str) -> str:
    """What stands in code in a page, to be set in the face that is for it."""
    found = re.findall(r"<(code|pre)\b[^>]*>(.*?)</\1>", markup, re.S)
    return unescape(re.sub(r"<[^>]+>", "", "".join(inner for _, inner in found)))


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


def font_rules(faces: Iterable[Face], language: str, url: Callable[[Face], str]) -> str:
    """CSS that loads `faces`, each from its `url`, to stand after a style sheet of the design.

    Where there are faces for a script of its own, they join the house faces in the tokens.
    """
    faces = tuple(faces)
    rules = "".join(face.rule(url(face)) for face in faces)
    scripts = _faces("script")
    families = list(dict.fromkeys(face.family for face in faces if face in scripts))
    if families:
        leading = _leading(language)
        families.sort(key=lambda family: not _leads(family, leading))
        first = sum(_leads(family, leading) for family in families)
        for token, house in _listed()["tokens"].items():
            stack = '","'.join((*families[:first], house, *families[first:]))
            generic = {"sans": "sans-serif", "mono": "monospace"}.get(token, token)
            rules += f':root{{--{token}:"{stack}",{generic}}}'
    return rules


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
            face["family"], face["weight"], face["style"], folder / face["file"],
            face["range"], _characters(face["range"]),
        )
        for face in _listed()[kind]
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
    return str(_listed()["leading"].get(language.split("-")[0].lower(), ""))


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
