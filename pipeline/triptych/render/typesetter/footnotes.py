"""Footnotes stay at the foot of their page as far as they fit there, and the rest runs on.

In: WeasyPrint laying out a page. Out: the same page, with its notes set as follows.

WeasyPrint 70 sets a note whole or not at all, so that a note longer than a page runs off it. Here a
note that no page can hold breaks between lines, as any text does. It goes on at the foot of the
next page, above the notes called there.

Where a paragraph must not break before a line, because too few lines would stand alone, WeasyPrint
keeps the line and moves the notes of the page to the next page. To us a note in its place matters
more, so the paragraph breaks as if the page had no notes to move.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

from weasyprint import layout
from weasyprint.formatting_structure.boxes import FootnoteAreaBox, LineBox, TextBox
from weasyprint.layout import LayoutContext, page

from triptych.render.typesetter.laid_notes import forget, to_measure

_MOST = 5 / 6
"""The share of a page that its notes may take. They may take all of it where no text is left."""
_KEPT = 38.0
"""CSS px that stay free below a line whose note is broken: two lines of text."""
_FEWEST_LINES = 3
"""A note with room for fewer lines than this begins on the next page, together with its line."""


class NotesContext(LayoutContext):  # type: ignore[misc]  # it has no types
    """WeasyPrint's state of a layout, with what is known of notes that run over pages."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.carried: list[Any] = []
        """The notes, and rests of notes, that come to this page from the one before."""
        self.share = _MOST
        """The share of this page that its notes may take."""
        self.called: set[Any] = set()
        """The notes called on the pages before this one."""
        self.calls: list[tuple[int, list[Any]]] = []
        """The numbers of these pages, each with the notes that it calls."""
        self.sent_on: dict[int, list[Any]] = {}
        """By index of a page, from 0, the notes that come to it from the page before."""
        self.laid_notes: Any = None
        """The box of the notes as they were last laid out on this page."""
        self.broken_at: Any = None
        """WeasyPrint's mark of the place where the last of these notes broke, if it did."""
        self.boxes: Any = None
        """The boxes of blocks, by which one is built anew."""
        self.html: Any = None
        self.turned: list[Any] = []
        """The frames of tables that must be turned, and were not yet on this page."""
        self.measures_notes = False
        """Whether notes are laid out for their height alone."""

    def forget_calls(self, number: int) -> list[Any]:
        """Forget what notes are called on a page and those behind it; these notes."""
        forgotten: list[Any] = []
        while self.calls and self.calls[-1][0] >= number:
            forgotten += self.calls.pop()[1]
        self.called.difference_update(forgotten)
        return forgotten

    def layout_footnote(self, footnote: Any) -> bool:
        """Set a note on this page; tell whether it must move to the next."""
        return super().layout_footnote(footnote) and not self._continues(footnote)

    def unlayout_footnote(self, footnote: Any) -> None:
        """Take a note off this page again, and its rest off the next."""
        if footnote in self.called:  # on an earlier page, by a paragraph that goes on here
            return
        rest = getattr(footnote, "rest", None)
        if rest is not None and rest in self.reported_footnotes:
            self.reported_footnotes.remove(rest)
            self.give_room(None)
        footnote.rest = None
        super().unlayout_footnote(footnote)

    def _update_footnote_area(self) -> bool:
        """Lay out the notes of this page; tell whether they do not all fit."""
        area = self.current_footnote_area
        area.children, self.broken_at = self.current_page_footnotes, None
        if area.height != "auto" and not self.in_column:
            self.page_bottom += area.margin_height()
        area.height = 0
        taken = area
        if area.children:
            self.measures_notes = True
            measured = area.copy_with_children([to_measure(note) for note in area.children])
            taken = layout.block_level_layout(self, measured, -inf, None, area.page)[0]
            area.height, self.measures_notes = taken.height, False
        if not self.in_column:
            self.page_bottom -= taken.margin_height()
        return self.broken_at is not None

    def give_room(self, room: float | None) -> bool:
        """Give the notes of this page `room` px, or what the rules give them; tell if all fit."""
        self.current_footnote_area.room = room
        return not self._update_footnote_area()

    def rest_of(self, note: Any) -> Any | None:
        """What is left over of a note that is the last of this page and breaks there, or None."""
        ((index, at),) = self.broken_at.items()
        notes = self.current_page_footnotes
        begun = index == 0 or _lines(self.laid_notes.children[-1])
        if at is None or notes[index] is not note or not begun:
            return None
        rest = note.copy()
        rest.goes_on = at
        return rest

    def _continues(self, note: Any) -> bool:
        """Whether a note from an earlier page, too long for this one, breaks here.

        Its rest then follows it in the list of those that come to this page.
        """
        area = self.current_footnote_area
        if note not in self.carried or getattr(area, "full", False):
            return False
        area.full = True
        rest = self.rest_of(note)
        if rest is None:
            return False
        self.carried.insert(self.carried.index(note) + 1, rest)
        return True

    def begin_with(self, notes: list[Any]) -> None:
        """Begin this page anew with these notes, which come from earlier pages."""
        self.current_page_footnotes: list[Any] = []
        self.reported_footnotes: list[Any] = []
        self.current_footnote_area.full = False
        self._update_footnote_area()
        self.carried = notes
        for number, note in enumerate(notes):
            self.footnotes.append(note)
            if self.layout_footnote(note) and number:
                self.report_footnote(note)
                self.reported_footnotes = notes[number:]
                break


# --- What stands in the place of WeasyPrint's functions -------------------------------------------


def lay_out_lines(
    original: Callable[..., Any], context: Any, box: Any, index: int, child: Any,
    new_children: list[Any], page_is_empty: bool, *rest: Any,
) -> Any:  # fmt: skip
    """Lay out the lines of a block, which break the notes they call where these do not fit."""
    seen = _LinesContext(context, new_children, page_is_empty)
    return original(seen, box, index, child, new_children, page_is_empty, *rest)


def lay_out_block(
    original: Callable[..., Any], context: Any, box: Any, *rest: Any, **named: Any
) -> Any:
    """Lay out a block; the area of the notes, and the text beside notes, in ways of their own."""
    if isinstance(box, FootnoteAreaBox) and box.children:
        return _lay_out_notes(original, context, box, *rest, **named)
    if box.is_for_root_element and context.current_page_footnotes:
        return _lay_out_beside_notes(original, context, box, *rest)
    return original(context, box, *rest, **named)


def make_page(
    original: Callable[..., Any], context: Any, root: Any, page_type: Any, resume_at: Any,
    number: int, state: Any,
) -> Any:  # fmt: skip
    """Make a page, and keep a record of the notes that come to it and that it calls."""
    context.carried, context.page_name = context.reported_footnotes, page_type.name
    context.share = 1.0 if page_type.blank else _MOST
    context.forget_calls(number)
    if page_type.blank and context.reported_footnotes:
        _show_heads(context, page_type)
    made = original(context, root, page_type, resume_at, number, state)
    notes = (*context.current_page_footnotes, *context.reported_footnotes)
    context.calls.append((number, [note for note in notes if note not in context.called]))
    context.called.update(context.calls[-1][1])
    for note in context.current_page_footnotes:
        forget(note)
    return made


def _show_heads(context: Any, page_type: Any) -> None:
    """Give a page for notes alone the style of a page with text: it is not blank.

    WeasyPrint counts it among the blank ones, which bear neither a number nor a running head.
    """
    filled = page_type._replace(blank=False)
    page.set_page_type_computed_styles(filled, context.html, context.style_for)
    styles = context.style_for._computed_styles
    for (element, pseudo_type), style in list(styles.items()):
        if element == filled:
            styles[page_type, pseudo_type] = style


def _lay_out_notes(
    original: Callable[..., Any], context: Any, area: Any, bottom_space: float, skip_stack: Any,
    containing_block: Any, **named: Any,
) -> Any:  # fmt: skip
    """Lay out the notes of a page, as many of their lines as they have room for."""
    room = getattr(area, "room", None)
    if room is None:
        room = containing_block.height * context.share
    goes_on = getattr(area.children[0], "goes_on", None)
    bottom_space = context.page_bottom - area.position_y - room
    skip_stack = None if goes_on is None else {0: goes_on}
    result = original(context, area, bottom_space, skip_stack, containing_block, **named)
    context.laid_notes, context.broken_at = result[:2]
    return result


def _lay_out_beside_notes(
    original: Callable[..., Any], context: Any, root: Any, bottom_space: float, skip: Any,
    containing_block: Any, page_is_empty: bool, *rest: Any,
) -> Any:  # fmt: skip
    """Lay out the text of a page that begins with notes from an earlier one.

    The text may need more room than the notes leave. Notes that fill the page are then set alone.
    Where they would not fill it, the text is set alone, and the notes wait for the next page.
    """
    result = original(context, root, bottom_space, skip, containing_block, False, *rest)
    if result[0] is not None:
        return result
    notes = _without_rests(context.carried)
    if getattr(context.current_footnote_area, "full", False):
        context.share = 1.0
        context.begin_with(notes)
        nothing = _without_text(root, skip)
        empty = original(context, nothing, bottom_space, skip, containing_block, True, *rest)
        going_on = {"break": "any", "page": context.page_name}  # the text is still to come
        return (empty[0], skip, going_on, *result[3:])
    context.begin_with([])
    context.reported_footnotes = notes
    context.current_footnote_area.full = True
    return original(context, root, bottom_space, skip, containing_block, page_is_empty, *rest)


# --- Helpers --------------------------------------------------------------------------------------


class _LinesContext:
    """A layout's state, as the function sees it that lays out the lines of a block.

    It shows no notes that could move to the next page. A note that does not fit below its line
    breaks.
    """

    __slots__ = ("_context", "_note", "_page_is_empty", "_set")

    def __init__(self, context: Any, lines_set: list[Any], page_is_empty: bool) -> None:
        object.__setattr__(self, "_context", context)
        object.__setattr__(self, "_set", lines_set)
        object.__setattr__(self, "_page_is_empty", page_is_empty)
        object.__setattr__(self, "_note", None)

    @property
    def current_page_footnotes(self) -> tuple[()]:
        return ()

    def layout_footnote(self, note: Any) -> bool:
        """Set a note below its line; WeasyPrint asks next whether it fits.

        Tell whether it goes to the next page in any case: a head of a table needs the room.
        """
        context = self._context
        full = getattr(context.current_footnote_area, "full", False)
        waits: bool = getattr(note, "waits", False)
        stays = waits or full or (context.reported_footnotes and _is_held(note))
        note.style["footnote_policy"] = "auto" if stays else "line"
        if not (
            waits or context.reported_footnotes
        ):  # where there are some, the note moves unasked
            object.__setattr__(self, "_note", note)
        context.layout_footnote(note)
        return waits

    def overflows_page(self, bottom_space: float, position_y: float) -> bool:
        """Whether the page is too short, also for a note just set below its line."""
        context, note = self._context, self._note
        object.__setattr__(self, "_note", None)
        over: bool = context.overflows_page(bottom_space, position_y)
        if note is None or not (over or context.broken_at is not None):
            return over
        stays = getattr(note, "stays", False)
        first = stays or (self._page_is_empty and not self._set)
        if stays:  # where it cannot break, it goes to the next page without its line
            note.style["footnote_policy"] = "auto"
        return not _break_in_place(context, note, bottom_space, position_y, first)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._context, name, value)


def _break_in_place(
    context: Any, note: Any, bottom_space: float, line_ends: float, first: bool
) -> bool:
    """Break a note that does not fit below the line that calls it; tell whether that was done.

    A note that a page of its own would hold does not break, unless its line is the `first` of the
    page, or stands in a figure that begins the page. Nor does one whose line stands in something
    held together, such as the row of a table.
    """
    area = context.current_footnote_area
    notes = context.current_page_footnotes
    context.current_page_footnotes = [note]
    fits = context.give_room(None)
    context.current_page_footnotes = notes
    room = context.page_bottom + area.margin_height() - bottom_space - line_ends - _KEPT
    if not fits and _is_held(note):
        note.style["footnote_policy"] = "auto"
    elif (first or not fits) and not context.give_room(room):
        rest = context.rest_of(note)
        if rest is not None and len(_lines(context.laid_notes.children[-1])) >= _FEWEST_LINES:
            context.reported_footnotes.append(rest)
            note.rest = rest
            return True
    context.give_room(None)
    return False


def _is_held(note: Any) -> bool:
    """Whether the line that calls a note stands in something held together, such as a row."""
    held: bool = note.element.get("class") == "held"
    return held


def _lines(box: Any) -> list[Any]:
    """The lines of a box that have text; the line of a note's marker alone has none."""
    return [
        line
        for line in box.descendants()
        if isinstance(line, LineBox)
        and any(isinstance(part, TextBox) and part.text for part in line.descendants())
    ]


def _without_text(root: Any, skip: Any) -> Any:
    """The boxes of a page from `skip` on with nothing in them, not even a table's repeated head."""
    root = box = root.deepcopy()
    while skip:
        ((at, skip),) = skip.items()
        if skip is None or box.children[at].is_table_wrapper:
            break
        box = box.children[at]
    box.children = []
    box.force_fragmentation = True
    return root


def _without_rests(notes: list[Any]) -> list[Any]:
    """Notes of which none has been set yet: the rest of a note that comes whole is dropped."""
    kept: list[Any] = []
    for note in notes:
        if not kept or kept[-1].element is not note.element:
            kept.append(note)
    return kept
