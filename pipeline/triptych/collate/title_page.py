"""Title page and colophon: the lines that they must have, by the edition manifest.

In: a `Comparison` and the words of the press. Out: lines, in the order of their part of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from triptych.collate.pairing import Comparison, UnitKind
from triptych.formats import FORMATS

FrontPiece: TypeAlias = str | tuple[str, str]
"""Words, or words and where they lead; that is empty where it is compared by itself."""
_ORCID = "https://orcid.org/"


@dataclass(frozen=True, slots=True)
class FrontLine:
    """A line: the part of the file that it is in, and its pieces."""

    part: str
    pieces: tuple[FrontPiece, ...]

    @property
    def kind(self) -> UnitKind:
        """The kind of unit that the line is."""
        return "contents" if self.part == "the contents list" else "around"


def titles_lines(comparison: Comparison) -> Iterator[FrontLine]:
    """Title, subtitle and summary, as far as a file tells them apart from the rest."""
    record = comparison.manifest.record
    yield FrontLine("the title", (record.title,))
    if not FORMATS[comparison.witness.format].paged:
        yield FrontLine("the subtitle", (record.subtitle,))
        yield FrontLine("the summary", (record.summary,))


def people_lines(comparison: Comparison, terms: Mapping[str, str]) -> Iterator[FrontLine]:
    """Authors, editors and date, as they stand below the title."""
    yield from authors_lines(comparison, terms)
    yield FrontLine("the title page", (terms["date"],))


def authors_lines(comparison: Comparison, terms: Mapping[str, str]) -> Iterator[FrontLine]:
    """Authors and editors; in some themes authors with their affiliations and ORCID."""
    record = comparison.manifest.record
    if record.design.shows_affiliations:
        yield from _affiliated(record.authors, terms["comma"])
    elif record.authors:
        yield FrontLine(
            "the title page", (terms["comma"].join(one.name for one in record.authors),)
        )
    editors = [person for person in record.contributors if person.role == "editor"]
    if editors:
        names = terms["comma"].join(person.name for person in editors)
        yield FrontLine("the title page", (f"{terms['edited by']} {names}",))


def _affiliated(authors: Sequence[Any], comma: str) -> Iterator[FrontLine]:
    """Authors, each with the number of an affiliation where there are several, and ORCID."""
    places = list(dict.fromkeys(one.affiliation for one in authors if one.affiliation))
    numbered = len(places) > 1
    pieces: list[FrontPiece] = []
    for person in authors:
        number = places.index(person.affiliation) + 1 if person.affiliation else ""
        pieces += [comma if pieces else "", f"{person.name}{number if numbered else ''}"]
        pieces += [" ", ("iD", f"{_ORCID}{person.orcid}")] if person.orcid else []
    yield FrontLine("the title page", tuple(pieces))
    for number, place in enumerate(places, 1):
        yield FrontLine("the title page", (f"{number if numbered else ''}{place}",))


def colophon_lines(comparison: Comparison, terms: Mapping[str, str]) -> Iterator[FrontLine]:
    """The colophon, without its heading."""
    manifest = comparison.manifest
    record = manifest.record
    own, ledger = manifest.own_citation, manifest.ledger
    cites = bool(ledger.clusters or ledger.entries or own is None)  # older ones told it anyway
    on_web = record.license.startswith(("https://", "http://"))
    license_: FrontPiece = (record.license, record.license) if on_web else record.license
    gap = " " if record.rights and record.license else ""
    followed = f"{terms['style']} {manifest.style.title}{terms['stop']}" if cites else ""
    cited = f"{terms['cite']}: {own}" if own else ""
    last: tuple[str, ...] = (record.identifier, followed, cited)
    if "typefaces" in terms:  # older ones told none, and the identifier before the style
        number = re.sub(r"^urn:isbn:(\d{13})$", r"ISBN \1", record.identifier)
        last = (followed, cited, f"{terms['typefaces']} · Triptych", number)
    for pieces in (
        (record.full_title,),
        *(_particulars(person, terms) for person in record.contributors),
        (" · ".join(filter(None, (record.publisher, terms["date"]))),),
        (record.rights, gap, license_),
        *((line,) for line in last),
    ):
        yield FrontLine("the colophon", tuple(pieces))


def _particulars(person: Any, terms: Mapping[str, str]) -> tuple[FrontPiece, ...]:
    """Where a person is at home, and how to reach them; nothing of whom nothing is known."""
    orcid = f"{_ORCID}{person.orcid}"
    told: list[FrontPiece] = [
        person.affiliation,
        terms["equal"] if person.equal else "",
        terms["corresponding"] if person.corresponding else "",
        person.email,
        (orcid, orcid) if person.orcid else "",
    ]
    pieces: list[FrontPiece] = []
    for piece in (piece for piece in told if piece):
        pieces.append("; " if pieces else f"{person.name}: ")
        pieces.append(piece)
    return tuple(pieces)
