"""Bitmaps: shown alike in every edition, or told where they are broken."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from unittest.mock import Mock

import pikepdf
import pytest
from conftest import BODY_LINE, Desk
from PIL import Image as Raster
from PIL.PngImagePlugin import PngImageFile

from triptych.design import design_file
from triptych.press import build
from triptych.resolve.bitmaps import NotTurned, readable_bitmap


def deep_png(kind: int, channels: int, transparent: bytes = b"") -> bytes:
    """A PNG of 16 bits, 256 pixels wide, from dark to light; `kind` is its colour type."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(
            ">I", zlib.crc32(name + data)
        )  # fmt: skip

    row = b"\0" + b"".join(
        struct.pack(">H", tone * 257) * (channels - (kind in (4, 6)))
        + b"\xff\xff" * (kind in (4, 6))
        for tone in range(256)
    )
    head = struct.pack(">IIBBBBB", 256, 4, 16, kind, 0, 0, 0)
    return b"".join((
        b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", head),
        chunk(b"tRNS", transparent) if transparent else b"",
        chunk(b"IDAT", zlib.compress(row * 4)), chunk(b"IEND", b""),
    ))  # fmt: skip


def saved(kind: str, mode: str = "RGB", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Raster.radial_gradient("L").resize(size).convert(mode).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", [0, 2, 4, 6])
def test_sixteen_bits_become_the_eight_nearest(kind: int) -> None:
    shown = readable_bitmap(deep_png(kind, {0: 1, 2: 3, 4: 2, 6: 4}[kind]))
    assert shown is not None
    with Raster.open(io.BytesIO(shown)) as picture:
        tones = picture.convert("L").tobytes()
    assert list(tones[:256]) == list(range(256))


@pytest.mark.parametrize("kind", [2, 4, 6])
def test_sixteen_bits_that_all_show_keep_their_bytes(kind: int) -> None:
    data = deep_png(kind, {2: 3, 4: 2, 6: 4}[kind])
    assert readable_bitmap(data) == data


def test_a_grey_of_sixteen_bits_may_be_see_through() -> None:
    shown = readable_bitmap(deep_png(0, 1, struct.pack(">H", 7 * 257)))
    assert shown is not None
    with Raster.open(io.BytesIO(shown)) as picture:
        opaque = picture.getchannel("A").tobytes()
    assert [x for x in range(256) if not opaque[x]] == [7]


def test_a_microscope_s_32_bits_span_its_own_tones() -> None:
    out = io.BytesIO()
    Raster.linear_gradient("L").convert("F").point(lambda tone: tone * 0.001 + 5).save(out, "TIFF")
    shown = readable_bitmap(out.getvalue())
    assert shown is not None
    with Raster.open(io.BytesIO(shown)) as picture:
        assert picture.getextrema() == (0, 255)


@pytest.mark.parametrize("kind", ["AVIF", "TIFF", "BMP", "JPEG2000", "PPM", "ICO"])
def test_what_browsers_or_printers_do_not_all_read_becomes_png(kind: str) -> None:
    shown = readable_bitmap(saved(kind, size=(32, 32)))
    assert shown is not None
    assert shown.startswith(b"\x89PNG")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_what_all_read_keeps_its_bytes(kind: str) -> None:
    assert readable_bitmap(saved(kind)) == saved(kind)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF", "TIFF"])
@pytest.mark.parametrize("part", [0.3, 0.8])
def test_a_file_that_breaks_off_is_told(kind: str, part: float) -> None:
    data = saved(kind)
    with pytest.raises(NotTurned):
        readable_bitmap(data[: int(len(data) * part)])


def test_a_file_that_breaks_off_is_told_at_its_line(desk: Desk) -> None:
    desk.put("a.jpg", saved("JPEG")[:-2])
    told = desk.the_mistake(desk.paper("![A dot.](a.jpg){alt='A dark dot.'}\n"))
    assert (told.code, told.line) == ("figure-malformed", BODY_LINE)
    assert "cut off" in told.message


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
@pytest.mark.parametrize("broken", [b"II*\0", b"MM\0*", b"no such data"])
def test_a_file_that_does_not_tell_which_way_is_up_is_told(kind: str, broken: bytes) -> None:
    out = io.BytesIO()
    Raster.new("RGB", (9, 9)).save(out, kind, exif=b"Exif\0\0" + broken)
    with pytest.raises(NotTurned, match="broken"):
        readable_bitmap(out.getvalue())


def test_a_picture_is_decoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    out, decode = io.BytesIO(), Mock(wraps=PngImageFile.load_prepare)
    Raster.new("RGB", (9, 9)).save(out, "PNG")
    monkeypatch.setattr(PngImageFile, "load_prepare", lambda picture: decode(picture))
    assert readable_bitmap(out.getvalue()) == out.getvalue()
    assert decode.call_count == 1


def test_what_a_telephone_saves_is_told_by_its_name() -> None:
    with pytest.raises(NotTurned, match="HEIC"):
        readable_bitmap(b"\0\0\0\x18ftypheic" + bytes(40))


def test_words_are_no_bitmap() -> None:
    assert readable_bitmap(b"words") is None


def test_sixteen_bits_of_grey_are_smooth_on_paper_too(desk: Desk, tmp_path: Path) -> None:
    desk.put("a.png", deep_png(0, 1))
    paper = desk.paper("![Grey.](a.png){alt='From black to white.'}\n")
    build(paper, out=tmp_path / "dist", formats=["html", "pdf", "print"])
    for name in ("paper.pdf", "paper.print.pdf"):
        with pikepdf.open(tmp_path / "dist" / name) as pdf:
            images = {
                i.objgen: i for page in pdf.pages for i in page.get_images().values()
            }  # all pages of WeasyPrint share their resources
            (image,) = images.values()
            assert isinstance(image, pikepdf.Stream)
            picture = pikepdf.PdfImage(image).as_pil_image().convert("L")
        tones = list(picture.tobytes()[: picture.width])
        assert tones == sorted(tones, reverse=tones[0] > tones[-1])
        assert len(set(tones)) > 100


# --- Very large ones ------------------------------------------------------------------------------


def test_a_very_large_picture_is_made_smaller_for_screens_and_told_once(desk: Desk) -> None:
    desk.put("a.jpg", saved("JPEG", size=(3000, 2000)))
    desk.put("b.png", saved("PNG", size=(2500, 2300)))
    figures = "![A.](a.jpg){alt='One.'}\n\n![B.](b.png){alt='Two.'}\n\n![A.](a.jpg){alt='One.'}\n"
    (told,) = desk.mistakes(desk.paper(figures))
    assert (told.code, told.severity, told.line) == ("figure-large", "warning", BODY_LINE)
    assert [place.split(":")[1] for place in told.places] == [str(BODY_LINE + 2)]
    for image in desk.edition(figures).images:
        with Raster.open(io.BytesIO(image.data)) as picture:
            assert 5_500_000 < picture.width * picture.height < 5_610_000
    assert image.media_type in ("image/png", "image/jpeg")


def test_paper_keeps_the_pixels_that_its_size_needs(desk: Desk) -> None:
    desk.put("a.jpg", saved("JPEG", size=(2800, 2400)))
    edition = desk.edition("![A.](a.jpg){alt='One.'}\n", front="trim-size: 127mm x 203mm\n")
    printed = edition.images[0].printed
    assert printed is not None
    with Raster.open(io.BytesIO(printed.data)) as picture:
        assert picture.size == (2800, 2400)  # 127 mm at 600 pixels to the inch are 3000
    desk.put("a.jpg", saved("JPEG", size=(4500, 4000)))
    edition = desk.edition("![A.](a.jpg){alt='One.'}\n", front="trim-size: 127mm x 203mm\n")
    printed = edition.images[0].printed
    assert printed is not None
    with Raster.open(io.BytesIO(printed.data)) as picture:
        assert picture.size == (3000, 2667)


def test_a_picture_that_is_made_smaller_keeps_its_colours_and_stands_upright(desk: Desk) -> None:
    out = io.BytesIO()
    large = Raster.new("CMYK", (3000, 2000), (0, 255, 255, 0))
    exif = Raster.Exif()
    exif[0x0112] = 6  # turned to the right
    large.save(out, "JPEG", exif=exif)
    desk.put("a.jpg", out.getvalue())
    (image,) = desk.edition("![A.](a.jpg){alt='One.'}\n").images
    with Raster.open(io.BytesIO(image.data)) as picture:
        assert picture.width < picture.height
        red, green, blue = picture.convert("RGB").resize((1, 1)).tobytes()
    assert red > 200 > 60 > max(green, blue)


def test_a_picture_of_usual_size_keeps_its_bytes(desk: Desk) -> None:
    desk.put("a.jpg", saved("JPEG", size=(2600, 2000)))
    (image,) = desk.edition("![A.](a.jpg){alt='One.'}\n").images
    assert (image.data, image.printed) == (saved("JPEG", size=(2600, 2000)), None)


def test_four_inks_without_a_profile_get_that_of_the_press(desk: Desk) -> None:
    out = io.BytesIO()
    Raster.new("CMYK", (60, 40), (255, 0, 0, 0)).save(out, "JPEG", quality=95)
    shown = readable_bitmap(out.getvalue())
    assert shown is not None
    with Raster.open(io.BytesIO(shown)) as picture, Raster.open(out) as before:
        assert picture.info["icc_profile"] == design_file("colour/fogra39l.icc").read_bytes()
        assert picture.tobytes() == before.tobytes()
    desk.put("a.jpg", out.getvalue())
    paper = desk.paper("![A.](a.jpg){alt='Cyan.'}\n")
    assert build(paper, out=desk.folder / "out", formats=("html", "pdf")).collation.passed
