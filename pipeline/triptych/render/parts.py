"""Parts that all formats print alike: title block, contents, colophon, and their order.

They are made once, here, so that no two formats differ in a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from lxml import etree

from triptych.direction import direction, direction_of, from_right
from triptych.edition import Edition
from triptych.render.byline import dateline, full_byline
from triptych.render.powers import direct_powers
from triptych.terms import stopped
from triptych.tree import (
    Element,
    article_of,
    has_class,
    is_bibliography,
    make,
    parse_xhtml,
    replace_with,
    serialise,
    text_of,
    title_block_of,
    with_class,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the contents: level from 1, number (may be empty), title, target id.

    `people` are the authors of a chapter in a collection.
    """

    level: int
    number: str
    title: str
    id: str
    people: str = ""


_LABEL = 36
"""In letters. The first cell of a row stays on one line if it is not longer and has no picture."""


def body_of(edition: Edition) -> tuple[Element, Element | None, Element | None]:
    """The article, its notes and its references, as fresh trees that may be changed."""
    body = parse_xhtml(edition.body)
    article = article_of(body)
    parts = {part.get("id"): part for part in body}
    references = parts.get("references")
    for cell in article.iter("td"):
        if len(text_of(cell)) > _LABEL or cell.find(".//img") is not None:
            cell.set("class", " ".join(filter(None, (cell.get("class"), "long"))))
    for section in bibliographies(article, references):
        _direct_entries(section, direction(edition.record.language))
    _direct_passages(body, direction(edition.record.language))
    direct_powers(body, direction(edition.record.language))
    return article, parts.get("notes"), references


def title_of(edition: Edition) -> Element | None:
    """Title, subtitle and summary as a fresh tree, where they are more than plain words."""
    if not edition.ledger.title_text.letters:
        return None
    block = title_block_of(parse_xhtml(edition.body))
    assert block is not None
    _direct_passages(block, direction(edition.record.language))
    direct_powers(block, direction(edition.record.language))
    return block


def bibliographies(*parts: Element | None) -> list[Element]:
    """The sections of bibliographies: one at the end of the work, or one in each chapter."""
    return [e for part in parts if part is not None for e in part.iter() if is_bibliography(e)]


def _direct_entries(references: Element, usual: str) -> None:
    """Mark each entry of the other direction, or its punctuation would be misplaced."""
    for entry in with_class(references, "entry"):
        own = direction_of(text_of(entry))
        if own not in (None, usual):
            entry.set("dir", str(own))


def _direct_passages(element: Element, usual: str) -> None:
    """Mark each passage whose language has the other direction, as for entries.

    Code runs from the left in any language, and so do words without a letter that runs from the
    right, in a work from the left.
    """
    own = element.get("dir") or usual
    if element.tag in ("pre", "code"):
        own = "ltr"
    elif element.get("lang") and not element.get("dir"):
        own = direction(element.get("lang", ""))
    if own == "rtl" != usual and not from_right(text_of(element)):
        own = usual
        element.attrib.pop("dir", None)
    if own != usual:
        element.set("dir", own)
    for child in element.iterchildren(etree.Element):
        _direct_passages(child, own)


def titled(section: Element, title: str) -> Element:
    """Give a section of notes or references its heading, unless the author gave it one.

    At the end of a chapter, its label includes the chapter's heading, to tell it from others.
    """
    if len(section) == 0 or not re.fullmatch("h[2-6]", str(section[0].tag)):
        section.insert(0, make("h2", title))
    section[0].set("id", f"{section.get('id')}-title")
    labels = [f"{section.get('id')}-title"]
    around = section.getparent()
    if around is not None and around.tag == "section":
        around[0].set("id", around[0].get("id") or f"{around.get('id')}-title")
        labels.append(around[0].get("id", ""))
    section.set("aria-labelledby", " ".join(labels))
    return section


def framed(table: Element) -> Element:
    """Put a frame around a table and its caption, and return it: a `div` of class `table-frame`."""
    frame = make("div", class_="table-frame")
    replace_with(table, [frame])
    table.tail = None
    frame.append(table)
    return frame


def headings(article: Element) -> Iterator[Heading]:
    """The article's headings in order. Chapters in parts are a level below the parts."""
    parted = any(has_class(section, "part") for section in article)
    below = 0
    for section in article.iter("section"):
        heading = section[0] if len(section) else None
        if heading is None or not re.fullmatch("h[2-6]", str(heading.tag)):
            continue
        number = next((text_of(s) for s in heading.iter("span") if has_class(s, "number")), "")
        title = text_of(heading, leaving_out="noteref").removeprefix(number).strip()
        level = int(str(heading.tag)[1]) - 1
        if level == 1 and parted:
            below = not any(has_class(section, name) for name in ("part", "front", "back"))
        people = next(
            (text_of(e) for e in section[1:2] for e in with_class(e, "chapter-byline")), ""
        )
        yield Heading(level + below, number, title, section.get("id", ""), people)


def contents(edition: Edition, article: Element, *back_matter: Element | None) -> list[Heading]:
    """The lines of the contents, then back matter.

    Where the record does not say how deep they go, they have two levels of headings, and three in
    parts. Headings of the class `unlisted` are left out.
    """
    usual = 3 if any(has_class(section, "part") for section in article) else 2
    deepest = edition.record.contents_depth or usual
    left_out = {
        section.get("id")
        for section in article.iter("section")
        if any(has_class(e, "unlisted") for e in (section, *section[:1]))
    }
    lines = [
        heading
        for heading in headings(article)
        if heading.level <= deepest and heading.id and heading.id not in left_out
    ]
    return lines + [
        Heading(1, "", text_of(section[0]), section.get("id", ""))
        for section in back_matter
        if section is not None
    ]


def lists(edition: Edition) -> list[tuple[str, str, list[Heading]]]:
    """The lists after the contents, each with its name, its title and its lines."""
    return [
        (name, edition.terms[name], lines)
        for name in edition.record.lists
        if (
            lines := [
                Heading(1, "", f"{stopped(item.label, edition.terms)} {item.title}", item.id)
                for item in edition.ledger.numbered
                if f"{item.kind}s" == name
            ]
        )
    ]


def running_heads(*parts: Element | None) -> Iterator[tuple[str, str]]:
    """The id of each section of the first level, and what the pages of it bear at their head.

    The pages of a part of a book bear nothing. Headings that are quoted begin no section.
    """
    for part in parts:
        for heading in part.iter("h2") if part is not None else ():
            section = heading.getparent()
            if section is not None and section.tag == "section" and section.get("id"):
                bare = has_class(section, "part")
                yield section.get("id", ""), "" if bare else text_of(heading, leaving_out="noteref")


def nested(lines: Iterable[Heading]) -> Iterator[tuple[int, Heading]]:
    """The lines of the contents, each with its depth in the list, from 1."""
    depth, top, rooted = 0, 0, False
    for line in lines:
        top = top or line.level
        rooted = rooted or line.level < top  # chapters before the first part are level with parts
        depth = min(line.level if rooted else line.level - top + 1, depth + 1)
        yield depth, line


def contents_list(lines: list[Heading], href: dict[str, str] | None = None) -> str:
    """The table of contents as nested ordered lists; `href` overrides `#id` targets."""
    out: list[str] = []
    depth = 0
    for level, line in nested(lines):
        if level > depth:
            out.append("<ol>")
        else:
            out.append("</li>" + "</ol></li>" * (depth - level))
        depth = level
        number = f'<span class="number">{escape(line.number)}</span> ' if line.number else ""
        target = (href or {}).get(line.id, f"#{line.id}")
        people = f' <span class="people">/ {escape(line.people)}</span>' if line.people else ""
        out.append(f'<li><a href="{escape(target)}">{number}{escape(line.title)}{people}</a>')
    if depth:
        out.append("</li>" + "</ol></li>" * (depth - 1) + "</ol>")
    return "".join(out)


def title_block(edition: Edition, title: Element | None) -> str:
    """Title, subtitle, people, date: the head of every format. `title` is what `title_of` gave."""
    return f"{titles(edition, title)}{full_byline(edition)}{dateline(edition)}"


def titles(edition: Edition, title: Element | None) -> str:
    """Title and subtitle."""
    if title is not None:
        lines = (_dressed(line, _LINES[line.tag]) for line in title if line.tag in _LINES)
        return "".join(map(serialise, lines))
    record = edition.record
    subtitle = (
        f'<p class="subtitle" role="doc-subtitle">{escape(record.subtitle)}</p>'
        if record.subtitle
        else ""
    )
    return f'<h1 class="title">{escape(record.title)}</h1>{subtitle}'


_LINES = {"h1": {"class": "title"}, "p": {"class": "subtitle", "role": "doc-subtitle"}}


def _dressed(element: Element, attributes: Mapping[str, str]) -> Element:
    for name, value in attributes.items():
        element.set(name, value)
    return element


def summary(edition: Edition, title: Element | None) -> str:
    """The summary, or nothing. `title` is what `title_of` gave."""
    words, label = edition.record.summary, edition.terms["summary"]
    section = None if title is None else title.find("section")
    if section is not None:
        told = {"class": "summary", "role": "doc-abstract", "aria-label": label}
        return serialise(_dressed(section, told))
    if not words:
        return ""
    return (
        f'<section class="summary" role="doc-abstract" aria-label="{escape(label)}">'
        f"<p>{escape(words)}</p></section>"
    )
