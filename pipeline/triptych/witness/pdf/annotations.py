"""Link annotations of a PDF: which letters each covers, and which letter it leads to.

In: the file and its texts as written down. Out: the links of each text, and the spots they lead
to. Clauses are those of ISO 32000-1.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pikepdf

from triptych.witness.geometry import Box
from triptych.witness.pdf.transcript import Letter, Transcript
from triptych.witness.reading import LinkRead, Listed, Spot

_DEEPEST = 32
"""How deep a tree of names or bookmarks may be."""
_ROOM = 0.01
"""In em. What is narrower has no room of its own."""

Lead = tuple[Spot | None, str, Spot | None]
"""Where a link leads: a spot, or why there is none; and the other spot that it could be."""

_Letters = Mapping[int, Sequence[Letter]]


@dataclass(frozen=True, slots=True)
class _Annotation:
    """A link annotation (12.5.6.5): its page, rectangle and target."""

    page: int
    box: Box
    written: str
    destination: Any


def read_links(
    pdf: pikepdf.Pdf, transcripts: Mapping[int, Transcript], letters: _Letters
) -> tuple[dict[int, list[LinkRead]], tuple[LinkRead, ...], tuple[Listed, ...]]:
    """The working links of each text, the dead ends of all, and the bookmarks.

    `letters` are those of each page. Texts and links are given by the number of their transcript.
    """
    destinations = _Destinations(pdf, transcripts, letters)
    links: dict[int, list[LinkRead]] = {}
    dead_ends = []
    for annotation in _annotations(pdf):
        lead = destinations.lead(annotation)
        for transcript, start, end in _covered(annotation, letters):  # from -1: the note's number
            links.setdefault(transcript, []).append(LinkRead(start, end, annotation.written, *lead))
        if lead[1]:
            dead_ends.append(LinkRead(0, 0, annotation.written, *lead))
    bookmarks = tuple(_bookmarks(pdf.Root.get("/Outlines"), 1, destinations))
    return links, tuple(dead_ends), bookmarks


def _bookmarks(item: Any, depth: int, destinations: _Destinations) -> Iterator[Listed]:
    """The bookmarks below an item of the outline (12.3.3)."""
    below: Any = None if item is None or depth > _DEEPEST else item.get("/First")
    seen: set[tuple[int, int]] = set()
    while below is not None and below.objgen not in seen:
        seen.add(below.objgen)
        written, target = _target(below)
        lead = destinations.lead(_Annotation(-1, (0, 0, 0, 0), written, target))
        yield Listed(depth, str(below.get("/Title", "")), LinkRead(0, 0, written, *lead))
        yield from _bookmarks(below, depth + 1, destinations)
        below = below.get("/Next")


def _annotations(pdf: pikepdf.Pdf) -> Iterator[_Annotation]:
    for number, page in enumerate(pdf.pages):
        for annotation in page.obj.get("/Annots", []):
            if annotation.get("/Subtype") != "/Link" or int(annotation.get("/F", 0)) & 34:
                continue  # 12.5.3: bits 2 and 6 hide it
            if "/OC" in annotation:
                continue  # 12.5.2: it depends on a layer
            written, target = _target(annotation)
            for box in _areas(annotation):
                yield _Annotation(number, box, written, target)


def _covered(annotation: _Annotation, letters: _Letters) -> Iterator[tuple[int, int, int]]:
    """The letters below an annotation: each run of them with its transcript, start and end.

    A sign without room of its own, which may hang over its letter's edge, is covered as that is.
    """
    box = annotation.box
    covered: dict[int, list[int]] = {}
    before, below = None, False
    for letter in letters.get(annotation.page, ()):
        left, bottom, right, top = letter.box
        if right - left >= _ROOM * letter.size or before != (letter.transcript, letter.index - 1):
            below = (
                box[1] <= (bottom + top) / 2 <= box[3] and box[0] <= (left + right) / 2 <= box[2]
            )
        if below:
            covered.setdefault(letter.transcript, []).append(letter.index)
        before = letter.transcript, letter.index
    for transcript, indexes in covered.items():
        for start, end in _runs(indexes):
            yield transcript, start, end


class _Destinations:
    """Finds where in the texts of a file its links lead."""

    def __init__(
        self, pdf: pikepdf.Pdf, transcripts: Mapping[int, Transcript], letters: _Letters
    ) -> None:
        self._pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        self._root: Any = pdf.Root
        self._transcripts, self._letters = transcripts, letters
        self._found: dict[tuple[int, float, float], Lead] = {}

    def lead(self, annotation: _Annotation) -> Lead:
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
        if place not in self._found:  # many links may lead there
            self._found[place] = self._text_at(*place[1:], self._letters.get(page, ()))
        return self._found[place]

    def _text_at(self, x: float, y: float, letters: Sequence[Letter]) -> Lead:
        """The first text at or below a place, among the letters of its page."""
        below = [letter for letter in letters if letter.box[3] <= y + 3]
        if not below:
            return Spot(-1, -1), "", None
        top = max(below, key=lambda letter: letter.box[1])
        line = [item for item in below if abs(item.box[1] - top.box[1]) < 0.6 * top.size]
        # A title's letters are set closer than they are wide.
        right = [item for item in line if item.box[2] > x + max(0.5, 0.04 * item.size)] or line
        first = min(right, key=lambda item: item.box[0])
        transcript = self._transcripts[first.transcript]
        spot, or_spot = Spot(first.transcript, _beginning(first, transcript)), None
        row = len(_divisions(line, transcript)) > 1
        if transcript.bidi and (row or len(right) == len(line)):  # the text may run from the right
            if row:  # the place is that of all, or of the last
                part = min(
                    _divisions(right, transcript),
                    key=lambda letters: max(item.box[2] for item in letters),
                )
                first = min(part, key=lambda item: (item.transcript, item.index))
                spot = Spot(first.transcript, _beginning(first, transcript))
            first = min(right, key=lambda item: (item.transcript, item.index))
            or_spot = Spot(first.transcript, max(first.index, 0))
        elif all(item.box[2] <= x + 0.5 for item in line):  # the place is behind the line's end
            last = max(line, key=lambda item: item.box[2])
            or_spot = Spot(last.transcript, last.index + 1)
        elif transcript.beside:  # in a row, what is beside a place may begin higher up
            under = [item for item in below if abs(item.box[0] - x) < 2 * item.size]
            first = max(under, key=lambda item: (item.box[1], -item.box[0]), default=first)
            or_spot = Spot(first.transcript, _beginning(first, self._transcripts[first.transcript]))
        return spot, "", or_spot

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
                named: Any = self._root.get("/Dests", {})
                target = named.get(str(target))
            else:
                return None
        return None

    @cached_property
    def _named(self) -> dict[str, Any]:
        names = self._root.get("/Names", {})
        return dict(_name_tree(names.get("/Dests"), 0))


def _divisions(line: list[Letter], transcript: Transcript) -> list[list[Letter]]:
    """The letters on one line, by the division they are in."""
    starts = sorted(transcript.beside)
    divisions: dict[int, list[Letter]] = {}
    for item in line:
        divisions.setdefault(bisect_right(starts, item.index), []).append(item)
    return list(divisions.values())


def _beginning(letter: Letter, transcript: Transcript) -> int:
    """The number of a letter; in a formula that of its first, which may not be the leftmost."""
    at = bisect_right(transcript.formulas, (letter.index, len(transcript.places))) - 1
    if at >= 0 and letter.index < transcript.formulas[at][1]:
        return transcript.formulas[at][0]
    return max(letter.index, 0)


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
    """The area of a link annotation: its quadrilaterals, if it has any (12.5.6.5)."""
    edges = [float(edge) for edge in annotation["/Rect"]]
    quads = [float(number) for number in annotation.get("/QuadPoints", [])]
    for points in [quads[at : at + 8] for at in range(0, len(quads), 8)] or [edges]:
        xs, ys = points[::2], points[1::2]
        yield min(xs), min(ys), max(xs), max(ys)


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


def _name_tree(node: Any, depth: int) -> Iterator[tuple[str, Any]]:
    """The names of a name tree (7.9.6)."""
    if node is None or depth > _DEEPEST:
        return
    names = node.get("/Names", [])
    for index in range(0, len(names) - 1, 2):
        yield str(names[index]), names[index + 1]
    for kid in node.get("/Kids", []):
        yield from _name_tree(kid, depth + 1)
