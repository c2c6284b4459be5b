"""What the web page tells search engines and reference managers about the work.

In: an `Edition`. Out: schema.org JSON-LD, Dublin Core, Highwire citation tags and Open Graph.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from html import escape
from typing import Any

from triptych.addresses import doi_of
from triptych.edition import Edition
from triptych.people import Contributor


def page_metadata(edition: Edition) -> Iterator[str]:
    """The lines in the head of the page."""
    record = edition.record
    yield f"<title>{escape(record.full_title)}</title>"
    if record.summary:
        yield _meta("description", record.summary)
    if record.keywords:
        yield _meta("keywords", ", ".join(record.keywords))
    for person in record.authors:
        yield _meta("author", person.name)
    yield '<link rel="schema.DC" href="http://purl.org/dc/elements/1.1/">'
    yield '<link rel="schema.DCTERMS" href="http://purl.org/dc/terms/">'
    yield from _dublin_core(edition)
    yield from _highwire(edition)
    yield from _open_graph(edition)
    icon = base64.b64encode(_ICON).decode()
    yield f'<link rel="icon" type="image/svg+xml" href="data:image/svg+xml;base64,{icon}">'
    yield '<script type="application/ld+json">' + _json_ld(edition) + "</script>"


_ICON = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
    b'<path fill="#8c2f2b" d="M1 3l4 1v9l-4-1zm5 1h4v9H6zm9-1v9l-4 1V4z"/></svg>'
)
"""Three panels, as the picture of the page's tab."""


def _meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{escape(content)}">'


def _dublin_core(edition: Edition) -> Iterator[str]:
    record = edition.record
    yield _meta("DC.title", record.full_title)
    for person in record.contributors:
        yield _meta("DC.creator" if person.role == "author" else "DC.contributor", person.name)
    for name, value in (
        ("DC.date", record.date),
        ("DC.publisher", record.publisher),
        ("DC.identifier", record.identifier),
        ("DC.language", record.language),
        ("DC.rights", record.rights),
        ("DCTERMS.license", record.license),
        ("DCTERMS.abstract", record.summary),
        ("DC.type", "Text"),
        ("DC.format", "text/html"),
    ):
        if value:
            yield _meta(name, value)
    for keyword in record.keywords:
        yield _meta("DC.subject", keyword)


def _highwire(edition: Edition) -> Iterator[str]:
    """The citation tags that Google Scholar and Zotero read."""
    record = edition.record
    yield _meta("citation_title", record.full_title)
    for person in record.authors:
        yield _meta("citation_author", person.name)
        if person.affiliation:
            yield _meta("citation_author_institution", person.affiliation)
        if person.orcid:
            yield _meta("citation_author_orcid", f"https://orcid.org/{person.orcid}")
    if record.date:
        yield _meta("citation_publication_date", record.date.replace("-", "/"))
    if record.publisher:
        yield _meta("citation_publisher", record.publisher)
    yield _meta("citation_language", record.language)
    if doi := doi_of(record.identifier):
        yield _meta("citation_doi", doi)
    for keyword in record.keywords:
        yield _meta("citation_keywords", keyword)
    for entry in edition.ledger.entries:
        yield _meta("citation_reference", entry.text)


def _open_graph(edition: Edition) -> Iterator[str]:
    """How a link to the page is shown where it is shared (The Open Graph protocol)."""
    record = edition.record
    for name, value in (
        ("title", record.full_title),
        ("type", "article"),
        ("description", record.summary),
        ("locale", record.language.replace("-", "_")),
    ):
        if value:
            yield f'<meta property="og:{name}" content="{escape(value)}">'


def _json_ld(edition: Edition) -> str:
    """A description of the article by schema.org, safe inside a script element."""
    record = edition.record
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "headline": record.title,
        "alternativeHeadline": record.subtitle,
        "name": record.full_title,
        "author": [_party(p) for p in record.authors],
        "editor": [_party(p) for p in record.contributors if p.role == "editor"],
        "datePublished": record.date,
        "inLanguage": record.language,
        "publisher": {"@type": "Organization", "name": record.publisher}
        if record.publisher
        else None,
        "identifier": record.identifier,
        "license": record.license,
        "copyrightNotice": record.rights,
        "keywords": list(record.keywords),
        "abstract": record.summary,
        "citation": [
            {"@type": "CreativeWork", "name": entry.text} for entry in edition.ledger.entries
        ],
    }
    kept = {name: value for name, value in described.items() if value}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True).replace("</", "<\\/")


def _party(contributor: Contributor) -> dict[str, str]:
    kind = "Organization" if contributor.organisation else "Person"
    party = {"@type": kind, "name": contributor.name}
    if contributor.orcid:
        party["@id"] = f"https://orcid.org/{contributor.orcid}"
    return party
