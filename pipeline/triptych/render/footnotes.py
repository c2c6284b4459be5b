"""Notes on the page of their marks, so far as they fit there.

Where a paragraph cannot be broken before a line without leaving too few lines alone, WeasyPrint 70
keeps the line and sends the notes of the page on to the next. A note in its place matters more:
here the paragraph is broken as if the page had no notes to send on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def notes_kept() -> Iterator[None]:
    """While it lasts, WeasyPrint sends no note on to make room for a line."""
    from weasyprint.layout import block

    lines_of = block._linebox_layout

    def keeping(context: Any, *rest: Any) -> Any:
        return lines_of(_Keeping(context), *rest)

    block._linebox_layout = keeping
    try:
        yield
    finally:
        block._linebox_layout = lines_of


class _Keeping:
    """A layout context that, to whoever lays out lines, has no notes that could be sent on."""

    __slots__ = ("_context",)

    def __init__(self, context: Any) -> None:
        object.__setattr__(self, "_context", context)

    @property
    def current_page_footnotes(self) -> tuple[()]:
        return ()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._context, name, value)
