"""Counters: a number as lists print it (CSS Counter Styles 3, 6), by the names of CSS."""

from __future__ import annotations

from string import ascii_lowercase

_PLACES = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_ROMAN = tuple(
    tuple(place.translate(str.maketrans("ivx", letters)) for place in _PLACES)
    for letters in ("m  ", "cdm", "xlc", "ivx")
)
"""The digits of thousands, hundreds, tens and ones; there are no more than three thousand."""


def counter(number: int, style: str) -> str:
    """What stands before an item: the number and its stop; empty for a style that is not known."""
    wide = number > 0 and style.endswith(("-alpha", "-latin"))
    roman = 0 < number < 4000 and style.endswith("-roman")
    if style == "decimal-leading-zero":
        return f"{number:02}."
    if not style.endswith(("-alpha", "-latin", "-roman")) and style != "decimal":
        return ""
    said = _letters(number) if wide else _roman(number) if roman else str(number)
    return f"{said.upper() if style.startswith('upper') else said}."


def _letters(number: int) -> str:
    said = ""
    while number:
        said = ascii_lowercase[(number - 1) % 26] + said
        number = (number - 1) // 26
    return said


def _roman(number: int) -> str:
    digits = map(int, f"{number:04}")
    return "".join(place[digit] for place, digit in zip(_ROMAN, digits, strict=True)).strip()
