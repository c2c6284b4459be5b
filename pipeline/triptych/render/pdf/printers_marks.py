"""Printer's marks: they show where to cut and fold, and whether plates and inks are right.

In: the size of a page and the words beside it. Out: a content stream, in points from the lower left
corner of the trimmed page. All of it stands in the slug, outside the bleed, and is an artifact.
Letters are drawn as outlines, so that no reader of the file takes them for its text.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

from triptych.design import design_file
from triptych.record import Ink

MM = 72 / 25.4
SLUG = 11 * MM
"""The breadth of the slug around the bleed."""

_LENGTH = 6 * MM
_APART = 1 * MM
"""How far marks stay away from the bleed."""
_HAIR = 0.25
_FACE = "SourceSans3_400Regular.ttf"
_SIZE = 6.0

ALL = "/All"
"""The name of the colour space that prints on every plate (ISO 32000-1, 8.6.6.4)."""


@dataclass(frozen=True, slots=True)
class PrintSheet:
    """A page to mark: trimmed size and bleed in points, and where to fold, from the left.

    `said` is printed in the slug.
    """

    width: float
    height: float
    bleed: float
    said: str
    folds: tuple[float, ...] = ()

    @property
    def slug(self) -> float:
        """How far the sheet reaches beyond the trimmed page."""
        return self.bleed + SLUG


def all_plates(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """The colour space of marks, which prints on all plates at once."""
    tint = pikepdf.Dictionary(
        FunctionType=2,
        Domain=pikepdf.Array([0, 1]),
        C0=pikepdf.Array([0, 0, 0, 0]),
        C1=pikepdf.Array([1, 1, 1, 1]),
        N=1,
    )
    space: list[Any] = [
        pikepdf.Name.Separation, pikepdf.Name.All, pikepdf.Name.DeviceCMYK, tint,
    ]  # fmt: skip
    return pdf.make_indirect(pikepdf.Array(space))


def marks(sheet: PrintSheet, colour: Ink) -> bytes:
    """The marks of a sheet, as a content stream that uses the colour space `All`."""
    lines = [
        "/Artifact BMC", "q", f"{ALL} CS 1 SCN {ALL} cs 1 scn", f"{_HAIR} w",
        *_crops(sheet), *_folds(sheet), *_targets(sheet), *_said(sheet), *_bar(sheet, colour),
        "Q", "EMC",
    ]  # fmt: skip
    return "\n".join(lines).encode("ascii")


def _crops(sheet: PrintSheet) -> Iterator[str]:
    start = sheet.bleed + _APART
    for x, outward in ((0.0, -1), (sheet.width, 1)):
        for y, upward in ((0.0, -1), (sheet.height, 1)):
            yield _line(x + outward * start, y, x + outward * (start + _LENGTH), y)
            yield _line(x, y + upward * start, x, y + upward * (start + _LENGTH))


def _folds(sheet: PrintSheet) -> Iterator[str]:
    start = sheet.bleed + _APART
    for x in sheet.folds:
        yield "[2 1.5] 0 d"
        yield _line(x, -start, x, -start - _LENGTH)
        yield _line(x, sheet.height + start, x, sheet.height + start + _LENGTH)
        yield "[] 0 d"


def _targets(sheet: PrintSheet) -> Iterator[str]:
    """Registration marks in the middle of each side."""
    away = sheet.bleed + _APART + _LENGTH / 2
    middle = sheet.width / 4 if sheet.folds else sheet.width / 2
    for x, y in (
        (-away, sheet.height / 2),
        (sheet.width + away, sheet.height / 2),
        (middle, -away),
        (middle, sheet.height + away),
    ):
        arm, ring = _LENGTH / 2, 1.5 * MM
        yield _line(x - arm, y, x + arm, y)
        yield _line(x, y - arm, x, y + arm)
        yield _circle(x, y, ring)


def _bar(sheet: PrintSheet, colour: Ink) -> Iterator[str]:
    """Solid and half tones of each ink, below the page."""
    side = 4 * MM
    if colour == "cmyk":
        patches = [tuple(share * (n == ink) for n in range(4)) for ink in range(4)
                   for share in (1.0, 0.5)]  # fmt: skip
    else:
        patches = [(0, 0, 0, share) for share in (1.0, 0.75, 0.5, 0.25)]
    y = -sheet.bleed - _APART - _LENGTH / 2 - side / 2
    x = 8 * MM
    if x + len(patches) * side > sheet.width / 2 - 8 * MM:
        side = max(0.0, (sheet.width / 2 - 16 * MM) / len(patches))
    for inks in patches:
        yield f"{' '.join(_short(ink) for ink in inks)} k"
        yield f"{_short(x)} {_short(y)} {_short(side)} {_short(side)} re f"
        x += side


def _said(sheet: PrintSheet) -> Iterator[str]:
    """The slug line, above the page."""
    x, y = 8 * MM, sheet.height + sheet.bleed + _APART + _LENGTH / 2 - _SIZE / 3
    middle = sheet.width / 4 if sheet.folds else sheet.width / 2
    yield from _outlines(sheet.said, x, y, middle - 6 * MM - x)


def _line(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"{_short(x0)} {_short(y0)} m {_short(x1)} {_short(y1)} l S"


def _circle(x: float, y: float, radius: float) -> str:
    k = radius * 0.5523
    points: Sequence[tuple[float, ...]] = (
        (x + radius, y + k, x + k, y + radius, x, y + radius),
        (x - k, y + radius, x - radius, y + k, x - radius, y),
        (x - radius, y - k, x - k, y - radius, x, y - radius),
        (x + k, y - radius, x + radius, y - k, x + radius, y),
    )
    curves = " ".join(" ".join(map(_short, curve)) + " c" for curve in points)
    return f"{_short(x + radius)} {_short(y)} m {curves} S"


def _short(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".") if number % 1 else f"{number:.0f}"


# --- Letters as outlines -------------------------------------------------------------------------


class _Outlines(BasePen):  # type: ignore[misc]  # fontTools has no types
    """Writes a glyph as path operators (ISO 32000-1, 8.5.2)."""

    def __init__(self, glyphs: Any, x: float, y: float, scale: float) -> None:
        super().__init__(glyphs)
        self.written: list[str] = []
        self._x, self._y, self._scale = x, y, scale

    def _at(self, *points: Any) -> str:
        return " ".join(
            f"{_short(self._x + x * self._scale)} {_short(self._y + y * self._scale)}"
            for x, y in points
        )

    def _moveTo(self, pt: Any) -> None:  # noqa: N802 - the library's names
        self.written.append(f"{self._at(pt)} m")

    def _lineTo(self, pt: Any) -> None:  # noqa: N802
        self.written.append(f"{self._at(pt)} l")

    def _curveToOne(self, pt1: Any, pt2: Any, pt3: Any) -> None:  # noqa: N802
        self.written.append(f"{self._at(pt1, pt2, pt3)} c")

    def _closePath(self) -> None:  # noqa: N802
        self.written.append("h")


@functools.cache
def _face() -> TTFont:
    return TTFont(design_file(f"fonts/{_FACE}"))


def _outlines(text: str, x: float, y: float, room: float) -> Iterator[str]:
    """A line of text, cut where the room ends. Characters without a glyph are left out."""
    face = _face()
    glyphs, names = face.getGlyphSet(), face.getBestCmap()
    scale = _SIZE / face["head"].unitsPerEm
    end = x + room
    for character in text:
        name = names.get(ord(character))
        if name is None:
            continue
        advance = glyphs[name].width * scale
        if x + advance > end:
            return
        pen = _Outlines(glyphs, x, y, scale)
        glyphs[name].draw(pen)
        if pen.written:
            yield " ".join(pen.written) + " f"
        x += advance
