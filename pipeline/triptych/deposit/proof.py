"""Proving a version: its files, its bag, what its editions say, and that they can be made again.

In: what a store has of a work (`fixity`). Out: a `VersionReport` for a version, and its faults.
`verify` proves all versions, `restore` the one that it writes: so they agree.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from triptych.collate import Collation, collate_edition
from triptych.deposit.bag import DUE
from triptych.deposit.bag_rules import BagFault, BagFiles, bag_faults
from triptych.deposit.digests import BAGIT, digest_of
from triptych.deposit.fixity import Held
from triptych.deposit.inventory import Inventory
from triptych.deposit.object_rules import StoreFault
from triptych.deposit.rebuild import rebuild
from triptych.deposit.unpack import unfit, write_files
from triptych.diagnostics import ProofError, UsageError
from triptych.formats import FORMATS, MANIFEST_ENDING
from triptych.manifest import EditionManifest, read_manifest
from triptych.steps import Listener, step

Soundness = Literal["sound", "faulty", "not looked at"]

EDITIONS = "data/editions/"
_BAG_FILE = re.compile(r"bagit\.txt|(tag)?manifest-[^/]+\.txt")


@dataclass(frozen=True, slots=True)
class VersionReport:
    """What was found about one version: its files, its bag, the collation and the rebuilding.

    `identifier` is its work's, `version` such as `v2`, `created` a time (RFC 3339). `title` is the
    work's, from its edition manifest. What Triptych did not deposit need not be a bag, nor hold
    editions: that is then not looked at.
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


class Proof:
    """Proves the versions of one object; versions with the same editions are collated once.

    `faults` are those of the versions proven so far, besides those of the object; `notes` tell of
    what is no fault.
    """

    def __init__(
        self, held: Held, inventory: Inventory, *, rebuild: bool = False,
        listener: Listener = lambda _: None,
    ) -> None:  # fmt: skip
        self._held, self._inventory = held, inventory
        self._rebuild, self._listener = rebuild, listener
        self._bad = held.content
        self._collated: dict[tuple[tuple[str, str], ...], Collation | None] = {}
        self.faults: list[StoreFault] = []
        self.notes: list[str] = []

    def version(self, number: int) -> VersionReport:
        """A report on a version, by its number."""
        version = self._inventory.versions[number - 1]
        stored = self._inventory.stored(number)
        name = self._inventory.folder(number)
        if problem := unfit(stored):
            self._say(name, "invalid", f"it cannot be written into a folder: {problem}")
        manifest = self._manifest(stored)
        return VersionReport(
            identifier=self._inventory.id,
            title=manifest.record.title if manifest else "",
            version=name,
            created=version.created,
            files=len(stored),
            fixity="faulty" if problem or self._bad & set(stored.values()) else "sound",
            bag=self._bag(stored),
            collation=self._collation(stored, version.state),
            rebuilt=self._rebuilt(stored, name) if self._rebuild else "not looked at",
        )

    def _say(self, path: str, kind: Literal["differs", "invalid"], message: str) -> None:
        self.faults.append(StoreFault(self._held.found.path(path), kind, message))

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
        return self._held.found.read(path) or b""

    def _bag(self, stored: Mapping[str, str]) -> Soundness:
        ours = self._inventory.is_deposited
        if not ours and not any(_BAG_FILE.fullmatch(path) for path in stored):
            return "not looked at"
        here = {path: place for path, place in stored.items() if place not in self._bad}
        known, sizes = self._held.digests, self._held.sizes

        def digest(path: str, algorithm: str) -> str:
            if algorithm in known:
                return known[algorithm][here[path]]
            return digest_of(self._read(here[path]), BAGIT[algorithm])

        bag = BagFiles(
            frozenset(here), lambda path: self._read(here[path]),
            lambda path: sizes[here[path]], digest,
        )  # fmt: skip
        lacking = sorted(set(DUE) - stored.keys()) if ours else []
        wrong = [BagFault(path, "the bag lacks it (RFC 8493, 2.1, 2.2.1)") for path in lacking]
        wrong += [fault for fault in bag_faults(bag) if fault.path not in lacking]
        faulty = bool(self._bad & set(stored.values()))
        for fault in wrong:
            place = stored.get(fault.path, fault.path)
            if fault.is_warning and not ours:
                self.notes.append(f"{self._held.found.path(place)}: {fault.message}")
            elif place not in self._bad:
                # What is missing in a bag because it is damaged in the store is told of already.
                faulty = True
                if not (self._bad & set(stored.values()) and "Payload-Oxum" in fault.message):
                    self._say(place, "differs", fault.message)
        return "faulty" if faulty else "sound"

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
            places = {path.removeprefix(EDITIONS): place for path, place in editions.items()}
            try:
                write_files(Path(scratch), places, lambda path: self._read(places[path]))
                collation = collate_edition(Path(scratch))
            except (UsageError, ProofError) as error:
                self._say(min(editions.values()), "differs", f"cannot be collated: {error}")
                return None
        for difference in collation.differences:
            path = f"{EDITIONS}{collation.name}{FORMATS[difference.witness].ending}"
            self._say(editions.get(path, path), "differs", str(difference))
        return collation

    def _rebuilt(self, stored: Mapping[str, str], version: str) -> Soundness:
        found = [p for p in stored if p.startswith(EDITIONS) and p.endswith(MANIFEST_ENDING)]
        if not found or self._bad & set(stored.values()):
            return "not looked at"
        bag = {path: self._read(place) for path, place in stored.items()}
        made = rebuild(bag, self._listener)
        for path, message in made.differences:
            self._say(stored.get(path, path), "differs", f"{version}: {message}")
        if made.differences:
            self.notes += [f"{self._inventory.id} {version}: {note}" for note in made.reasons]
        return "faulty" if made.differences else "sound"
