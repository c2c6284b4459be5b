r"""Colours as TeX names them: the argument of `\color` in, a legible colour out.

In: a model and a colour of the package xcolor, and the colours that the work defines. Out: red,
green and blue, or nothing; and the nearest colour that is legible on a light or dark background.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping

Rgb = tuple[float, float, float]
"""Red, green and blue, from 0 to 1."""

_NAMED: dict[str, str] = {
    # The colours that xcolor always has.
    "black": "000000", "blue": "0000ff", "brown": "bf8040", "cyan": "00ffff", "darkgray": "404040",
    "gray": "808080", "green": "00ff00", "lightgray": "bfbfbf", "lime": "bfff00",
    "magenta": "ff00ff", "olive": "808000", "orange": "ff8000", "pink": "ffbfbf",
    "purple": "bf0040", "red": "ff0000", "teal": "008080", "violet": "800080", "white": "ffffff",
    "yellow": "ffff00",
    # The colours of its option dvipsnames that occur in papers.
    "BrickRed": "b6321c", "Red": "ed1b23", "RedOrange": "f26035", "BurntOrange": "f7921d",
    "Orange": "f58137", "Goldenrod": "ffdf42", "Yellow": "fff200", "LimeGreen": "8dc73e",
    "ForestGreen": "009b55", "OliveGreen": "3c8031", "Green": "00a64f", "PineGreen": "008b72",
    "TealBlue": "00aeb3", "Cyan": "00aeef", "Cerulean": "00a2e3", "CornflowerBlue": "41b0e4",
    "RoyalBlue": "0071bc", "NavyBlue": "006eb8", "Blue": "2d2f92", "MidnightBlue": "006795",
    "Periwinkle": "7977b8", "Plum": "92268f", "Purple": "99479b", "Violet": "58429b",
    "Magenta": "ec008c", "RubineRed": "ed017d", "WildStrawberry": "ee2967", "Maroon": "af3235",
    "Mahogany": "a9341f", "Brown": "792500", "Sepia": "671800", "Gray": "949698",
    "Black": "221e1f", "White": "ffffff",
}  # fmt: skip

_DEFINITION = re.compile(
    r"\\(?:definecolor|providecolor)\s*\{([^{}]+)\}\s*\{([^{}]+)\}\s*\{([^{}]+)\}"
    r"|\\colorlet\s*\{([^{}]+)\}\s*\{([^{}]+)\}"
)


def defined_colours(text: str) -> dict[str, Rgb]:
    r"""The colours that a text defines with `\definecolor` and `\colorlet`."""
    defined: dict[str, Rgb] = {}
    for found in _DEFINITION.finditer(text):
        name, model, value = (
            (found[1], found[2], found[3]) if found[1] else (found[4], "", found[5])
        )
        colour = read_colour(model, value, defined)
        if colour is not None:
            defined[name.strip()] = colour
    return defined


def read_colour(model: str, value: str, defined: Mapping[str, Rgb]) -> Rgb | None:
    """A colour of xcolor: by model, by name, or mixed as `red!50!black`; None if not known."""
    if model:
        return _of_model(model.strip(), [part.strip() for part in value.split(",")])
    parts = value.strip().split("!")
    mixed = _named(parts[0], defined)
    for share, other in zip(parts[1::2], [*parts[2::2], "white"], strict=False):
        second = _named(other, defined)
        if mixed is None or second is None or not re.fullmatch(r"[\d.]+", share):
            return None
        part = min(float(share) / 100, 1.0)
        mixed = _blend(mixed, second, part)
    return mixed


def _named(name: str, defined: Mapping[str, Rgb]) -> Rgb | None:
    name = name.strip()
    if name in defined:
        return defined[name]
    web = re.fullmatch(r"#([0-9A-Fa-f]{6})", name)
    return _of_hex(web[1] if web else _NAMED.get(name, ""))


def _of_hex(digits: str) -> Rgb | None:
    if not re.fullmatch(r"[0-9A-Fa-f]{6}", digits):
        return None
    red, green, blue = (int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4))
    return red, green, blue


def _of_model(model: str, values: list[str]) -> Rgb | None:
    if model == "HTML":
        return _of_hex(values[0])
    if not all(re.fullmatch(r"\d*\.?\d+", value) for value in values):
        return None
    numbers = [float(value) for value in values]
    if model == "RGB":
        numbers = [number / 255 for number in numbers]
    if model == "gray" and len(numbers) == 1:
        numbers *= 3
    if model == "cmyk" and len(numbers) == 4:
        numbers = [(1 - ink) * (1 - numbers[3]) for ink in numbers[:3]]
    if len(numbers) != 3 or model not in ("rgb", "RGB", "gray", "cmyk") or max(numbers) > 1:
        return None
    return numbers[0], numbers[1], numbers[2]


def _blend(one: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (a * share + b * (1 - share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def hexadecimal(colour: Rgb) -> str:
    """A colour as HTML writes it."""
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)


_LIGHT: Rgb = (0.984, 0.976, 0.957)
_DARK: Rgb = (0.086, 0.098, 0.122)
"""The backgrounds of the web edition, light and dark."""
_INK: tuple[Rgb, Rgb] = ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
_ENOUGH = 4.55
"""WCAG 2.2, 1.4.3: 4.5 to 1, and a little more for rounding."""


def legible(colour: Rgb, dark: bool) -> Rgb:
    """The colour, darkened or lightened until it is legible on its background."""
    ground = _DARK if dark else _LIGHT
    hue, light, depth = colorsys.rgb_to_hls(*colour)
    steps = range(101) if dark else range(0, -101, -1)
    shades = (
        colour if step == 0 else colorsys.hls_to_rgb(hue, light + step / 100, depth)
        for step in steps
        if 0 <= light + step / 100 <= 1
    )
    return next((s for s in shades if contrast(s, ground) >= _ENOUGH), _INK[dark])


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast of two colours (WCAG 2.2, contrast ratio)."""
    lights = sorted(map(_luminance, (one, other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour: Rgb) -> float:
    parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
