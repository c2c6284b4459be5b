"""Numbers and lengths as drawings write them (SVG 2, 4.3)."""

from __future__ import annotations

import re

from triptych.tree import Element

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_LENGTH = re.compile(rf"\s*({_NUMBER})\s*(%|[a-zA-Z]*)")
_PX = {"pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "rem": 16.0}


def numbers(written: str) -> list[float]:
    """All numbers of a list, as a path or a `viewBox` has them."""
    return [float(number) for number in re.findall(_NUMBER, written)]


def px(written: str, otherwise: float = 0.0, em: float = 16.0, whole: float = 0.0) -> float:
    """A length in px. `otherwise` stands for one that cannot be read; `whole` is 100 %."""
    match = _LENGTH.match(written)
    if match is None:
        return otherwise
    unit = {**_PX, "em": em, "ex": em / 2, "%": whole / 100}.get(match[2], 1.0)
    return float(match[1]) * unit


def shown(number: float) -> str:
    """A number as it is written, to four places."""
    return f"{number:.4f}".rstrip("0").rstrip(".")


def viewport(root: Element) -> tuple[float, float]:
    """Width and height of a drawing, in its own units."""
    box = numbers(root.get("viewBox") or "")
    if len(box) == 4:
        return box[2], box[3]
    return px(root.get("width") or "", 300.0, whole=300), px(root.get("height") or "", 150.0,
                                                             whole=150)  # fmt: skip
