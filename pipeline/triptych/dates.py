"""Dates as papers write them, brought to ISO 8601."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from triptych.people import FieldProblem

_DATE_FORMS = (
    "%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%Y",
    "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y", "%d-%b-%Y", "%d-%B-%Y", "%Y-%m-%d", "%Y %B %d", "%Y %b %d",
    "%m-%d-%Y",
)  # fmt: skip
"""Days as papers write them, without weekday and commas; of 3/4/2023 the month comes first."""

_MONTH_FORMS = ("%B %Y", "%b %Y", "%m/%Y", "%Y/%m", "%Y %B")
_MOVING = re.compile(r"(?i)(last-modified|today|now|\\today|`?\{?r\}?\s+.*)\b.*")

_ABOUT = re.compile(
    r"(?i)(?:circa|ca?\.?|about|around|approx\.?|early|late|um|vers)\s*(?P<year>\d{4})"
)


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
                read = datetime.strptime(plain, form).date().isoformat()[:kept]
            except ValueError:
                continue
            if is_ambiguous(plain):
                problems.append(
                    FieldProblem(
                        "date", f"{text!r} may name two days, and is read as {read}",
                        "write year, month and day, such as 2023-07-17", "warning",
                    )
                )  # fmt: skip
            return read
    if local := _in_language(text, language):
        return local
    about = _ABOUT.fullmatch(text)
    if year := about["year"] if about else read_season(text)[:4]:
        problems.append(
            FieldProblem(
                "date", f"of {text!r} only the year {year} is taken",
                "write a year, or a date such as 2023-07-17", "warning",
            )
        )  # fmt: skip
        return str(year)
    problems.append(FieldProblem("date", f"{text!r} is not a date", "write one such as 2023-07-17"))
    return ""


_EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월](?:\s*(\d{1,2})\s*[日일])?")


def _in_language(text: str, language: str) -> str:
    """A date whose month has its name in a language: `24 mai 2021`, `2021年5月24日`.

    A name that no two languages give to different months is known without the language, too.
    """
    if match := _EAST_ASIAN.search(text):
        year, month, day = match[1], int(match[2]), match[3]
    else:
        from triptych.terms import months_anywhere, months_of

        words = re.findall(r"[^\W\d_]+|\d+", text.lower())
        months = months_of(language) if language else {}
        if not months.keys() & set(words):
            months = months_anywhere()
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


_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
"""Seasons as ISO 8601-2 counts them (4.8)."""
_SEASON = re.compile(
    r"(?P<first>spring|summer|autumn|fall|winter)"
    r"(?:\s*(?:-+|–|/|&|and)\s*(?P<last>spring|summer|autumn|fall|winter))?",
    re.I,
)


def read_season(text: str) -> str:
    """A season of a year, or two, as ISO 8601-2 writes them: `2019-21`; empty for anything else."""
    plain = " ".join(text.replace(",", " ").split())
    match = re.fullmatch(rf"{_SEASON.pattern}\s+(?P<year>\d{{4}})", plain, re.I)
    match = match or re.fullmatch(rf"(?P<year>\d{{4}})\s+{_SEASON.pattern}", plain, re.I)
    if match is None:
        return ""
    named = (match[name] for name in ("first", "last") if match[name])
    return "/".join(f"{match['year']}-{_SEASONS[name.lower()]}" for name in named)


_DOUBT = re.compile(
    r"(?ix) (?: circa | ca?\.?(?=\s) | ca?\.(?=\d) | about | around | approx\.? | approximately"
    r"| vers | um | etwa | hacia | verso) \s* (?P<about>\d{4})"
    r"| (?P<year>\d{4}) \s* (?:\? | \(\?\))"
)


def read_doubt(text: str) -> str:
    """A year that is not sure, as ISO 8601-2 writes it: `1493~` of `ca. 1493` or `1493?`."""
    match = _DOUBT.fullmatch(" ".join(text.split()))
    return f"{match['about'] or match['year']}~" if match else ""


_BETWEEN = re.compile(r"\s*(?:-+|–|—|/|&|\band\b)\s*")


def read_months(text: str) -> list[tuple[int, int]]:
    """The month that words name, or the first and the last, each with its day or 0.

    `3 March`, `Sept.`, `March–April`, `30 avril – 2 mai`, `9/10`; nothing for anything else.
    """
    from triptych.terms import months_anywhere, months_of

    months = {**months_of("en"), "sept": 9}
    if not months.keys() >= set(re.findall(r"[^\W\d_]+", _BETWEEN.sub(" ", text.lower()))):
        months = {**months_anywhere(), **months}
    found: list[tuple[int, int]] = []
    sides = _BETWEEN.split(text.lower())
    for side in sides:
        words = re.findall(r"[^\W\d_]+|\d+", re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", side))
        named = [months.get(word, 0) for word in words if not word.isdecimal()]
        days = [int(word) for word in words if word.isdecimal()]
        if not words or len(named) > 1 or len(days) > 1 or 0 in named or max(days, default=1) > 31:
            return []
        found.append((named[0] if named else 0, days[0] if days else 0))
    if len(found) > 2:
        return []
    if not any(month for month, _ in found):
        return [(day, 0) for _, day in found] if all(0 < d < 13 for _, d in found) else []
    known = [month for month, _ in found if month]
    return [(month or known[0], day) for month, day in found]


def is_ambiguous(text: str) -> bool:
    """Whether a date in figures may be of two days: 3/4/2023, but not 3.4.2023 nor 13/4/2023."""
    match = re.fullmatch(r"(\d{1,2})([-/])(\d{1,2})\2\d{4}", text.strip())
    return match is not None and match[1] != match[3] and max(int(match[1]), int(match[3])) <= 12


def day_of(iso: str) -> date:
    """The first day of a year, a month or a day in ISO 8601. Raises ValueError if there is none."""
    year, month, day = (*map(int, iso.split("-")), 1, 1)[:3]
    return date(year, month, day)
