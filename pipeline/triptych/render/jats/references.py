"""The references in JATS: each entry as printed, and divided into its fields.

In: the references of the resolved tree, and the CSL-JSON items behind them. Out: `<ref-list>`
(NISO JATS 1.4; publication types as in the JATS4R recommendation on citations).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from triptych.csl_json import as_html, iso_date, parts_of, season_of, words_of
from triptych.edition import Edition
from triptych.render.jats.inline import external, into, new, xml_id
from triptych.tree import Element, has_class, make, parse_fragment, text_of, with_class

_TYPES = {
    "article": "preprint", "article-journal": "journal", "article-magazine": "magazine",
    "article-newspaper": "newspaper", "paper-conference": "confproc", "chapter": "book",
    "entry-encyclopedia": "book", "entry-dictionary": "book", "dataset": "data",
    "post-weblog": "webpage", "post": "webpage", "personal_communication": "letter",
}  # fmt: skip
"""JATS publication types whose names differ from CSL 1.0.2."""
_IN_BOOKS = frozenset("chapter entry-encyclopedia entry-dictionary".split())
_IN_SERIALS = frozenset("article-journal article-magazine article-newspaper".split())
_PEOPLE = ("author", "editor", "translator", "compiler", "director", "guest-editor")
_PLAIN = (
    ("edition", "edition"), ("collection-title", "series"), ("volume", "volume"),
    ("issue", "issue"), ("publisher-place", "publisher-loc"), ("publisher", "publisher-name"),
    ("event-title", "conf-name"), ("ISBN", "isbn"), ("ISSN", "issn"),
)  # fmt: skip


def reference_list(references: Element, edition: Edition) -> Element:
    """A bibliography: `references` is its section in the tree."""
    items = {str(item.get("id")): item for item in edition.references}
    keys = {entry.id: entry.key for entry in edition.ledger.entries}
    result = new("ref-list", id=references.get("id", ""))
    if len(references) and re.fullmatch("h[2-6]", str(references[0].tag)):
        result.append(new("title", text_of(references[0])))
    for entry in with_class(references, "entry"):
        name = entry.get("id", "")
        reference = new("ref", id=xml_id(name))
        margin = entry[0] if len(entry) and not (entry.text or "").strip() else None
        beside = margin.getnext() if margin is not None else None
        if (
            margin is not None
            and has_class(margin, "csl-left-margin")
            and (beside is None or beside.tag != "div")
            and not any(True for _ in margin.iter("a"))
        ):
            reference.append(new("label", text_of(margin)))
            entry.text = ((entry.text or "") + (margin.tail or "")).lstrip()
            entry.remove(margin)
        item = items.get(keys.get(name, ""), {})
        kind = publication_type(item)
        printed, *further = [
            into(new("mixed-citation", publication_type=kind), line) for line in _lines(entry)
        ]
        fields = new("element-citation", publication_type=kind)
        fields.extend(_fields(item))
        if len(fields):
            forms = new("citation-alternatives")
            forms.extend([fields, printed])
            reference.append(forms)
        else:
            reference.append(printed)
        reference.extend(further)
        result.append(reference)
    return result


def _lines(entry: Element) -> Iterator[Element]:
    """What an entry prints, line by line: `<mixed-citation>` holds no blocks."""
    lines = [make("span")]
    lines[-1].text = entry.text
    for child in list(entry):
        if child.tag == "div":
            lines += [*_lines(child), make("span")]
            lines[-1].text = child.tail
        else:
            lines[-1].append(child)
    yield from [line for line in lines if text_of(line)] or lines[:1]


def publication_type(item: Mapping[str, Any]) -> str:
    """The JATS name for the type of a CSL item."""
    kind = str(item.get("type") or "other")
    return _TYPES.get(kind, kind.replace("_", "-"))


def _fields(item: Mapping[str, Any]) -> Iterator[Element]:
    for role in _PEOPLE:
        if item.get(role):
            group = new("person-group", person_group_type=role)
            group.extend(_name(name) for name in item[role])
            yield group
    yield from _date(item.get("issued") or {})
    yield from _titles(item)
    for field, tag in _PLAIN:
        if item.get(field):
            yield _rich(tag, item[field])
    yield from _pages(str(item.get("page") or ""))
    for field, kind in (("DOI", "doi"), ("PMID", "pmid"), ("PMCID", "pmcid")):
        if item.get(field):
            yield new("pub-id", str(item[field]), pub_id_type=kind)
    if item.get("URL"):
        yield external(str(item["URL"]), str(item["URL"]))
    accessed = iso_date(item.get("accessed") or {})
    if accessed:
        yield new("date-in-citation", accessed, content_type="access-date", iso_8601_date=accessed)


def _titles(item: Mapping[str, Any]) -> Iterator[Element]:
    """The titles: a work within another has its own title, and a work by itself is the source."""
    title, container, kind = item.get("title"), item.get("container-title"), item.get("type")
    within = container or kind in _IN_BOOKS or kind in _IN_SERIALS
    if title:
        part = "chapter-title" if kind in _IN_BOOKS else "article-title"
        yield _rich(part if within else "source", title)
    if container:
        yield _rich("source", container)


def _rich(tag: str, value: Any) -> Element:
    """An element for a field whose text may hold CSL's markup."""
    return into(new(tag), parse_fragment(as_html(str(value))))


def _name(name: Mapping[str, Any]) -> Element:
    if name.get("literal"):
        return new("collab", str(name["literal"]))
    family = " ".join(
        str(name[part]) for part in ("non-dropping-particle", "family") if name.get(part)
    )
    given = " ".join(str(name[part]) for part in ("given", "dropping-particle") if name.get(part))
    result = new("name")
    if family:
        result.append(new("surname", family))
    if given or not family:
        result.append(new("given-names", given))
    if name.get("suffix"):
        result.append(new("suffix", str(name["suffix"])))
    return result


def _date(issued: Mapping[str, Any]) -> Iterator[Element]:
    known = parts_of(issued)
    if not known:
        if words_of(issued):
            yield new("string-date", words_of(issued))
        return
    yield new("year", str(known[0][0]), iso_8601_date=iso_date(issued))
    for name, value in zip(("month", "day"), known[0][1:], strict=False):
        yield new(name, str(value))
    if season_of(issued):
        yield new("season", season_of(issued))


def _pages(pages: str) -> Iterator[Element]:
    span = re.fullmatch(r"\s*([\w.]+)\s*(?:[-‐–—]+\s*([\w.]+))?\s*", pages)
    if span:
        yield new("fpage", span[1])
        if span[2]:
            yield new("lpage", span[2])
    elif pages:
        yield new("page-range", pages)
