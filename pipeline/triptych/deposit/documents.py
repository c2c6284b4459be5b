"""The documents of a deposit.

In: a package as gathered, and the time of the deposit. Out: the package with its bill of tools and
its crate, and the bag's tags: provenance and README. Only the tags say when the deposit was made.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from triptych import __version__
from triptych.deposit.crate import METADATA, crate
from triptych.deposit.package import CHECK, Package, part
from triptych.deposit.provenance import PROVENANCE, Agent, Event, provenance
from triptych.deposit.readme import README, readme
from triptych.deposit.sbom import SBOM, sbom
from triptych.deposit.toolchain import Component
from triptych.diagnostics import UsageError

_TRIPTYCH = Agent("Triptych", version=__version__)


def with_bill(package: Package, components: Iterable[Component]) -> Package:
    """The package with the bill of the tools that made its edition.

    Raises UsageError if the edition manifest names other versions than these: the bill would then
    list tools that the edition was not made with.
    """
    tools = tuple(components)
    here = {component.name: component.version for component in tools}
    other = [
        f"{name} {version} (here: {here.get(name, 'none')})"
        for name, version in sorted(package.manifest.tools.items())
        if here.get(name) != version
    ]
    if other:
        raise UsageError(
            f"the edition was made with {', '.join(other)}: deposit it where it was made, or build "
            "it again"
        )
    return _with(package, SBOM, sbom(package, tools))


def with_crate(package: Package, day: str) -> Package:
    """The package with its description as an RO-Crate; `day` is its date if it has none."""
    return _with(package, METADATA, crate(package, day))


def _with(package: Package, path: str, data: bytes) -> Package:
    parts = {**package.parts, path: part(path, data, "document")}
    return replace(package, parts=dict(sorted(parts.items())))


def tags(package: Package, version: str, created: datetime) -> Mapping[str, bytes]:
    """The files beside the payload; `version` is the name of the new version, such as `v2`."""
    events = tuple(_events(package, version, created))
    return {
        PROVENANCE: provenance(package, events),
        README: readme(package, events).encode(),
    }


def _events(package: Package, version: str, created: datetime) -> Iterator[Event]:
    """What was done in this deposit."""
    when = f"{created.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    yield from _validations(package, when)
    yield Event(
        "message digest calculation", when, "SHA-256 and SHA-512 of every file were computed",
        "success", (_TRIPTYCH,),
    )  # fmt: skip
    yield Event(
        "ingestion", when, f"Taken into the store as version {version}", "success", (_TRIPTYCH,)
    )


def _validations(package: Package, when: str) -> Iterator[Event]:
    """The verdicts of the collation and of each installed validator on each file."""
    if CHECK not in package.parts:
        return
    report: Mapping[str, Any] = json.loads(package.parts[CHECK].data)
    for told in report["examinations"]:
        path = f"editions/{told['file']}"
        if told["verdict"] == "not available" or path not in package.parts:
            continue
        detail = f"{told['file']} was held against {told['standard']} by {told['tool']}"
        note = f"{told['errors']} errors, {told['warnings']} warnings"
        agent = _TRIPTYCH if told["tool"] == "Collation" else Agent(
            told["tool"], version=told["version"]
        )  # fmt: skip
        yield Event(
            "validation", when, detail, "success" if told["verdict"] == "passed" else "fail",
            (agent,), told["detail"] or note, (path,),
        )  # fmt: skip
