"""Restoring versions, and listing them: the way back from a store to files.

In: a store, a work, a version. Out: the version's files in a folder, each checked; or the list of
all versions.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha512
from pathlib import Path
from typing import Literal

from triptych.deposit.bag import MANIFEST
from triptych.deposit.fixity import trusted_inventory
from triptych.deposit.inventory import Inventory
from triptych.deposit.pending import Settled
from triptych.deposit.store import Readable, Store, must_be_root, object_roots, store_error
from triptych.diagnostics import ProofError, UsageError
from triptych.publish import sync

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

    Returns their paths. All are written or none. Raises UsageError if `to` is not empty, or there
    is no such work or version; ProofError if a file is damaged or missing.
    """
    settled = Settled(store)
    works = list(_works(settled, identifier))
    if len(works) > 1:
        names = "".join(f"\n  {inventory.id}" for _, inventory in works)
        raise UsageError(f"{store.where} holds several works; name one:{names}")
    root, inventory = works[0]
    number = len(inventory.versions) if version is None else version
    if not 1 <= number <= len(inventory.versions):
        raise UsageError(
            f"{inventory.id} has no version {number}: it has 1 to {inventory.head[1:]}"
        )
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise UsageError(f"{to} is not an empty folder: name a new one")
    prefix = _PREFIXES[what]
    files: dict[str, bytes] = {}
    for path, place in inventory.stored(number).items():
        if path.startswith(prefix):
            digest = inventory.versions[number - 1].state[path]
            files[path.removeprefix(prefix)] = _whole(settled, f"{root}/{place}", digest)
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(prefix=f".{to.name}.", suffix=".new", dir=to.parent))
        try:
            staged.chmod(0o755)
            write_files(staged, files)
            staged.rename(to)
            sync(to.parent)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    except OSError as error:
        raise store_error(f"write {to}", error) from None
    return tuple(to / path for path in sorted(files))


def _whole(store: Readable, path: str, digest: str) -> bytes:
    try:
        data = store.read(path)
    except KeyError:
        raise ProofError(f"nothing was restored: {path} is missing from {store.where}") from None
    if sha512(data).hexdigest() != digest:
        raise ProofError(f"nothing was restored: {path} in {store.where} is damaged")
    return data


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder; their paths must be inside it."""
    for path, data in files.items():
        target = folder / path
        if not Path(os.path.normpath(target)).is_relative_to(folder):
            raise ProofError(f"{path} leads out of its folder")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _works(store: Readable, identifier: str | None) -> Iterator[tuple[str, Inventory]]:
    """The works in a store, or the one asked for, each with its root."""
    must_be_root(store)
    found = False
    for root in object_roots(store.paths()):
        inventory = trusted_inventory(store, root)
        if inventory is None:
            raise ProofError(
                f"{root} has no sound inventory: `triptych verify {store.where}` tells more"
            )
        if identifier in (None, inventory.id):
            found = True
            yield root, inventory
    if not found:
        what = "nothing" if identifier is None else f"no work {identifier}"
        raise UsageError(f"{store.where} holds {what}")
