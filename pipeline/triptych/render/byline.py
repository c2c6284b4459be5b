"""The people of a work below its title: names alone, or with what papers tell of their authors.

In: an `Edition`. Out: paragraphs, authors first, one line a role; where the theme asks for it with
affiliations, numbered where there are several, and a mark that leads to each author's ORCID.
"""

from __future__ import annotations

from html import escape

from triptych.edition import Edition
from triptych.people import Contributor
from triptych.terms import printed_date

ORCID_MARK = "iD"
ORCID = "https://orcid.org/"


def people_and_date(edition: Edition) -> str:
    """The lines below title and subtitle, as every format has them."""
    return f"{byline(edition)}{dateline(edition)}"


def dateline(edition: Edition) -> str:
    """The date as a line, or nothing."""
    record = edition.record
    if not record.date:
        return ""
    day = printed_date(record.date, record.language)
    return f'<p class="date"><time datetime="{record.date}">{escape(day)}</time></p>'


def byline(edition: Edition) -> str:
    """The people of the work: `<p class="byline">`, one line a role."""
    record, terms = edition.record, edition.terms
    lines: list[str] = []
    if record.authors:
        lines.append(terms["comma"].join(_person(person.name) for person in record.authors))
    editors = [person for person in record.contributors if person.role == "editor"]
    if editors:
        names = terms["comma"].join(_person(person.name) for person in editors)
        lines.append(f'<span class="role">{escape(terms["edited by"])}</span> {names}')
    return "".join(f'<p class="byline">{line}</p>' for line in lines)


def full_byline(edition: Edition) -> str:
    """The same with affiliations and ORCID of the authors, in the themes that show them."""
    record, terms = edition.record, edition.terms
    if not record.design.shows_affiliations or not record.authors:
        return byline(edition)
    places = affiliations(record.authors)
    numbers = {place: str(number) for number, place in enumerate(places, 1) if len(places) > 1}
    names = terms["comma"].join(_author(one, numbers) for one in record.authors)
    _, rest, others = byline(edition).partition("</p>")
    lines = "".join(
        f'<p class="affiliation">{_raised(numbers.get(place, ""))}{escape(place)}</p>'
        for place in places
    )
    return f'<p class="byline">{names}{rest}{lines}{others}'


def affiliations(people: tuple[Contributor, ...]) -> tuple[str, ...]:
    """The affiliations of some people, each once, in their order."""
    return tuple(dict.fromkeys(one.affiliation for one in people if one.affiliation))


def _author(person: Contributor, numbers: dict[str, str]) -> str:
    mark = ""
    if person.orcid:
        name = escape(f"ORCID {ORCID_MARK}: {person.name}")
        href = escape(f"{ORCID}{person.orcid}")
        mark = f'\N{NO-BREAK SPACE}<a class="orcid" href="{href}" aria-label="{name}">iD</a>'
    return f"{_person(person.name)}{_raised(numbers.get(person.affiliation, ''))}{mark}"


def _raised(number: str) -> str:
    return f"<sup>{number}</sup>" if number else ""


def _person(name: str) -> str:
    return f'<span class="person">{escape(name)}</span>'
