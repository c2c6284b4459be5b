"""Very large bitmaps: made smaller for screens and e-books, and for paper to what its size needs.

In: a picture. Out: the same, or one with fewer pixels and, behind it, one for paper.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from PIL import Image as Picture
from PIL import ImageOps

from triptych.diagnostics import Diagnostic
from triptych.edition import Image
from triptych.resolve.source_map import SourceMap

SCREEN_PIXELS = 5_600_000
"""What a bookshop for e-books allows a picture to have; about 2730 by 2050."""
PAPER_PIXELS_PER_INCH = 600
"""What lines in print need at most; photographs need 300."""
_JPEG_QUALITY = 90
_MM = 25.4


def made_smaller(image: Image, trim_size: tuple[float, float]) -> Image:
    """The picture with no more pixels than screens show, and with one for paper behind it.

    `trim_size` is width and height of the printed page in mm. A picture that is not very large, or
    that moves, stays as it is.
    """
    if image.media_type == "image/svg+xml":
        return image
    with Picture.open(io.BytesIO(image.data)) as picture:
        pixels = picture.width * picture.height
        if pixels <= SCREEN_PIXELS or getattr(picture, "n_frames", 1) > 1:
            return image
        kind = "JPEG" if picture.format in ("JPEG", "MPO") else "PNG"
        upright = ImageOps.exif_transpose(picture)
    if upright.mode in ("1", "P"):
        upright = upright.convert("RGBA" if "transparency" in upright.info else "RGB")
    width, height = (side / _MM * PAPER_PIXELS_PER_INCH for side in trim_size)
    paper = min(1.0, min(width / upright.width, height / upright.height))
    printed = image if paper == 1.0 else _scaled(image, upright, paper, kind)
    shown = _scaled(image, upright, math.sqrt(SCREEN_PIXELS / pixels), kind)
    return replace(shown, printed=printed)


def _scaled(image: Image, picture: Picture.Image, scale: float, kind: str) -> Image:
    """The picture scaled, as JPEG or as PNG: as what it was, or whichever is smaller."""
    size = (round(picture.width * scale), round(picture.height * scale))
    smaller = picture.resize(size, Picture.Resampling.LANCZOS, reducing_gap=3.0)
    profile = picture.info.get("icc_profile")
    files: list[tuple[str, bytes]] = []
    for each in ("JPEG",) if kind == "JPEG" else ("PNG", "JPEG"):
        if each == "JPEG" and smaller.mode not in ("L", "RGB", "CMYK"):
            continue
        out = io.BytesIO()
        how = {"quality": _JPEG_QUALITY, "subsampling": 0} if each == "JPEG" else {}
        smaller.save(out, each, icc_profile=profile, **how)
        files.append((f"image/{each.lower()}", out.getvalue()))
    media_type, data = min(files, key=lambda file: len(file[1]))
    return replace(image, media_type=media_type, data=data)


def told_large(
    large: Sequence[tuple[str, int | None]], source_map: SourceMap
) -> Iterator[Diagnostic]:
    """Tell once of all pictures that were made smaller, given their paths and places."""
    if not large:
        return
    names = ", ".join(dict.fromkeys(path for path, _ in large))
    said = f"pictures {names} have" if len(large) > 1 else f"picture {names} has"
    first, *others = (
        source_map.diagnostic(
            offset, "figure-large",
            f"the {said} more than {SCREEN_PIXELS / 1e6:.1f} million pixels: screens and e-books "
            "get fewer",
            "nothing, if this is intended; else give a smaller picture", "warning",
        )
        for _, offset in large
    )  # fmt: skip
    yield replace(first, places=tuple(other.place for other in others))
