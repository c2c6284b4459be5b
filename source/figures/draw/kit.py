"""The figures' common hand: palette, type sizes and the few SVG elements they are made of.

Lengths are in units of the viewBox. Every figure is 720 units wide and is printed at 116 mm, so a
unit is 0.457 pt and the smallest type used here, 15 units, comes out at 6.9 pt.
"""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Final

INK: Final = "#1f2430"
MUTED: Final = "#5b6472"
RED: Final = "#8c2f2b"
TEAL: Final = "#2f6175"
SAND: Final = "#e9e1d2"
PAPER: Final = "#fbf9f4"
WATER: Final = "#dfe8ea"

WIDTH: Final = 720
SMALL: Final = 15
TEXT: Final = 16.5
HEAD: Final = 19

Point = tuple[float, float]


def number(value: float) -> str:
    """Give `value` to a tenth of a unit, without a needless ".0"."""
    return f"{round(value, 1) + 0.0:g}"


def element(name: str, content: str | None = None, /, **attributes: str | float) -> str:
    """Write one element; `stroke_width=2` becomes `stroke-width="2"`, a trailing `_` is dropped."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}="
        f'"{escape(value) if isinstance(value, str) else number(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}/>" if content is None else f"<{name}{written}>{content}</{name}>"


def text(
    at: Point,
    words: str,
    *,
    size: float = TEXT,
    fill: str = INK,
    weight: int = 400,
    anchor: str = "start",
    **more: str | float,
) -> str:
    """Set one line of words, its baseline at `at`."""
    return element(
        "text",
        escape(words, quote=False),
        x=at[0],
        y=at[1],
        font_size=size,
        fill=fill,
        font_weight=str(weight),
        text_anchor=anchor,
        **more,
    )


def lines(
    at: Point,
    words: Sequence[str],
    *,
    leading: float = 19.5,
    size: float = TEXT,
    fill: str = INK,
    weight: int = 400,
    anchor: str = "start",
) -> str:
    """Set several lines, the first one's baseline at `at`."""
    x, y = at
    return "\n".join(
        text((x, y + i * leading), w, size=size, fill=fill, weight=weight, anchor=anchor)
        for i, w in enumerate(words)
    )


def stroke(
    points: Sequence[Point], *, colour: str = INK, width: float = 1.0, **more: str | float
) -> str:
    """Draw an open line through `points`."""
    return element(
        "path",
        d=path(points),
        fill="none",
        stroke=colour,
        stroke_width=width,
        stroke_linejoin="round",
        **more,
    )


def disc(at: Point, radius: float, *, fill: str = INK, **more: str | float) -> str:
    """Draw a filled circle."""
    return element("circle", cx=at[0], cy=at[1], r=radius, fill=fill, **more)


def box(at: Point, width: float, height: float, *, fill: str, **more: str | float) -> str:
    """Draw a rectangle whose upper left corner is `at`."""
    return element("rect", x=at[0], y=at[1], width=width, height=height, fill=fill, **more)


def arrowhead(tip: Point, direction: Point, *, colour: str, size: float = 9) -> str:
    """Draw a solid arrowhead at `tip`; `direction` is a unit vector."""
    (x, y), (dx, dy) = tip, direction
    back = (x - size * dx, y - size * dy)
    half = size * 0.55
    corners = (
        tip,
        (back[0] - half * dy, back[1] + half * dx),
        (back[0] + half * dy, back[1] - half * dx),
    )
    return element("path", d=path(corners) + "Z", fill=colour)


def path(points: Iterable[Point]) -> str:
    """Write points as the data of a path, to a tenth of a unit."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def write(name: str, height: float, title: str, parts: Iterable[str]) -> None:
    """Write the figure `name`.svg beside this folder: the parts, in order, on a ground of paper."""
    content = "\n".join(
        (
            element("title", escape(title, quote=False)),
            box((0, 0), WIDTH, height, fill=PAPER),
            *parts,
        )
    )
    svg = element(
        "svg",
        f"\n{content}\n",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {number(height)}",
        font_family="'Source Sans 3', sans-serif",
    )
    Path(__file__).parent.parent.joinpath(f"{name}.svg").write_text(svg + "\n", encoding="utf-8")
