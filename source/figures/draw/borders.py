"""Draw borders.svg: Armenia's open and closed borders, and the routes across them.

Usage: python borders.py path/to/countries-10m.json
"""

import sys
from pathlib import Path

from geo import Frame, clip, read_atlas
from kit import (
    HEAD,
    INK,
    MUTED,
    PAPER,
    RED,
    SMALL,
    TEAL,
    WATER,
    WIDTH,
    Point,
    arrowhead,
    box,
    disc,
    element,
    lines,
    path,
    stroke,
    text,
    write,
)

HEIGHT = 540
MAP_FOOT = 490
FRAME = Frame(west=41.6, east=48.6, north=42.0, width=WIDTH)
NEIGHBOURS = ("Georgia", "Iran", "Turkey", "Russia", "Azerbaijan")
OPEN, CLOSED = ("Georgia", "Iran"), ("Turkey", "Azerbaijan")

# Railways out of use and roads in use, as the places they pass (longitude, latitude).
KARS = ((43.84, 40.79), (43.65, 40.70), (43.10, 40.61))
ARAKS = (
    (44.82, 39.74),
    (45.08, 39.48),
    (45.41, 39.17),
    (45.63, 38.97),
    (46.00, 38.90),
    (46.25, 38.89),
    (46.55, 38.90),
    (46.80, 39.10),
    (47.33, 39.44),
)
YEREVAN = (44.51, 40.18)
MEGHRI = (46.24, 38.91)
NORTH = (
    YEREVAN,
    (44.36, 40.31),
    (44.27, 40.80),
    (44.49, 40.82),
    (44.66, 41.10),
    (44.80, 41.25),
    (44.80, 41.56),
)
SOUTH = (
    YEREVAN,
    (44.70, 39.88),
    (45.00, 39.80),
    (45.47, 39.69),
    (46.03, 39.54),
    (46.24, 39.50),
    (46.31, 39.21),
    MEGHRI,
    (46.24, 38.62),
)


def railway(stops: tuple[Point, ...]) -> str:
    """Draw a railway out of use: a thin line with sleepers."""
    points = [FRAME.place(*stop) for stop in stops]
    return stroke(points, colour=INK, width=1.2) + stroke(
        points, colour=INK, width=6, stroke_dasharray="1.2 6"
    )


def name(at: Point, words: str, state: str, colour: str, anchor: str = "middle") -> str:
    """Set a neighbour's name and the state of its border with Armenia."""
    x, y = at
    return text(
        (x, y), words.upper(), size=SMALL, fill=MUTED, weight=600, anchor=anchor, letter_spacing=1.6
    ) + text((x, y + 20), state, size=SMALL, fill=colour, weight=600, anchor=anchor)


def key(x: float, words: str, sample: str) -> str:
    """Set one entry of the key at the figure's foot."""
    return sample + text((x + 44, MAP_FOOT + 31), words, size=SMALL)


def main(file: Path) -> None:
    """Draw the borders from the atlas in `file`."""
    atlas = read_atlas(file, FRAME, ("Armenia", *NEIGHBOURS), tolerance=0.8)
    land = [
        element(
            "path",
            d=path(cut) + "Z",
            fill="#d9cab0" if country == "Armenia" else "#f3efe6",
            stroke=MUTED,
            stroke_width=0.7,
            stroke_linejoin="round",
        )
        for country in (*NEIGHBOURS, "Armenia")
        for ring in atlas.rings(country)
        if (cut := clip(ring, WIDTH, MAP_FOOT))
    ]
    closed = [
        stroke(line, colour=RED, width=4.5, stroke_dasharray="7 4")
        for neighbour in CLOSED
        for line in atlas.borders("Armenia", neighbour)
    ]
    opened = [
        stroke(line, colour=TEAL, width=6)
        for neighbour in OPEN
        for line in atlas.borders("Armenia", neighbour)
    ]
    yerevan, meghri = FRAME.place(*YEREVAN), FRAME.place(*MEGHRI)
    north, south = ([FRAME.place(*stop) for stop in route] for route in (NORTH, SOUTH))
    base = MAP_FOOT + 26
    write(
        "borders",
        HEIGHT,
        "Armenia's open and closed borders and the routes across them",
        [
            box((0, 0), WIDTH, MAP_FOOT, fill=WATER),
            *land,
            railway(KARS),
            railway(ARAKS),
            *closed,
            *opened,
            stroke(north, colour=TEAL, width=2.4),
            stroke(south, colour=TEAL, width=2.4),
            arrowhead(north[-1], (0, -1), colour=TEAL, size=12),
            arrowhead(south[-1], (0, 1), colour=TEAL, size=12),
            *(disc(at, 4.5, fill=INK, stroke=PAPER, stroke_width=1) for at in (yerevan, meghri)),
            text((yerevan[0] + 10, yerevan[1] + 3), "Yerevan", size=SMALL, weight=600),
            text((meghri[0] + 12, meghri[1] + 21), "Meghri", size=SMALL, weight=600),
            text(FRAME.place(45.0, 40.50), "Armenia", size=HEAD, weight=700, anchor="middle"),
            name(FRAME.place(43.35, 41.72), "Georgia", "border open", TEAL),
            lines(
                (north[-1][0] + 14, north[-1][1] - 28),
                ("to the Black Sea", "ports; to Russia", "over the Lars pass"),
                size=SMALL,
                fill=TEAL,
                leading=18,
            ),
            name(FRAME.place(42.6, 40.15), "Turkey", "closed since 1993", RED),
            text(FRAME.place(43.06, 40.50), "to Kars", size=SMALL, anchor="middle"),
            name(FRAME.place(47.1, 40.45), "Azerbaijan", "border closed", RED),
            stroke(((334, 383), FRAME.place(45.42, 39.34)), width=0.8),
            lines((330, 388), ("Nakhchivan",), size=SMALL, anchor="end"),
            name(FRAME.place(45.2, 38.72), "Iran", "border open", TEAL),
            text(
                (south[-1][0] + 14, south[-1][1] + 5), "to the Persian Gulf", size=SMALL, fill=TEAL
            ),
            box((0, MAP_FOOT), WIDTH, HEIGHT - MAP_FOOT, fill=PAPER),
            key(24, "open border", stroke(((24, base), (60, base)), colour=TEAL, width=6)),
            key(
                190,
                "closed border",
                stroke(((190, base), (226, base)), colour=RED, width=4.5, stroke_dasharray="7 4"),
            ),
            key(364, "road in use", stroke(((364, base), (400, base)), colour=TEAL, width=2.4)),
            key(
                524,
                "railway out of use",
                stroke(((524, base), (560, base)), width=1.2)
                + stroke(((524, base), (560, base)), width=6, stroke_dasharray="1.2 6"),
            ),
        ],
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
