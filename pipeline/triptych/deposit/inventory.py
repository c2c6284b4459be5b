"""The inventory: which versions an OCFL object has, and the files of each (OCFL 1.1, 3.5).

In: an inventory as read from a store, and the files of a new version. Out: the new inventory, and
the files that must be stored, since no earlier version has them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256, sha512
from typing import Any

TYPE = "https://ocfl.io/1.1/spec/#inventory"
FILE = "inventory.json"
SIDECAR = "inventory.json.sha512"
DECLARATION = "0=ocfl_object_1.1"
DECLARED = b"ocfl_object_1.1\n"


@dataclass(frozen=True, slots=True)
class Version:
    """One version: `created` is a time (RFC 3339); `state` maps its paths to SHA-512 in hex."""

    created: str
    message: str
    user: str
    address: str
    state: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Inventory:
    """An object's inventory.

    `manifest` maps the paths of stored files, from the object's root, to their SHA-512 in hex;
    `fixity` maps some of them to their SHA-256, the digest that edition manifests use.
    """

    id: str
    versions: tuple[Version, ...]
    manifest: Mapping[str, str]
    fixity: Mapping[str, str]

    @property
    def head(self) -> str:
        """The name of the newest version's folder."""
        return f"v{len(self.versions)}"

    def stored(self, number: int) -> dict[str, str]:
        """The stored path of each file of a version, from the object's root, by its path."""
        place = {digest: path for path, digest in sorted(self.manifest.items(), reverse=True)}
        return {path: place[digest] for path, digest in self.versions[number - 1].state.items()}


class InventoryProblem(Exception):
    """An inventory breaks the rules; the message says which, with the clause of OCFL 1.1."""


def add_version(
    inventory: Inventory, files: Mapping[str, bytes], created: str, message: str,
    user: str, address: str,
) -> tuple[Inventory, dict[str, bytes]]:  # fmt: skip
    """The inventory with one more version of these files, and the files that must be stored.

    New files are stored in a folder that is named after their digests. If two deposits try to add
    the same version at once, they never write to the same path, unless the bytes are the same.
    """
    state = {path: sha512(data).hexdigest() for path, data in sorted(files.items())}
    known = set(inventory.manifest.values())
    folder = sha256("\n".join(f"{d} {p}" for p, d in state.items()).encode()).hexdigest()[:16]
    manifest, fixity = dict(inventory.manifest), dict(inventory.fixity)
    content: dict[str, bytes] = {}
    for path, digest in state.items():
        if digest not in known:
            known.add(digest)
            place = f"v{len(inventory.versions) + 1}/content/{folder}/{path}"
            content[place] = files[path]
            manifest[place], fixity[place] = digest, sha256(files[path]).hexdigest()
    version = Version(created, message, user, address, state)
    versions = (*inventory.versions, version)
    return Inventory(inventory.id, versions, manifest, fixity), content


# --- JSON ----------------------------------------------------------------------------------------


def write_inventory(inventory: Inventory) -> bytes:
    """The inventory as `inventory.json` (OCFL 1.1, 3.5)."""
    value = {
        "digestAlgorithm": "sha512",
        "fixity": {"sha256": _by_digest(inventory.fixity)},
        "head": inventory.head,
        "id": inventory.id,
        "manifest": _by_digest(inventory.manifest),
        "type": TYPE,
        "versions": {
            f"v{number}": {
                "created": version.created,
                "message": version.message,
                "state": _by_digest(version.state),
                "user": {"address": version.address, "name": version.user},
            }
            for number, version in enumerate(inventory.versions, 1)
        },
    }
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def sidecar(inventory: bytes) -> bytes:
    """The content of `inventory.json.sha512` for an inventory (OCFL 1.1, 3.6, E061)."""
    return f"{sha512(inventory).hexdigest()} {FILE}\n".encode()


def due_files(inventory: bytes) -> dict[str, bytes]:
    """All files of an object besides its content, by path, as its inventory requires."""
    head, beside = read_inventory(inventory).head, sidecar(inventory)
    return {
        f"{head}/{SIDECAR}": beside,
        f"{head}/{FILE}": inventory,
        FILE: inventory,
        SIDECAR: beside,
        DECLARATION: DECLARED,
    }


def _by_digest(paths: Mapping[str, str]) -> dict[str, list[str]]:
    digests: dict[str, list[str]] = {}
    for path, digest in sorted(paths.items()):
        digests.setdefault(digest, []).append(path)
    return digests


def read_inventory(data: bytes) -> Inventory:
    """Read an `inventory.json`. Raises InventoryProblem for the first rule it breaks."""
    try:
        value = json.loads(data)
    except ValueError as error:
        raise InventoryProblem(f"is not JSON: {error} (E033)") from None
    if not isinstance(value, dict):
        raise InventoryProblem("is not a JSON object (E033)")
    try:
        return _read(value)
    except (KeyError, TypeError, AttributeError) as error:
        raise InventoryProblem(
            f"does not have the structure of an inventory: {error!r} (E036)"
        ) from None


def _read(value: Mapping[str, Any]) -> Inventory:
    _expect(value["type"] == TYPE, f"its type is {value['type']!r}, not {TYPE} (E038)")
    algorithm = value["digestAlgorithm"]
    _expect(algorithm == "sha512", f"its digests are {algorithm!r}; Triptych reads sha512 (E025)")
    _expect(value.get("contentDirectory", "content") == "content", "its content is elsewhere")
    names = [f"v{number}" for number in range(1, len(value["versions"]) + 1)]
    _expect(bool(names), "it has no version (E008)")
    _expect(sorted(value["versions"]) == sorted(names), "its versions are not v1, v2, … (E009)")
    _expect(value["head"] == names[-1], f"its head is {value['head']!r}, not {names[-1]} (E040)")
    manifest = _paths(value["manifest"], "E099")
    versions = tuple(_version(value["versions"][name]) for name in names)
    used = {digest for version in versions for digest in version.state.values()}
    lacking = sorted(used - set(manifest.values()))
    _expect(not lacking, f"its manifest lacks the digest {''.join(lacking[:1])[:16]}… (E050)")
    unused = sorted(set(manifest.values()) - used)
    _expect(not unused, f"no version uses the digest {''.join(unused[:1])[:16]}… (E107)")
    fixity = _paths(value.get("fixity", {}).get("sha256", {}), "E057")
    _expect(fixity.keys() <= manifest.keys(), "its fixity names a file that its manifest has not")
    return Inventory(str(value["id"]), versions, manifest, fixity)


def _version(value: Mapping[str, Any]) -> Version:
    created = str(value["created"])
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", created):
        raise InventoryProblem(f"{created!r} is not a time in the form of RFC 3339 (E049)")
    user = value.get("user", {})
    return Version(
        created, str(value.get("message", "")), str(user.get("name", "")),
        str(user.get("address", "")), _paths(value["state"], "E052"),
    )  # fmt: skip


def _paths(block: Mapping[str, list[str]], clause: str) -> dict[str, str]:
    """A block of digests with their paths, turned into paths with their digests."""
    paths = {path: digest.lower() for digest, listed in block.items() for path in listed}
    _expect(len(paths) == sum(map(len, block.values())), "a path occurs twice (E095, E101)")
    for path in paths:
        if any(part in ("", ".", "..") for part in path.split("/")):
            raise InventoryProblem(f"{path!r} is not a path in the object ({clause})")
        if any(parent in paths for parent in _parents(path)):
            raise InventoryProblem(f"{path!r} is inside a file (E095, E101)")
    return paths


def _parents(path: str) -> Iterator[str]:
    parts = path.split("/")
    return ("/".join(parts[:n]) for n in range(1, len(parts)))


def _expect(true: bool, problem: str) -> None:
    if not true:
        raise InventoryProblem(problem)
