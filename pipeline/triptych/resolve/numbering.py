"""Numbers: sections, figures, tables, listings and equations are counted.

The numbers are text in the tree, so that every format prints the same ones. No format counts by
itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from lxml import etree

from triptych.diagnostics import Diagnostic
from triptych.ledger import Numbered, NumberedKind
from triptych.resolve.identifiers import names_of, plain_id
from triptych.resolve.source_map import SourceMap
from triptych.terms import labelled, stopped
from triptych.tree import (
    Element,
    has_class,
    is_bibliography,
    make,
    remove,
    text_of,
    with_class,
)

_HEADING = re.compile(r"h([1-6])$")
_PARTS_OF_BOOKS = ("part", "appendix", "chapter", "front", "back")


def drop_empty_headings(article: Element, source_map: SourceMap) -> Iterator[Diagnostic]:
    """Take away headings of no words, and tell them. Their sections and identifiers stay."""
    written = re.finditer(r"^#+[ \t]*(?:\{[^{}\n]*\})?[ \t]*$", source_map.text, re.M)
    for heading in [e for e in article.iter(etree.Element) if _HEADING.match(str(e.tag))]:
        if text_of(heading) or len(heading):
            continue
        remove(heading)
        place = next(written, None)
        yield source_map.diagnostic(
            place.start() if place else None, "heading-empty", "a heading has no words",
            "write its words, or delete it", "warning",
        )  # fmt: skip


def normalise_headings(article: Element, first: int = 2) -> None:
    """Close the gaps between heading levels, so that they begin at `first`: below the title, `h2`.

    The sections of parts and chapters get these classes, and their roles (DPUB-ARIA 1.1).
    """
    headings = [e for e in article.iter(etree.Element) if _HEADING.match(str(e.tag))]
    stack: list[int] = []
    for heading in headings:
        level = int(str(heading.tag)[1])
        while stack and stack[-1] >= level:
            stack.pop()
        stack.append(level)
        heading.tag = f"h{min(first + len(stack) - 1, 6)}"
        section = heading.getparent()
        if section is None or is_bibliography(section):
            continue
        if section.tag == "section" and section[0] is heading:
            kinds = [name for name in _PARTS_OF_BOOKS if has_class(heading, name)]
            section.set("class", " ".join([f"level{len(stack)}", *kinds]))
            if kinds:
                section.set("role", f"doc-{kinds[0]}")


def number_sections(
    article: Element, asked: bool | None, terms: Mapping[str, str]
) -> Iterator[Numbered]:
    """Count the sections that are not marked unnumbered. Print the numbers if `asked`.

    If the record does not say, they are printed if a cross-reference names a section.
    """
    printed = _a_reference_names_a_section(article) if asked is None else asked
    counters: list[int] = []
    appendices = 0
    for section in article.iter("section"):
        heading = section[0] if len(section) else None
        if heading is None or not _HEADING.match(str(heading.tag)):
            continue
        if has_class(heading, "unnumbered") or has_class(section, "unnumbered"):
            continue
        if is_bibliography(section):
            continue
        title = text_of(heading, leaving_out="noteref")
        level = int(str(heading.tag)[1]) - 1
        of_book = has_class(section, "appendix") and has_class(section, "chapter")
        appendix = of_book or (level == 1 and has_class(heading, "lettered"))
        if appendix:
            appendices += 1
            counters = []
        elif level == 1:
            appendices = 0
        counters = counters[:level] + [0] * (level - len(counters))
        counters[level - 1] += 1
        number = ".".join(map(str, counters))
        if appendices:
            letter = _letters(appendices - 1).upper()
            number = ".".join([letter, *map(str, counters[1:])])
        if printed or appendix:
            shown = labelled(terms["appendix"], number) if appendix else number
            mark = make("span", shown, class_="number")
            mark.tail = " " + (heading.text or "")
            heading.text = None
            heading.insert(0, mark)
            kind = "chapter" if has_class(section, "chapter") else "section"
            label = labelled(terms["appendix" if appendix else kind], number)
            yield Numbered(section.get("id", ""), "section", number, label, title)


def _a_reference_names_a_section(article: Element) -> bool:
    sections = {section.get("id") for section in article.iter("section")}
    return any(
        not sections.isdisjoint(names_of(key))
        for span in with_class(article, "xref")
        for key in re.findall(r'"([^"]+)"', span.get("data-keys") or "")
    )


def number_floats(article: Element, terms: Mapping[str, str]) -> Iterator[Numbered]:
    """Count figures, tables, listings and algorithms, each kind separately.

    An element without a caption and without an id from the author is not counted. The number
    becomes part of the caption. Panels of one figure get letters.
    """
    for kind in _FLOATS:
        number = 0
        for element in _floats(article, kind):
            caption = _caption(element)
            if not text_of(caption) and not element.get("id"):
                if caption.getparent() is not None and not len(caption):
                    remove(caption)
                continue
            number += 1
            if not element.get("id"):
                element.set("id", f"{kind}-{number}")
            label = labelled(terms[kind], str(number))
            title = text_of(caption, leaving_out="noteref")
            _label_caption(caption, stopped(label, terms))
            _credit(element, caption)
            yield Numbered(element.get("id", ""), kind, str(number), label, title)
            yield from _panels(element, str(number), terms[kind])


_BY_CLASS: Mapping[str, NumberedKind] = {
    "listing": "listing",
    "algorithm": "algorithm",
    "tables": "table",
}
"""The kind as which a figure of each class is counted."""
_FLOATS: tuple[NumberedKind, ...] = ("figure", "table", "listing", "algorithm")
_GROUPS = ("panels", "tables")


def _floats(article: Element, kind: NumberedKind) -> list[Element]:
    """The elements of one kind that are counted. Panels of others are not among them."""
    found = []
    for element in article.iter("figure", "table"):
        around = next(element.iterancestors("figure"), None)
        if around is not None and any(has_class(around, name) for name in _GROUPS):
            continue
        if element.tag == "table":
            own: NumberedKind = "table"
        else:
            named = (_BY_CLASS[name] for name in _BY_CLASS if has_class(element, name))
            own = next(named, "figure")
        if own == kind:
            found.append(element)
    return found


def _caption(element: Element) -> Element:
    """The caption of a figure or table; a new, empty one where there is none."""
    tag = "figcaption" if element.tag == "figure" else "caption"
    caption = element.find(tag)
    if caption is None:
        caption = make(tag)
        element.insert(0 if tag == "caption" else len(element), caption)
    image = next(
        (e for e in element.iter("img") if next(e.iterancestors("figure"), None) is element), None
    )
    if image is not None and not element.get("id") and image.get("id"):
        element.set("id", image.attrib.pop("id"))
    caption.attrib.pop("aria-hidden", None)
    return caption


def _panels(group: Element, number: str, name: str) -> Iterator[Numbered]:
    """The panels of a figure, lettered in order: `(a)` in the caption, `1a` in a reference."""
    inner = [
        e for e in group.iter("figure", "table") if next(e.iterancestors("figure"), None) is group
    ]
    if not any(has_class(group, name) for name in _GROUPS):
        return
    for index, panel in enumerate(inner):
        letter = _letters(index)
        caption = _caption(panel)
        title = text_of(caption, leaving_out="noteref")
        if not panel.get("id"):
            panel.set("id", f"{group.get('id')}-{letter}")
        _label_caption(caption, f"({letter})")
        _credit(panel, caption)
        label = labelled(name, number + letter)
        yield Numbered(panel.get("id", ""), "panel", number + letter, label, title)


def _letters(index: int) -> str:
    """0 is a, 25 is z, 26 is aa."""
    above, below = divmod(index, 26)
    return (_letters(above - 1) if above else "") + "abcdefghijklmnopqrstuvwxyz"[below]


def _credit(element: Element, caption: Element) -> None:
    image = next(element.iter("img"), None)
    credit = "" if image is None else image.attrib.pop("data-credit", "")
    if credit:
        caption[-1].tail = (caption[-1].tail or "").rstrip() + " "
        caption.append(make("span", credit, class_="credit"))


def _label_caption(caption: Element, label: str) -> None:
    """Put `label` before the caption, in its first block if it has several."""
    first = caption[0] if len(caption) and caption[0].tag == "p" and not caption.text else caption
    words = make("span", class_="caption")
    words.text, first.text = first.text, None
    words.extend(list(first))
    mark = make("span", label, class_="label")
    first.append(mark)
    if words.text or len(words):
        mark.tail = " "
        first.append(words)


def number_equations(article: Element, label: str) -> Iterator[Numbered]:
    """Count the equations with labels. The number, in brackets, follows the formula.

    A formula of several lines has a number for each line with a label or a tag. A tag of the
    author's own replaces the number and is not counted.
    """
    count = 0
    for equation in with_class(article, "equation"):
        labels = json.loads(equation.attrib.pop("data-labels", "[]"))
        tags = json.loads(equation.attrib.pop("data-tags", "[]"))
        holder = make("span", class_="equation-numbers") if len(labels) > 1 else equation
        named = False
        for name, tag in zip(labels, tags, strict=True):
            if not tag:
                count += 1
            number = tag or str(count)
            mark = make("span", f"({number})", class_="equation-number")
            if named and name:
                mark.set("id", plain_id(name))
            if len(holder):
                holder[-1].tail = " "
            holder.append(mark)
            if name:
                own = str(mark.get("id") or equation.get("id"))
                yield Numbered(own, "equation", number, labelled(label, number), "")
                named = True
        if holder is not equation:
            equation[-1].tail = " "
            equation.append(holder)
