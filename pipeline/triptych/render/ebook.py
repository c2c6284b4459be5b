"""The e-book edition: EPUB 3.3, one spine item a section, assembled by EbookLib.

In: an `Edition`. Out: the EPUB's bytes. What EbookLib would do its own way and readers or
validators would suffer from is set here: it is given finished XHTML documents and our own
navigation document and a fixed time of modification, and the archive is written here.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape, unescape
from typing import Any

from ebooklib import epub
from lxml import etree

from triptych.design import code_in, direction, faces_for, font_rules, stylesheet, template
from triptych.edition import Edition, Image
from triptych.render.cover import cover_png
from triptych.render.figures import can_stand_inline, inline_svg
from triptych.render.formulas import (
    formulas_in,
    image_attributes,
    needs_image,
    signs_of_formulas,
    strip_tex,
    svg_of,
    webfont,
    webfont_rule,
    without_formulas,
)
from triptych.render.index import index_headings, index_markup
from triptych.render.pagination import PageBreak, mark_pages, written
from triptych.render.parts import (
    bibliographies,
    body_of,
    colophon,
    contents,
    contents_list,
    framed,
    lists,
    summary,
    title_block,
    titled,
)
from triptych.tree import Element, make, replace_with, serialise, text_of, with_class

etree.register_namespace("epub", "http://www.idpf.org/2007/ops")
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_EPUB_NS = ' xmlns:epub="http://www.idpf.org/2007/ops"'
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip entry can carry: the archive's bytes tell nothing of the build."""


@dataclass(frozen=True, slots=True)
class _Document:
    """One content document: its file name, its title for assistive technology, its body."""

    file: str
    title: str
    body: str
    kind: str

    @property
    def properties(self) -> list[str]:
        """Manifest properties (EPUB 3.3, D.4) as the content asks for them."""
        held = {"svg": "<svg", "mathml": "<math"}
        return [name for name, mark in held.items() if mark in self.body]


def render_ebook(
    edition: Edition, breaks: tuple[PageBreak, ...] = (), cover: bytes | None = None,
    places: Mapping[str, str] | None = None,
) -> bytes:  # fmt: skip
    """Render the e-book edition, with the page breaks of the print edition.

    `cover` is its PNG, where it has been drawn before; `places` are the pages that the index names.
    """
    article, notes, references = body_of(edition)
    for mark in mark_pages(written((article, references)), breaks):
        mark.set(_EPUB_TYPE, "pagebreak")
    images = _show_images((article, notes), edition)
    drawings = _draw_formulas(article, notes, references)
    for table in list(article.iter("table")):
        framed(table)
    for section in bibliographies(article, references):
        titled(section, edition.terms["references"]).set("role", "doc-bibliography")
    lines = contents(article, references) + index_headings(edition)
    documents = list(_documents(edition, article, notes, references, places or {}))
    files = {
        name: document.file
        for document in documents
        for name in re.findall(r'\bid="([^"]+)"', document.body)
    }
    book = _book(edition, bool(breaks))
    for image_file, image in images.items():
        book.add_item(_item(image_file, image.media_type, image.data))
    for drawing_file, drawing in drawings.items():
        book.add_item(_item(drawing_file, "image/svg+xml", drawing))
    language = edition.record.language
    text = "".join(
        unescape(re.sub(r"<[^>]+>", "", without_formulas(document.body))) for document in documents
    )
    code = "".join(code_in(document.body) for document in documents)
    faces = faces_for(text, language, code=code)
    for face in faces:
        book.add_item(_item(f"fonts/{face.path.name}", "font/woff2", face.path.read_bytes()))
    style = stylesheet("ebook") + font_rules(
        faces, language, lambda face: f"fonts/{face.path.name}"
    )
    signs = signs_of_formulas(edition.body)
    if signs:
        book.add_item(_item("fonts/mathematics.woff2", "font/woff2", webfont(signs)))
        style += webfont_rule("fonts/mathematics.woff2")
    book.add_item(_item("style.css", "text/css", style.encode()))
    front = epub.EpubCover(uid="cover-image", file_name="cover.png")
    front.media_type = "image/png"
    front.set_content(cover or cover_png(edition))
    book.add_item(front)
    spine = []
    for document in documents:
        item = _item(
            document.file, "application/xhtml+xml", _page(edition, document, files),
            document.properties,
        )  # fmt: skip
        book.add_item(item)
        spine.append(item)
    hrefs = {line.id: f"{files[line.id]}#{line.id}" for line in lines if line.id in files}
    pages = {item.label: f"{files[f'page-{item.label}']}#page-{item.label}" for item in breaks}
    listed = "".join(_lists(edition, files))
    nav = _navigation(edition, documents, contents_list(lines, hrefs), pages, listed)
    book.add_item(_item("nav.xhtml", "application/xhtml+xml", nav.encode(), ["nav"]))
    book.toc = [epub.Link(hrefs[line.id], line.title, f"toc-{line.id}") for line in lines] or [
        epub.Link("title.xhtml", edition.record.title, "toc-title")  # a work without headings
    ]
    book.add_item(epub.EpubNcx())
    book.spine = [*spine[:2], book.get_item_with_href("nav.xhtml"), *spine[2:]]
    made = datetime.fromisoformat(edition.record.made)
    writer = _Writer("", book, {"mtime": made, "epub2_guide": False, "raise_exceptions": True})
    writer.process()
    writer.write()
    return _archive(writer.out.files)


def _item(
    file: str, media_type: str, content: bytes, properties: list[str] | None = None
) -> object:
    item = epub.EpubItem(
        uid=re.sub(r"[^A-Za-z0-9]+", "-", file), file_name=file, media_type=media_type,
        content=content,
    )  # fmt: skip
    item.properties = properties or []
    return item


# --- Documents -----------------------------------------------------------------------------------


def _documents(
    edition: Edition, article: Element, notes: Element | None, references: Element | None,
    places: Mapping[str, str],
) -> Iterator[_Document]:  # fmt: skip
    record, terms = edition.record, edition.terms
    yield _Document(
        "cover.xhtml",
        terms["cover"],
        f'<section class="cover-page" aria-label="{terms["cover"]}"><img src="cover.png" '
        f'alt="{escape(terms["cover"])}: {escape(record.full_title)}"/></section>',
        "cover",
    )
    yield _Document(
        "title.xhtml",
        record.title,
        f'<section class="title-page">{title_block(edition)}{summary(edition)}</section>',
        "titlepage",
    )
    noted = {} if notes is None else {n.get("id", ""): n for n in notes.iter("li") if n.get("id")}
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
        for mark in with_class(section, "noteref"):
            mark.set(_EPUB_TYPE, "noteref")
        body = serialise(section).replace(_EPUB_NS, "")
        body += "".join(_notes(section, noted, edition))
        heading = section[0] if len(section) and section[0].tag == "h1" else None
        title = record.title if heading is None else text_of(heading, leaving_out="noteref")
        yield _Document(f"text-{number}.xhtml", title, body, "bodymatter")
    if references is not None:
        _raise_headings(references)
        yield _Document(
            "references.xhtml", text_of(references[0]), serialise(references), "bibliography"
        )
    if edition.ledger.index:
        body = index_markup(edition, places).replace("<h2", "<h1").replace("</h2>", "</h1>")
        yield _Document("index.xhtml", terms["index"], body, "index")
    yield _Document(
        "colophon.xhtml",
        terms["about"],
        '<section class="colophon" epub:type="colophon" role="doc-colophon" '
        f'aria-label="{escape(terms["about"])}">'
        f"<h1>{escape(terms['about'])}</h1>{colophon(edition)}</section>",
        "colophon",
    )


def _raise_headings(section: Element) -> None:
    """Each file's first heading is its `h1`; those below follow."""
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
        aside.set(_EPUB_TYPE, "footnote")
        aside.text = note.text
        aside.extend(list(note))
        yield serialise(aside).replace(_EPUB_NS, "")
        yield from _notes(aside, notes, edition)


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
    """Name an image for each formula that a reading system must know MathML for; return them."""
    strip_tex(*parts)
    files: dict[bytes, str] = {}
    for part in parts:
        for math in [] if part is None else formulas_in(part):
            if not needs_image(math):
                continue
            file = files.setdefault(svg_of(math), f"images/formula-{len(files) + 1}.svg")
            for name, value in image_attributes(math, file).items():
                math.set(name, value)
    return {file: image for image, file in files.items()}


def _page(edition: Edition, document: _Document, places: dict[str, str]) -> bytes:
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


def _navigation(
    edition: Edition, documents: list[_Document], toc: str, pages: dict[str, str], listed: str
) -> str:
    terms = edition.terms
    first = next(document.file for document in documents if document.kind == "bodymatter")
    marks = [
        ("cover", "cover.xhtml", terms["cover"]),
        ("titlepage", "title.xhtml", terms["title page"]),
        ("toc", "nav.xhtml", terms["contents"]),
        ("bodymatter", first, edition.record.title),
    ]
    marks += [(d.kind, d.file, d.title) for d in documents if d.kind in ("bibliography", "index")]
    marks += [("colophon", "colophon.xhtml", terms["about"])]
    landmarks = "".join(
        f'<li><a epub:type="{kind}" href="{file}">{escape(title)}</a></li>'
        for kind, file, title in marks
    )
    if not toc:
        toc = f'<ol><li><a href="{first}">{escape(edition.record.title)}</a></li></ol>'
    return template("nav.xhtml").substitute(
        language=escape(edition.record.language),
        direction=direction(edition.record.language),
        title=escape(terms["contents"]),
        toc=toc,
        lists=listed,
        landmarks=landmarks,
        pages=_page_list(pages, terms["pages"]),
    )


def _lists(edition: Edition, files: Mapping[str, str]) -> Iterator[str]:
    """The lists of figures and tables (EPUB SSV, loi and lot)."""
    kinds = {"figures": "loi", "tables": "lot"}
    for name, title, lines in lists(edition):
        hrefs = {line.id: f"{files[line.id]}#{line.id}" for line in lines}
        yield (
            f'<nav class="contents" epub:type="{kinds[name]}" aria-labelledby="list-{name}">'
            f'<h1 id="list-{name}">{escape(title)}</h1>{contents_list(lines, hrefs)}</nav>'
        )


# --- Package -------------------------------------------------------------------------------------


def _page_list(pages: dict[str, str], title: str) -> str:
    """The list of printed pages (EPUB 3.3, 7.4.4), or nothing."""
    items = "".join(f'<li><a href="{href}">{label}</a></li>' for label, href in pages.items())
    if not items:
        return ""
    return (
        '<nav epub:type="page-list" role="doc-pagelist" hidden="hidden" '
        f'aria-label="{escape(title)}"><ol>{items}</ol></nav>'
    )


def _book(edition: Edition, paged: bool) -> epub.EpubBook:
    record = edition.record
    book = epub.EpubBook()
    book.metadata.clear()
    book.set_identifier(record.identifier)
    book.IDENTIFIER_ID = "id"
    book.set_title(record.full_title)
    book.set_language(record.language)
    book.set_direction(direction(record.language))
    dc = "DC"
    roles = {"author": "aut", "editor": "edt", "translator": "trl", "illustrator": "ill"}
    for number, person in enumerate(record.contributors, 1):
        name = "creator" if person.role == "author" else "contributor"
        book.add_metadata(dc, name, person.name, {"id": f"person-{number}"})
        book.add_metadata(
            None, "meta", roles[person.role],
            {"refines": f"#person-{number}", "property": "role", "scheme": "marc:relators"},
        )  # fmt: skip
    for name, value in (
        ("date", record.date),
        ("publisher", record.publisher),
        ("rights", record.rights),
        ("description", record.summary),
    ):
        if value:
            book.add_metadata(dc, name, value)
    for keyword in record.keywords:
        book.add_metadata(dc, "subject", keyword)
    if paged:
        # Where the pages are from: for readers of today, and for those of EPUB 3.0 to 3.2.
        book.add_metadata(None, "meta", record.identifier, {"property": "pageBreakSource"})
        book.add_metadata(dc, "source", record.identifier, {"id": "page-source"})
        book.add_metadata(
            None, "meta", "pagination", {"refines": "#page-source", "property": "source-of"}
        )
    for name, value in _accessibility(edition, paged):
        book.add_metadata(None, "meta", value, {"property": name})
    book.add_metadata(None, "meta", "", {"name": "cover", "content": "cover-image"})
    return book


def _accessibility(edition: Edition, paged: bool) -> Iterator[tuple[str, str]]:
    """EPUB Accessibility 1.1, 2.2: what the book offers, from what it holds."""
    yield "schema:accessMode", "textual"
    if edition.images:
        yield "schema:accessMode", "visual"
    yield "schema:accessModeSufficient", "textual"
    features = [
        "displayTransformability",
        "readingOrder",
        "structuralNavigation",
        "tableOfContents",
    ]
    if paged:
        features += ["pageBreakMarkers", "pageNavigation"]
    if edition.images:
        features.append("alternativeText")
    if "<math" in edition.body:
        features.append("MathML")
        if edition.record.language.split("-")[0].lower() == "en":
            features.append("describedMath")
    for feature in features:
        yield "schema:accessibilityFeature", feature
    yield "schema:accessibilityHazard", "none"
    yield (
        "schema:accessibilitySummary",
        "All text can be read aloud and resized; headings, lists, tables and notes are marked up; "
        "images have alternative text; citations link to their bibliography entries.",
    )


class _Collected:
    """Takes files as a `zipfile.ZipFile` does, and keeps them by name."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {"mimetype": b"application/epub+zip"}

    def writestr(self, name: str, data: str | bytes) -> None:
        self.files[name] = data.encode() if isinstance(data, str) else data


class _Writer(epub.EpubWriter):  # type: ignore[misc]  # EbookLib has no types
    """EbookLib's writer, with the package document told its language (EPUB 3.3, 5.3.3).

    What it writes is only collected: its own archive would bear the time of the clock, and a clock
    before 1980 would break it.
    """

    def write(self) -> None:
        self.out = _Collected()
        self._write_container()
        self._write_opf()
        self._write_items()

    def _write_opf_file(self, root: Any) -> None:
        root.set("{http://www.w3.org/XML/1998/namespace}lang", self.book.language)
        super()._write_opf_file(root)


def _archive(files: Mapping[str, bytes]) -> bytes:
    """The files as an archive, `mimetype` first and stored, and all times alike (OCF 3.3, 4.2)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(files, key=lambda name: (name != "mimetype", name)):
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.external_attr = 0o644 << 16
            stored = name == "mimetype" or name.endswith((".woff2", ".png", ".jpg"))
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return out.getvalue()
