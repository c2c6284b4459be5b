"""The PDFs by purpose: pages are laid out once, and every PDF is made of them.

In: an `Edition` and the names of formats. Out: their bytes, the pages themselves, their breaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from triptych.edition import Edition
from triptych.render.paged import Paged, render_paged
from triptych.render.screen import page_count, screen_pdf


@dataclass(frozen=True, slots=True)
class Purposes:
    """The pages, and by format the PDFs made of them."""

    paged: Paged
    files: Mapping[str, bytes]


def render_purposes(edition: Edition, formats: Iterable[str]) -> Purposes:
    """Lay out the pages, and make of them the PDFs for screen, printer and cover, as asked."""
    paged = render_paged(edition)
    files: dict[str, bytes] = {}
    for name in formats:
        if name == "pdf":
            files[name] = screen_pdf(edition, paged.pages)
        elif name == "print":
            from triptych.render.printer import printer_pdf

            files[name] = printer_pdf(edition, paged.pages)
        elif name == "cover":
            from triptych.render.printer import signed
            from triptych.render.wrap import wrap_pdf

            files[name] = wrap_pdf(edition, signed(edition, page_count(paged.pages)))
    return Purposes(paged, files)
