"""Reading marked-up pages: what both the HTML edition and the chapters of an EPUB say.

A page is read once, in reading order. Its running text goes to the article or to a note; what
surrounds it (title page, contents, colophon) goes to the front. Links are kept with the letters
they cover. Their targets are found when every page has been read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote, urlsplit

from triptych.text import Scribe
from triptych.witness.html.cascade import Cascade, Seen
from triptych.witness.html.elements import (
    WORDLESS,
    ancestors,
    joined,
    listed,
    local,
    named_within,
    numbered,
    titled,
)
from triptych.witness.html.listing import before_item
from triptych.witness.html.pictures import Resource, nothing_beside, read_picture
from triptych.witness.html.stylesheets import StyleSheet, Typeface
from triptych.witness.html.visibility import BLOCKS
from triptych.witness.mathml import parts_of, whole_of
from triptych.witness.reading import (
    NONE,
    Beside,
    Doubt,
    Embedded,
    Landmarks,
    LinkRead,
    Listed,
    Looks,
    PictureRead,
    Reading,
    Spot,
    WayBack,
    Witness,
)

_SHOWING = frozenset("button embed iframe input meter object progress select textarea".split())
"""Elements that show words or figures that are not their text, or another page."""

_TYPE = "{http://www.idpf.org/2007/ops}type"
_CAPTIONS = ("figcaption", "caption")
_HEADING = re.compile(r"h[1-6]\Z")
_TURNING = re.compile("[\u202b\u2067]")
_OVERRIDING = re.compile("[\u202d\u202e]")
"""Characters that change the direction of what follows (UAX #9, 2): for one word, for all."""

_BACK = re.compile(r"(?:↩|↑\d{0,4}|\d{1,5})\Z")
"""What a back-link may print; anything else is text."""


@dataclass(slots=True)
class _Transcript:
    """One text while it is being read."""

    note: int
    scribe: Scribe = field(default_factory=Scribe)
    links: list[tuple[int, int, str, str]] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    marks: list[tuple[int, str]] = field(default_factory=list)
    looks: Looks = field(default_factory=Looks)
    items: list[tuple[int, Beside]] = field(default_factory=list)
    pictures: list[PictureRead] = field(default_factory=list)
    number: Beside = NONE


class MarkupReader:
    """Reads the pages of one edition, one after another."""

    def __init__(self, medium: str, resource: Resource = nothing_beside) -> None:
        self._format = medium
        self._resource = resource
        self._article = _Transcript(-1)
        self._title = _Transcript(-2)
        self._front = _Transcript(-3)
        self._entitled = False
        """Whether the title has been read: it is the first heading of the first level."""
        self._notes: list[_Transcript] = []
        self._spots: dict[tuple[str, str], Spot] = {}
        self._pages: set[str] = set()
        self._backs: list[tuple[int, int, str, str, str, str]] = []
        """The links back: text, letter, words, page, target, and why they are not seen."""
        self._page = ""
        self._cascade = Cascade(())
        self._cascades: dict[tuple[StyleSheet, ...], Cascade] = {}
        self._counts: dict[str, int] = {}
        self._numbers: dict[Any, int] = {}
        self._noted: set[Any] = set()
        self._titles: set[Any] = set()
        self._base = ""
        self._breaks: list[tuple[str, int]] = []
        self._page_list: list[tuple[str, str, str]] = []
        self._contents: list[tuple[int, str, str, str]] = []
        self._lists: list[tuple[str, Any]] = []

    def read(self, name: str, root: Any, sheets: tuple[StyleSheet, ...], running: bool) -> None:
        """Read one page; links to it use `name` and an id. If `running`, it holds the work."""
        self._page = name
        self._pages.add(name)
        self._counts = {}
        self._numbers = {}
        self._noted = set()
        if sheets not in self._cascades:
            self._cascades[sheets] = Cascade(sheets)
        self._cascade = self._cascades[sheets]
        body = next((e for e in root.iter_subtree() if e.local_name == "body"), root)
        seen = self._cascade.open()
        for outer in reversed([body, *ancestors(body)]):
            seen = self._cascade.look(outer, seen)
        transcript = self._article if running else self._front
        self._base = next(
            (
                e.etree_element.get("href", "")
                for e in root.iter_subtree()
                if e.local_name == "base"
            ),
            "",
        )
        self._read_inside(body, seen, transcript)

    def witness(self, embedded: tuple[Embedded, ...]) -> Witness:
        """What has been read."""
        title = self._reading(self._title)
        front = self._reading(self._front)
        return Witness(
            format=self._format,
            article=self._reading(self._article),
            notes=tuple(self._reading(note) for note in self._notes),
            title=title,
            front=front,
            embedded=(*embedded, *self._unread()),
            pages=tuple(self._breaks),
            page_list=tuple((n, self.lead(page, to)[0]) for n, page, to in self._page_list),
            contents=tuple(
                Listed(depth, words, LinkRead(0, 0, to, *self.lead(page, to)))
                for depth, words, page, to in self._contents
            ),
            ways_back=tuple(
                WayBack(note, letter, words, LinkRead(0, 0, to, *self.lead(page, to)), unseen)
                for note, letter, words, page, to, unseen in self._backs
            ),
            lists=tuple((titled(part), self._lines(page, part)) for page, part in self._lists),
            dead_ends=tuple(link for link in (*title.links, *front.links) if link.dead),
        )

    def _lines(self, page: str, part: Any) -> tuple[Listed, ...]:
        return tuple(
            Listed(depth, words, LinkRead(0, 0, to, *self.lead(page, to)))
            for depth, words, to in listed(part, 0)
        )

    def typefaces(self) -> Iterator[Typeface]:
        """The typefaces that the pages' style sheets load."""
        yield from dict.fromkeys(
            f for cascade in self._cascades.values() for f in cascade.typefaces
        )

    def _unread(self) -> Iterator[Embedded]:
        for cascade in self._cascades.values():
            for rule in cascade.unread:
                yield Embedded("rule", rule, "")

    def _reading(self, transcript: _Transcript) -> Reading:
        links = tuple(
            LinkRead(start, end, written, *self.lead(page, written))
            for start, end, page, written in transcript.links
            if end > start
        )
        text = transcript.scribe.text()
        return Reading(
            text=text,
            links=links,
            doubts=tuple(transcript.doubts),
            looks=transcript.looks.found(),
            pictures=tuple(transcript.pictures),
            number=transcript.number,
            items=tuple(transcript.items),
            where=Landmarks(tuple(transcript.marks)),
            formula_parts=text.formula_parts,
        )

    def lead(self, page: str, written: str) -> tuple[Spot | None, str]:
        """Where a link leads: a spot; or None and, if the place is missing, why."""
        if urlsplit(written).scheme or written.startswith("//"):
            return None, ""
        if self._base:
            return None, f"a base element leads it to {self._base}"
        path, _, fragment = written.partition("#")
        target = joined(page, unquote(path)) if path else page
        if target not in self._pages:
            return None, f"there is no {path}"
        if not fragment:
            return Spot(-1, -1), ""
        spot = self._spots.get((target, unquote(fragment)))
        return (spot, "") if spot else (None, f"there is no place #{fragment}")

    # --- The walk --------------------------------------------------------------------------------

    def _read(self, element: Any, above: Seen, transcript: _Transcript) -> None:
        tag = element.local_name
        node = element.etree_element
        seen = self._cascade.look(element, above)
        if tag in WORDLESS:
            self._name(element, transcript, transcript.scribe.at)
            self._doubt_at(transcript.scribe.at, seen, transcript)
            if tag in ("img", "svg"):
                at, cascade = transcript.scribe.at, self._cascade
                transcript.pictures.append(
                    read_picture(element, self._page, at, above, cascade, self._resource)
                )
            if tag == "template" and any(name.startswith("shadowroot") for name in node.attrib):
                what = "a template element is shown in place of the words beside it"
                transcript.doubts.append(
                    Doubt("disguised", transcript.scribe.at, transcript.scribe.at + 1, what)
                )
            if tag in _SHOWING and node.get("type") not in ("checkbox", "hidden"):
                what = f"a {tag} element shows something that is not text"
                transcript.doubts.append(
                    Doubt("disguised", transcript.scribe.at, transcript.scribe.at + 1, what)
                )
            return
        role = node.get("role", "")
        if role == "doc-backlink" and not len(node) and _BACK.match(_bare(node.text)):
            self._name(element, transcript, transcript.scribe.at)
            self._read_back(node, seen, transcript)
            return
        if role == "doc-pagelist" and transcript is self._front:
            self._page_list += [
                ("".join(e.itertext()), self._page, e.get("href", ""))
                for e in node.iter()
                if local(e) == "a"
            ]
        hidden = bool(seen.doubt) and "hidden" in node.attrib
        if hidden and node.get(_TYPE) in ("landmarks", "page-list"):
            return  # they are for reading systems (EPUB 3.3, 7.4)
        if role == "doc-toc":
            self._contents += [
                (depth, words, self._page, to) for depth, words, to in listed(node, 0)
            ]
            self._lists += [(self._page, part) for part in node if local(part) == "section"]
        elif node.get(_TYPE) in ("loi", "lot"):
            self._lists.append((self._page, node))
        if "doc-pagebreak" in role.split() and transcript is self._article:
            self._breaks.append((node.get("aria-label", ""), transcript.scribe.at))
        transcript = self._transcript_for(node, tag, role, transcript)
        if tag in ("ol", "ul", "menu", "dir"):
            self._numbers |= dict(numbered(node))
        elif tag == "li":
            self._read_item(node, seen, transcript)
        block = tag in BLOCKS
        if block:
            transcript.scribe.gap("block")
            self._mark(tag, transcript)
        start = transcript.scribe.at
        self._doubt_at(start, seen, transcript)
        self._name(element, transcript, start)
        if tag in ("msqrt", "mroot"):  # MathML Core, 3.3.3: a root is drawn with its sign
            self._write("√", seen, transcript)
        self._read_inside(element, seen, transcript)
        if tag in _CAPTIONS:
            transcript.scribe.part(start, "caption")
        elif _HEADING.match(tag) and not (transcript is self._title and tag == "h1"):
            transcript.scribe.part(start, "heading", int(tag[1]))
        if tag == "a" and node.get("href") is not None:
            transcript.links.append((start, transcript.scribe.at, self._page, node.get("href")))
        if block:
            transcript.scribe.gap("block")

    def _doubt_at(self, start: int, seen: Seen, transcript: _Transcript) -> None:
        """What an element does to the text around it."""
        for text in seen.generated:
            what = f"the style sheet adds “{text}”"
            transcript.doubts.append(Doubt("disguised", start, start + 1, what))
        if seen.covers:
            transcript.doubts.append(Doubt("hidden", max(start - 40, 0), start + 40, seen.covers))

    def _read_inside(self, element: Any, seen: Seen, transcript: _Transcript) -> None:
        node, scribe = element.etree_element, transcript.scribe
        inside = scribe.at
        self._write(node.text, seen, transcript)
        children = list(element.iter_children())
        parts = parts_of(node, [child.etree_element for child in children])
        for number, child in enumerate(children):
            start = scribe.at
            self._read(child, seen, transcript)
            if number < len(parts) and (part := parts[number]):
                scribe.formula_part(start, part)
            self._write(child.etree_element.tail, seen, transcript)
        if whole := whole_of(node):
            scribe.formula_part(inside, whole)

    def _write(self, text: str | None, seen: Seen, transcript: _Transcript) -> None:
        if not text:
            return
        start = transcript.scribe.at
        transcript.scribe.write(text)
        transcript.looks.add(start, transcript.scribe.at, seen.marks)
        if seen.wavering and transcript.scribe.at > start:
            why = "its type is another one in other settings of the reader"
            transcript.doubts.append(Doubt("disguised", start, transcript.scribe.at, why))
        doubt = seen.doubt
        if doubt and transcript.scribe.at > start:
            transcript.doubts.append(Doubt(doubt[0], start, transcript.scribe.at, doubt[1]))
        end = max(
            transcript.scribe.at, start + 1
        )  # such a character may come before an element's text
        if (seen.from_right and transcript.scribe.at > start) or _TURNING.search(text):
            transcript.doubts.append(Doubt("turned", start, end, "it is set from the right"))
        if _OVERRIDING.search(text):
            why = "a character that is not seen turns its letters round"
            transcript.doubts.append(Doubt("disguised", start, end, why))

    def _transcript_for(
        self, node: Any, tag: str, role: str, transcript: _Transcript
    ) -> _Transcript:
        """The transcript that an element's text belongs to; a note begins a new one."""
        if role in ("doc-footnote", "doc-endnote") or node in self._noted:
            note = _Transcript(len(self._notes))
            self._notes.append(note)
            return note
        if role == "doc-endnotes":
            lists = [e for e in node.iter() if local(e) == "ol"][:1]
            self._noted = {item for ol in lists for item in ol if local(item) == "li"}
            self._titles = {e for e in node if _HEADING.match(local(e))}
        if node in self._titles:
            return self._front  # the heading of the notes, which not every edition has
        if transcript is self._front and tag == "h1" and not self._entitled:
            self._entitled = True
            return self._title
        if transcript is self._front and role in ("doc-subtitle", "doc-abstract"):
            return self._title
        return self._article if tag == "main" and transcript is self._front else transcript

    def _read_item(self, node: Any, seen: Seen, transcript: _Transcript) -> None:
        """Read what stands before a list item; before that of a note, it is the note's number."""
        doubt = seen.doubt[1] if seen.doubt else ""
        found = before_item(seen.listing, self._numbers.get(node, 1), doubt)
        if found and node in self._noted:
            transcript.number = replace(found, said=found.said.removesuffix("."))
        elif found:
            transcript.items.append((transcript.scribe.at, found))

    def _read_back(self, node: Any, seen: Seen, transcript: _Transcript) -> None:
        shown, at = _bare(node.text), transcript.scribe.at
        changed = [seen.covers, *(f"the style sheet adds “{text}”" for text in seen.generated)]
        unseen = (seen.doubt or ("", ""))[1] or next(filter(None, changed), "")
        self._backs.append((transcript.note, at, shown, self._page, node.get("href", ""), unseen))
        if transcript.note >= 0 and at == 0 and shown.isdecimal() and not transcript.number.said:
            transcript.number = Beside(shown, unseen)

    def _name(self, element: Any, transcript: _Transcript, letter: int) -> None:
        for node in [element.etree_element, *named_within(element)]:
            name = node.get("id")
            if name:
                self._spots.setdefault((self._page, name), Spot(transcript.note, letter))

    def _mark(self, tag: str, transcript: _Transcript) -> None:
        self._counts[tag] = self._counts.get(tag, 0) + 1
        page = f"{self._page}, " if self._page else ""
        transcript.marks.append((transcript.scribe.at, f"{page}{tag} {self._counts[tag]}"))


def _bare(text: str | None) -> str:
    """What a back-link prints, without the signs that choose the form of its arrow."""
    return (text or "").strip("\ufe0e\ufe0f \n\r\t")
