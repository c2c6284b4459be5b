"""The cover of an e-book without a picture of its own, drawn by the typesetter.

In: an `Edition`. Out: a PNG with its title, its people and its publisher.
"""

from __future__ import annotations

import io
from html import escape

from triptych.cache.store import remembered
from triptych.design import stylesheet, template
from triptych.direction import direction
from triptych.edition import Edition, Image
from triptych.render.typesetter.weasyprint import typeset

_PIXELS_PER_POINT = 3.2


def cover_file(cover: Image) -> str:
    """The name of the cover's file in the e-book."""
    return "cover.jpg" if cover.media_type == "image/jpeg" else "cover.png"


def cover_words(edition: Edition) -> str:
    """The words for those who do not see the cover."""
    return f"{edition.terms['cover']}: {edition.record.full_title}"


def drawn_cover(edition: Edition) -> Image:
    """The cover as a PNG, 5 : 8, 1600 pixels high."""
    record = edition.record
    page = template("cover.xhtml").substitute(
        language=escape(record.language),
        direction=direction(record.language),
        title=escape(record.title),
        subtitle=escape(record.subtitle),
        people=escape(edition.terms["comma"].join(person.name for person in record.authors)),
        publisher=escape(record.publisher),
    )
    drawn = remembered("covers", [page], lambda: _drawn(page))
    return Image("cover.png", "image/png", drawn, "")


def _drawn(page: str) -> bytes:
    import pypdfium2

    document = pypdfium2.PdfDocument(typeset(page, stylesheet("cover")).pdf)
    image = document[0].render(scale=_PIXELS_PER_POINT).to_pil().convert("RGB")
    document.close()
    out = io.BytesIO()
    image.quantize(128).save(out, "PNG", optimize=True)
    return out.getvalue()
