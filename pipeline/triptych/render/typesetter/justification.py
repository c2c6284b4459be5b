"""Justified lines, in scripts in which WeasyPrint 70 leaves them ragged or makes them too wide.

In: a line that is laid out, and the width it lacks. Out: the same line, as wide as its paragraph.

WeasyPrint widens spaces only. Chinese and Japanese have none, so their lines stay ragged. Here each
of their signs takes its share of the width, as spaces do (CSS Text 3, 7.3). A widened space also
loses its kerning with the letters beside it, which WeasyPrint does not reckon with: many lines in
Persian run over the edge. Here a line from the right, or with words that run so, is measured as it
will be drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.text.ffi import TO_UNITS, ffi, pango
from weasyprint.text.line_break import create_layout, line_size

_WIDEST = 0.12
"""The most, in em, that is put between two signs with no space between them."""

_SIGN = "[\u2e80-\u303f\u3041-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]"
"""Chinese characters, kana, and the marks and letters of their width."""
_SIGNS = re.compile(_SIGN)
_FROM_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
"""Letters that run from the right."""
_PLACES = re.compile(f"{_SIGN}|[ \u00a0]")
"""Where a line may be widened."""


def justify_line(original: Callable[..., Any], context: Any, line: Any, extra_width: float) -> None:
    """Widen a line by `extra_width` CSS pixels, or leave it ragged where that would tear it."""
    leaves = list(_leaves(line))
    text = "".join(getattr(box, "text", "") for box in leaves)
    signs, places = len(_SIGNS.findall(text)), len(_PLACES.findall(text))
    if signs and extra_width > places * _WIDEST * line.style["font_size"]:
        if signs > len(text) / 2:
            return
        signs = 0
    if signs or line.style["direction"] == "rtl" or _FROM_RIGHT.search(text):
        _justify(context, line, leaves, extra_width)
    else:
        original(context, line, extra_width)


def set_text(original: Callable[..., Any], layout: Any, text: str, justify: bool = False) -> None:
    """Give Pango a text, with room after each sign as well as at each space."""
    original(layout, text, justify)
    shared = justify and isinstance(layout.justification_spacing, _Share)
    if not (shared and _SIGNS.search(layout.text)):
        return
    attributes = pango.pango_layout_get_attributes(layout.layout)
    if attributes == ffi.NULL:
        attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    spacing = layout.style["letter_spacing"]
    spacing = 0 if spacing == "normal" else spacing
    room = int((layout.justification_spacing + spacing) * TO_UNITS)
    for run in re.finditer(f"{_SIGN}+", layout.text):
        attribute = pango.pango_attr_letter_spacing_new(room)
        attribute.start_index = len(layout.text[: run.start()].encode())
        attribute.end_index = len(layout.text[: run.end()].encode())
        pango.pango_attr_list_change(attributes, attribute)
    pango.pango_layout_set_attributes(layout.layout, attributes)


def show_text(original: Callable[..., Any], stream: Any, text: str) -> None:
    """Show glyphs without the empty strings between them, as before each widened sign.

    Where there are some, PDFium, and with it Chrome, overlooks the last movement of the line, and
    all that follows stands too near.
    """
    original(stream, text.replace("<>", " "))


class _Share(float):
    """The room, in CSS pixels, that each space gets, and each sign too."""


def _justify(context: Any, line: Any, leaves: list[Any], extra: float) -> None:
    """Put a line's `extra` width, in CSS pixels, between its words and signs."""
    # A letter parted from its space loses the kerning with it, and a space at an edge gets half of
    # what is asked for. Two tries tell how much the line really gains.
    once, twice = (sum(_widened(context, box, px) for box in leaves) for px in (1.0, 2.0))
    gain = twice - once
    share = 1.0 + (extra - once) / gain if gain > 0 else 0.0
    moved: dict[int, tuple[float, float]] = {}
    advance = 0.0
    for box in sorted(leaves, key=lambda box: box.position_x):
        wider = _widened(context, box, share)
        moved[id(box)] = (advance, wider)
        advance += wider
    for child in line.children:
        _move(child, moved)
    line.width += advance


def _leaves(box: Any) -> Iterator[Any]:
    """The texts of a line, and its boxes that move as a whole."""
    for child in box.children:
        if not child.is_in_normal_flow():
            continue
        if isinstance(child, boxes.InlineBox):
            yield from _leaves(child)
        else:
            yield child


def _widened(context: Any, box: Any, share: float) -> float:
    """Widen a text at its places; return by how much that makes it wider."""
    if not _PLACES.search(getattr(box, "text", "")):
        return 0.0
    widths = []
    for spacing in (0.0, _Share(share)):
        layout = create_layout(box.text, box.style, context, None, spacing)
        layout.set_text(box.text, justify=True)  # as it will be drawn
        first, _ = layout.get_first_line()
        widths.append(line_size(first, box.style)[0])
        layout.deactivate()
    box.justification_spacing = _Share(share)
    box.pango_layout = layout
    return float(widths[1] - widths[0])


def _move(box: Any, moved: dict[int, tuple[float, float]]) -> tuple[float, float] | None:
    """Move and widen a box; tell by how much, or None where nothing in it stands in the line."""
    if not isinstance(box, (boxes.InlineBox, boxes.TextBox)):
        if id(box) in moved:
            box.translate(moved[id(box)][0], 0)
        return moved.get(id(box))
    step = moved.get(id(box))
    if isinstance(box, boxes.InlineBox):
        inner = [found for child in box.children if (found := _move(child, moved))]
        step = (min(at for at, _ in inner), sum(wider for _, wider in inner)) if inner else None
    if step:
        box.position_x += step[0]
        box.width += step[1]
    return step
