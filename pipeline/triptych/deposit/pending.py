"""The pending version: one that is decided on, but not completely in its place yet.

If an object cannot be exchanged for a new one in one step, a version's files are first written to a
place of their own, in `extensions/triptych-staging`, which validators ignore (OCFL 1.1, 4.4). The
object is not touched meanwhile. Then one write decides: the record `…/vN.json`, which has the new
inventory and names the one that it replaces. From then on the version is in. The remaining steps
are the same for everyone who finds it: move its files to their places, then write the inventories
and digests.

In: a store. Out: the pending versions; for readers, the store as it is with them; for writers, the
store with everything in its place. Every step may be done twice, by several processes at once, and
may be interrupted anywhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha512
from typing import Any, Protocol

from triptych.deposit.inventory import (
    DECLARATION,
    FILE,
    SIDECAR,
    InventoryProblem,
    due_files,
)
from triptych.deposit.inventory_rules import read_inventory
from triptych.deposit.store import Changed, Readable, StoreError, damaged, read_if_there
from triptych.typed_json import parsed

STAGING = "extensions/triptych-staging"
_RECORD = re.compile(rf"{STAGING}/((?:[0-9a-f]{{3}}/){{3}}[^/]+)/v(\d+)\.json")
_STAGED = re.compile(rf"{STAGING}/((?:[0-9a-f]{{3}}/){{3}}[^/]+)/v(\d+)(?:\.json|/.*)")


class Writable(Readable, Protocol):
    """What a store must be able to do so that versions can be added step by step."""

    def put(self, path: str, data: bytes, former: bytes | None) -> bool:
        """Write a file if `former` is there (None: nothing); return whether it was written."""

    def copy(self, places: Mapping[str, str]) -> None:
        """Copy files: the path of each to its new path. Raises KeyError if one is gone."""

    def remove(self, paths: list[str]) -> None:
        """Remove those of the files that are there."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A version that is decided on.

    `content` maps the places of its files to where they are staged. `due` is what else must be
    written, in order: the path, what may be there before, and the new bytes.
    """

    root: str
    version: str
    content: Mapping[str, str]
    due: tuple[tuple[str, bytes | None, bytes], ...]


def staged(root: str, path: str) -> str:
    """Where a file is staged that will be at `path` in the object at `root`."""
    return f"{STAGING}/{root}/{path}"


def decide(store: Writable, root: str, inventory: bytes, replaced: bytes | None) -> None:
    """Decide on a version whose files are all staged, and put it in its place.

    `replaced` is the inventory that the new one builds on; None for an object's first. Raises
    Changed if the object has another inventory by now, or another version was decided on.
    """
    head = read_inventory(inventory).head
    record = _write_record(inventory, _digest(replaced))
    path = staged(root, f"{head}.json")
    # A service may have written the record, and its answer may have been lost.
    if not store.put(path, record, None) and read_if_there(store, path) != record:
        raise Changed
    try:
        settle(store)
    except StoreError as error:
        raise StoreError(f"{error} (deposit again: it goes on where this one ended)") from None
    if read_if_there(store, f"{root}/{head}/{FILE}") != inventory:
        raise Changed


def pending_versions(store: Readable) -> Iterator[Pending]:
    """Every version that is decided on and may not be completely in its place."""
    for record in _records(store):
        if record.told is not None and record.goes_on:
            yield _pending(store, record.root, f"v{record.number}", *record.told)


def damaged_records(store: Readable) -> list[str]:
    """The records that cannot be read, of versions that are not in."""
    return [record.path for record in _records(store) if record.told is None and record.ahead]


def settle(store: Writable) -> None:
    """Put every pending version in its place, and remove staged files that are not needed.

    Staged files of an object's next version stay: another deposit may be at work. Raises ProofError
    if a pending version is damaged.
    """
    for pending in pending_versions(store):
        _put_in_place(store, pending)
    for record in _records(store):
        if record.ahead and (record.told is None or not record.goes_on):
            raise damaged(
                store, f"{record.path} is not a record of what comes next in {record.root}"
            )
    found = [match for path in store.paths(STAGING) if (match := _STAGED.fullmatch(path))]
    taken = {root: _taken(read_if_there(store, f"{root}/{FILE}")) for root in {m[1] for m in found}}
    store.remove([match[0] for match in found if int(match[2]) <= taken[match[1]]])


def _put_in_place(store: Writable, pending: Pending) -> None:
    def lacking() -> dict[str, str]:
        there = set(store.paths(f"{pending.root}/{pending.version}"))
        return {place: to for to, place in pending.content.items() if to not in there}

    try:
        store.copy(lacking())
    except KeyError:  # another deposit put it in its place and removed it; or it is lost
        for place in lacking():
            raise damaged(store, f"{place} is missing") from None
    for path, former, data in pending.due:
        store.put(path, data, former)


class Settled:
    """A store as readers must see it: with every pending version in its place."""

    def __init__(self, store: Readable) -> None:
        self._store, self.where = store, store.where
        self.pending = tuple(pending_versions(store))
        there = set(store.paths(STAGING)) if self.pending else set()
        self._staged = {
            to: place for p in self.pending for to, place in p.content.items() if place in there
        }
        self._due = {
            path: data for p in self.pending for path, former, data in p.due
            if read_if_there(store, path) == former
        }  # fmt: skip

    def paths(self, under: str = "") -> list[str]:
        """See `Readable`."""
        inside = f"{under}/" if under else ""
        coming = (path for path in (*self._staged, *self._due) if path.startswith(inside))
        return sorted({*self._store.paths(under), *coming})

    def odd(self, under: str = "") -> Mapping[str, str]:
        """See `Readable`."""
        return self._store.odd(under)

    def read(self, path: str) -> bytes:
        """See `Readable`."""
        if path in self._due:
            return self._due[path]
        data = read_if_there(self._store, path)
        if data is None and path in self._staged:
            data = read_if_there(self._store, self._staged[path])
        return self._store.read(path) if data is None else data  # it may just have come


def _pending(
    store: Readable, root: str, version: str, inventory: bytes, replaced: str | None
) -> Pending:
    new = read_inventory(inventory)
    content = {
        f"{root}/{path}": staged(root, path)
        for path in new.manifest if path.startswith(f"{version}/")
    }  # fmt: skip
    due = due_files(new.head, inventory)
    former = {path: read_if_there(store, f"{root}/{path}") for path in due}
    beside = former[SIDECAR]
    if beside is not None and beside.split()[:1] != [f"{replaced}".encode()]:
        former[SIDECAR] = None
    if former[FILE] == inventory:  # everything that belongs to the version is there
        former |= dict.fromkeys((FILE, f"{version}/{FILE}", f"{version}/{SIDECAR}"))
    former[DECLARATION] = None
    # Readers that know of no records use the root inventory, so it comes after the version's
    # files. The declaration makes an object, so it comes last (OCFL 1.1, 3.2).
    if replaced is not None:
        del due[DECLARATION]
    steps = ((f"{root}/{path}", former[path], data) for path, data in due.items())
    return Pending(root, version, content, tuple(steps))


# --- Records -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Record:
    """A record as found.

    `told` is the new inventory and the SHA-512 of the one it replaces; None if the record is
    damaged. `goes_on` says whether the object has one of these two, `ahead` whether the object has
    no version of this number.
    """

    path: str
    root: str
    number: int
    told: tuple[bytes, str | None] | None
    goes_on: bool
    ahead: bool


def _records(store: Readable) -> Iterator[_Record]:
    found = [match for path in store.paths(STAGING) if (match := _RECORD.fullmatch(path))]
    # Each record is read before the object's inventory. A record that was written too late, after
    # another version of its number was added, is then never taken for a valid one.
    for match, data in [(match, read_if_there(store, match[0])) for match in found]:
        if data is not None:
            told = _read_record(data)
            present = read_if_there(store, f"{match[1]}/{FILE}")
            goes_on = told is not None and _digest(present) in (told[1], _digest(told[0]))
            ahead = int(match[2]) > _taken(present)
            yield _Record(match[0], match[1], int(match[2]), told, goes_on, ahead)


def _write_record(inventory: bytes, replaced: str | None) -> bytes:
    told = {
        "about": "This version is decided upon. Its files lie beside this record until they are in "
        "their places; the next deposit sees to it.",
        "inventory": inventory.decode(),
        "replaces": replaced,
    }
    digest = sha512(json.dumps(told).encode()).hexdigest()
    return (json.dumps({**told, "sha512": digest}, ensure_ascii=False, indent=1) + "\n").encode()


def _read_record(data: bytes) -> tuple[bytes, str | None] | None:
    try:
        told: Any = parsed(data)
        inventory, replaced = told["inventory"].encode(), told["replaces"]
        read_inventory(inventory)
    except (ValueError, KeyError, TypeError, AttributeError, InventoryProblem):
        return None
    return (inventory, replaced) if data == _write_record(inventory, replaced) else None


def _digest(data: bytes | None) -> str | None:
    return None if data is None else sha512(data).hexdigest()


def _taken(inventory: bytes | None) -> int:
    """How many versions an object with this inventory has; 0 if that is not known."""
    try:
        return 0 if inventory is None else len(read_inventory(inventory).versions)
    except InventoryProblem:
        return 0
