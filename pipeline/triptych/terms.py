"""The words the press itself prints, in the language of the work.

In: a language tag (BCP 47). Out: terms, quotation marks and terms for citations, from `terms.toml`;
dates and the words that join a list, from the Unicode CLDR, which Babel carries.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from babel.core import Locale, UnknownLocaleError, get_global
from babel.dates import format_date, format_skeleton, get_month_names

from triptych.installation import installed_file

_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
_OTHER_NAMES = {"no": "nb", "iw": "he", "in": "id", "sh": "sr-latn"}
"""Tags that stand for another."""


def terms_for(language: str) -> Mapping[str, str]:
    """The terms of a language; English where it has none of its own.

    Besides those of `terms.toml`, `comma` and `and` are what stands between the items of a list,
    and before its last.
    """
    terms: dict[str, str] = {}
    for table in (_tables()["en"], *_tables_of(language)):
        terms |= {name: value for name, value in table.items() if isinstance(value, str)}
    patterns = _locale(language).list_patterns["standard"]
    comma = _between(patterns["middle"])
    return terms | {
        "comma": comma if comma.strip() else ", ",  # Thai has a mere space, as its names have
        "and": _between(patterns.get("2", patterns["end"])),
    }


def has_terms(language: str) -> bool:
    """Whether the press has words of its own in a language."""
    return any(True for _ in _tables_of(language))


def language_of(term: str, language: str) -> str:
    """The language in which a term is given: the one asked for, or English for want of it."""
    return language if any(term in table for table in _tables_of(language)) else "en"


def labelled(term: str, number: str) -> str:
    """A term with its number: `Figure 2`, or as the term says where it goes: `2. ábra`."""
    return term.replace("{}", number) if "{}" in term else f"{term} {number}"


def stopped(label: str, terms: Mapping[str, str]) -> str:
    """A label with the sign that ends it before a caption, unless it ends so already."""
    return label if label.endswith(".") else label + terms["stop"]


def bare(term: str) -> str:
    """A term without a number."""
    return term.replace("{}", "").strip(" .-")


def printed_date(iso: str, language: str) -> str:
    """An ISO 8601 date as a reader expects it: `17 July 2023`, `July 2023`, `2023`."""
    parts = iso.split("-")
    locale = _locale(language)
    if len(parts) == 3:
        printed = format_date(date.fromisoformat(iso), "long", locale=locale)
    elif len(parts) == 2:
        printed = format_skeleton("yMMMM", date.fromisoformat(f"{iso}-01"), locale=locale)
    else:
        printed = iso
    return printed.replace("\N{NARROW NO-BREAK SPACE}", _NO_BREAK_SPACE)


def quotation_marks(language: str) -> tuple[str, str, str, str]:
    """The marks that open and close a quotation, and those of a quotation within one."""
    given = terms_for(language)["quotes"].replace("_", _NO_BREAK_SPACE)
    outer, closing, inner, inner_closing = given.split(" ")
    return outer, closing, inner, inner_closing


def citation_terms(language: str) -> Mapping[str, tuple[str, ...]]:
    """Terms of CSL that citeproc lacks in a language: by name and form, singular and plural."""
    terms: dict[str, tuple[str, ...]] = {}
    for table in _tables_of(language):
        for name, value in table.get("citation", {}).items():
            terms[name] = (value,) if isinstance(value, str) else tuple(value)
    if "and" not in terms:
        return terms  # a few corrections; pandoc has the rest
    locale = _locale(language)
    long, short = (get_month_names(width, "format", locale) for width in _WIDTHS)
    for number in range(1, 13):
        terms[f"month-{number:02}"] = (long[number],)
        terms[f"month-{number:02} short"] = (short[number],)
    ordinals = ("", *(f"-{n:02}" for n in (1, 2, 3, 4, 11, 12, 13)))
    return terms | {f"ordinal{n}": ("",) for n in ordinals}


def months_of(language: str) -> Mapping[str, int]:
    """The number of each month by its name in a language, in small letters; none if unknown."""
    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return {}
    return {
        name.lower().rstrip("."): number
        for width in _WIDTHS
        for context in _CONTEXTS
        for number, name in get_month_names(width, context, locale).items()
    }


@functools.cache
def months_anywhere() -> Mapping[str, int]:
    """The number of each month by its name in any language that the press has words in.

    A name that is another month's in another language, such as `listopad`, is left out.
    """
    found: dict[str, int] = {}
    doubtful: set[str] = set()
    for language in _tables():
        for name, number in months_of(language).items():
            if found.setdefault(name, number) != number:
                doubtful.add(name)
    return {name: n for name, n in found.items() if name not in doubtful and len(name) > 2}


_CONTEXTS: tuple[Literal["format"], Literal["stand-alone"]] = ("format", "stand-alone")
_WIDTHS: tuple[Literal["wide"], Literal["abbreviated"]] = ("wide", "abbreviated")


def _tables_of(language: str) -> Iterator[dict[str, Any]]:
    """The tables that apply to a tag, from the most general on."""
    wanted = subtags(language)
    for name, table in sorted(_tables().items(), key=lambda item: item[0].count("-")):
        parts = name.lower().split("-")
        if parts[0] == wanted[0] and set(parts) <= set(wanted):
            yield table


@functools.cache
def subtags(language: str) -> tuple[str, ...]:
    """The parts of a tag, with the script that goes without saying: `zh-TW` is `zh-Hant-TW`."""
    tag = language.lower().replace("_", "-")
    first, _, rest = tag.partition("-")
    tag = "-".join(filter(None, (_OTHER_NAMES.get(first, first), rest)))
    parts = tuple(tag.split("-"))
    likely = {name.lower(): full for name, full in get_global("likely_subtags").items()}
    full = likely.get("_".join(parts[:2]), "").lower().split("_")
    return parts + tuple(part for part in full[1:2] if len(part) == 4)


@functools.cache
def _locale(language: str) -> Locale:
    """The CLDR's data for a tag; the house's own English where it is not more exactly said."""
    parts = subtags(language)
    given = len(language.split("-"))
    for length in range(given, 0, -1):
        tag = "_".join(parts[:length])
        try:
            return Locale.parse("en_GB" if tag == "en" else tag)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse("en_GB")


def _between(pattern: str) -> str:
    """What a pattern of the CLDR such as `{0} and {1}` puts between two items."""
    return pattern.replace("\N{RIGHT-TO-LEFT MARK}", "")[len("{0}") : -len("{1}")]


@functools.cache
def _tables() -> dict[str, dict[str, Any]]:
    path = installed_file(Path(__file__).with_suffix(".toml"))
    return tomllib.loads(path.read_text(encoding="utf-8"))
