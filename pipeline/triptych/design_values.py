"""Values of a design as they are written: lengths, numbers, colours, and one of several words.

Each function notes what it does not understand in `problems`, and then gives the empty value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from triptych.people import FieldProblem

_MM = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72}
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*(mm|cm|in|pt)\s*", re.I)
_PAPER = "#fbf9f4"
_CONTRAST = 4.5
"""What text must have to be legible for all (WCAG 2.2, 1.4.3)."""


def lengths(
    name: str, asked: Mapping[str, Any], bounds: tuple[float, float], problems: list[FieldProblem]
) -> dict[str, float]:
    """The margins `asked` for in mm, by side; `name` is the setting that they are in."""
    found: dict[str, float] = {}
    low, high = bounds
    for side, written in asked.items():
        match = _LENGTH.fullmatch(str(written))
        length = float(match[1]) * _MM[match[2].lower()] if match else 0.0
        if low <= length <= high:
            found[side] = round(length, 3)
        else:
            told = f"a margin cannot be {str(written).strip()!r}"
            hint = f'write one from {low:g} to {high:g} mm, such as "22mm"'
            problems.append(FieldProblem(name, told, hint))
    return found


def number(
    name: str, value: Any, unit: str, bounds: tuple[float, float], problems: list[FieldProblem]
) -> float:
    """A number, perhaps with its unit; 0 where there is none or it is out of bounds."""
    if value is None:
        return 0.0
    low, high = bounds
    written = str(value).strip().removesuffix(unit).strip()
    found = float(written) if re.fullmatch(r"\d+(?:\.\d+)?", written) else 0.0
    if low <= found <= high:
        return round(found, 4)
    told = f"`{name}` cannot be {value!r}"
    problems.append(FieldProblem(name, told, f"write a number from {low:g} to {high:g}"))
    return 0.0


def colour(name: str, value: Any, problems: list[FieldProblem]) -> str:
    """A colour as `#rrggbb`, if text in it is legible on paper."""
    from coloraide import Color

    if value is None:
        return ""
    try:
        found = Color(str(value)).convert("srgb").clip()
    except ValueError:
        told = f"{value!r} is no colour"
        problems.append(FieldProblem(name, told, 'write one as CSS does: "#8c2f2b"'))
        return ""
    contrast = found.contrast(_PAPER)
    if contrast < _CONTRAST:
        told = f"text in {value} on paper has a contrast of {contrast:.1f} : 1"
        problems.append(FieldProblem(name, told, f"take a darker one: {_CONTRAST} : 1 or more"))
        return ""
    return str(found.to_string(hex=True, alpha=False))


def one_of(
    name: str, value: Any, words: Sequence[str], problems: list[FieldProblem], default: str = ""
) -> str:
    """The one of some words that is written; `default` where there is none or it is another."""
    if value is None:
        return default
    written = str(value).strip().lower()
    if written in words:
        return written
    told = f"`{name}` cannot be {value!r}"
    problems.append(FieldProblem(name, told, meant(written, words)))
    return default


def meant(written: str, words: Sequence[str]) -> str:
    """What a writer of something unknown is told: the nearest word, or all there are."""
    near = get_close_matches(written, words, 1, 0.7)
    return f"did you mean `{near[0]}`?" if near else f"it may be {', '.join(words)}"
