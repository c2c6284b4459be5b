"""Dates as papers write them, brought to ISO 8601."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from triptych.people import FieldProblem

_DATE_FORMS = (
    "%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%Y",
    "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y", "%d-%b-%Y", "%d-%B-%Y", "%Y-%m-%d", "%Y %B %d", "%Y %b %d",
)  # fmt: skip
"""Days as papers write them, without weekday and commas; of 3/4/2023 the month comes first."""

_MONTH_FORMS = ("%B %Y", "%b %Y", "%m/%Y", "%Y/%m", "%Y %B")
_MOVING = re.compile(r"(?i)(last-modified|today|now|\\today|`?\{?r\}?\s+.*)\b.*")


def read_date(value: Any, problems: list[FieldProblem], language: str = "") -> str:
    """A date as ISO 8601, as exact as it is given; empty for one that moves from day to day.

    Months are named in English, or in `language`.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, dict):  # what Quarto writes of a date and its form
        value = value.get("value", value.get("date", ""))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = " ".join(str(value).split())
    if not text:
        return ""
    if match := re.fullmatch(r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:(?<=-\d{2}-\d{2})[Tt ]\d.*)?", text):
        try:
            day_of(match[1])
            return match[1]
        except ValueError:
            problems.append(
                FieldProblem("date", f"there is no day {match[1]}", "write one such as 2023-07-17")
            )
            return ""
    if _MOVING.fullmatch(text):
        problems.append(
            FieldProblem(
                "date", f"{text!r} is another day at every build: the edition bears no date",
                "write the day of the edition, such as 2023-07-17", "warning",
            )
        )  # fmt: skip
        return ""
    if not re.search(r"\d", text):  # a placeholder, such as `---` or `Date TBD`
        problems.append(
            FieldProblem(
                "date", f"{text!r} names no day: the edition bears no date",
                "write the day of the edition, such as 2023-07-17", "warning",
            )
        )  # fmt: skip
        return ""
    plain = re.sub(
        r"(?i)^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?\b[.,]*\s*", "", text
    )
    plain = re.sub(r"(?i)(?<=\d)(st|nd|rd|th)\b", "", plain)
    plain = " ".join(re.sub(r"(?i)\bof\b|,|(?<=[a-z])\.", " ", plain).split())
    plain = re.sub(r"(?i)\bsept\b", "Sep", plain)
    for forms, kept in ((_DATE_FORMS, 10), (_MONTH_FORMS, 7)):
        for form in forms:
            try:
                return datetime.strptime(plain, form).date().isoformat()[:kept]
            except ValueError:
                continue
    if local := _in_language(text, language):
        return local
    problems.append(FieldProblem("date", f"{text!r} is not a date", "write one such as 2023-07-17"))
    return ""


_EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월](?:\s*(\d{1,2})\s*[日일])?")


def _in_language(text: str, language: str) -> str:
    """A date whose month has its name in a language: `24 mai 2021`, `2021年5月24日`."""
    if match := _EAST_ASIAN.search(text):
        year, month, day = match[1], int(match[2]), match[3]
    else:
        from triptych.terms import months_of

        months = months_of(language) if language else {}
        words = re.findall(r"[^\W\d_]+|\d+", text.lower())
        month = next((months[word] for word in words if word in months), 0)
        year = next((word for word in words if re.fullmatch(r"\d{4}", word)), "")
        day = next((word for word in words if re.fullmatch(r"\d{1,2}", word)), "")
    if not month or not year:
        return ""
    iso = f"{year}-{month:02}" + (f"-{int(day):02}" if day else "")
    try:
        day_of(iso)
    except ValueError:
        return ""
    return iso


def day_of(iso: str) -> date:
    """The first day of a year, a month or a day in ISO 8601. Raises ValueError if there is none."""
    year, month, day = (*map(int, iso.split("-")), 1, 1)[:3]
    return date(year, month, day)
