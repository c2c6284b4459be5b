"""Draw road.svg: the Lachin road as a strip, and below it the months of its closure."""

from datetime import date

from kit import (
    INK,
    MUTED,
    PAPER,
    RED,
    SAND,
    SMALL,
    TEAL,
    TEXT,
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

SIDE = 24.0
ROAD, GAS = 122.0, 156.0
STRIP = (58.0, 124.0)
FRONTIER, OBLAST = 176.0, 470.0
LEFT, RIGHT = 222.0, WIDTH - SIDE - 12
SPAN = (date(2022, 12, 1), date(2023, 7, 17))
ROWS = 320.0


def day(value: date) -> float:
    """Place a day on the axis of months."""
    return LEFT + (value - SPAN[0]).days / (SPAN[1] - SPAN[0]).days * (RIGHT - LEFT)


def cross(at: Point) -> str:
    """Draw the mark of a closed place."""
    (x, y), r = at, 6.5
    return "\n".join(
        [
            disc(at, 12, fill=RED),
            stroke(((x - r, y - r), (x + r, y + r)), colour=PAPER, width=3),
            stroke(((x - r, y + r), (x + r, y - r)), colour=PAPER, width=3),
        ]
    )


def town(x: float, name: str) -> str:
    """Draw a town on the road, its name above."""
    return disc((x, ROAD), 6, fill=INK) + text((x, ROAD - 18), name, weight=600, anchor="middle")


def strip() -> list[str]:
    """Draw the road from Goris to Stepanakert, not to scale."""
    top, height = STRIP
    return [
        box((SIDE, top), FRONTIER - SIDE, height, fill="#d9cab0"),
        box((FRONTIER, top), OBLAST - FRONTIER, height, fill=SAND),
        box((OBLAST, top), WIDTH - SIDE - OBLAST, height, fill=TEAL, fill_opacity=0.22),
        text((SIDE + 12, top - 10), "Armenia", weight=700),
        text((FRONTIER + 12, top - 10), "Lachin corridor", weight=700),
        text((OBLAST + 12, top - 10), "Nagorno-Karabakh", weight=700, fill=TEAL),
        stroke(((FRONTIER, top), (FRONTIER, top + height)), width=1.6, stroke_dasharray="5 3"),
        stroke(((SIDE, ROAD), (WIDTH - 64, ROAD)), width=6),
        stroke(((SIDE, GAS), (392, GAS)), colour=MUTED, width=2),
        stroke(((416, GAS), (WIDTH - 64, GAS)), colour=MUTED, width=2),
        stroke(((388, GAS + 7), (396, GAS - 7)), colour=RED, width=2.4),
        stroke(((412, GAS + 7), (420, GAS - 7)), colour=RED, width=2.4),
        text((SIDE + 12, GAS + 18), "gas main", size=SMALL, fill=INK),
        town(92, "Goris"),
        town(572, "Şuşa"),
        disc((WIDTH - 64, ROAD), 6, fill=INK),
        text((WIDTH - SIDE - 8, ROAD - 18), "Stepanakert", weight=600, anchor="end"),
        cross((236, ROAD)),
        cross((516, ROAD)),
        stroke(((236, ROAD + 12), (236, 202)), colour=RED, width=1.2),
        stroke(((516, ROAD + 12), (516, 202)), colour=RED, width=1.2),
        lines(
            (236, 219),
            ("Checkpoint at the Hakari bridge", "from 23 April 2023"),
            size=SMALL,
            leading=18,
            anchor="middle",
        ),
        lines(
            (516, 219),
            ("Protest near Şuşa, 12 December", "2022 to 28 April 2023"),
            size=SMALL,
            leading=18,
            anchor="middle",
        ),
    ]


def bar(row: int, name: str, start: date, end: date) -> str:
    """Draw one row of the calendar; a bar that is still running ends in a point."""
    y, x0, x1 = ROWS + 32 * row, day(start), day(end)
    if end == SPAN[1]:
        outline = [(x0, y), (x1, y), (x1 + 10, y + 9), (x1, y + 18), (x0, y + 18)]
    else:
        outline = [(x0, y), (x1, y), (x1, y + 18), (x0, y + 18)]
    shape = element("path", d=path(outline) + "Z", fill=RED)
    return text((SIDE, y + 14), name, size=SMALL) + shape


def calendar() -> list[str]:
    """Draw the months from December 2022 to mid-July 2023."""
    names = ("Dec.", "Jan.", "Feb.", "March", "April", "May", "June", "July")
    months = [date(2022, 12, 1)] + [date(2023, m, 1) for m in range(1, 8)]
    foot = ROWS + 96 - 6
    order = day(date(2023, 2, 22))
    return [
        *(stroke(((day(m), ROWS - 22), (day(m), foot)), colour=MUTED, width=0.7) for m in months),
        *(
            text((day(m) + 4, ROWS - 10), n, size=SMALL, fill=MUTED)
            for m, n in zip(months, names, strict=True)
        ),
        text((day(months[0]) + 4, ROWS - 29), "2022", size=SMALL, weight=600),
        text((day(months[1]) + 4, ROWS - 29), "2023", size=SMALL, weight=600),
        bar(0, "Protest on the road", date(2022, 12, 12), date(2023, 4, 28)),
        bar(1, "Azerbaijani checkpoint", date(2023, 4, 23), SPAN[1]),
        bar(2, "Relief cargo stopped", date(2023, 6, 15), SPAN[1]),
        stroke(((order, ROWS - 2), (order, foot + 8)), colour=TEAL, width=2.4),
        text(
            (order, foot + 26),
            "22 February: the International Court of Justice orders free movement",
            size=SMALL,
            fill=TEAL,
            weight=600,
            anchor="middle",
        ),
        text((SIDE, foot + 66), "In short supply", size=SMALL, weight=600),
        *supplies(foot + 46),
    ]


def supplies(top: float) -> list[str]:
    """Draw the four kinds of goods the closure made scarce."""
    goods = ("food", "medicine", "fuel", "gas")
    width = (RIGHT - LEFT - 36) / len(goods)
    starts = [LEFT + i * (width + 12) for i in range(len(goods))]
    return [
        box((x, top), width, 30, fill=SAND, stroke=RED, stroke_width=1.2)
        + text((x + width / 2, top + 20.5), name, size=TEXT, anchor="middle")
        for x, name in zip(starts, goods, strict=True)
    ]


if __name__ == "__main__":
    title = "The Lachin road, closed from December 2022"
    write("road", 512, title, [*strip(), *calendar()])
