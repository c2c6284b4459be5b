"""Numbers: sections, figures, tables, listings and equations counted.

The numbers stand in the tree as text, so that every format prints the same ones: no format
counts for itself.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from triptych.ledger import Numbered, NumberedKind
from triptych.terms import labelled, stopped
from triptych.tree import (
    Element,
    has_class,
    is_bibliography,
    make,
    remove,
    replace_with,
    text_of,
    with_class,
)

_HEADING = re.compile(r"h([1-6])$")


def plain_id(name: str) -> str:
    """An identifier all three formats can carry: `fig:map` becomes `fig-map`."""
    plain = re.sub(r"[^\w.-]+", "-", name).strip("-") or "x"
    return plain if re.match(r"[^\W\d]", plain) else f"id-{plain}"


def names_of(key: str) -> tuple[str, ...]:
    """The identifiers that the key of a reference may name, the likeliest first.

    Capitals at its beginning do not matter; `sec:` may stand before the words of a heading, as with
    pandoc-crossref's `autoSectionLabels`.
    """
    own = re.sub(r"^[Ss]ec[:-]", "", key)
    return plain_id(key), plain_id(key[:1].lower() + key[1:]), plain_id(own)


def place_anchors(body: Element) -> None:
    """Put empty anchors where every format can lead to them: before text, in its paragraph.

    Those in a paragraph of nothing else go to what follows it, or become blocks; one that ends a
    paragraph begins it. In print a place is kept only where text follows.
    """
    for paragraph in [p for p in body.iter("p", "li") if len(p)]:
        if all(_is_anchor(e) for e in paragraph) and not text_of(paragraph):
            _move_on(paragraph)
        elif _is_anchor(paragraph[-1]) and not (paragraph[-1].tail or "").strip():
            last = paragraph[-1]
            remove(last)
            _begin_with(paragraph, last)


def _move_on(paragraph: Element) -> None:
    """Move the anchors of a paragraph or item into the heading or paragraph that follows it."""
    names = [e.get("id", "") for e in paragraph]
    following = _following(paragraph)
    if following is None:
        places = [make("div", id=name) for name in names]
        replace_with(paragraph, places if paragraph.tag == "p" else [make("li", *places)])
        return
    for anchor in list(paragraph):
        remove(anchor)
    if paragraph.tag == "p":
        remove(paragraph)
    for name in reversed(names):
        _begin_with(following, make("span", id=name))


def _following(element: Element) -> Element | None:
    """The heading or paragraph that comes next after an element, unless another thing does."""
    around: Element | None = element
    while around is not None and around.getnext() is None:
        around = None if around.tag in ("article", "aside") else around.getparent()
    found = None if around is None else around.getnext()
    while found is not None and found.tag in ("section", "div", "article") and len(found):
        found = found[0]
    is_text = found is not None and re.fullmatch("p|h[1-6]", str(found.tag))
    return found if is_text else None


def _begin_with(paragraph: Element, anchor: Element) -> None:
    anchor.tail, paragraph.text = paragraph.text, None
    paragraph.insert(0, anchor)


def _is_anchor(element: Element) -> bool:
    """Whether an element only names a place."""
    only = element.tag in ("a", "span") and element.get("id") and not element.get("href")
    return bool(only) and not len(element) and not element.text


def normalise_ids(body: Element, given: Callable[[str], int]) -> tuple[str, ...]:
    """Make every id one that all formats can carry; return the ids that stood twice.

    `given` tells how many times the author gives an id; beyond these it is a heading's, made of its
    words, which gives way.
    """
    ours = {element for element in body.iter(etree.Element) if _is_ours(element)}
    clusters = range(1, sum(1 for _ in with_class(body, "cluster")) + 1)
    kept = {e.get("id", "") for e in ours} | {f"cite-{n}" for n in clusters} | _OF_TEMPLATES
    seen = set(kept)
    doubled: list[str] = []
    renamed: dict[str, str] = {}
    named = [e for e in body.iter(etree.Element) if e.get("id") is not None and e not in ours]
    times = Counter(e.get("id", "") for e in named)
    automatic = {
        e
        for e in named
        if e.tag == "section" and times[e.get("id", "")] > max(given(e.get("id", "")), 1)
    }
    for element in sorted(named, key=lambda e: e in automatic):
        old = element.get("id", "")
        new = plain_id(old)
        if new in kept:
            new = f"own-{new}"
        if new in seen:
            if element not in automatic:
                doubled.append(old)
            number = 2
            while f"{new}-{number}" in seen:
                number += 1
            new = f"{new}-{number}"
        seen.add(new)
        element.set("id", new)
        renamed.setdefault(old, new)
    for element in ours:  # a bibliography in place of the author's own empty section
        if lost := element.attrib.pop("data-named", ""):
            renamed.setdefault(lost, element.get("id", ""))
    for link in body.iter("a"):
        target = link.get("href") or ""
        if target.startswith("#") and not (target[1:] in kept and _is_of_press(link)):
            link.set("href", "#" + renamed.get(target[1:], target[1:]))
    return tuple(doubled)


_OF_TEMPLATES = frozenset(
    "about-title contents-title indexes notes-title references-title text".split()
)
"""Ids that the press gives to what stands around the text."""


def _is_of_press(link: Element) -> bool:
    """Whether the press made a link: that of a note, or of a citation to its entry."""
    return has_class(link, "noteref") or any(
        has_class(element, "cluster") for element in link.iterancestors()
    )


def _is_ours(element: Element) -> bool:
    """Whether the press, not the author, gave an element its id."""
    return (
        any(has_class(element, name) for name in ("note", "noteref", "entry"))
        or (element.get("id") == "notes" and element.getparent() is element.getroottree().getroot())
        or is_bibliography(element)
    ) and element.get("id") is not None


_PARTS_OF_BOOKS = ("part", "chapter", "front", "back")


def normalise_headings(article: Element) -> None:
    """Close the gaps between heading levels, so that the first level below the title is `h2`.

    The sections of parts and chapters are of these classes, and have their roles (DPUB-ARIA 1.1).
    """
    headings = [e for e in article.iter(etree.Element) if _HEADING.match(str(e.tag))]
    stack: list[int] = []
    for heading in headings:
        level = int(str(heading.tag)[1])
        while stack and stack[-1] >= level:
            stack.pop()
        stack.append(level)
        heading.tag = f"h{min(len(stack) + 1, 6)}"
        section = heading.getparent()
        if section is None or is_bibliography(section):
            continue
        if section.tag == "section" and section[0] is heading:
            kinds = [name for name in _PARTS_OF_BOOKS if has_class(heading, name)]
            section.set("class", " ".join([f"level{len(stack)}", *kinds]))
            if kinds:
                section.set("role", f"doc-{kinds[0]}")


def number_sections(article: Element, wanted: bool, terms: Mapping[str, str]) -> Iterator[Numbered]:
    """Count the sections that are not marked unnumbered; print the numbers where `wanted`."""
    counters: list[int] = []
    for section in article.iter("section"):
        heading = section[0] if len(section) else None
        if heading is None or not _HEADING.match(str(heading.tag)):
            continue
        if has_class(heading, "unnumbered") or has_class(section, "unnumbered"):
            continue
        if is_bibliography(section):
            continue
        title = text_of(heading, leaving_out="noteref")
        level = int(str(heading.tag)[1]) - 1
        counters = counters[:level] + [0] * (level - len(counters))
        counters[level - 1] += 1
        number = ".".join(map(str, counters))
        if wanted:
            mark = make("span", number, class_="number")
            mark.tail = " " + (heading.text or "")
            heading.text = None
            heading.insert(0, mark)
            label = terms["chapter" if has_class(section, "chapter") else "section"]
            yield Numbered(section.get("id", ""), "section", number, labelled(label, number), title)


def number_floats(article: Element, terms: Mapping[str, str]) -> Iterator[Numbered]:
    """Count figures, tables, listings and algorithms, each kind by itself.

    What has neither a caption nor an id that the author gave is not counted. The number joins the
    caption; panels of one figure get letters.
    """
    for kind in _FLOATS:
        number = 0
        for element in _floats(article, kind):
            caption = _caption(element)
            if not text_of(caption) and not element.get("id"):
                if caption.getparent() is not None and not len(caption):
                    remove(caption)
                continue
            number += 1
            if not element.get("id"):
                element.set("id", f"{kind}-{number}")
            label = labelled(terms[kind], str(number))
            title = text_of(caption, leaving_out="noteref")
            _label_caption(caption, stopped(label, terms))
            _credit(element, caption)
            yield Numbered(element.get("id", ""), kind, str(number), label, title)
            yield from _panels(element, str(number), terms[kind])


_BY_CLASS: Mapping[str, NumberedKind] = {
    "listing": "listing",
    "algorithm": "algorithm",
    "tables": "table",
}
"""What a figure of a class is counted as."""
_FLOATS: tuple[NumberedKind, ...] = ("figure", "table", "listing", "algorithm")
_GROUPS = ("panels", "tables")


def _floats(article: Element, kind: NumberedKind) -> list[Element]:
    """The elements of one kind that are counted, none of them a panel of another."""
    found = []
    for element in article.iter("figure", "table"):
        around = next(element.iterancestors("figure"), None)
        if around is not None and any(has_class(around, name) for name in _GROUPS):
            continue
        if element.tag == "table":
            own: NumberedKind = "table"
        else:
            named = (_BY_CLASS[name] for name in _BY_CLASS if has_class(element, name))
            own = next(named, "figure")
        if own == kind:
            found.append(element)
    return found


def _caption(element: Element) -> Element:
    """The caption of a figure or table; an empty one is made where there is none."""
    tag = "figcaption" if element.tag == "figure" else "caption"
    caption = element.find(tag)
    if caption is None:
        caption = make(tag)
        element.insert(0 if tag == "caption" else len(element), caption)
    image = next(
        (e for e in element.iter("img") if next(e.iterancestors("figure"), None) is element), None
    )
    if image is not None and not element.get("id") and image.get("id"):
        element.set("id", image.attrib.pop("id"))
    caption.attrib.pop("aria-hidden", None)
    return caption


def _panels(group: Element, number: str, name: str) -> Iterator[Numbered]:
    """The panels of a figure, lettered in order: `(a)` in the caption, `1a` in a reference."""
    inner = [
        e for e in group.iter("figure", "table") if next(e.iterancestors("figure"), None) is group
    ]
    if not any(has_class(group, name) for name in _GROUPS):
        return
    for index, panel in enumerate(inner):
        letter = _letters(index)
        caption = _caption(panel)
        title = text_of(caption, leaving_out="noteref")
        if not panel.get("id"):
            panel.set("id", f"{group.get('id')}-{letter}")
        _label_caption(caption, f"({letter})")
        _credit(panel, caption)
        label = labelled(name, number + letter)
        yield Numbered(panel.get("id", ""), "panel", number + letter, label, title)


def _letters(index: int) -> str:
    """0 is a, 25 is z, 26 is aa."""
    above, below = divmod(index, 26)
    return (_letters(above - 1) if above else "") + "abcdefghijklmnopqrstuvwxyz"[below]


def _credit(element: Element, caption: Element) -> None:
    image = next(element.iter("img"), None)
    credit = "" if image is None else image.attrib.pop("data-credit", "")
    if credit:
        caption[-1].tail = (caption[-1].tail or "").rstrip() + " "
        caption.append(make("span", credit, class_="credit"))


def _label_caption(caption: Element, label: str) -> None:
    """Put `label` before the caption; a caption of several blocks is labelled in its first."""
    first = caption[0] if len(caption) and caption[0].tag == "p" and not caption.text else caption
    words = make("span", class_="caption")
    words.text, first.text = first.text, None
    words.extend(list(first))
    mark = make("span", label, class_="label")
    first.append(mark)
    if words.text or len(words):
        mark.tail = " "
        first.append(words)


def number_equations(article: Element, label: str) -> Iterator[Numbered]:
    """Count the equations that have labels; the number, in brackets, stands behind the formula.

    A formula of several lines has a number for each line with a label or a tag. A tag of the
    author's own stands in place of a number and is not counted.
    """
    count = 0
    for equation in with_class(article, "equation"):
        labels = json.loads(equation.attrib.pop("data-labels", "[]"))
        tags = json.loads(equation.attrib.pop("data-tags", "[]"))
        holder = make("span", class_="equation-numbers") if len(labels) > 1 else equation
        named = False
        for name, tag in zip(labels, tags, strict=True):
            if not tag:
                count += 1
            number = tag or str(count)
            mark = make("span", f"({number})", class_="equation-number")
            if named and name:
                mark.set("id", plain_id(name))
            if len(holder):
                holder[-1].tail = " "
            holder.append(mark)
            if name:
                own = str(mark.get("id") or equation.get("id"))
                yield Numbered(own, "equation", number, labelled(label, number), "")
                named = True
        if holder is not equation:
            equation[-1].tail = " "
            equation.append(holder)
