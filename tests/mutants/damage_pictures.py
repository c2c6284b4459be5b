"""Damages to pictures in markup: their words, alternative texts, and whether they are seen."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from random import Random

from .markup import Book, Element, MarkupWork, local, markup_damages
from .mutant import Finished, Told, told
from .words import other_letter, shuffled


def pictures(book: Book) -> Iterator[tuple[Element, str]]:
    """The pictures in the figures of the work, each with its alternative text."""
    for root in book.trees.values():
        for element in root.iter("*"):
            if local(element) in ("img", "svg") and any(
                local(around) == "figure" for around in element.iterancestors()
            ):
                yield element, element.get("aria-label") or element.get("alt") or ""


def lettered(book: Book, rng: Random) -> list[Element]:
    """The pieces of text in drawings."""
    found = [
        each
        for picture, _ in pictures(book)
        for each in picture.iter("*")
        if local(each) == "text" and (each.text or "").strip() and not len(each)
    ]
    return shuffled(found, rng)


def in_words(change: Callable[[Element], None], kinds: str = "picture-words") -> MarkupWork:
    """A damage to one piece of text in a drawing."""

    def work(book: Book, _: Finished, rng: Random) -> Told | None:
        for element in lettered(book, rng):
            said = " ".join((element.text or "").split())
            change(element)
            return told(kinds, [said, *said.split()], f"{said!r} in a drawing")
        return None

    return work


def to_picture(kinds: str, change: Callable[[Element], None]) -> MarkupWork:
    """A damage to a whole picture."""

    def work(book: Book, _: Finished, rng: Random) -> Told | None:
        for element, alt in shuffled(list(pictures(book)), rng):
            change(element)
            return told(kinds, [alt], f"the picture {alt[:40]!r}")
        return None

    return work


def ruled(css: str) -> MarkupWork:
    """A rule of the style sheet on all pictures."""

    def work(book: Book, _: Finished, rng: Random) -> Told | None:
        found = shuffled(list(pictures(book)), rng)
        if not found:
            return None
        book.rule(css)
        return told("hidden picture-differs", [alt for _, alt in found], css)

    return work


def two_exchanged(book: Book, _: Finished, rng: Random) -> Told | None:
    """Exchange the words of two places in a drawing."""
    for first in lettered(book, rng):
        for second in lettered(book, rng):
            if first.getparent() is second.getparent() and first.text != second.text:
                said = [first.text or "", second.text or ""]
                first.text, second.text = second.text, first.text
                words = [word for each in said for word in each.split()]
                return told("picture-words", words, f"{said} exchanged")
    return None


def change_word(element: Element) -> None:
    text = element.text or ""
    element.text = re.sub("[a-z]", lambda m: other_letter(m, Random(text)), text, count=1)


def lose_words(element: Element) -> None:
    element.text = ""


def whiten(element: Element) -> None:
    element.set("fill", "#ffffff")


def unsee(element: Element) -> None:
    element.set("visibility", "hidden")


def undisplay(element: Element) -> None:
    element.set("style", "display:none")


def in_drawing(change: Callable[[Element, list[float]], None]) -> MarkupWork:
    """A damage to what a drawing paints; `change` is given its box: x, y, width, height."""

    def work(book: Book, _: Finished, rng: Random) -> Told | None:
        for element, alt in shuffled(list(pictures(book)), rng):
            if local(element) == "svg":
                box = element.get("viewBox") or element.get("viewbox") or ""
                change(element, [float(side) for side in box.split()])
                return told("picture-differs", [alt], f"the drawing {alt[:40]!r}")
        return None

    return work


def painted(element: Element, colour: str, box: list[float]) -> None:
    """Paint a rectangle of a colour over a part of a drawing."""
    rectangle = element.makeelement(str(element.tag)[:-3] + "rect", {"fill": colour})
    for name, side in zip(("x", "y", "width", "height"), box, strict=True):
        rectangle.set(name, f"{side:g}")
    element.append(rectangle)


def blacken(element: Element, box: list[float]) -> None:
    painted(element, "#000", box)


def clip(element: Element, box: list[float]) -> None:
    left, top, width, height = box
    painted(element, "#fff", [left + width / 2, top, width / 2, height])


def empty(element: Element, _: list[float]) -> None:
    for child in [each for each in element if local(each) not in ("g", "text")]:
        element.remove(child)


def mirror(element: Element, box: list[float]) -> None:
    group = element.makeelement(str(element.tag)[:-3] + "g", {})
    group.set("transform", f"translate({2 * box[0] + box[2]:g} 0) scale(-1 1)")
    group.extend(list(element))
    element.append(group)


def rename(element: Element) -> None:
    name = "aria-label" if element.get("aria-label") else "alt"
    element.set(name, " ".join((element.get(name) or "").split()[1:]))


def lose(element: Element) -> None:
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def double(element: Element) -> None:
    again = copy.deepcopy(element)
    for each in again.iter("*"):
        each.attrib.pop("id", None)
    element.addnext(again)


DAMAGES = markup_damages(
    {
        "picture: another alternative text": to_picture("picture-alt", rename),
        "picture: lost": to_picture("picture-missing", lose),
        "picture: doubled": to_picture("picture-extra", double),
        "picture: made transparent": ruled("figure svg, figure img {opacity: 0}"),
        "picture: not displayed": ruled("figure svg, figure img {display: none !important}"),
        "picture: its parts not filled": ruled("svg * {fill: none; stroke: none}"),
        "picture: black": in_drawing(blacken),
        "picture: its right half gone": in_drawing(clip),
        "picture: empty": in_drawing(empty),
        "picture: mirrored": in_drawing(mirror),
        "picture: a word changed": in_words(change_word),
        "picture: words lost": in_words(lose_words),
        "picture: words white": in_words(whiten),
        "picture: words hidden": in_words(unsee),
        "picture: words not displayed": in_words(undisplay),
        "picture: words exchanged": two_exchanged,
    }
)
