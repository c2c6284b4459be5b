"""The graphics state of a content stream: how things are painted, and the current path.

In: the operands of the operators that set it (ISO 32000-1, 8 and 9.3). Out: a new state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pikepdf

from triptych.witness.colour import Colour
from triptych.witness.geometry import Box, Matrix
from triptych.witness.pdf.fonts import Font, read_font


@dataclass(frozen=True, slots=True)
class State:
    """The graphics state (8.4) and text state (9.3).

    `clip` is the box of the clipping path, `shaped` whether that path is anything but a box.
    `around` is the alpha of the groups that this is in.
    """

    matrix: Matrix
    clip: Box
    shaped: bool = False
    fill: Colour | None = (0.0, 0.0, 0.0)
    stroke: Colour | None = (0.0, 0.0, 0.0)
    fill_space: Any = None
    alpha: float = 1.0
    blended: bool = False
    stroke_alpha: float = 1.0
    around: float = 1.0
    masked: bool = False
    font: Font | None = None
    size: float = 0.0
    spacing: float = 0.0
    word_spacing: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0
    line_width: float = 1.0

    @property
    def inkless(self) -> bool:
        """Whether letters leave no ink."""
        outlined = self.mode in (1, 2, 5, 6)
        filled = self.mode in (0, 2, 4, 6)
        fill, stroke = self.alpha * self.around, self.stroke_alpha * self.around
        return not (filled and fill >= 0.1) and not (outlined and stroke >= 0.1)

    @property
    def unpainted(self) -> str:
        """Why what is painted in this state is not seen, if so."""
        stroked = self.mode in (1, 5)
        if self.mode in (3, 7):
            return f"text rendering mode {self.mode}, which paints nothing"
        if (self.stroke_alpha if stroked else self.alpha) * self.around < 0.1:
            return "it is transparent"
        if self.masked:
            return "a soft mask over it"
        if self.blended:
            return "it is blended with its ground"
        if (self.stroke if stroked else self.fill) is None:
            return "painted in a pattern, or in a colour that cannot be told"
        return ""


class Path:
    """A path under construction (8.5.2); curves count as lines between their points."""

    def __init__(self) -> None:
        self.points: list[tuple[float, float]] = []
        self.segments: list[tuple[tuple[float, float], tuple[float, float]]] = []
        self._start = (0.0, 0.0)
        self._boxes = 0

    @property
    def is_box(self) -> bool:
        """Whether the path is one rectangle, or empty."""
        if self._boxes:
            return self._boxes == 1 and len(self.points) == 2
        corners = list(dict.fromkeys(self.points))
        xs, ys = {x for x, _ in corners}, {y for _, y in corners}
        straight = all(a[0] == b[0] or a[1] == b[1] for a, b in self.segments)
        return not corners or (straight and (len(corners), len(xs), len(ys)) == (4, 2, 2))

    def rectangle(self, x: float, y: float, width: float, height: float) -> None:
        """Add a rectangle."""
        self._boxes += 1
        a, b, c, d = (x, y), (x + width, y), (x + width, y + height), (x, y + height)
        self.points += [a, c]
        self.segments += [(a, b), (b, c), (c, d), (d, a)]
        self._start = a

    def go(self, x: float, y: float, draw: bool) -> None:
        """Go to a point, with or without a line."""
        if draw and self.points:
            self.segments.append((self.points[-1], (x, y)))
        elif not draw:
            self._start = (x, y)
        self.points.append((x, y))

    def curve(self, points: list[tuple[float, float]]) -> None:
        """Go along a curve's points."""
        for x, y in points:
            self.go(x, y, draw=True)

    def close(self) -> None:
        """Close the path with a line."""
        if self.points and self.points[-1] != self._start:
            self.segments.append((self.points[-1], self._start))


def text_state(state: State, operator: str, value: float) -> State:
    """The state after an operator of the text state (9.3.1)."""
    match operator:
        case "Tc":
            return replace(state, spacing=value)
        case "Tw":
            return replace(state, word_spacing=value)
        case "TL":
            return replace(state, leading=value)
        case "Ts":
            return replace(state, rise=value)
        case "Tz":
            return replace(state, stretch=value / 100)
        case _:
            return replace(state, mode=int(value))


def external_state(state: State, given: Any) -> State:
    """The state after a graphics state parameter dictionary (8.4.5)."""
    if "/ca" in given:
        state = replace(state, alpha=float(given["/ca"]))
    if "/CA" in given:
        state = replace(state, stroke_alpha=float(given["/CA"]))
    if "/BM" in given:
        mode = given["/BM"]
        mode = mode[0] if isinstance(mode, pikepdf.Array) else mode
        state = replace(state, blended=mode not in ("/Normal", "/Compatible"))
    if "/SMask" in given:
        state = replace(state, masked=given["/SMask"] != "/None")
    if "/Font" in given:
        font, size = given["/Font"]
        state = replace(state, font=read_font(font), size=float(size))
    return state


def colour_of(operator: str, operands: Any, space: Any) -> Colour | None:
    """A colour as red, green and blue from 0 to 1; None if it is not known (8.6)."""
    try:
        numbers = [float(number) for number in operands]
    except (TypeError, ValueError):
        return None  # a pattern
    if isinstance(space, pikepdf.Array) and space[0] not in ("/ICCBased", "/CalRGB", "/CalGray"):
        return None
    if operator == "g" or len(numbers) == 1:
        return (numbers[0],) * 3
    if len(numbers) == 3:
        return numbers[0], numbers[1], numbers[2]
    if len(numbers) == 4:
        cyan, magenta, yellow, black = numbers
        return (1 - cyan) * (1 - black), (1 - magenta) * (1 - black), (1 - yellow) * (1 - black)
    return None
