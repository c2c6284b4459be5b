"""The PDF edition read back: its tagged structure for the order, its content for the words.

The structure tree says in which order the marked content is read and what is a note; what the text
says comes from the glyphs that the pages show, and what its links do from the annotations that lie
over them and the destinations these name.
"""

from __future__ import annotations

import io
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal
from unicodedata import category

import pikepdf

from triptych.outlines import BLANK
from triptych.text import Scribe
from triptych.witness.bidi import logical_order
from triptych.witness.content import Glyph, Interpreter
from triptych.witness.fonts import Font
from triptych.witness.geometry import Box
from triptych.witness.labels import page_labels
from triptych.witness.reading import (
    Doubt,
    Embedded,
    LinkRead,
    Reading,
    Shape,
    Spot,
    Spread,
    UnreadableError,
    Witness,
)
from triptych.witness.syllables import syllable_order


@dataclass(slots=True)
class _Desk:
    """Where one text is written down while it is read.

    `places` holds each letter's page, box and size, `cells` where the cells of tables begin,
    `formulas` the first letter of each formula, or piece of one, and the letter after it; `last`
    is the last glyph, `seen` the last that shows something.
    """

    note: int
    scribe: Scribe = field(default_factory=Scribe)
    places: list[tuple[int, Box, float]] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    last: tuple[int, Glyph] | None = None
    seen: tuple[int, Glyph] | None = None
    number: list[tuple[int, Glyph]] = field(default_factory=list)
    shapes: dict[tuple[str, Font, int], list[int]] = field(default_factory=dict)
    cells: list[int] = field(default_factory=list)
    formulas: list[tuple[int, int]] = field(default_factory=list)


_Lead = tuple[Spot | None, str, Spot | None]
"""Where a link leads: a spot, or why there is none; and the other spot that it may be."""


@dataclass(frozen=True, slots=True)
class _Letter:
    """A letter on a page, for finding what a link covers or leads to."""

    desk: int
    index: int
    box: Box
    size: float


@dataclass(frozen=True, slots=True)
class _Annotation:
    """A link annotation (12.5.6.5): its page, rectangle and target."""

    page: int
    box: Box
    written: str
    destination: Any


def read_pdf(data: bytes) -> Witness:
    """Read a PDF edition. Raises UnreadableError where it is none, or is not tagged."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return _Reader(pdf).witness()
    except pikepdf.PasswordError:
        raise UnreadableError("it is locked by a password") from None
    except (pikepdf.PdfError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise UnreadableError(f"it is no sound PDF ({error})") from None


class _Reader:
    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        self._labels = page_labels(pdf.Root, len(pdf.pages))
        interpreter = Interpreter()
        self._contents: dict[tuple[int, int], list[Glyph]] = {}
        self._untagged: list[tuple[int, Glyph]] = []
        self._read: set[tuple[int, int]] = set()
        self._pictures: set[tuple[int, int]] = set()
        for number, page in enumerate(pdf.pages):
            for glyph in interpreter.show(page).glyphs:
                if glyph.content >= 0:
                    self._contents.setdefault((number, glyph.content), []).append(glyph)
                else:
                    self._untagged.append((number, glyph))
        self._article = _Desk(-1)
        self._front = _Desk(-2)
        self._notes: list[_Desk] = []
        self._found: dict[tuple[int, float, float], _Lead] = {}
        self._from_right = False
        """Whether what is being read runs from right to left (14.8.5.4.2, WritingMode)."""
        self._bidi = any(
            not glyph.text.isascii() and unicodedata.bidirectional(glyph.text[0]) in ("R", "AL")
            for glyphs in self._contents.values()
            for glyph in glyphs
        )
        """Whether any text runs from right to left."""

    def witness(self) -> Witness:
        """Everything read."""
        root = self._pdf.Root.get("/StructTreeRoot")
        if root is None:
            raise UnreadableError("it is not tagged, so the order of its text is not known")
        self._walk(root, self._front, -1, ())
        for desk in (self._article, *self._notes):
            _level_formulas(desk)
        if not self._article.places:
            raise UnreadableError("its tags name no part (Part) that holds the article")
        annotations = list(self._annotations())
        letters = self._letters()
        spots = {id(annotation): self._spot(annotation, letters) for annotation in annotations}
        links = self._links(annotations, letters, spots)
        return Witness(
            format="pdf",
            article=self._reading(self._article, links.get(-1, [])),
            notes=tuple(self._reading(note, links.get(note.note, [])) for note in self._notes),
            front=self._front.scribe.text(),
            embedded=tuple(self._scripts()),
            dead_ends=tuple(
                LinkRead(0, 0, annotation.written, *spots[id(annotation)])
                for annotation in annotations
                if spots[id(annotation)][1]
            ),
            furniture=tuple(self._furniture(letters)),
            pages=tuple(self._page_starts()),
            labels=self._labels,
        )

    # --- Text, in the order of the structure tree (14.7) -----------------------------------------

    def _walk(self, element: Any, desk: _Desk, page: int, above: tuple[str, ...]) -> None:
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                self._write(page, kid, desk, above)
            elif not isinstance(kid, pikepdf.Dictionary):
                continue
            elif kid.get("/Type") == "/MCR":
                self._write(
                    self._pages.get(kid.get("/Pg", element).objgen, page),
                    int(kid["/MCID"]),
                    desk,
                    above,
                )
            elif "/S" in kid:
                self._enter(kid, desk, page, above)

    def _enter(self, element: Any, desk: _Desk, page: int, above: tuple[str, ...]) -> None:
        kind = str(element["/S"])[1:]
        if "/Pg" in element:
            page = self._pages.get(element["/Pg"].objgen, page)
        if kind == "Figure" or (kind == "Lbl" and self._is_label(element, page)):
            contents = set(self._contents_of(element, page))
            self._read |= contents
            if kind == "Figure":
                self._pictures |= contents
            return  # pictures are not running text; nor are a list's numbers and bullets
        if kind == "Part" and desk is self._front:
            desk = self._article
        elif kind == "Note":
            desk = _Desk(len(self._notes))
            self._notes.append(desk)
        if kind in ("TD", "TH"):
            desk.cells.append(desk.scribe.at)
        outer = self._from_right
        mode = _attribute(element, "/WritingMode")
        if mode is not None:
            self._from_right = mode == "/RlTb"
        start = desk.scribe.at
        self._walk(element, desk, page, (*above, kind))
        self._from_right = outer
        if kind == "Caption":
            desk.scribe.part(start, "caption")
        elif re.fullmatch("H[1-6]", kind):
            desk.scribe.part(start, "heading", int(kind[1]))
        instead = {"/ActualText", "/E", "/Alt"} & set(element.keys())
        if instead and kind != "Formula" and desk.scribe.at > start:
            why = "it is read out as other words (ActualText)"
            desk.doubts.append(Doubt("disguised", start, desk.scribe.at, why))

    def _is_label(self, element: Any, page: int) -> bool:
        """Whether an element prints no more than a number or a bullet."""
        glyphs = (g for at in self._contents_of(element, page) for g in self._contents.get(at, ()))
        return len("".join(glyph.text for glyph in glyphs).strip()) <= 8

    def _page_starts(self) -> Iterator[tuple[str, int]]:
        """Where in the article each page begins."""
        last = -1
        for letter, (page, _, _) in enumerate(self._article.places):
            if page != last:
                yield self._labels[page], letter
            last = page

    def _scripts(self) -> Iterator[Embedded]:
        """Actions that run of themselves, and may change what is seen (12.6)."""
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

    def _furniture(self, letters: dict[int, list[_Letter]]) -> Iterator[tuple[str, str, bool]]:
        """What is printed but stands in no tag: running heads, page numbers, repeated heads.

        Each piece has its place, and whether it stands in a line of the text; of the words in
        pictures only those are told that do.
        """
        loose = [(page, glyph, False) for page, glyph in self._untagged]
        for place, glyphs in self._contents.items():
            if place not in self._read or place in self._pictures:
                pictured = place in self._pictures
                loose += [(place[0], glyph, pictured) for glyph in glyphs]
        rows: dict[tuple[int, int], list[_Letter]] = {}
        for number, page_letters in letters.items():
            for letter in page_letters:
                rows.setdefault((number, int(letter.box[1] // _ROW)), []).append(letter)
        piece: list[Glyph] = []
        last: tuple[int, Glyph, bool] | None = None
        for page, glyph, pictured in [*loose, (-1, None, False)]:
            if last is not None and (glyph is None or not _adjoins(last[:2], (page, glyph), 0.5)):
                text = "".join(item.text for item in self._as_read(piece))
                beside = any(_in_line(last[0], item, rows) for item in piece)
                if text.strip() and (beside or not last[2]):
                    box = piece[0].box
                    yield text, f"page {last[0] + 1}, {box[0]:.0f} {box[1]:.0f} pt", beside
                piece = []
            if glyph is not None:
                piece.append(glyph)
                last = page, glyph, pictured

    def _write(self, page: int, content: int, desk: _Desk, above: tuple[str, ...]) -> None:
        """Write what one piece of marked content shows."""
        self._read.add((page, content))
        glyphs = self._contents.get((page, content), [])
        if desk.note >= 0 and above[-1:] == ("Link",) and not desk.scribe.at and not desk.number:
            said = "".join(glyph.text for glyph in glyphs).strip()
            if said.isdecimal():
                desk.number = [(page, glyph) for glyph in glyphs]
                return
        formula = "Formula" in above
        start = desk.scribe.at
        for glyph in glyphs if formula else self._as_read(glyphs):
            self._write_glyph(page, glyph, desk, formula)
        if formula and desk.scribe.at > start:
            desk.formulas.append((start, desk.scribe.at))

    def _as_read(self, glyphs: list[Glyph]) -> list[Glyph]:
        """The glyphs of one piece of a line, which come as they are shown, as they are read."""
        return syllable_order(logical_order(glyphs, self._from_right) if self._bidi else glyphs)

    def _is_apart(self, last: tuple[int, Glyph], this: tuple[int, Glyph]) -> bool:
        """Whether there is room between glyphs of one piece of a line, so that words part there.

        Where letters stand that are joined or marked, as in Arabic, room tells nothing.
        """
        before, after = last[1], this[1]
        alone = all(map(_stands_alone, f"{before.text[-1:]}{after.text[:1]}"))
        same = before.content == after.content and _on_line(last, this)
        return same and alone and not self._bidi

    def _write_glyph(self, page: int, glyph: Glyph, desk: _Desk, formula: bool = False) -> None:
        scribe = desk.scribe
        if desk.last is not None and not _adjoins(desk.last, (page, glyph)):
            apart = not formula and self._is_apart(desk.last, (page, glyph))
            scribe.gap("space" if apart else "break")
        start = scribe.at
        if glyph.text.isspace():
            scribe.gap("space")
        else:
            scribe.write(glyph.text)
        written = scribe.at - start
        if written:
            desk.places.extend([(page, glyph.box, glyph.size)] * written)
            kind, why = _unseen(page, glyph, desk, formula)
            if why:
                desk.doubts.append(Doubt(kind, start, scribe.at, why))
            desk.seen = (page, glyph)
        elif glyph.sign:
            start = max(start - 1, 0)  # a later piece of the sign before it
            if glyph.why:
                desk.doubts.append(Doubt("hidden", start, start + 1, glyph.why))
        elif glyph.font.shape(glyph.code) != BLANK:
            why = "a sign is printed there that is read out as nothing"
            desk.doubts.append(Doubt("disguised", start, start + 1, why))
        if written or glyph.sign:
            said = glyph.sign or glyph.font.said.get(glyph.code, "")
            desk.shapes.setdefault((said, glyph.font, glyph.code), []).append(start)
        desk.last = (page, glyph)

    # --- Links -----------------------------------------------------------------------------------

    def _annotations(self) -> Iterator[_Annotation]:
        for number, page in enumerate(self._pdf.pages):
            for annotation in page.obj.get("/Annots", []):
                if annotation.get("/Subtype") != "/Link" or int(annotation.get("/F", 0)) & 34:
                    continue  # 12.5.3: bits 2 and 6 hide it
                if "/OC" in annotation:
                    continue  # 12.5.2: it is there only while a layer is
                written, target = _target(annotation)
                for box in _areas(annotation):
                    yield _Annotation(number, box, written, target)

    def _letters(self) -> dict[int, list[_Letter]]:
        """The letters of article and notes by page."""
        letters: dict[int, list[_Letter]] = {}
        for desk in (self._article, *self._notes):
            for page, glyph in desk.number:
                letters.setdefault(page, []).append(_Letter(desk.note, -1, glyph.box, glyph.size))
            for index, (page, box, size) in enumerate(desk.places):
                letters.setdefault(page, []).append(_Letter(desk.note, index, box, size))
        return letters

    def _links(
        self,
        annotations: list[_Annotation],
        letters: dict[int, list[_Letter]],
        spots: dict[int, _Lead],
    ) -> dict[int, list[LinkRead]]:
        links: dict[int, list[LinkRead]] = {}
        for annotation in annotations:
            box = annotation.box
            covered: dict[int, list[int]] = {}
            for letter in letters.get(annotation.page, ()):
                left, bottom, right, top = letter.box
                if (
                    box[1] <= (bottom + top) / 2 <= box[3]
                    and box[0] <= (left + right) / 2 <= box[2]
                ):
                    covered.setdefault(letter.desk, []).append(letter.index)
            for desk, indexes in covered.items():
                for start, end in _runs(indexes):  # from -1: the note's number
                    links.setdefault(desk, []).append(
                        LinkRead(start, end, annotation.written, *spots[id(annotation)])
                    )
        return links

    def _spot(self, annotation: _Annotation, letters: dict[int, list[_Letter]]) -> _Lead:
        """Where a link annotation leads: the first text at or below its destination (12.3.2)."""
        if annotation.destination is None:
            acts = annotation.written.startswith("an action")
            return None, f"it starts {annotation.written}" if acts else "", None
        target = self._destination(annotation.destination)
        if target is None or not len(target):
            return None, f"there is no destination {annotation.written[1:]}", None
        page = self._pages.get(target[0].objgen) if hasattr(target[0], "objgen") else None
        if page is None:
            return None, "its destination is on no page", None
        if len(target) < 4 or target[1] != "/XYZ":
            return Spot(-1, -1), "", None
        place = page, float(target[2]), float(target[3])
        if place not in self._found:  # to which many links may lead
            self._found[place] = self._text_at(*place[1:], letters.get(page, ()))
        return self._found[place]

    def _text_at(self, x: float, y: float, letters: Sequence[_Letter]) -> _Lead:
        """The first text at or below a place, of the letters of its page."""
        below = [letter for letter in letters if letter.box[3] <= y + 3]
        if not below:
            return Spot(-1, -1), "", None
        top = max(below, key=lambda letter: letter.box[1])
        line = [item for item in below if abs(item.box[1] - top.box[1]) < 0.6 * top.size]
        right = [item for item in line if item.box[2] > x + 0.5] or line
        first = min(right, key=lambda item: item.box[0])
        spot, or_spot = Spot(first.desk, self._beginning(first)), None
        if self._bidi and len(right) == len(line):  # a block that may run from the right
            first = min(line, key=lambda item: (item.desk, item.index))
            or_spot = Spot(first.desk, max(first.index, 0))
        return spot, "", or_spot

    def _beginning(self, letter: _Letter) -> int:
        """The number of a letter; in a formula, whose first may not be leftmost, its first."""
        desk = self._article if letter.desk < 0 else self._notes[letter.desk]
        at = bisect_right(desk.formulas, (letter.index, len(desk.places))) - 1
        if at >= 0 and letter.index < desk.formulas[at][1]:
            return desk.formulas[at][0]
        return max(letter.index, 0)

    def _destination(self, target: Any) -> Any:
        """An explicit destination; a name is looked up (12.3.2.3)."""
        for _ in range(4):
            if isinstance(target, pikepdf.Array):
                return target
            if isinstance(target, pikepdf.Dictionary):
                target = target.get("/D")
            elif isinstance(target, pikepdf.String):
                target = self._named.get(str(target))
            elif isinstance(target, pikepdf.Name):
                named: Any = self._pdf.Root.get("/Dests", {})
                target = named.get(str(target))
            else:
                return None
        return None

    @property
    def _named(self) -> dict[str, Any]:
        if not hasattr(self, "_names"):
            names: Any = self._pdf.Root.get("/Names", {})
            self._names = dict(_name_tree(names.get("/Dests"), 0))
        return self._names

    # --- What was read ----------------------------------------------------------------------------

    def _reading(self, desk: _Desk, links: list[LinkRead]) -> Reading:
        return Reading(
            text=desk.scribe.text(),
            links=tuple(
                sorted((link for link in links if link.start >= 0), key=lambda link: link.start)
            ),
            back=next((link for link in links if link.start < 0), None),
            doubts=(*desk.doubts, *_out_of_order(desk, self._bidi)),
            shapes=tuple(
                Shape(said, font.shape(code), tuple(letters))
                for (said, font, code), letters in desk.shapes.items()
            ),
            number="".join(glyph.text for _, glyph in desk.number).strip(),
            where=Spread(tuple((page + 1, box) for page, box, _ in desk.places)),
        )


def _target(annotation: Any) -> tuple[str, Any]:
    """Where a link annotation leads, as written, and its destination, if it is in the file."""
    action: Any = annotation.get("/A", {})
    kind = action.get("/S", "/GoTo")
    if "/Next" in action:
        return f"an action, {kind} and another", None
    if "/A" in annotation and "/Dest" in annotation:
        return f"an action, {kind}, and a destination", None
    if kind == "/URI":
        return str(action["/URI"]), None
    if kind != "/GoTo":
        return f"an action, {kind}", None
    target = annotation.get("/Dest", action.get("/D"))
    written = "" if isinstance(target, pikepdf.Array) else str(target)
    return f"#{written}", target


def _areas(annotation: Any) -> Iterator[Box]:
    """Where a link annotation works: in its quadrilaterals, if it has any (12.5.6.5)."""
    edges = [float(edge) for edge in annotation["/Rect"]]
    quads = [float(number) for number in annotation.get("/QuadPoints", [])]
    for points in [quads[at : at + 8] for at in range(0, len(quads), 8)] or [edges]:
        xs, ys = points[::2], points[1::2]
        yield min(xs), min(ys), max(xs), max(ys)


def _level_formulas(desk: _Desk) -> None:
    """Put the letters of each formula onto the line it stands in.

    Within a formula letters stand above and below each other; in its line it is one thing. The line
    is that of the nearest letter beside it; where there is none, it stands by itself.
    """
    places = desk.places
    inside = {letter for start, end in desk.formulas for letter in range(start, end)}
    for start, end in desk.formulas:
        page, _, size = places[start]
        size = max(size, max(place[2] for place in places[start:end]))
        low = min(place[1][1] for place in places[start:end])
        high = max(place[1][1] for place in places[start:end])
        line = (low + high) / 2
        for beside in (range(start - 1, -1, -1), range(end, len(places))):
            letter = next((n for n in beside if n not in inside), None)
            if letter is None or places[letter][0] != page:
                continue
            base = places[letter][1][1]
            if low - 0.45 * size < base < high + 0.45 * size:
                line = base
                break
        for letter in range(start, end):
            box = places[letter][1]
            places[letter] = (page, (box[0], line, box[2], line + 0.45 * size), size)


def _out_of_order(desk: _Desk, bidi: bool) -> Iterator[Doubt]:
    """Lines that the page shows before what is read before them.

    A line stands below the one before it; only a table's cell may begin higher up, beside the one
    before, no higher than that begins. Words on the left of what is read before them count too,
    unless text may run from the right.
    """
    places, cells = desk.places, desk.cells
    inside = {letter for start, end in desk.formulas for letter in range(start + 1, end)}
    for index in (letter for letter in range(1, len(places)) if letter not in inside):
        (page, before, size), (other_page, after, _) = places[index - 1], places[index]
        rise = after[1] - before[1]
        on_line = page == other_page and abs(rise) < 0.7 * size
        if on_line and (bidi or after[2] >= before[0] - 1):
            continue
        if not on_line and (page < other_page or (page == other_page and rise < 0)):
            continue
        if not on_line and page == other_page and index in cells:
            row = places[cells[bisect_left(cells, index) - 1]] if cells[0] < index else None
            if (
                row
                and row[0] == page
                and after[1] - row[1][1] < 1.25 * size
                and (bidi or after[0] > before[0])
            ):
                continue
        end = index + 1
        while (
            end < len(places)
            and places[end][0] == other_page
            and (abs(places[end][1][1] - after[1]) < 0.7 * size)
        ):
            end += 1
        yield Doubt("moved", index, end, "on the page it stands before what is read before it")


def _unseen(
    page: int, glyph: Glyph, desk: _Desk, formula: bool
) -> tuple[Literal["hidden", "disguised"], str]:
    """Why a glyph is not seen, or is seen as one with that before it; nothing, if it is.

    In a formula letters stand above each other, and only those in one place are one.
    """
    if glyph.why or desk.seen is None or not _on_line(desk.seen, (page, glyph)):
        return "hidden", glyph.why
    before = desk.seen[1]
    if formula:
        near = 0.05 * glyph.size
        piled = all(abs(a - b) < near for a, b in zip(glyph.box[:2], before.box[:2], strict=True))
        return "hidden", "printed over the letter before it" if piled else ""
    if desk.last is not None and desk.last[1].text.isspace():
        apart = max(glyph.box[0] - before.box[2], before.box[0] - glyph.box[2])
        closed = apart < 0.03 * glyph.size
        return "disguised", "the space before it is closed up" if closed else ""
    piled = abs(glyph.box[0] - before.box[0]) < 0.1 * glyph.size
    alone = _stands_alone(glyph.text[0]) and _stands_alone(before.text[-1])
    return "hidden", "printed over the letter before it" if piled and alone else ""


@cache
def _stands_alone(letter: str) -> bool:
    """Whether a letter has a place of its own in the line, as most have; not what joins others."""
    joining = 0x0590 <= ord(letter) < 0x10A0 or 0x1100 <= ord(letter) < 0x1E00
    return not joining and category(letter) not in ("Mn", "Me", "Mc")


def _on_line(last: tuple[int, Glyph], this: tuple[int, Glyph]) -> bool:
    """Whether two glyphs stand on one line of one page."""
    (page, before), (other_page, after) = last, this
    return page == other_page and (
        abs(before.box[1] - after.box[1]) <= 0.1 * max(before.size, after.size)
    )


_ROW = 12.0
"""Points: letters are looked up by the strip of the page in which they stand."""


def _in_line(page: int, glyph: Glyph, rows: Mapping[tuple[int, int], list[_Letter]]) -> bool:
    """Whether a glyph stands in a line of text, or at its edge."""
    room, row = 1.2 * glyph.size, int(glyph.box[1] // _ROW)
    return not glyph.text.isspace() and any(
        abs(letter.box[1] - glyph.box[1]) < 0.5 * letter.size
        and letter.box[0] - room < glyph.box[2]
        and glyph.box[0] < letter.box[2] + room
        for near in (row - 1, row, row + 1)
        for letter in rows.get((page, near), ())
    )


def _adjoins(last: tuple[int, Glyph], this: tuple[int, Glyph], room: float = 0.18) -> bool:
    """Whether a glyph stands on the line of the one before, no more than `room` em from it."""
    (page, before), (other_page, after) = last, this
    if page != other_page:
        return False
    size = max(before.size, after.size)
    if abs(before.box[1] - after.box[1]) > 0.7 * size:
        return False
    apart = max(after.box[0] - before.box[2], before.box[0] - after.box[2])
    return apart < room * size


def _runs(indexes: list[int]) -> Iterator[tuple[int, int]]:
    """Runs of consecutive numbers, as start and end (not included)."""
    ordered = sorted(set(indexes))
    start = previous = ordered[0]
    for index in ordered[1:]:
        if index != previous + 1:
            yield start, previous + 1
            start = index
        previous = index
    yield start, previous + 1


def _attribute(element: Any, name: str) -> Any:
    """A standard attribute of a structure element (14.7.5)."""
    given = element.get("/A", [])
    for attributes in given if isinstance(given, pikepdf.Array) else [given]:
        if isinstance(attributes, pikepdf.Dictionary) and name in attributes:
            return attributes[name]
    return None


def _name_tree(node: Any, depth: int) -> Iterator[tuple[str, Any]]:
    """The names of a name tree (7.9.6)."""
    if node is None or depth > 32:
        return
    names = node.get("/Names", [])
    for index in range(0, len(names) - 1, 2):
        yield str(names[index]), names[index + 1]
    for kid in node.get("/Kids", []):
        yield from _name_tree(kid, depth + 1)
