"""Fixity: whether a store still has, bit by bit, what was put into it (OCFL 1.1, 3.4 to 3.7).

In: a store. Out: for each object what it holds, and every `StoreFault` with its path.
This reads what any writer of OCFL might have written. It shares with the code that writes only the
names and forms of files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256, sha512
from typing import Literal

from lxml import etree

from triptych.deposit.bag import PAYLOAD
from triptych.deposit.inventory import (
    DECLARATION,
    DECLARED,
    FILE,
    SIDECAR,
    Inventory,
    InventoryProblem,
    read_inventory,
    write_inventory,
)
from triptych.deposit.provenance import PROVENANCE
from triptych.deposit.store import ROOT_FILES, Readable, object_root, object_roots

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)

FaultKind = Literal["damaged", "truncated", "missing", "extra", "misplaced", "differs"]


@dataclass(frozen=True, slots=True, order=True)
class StoreFault:
    """One thing that is wrong: the path in the store, the kind of fault, and what it is."""

    path: str
    kind: FaultKind
    message: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.path}: {self.message}"


@dataclass(frozen=True, slots=True)
class Held:
    """What a store has of one object.

    `inventory` is the newest that is sound, or None; `digests` gives the digests, by algorithm, of
    each stored file that was read, by its path from the object's root.
    """

    root: str
    inventory: Inventory | None
    digests: Mapping[str, Mapping[str, str]]
    faults: tuple[StoreFault, ...]


def root_faults(store: Readable, paths: list[str]) -> Iterator[StoreFault]:
    """What is wrong with the storage root itself, and what is in no object (OCFL 1.1, 4)."""
    for path, data in ROOT_FILES.items():
        if path not in paths:
            yield StoreFault(path, "missing", "the storage root lacks it (E069, E070)")
        elif store.read(path) != data:
            yield StoreFault(
                path, "damaged", "its bytes are not those it was written with (E070, E080)"
            )
    objects = object_roots(paths)
    for path in paths:
        inside = any(path.startswith(f"{root}/") for root in objects)
        if "/" in path and not inside and not path.startswith("extensions/"):
            yield StoreFault(path, "extra", "it belongs to no object (E072)")


def examine(store: Readable, root: str, paths: list[str]) -> Held:
    """Read everything of the object at `root`; `paths` are its files."""
    inside = {path.removeprefix(f"{root}/") for path in paths}
    faults: list[StoreFault] = []

    def fault(path: str, kind: FaultKind, message: str) -> None:
        faults.append(StoreFault(f"{root}/{path}", kind, message))

    read = _Reader(store, root)
    if DECLARATION not in inside:
        fault(DECLARATION, "missing", "the object's declaration is not there (E003)")
    elif read(DECLARATION) != DECLARED:
        fault(DECLARATION, "damaged", "it is not the object's declaration (E007)")
    inventory = _trusted(read)
    for path, kind, message in _inventory_faults(read, inside, inventory):
        fault(path, kind, message)
    if inventory is None:
        return Held(root, None, {}, tuple(faults))
    if object_root(inventory.id) != root:
        fault(FILE, "misplaced", f"{inventory.id} belongs at {object_root(inventory.id)} (E083)")
    digests: dict[str, dict[str, str]] = {"sha256": {}, "sha512": {}}
    sizes = _sizes(read, inventory)
    for path, digest in inventory.manifest.items():
        data = read(path)
        if data is None:
            fault(path, "missing", "the inventory names it, but it is not there (E092)")
            continue
        digests["sha512"][path] = sha512(data).hexdigest()
        digests["sha256"][path] = sha256(data).hexdigest()
        if digests["sha512"][path] != digest:
            size = sizes.get(path, 0)
            if len(data) < size:
                fault(path, "truncated", f"it has {len(data)} of its {size} bytes (E092)")
            else:
                what = "is not what was deposited" if data else "is empty"
                fault(path, "damaged", f"it {what}: its SHA-512 differs (E092)")
        elif inventory.fixity.get(path, digests["sha256"][path]) != digests["sha256"][path]:
            fault(path, "damaged", "its SHA-256 is not the one in the fixity block (E093)")
    folders = [f"v{number}/" for number in range(1, len(inventory.versions) + 1)]
    known = {f"{folder}{name}" for folder in ("", *folders) for name in (FILE, SIDECAR)}
    for path in sorted(inside - known - {DECLARATION} - inventory.manifest.keys()):
        if not path.startswith(("logs/", "extensions/")):
            fault(path, "extra", "no version has it (E001, E015, E023)")
    return Held(root, inventory, digests, tuple(faults))


def _sizes(read: _Reader, inventory: Inventory) -> dict[str, int]:
    """How many bytes stored files had, as far as the versions' provenance says (PREMIS 3, 1.5.3).

    Digests alone do not show whether a file was truncated or changed.
    """
    sizes: dict[str, int] = {}
    for number in range(1, len(inventory.versions) + 1):
        stored = inventory.stored(number)
        data = read(stored.get(PROVENANCE, "none"))
        if data is None or sha512(data).hexdigest() != inventory.manifest[stored[PROVENANCE]]:
            continue
        for told in etree.fromstring(data, _PARSER).iterfind("{*}object"):
            size, name = told.findtext(".//{*}size"), told.findtext("{*}originalName")
            if size and f"{PAYLOAD}{name}" in stored:
                sizes[stored[f"{PAYLOAD}{name}"]] = int(size)
    return sizes


class _Reader:
    """Reads files of one object; None for a missing one."""

    def __init__(self, store: Readable, root: str) -> None:
        self._store, self._root = store, root

    def __call__(self, path: str) -> bytes | None:
        try:
            return self._store.read(f"{self._root}/{path}")
        except KeyError:
            return None


def _agree(inventory: bytes | None, beside: bytes | None) -> bool:
    """Whether a sidecar has the digest of this inventory (OCFL 1.1, E060, E061)."""
    if inventory is None or beside is None:
        return False
    form = re.fullmatch(rb"([0-9a-f]{128})[ \t]+inventory\.json\n", beside)
    return form is not None and form[1].decode() == sha512(inventory).hexdigest()


def _parsed(data: bytes | None) -> Inventory | None:
    try:
        return None if data is None else read_inventory(data)
    except InventoryProblem:
        return None


def trusted_inventory(store: Readable, root: str) -> Inventory | None:
    """The newest inventory of the object at `root` that is sound, or None."""
    return _trusted(_Reader(store, root))


def _trusted(read: _Reader) -> Inventory | None:
    data = read(FILE)
    if data is not None and _agree(data, read(SIDECAR)):
        return _parsed(data)
    number, newest = 1, None
    while (copy := read(f"v{number}/{FILE}")) is not None:
        if _agree(copy, read(f"v{number}/{SIDECAR}")):
            newest = _parsed(copy)
        number += 1
    return newest


def _inventory_faults(
    read: _Reader, inside: set[str], trusted: Inventory | None
) -> Iterator[tuple[str, FaultKind, str]]:
    """What is wrong with the root's inventory, those of the versions, and their sidecars."""
    versions = {m[0] for path in inside if (m := re.match(r"v\d+(?=/)", path))}
    if trusted is not None:
        versions |= {f"v{number}" for number in range(1, len(trusted.versions) + 1)}
    root = read(FILE)
    for name in ("", *sorted(versions, key=lambda v: int(v[1:]))):
        folder = f"{name}/" if name else ""
        data, beside = read(f"{folder}{FILE}"), read(f"{folder}{SIDECAR}")
        if data is None:
            yield f"{folder}{FILE}", "missing", "the inventory is not there (E063, W010)"
        if beside is None:
            yield f"{folder}{SIDECAR}", "missing", "the inventory's digest is not there (E058)"
        if data is None or beside is None:
            continue
        if not _agree(data, beside):
            # Which of the two was damaged? Not the inventory, if it fits the others.
            parsed = _parsed(data)
            if _goes_with(parsed, trusted) and parsed and write_inventory(parsed) == data:
                yield f"{folder}{SIDECAR}", "damaged", "it is not the inventory's digest (E060)"
            else:
                yield f"{folder}{FILE}", "damaged", "its SHA-512 is not that in its sidecar (E060)"
        elif trusted is not None and not _goes_with(_parsed(data), trusted):
            yield f"{folder}{FILE}", "damaged", "it tells of other versions than the rest (E066)"
    if trusted is not None and root is not None and read(f"{_head(trusted)}/{FILE}") != root:
        parsed = _parsed(root)
        if parsed is not None and parsed.head == trusted.head and _agree(root, read(SIDECAR)):
            yield f"{trusted.head}/{FILE}", "damaged", "it is not the object's inventory (E064)"


def _head(inventory: Inventory | None) -> str:
    return "" if inventory is None else inventory.head


def _goes_with(one: Inventory | None, newest: Inventory | None) -> bool:
    """Whether an inventory is the newest, or one that it was made from (OCFL 1.1, E066, E110)."""
    return (
        one is not None
        and newest is not None
        and one.id == newest.id
        and one.versions == newest.versions[: len(one.versions)]
        and one.manifest.items() <= newest.manifest.items()
    )
