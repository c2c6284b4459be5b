"""Pictures drawn small, from the bytes that a finished file has of them.

In: the bytes of a picture, or the elements of a drawing. Out: a `Miniature`. Drawings are drawn
without their words, which are read and proven as words.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from typing import Any
from xml.etree import ElementTree as ET

import resvg_py
from PIL import Image, ImageCms, ImageOps

from triptych.witness.reading import Miniature

SIDE = 64
"""The longer side of a miniature, in pixels."""
FINE = 12
"""How many times larger a picture is drawn at first, so that thin lines keep their weight."""
_SIZES = frozenset("width height x y preserveAspectRatio aria-label role".split())
"""What only says where and how large a drawing stands."""
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
_PX = {"pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_UNDRAWN = re.compile(r"var\(|transform-(?:origin|box)|(?<!text-)transform\s*:|paint-order|animate")
"""What resvg does not draw as browsers do: a look cannot be told."""
_DECLARES = "{http://www.w3.org/2000/xmlns/}"
_WORDS = ("desc", "metadata", "text", "title")
_LINKS = ("href", "{http://www.w3.org/1999/xlink}href")


_KEPT = 256
"""So many miniatures are kept: the files of an edition hold the same pictures."""
_MADE: dict[bytes, Miniature | None] = {}


def _once(data: bytes, make: Callable[[], Miniature | None]) -> Miniature | None:
    """The miniature of what is given by `data`, made once."""
    digest = sha256(data).digest()
    if digest not in _MADE:
        if len(_MADE) >= _KEPT:
            del _MADE[next(iter(_MADE))]
        _MADE[digest] = make()
    return _MADE[digest]


def of_bitmap(data: bytes) -> Miniature | None:
    """A bitmap as screens show it; None if it cannot be drawn."""
    return _once(data, partial(_decoded, data))


def _decoded(data: bytes) -> Miniature | None:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            picture.draft(None, (SIDE * FINE, SIDE * FINE))
            profile = picture.info.get("icc_profile")
            upright = ImageOps.exif_transpose(picture)
        return small(_in_srgb(upright, profile))
    except (OSError, ValueError, SyntaxError, struct.error, Image.DecompressionBombError):
        return None


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if not profile or picture.mode not in ("RGB", "CMYK", "L"):
        return picture
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, own, srgb, outputMode="RGB") or picture
    except (ImageCms.PyCMSError, OSError):
        return picture


def of_drawing(root: Any) -> Miniature | None:
    """A drawing, given as its element; None if it cannot be drawn."""
    box = _view(root)
    if box is None or min(box[2:]) <= 0:
        return None
    bare = _without_words(root)
    for name in _SIZES & bare.attrib.keys():
        del bare.attrib[name]
    bare.set("viewBox", " ".join(f"{edge:g}" for edge in box))
    markup, wide = ET.tostring(bare, encoding="unicode"), box[2] >= box[3]
    if _UNDRAWN.search(markup):
        return None
    return _once(f"{wide} {markup}".encode(), partial(_drawn, markup, wide))


def _without_words(element: Any) -> ET.Element:
    """A copy of a drawing without its words, and without what names other files."""
    copy = ET.Element(
        element.tag,
        {
            name: value
            for name, value in element.attrib.items()
            if not name.startswith(_DECLARES)
            and (name not in _LINKS or value.strip().startswith(("#", "data:")))
        },
    )
    copy.text = element.text
    copy.extend(
        _without_words(child)
        for child in element
        if isinstance(child.tag, str) and child.tag.rpartition("}")[2] not in _WORDS
    )
    return copy


def _view(root: Any) -> tuple[float, ...] | None:
    """What a drawing shows of its plane: x, y, width, height."""
    found = re.findall(rf"({_NUMBER})({'|'.join(_PX)})?(?=[\s,]|px|$)", _said_view(root))
    box = tuple(float(number) * _PX.get(unit, 1.0) for number, unit in found)
    return box if len(box) == 4 else None


def _said_view(root: Any) -> str:
    return str(root.get("viewBox") or f"0 0 {root.get('width', '')} {root.get('height', '')}")


def _drawn(markup: str, wide: bool) -> Miniature | None:
    try:
        png = resvg_py.svg_to_bytes(
            svg_string=markup, skip_system_fonts=True, dpi=96,
            width=SIDE * FINE if wide else None, height=None if wide else SIDE * FINE,
        )  # fmt: skip
    except ValueError:
        return None
    return small(Image.open(io.BytesIO(png)))


def small(picture: Image.Image, finer: int = 1) -> Miniature:
    """A picture made small, on white: its longer side has `SIDE` pixels, or `finer` times as many.

    A finer one has a whole number of pixels for each of the other, so that a thin line that falls
    between two of these is shared out alike.
    """
    if picture.has_transparency_data:
        seen = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
    share = SIDE / max(picture.size)
    size = (
        finer * max(1, round(picture.width * share)),
        finer * max(1, round(picture.height * share)),
    )
    made = picture.convert("RGB").resize(size, Image.Resampling.BOX)
    return Miniature(size, made.tobytes())
