"""Typefaces: what the shape of a printed letter tells of its emphasis.

In: the edition manifest, which lists the shapes of each typeface, and the shapes of a reading. Out:
for each shape the style it is in, as far as it is the shape of one style only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from triptych.manifest import REGULAR, EditionManifest
from triptych.text import EMPHASES, EmphasisKind

BIT: Mapping[EmphasisKind, int] = {kind: 1 << index for index, kind in enumerate(EMPHASES)}
"""Kinds of emphasis as bits, so that those of many letters are quickly compared."""
CAPITALS = BIT["small-capitals"]
FACE = BIT["italic"] | BIT["bold"]
"""What needs a typeface of its own."""


@dataclass(frozen=True, slots=True)
class ShapeStyle:
    """The emphasis that a shape shows, and what of it the shape does not tell.

    `face` are the combinations of italic and bold that its family has.
    """

    marks: int
    untold: int
    face: frozenset[int]


UNKNOWN = ShapeStyle(0, FACE | CAPITALS, frozenset())


class Faces:
    """The typefaces of an edition."""

    def __init__(self, manifest: EditionManifest) -> None:
        self._letterforms = manifest.letterforms or {}
        self._families: dict[str, list[tuple[str, int]]] = {}
        self._has: dict[str, frozenset[int]] = {}
        self._known: dict[tuple[str, str], ShapeStyle] = {}
        for family, styles in (manifest.faces or {}).items():
            shapes = {_marks(style): listed for style, listed in styles.items()}
            self._has[family] = frozenset(marks & FACE for marks in shapes)
            for marks, listed in shapes.items():
                for digest in listed.split():
                    self._families.setdefault(digest, []).append((family, marks))

    def style(self, said: str, digest: str) -> ShapeStyle:
        """The style of the shape that is read as `said`."""
        key = said, digest
        if key not in self._known:
            self._known[key] = self._style(said, digest)
        return self._known[key]

    def _style(self, said: str, digest: str) -> ShapeStyle:
        found = self._families.get(digest)
        if not found:
            return UNKNOWN
        first, untold = found[0][1], 0
        for _, marks in found:
            untold |= marks ^ first
        if not (first & CAPITALS or self._has_capitals(said, found)):
            untold |= CAPITALS
        has = frozenset.intersection(*(self._has[family] for family, _ in found))
        return ShapeStyle(first & ~untold, untold, has)

    def _has_capitals(self, said: str, found: list[tuple[str, int]]) -> bool:
        """Whether a typeface with the shape has small capitals for the letters."""
        return any(
            (family, marks ^ CAPITALS) in found
            for letter in said
            if letter.islower()
            for digest in self._letterforms.get(letter, "").split()
            for family, marks in self._families.get(digest, ())
            if marks & CAPITALS
        )


def _marks(style: str) -> int:
    return sum(BIT[kind] for kind in _kinds(style))


def _kinds(style: str) -> Iterator[EmphasisKind]:
    names = () if style == REGULAR else style.split()
    return (kind for kind in EMPHASES if kind in names)
