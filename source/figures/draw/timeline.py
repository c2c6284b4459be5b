"""Draw timeline.svg: 1988 to 2023 above, its last three years enlarged below."""

from dataclasses import dataclass
from datetime import date

from kit import (
    MUTED,
    RED,
    SAND,
    SMALL,
    TEAL,
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

LEFT, RIGHT = 36.0, WIDTH - 36.0
ABOVE, BELOW = 112.0, 318.0
ZOOM = (date(2020, 9, 1), date(2023, 8, 1))


@dataclass(frozen=True)
class Event:
    """A day and its label: how far its stem reaches (upwards when negative), where the words go."""

    day: date
    when: str
    what: str
    reach: float
    x: float
    anchor: str


EVENTS = (
    Event(date(2020, 11, 9), "9 November 2020", "Truce; Russian peacekeepers", -36, 72, "start"),
    Event(date(2021, 12, 14), "14 December 2021", "First round in Brussels", 46, 328, "end"),
    Event(date(2022, 9, 13), "13 September 2022", "Border fighting", -36, 494, "end"),
    Event(date(2022, 10, 6), "6 October 2022", "Prague: 1991 borders", 46, 509, "end"),
    Event(date(2022, 12, 12), "12 December 2022", "Lachin road blocked", 96, 544, "middle"),
    Event(date(2023, 2, 22), "22 February 2023", "Court orders free passage", -36, 588, "middle"),
    Event(date(2023, 5, 7), "1 and 14 May 2023", "Washington, Brussels", 46, RIGHT, "end"),
    Event(date(2023, 7, 15), "15 July 2023", "Leaders in Brussels", -86, RIGHT, "end"),
)


def year(value: float) -> float:
    """Place a year, with its fraction, on the upper axis."""
    return LEFT + (value - 1988) / (2024 - 1988) * (RIGHT - LEFT)


def day(value: date) -> float:
    """Place a day on the lower axis."""
    return LEFT + (value - ZOOM[0]).days / (ZOOM[1] - ZOOM[0]).days * (RIGHT - LEFT)


def stem(at: Point, elbow: float) -> str:
    """Draw a stem from a point of an axis to the height `elbow`."""
    return stroke((at, (at[0], elbow)), colour=MUTED, width=0.9)


def event(e: Event) -> str:
    """Draw one event of the lower axis."""
    at, elbow = (day(e.day), BELOW), BELOW + e.reach
    first = elbow - 25 if e.reach < 0 else elbow + 16
    return "\n".join(
        [
            stem(at, elbow),
            disc(at, 5, fill=TEAL),
            text((e.x, first), e.when, size=SMALL, weight=600, anchor=e.anchor),
            text((e.x, first + 18), e.what, size=SMALL, anchor=e.anchor),
        ]
    )


def upper() -> list[str]:
    """Draw the thirty-five years."""
    secession, skirmish, second = year(1988.14), year(2016.26), (year(2020.74), year(2020.86))
    war = (year(1991.9), year(1994.36))
    return [
        stroke(((LEFT, ABOVE), (RIGHT, ABOVE)), width=2),
        *(stroke(((year(y), ABOVE - 4), (year(y), ABOVE + 4))) for y in range(1988, 2025)),
        *(
            text((year(y), ABOVE + 27), str(y), size=SMALL, fill=MUTED, anchor="middle")
            for y in range(1990, 2025, 5)
        ),
        box((war[0], ABOVE - 8), war[1] - war[0], 16, fill=RED),
        lines(
            (war[0], ABOVE - 34),
            ("First war;", "truce of May 1994"),
            leading=18,
            size=SMALL,
            fill=RED,
            weight=600,
        ),
        stem((secession, ABOVE), 62),
        disc((secession, ABOVE), 5, fill=TEAL),
        lines(
            (LEFT, 37), ("February 1988: Karabakh", "asks to join Armenia"), leading=18, size=SMALL
        ),
        stem((skirmish, ABOVE), 84),
        disc((skirmish, ABOVE), 5, fill=TEAL),
        lines(
            (skirmish, 59),
            ("Four days of", "fighting, 2016"),
            leading=18,
            size=SMALL,
            anchor="middle",
        ),
        stem((sum(second) / 2, ABOVE), 62),
        box((second[0] - 1, ABOVE - 8), second[1] - second[0] + 2, 16, fill=RED),
        lines(
            (RIGHT, 37),
            ("Second war,", "autumn 2020"),
            leading=18,
            size=SMALL,
            fill=RED,
            weight=600,
            anchor="end",
        ),
    ]


def lower() -> list[str]:
    """Draw the last three years."""
    war = (day(date(2020, 9, 27)), day(date(2020, 11, 9)))
    years = [(y, day(date(y, 1, 1))) for y in (2021, 2022, 2023)]
    return [
        stroke(((LEFT, BELOW), (RIGHT, BELOW)), width=2),
        *(stroke(((x, BELOW - 8), (x, BELOW + 8)), width=1.4) for _, x in years),
        *(text((x + 6, BELOW + 24), str(y), size=SMALL, fill=MUTED) for y, x in years),
        box((war[0], BELOW - 8), war[1] - war[0], 16, fill=RED),
        *map(event, EVENTS),
    ]


def wedge() -> str:
    """Draw the wedge that ties the lower axis to its three years of the upper one."""
    start, end = (year(d.year + d.timetuple().tm_yday / 365.25) for d in ZOOM)
    corners = ((start, ABOVE), (end, ABOVE), (RIGHT, BELOW), (LEFT, BELOW))
    return element("path", d=path(corners) + "Z", fill=SAND, fill_opacity=0.55)


if __name__ == "__main__":
    title = "Timeline of the conflict, 1988 to July 2023"
    write("timeline", 468, title, [wedge(), *upper(), *lower()])
