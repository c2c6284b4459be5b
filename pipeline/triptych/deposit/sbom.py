"""The bill of materials: in, the components that made an edition; out, CycloneDX 1.6 JSON.

The same components give the same bytes: it has no time, and the serial number is derived.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from triptych.deposit.package import Package, PackagePart
from triptych.deposit.toolchain import Component

SBOM = "sbom.cdx.json"
"""The file's name, by which programs recognise it (CycloneDX, file extensions)."""

_EDITION = "edition"


def sbom(package: Package, components: Iterable[Component]) -> bytes:
    """The bill of what made the edition of a package: these components, and parts of the design."""
    design = (_material(path, p) for path, p in package.parts.items() if p.kind == "design")
    used = sorted([*components, *design], key=lambda component: component.ref)
    needed = {ref for component in used for ref in component.needs}
    bill: dict[str, Any] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "lifecycles": [{"phase": "build"}],
            "component": {
                "bom-ref": _EDITION,
                "type": "data",
                "name": package.name,
                "version": package.manifest.record.date or "undated",
                "description": package.manifest.record.title,
            },
        },
        "components": [_told(component) for component in used],
        "dependencies": [
            {"ref": _EDITION, "dependsOn": [c.ref for c in used if c.ref not in needed]},
            *({"ref": c.ref, "dependsOn": list(c.needs)} for c in used),
        ],
    }
    seed = json.dumps(bill, sort_keys=True, ensure_ascii=False)
    bill["serialNumber"] = uuid.uuid5(uuid.NAMESPACE_OID, seed).urn
    return (json.dumps(bill, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _material(path: str, part: PackagePart) -> Component:
    return Component(
        ref=f"file:{path}",
        kind="file",
        name=path,
        sha256=sha256(part.data).hexdigest(),
        media_type=part.media_type,
    )


def _told(component: Component) -> dict[str, Any]:
    told: dict[str, Any] = {
        "bom-ref": component.ref,
        "type": component.kind,
        "name": component.name,
        "version": component.version,
        "purl": component.purl,
        "mime-type": component.media_type,
    }
    told = {key: value for key, value in told.items() if value}
    if component.sha256:
        told["hashes"] = [{"alg": "SHA-256", "content": component.sha256}]
    if component.licence:
        told["licenses"] = [{"license": {"name": component.licence}}]
    if component.files:
        told["properties"] = [
            {"name": "triptych:files:count", "value": str(component.files)},
            {"name": "triptych:files:sha256", "value": component.files_sha256},
        ]
    return told
