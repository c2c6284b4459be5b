"""The inventory: which versions an OCFL object has, and the files of each (OCFL 1.1, 3.5).

In: an inventory as read from a store (`inventory_rules`), and the files of a new version. Out: the
new inventory, and the files that must be stored, since no earlier version has them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256, sha512

TYPE = "https://ocfl.io/1.1/spec/#inventory"
FILE = "inventory.json"
SIDECAR = "inventory.json.sha512"
DECLARATION = "0=ocfl_object_1.1"
DECLARED = b"ocfl_object_1.1\n"
DEPOSITOR = "Triptych"
DEPOSITOR_ADDRESS = "urn:triptych"
"""Who added a version, as Triptych says it."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version: `created` is a time (RFC 3339); `state` maps its paths to digests in hex."""

    created: str
    message: str
    user: str
    address: str
    state: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Inventory:
    """An object's inventory.

    `manifest` maps the paths of stored files, from the object's root, to their digests in hex, made
    by `algorithm`. `fixity` maps some of them to further digests, by algorithm: Triptych gives the
    SHA-256, which edition manifests use. `names` are those of the versions' folders, if they are
    not v1, v2, …; `content` is the folder in each that has its files. `names_content` tells whether
    the inventory says so, and `specification` which OCFL it follows.
    """

    id: str
    versions: tuple[Version, ...]
    manifest: Mapping[str, str]
    fixity: Mapping[str, Mapping[str, str]]
    names: tuple[str, ...] = ()
    algorithm: str = "sha512"
    content: str = "content"
    names_content: bool = False
    specification: str = "1.1"

    @property
    def head(self) -> str:
        """The name of the newest version's folder."""
        return self.folder(len(self.versions))

    @property
    def is_deposited(self) -> bool:
        """Whether every version is one that Triptych deposited."""
        return all(version.address == DEPOSITOR_ADDRESS for version in self.versions)

    @property
    def is_plain(self) -> bool:
        """Whether it is made as Triptych makes it, so that a version can be added."""
        ways = (self.names, self.algorithm, self.content, self.specification)
        return ways == ((), "sha512", "content", "1.1")

    def folder(self, number: int) -> str:
        """The name of a version's folder."""
        return self.names[number - 1] if self.names else f"v{number}"

    def stored(self, number: int) -> dict[str, str]:
        """The stored path of each file of a version, from the object's root, by its path."""
        place = {digest: path for path, digest in sorted(self.manifest.items(), reverse=True)}
        return {path: place[digest] for path, digest in self.versions[number - 1].state.items()}


def plain_names(count: int) -> tuple[str, ...]:
    """The names of so many versions' folders, as they should be: v1, then v2."""
    return tuple(f"v{number}" for number in range(1, count + 1))


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
    manifest, fixity = dict(inventory.manifest), dict(inventory.fixity.get("sha256", {}))
    content: dict[str, bytes] = {}
    for path, digest in state.items():
        if digest not in known:
            known.add(digest)
            place = f"v{len(inventory.versions) + 1}/content/{folder}/{path}"
            content[place] = files[path]
            manifest[place], fixity[place] = digest, sha256(files[path]).hexdigest()
    version = Version(created, message, user, address, state)
    versions = (*inventory.versions, version)
    return Inventory(inventory.id, versions, manifest, {"sha256": fixity}), content


# --- JSON ----------------------------------------------------------------------------------------


def write_inventory(inventory: Inventory) -> bytes:
    """The inventory as `inventory.json` (OCFL 1.1, 3.5)."""
    value = {
        "digestAlgorithm": "sha512",
        "fixity": {name: _by_digest(block) for name, block in inventory.fixity.items()},
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


def due_files(head: str, inventory: bytes) -> dict[str, bytes]:
    """All files of an object besides its content, by path; `head` is its newest version."""
    beside = sidecar(inventory)
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
