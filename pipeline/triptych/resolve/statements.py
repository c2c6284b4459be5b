"""Statements and callouts: theorems and the like, notes and warnings, each with its heading.

In: divisions of class `statement` or `callout`; `data-kind` says what they are. Out: the same with
the word for their kind before their text, and a number if they have one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from triptych.ledger import Numbered
from triptych.terms import bare, labelled, stopped
from triptych.tree import Element, has_class, make, remove, text_of, with_class

_UNNUMBERED = ("proof", "remark", "solution")
"""Kinds that get a number only if the author gives them an identifier."""


def number_statements(article: Element, terms: Mapping[str, str]) -> Iterator[Numbered]:
    """Count theorems, lemmas and so on, each kind separately. Put its label before each."""
    counts: dict[str, int] = {}
    for division in with_class(article, "statement"):
        kind = division.attrib.pop("data-kind", "theorem")
        title = _take_title(division)
        number = ""
        if division.get("id") or kind not in _UNNUMBERED:
            counts[kind] = counts.get(kind, 0) + 1
            number = str(counts[kind])
            if not division.get("id"):
                division.set("id", f"{kind}-{number}")
        label = labelled(terms[kind], number) if number else bare(terms[kind])
        if division.attrib.pop("data-named", None) and title is not None and not number:
            _name(division, title, terms)
            continue
        words = make("span", label if title is not None else stopped(label, terms), class_="label")
        first = _first_paragraph(division)
        first.insert(0, words)
        words.tail, first.text = " " + (first.text or "").lstrip(), None
        if title is not None:
            title.tail, words.tail = words.tail, " "
            title.text = "(" + (title.text or "")
            _append(title, ").")
            first.insert(1, title)
        if number:
            told = "" if title is None else text_of(title).removeprefix("(").removesuffix(").")
            yield Numbered(division.get("id", ""), "statement", number, label, told)


def _name(division: Element, title: Element, terms: Mapping[str, str]) -> None:
    """Put a title in the place of the word for the kind, as in `Proof of Theorem 2`."""
    title.set("class", "label")
    _append(title, stopped("", terms))
    first = _first_paragraph(division)
    first.insert(0, title)
    title.tail, first.text = " " + (first.text or "").lstrip(), None


def number_callouts(article: Element, terms: Mapping[str, str]) -> Iterator[Numbered]:
    """Put the word for its kind and its title before each callout. Count those with an id."""
    counts: dict[str, int] = {}
    for division in with_class(article, "callout"):
        kind = division.attrib.pop("data-kind", "note")
        title = _take_title(division)
        label = bare(terms[kind])
        division.set("class", f"callout callout-{kind}")
        division.set("role", "note")
        head = make("p", class_="callout-title")
        if division.get("id"):
            counts[kind] = counts.get(kind, 0) + 1
            label = labelled(terms[kind], str(counts[kind]))
            told = "" if title is None else text_of(title)
            yield Numbered(division.get("id", ""), "callout", str(counts[kind]), label, told)
        head.append(make("span", label if title is None else f"{label}:", class_="label"))
        if title is not None:
            head[0].tail = " "
            title.tail = None
            head.append(title)
        head.tail, division.text = division.text, None
        division.insert(0, head)


def _take_title(division: Element) -> Element | None:
    """Take the title's span out of a division."""
    first = division[0] if len(division) else None
    if first is None or (division.text or "").strip() or not has_class(first, "topic"):
        return None
    remove(first)
    first.tail = None
    return first


def _first_paragraph(division: Element) -> Element:
    """The paragraph at the start of a division; a new one if it starts with something else."""
    if not (division.text or "").strip() and len(division) and division[0].tag == "p":
        return division[0]
    paragraph = make("p")
    paragraph.text, division.text = (division.text or "").lstrip(), None
    division.insert(0, paragraph)
    return paragraph


def _append(element: Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
