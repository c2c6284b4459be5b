"""A table that is too wide for its place is set smaller before its rows are laid out.

In: WeasyPrint about to lay out a table. Out: the same, or a table that fits. One that must be
turned is laid out as it is: its page will be made anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from weasyprint.layout.percent import resolve_percentages

from triptych.render.typesetter.wide_tables import fit_width, widening_of

_STEPS = 5
"""What is set smaller takes steps, since words break differently then."""


def fit_table(
    original: Callable[..., Any], context: Any, wrapper: Any, containing_block: tuple[Any, Any]
) -> None:
    """Find the width of a table, and change the table until it fits."""
    original(context, wrapper, containing_block)
    misfits: Any = getattr(context.html, "misfits", None)
    frame = misfits and misfits.frames.get(wrapper.element)
    if frame is None or (_is_turned(frame) and context.page_name != "turned"):
        return  # its page is not yet made
    if "auto" in (wrapper.margin_left, wrapper.margin_right):
        return
    room = containing_block[0]

    def build_anew() -> None:
        context.boxes.rebuild_table(wrapper, frame)
        resolve_percentages(wrapper, containing_block)
        original(context, wrapper, containing_block)

    if context.boxes.is_outdated(wrapper):
        build_anew()
    widening = widening_of(context.current_footnote_area.page)
    for _ in range(_STEPS):
        was_turned = _is_turned(frame)
        misfit = fit_width(frame, wrapper.margin_width(), room, widening)
        if misfit is None:
            return
        misfits.note(misfit)
        if _is_turned(frame) and not was_turned:
            context.turned.append(frame)
            return
        build_anew()


def _is_turned(frame: Any) -> bool:
    return "turned" in (frame.get("class") or "").split()
