"""The store: an OCFL 1.1 storage root, in a folder or in S3-compatible storage (OCFL 1.1, 4).

This is common to both: where an object is in the root, and what a store can do. A store is never
asked to change or remove a file that belongs to a version.
"""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Protocol

from triptych.diagnostics import MachineError, ProofError, TriptychError, UsageError
from triptych.limits import count_in_stored

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
"""The files of a new storage root; the declaration comes last, since it makes the folder a root."""


LARGEST = 2**30
"""So many bytes a stored file may have: it must fit into memory."""


def must_fit(path: str, size: int) -> None:
    """Count a file that is about to be read. Raises ProofError where it is too large."""
    if size > LARGEST:
        raise ProofError(
            f"{path} has {size:,} bytes; Triptych stores and reads files of up to {LARGEST:,}"
        )
    count_in_stored(size)


class Readable(Protocol):
    """A storage root that can be read. Paths have `/` between folders and begin at the root."""

    where: str

    def paths(self, under: str = "") -> list[str]:
        """Every file below the folder `under`, in order; an empty list if there is none."""

    def odd(self, under: str = "") -> Mapping[str, str]:
        """What is there besides files, by path: a link, a device, a folder with nothing in it."""

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises KeyError if there is none, and for what is no file."""


class Store(Readable, Protocol):
    """A storage root that takes deposits."""

    def begin(self) -> None:
        """Make the storage root if there is none. Raises UsageError if that is not possible."""

    def settle(self) -> None:
        """Complete what killed deposits had decided on, and remove what they had not.

        Raises ProofError if that is damaged.
        """

    def add(
        self, root: str, content: Mapping[str, bytes], inventory: bytes, replaced: bytes | None
    ) -> None:
        """Add a version to the object at `root`: its content, then the inventory that names it.

        `replaced` is the inventory that the new one was made from; None for an object's first.
        Either the whole version is added or nothing. Raises Changed if the object has another
        inventory by now.
        """


class Changed(Exception):
    """Another deposit added a version to the object meanwhile."""


class StoreError(UsageError):
    """The store cannot be read or written."""


def store_error(doing: str, error: OSError) -> TriptychError:
    """The error to raise for an error of the system; a full disk is the machine's fault."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return MachineError(
            f"the disk is full: cannot {doing} ({error.strerror}); make room, try again"
        )
    return StoreError(f"cannot {doing}: {error.strerror}")


def damaged(store: Readable, what: str) -> ProofError:
    """The error to raise for damage on which no deposit may build."""
    return ProofError(
        f"nothing was added, since the store is damaged: {what}. `triptych verify {store.where}` "
        "names all that is"
    )


def read_if_there(store: Readable, path: str) -> bytes | None:
    """The bytes of a file, or None if there is none."""
    try:
        return store.read(path)
    except KeyError:
        return None


def object_root(identifier: str) -> str:
    """Where the object with this identifier is (OCFL extension 0003).

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
    outside = [path.rpartition("/") for path in paths if not path.startswith("extensions/")]
    folders = {f for f, _, name in outside if f and name.startswith("0=ocfl_object_")}
    for folder, _, name in outside:
        above, _, last = folder.rpartition("/")
        if name == "inventory.json" and folder not in folders:
            # A version's inventory may be all that is left of an object.
            folders.add(above if above and re.fullmatch("v[0-9]+", last) else folder)
    folders.discard("")
    return sorted(
        folder for folder in folders
        if not any(above in folders for above in folders_above(folder))
    )  # fmt: skip


def folders_above(path: str) -> Iterator[str]:
    """Every folder that a path is in, the outermost first."""
    parts = path.split("/")
    return ("/".join(parts[:n]) for n in range(1, len(parts)))


def must_take_deposits(store: Store) -> None:
    """Raise UsageError unless the store is empty, or a root such as Triptych makes."""
    try:
        store.read(DECLARATION)
    except KeyError:
        hidden = {beside(path) for path in ROOT_FILES}
        strange = sorted(set(store.paths()) - set(ROOT_FILES) - hidden)
        if strange:
            raise StoreError(
                f"{store.where} is not a store, and not empty (it holds {strange[0]}): name a new "
                "or an empty place"
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
    """Where a file of the root is written before it is moved to its place."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/.{name}.new".lstrip("/")


def must_be_root(store: Readable) -> None:
    """Raise UsageError if the store is not a storage root, or one that Triptych cannot read."""
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
            f"{store.where} is not a store: it has no file {DECLARATION} (OCFL 1.1, E069); nor is "
            "it an object, with a declaration (E003) and an inventory (E063), nor a bag"
        ) from None
