"""A stranger's reading of finished editions: what stands in HTML, EPUB and PDF, in its order.

Nothing of Triptych's is used: markup is read with lxml, a PDF's structure tree with pikepdf, what
its marked content shows with pdfium.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from lxml import etree, html

Element = Any


@dataclass(slots=True)
class Read:
    """What stands in one edition.

    `text` is its running text, letters and digits only, in the order of reading and without title
    page and contents; `formulas` and `figures` are what each says in words; `rows` the rows of each
    table; `cited` how often each work is linked to; `entries` the works of the bibliography;
    `notes` how many notes there are; `blank` the figures that show nothing. `as_seen` is whether
    a line of letters from the right, or of India, is read in the order in which it is seen.
    """

    text: str = ""
    formulas: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    cited: Counter[str] = field(default_factory=Counter)
    entries: set[str] = field(default_factory=set)
    notes: int = 0
    blank: list[str] = field(default_factory=list)
    as_seen: bool = False

    @classmethod
    def of(cls, path: Path) -> Read:
        """A finished edition, by its ending."""
        if path.suffix == ".pdf":
            return _Pdf(path).read()
        pages = _chapters(path) if path.suffix == ".epub" else [html.parse(path).getroot()]
        return _markup(pages)


def letters(text: str) -> str:
    """What is left of a text however it is typeset: its letters and digits, in small letters."""
    plain = unicodedata.normalize("NFKC", text)
    plain = unicodedata.normalize("NFKC", plain.casefold())
    return "".join(sign for sign in plain if sign.isalnum())


def key_of(link: str) -> str:
    """The work that a link leads to, by the name of its entry; empty for another link."""
    found = re.fullmatch(r"(?:.*#)?ref-(?:\d+-)?(.+)", unquote(link))
    return found[1] if found else ""


# --- HTML and EPUB --------------------------------------------------------------------------------


def _chapters(path: Path) -> list[Element]:
    """The documents of a book in the order of its spine."""
    with zipfile.ZipFile(path) as book:
        container = etree.fromstring(book.read("META-INF/container.xml"))
        opf = container.xpath("string(//*[local-name()='rootfile']/@full-path)")
        package = etree.fromstring(book.read(opf))
        files = {item.get("id"): item.get("href", "") for item in package.iterfind(".//{*}item")}
        spine = [files[item.get("idref")] for item in package.iterfind(".//{*}itemref")]
        home = PurePosixPath(opf).parent
        return [etree.fromstring(book.read(str(home / unquote(name)))) for name in spine]


_UNREAD = frozenset("script style nav template head annotation annotation-xml".split())
_FRONT = frozenset("title-page cover-page contents colophon skip backlink backlinks".split())


def _markup(pages: list[Element]) -> Read:
    read = Read()
    pieces: list[str] = []
    for page in pages:
        pieces += _read_element(page, read)
    read.text = letters("".join(pieces))
    return read


def _read_element(element: Element, read: Read) -> Iterator[str]:
    if not isinstance(element.tag, str):
        return
    tag = etree.QName(element).localname
    classes = set((element.get("class") or "").split())
    if tag in _UNREAD or classes & _FRONT:
        return
    name = element.get("id") or ""
    if classes & {"entry", "csl-entry"} and key_of(name):
        read.entries.add(key_of(name))
    if tag == "a" and key_of(element.get("href") or ""):
        read.cited[key_of(element.get("href"))] += 1
    read.notes += tag in ("li", "aside", "div") and "note" in classes
    if tag == "math":
        read.formulas.append(element.get("alttext") or "")
        return
    if tag in ("img", "svg"):
        read.figures.append(element.get("alt") or element.get("aria-label") or "")
        return
    if tag == "table":
        read.rows.append(len(element.findall(".//{*}tr")))
    yield element.text or ""
    for child in element:
        yield from _read_element(child, read)
        yield child.tail or ""


# --- PDF ------------------------------------------------------------------------------------------


class _Pdf:
    """A PDF, its structure tree and what each piece of marked content shows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = Read(as_seen=True)
        self._shown: dict[tuple[int, int], list[str]] = {}
        self._painted: set[tuple[int, int]] = set()

    def read(self) -> Read:
        self._show_pages()
        with pikepdf.open(self._path) as pdf:
            self._pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
            pieces: list[str] = []
            tree = pdf.Root.StructTreeRoot
            standard: Any = tree.get("/RoleMap", {})
            for part in _kids(tree):
                for kid in _kids(part):
                    kind = str(kid.get("/S"))
                    if str(standard.get(kind, kind)) != "/Sect":  # title, colophon, contents
                        pieces += self._element(kid, None)
            self._read.text = letters("".join(pieces))
            self._links(pdf)
        return self._read

    def _show_pages(self) -> None:
        """What each piece of marked content of each page says, and whether it paints anything."""
        document = pypdfium2.PdfDocument(self._path)
        try:
            for number, page in enumerate(document):
                for item in page.get_objects(max_depth=1):
                    if item.type != pdfium.FPDF_PAGEOBJ_TEXT:
                        content = pdfium.FPDFPageObj_GetMarkedContentID(item.raw)
                        self._painted.add((number, content))
                text = page.get_textpage()
                content = -1
                for index in range(text.count_chars()):
                    if pdfium.FPDFText_IsGenerated(text.raw, index):
                        continue
                    item = pdfium.FPDFText_GetTextObject(text.raw, index)
                    content = pdfium.FPDFPageObj_GetMarkedContentID(item)
                    sign = pdfium.FPDFText_GetUnicode(text.raw, index)
                    self._shown.setdefault((number, content), []).append(chr(sign))
        finally:
            document.close()

    def _element(self, element: Any, page: int | None) -> Iterator[str]:
        kind = str(element.get("/S", ""))
        page = self._pages.get(element["/Pg"].objgen, page) if "/Pg" in element else page
        said = str(element.get("/Alt", ""))
        if kind == "/Formula":
            self._read.formulas.append(said)
            return
        if kind == "/Figure":
            self._read.figures.append(said)
            if not any(place in self._painted for place in self._contents(element, page)):
                self._read.blank.append(said)
            return
        self._read.notes += kind == "/Note"
        if kind == "/Table" and not self._continued(element):
            self._read.rows.append(0)
        if kind == "/TR":
            self._read.rows[-1] += 1
        for kid in _kids(element):
            if isinstance(kid, int):
                yield "".join(self._shown.get((page or 0, kid), ()))
            elif str(kid.get("/Type")) == "/MCR":
                where = self._pages.get(kid["/Pg"].objgen, page) if "/Pg" in kid else page
                yield "".join(self._shown.get((where or 0, int(kid["/MCID"])), ()))
            elif "/S" in kid:
                yield from self._element(kid, page)

    def _continued(self, table: Any) -> bool:
        """Whether a table only goes on with the one before it, from the page before."""
        beside = _kids(table.P)
        follows = beside[0] != table and beside[beside.index(table) - 1].get("/S") == "/Table"
        heads = {str(kid.get("/S")) for kid in _kids(table)} & {"/Caption", "/THead"}
        return follows and not heads

    def _contents(self, element: Any, page: int | None) -> Iterator[tuple[int, int]]:
        page = self._pages.get(element["/Pg"].objgen, page) if "/Pg" in element else page
        for kid in _kids(element):
            if isinstance(kid, int):
                yield page or 0, kid
            elif str(kid.get("/Type")) == "/MCR":
                where = self._pages.get(kid["/Pg"].objgen, page) if "/Pg" in kid else page
                yield where or 0, int(kid["/MCID"])
            elif "/S" in kid:
                yield from self._contents(kid, page)

    def _links(self, pdf: pikepdf.Pdf) -> None:
        for page in pdf.pages:
            for note in page.get("/Annots", []):
                key = key_of(str(note.get("/Dest", "")))
                if key:
                    self._read.cited[key] += 1
        if "/Names" in pdf.Root and "/Dests" in pdf.Root.Names:
            keys = (key_of(str(name)) for name in pikepdf.NameTree(pdf.Root.Names.Dests))
            self._read.entries = {key for key in keys if key}


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]
