"""Words are torn only where a line cannot end before them, and only if they are longer than it.

In: a text within a line, as WeasyPrint is about to split it. Out: the same, with a right answer to
whether it begins the line.

WeasyPrint takes all that stands in an inline box for the beginning of a line, where the line begins
in that box. It then tears any word that does not fit, with no hyphen, as it should a word that no
line holds (CSS Text 3, 5.5, overflow-wrap). A bracket of many citations is such a box. And it takes
nothing behind such a box for a beginning: a long string of letters after a link, without a space
between them, runs off the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.text.line_break import can_break_text


@dataclass(slots=True)
class _Line:
    """Where a line begins, in CSS pixels, what it says so far, and whether it can end in that."""

    start: float
    said: str = ""
    can_end: bool = False

    def says(self, text: str, style: Any) -> None:
        """Add a text. One that must stay on its line has no place where the line can end."""
        if style["white_space"] in ("nowrap", "pre"):
            text = text.replace(" ", "\N{NO-BREAK SPACE}")
        self.said = (self.said + text)[-_SEEN:]
        self.can_end = self.can_end or " " in text

    def can_end_before(self, text: str, language: str | None) -> bool:
        """Whether the line can end before a text, or in what is said."""
        self.can_end = self.can_end or can_break_text(self.said + text[:1], language)
        return self.can_end


_SEEN = 200
"""So many letters of a line are looked at: more than any line has."""
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
    original: Callable[..., Any], context: Any, box: Any, position_x: float, max_x: float,
    bottom_space: float, skip_stack: Any, *rest: Any,
) -> Any:  # fmt: skip
    """Split what stands in a line. Where the line can end before it, it does not begin the line."""
    if not (isinstance(box, boxes.TextBox) and _LINES):
        return original(context, box, position_x, max_x, bottom_space, skip_stack, *rest)
    line = _LINES[-1]
    if position_x - line.start > _NEAR * box.style["font_size"]:
        values = list(rest)
        can_end = line.can_end_before(_left(box, skip_stack), box.style["lang"])
        values[_LINE_CHILDREN] = [(0, box)] if can_end else []
        rest = tuple(values)
    made = original(context, box, position_x, max_x, bottom_space, skip_stack, *rest)
    if made[0] is not None:
        line.says(made[0].text, box.style)
    return made


def _left(box: Any, skip_stack: Any) -> str:
    """What is left of a text after the lines before."""
    skip = next(iter(skip_stack)) or 0 if skip_stack else 0
    return str(box.text.encode()[skip:].decode())


_LINE_CHILDREN = 5
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
