"""A figure at the head of a page stays whole: its caption stays with it, whatever notes it calls.

In: WeasyPrint laying out a block. Out: the same block.

Where a note has no room below the line that calls it, the line goes to the next page with it. A
figure moves as a whole then, but not from the head of a page, where it would be parted. So there
its notes break in place, or go to the next page alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def lay_out_figure(
    original: Callable[..., Any], context: Any, box: Any, bottom_space: float, skip_stack: Any,
    within: Any, page_is_empty: bool = True, *rest: Any,
) -> Any:  # fmt: skip
    """Lay out a block; if it is a figure, mark the notes that it calls first."""
    if box.element_tag == "figure" and skip_stack is None:
        for inner in box.descendants():
            if inner.footnote is not None:
                inner.footnote.stays = page_is_empty
    return original(context, box, bottom_space, skip_stack, within, page_is_empty, *rest)
