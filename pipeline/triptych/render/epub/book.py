"""The e-book edition: EPUB 3.3, one spine item a section, assembled by EbookLib.

In: an `Edition`. Out: the EPUB's bytes. EbookLib gets finished XHTML documents, our own navigation
document and a fixed time of modification, because its own would trouble readers and validators.
`package` writes the archive.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ebooklib import epub

from triptych.design import stylesheet, title_stylesheet
from triptych.edition import Edition, Image
from triptych.render.epub.cover_image import cover_file, drawn_cover
from triptych.render.epub.documents import EPUB_TYPE, Document, page_of, spine_documents
from triptych.render.epub.navigation import navigation
from triptych.render.epub.package import new_book, new_item, packed
from triptych.render.epub.tables import frame_table
from triptych.render.figures import can_stand_inline, inline_svg
from triptych.render.formulas import (
    formulas_in,
    image_attributes,
    needs_image,
    show_enclosed,
    signs_of_formulas,
    strip_tex,
    svg_of,
    webfont,
    webfont_rule,
    without_formulas,
)
from triptych.render.index import index_headings
from triptych.render.nobreak import keep_signs
from triptych.render.own_design import accent_rule, link_rule
from triptych.render.pagination import PageBreak, mark_pages, written
from triptych.render.parts import (
    Heading,
    bibliographies,
    body_of,
    contents,
    contents_list,
    title_of,
    titled,
)
from triptych.tree import Element, replace_with
from triptych.typefaces import faces_for, font_rules
from triptych.used_text import used_text_in


@dataclass(frozen=True, slots=True)
class BookDraft:
    """What of the e-book is made before the printed pages are set: the picture of its cover."""

    edition: Edition
    cover: Image


def render_ebook(edition: Edition) -> bytes:
    """Render the e-book edition by itself: it then knows of no printed pages."""
    return finish_ebook(draft_ebook(edition), (), {})


def draft_ebook(edition: Edition) -> BookDraft:
    """Make what can be made of the e-book edition before the pages are set."""
    return BookDraft(edition, edition.cover or drawn_cover(edition))


def finish_ebook(draft: BookDraft, breaks: Sequence[PageBreak], places: Mapping[str, str]) -> bytes:
    """Make the e-book, with the printed pages; `places` are the pages that the index names."""
    edition = draft.edition
    article, notes, references = body_of(edition)
    title = title_of(edition)
    keep_signs(title, article, notes, references)
    for mark in mark_pages(written((article, references)), breaks):
        mark.set(EPUB_TYPE, "pagebreak")
    images = _show_images((title, article, notes), edition)
    drawings = _draw_formulas(title, article, notes, references)
    show_enclosed(title, article, notes, references)
    for part in (article,) if title is None else (title, article):
        for table in list(part.iter("table")):
            frame_table(table)
    for section in bibliographies(article, references):
        titled(section, edition.terms["references"]).set("role", "doc-bibliography")
    lines = contents(edition, article, references) + index_headings(edition)
    cover = cover_file(draft.cover)
    documents = list(spine_documents(edition, title, article, notes, references, places, cover))
    files = {
        name: document.file
        for document in documents
        for name in re.findall(r'\bid="([^"]+)"', document.body)
    }
    book = new_book(edition, bool(breaks))
    for image_file, image in images.items():
        book.add_item(new_item(image_file, image.media_type, image.data))
    for drawing_file, drawing in drawings.items():
        book.add_item(new_item(drawing_file, "image/svg+xml", drawing))
    for design_item in _design(edition, documents):
        book.add_item(design_item)
    front = epub.EpubCover(uid="cover-image", file_name=cover)
    front.media_type = draft.cover.media_type
    front.set_content(draft.cover.data)
    book.add_item(front)
    spine = []
    for document in documents:
        item = new_item(
            document.file, "application/xhtml+xml", page_of(edition, document, files),
            document.properties,
        )  # fmt: skip
        book.add_item(item)
        spine.append(item)
    hrefs = {line.id: f"{files[line.id]}#{line.id}" for line in lines if line.id in files}
    pages = {item.label: f"{files[f'page-{item.label}']}#page-{item.label}" for item in breaks}
    nav = navigation(edition, documents, contents_list(lines, hrefs), pages, files)
    book.add_item(new_item("nav.xhtml", "application/xhtml+xml", nav.encode(), ["nav"]))
    book.toc = [epub.Link(hrefs[line.id], _numbered(line), f"toc-{line.id}") for line in lines] or [
        epub.Link("title.xhtml", edition.record.title, "toc-title")  # a work without headings
    ]
    book.add_item(epub.EpubNcx())
    book.spine = [*spine[:2], book.get_item_with_href("nav.xhtml"), *spine[2:]]
    return packed(book, edition.record.made)


def _numbered(line: Heading) -> str:
    """The number and title of a line of the contents."""
    return f"{line.number} {line.title}".strip()


def _design(edition: Edition, documents: Sequence[Document]) -> Iterator[epub.EpubItem]:
    """The style sheet, and the typefaces that the documents need."""
    markup = "".join(document.body for document in documents)
    used = used_text_in(without_formulas(markup), edition.record.language)
    faces = faces_for(used)
    for face in faces:
        yield new_item(f"fonts/{face.path.name}", "font/woff2", face.path.read_bytes())
    titled = title_stylesheet() if edition.ledger.title_text.letters else ""
    style = (
        stylesheet("ebook", edition.record.design.theme)
        + accent_rule(edition.record.design)
        + link_rule(edition.record.design.links, "section")
        + titled
        + font_rules(faces, used, lambda face: f"fonts/{face.path.name}")
    )
    signs = signs_of_formulas(edition.body)
    if signs:
        yield new_item("fonts/mathematics.woff2", "font/woff2", webfont(signs))
        style += webfont_rule("fonts/mathematics.woff2")
    style += edition.style_sheets.get("ebook", "")
    yield new_item("style.css", "text/css", style.encode())


def _show_images(parts: Iterable[Element | None], edition: Edition) -> dict[str, Image]:
    shown = [image for part in parts if part is not None for image in part.iter("img")]
    files: dict[str, Image] = {}
    for number, element in enumerate(shown, 1):
        image = edition.image(element.get("src", ""))
        if can_stand_inline(image):
            replace_with(element, [inline_svg(image, element, prefix=f"svg{number}-")])
            continue
        ending = {"image/svg+xml": "svg", "image/jpeg": "jpg"}.get(
            image.media_type, image.media_type.rsplit("/", 1)[-1]
        )
        file = f"images/{edition.images.index(image) + 1}.{ending}"
        element.set("src", file)
        files[file] = image
    return files


def _draw_formulas(*parts: Element | None) -> dict[str, bytes]:
    """Give an image to each formula that only MathML can show; return the images."""
    files: dict[bytes, str] = {}
    for part in parts:
        for math in [] if part is None else formulas_in(part):
            if not needs_image(math):
                continue
            file = files.setdefault(svg_of(math), f"images/formula-{len(files) + 1}.svg")
            for name, value in image_attributes(math, file).items():
                math.set(name, value)
    strip_tex(*parts)
    return {file: image for image, file in files.items()}
