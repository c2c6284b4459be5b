"""Verifying: proving anew what a store holds, from nothing but the store.

In: a store, one OCFL object, or one bag. Out: a `StoreReport`: for every version of every work,
whether each file is what was deposited, whether its bag is whole, whether its editions still say
the same, and, if asked for, whether they can be made again to the byte.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from triptych.deposit.bag_rules import BagFiles, bag_faults, listed_by
from triptych.deposit.digests import BAGIT, digest_of
from triptych.deposit.fixity import examine
from triptych.deposit.object_rules import StoreFault, find
from triptych.deposit.pending import STAGING, Settled, damaged_records
from triptych.deposit.proof import Proof, VersionReport
from triptych.deposit.root_rules import laid_out_by_triptych, root_faults, root_notes
from triptych.deposit.store import Readable, Store, must_be_root, object_root, object_roots
from triptych.steps import Listener, step


@dataclass(frozen=True, slots=True)
class StoreReport:
    """Everything found in a store: a report on each version, every fault, and notes.

    `works` counts the works, those of which no version could be read included.
    """

    where: str
    works: int
    versions: tuple[VersionReport, ...]
    faults: tuple[StoreFault, ...]
    notes: tuple[str, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify(
    store: Store, *, rebuild: bool = False, listener: Listener = lambda _: None
) -> StoreReport:
    """Read everything in a store and prove it. An OCFL object or a bag by itself is proven as well.

    With `rebuild`, each version's editions are made again from its own package and compared, byte
    by byte. Raises UsageError if there is no store.
    """
    began = time.perf_counter()
    names = {path for path in store.paths() if "/" not in path}
    seen = _Seen(rebuild, listener)
    if any(name.startswith("0=ocfl_object_") or name == "inventory.json" for name in names):
        seen.object(store, "")
    elif not any(name.startswith("0=ocfl_") for name in names) and _is_bag(names):
        seen.bag(store)
    else:
        seen.root(store)
    seconds = time.perf_counter() - began
    faults, notes = dict.fromkeys(seen.faults), dict.fromkeys(seen.notes)
    return StoreReport(
        store.where, seen.works, tuple(seen.versions), tuple(faults), tuple(notes), seconds
    )


def _is_bag(names: set[str]) -> bool:
    return "bagit.txt" in names or any(name.startswith("manifest-") for name in names)


class _Seen:
    """Gathers what is found."""

    def __init__(self, rebuild: bool, listener: Listener) -> None:
        self._rebuild, self._listener = rebuild, listener
        self.works = 0
        self.versions: list[VersionReport] = []
        self.faults: list[StoreFault] = []
        self.notes: list[str] = []

    def root(self, store: Store) -> None:
        """Prove all objects of a storage root, and the root itself."""
        must_be_root(store)
        damaged = damaged_records(store)
        settled = Settled(store)
        paths = settled.paths()
        self.faults += root_faults(settled, paths, sorted(settled.odd().items()))
        self.faults += (
            StoreFault(path, "damaged", "no record of a version can be read in it")
            for path in damaged
        )
        self.notes += (*_pending_notes(settled, paths), *root_notes(paths))
        homes: dict[str, str] = {}
        laid_out = laid_out_by_triptych(settled)
        for root in object_roots(paths):
            name = self.object(settled, root)
            place = f"{root}/inventory.json"
            if name in homes:
                message = f"{name} is the work in {homes[name]}, too (E037)"
                self.faults.append(StoreFault(place, "misplaced", message))
            elif name is not None and laid_out and object_root(name) != root:
                message = f"{name} belongs at {object_root(name)} (E083)"
                self.faults.append(StoreFault(place, "misplaced", message))
            if name is not None:
                homes.setdefault(name, root)

    def object(self, store: Readable, root: str) -> str | None:
        """Prove all versions of an object; return its identifier, if it has a sound inventory."""
        self.works += 1
        with step("fixity", self._listener):
            held = examine(find(store, root))
        self.faults += held.faults
        self.notes += held.notes
        if held.inventory is None:
            return None
        proof = Proof(held, held.inventory, rebuild=self._rebuild, listener=self._listener)
        for number in range(1, len(held.inventory.versions) + 1):
            self.versions.append(proof.version(number))
        self.faults += proof.faults
        self.notes += proof.notes
        return held.inventory.id

    def bag(self, store: Readable) -> None:
        """Prove a bag that is in no store."""
        self.works += 1
        for path, what in store.odd().items():
            if "folder" not in what:
                message = f"it is {what}, which a bag must not have"
                self.faults.append(StoreFault(path, "invalid", message))
        paths = frozenset(store.paths())
        named = {listed_by(path) for path in paths}
        algorithms = [name for name in BAGIT if name in named]

        @cache  # a file is read once, however many manifests list it
        def known(path: str) -> tuple[int, dict[str, str]]:
            data = store.read(path)
            return len(data), {name: digest_of(data, BAGIT[name]) for name in algorithms}

        bag = BagFiles(
            paths, store.read, lambda path: known(path)[0],
            lambda path, algorithm: known(path)[1][algorithm],
        )  # fmt: skip
        with step("fixity", self._listener):
            for fault in bag_faults(bag):
                if fault.is_warning:
                    self.notes.append(f"{fault.path}: {fault.message}")
                else:
                    self.faults.append(StoreFault(fault.path, "differs", fault.message))


def _pending_notes(store: Settled, paths: list[str]) -> Iterator[str]:
    for pending in store.pending:
        yield (
            f"{pending.root}: a deposit was interrupted, or is under way, after {pending.version} "
            "was decided upon: it is read here as if all of it were in its place, which the next "
            "deposit sees to; until then, other validators may object to it"
        )
    if not store.pending and any(path.startswith(f"{STAGING}/") for path in paths):
        yield (
            "a deposit was interrupted, or is under way; what was deposited before is not touched "
            "by it, and the next deposit clears its traces away"
        )
