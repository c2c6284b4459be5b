"""Drawings: formulas and their parts as positioned glyphs and lines.

Lengths are in em of the surrounding text; x runs to the right, y upwards from the baseline.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from triptych.mathematics.font import math_font
from triptych.typefaces import Face


@dataclass(frozen=True, slots=True)
class PlacedGlyph:
    """A positioned glyph, `size` times as large as the surrounding text.

    It stands for `said`. In a sign made of pieces, `piece` is 1 for the first glyph and 2 for the
    others; elsewhere it is 0. `face` is its typeface, if that is one for text.
    """

    glyph: int
    x: float
    y: float
    size: float
    said: str
    colour: str = ""
    piece: int = 0
    face: Face | None = None

    def at(self, x: float, y: float) -> PlacedGlyph:
        """The same, moved."""
        return replace(self, x=self.x + x, y=self.y + y)


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line, such as the bar of a fraction."""

    x: float
    y: float
    to_x: float
    to_y: float
    thickness: float
    colour: str = ""

    def at(self, x: float, y: float) -> Line:
        """The same, moved."""
        return replace(self, x=self.x + x, y=self.y + y, to_x=self.to_x + x, to_y=self.to_y + y)


Mark = PlacedGlyph | Line


@dataclass(frozen=True, slots=True)
class Drawing:
    """A formula or a part of it: `ascent` reaches above the baseline, `descent` below.

    The glyphs are in reading order. `slant` is how far the last one leans over what follows, `top`
    is where an accent is centred, if not in the middle.
    """

    width: float = 0.0
    ascent: float = 0.0
    descent: float = 0.0
    marks: tuple[Mark, ...] = ()
    slant: float = 0.0
    top: float | None = None

    @property
    def said(self) -> str:
        """The signs of the drawing, in reading order."""
        return "".join(m.said for m in self.marks if isinstance(m, PlacedGlyph) and m.piece < 2)

    @property
    def centre(self) -> float:
        """Where an accent is centred."""
        return self.width / 2 if self.top is None else self.top

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.ascent + self.descent


def beside(pieces: Sequence[Drawing]) -> Drawing:
    """Drawings on one baseline, one after another."""
    if len(pieces) == 1:
        return pieces[0]
    placed: list[tuple[Drawing, float, float]] = []
    x = 0.0
    for piece in pieces:
        placed.append((piece, x, 0.0))
        x += piece.width
    return replace(together(x, placed), slant=pieces[-1].slant if pieces else 0.0)


def together(width: float, placed: Iterable[tuple[Drawing, float, float]]) -> Drawing:
    """Drawings at their places, given by x and y, as one drawing of a given width."""
    placed = list(placed)
    return Drawing(
        width,
        max((drawing.ascent + y for drawing, _, y in placed), default=0.0),
        max((drawing.descent - y for drawing, _, y in placed), default=0.0),
        tuple(mark.at(x, y) for drawing, x, y in placed for mark in drawing.marks),
    )


def widened(drawing: Drawing, before: float, after: float) -> Drawing:
    """A drawing with room on both sides."""
    moved = tuple(mark.at(before, 0) for mark in drawing.marks)
    top = None if drawing.top is None else drawing.top + before
    width = drawing.width + before + after
    return replace(drawing, width=width, marks=moved, top=top)


def raised(drawing: Drawing, y: float) -> Drawing:
    """A drawing, moved upwards."""
    moved = tuple(mark.at(0, y) for mark in drawing.marks)
    ascent, descent = drawing.ascent + y, drawing.descent - y
    return replace(drawing, ascent=ascent, descent=descent, marks=moved)


@dataclass(frozen=True, slots=True)
class Style:
    """What a part inherits from its surroundings (MathML Core, 2.1.7).

    `display` says whether there is room for large operators, `level` is the level of scripts,
    `cramped` says whether scripts stay low. `language` is that of the surrounding text.
    """

    display: bool
    level: int = 0
    cramped: bool = False
    colour: str = ""
    language: str = ""

    @property
    def size(self) -> float:
        """The size of type, relative to the surrounding text."""
        shares = ("ScriptPercentScaleDown", "ScriptScriptPercentScaleDown")
        return math_font().constant(shares[min(self.level, 2) - 1]) if self.level else 1.0

    def __call__(self, constant: str) -> float:
        """A length of the typeface at this size."""
        return math_font().constant(constant) * self.size

    @property
    def script(self) -> Style:
        """The style of a script beside, above or below."""
        return replace(self, display=False, level=self.level + 1)

    @property
    def cramp(self) -> Style:
        """The style of a part under something."""
        return replace(self, cramped=True)
