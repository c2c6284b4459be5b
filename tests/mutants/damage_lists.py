"""Damages to what stands before list items: numbers, letters and bullets."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pikepdf

from .damage_pdf import PrintWork, print_damages
from .damage_pdf_hiding import PLAIN
from .damage_text import article
from .markup import Book, Element, MarkupWork, local, markup_damages, text_of
from .mutant import Damage, Finished, Told, told
from .pdf_page import Glyph, Print, Wrap
from .words import shuffled


def lists(book: Book, rng: Random, tag: str) -> Iterator[tuple[Element, list[str]]]:
    """The lists of the article, each with the words that its items begin with."""
    for element in shuffled(article(book, tag), rng):
        items = [text_of(item).split() for item in element if local(item) == "li"]
        if any(items):
            yield element, [" ".join(words[:2]) for words in items if words]


def listed(what: str, tag: str = "ol") -> MarkupWork:
    """A damage to one list in its attributes, or to the items of all in the style sheet."""

    def work(book: Book, _: Finished, rng: Random) -> Told | None:
        for element, subject in lists(book, rng, tag):
            items = [item for item in element if local(item) == "li"]
            if what in RULES:
                book.rule(RULES[what])
            elif what == "another start":
                element.set("start", "4")
            elif what == "letters":
                element.set("type", "a")
            elif what == "an item's number":
                items[-1].set("value", "9")
            else:
                old = local(element)
                element.tag = str(element.tag).replace(old, "ul" if old == "ol" else "ol")
            return told("list-differs disguised", subject, f"{what} in a list of “{subject[0]}”")
        return None

    return work


RULES = {
    "marks gone": "li{list-style-type:none !important}",
    "marks unseen": "li::marker{color:transparent}",
    "marks of no size": "li::marker{font-size:0}",
    "marks of other words": 'li{list-style-type:"9. " !important}',
    "counted by twos": "li{counter-increment:list-item 2}",
    "items as blocks": "main li, section li{display:block}",
}


def contents(element: Any, page: Any = None) -> Iterator[tuple[Any, int]]:
    """The marked content of a structure element, each by its page and number (14.7.4.2)."""
    page = element.get("/Pg", page)
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            yield page.objgen, kid
        elif "/MCID" in kid:
            yield kid.get("/Pg", page).objgen, int(kid.MCID)
        elif "/S" in kid:
            yield from contents(kid, page)


def labels(file: Print, rng: Random) -> list[tuple[list[Glyph], str]]:
    """The labels of printed list items, each with the words that the item begins with."""
    runs: dict[tuple[Any, int], list[Glyph]] = {}
    for page in file.pages:
        by_place = {run.at: run for run in page.runs}
        open_: list[int] = []
        for at, (operands, operator) in enumerate(page.instructions):
            if str(operator) in ("BDC", "BMC"):
                told_of: Any = operands[1] if len(operands) == 2 else {}
                named = isinstance(told_of, pikepdf.Name)
                open_.append(-1 if named else int(told_of.get("/MCID", -1)))
            elif str(operator) == "EMC":
                open_.pop()
            elif at in by_place and open_:
                key = page.object.obj.objgen, open_[-1]
                runs.setdefault(key, []).extend(by_place[at].glyphs())

    def said(element: Any) -> list[Glyph]:
        return [glyph for place in contents(element) for glyph in runs.get(place, [])]

    found = []
    for item in file.pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/LI":
            kids = list(item.get("/K", []))
            if len(kids) == 2 and kids[0].get("/S") == "/Lbl":
                words = "".join(glyph.text for glyph in said(kids[1])).split()
                found.append((said(kids[0]), " ".join(words[:2])))
    return shuffled([(glyphs, words) for glyphs, words in found if glyphs and words], rng)


def printed(what: str) -> PrintWork:
    """A damage to the label of a printed list item."""

    def work(file: Print, _: Finished, rng: Random) -> Told | None:
        for glyphs, words in labels(file, rng):
            said = "".join(glyph.text for glyph in glyphs).strip()
            if not words:
                continue
            run = glyphs[0].run
            if what == "another number":
                if not said[:1].isdigit():
                    continue
                digits = [digit for digit in "7812345690" if digit != said[0]]
                codes = [run.font.code_for(digit, glyphs[0].code) for digit in digits]
                glyphs[0].code = next(code for code in codes if code)
            else:
                run.wraps.append(Wrap(glyphs[0], glyphs[-1], f"q {PLAIN[what]}", "Q"))
            run.changed = True
            return told("list-differs", [words], f"the mark {said} before “{words}”: {what}")
        return None

    return work


DAMAGES: tuple[Damage, ...] = (
    *markup_damages({
        **{f"list: {what}": listed(what)
           for what in ("another start", "letters", "an item's number", "bullets for numbers",
                        *RULES)},
        "list: numbers for bullets": listed("numbers for bullets", "ul"),
    }),
    *print_damages({
        "list: another number": printed("another number"),
        **{f"list: mark {way}": printed(way)
           for way in ("white", "rendering mode 3", "clipped away", "off the page")},
    }),
)  # fmt: skip
