"""Numbers: sections, figures and tables counted, cross-references made into links that print them.

The numbers stand in the tree as text, so that every format prints the same ones: no format
counts for itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from triptych.edition import CrossReference, Numbered
from triptych.terms import labelled, stopped
from triptych.tree import Element, has_class, make, replace_with, text_of, with_class

_HEADING = re.compile(r"h([1-6])$")


@dataclass(frozen=True, slots=True)
class UnknownTarget:
    """A cross-reference or link whose target does not exist; `key` is as the author wrote it."""

    key: str
    link: bool


def plain_id(name: str) -> str:
    """An identifier all three formats can carry: `fig:map` becomes `fig-map`."""
    plain = re.sub(r"[^\w.-]+", "-", name).strip("-") or "x"
    return plain if re.match(r"[^\W\d]", plain) else f"id-{plain}"


def settle_ids(body: Element) -> tuple[str, ...]:
    """Make every id one that all formats can carry; return the ids that stood twice."""
    ours = {element for element in body.iter(etree.Element) if _is_ours(element)}
    seen = {element.get("id", "") for element in ours}
    doubled: list[str] = []
    renamed: dict[str, str] = {}
    for element in body.iter(etree.Element):
        old = element.get("id")
        if old is None or element in ours:
            continue
        new = plain_id(old)
        if new in seen:
            doubled.append(old)
            number = 2
            while f"{new}-{number}" in seen:
                number += 1
            new = f"{new}-{number}"
        seen.add(new)
        element.set("id", new)
        renamed.setdefault(old, new)
    for link in body.iter("a"):
        target = link.get("href") or ""
        if target.startswith("#"):
            link.set("href", "#" + renamed.get(target[1:], target[1:]))
    return tuple(doubled)


def _is_ours(element: Element) -> bool:
    """Whether the press, not the author, gave an element its id."""
    return (
        any(has_class(element, name) for name in ("note", "noteref", "entry"))
        or element.get("id") in ("notes", "references")
    ) and element.get("id") is not None


def settle_headings(article: Element) -> None:
    """Close the gaps between heading levels, so that the first level below the title is `h2`."""
    headings = [e for e in article.iter(etree.Element) if _HEADING.match(str(e.tag))]
    stack: list[int] = []
    for heading in headings:
        level = int(str(heading.tag)[1])
        while stack and stack[-1] >= level:
            stack.pop()
        stack.append(level)
        heading.tag = f"h{min(len(stack) + 1, 6)}"
        section = heading.getparent()
        if section is not None and section.tag == "section" and section[0] is heading:
            section.set("class", f"level{len(stack)}")


def number_sections(article: Element, wanted: bool, label: str) -> Iterator[Numbered]:
    """Count the sections that are not marked unnumbered; print the numbers where `wanted`."""
    counters: list[int] = []
    for section in article.iter("section"):
        heading = section[0] if len(section) else None
        if heading is None or not _HEADING.match(str(heading.tag)):
            continue
        if has_class(heading, "unnumbered") or has_class(section, "unnumbered"):
            continue
        title = text_of(heading, leaving_out="noteref")
        level = int(str(heading.tag)[1]) - 1
        counters = counters[:level] + [0] * (level - len(counters))
        counters[level - 1] += 1
        number = ".".join(map(str, counters))
        if wanted:
            mark = make("span", number, class_="number")
            mark.tail = " " + (heading.text or "")
            heading.text = None
            heading.insert(0, mark)
            yield Numbered(section.get("id", ""), "section", number, labelled(label, number), title)


def number_figures(article: Element, terms: Mapping[str, str]) -> Iterator[Numbered]:
    """Count the figures that have a caption; the number and credit line join the caption."""
    number = 0
    for figure in [f for f in article.iter("figure") if f.getparent() is not None]:
        caption = figure.find("figcaption")
        image = next(figure.iter("img"), None)
        if image is not None and not figure.get("id") and image.get("id"):
            figure.set("id", image.attrib.pop("id"))
        credit = "" if image is None else image.attrib.pop("data-credit", "")
        if caption is None or not text_of(caption):
            continue
        number += 1
        caption.attrib.pop("aria-hidden", None)
        if not figure.get("id"):
            figure.set("id", f"figure-{number}")
        title = text_of(caption, leaving_out="noteref")
        label = labelled(terms["figure"], str(number))
        _label_caption(caption, stopped(label, terms))
        if credit:
            caption[-1].tail = (caption[-1].tail or "").rstrip() + " "
            caption.append(make("span", credit, class_="credit"))
        yield Numbered(figure.get("id", ""), "figure", str(number), label, title)


def number_tables(article: Element, terms: Mapping[str, str]) -> Iterator[Numbered]:
    """Count the tables that have a caption; the number joins the caption."""
    number = 0
    for table in article.iter("table"):
        caption = table.find("caption")
        if caption is None or not text_of(caption):
            continue
        number += 1
        if not table.get("id"):
            table.set("id", f"table-{number}")
        title = text_of(caption, leaving_out="noteref")
        label = labelled(terms["table"], str(number))
        _label_caption(caption, stopped(label, terms))
        yield Numbered(table.get("id", ""), "table", str(number), label, title)


def _label_caption(caption: Element, label: str) -> None:
    """Put `label` before the caption; a caption of several blocks is labelled in its first."""
    first = caption[0] if len(caption) and caption[0].tag == "p" and not caption.text else caption
    words = make("span", class_="caption")
    words.text, first.text = first.text, None
    words.extend(list(first))
    mark = make("span", label, class_="label")
    mark.tail = " "
    first.append(mark)
    first.append(words)


def resolve_cross_references(
    body: Element, numbered: Mapping[str, Numbered], terms: Mapping[str, str]
) -> tuple[tuple[CrossReference, ...], tuple[UnknownTarget, ...]]:
    """Make each `xref` span into links that print their targets' labels.

    Links the author wrote to places in the work are checked with them.
    """
    unknown: list[UnknownTarget] = []
    for span in with_class(body, "xref"):
        keys = json.loads(span.attrib.pop("data-keys"))
        parts: list[Element | str] = []
        for n, key in enumerate(keys):
            target = numbered.get(plain_id(key)) or numbered.get(plain_id(key.lower()))
            if n:
                parts.append(terms["and" if n == len(keys) - 1 else "comma"])
            if target is None:
                unknown.append(UnknownTarget(key, link=False))
                parts.append(key)
            else:
                parts.append(make("a", target.label, class_="xref", href=f"#{target.id}"))
        replace_with(span, parts)
    ids = {element.get("id") for element in body.iter(etree.Element)}
    references: list[CrossReference] = []
    for link in body.iter("a"):
        href = link.get("href") or ""
        if not href.startswith("#") or link.get("role") or has_class(link, "noteref"):
            continue
        if href[1:] not in ids:
            unknown.append(UnknownTarget(href, link=True))
        else:
            references.append(CrossReference(text_of(link), href[1:]))
    return tuple(references), tuple(unknown)
