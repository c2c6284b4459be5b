"""Damages to formulas: every sign stays, and the formula is built in another way."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from random import Random

from lxml import etree

from .damage_emphasis import emphasised, renamed
from .damage_pdf import PrintWork, print_damages
from .markup import Book, Element, MarkupWork, local, markup_damages, open_book
from .mutant import Finished, Told, told
from .pdf_page import Glyph, Print, bare

KIND = "formula-differs"


def signs(element: Element) -> str:
    """The signs of a formula in their order; a root has one of its own."""
    first = "√" if local(element) in ("msqrt", "mroot") else ""
    return first + (element.text or "") + "".join(signs(e) + (e.tail or "") for e in element)


def formula_of(element: Element) -> Element:
    return next(e for e in chain([element], element.iterancestors()) if local(e) == "math")


def rebuilt(change: Callable[[Element], None], tag: str, kinds: str = KIND) -> MarkupWork:
    """A damage to one element of a formula."""

    def work(book: Book, _: Finished, rng: Random) -> Told | None:
        for element in emphasised(book, rng, tag):
            whole = signs(formula_of(element))
            subject = [whole, *map(signs, element)]
            change(element)
            return told(kinds, subject, f"<{tag}> in {whole!r}")
        return None

    return work


def by_rule(css: str, tag: str) -> MarkupWork:
    """A rule that takes apart every element of a tag."""

    def work(book: Book, _: Finished, rng: Random) -> Told | None:
        found = emphasised(book, rng, tag)
        if not found:
            return None
        book.rule(css)
        subject = [signs(one) for element in found for one in (formula_of(element), *element)]
        return told(f"{KIND} disguised text-moved", subject, css)

    return work


def exchange(element: Element) -> None:
    element.append(element[0])


def add_a_third(element: Element) -> None:
    """A fraction of three parts is a row for a browser."""
    etree.SubElement(element, str(element.tag).replace("mfrac", "mrow"))


def shift(element: Element) -> None:
    """Let the last part be shifted down to the line."""
    part = element[-1]
    padded = etree.Element(str(element.tag).replace(local(element), "mpadded"), voffset="-0.5em")
    element.replace(part, padded)
    padded.append(part)


def styled(style: str) -> Callable[[Element], None]:
    return lambda element: element[-1].set("style", style)


WORKS: dict[str, MarkupWork] = {
    "formula: exponent on the line": rebuilt(renamed("mrow"), "msup"),
    "formula: exponent on the line by a shift": rebuilt(shift, "msup", "disguised"),
    "formula: exponent on the line by a style": rebuilt(
        styled("position: relative; top: 0.5em"), "msup", "text-moved"
    ),
    "formula: exponent on the line by a rule": by_rule("msup { display: inline-block }", "msup"),
    "formula: exponent lowered": rebuilt(renamed("msub"), "msup"),
    "formula: index raised": rebuilt(renamed("msup"), "msub"),
    "formula: limit beside its sign": rebuilt(renamed("msubsup"), "munderover"),
    "formula: fraction flattened": rebuilt(renamed("mrow"), "mfrac"),
    "formula: fraction flattened by a third part": rebuilt(add_a_third, "mfrac"),
    "formula: fraction flattened by a rule": by_rule("mfrac { display: inline }", "mfrac"),
    "formula: fraction without its bar": rebuilt(lambda e: e.set("linethickness", "0"), "mfrac"),
    "formula: fraction turned over": rebuilt(exchange, "mfrac", f"{KIND} text-differs text-moved"),
    "formula: fraction turned over by a rule": by_rule(
        "mfrac { display: flex; flex-direction: column-reverse }", "mfrac"
    ),
}

# --- In print -------------------------------------------------------------------------------------


def printed(file: Print, book: Book, rng: Random, tag: str) -> tuple[str, list[list[Glyph]]] | None:
    """A formula that has an element of a tag: its signs, and the glyphs of each part of that."""
    for element in emphasised(book, rng, tag):
        formula = formula_of(element)
        whole = bare(signs(formula))
        glyphs = [glyph for glyph in file.locate(whole) if bare(glyph.text)]
        if len(glyphs) != len(whole):
            continue
        before = "".join(_before(formula, element))
        at = len(bare(before)) + len("√" if tag == "mroot" else "")
        parts = []
        for part in element:
            end = at + len(bare(signs(part)))
            parts.append(glyphs[at:end])
            at = end
        return signs(formula), parts
    return None


def _before(outer: Element, inner: Element) -> list[str]:
    """What stands in an element before one within it."""
    found = ["√" if local(outer) in ("msqrt", "mroot") else "", outer.text or ""]
    for child in outer:
        if child is inner or any(e is inner for e in child.iterdescendants()):
            return found if child is inner else [*found, *_before(child, inner)]
        found += [signs(child), child.tail or ""]
    return found


def move(glyphs: list[Glyph], across: float, up: float) -> None:
    for run in {id(glyph.run): glyph.run for glyph in glyphs}.values():
        run.move(across, up)


def script(tag: str, times: float) -> PrintWork:
    """A damage that moves a script so many times its height towards the line."""

    def work(file: Print, finished: Finished, rng: Random) -> Told | None:
        found = printed(file, open_book(finished, "html"), rng, tag)
        if found is None:
            return None
        whole, (base, *_, last) = found
        move(last, 0, times * (base[-1].place[1] - last[0].place[1]))
        return told(KIND, [whole], f"<{tag}> in {whole!r}")

    return work


def fraction(flat: bool) -> PrintWork:
    """A damage that puts a denominator above, or beside its numerator."""

    def work(file: Print, finished: Finished, rng: Random) -> Told | None:
        found = printed(file, open_book(finished, "html"), rng, "mfrac")
        if found is None:
            return None
        whole, (above, below) = found
        fall = above[0].place[1] - below[0].place[1]
        if flat:
            move(above, -4, -fall / 2)
            move(below, 4, fall / 2)
        else:
            move(above, 0, -fall)
            move(below, 0, fall)
        return told(KIND, [whole], f"<mfrac> in {whole!r}")

    return work


def aside(file: Print, finished: Finished, rng: Random) -> Told | None:
    """The limits of a sum at its side."""
    found = printed(file, open_book(finished, "html"), rng, "munderover")
    if found is None:
        return None
    whole, (sign, *limits) = found
    for limit in limits:
        move(limit, sign[0].place[0] + 18 - limit[0].place[0], 0)
    return told(KIND, [whole], f"<munderover> in {whole!r}")


def over_its_base(file: Print, finished: Finished, rng: Random) -> Told | None:
    """An exponent right above what it belongs to."""
    found = printed(file, open_book(finished, "html"), rng, "msup")
    if found is None:
        return None
    whole, (base, exponent) = found
    move(exponent, base[0].place[0] - exponent[0].place[0], 2)
    return told(KIND, [whole], f"<msup> in {whole!r}")


def bar_lost(file: Print, finished: Finished, rng: Random) -> Told | None:
    """A fraction whose bar is not drawn."""
    found = printed(file, open_book(finished, "html"), rng, "mfrac")
    if found is None:
        return None
    whole, (above, below) = found
    page = above[0].run.page
    between = above[0].place[1], below[0].place[1]
    page.undraw_lines(min(between), max(between), above[0].place[0])
    return told(KIND, [whole], f"the bar of <mfrac> in {whole!r}")


def index_down(file: Print, finished: Finished, rng: Random) -> Told | None:
    """The index of a root on the line, before its sign."""
    found = printed(file, open_book(finished, "html"), rng, "mroot")
    if found is None:
        return None
    whole, (radicand, index) = found
    move(index, -4, radicand[0].place[1] - index[0].place[1])
    return told(KIND, [whole], f"<mroot> in {whole!r}")


PRINT_WORKS: dict[str, PrintWork] = {
    "formula: exponent on the line": script("msup", 1),
    "formula: exponent lowered": script("msup", 1.6),
    "formula: index raised": script("msub", 3),
    "formula: limit on the line": script("munderover", 1),
    "formula: fraction flattened": fraction(flat=True),
    "formula: fraction turned over": fraction(flat=False),
    "formula: bar of a fraction lost": bar_lost,
    "formula: limits beside their sign": aside,
    "formula: exponent over its base": over_its_base,
    "formula: index of a root on the line": index_down,
}
DAMAGES = (*markup_damages(WORKS), *print_damages(PRINT_WORKS))
