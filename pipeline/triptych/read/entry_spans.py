"""Where each entry of a bibliography begins and ends, found fast, and whether it is plainly sound.

In: a bibliography's name and text. Out: a `Span` for each entry. An entry is plain if nothing is
told of its form, and pandoc surely reads it; one of which this is not seen at a glance is not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from triptych.read.csl_items import csl_problem
from triptych.read.csl_readable import DATES, NAMES
from triptych.read.entries import BIB_ENTRY, BIB_KEY, ENDNOTE_NUMBER, ENDNOTE_RECORD, not_xml
from triptych.read.yaml_size import check_size


@dataclass(frozen=True, slots=True)
class Span:
    """An entry with its key: what goes with it is `start` to `end`, it is told to stand at `place`.

    `names` are all keys by which it may be cited.
    """

    key: str
    names: tuple[str, ...]
    start: int
    end: int
    place: int
    plain: bool = True


def spans_of(file: str, text: str) -> tuple[Span, ...] | None:
    """The entries of a bibliography; None where it is not in order, and must be read as a whole."""
    find = _FINDERS.get(file.rsplit(".", 1)[-1].lower())
    found = find(text) if find else None
    return None if found is None else tuple(found)


# --- BibTeX and BibLaTeX -------------------------------------------------------------------------


def _braced(depth: int) -> str:
    """An expression for braces within braces, so deep."""
    inner = rf"|{_braced(depth - 1)}" if depth else ""
    return rf"\{{(?:[^{{}}\\]++|\\[^{{}}]{inner})*+\}}"


_VALUE = rf'(?:{_braced(4)}|"(?:[^"{{}}\\]++|\\[^{{}}"]|{_braced(3)})*+"|\w++)\s*+'
_PLAIN_BIB = re.compile(
    r"[ \t]*+@[ \t]*+(?!(?:comment|preamble|string)\b)\w++[ \t]*+\{\s*+(?P<key>[^\s,={}\"]++)\s*+,"
    rf"(?:\s*+[\w:+-]++\s*+=\s*+{_VALUE}(?:\#\s*+{_VALUE})*+(?:,|(?=\}})))*+\s*+\}}",
    re.I,
)
"""An entry whose braces and quotation marks are balanced, with a comma between its fields."""
_IDS = re.compile(r"\bids\s*=\s*[{\"](?P<ids>[^{}\"]*)", re.I)


def _in_bib(text: str) -> Iterator[Span]:
    at, doubt = 0, False
    while match := BIB_ENTRY.search(text, at):
        start = match.start()
        plain = _PLAIN_BIB.match(text, start)
        if plain and BIB_ENTRY.search(text, match.end(), plain.end()):
            plain = None  # what looks like an entry stands in it
        after = plain or BIB_ENTRY.search(text, match.end())
        end = len(text) if after is None else after.end() if plain else after.start()
        named = plain or BIB_KEY.match(text, match.end(), end)
        key = "" if named is None else plain["key"] if plain else named[1]
        place = start + len(match[0]) - len(match[0].lstrip())
        names = [key]
        if ids := _IDS.search(text, start, end):
            names += re.split(r"[\s,]+", ids["ids"])
        # Where one has no end, the next shows that.
        yield Span(key, tuple(filter(None, names)), start, end, place, bool(plain) and not doubt)
        at, doubt = (end, False) if plain else (match.end(), True)


# --- CSL-JSON ------------------------------------------------------------------------------------

_BEHIND = re.compile(r"\s*+(?P<sign>[,\]])\s*+")


def _in_json(text: str) -> list[Span] | None:
    decoder = json.JSONDecoder()
    opening = re.match(r"\s*\[\s*", text)
    if opening is None or re.search(r"\\u[dD][89a-fA-F]", text):  # half of a character
        return None
    spans: list[Span] = []
    last, at, sign = opening.end(), opening.end(), ","
    while sign == ",":
        try:
            item, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return None
        behind = _BEHIND.match(text, end)
        if behind is None:
            return None
        key = _key_of(item)
        # The comma before it goes with it: the first of all stays.
        spans.append(Span(key, (key,), last, end, at, bool(key) and _is_plain(item)))
        last, at, sign = end, behind.end(), behind["sign"]
    return spans if at == len(text) else None


def _key_of(item: Any) -> str:
    key = item.get("id") if isinstance(item, dict) else None
    return str(key) if isinstance(key, str | int) else ""


def _is_plain(item: dict[str, Any]) -> bool:
    return csl_problem(item) == ("", "") and all(
        isinstance(value, str | int) or _is_plain_list(name, value) for name, value in item.items()
    )


def _is_plain_list(name: str, value: Any) -> bool:
    """Whether a value that is more than words is people or a date, as citeproc reads them."""
    if name in NAMES:
        return all(isinstance(part, str) for person in value for part in person.values())
    return name in DATES and value.keys() == {"date-parts"} and 1 <= len(value["date-parts"]) <= 2


# --- CSL-YAML ------------------------------------------------------------------------------------


def _in_yaml(text: str) -> list[Span] | None:
    """The items of a list in block style, each on lines of its own."""
    try:
        if check_size(text):
            return None
        events = yaml.parse(text, Loader=yaml.CSafeLoader)
        return _yaml_items(text, events) if _at_list(events) else None
    except (yaml.YAMLError, RecursionError):
        return None


def _at_list(events: Iterator[yaml.Event]) -> bool:
    """Go to the items of the list that a document is, or that its `references` are."""
    at: yaml.Event = next(event for event in events if isinstance(event, _BEGINS))
    if isinstance(at, yaml.MappingStartEvent):
        for name in events:
            if isinstance(name, yaml.MappingEndEvent):
                return False
            named, at = _value(name, events), next(events)
            if named == "references":
                break
            _value(at, events)
    return isinstance(at, yaml.SequenceStartEvent) and not at.flow_style


def _yaml_items(text: str, events: Iterator[yaml.Event]) -> list[Span] | None:
    items: list[tuple[int, int, Any]] = []
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        place = _index(event)
        start = text.rfind("\n", 0, place) + 1
        if text[start:place].strip() != "-":
            return None
        items.append((start, place, _value(event, events)))
    ends = [*(start for start, _, _ in items[1:]), _index(event)]
    if any(
        getattr(after, "value", "") == "references" or isinstance(after, yaml.DocumentStartEvent)
        for after in events
    ):
        return None
    return [
        Span(key := _key_of(item), (key,), start, end, place, bool(key) and _is_plain(item))
        for (start, place, item), end in zip(items, ends, strict=True)
    ]


_BEGINS = (yaml.CollectionStartEvent, yaml.ScalarEvent, yaml.StreamEndEvent)


def _index(event: yaml.Event) -> int:
    assert event.start_mark is not None
    return event.start_mark.index


def _value(event: yaml.Event, events: Iterator[yaml.Event]) -> Any:
    """What begins with an event: words, a list, or fields; of one given twice a list of both."""
    if isinstance(event, yaml.ScalarEvent):
        return event.value
    values = []
    while not isinstance(inner := next(events), yaml.CollectionEndEvent):
        values.append(_value(inner, events))
    if isinstance(event, yaml.SequenceStartEvent):
        return values
    fields: dict[str, Any] = {}
    for name, value in zip(map(str, values[::2]), values[1::2], strict=True):
        fields[name] = [fields[name], value] if name in fields else value
    return fields


# --- RIS and EndNote XML -------------------------------------------------------------------------

_RIS = re.compile(
    r"""^TY[ ]{2}-[^\n]*+\n
        (?:(?!TY|ER)[A-Z][A-Z0-9][ ]{2}-(?:[ ][^\n]*+)?\n | (?![A-Z][A-Z0-9]\s*-)[^\n]*+\n)*+
        ER[ ]{2}-[^\n]*+(?:\n|\Z)""",
    re.M | re.X,
)
"""A record whose lines bear a tag each, or go on with the line above."""
_RIS_KEY = re.compile(r"^ID  -(.*)$", re.M)
_LINE_ENDS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
"""What Python also takes for the end of a line."""


def _in_ris(text: str) -> list[Span] | None:
    if _LINE_ENDS.search(text):
        return None
    spans: list[Span] = []
    at = 0
    for record in _RIS.finditer(text):
        if text[at : record.start()].strip():
            return None
        at = record.end()
        named = _RIS_KEY.findall(record[0])
        key = named[-1].strip() if named else ""
        place = record.start() + (record[0].rfind("\nID  -") + 1 if named else 0)
        spans.append(Span(key, (key,), record.start(), at, place, bool(key)))
    return None if text[at:].strip() else spans


def _in_endnote(text: str) -> list[Span] | None:
    if "<records" not in text or not_xml(text):
        return None
    spans: list[Span] = []
    for record in ENDNOTE_RECORD.finditer(text):
        named = ENDNOTE_NUMBER.search(record[0])
        key = named[1] if named else ""
        spans.append(Span(key, (key,), *record.span(), record.start(), bool(key)))
    return spans


_FINDERS: dict[str, Callable[[str], Iterable[Span] | None]] = {
    "json": _in_json,
    "yaml": _in_yaml,
    "yml": _in_yaml,
    "bib": _in_bib,
    "bibtex": _in_bib,
    "biblatex": _in_bib,
    "ris": _in_ris,
    "xml": _in_endnote,
}
