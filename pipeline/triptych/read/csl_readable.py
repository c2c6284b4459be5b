"""CSL items brought to what citeproc reads, whatever program or person wrote them.

In: an item of CSL-JSON, or one in YAML. Out: the same, and what is wrong with its fields.

Pandoc's citeproc prints no date but one in figures and loses seasons; it takes HTML for words but
for the few tags of CSL, and takes names that a semicolon joins for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Any

from triptych.addresses import leads_nowhere
from triptych.csl_json import SEASONS
from triptych.dates import is_ambiguous, read_date, read_doubt, read_season
from triptych.isbn import wrong_isbn
from triptych.read.bib_dates import plain_doubt
from triptych.read.bib_text import composed_signs
from triptych.read.html_titles import Dialect, read_html

NAMES = frozenset(
    """author chair collection-editor compiler composer container-author contributor curator
    director editor editor-translator editorial-director executive-producer guest host
    illustrator interviewer narrator organizer original-author performer producer recipient
    reviewed-author script-writer series-creator translator""".split()
)
DATES = frozenset("accessed available-date event-date issued original-date submitted".split())
_NO_WORDS = frozenset("id type DOI URL ISBN ISSN PMID PMCID citation-key language".split())

_MARKS = {
    "i": ("<i>", "</i>"), "b": ("<b>", "</b>"), "sub": ("<sub>", "</sub>"),
    "sup": ("<sup>", "</sup>"),
}  # fmt: skip
_SMALL_CAPITALS = ('<span style="font-variant:small-caps;">', "</span>")
_CSL = Dialect({**_MARKS, "sc": _SMALL_CAPITALS}, lambda sign: sign)
"""Markup of CSL-JSON (CSL 1.0.2, "Rich text")."""
_MARKDOWN = Dialect(
    {**_MARKS, "sc": ("[", "]{.smallcaps}")}, lambda s: f"\\{s}" if s in "\\`*_{}[]#<>$@~^|" else s
)
_EDTF = re.compile(
    r"(?:\.\.)?/?-?\d{1,4}[~?%]?(?:-\d\d[~?%]?){0,2}(?:/(?:\.\.|-?\d{1,4}[~?%]?(?:-\d\d[~?%]?){0,2})?)?"
)
"""Dates as pandoc reads them (ISO 8601-2)."""


@dataclass(frozen=True, slots=True)
class ItemProblem:
    """What is wrong with a value of an item: `value` is as it stands there, to be found by."""

    value: str
    message: str
    hint: str
    code: str = "bibliography-field"


def readable_item(
    item: Mapping[str, Any], *, markdown: bool = False
) -> tuple[dict[str, Any], list[ItemProblem]]:
    """An item as citeproc reads it; texts in `markdown` have marks and entities of their own."""
    problems: list[ItemProblem] = []
    readable = dict(item)
    for name, value in item.items():
        if name in DATES:
            readable[name] = _date(name, value, problems)
        elif name in NAMES and isinstance(value, list):
            readable[name] = [_person(p) for p in value]
            problems += _joined(name, value)
        elif name == "ISBN":
            problems += wrong_numbers(str(value))
        elif name in ("DOI", "URL") and isinstance(value, str):
            readable[name] = bare_doi(value.strip()) if name == "DOI" else value.strip()
            if not readable[name]:
                del readable[name]
            elif leads_nowhere(value):
                del readable[name]
                problems.append(
                    ItemProblem(value, f"its {name} {value!r} leads nowhere, and is not printed",
                                "mend it, or leave it out")
                )  # fmt: skip
        elif isinstance(value, str) and name not in _NO_WORDS:
            text, told = read_html(composed_signs(value), _MARKDOWN if markdown else _CSL)
            problems += [ItemProblem(value, f"its {name}: {what}", how) for what, how in told]
            if markdown:
                text = re.sub(r"(?<!\\)@(?=[\w{])", r"\\@", text)  # no citation
            readable[name] = text
    return readable, problems


def bare_doi(written: str) -> str:
    """A DOI without the address or the word before it, which citeproc would print twice."""
    return re.sub(r"(?i)^(https?://)?((dx\.)?doi\.org/|doi:?\s+|doi:)", "", written)


def wrong_numbers(written: str) -> list[ItemProblem]:
    """ISBNs of an entry, one or several, whose last digit cannot be right."""
    return [
        ItemProblem(number.strip(), wrong, "look at the number again")
        for number in re.findall(r"[\dXx][\dXx\s‐‑–-]{8,}[\dXx]", written)
        if (wrong := wrong_isbn(f"ISBN {number.strip()}"))
    ]


def joined(written: str) -> bool:
    """Whether a semicolon joins several names in what stands as one."""
    return bool(re.search(r"\w[.)]?\s*;\s*\w", re.sub(r"&#?\w+;", "", written)))


def _joined(name: str, people: list[Any]) -> Iterator[ItemProblem]:
    for person in people:
        for part in person.values() if isinstance(person, dict) else ():
            if isinstance(part, str) and joined(part):
                yield ItemProblem(
                    part, f"its {name} is read as one name, for a semicolon parts none: {part}",
                    "give each person an object of its own", "bibliography-names",
                )  # fmt: skip


def _person(person: Any) -> Any:
    """A name; of those left out, citeproc knows only `others`."""
    if not isinstance(person, dict):
        return person
    words = {composed_signs(part).strip(" .").lower() for part in person.values()
             if isinstance(part, str) and part.strip()}  # fmt: skip
    if words and words <= {"et al", "et. al", "others", "and others"}:
        return {"literal": "others"}
    return {
        part: composed_signs(value) if isinstance(value, str) else value
        for part, value in person.items()
    }


def _date(name: str, value: Any, problems: list[ItemProblem]) -> Any:
    """A date in figures, where its words can be read; a season as the month ISO 8601-2 gives it."""
    if isinstance(value, date):
        return value
    if isinstance(value, Mapping):
        parts = value.get("date-parts")
        if parts and value.get("season") not in (None, ""):
            return _with_season(value, str(value["season"]))
        if not parts and _FIGURES.fullmatch(str(value.get("year") or "")):
            return _of_parts(value)
        words = value.get("raw") or value.get("literal")
        if parts or not isinstance(words, str):
            return value
    else:
        words = value
    if not isinstance(words, str):
        return value
    plain = " ".join(words.split())
    if season := read_season(plain):
        return {"date-parts": [[int(n) for n in side.split("-")] for side in season.split("/")]}
    if is_ambiguous(plain):
        problems.append(
            ItemProblem(
                words, f"its {name} {words!r} may be either of two days; it stands as written",
                "write it in figures, as 2023-07-17",
            )
        )  # fmt: skip
        return {"literal": words}
    if _EDTF.fullmatch(plain):
        return plain_doubt(plain)
    if read_doubt(plain):
        return {"literal": words}
    if iso := read_date(plain, []):
        return {"date-parts": [[int(part) for part in iso.split("-")]]}
    return {"literal": words}


_FIGURES = re.compile(r"-?\d{1,9}")


def _of_parts(value: Mapping[str, Any]) -> dict[str, Any]:
    """A date with its year, month and day each under its name, as pandoc also reads it."""
    parts = (str(value.get(part) or "") for part in ("year", "month", "day"))
    figures = takewhile(_FIGURES.fullmatch, parts)
    circa = {"circa": value["circa"]} if "circa" in value else {}
    return {"date-parts": [[int(part) for part in figures]], **circa}


def _with_season(value: Mapping[str, Any], season: str) -> dict[str, Any]:
    """A date with its season as a month; one that is given by another name stays where it is."""
    named = [name.lower() for name in SEASONS]
    word = {"fall": "autumn"}.get(season.lower(), season.lower())
    number = named.index(word) + 1 if word in named else int(season) if season.isdecimal() else 0
    number -= 20 if number > 20 else 0
    if not 1 <= number <= len(named):
        return dict(value)
    rest = {part: said for part, said in value.items() if part != "season"}
    parts = [[*part[:1], 20 + number] for part in value["date-parts"] if part]
    return {**rest, "date-parts": parts}
