"""The colophon: who made the work, by which rights, how it is cited, and what it is set in.

In: an `Edition`. Out: paragraphs, alike in every format.
"""

from __future__ import annotations

import functools
from html import escape

from triptych.edition import Edition
from triptych.isbn import isbn13
from triptych.people import Contributor
from triptych.render.byline import ORCID
from triptych.render.formulas import signs_of_formulas, without_formulas
from triptych.terms import printed_date
from triptych.typefaces import MATH_FAMILY, faces_for
from triptych.used_text import used_text_in


def colophon(edition: Edition) -> str:
    """The colophon as paragraphs: the same words in every format, what machines want last."""
    record = edition.record
    day = printed_date(record.date, record.language)
    published = " · ".join(escape(part) for part in (record.publisher, day) if part)
    rights = escape(record.rights)
    if record.license:
        terms = escape(record.license)
        if record.license.startswith(("https://", "http://")):
            terms = f'<a href="{terms}">{terms}</a>'
        rights = f"{rights} {terms}" if rights else terms
    lines = (
        f"<cite>{escape(record.full_title)}</cite>",
        *(_particulars(person, edition) for person in record.contributors),
        published,
        rights,
        _style_followed(edition),
    )
    own = ""
    if edition.own_citation:
        words = f'<span class="own">{edition.own_citation}</span>'
        own = f'<p id="cite">{escape(edition.terms["cite"])}: {words}</p>'
    told = "".join(f"<p>{line}</p>" for line in lines if line)
    made = f'<p class="made">{escape(typefaces_of(edition))} · Triptych</p>'
    return f'{told}{own}{made}<p class="identifier">{escape(_identifier(record.identifier))}</p>'


def typefaces_of(edition: Edition) -> str:
    """The families of the typefaces that the text is set in, in a line."""
    return _typefaces(edition.body, edition.record.language)


@functools.lru_cache(maxsize=1)
def _typefaces(body: str, language: str) -> str:
    """The same, from the text: read once, though every format asks."""
    used = used_text_in(without_formulas(body), language)
    families = dict.fromkeys(face.family for face in faces_for(used))
    if signs_of_formulas(body):
        families[MATH_FAMILY] = None
    return ", ".join(families)


def _identifier(identifier: str) -> str:
    """The identifier as people know it: the number of a book without its scheme."""
    return f"ISBN {isbn13(identifier)}" if isbn13(identifier) else identifier


def _style_followed(edition: Edition) -> str:
    """What tells the citation style; nothing where no work is cited."""
    if not (edition.ledger.clusters or edition.ledger.entries):
        return ""
    return f"{escape(edition.terms['style'])} {escape(edition.style_title)}{edition.terms['stop']}"


def _particulars(person: Contributor, edition: Edition) -> str:
    """A line with a person's affiliation and address, or nothing."""
    orcid = f"{ORCID}{person.orcid}"
    told = [
        escape(person.affiliation),
        escape(edition.terms["equal"]) if person.equal else "",
        escape(edition.terms["corresponding"]) if person.corresponding else "",
        escape(person.email),
        f'<a href="{escape(orcid)}">{escape(orcid)}</a>' if person.orcid else "",
    ]
    words = "; ".join(filter(None, told))
    return f"{escape(person.name)}: {words}" if words else ""
