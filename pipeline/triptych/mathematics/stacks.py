"""Stacks: drawings set above, below and in the corners of each other.

The lengths come from the typeface's MATH table, and are used as in MathML Core, 3.3 and 3.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from triptych.mathematics.drawing import Drawing, Line, PlacedGlyph, Style, raised, together
from triptych.mathematics.font import math_font
from triptych.mathematics.stretch import tall

_BESIDE_BAR = 0.08


def fraction(above: Drawing, below: Drawing, bar: float | None, style: Style) -> Drawing:
    """One over the other, with a bar between. `bar` is its thickness, if not the usual one."""
    thick = style("FractionRuleThickness") if bar is None else bar
    kind = "DisplayStyle" if style.display else ""
    axis = style("AxisHeight")
    if thick:
        gaps = ("FractionNumDisplayStyleGapMin", "FractionDenomDisplayStyleGapMin")
        if not style.display:
            gaps = ("FractionNumeratorGapMin", "FractionDenominatorGapMin")
        up = max(style(f"FractionNumerator{kind}ShiftUp"),
                 axis + thick / 2 + style(gaps[0]) + above.descent)  # fmt: skip
        down = max(style(f"FractionDenominator{kind}ShiftDown"),
                   below.ascent + style(gaps[1]) + thick / 2 - axis)  # fmt: skip
    else:
        up, down = style(f"StackTop{kind}ShiftUp"), style(f"StackBottom{kind}ShiftDown")
        short = style(f"Stack{kind}GapMin") - (up - above.descent + down - below.ascent)
        up, down = up + max(short, 0) / 2, down + max(short, 0) / 2
    width = max(above.width, below.width)
    room = _BESIDE_BAR * style.size
    drawing = together(
        width + 2 * room,
        [(above, room + (width - above.width) / 2, up),
         (below, room + (width - below.width) / 2, -down)],
    )  # fmt: skip
    if not thick:
        return drawing
    line = Line(room, axis, room + width, axis, thick, style.colour)
    return replace(drawing, marks=(*drawing.marks, line))


def root(base: Drawing, degree: Drawing | None, style: Style) -> Drawing:
    """A root over `base`. Its `degree` stands in the angle of the sign."""
    bar = style("RadicalRuleThickness")
    gap = style("RadicalDisplayStyleVerticalGap" if style.display else "RadicalVerticalGap")
    wanted = base.height + gap + bar
    hook = tall("√", wanted, style)
    gap += max(0.0, hook.height - wanted) / 2
    top = base.ascent + gap + bar
    hook = raised(hook, top - hook.ascent)
    start = max(
        glyph.x + math_font().measure(glyph.glyph).right * glyph.size
        for glyph in hook.marks
        if isinstance(glyph, PlacedGlyph)
    )
    x = 0.0
    placed: list[tuple[Drawing, float, float]] = []
    if degree is not None:
        after = style("RadicalKernAfterDegree")
        x = max(0.0, degree.width + style("RadicalKernBeforeDegree") + after)
        share = math_font().constant("RadicalDegreeBottomRaisePercent")
        placed.append((degree, x - after - degree.width, share * hook.height - hook.descent))
    drawing = together(x + start + base.width, [(hook, x, 0), (base, x + start, 0), *placed])
    middle = top - bar / 2
    line = Line(x + start - bar / 4, middle, x + start + base.width, middle, bar, style.colour)
    ascent = max(drawing.ascent, top + style("RadicalExtraAscender"))
    return replace(drawing, ascent=ascent, marks=(*drawing.marks, line))


def with_scripts(
    base: Drawing, low: Drawing | None, high: Drawing | None, style: Style, large: bool
) -> Drawing:
    """Scripts in the corners of `base`, which may be a large operator."""
    single = len(base.marks) == 1 and not large
    down = up = 0.0
    if low is not None:
        drop = 0.0 if single else base.descent + style("SubscriptBaselineDropMin")
        down = max(style("SubscriptShiftDown"), drop, low.ascent - style("SubscriptTopMax"))
    if high is not None:
        shift = "SuperscriptShiftUpCramped" if style.cramped else "SuperscriptShiftUp"
        rise = 0.0 if single else base.ascent - style("SuperscriptBaselineDropMax")
        up = max(style(shift), rise, high.descent + style("SuperscriptBottomMin"))
    if low is not None and high is not None:
        bottom = up - high.descent
        short = style("SubSuperscriptGapMin") - bottom + low.ascent - down
        if short > 0:
            lift = style("SuperscriptBottomMaxWithSubscript") - bottom
            lift = min(max(lift, 0.0), short)
            up, down = up + lift, down + short - lift
    placed = [(base, 0.0, 0.0)]
    if low is not None:
        placed.append((low, base.width - (base.slant if large else 0.0), -down))
    if high is not None:
        placed.append((high, base.width + (0.0 if large else base.slant), up))
    end = max(x + drawing.width for drawing, x, _ in placed)
    return together(end + (style("SpaceAfterScript") if len(placed) > 1 else 0.0), placed)


def with_limits(
    base: Drawing, low: Drawing | None, high: Drawing | None, style: Style, *,
    accent: bool, accent_below: bool, large: bool,
) -> Drawing:  # fmt: skip
    """Something under and over `base`, and close to it if it is an accent."""
    lean = base.slant / 2 if large else 0.0
    placed = [(base, 0.0, 0.0)]
    if low is not None:
        y = base.descent + low.ascent
        if accent_below:
            y += 0.1 * style.size
        else:
            y = max(y + style("LowerLimitGapMin"),
                    base.descent + style("LowerLimitBaselineDropMin"))  # fmt: skip
        placed.append((low, (base.width - low.width) / 2 - lean, -y))
    if high is not None and accent:
        if high.descent < -0.25 * style.size:  # it is drawn at its height over a small letter
            y = max(0.0, base.ascent - style("AccentBaseHeight"))
            placed.append((high, base.centre - high.centre, y))
        else:
            y = base.ascent + high.descent + 0.1 * style.size
            placed.append((high, (base.width - high.width) / 2, y))
    elif high is not None:
        y = base.ascent + max(style("UpperLimitGapMin") + high.descent,
                              style("UpperLimitBaselineRiseMin"))  # fmt: skip
        placed.append((high, (base.width - high.width) / 2 + lean, y))
    counted = placed[:-1] if accent else placed  # an accent may stand out on both sides
    left = min(x for _, x, _ in counted)
    right = max(x + drawing.width for drawing, x, _ in counted)
    drawing = together(right - left, [(item, x - left, y) for item, x, y in placed])
    return replace(drawing, top=base.centre - left, slant=base.slant if accent else 0.0)


Side = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its content, alignment, and the space on its left and right.

    `lines` maps its edges, such as `top`, to a kind of line, such as solid.
    """

    drawing: Drawing
    side: Side
    before: float
    after: float
    lines: Mapping[str, str] = field(default_factory=dict)


def table(rows: Sequence[Sequence[Cell]], apart: float, style: Style) -> Drawing:
    """Rows of cells about the axis, `apart` em from each other."""
    count = max((len(row) for row in rows), default=0)
    size = style.size
    widths = [
        max(cell.drawing.width + (cell.before + cell.after) * size
            for row in rows for cell in row[n : n + 1])
        for n in range(count)
    ]  # fmt: skip
    starts = [sum(widths[:n]) for n in range(count + 1)]
    room = apart * size / 2
    first = any("top" in cell.lines for cell in (rows[0] if rows else ()))
    last = any("bottom" in cell.lines for cell in (rows[-1] if rows else ()))
    placed: list[tuple[Drawing, float, float]] = []
    marks: list[Line] = []
    y = -room if first else 0.0
    for number, row in enumerate(rows):
        # A row of small letters keeps the same distance as one with tall letters.
        ascent = max([0.7 * size, *(cell.drawing.ascent for cell in row)])
        descent = max([0.22 * size, *(cell.drawing.descent for cell in row)])
        y -= ascent + (apart * size if number else 0.0)
        for n, cell in enumerate(row):
            free = widths[n] - cell.drawing.width - (cell.before + cell.after) * size
            share = {"left": 0.0, "right": 1.0}.get(cell.side, 0.5)
            placed.append((cell.drawing, starts[n] + cell.before * size + free * share, y))
            corners = (starts[n], y - descent - room, starts[n + 1], y + ascent + room)
            marks += _edges(cell.lines, *corners, style)
        y -= descent
    y -= room if last else 0.0
    middle = style("AxisHeight") - y / 2
    drawing = together(starts[-1], [(item, x, at + middle) for item, x, at in placed])
    lines = tuple(line.at(0, middle) for line in marks)
    return replace(drawing, ascent=middle, descent=-y - middle, marks=(*drawing.marks, *lines))


def _edges(
    lines: Mapping[str, str], left: float, bottom: float, right: float, top: float, style: Style
) -> Iterator[Line]:
    """The lines on the edges of a cell, from its corners."""
    thin = 0.06 * style.size
    ends = {
        "top": (left, top, right, top), "bottom": (left, bottom, right, bottom),
        "left": (left, bottom, left, top), "right": (right, bottom, right, top),
    }  # fmt: skip
    for edge, kind in lines.items():
        x, y, to_x, to_y = ends[edge]
        across = (0.0, thin) if x != to_x else (thin, 0.0)
        for way in (-1, 1) if kind == "double" else (0,):
            dx, dy = across[0] * way, across[1] * way
            if kind == "dashed":
                yield from _dashes(Line(x, y, to_x, to_y, thin, style.colour))
            else:
                yield Line(x + dx, y + dy, to_x + dx, to_y + dy, thin, style.colour)


def _dashes(line: Line) -> Iterator[Line]:
    """A dashed line: strokes about three times as long as the gaps."""
    span = max(line.to_x - line.x, line.to_y - line.y)
    count = max(1, round(span / (8 * line.thickness)))
    dx, dy = (line.to_x - line.x) / count, (line.to_y - line.y) / count
    for n in range(count):
        x, y = line.x + dx * (n + 0.125), line.y + dy * (n + 0.125)
        yield replace(line, x=x, y=y, to_x=x + dx * 0.75, to_y=y + dy * 0.75)
