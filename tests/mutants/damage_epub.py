"""Damages to an e-book's package, and to whole files of any format."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from lxml import etree

from .damage_text import known_by
from .markup import pack, unpack
from .mutant import FORMATS, Damage, Finished, Format, Told, told

Members = dict[str, bytes]
GONE = (
    "hidden text-missing text-moved text-differs citation-missing entry-missing note-missing "
    "link-dead unreadable"
)


def spine_files(members: Members) -> tuple[str, etree._Element, dict[str, etree._Element]]:
    """The package document's name and tree, and the spine's items by file."""
    name = next(name for name in members if name.endswith(".opf"))
    package = etree.fromstring(members[name])
    hrefs = {item.get("id"): item.get("href", "") for item in package.iter("{*}item")}
    folder = name.rpartition("/")[0]
    spine = {f"{folder}/{hrefs[ref.get('idref')]}": ref for ref in package.iter("{*}itemref")}
    return name, package, spine


def content_file(members: Members, rng: Random) -> tuple[str, list[str]]:
    """A chapter or the bibliography, and what stands in it: ids and opening words."""
    _, _, spine = spine_files(members)
    name = rng.choice([name for name in spine if is_text(name)])
    return name, known(members, name)


def is_text(name: str) -> bool:
    """Whether a file holds the work's own text."""
    return "/text-" in name or name.endswith("/references.xhtml")


def known(members: Members, name: str) -> list[str]:
    """What stands in a file: ids and words."""
    root = etree.fromstring(members[name])
    ids = [element.get("id", "") for element in root.iter("*") if element.get("id")]
    words = [
        words for tag in ("p", "h1", "h2") for e in root.iter("{*}" + tag) for words in known_by(e)
    ]
    return [*ids, *words, name.rpartition("/")[2]]


def package_damage(what: str) -> Callable[[Finished, Random], tuple[bytes, Told] | None]:
    def work(finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
        members = unpack(finished.epub)
        name, subject = content_file(members, rng)
        opf, package, spine = spine_files(members)
        item = spine[name]
        parent = item.getparent()
        assert parent is not None
        if what == "dropped":
            parent.remove(item)
        elif what == "not linear":
            item.set("linear", "no")
        elif what == "moved":
            # Two neighbours change places; either may be said to have moved.
            order = [file for file in spine if is_text(file)]
            at = order.index(name)
            first, second = order[at - 1 : at + 1] if at else order[:2]
            subject = [*known(members, first), *known(members, second)]
            spine[first].addprevious(spine[second])
        elif what == "emptied":
            root = etree.fromstring(members[name])
            body = next(root.iter("{*}body"))
            for child in list(body):
                body.remove(child)
            members[name] = etree.tostring(root, encoding="utf-8", xml_declaration=True)
        elif what == "lost":
            del members[name]
        elif what == "not well-formed":
            members[name] = members[name][: len(members[name]) * 2 // 3]
        members[opf] = etree.tostring(package, encoding="utf-8", xml_declaration=True)
        kinds = GONE
        if what == "moved":
            kinds += " citation-moved entry-moved note-moved"
        return pack(members), told(kinds, subject, f"{name} {what}")

    return work


def cut_short(name: Format) -> Callable[[Finished, Random], tuple[bytes, Told] | None]:
    """The file ends early, as after a full disk."""

    def work(finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
        data = finished.bytes_of(name)
        # Two thirds of the way from the last word to the first: the end of the text is gone.
        if name == "html":
            start = data.index(b"<article")
            end = start + (data.index(b"</article>") - start) * rng.randrange(40, 80) // 100
        else:
            end = len(data) * rng.randrange(40, 90) // 100
        ledger = finished.ledger
        subject = [finished.name, name, *(entry.id for entry in ledger.entries)]
        kinds = "unreadable text-missing entry-missing citation-missing note-missing link-dead"
        return data[:end], told(kinds, subject, f"cut to {end} of {len(data)} bytes")

    return work


PACKAGE = {
    "e-book: chapter out of the spine": "dropped",
    "e-book: chapter out of the reading order": "not linear",
    "e-book: chapter moved": "moved",
    "e-book: chapter emptied": "emptied",
    "e-book: chapter's file lost": "lost",
    "e-book: chapter not well-formed": "not well-formed",
}

DAMAGES = (
    *(Damage(kind, "epub", package_damage(what)) for kind, what in PACKAGE.items()),
    *(Damage("file: cut short", name, cut_short(name)) for name in FORMATS),
)
