"""Damages to running text, numbers and cross-references in markup."""

from __future__ import annotations

import copy
import re
from random import Random

from .markup import (
    Book,
    Element,
    MarkupWork,
    local,
    markup_damages,
    plain_strands,
    remove,
    rewrite,
    strands,
    swap_content,
    text_of,
)
from .mutant import Finished, Told, told
from .words import DIACRITIC, other_digit, other_letter, shuffled, without_diacritic

DIFFERS = "text-differs"


def blocks(book: Book, tag: str, within: str) -> list[Element]:
    """The elements of a tag that stand in the article, as opposed to title, notes and entries."""
    return [
        element
        for element in book.all(tag)
        if (within == "*" or any(local(outer) == within for outer in element.iterancestors()))
        and not any(
            outer.get("class", "").split()[:1]
            in (["note"], ["title-page"], ["colophon"], ["entry"])
            or local(outer) == "header"
            for outer in element.iterancestors()
        )
    ]


def article(book: Book, tag: str) -> list[Element]:
    """The elements of a tag under a numbered section."""
    return [
        element
        for element in blocks(book, tag, "section")
        if any("level1" in outer.get("class", "") for outer in element.iterancestors())
    ]


def words(element: Element) -> str:
    """The opening words of an element, to know it by."""
    return " ".join(text_of(element).split()[:4])


def known_by(element: Element) -> list[str]:
    """Words by which a difference may name an element: its own, parted by links and numbers."""
    pieces = [strand.text.split() for strand in plain_strands(element)]
    return [" ".join(part) for words_ in pieces for part in (words_[:3], words_[-3:]) if words_]


def rewriter(tag: str, pattern: str, change: object, within: str = "") -> MarkupWork:
    """A damage that changes a match of `pattern` in the plain text of some block."""

    def work(book: Book, _: Finished, rng: Random) -> Told | None:
        for element in shuffled(article(book, tag), rng):
            if within and not any(local(outer) == within for outer in element.iterancestors()):
                continue
            pieces = plain_strands(element)
            whole = text_of(element)
            spots = [m for s in pieces for m in re.finditer(r"\w*" + pattern + r"\w*", s.text)]
            if not spots:
                continue
            assert callable(change)
            done = rewrite(pieces, pattern, lambda m: change(m, rng), rng)
            if done:
                now = text_of(element)
                old, new = differing_words(whole, now)
                return told(DIFFERS, [old, new], f"<{tag}> {words(element)}…: {old!r} to {new!r}")
        return None

    return work


def differing_words(old: str, new: str) -> tuple[str, str]:
    """The words in which two texts differ."""
    before, after = old.split(), new.split()
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    cut = slice(start, len(before) - end), slice(start, len(after) - end)
    return " ".join(before[cut[0]]), " ".join(after[cut[1]])


def drop(tag: str, kinds: str) -> MarkupWork:
    def work(book: Book, _: Finished, rng: Random) -> Told | None:
        for element in shuffled(article(book, tag), rng):
            if len(text_of(element)) > 3 and not element.findall(".//{*}svg"):
                subject = [words(element), *known_by(element), id_around(element)]
                line = f"<{tag}> {words(element)}… dropped"
                remove(element)
                return told(kinds, subject, line)
        return None

    return work


def id_around(element: Element) -> str:
    """The id of the section a heading opens, or of the figure a caption stands under."""
    parent = element.getparent() if local(element) not in ("p", "li") else None
    return parent.get("id", "") if parent is not None else ""


def drop_heading(book: Book, finished: Finished, rng: Random) -> Told | None:
    tags = shuffled(["h1", "h2", "h3"], rng)
    for tag in tags:
        done = drop(tag, "text-missing number-differs")(book, finished, rng)
        if done:
            return done
    return None


def swap_paragraphs(book: Book, _: Finished, rng: Random) -> Told | None:
    for one in shuffled(article(book, "p"), rng):
        other = one.getnext()
        if other is not None and local(other) == "p":
            line = f"{words(one)}… and {words(other)}… exchanged"
            swap_content(one, other)
            subject = [words(one), words(other), *known_by(one), *known_by(other)]
            return told(f"text-moved {DIFFERS}", subject, line)
    return None


def double_paragraph(book: Book, _: Finished, rng: Random) -> Told | None:
    for one in shuffled(article(book, "p"), rng):
        parent = one.getparent()
        if parent is not None and local(parent) == "section":
            again = copy.deepcopy(one)
            for element in again.iter("*"):
                element.attrib.pop("id", None)
            one.addnext(again)
            subject = [words(one), *known_by(one)]
            return told(f"text-extra {DIFFERS}", subject, f"{words(one)}… said twice")
    return None


def cells(book: Book, rng: Random) -> list[Element]:
    """Table cells with words of their own and no citation."""
    return shuffled([td for td in article(book, "td") if text_of(td) and len(td) == 0], rng)


def empty_cell(book: Book, _: Finished, rng: Random) -> Told | None:
    for cell in sorted(cells(book, rng), key=lambda td: len(text_of(td)) < 4):
        text = text_of(cell)
        cell.text = None
        return told(f"text-missing {DIFFERS}", [text], f"cell {text!r} emptied")
    return None


def swap_cells(book: Book, _: Finished, rng: Random) -> Told | None:
    found = [cell for cell in cells(book, rng) if len(text_of(cell)) > 3]
    for one in found:
        for other in found:
            if text_of(one) != text_of(other):
                subject = [text_of(one), text_of(other)]
                swap_content(one, other)
                return told(f"text-moved {DIFFERS}", subject, f"cells {subject} exchanged")
    return None


def numbered_label(kind: str) -> MarkupWork:
    """A damage to the number in a caption."""

    def work(book: Book, finished: Finished, rng: Random) -> Told | None:
        for numbered in shuffled(finished.ledger.numbered, rng):
            element = book.get(numbered.id)
            if numbered.kind != kind or element is None:
                continue
            label = next(e for e in element.iter("*") if e.get("class") == "label")
            done = rewrite(strands(label), r"\d+", lambda m: other_digit(m, rng), rng)
            if done:
                line = f"{numbered.id}: {done[0]} to {done[1]}"
                return told("number-differs", [numbered.id], line)
        return None

    return work


def section_number(book: Book, finished: Finished, rng: Random) -> Told | None:
    for numbered in shuffled(finished.ledger.numbered, rng):
        section = book.get(numbered.id)
        if numbered.kind != "section" or section is None:
            continue
        for number in section.iter("{*}span", "span"):
            if number.get("class") == "number":
                done = rewrite(strands(number), r"\d+(?!.*\d)", lambda m: other_digit(m, rng), rng)
                if done:
                    line = f"{numbered.id}: {done[0]} to {done[1]}"
                    return told("number-differs", [numbered.id], line)
    return None


def reference(what: str) -> MarkupWork:
    """A damage to a cross-reference: its `text` or its `target`."""

    def work(book: Book, _: Finished, rng: Random) -> Told | None:
        found = shuffled(book.all("a", "xref"), rng)
        for link in found:
            target, text = link.get("href", "").rpartition("#")[2], text_of(link)
            if what == "text":
                done = rewrite(strands(link), r"\d+(?!.*\d)", lambda m: other_digit(m, rng), rng)
                if done:
                    line = f"{text} to {text_of(link)}"
                    return told("reference-differs", [target, text], line)
            for other in found:
                # What leads within one chapter's file leads nowhere from another.
                within = other.get("href", "").startswith("#")
                beside = other.getroottree().getroot() is link.getroottree().getroot()
                if other.get("href", "").rpartition("#")[2] != target and (beside or not within):
                    link.set("href", other.get("href", ""))
                    kinds = "link-astray reference-differs"
                    return told(kinds, [target, text], f"{text} leads to {other.get('href')}")
        return None

    return work


def no_longer(tags: str) -> MarkupWork:
    """A damage that makes a paragraph of a heading or a caption."""

    def work(book: Book, _: Finished, rng: Random) -> Told | None:
        found = [e for tag in tags.split() for e in article(book, tag) if e.getparent() is not None]
        for element in shuffled(found, rng):
            said = words(element)
            element.tag = str(element.tag).replace(local(element), "p")
            return told("structure-differs", [said, *known_by(element)], f"“{said}” a paragraph")
        return None

    return work


def insert_word(_: re.Match[str], rng: Random) -> str:
    return f" {rng.choice(('never', 'hardly', 'almost', 'not'))} "


WORD = r"(?<=[a-z]{2})[a-z](?=[a-z]{2})"

WORKS: dict[str, MarkupWork] = {
    "text: word changed": rewriter("p", WORD, other_letter),
    "text: word inserted": rewriter("p", r"(?<=[a-z]) (?=[a-z])", insert_word),
    "text: word dropped": rewriter("p", r"(?<= )(?:not|never|no) ", lambda *_: ""),
    "text: space lost": rewriter("p", r"(?<=[a-z]) (?=[a-z])", lambda *_: ""),
    "text: diacritic lost": rewriter("p", DIACRITIC, without_diacritic),
    "text: letter's case": rewriter(
        "p", r"(?<=[a-z]) [a-z](?=[a-z]{2})", lambda m, _: m[0].upper()
    ),
    "text: dash for hyphen": rewriter("p", r"(?<=\w)-(?=\w)", lambda *_: "–"),
    "text: quotation mark": rewriter("p", "[“”‘’]", lambda m, _: "'" if m[0] in "‘’" else '"'),
    "text: word of a quotation": rewriter("p", WORD, other_letter, within="blockquote"),
    "text: word of a list": rewriter("li", WORD, other_letter),
    "text: word of a heading": rewriter("h2", WORD, other_letter),
    "text: word of a caption": rewriter("figcaption", WORD, other_letter),
    "text: digit of a cell": rewriter("td", r"\d+", other_digit),
    "text: paragraph dropped": drop("p", "text-missing"),
    "text: list item dropped": drop("li", "text-missing text-differs"),
    "text: heading dropped": drop_heading,
    "text: caption dropped": drop("figcaption", "text-missing number-differs"),
    "text: paragraphs exchanged": swap_paragraphs,
    "text: paragraph doubled": double_paragraph,
    "structure: heading to paragraph": no_longer("h2 h3"),
    "structure: caption to paragraph": no_longer("figcaption"),
    "table: cell emptied": empty_cell,
    "table: cells exchanged": swap_cells,
    "number: of a figure": numbered_label("figure"),
    "number: of a table": numbered_label("table"),
    "number: of a section": section_number,
    "reference: text": reference("text"),
    "reference: target": reference("target"),
}

DAMAGES = markup_damages(WORKS)
