"""The markup of a web page or an e-book, opened for damage and closed again as bytes.

Both are a set of named trees and a style sheet, so that one damage serves both.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from lxml import etree, html

from .mutant import Damage, Finished, Format, Told

Element = etree._Element

SILENT = {"svg", "script", "style", "head", "nav"}
"""Elements whose text is no text of the work."""


@dataclass(slots=True)
class Book:
    """The trees of one finished file by name; `others` are the archive's further files."""

    format: Format
    trees: dict[str, Element]
    others: dict[str, bytes] = field(default_factory=dict)

    def all(self, tag: str, css_class: str = "", within: Element | None = None) -> list[Element]:
        """All elements of a tag (`*` for any) and class, in reading order, outside `SILENT`."""
        roots = self.trees.values() if within is None else [within]
        return [
            element
            for root in roots
            for element in spoken(root)
            if tag in ("*", local(element))
            and (not css_class or css_class in element.get("class", "").split())
        ]

    def get(self, id_: str) -> Element | None:
        """The element with this id."""
        for root in self.trees.values():
            for element in root.iter("*"):
                if element.get("id") == id_:
                    return element
        return None

    def rule(self, css: str) -> None:
        """Add a rule at the end of the style sheet."""
        if self.format == "epub":
            name = next(name for name in self.others if name.endswith(".css"))
            self.others[name] += f"\n{css}\n".encode()
            return
        style = [
            e for e in next(iter(self.trees.values())).iter("style") if e.getparent() is not None
        ]
        style[-1].text = f"{style[-1].text or ''}\n{css}\n"

    def close(self) -> bytes:
        """The file again. The archive's members keep their order, times and compression."""
        if self.format == "html":
            (root,) = self.trees.values()
            return (
                b"<!DOCTYPE html>\n"
                + etree.tostring(root, encoding="unicode", method="html").encode()
            )
        members = dict(self.others)
        for name, root in self.trees.items():
            if name in members:
                members[name] = etree.tostring(
                    root.getroottree(), encoding="utf-8", xml_declaration=True
                )
        return pack(members)


def open_book(finished: Finished, name: Format) -> Book:
    """Open the web edition or the e-book."""
    if name == "html":
        return Book("html", {"": html.document_fromstring(finished.html.decode())})
    members = unpack(finished.epub)
    parser = etree.XMLParser(resolve_entities=False)
    trees = {
        member: etree.fromstring(data, parser)
        for member, data in members.items()
        if member.endswith(".xhtml")
    }
    return Book("epub", trees, members)


def unpack(data: bytes) -> dict[str, bytes]:
    """The members of an archive, in order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(members: dict[str, bytes]) -> bytes:
    """An e-book's archive: the media type first and stored, as OCF 3.3, section 4.3 asks."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            stored = name == "mimetype"
            info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


def local(element: Element) -> str:
    """An element's tag without its namespace; empty for a comment."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def spoken(root: Element) -> Iterator[Element]:
    """The elements whose text a reader reads as the work's own, in order."""
    if local(root) in SILENT or "backlink" in root.get("class", ""):
        return
    if isinstance(root.tag, str):
        yield root
    for child in root:
        if isinstance(child.tag, str):
            yield from spoken(child)


@dataclass(frozen=True, slots=True)
class Strand:
    """A piece of text in a tree: an element's text or tail."""

    element: Element
    tail: bool

    @property
    def text(self) -> str:
        return (self.element.tail if self.tail else self.element.text) or ""

    def write(self, text: str) -> None:
        if self.tail:
            self.element.tail = text
        else:
            self.element.text = text


def strands(element: Element) -> list[Strand]:
    """The pieces of text within an element, in order, without those a reader does not read."""
    found = [Strand(element, False)]
    for child in element:
        if isinstance(child.tag, str) and not silent(child):
            found.extend(strands(child))
        found.append(Strand(child, True))
    return [strand for strand in found if strand.text]


def silent(element: Element) -> bool:
    return local(element) in SILENT or "backlink" in element.get("class", "")


def text_of(element: Element) -> str:
    """The text a reader reads in an element, on one line."""
    return " ".join("".join(strand.text for strand in strands(element)).split())


def plain_strands(element: Element) -> list[Strand]:
    """The pieces of an element's own words: not those of its citations, links and labels."""
    return [
        strand
        for strand in strands(element)
        if not any(
            "cluster" in outer.get("class", "")
            or local(outer) == "a"
            or outer.get("class") == "label"
            or outer.get("class") == "number"
            for outer in lineage(strand, element)
        )
    ]


def lineage(strand: Strand, top: Element) -> list[Element]:
    """The elements a strand stands in, up to but without `top`."""
    found: list[Element] = []
    at = strand.element.getparent() if strand.tail else strand.element
    while at is not None and at is not top:
        found.append(at)
        at = at.getparent()
    return found


def rewrite(
    pieces: Sequence[Strand],
    pattern: str,
    change: Callable[[re.Match[str]], str],
    rng: Random,
) -> tuple[str, str] | None:
    """Change one match of `pattern` in one of the pieces; what stood there, and what stands now."""
    places = [(strand, match) for strand in pieces for match in re.finditer(pattern, strand.text)]
    rng.shuffle(places)
    for strand, match in places:
        new = change(match)
        if new != match.group():
            text = strand.text
            strand.write(text[: match.start()] + new + text[match.end() :])
            return match.group(), new
    return None


def remove(element: Element) -> None:
    """Take an element out, leaving the text behind it."""
    parent = element.getparent()
    assert parent is not None
    tail = element.tail or ""
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


def unwrap(element: Element) -> None:
    """Take an element's tags away, leaving what stood in it."""
    parent, before = element.getparent(), element.getprevious()
    assert parent is not None
    if before is None:
        parent.text = (parent.text or "") + (element.text or "")
    else:
        before.tail = (before.tail or "") + (element.text or "")
    element.text = None
    for child in list(element):
        element.addprevious(child)
    remove(element)


def swap_content(one: Element, other: Element) -> None:
    """Let two elements exchange what stands in them, and keep their own attributes."""
    kept = [(e.text, list(e)) for e in (one, other)]
    for element, (text, children) in zip((one, other), reversed(kept), strict=True):
        for child in list(element):
            element.remove(child)
        element.text = text
        element.extend(children)


def swap_places(one: Element, other: Element) -> None:
    """Let two elements exchange their places; the text behind each place stays."""
    first, second = one.getparent(), other.getparent()
    assert first is not None
    assert second is not None
    one.tail, other.tail = other.tail, one.tail
    stand_in = etree.Element("stand-in")
    first.replace(one, stand_in)
    second.replace(other, one)
    first.replace(stand_in, other)


MarkupWork = Callable[[Book, Finished, Random], Told | None]


def markup_damages(
    works: dict[str, MarkupWork], formats: tuple[Format, ...] = ("html", "epub")
) -> tuple[Damage, ...]:
    """Damages to markup as damages to files, for each format."""
    return tuple(
        Damage(kind, name, Worked(name, work)) for kind, work in works.items() for name in formats
    )


@dataclass(frozen=True, slots=True)
class Worked:
    """A damage to markup, from bytes to bytes."""

    format: Format
    work: MarkupWork

    def __call__(self, finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
        book = open_book(finished, self.format)
        done = self.work(book, finished, rng)
        return None if done is None else (book.close(), done)
