"""Dates of BibTeX and BibLaTeX entries, brought to the forms that pandoc reads.

In: the value of a field. Out: the field by which pandoc prints it, and what is lost of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from triptych.dates import is_ambiguous, read_date, read_doubt, read_months, read_season
from triptych.read.entries import Loss

FIELDS = frozenset("year date urldate eventdate origdate".split())
_DAY = r"-?\d{4}[~?%]?(?:-\d\d[~?%]?){0,2}"
_EDTF = re.compile(rf"{_DAY}(?:/(?:\.\.|{_DAY})?)?|(?:\.\.)?/{_DAY}")
"""Dates as BibLaTeX has them, the forms of ISO 8601-2 that pandoc reads."""
_SPAN = re.compile(r"(\d{4})\s*(?:-+|–|—|/)\s*(\d{4})")
_UNKNOWN = re.compile(r"(\d{4}(?:-\d\d)?)(?:-(?:XX|uu))+", re.I)
_DECADE = re.compile(r"\d{2,3}[Xu]{1,2}", re.I)
_NUMERIC = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_READ = re.compile(r"(?i)0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec")
"""Months as pandoc reads them."""
_HINT = "write it in figures, as 2023-07-17"


def date(name: str, written: str, offset: int, told: list[Loss]) -> tuple[str, str]:
    """The name and the value by which pandoc prints a date; a year may be any words."""
    own = "date" if name == "year" else name
    if unknown := _UNKNOWN.fullmatch(written):  # ISO 8601-2, "unspecified"
        written = unknown[1]
    if _EDTF.fullmatch(written):
        return (name if re.fullmatch(r"-?\d+", written) else own), plain_doubt(written)
    if span := _SPAN.fullmatch(written):
        return own, f"{span[1]}/{span[2]}"
    if season := read_season(written):
        return own, season
    if own == "date" and read_doubt(written):  # in words, which every style prints
        return "year", written
    if is_ambiguous(written):
        why = f"its {name} {written!r} may be either of two days"
    elif name == "year" and not _NUMERIC.fullmatch(written):
        return name, written
    elif iso := read_date(written, []):
        return own, iso
    else:
        why = f"its {name} {written!r} is not a date"
    if own != "date":
        told.append(Loss(offset, f"{why}, and is not printed", _HINT))
        return name, written
    if is_ambiguous(written) or _DECADE.fullmatch(written):
        told.append(Loss(offset, f"{why}, and is printed as it stands", _HINT))
    return "year", written


def plain_doubt(edtf: str) -> str:
    """A date of ISO 8601-2 with its marks of doubt as pandoc knows them: `~` alone, none of `?%`.

    An open end is no doubt, and is nothing: `1493/`.
    """
    return re.sub("[?%]", "~", edtf).replace("..", "")


def month(written: str, offset: int, given: Mapping[str, str], told: list[Loss]) -> str | None:
    """A month, as it is to be read beside its year; None where it may stay as it is.

    `written` is the value with its braces; `given` are the values of the entry's fields.
    """
    words = " ".join(re.sub(r"[\"#{}~]|\\,", " ", written).split())
    year = re.fullmatch(r"\{?(\d{4})\}?", given.get("year", ""))
    if _READ.fullmatch(words) or given.get("date") or year is None or not words:
        return None
    if season := read_season(f"{words} {year[1]}"):
        return f"date = {{{season}}},"
    found = read_months(words)
    if not found:
        told.append(
            Loss(offset, f"its month {words!r} is not understood, and is not printed",
                 "write month = mar, or a date such as 2023-03")
        )  # fmt: skip
        return ""
    if len(found) == 1:
        number, day = found[0]
        also = f" day = {{{day}}}," if day and "day" not in given else ""
        return f"month = {{{number}}},{also}"
    ends = (f"{year[1]}-{number:02}" + (f"-{day:02}" if day else "") for number, day in found)
    return f"date = {{{'/'.join(ends)}}},"
