"""Figures nearly as tall as a page, or taller: picture and caption stand on one page."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from conftest import Desk
from PIL import Image as Raster

from triptych.press import build

SMALL = "trim-size: 108mm x 175mm\n"


def tower(desk: Desk, size: tuple[int, int] = (300, 900)) -> None:
    out = io.BytesIO()
    Raster.linear_gradient("L").resize(size).save(out, "PNG")
    desk.put("tall.png", out.getvalue())


def pages_of(desk: Desk, body: str, front: str = "") -> list[tuple[str, list[float]]]:
    """Of each page its words and the bottoms of its pictures, in points. The proof has passed."""
    made = build(desk.paper(body, front), out=desk.folder / "dist", formats=["html", "epub", "pdf"])
    assert made.collation.passed, made.collation.differences
    document = pypdfium2.PdfDocument(desk.folder / "dist" / "paper.pdf")
    kinds = [pdfium.FPDF_PAGEOBJ_IMAGE]
    return [
        (
            page.get_textpage().get_text_bounded(),
            [found.get_bounds()[1] for found in page.get_objects(filter=kinds)],
        )
        for page in document
    ]


@pytest.mark.parametrize("front", ["", SMALL])
@pytest.mark.parametrize("width", ["", " width=100%", " height=900px"])
def test_a_tall_picture_and_its_caption_stand_on_one_page(
    desk: Desk, front: str, width: str
) -> None:
    tower(desk)
    pages = pages_of(
        desk, f"See @fig:x.\n\n![A tower.](tall.png){{#fig:x alt='T.'{width}}}\n", front
    )
    ((words, bottoms),) = [page for page in pages if page[1]]
    assert "A tower." in words
    assert min(bottoms) > 40


def test_a_long_caption_and_its_note_stand_below_their_picture(desk: Desk) -> None:
    tower(desk)
    long = f"A tower{' that is told of at length' * 12}.^[A note.]"
    pages = pages_of(desk, f"See @fig:x.\n\n![{long}](tall.png){{#fig:x alt='T.'}}\n", SMALL)
    ((words, _),) = [page for page in pages if page[1]]
    assert "A tower" in words
    assert "A note." in words


def test_tall_pictures_in_a_row_in_lists_and_in_tables_stay_on_their_pages(desk: Desk) -> None:
    tower(desk)
    figure = "![{}](tall.png){{#fig:{} alt='T.'}}\n\n"
    body = (
        "See @fig:a, @fig:b and @fig:c.\n\n"
        + figure.format("One.", "a") + figure.format("Two.", "b")
        + "- A list\n\n  " + figure.format("Three.", "c")
        + "- with ![a tower](tall.png){width=90%} in a line.\n\n"
        "| Head | Words |\n|---|---|\n| ![T.](tall.png){width=100%} | beside it |\n"
    )  # fmt: skip
    pages = [page for page in pages_of(desk, body, SMALL) if page[1]]
    for caption in ("One.", "Two.", "Three."):
        assert sum(caption in words for words, _ in pages) == 1
    assert all(bottom > 40 for _, bottoms in pages for bottom in bottoms)


def test_a_drawing_is_made_lower_too(desk: Desk) -> None:
    text = '<text y="9" font-size="3">word</text>'
    desk.put("a.svg", f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 30">{text}</svg>')
    pages = pages_of(desk, "See @fig:x.\n\n![A tower.](a.svg){#fig:x alt='T.'}\n")
    assert [words for words, _ in pages if "A tower." in words and "word" in words]


def test_a_picture_that_fits_stays_as_wide_as_the_text(desk: Desk, tmp_path: Path) -> None:
    tower(desk, (300, 420))
    made = build(
        desk.paper("![A tower.](tall.png){alt='T.'}\n"), out=tmp_path / "dist", formats=["pdf"]
    )
    page = next(
        page for page in pypdfium2.PdfDocument(made.files[0])
        if list(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]))
    )  # fmt: skip
    (found,) = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])
    left, _, right, _ = found.get_bounds()
    assert right - left == pytest.approx(116 / 25.4 * 72, abs=2)
