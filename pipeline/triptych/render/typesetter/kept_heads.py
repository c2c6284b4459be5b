"""A table begins on a page that has room for its head, and for the notes that the head calls.

In: WeasyPrint laying out a table. Out: the same table, with its head.

WeasyPrint 70 drops the head of a table where it does not fit, as it should only where the head is
repeated. Here such a table begins on the next page. Where nothing stands above it, that would not
help: the notes that its head calls go to the next page instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from weasyprint.layout import block


def lay_out_table(
    original: Callable[..., Any], context: Any, table: Any, bottom_space: float, skip_stack: Any,
    containing_block: Any, page_is_empty: bool, absolute_boxes: Any, fixed_boxes: Any,
) -> Any:  # fmt: skip
    """Lay out a table or a part of it; where its first part would have no head, another way."""

    def laid() -> Any:
        return original(
            context, table, bottom_space, skip_stack, containing_block, page_is_empty,
            absolute_boxes, fixed_boxes,
        )  # fmt: skip

    head = None if skip_stack else _head(table)
    if head is None:
        return laid()
    notes = [box.footnote for box in head.descendants() if box.footnote]
    for note in notes:
        note.waits = False
    result = laid()
    begun = result[0]
    if begun is not None and (_head(begun) is not None or (page_is_empty and not notes)):
        return result
    if begun is not None:
        block.remove_placeholders(context, [begun], absolute_boxes, fixed_boxes)
    for note in notes:  # WeasyPrint leaves on this page those of a head that it broke
        context.unlayout_footnote(note)
        note.waits = page_is_empty
    if begun is None or not page_is_empty:
        return None, None, {"break": "any", "page": None}, [], False
    return laid()


def _head(table: Any) -> Any | None:
    """The group of rows that heads a table, or None."""
    return next((group for group in table.children[:1] if group.is_header), None)
