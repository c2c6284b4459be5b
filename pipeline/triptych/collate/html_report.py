"""The collation as a web page: each citation as in each file, with a picture of it in print."""

from __future__ import annotations

import base64
import io
from html import escape
from string import Template
from typing import TYPE_CHECKING

from triptych.collate.collation import Collation
from triptych.collate.difference import KINDS
from triptych.collate.report import Rendering, Row, rows, verdict
from triptych.witness.geometry import Box

if TYPE_CHECKING:
    from PIL.Image import Image

_SCALE = 2.0
"""Pixels per point in the pictures."""
_MARGIN_PT = 26.0
_HIGHLIGHT = (255, 214, 102)


def as_html(collation: Collation, page: Template, pdf: bytes | None) -> str:
    """The report as one HTML page, with its pictures inside.

    `page` is its template. The pictures are drawn from the `pdf`, if there is one.
    """
    pictures = _Pictures(pdf) if pdf else None
    told = "".join(
        f"<li><b>{escape(d.witness.upper())}</b> {escape(d.message)} "
        f'<span class="place">{escape(d.place)} · {escape(KINDS[d.kind])}</span></li>'
        for d in collation.differences
    )
    parts: dict[str, list[str]] = {}
    for row in rows(collation):
        parts.setdefault(row.kind, []).append(_section(row, pictures))
    told_of = "".join(
        f"<h2>{title}</h2>{''.join(parts.get(kind, ())) or '<p>None.</p>'}"
        for kind, title in _TITLES.items()
    )
    return page.substitute(
        language="en",
        title=escape(collation.manifest.record.title),
        style=escape(collation.manifest.style.title),
        verdict=escape(verdict(collation)),
        state="agree" if collation.passed else "differ",
        differences=f"<h2>Differences</h2><ol>{told}</ol>" if told else "",
        readings=told_of,
    )


_TITLES = {
    "citation": "Citations",
    "note": "Notes",
    "entry": "Bibliography",
    "heading": "Headings",
    "caption": "Captions",
    "reference": "Cross-references",
}


def _section(row: Row, pictures: _Pictures | None) -> str:
    cells = "".join(_cell(item) for item in row.renderings)
    printed = [item for item in row.renderings if item.witness == "pdf" and item.text]
    picture = "".join(_picture(pictures, item, row.name) for item in printed if pictures)
    state = "differ" if any(item.differences for item in row.renderings) else "agree"
    return (
        f'<section class="{state}"><h3>{escape(row.name)}</h3>'
        f'<p class="ledger">{escape(row.text)}</p><dl>{cells}</dl>{picture}</section>'
    )


def _cell(item: Rendering) -> str:
    state = "differ" if item.differences else "agree"
    told = "".join(f'<p class="told">{escape(d.message)}</p>' for d in item.differences)
    words = escape(item.text) or "<i>nothing</i>"
    place = escape(" · leads to ".join(filter(None, (item.place, ", ".join(item.targets)))))
    return (
        f'<div class="{state}"><dt>{item.witness.upper()}</dt><dd>{words}{told}'
        f'<span class="place">{place}</span></dd></div>'
    )


def _picture(pictures: _Pictures, item: Rendering, name: str) -> str:
    areas = item.areas
    return "".join(
        f'<figure><img alt="{escape(name)} on page {page}" src="data:image/png;base64,'
        f'{pictures.cut(page, [box for at, box in areas if at == page])}"></figure>'
        for page in dict.fromkeys(page for page, _ in areas)
    )


class _Pictures:
    """Pictures of the pages of a PDF, drawn when they are first asked for."""

    def __init__(self, pdf: bytes) -> None:
        import pypdfium2

        self._pdf = pypdfium2.PdfDocument(pdf)
        self._last: tuple[int, Image] | None = None

    def _drawn(self, number: int) -> Image:
        """A page, drawn once for all pictures that follow one another on it."""
        if self._last is None or self._last[0] != number:
            drawn = self._pdf[number - 1].render(scale=_SCALE).to_pil().convert("RGB")
            self._last = number, drawn
        return self._last[1]

    def cut(self, number: int, boxes: list[Box]) -> str:
        """The strip of a page around `boxes`, which are marked; a PNG in Base64."""
        from PIL import Image, ImageChops, ImageDraw

        height = self._pdf[number - 1].get_height()
        drawn = self._drawn(number)
        marked = Image.new("RGB", drawn.size, "white")
        pen = ImageDraw.Draw(marked)
        for left, bottom, right, top in boxes:
            corners = (left - 1, height - top - 4, right + 1, height - bottom + 2.5)
            pen.rectangle([corner * _SCALE for corner in corners], fill=_HIGHLIGHT)
        upper = max(0.0, height - max(box[3] for box in boxes) - _MARGIN_PT)
        lower = min(height, height - min(box[1] for box in boxes) + _MARGIN_PT)
        strip = (0, int(upper * _SCALE), drawn.width, int(lower * _SCALE))
        out = io.BytesIO()
        picture = ImageChops.multiply(drawn, marked).crop(strip)
        picture.quantize(32).save(out, "PNG", optimize=True)
        return base64.b64encode(out.getvalue()).decode()
