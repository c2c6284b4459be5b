"""Metadata: what a file tells programs about the work must be what the edition record says.

Each format has its own names for the same things. Here stands, by name, what each must say. A name
that is not listed says something that nobody has approved.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from triptych.collate.difference import Difference
from triptych.collate.pairing import Comparison
from triptych.formats import FORMATS
from triptych.manifest import EditionManifest

Said: TypeAlias = Mapping[str, list[str]]
"""What must be said under each name, in order."""

_TECHNICAL = re.compile(
    r"viewport|color-scheme|cover|schema:access.*|xmp:CreatorTool|xmpMM:.*|pdf(a|ua|x)id:.*"
    r"|pdfaExtension:.*|pdf:Producer|pdf:Trapped|Producer|Creator|GTS_PDFXVersion|Trapped"
)
"""Names under which a file tells about itself, not about the work."""
_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\..+)", re.I)
_ORCID = "https://orcid.org/"
_RELATORS = {"author": "aut", "editor": "edt", "translator": "trl", "illustrator": "ill"}
"""The codes of MARC for what people did."""


def wrong_metadata(comparison: Comparison) -> Iterator[Difference]:
    """Every name under which a file says something else than the edition record."""
    form = FORMATS[comparison.witness.format]
    if not form.describes:
        return
    read: dict[str, list[str]] = {}
    for name, value in comparison.witness.metadata:
        if words := _bare(value):
            read.setdefault(name, []).append(words)
    expected = _WANTED[form.describes](comparison.manifest, bool(comparison.witness.pages))
    for name in dict.fromkeys((*expected, *read)):
        if name not in expected and _TECHNICAL.fullmatch(name):
            continue
        said, wanted = read.get(name, []), list(map(_bare, expected.get(name, [])))
        if said != wanted:
            shown, right = _shown(said), _shown(wanted)
            message = f"{name} says {shown or 'nothing'}, and the record {right or 'nothing'}"
            yield comparison.tell("metadata-differs", "", message, right, shown, name)


def bare_doi(identifier: str) -> str:
    """The DOI that an identifier is, without what may stand before it; empty where it is none."""
    found = _DOI.fullmatch(identifier)
    return found[1] if found else ""


def _bare(value: str) -> str:
    return unicodedata.normalize("NFC", " ".join(value.split()))


def _shown(values: list[str]) -> str:
    return ", ".join(f"“{value}”" for value in values)


def _page(manifest: EditionManifest, _: bool) -> Said:
    """What a web page says, in the names of HTML, Dublin Core, Highwire and schema.org."""
    record = manifest.record
    keywords, authors = list(record.keywords), [person.name for person in record.authors]
    references = [entry.text for entry in manifest.ledger.entries]
    return {
        "lang": [record.language],
        "title": [record.full_title],
        "description": _one(record.summary),
        "keywords": _one(", ".join(keywords)),
        "author": authors,
        "DC.title": [record.full_title],
        "DC.creator": authors,
        "DC.contributor": _others(manifest),
        "DC.date": _one(record.date),
        "DC.publisher": _one(record.publisher),
        "DC.identifier": _one(record.identifier),
        "DC.language": [record.language],
        "DC.rights": _one(record.rights),
        "DC.type": ["Text"],
        "DC.format": ["text/html"],
        "DC.subject": keywords,
        "DCTERMS.license": _one(record.license),
        "DCTERMS.abstract": _one(record.summary),
        "citation_title": [record.full_title],
        "citation_author": authors,
        "citation_author_institution": [p.affiliation for p in record.authors if p.affiliation],
        "citation_author_orcid": [f"{_ORCID}{p.orcid}" for p in record.authors if p.orcid],
        "citation_publication_date": _one(record.date.replace("-", "/")),
        "citation_publisher": _one(record.publisher),
        "citation_language": [record.language],
        "citation_doi": _one(bare_doi(record.identifier)),
        "citation_keywords": keywords,
        "citation_reference": references,
        **(_open_graph(manifest) if manifest.own is not None else {}),  # older pages have none
        "schema:@context": ["https://schema.org"],
        "schema:@type": ["ScholarlyArticle"],
        "schema:headline": [record.title],
        "schema:alternativeHeadline": _one(record.subtitle),
        "schema:name": [record.full_title],
        **_parties("author", manifest),
        **_parties("editor", manifest),
        "schema:datePublished": _one(record.date),
        "schema:inLanguage": [record.language],
        "schema:publisher.@type": ["Organization"] if record.publisher else [],
        "schema:publisher.name": _one(record.publisher),
        "schema:identifier": _one(record.identifier),
        "schema:license": _one(record.license),
        "schema:copyrightNotice": _one(record.rights),
        "schema:keywords": keywords,
        "schema:abstract": _one(record.summary),
        "schema:citation.@type": ["CreativeWork"] * len(references),
        "schema:citation.name": references,
    }


def _open_graph(manifest: EditionManifest) -> Said:
    record = manifest.record
    return {
        "og:title": [record.full_title],
        "og:type": ["article"],
        "og:description": _one(record.summary),
        "og:locale": [record.language.replace("-", "_")],
    }


def _package(manifest: EditionManifest, paged: bool) -> Said:
    """What the package of an e-book says (EPUB 3.3, 5.5); `paged` if it marks printed pages."""
    record = manifest.record
    source = [record.identifier] if paged else []
    return {
        "lang": [record.language],
        "dc:identifier": [record.identifier],
        "dc:title": [record.full_title],
        "dc:language": [record.language],
        "dc:creator": [person.name for person in record.authors],
        "dc:contributor": _others(manifest),
        "role": [_RELATORS[person.role] for person in record.contributors],
        "dc:date": _one(record.date),
        "dc:publisher": _one(record.publisher),
        "dc:rights": _one(record.rights),
        "dc:description": _one(record.summary),
        "dc:subject": list(record.keywords),
        "dc:source": source,
        "pageBreakSource": source,
        "source-of": ["pagination"] if paged else [],
        "dcterms:modified": [record.made],
    }


def _packet(manifest: EditionManifest, _: bool) -> Said:
    """What a PDF says (ISO 32000-1, 14.3), in its dictionary and in its packet."""
    record = manifest.record
    authors = [person.name for person in record.authors]
    keywords = _one(", ".join(record.keywords))
    moment = [f"D:{re.sub('[-T:]', '', record.made)}"]
    return {
        "lang": [record.language],
        "Title": [record.full_title],
        "Author": _one(", ".join(authors)),
        "Subject": _one(record.summary),
        "Keywords": keywords,
        "CreationDate": moment,
        "ModDate": moment,
        "dc:format": ["application/pdf"],
        "dc:title": [record.full_title],
        "dc:creator": authors,
        "dc:description": _one(record.summary),
        "dc:publisher": _one(record.publisher),
        "dc:rights": _one(record.rights),
        "dc:identifier": [record.identifier],
        "dc:language": [record.language],
        "dc:subject": list(record.keywords),
        "pdf:Keywords": keywords,
        "xmp:CreateDate": [record.made],
        "xmp:ModifyDate": [record.made],
        "xmp:MetadataDate": [record.made],
    }


_WANTED: Mapping[str, Callable[[EditionManifest, bool], Said]] = {
    "page": _page, "package": _package, "packet": _packet,
}  # fmt: skip


def _one(value: str) -> list[str]:
    return [value] if value else []


def _others(manifest: EditionManifest) -> list[str]:
    return [person.name for person in manifest.record.contributors if person.role != "author"]


def _parties(role: str, manifest: EditionManifest) -> Said:
    people = [person for person in manifest.record.contributors if person.role == role]
    return {
        f"schema:{role}.@type": [
            "Organization" if person.organisation else "Person" for person in people
        ],
        f"schema:{role}.name": [person.name for person in people],
        f"schema:{role}.@id": [f"{_ORCID}{person.orcid}" for person in people if person.orcid],
    }
