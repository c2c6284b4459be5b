"""Cross-references: each reference becomes a link that prints the label of its target.

In: the resolved tree, numbered. Out: the same with links, and a list of those that lead nowhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from triptych.diagnostics import Diagnostic
from triptych.ledger import CrossReference, Numbered
from triptych.mathematics.spoken import spoken
from triptych.mathematics.tidy import MATHML
from triptych.read.near_keys import nearest
from triptych.resolve.identifiers import names_of
from triptych.resolve.label_words import WordBeside, joined, said_beside
from triptych.resolve.source_map import SourceMap
from triptych.terms import terms_for
from triptych.tree import Element, has_class, make, replace_with, text_of, unwrap, with_class

_BESIDE = re.compile(r"(?:see|cf|compare|e\.g|also|in|and|from)\b", re.I)
"""Words that can stand before a label. Any other words before a reference replace its label."""


@dataclass(frozen=True, slots=True)
class UnknownTarget:
    """A cross-reference or link without a target. `key` is as the author wrote it."""

    key: str
    link: bool


def by_name(numbered: Iterable[Numbered]) -> Mapping[str, Numbered]:
    """What is numbered by its id. A panel is called by its place too: `fig-a-2`, as by Quarto."""
    named: dict[str, Numbered] = {}
    group, place = "", 0
    for item in numbered:
        group, place = (group, place + 1) if item.kind == "panel" else (item.id, 0)
        named[item.id] = item
        if place:
            named.setdefault(f"{group}-{place}", item)
    return named


def resolve_cross_references(
    body: Element, numbered: Mapping[str, Numbered], terms: Mapping[str, str], language: str
) -> tuple[tuple[CrossReference, ...], tuple[UnknownTarget, ...]]:
    """Turn each `xref` span into links that print their targets' labels.

    The author's own links to places in the work are checked too. Capitals do not matter.
    """
    unknown: list[UnknownTarget] = []
    elements = {e.get("id", ""): e for e in body.iter(etree.Element) if e.get("id")}
    beside = _Beside(terms)
    for span in with_class(body, "xref"):
        items = json.loads(span.attrib.pop("data-keys"))
        affixes = {affix.get("data-of", ""): affix for affix in span.iterchildren("span")}
        parts: list[Element | str] = []
        said = beside.word(span, _target(items[0]["key"], numbered, elements))
        for n, item in enumerate(items):
            if n:
                parts.append(terms["and" if n == len(items) - 1 else "comma"])
            target = _target(item["key"], numbered, elements)
            if target is None:
                unknown.append(UnknownTarget(item["key"], link=False))
                parts.append(item["key"])
            else:
                number = said and (n == 0 or said == "several")
                around = [affixes.get(f"{n + 1}{side}") for side in ("prefix", "suffix")]
                parts += _printed({**item, "form": "number"} if number else item, target, *around)
        beside.last = parts[-1] if said == "several" else None
        replace_with(span, parts)
        for affix in affixes.values():
            if affix.getparent() is not None:
                unwrap(affix)
    for text in body.iter(f"{{{MATHML}}}mtext"):
        if text.get("data-said"):
            unknown += _print_in_formula(text, language, numbered, elements)
    references: list[CrossReference] = []
    small = {name.lower(): name for name in reversed(elements)}
    for link in list(body.iter("a")):
        href = link.get("href") or ""
        if not href.startswith("#") or link.get("role") or has_class(link, "noteref"):
            continue
        if href[1:] not in elements and href[1:].lower() in small:
            href = f"#{small[href[1:].lower()]}"
            link.set("href", href)
        if href[1:] not in elements:
            unknown.append(UnknownTarget(href, link=True))
            unwrap(link)
        else:
            if not len(link) and not text_of(link) and not link.get("aria-label"):
                target = _target(href[1:], numbered, elements)
                if target is None:
                    unknown.append(UnknownTarget(href, link=True))
                    unwrap(link)
                    continue
                link.text = target.label  # as a reference to it
            references.append(CrossReference(text_of(link), href[1:]))
    return tuple(references), tuple(unknown)


class _Beside:
    """Finds the author's own words beside references, which come in the order of the text.

    `last` is the link before, to something of this `kind`, if a plural stands before it that holds
    for what is joined to it.
    """

    def __init__(self, terms: Mapping[str, str]) -> None:
        self.terms = terms
        self.last: Element | str | None = None
        self.kind = ""

    def word(self, span: Element, target: Numbered | None) -> WordBeside:
        """Whether the word for its target stands beside a reference."""
        if target is None or not target.number:
            return ""
        text, link = _text_before(span)
        of_one_kind = link is not None and link is self.last and target.kind == self.kind
        self.kind = target.kind
        if of_one_kind and joined(text, self.terms["and"]):
            return "several"
        around = next((e.get("lang") or "" for e in span.iterancestors() if e.get("lang")), "")
        languages = [self.terms, terms_for(around or "en"), terms_for("en")]
        return said_beside(target, text, span.tail or "", languages)


def _text_before(element: Element) -> tuple[str, Element | None]:
    """The text before an element, back to the last link or to the start of its block."""
    text = ""
    while True:
        before = element.getprevious()
        while before is not None:
            text = (before.tail or "") + text
            if before.tag == "a":
                return text, before
            text = text_of(before) + text
            before = before.getprevious()
        parent = element.getparent()
        if parent is None:
            return text, None
        text = (parent.text or "") + text
        if parent.tag not in ("em", "strong", "span", "a", "sup", "sub", "u", "mark"):
            return text, None
        element = parent


def _printed(
    item: Mapping[str, Any], target: Numbered,
    before: Element | None = None, after: Element | None = None,
) -> Iterator[Element | str]:  # fmt: skip
    """A reference as it is printed: what stands before it, the link, what stands after it.

    `before` and `after` are what is more than words.
    """
    prefix, suffix = item.get("prefix", "").strip(), item.get("suffix", "")
    form = item.get("form", "full")
    label = target.label
    if form == "bracket":
        label = f"({target.number})"
    elif form == "title" and target.title:
        label = target.title
    elif target.number and (form == "number" or (prefix and not _BESIDE.match(prefix))):
        label = target.number
    if before is not None:
        yield before
        yield " "
    elif prefix:
        yield f"{prefix} "
    yield make("a", label, class_="xref", href=f"#{target.id}")
    if after is not None or suffix:
        yield after if after is not None else suffix


def _print_in_formula(
    text: Element, language: str, numbered: Mapping[str, Numbered], elements: Mapping[str, Element]
) -> Iterator[UnknownTarget]:
    """Print the references in words of a formula, and in its description. They are no links."""
    words = ""
    for part in json.loads(text.attrib.pop("data-said")):
        if isinstance(part, str):
            words += part
            continue
        target = _target(part["key"], numbered, elements)
        if target is None:
            yield UnknownTarget(part["key"], link=False)
            words += part["key"]
        else:
            printed = _printed(part, target)
            words += "".join(one if isinstance(one, str) else text_of(one) for one in printed)
    text.text = words
    math = next(text.iterancestors(f"{{{MATHML}}}math"))
    math.set("alttext", spoken(math, language) or math.get("alttext") or "")


def _target(
    key: str, numbered: Mapping[str, Numbered], elements: Mapping[str, Element]
) -> Numbered | None:
    """What a key names. A capital at its beginning does not matter.

    A label in running text names the section around it. A section without a number is named by
    its title.
    """
    for name in names_of(key):
        if name in numbered:
            return numbered[name]
        element = elements.get(name)
        if element is None:
            continue
        for around in element.iterancestors(etree.Element):
            found = numbered.get(around.get("id", ""))
            if found is not None and element.tag != "section":
                return Numbered(name, found.kind, found.number, found.label, found.title)
        section = next((e for e in (element, *element.iterancestors("section"))
                        if e.tag == "section" and len(e)), None)  # fmt: skip
        title = text_of(section[0], leaving_out="noteref") if section is not None else ""
        if title:
            return Numbered(name, "section", "", title, title)
    return None


def unknown_targets(
    unknown: tuple[UnknownTarget, ...], source_map: SourceMap
) -> Iterator[Diagnostic]:
    """Report each reference and link without a target, one place after the other.

    A name of the author's that is nearly the same is suggested.
    """
    given = source_map.names() if unknown else ()
    seen: dict[str, list[int]] = {}
    for target in unknown:
        if target.key not in seen:
            cited = [] if target.link else list(source_map.citations(target.key))
            seen[target.key] = cited or list(source_map.anywhere(target.key))
        offset = seen[target.key].pop(0) if seen[target.key] else None
        what = "link to" if target.link else "cross-reference to"
        kept = "; its words stay" if target.link else ""
        name = target.key.lstrip("#")
        meant = nearest(name, given)
        hint = f"give a figure, table or section the identifier {{#{name}}}, or mend the reference"
        yield source_map.diagnostic(
            offset, "crossref-unknown", f"the {what} {name!r} has no target{kept}",
            f"did you mean {'#' if target.link else '@'}{meant}?" if meant else hint,
            "warning" if target.link else "error",
        )  # fmt: skip
