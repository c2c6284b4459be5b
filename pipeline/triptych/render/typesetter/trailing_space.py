"""Lines that run from the right, put right where WeasyPrint 70 draws their last word one space off.

It takes the space at a line's end from the width of its last box, but draws the space all the same,
on the left of the words: these then stand a space to the right of their box and of its link.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def rightward() -> Iterator[None]:
    """While it lasts, the space at the end of a line from the right is not drawn."""
    from weasyprint.layout import inline

    strip = inline.remove_last_whitespace

    def stripping(context: Any, line: Any) -> None:
        boxes = list(_last_boxes(line))
        last = boxes[-1] if boxes else line
        text, width = getattr(last, "text", ""), last.width
        strip(context, line)
        now = getattr(last, "text", "")
        if now in ("", text) or last.pango_layout.first_line_direction % 2 == 0:
            return
        last.pango_layout = inline.split_text_box(context, last, None, 0)[0].pango_layout
        for box in boxes:
            box.position_x += width - last.width

    inline.remove_last_whitespace = stripping
    try:
        yield
    finally:
        inline.remove_last_whitespace = strip


def _last_boxes(line: Any) -> Iterator[Any]:
    """The last box of a line, its last box, and so on down to its last text."""
    box = line
    while getattr(box, "children", ()):
        box = box.children[-1]
        yield box
