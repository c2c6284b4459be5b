"""The cover of the printed book: back, spine and front on one sheet, as PDF/X-4.

In: an `Edition` and how many pages the book has. Out: the PDF's bytes. The spine is as wide as the
leaves are thick: half the pages, times the thickness of one leaf.
"""

from __future__ import annotations

import io
import math
import re
from html import escape

import pikepdf

from triptych.design import direction, stylesheet, template
from triptych.edition import Edition
from triptych.record import EditionRecord
from triptych.render.marks import MM
from triptych.render.printer import finished, press_of
from triptych.render.separate import separate
from triptych.render.typesetter import typeset

_NARROWEST = 5.0
"""A spine of fewer mm than this carries no words: a fold a millimetre astray would cut them."""
_DESIGN_WIDTH = 312.5
"""The width of the cover that the style sheet's measures are of, in points."""


def wrap_pdf(edition: Edition, pages: int) -> bytes:
    """The cover of a book of so many pages, blank ones that fill a signature included."""
    record = edition.record
    width, height = record.trim_size
    spine = spine_width(record, pages)
    title = f"{record.full_title}: cover"
    css = (
        f"@page {{ size: {2 * width + spine:.3f}mm {height:g}mm; margin: 0;"
        f" bleed: {record.printing.bleed:g}mm }}\n"
        f"html {{ font-size: {width * MM / _DESIGN_WIDTH:.4f}pt }}\n"
    )
    sheet = typeset(_markup(edition, spine), css + stylesheet("wrap")).pdf
    with pikepdf.open(io.BytesIO(sheet)) as pdf:
        assert len(pdf.pages) == 1
        press = press_of(edition)
        separate(pdf, press)
        folds = (width * MM, (width + spine) * MM)
        said = f"{record.title} · cover · spine {spine:.1f} mm"
        return finished(pdf, edition, press, title, [said], folds)


def spine_width(record: EditionRecord, pages: int) -> float:
    """The width of the spine in mm."""
    leaves = (pages + 1) // 2
    return round(leaves * record.printing.paper, 2)


def _markup(edition: Edition, spine: float) -> str:
    record = edition.record
    width, height = record.trim_size
    from_right = direction(record.language) == "rtl"
    back, front = (width + spine, 0.0) if from_right else (0.0, width + spine)
    number = isbn(record.identifier)
    return template("wrap.xhtml").substitute(
        language=escape(record.language),
        direction=direction(record.language),
        title=escape(record.title),
        subtitle=escape(record.subtitle),
        people=escape(", ".join(person.name for person in record.authors)),
        publisher=escape(record.publisher),
        summary=escape(record.summary),
        summary_size=f"{_fitting(record.summary, 9.6, 1050, 6.0):.2f}",
        title_size=f"{_fitting(record.title, 33.0, 40, 14.0):.2f}",
        barcode=f'<div class="barcode">{_barcode(number)}</div>' if number else "",
        back=_place(back, width),
        spine=_place(width, spine),
        front=_place(front, width),
        spine_line=_spine_line(record, spine, height),
    )


def _fitting(text: str, size: float, letters: int, least: float) -> float:
    """The size of type in which a text fits where so many letters fit in `size`, down to `least`.

    Twice as many letters need to take half the area each.
    """
    return max(least, min(size, size * math.sqrt(letters / max(len(text), 1))))


def _place(left: float, width: float) -> str:
    return f"left: {left:.3f}mm; width: {width:.3f}mm"


def _spine_line(record: EditionRecord, spine: float, height: float) -> str:
    """Title and publisher along the spine, read from the top down (ISO 6357).

    The letters' heads are towards the front, so that they stand upright when the book lies.
    """
    if spine < _NARROWEST:
        return ""
    length = len(record.title) + len(record.publisher) + 6
    size = min(spine * 0.5, 6.0, height * 0.85 / (0.5 * length))  # a letter is half as wide as high
    turned = f"translate({spine:.3f}mm, 0) rotate(90deg)"
    if direction(record.language) == "rtl":
        turned = f"translate(0, {height:.3f}mm) rotate(-90deg)"
    style = (
        f"width: {height:.3f}mm; height: {spine:.3f}mm; line-height: {spine:.3f}mm; "
        f"font-size: {size:.3f}mm; transform: {turned}"
    )
    return (
        f'<div class="line" style="{style}"><span class="title">{escape(record.title)}</span>'
        f'<span class="publisher">{escape(record.publisher)}</span></div>'
    )


# --- The number of the book ----------------------------------------------------------------------


def isbn(identifier: str) -> str:
    """The ISBN, 13 digits, that an identifier is; or nothing. Its last digit must be right."""
    match = re.fullmatch(
        r"(?:urn:isbn:|isbn[:\s]*)?(97[89][\d\s-]{10,14})", identifier.strip(), re.I
    )
    digits = re.sub(r"\D", "", match[1]) if match else ""
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits if len(digits) == 13 and weighed % 10 == 0 else ""


def _barcode(number: str) -> str:
    """The EAN-13 symbol of an ISBN at its nominal size, as SVG in mm (ISO/IEC 15420)."""
    import barcode

    module, left, top, tall = 0.33, 5.5, 4.5, 19.0
    bits = barcode.get("ean13", number[:12]).build()[0]
    bars = "".join(
        f'<rect x="{left + match.start() * module:.3f}" y="{top}" '
        f'width="{len(match[0]) * module:.3f}" height="{tall}"/>'
        for match in re.finditer("1+", bits)
    )
    centre = left + len(bits) * module / 2
    text = 'font-family="Source Sans 3" text-anchor="middle"'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 39 28" role="img">'
        f'<g fill="#000000">{bars}<text x="{centre:.2f}" y="3.4" font-size="2.7" {text}>'
        f'ISBN {number[:3]}-{number[3:]}</text><text x="{centre:.2f}" y="26.8" font-size="3.2" '
        f'letter-spacing="0.5" {text}>{number}</text></g></svg>'
    )
