"""The title block: title, subtitle and abstract as elements of the resolved tree.

In: the tree as pandoc made it, whose first division holds what `titles.lua` put there. Out: a `div`
before the article, with `h1`, `p` and `section`, and the record with the plain words of each. Where
there are no more than plain words, the record has them all, and the tree has no such `div`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from triptych.mathematics.spoken import in_one_line
from triptych.read.source import Source
from triptych.record import EditionRecord
from triptych.resolve.plain_words import plain_words
from triptych.tree import (
    Element,
    article_of,
    has_class,
    make,
    remove,
    title_block_of,
)


def lift_title_block(body: Element, source: Source) -> EditionRecord:
    """Put the title block before the article, if it is more than words; return the record."""
    record, article = source.record, article_of(body)
    given = article[0] if len(article) else None
    if not source.titles or given is None or not has_class(given, "title-block"):
        return record
    given.tail = None
    remove(given)
    parts = {part.get("class", ""): part for part in given}
    record = replace(
        record,
        title=_words(parts.get("title")) or record.title,
        subtitle=_words(parts.get("subtitle")) or record.subtitle,
        summary=_words(parts.get("abstract")) or record.summary,
    )
    if any(map(_is_more_than_words, parts.values())):
        body.insert(0, _title_block(parts, record))
    return record


def words_of_finished(body: Element, record: EditionRecord) -> EditionRecord:
    """The record with the words of the finished title block, cross-references and all."""
    block = title_block_of(body)
    if block is None:
        return record
    return replace(
        record,
        title=_words(block.find("h1")) or record.title,
        subtitle=_words(block.find("p")),
        summary=_words(block.find("section")),
    )


def _words(part: Element | None) -> str:
    return "" if part is None else plain_words(part, in_one_line)


def _is_more_than_words(part: Element) -> bool:
    only = part[0] if len(part) == 1 and part[0].tag == "p" else part
    return len(only) > 0


def _title_block(parts: Mapping[str, Element], record: EditionRecord) -> Element:
    """The parts in their order; one that is not Markdown has the record's words."""
    block = make("div")
    for name, tag, words in (
        ("title", "h1", record.title),
        ("subtitle", "p", record.subtitle),
        ("abstract", "section", record.summary),
    ):
        part = parts.get(name)
        if part is None and words:
            part = make(tag, make("p", words) if tag == "section" else words)
        if part is None:
            continue
        part.tag = tag
        part.attrib.clear()
        block.append(part)
        if tag != "section":
            _strip(part)
    return block


def _strip(line: Element) -> None:
    """Take the white space from both ends of a line."""
    line.text = (line.text or "").lstrip()
    if len(line):
        line[-1].tail = (line[-1].tail or "").rstrip()
    else:
        line.text = line.text.rstrip()
