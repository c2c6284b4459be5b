"""Words are torn only where they begin a line, and only if they are longer than it.

In: a text within a line, as WeasyPrint is about to split it. Out: the same, with a right answer to
whether it begins the line.

WeasyPrint takes all that stands in an inline box for the beginning of a line, where the line begins
in that box. It then tears any word that does not fit, with no hyphen, as it should a word that no
line holds (CSS Text 3, 5.5, overflow-wrap). A bracket of many citations is such a box.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from weasyprint.formatting_structure import boxes


@dataclass(slots=True)
class _Line:
    """Where a line begins, in CSS pixels, and whether it has a space, where it can end."""

    start: float
    can_end: bool = False


_LINES: list[_Line] = []
"""The lines that are being filled, the innermost last."""
_NEAR = 0.5
"""In em: what stands nearer than this to the beginning of its line begins it."""


def split_inline_box(
    original: Callable[..., Any], context: Any, box: Any, position_x: float, *rest: Any
) -> Any:
    """Fill a line, or a part of one."""
    if not isinstance(box, boxes.LineBox):
        return original(context, box, position_x, *rest)
    _LINES.append(_Line(position_x))
    try:
        return original(context, box, position_x, *rest)
    finally:
        _LINES.pop()


def split_inline_level(
    original: Callable[..., Any], context: Any, box: Any, position_x: float, *rest: Any
) -> Any:
    """Split what stands in a line. Where the line can end before it, it does not begin the line."""
    if not (isinstance(box, boxes.TextBox) and _LINES):
        return original(context, box, position_x, *rest)
    line = _LINES[-1]
    if line.can_end and position_x - line.start > _NEAR * box.style["font_size"]:
        values = list(rest)
        values[_LINE_CHILDREN] = [*values[_LINE_CHILDREN], (0, box)]
        rest = tuple(values)
    made = original(context, box, position_x, *rest)
    line.can_end = line.can_end or (made[0] is not None and " " in made[0].text)
    return made


_LINE_CHILDREN = 8
"""The place of `line_children` among the rest. For a text they only tell whether there are any."""


def split_first_line(
    original: Callable[..., Any], text: str, style: Any, context: Any, max_width: float | None,
    justification_spacing: float, *rest: Any, **named: Any,
) -> Any:  # fmt: skip
    """Split a text at the end of its line; leave it whole where only its last space is too much.

    WeasyPrint takes such a text for one word that is too long, and divides its first long word,
    however early in the line that is. The space at the end of a line is dropped later.
    """
    made = original(text, style, context, max_width, justification_spacing, *rest, **named)
    bare = text.rstrip(" ")
    if max_width is None or made[_RESUME] is None or bare in ("", text):
        return made
    if style["white_space"] != "normal" or len(bare) * _NARROWEST * style["font_size"] > max_width:
        return made
    whole = original(bare, style, context, None, justification_spacing, *rest, **named)
    if whole[_RESUME] is not None or whole[_WIDTH] > max_width:
        return made
    return original(text, style, context, None, justification_spacing, *rest, **named)


_RESUME, _WIDTH = 2, 3
_NARROWEST = 0.15
"""In em: no text has letters so narrow throughout."""
