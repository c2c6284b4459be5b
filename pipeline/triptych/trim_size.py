"""The trim size: width and height of the finished page, by name or in any unit.

In: the fields of the edition record or of front matter. Out: both, in mm.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from triptych.design_values import meant
from triptych.page_design import Theme
from triptych.page_geometry import HOUSE_TRIM
from triptych.people import FieldProblem

DEFAULT_TRIM = HOUSE_TRIM
_NAMED_SIZES_MM = {
    "a4": (210.0, 297.0),
    "a5": (148.0, 210.0),
    "b5": (176.0, 250.0),
    "crown": (123.0, 186.0),
    "demy": (138.0, 216.0),
    "royal": DEFAULT_TRIM,
    "us-trade": (152.4, 228.6),
    "letter": (215.9, 279.4),
}
"""ISO 216; octavos of British books; the sizes of American books and paper."""
_UNIT_MM = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72}
_SIZE = re.compile(r"([\d.]+)\s*(mm|cm|in|pt)?\s*[x×]\s*([\d.]+)\s*(mm|cm|in|pt)")


def read_trim_size(
    fields: Mapping[str, Any], theme: Theme, problems: list[FieldProblem]
) -> tuple[float, float]:
    """The trim size, in mm, or that of the theme; `papersize` is Pandoc's word for it."""
    usual = _NAMED_SIZES_MM["a4"] if theme in ("article", "report") else DEFAULT_TRIM
    name = "papersize" if fields.get("trim-size") is None else "trim-size"
    value = fields.get(name)
    if value is None:
        return usual
    text = str(value).strip().lower()
    text = text.removesuffix("paper") if name == "papersize" else text
    if text in _NAMED_SIZES_MM:
        return _NAMED_SIZES_MM[text]
    if match := _SIZE.fullmatch(text.replace(",", ".")):
        width, unit, height, last_unit = match.groups()
        try:
            size = float(width) * _UNIT_MM[unit or last_unit], float(height) * _UNIT_MM[last_unit]
        except ValueError:  # such as 1.2.3
            size = 0.0, 0.0
        if 60 <= size[0] <= 1000 and 60 <= size[1] <= 1000:
            return size
    told = f"{value!r} is not a trim size between 60 mm and 1 m"
    near = meant(text, tuple(_NAMED_SIZES_MM))
    problems.append(FieldProblem(name, told, f'write one such as "156mm x 234mm"; {near}'))
    return usual
