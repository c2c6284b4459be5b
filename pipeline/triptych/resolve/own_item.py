"""The work itself as an item of a bibliography, so that a reader may cite it.

In: a `Source`. Out: a CSL-JSON item (CSL 1.0.2), whose title is Markdown. `own_citation.lua`, a
filter, has citeproc set it in the work's own style.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from triptych.addresses import doi_of
from triptych.isbn import isbn13
from triptych.people import Contributor
from triptych.read.source import Source
from triptych.terms import subtags

_FAMILY_FIRST = frozenset(("hu", "ja", "ko", "km", "vi", "zh"))
"""Languages in which a family name stands before a given name."""
_PARTED = re.compile(r"[\u0041-\u024f\u0370-\u052f\u1e00-\u1fff.’'\- ]+")
"""Names in the letters of Latin, Greek and Cyrillic, of which the last is the family's."""
_LAST = re.compile(r"(?P<given>.+?)\s+(?P<family>(?:[a-z]\S*\s+)*\S+)")
"""The last word of a name, with the particles before it, which have small letters."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!~^$<>@|\"':])")


def own_item(source: Source) -> dict[str, Any]:
    """The work as an item: a book if it has chapters or an ISBN, else a document."""
    record = source.record
    language = record.language
    isbn = isbn13(record.identifier)
    item: dict[str, Any] = {
        "id": "own",
        "type": "book" if isbn or _has_chapters(source) else "document",
        "title": _title(source),
        "author": [_name(person, language) for person in record.authors],
        "editor": [_name(p, language) for p in record.contributors if p.role == "editor"],
        "translator": [_name(p, language) for p in record.contributors if p.role == "translator"],
        "issued": {"date-parts": [[int(part) for part in record.date.split("-") if part]]},
        "publisher": record.publisher,
        "DOI": doi_of(record.identifier),
        "ISBN": isbn,
        "URL": record.identifier if re.match(r"https?://", record.identifier) else "",
        "language": language,
    }
    if item["DOI"]:
        item["URL"] = ""
    if not record.date:
        del item["issued"]
    return {name: value for name, value in item.items() if value}


def _has_chapters(source: Source) -> bool:
    return re.search(r"^# .*\{[^}]*\.chapter\b", source.readable, re.M) is not None


def _title(source: Source) -> str:
    """Title and subtitle as Markdown: those that are no Markdown have their marks escaped."""
    markdown = {part.name: part.markdown for part in source.titles}
    record = source.record
    parts: Mapping[str, str] = {"title": record.title, "subtitle": record.subtitle}
    return ": ".join(
        " ".join(markdown.get(name, _SPECIAL.sub(r"\\\1", words)).split())
        for name, words in parts.items()
        if words
    )


def _name(person: Contributor, language: str) -> dict[str, str]:
    """A name in its parts, where these can be told: where the family's is known, or stands last."""
    given, family = person.name, person.family
    if family and person.name.endswith(family) and person.name != family:
        return {"family": family, "given": given.removesuffix(family).strip()}
    first, *_ = subtags(language)
    parts = _LAST.fullmatch(person.name) if _PARTED.fullmatch(person.name) else None
    if parts is None or person.organisation or first in _FAMILY_FIRST:
        return {"literal": person.name}
    return {"family": parts["family"], "given": parts["given"]}
