"""Inks: what the colours of the screen become on the press.

In: colours of the pages, in sRGB or Lab, and pictures. Out: parts of cyan, magenta, yellow and
black from 0 to 1 by the ICC profile of the printing condition, or black alone.

Black and grey text is printed in black ink only, since four inks never meet exactly. So are greys,
and lines and areas in the dark colour of the text.
"""

from __future__ import annotations

import functools
import io
from typing import Any

from PIL import Image, ImageCms

from triptych.design import design_file
from triptych.record import Ink

Inks = tuple[float, ...]
"""Cyan, magenta, yellow and black, or one number for a grey, where 1 is white."""

BLACK: Inks = (0.0, 0.0, 0.0, 1.0)
CONDITION = "FOGRA39"

_DARK = 25.0
"""A colour with a lower lightness (L*) than this and hardly any chroma is the text's black."""
_NEARLY_GREY = 15.0
"""The chroma (C*ab) below which text is taken as black or grey."""
_GREY = 1.5
"""The chroma below which anything is grey: eight bits tell no finer."""


def house_profile() -> bytes:
    """The profile of the usual printing condition: offset on coated paper, at most 300 % ink."""
    return design_file("colour/fogra39l.icc").read_bytes()


class Press:
    """A printing condition: turns colours and pictures into inks.

    `profile` is a CMYK output profile. Raises ValueError where it is not.
    """

    def __init__(self, profile: bytes, colour: Ink) -> None:
        self.profile = profile
        self.colour = colour
        try:
            output: Any = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            space, kind = output.profile.xcolor_space.strip(), output.profile.device_class
        except (OSError, ImageCms.PyCMSError) as error:
            raise ValueError(f"it is no ICC profile ({error})") from None
        if space != "CMYK" or kind != "prtr":
            raise ValueError(f"it is a profile of {space} for {kind}, not of CMYK for a press")
        self._output = output
        self._lab: Any = ImageCms.createProfile("LAB")
        self._known: dict[tuple[str, tuple[float, ...], bool], Inks] = {}

    @property
    def space(self) -> str:
        """The colour space of what is printed, by its name in a PDF."""
        return "/DeviceCMYK" if self.colour == "cmyk" else "/DeviceGray"

    def inks(self, mode: str, colour: tuple[float, ...], text: bool) -> Inks:
        """The inks of a colour in `RGB`, from 0 to 1, or `LAB`, of letters where it is `text`."""
        key = (mode, colour, text)
        if key not in self._known:
            self._known[key] = self._mix(mode, colour, text)
        return self._known[key]

    def _mix(self, mode: str, colour: tuple[float, ...], text: bool) -> Inks:
        lab, pixel = self._measure(mode, colour)
        lightness, chroma = lab[0], (lab[1] ** 2 + lab[2] ** 2) ** 0.5
        if chroma < _NEARLY_GREY and lightness < _DARK:
            return BLACK
        if self.colour == "grey" or chroma < (_NEARLY_GREY if text else _GREY):
            return (0.0, 0.0, 0.0, round(1 - tone(lightness), 3))
        source = self._lab if mode == "LAB" else _srgb()
        mixed = ImageCms.applyTransform(pixel, self._transform(source, mode))
        assert mixed is not None
        inks: Any = mixed.getpixel((0, 0))
        return tuple(round(ink / 255, 3) for ink in inks)

    def _measure(self, mode: str, colour: tuple[float, ...]) -> tuple[tuple[float, ...], Any]:
        """A colour as Lab, and as a picture of one pixel."""
        if mode == "LAB":
            a, b = (max(0, min(255, round(part) + 128)) for part in colour[1:])
            return colour, Image.new("LAB", (1, 1), (round(colour[0] * 2.55), a, b))
        values = tuple(round(max(0.0, min(1.0, part)) * 255) for part in colour)
        return lab_of(*values), Image.new("RGB", (1, 1), values)

    def picture(self, image: Image.Image) -> Image.Image:
        """A picture in inks: CMYK, or grey."""
        if image.mode == "CMYK" and self.colour == "cmyk":
            return image
        source = _srgb()
        if image.mode == "CMYK":
            source = self._output
        elif image.mode != "RGB":
            image = image.convert("RGB")
        elif embedded := image.info.get("icc_profile"):
            source = ImageCms.ImageCmsProfile(io.BytesIO(embedded))
        if self.colour == "grey":
            to_srgb = ImageCms.buildTransform(source, _srgb(), image.mode, "RGB")
            seen = ImageCms.applyTransform(image, to_srgb)
            assert seen is not None
            return seen.convert("L")
        printed = ImageCms.applyTransform(image, self._transform(source, image.mode))
        assert printed is not None
        return printed

    @functools.cache  # noqa: B019 - a press lives as long as the file it prints
    def _transform(self, source: Any, mode: str) -> Any:
        """Keep the colours that the press can print, and make the darkest its own darkest."""
        return ImageCms.buildTransform(
            source, self._output, mode, "CMYK",
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )  # fmt: skip


@functools.cache
def _srgb() -> Any:
    return ImageCms.createProfile("sRGB")


def lab_of(red: int, green: int, blue: int) -> tuple[float, float, float]:
    """A colour of sRGB (IEC 61966-2-1), from 0 to 255, as CIE L*a*b* under D65."""
    r, g, b = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (red / 255, green / 255, blue / 255)
    )
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def tone(lightness: float) -> float:
    """The grey of sRGB, from 0 to 1, of this lightness; black ink prints much the same."""
    fy = (lightness + 16) / 116
    y = fy**3 if fy > 0.2069 else (fy - 16 / 116) / 7.787
    return 12.92 * y if y <= 0.0031308 else 1.055 * float(y ** (1 / 2.4)) - 0.055
