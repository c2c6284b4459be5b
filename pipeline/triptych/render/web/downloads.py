"""Items for reference managers: CSL-JSON, BibLaTeX and RIS.

In: items, as CSL-JSON has them. Out: the text of a file. The bundled pandoc writes BibLaTeX,
which keeps days and languages, as BibTeX does not. RIS is written here, since pandoc does not write
it.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from triptych.csl_json import (
    SEASONS,
    iso_date,
    parts_of,
    season_of,
    without_markup,
    words_of,
)
from triptych.diagnostics import MachineError
from triptych.pandoc_binary import run_pandoc_binary
from triptych.render.web.tex import (
    Signs,
    for_pandoc,
    in_tex,
    key_of,
    name_for_pandoc,
    signs_for,
    verbatim,
)

_BIB_DATES = {
    "issued": "date", "accessed": "urldate", "event-date": "eventdate",
    "original-date": "origdate",
}  # fmt: skip
_RIS_TYPES = {
    "article": "UNPB", "article-journal": "JOUR", "article-magazine": "MGZN",
    "article-newspaper": "NEWS", "bill": "BILL", "book": "BOOK", "broadcast": "MPCT",
    "chapter": "CHAP", "dataset": "DATA", "entry": "ENCYC", "entry-dictionary": "DICT",
    "entry-encyclopedia": "ENCYC", "graphic": "ART", "hearing": "HEAR", "interview": "PCOMM",
    "legal_case": "CASE", "legislation": "STAT", "manuscript": "MANSCPT", "map": "MAP",
    "motion_picture": "MPCT", "musical_score": "MUSIC", "pamphlet": "PAMP",
    "paper-conference": "CPAPER", "patent": "PAT", "periodical": "JFULL",
    "personal_communication": "PCOMM", "post": "ELEC", "post-weblog": "BLOG", "report": "RPRT",
    "review": "JOUR", "review-book": "JOUR", "software": "COMP", "song": "SOUND",
    "speech": "CONF", "standard": "STAND", "thesis": "THES", "webpage": "ELEC",
}  # fmt: skip
"""The types of RIS by those of CSL 1.0.2. Any other type is GEN, generic."""
_RIS_PEOPLE = (("author", "AU"), ("editor", "ED"), ("translator", "A4"))
_RIS_FIELDS = (
    ("title", "TI"), ("container-title", "T2"), ("collection-title", "T3"), ("volume", "VL"),
    ("issue", "IS"), ("edition", "ET"), ("publisher", "PB"), ("publisher-place", "CY"),
    ("ISBN", "SN"), ("ISSN", "SN"), ("DOI", "DO"), ("URL", "UR"), ("language", "LA"),
    ("abstract", "AB"), ("note", "N1"),
)  # fmt: skip


_OTHERS = {"literal": "others"}
"""The last name of a list of which the rest is left out, as citeproc has it."""
_VERBATIM = ("DOI", "URL")
"""Fields whose angle brackets are never markup, and of which TeX takes all as it is."""
_NUMBERS = ("ISBN", "ISSN")
"""Fields that pandoc writes as if TeX took all as it is, as it does not (BibLaTeX 3.20, 2.2.2)."""
_UNMARKED = frozenset(("note", "abstract"))
"""Fields in which pandoc takes markup for words."""
_BIB_HEAD = re.compile(r"^@\w+\{.*,$", re.M)


def items_json(items: Sequence[Mapping[str, Any]]) -> str:
    """Items as CSL-JSON (CSL 1.0.2), in their order."""
    return json.dumps(items, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def items_bib(items: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Each item as an entry of BibLaTeX. Raises MachineError where pandoc is absent or fails.

    Pandoc writes all fields but dates, which it reads in more forms than it writes, identifiers,
    formulas, and the name of what a page, a case or a review belongs to.
    """
    signs = signs_for(items)
    told = [{**_for_pandoc(item, signs), "id": key_of(item)} for item in items]
    words = ["--sandbox", "--from=csljson", "--to=biblatex", "--wrap=none"]
    done = run_pandoc_binary(words, json.dumps(told).encode())
    if done.code != 0:
        said = done.stderr.decode("utf-8", errors="replace").strip()
        raise MachineError(f"pandoc cannot write the references as BibLaTeX: {said[:200]}")
    written = done.stdout.decode()
    heads = [*(head.start() for head in _BIB_HEAD.finditer(written)), len(written)]
    entries = (written[start:end] for start, end in itertools.pairwise(heads))
    whole = (
        signs.undo(_with_all(entry, item, signs))
        for entry, item in zip(entries, items, strict=True)
    )
    return tuple(
        re.sub(r" and \{others\}(?=\},?$)", " and others", entry, flags=re.M) for entry in whole
    )


def _for_pandoc(item: Mapping[str, Any], signs: Signs) -> dict[str, Any]:
    """What pandoc writes of an item, with signs for what it would write otherwise."""
    if item.get("volume-title") and not item.get("container-title"):
        item = {**item, "title": item["volume-title"]}
    if item.get("issue"):  # of both, pandoc writes the other
        item = {name: value for name, value in item.items() if name != "number"}
    kept: dict[str, Any] = {}
    for name, value in item.items():
        if isinstance(value, str) and name not in _VERBATIM and name not in _NUMBERS:
            plain = without_markup(value) if name in _UNMARKED else value
            kept[name] = for_pandoc(plain, signs)
        elif isinstance(value, list):
            kept[name] = [_person_for_pandoc(each, signs) for each in value]
        elif name not in _BIB_DATES and name not in _VERBATIM and name not in _NUMBERS:
            kept[name] = value
    return kept


def _person_for_pandoc(person: object, signs: Signs) -> object:
    """A name without a given name has its particle there, which pandoc writes onto the family."""
    if not isinstance(person, Mapping):
        return person
    name = {
        part: name_for_pandoc(words, signs, whole=part == "literal")
        if isinstance(words, str)
        else words
        for part, words in person.items()
    }
    if name.get("dropping-particle") and not name.get("given"):
        name["given"] = name.pop("dropping-particle")
    return name


def _with_all(entry: str, item: Mapping[str, Any], signs: Signs) -> str:
    """An entry of pandoc's with what it leaves out, and with signs as in the rest of it."""
    added = list(_bib_dates(item, signs))
    if item.get("volume-title") and (whole := item.get("container-title") or item.get("title")):
        added.append(f"  maintitle = {{{in_tex(str(whole), signs)}}},")
    title = in_tex(str(item.get("container-title") or ""), signs)
    if title and not re.search(r"^  (?:journal|journaltitle|booktitle) = ", entry, re.M):
        name = "organization" if entry.startswith("@online") else "journaltitle"
        added.append(f"  {name} = {{{title}}},")
    for name in (name for name in (*_NUMBERS, *_VERBATIM) if item.get(name)):
        said = str(item[name])
        value = verbatim(said) if name in _VERBATIM else in_tex(said, signs)
        added.append(f"  {name.lower()} = {{{value}}},")
    head, _, rest = entry.partition("\n")
    return "\n".join([head, *added, rest])


def _bib_dates(item: Mapping[str, Any], signs: Signs) -> Iterator[str]:
    """The dates of an entry as ISO 8601-2 (EDTF) has them: `1843~`, `1843-21` for a spring."""
    for name, field in _BIB_DATES.items():
        date = item.get(name) or {}
        if iso_date(date):
            season = f"-{20 + SEASONS.index(season_of(date)) + 1}" if season_of(date) else ""
            sign = "~" if date.get("circa") else ""
            parts = [part and f"{part}{season}{sign}" for part in iso_date(date).split("/")]
            yield f"  {field} = {{{'/'.join(parts)}}},"
        elif name == "issued" and words_of(date):
            yield f"  year = {{{in_tex(words_of(date), signs)}}},"


def items_ris(items: Sequence[Mapping[str, Any]]) -> str:
    """Items as RIS: a tag, two blanks, a hyphen and a blank begin each line."""
    lines = ((tag, " ".join(value.split())) for item in items for tag, value in _ris(item))
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines)


def _ris(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The lines of one entry: `TY` comes first, `ER` last (RIS format specification)."""
    yield "TY", _RIS_TYPES.get(str(item.get("type")), "GEN")
    yield "ID", str(item.get("id", ""))
    for role, tag in _RIS_PEOPLE:
        names = item.get(role) or ()
        for name in names:
            left_out = name == _OTHERS and len(names) > 1
            yield tag, "et al." if left_out else _ris_name(name)
    yield from _ris_date(item)
    if volume := item.get("volume-title"):
        whole = "container-title" if item.get("container-title") else "title"
        item = {**item, whole: ". ".join(str(part) for part in (item.get(whole), volume) if part)}
    for field, tag in _RIS_FIELDS:
        if item.get(field):
            value = str(item[field])
            yield tag, value if field in _VERBATIM else without_markup(value)
    pages = without_markup(str(item.get("page") or ""))
    first, _, last = re.sub(r"\s*[-‐–—]+\s*", "-", pages).partition("-")
    if first:
        yield "SP", first
    if last:
        yield "EP", last
    accessed = item.get("accessed") or {}
    if parts_of(accessed):
        yield "Y2", _slashed(accessed)
    yield "ER", ""


def _ris_name(name: Mapping[str, Any]) -> str:
    """A person as `Family, Given, Suffix`, an organisation by its name."""
    if name.get("literal"):
        return without_markup(str(name["literal"]))
    family = [name.get("non-dropping-particle"), name.get("family")]
    given = [name.get("given"), name.get("dropping-particle")]
    parts = (" ".join(str(part) for part in parts if part) for parts in (family, given))
    return without_markup(
        ", ".join(part for part in (*parts, str(name.get("suffix") or "")) if part)
    )


def _ris_date(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    issued = item.get("issued") or {}
    if parts_of(issued):
        yield "PY", _year(parts_of(issued)[0][0])
        if len(parts_of(issued)[0]) > 1 or season_of(issued):
            yield "DA", _slashed(issued)
    elif words_of(issued):
        yield "PY", without_markup(words_of(issued))


def _slashed(date: Mapping[str, Any]) -> str:
    """A date as RIS writes it, such as `1843/07/17/` or `1843///Spring`, unknown parts empty."""
    year, *rest = parts_of(date)[0]
    days = [f"{part:02}" for part in rest[:2]]
    return "/".join([_year(year), *days, *[""] * (2 - len(days)), season_of(date)])


def _year(year: int) -> str:
    return f"{year:04}" if year >= 0 else f"{year:05}"
