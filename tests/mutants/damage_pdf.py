"""Damages to what a print edition says: glyphs changed, taken away, put in and moved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from .damage_text import article, id_around, known_by, words
from .markup import Element, local, open_book, text_of
from .mutant import Damage, Finished, Named, Told, in_note, told
from .pdf_page import Glyph, Print, delete, replace
from .words import (
    DIACRITIC,
    other_digit,
    other_letter,
    other_year,
    shuffled,
    to_hyphen,
    without_diacritic,
)

PrintWork = Callable[[Print, Finished, Random], Told | None]


@dataclass(frozen=True, slots=True)
class Passage:
    """Glyphs that belong together, and what is told of a damage to them."""

    glyphs: list[Glyph]
    subject: list[str]
    part: str


def passages(file: Print, finished: Finished, rng: Random, part: str) -> Iterator[Passage]:
    """The clusters, entries, notes or blocks of a kind that stand on one page, by chance."""
    ledger = finished.ledger
    if part == "cluster":
        for cluster in shuffled(ledger.clusters, rng):
            subject = [cluster.id, *([cluster.note] if cluster.note else [])]
            yield Passage(file.locate(cluster.text, cluster.id), subject, part)
    elif part in ("entry", "note"):
        items: Sequence[Named] = ledger.entries if part == "entry" else ledger.notes
        for item in shuffled(items, rng):
            within = [c.id for c in ledger.clusters if c.note == item.id]
            yield Passage(file.locate(item.text, item.id), [item.id, *within], part)
    else:
        book = open_book(finished, "html")
        outer, _, tag = part.rpartition(" ")
        for element in shuffled(article(book, tag), rng):
            if outer and not any(local(e) == outer for e in element.iterancestors()):
                continue
            # A heading stands in the table of contents too.
            around = id_around(element)
            place = around if tag.startswith("h") else ""
            subject = [words(element), *known_by(element), *([around] if around else [])]
            # What the page does not tell to be a citation's, as a name before its year, may be one.
            subject += [
                c.id for c in finished.ledger.clusters if stands_in(book.get(c.id), element)
            ]
            yield Passage(file.locate(text_of(element), place), subject, part)


def stands_in(inner: Element | None, outer: Element) -> bool:
    """Whether an element stands within another."""
    return inner is not None and outer in inner.iterancestors()


def kinds(passage: Passage, what: str) -> str:
    """The kinds of difference that name a damage to a passage; `what` as in `text-differs`."""
    part = {"cluster": "citation", "entry": "entry", "note": "note"}.get(passage.part, "text")
    named = " ".join(f"{part}-{one}" for one in what.split())
    if part == "text":
        # The words of a paragraph or cell may be a citation's, as far as the page tells.
        named += "".join(f" citation-{one}" for one in what.split())
    return in_note(named) if part == "citation" and len(passage.subject) > 1 else named


def saying(glyphs: list[Glyph]) -> tuple[str, list[Glyph | None]]:
    """What glyphs say, line by line, and the glyph of each character that has one to itself."""
    said: list[str] = []
    owners: list[Glyph | None] = []
    last: Glyph | None = None
    for glyph in glyphs:
        if last is not None and abs(last.run.tm[5] - glyph.run.tm[5]) > 4:
            said.append("\n")
            owners.append(None)
        text = glyph.text
        said.append(text)
        owners.extend([glyph] if len(text) == 1 else [None] * len(text))
        last = glyph
    return "".join(said), owners


def rewrite(glyphs: list[Glyph], pattern: str, change: object, rng: Random) -> str:
    """Change one match of `pattern`, in the glyphs; the words around it before, or nothing."""
    said, owners = saying(glyphs)
    assert callable(change)
    for match in shuffled(re.finditer(pattern, said), rng):
        found = owners[match.start() : match.end()]
        own = [glyph for glyph in found if glyph is not None]
        if not own or len(own) < len(found):
            continue
        start = said.rfind(" ", 0, max(match.start(), 0)) + 1
        around = said[start : match.end() + 12].split("\n")[0].split()[:2]
        # A word broken at the end of a line would be named by neither of its halves.
        left = said.rfind(" ", 0, match.start()) + 1
        if re.search(r"[-‐]\n", said[left : match.end() + 12].split(" ")[0]):
            continue
        # A subset of a font lacks many characters: ask for another change, some times over.
        for _ in range(12):
            new = change(match, rng)
            if new == "" and one_run(own):
                delete(own)
                return " ".join(around)
            if new not in ("", match.group()) and replace(own, new):
                return " ".join(around)
    return ""


def rewriter(part: str, pattern: str, change: object) -> PrintWork:
    """A damage that changes a match of `pattern` in some passage of a kind."""

    def work(file: Print, finished: Finished, rng: Random) -> Told | None:
        for passage in passages(file, finished, rng, part):
            if not passage.glyphs:
                continue
            glyphs = [g for g in passage.glyphs if part in OWN or not file.links_over([g])]
            around = rewrite(glyphs, pattern, change, rng)
            if around:
                # Running text has no name of its own: the words around the wound are its name.
                subject = [*passage.subject, *(around.split() if part not in OWN else [])]
                line = f"{part} {passage.subject[0]}: at {around!r}"
                label = " number-differs" if part == "figcaption" else ""
                return told(kinds(passage, "differs") + label, subject, line)
        return None

    return work


OWN = ("cluster", "entry", "note")
"""The passages that the ledger names."""


def locator_rewriter(drop: bool) -> PrintWork:
    def work(file: Print, finished: Finished, rng: Random) -> Told | None:
        locators = {
            cluster.id: [n for c in cluster.citations for n in re.findall(r"\d+", c.locator)]
            for cluster in finished.ledger.clusters
        }
        for passage in passages(file, finished, rng, "cluster"):
            for number in locators[passage.subject[0]] if passage.glyphs else []:
                before = r"[,:]?\s*(?:[Pp]{1,2}\.|[Pp]aras?\.)?\s*" if drop else ""
                after = r"(?:[–-]\d+)?" if drop else r"(?!\d)"
                pattern = rf"(?<!\d){before}(?<!\d){number}{after}"
                change = (lambda *_: "") if drop else other_digit
                around = rewrite(passage.glyphs, pattern, change, rng)
                if around:
                    return told(kinds(passage, "differs"), passage.subject, f"at {around!r}")
        return None

    return work


def dropper(part: str, also: str = "", links_too: bool = True) -> PrintWork:
    """A damage that takes a passage away, with the links that lay over it."""

    def work(file: Print, finished: Finished, rng: Random) -> Told | None:
        for passage in passages(file, finished, rng, part):
            if passage.glyphs:
                if links_too:
                    unlink(file, passage.glyphs)
                delete(passage.glyphs)
                what = f"{kinds(passage, 'missing differs')} {also}"
                return told(what, passage.subject, f"{part} {passage.subject[0]} dropped")
        return None

    return work


def unlink(file: Print, glyphs: list[Glyph]) -> int:
    """Take away the links over some glyphs; how many there were."""
    gone = 0
    for note in file.links_over(glyphs):
        annotations: Any = glyphs[0].run.page.object.obj.Annots
        for n in reversed(range(len(annotations))):
            if annotations[n].objgen == note.objgen:
                del annotations[n]
                gone += 1
    return gone


def one_run(glyphs: list[Glyph]) -> bool:
    return bool(glyphs) and all(glyph.run is glyphs[0].run for glyph in glyphs)


def cut_note(file: Print, finished: Finished, rng: Random) -> Told | None:
    for passage in passages(file, finished, rng, "note"):
        if len(passage.glyphs) > 30:
            end = passage.glyphs[len(passage.glyphs) * 3 // 5 :]
            unlink(file, end)
            delete(end)
            cited = [c.id for c in finished.ledger.clusters if c.note == passage.subject[0]]
            what = "note-differs citation-differs citation-missing"
            return told(what, [*passage.subject, *cited], f"{passage.subject[0]} cut short")
    return None


def label_number(kind: str) -> PrintWork:
    """A damage to the number that stands before a caption or a heading."""

    def work(file: Print, finished: Finished, rng: Random) -> Told | None:
        for numbered in shuffled(finished.ledger.numbered, rng):
            if numbered.kind != kind:
                continue
            section = kind == "section"
            text = f"{numbered.number}{numbered.title}" if section else f"{numbered.label}."
            glyphs = file.locate(text, numbered.id)
            number = glyphs[: len(numbered.number)] if section else glyphs
            around = rewrite(number, r"\d+(?!.*\d)", other_digit, rng) if number else ""
            if around:
                return told("number-differs", [numbered.id], f"{numbered.id}: {around!r}")
        return None

    return work


WORD = r"(?<=[a-z]{2})[a-z](?=[a-z]{2})"
SPACE = r"(?<=[a-z]) (?=[a-z])"

WORKS: dict[str, PrintWork] = {
    "citation: year": rewriter("cluster", r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)", other_year),
    "citation: author's letter": rewriter(
        "cluster", r"(?<=[A-Z][a-z])[a-z](?=[a-z])", other_letter
    ),
    "citation: number": rewriter("cluster", r"(?<=\[)\d+(?=[\],])", other_digit),
    "citation: locator changed": locator_rewriter(drop=False),
    "citation: locator dropped": locator_rewriter(drop=True),
    "citation: dash to hyphen": rewriter("cluster", r"(?<=\d)–(?=\d)", to_hyphen),
    "citation: dropped": dropper("cluster"),
    "entry: dropped": dropper("entry"),
    "entry: word changed": rewriter("entry", r"(?<=[A-Za-z][a-z])[a-z](?=[a-z]{2})", other_letter),
    "entry: year changed": rewriter("entry", r"(?<![\d.])(?:1[5-9]|20)\d\d(?![\d.]\d)", other_year),
    "entry: DOI changed": rewriter("entry", r"(?<=10\.5555/)[a-z]", other_letter),
    "entry: dash to hyphen": rewriter("entry", r"(?<=\d)–(?=\d)", to_hyphen),
    "entry: diacritic lost": rewriter("entry", DIACRITIC, without_diacritic),
    "note: dropped": dropper("note"),
    "note: cut short": cut_note,
    "text: word changed": rewriter("p", WORD, other_letter),
    "text: word inserted": rewriter("p", SPACE, lambda *_: " not "),
    "text: word dropped": rewriter("p", r"(?<= )(?:not|never|no) ", lambda *_: ""),
    "text: space lost": rewriter("p", SPACE, lambda *_: ""),
    "text: diacritic lost": rewriter("p", DIACRITIC, without_diacritic),
    "text: letter's case": rewriter(
        "p", r"(?<=[a-z] )[a-z](?=[a-z]{2})", lambda m, _: m[0].upper()
    ),
    "text: dash for hyphen": rewriter("p", r"(?<=\w)[-‐](?=\w)", lambda *_: "–"),
    "text: quotation mark": rewriter(
        "p", "[“”‘’]", lambda m, _: {"“": "”", "”": "“"}.get(m[0], "”")
    ),
    "text: word of a quotation": rewriter("blockquote p", WORD, other_letter),
    "text: word of a list": rewriter("li", WORD, other_letter),
    "text: word of a heading": rewriter("h2", WORD, other_letter),
    "text: word of a caption": rewriter("figcaption", WORD, other_letter),
    "text: digit of a cell": rewriter("td", r"\d+", other_digit),
    "text: paragraph dropped": dropper("p"),
    "text: list item dropped": dropper("li"),
    "text: heading dropped": dropper("h2", "number-differs"),
    "text: caption dropped": dropper("figcaption", "number-differs"),
    "table: cell emptied": dropper("td"),
    "number: of a figure": label_number("figure"),
    "number: of a table": label_number("table"),
    "number: of a section": label_number("section"),
}


@dataclass(frozen=True, slots=True)
class Worked:
    """A damage to a print edition, from bytes to bytes."""

    work: PrintWork

    def __call__(self, finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
        file = Print(finished.pdf)
        done = self.work(file, finished, rng)
        return None if done is None else (file.save(), done)


def print_damages(works: dict[str, PrintWork]) -> tuple[Damage, ...]:
    """Damages to an open print edition as damages to a file."""
    return tuple(Damage(kind, "pdf", Worked(work)) for kind, work in works.items())


DAMAGES = print_damages(WORKS)
