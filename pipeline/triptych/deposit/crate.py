"""The crate: a package in, RO-Crate 1.3 metadata (JSON-LD) out.

It describes the payload folder of a package in terms of schema.org, for programs that know neither
Triptych nor archives.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from triptych.deposit.package import Package, PackagePart
from triptych.deposit.readme import title_of
from triptych.people import Contributor
from triptych.record import EditionRecord

METADATA = "ro-crate-metadata.json"
"""What the file must be called, in the folder it describes (RO-Crate 1.3, 2.1)."""

_PROFILE = "https://w3id.org/ro/crate/1.3"
_IDENTIFIER = "#identifier"
_MAKING = "#making"
_RIGHTS = "#rights"
_HOMES = {
    "pandoc": "https://pandoc.org/",
    "weasyprint": "https://weasyprint.org/",
    "ebooklib": "https://github.com/aerkalov/ebooklib",
}


def crate(package: Package, day: str) -> bytes:
    """The metadata of the folder that holds the parts of a package.

    `day` is the date of publication (ISO 8601) if the record has none: a crate must have one.
    """
    record = package.manifest.record
    graph = [
        {
            "@id": METADATA,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": _PROFILE},
        },
        _root(package, day),
        {
            "@id": _IDENTIFIER,
            "@type": "PropertyValue",
            "name": "Identifier of the work",
            "value": package.identifier,
        },
        *_people(record),
        *_rights(record),
        *(_file(path, part) for path, part in package.parts.items()),
        *_making(package),
    ]
    once = {entity["@id"]: entity for entity in graph}  # people may share an affiliation
    value = {"@context": f"{_PROFILE}/context", "@graph": list(once.values())}
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _root(package: Package, day: str) -> dict[str, Any]:
    record = package.manifest.record
    people = {role: [_person_id(p) for p in record.contributors if p.role == role]
              for role in ("author", "editor", "translator", "illustrator")}  # fmt: skip
    told = {
        "@id": "./",
        "@type": "Dataset",
        "name": record.full_title,
        "description": record.summary
        or f"{record.full_title}: its editions, their source, and their proof.",
        "datePublished": record.date or day,
        "identifier": {"@id": _IDENTIFIER},
        "inLanguage": record.language,
        "keywords": ", ".join(record.keywords),
        "license": {"@id": next(_rights(record))["@id"]},
        "copyrightNotice": record.rights,
        "publisher": {"@id": "#publisher"} if record.publisher else None,
        **{role: _only([{"@id": name} for name in names]) for role, names in people.items()},
        "hasPart": _only([{"@id": _iri(path)} for path in package.parts]),
        "mentions": {"@id": _MAKING},
    }
    return {key: value for key, value in told.items() if value}


def _people(record: EditionRecord) -> Iterator[dict[str, Any]]:
    for person in record.contributors:
        told: dict[str, Any] = {
            "@id": _person_id(person),
            "@type": "Organization" if person.organisation else "Person",
            "name": person.name,
        }
        if person.affiliation:
            name = _local("place", person.affiliation)
            told["affiliation"] = {"@id": name}
            yield {"@id": name, "@type": "Organization", "name": person.affiliation}
        yield told
    if record.publisher:
        yield {"@id": "#publisher", "@type": "Organization", "name": record.publisher}


def _person_id(person: Contributor) -> str:
    orcid = person.orcid
    return f"https://orcid.org/{orcid}" if orcid else _local("person", person.name)


def _rights(record: EditionRecord) -> Iterator[dict[str, Any]]:
    """The licence as an entity of its own; if it is an address, under that address."""
    licence = record.license
    words = licence or record.rights or "No licence is stated"
    known = licence.startswith(("http://", "https://"))
    yield {
        "@id": licence if known else _RIGHTS,
        "@type": "CreativeWork",
        "name": words,
        "description": record.rights or words,
    }


def _file(path: str, part: PackagePart) -> dict[str, Any]:
    return {
        "@id": _iri(path),
        "@type": "File",
        "name": path.rsplit("/", 1)[-1],
        "description": title_of(path, part),
        "encodingFormat": part.media_type,
        "contentSize": str(len(part.data)),
        "sha256": sha256(part.data).hexdigest(),
    }


def _making(package: Package) -> Iterator[dict[str, Any]]:
    """How the editions were made: from what, and with which tools."""
    tools = dict(sorted(package.manifest.tools.items()))

    def parts(*kinds: str) -> object:
        return _only([{"@id": _iri(path)} for path, p in package.parts.items() if p.kind in kinds])

    yield {
        "@id": _MAKING,
        "@type": "CreateAction",
        "name": "Making the editions",
        "instrument": _only([{"@id": f"#tool-{name}"} for name in tools]),
        "object": parts("source", "design"),
        "result": parts("edition", "manifest"),
    }
    for name, version in tools.items():
        yield {
            "@id": f"#tool-{name}",
            "@type": "SoftwareApplication",
            "name": name,
            "version": version,
            "url": _HOMES.get(name, f"pkg:pypi/{name}@{version}"),  # a package URL names it too
        }


def _only(values: list[dict[str, str]]) -> object:
    """A single value is not put into a list."""
    return values[0] if len(values) == 1 else values


def _local(kind: str, name: str) -> str:
    return f"#{kind}-{_iri(name)}"


def _iri(text: str) -> str:
    """Text encoded for an IRI: letters of all scripts stay as they are (RO-Crate 1.3, 4.2.2)."""
    return "".join(letter if ord(letter) > 127 else quote(letter) for letter in text)
