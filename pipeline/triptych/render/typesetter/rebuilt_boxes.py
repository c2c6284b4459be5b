"""Boxes of elements that were changed after the layout began: built anew, and put into the tree.

In: WeasyPrint's tree of boxes before their layout, and elements whose classes or styles are others
now. Out: the same tree, with new boxes in the place of theirs. Only what is within these elements
gets its styles and boxes anew; WeasyPrint itself would do so for the whole work.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Container, Iterable, Iterator
from functools import cached_property, partial
from math import inf
from typing import Any

from weasyprint.css import declaration_precedence, find_style_attributes, preprocess_declarations
from weasyprint.formatting_structure import boxes, build

_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())


class Boxes:
    """The boxes of blocks in the tree under `root`, by their elements."""

    def __init__(self, root: Any, html: Any, context: Any) -> None:
        self._root, self._html, self._context = root, html, context
        self._wrappers: dict[ET.Element, Any] = {}
        self._rebuilt: dict[ET.Element, int] = {}
        self.notes = dict.fromkeys(context.footnotes)
        """All notes that are called by the boxes as they are now."""

    @cached_property
    def _places(self) -> dict[ET.Element, tuple[Any, int]]:
        """By element, the parent of its box, and the place among the parent's children."""
        return dict(_places_in(self._root))

    def notes_among(self, notes: Iterable[Any]) -> list[Any]:
        """Those of some notes that are called by the boxes as they are now."""
        return [note for note in notes if note in self.notes]

    def rebuild(self, element: ET.Element) -> list[Any]:
        """Build anew the block in which an element stands, and a heading right before it.

        The new boxes; none where no such block is known.
        """
        wrapper: Any = self._wrapper_of(element)
        while wrapper is not None and wrapper.etree_element not in self._places:
            wrapper = wrapper.parent
        if wrapper is None:
            return []
        before = wrapper.previous
        if before is None or before.etree_element.tag not in _HEADINGS:
            return [self._replace(wrapper)]
        if before.etree_element not in self._places:
            return [self._replace(wrapper)]
        return [self._replace(before), self._replace(wrapper)]  # its page depends on what follows

    def kept_with(self, box: Any) -> Iterator[Any]:
        """A box, and those before it that must stand on its page."""
        yield box
        parent, index = self._places[box.element]
        for before in reversed(parent.children[:index]):
            if "avoid" not in (before.style["break_after"], box.style["break_before"]):
                return
            yield before
            box = before

    def _wrapper_of(self, element: ET.Element) -> Any:
        """An element as selectors see it, without what they knew of it before."""
        if not self._wrappers:
            subtree = self._html.wrapper_element.iter_subtree()
            self._wrappers = {wrapper.etree_element: wrapper for wrapper in subtree}
        old = self._wrappers[element]
        parent = old.parent and self._wrapper_of(old.parent.etree_element)
        return type(old)(element, parent, old.index, old.previous, old.in_html_document)

    def is_outdated(self, box: Any) -> bool:
        """Whether the box of a table is a copy of one that was built anew since."""
        return bool(self._rebuilt.get(box.element, 0) != getattr(box, "rebuilt", 0))

    def rebuild_table(self, box: Any, frame: ET.Element) -> None:
        """Build anew the table in a frame, in its own box, which is being laid out."""
        if not self.is_outdated(box):
            self._rebuilt[box.element] = self._rebuilt.get(box.element, 0) + 1
        self._style(self._wrapper_of(frame))
        new = self._built(box.element, box)
        place = box.position_x, box.position_y
        vars(box).update(vars(new))
        box.position_x, box.position_y = place
        box.rebuilt = self._rebuilt[box.element]

    def _replace(self, wrapper: Any) -> Any:
        """Put a new box in the place of an element's."""
        self._style(wrapper)
        for table in wrapper.etree_element.iter("table"):
            self._rebuilt.pop(table, None)
        parent, index = self._places[wrapper.etree_element]
        box = self._built(wrapper.etree_element, parent.children[index])
        parent.children = [*parent.children[:index], box, *parent.children[index + 1 :]]
        self._places.update(_places_in(box))
        return box

    def _built(self, element: ET.Element, old: Any) -> Any:
        """A new box of an element, whose notes are those to be set instead of the old box's."""
        context, notes = self._context, list[Any]()
        (box,) = build.element_to_box(
            element, context.style_for, partial(context.get_image_from_uri, context=None),
            self._html.base_url, context.target_collector, context.counter_style, notes,
        )  # fmt: skip
        box.process_whitespace()
        box.process_text_transform()
        gone = [part.footnote for part in old.descendants() if part.footnote is not None]
        if gone or notes:
            for note in gone:
                self.notes.pop(note, None)
            self.notes.update(dict.fromkeys(notes))
            context.footnotes = [*self.notes_among(context.footnotes), *notes]
        return build.create_anonymous_boxes(box)

    def _style(self, top: Any) -> None:
        """Compute the styles within an element, as WeasyPrint's `StyleFor` does for all."""
        styles, html = self._context.style_for, self._html
        cascaded, computed = styles.get_cascaded_styles(), styles.get_computed_styles()
        cascaded.clear()
        own: set[ET.Element] = set()
        for specificity, element, declarations, base in find_style_attributes(
            top.etree_element, False, html.base_url
        ):
            own.add(element)
            told = preprocess_declarations(base, declarations)
            _cascade(cascaded.setdefault((element, None), {}), told, "author", inf, specificity)
        shared: dict[Any, Any] = {}
        for wrapper in top.iter_subtree():
            element, parent = wrapper.etree_element, wrapper.parent.etree_element
            key: Any = [id(computed[parent, None])]
            for sheet, origin, of_sheet in styles._sheets:
                for specificity, _, pseudo_type, (declared, layer) in sheet.matcher.match(wrapper):
                    order = inf if layer is None else sheet.layers.index(layer)
                    style = cascaded.setdefault((element, pseudo_type), {})
                    _cascade(style, declared, origin, order, of_sheet or specificity)
                    key.append(id(declared))
            key = (element, *key) if element in own else tuple(key)
            if key not in shared:
                styles.set_computed_styles(
                    element, parent, html.etree_element, base_url=html.base_url
                )
                shared[key] = computed[element, None]
            computed[element, None] = shared[key]
        for element, pseudo_type in cascaded:
            if pseudo_type:
                styles.set_computed_styles(
                    element, element, html.etree_element, pseudo_type, html.base_url
                )
        cascaded.clear()


def begins_with(some: Container[Any], root: Any, resume_at: Any) -> bool:
    """Whether a page that begins at a mark of WeasyPrint's begins with or in one of some boxes.

    `root` is the tree in which the mark tells a place.
    """
    at = root
    for at in _way(root, resume_at):
        if at in some:
            return True
    while getattr(at, "children", ()):
        at = at.children[0]
        if at in some:
            return True
    return False


def boxes_within(root: Any, resume_at: Any) -> list[Any]:
    """The boxes that were begun on the page before, where a page begins at a mark."""
    return list(_way(root, resume_at))[:-1]


def _way(root: Any, resume_at: Any) -> Iterator[Any]:
    """The boxes on the way to a mark, from outside in."""
    at = root
    while resume_at and at.children:  # in a text, it counts letters
        index, resume_at = next(reversed(resume_at.items()))
        at = at.children[index]
        yield at


def _places_in(box: Any) -> Iterator[tuple[ET.Element, tuple[Any, int]]]:
    """The places of the blocks in a box that stand in the usual flow of blocks."""
    queue = [box]
    while queue:
        parent = queue.pop()
        queue += getattr(parent, "children", ())
        if type(parent) is boxes.BlockBox and not parent.is_table_wrapper:
            for index, child in enumerate(parent.children):
                if type(child) is boxes.BlockBox and child.element_tag == child.element.tag:
                    yield child.element, (parent, index)


def _cascade(
    style: dict[str, Any], declarations: Any, origin: str, order: float, specificity: Any
) -> None:
    """Add declarations to a style, but for those that weigh less than what it has."""
    for name, values, importance in declarations:
        weight = (declaration_precedence(origin, importance), order, specificity)
        if name not in style or style[name][1] <= weight:
            style[name] = values, weight
