"""The content documents of an e-book, in the order of its spine.

In: an `Edition` and its parts, which show their images and formulas. Out: documents, each with the
name of its file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from lxml import etree

from triptych.design import template
from triptych.direction import direction
from triptych.edition import Edition
from triptych.render.colophon import colophon
from triptych.render.epub.cover_image import cover_words
from triptych.render.index import index_markup
from triptych.render.parts import summary, title_block
from triptych.tree import Element, make, serialise, text_of, with_class

etree.register_namespace("epub", "http://www.idpf.org/2007/ops")
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_EPUB_NS = ' xmlns:epub="http://www.idpf.org/2007/ops"'


@dataclass(frozen=True, slots=True)
class Document:
    """One content document: its file name, its title for assistive technology, its body."""

    file: str
    title: str
    body: str
    kind: str

    @property
    def properties(self) -> list[str]:
        """The manifest properties that the content needs (EPUB 3.3, D.4)."""
        held = {"svg": "<svg", "mathml": "<math"}
        return [name for name, mark in held.items() if mark in self.body]


def spine_documents(
    edition: Edition, title: Element | None, article: Element, notes: Element | None,
    references: Element | None, places: Mapping[str, str], cover: str,
) -> Iterator[Document]:  # fmt: skip
    """The documents from cover to colophon, with each note in that of the section that calls it.

    `title` is what `title_of` gave; `places` are the pages that the index names; `cover` is the
    file of the cover's picture.
    """
    record, terms = edition.record, edition.terms
    yield Document(
        "cover.xhtml",
        terms["cover"],
        f'<section class="cover-page" aria-label="{terms["cover"]}"><img src="{cover}" '
        f'alt="{escape(cover_words(edition))}"/></section>',
        "cover",
    )
    noted = {} if notes is None else {n.get("id", ""): n for n in notes.iter("li") if n.get("id")}
    called = "" if title is None else "".join(_notes(_with_marks(title), noted, edition))
    head = f"{title_block(edition, title)}{summary(edition, title)}".replace(_EPUB_NS, "")
    yield Document(
        "title.xhtml", record.title, f'<section class="title-page">{head}</section>{called}',
        "titlepage",
    )  # fmt: skip
    opening = make("section", class_="opening")
    opening.set("aria-label", record.title)
    opening.text = article.text
    for block in list(article):
        if block.tag == "section":
            break
        opening.append(block)
    sections = [opening] if len(opening) else []
    sections += list(article)
    for number, section in enumerate(sections, 1):
        _raise_headings(section)
        body = serialise(_with_marks(section)).replace(_EPUB_NS, "")
        body += "".join(_notes(section, noted, edition))
        heading = section[0] if len(section) and section[0].tag == "h1" else None
        name = record.title if heading is None else text_of(heading, leaving_out="noteref")
        yield Document(f"text-{number}.xhtml", name, body, "bodymatter")
    if references is not None:
        _raise_headings(references)
        yield Document(
            "references.xhtml", text_of(references[0]), serialise(references), "bibliography"
        )
    if edition.ledger.index:
        body = index_markup(edition, places).replace("<h2", "<h1").replace("</h2>", "</h1>")
        yield Document("index.xhtml", terms["index"], body, "index")
    yield Document(
        "colophon.xhtml",
        terms["about"],
        '<section class="colophon" epub:type="colophon" role="doc-colophon" '
        f'aria-label="{escape(terms["about"])}">'
        f"<h1>{escape(terms['about'])}</h1>{colophon(edition)}</section>",
        "colophon",
    )


def _with_marks(section: Element) -> Element:
    """The section, in which the marks of notes are told to be such (EPUB SSV, noteref)."""
    for mark in with_class(section, "noteref"):
        mark.set(EPUB_TYPE, "noteref")
    return section


def _raise_headings(section: Element) -> None:
    """Raise the headings by one level, so that the first of each file is its `h1`."""
    for heading in section.iter("h2", "h3", "h4", "h5", "h6"):
        heading.tag = f"h{int(str(heading.tag)[1]) - 1}"


def _notes(section: Element, notes: dict[str, Element], edition: Edition) -> Iterator[str]:
    """The notes that `section` calls, as pop-up footnotes (EPUB SSV, footnote)."""
    for mark in with_class(section, "noteref"):
        name = (mark.get("href") or "")[1:]
        note = notes.pop(name, None)
        if note is None:
            continue
        number = text_of(mark)
        back = make(
            "a", number, class_="notemark", role="doc-backlink", href=f"#{mark.get('id')}",
            aria_label=f"{edition.terms['back to text']} {number}",
        )  # fmt: skip
        first = note[0] if len(note) and note[0].tag == "p" else note
        back.tail = " " + (first.text or "").lstrip()
        first.text = None
        first.insert(0, back)
        aside = make("aside", class_="note", id=name, role="doc-footnote")
        aside.set(EPUB_TYPE, "footnote")
        aside.text = note.text
        aside.extend(list(note))
        _raise_headings(aside)
        yield serialise(aside).replace(_EPUB_NS, "")
        yield from _notes(aside, notes, edition)


def page_of(edition: Edition, document: Document, places: dict[str, str]) -> bytes:
    """A document's XHTML. By `places`, its links lead to the files in which ids stand."""

    def href(match: re.Match[str]) -> str:
        target = match[1]
        file = places.get(target, "")
        return f'href="{"" if file == document.file else file}#{target}"'

    body = re.sub(r'href="#([^"]+)"', href, document.body)
    body = re.sub(r'(<use\b[^>]*)href="[^"#]+#', r'\1href="#', body)
    return (
        template("ebook.xhtml")
        .substitute(
            language=escape(edition.record.language),
            direction=direction(edition.record.language),
            title=escape(document.title),
            body=body,
        )
        .encode()
    )
