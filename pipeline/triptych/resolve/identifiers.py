"""Identifiers: ids become valid in all formats, and anchors move to where all can lead to them.

In: the tree with the ids that pandoc and the author gave. Out: the same, with links that follow the
ids. An id that is given twice is reported.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from lxml import etree

from triptych.diagnostics import Diagnostic
from triptych.resolve.source_map import SourceMap
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


def plain_id(name: str) -> str:
    """An identifier that is valid in all formats: `fig:map` becomes `fig-map`."""
    plain = re.sub(r"[^\w.-]+", "-", name).strip("-") or "x"
    return plain if re.match(r"[^\W\d]", plain) else f"id-{plain}"


def names_of(key: str) -> tuple[str, ...]:
    """The identifiers that the key of a reference may mean, the likeliest first.

    A capital at its beginning does not matter. `sec:` may precede the words of a heading, as with
    pandoc-crossref's `autoSectionLabels`.
    """
    own = re.sub(r"^[Ss]ec[:-]", "", key)
    return plain_id(key), plain_id(key[:1].lower() + key[1:]), plain_id(own)


def place_anchors(body: Element) -> None:
    """Put empty anchors where every format can lead to them: before text, in its paragraph.

    Anchors alone in a paragraph move to what follows it, or become blocks. An anchor at the end of
    a paragraph moves to its beginning: print keeps a place only if text follows.
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
    """The heading or paragraph right after an element, if there is one."""
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
    """Whether an element does nothing but name a place."""
    only = element.tag in ("a", "span") and element.get("id") and not element.get("href")
    return bool(only) and not len(element) and not element.text


def normalise_ids(body: Element, source_map: SourceMap) -> tuple[Diagnostic, ...]:
    """Make every id valid in all formats. Report those that the author gave twice.

    If an id occurs more often than the author gives it, one was made from a heading's words. That
    one is changed.
    """
    ours = {element for element in body.iter(etree.Element) if _is_ours(element)}
    clusters = range(1, sum(1 for _ in with_class(body, "cluster")) + 1)
    kept = {e.get("id", "") for e in ours} | {f"cite-{n}" for n in clusters} | _OF_TEMPLATES
    seen = set(kept)
    doubled: list[str] = []
    renamed: dict[str, str] = {}
    named = [e for e in body.iter(etree.Element) if e.get("id") is not None and e not in ours]
    times = Counter(e.get("id", "") for e in named)
    given = cache(source_map.gives)
    automatic = {
        e
        for e in named
        if e.tag == "section"
        and (often := times[e.get("id", "")]) > 1
        and often > given(e.get("id", ""))
    }
    taken: Counter[str] = Counter()
    for element in sorted(named, key=lambda e: e in automatic):
        old = element.get("id", "")
        new = plain_id(old)
        if new in kept:
            new = f"own-{new}"
        if new in seen:
            if element not in automatic:
                doubled.append(old)
            taken[new] = max(taken[new], 1) + 1
            while f"{new}-{taken[new]}" in seen:
                taken[new] += 1
            new = f"{new}-{taken[new]}"
        seen.add(new)
        element.set("id", new)
        renamed.setdefault(old, new)
    for element in ours:  # a bibliography that replaced the author's own empty section
        if lost := element.attrib.pop("data-named", ""):
            renamed.setdefault(lost, element.get("id", ""))
    for link in body.iter("a"):
        target = link.get("href") or ""
        if target.startswith("#") and not (target[1:] in kept and _is_of_press(link)):
            link.set("href", "#" + renamed.get(target[1:], target[1:]))
    return tuple(_told(name, source_map) for name in dict.fromkeys(doubled))


def _told(doubled: str, source_map: SourceMap) -> Diagnostic:
    second = next(iter(list(source_map.anywhere(f"#{doubled}"))[1:]), None)
    return source_map.diagnostic(
        second, "crossref-duplicate",
        f"the identifier {doubled!r} stands twice", "rename one of them",
    )  # fmt: skip


_OF_TEMPLATES = frozenset(
    "about-title cite contents-title indexes notes-title references-title text".split()
)
"""Ids that the press gives to the parts around the text."""


def _is_of_press(link: Element) -> bool:
    """Whether the press made a link: to or from a note, or from a citation to its entry."""
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
