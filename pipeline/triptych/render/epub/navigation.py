"""The navigation document of an e-book: contents, lists, landmarks, printed pages (EPUB 3.3, 7).

In: an `Edition`, its documents, and the file of each id. Out: XHTML.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from triptych.design import template
from triptych.direction import direction
from triptych.edition import Edition
from triptych.manifest import Landmark
from triptych.render.epub.documents import Document
from triptych.render.parts import body_of, contents_list, lists, titled
from triptych.tree import Element, text_of


def navigation(
    edition: Edition, documents: Sequence[Document], toc: str, pages: Mapping[str, str],
    places: Mapping[str, str],
) -> str:  # fmt: skip
    """The document. `toc` is its list of contents, and `pages` has a link for each page label.

    `places` names the file in which each id stands.
    """
    terms = edition.terms
    held = {document.kind: document.file for document in reversed(documents)}
    first = held.get("bodymatter", held["titlepage"])
    held["toc"] = "nav.xhtml"
    article, _, references = body_of(edition)
    marks = "".join(
        f'<li><a epub:type="{mark.kind}" href="{held[mark.kind]}">{escape(mark.title)}</a></li>'
        for mark in landmarks(edition, article, references)
    )
    if not toc:
        toc = f'<ol><li><a href="{first}">{escape(edition.record.title)}</a></li></ol>'
    return template("nav.xhtml").substitute(
        language=escape(edition.record.language),
        direction=direction(edition.record.language),
        title=escape(terms["contents"]),
        toc=toc,
        lists="".join(_lists(edition, places)),
        marks=escape(terms["landmarks"]),
        landmarks=marks,
        pages=_page_list(pages, terms["pages"]),
    )


def landmarks(
    edition: Edition, article: Element, references: Element | None
) -> tuple[Landmark, ...]:
    """The parts of the book in the order of its spine; `references` is its bibliography.

    A work may be a list of works and nothing else: then its `article` is empty.
    """
    terms = edition.terms
    marks = [
        ("cover", terms["cover"]),
        ("titlepage", terms["title page"]),
        ("toc", terms["contents"]),
    ]
    if len(article):
        marks.append(("bodymatter", edition.record.title))
    if references is not None:
        marks.append(("bibliography", text_of(titled(references, terms["references"])[0])))
    if edition.ledger.index:
        marks.append(("index", terms["index"]))
    marks.append(("colophon", terms["about"]))
    return tuple(Landmark(kind, " ".join(title.split())) for kind, title in marks)


def _lists(edition: Edition, files: Mapping[str, str]) -> Iterator[str]:
    """The lists of figures and tables (EPUB SSV, loi and lot)."""
    kinds = {"figures": "loi", "tables": "lot"}
    for name, title, lines in lists(edition):
        hrefs = {line.id: f"{files[line.id]}#{line.id}" for line in lines}
        yield (
            f'<nav class="contents" epub:type="{kinds[name]}" aria-labelledby="list-{name}">'
            f'<h1 id="list-{name}">{escape(title)}</h1>{contents_list(lines, hrefs)}</nav>'
        )


def _page_list(pages: Mapping[str, str], title: str) -> str:
    """The list of printed pages (EPUB 3.3, 7.4.4), or nothing."""
    items = "".join(f'<li><a href="{href}">{label}</a></li>' for label, href in pages.items())
    if not items:
        return ""
    return (
        '<nav epub:type="page-list" role="doc-pagelist" hidden="hidden" '
        f'aria-label="{escape(title)}"><ol>{items}</ol></nav>'
    )
