"""The cover of the printed book: back, spine and front on one sheet, as PDF/X-4.

In: an `Edition`, and its pages or their number. Out: the PDF, and what is crowded on it. The spine
is as wide as the leaves are thick: half the pages, times the thickness of one leaf. Words too long
for their room are set smaller. Nothing is cut.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from html import escape

import pikepdf

from triptych.design import stylesheet, template
from triptych.direction import direction, direction_of
from triptych.edition import Edition
from triptych.isbn import isbn13
from triptych.record import EditionRecord
from triptych.render.pdf.cover_type import Fit, TextBox, fitted
from triptych.render.pdf.outputs import Crowded, Output
from triptych.render.pdf.printer import finished, press_of, signed
from triptych.render.pdf.printers_marks import MM
from triptych.render.pdf.screen import page_count
from triptych.render.pdf.separation import separate
from triptych.render.typesetter.weasyprint import typeset

_NARROWEST = 5.0
"""A spine of fewer mm carries no words: a fold one millimetre off would cut into them."""
_DESIGN_WIDTH = 312.5
"""The width, in points, of the cover for which the measures of the style sheet are made."""
_SYMBOL = (39.0, 28.0)
"""Width and height in mm of a bar code with the white around it."""
LEGIBLE = 6.0
"""Type of fewer points is too small to be read in print."""


def cover_pdf(edition: Edition, pages: bytes) -> Output:
    """The cover of a book with these pages."""
    return wrap(edition, signed(edition, page_count(pages)))


def wrap(edition: Edition, pages: int) -> Output:
    """The cover of a book with so many pages, which include blank ones that fill a signature."""
    record = edition.record
    width, height = record.trim_size
    spine = spine_width(record, pages)
    title = f"{record.full_title}: cover"
    rem = width * MM / _DESIGN_WIDTH
    boxes = _boxes(record, spine, rem)
    fits = fitted(boxes, record.language, rem, LEGIBLE)
    css = (
        f"@page {{ size: {2 * width + spine:.3f}mm {height:g}mm; margin: 0;"
        f" bleed: {record.printing.bleed:g}mm }}\n"
        f"html {{ font-size: {rem:.4f}pt }}\n"
    )
    sheet = typeset(_markup(edition, spine, boxes, fits), css + stylesheet("wrap")).pdf
    with pikepdf.open(io.BytesIO(sheet)) as pdf:
        assert len(pdf.pages) == 1
        press = press_of(edition)
        separate(pdf, press)
        folds = (width * MM, (width + spine) * MM)
        said = f"{record.title} · cover · spine {spine:.1f} mm"
        return Output(
            finished(pdf, edition, press, title, [said], folds), tuple(_crowded(boxes, fits))
        )


def spine_width(record: EditionRecord, pages: int) -> float:
    """The width of the spine in mm."""
    leaves = (pages + 1) // 2
    return round(leaves * record.printing.paper, 2)


def _boxes(record: EditionRecord, spine: float, rem: float) -> dict[str, TextBox]:
    """What is set on the cover, in that order, and the room for each."""
    height = record.trim_size[1] * MM
    column = 248.5 * rem
    head = height * 0.68 - 94 * rem  # for people, title and subtitle, without the space between
    symbol = (_SYMBOL[0] * MM, _SYMBOL[1] * MM) if isbn13(record.identifier) else (0.0, 0.0)
    blurb = height - 106 * rem - max(symbol[1], 28 * rem)
    imprint = 244.5 * rem - symbol[0] - 8 * rem
    along = f"{record.title}{_APART}{record.publisher}" if spine >= _NARROWEST else ""
    people = ", ".join(person.name for person in record.authors)
    return {
        "summary": TextBox("back", "summary", record.summary, 9.6 * rem, 244.5 * rem, blurb),
        "imprint": TextBox("back", "publisher", record.publisher, 9.5 * rem, imprint, 56 * rem),
        "spine": TextBox(
            "spine", "title", along, min(spine * 0.5, 6.0) * MM, height - 68 * rem, single=True
        ),
        "people": TextBox("front", "people", people, 11 * rem, column, 0.33 * head),
        "title": TextBox("front", "title", record.title, 33 * rem, column, 0.43 * head),
        "subtitle": TextBox("front", "subtitle", record.subtitle, 13 * rem, column, 0.18 * head),
        "publisher": TextBox("front", "publisher", record.publisher, 9.5 * rem, column, 34 * rem),
    }


_APART = 4 * "\N{NO-BREAK SPACE}"
"""The least space between title and publisher on the spine."""
_FIELDS = {"people": "author", "imprint": "publisher", "spine": "title"}


def _crowded(boxes: Mapping[str, TextBox], fits: Mapping[str, Fit]) -> Iterator[Crowded]:
    told: set[str] = set()
    for name, fit in fits.items():
        field = _FIELDS.get(name, name)
        if fit.size < LEGIBLE and field not in told:
            told.add(field)
            yield Crowded(field, fit.size, len(boxes[name].text), fit.letters)


def _markup(
    edition: Edition, spine: float, boxes: Mapping[str, TextBox], fits: Mapping[str, Fit]
) -> str:
    record = edition.record
    width, _ = record.trim_size
    from_right = direction(record.language) == "rtl"
    back, front = (width + spine, 0.0) if from_right else (0.0, width + spine)
    number = isbn13(record.identifier)

    def paragraph(name: str) -> str:
        if name not in fits:
            return ""
        style = f"font-size: {fits[name].size:.3f}pt; width: {boxes[name].width:.3f}pt"
        text = boxes[name].text
        runs = direction_of(text) or direction(record.language)
        inner = f'<span dir="{runs}">{escape(text)}</span>'
        return f'<p class="{boxes[name].part}" style="{style}">{inner}</p>'

    return template("wrap.xhtml").substitute(
        {name: paragraph(name) for name in boxes},
        language=escape(record.language),
        direction=direction(record.language),
        name=escape(record.title),
        barcode=f'<div class="barcode">{_barcode(number)}</div>' if number else "",
        back_place=_place(back, width),
        spine_place=_place(width, spine),
        front_place=_place(front, width),
        spine=_spine_line(record, spine, fits["spine"].size) if "spine" in fits else "",
    )


def _place(left: float, width: float) -> str:
    return f"left: {left:.3f}mm; width: {width:.3f}mm"


def _spine_line(record: EditionRecord, spine: float, size: float) -> str:
    """Title and publisher along the spine, read from the top down (ISO 6357).

    The heads of the letters point to the front cover, so that they stand upright when the book lies
    with its front up.
    """
    height = record.trim_size[1]
    turned = f"translate({spine:.3f}mm, 0) rotate(90deg)"
    if direction(record.language) == "rtl":
        turned = f"translate(0, {height:.3f}mm) rotate(-90deg)"
    style = (
        f"width: {height:.3f}mm; height: {spine:.3f}mm; line-height: {spine:.3f}mm; "
        f"font-size: {size:.3f}pt; transform: {turned}"
    )
    return (
        f'<div class="line" style="{style}"><span class="title">{escape(record.title)}</span>'
        f'<span class="publisher">{escape(record.publisher)}</span></div>'
    )


# --- The number of the book ----------------------------------------------------------------------


def _barcode(number: str) -> str:
    """The EAN-13 symbol of an ISBN at its nominal size, as SVG in mm (ISO/IEC 15420)."""
    import barcode

    module, left, top, tall = 0.33, 4.6, 4.5, 19.0  # 11 modules of white before the bars, 7 after
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
