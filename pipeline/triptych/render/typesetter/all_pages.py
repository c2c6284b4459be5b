"""The pages are made one after another; where one shows a misfit, it is mended and made anew.

In: WeasyPrint's tree of boxes. Out: all pages. A page is made anew where the notes that come to it
are others than before, and where something on it does not fit and was changed. WeasyPrint 70 makes
a page anew without the notes that came to it from the page before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.layout import page

from triptych.render.typesetter.rebuilt_boxes import Boxes, begins_with, boxes_within
from triptych.render.typesetter.wide_tables import let_break

_TRIALS = 5
"""How often a page is made anew for what does not fit on it: what is set smaller takes steps."""

_SEEN = 3
"""How many of the last pages are looked at for what runs over more than one."""


def make_all_pages(
    _original: Callable[..., Any], context: Any, root: Any, html: Any, pages: list[Any]
) -> list[Any]:
    """Make the pages that are not yet right, as long as text or notes run on; all pages."""
    context.rendered_notes, context.html = [], html
    if context.boxes is None:
        context.boxes = Boxes(root, html, context)
    context.footnotes = list(context.boxes.notes)
    for *_, state in context.page_maker:
        state["waits"] = False
    made: list[Any] = []
    flows: list[Any] = []
    tried: Counter[int] = Counter()
    while True:
        index = len(made)
        state = context.page_maker[index][-1]
        flows.append(context.broken_out_of_flow)
        begin = index + 1
        if index < len(pages) and not (state["content_changed"] or state["pages_wanted"]):
            made.append(pages[index])
        else:
            made.append(_make(context, root, html, index))
            tried[index] += 1
            if tried[index] <= _TRIALS:
                begin = _mended(context, root, html, made)
        ends = context.page_maker[index + 1][0] is None and not context.sent_on.get(index + 1)
        if ends and begin > index:
            begin = _indexed(context, root, html, made)
        if begin <= index:
            again = [*context.footnotes, *context.forget_calls(begin + 1)]
            context.footnotes = context.boxes.notes_among(again)
            context.broken_out_of_flow = flows[begin]
            for *_, state in context.page_maker[begin : index + 1]:
                state["content_changed"] = True
            del made[begin:], flows[begin:]
        elif ends:
            del context.page_maker[index + 2 :]
            context.broken_out_of_flow.clear()
            return made


def _make(context: Any, root: Any, html: Any, index: int) -> Any:
    """Make one page, with the notes that come to it from the page before.

    What names the pages of other places waits until all pages are made, and then its page is made
    anew: so it does too where it was made twice before that.
    """
    state = context.page_maker[index][-1]
    state.update(content_changed=False, pages_wanted=False, anchors=[], content_lookups=[])
    context.reported_footnotes = list(context.sent_on.get(index, ()))
    context.style_for.get_cascaded_styles().clear()  # those of earlier pages are computed
    if hasattr(html, "times_set"):
        html.times_set[index + 1] += 1
    with _page_for_notes(index, context):
        made, _ = page.remake_page(index, context, root, html)
    state["waits"] = state.get("waits", False) or state["content_changed"]
    state["content_changed"] = state["waits"]
    before = context.sent_on.get(index + 1, [])
    if _known(before) != _known(context.reported_footnotes):
        context.page_maker[index + 1][-1]["content_changed"] = True
    context.sent_on[index + 1] = context.reported_footnotes
    return made


def _mended(context: Any, root: Any, html: Any, made: list[Any]) -> int:
    """Change what does not fit on the last page made; the index of the page to go on with."""
    misfits = getattr(html, "misfits", None)
    if misfits is None:
        return len(made)
    if context.turned:  # the rest of the page is looked at once they are turned
        changed, context.turned = context.turned, []
        return _begin_anew(context, root, changed, made)
    last = made[-_SEEN:]
    running = [box.element for box in boxes_within(root, context.page_maker[len(made)][0])]
    changed = misfits.on(last, len(last) - 1, running)
    tables = [misfits.frames[element] for element in running if element in misfits.frames]
    changed += [frame for frame in tables if let_break(frame) is not None]
    return _begin_anew(context, root, changed, made)


def _indexed(context: Any, root: Any, html: Any, made: list[Any]) -> int:
    """Fill the indexes once all pages are made; the index of the page to go on with."""
    fill = getattr(html, "fill_indexes", None)
    if fill is None or any(
        state["content_changed"] for *_, state in context.page_maker[: len(made) + 1]
    ):
        return len(made)
    places: dict[str, str] = {}
    for number, each in enumerate(made, 1):
        for box in each.descendants():
            if name := box.style["anchor"]:
                places.setdefault(name, str(number))
    return _begin_anew(context, root, fill(places), made)


def _begin_anew(context: Any, root: Any, changed: list[Any], made: list[Any]) -> int:
    """Build the boxes of changed elements anew; the index of the first page that may be another."""
    rebuilt = {box for element in changed for box in context.boxes.rebuild(element)}
    if not rebuilt:
        return len(made)
    # A figure that filled more than its page has no room on the page before.
    moved = {
        kept
        for box in rebuilt
        if box.element_tag != "figure"
        for kept in context.boxes.kept_with(box)
    }
    begin = len(made) - 1
    while begin:
        resume_at = context.page_maker[begin][0]
        if not begins_with(moved, root, resume_at) and rebuilt.isdisjoint(
            boxes_within(root, resume_at)
        ):
            break
        begin -= 1
    return begin


def _known(notes: list[Any]) -> list[tuple[Any, str]]:
    """Notes by their elements, with the place from which each goes on."""
    return [(note.element, str(getattr(note, "goes_on", ""))) for note in notes]


@contextmanager
def _page_for_notes(index: int, context: Any) -> Iterator[None]:
    """Make a page for notes that run on from a chapter whose successor begins on a right page."""
    pages = context.page_maker
    resume_at, next_page, right_page, *state = pages[index]
    other = next_page
    if context.reported_footnotes and next_page["break"] in ("left", "right", "recto", "verso"):
        other = {**next_page, "break": "left" if right_page else "right"}
        pages[index] = (resume_at, other, right_page, *state)
    yield
    for at, (resume_at, begins, *state) in enumerate(pages[index : index + 2], index):
        pages[at] = (resume_at, next_page if begins is other else begins, *state)
