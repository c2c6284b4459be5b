"""The store: an OCFL 1.1 storage root, in a folder or in S3-compatible storage (OCFL 1.1, 4).

What is here holds for both: where an object lies in the root, and what a store can do. It is never
asked to change or remove a file that belongs to a version.
"""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Protocol

from triptych.deposit.inventory import DECLARATION as OBJECT_DECLARATION
from triptych.diagnostics import MachineError, ProofError, TriptychError, UsageError

DECLARATION = "0=ocfl_1.1"
DECLARED = b"ocfl_1.1\n"
LAYOUT = "0003-hash-and-id-n-tuple-storage-layout"
LAYOUT_FILE = "ocfl_layout.json"
CONFIG = f"extensions/{LAYOUT}/config.json"


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1) + "\n").encode()


ROOT_FILES: Mapping[str, bytes] = {
    CONFIG: _json(
        {"extensionName": LAYOUT, "digestAlgorithm": "sha256", "tupleSize": 3, "numberOfTuples": 3}
    ),
    LAYOUT_FILE: _json(
        {
            "extension": LAYOUT,
            "description": "The first nine digits of the SHA-256 of an object's identifier, in "
            "three folders, then a folder named after the identifier itself.",
        }
    ),
    DECLARATION: DECLARED,
}
"""What a storage root begins with; the declaration last, since it makes the folder a root."""


class Readable(Protocol):
    """A storage root to be read. Paths have `/` between folders and begin at the root."""

    where: str

    def paths(self, under: str = "") -> list[str]:
        """Every file below the folder `under`, in order; an empty list where there is none."""

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises KeyError where there is none."""


class Store(Readable, Protocol):
    """A storage root that takes deposits."""

    def begin(self) -> None:
        """Make the storage root where there is none. Raises UsageError where it cannot be."""

    def settle(self) -> None:
        """Complete what deposits that were killed had decided upon, clear away what they had not.

        Raises ProofError where that is damaged.
        """

    def add(
        self, root: str, content: Mapping[str, bytes], inventory: bytes, replaced: bytes | None
    ) -> None:
        """Add a version to the object at `root`: its content, then the inventory that names it.

        `replaced` is the inventory that the new one was made from, None for an object's first.
        Either all of the version is added or nothing. Raises Changed where the object has another
        inventory by now.
        """


class Changed(Exception):
    """Another deposit added a version to the object meanwhile."""


class StoreError(UsageError):
    """The store cannot be read or written."""


def store_error(doing: str, error: OSError) -> TriptychError:
    """What to tell of an error of the system: a full disk is the machine's, all else the user's."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return MachineError(
            f"the disk is full: cannot {doing} ({error.strerror}); make room, try again"
        )
    return StoreError(f"cannot {doing}: {error.strerror}")


def damaged(store: Readable, what: str) -> ProofError:
    """What to tell of damage that no deposit may go on from."""
    return ProofError(
        f"nothing was added, since the store is damaged: {what}. `triptych verify {store.where}` "
        "names all that is"
    )


def read_if_there(store: Readable, path: str) -> bytes | None:
    """The bytes of a file, or None where there is none."""
    try:
        return store.read(path)
    except KeyError:
        return None


def object_root(identifier: str) -> str:
    """Where the object with this identifier lies (OCFL extension 0003).

    >>> object_root("object-01")
    '3c0/ff4/240/object-01'
    """
    digest = sha256(identifier.encode()).hexdigest()
    name = "".join(
        c if re.fullmatch("[A-Za-z0-9_-]", c) else "".join(f"%{b:02x}" for b in c.encode())
        for c in identifier
    )
    if len(name) > 100:
        name = f"{name[:100]}-{digest}"
    return f"{digest[:3]}/{digest[3:6]}/{digest[6:9]}/{name}"


def object_roots(paths: list[str]) -> list[str]:
    """The roots of all objects whose declaration or inventory is among these paths."""
    marks = (OBJECT_DECLARATION, "inventory.json")
    outside = [path for path in paths if not path.startswith("extensions/")]
    folders = {p.rpartition("/")[0] for p in outside if p.rpartition("/")[2] in marks} - {""}
    return sorted(
        folder for folder in folders
        if not any(folder.startswith(f"{other}/") for other in folders)
    )  # fmt: skip


def must_take_deposits(store: Store) -> None:
    """Raise UsageError unless the store is a root such as Triptych makes, or nothing yet."""
    try:
        store.read(DECLARATION)
    except KeyError:
        hidden = {beside(path) for path in ROOT_FILES}
        strange = sorted(set(store.paths()) - set(ROOT_FILES) - hidden)
        if strange:
            raise StoreError(
                f"{store.where} is no store, and not empty (it holds {strange[0]}): name a new or "
                "an empty place"
            ) from None
        return
    try:
        layout = store.read(LAYOUT_FILE)
    except KeyError:
        layout = b""
    if layout != ROOT_FILES[LAYOUT_FILE]:
        raise StoreError(
            f"{store.where} is laid out in another way than {LAYOUT}, which Triptych uses (see "
            f"{LAYOUT_FILE} there): name another store"
        )


def beside(path: str) -> str:
    """Where a file of the root is written before it takes its place whole."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/.{name}.new".lstrip("/")


def must_be_root(store: Readable) -> None:
    """Raise UsageError where the store is no storage root, or one that Triptych cannot read."""
    try:
        store.read(DECLARATION)
    except KeyError:
        other = [path for path in store.paths() if path.startswith("0=ocfl_")]
        if other:
            raise UsageError(
                f"{store.where} is a storage root of another version ({other[0]}): Triptych reads "
                "OCFL 1.1"
            ) from None
        raise UsageError(
            f"{store.where} is no store: it has no file {DECLARATION} (OCFL 1.1, E069)"
        ) from None
