"""Leftovers: what a deposit that was killed on its way left in an object.

A store that can exchange an object for a new one in one step leaves none. Elsewhere the way is:
the new version's files, the root inventory, and then whatever follows from the inventory; so that
an object always has all of the old version or all of the new. In: the object's paths. Out: what to
clear away, and what to complete. Anything else is damage, and not to be touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from triptych.deposit.inventory import (
    DECLARATION,
    DECLARED,
    FILE,
    SIDECAR,
    Inventory,
    InventoryProblem,
    read_inventory,
    sidecar,
)

Reader = Callable[[str], bytes]
"""Gives the bytes at a path; raises KeyError where there is none."""


@dataclass(frozen=True, slots=True)
class Leftovers:
    """Files of a version that never came to be, and files that a finished version still wants."""

    debris: tuple[str, ...] = ()
    wanting: Mapping[str, bytes] = field(default_factory=dict)


def find_leftovers(root: str, paths: Iterable[str], read: Reader) -> Leftovers:
    """What is left of an interrupted deposit in the object at `root`, of which these are files."""
    inside = [path.removeprefix(f"{root}/") for path in paths]
    data = _read(read, f"{root}/{FILE}")
    if data is None:
        begun = all(re.match(r"v1/content/[0-9a-f]{16}/", path) for path in inside)
        return Leftovers(tuple(f"{root}/{path}" for path in inside)) if begun else Leftovers()
    try:
        inventory = read_inventory(data)
    except InventoryProblem:
        return Leftovers()
    debris = tuple(f"{root}/{path}" for path in _debris(inside, inventory))
    wanting: dict[str, bytes] = {}
    if _is_unfinished(root, data, inventory, read):
        wanting = {f"{root}/{path}": due for path, due in due_files(data, inventory).items()}
        wanting = {path: due for path, due in wanting.items() if _read(read, path) != due}
    return Leftovers(debris, wanting)


def due_files(data: bytes, inventory: Inventory) -> dict[str, bytes]:
    """What follows from a root inventory, the root's sidecar last (OCFL 1.1, E062)."""
    beside = sidecar(data)
    return {
        DECLARATION: DECLARED,
        f"{inventory.head}/{FILE}": data,
        f"{inventory.head}/{SIDECAR}": beside,
        SIDECAR: beside,
    }


def _debris(paths: list[str], inventory: Inventory) -> Iterator[str]:
    """The files of versions that never came to be.

    A later version with an inventory of its own did come to be: then it is the root inventory that
    has gone astray, and nothing may be cleared away.
    """
    following = f"v{len(inventory.versions) + 1}"
    if f"{following}/{FILE}" in paths:
        return
    used = {_folder(path) for path in inventory.manifest}
    for path in paths:
        folder = _folder(path)
        version = folder.partition("/")[0]
        if folder and folder not in used and version in (*_names(inventory), following):
            yield path


def _folder(path: str) -> str:
    """The folder that one deposit has for its files, or nothing."""
    found = re.match(r"v\d+/content/[0-9a-f]{16}/", path)
    return found[0] if found else ""


def _names(inventory: Inventory) -> tuple[str, ...]:
    return tuple(f"v{number}" for number in range(1, len(inventory.versions) + 1))


def _is_unfinished(root: str, data: bytes, inventory: Inventory, read: Reader) -> bool:
    """Whether a deposit ended just after the root inventory: all else still is as it was before.

    Then the sidecar is the one of the version before, whose inventory the new one goes on from; a
    damaged inventory would not have that either.
    """
    former = None
    if len(inventory.versions) > 1:
        folder = f"{root}/v{len(inventory.versions) - 1}"
        former = _read(read, f"{folder}/{FILE}")
        if former is None or _read(read, f"{folder}/{SIDECAR}") != sidecar(former):
            return False
        try:
            old = read_inventory(former)
        except InventoryProblem:
            return False
        grown = inventory.manifest.items() >= old.manifest.items()
        if inventory.versions[:-1] != old.versions or not grown or inventory.id != old.id:
            return False
    if _read(read, f"{root}/{SIDECAR}") != (None if former is None else sidecar(former)):
        return False
    due = due_files(data, inventory)
    return all(
        _read(read, f"{root}/{path}") in (None, data)
        for path, data in due.items() if path != SIDECAR
    )  # fmt: skip


def _read(read: Reader, path: str) -> bytes | None:
    try:
        return read(path)
    except KeyError:
        return None
