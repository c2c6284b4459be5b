"""What stands around the text: every line of it must be as the edition manifest says, and no more.

In: a `Comparison`. Out: title page, contents, index and colophon as they must be in this kind of
file, in the order of its pages, and a pairing of them with what was read there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from triptych.collate.align import align, has_right_to_left
from triptych.collate.contents import lists_contents
from triptych.collate.direction import runs_from_right
from triptych.collate.pages import page_of
from triptych.collate.pairing import AROUND, TITLE, Comparison, Pairing, Unit, as_shown
from triptych.collate.spans import Spans
from triptych.collate.title_page import (
    FrontLine,
    FrontPiece,
    authors_lines,
    colophon_lines,
    people_lines,
    titles_lines,
)
from triptych.formats import FORMATS, format_of
from triptych.manifest import ContentsLine, EditionManifest
from triptych.text import Scribe, Text, from_plain
from triptych.witness.reading import Doubt, Reading, Spread

_SKIP, _INDEX = "the link to the text", "the index"
_LEVEL = 3.0
"""Letters whose baselines differ by no more, in points, are in one line."""
_NEXT_LINE = 40.0
"""A baseline that is lower by less, in points, is that of the next line."""
_NUMBERS = r" ([0-9]+(?:, [0-9]+)*)(?!\S)"


def with_surroundings(comparison: Comparison) -> Comparison:
    """The comparison, with pairings of what is around the text; an older manifest has no words."""
    form, terms = FORMATS[comparison.witness.format], comparison.manifest.terms
    if terms is None or not form.describes:
        return comparison
    lines = [line for line in _LINES[form.describes](comparison, terms) if any(line.pieces)]
    more = [_pairing(comparison, AROUND, comparison.witness.front, lines)]
    if not comparison.ledger.title_text.letters:
        more.append(_pairing(comparison, TITLE, comparison.witness.title, titles_lines(comparison)))
    return replace(comparison, pairings=(*comparison.pairings, *more))


def _pairing(
    comparison: Comparison, order: int, reading: Reading, lines: Iterable[FrontLine]
) -> Pairing:
    scribe = Scribe()
    units: list[Unit] = []
    for line in lines:
        scribe.gap("block")
        start = scribe.at
        for piece in line.pieces:
            words, target = (piece, "") if isinstance(piece, str) else piece
            begun = scribe.at
            scribe.write(words)
            if not isinstance(piece, str):
                scribe.link(begun, target)
        if scribe.at > start:
            units.append(Unit(line.kind, "", start, scribe.at, line.part))
    text = replace(scribe.text(), emphasis=None, items=None)
    medium = comparison.witness.format
    ours, theirs = as_shown(medium, text), as_shown(medium, reading.text)
    from_right = has_right_to_left(ours)
    pairing = Pairing("", order, text, reading, align(ours, theirs, from_right), Spans(units))
    leftwards = runs_from_right(comparison.manifest.record.language)
    whys = {doubt.why for doubt in reading.doubts if doubt.kind == "moved"}
    whole = frozenset(why for why in whys if _is_whole(pairing, why))
    doubts = tuple(
        doubt for doubt in reading.doubts if not _is_design(pairing, doubt, whole, leftwards)
    )
    return replace(pairing, reading=replace(reading, doubts=doubts))


def _is_design(pairing: Pairing, doubt: Doubt, whole: frozenset[str], leftwards: bool) -> bool:
    """Whether something may look so by design where it is around the text, and not in it.

    On pages, dots that lead to a number are painted in any order, and an index is set in columns;
    on screens, the `whole` of it may have a place in a grid. Headings may be in capitals. The link
    over everything to the text is seen when a keyboard has led to it.
    """
    ours = pairing.alignment.trace(doubt.start)
    unit = None if ours is None else pairing.unit_at(ours)
    if doubt.kind == "moved":
        where, letters = pairing.reading.where, pairing.reading.text.letters
        in_index = unit is not None and unit.name == _INDEX
        if not isinstance(where, Spread):
            return in_index and doubt.why in whole
        if letters[doubt.start - 1 : doubt.start + 1] == "..":
            return _lead_on(letters, where, doubt.start, leftwards)
        return in_index and _is_column(where, doubt, leftwards)
    if unit is not None and unit.name == _SKIP:
        over = doubt.why.startswith("an element over it")
        return doubt.start == unit.start and (over or doubt.end <= unit.end)
    return unit is not None and doubt.why == "text-transform: uppercase"


def _lead_on(letters: str, where: Spread, dot: int, leftwards: bool) -> bool:
    """Whether dots are in one line with the number behind them, and with the words before them.

    Where words fill their line, the dots and the number have the next one.
    """
    first = next(at for at in range(dot, -1, -1) if at == 0 or letters[at - 1] != ".")
    end = next(at for at in range(dot, len(letters) + 1) if letters[at : at + 1] != ".")
    places = where.places[max(first - 1, 0) : end + 1]
    (page, before), (_, after) = places[0], places[-1]
    if any(other != page for other, _ in places):
        return False
    if any(abs(box[1] - after[1]) > _LEVEL for _, box in places[1:]):
        return False
    if abs(before[1] - after[1]) > _LEVEL:
        return 0 < before[1] - after[1] < _NEXT_LINE
    return after[2] <= before[0] + 1 if leftwards else after[0] >= before[2] - 1


def _is_column(where: Spread, doubt: Doubt, leftwards: bool) -> bool:
    """Whether a column begins there, beside all that is read before it and stands no higher."""
    page, here = where.places[doubt.start]
    read = (box for other, box in where.places[: doubt.start] if other == page)
    beside = [box for box in read if box[1] < here[1] + _LEVEL]
    if leftwards:
        return all(here[2] < box[0] for box in beside)
    return all(here[0] > box[2] for box in beside)


def _is_whole(pairing: Pairing, why: str) -> bool:
    """Whether the whole index is moved, beginning with its heading for this reason."""
    doubts = Spans(doubt for doubt in pairing.reading.doubts if doubt.kind == "moved")
    lines = (unit for unit in pairing.units if unit.name == _INDEX)
    ends = [pairing.alignment.find(at) for unit in lines for at in (unit.start, unit.end - 1)]
    found = [doubts.at(at) for at in ends if at is not None]
    return bool(found) and all(found) and found[0] is not None and found[0].why == why


# --- Kinds of files ------------------------------------------------------------------------------


def _web_page(comparison: Comparison, terms: Mapping[str, str]) -> Iterator[FrontLine]:
    manifest = comparison.manifest
    yield FrontLine(_SKIP, ((terms["skip"], "#text"),))
    yield from people_lines(comparison, terms)
    formats = [format_of(name, manifest.name) for name in manifest.files]
    if "show pages" in terms:
        yield from _actions(manifest, formats, terms)
    if any(form and FORMATS[form].paged for form in formats):
        yield FrontLine("the title page", (terms.get("show pages") or terms["pages"],))
    yield from _contents(comparison, terms)
    for line in manifest.contents or ():
        if line.target == "notes":
            yield FrontLine("the heading of the notes", (line.title,))
    yield from _index(comparison, terms)
    yield FrontLine("the colophon", (terms["about"],))
    yield from colophon_lines(comparison, terms)
    links: list[FrontPiece] = [("BibLaTeX", ""), ", ", ("RIS", ""), ", ", ("CSL-JSON", "")]
    if manifest.own:
        yield FrontLine("the line of downloads", (f"{terms['cite']}: ", *links))
    if manifest.references:
        yield FrontLine("the line of downloads", (f"{terms['references']}: ", *links))


def _actions(
    manifest: EditionManifest, formats: Iterable[str], terms: Mapping[str, str]
) -> Iterator[FrontLine]:
    """The row of actions: other formats, how to cite, the licence where it has a short name."""
    for form in (form for form in FORMATS.values() if form.name in formats and form.offered):
        yield FrontLine("the row of actions", ((form.offered, f"{manifest.name}{form.ending}"),))
    if manifest.own_citation:
        yield FrontLine("the row of actions", ((terms["cite"], "#cite"),))
    if licence := terms.get("licence"):
        yield FrontLine("the row of actions", ((licence, manifest.record.license),))


def _book(comparison: Comparison, terms: Mapping[str, str]) -> Iterator[FrontLine]:
    yield from people_lines(comparison, terms)
    yield from _contents(comparison, terms)
    yield from _index(comparison, terms)
    yield FrontLine("the colophon", (terms["about"],))
    yield from colophon_lines(comparison, terms)


def _pages(comparison: Comparison, terms: Mapping[str, str]) -> Iterator[FrontLine]:
    """Pages: where title and summary are plain words, no tag tells which these are but the title's.

    A part of the text on them may be longer than a page. The order is that of the theme.
    """
    record, plain = comparison.manifest.record, not comparison.ledger.title_text.letters
    parts: Mapping[str, Iterator[FrontLine]] = {
        "half title": iter([FrontLine("the half title", (record.title,))]),
        "subtitle": iter([FrontLine("the title page", (record.subtitle if plain else "",))]),
        "people": authors_lines(comparison, terms),
        "date": iter([FrontLine("the title page", (terms["date"],))]),
        "publisher": iter([FrontLine("the title page", (record.publisher,))]),
        "colophon": colophon_lines(comparison, terms),
        "contents": _contents(comparison, terms),
        "summary": iter([FrontLine("the summary", (record.summary if plain else "",))]),
        "index": _index(comparison, terms),
    }
    for part in _ORDERS.get(record.design.theme, _ORDER):
        yield from parts[part]


_ORDER = ("subtitle", "people", "date", "publisher", "colophon", "contents", "summary", "index")
_ORDERS: Mapping[str, tuple[str, ...]] = {
    "article": (
        "publisher", "subtitle", "people", "date", "summary", "contents", "index", "colophon",
    ),
    "book": ("half title", "people", "subtitle", "publisher", "date", *_ORDER[4:]),
}  # fmt: skip
"""The parts around the text in the order of the pages, where a theme has one of its own."""


_LINES: Mapping[str, Callable[[Comparison, Mapping[str, str]], Iterator[FrontLine]]] = {
    "page": _web_page, "package": _book, "packet": _pages,
}  # fmt: skip


# --- Parts ---------------------------------------------------------------------------------------


def _contents(comparison: Comparison, terms: Mapping[str, str]) -> Iterator[FrontLine]:
    """The contents list and those of figures and tables, on pages with the number of each page.

    Lists of links are compared by themselves, and read here.
    """
    witness = comparison.witness
    if witness.contents is not None:
        if witness.contents:
            yield FrontLine("the contents list", (terms["contents"],))
        yield from (FrontLine("the contents list", ((one.words, ""),)) for one in witness.contents)
        for title, some in witness.lists:
            yield FrontLine("the contents list", (title,))
            yield from (FrontLine("the contents list", ((one.words, ""),)) for one in some)
        return
    manifest, form = comparison.manifest, FORMATS[witness.format]
    lines = [one for one in manifest.contents or () if form.lists_notes or one.target != "notes"]
    if not lines and form.describes == "package":  # a book must list something (EPUB 3.3, 7.4.1)
        lines = [ContentsLine(1, manifest.record.title, "")]
    wanted = [(terms["contents"], lines)] if lines and lists_contents(comparison) else []
    lists = [*wanted, *((one.title, one.lines) for one in manifest.lists or ())]
    printed = _Printed(comparison) if form.paged else None
    for title, listed in lists:
        yield FrontLine("the contents list", (title,))
        if printed is not None and listed:
            printed.begin(title, listed[0])
        for line in listed:
            if printed is None:
                yield FrontLine("the contents list", ((line.words, ""),))
                continue
            target = line.target if line.target in comparison.spots else f"#{line.target}"
            dots, number, linked = printed.number(line)
            number_too = (number, target) if linked else number
            yield FrontLine("the contents list", ((f"{line.words}{dots}", target), number_too))


class _Printed:
    """The contents as printed, read line by line."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._text = as_shown(comparison.witness.format, comparison.witness.front.text)
        letters = self._text.letters
        self._places = [at for at, letter in enumerate(letters) if letter != "-"]
        self._letters = "".join(letters[at] for at in self._places)
        links = comparison.witness.front.links
        self._linked = {letter for link in links for letter in range(link.start, link.end)}
        self._at = 0

    def begin(self, title: str, first: ContentsLine) -> None:
        """Go to the list with this title: its first words may stand on the title page too."""
        head = self._bare(title)
        line = re.compile(re.escape(head + self._bare(first.words)) + r"(?=[.0-9])")
        found = list(line.finditer(self._letters, self._at))
        if found:
            self._at = found[-1].start() + len(head)

    def _bare(self, words: str) -> str:
        shown = as_shown(self._comparison.witness.format, from_plain(words))
        return shown.letters.replace("-", "")

    def number(self, line: ContentsLine) -> tuple[str, str, bool]:
        """The dots of a line, the number of its page, and whether that is a part of its link.

        How many dots lead to the number does not count. Nor does the number of what is not in the
        text, such as the index: that is read.
        """
        words = self._bare(line.words)
        label = page_of(self._comparison, line.target)
        found = self._letters.find(words, self._at)
        if found < 0:
            return " ", label, False
        end = found + len(words)
        dots = re.compile(r"\.*").match(self._letters, end)
        assert dots is not None
        digits = re.compile("[0-9]*").match(self._letters, dots.end())
        assert digits is not None
        self._at = dots.end()
        linked = digits[0] != "" and self._places[dots.end()] in self._linked
        return self._shown(end, dots.end()), label or digits[0], linked

    def _shown(self, start: int, end: int) -> str:
        """What stands there, with all gaps."""
        said = "".join(self._gap(at) + self._letters[at] for at in range(start, end))
        return said + self._gap(end)

    def _gap(self, at: int) -> str:
        place = self._places[at] if at < len(self._places) else -1
        return " " if place in self._text.gaps else ""


def _index(comparison: Comparison, terms: Mapping[str, str]) -> Iterator[FrontLine]:
    """The index; which pages it names is compared by itself, and read here."""
    medium = comparison.witness.format
    read = _on_one_line(medium, comparison.witness.front.text)
    for kind, some in groupby(comparison.ledger.index, lambda entry: entry.kind):
        title, entries = terms["names" if kind == "names" else "index"], list(some)
        yield FrontLine(_INDEX, (title,))
        at = max(read.rfind(_on_one_line(medium, from_plain(f"{title} {entries[0].term}"))), 0)
        term = ""
        for entry in entries:
            if entry.term != term and entry.under:
                yield FrontLine(_INDEX, (entry.term,))
            term, words = entry.term, entry.under or entry.term
            bare = re.escape(_on_one_line(medium, from_plain(words)))
            found = re.compile(rf"(?<!\S){bare}{_NUMBERS}").search(read, at)
            at = found.end() if found else at
            links: list[FrontPiece] = []
            for number in found[1].split(", ") if found else []:
                links += [", " if links else "", (number, "")]
            yield FrontLine(_INDEX, (f"{words} ", *links))


def _on_one_line(medium: str, text: Text) -> str:
    return " ".join(as_shown(medium, text).plain.split())
