"""Contrast: whether text stands out from its background."""

from __future__ import annotations

from functools import lru_cache

Colour = tuple[float, float, float]
"""Red, green and blue, each from 0 to 1."""

PALE = 1.3
"""Text with less contrast than 1.3:1 counts as not seen."""


@lru_cache(maxsize=1024)
def contrast(ink: Colour, ground: Colour) -> float:
    """The contrast ratio, from 1 to 21 (WCAG 2.2, 'contrast ratio')."""
    light, dark = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
