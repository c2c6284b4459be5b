"""The PDFs for each purpose, all made of pages that are laid out once.

In: an `Edition` and the names of formats. Out: the bytes of each PDF, the pages, and their breaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from triptych.edition import Edition
from triptych.formats import FORMATS, load
from triptych.render.pdf.pages import Paged, render_paged


@dataclass(frozen=True, slots=True)
class Crowded:
    """A field of the record whose words are set on the cover, but too small to be read in print.

    `size` is that of the type, in points. Of its `letters`, about `fitting` would fit legibly.
    """

    field: str
    size: float
    letters: int
    fitting: int


@dataclass(frozen=True, slots=True)
class Output:
    """One PDF made of the pages, and what is crowded on it."""

    pdf: bytes
    crowded: tuple[Crowded, ...] = ()


@dataclass(frozen=True, slots=True)
class Outputs:
    """The pages, the PDFs made of them by format, and what is crowded on any of these."""

    paged: Paged
    files: Mapping[str, bytes]
    crowded: tuple[Crowded, ...] = ()


def render_outputs(edition: Edition, formats: Iterable[str]) -> Outputs:
    """Lay out the pages, and make the formats that need nothing but them."""
    paged = render_paged(edition)
    made: dict[str, Output] = {
        name: load(FORMATS[name].render)(edition, paged.pages)
        for name in formats
        if FORMATS[name].needs == "pages"
    }
    files = {name: output.pdf for name, output in made.items()}
    crowded = tuple(item for output in made.values() for item in output.crowded)
    return Outputs(paged, files, crowded)
