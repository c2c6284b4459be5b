"""Pictures drawn small, as the edition manifest keeps them: what each looks like in every file.

In: an `Image` of the edition. Out: a PNG, in base64, of the picture without the words of drawings.
"""

from __future__ import annotations

import base64
import io
import re

import resvg_py
from lxml import etree
from PIL import Image as Picture
from PIL import ImageCms, ImageOps

from triptych.edition import Image

_SIDE = 64
"""The longer side, in pixels."""
_DRAWN = 768
"""The longer side as drawn at first: thin lines then keep their weight."""
_PX = {"pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_UNDRAWN = re.compile(
    rb"var\(|transform-(origin|box)|(?<!text-)transform\s*:|paint-order|<animate|<set\b"
)
"""What resvg does not draw, or not as browsers do."""


def miniature(image: Image) -> str:
    """The picture as a small PNG in base64; nothing where it cannot be drawn."""
    drawing = image.media_type == "image/svg+xml"
    picture = _of_svg(image.data) if drawing else _of_bitmap(image.data)
    if picture is None:
        return ""
    if picture.has_transparency_data:
        shown = picture.convert("RGBA")
        picture = Picture.new("RGBA", shown.size, "white")
        picture.alpha_composite(shown)
    share = _SIDE / max(picture.size)
    size = max(1, round(picture.width * share)), max(1, round(picture.height * share))
    out = io.BytesIO()
    picture.convert("RGB").resize(size, Picture.Resampling.BOX).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def _of_svg(data: bytes) -> Picture.Image | None:
    if _UNDRAWN.search(data):
        return None
    root = etree.fromstring(data)
    view = root.get("viewBox")
    sides = view.replace(",", " ").split()[2:] if view else [root.get("width"), root.get("height")]
    try:
        width, height = (_px(side or "") for side in sides)
        if view is None:
            root.set("viewBox", f"0 0 {width:g} {height:g}")
        for name in ("width", "height", "preserveAspectRatio"):
            root.attrib.pop(name, None)
        drawn = resvg_py.svg_to_bytes(
            svg_string=etree.tostring(root, encoding="unicode"), skip_system_fonts=True, dpi=96,
            width=_DRAWN if width >= height else None, height=None if width >= height else _DRAWN,
        )  # fmt: skip
    except ValueError:
        return None
    return Picture.open(io.BytesIO(drawn))


def _px(length: str) -> float:
    """A length in px. Raises ValueError where it is none."""
    number = length.rstrip("abcdefghijklmnopqrstuvwxyz ")
    unit = length[len(number) :].strip()
    if unit not in ("", "px", *_PX):
        raise ValueError(unit)
    return float(number) * _PX.get(unit, 1.0)


def _of_bitmap(data: bytes) -> Picture.Image | None:
    try:
        with Picture.open(io.BytesIO(data)) as opened:
            opened.draft(None, (_DRAWN, _DRAWN))
            profile = opened.info.get("icc_profile")
            picture = ImageOps.exif_transpose(opened)
    except (OSError, ValueError):
        return None
    if profile and picture.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            screen = ImageCms.createProfile("sRGB")
            done = ImageCms.profileToProfile(picture, source, screen, outputMode="RGB")
            return done or picture
        except (ImageCms.PyCMSError, OSError):
            pass
    return picture
