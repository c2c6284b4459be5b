"""What is painted: fonts, colours, overprint, inks, lines and pictures."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf
from fontTools.ttLib import TTFont, TTLibError
from PIL import Image

from triptych.preflight.content import Paint
from triptych.preflight.page import box_of
from triptych.witness.geometry import Box, common
from triptych.witness.pdf.fonts import read_font

_MOST_INK = 3.2
_THINNEST = 0.25
_SMALL_TYPE = 14.0
"""Smaller text, in points, shows first when the plates are out of register."""
_NARROW = 0.002
"""Widths that differ by less, in em, count as equal."""
_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_KNOWN = {
    "CMYK": ("DeviceCMYK", "DeviceGray"),
    "grey": ("DeviceGray",),
    "RGB": ("DeviceRGB", "DeviceGray"),
}
_INKS = ("DeviceCMYK", "DeviceGray", "Pattern", "Separation", "DeviceN")


def breaches_of_paints(
    page: pikepdf.Page, painted: list[Paint], intent: str, resolution: int
) -> Iterator[tuple[str, str]]:
    """What is wrong with what a page paints, for a printing condition with the colours `intent`."""
    bleed = box_of(page, "/BleedBox") or box_of(page, "/MediaBox") or (0, 0, 0, 0)
    yield from _fonts(painted)
    for paint in painted:
        if paint.box[0] > paint.box[2] or paint.box[1] > paint.box[3]:
            continue  # none of it is seen
        yield from _colour(paint, intent)
        yield from _overprint(paint)
        yield from _ink(paint)
        if paint.colour.space == "Separation All" and _overlap(paint.box, bleed):
            yield "marks", "a mark for all plates stands in the bleed"
        if paint.kind == "stroke" and paint.size < _THINNEST - 0.001:
            yield "hairline", f"a line of {paint.size:.2f} pt"
        if paint.kind == "fill" and 0 < paint.size < _THINNEST - 0.05 and _long(paint.box):
            yield "hairline", f"an area of {paint.size:.2f} pt"
        if paint.kind == "image" and paint.picture is not None:
            yield from _picture(paint, resolution)


def _fonts(painted: Iterable[Paint]) -> Iterator[tuple[str, str]]:
    shown: dict[tuple[int, int], tuple[Any, set[bytes]]] = {}
    for paint in painted:
        if paint.kind != "text":
            continue
        if paint.font is None:
            yield "font", "text in no font"
        else:
            shown.setdefault(paint.font.objgen, (paint.font, set()))[1].update(paint.strings)
    for font, strings in shown.values():
        name = font.get("/BaseFont", pikepdf.Name("/?")).unparse().decode("latin-1")[1:]
        if not _embedded(font):
            yield "font", f"{name} is not embedded"
        else:
            for rule, message in _glyphs(font, strings):
                yield rule, f"{name} {message}"


def _glyphs(font: Any, strings: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    """What is wrong with the glyphs of a composite TrueType font (ISO 32000-1, 9.7.4)."""
    read = read_font(font)
    kinds = {below.get("/Subtype") for below in font.get("/DescendantFonts", [])}
    if kinds != {"/CIDFontType2"} or read.mapped:
        return
    try:
        program = TTFont(io.BytesIO(read.program), lazy=True)
        scale = program["head"].unitsPerEm
        widths = [program["hmtx"][name][0] for name in program.getGlyphOrder()]
    except (TTLibError, KeyError, AssertionError, struct.error) as error:
        yield "font", f"cannot be read: {error}"
        return
    codes = {code: advance for string in strings for code, advance, _, _ in read.read(string)}
    glyphs = {code: read.glyph_of.get(code, 0) if read.glyph_of else code for code in codes}
    missing = [code for code, glyph in glyphs.items() if not 0 < glyph < len(widths)]
    if missing:
        yield "glyph-missing", f"has no glyph for {len(missing)} of the codes shown"
    wrong = [
        code
        for code, glyph in glyphs.items()
        if 0 < glyph < len(widths) and abs(codes[code] - widths[glyph] / scale) > _NARROW
    ]
    if wrong:
        yield "font-widths", f"has {len(wrong)} letters of another width than the file says"


def _embedded(font: Any) -> bool:
    if font.get("/Subtype") == "/Type3":
        return True  # its glyphs are content streams of the file
    for described in [font, *font.get("/DescendantFonts", [])]:
        descriptor = described.get("/FontDescriptor", {})
        if any(isinstance(descriptor.get(name), pikepdf.Stream) for name in _FONT_FILES):
            return True
    return False


def _colour(paint: Paint, intent: str) -> Iterator[tuple[str, str]]:
    space = paint.colour.space
    base = space.removeprefix("Indexed ")
    known = _KNOWN.get(intent, (base,))  # for an unknown press, any colour may be right
    if base.startswith("Device") and base != "DeviceN" and base not in known:
        yield "colour", f"{_what(paint)} in {base}, for a press of {intent}"
    elif base == "unknown":
        yield "colour", f"{_what(paint)} in a colour space that is not there"
    elif not base.startswith(_INKS):
        yield "inks", f"{_what(paint)} in {space}"


def _overprint(paint: Paint) -> Iterator[tuple[str, str]]:
    if not paint.overprint or paint.colour.space == "Separation All":
        return
    inks = paint.colour.inks
    nothing = inks is not None and max(inks) <= 0.001
    if nothing and (paint.overprint_mode == 1 or paint.colour.space == "DeviceGray"):
        yield "overprint-white", f"{_what(paint)} is white and overprints"
    if paint.colour.space == "ICCBased 4" and paint.overprint_mode == 1:
        yield "overprint-mode", f"{_what(paint)} in {paint.colour.space}"
    if paint.kind == "text" and inks is not None and inks != (0, 0, 0, 1) and not nothing:
        yield "overprint-text", "text that is not black overprints"


def _ink(paint: Paint) -> Iterator[tuple[str, str]]:
    inks = paint.colour.inks
    if inks is None:
        return
    if sum(inks) > _MOST_INK + 0.001:
        yield "ink-coverage", f"{_what(paint)} of {100 * sum(inks):.0f} % ink"
    if paint.kind == "text" and paint.size < _SMALL_TYPE and _is_grey(inks) and max(inks[:3]) > 0:
        shown = ", ".join(f"{100 * ink:.0f}" for ink in inks)
        yield "black-text", f"text of {paint.size:.1f} pt in inks {shown} %"


def _is_grey(inks: tuple[float, float, float, float]) -> bool:
    """Whether inks together look black or grey, but not white."""
    red, green, blue = ((1 - ink) * (1 - inks[3]) for ink in inks[:3])
    return max(red, green, blue) - min(red, green, blue) < 0.13 and max(red, green, blue) < 0.75


def _picture(paint: Paint, resolution: int) -> Iterator[tuple[str, str]]:
    picture, (across, up) = paint.picture, paint.extent
    wide, high = int(picture.get("/Width", 0)), int(picture.get("/Height", 0))
    if across <= 0 or up <= 0 or min(wide, high) < 2:
        return
    found = min(wide / across, high / up) * 72
    if picture.get("/BitsPerComponent") == 1 or picture.get("/ImageMask"):
        resolution *= 2  # its edges are not softened by greys
    if found < resolution - 0.5:
        yield "resolution", f"a picture of {found:.0f} pixels to the inch, not {resolution}"
    if paint.colour.space == "DeviceCMYK":
        heavy = _heaviest(picture)
        if heavy > _MOST_INK + 0.01:
            yield "ink-coverage", f"a picture of up to {100 * heavy:.0f} % ink"


def _heaviest(picture: Any) -> float:
    """The amount of ink that a hundredth of a picture exceeds."""
    try:
        image = pikepdf.PdfImage(picture).as_pil_image(apply_mask=False)
    except (pikepdf.PikepdfError, NotImplementedError, ValueError, OSError):
        return 0.0
    if image.mode != "CMYK":
        return 0.0
    image.thumbnail((400, 400), Image.Resampling.BOX)
    # JPEGs by Adobe are read with inverted inks, whatever the Decode array says.
    turned = "adobe" in image.info
    inverted = list(picture.get("/Decode", [])) == [1, 0] * 4
    data = image.tobytes()
    sums = sorted(map(sum, zip(*(data[ink::4] for ink in range(4)), strict=True)))
    if turned != inverted:
        sums = [4 * 255 - total for total in reversed(sums)]
    return sums[int(len(sums) * 0.99)] / 255 if sums else 0.0


def _what(paint: Paint) -> str:
    return {
        "image": "a picture",
        "shading": "a gradient",
        "stroke": "a line",
        "fill": "an area",
    }.get(paint.kind, "text")


def _overlap(one: Box, other: Box) -> bool:
    shared = common(one, other)
    return shared[0] <= shared[2] and shared[1] <= shared[3]


def _long(box: Box) -> bool:
    """Whether an area is long and thin, like a rule."""
    return max(box[2] - box[0], box[3] - box[1]) > 10
