"""The PDF edition read back: its tagged structure for the order, its content for the words.

The structure tree gives the reading order of the marked content, and says what is a note. What the
text says comes from the glyphs that the pages show. What its links do comes from the annotations
over them and their destinations.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pikepdf

from triptych.witness.geometry import Box
from triptych.witness.pdf.annotations import read_links
from triptych.witness.pdf.bidi import logical_order
from triptych.witness.pdf.devanagari import syllable_order
from triptych.witness.pdf.interpreter import Interpreter
from triptych.witness.pdf.lines import bars
from triptych.witness.pdf.metadata import pdf_metadata
from triptych.witness.pdf.neighbours import Neighbours
from triptych.witness.pdf.opened import opened
from triptych.witness.pdf.overprint import overprinted
from triptych.witness.pdf.page_labels import page_labels
from triptych.witness.pdf.regions import Regions
from triptych.witness.pdf.running_heads import Loose, running_heads
from triptych.witness.pdf.transcript import Transcript, beside, letters_by_page, level_formulas
from triptych.witness.pdf.visibility import Glyph, PaintedArea
from triptych.witness.reading import (
    Doubt,
    Embedded,
    Inked,
    PictureRead,
    Reading,
    UnreadableError,
    WayBack,
    Witness,
)


def read_pdf(data: bytes) -> Witness:
    """Read a PDF edition. Raises UnreadableError if it is not one, or is not tagged."""
    with opened(data) as pdf, Regions(data) as regions:
        return _Reader(pdf, regions).witness()


_BULLETS = ("◦", "▪", "○", "■")
"""Bullets besides the usual one."""
_TITLES = ("Subtitle", "Abstract")
"""Structure types of our own (14.7.3), which the role map says are a paragraph and a section."""


class _Reader:
    def __init__(self, pdf: pikepdf.Pdf, regions: Regions) -> None:
        self._pdf = pdf
        self._regions = regions
        self._pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        self._labels = page_labels(pdf.Root, len(pdf.pages))
        interpreter = Interpreter()
        self._contents: dict[tuple[int, int], list[Glyph]] = {}
        self._untagged: list[tuple[int, Glyph]] = []
        self._read: set[tuple[int, int]] = set()
        self._paints: list[list[PaintedArea]] = []
        self._bars: dict[int, tuple[Box, ...]] = {}
        """By the number of a page that has formulas, the lines on it."""
        for number, page in enumerate(pdf.pages):
            shown = interpreter.show(page)
            self._paints.append(shown.paints)
            for glyph in shown.glyphs:
                if glyph.content >= 0:
                    self._contents.setdefault((number, glyph.content), []).append(glyph)
                else:
                    self._untagged.append((number, glyph))
        self._entered: set[tuple[int, int]] = set()
        """The elements of the structure tree that have been read."""
        self._division = 0
        """Where the innermost division that is being read begins."""
        self._table = (0, 0)
        """Where the innermost table that is being read begins, and where its row begins."""
        self._from_right = False
        """Whether what is being read runs from right to left (14.8.5.4.2, WritingMode)."""
        self._bidi = any(
            not glyph.text.isascii() and unicodedata.bidirectional(glyph.text[0]) in ("R", "AL")
            for glyphs in self._contents.values()
            for glyph in glyphs
        )
        """Whether any text runs from right to left."""
        self._article = Transcript(-1, self._bidi)
        self._title = Transcript(-2, self._bidi)
        self._front = Transcript(-3, self._bidi)
        self._notes: list[Transcript] = []

    def witness(self) -> Witness:
        """Everything read."""
        root = self._pdf.Root.get("/StructTreeRoot")
        if root is None:
            raise UnreadableError("it is not tagged, so the order of its text is not known")
        self._walk(root, self._front, -1, ())
        texts = (self._front, self._title, self._article, *self._notes)
        for transcript in texts:
            level_formulas(transcript)
        if not self._article.places:
            raise UnreadableError("its tags name no part (Part) that holds the article")
        transcripts = {transcript.note: transcript for transcript in texts}
        letters = letters_by_page(list(transcripts.values()))
        links, dead_ends, bookmarks = read_links(self._pdf, transcripts, letters)
        for number, doubts in overprinted(letters).items():
            transcripts[number].doubts += doubts
        article, title, front, *notes = (
            self._with_bars(text.reading(links.get(text.note, [])))
            for text in (self._article, self._title, self._front, *self._notes)
        )
        return Witness(
            format="pdf",
            article=article,
            notes=tuple(notes),
            title=title,
            front=front,
            embedded=tuple(self._scripts()),
            ways_back=tuple(
                WayBack(at, 0, note.number.said, link)
                for at, note in enumerate(notes)
                for link in links.get(at, [])
                if link.start < 0  # it covers the number
            ),
            dead_ends=dead_ends,
            running_heads=tuple(running_heads(list(self._loose()), letters, self._as_read)),
            pages=tuple(self._page_starts()),
            labels=self._labels,
            metadata=tuple(pdf_metadata(self._pdf)),
            bookmarks=bookmarks,
        )

    def _with_bars(self, reading: Reading) -> Reading:
        """A text with the lines on the pages that have its formulas."""
        pages = {place.page for place in (reading.printed or {}).values()}
        for page in pages - self._bars.keys():
            self._bars[page] = bars(self._paints[page - 1])
        return replace(reading, bars={page: self._bars[page] for page in pages})

    # --- Text, in the order of the structure tree (14.7) -----------------------------------------

    def _walk(
        self, element: Any, transcript: Transcript, page: int, above: tuple[str, ...]
    ) -> None:
        kids = element.get("/K", [])
        last = transcript.scribe.at
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            start = transcript.scribe.at
            if isinstance(kid, int):
                self._write(page, kid, transcript, above)
            elif not isinstance(kid, pikepdf.Dictionary):
                continue
            elif kid.get("/Type") == "/MCR":
                self._write(
                    self._pages.get(kid.get("/Pg", element).objgen, page),
                    int(kid["/MCID"]),
                    transcript,
                    above,
                )
            elif "/S" in kid:
                self._enter(kid, transcript, page, above)
            if transcript.scribe.at > start:
                if self._bidi and last < start:
                    pair = Neighbours(last, start, transcript.scribe.at, self._from_right)
                    transcript.neighbours.append(pair)
                last = start

    def _enter(
        self, element: Any, transcript: Transcript, page: int, above: tuple[str, ...]
    ) -> None:
        self._once(element)
        kind = str(element["/S"])[1:]
        if "/Pg" in element:
            page = self._pages.get(element["/Pg"].objgen, page)
        if kind == "Figure" or (kind == "Lbl" and self._is_label(element, page)):
            contents = dict.fromkeys(self._contents_of(element, page))
            self._read.update(contents)
            if kind == "Lbl" and above[-1:] == ("LI",):
                glyphs = [g for at in contents for g in self._contents.get(at, ())]
                found = beside(self._as_read(glyphs))
                said = "•" if found.said in _BULLETS else found.said
                transcript.items.append((transcript.scribe.at, replace(found, said=said)))
            if kind == "Figure":
                transcript.pictures.append(self._picture(element, page, transcript.scribe.at))
            return  # pictures are not running text, nor are the numbers and bullets of lists
        if kind == "Part" and transcript is self._front:
            transcript = self._article
        elif transcript is self._front and (kind in _TITLES or self._is_title(kind)):
            transcript = self._title
        elif kind == "Note":
            transcript = Transcript(len(self._notes), self._bidi)
            self._notes.append(transcript)
        table = self._table
        if kind == "Table":
            self._table = transcript.scribe.at, transcript.scribe.at
        elif kind == "TR":
            self._table = table[0], transcript.scribe.at
        outer, around = self._from_right, self._division
        if kind in ("Div", "Sect") and above[-1:] == ("Div",):
            transcript.beside.setdefault(transcript.scribe.at, around)
        if kind == "Div":
            self._division = transcript.scribe.at
        mode = _attribute(element, "/WritingMode")
        if mode is not None:
            self._from_right = mode == "/RlTb"
        start = transcript.scribe.at
        self._walk(element, transcript, page, (*above, kind))
        self._from_right, self._division, self._table = outer, around, table
        if kind in ("TD", "TH") and transcript.scribe.at > start:
            transcript.cells[start] = table
            if int(_attribute(element, "/RowSpan") or 1) > 1:
                transcript.spanning.append((start, transcript.scribe.at))
        if kind == "Caption":
            transcript.scribe.part(start, "caption")
        elif re.fullmatch("H[1-6]", kind) and not (transcript is self._title and kind == "H1"):
            transcript.scribe.part(start, "heading", int(kind[1]))
        instead = {"/ActualText", "/E", "/Alt"} & set(element.keys())
        if instead and kind != "Formula" and transcript.scribe.at > start:
            why = "it is read out as other words (ActualText)"
            transcript.doubts.append(Doubt("disguised", start, transcript.scribe.at, why))

    def _once(self, element: Any) -> None:
        """Raise UnreadableError where an element stands in the tree twice, or within itself."""
        if element.is_indirect:
            if element.objgen in self._entered:
                raise UnreadableError("a part of its structure stands in two places, or in itself")
            self._entered.add(element.objgen)

    def _is_title(self, kind: str) -> bool:
        """Whether an element before the text is the title: the first heading of the first level."""
        return kind == "H1" and not self._title.scribe.at

    def _is_label(self, element: Any, page: int) -> bool:
        """Whether an element prints no more than a number or a bullet."""
        glyphs = (g for at in self._contents_of(element, page) for g in self._contents.get(at, ()))
        return len("".join(glyph.text for glyph in glyphs).strip()) <= 16

    def _picture(self, element: Any, page: int, at: int) -> PictureRead:
        """A picture, with the words that its marked content shows."""
        words: list[Inked] = []
        places = list(self._contents_of(element, page))
        for place in places:
            for glyph in self._as_read(self._contents.get(place, [])):
                if words and words[-1][1] == glyph.colour and not glyph.inkless:
                    words[-1] = words[-1][0] + glyph.text, glyph.colour
                elif not glyph.inkless:
                    words.append((glyph.text, glyph.colour))
        alt = " ".join(str(element.get("/Alt", "")).split())
        box = _attribute(element, "/BBox")
        look = None if box is None or page < 0 else self._regions.drawn(page, _box(box))
        begins = min((on for on, _ in places), default=page)
        return PictureRead(at, alt, tuple(words), look, page=begins + 1)

    def _page_starts(self) -> Iterator[tuple[str, int]]:
        """Where in the article each page begins."""
        last = -1
        for letter, (page, _, _) in enumerate(self._article.places):
            if page != last:
                yield self._labels[page], letter
            last = page

    def _scripts(self) -> Iterator[Embedded]:
        """Actions that run by themselves, and may change what is seen (12.6)."""
        root: Any = self._pdf.Root
        if isinstance(root.get("/OpenAction"), pikepdf.Dictionary):
            yield Embedded("script", "an action on opening", "")
        if "/AA" in root or "/JavaScript" in root.get("/Names", {}):
            yield Embedded("script", "a script of the document", "")
        if "/Collection" in root:
            yield Embedded("script", "a portfolio, which opens another file", "")
        if "/AcroForm" in root:
            yield Embedded("script", "a form", "")
        for page in self._pdf.pages:
            if "/AA" in page.obj or any("/AA" in item for item in page.obj.get("/Annots", [])):
                yield Embedded("script", "an action of a page", "")

    def _contents_of(self, element: Any, page: int) -> Iterator[tuple[int, int]]:
        """The marked content below an element."""
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                yield page, kid
            elif isinstance(kid, pikepdf.Dictionary):
                below = self._pages.get(kid["/Pg"].objgen, page) if "/Pg" in kid else page
                if "/MCID" in kid:
                    yield below, int(kid["/MCID"])
                elif "/S" in kid:
                    yield from self._contents_of(kid, below)

    def _loose(self) -> Iterator[Loose]:
        """The glyphs that are in no text, and in no picture."""
        yield from self._untagged
        for place, glyphs in self._contents.items():
            if place not in self._read:
                yield from ((place[0], glyph) for glyph in glyphs)

    def _write(
        self, page: int, content: int, transcript: Transcript, above: tuple[str, ...]
    ) -> None:
        """Write what one piece of marked content shows."""
        self._read.add((page, content))
        glyphs = self._contents.get((page, content), [])
        if (
            transcript.note >= 0
            and above[-1:] == ("Link",)
            and not transcript.scribe.at
            and not transcript.number
        ):
            said = "".join(glyph.text for glyph in glyphs).strip()
            if said.isdecimal():
                transcript.number = [(page, glyph) for glyph in glyphs]
                return
        formula = "Formula" in above
        start = transcript.scribe.at
        for glyph in glyphs if formula else self._as_read(glyphs):
            transcript.write(page, glyph, formula)
        if formula and transcript.scribe.at > start:
            transcript.formulas.append((start, transcript.scribe.at))

    def _as_read(self, glyphs: list[Glyph]) -> list[Glyph]:
        """The glyphs of one piece of a line, given as shown, in reading order."""
        return syllable_order(logical_order(glyphs, self._from_right) if self._bidi else glyphs)


def _box(given: Any) -> Box:
    """A rectangle in points (7.9.5)."""
    left, bottom, right, top = (float(edge) for edge in given)
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def _attribute(element: Any, name: str) -> Any:
    """A standard attribute of a structure element (14.7.5)."""
    given = element.get("/A", [])
    for attributes in given if isinstance(given, pikepdf.Array) else [given]:
        if isinstance(attributes, pikepdf.Dictionary) and name in attributes:
            return attributes[name]
    return None
