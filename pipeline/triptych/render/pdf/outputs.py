"""The PDFs for each purpose, all made of pages that are laid out once.

In: an `Edition` and the names of formats. Out: the bytes of each PDF, the pages, and their breaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from triptych.edition import Edition
from triptych.render.pdf.pages import Paged, render_paged
from triptych.render.pdf.screen import page_count, screen_pdf

if TYPE_CHECKING:
    from triptych.render.pdf.cover import Crowded


@dataclass(frozen=True, slots=True)
class Outputs:
    """The pages, the PDFs made of them by format, and what is crowded on the cover."""

    paged: Paged
    files: Mapping[str, bytes]
    crowded: tuple[Crowded, ...] = ()


def render_outputs(edition: Edition, formats: Iterable[str]) -> Outputs:
    """Lay out the pages, and make the PDFs for screen, printer and cover that are asked for."""
    paged = render_paged(edition)
    files: dict[str, bytes] = {}
    crowded: tuple[Crowded, ...] = ()
    for name in formats:
        if name == "pdf":
            files[name] = screen_pdf(edition, paged.pages)
        elif name == "print":
            from triptych.render.pdf.printer import printer_pdf

            files[name] = printer_pdf(edition, paged.pages)
        elif name == "cover":
            from triptych.render.pdf.cover import wrap
            from triptych.render.pdf.printer import signed

            made = wrap(edition, signed(edition, page_count(paged.pages)))
            files[name], crowded = made.pdf, made.crowded
    return Outputs(paged, files, crowded)
