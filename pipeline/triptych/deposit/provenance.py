"""Provenance: in, what happened to an edition and who did it; out, PREMIS 3.0 XML.

The work is an intellectual entity, the package a representation of it, each file a file of that
(PREMIS Data Dictionary 3.0, 1.1 to 1.4). Types of events and outcomes are those of the
preservation vocabularies of the Library of Congress.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from lxml import etree
from lxml.builder import ElementMaker

from triptych.deposit.package import Package, PackagePart
from triptych.formats import SIGNATURE_ENDINGS

EventType = Literal[
    "creation",
    "message digest calculation",
    "validation",
    "fixity check",
    "digital signature validation",
    "ingestion",
]
Outcome = Literal["success", "fail", "warning"]

PROVENANCE = "provenance.xml"

_PREMIS = "http://www.loc.gov/premis/v3"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMA = f"{_PREMIS} http://www.loc.gov/standards/premis/v3/premis-v3-0.xsd"
_VOCABULARY = "http://id.loc.gov/vocabulary/preservation"
_E = ElementMaker(namespace=_PREMIS, nsmap={"premis": _PREMIS, "xsi": _XSI})


@dataclass(frozen=True, slots=True)
class Agent:
    """Who did something: a program with its version, a person or an organisation."""

    name: str
    kind: Literal["software", "person", "organization"] = "software"
    version: str = ""

    @property
    def id(self) -> str:
        """Its identifier: its name, and its version where it has one."""
        return f"{self.name} {self.version}".strip()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: `when` is a date or time in ISO 8601, `note` describes the outcome.

    `paths` are the parts of the package that are affected; none means the package as a whole.
    """

    type: EventType
    when: str
    detail: str
    outcome: Outcome
    agents: tuple[Agent, ...]
    note: str = ""
    paths: tuple[str, ...] = ()


def provenance(package: Package, events: Sequence[Event]) -> bytes:
    """The provenance of a package: the work, its files, and what happened, in this order.

    An event's identifier is derived from the event, so that it stays the same in later versions.
    Raises ValueError for an event about a file that the package does not have.
    """
    strange = {path for event in events for path in event.paths} - package.parts.keys()
    if strange:
        raise ValueError(f"an event concerns what is not held: {', '.join(sorted(strange))}")
    agents = {agent.id: agent for event in events for agent in event.agents}
    work = package.identifier
    root = _E.premis(
        _object("intellectualEntity", work, _E.originalName(package.manifest.record.title)),
        _object("representation", _id(work), _relation("represents", work)),
        *(_file(package, path, held) for path, held in package.parts.items()),
        *(_event(work, event) for event in events),
        *(_agent(agent) for agent in agents.values()),
        version="3.0",
    )
    root.set(f"{{{_XSI}}}schemaLocation", _SCHEMA)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


# --- Objects -------------------------------------------------------------------------------------


def _file(package: Package, path: str, held: PackagePart) -> etree._Element:
    work, digest = package.identifier, sha256(held.data).hexdigest()
    characteristics = _E.objectCharacteristics(
        _E.fixity(_E.messageDigestAlgorithm("SHA-256"), _E.messageDigest(digest)),
        _E.size(str(len(held.data))),
        _E.format(_E.formatDesignation(_E.formatName(held.media_type))),
    )
    version = package.manifest.tools.get("triptych")
    if version and held.kind in ("edition", "manifest") and not path.endswith(SIGNATURE_ENDINGS):
        characteristics.append(
            _E.creatingApplication(
                _E.creatingApplicationName("Triptych"), _E.creatingApplicationVersion(version)
            )
        )
    return _object(
        "file",
        _id(work, path),
        characteristics,
        _E.originalName(path),
        _relation("is part of", _id(work)),
    )


def _object(kind: str, identifier: str, *content: etree._Element) -> etree._Element:
    element = _E.object(_identifier("object", identifier), *content)
    element.set(f"{{{_XSI}}}type", f"premis:{kind}")
    return element


def _relation(how: str, other: str) -> etree._Element:
    return _E.relationship(
        _term("relationshipType", "structural", "str"),
        _E.relationshipSubType(how),
        _identifier("relatedObject", other),
    )


def _id(work: str, path: str = "package") -> str:
    """The identifier of a file of the package, or of the package itself."""
    return f"{work}#{path}"


# --- Events and agents ---------------------------------------------------------------------------

_CODES: dict[EventType, str] = {
    "creation": "cre",
    "message digest calculation": "mes",
    "validation": "val",
    "fixity check": "fix",
    "digital signature validation": "dig",
    "ingestion": "ing",
}


def _event(work: str, event: Event) -> etree._Element:
    outcome = _E.eventOutcomeInformation(_term("eventOutcome", event.outcome, event.outcome[:3]))
    if event.note:
        outcome.append(_E.eventOutcomeDetail(_E.eventOutcomeDetailNote(event.note)))
    concerned = [_id(work, path) for path in event.paths] or [_id(work)]
    return _E.event(
        _identifier("event", _event_id(work, event), "UUID"),
        _term("eventType", event.type, _CODES[event.type]),
        _E.eventDateTime(event.when),
        _E.eventDetailInformation(_E.eventDetail(event.detail)),
        outcome,
        *(_identifier("linkingAgent", agent.id) for agent in event.agents),
        *(_identifier("linkingObject", name) for name in concerned),
    )


def _event_id(work: str, event: Event) -> str:
    seed = "\n".join([work, event.type, event.when, event.detail, *event.paths])
    return str(uuid.uuid5(uuid.NAMESPACE_URL, seed))


def _agent(agent: Agent) -> etree._Element:
    element = _E.agent(
        _identifier("agent", agent.id), _E.agentName(agent.name), _E.agentType(agent.kind)
    )
    if agent.version:
        element.append(_E.agentVersion(agent.version))
    return element


def _identifier(what: str, value: str, kind: str = "local") -> etree._Element:
    kind = _kind_of(value) if kind == "local" else kind
    return _E(
        f"{what}Identifier",
        _E(f"{what}IdentifierType", kind),
        _E(f"{what}IdentifierValue", value),
    )


def _kind_of(identifier: str) -> str:
    return "URI" if identifier.startswith(("urn:", "http:", "https:", "doi:")) else "local"


def _term(name: str, value: str, code: str) -> etree._Element:
    """A term of a preservation vocabulary, with its code there."""
    vocabulary = f"{_VOCABULARY}/{name}"
    return _E(name, value, authority=name, authorityURI=vocabulary, valueURI=f"{vocabulary}/{code}")
