"""Verifying: proving anew what a store holds, from nothing but the store.

In: a store. Out: a `StoreReport`: for every version of every work, whether each file is what was
deposited, whether its bag is whole, whether its editions still say the same, and, if asked for,
whether they can be made again to the byte.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from triptych.collate import Collation, collate_edition
from triptych.deposit.bag import READ, bag_faults
from triptych.deposit.fixity import Held, StoreFault, examine, root_faults
from triptych.deposit.inventory import Inventory
from triptych.deposit.pending import STAGING, Settled, damaged_records
from triptych.deposit.rebuild import rebuild
from triptych.deposit.restore import write_files
from triptych.deposit.store import Readable, Store, must_be_root, object_roots
from triptych.diagnostics import UsageError
from triptych.formats import FORMATS, MANIFEST_ENDING
from triptych.manifest import EditionManifest, read_manifest
from triptych.steps import Listener, step

Soundness = Literal["sound", "faulty", "not looked at"]

EDITIONS = "data/editions/"


@dataclass(frozen=True, slots=True)
class VersionReport:
    """What was found about one version: its files, its bag, the collation and the rebuilding.

    `identifier` is its work's, `version` such as `v2`, `created` a time (RFC 3339). `title` is the
    work's, from its edition manifest.
    """

    identifier: str
    title: str
    version: str
    created: str
    files: int
    fixity: Soundness
    bag: Soundness
    collation: Soundness
    rebuilt: Soundness


@dataclass(frozen=True, slots=True)
class StoreReport:
    """Everything found in a store: a report on each version, every fault, and notes."""

    where: str
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
    """Read everything in a store and prove it.

    With `rebuild`, each version's editions are made again from its own package and compared, byte
    by byte. Raises UsageError if there is no store.
    """
    began = time.perf_counter()
    must_be_root(store)
    damaged = damaged_records(store)
    settled = Settled(store)
    paths = settled.paths()
    faults = list(root_faults(settled, paths))
    faults += (
        StoreFault(path, "damaged", "no record of a version can be read in it") for path in damaged
    )
    notes = list(_notes(settled, paths))
    versions: list[VersionReport] = []
    for root in object_roots(paths):
        inside = [path for path in paths if path.startswith(f"{root}/")]
        with step("fixity", listener):
            held = examine(settled, root, inside)
        faults += held.faults
        if held.inventory is not None:
            proof = _Proof(settled, held, held.inventory, rebuild, listener)
            versions += proof.versions()
            faults += proof.faults
            notes += proof.notes
    seconds = time.perf_counter() - began
    return StoreReport(
        store.where, tuple(versions), tuple(dict.fromkeys(faults)), tuple(notes), seconds
    )


def _notes(store: Settled, paths: list[str]) -> Iterator[str]:
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


class _Proof:
    """Proves the versions of one object; versions with the same editions are collated once."""

    def __init__(
        self, store: Readable, held: Held, inventory: Inventory, rebuild: bool, listener: Listener
    ) -> None:
        self._store, self._held, self._inventory = store, held, inventory
        self._rebuild, self._listener = rebuild, listener
        self._bad = {
            fault.path.removeprefix(f"{held.root}/")
            for fault in held.faults
            if fault.kind in ("damaged", "truncated", "missing")
        }
        self._collated: dict[tuple[tuple[str, str], ...], Collation | None] = {}
        self.faults: list[StoreFault] = []
        self.notes: list[str] = []

    def versions(self) -> Iterator[VersionReport]:
        """A report on each version, oldest first."""
        for number, version in enumerate(self._inventory.versions, 1):
            stored = self._inventory.stored(number)
            whole = not self._bad & set(stored.values())
            manifest = self._manifest(stored)
            yield VersionReport(
                identifier=self._inventory.id,
                title=manifest.record.title if manifest else "",
                version=f"v{number}",
                created=version.created,
                files=len(stored),
                fixity="sound" if whole else "faulty",
                bag=self._bag(stored),
                collation=self._collation(stored, version.state),
                rebuilt=self._rebuilt(stored, f"v{number}") if self._rebuild else "not looked at",
            )

    def _manifest(self, stored: Mapping[str, str]) -> EditionManifest | None:
        """The edition manifest of a version, if it can be read."""
        found = [
            path for path in stored if path.startswith(EDITIONS) and path.endswith(MANIFEST_ENDING)
        ]
        if len(found) != 1 or stored[found[0]] in self._bad:
            return None
        try:
            return read_manifest(self._read(stored[found[0]]))
        except ValueError:
            return None

    def _read(self, path: str) -> bytes:
        return self._store.read(f"{self._held.root}/{path}")

    def _bag(self, stored: Mapping[str, str]) -> Soundness:
        here = {path: place for path, place in stored.items() if place not in self._bad}
        digests = {
            algorithm: {path: known[place] for path, place in here.items()}
            for algorithm, known in self._held.digests.items()
        }
        wrong = list(bag_faults(digests, {p: self._read(here[p]) for p in READ if p in here}))
        for path, message in wrong:
            if stored.get(path) not in self._bad:
                place = stored.get(path, path)
                self.faults.append(StoreFault(f"{self._held.root}/{place}", "differs", message))
        return "faulty" if wrong else "sound"

    def _collation(self, stored: Mapping[str, str], state: Mapping[str, str]) -> Soundness:
        editions = {path: place for path, place in stored.items() if path.startswith(EDITIONS)}
        if not editions or self._bad & set(editions.values()):
            return "not looked at"
        key = tuple((path, state[path]) for path in sorted(editions))
        if key not in self._collated:
            with step("collate", self._listener):
                self._collated[key] = self._collate(editions)
        collation = self._collated[key]
        return "sound" if collation is not None and collation.passed else "faulty"

    def _collate(self, editions: Mapping[str, str]) -> Collation | None:
        with tempfile.TemporaryDirectory(prefix="triptych-") as scratch:
            files = {path.removeprefix(EDITIONS): self._read(p) for path, p in editions.items()}
            write_files(Path(scratch), files)
            try:
                collation = collate_edition(Path(scratch))
            except UsageError as error:
                place = f"{self._held.root}/{next(iter(editions.values()))}"
                self.faults.append(StoreFault(place, "differs", f"cannot be collated: {error}"))
                return None
        for difference in collation.differences:
            path = f"{EDITIONS}{collation.name}{FORMATS[difference.witness].ending}"
            place = f"{self._held.root}/{editions.get(path, path)}"
            self.faults.append(StoreFault(place, "differs", str(difference)))
        return collation

    def _rebuilt(self, stored: Mapping[str, str], version: str) -> Soundness:
        if self._bad & set(stored.values()):
            return "not looked at"
        bag = {path: self._read(place) for path, place in stored.items()}
        made = rebuild(bag, self._listener)
        for path, message in made.differences:
            place = f"{self._held.root}/{stored.get(path, path)}"
            self.faults.append(StoreFault(place, "differs", f"{version}: {message}"))
        if made.differences:
            self.notes += [f"{self._inventory.id} {version}: {note}" for note in made.reasons]
        return "faulty" if made.differences else "sound"
