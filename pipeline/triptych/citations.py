"""Citations: clusters and bibliography entries of the resolved tree, and their part of the ledger.

Citeproc has rendered them; here they get stable ids, every cluster its links, every entry its
place, and all of it is written down as what each format must say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from triptych.edition import Citation, Cluster, Entry, Note
from triptych.tree import Element, fold, has_class, make, remove, text_of, unwrap, with_class

_MODES = {
    "NormalCitation": "normal",
    "AuthorInText": "author-in-text",
    "SuppressAuthor": "suppress-author",
}
_LOCATOR = re.compile(
    r"""^[,\s]*(?:
        \{(?P<braced>[^{}]*)\}
      | (?P<plain>(?P<label>
            (?:pp?|page|pages|chap|chaps|ch|chapter|sec|secs|sect|section|para|paras|par
            |paragraph|vol|vols|volume|no|nos|number|fig|figs|figure|n|nn|note|l|ll|line|v|vv|verse
            |bk|book|art|article|app|appendix|pt|part|col|column|fol|folio|s\.v|¶¶?|§§?)
            \b\.?\s*)?
            (?:[0-9]+[\w.:]*|(?(label)[ivxlcdm]+\b|(?!)))
            (?:\s*(?:[–—-]|,|&|and)\s*(?:[0-9]+[\w.:]*|(?(label)[ivxlcdm]+\b|(?!))))*)
    )""",
    re.X | re.I,
)


def settle_entries(body: Element, title: str) -> tuple[Entry, ...]:
    """Make citeproc's bibliography `<section id="references">`; return its entries in order.

    Its heading is the author's own, else `title`.
    """
    old = next((e for e in body.iter("div") if e.get("id") == "refs"), None)
    if old is None:
        return ()
    entries: list[Entry] = []
    items = make("div", class_="entries", role="list")
    hanging = has_class(old, "hanging-indent")
    taken: set[str] = set()
    for item in list(old):
        key = (item.get("id") or "").removeprefix("ref-")
        place = _unique(f"ref-{re.sub(r'[^A-Za-z0-9._-]+', '-', key)}", taken)
        _point(body, item.get("id") or "", place)
        entry = make("div", class_="entry", id=place, role="listitem")
        entry.text = (item.text or "").lstrip() or None
        entry.extend(list(item))
        for block in [e for e in entry.iter("div") if has_class(e, "csl-left-margin")]:
            block.tag = "span"
        for block in [e for e in entry.iter("div") if has_class(e, "csl-right-inline")]:
            block.tag = "span"
        _trim(entry)
        if not text_of(entry):
            continue  # a personal communication, which most styles cite but do not list
        items.append(entry)
        entries.append(Entry(place, key, text_of(entry)))
    if hanging:
        items.set("class", "entries hanging")
    own_title = _own_title(old)
    remove(old)
    if entries:
        body.append(make("section", make("h2", own_title or title), items, id="references"))
    return tuple(entries)


def _own_title(refs: Element) -> str:
    """The author's own title for the bibliography: a last section that holds nothing else."""
    section = refs.getparent()
    if section is None or section.tag != "section":
        return ""
    others = [child for child in section if child is not refs]
    if len(others) != 1 or not re.fullmatch("h[1-6]", str(others[0].tag)):
        return ""
    parent = section.getparent()
    assert parent is not None
    index = parent.index(section)
    parent.insert(index, refs)
    remove(section)
    return text_of(others[0])


def _unique(name: str, taken: set[str]) -> str:
    unique, number = name, 1
    while unique in taken:
        number += 1
        unique = f"{name}-{number}"
    taken.add(unique)
    return unique


def _point(body: Element, old: str, new: str) -> None:
    for link in body.iter("a"):
        if link.get("href") == f"#{old}":
            link.set("href", f"#{new}")


def _trim(entry: Element) -> None:
    if len(entry):
        entry[-1].tail = (entry[-1].tail or "").rstrip() or None
    elif entry.text:
        entry.text = entry.text.rstrip()


def settle_clusters(body: Element, entries: tuple[Entry, ...]) -> tuple[Cluster, ...]:
    """Give each cluster of `body` its id and its links; return the clusters in reading order."""
    places = {entry.key: entry.id for entry in entries}
    clusters: list[Cluster] = []
    for number, (span, note) in enumerate(list(_in_reading_order(body)), 1):
        citations = tuple(map(_citation, json.loads(span.attrib.pop("data-citations"))))
        span.set("id", f"cite-{number}")
        _link(span, [places[c.key] for c in citations if c.key in places])
        _unlink_lost(span, set(places.values()))
        links = [a for a in span.iter("a") if (a.get("href") or "").startswith("#ref-")]
        for link in links:
            link.set("role", "doc-biblioref")
        clusters.append(
            Cluster(
                id=f"cite-{number}",
                citations=citations,
                text=text_of(span),
                targets=tuple((link.get("href") or "")[1:] for link in links),
                note=note,
            )
        )
    return tuple(clusters)


def _in_reading_order(body: Element) -> Iterator[tuple[Element, str]]:
    """Each cluster's span with the id of its note; a note's clusters come where it is called."""
    notes = {note.get("id", ""): note for note in with_class(body, "note")}

    def walk(root: Element, note: str) -> Iterator[tuple[Element, str]]:
        for element in root.iter(etree.Element):
            if has_class(element, "cluster"):
                yield element, note
            elif has_class(element, "noteref"):
                called = (element.get("href") or "")[1:]
                if called in notes:
                    yield from walk(notes.pop(called), called)

    for part in body:
        if part.get("id") != "notes":
            yield from walk(part, "")


def _citation(written: dict[str, Any]) -> Citation:
    suffix = fold(written["suffix"])
    match = _LOCATOR.match(suffix)
    locator = (match["braced"] or match["plain"] or "").strip() if match else ""
    rest = suffix[match.end() :] if match else suffix
    mode: Any = _MODES.get(written["mode"], "normal")
    return Citation(written["key"], written["prefix"].strip(), locator, rest.strip(" ,"), mode)


def _link(span: Element, targets: list[str]) -> None:
    """See that a cluster leads to its entries.

    Citeproc links each citation it prints. Where the style prints a citation without a link of
    its own (a title in place of a name, say) and the cluster cites one work, the whole is linked.
    """
    linked = {(a.get("href") or "")[1:] for a in span.iter("a")}
    missing = [target for target in targets if target not in linked]
    if len(targets) == 1 and missing and not any(True for _ in span.iter("a")):
        link = make("a", href=f"#{missing[0]}")
        link.text, span.text = span.text, None
        link.extend(list(span))
        span.append(link)


def _unlink_lost(span: Element, places: set[str]) -> None:
    """Unlink what leads to no entry: an unknown key, or a work that the style does not list."""
    for link in list(span.iter("a")):
        target = link.get("href") or ""
        if target.startswith("#ref-") and target[1:] not in places:
            unwrap(link)


_NAME_BEFORE_NUMBER = re.compile(
    "([\u0590-\u05ff\u0620-\u065f\u066e-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc])(?=\\W*(?:\\d|$))"
)


def keep_numbers_apart(body: Element, usual: str) -> None:
    """Keep a year after a name that runs from the right on its right, in a line from the left.

    A number is else drawn into the run of letters before it (UAX #9, rule N1). `usual` is the
    direction of the work.
    """
    for span in with_class(body, "cluster"):
        way = next((e.get("dir") for e in span.iterancestors() if e.get("dir")), usual)
        if way == "rtl":
            continue
        for element in span.iter(etree.Element):
            element.text = _NAME_BEFORE_NUMBER.sub("\\1\u200e", element.text or "") or None
            if element is not span:
                element.tail = _NAME_BEFORE_NUMBER.sub("\\1\u200e", element.tail or "") or None


def settle_note_texts(body: Element, numbers: dict[str, str]) -> tuple[Note, ...]:
    """The notes of `body` with their numbers and texts."""
    return tuple(
        Note(note.get("id", ""), numbers.get(note.get("id", ""), ""), text_of(note))
        for note in with_class(body, "note")
    )


def drop_empty_spans(body: Element) -> None:
    """Unwrap the bare spans that citeproc leaves around quoted titles."""
    for span in [s for s in body.iter("span") if not s.attrib]:
        unwrap(span)
