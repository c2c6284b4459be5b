"""The design of a work's own: margins, type and colour, where they are not the house's.

In: the fields of the edition record or of front matter: the table `design`, and the names by which
Pandoc's users ask for the same. Out: a `PageDesign`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from triptych.people import FieldProblem

TYPE_SIZE = 9.8
"""The size of the text in points, where nothing else is asked for."""
_MM = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72}
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*(mm|cm|in|pt)\s*", re.I)
_MARGINS = (12.0, 90.0)
"""The least and the most that a margin may be, in mm: heads and page numbers stand in them."""
_TYPE_SIZES = (7.0, 20.0)
_LEADINGS = (1.1, 2.5)
_OF_LATEX = 1.2
"""What LaTeX's leading is to the size of type, before `linestretch` stretches it."""
_PAPER = "#fbf9f4"
_CONTRAST = 4.5
"""What text must have to be legible for all (WCAG 2.2, 1.4.3)."""


@dataclass(frozen=True, slots=True)
class PageMargins:
    """The margins of a page in mm. Of facing pages, the inner ones meet in the fold."""

    top: float = 23.0
    inner: float = 22.0
    bottom: float = 25.0
    outer: float = 18.0


@dataclass(frozen=True, slots=True)
class PageDesign:
    """What a work asks for: what is 0 or empty is as the house has it.

    `type_size` is that of the text, in points, and `leading` the distance of its lines, as a
    multiple of that. `accent` is the colour of labels and numbers, as `#rrggbb`.
    """

    margins: PageMargins = field(default_factory=PageMargins)
    type_size: float = 0.0
    leading: float = 0.0
    accent: str = ""


def read_design(fields: Mapping[str, Any], problems: list[FieldProblem]) -> PageDesign:
    """The design that fields ask for. What is not understood is noted, and left as it is.

    What Pandoc's users ask LaTeX for is a wish: where it cannot be followed, they are warned.
    """
    table = fields.get("design")
    if table is not None and not isinstance(table, Mapping):
        problems.append(FieldProblem("design", "`design` must be a table", "write [design]"))
        table = None
    own, wishes = dict(table or {}), list[FieldProblem]()
    known = f"it has {', '.join(sorted(_OWN))}"
    unknown = sorted(own.keys() - _OWN)
    problems += [FieldProblem(name, f"`design` has no `{name}`", known) for name in unknown]
    stretch = fields.get("linestretch")
    leading = _OF_LATEX * stretch if isinstance(stretch, int | float) else None
    margins = {
        **_margins("geometry", dict(_of_latex(fields)), wishes),
        **_margins("margin", _of_table(own.get("margin"), problems), problems),
    }
    size = _number("fontsize", fields.get("fontsize"), "pt", _TYPE_SIZES, wishes)
    leading = _number("linestretch", leading, "", _LEADINGS, wishes)
    design = PageDesign(
        PageMargins(**margins),
        _number("type-size", own.get("type-size"), "pt", _TYPE_SIZES, problems) or size,
        _number("leading", own.get("leading"), "", _LEADINGS, problems) or leading,
        _accent(own.get("accent"), problems),
    )
    problems += [replace(wish, severity="warning") for wish in wishes]
    return design


_OWN = frozenset(("margin", "type-size", "leading", "accent"))
_MARGIN_NAMES = ("top", "inner", "bottom", "outer")
_SIDES = {"left": "inner", "right": "outer", **{name: name for name in _MARGIN_NAMES}}
_ALL = {
    "margin": _MARGIN_NAMES, "hmargin": ("inner", "outer"), "vmargin": ("top", "bottom"),
}  # fmt: skip


def _of_latex(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The margins that `geometry` names as LaTeX's package does, or Pandoc's own fields."""
    geometry = fields.get("geometry")
    words = geometry if isinstance(geometry, list) else str(geometry or "").split(",")
    for word in words:
        name, _, length = (part.strip() for part in str(word).partition("="))
        yield from ((side, length) for side in _ALL.get(name, ()))
        if name in _SIDES:
            yield _SIDES[name], length
    for side in ("top", "bottom", "left", "right"):
        if (given := fields.get(f"margin-{side}")) is not None:
            yield _SIDES[side], given


def _of_table(margin: Any, problems: list[FieldProblem]) -> dict[str, Any]:
    """The margins that `margin` asks for: one length for all, or a table."""
    if not isinstance(margin, Mapping):
        return {} if margin is None else dict.fromkeys(_MARGIN_NAMES, margin)
    for name in margin.keys() - _SIDES.keys():
        told = f"a page has no margin `{name}`"
        problems.append(FieldProblem("margin", told, "write top, inner, bottom or outer"))
    return {_SIDES[name]: length for name, length in margin.items() if name in _SIDES}


def _margins(name: str, asked: Mapping[str, Any], problems: list[FieldProblem]) -> dict[str, float]:
    """Margins in mm, by side."""
    found: dict[str, float] = {}
    low, high = _MARGINS
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


def _number(
    name: str, value: Any, unit: str, bounds: tuple[float, float], problems: list[FieldProblem]
) -> float:
    """A number, perhaps with its unit; 0 where there is none or it is out of bounds."""
    if value is None:
        return 0.0
    low, high = bounds
    written = str(value).strip().removesuffix(unit).strip()
    number = float(written) if re.fullmatch(r"\d+(?:\.\d+)?", written) else 0.0
    if low <= number <= high:
        return round(number, 4)
    told = f"`{name}` cannot be {value!r}"
    problems.append(FieldProblem(name, told, f"write a number from {low:g} to {high:g}"))
    return 0.0


def _accent(value: Any, problems: list[FieldProblem]) -> str:
    """A colour as `#rrggbb`, if text in it is legible on paper."""
    from coloraide import Color

    if value is None:
        return ""
    try:
        colour = Color(str(value)).convert("srgb").clip()
    except ValueError:
        told = f"{value!r} is no colour"
        problems.append(FieldProblem("accent", told, 'write one as CSS does: "#8c2f2b"'))
        return ""
    contrast = colour.contrast(_PAPER)
    if contrast < _CONTRAST:
        told = f"text in {value} on paper has a contrast of {contrast:.1f} : 1"
        problems.append(FieldProblem("accent", told, f"take a darker one: {_CONTRAST} : 1 or more"))
        return ""
    return str(colour.to_string(hex=True, alpha=False))
