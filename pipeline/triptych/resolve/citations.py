"""Citations: clusters and bibliography entries of the resolved tree, and their part of the ledger.

Citeproc has rendered them. Here they get stable ids, each cluster gets its links, and all of it
is recorded as what each format must say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from triptych.diagnostics import Diagnostic
from triptych.ledger import Citation, Cluster, Entry, Note
from triptych.resolve.entry_blocks import lift_blocks
from triptych.resolve.source_map import SourceMap
from triptych.tree import (
    Element,
    article_of,
    fold,
    has_class,
    is_bibliography,
    make,
    remove,
    replace_with,
    text_of,
    unwrap,
    with_class,
)

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


def gather_entries(body: Element, title: str) -> tuple[Entry, ...]:
    """Turn citeproc's bibliographies into sections; return their entries in order.

    The work's bibliography, `<section id="references">`, follows the article. A chapter's
    bibliography, such as `<section id="references-2">`, is the end of its chapter. The heading is
    the author's own, or else `title`.
    """
    entries: list[Entry] = []
    moved: dict[str, str] = {}
    taken: set[str] = set()
    for old in [e for e in body.iter("div") if re.fullmatch(r"refs(-\d+)?", e.get("id") or "")]:
        number = (old.get("id") or "").removeprefix("refs")
        items, listed, places = _entries(old, f"ref{number}-", taken)
        moved |= places
        own, named = _own_title(old)
        heading = make("h2", own or title)
        home = _home(old, article_of(body)) if number else body
        if not listed:
            remove(old)
            continue
        section = make("section", heading, items, id=f"references{number}", class_="references")
        if named:
            section.set("data-named", named)  # links to that name are sent here by `normalise_ids`
        if home is None:
            replace_with(old, [section])
        else:
            remove(old)
            home.append(section)
        entries += listed
    for link in body.iter("a"):
        target = (link.get("href") or "").removeprefix("#")
        if target in moved:
            link.set("href", f"#{moved[target]}")
    return tuple(entries)


def references_moved(body: Element, source_map: SourceMap) -> Iterator[Diagnostic]:
    """What is told where the author would have the list of works before other text."""
    article = article_of(body)
    refs = next((e for e in article.iter("div") if e.get("id") == "refs" and len(e)), None)
    if refs is None:
        return
    inside = set(article.iter(etree.Element))
    if any(text_of(e) for e in refs.xpath("following::*") if e in inside):
        yield source_map.diagnostic(
            source_map.next("#refs"), "references-moved",
            "text follows the list of works, which stands at the end of every edition",
            "put it last", "warning",
        )  # fmt: skip


def _entries(
    old: Element, prefix: str, taken: set[str]
) -> tuple[Element, list[Entry], dict[str, str]]:
    """The entries of one of citeproc's bibliographies: as a tree, and for the ledger.

    The third part of the result maps the ids that citeproc gave them to the ids they have now.
    """
    entries: list[Entry] = []
    places: dict[str, str] = {}
    items = make("div", class_="entries hanging" if has_class(old, "hanging-indent") else "entries")
    items.set("role", "list")
    for item in list(old):
        named = item.get("id") or ""
        key = named.removeprefix(prefix)
        place = _unique(prefix + re.sub(r"[^A-Za-z0-9._-]+", "-", key), taken)
        places[named] = place
        entry = make("div", class_="entry", id=place, role="listitem")
        entry.text = (item.text or "").lstrip() or None
        entry.extend(list(item))
        lift_blocks(entry)
        _trim(entry)
        if not text_of(entry):
            continue  # a personal communication: most styles cite it but do not list it
        items.append(entry)
        entries.append(Entry(place, key, text_of(entry)))
    if column := _number_column(items):
        items.set("class", f"{items.get('class')} {column}")
    return items, entries, places


def _number_column(items: Element) -> str:
    """The class by which entries stand beside a column of numbers or labels; empty without any."""
    margins = map(text_of, with_class(items, "csl-left-margin"))
    widest = max((len(margin.strip("[]().")) for margin in margins), default=0)
    if not widest:
        return ""
    return "numbered-2" if widest < 3 else "numbered-3" if widest == 3 else "labelled"


def _home(refs: Element, article: Element) -> Element | None:
    """The section of the first level that a chapter's bibliography belongs to, if any."""
    home = next((e for e in refs.iterancestors("section") if e.getparent() is article), None)
    before = refs.getprevious() if home is None else home
    return before if before is not None and before.tag == "section" else None


def _own_title(refs: Element) -> tuple[str, str]:
    """The author's own title for the bibliography: the heading of a section that is else empty.

    The second part of the result is the id of that section, which is removed.
    """
    section = refs.getparent()
    if section is None or section.tag != "section":
        return "", ""
    if refs.get("id") != "refs" and has_class(section, "chapter"):
        return "", ""  # this is the title of a chapter without other text
    others = [child for child in section if child is not refs]
    if len(others) != 1 or not re.fullmatch("h[1-6]", str(others[0].tag)):
        return "", ""
    parent = section.getparent()
    assert parent is not None
    index = parent.index(section)
    parent.insert(index, refs)
    remove(section)
    return text_of(others[0]), section.get("id") or ""


def _unique(name: str, taken: set[str]) -> str:
    unique, number = name, 1
    while unique in taken:
        number += 1
        unique = f"{name}-{number}"
    taken.add(unique)
    return unique


def _trim(entry: Element) -> None:
    if len(entry):
        entry[-1].tail = (entry[-1].tail or "").rstrip() or None
    elif entry.text:
        entry.text = entry.text.rstrip()


def link_clusters(body: Element, entries: tuple[Entry, ...]) -> tuple[Cluster, ...]:
    """Give each cluster of `body` its id and its links; return the clusters in reading order."""
    keys = {entry.id: entry.key for entry in entries}
    lists = [
        {
            keys[name]: name
            for e in with_class(section, "entry")
            if (name := e.get("id", "")) in keys
        }
        for section in body.iter("section")
        if is_bibliography(section)
    ]
    clusters: list[Cluster] = []
    number = 0
    for span, note in list(_in_reading_order(body)):
        if is_bibliography(span):  # it lists the works cited before it
            del lists[:1]
            continue
        number += 1
        citations = tuple(map(_citation, json.loads(span.attrib.pop("data-citations"))))
        span.set("id", f"cite-{number}")
        places = lists[0] if lists else {}
        _link(span, [places[c.key] for c in citations if c.key in places])
        _unlink_lost(span, keys)
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
    """Each cluster's span with the id of its note. A note's clusters come where it is called.

    The sections of bibliographies are among them, without a note.
    """
    notes = {note.get("id", ""): note for note in with_class(body, "note")}

    def walk(root: Element, note: str) -> Iterator[tuple[Element, str]]:
        for element in root.iter(etree.Element):
            if has_class(element, "cluster"):
                yield element, note
            elif is_bibliography(element):
                yield element, ""
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
    """Make sure that a cluster leads to its entries.

    Citeproc links each citation it prints. If the style prints a citation without a link of its
    own, such as a title in place of a name, and the cluster cites one work, the whole is linked.
    """
    linked = {(a.get("href") or "")[1:] for a in span.iter("a")}
    missing = [target for target in targets if target not in linked]
    if len(targets) == 1 and missing and text_of(span) and not any(True for _ in span.iter("a")):
        link = make("a", href=f"#{missing[0]}")
        link.text, span.text = span.text, None
        link.extend(list(span))
        span.append(link)


def _unlink_lost(span: Element, places: Mapping[str, str]) -> None:
    """Remove links to no entry: for an unknown key, or a work that the style does not list."""
    for link in list(span.iter("a")):
        target = link.get("href") or ""
        if target.startswith("#ref-") and target[1:] not in places:
            unwrap(link)


def _without_author(key: str, source_map: SourceMap) -> Iterator[int]:
    """Where a key is cited without its author and without a place; or else where it is cited."""
    text, places = source_map.text, list(source_map.citations(key))
    bare = rf"-@\{{?{re.escape(key)}\}}?\s*(?!\s*[\w,\[])"
    return iter([at for at in places if at and re.compile(bare).match(text, at - 1)] or places)


def unprinted_citations(
    clusters: tuple[Cluster, ...], source_map: SourceMap
) -> Iterator[Diagnostic]:
    """Report citations of which the style prints nothing, so that no reader would see them."""
    bare: dict[str, Iterator[int]] = {}
    for cluster in clusters:
        if not cluster.text.strip("()[].,; "):
            key = cluster.citations[0].key
            if key not in bare:
                bare[key] = _without_author(key, source_map)
            yield source_map.diagnostic(
                next(bare[key], None), "citation-empty",
                f"the style prints nothing for this citation of {key!r}",
                "a suppressed author wants a locator: [-@key, p. 3]", "warning",
            )  # fmt: skip


_NAME_BEFORE_NUMBER = re.compile(
    "([\u0590-\u05ff\u0620-\u065f\u066e-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc])(?=\\W*(?:\\d|$))"
)


def keep_numbers_apart(body: Element, usual: str) -> None:
    """Keep a year to the right of a right-to-left name, in a left-to-right line.

    Otherwise a number joins the run of letters before it (UAX #9, rule N1). `usual` is the
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


def gather_notes(body: Element, numbers: dict[str, str]) -> tuple[Note, ...]:
    """The notes of `body` with their numbers and texts."""
    return tuple(
        Note(note.get("id", ""), numbers.get(note.get("id", ""), ""), text_of(note))
        for note in with_class(body, "note")
    )


def drop_empty_spans(body: Element) -> None:
    """Unwrap the bare spans that citeproc leaves around quoted titles."""
    for span in [s for s in body.iter("span") if not s.attrib]:
        unwrap(span)
