"""Draw tracks.svg: the three negotiating tracks, their conveners, subjects and meetings."""

from dataclasses import dataclass
from datetime import date

from kit import (
    HEAD,
    INK,
    MUTED,
    PAPER,
    RED,
    SAND,
    SMALL,
    TEAL,
    WIDTH,
    Point,
    box,
    disc,
    lines,
    stroke,
    text,
    write,
)

LEFT, RIGHT = 246.0, WIDTH - 36.0
SPAN = (date(2020, 10, 1), date(2023, 8, 1))
TOP, LANE, GAP = 34, 112, 10


@dataclass(frozen=True)
class Track:
    """A track: who convenes it, what it is about, and the days leaders or ministers met."""

    name: str
    convener: tuple[str, ...]
    subjects: str
    colour: str
    leaders: tuple[date, ...]
    ministers: tuple[date, ...]


TRACKS = (
    Track(
        "Brussels",
        ("European Union:", "Charles Michel"),
        "Borders, transport, prisoners, a peace treaty",
        TEAL,
        (
            date(2021, 12, 14),
            date(2022, 4, 6),
            date(2022, 5, 22),
            date(2022, 8, 31),
            date(2022, 10, 6),
            date(2023, 5, 14),
            date(2023, 6, 1),
            date(2023, 7, 15),
        ),
        (),
    ),
    Track(
        "Washington",
        ("United States:", "Antony Blinken"),
        "The text of the peace treaty",
        INK,
        (date(2023, 2, 18),),
        (date(2022, 9, 19), date(2022, 11, 7), date(2023, 5, 1), date(2023, 6, 27)),
    ),
    Track(
        "Moscow",
        ("Russia:", "Vladimir Putin"),
        "Ceasefire, transport links, delimitation of the border",
        RED,
        (
            date(2020, 11, 9),
            date(2021, 1, 11),
            date(2021, 11, 26),
            date(2022, 10, 31),
            date(2023, 5, 25),
        ),
        (date(2023, 5, 19),),
    ),
)


def day(value: date) -> float:
    """Place a day on the common axis."""
    return LEFT + (value - SPAN[0]).days / (SPAN[1] - SPAN[0]).days * (RIGHT - LEFT)


YEARS = tuple((y, day(date(y, 1, 1))) for y in (2021, 2022, 2023))


def meeting(at: Point, colour: str, *, leaders: bool) -> str:
    """Draw a meeting: a full disc for leaders, a ring for foreign ministers."""
    if leaders:
        return disc(at, 6.5, fill=colour, stroke=PAPER, stroke_width=1)
    return disc(at, 5.5, fill=PAPER, stroke=colour, stroke_width=2.4)


def lane(track: Track, top: float) -> list[str]:
    """Draw one track, from `top` down."""
    axis = top + 42
    return [
        box((24, top), WIDTH - 48, LANE, fill=SAND, fill_opacity=0.5),
        box((24, top), 5, LANE, fill=track.colour),
        text((44, top + 38), track.name, size=HEAD, weight=700, fill=track.colour),
        lines((44, top + 62), track.convener, leading=19, size=SMALL),
        stroke(((LEFT - 14, axis), (RIGHT + 4, axis)), colour=MUTED, width=1.2),
        *(stroke(((x, axis - 24), (x, axis + 24)), colour=MUTED, width=0.8) for _, x in YEARS),
        *(meeting((day(d), axis - 11), track.colour, leaders=True) for d in track.leaders),
        *(meeting((day(d), axis + 11), track.colour, leaders=False) for d in track.ministers),
        text((LEFT - 14, top + 92), track.subjects, size=SMALL),
    ]


def draw() -> tuple[float, list[str]]:
    """Give the figure's height and parts."""
    foot = TOP + len(TRACKS) * (LANE + GAP)
    parts = [p for i, t in enumerate(TRACKS) for p in lane(t, TOP + i * (LANE + GAP))]
    parts += [text((x, TOP - 9), str(y), size=SMALL, fill=MUTED, anchor="middle") for y, x in YEARS]
    key = foot + 18
    parts += [
        meeting((LEFT - 8, key - 5), INK, leaders=True),
        text((LEFT + 8, key), "leaders meet", size=SMALL),
        meeting((LEFT + 132, key - 5), INK, leaders=False),
        text((LEFT + 148, key), "foreign ministers meet", size=SMALL),
    ]
    return key + 22, parts


if __name__ == "__main__":
    height, parts = draw()
    write("tracks", height, "The three negotiating tracks, November 2020 to July 2023", parts)
