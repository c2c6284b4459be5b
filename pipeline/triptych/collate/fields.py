"""Fields: a reference that a file divides into fields must say in each what the cited item says.

The cited items are in the edition manifest, as CSL-JSON (CSL 1.0.2). Letters and figures are
compared. A field's markup, white space and dashes are not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from triptych.collate.difference import Difference
from triptych.collate.pairing import Comparison
from triptych.text import from_plain
from triptych.witness.reading import Fields

_PEOPLE = ("author", "editor", "translator", "compiler", "director", "guest-editor")
_WORDS = (
    "collection-title", "volume", "issue", "edition", "publisher", "publisher-place",
    "event-title", "ISBN", "ISSN", "DOI", "PMID", "PMCID", "URL", "page",
)  # fmt: skip
_AS_THEY_ARE = ("DOI", "URL")
_DATES = ("issued", "accessed")
_NAME = ("non-dropping-particle", "family", "given", "dropping-particle", "suffix")
_SEASONS = ("Spring", "Summer", "Autumn", "Winter")


def wrong_fields(comparison: Comparison) -> Iterator[Difference]:
    """Every field that is missing, added or says something else."""
    items = {str(item["id"]): item for item in comparison.manifest.references}
    if comparison.witness.fields is None or not items:
        return
    read = dict(comparison.witness.fields)
    for entry in comparison.ledger.entries:
        spot = comparison.spots.get(entry.id)
        if spot is None or entry.key not in items:
            continue  # the entry is missing, which is reported elsewhere
        place = comparison.pairings[0].reading.where(spot.letter)
        found = _joined(read.get(spot.letter, ()))
        wanted = _joined(tuple(_wanted(items[entry.key])))
        for name in dict.fromkeys([*wanted, *found]):
            said, expected = found.get(name, ""), wanted.get(name, "")
            if _bare(name, said) != _bare(name, expected):
                message = (
                    f"the field {name} of the entry of {entry.key} reads “{said}” for “{expected}”"
                )
                yield comparison.tell("entry-differs", entry.id, message, expected, said, place)


def _joined(fields: Fields) -> Mapping[str, str]:
    joined: dict[str, str] = {}
    for name, said in fields:
        between = "-" if name in (*_DATES, "page") else "; "
        joined[name] = f"{joined[name]}{between}{said}" if name in joined else said
    return joined


def _bare(name: str, said: str) -> str:
    return said if name in _DATES else re.sub(r"[\s;‐-―-]+", "", from_plain(said).letters)


def _wanted(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The fields that a file should have for an item."""
    for role in _PEOPLE:
        for person in item.get(role) or ():
            parts = [str(person[part]) for part in _NAME if person.get(part)]
            yield role, str(person.get("literal") or " ".join(parts))
    for name in ("title", "container-title"):
        if item.get(name):
            yield "title", _plain(item[name])
    for name in _WORDS:
        if item.get(name):
            yield name, str(item[name]) if name in _AS_THEY_ARE else _plain(item[name])
    yield from _dates("issued", item.get("issued") or {})
    yield from _dates("accessed", item.get("accessed") or {})


def _dates(name: str, date: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    parts = (date.get("date-parts") or [[]])[0]
    for part in parts:
        yield name, str(part)
    if not parts and name == "issued" and (date.get("literal") or date.get("raw")):
        yield name, str(date.get("literal") or date.get("raw"))
    if parts and date.get("season") and name == "issued":
        season = str(date["season"])
        yield "season", _SEASONS[int(season) - 1] if season in "1234" else season


def _plain(value: object) -> str:
    return unmarked(str(value))


def unmarked(value: str) -> str:
    """A field without the tags of CSL that are closed; any other `<i>` is what an author wrote.

    What is opened in a tag and not closed in it is not closed.
    """
    opened: list[tuple[str, tuple[int, int]]] = []
    waiting: Counter[str] = Counter()
    tags: list[tuple[int, int]] = []
    for tag in _TAG.finditer(value):
        name = tag["closes"] or tag["opens"] or "span"
        if not tag["closes"]:
            opened.append((name, tag.span()))
            waiting[name] += 1
        elif waiting[name]:
            begun = ""
            while begun != name:
                begun, span = opened.pop()
                waiting[begun] -= 1
            tags += [span, tag.span()]
    edges = [0, *(edge for tag in sorted(tags) for edge in tag), len(value)]
    return "".join(value[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))


_TAG = re.compile(
    '<(?P<opens>i|b|sub|sup)>|<span (?:class|style)="[^"<>]*">|</(?P<closes>i|b|sub|sup|span)>'
)
