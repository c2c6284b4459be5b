"""Each note is laid out once for each width, and then moved to where it stands.

In: WeasyPrint laying out the notes of a page. Out: the same notes.

WeasyPrint 70 lays out all notes of a page anew for each note that joins them or leaves. Here what
was laid out before is used again: a note that fits whole is only moved. One that breaks is laid out
once more for each room that it is tried in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any

from weasyprint.formatting_structure.boxes import FootnoteAreaBox
from weasyprint.formatting_structure.build import create_anonymous_boxes


@dataclass(frozen=True, slots=True)
class _Laid:
    """A note as WeasyPrint laid it out at (`x`, `y`), and whether it may be moved."""

    result: tuple[Any, ...]
    x: float
    y: float
    movable: bool

    def at(self, x: float, y: float, shallow: bool) -> tuple[Any, ...]:
        """The same at another place, as a copy; a `shallow` one for measuring alone."""
        box, resume_at, next_page, margins, *others = self.result
        if box is not None and shallow:
            box = box.copy()
            box.position_x += x - self.x
            box.position_y += y - self.y
        elif box is not None:
            box = box.deepcopy()
            box.translate(x - self.x, y - self.y)
        return (box, resume_at, next_page, list(margins), *others)


def to_measure(note: Any) -> Any:
    """The box of a note as WeasyPrint lays it out, and with it what is known of its layouts."""
    if getattr(note, "boxed", None) is None:
        calls = any(box.footnote for box in note.descendants())
        note.known = None if calls else {}  # one that calls another must be laid out each time
        note.boxed = create_anonymous_boxes(note.deepcopy())
    boxed = note.boxed.copy()
    boxed.remove_decoration_sides = set()
    boxed.goes_on = getattr(note, "goes_on", None)
    return boxed


def forget(note: Any) -> None:
    """Forget how a note was laid out, which is of no more use once its pages are made."""
    if getattr(note, "known", None):
        note.known.clear()


def lay_out_note(
    original: Callable[..., Any], context: Any, box: Any, bottom_space: float, skip_stack: Any,
    within: Any, page_is_empty: bool = True, absolute_boxes: Any = None, fixed_boxes: Any = None,
    margins: Any = None, *rest: Any,
) -> Any:  # fmt: skip
    """Lay out a block; if it is a note on its page, only where that is not known yet."""

    def laid(space: float, placed: tuple[Any, Any], above: Any) -> Any:
        return original(
            context, box, space, skip_stack, within, page_is_empty, *placed, above, *rest
        )

    known = getattr(box, "known", None) if isinstance(within, FootnoteAreaBox) else None
    if known is None:
        return laid(bottom_space, (absolute_boxes, fixed_boxes), margins)
    x, y = box.position_x, box.position_y
    begins = (within.width, str(skip_stack), *margins)
    room = context.page_bottom - bottom_space - y
    for key, space in ((begins, -inf), ((*begins, room, page_is_empty), bottom_space)):
        if key not in known:
            placed: tuple[list[Any], list[Any]] = ([], [])
            known[key] = _Laid(laid(space, placed, [*margins]), x, y, not any(placed))
            box.position_x, box.position_y = x, y
        if not known[key].movable:
            return laid(bottom_space, (absolute_boxes, fixed_boxes), margins)
        moved = known[key].at(x, y, shallow=context.measures_notes)
        end = moved[0] and moved[0].position_y + moved[0].margin_height()
        if space > -inf or not context.overflows_page(bottom_space, end):
            break
    return moved
