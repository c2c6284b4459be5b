"""The cover of the e-book: the picture that the author names, or one that is drawn."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from conftest import Desk
from PIL import Image as Raster

from triptych.press import build


def picture(kind: str, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Raster.new(mode, (200, 320), "red" if mode == "RGB" else (0, 255, 255, 0)).save(out, kind)
    return out.getvalue()


def cover_of(desk: Desk, name: str, out: Path) -> tuple[str, bytes, str]:
    """The media type of the book's cover, its bytes, and its cover page. The proof has passed."""
    paper = desk.paper("# One\n\nText.\n", f'cover-image: "{name}"\n')
    made = build(paper, out=out, formats=["epub", "html"])
    assert made.collation.passed, made.collation.differences
    with zipfile.ZipFile(out / "paper.epub") as book:
        package = book.read("EPUB/content.opf").decode()
        (item,) = re.findall(r'<item [^>]*properties="cover-image"[^>]*>', package)
        assert '<meta name="cover" content="cover-image"' in package
        assert 'id="cover-image"' in item
        (file,) = re.findall(r'href="([^"]+)"', item)
        assert re.fullmatch(r"[a-z]+\.[a-z]+", file), "the name is not safe everywhere"
        page = book.read("EPUB/cover.xhtml").decode()
        assert f'src="{file}"' in page
        (media_type,) = re.findall(r'media-type="([^"]+)"', item)
        return media_type, book.read(f"EPUB/{file}"), page


@pytest.mark.parametrize(("name", "kind"), [("my cöver.jpg", "JPEG"), ("a&b%.png", "PNG")])
def test_the_cover_is_the_picture_that_the_author_names(
    desk: Desk, tmp_path: Path, name: str, kind: str
) -> None:
    desk.put(name, picture(kind))
    media_type, data, _ = cover_of(desk, name, tmp_path / "dist")
    assert (media_type, data) == (f"image/{kind.lower()}", picture(kind))


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "CMYK"), ("WEBP", "RGB"), ("AVIF", "RGB")])
def test_a_cover_that_bookshops_do_not_take_becomes_one_that_they_do(
    desk: Desk, tmp_path: Path, kind: str, mode: str
) -> None:
    desk.put("cover.bin", picture(kind, mode))
    media_type, data, _ = cover_of(desk, "cover.bin", tmp_path / "dist")
    assert media_type in ("image/jpeg", "image/png")
    with Raster.open(io.BytesIO(data)) as shown:
        assert shown.mode == "RGB"


def test_the_cover_is_among_the_files_that_the_edition_is_made_from(desk: Desk) -> None:
    desk.put("c.png", picture("PNG"))
    edition = desk.edition("Text.\n", "cover-image: c.png\n")
    assert "c.png" in dict(edition.source_digests)
    assert not edition.images


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("gone.png", "figure-missing"),
        ("https://example.org/c.png", "figure-missing"),
        ("refs.json", "figure-malformed"),
        ("torn.png", "figure-malformed"),
    ],
)
def test_a_bad_cover_is_told_at_its_line(desk: Desk, name: str, code: str) -> None:
    desk.put("torn.png", picture("PNG")[:-20])
    told = desk.the_mistake(desk.paper("Text.\n", f"cover-image: {name}\n"))
    assert (told.code, told.line, told.column) == (code, 5, 1)


def test_a_bad_cover_is_told_at_its_line_in_the_file_of_a_project(desk: Desk) -> None:
    project = desk.put(
        "_quarto.yml",
        "project:\n  type: book\nbook:\n  title: Tides\n  author: Ada Example\n"
        "  cover-image: gone.png\n  chapters:\n    - index.qmd\n",
    )
    desk.put("index.qmd", "# One\n\nText.\n")
    told = desk.the_mistake(desk.folder)
    assert (told.file, told.line, told.column) == (str(project), 6, 3)
