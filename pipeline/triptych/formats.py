"""The table of formats: what an edition can be made as, what makes each, and what reads it back.

A new format is a row here, a module in `render/` that makes it and one in `witness/` that reads it.
Both are named by import paths: the proof uses this table and imports nothing of what it proves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

MANIFEST_ENDING = ".edition.json"
"""The edition manifest, which lies beside the files of all formats."""

SIGNATURE_ENDINGS = (".sig", ".minisig")
"""Signatures of the manifest, by SSH and minisign keys, which lie beside it."""

Needs = Literal["edition", "breaks", "pages", "proof"]
"""What a format is made of, besides the edition; `render` is called accordingly.

- `edition`: nothing more. `render(edition)` gives the file's bytes.
- `breaks`: the places where printed pages begin, if any are printed. `draft(edition)` is made while
  the pages are set; `render(draft, breaks, places)` gives the bytes. `places` are the labels of the
  pages that the index names, by the ids of the places in the text.
- `pages`: the printed pages, as a PDF. `render(edition, pages)` gives an `Output`.
- `proof`: the pages, and what was proven of the others. `render(edition, pages, attachments)` gives
  the bytes, once the others have been collated.
"""


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    `media_type` is that of its file (RFC 6838). `making` is what making it is called while it goes
    on, `title` what the file is, and `opened` how it is opened, for a reader who knows nothing of
    all this. `render`, `draft` and `read` are import paths; `engine` is that of a function that
    loads ahead of time what rendering needs. `read(data)` gives a `Witness`, or of a `cover`, which
    does not hold the work, a `Cover`.
    """

    name: str
    ending: str
    media_type: str
    making: str
    title: str
    opened: str
    render: str
    read: str
    needs: Needs = "edition"
    draft: str = ""
    engine: str = ""
    offered: str = ""
    """What the web page calls it where it leads to the file; nothing where it does not."""
    cover: bool = False
    for_press: bool = False
    """It goes to a printer: its pages are uncut, and fill whole signatures."""
    links: bool = True
    """Words can lead somewhere. Paper cannot be followed, and plain text cannot."""
    index: bool = True
    """It prints the index of the work, if there is one."""
    page_list: bool = False
    """It lists the printed pages, besides marking them."""
    nested_headings: bool = True
    """A heading in a list or a quotation is marked as a heading, as others are."""
    describes: Literal["page", "package", "packet", ""] = ""
    """By which names it tells programs about the work: those of web pages, of the packages of
    e-books, or of PDF and its packets (XMP)."""
    cited_by: bool = False
    """Each entry of its bibliography leads back to the citations of it."""
    lists_notes: bool = False
    """Its contents list has a line for the notes, which are all in one place."""
    notes_apart: bool = False
    """Each section has its notes with it, so that they do not all follow one another."""

    @property
    def paged(self) -> bool:
        """Whether it is made of the printed pages, which are the same for all such formats."""
        return self.needs in ("pages", "proof")

    @property
    def marks(self) -> bool:
        """Whether it marks within its text where printed pages begin."""
        return self.needs == "breaks"


_TYPESETTER = "triptych.render.typesetter.engine:load"
_PDF_READER = "triptych.witness.pdf.reader:read_pdf"
_VIEWER = "A PDF viewer opens it (ISO 32000)."

FORMATS: Mapping[str, Format] = {
    form.name: form
    for form in (
        Format(
            "html",
            ".html",
            media_type="text/html",
            making="Rendering the web edition",
            title="Edition for web browsers",
            opened="Any web browser opens it. A text editor shows its words, too.",
            draft="triptych.render.web.page:draft_web",
            render="triptych.render.web.page:finish_web",
            read="triptych.witness.html.page:read_html",
            cited_by=True,
            lists_notes=True,
            describes="page",
            needs="breaks",
        ),
        Format(
            "epub",
            ".epub",
            media_type="application/epub+zip",
            making="Rendering the e-book edition",
            title="Edition for e-book readers",
            offered="EPUB",
            opened="E-book readers open it. It is a ZIP archive of web pages: unpack it, and a web "
            "browser shows them.",
            draft="triptych.render.epub.book:draft_ebook",
            render="triptych.render.epub.book:finish_ebook",
            read="triptych.witness.html.epub:read_epub",
            describes="package",
            needs="breaks",
            engine=_TYPESETTER,  # which draws the cover
            page_list=True,
            notes_apart=True,
        ),
        Format(
            "pdf",
            ".pdf",
            media_type="application/pdf",
            making="Setting the pages",
            title="Edition in pages, for screens",
            offered="PDF",
            opened=f"The pages as they are printed. {_VIEWER}",
            render="triptych.render.pdf.screen:screen_pdf",
            read=_PDF_READER,
            describes="packet",
            needs="pages",
            engine=_TYPESETTER,
        ),
        Format(
            "archive",
            ".archive.pdf",
            media_type="application/pdf",
            making="Embedding the source and the proof",
            title="Edition in pages, for archives (PDF/A-3)",
            opened=f"The same pages, with the source attached. {_VIEWER}",
            render="triptych.render.pdf.archive:archive_pdf",
            read=_PDF_READER,
            describes="packet",
            needs="proof",
            engine=_TYPESETTER,
        ),
        Format(
            "print",
            ".print.pdf",
            media_type="application/pdf",
            making="Setting the pages",
            title="Edition in pages, for a printer (PDF/X-4)",
            opened=f"The same pages, uncut. {_VIEWER}",
            render="triptych.render.pdf.printer:printer_pdf",
            read=_PDF_READER,
            describes="packet",
            needs="pages",
            engine=_TYPESETTER,
            for_press=True,
            links=False,
        ),
        Format(
            "cover",
            ".cover.pdf",
            media_type="application/pdf",
            making="Setting the pages",
            title="Cover, for a printer (PDF/X-4)",
            opened=f"The cover in one piece, uncut. {_VIEWER}",
            render="triptych.render.pdf.cover:cover_pdf",
            read="triptych.witness.pdf.cover:read_cover",
            needs="pages",
            engine=_TYPESETTER,
            cover=True,
            for_press=True,
            links=False,
        ),
        Format(
            "jats",
            ".jats.xml",
            media_type="application/xml",
            making="Writing the JATS edition",
            title="Edition for publishing systems (JATS XML)",
            offered="JATS XML",
            opened="Text with tags (XML), for programs. A text editor shows it.",
            render="triptych.render.jats.article:render_jats",
            read="triptych.witness.jats:read_jats",
            index=False,
            nested_headings=False,
        ),
        Format(
            "text",
            ".txt",
            media_type="text/plain",
            making="Writing the plain text",
            title="Edition in plain text",
            opened="Any text editor opens it. Words and notes are all it has.",
            render="triptych.render.plain_text:render_text",
            read="triptych.witness.plain_text:read_text",
            links=False,
            index=False,
        ),
    )
}
"""By name, in the order in which files are named to people."""

USUAL = ("html", "epub", "pdf")
"""What is made unless other formats are asked for."""


def load(path: str) -> Any:
    """What an import path of the table names: a function, after a module and a colon."""
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)


def format_of(file: str, edition: str) -> str:
    """The format of a file of the edition called `edition`, or nothing if it is none of its files.

    >>> format_of("the-sea.epub", "the-sea")
    'epub'
    """
    ending = file.removeprefix(edition) if file.startswith(edition) else ""
    return next((form.name for form in FORMATS.values() if form.ending == ending), "")


def editions_of(file: str) -> tuple[str, ...]:
    """The names of the editions that a file may belong to, by its own name."""
    return tuple(
        file.removesuffix(form.ending)
        for form in FORMATS.values()
        if file.endswith(form.ending) and file != form.ending
    )
