"""The space at the end of a line from the right, which WeasyPrint 70 takes off at the wrong side.

In: a line that is laid out, its last text ending in a space. Out: the same line without the space.

WeasyPrint takes the width of the space off the last box of the line. It still draws the space, on
the left of the words, so that these stand one space to the right of their box and of their link.
Where the last words run from the left, the space is on their right, and leaves a hole in the line;
what stands before them runs over the edge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from weasyprint.layout import inline


def remove_last_whitespace(original: Callable[..., Any], context: Any, line: Any) -> None:
    """Remove the space at the end of a line, from what is drawn of a line from the right too."""
    boxes = list(_last_boxes(line))
    last = boxes[-1] if boxes else line
    text, width = getattr(last, "text", ""), last.width
    original(context, line)
    now = getattr(last, "text", "")
    if now in ("", text):
        return
    if last.pango_layout.first_line_direction % 2 == 0:
        for parent in (line, *boxes[:-1]):
            for child in parent.children[:-1] if parent.style["direction"] == "rtl" else ():
                child.translate(dx=last.width - width, ignore_floats=True)
        return
    last.pango_layout = inline.split_text_box(context, last, None, 0)[0].pango_layout
    for box in boxes:
        box.position_x += width - last.width


def _last_boxes(line: Any) -> Iterator[Any]:
    """The last box of a line, its last box, and so on down to its last text."""
    box = line
    while getattr(box, "children", ()):
        box = box.children[-1]
        yield box
