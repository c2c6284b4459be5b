"""The design: style sheets, templates and typefaces, all from `styles/`, shared by all formats.

The style sheets come in layers: `tokens.css` (faces, sizes, colours), `content.css` (how the
parts of an article look), then one for the medium:
`web.css`, `paged.css`, `ebook.css` or `cover.css`.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any, Literal

from triptych.diagnostics import MachineError

Medium = Literal["web", "paged", "ebook", "cover"]


@dataclass(frozen=True, slots=True)
class Face:
    """One font file: the characters it covers are given as closed ranges of code points."""

    family: str
    weight: int
    style: Literal["normal", "italic"]
    path: Path
    css_range: str
    ranges: tuple[tuple[int, int], ...]

    def rule(self, url: str) -> str:
        """The `@font-face` rule that loads this face from `url`."""
        return (
            f'@font-face{{font-family:"{self.family}";font-weight:{self.weight};'
            f'font-style:{self.style};font-display:swap;src:url("{url}") format("woff2");'
            f"unicode-range:{self.css_range}}}"
        )


@dataclass(frozen=True, slots=True)
class WholeFace:
    """One font file that holds a face whole, for the typesetter."""

    family: str
    weight: int
    style: Literal["normal", "italic"]
    path: Path

    def rule(self) -> str:
        """The `@font-face` rule that loads this face."""
        return (
            f'@font-face{{font-family:"{self.family}";font-weight:{self.weight};'
            f'font-style:{self.style};src:url("{self.path.as_uri()}")}}'
        )


@functools.cache
def styles_folder() -> Path:
    """The folder `styles/`: beside `pipeline/` in a checkout, inside the package when installed."""
    package = Path(__file__).resolve().parent
    for folder in (package / "styles", package.parents[1] / "styles"):
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
def _listed_faces() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((styles_folder() / "fonts" / "faces.toml").read_text(encoding="utf-8"))


@functools.cache
def whole_faces() -> tuple[WholeFace, ...]:
    """Every face of the design, each in one file."""
    folder = styles_folder() / "fonts"
    return tuple(
        WholeFace(face["family"], face["weight"], face["style"], folder / face["file"])
        for face in _listed_faces()["whole"]
    )


@functools.cache
def all_faces() -> tuple[Face, ...]:
    """Every face of the design by script, in the order of `styles/fonts/faces.toml`."""
    folder = styles_folder() / "fonts"
    return tuple(
        Face(
            family=face["family"],
            weight=face["weight"],
            style=face["style"],
            path=folder / face["file"],
            css_range=face["range"],
            ranges=tuple(_closed(part) for part in face["range"].split(",")),
        )
        for face in _listed_faces()["face"]
    )


def faces_for(text: str) -> tuple[Face, ...]:
    """The faces needed to set `text`."""
    characters = sorted({ord(character) for character in text})
    return tuple(
        face
        for face in all_faces()
        if any(low <= c <= high for c in characters for low, high in face.ranges)
    )


def covered(character: str) -> bool:
    """Whether some face of the design covers a character."""
    return any(low <= ord(character) <= high for low, high in _coverage())


@functools.cache
def _coverage() -> frozenset[tuple[int, int]]:
    return frozenset(pair for face in all_faces() for pair in face.ranges)


def _closed(part: str) -> tuple[int, int]:
    """`U+0100-02BA` as a pair of code points, both inclusive (CSS Fonts 4, unicode-range)."""
    low, _, high = part.strip().removeprefix("U+").partition("-")
    return int(low, 16), int(high or low, 16)
