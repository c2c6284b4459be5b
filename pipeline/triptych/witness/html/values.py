"""Values in style sheets: lengths, numbers and colours. None means not known."""

from __future__ import annotations

import re
from collections.abc import Mapping

import tinycss2
from tinycss2 import color5

Rgba = tuple[float, float, float, float]
"""Red, green, blue and alpha, each from 0 to 1."""

KEPT = frozenset("inherit unset revert revert-layer".split())
"""Values that change nothing (CSS Cascading 5, 7.3)."""

_VAR = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*(?:\([^()]*\)[^()]*)*))?\)")


def resolved(value: str, custom: Mapping[str, str]) -> str:
    """A value with its custom properties replaced (CSS Variables 1)."""
    if "var(" not in value:
        return value
    for _ in range(8):
        new = _VAR.sub(lambda m: custom.get(m[1], (m[2] or m[0]).strip()), value)
        if new == value:
            break
        value = new
    return value


def number(value: str) -> float | None:
    """A number, or a percentage as a fraction of one."""
    try:
        return float(value[:-1]) / 100 if value.endswith("%") else float(value)
    except ValueError:
        return None


_LENGTH = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+))(px|em|rem|pt|ex|ch|vw|vh|mm|cm|in|%|)$")
_UNITS = {
    "px": 1.0, "": 1.0, "rem": 16.0, "pt": 4 / 3, "vw": 12.8, "vh": 8.0, "mm": 3.78, "cm": 37.8,
    "in": 96.0,
}  # fmt: skip


def length(value: str, em: float) -> float | None:
    """A length in px (CSS Values 4, 6); percentages are of 1000 px.

    `clamp` counts as its minimum; `min` and `max` are computed.
    """
    value = value.strip()
    name, bracket, inside = value.partition("(")
    if bracket and name in ("clamp", "min", "max") and "(" not in inside:
        parts = [length(part, em) for part in inside.rstrip(")").split(",")]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return known[0] if name == "clamp" and parts[0] is not None else None
        return {"clamp": known[0], "min": min(known), "max": max(known)}[name]
    match = _LENGTH.match(value)
    if not match:
        return None
    size, unit = float(match[1]), match[2]
    if unit in ("em", "ex", "ch"):
        return size * em * (1.0 if unit == "em" else 0.5)
    return size * 10 if unit == "%" else size * _UNITS[unit]


_SIZES = {
    "xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0,
    "x-large": 24.0, "xx-large": 32.0, "xxx-large": 48.0, "initial": 16.0,
}  # fmt: skip


def type_size(value: str, above: float) -> float | None:
    """A type size in px; `above` is that of the parent."""
    if value in ("inherit", "unset", "revert"):
        return above
    if value in ("smaller", "larger"):
        return above * (0.83 if value == "smaller" else 1.2)
    if value in _SIZES:
        return _SIZES[value]
    if value.endswith("%"):
        part = number(value)
        return None if part is None else above * part
    return length(value, above)


_FONT = re.compile(
    r"(?:^|\s)(?P<size>[\d.]+(?:px|em|rem|pt|%|vw)|(?:xx?-)?small|medium|(?:xx?-)?large|smaller|"
    r"larger|0|(?:clamp|min|max|calc)\([^()]*\))(?:\s*/\s*(?P<line>[\w.%]+))?\s+(?P<family>\S.*)$"
)


def parts_of_font(value: str) -> dict[str, str]:
    """The parts of a `font` that matter (CSS Fonts 4, 2.7)."""
    match = _FONT.search(value)
    if not match:
        return dict.fromkeys(("font-size", *_FACE), value)
    line = match["line"] or "normal"
    parts = {"font-size": match["size"], "line-height": line, "font-family": match["family"]}
    for part, words in _FACE.items():
        found = re.search(words, value[: match.start("size")].lower())
        parts[part] = found[0] if found else "normal"
    return parts


_FACE = {
    "font-style": r"\b(?:italic|oblique)\b",
    "font-weight": r"\b(?:bold|bolder|lighter|[1-9]\d*)\b(?!deg)",
    "font-variant-caps": r"\bsmall-caps\b",
}


def first_family(value: str) -> str:
    """The first family of a list, in lower case."""
    return value.split(",")[0].strip().strip("\"'").lower()


def colour(value: str, dark: bool) -> Rgba | None:
    """A colour; None if it is not known from the page alone."""
    value = value.strip()
    mixed = _MIX.match(value)
    if mixed:
        return _mixed(mixed, dark)
    try:
        parsed = color5.parse_color(value, color_schemes=["dark" if dark else "light"])
        if parsed is None or isinstance(parsed, str):
            return None
        converted = parsed.to("srgb")
    except (TypeError, ValueError, NotImplementedError, AttributeError):
        return None
    red, green, blue = (float(part or 0.0) for part in converted.coordinates)
    return red, green, blue, float(1.0 if converted.alpha is None else converted.alpha)


_MIX = re.compile(
    r"color-mix\(\s*in\s+srgb\s*,\s*(?P<one>[^%]+?)\s+(?P<part>[\d.]+)%\s*,\s*(?P<other>[^%]+?)\s*\)$"
)


def _mixed(match: re.Match[str], dark: bool) -> Rgba | None:
    """A mixture in sRGB, by alpha (CSS Color 5, 3)."""
    one, other, part = (
        colour(match["one"], dark),
        colour(match["other"], dark),
        float(match["part"]),
    )
    if one is None or other is None:
        return None
    p = part / 100
    alpha = one[3] * p + other[3] * (1 - p)
    if not alpha:
        return 0.0, 0.0, 0.0, 0.0
    red, green, blue = (
        (a * one[3] * p + b * other[3] * (1 - p)) / alpha
        for a, b in zip(one[:3], other[:3], strict=True)
    )
    return red, green, blue, alpha


def colour_word(background: str) -> str:
    """The colour in the value of a `background`; `transparent` if there is none."""
    for token in tinycss2.parse_component_value_list(background):
        word = str(tinycss2.serialize([token]))
        if colour(word, False) is not None or word == "currentcolor":
            return word
    return "transparent"


def over(upper: Rgba, lower: Rgba) -> Rgba:
    """The colour that is seen where one colour is over another."""
    alpha = upper[3]
    red, green, blue = (
        u * alpha + v * (1 - alpha) for u, v in zip(upper[:3], lower[:3], strict=True)
    )
    return red, green, blue, 1.0
