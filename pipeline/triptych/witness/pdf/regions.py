"""Regions of pages, drawn without their words, by PDFium.

In: the bytes of a PDF; then pages and boxes. Out: what stands there, drawn. What is painted over a
region is drawn with it, whatever it belongs to.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Self

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from triptych.witness.geometry import Box
from triptych.witness.miniature import FINE, SIDE, small
from triptych.witness.reading import Miniature

_FINER = 3
"""How many times larger than a miniature: a picture may fill a part of its box only."""
_DEPTH = 12
"""How deep forms within forms are followed."""


class Regions:
    """The pages of a PDF, each opened when a region of it is first asked for."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._document: Any = None
        self._page: tuple[int, Any] = (-1, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._document is not None:
            self._document.close()

    def drawn(self, number: int, box: Box) -> Miniature | None:
        """What page `number`, from 0, shows in a box in points; None if that cannot be drawn."""
        x0, y0, x1, y1 = box
        width, height = x1 - x0, y1 - y0
        if min(width, height) <= 0:
            return None
        try:
            page = self._opened(number)
        except pypdfium2.PdfiumError:  # a file that others can read
            return None
        left, _, _, top = page.get_cropbox()
        scale = SIDE * FINE / max(width, height)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        across, down = size[0] / width, size[1] / height
        bitmap = pypdfium2.PdfBitmap.new_native(*size, pdfium.FPDFBitmap_BGRx)
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, *size)
        matrix = pdfium.FS_MATRIX(across, 0, 0, down, (left - x0) * across, (y1 - top) * down)
        clip = pdfium.FS_RECTF(0, 0, *size)
        pdfium.FPDF_RenderPageBitmapWithMatrix(
            bitmap.raw, page.raw, matrix, clip, pdfium.FPDF_ANNOT
        )
        picture: Image.Image = bitmap.to_pil()
        return small(picture, _FINER)

    def _opened(self, number: int) -> Any:
        if self._document is None:
            self._document = pypdfium2.PdfDocument(self._data)
        if self._page[0] != number:
            page = self._document[number]
            pdfium.FPDFPage_SetRotation(page.raw, 0)
            _leave_words_out(page)
            self._page = number, page
        return self._page[1]


def _leave_words_out(page: Any) -> None:
    """Take the words from a page, and from the forms that are painted on it."""
    count = pdfium.FPDFPage_CountObjects(page.raw)
    items = [pdfium.FPDFPage_GetObject(page.raw, at) for at in range(count)]
    for item in items:
        _leave_out(item, partial(pdfium.FPDFPage_RemoveObject, page.raw), 0)


def _leave_out(item: Any, remove: Callable[[Any], object], depth: int) -> None:
    kind = pdfium.FPDFPageObj_GetType(item)
    if kind == pdfium.FPDF_PAGEOBJ_TEXT:
        remove(item)
        pdfium.FPDFPageObj_Destroy(item)
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEPTH:
        count = pdfium.FPDFFormObj_CountObjects(item)
        for inner in [pdfium.FPDFFormObj_GetObject(item, at) for at in range(count)]:
            _leave_out(inner, partial(pdfium.FPDFFormObj_RemoveObject, item), depth + 1)
