"""The geometry of a page: its margins and the size of its type, in proportion to its trim size.

The house's page is 156 by 234 mm. On any other, type grows a little with the page, and margins take
what a line of text should not: a line of more than some 72 letters is hard to come back from.
"""

from __future__ import annotations

from dataclasses import dataclass

from triptych.page_design import PageDesign, PageMargins

TYPE_SIZE = 9.8
"""The size of the text on the house's page, in points."""
LEADING = 14 / TYPE_SIZE
"""From line to line, as a multiple of the size of type."""
HOUSE_TRIM = (156.0, 234.0)
"""Royal octavo, in mm: the page of most British academic books."""
_HOUSE = PageMargins(top=23, inner=22, bottom=25, outer=18)
_LETTER = 0.476 * 25.4 / 72
"""How wide a letter of English text is on the average, spaces included, in mm for each point."""
_LONGEST = 72.0
"""In letters. The house's own lines have 70."""
_LEAST = 12.0
_LARGER, _SMALLER = 0.022, 0.04
"""By how many points type grows, or shrinks, with each mm of the width of a page."""


@dataclass(frozen=True, slots=True)
class PageGeometry:
    """Margins in mm, none of them 0; the size of the text in points, and its leading in points."""

    margins: PageMargins
    type_size: float
    leading: float


def page_geometry(trim_size: tuple[float, float], design: PageDesign) -> PageGeometry:
    """The geometry of pages of a trim size, in mm, as the design asks for or the house has it."""
    width, height = trim_size
    size = design.type_size or _type_size(width)
    asked = design.margins
    room = round(width - min(width - 40 * width / 156, _LONGEST * _LETTER * size), 3)
    # Of a broad rest, the outer margin has most: there the thumb holds the book.
    inner = min(22 / 40 * room, 22 * width / 156) if design.facing else room / 2
    inner = asked.inner or max(round(inner, 1), _LEAST)
    outer = asked.outer or max(round(room - inner, 1), _LEAST)
    margins = PageMargins(
        top=asked.top or max(round(_HOUSE.top * height / 234, 1), _LEAST),
        inner=inner,
        bottom=asked.bottom or max(round(_HOUSE.bottom * height / 234, 1), _LEAST),
        outer=outer,
    )
    return PageGeometry(margins, size, (design.leading or LEADING) * size)


def _type_size(width: float) -> float:
    growth = _LARGER if width > HOUSE_TRIM[0] else _SMALLER
    return round(min(max(TYPE_SIZE + growth * (width - HOUSE_TRIM[0]), 8.0), 11.5), 2)
