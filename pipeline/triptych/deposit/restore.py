"""Restoring versions, and listing them: the way back from a store to files.

In: a store, a work, a version. Out: the version's files in a folder, each checked; or the list of
all versions.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from triptych.deposit.bag import MANIFEST
from triptych.deposit.fixity import examine, newest_inventory
from triptych.deposit.inventory import Inventory
from triptych.deposit.object_rules import Found, find
from triptych.deposit.pending import Settled
from triptych.deposit.proof import Proof
from triptych.deposit.store import Readable, Store, must_be_root, object_roots, store_error
from triptych.deposit.unpack import write_files
from triptych.diagnostics import MachineError, ProofError, UsageError, counted
from triptych.printing import visible
from triptych.publish import sync
from triptych.scratch import scratch_folder

What = Literal["bag", "source", "editions"]

_PREFIXES: Mapping[What, str] = {
    "bag": "",
    "source": "data/source/",
    "editions": "data/editions/",
}


@dataclass(frozen=True, slots=True)
class Past:
    """One version of a work: when it was deposited and why, and how it differs from the last.

    `payload` is the SHA-512, in hex, of the manifest of the payload: two versions with the same
    value have the same payload. `added`, `changed` and `removed` are paths in it.
    """

    identifier: str
    version: str
    created: str
    message: str
    payload: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


def history(store: Store, identifier: str | None = None) -> Iterator[Past]:
    """Every version of every work in a store, or of one work, oldest first."""
    for _, inventory in _works(Settled(store), identifier):
        former: Mapping[str, str] = {}
        for number, version in enumerate(inventory.versions, 1):
            state = {p: d for p, d in version.state.items() if p.startswith("data/")}
            yield Past(
                inventory.id,
                f"v{number}",
                version.created,
                version.message,
                version.state.get(MANIFEST, ""),
                tuple(sorted(state.keys() - former.keys())),
                tuple(sorted(p for p in state.keys() & former.keys() if state[p] != former[p])),
                tuple(sorted(former.keys() - state.keys())),
            )
            former = state


def restore(
    store: Store, to: Path, *, identifier: str | None = None, version: int | None = None,
    what: What = "bag",
) -> tuple[Path, ...]:  # fmt: skip
    """Write the files of a version, by default the newest, into the folder `to`.

    The version is proven first, as by `verify`. All of its files are written, or none; their paths
    are returned. Raises UsageError if `to` is not empty, or there is no such work or version;
    ProofError if anything is wrong with the version, or with the work as a whole.
    """
    works = list(_works(Settled(store), identifier))
    if len(works) > 1:
        names = "".join(f"\n  {visible(inventory.id)}" for _, inventory in works)
        raise UsageError(f"{store.where} holds several works; name one:{names}")
    found, inventory = works[0]
    number = len(inventory.versions) if version is None else version
    if not 1 <= number <= len(inventory.versions):
        raise UsageError(
            f"{inventory.id} has no version {number}: it has 1 to {len(inventory.versions)}"
        )
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise UsageError(f"{to} is not an empty folder: name a new one")
    sizes = _prove(store.where, found, number)
    prefix = _PREFIXES[what]
    places = {
        path.removeprefix(prefix): place
        for path, place in inventory.stored(number).items() if path.startswith(prefix)
    }  # fmt: skip
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        _must_fit(store.where, to, [sizes[place] for place in places.values()],
                  sum(sizes[place] for place in {*places.values()}))  # fmt: skip
        with scratch_folder(to.parent, f".{to.name}.", ".new") as staged:
            staged.chmod(0o755)
            write_files(staged, places, lambda path: found.read(places[path]) or b"")
            staged.rename(to)
            sync(to.parent)
    except OSError as error:
        raise store_error(f"write {to}", error) from None
    return tuple(to / path for path in sorted(places))


MOST_REPEATED = 2**30
"""A stored file may stand for many in a version: so many bytes may be written that are there."""


def _must_fit(where: str, to: Path, sizes: Sequence[int], stored: int) -> None:
    """Raise ProofError, or MachineError, where files of these sizes would fill a disk."""
    if sum(sizes) - stored > MOST_REPEATED:
        raise ProofError(
            f"nothing was restored from {where}: its {counted(len(sizes), 'file')} would have "
            f"{sum(sizes):,} bytes, and only {stored:,} are stored; at most {MOST_REPEATED:,} may "
            "be repeated"
        )
    free = shutil.disk_usage(to.parent).free
    if sum(sizes) > free:
        raise MachineError(f"{to} would have {sum(sizes):,} bytes, and {free:,} are free there")


def _prove(where: str, found: Found, number: int) -> Mapping[str, int]:
    """Raise ProofError for what `verify` says of this version, or of its work as a whole.

    Returns the sizes of stored files, by their paths from the object's root.
    """
    held = examine(found)
    faults = [fault for fault in held.faults if not held.is_content(fault)]
    if held.inventory is not None:
        stored = {found.path(place) for place in held.inventory.stored(number).values()}
        faults += [fault for fault in held.faults if fault.path in stored and fault not in faults]
        if not faults:
            proof = Proof(held, held.inventory)
            proof.version(number)
            faults += proof.faults
    if faults:
        more = len(faults) - 1
        others = f", and {counted(more, 'fault')} more" if more else ""
        raise ProofError(
            f"nothing was restored from {where}: {faults[0]}{others}; `triptych verify {where}` "
            "names all"
        )
    return held.sizes


def _works(store: Readable, identifier: str | None) -> Iterator[tuple[Found, Inventory]]:
    """The works in a store, or the one asked for."""
    must_be_root(store)
    unsound = ""
    empty = True
    for root in object_roots(store.paths()):
        found = find(store, root)
        inventory = newest_inventory(found)
        if inventory is None:
            unsound = unsound or root
        elif identifier in (None, inventory.id):
            empty = False
            yield found, inventory
    if unsound and (empty or identifier is None):
        raise ProofError(
            f"{unsound} has no sound inventory: `triptych verify {store.where}` tells more"
        )
    if empty:
        what = "nothing" if identifier is None else f"no work {identifier}"
        raise UsageError(f"{store.where} holds {what}")
