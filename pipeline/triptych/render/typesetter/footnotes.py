"""Notes at the foot of the page of their marks, so far as they fit there; the rest runs on.

WeasyPrint 70 sets a note whole or not at all: one longer than a page would run off it. Here a note
that no page can hold is broken as any text is, between lines, and goes on at the foot of the next
page, above the notes called there. And where a paragraph cannot be broken before a line without
leaving too few lines alone, WeasyPrint keeps the line and sends the notes of the page on to the
next; a note in its place matters more, so that here the paragraph is broken as if the page had no
notes to send on.

In: a layout about to be made. Out: the same, while `notes_kept` lasts, with its notes so set.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

_MOST = 5 / 6
"""How much of a page its notes may take; all of it, where no text is left to stand above them."""
_KEPT = 38.0
"""CSS px that stay free below the line that calls a note to be broken: two lines of text."""
_FEWEST_LINES = 3
"""A note that begins with fewer at the foot of a page begins on the next, with its line."""


@contextmanager
def notes_kept() -> Iterator[None]:
    """While it lasts, WeasyPrint breaks notes that no page holds, and sends none on for a line."""
    from weasyprint import layout
    from weasyprint.layout import LayoutContext, block, page

    lines_of, level_of, make = block._linebox_layout, block.block_level_layout, page.make_page
    begin, take_back = LayoutContext.layout_footnote, LayoutContext.unlayout_footnote
    update = LayoutContext._update_footnote_area

    def lines(context: Any, *rest: Any) -> Any:
        return lines_of(_Lines(context, rest[3], rest[4]), *rest)

    def level(context: Any, box: Any, *rest: Any, **named: Any) -> Any:
        if isinstance(box, block.boxes.FootnoteAreaBox) and box.children:
            return _area(level_of, context, box, *rest, **named)
        if box.is_for_root_element and context.current_page_footnotes:
            return _beside_notes(level_of, context, box, *rest)
        return level_of(context, box, *rest, **named)

    def making(
        context: Any, root: Any, page_type: Any, resume_at: Any, number: int, state: Any
    ) -> Any:
        context.carried = context.reported_footnotes
        context.share = 1.0 if page_type.blank else _MOST
        called = context.__dict__.setdefault("called", {})
        context.called = {note: on for note, on in called.items() if on < number}
        made = make(context, root, page_type, resume_at, number, state)
        for note in (*context.current_page_footnotes, *context.reported_footnotes):
            context.called.setdefault(note, number)
        return made

    def all_pages(context: Any, root: Any, html: Any, pages: list[Any]) -> Iterator[Any]:
        return _all_pages(page.remake_page, context, root, html, pages)

    def laid(context: Any, note: Any) -> bool:
        return begin(context, note) and _carried_over(context, note)

    def unlaid(context: Any, note: Any) -> None:
        if note in context.called:  # on an earlier page, by a paragraph that goes on here
            return
        rest = getattr(note, "rest", None)
        if rest is not None and rest in context.reported_footnotes:
            context.reported_footnotes.remove(rest)
            _give_room(context, None)
        note.rest = None
        take_back(context, note)

    def updated(context: Any) -> bool:
        context.broken_at = None
        update(context)
        return context.broken_at is not None

    patches = [
        (block, "_linebox_layout", lines), (layout, "block_level_layout", level),
        (page, "block_level_layout", level), (page, "make_page", making),
        (layout, "make_all_pages", all_pages), (LayoutContext, "layout_footnote", laid),
        (LayoutContext, "unlayout_footnote", unlaid),
        (LayoutContext, "_update_footnote_area", updated),
    ]  # fmt: skip
    before = [(place, name, getattr(place, name)) for place, name, _ in patches]
    for place, name, value in patches:
        setattr(place, name, value)
    try:
        yield
    finally:
        for place, name, value in before:
            setattr(place, name, value)


def _area(
    level_of: Any, context: Any, area: Any, bottom_space: float, skip_stack: Any,
    containing_block: Any, **named: Any,
) -> Any:  # fmt: skip
    """Lay out the notes of a page, as many of their lines as they are given room for."""
    room = getattr(area, "room", None)
    if room is None:
        room = containing_block.height * context.share
    goes_on = getattr(area.children[0], "goes_on", None)
    bottom_space = context.page_bottom - area.position_y - room
    skip_stack = None if goes_on is None else {0: goes_on}
    result = level_of(context, area, bottom_space, skip_stack, containing_block, **named)
    context.laid_notes, context.broken_at = result[:2]
    return result


def _give_room(context: Any, room: float | None) -> bool:
    """Give the notes of the page so many px, or what they get by rule; tell whether all fit."""
    context.current_footnote_area.room = room
    return not context._update_footnote_area()


def _rest_of(context: Any, note: Any) -> Any | None:
    """What is left over of a note, the last of its page, that is broken there; else None."""
    ((index, at),) = context.broken_at.items()
    notes = context.current_page_footnotes
    begun = index == 0 or _lines(context.laid_notes.children[-1])
    if at is None or notes[index] is not note or not begun:
        return None
    rest = note.copy()
    rest.goes_on = at
    return rest


def _carried_over(context: Any, note: Any) -> bool:
    """Whether a note that does not fit, if it comes from an earlier page, must be sent on again.

    One that is broken here is not: its rest follows it in the list of those that come.
    """
    carried = context.carried
    area = context.current_footnote_area
    if note not in carried or getattr(area, "full", False):
        return True
    area.full = True
    rest = _rest_of(context, note)
    if rest is None:
        return True
    carried.insert(carried.index(note) + 1, rest)
    return False


def _beside_notes(
    level_of: Any, context: Any, root: Any, bottom_space: float, skip: Any, page: Any,
    page_is_empty: bool, *rest: Any,
) -> Any:  # fmt: skip
    """Lay out the text of a page that begins with notes from an earlier one.

    Notes that fill the page are set alone, where the text that comes needs more than they leave;
    such text is set alone where the notes would not fill it, and they wait for the next.
    """
    result = level_of(context, root, bottom_space, skip, page, False, *rest)
    if result[0] is not None:
        return result
    notes = _without_rests(context.carried)
    if getattr(context.current_footnote_area, "full", False):
        context.share = 1.0
        _begin_with(context, notes)
        nothing = _without_text(root, skip)
        empty = level_of(context, nothing, bottom_space, skip, page, True, *rest)
        return (empty[0], skip, *result[2:])
    _begin_with(context, [])
    context.reported_footnotes = notes
    context.current_footnote_area.full = True
    return level_of(context, root, bottom_space, skip, page, page_is_empty, *rest)


def _begin_with(context: Any, notes: list[Any]) -> None:
    """Begin the page anew with these notes, from earlier pages."""
    context.current_page_footnotes, context.reported_footnotes = [], []
    context.current_footnote_area.full = False
    context._update_footnote_area()
    context.carried = notes
    for number, note in enumerate(notes):
        context.footnotes.append(note)
        if context.layout_footnote(note) and number:
            context.report_footnote(note)
            context.reported_footnotes = notes[number:]
            break


def _without_text(root: Any, skip: Any) -> Any:
    """The boxes of a page from `skip` on, with nothing in them; no table's repeated head either."""
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
    """Notes of which none has been set: the rest of one that comes whole is dropped."""
    kept: list[Any] = []
    for note in notes:
        if not kept or kept[-1].element is not note.element:
            kept.append(note)
    return kept


def _all_pages(remake: Any, context: Any, root: Any, html: Any, pages: list[Any]) -> Iterator[Any]:
    """Make the pages that are not as they should be, and give out all, as long as notes run on.

    WeasyPrint 70 forgets, where it makes a page anew, what notes came to it from the one before.
    """
    sent_on: dict[int, list[Any]] = context.__dict__.setdefault("sent_on", {})
    context.rendered_notes = []
    for index in count():
        state = context.page_maker[index][-1]
        if index < len(pages) and not (state["content_changed"] or state["pages_wanted"]):
            resume_at = context.page_maker[index + 1][0]
            yield pages[index]
        else:
            state |= {
                "content_changed": False, "pages_wanted": False, "anchors": [],
                "content_lookups": [],
            }  # fmt: skip
            context.reported_footnotes = list(sent_on.get(index, ()))
            with _page_for_notes(index, context):
                page, resume_at = remake(index, context, root, html)
            if _known(sent_on.get(index + 1, [])) != _known(context.reported_footnotes):
                context.page_maker[index + 1][-1]["content_changed"] = True
            sent_on[index + 1] = context.reported_footnotes
            yield page
        if resume_at is None and not sent_on.get(index + 1):
            del context.page_maker[index + 2 :]
            context.broken_out_of_flow.clear()
            return


def _known(notes: list[Any]) -> list[tuple[Any, str]]:
    """Notes by their elements, and from where on each goes on."""
    return [(note.element, str(getattr(note, "goes_on", ""))) for note in notes]


@contextmanager
def _page_for_notes(index: int, context: Any) -> Iterator[None]:
    """Before a chapter begins on a right page, notes that run on from the last get one more."""
    pages = context.page_maker
    resume_at, next_page, right_page, *state = pages[index]
    other = next_page
    if context.reported_footnotes and next_page["break"] in ("left", "right", "recto", "verso"):
        other = {**next_page, "break": "left" if right_page else "right"}
        pages[index] = (resume_at, other, right_page, *state)
    yield
    for at, (resume_at, begins, *state) in enumerate(pages[index : index + 2], index):
        pages[at] = (resume_at, next_page if begins is other else begins, *state)


class _Lines:
    """A layout context as those see it who lay out the lines of a block.

    It has no notes that could be sent on, and breaks one that does not fit below its line.
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
        """Set a note below its line; whether it fits is asked next."""
        context = self._context
        full = getattr(context.current_footnote_area, "full", False)
        waits = full or (context.reported_footnotes and _is_held(note))
        note.style["footnote_policy"] = "auto" if waits else "line"
        if not context.reported_footnotes:  # else it is sent on unasked
            object.__setattr__(self, "_note", note)
        context.layout_footnote(note)
        return False

    def overflows_page(self, bottom_space: float, position_y: float) -> bool:
        """Whether the page is too short, for a note just set below its line too."""
        context, note = self._context, self._note
        object.__setattr__(self, "_note", None)
        over: bool = context.overflows_page(bottom_space, position_y)
        if note is None or not (over or context.broken_at is not None):
            return over
        first = self._page_is_empty and not self._set
        return not _broken_in_place(context, note, bottom_space, position_y, first)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._context, name, value)


def _broken_in_place(
    context: Any, note: Any, bottom_space: float, line_ends: float, first: bool
) -> bool:
    """Break a note that does not fit below the line that calls it; tell whether that was done.

    It is not where a page of its own would hold the note, unless its line is the `first` of the
    page; nor where the line stands in what is itself held together, such as a table's row.
    """
    area = context.current_footnote_area
    notes = context.current_page_footnotes
    context.current_page_footnotes = [note]
    fits = _give_room(context, None)
    context.current_page_footnotes = notes
    room = context.page_bottom + area.margin_height() - bottom_space - line_ends - _KEPT
    if not fits and _is_held(note):
        note.style["footnote_policy"] = "auto"
    elif (first or not fits) and not _give_room(context, room):
        rest = _rest_of(context, note)
        if rest is not None and len(_lines(context.laid_notes.children[-1])) >= _FEWEST_LINES:
            context.reported_footnotes.append(rest)
            note.rest = rest
            return True
    _give_room(context, None)
    return False


def _is_held(note: Any) -> bool:
    """Whether the line that calls a note stands in what is held together, as a table's rows are."""
    held: bool = note.element.get("class") == "held"
    return held


def _lines(box: Any) -> list[Any]:
    """The lines in which something is said; the place of a note's marker is an empty one."""
    from weasyprint.formatting_structure.boxes import LineBox, TextBox

    return [
        line
        for line in box.descendants()
        if isinstance(line, LineBox)
        and any(isinstance(part, TextBox) and part.text for part in line.descendants())
    ]
