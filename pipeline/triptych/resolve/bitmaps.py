"""Bitmaps: whole, and of a kind that browsers, e-book readers and printers all show.

In: the bytes of a picture. Out: those bytes where every edition shows them right, or a PNG with
eight bits to the colour.
"""

from __future__ import annotations

import io
import re
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image as Picture
from PIL import ImageFile, ImageMath, ImageOps, UnidentifiedImageError

from triptych.design import design_file

_SHOWN = ("PNG", "JPEG", "GIF", "WEBP")
"""What every edition shows. Pillow calls a JPEG with further pictures behind it `MPO`."""
_TURNED = ("TIFF", "BMP", "DIB", "AVIF", "JPEG2000", "PPM", "ICO")
_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"BM": "BMP",
}
_BRANDS = {
    b"avif": "AVIF",
    b"avis": "AVIF",
    b"heic": "HEIC",
    b"heix": "HEIC",
    b"mif1": "HEIF",
    b"msf1": "HEIF",
}
"""Kinds of pictures in the container of ISO/IEC 23008-12, by its brand."""
_TURN_IN_PNG = re.compile(rb"eXIf|Raw profile type exif")
_KEPT = ("1", "L", "LA", "P", "RGB", "RGBA")
"""Modes of Pillow that a PNG with eight bits holds."""


class NotTurned(Exception):
    """A figure that cannot be converted. The message is a phrase that says why."""

    def __init__(self, why: str, hint: str = "give the figure as SVG, PNG, JPEG or GIF") -> None:
        super().__init__(why)
        self.hint = hint


def readable_bitmap(data: bytes) -> bytes | None:
    """The bitmap as every edition shows it, or None where `data` is no bitmap.

    Raises NotTurned where it is broken, cut off, or of a kind that cannot be read.
    """
    named = kind = _named(data)
    if named in ("HEIC", "HEIF"):
        raise NotTurned(f"is {named}, which is not read here", "save it as JPEG or PNG")
    Picture.init()
    try:
        with (
            _strict(),
            Picture.open(io.BytesIO(data), formats=(*_SHOWN, *_TURNED)) as picture,
        ):
            kind = {"MPO": "JPEG"}.get(str(picture.format), str(picture.format))
            if _is_cut(kind, data):
                raise NotTurned(f"is cut off: the end of the {kind} file is missing", _AGAIN)
            if kind != "PNG" or _TURN_IN_PNG.search(data):  # else Pillow decodes all to find none
                picture.getexif()  # which tells how to turn the picture upright
            if kind == "PNG":
                Picture.open(io.BytesIO(data), formats=("PNG",)).verify()
            elif kind == "JPEG":
                picture.draft(None, (1, 1))  # an eighth as wide: as good a proof, in less time
            picture.load()
            if kind == "JPEG" and picture.mode == "CMYK" and not picture.info.get("icc_profile"):
                return with_profile(data, design_file("colour/fogra39l.icc").read_bytes())
            if kind in _SHOWN and not picture.mode.startswith("I"):
                return data
            return _png(picture)
    except Picture.DecompressionBombError:
        raise NotTurned("has too many pixels to be read", "make it smaller") from None
    except UnidentifiedImageError:
        if not named:
            return None
        raise NotTurned(f"is a broken {named} file", _AGAIN) from None
    except (OSError, ValueError, SyntaxError, struct.error):  # Pillow's, of files that lie
        raise NotTurned(f"is a broken {named or kind or 'picture'} file", _AGAIN) from None


_AGAIN = "copy or export it again; programs that show it guess what is missing"


@contextmanager
def _strict() -> Iterator[None]:
    """While it lasts, Pillow refuses files that break off, which WeasyPrint tells it to read."""
    lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def _named(data: bytes) -> str:
    """The kind that the first bytes of a file claim, if any."""
    if data[4:8] == b"ftyp" and data[8:12] in _BRANDS:
        return _BRANDS[data[8:12]]
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    return next((kind for start, kind in _SIGNATURES.items() if data.startswith(start)), "")


def _is_cut(kind: str, data: bytes) -> bool:
    """Whether the end of a file is missing, which many programs pass over in silence."""
    if kind == "PNG":
        return b"IEND" not in data[-64:] and b"IEND\xaeB`\x82" not in data
    if kind == "JPEG":  # within a scan, FF is followed by 00 unless it begins a marker
        scan = re.search(rb"\xff\xda", data)
        return scan is None or data.find(b"\xff\xd9", scan.end()) < 0
    if kind == "WEBP":
        return int.from_bytes(data[4:8], "little") + 8 > len(data)
    return False


def with_profile(jpeg: bytes, profile: bytes) -> bytes:
    """A JPEG with a colour profile, its picture untouched (ICC.1:2022, annex B.4).

    Four inks without one are other colours in every program.
    """
    at = 2
    while jpeg[at : at + 2] in (b"\xff\xe0", b"\xff\xe1"):  # JFIF and EXIF come first
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    parts = [profile[start : start + _MOST] for start in range(0, len(profile), _MOST)]
    segments = (
        b"\xff\xe2"
        + (len(part) + 16).to_bytes(2)
        + b"ICC_PROFILE\0"
        + bytes((n, len(parts)))
        + part
        for n, part in enumerate(parts, start=1)
    )
    return b"".join((jpeg[:at], *segments, jpeg[at:]))


_MOST = 65519
"""The most bytes of a profile that a segment of a JPEG holds."""


def _png(picture: Picture.Image) -> bytes:
    """The picture as a PNG, upright, with eight bits to the colour."""
    plain = ImageOps.exif_transpose(picture)
    if plain.mode[0] in "IF":
        plain = _eight_bits(plain)
    elif plain.mode not in _KEPT:
        plain = plain.convert("RGB")
        plain.info.pop("icc_profile", None)  # of the inks that the picture had
    out = io.BytesIO()
    plain.save(out, "PNG", optimize=True)
    return out.getvalue()


def _eight_bits(picture: Picture.Image) -> Picture.Image:
    """A grey picture of 16 or 32 bits with 8. 32 bits span the tones that the picture has."""
    see_through: Any = picture.info.pop("transparency", None)
    deep = picture.convert("F")
    extrema: Any = (0, 65535) if picture.mode.startswith("I;16") else deep.getextrema()
    low, high = extrema
    scale = 255 / ((high - low) or 1)
    grey = deep.point(lambda tone: tone * scale + (0.5 - low * scale)).convert("L")
    if see_through is not None:
        opaque = ImageMath.lambda_eval(lambda of: (of["deep"] != see_through) * 255, deep=deep)
        grey.putalpha(opaque.convert("L"))
    if profile := picture.info.get("icc_profile"):
        grey.info["icc_profile"] = profile
    return grey
