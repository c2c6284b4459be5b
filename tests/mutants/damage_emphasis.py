"""Damages to emphasis in markup: every word and every link stays, and the type is another."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from lxml import etree

from .damage_text import article, words
from .markup import (
    Book,
    Element,
    MarkupWork,
    local,
    markup_damages,
    plain_strands,
    text_of,
    unwrap,
)
from .mutant import Finished, Told, told
from .words import shuffled

KIND = "emphasis-differs"


def emphasised(book: Book, rng: Random, *tags: str, css_class: str = "") -> list[Element]:
    """The elements of some tags in the article that hold words."""
    return shuffled(
        [
            element
            for tag in tags
            for element in article(book, tag)
            if text_of(element) and (not css_class or css_class in element.get("class", ""))
        ],
        rng,
    )


def changer(change: Callable[[Element], None], *tags: str, css_class: str = "") -> MarkupWork:
    """A damage to one element of the article."""

    def work(book: Book, _: Finished, rng: Random) -> Told | None:
        for element in emphasised(book, rng, *tags, css_class=css_class):
            text = text_of(element)
            change(element)
            return told(KIND, [text], f"<{'|'.join(tags)}> {text!r}")
        return None

    return work


def renamed(tag: str) -> Callable[[Element], None]:
    """Give an element another name."""

    def change(element: Element) -> None:
        element.tag = str(element.tag).replace(local(element), tag)

    return change


def styled(style: str) -> Callable[[Element], None]:
    return lambda element: element.set("style", style)


def add(tag: str, within: str) -> MarkupWork:
    """Put an element around a word of a block's own."""

    def work(book: Book, _: Finished, rng: Random) -> Told | None:
        for block in shuffled(article(book, within), rng):
            for strand in shuffled(plain_strands(block), rng):
                found = re.search(r"(?<= )[a-z]{4,}(?= )", strand.text)
                if found is None:
                    continue
                new = etree.Element(str(block.tag).replace(local(block), tag))
                new.text, behind = found[0], strand.text[found.end() :]
                strand.write(strand.text[: found.start()])
                new.tail = behind
                outer = strand.element.getparent() if strand.tail else strand.element
                assert outer is not None
                outer.insert(outer.index(strand.element) + 1 if strand.tail else 0, new)
                line = f"<{within}> {words(block)}…: {found[0]!r} as {tag}"
                return told(KIND, [found[0]], line)
        return None

    return work


def in_entry(change: Callable[[Element], None]) -> MarkupWork:
    """A damage to a title in a bibliography entry."""

    def work(book: Book, finished: Finished, rng: Random) -> Told | None:
        for entry in shuffled(finished.ledger.entries, rng):
            element = book.get(entry.id)
            titles = [] if element is None else list(element.iter("{*}em", "em", "{*}i", "i"))
            if titles:
                text = text_of(titles[0])
                change(titles[0])
                return told(KIND, [entry.id], f"{entry.id}: {text!r}")
        return None

    return work


def in_note(book: Book, finished: Finished, rng: Random) -> Told | None:
    for note in shuffled(finished.ledger.notes, rng):
        element = book.get(note.id)
        marked = [] if element is None else list(element.iter("{*}em", "em"))
        if marked:
            cited = [c.id for c in finished.ledger.clusters if c.note == note.id]
            text = text_of(marked[0])
            unwrap(marked[0])
            return told(KIND, [note.id, *cited], f"{note.id}: {text!r}")
    return None


def by_rule(css: str, *tags: str, css_class: str = "") -> MarkupWork:
    """A rule that changes the type of every element of a tag."""

    def work(book: Book, _: Finished, rng: Random) -> Told | None:
        found = emphasised(book, rng, *tags, css_class=css_class)
        if not found:
            return None
        book.rule(css)
        kinds = f"{KIND} disguised" if css.startswith("@media") else KIND
        return told(kinds, [text_of(element) for element in found], css)

    return work


WORKS: dict[str, MarkupWork] = {
    "emphasis: italics lost": changer(unwrap, "em"),
    "emphasis: italics lost in an entry": in_entry(unwrap),
    "emphasis: italics lost in a note": in_note,
    "emphasis: italics lost by a rule": by_rule("em { font-style: normal }", "em"),
    "emphasis: italics lost by a style": changer(styled("font-style: normal"), "em"),
    "emphasis: italics lost on some screens": by_rule(
        "@media (min-width: 20em) { em { font: inherit } }", "em"
    ),
    "emphasis: italics added": add("em", "p"),
    "emphasis: italics added in a caption": add("em", "figcaption"),
    "emphasis: italics added by a style": changer(styled("font-style: oblique"), "strong"),
    "emphasis: bold for italics": changer(renamed("strong"), "em"),
    "emphasis: bold lost": changer(unwrap, "strong"),
    "emphasis: bold added": add("strong", "p"),
    "emphasis: raised letters made level": changer(unwrap, "sup"),
    "emphasis: raised letters made level by a rule": by_rule("sup { vertical-align: 0 }", "sup"),
    "emphasis: lowered letters made level": changer(unwrap, "sub"),
    "emphasis: lowered letters raised": changer(renamed("sup"), "sub"),
    "emphasis: small capitals lost": changer(unwrap, "span", css_class="smallcaps"),
    "emphasis: small capitals lost by a rule": by_rule(
        ".smallcaps { font-variant: normal }", "span", css_class="smallcaps"
    ),
    "emphasis: line through words lost": changer(unwrap, "del", "s"),
    "emphasis: line under words added": add("u", "p"),
}
DAMAGES = markup_damages(WORKS)
