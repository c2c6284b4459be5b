"""Draw map.svg, the locator map, from the outlines in world-atlas's countries-10m.json.

Usage: python map.py path/to/countries-10m.json
"""

import sys
from pathlib import Path

from geo import Frame, clip, read_atlas
from kit import (
    INK,
    MUTED,
    PAPER,
    RED,
    SAND,
    SMALL,
    TEAL,
    WATER,
    WIDTH,
    Point,
    box,
    disc,
    element,
    lines,
    path,
    stroke,
    text,
    write,
)

HEIGHT = 500
FRAME = Frame(west=40.55, east=50.75, north=43.1, width=WIDTH)
GROUND = {"Armenia": "#d9cab0", "Azerbaijan": SAND}
NEIGHBOURS = ("Georgia", "Iran", "Turkey", "Russia")

# The oblast's outline is sketched by hand: it tells where and how large, not the exact line.
OBLAST = (
    (46.72, 40.42),
    (46.90, 40.36),
    (46.93, 40.20),
    (46.86, 40.08),
    (46.88, 39.98),
    (46.95, 39.91),
    (47.07, 39.90),
    (47.22, 39.84),
    (47.25, 39.72),
    (47.12, 39.66),
    (47.10, 39.55),
    (47.12, 39.47),
    (46.98, 39.38),
    (46.88, 39.46),
    (46.78, 39.55),
    (46.65, 39.65),
    (46.58, 39.72),
    (46.60, 39.83),
    (46.52, 39.95),
    (46.38, 40.02),
    (46.24, 40.12),
    (46.28, 40.24),
    (46.45, 40.33),
    (46.58, 40.38),
)
ROAD = (
    (46.34, 39.51),
    (46.45, 39.56),
    (46.55, 39.64),
    (46.66, 39.68),
    (46.75, 39.76),
    (46.752, 39.82),
)


def town(longitude: float, latitude: float, name: str, shift: Point, anchor: str) -> str:
    """Mark a town; its name stands `shift` units off, with a leader line when that is far."""
    x, y = FRAME.place(longitude, latitude)
    mark = disc((x, y), 3.6, fill=INK, stroke=PAPER, stroke_width=1)
    label = text((x + shift[0], y + shift[1]), name, size=SMALL, weight=600, anchor=anchor)
    if max(abs(shift[0]), abs(shift[1])) < 20:
        return mark + "\n" + label
    sideways = {"start": -4, "middle": 0, "end": 4}[anchor]
    end = (x + shift[0] + sideways, y + shift[1] - (5 if sideways else 14))
    return "\n".join([stroke(((x, y), end), width=0.8), mark, label])


def country(longitude: float, latitude: float, name: str, fill: str = MUTED) -> str:
    """Set a country's name, spaced, centred on a place."""
    return text(
        FRAME.place(longitude, latitude),
        name.upper(),
        size=SMALL,
        fill=fill,
        weight=600,
        anchor="middle",
        letter_spacing=1.6,
    )


def main(file: Path) -> None:
    """Draw the map from the atlas in `file`."""
    atlas = read_atlas(file, FRAME, (*NEIGHBOURS, *GROUND), tolerance=0.7)
    land = [
        element(
            "path",
            d=path(cut) + "Z",
            fill=GROUND.get(name, "#f3efe6"),
            stroke=MUTED,
            stroke_width=0.9,
            stroke_linejoin="round",
        )
        for name in (*NEIGHBOURS, *GROUND)
        for ring in atlas.rings(name)
        if (cut := clip(ring, WIDTH, HEIGHT))
    ]
    oblast = [FRAME.place(*p) for p in OBLAST]
    write(
        "map",
        HEIGHT,
        "Map of the southern Caucasus with Nagorno-Karabakh and the Lachin corridor",
        [
            box((0, 0), WIDTH, HEIGHT, fill=WATER),
            *land,
            element(
                "path",
                d=path(oblast) + "Z",
                fill=TEAL,
                fill_opacity=0.35,
                stroke=TEAL,
                stroke_width=1.6,
                stroke_dasharray="4 2.5",
            ),
            stroke([FRAME.place(*p) for p in ROAD], colour=RED, width=4, stroke_linecap="round"),
            country(43.6, 42.2, "Georgia"),
            country(45.9, 42.72, "Russia"),
            country(42.0, 39.7, "Turkey"),
            country(46.1, 38.3, "Iran"),
            country(44.62, 40.66, "Armenia", INK),
            country(48.3, 41.0, "Azerbaijan", INK),
            text((12, 62), "Black", size=SMALL, fill=TEAL, font_style="italic"),
            text((12, 80), "Sea", size=SMALL, fill=TEAL, font_style="italic"),
            text((612, 130), "Caspian Sea", size=SMALL, fill=TEAL, font_style="italic"),
            town(44.51, 40.18, "Yerevan", (8, 5), "start"),
            town(49.87, 40.40, "Baku", (-8, 5), "end"),
            town(45.41, 39.21, "Nakhchivan", (-8, 34), "end"),
            town(46.75, 39.82, "Stepanakert (Xankəndi)", (42, -5), "start"),
            town(46.75, 39.76, "Şuşa", (42, 12), "start"),
            town(46.55, 39.64, "Lachin", (22, 92), "middle"),
            stroke((FRAME.place(46.44, 39.555), (372, 418)), colour=RED, width=0.8),
            text((386, 432), "Lachin corridor", size=SMALL, fill=RED, weight=600, anchor="end"),
            stroke((FRAME.place(46.85, 40.25), (474, 240)), colour=TEAL, width=0.8),
            text((478, 243), "Nagorno-Karabakh", size=SMALL, fill=TEAL, weight=700),
            lines(
                (478, 261),
                ("former oblast,", "outline approximate"),
                leading=17,
                size=SMALL,
                fill=TEAL,
            ),
            element(
                "rect",
                x=0.5,
                y=0.5,
                width=WIDTH - 1,
                height=HEIGHT - 1,
                fill="none",
                stroke=MUTED,
                stroke_width=1,
            ),
        ],
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
