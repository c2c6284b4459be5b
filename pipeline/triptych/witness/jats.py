"""The JATS edition read back: the words that its elements hold, in the order of a printed article.

JATS (NISO JATS 1.4) says what things are, not how they look, so there is no visibility to judge.
What is said is what an article prints: the body, the reference list and the notes. If one thing has
several forms, the form made for reading counts. A figure's caption comes below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from triptych.text import EmphasisKind, Gap, Scribe
from triptych.witness.counters import counter
from triptych.witness.mathml import moved, parts_of, whole_of
from triptych.witness.pictures import picture_in, within
from triptych.witness.reading import (
    Beside,
    Doubt,
    Fields,
    Landmarks,
    LinkRead,
    Looks,
    PictureRead,
    Reading,
    Spot,
    UnreadableError,
    WayBack,
    Witness,
)
from triptych.witness.xml_root import xml_root

_HREF = "{http://www.w3.org/1999/xlink}href"
_BLOCKS = frozenset(
    """abstract ack aff app app-group back body boxed-text break caption code contrib def def-item
    def-list disp-quote fig fig-group floats-group fn-group front glossary kwd list list-item
    mixed-citation p preformat ref ref-list response sec statement sub-article subtitle table
    table-wrap table-wrap-foot tbody td term tfoot th thead title tr verse-group
    verse-line""".split()
)
"""Elements on lines of their own."""
_UNSEEN = frozenset("alt-text annotation annotation-xml index-term long-desc object-id".split())
"""Elements that replace or index what is seen, and are not printed."""
_NOT_LINKS = frozenset("graphic inline-graphic inline-media license media".split())
_PICTURES = ("graphic", "inline-graphic")
_READ_FIRST = {"alternatives": "math", "citation-alternatives": "mixed-citation"}
"""Elements that hold several forms of one thing, and which of the forms is for reading."""
_TITLES = frozenset("article-title subtitle abstract".split())
"""Elements before the text that hold title, subtitle and summary."""
_COUNTED = frozenset("fn list-item".split())
"""Elements whose label is only their number, not part of their words."""
_FIELDS = {
    "article-title": "title", "chapter-title": "title", "conf-name": "event-title",
    "day": "issued", "ext-link": "URL", "fpage": "page", "isbn": "ISBN", "issn": "ISSN",
    "lpage": "page", "month": "issued", "page-range": "page", "publisher-loc": "publisher-place",
    "publisher-name": "publisher", "series": "collection-title", "source": "title",
    "string-date": "issued", "year": "issued",
}  # fmt: skip
"""The CSL fields of the elements of a reference, where the names differ."""
_TITLED = frozenset("ack app fn-group glossary ref-list sec".split())
"""Elements whose title is a heading; its level is the depth at which they are nested."""
_EMPHASIS: Mapping[str, EmphasisKind] = {
    "bold": "bold", "italic": "italic", "sc": "small-capitals", "strike": "struck",
    "sub": "subscript", "sup": "superscript", "underline": "underlined",
}  # fmt: skip
_LEGEND = ("label", "caption", "attrib")


def read_jats(data: bytes) -> Witness:
    """Read a JATS edition. Raises UnreadableError if it is not one."""
    try:
        root = xml_root(data)
    except ET.ParseError as error:
        raise UnreadableError(f"it is not well-formed XML ({error})") from None
    if root.tag != "article":
        raise UnreadableError(f"its root is {_local(root)}, not article")
    if root.find("body") is None:
        raise UnreadableError("it has no body, where the article would stand")
    reader = _Reader()
    for part in root:
        reader.read(part)
    return reader.witness()


class _Transcript:
    """One text as it is written down; `note` counts as in a `Spot`."""

    def __init__(self, note: int, name: str = "", number: str = "") -> None:
        self.note = note
        self.name = name
        self.number = number
        self.scribe = Scribe()
        self.links: list[tuple[int, int, str]] = []
        self.doubts: list[Doubt] = []
        self.marks: list[tuple[int, str]] = []
        self.looks = Looks()
        self.items: list[tuple[int, Beside]] = []
        self.pictures: list[PictureRead] = []
        self.emphasis: frozenset[EmphasisKind] = frozenset()
        """The emphasis of what is written next."""
        self._pending: Gap | None = None
        self._joined = False

    def gap(self, gap: Gap) -> None:
        """A gap before the next letter, unless it is on the same line."""
        if not self._joined and self._pending != "block":
            self._pending = gap

    def join(self) -> None:
        """What follows is on the line of what was written last."""
        self._pending, self._joined = "space", True

    def part(self) -> None:
        """What follows is where its own element puts it."""
        self._joined = False

    def write(self, text: str | None) -> None:
        """Write letters, and white space as gaps."""
        if not text:
            return
        if text.isspace():
            self.gap("space")
            return
        if self._pending:
            self.scribe.gap(self._pending)
        self._pending, self._joined = None, False
        start = self.scribe.at
        self.scribe.write(text.rstrip())
        self.looks.add(start, self.scribe.at, self.emphasis)
        if text[-1].isspace():
            self.gap("space")


@dataclass(slots=True)
class _Reader:
    """Reads the parts of one article, one after another."""

    article: _Transcript = field(default_factory=lambda: _Transcript(-1))
    title: _Transcript = field(default_factory=lambda: _Transcript(-2))
    front: _Transcript = field(default_factory=lambda: _Transcript(-3))
    notes: list[_Transcript] = field(default_factory=list)
    spots: dict[str, Spot] = field(default_factory=dict)
    calls: dict[str, Spot] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    fields: list[tuple[int, Fields]] = field(default_factory=list)
    counted: dict[ET.Element, str] = field(default_factory=dict)
    """What stands before the items of the lists that have been met."""
    depth: int = 0
    """How many titled sections are open."""

    def read(self, part: ET.Element) -> None:
        """Read a part of the article: everything but the front is the work."""
        transcript = self.front if part.tag in ("front", "processing-meta") else self.article
        self._read(part, transcript)

    def witness(self) -> Witness:
        """What has been read."""
        title, front = self._reading(self.title), self._reading(self.front)
        # JATS has no back-links: a note belongs to the reference that calls it.
        called = [
            (note.note, self.calls[note.name]) for note in self.notes if note.name in self.calls
        ]
        return Witness(
            format="jats",
            article=self._reading(self.article),
            notes=tuple(self._reading(note) for note in self.notes),
            title=title,
            front=front,
            fields=tuple(self.fields),
            ways_back=tuple(WayBack(note, 0, "", LinkRead(0, 0, "", at)) for note, at in called),
            dead_ends=tuple(link for link in (*title.links, *front.links) if link.dead),
        )

    def _reading(self, transcript: _Transcript) -> Reading:
        text = transcript.scribe.text()
        return Reading(
            text=text,
            links=tuple(
                LinkRead(start, end, written, *self._lead(written))
                for start, end, written in transcript.links
                if end > start
            ),
            doubts=tuple(transcript.doubts),
            looks=transcript.looks.found(),
            pictures=tuple(transcript.pictures),
            number=Beside(transcript.number),
            items=tuple(transcript.items),
            where=Landmarks(tuple(transcript.marks)),
            formula_parts=text.formula_parts,
        )

    def _lead(self, written: str) -> tuple[Spot | None, str]:
        """Where a link leads: a spot; or None and, if the place is missing, why."""
        if not written.startswith("#"):
            return None, ""
        spot = self.spots.get(written[1:])
        return (spot, "") if spot else (None, f"there is no place {written}")

    # --- The walk --------------------------------------------------------------------------------

    def _read(self, element: ET.Element, transcript: _Transcript) -> None:
        tag = _local(element)
        if tag == "fn":
            transcript = _Transcript(
                len(self.notes), element.get("id", ""), _said(element.find("label"))
            )
            self.notes.append(transcript)
        if tag in _TITLES and transcript is self.front:
            transcript = self.title
            transcript.gap("block")
        block = tag in _BLOCKS
        if block:
            transcript.gap("block")
            self.counts[tag] = self.counts.get(tag, 0) + 1
            transcript.marks.append((transcript.scribe.at, f"{tag} {self.counts[tag]}"))
        self.depth += tag in _TITLED
        start = transcript.scribe.at
        if tag == "list":
            self.counted |= dict(_numbered(element))
        elif self.counted.get(element):
            transcript.items.append((start, Beside(self.counted[element])))
        if tag in ("msqrt", "mroot"):  # MathML Core, 3.3.3: a root is drawn with its sign
            transcript.write("√")
        if name := element.get("id"):
            self.spots.setdefault(name, Spot(transcript.note, start))
        if tag in _PICTURES:
            data = within(element.get(_HREF, ""))
            picture = picture_in(data, start, _said(element.find("alt-text")))
            transcript.pictures.append(picture)
        if tag == "ref":
            self.fields.append((start, tuple(_fields(element))))
        if tag not in _UNSEEN:
            around = transcript.emphasis
            if tag in _EMPHASIS:
                transcript.emphasis |= {_EMPHASIS[tag]}
            self._read_inside(element, tag, transcript)
            transcript.emphasis = around
        for written in _targets(element, tag):
            self.calls.setdefault(written[1:], Spot(transcript.note, start))
            transcript.links.append((start, transcript.scribe.at, written))
        style = element.get("style")
        if why := f"it has a style of its own, {style}" if style else moved(element):
            transcript.doubts.append(
                Doubt("disguised", start, max(transcript.scribe.at, start + 1), why)
            )
        self.depth -= tag in _TITLED
        if block:
            transcript.gap("block")

    def _read_inside(self, element: ET.Element, tag: str, transcript: _Transcript) -> None:
        inside = transcript.scribe.at
        transcript.write(element.text)
        parts = dict(zip(element, parts_of(element, list(element)), strict=False))
        for line in _lines(element, tag):
            start, kinds = transcript.scribe.at, {child.tag for child in line}
            for number, child in enumerate(line):
                if number:
                    transcript.join()
                begun = transcript.scribe.at
                self._read(child, transcript)
                if part := parts.get(child):
                    transcript.scribe.formula_part(begun, part)
                transcript.write(child.tail)
            transcript.part()
            if "caption" in kinds:
                transcript.scribe.part(start, "caption")
            elif "title" in kinds and tag in _TITLED:
                transcript.scribe.part(start, "heading", self.depth)
        if whole := whole_of(element):
            transcript.scribe.formula_part(inside, whole)


def _lines(element: ET.Element, tag: str) -> Iterator[list[ET.Element]]:
    """What an element holds, in printed order; what is on one line comes together."""
    first = _READ_FIRST.get(tag)
    children = [child for child in element if _local(child) == first] or list(element)
    if tag in _COUNTED:
        children = [child for child in children if child.tag != "label"]
    legend = [c for name in _LEGEND for c in children if c.tag == name]
    if tag in ("fig", "fig-group"):
        yield from ([child] for child in children if child not in legend)
        yield legend
        return
    line: list[ET.Element] = []
    for child in children:
        line.append(child)
        if child.tag != "label":
            yield line
            line = []
    yield line


def _numbered(items: ET.Element) -> Iterator[tuple[ET.Element, str]]:
    """The items of a list with what is printed before each: its label, or what its type asks for.

    JATS prints a number as in the list's type, after its prefix, and a stop; it counts from one.
    """
    kind, prefix = items.get("list-type", ""), items.get("prefix-word", "")
    for count, item in enumerate(items.iterfind("list-item"), 1):
        number = counter(count, _COUNTERS[kind]) if kind in _COUNTERS else ""
        number = "•" if kind == "bullet" else number
        yield item, _said(item.find("label")) or f"{prefix} {number}".strip()


_COUNTERS = {
    "order": "decimal", "alpha-lower": "lower-alpha", "alpha-upper": "upper-alpha",
    "roman-lower": "lower-roman", "roman-upper": "upper-roman",
}  # fmt: skip


def _targets(element: ET.Element, tag: str) -> list[str]:
    """Where an element leads: `rid` may name several ids."""
    if rid := element.get("rid"):
        return [f"#{name}" for name in rid.split()]
    href = element.get(_HREF)
    return [href] if href is not None and tag not in _NOT_LINKS else []


def _fields(reference: ET.Element) -> Iterator[tuple[str, str]]:
    """The fields of a reference."""
    for element in reference.iterfind(".//element-citation/*"):
        said = _said(element)
        if element.tag == "person-group":
            role = element.get("person-group-type", "")
            for person in element:
                yield role, " ".join(map(_said, person)) or _said(person)
        elif element.tag == "pub-id":
            yield element.get("pub-id-type", "").upper(), said
        elif element.tag == "date-in-citation":
            yield "accessed", "-".join(part.lstrip("0") for part in said.split("-"))
        else:
            number = element.tag in ("month", "day")
            yield _FIELDS.get(element.tag, element.tag), said.lstrip("0") if number else said


def _said(element: ET.Element | None) -> str:
    return "" if element is None else "".join(element.itertext()).strip()


def _local(element: ET.Element) -> str:
    return re.sub(r"^\{.*\}", "", element.tag)
