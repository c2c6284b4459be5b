"""The wording of an edition: its running text, links and places, from the resolved tree.

This is what all finished files must say, letter by letter.
"""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from triptych.text import Scribe, Text
from triptych.tree import Element, text_of, title_block_of, with_class

_BLOCKS = frozenset(
    """address article aside blockquote br caption center dd details div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody
    td tfoot th thead tr ul""".split()
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_WORDLESS = frozenset("annotation annotation-xml img script style svg".split())


_ROOTS = frozenset(("msqrt", "mroot"))
"""Elements of MathML that add a sign of their own."""


def article_text(body: Element) -> Text:
    """The article, followed by the bibliography."""
    scribe = Scribe()
    for part in body:
        if part.get("id") != "notes" and part is not title_block_of(body):
            _read(part, scribe)
    return scribe.text()


def title_text(body: Element) -> Text:
    """The title block, where it is more than plain words. The title is not one of its headings."""
    scribe = Scribe()
    block = title_block_of(body)
    if block is not None:
        _read(block, scribe)
    text = scribe.text()
    return replace(text, parts=tuple(part for part in text.parts if part.level != 1))


def notes_text(body: Element) -> Text:
    """The notes, one after another. Each is a place with its id."""
    scribe = Scribe()
    for note in with_class(body, "note"):
        _read(note, scribe)
    return scribe.text()


def headings(body: Element) -> tuple[str, ...]:
    """The headings of the work and of its tables' columns, which a page may repeat."""
    return tuple(
        text
        for element in body.iter(*_HEADINGS, "th")
        if (text := text_of(element, leaving_out="noteref"))
    )


def _read(element: Element, scribe: Scribe) -> None:
    if not isinstance(element.tag, str):
        return
    tag = etree.QName(element).localname
    if tag in _WORDLESS:
        if element.get("id"):
            scribe.name(scribe.at, element.get("id", ""))
        return
    block = tag in _BLOCKS
    if block:
        scribe.gap("block")
    start = scribe.at
    if tag in _ROOTS:
        scribe.write("√")
    scribe.write(element.text or "")
    for child in element:
        _read(child, scribe)
        scribe.write(child.tail or "")
    if tag == "a" and element.get("href"):
        target = element.get("href", "")
        scribe.link(start, target.removeprefix("#"))
    if element.get("id"):
        scribe.name(start, element.get("id", ""))
    if tag in ("figcaption", "caption"):
        scribe.part(start, "caption")
    elif tag in _HEADINGS:
        scribe.part(start, "heading", int(tag[1]))
    if block:
        scribe.gap("block")
