"""Likeness: how far one picture, drawn small, is from another.

In: two small pictures. Out: a number. It tells a picture that is black, empty, cut off, turned or
another one from the same picture drawn by another program, or in other inks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import sqrt
from operator import mul

from PIL import Image, ImageFilter

TOLERANCE = 0.5
"""The most that a sound picture may differ: `docs/proof.md` says what was measured."""
_CELL = 8
"""The side of the parts that are compared, in pixels."""
_SPREAD = 1.0
"""In pixels: edges are softened before, since no two programs smooth them alike."""
_CONTRAST = (0.6, 1.6)
"""Contrast may be so much weaker or stronger: inks are others, and so is the light of a screen."""
_LIGHTER = 48
"""By how many of 255 the whole may be lighter or darker."""
_FLAT = 6.0
"""The least spread of tones, of 255, that differences are measured by."""
_OTHER_INKS = 12.0
"""In print, tones may differ by so many of 255 besides: pale colours become greys."""
_GAINED = [round(255 * (tone / 255) ** (4 / 3)) for tone in range(256)]
"""Middle tones in ink on paper, where its dots spread (tone value increase, ISO 12647-1)."""

_Band = Sequence[float]


def unlikeness(wanted: Image.Image, found: Image.Image, *, inks: bool = False) -> float:
    """How far two pictures differ where they differ most, after their tones are fitted.

    0 is alike, and 1 about as far as if all in that part were gone. Of a picture in `inks`, colours
    or lightness must be alike: printing changes one of them most.
    """
    return min(_unlike(wanted, each, inks) for each in _sized(found, wanted))


def _sized(found: Image.Image, wanted: Image.Image) -> Iterator[Image.Image]:
    """A picture in the size of another: all of it, and what fills its box in the other's shape.

    A picture that must fill a box of another shape is either stretched, or has room beside it.
    """
    size = wanted.size
    yield found if found.size == size else found.resize(size, Image.Resampling.BOX)
    across, down = found.width / wanted.width, found.height / wanted.height
    if max(across, down) > 1.05 * min(across, down):
        width, height = wanted.width * min(across, down), wanted.height * min(across, down)
        left, top = (found.width - width) / 2, (found.height - height) / 2
        within = (left, top, left + width, top + height)
        yield found.resize(size, Image.Resampling.BOX, within)


def _unlike(wanted: Image.Image, found: Image.Image, inks: bool) -> float:
    if wanted.tobytes() == found.tobytes():
        return 0.0
    if not inks:
        return _furthest(wanted, found)
    grey, printed = wanted.convert("L"), found.convert("L")
    looks = ((grey, printed), (wanted, found), (grey.point(_GAINED), printed))
    return min(_furthest(ours, theirs, _OTHER_INKS) for ours, theirs in looks)


def is_blank(found: Image.Image, wanted: Image.Image) -> bool:
    """Whether a picture is of one colour all over, or nearly, where another is not."""
    ours, theirs = (max(map(_range, picture.split())) for picture in (wanted, found))
    return ours > _FLAT and theirs < ours / 4


def _range(band: Image.Image) -> float:
    """From the darkest to the lightest tone."""
    tones = band.tobytes()
    return max(tones) - min(tones)


def _furthest(wanted: Image.Image, found: Image.Image, free: float = 0.0) -> float:
    """How far the pictures differ in the cell in which they differ most.

    Of each difference, `free` does not count.
    """
    ours, theirs = _bands(wanted), _bands(found)
    spread = _mean([_variance(band) for band in ours])
    left = [
        [max(abs(rest) - free, 0.0) ** 2 for rest in _unexplained(*pair)]
        for pair in zip(ours, theirs, strict=True)
    ]
    furthest = 0.0
    for cell in _cells(*wanted.size):
        own = _mean([_variance([*map(band.__getitem__, cell)]) for band in ours])
        gone = _mean([_mean([*map(rest.__getitem__, cell)]) for rest in left])
        furthest = max(furthest, gone / max(spread, own, (_FLAT + free / 2) ** 2))
    return sqrt(furthest)


def _bands(picture: Image.Image) -> list[_Band]:
    """The pixels of each colour, row by row."""
    softened = picture.filter(ImageFilter.GaussianBlur(_SPREAD))
    return [band.tobytes() for band in softened.split()]


def _unexplained(ours: _Band, theirs: _Band) -> list[float]:
    """What is left of their tones when ours are fitted to them, pixel by pixel."""
    middle, their_middle = _mean(ours), _mean(theirs)
    both = sum(map(mul, ours, theirs)) / len(ours) - middle * their_middle
    spread = _variance(ours)
    low, high = _CONTRAST
    contrast = min(max(both / spread, low), high) if spread > 1 else 1.0
    lighter = min(max(their_middle - middle, -_LIGHTER), _LIGHTER)
    return [
        b - (middle + lighter) - contrast * (a - middle)
        for a, b in zip(ours, theirs, strict=True)
    ]  # fmt: skip


def _variance(tones: _Band) -> float:
    middle = _mean(tones)
    return float(sum(map(mul, tones, tones))) / len(tones) - middle * middle


def _mean(tones: _Band) -> float:
    return sum(tones) / len(tones)


@lru_cache(maxsize=64)
def _cells(width: int, height: int) -> tuple[tuple[int, ...], ...]:
    """The numbers of the pixels in each cell."""
    across, down = max(1, round(width / _CELL)), max(1, round(height / _CELL))
    return tuple(
        tuple(
            y * width + x
            for y in range(row * height // down, (row + 1) * height // down)
            for x in range(column * width // across, (column + 1) * width // across)
        )
        for row in range(down)
        for column in range(across)
    )
