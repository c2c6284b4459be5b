"""A store in a folder on disk.

A new version is made beside the object, in `extensions/triptych-staging`: the object's files are
linked to there, the new ones written and flushed to the disk. Then the two folders are exchanged
by one system call. A process killed at any moment leaves the object as it was or with the whole
version, and at worst a staging folder that the next deposit clears away.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from triptych.deposit import inventory as ocfl
from triptych.deposit.leftovers import due_files, find_leftovers
from triptych.deposit.store import (
    DECLARATION,
    ROOT_FILES,
    Changed,
    beside,
    must_take_deposits,
    store_error,
)
from triptych.shelf import exchange, link_or_copy, sync

STAGING = "extensions/triptych-staging"


class Disk:
    """A storage root in a folder; see `Store` for what its methods do."""

    def __init__(self, where: str) -> None:
        self.where = where
        self._root = Path(where).absolute()

    def paths(self, under: str = "") -> list[str]:
        """See `Store`."""
        found: list[str] = []
        with self._told("read"):
            for folder, _, names in os.walk(self._root / under, onerror=_unless_absent):
                place = Path(folder).relative_to(self._root)
                found += ((place / name).as_posix() for name in names)
        return sorted(found)

    def read(self, path: str) -> bytes:
        """See `Store`."""
        with self._told("read"):
            try:
                return (self._root / path).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                raise KeyError(path) from None

    def begin(self) -> None:
        """See `Store`."""
        if (self._root / DECLARATION).is_file():
            return
        with self._told("write"):
            self._root.mkdir(parents=True, exist_ok=True)
        with self._told("write"), self._locked():
            if (self._root / DECLARATION).is_file():  # another deposit came first
                return
            must_take_deposits(self)
            for path, data in ROOT_FILES.items():
                hidden_path = self._root / beside(path)
                _write(hidden_path, data)
                hidden_path.rename(self._root / path)
                sync(hidden_path.parent)

    def settle(self, root: str) -> None:
        """See `Store`."""
        with self._told("write"), self._locked():
            shutil.rmtree(self._root / STAGING, ignore_errors=True)
            left = find_leftovers(root, self.paths(root), self.read)
            for path in left.debris:
                (self._root / path).unlink()
                with suppress(OSError):  # its folders go with the last file in them
                    os.removedirs((self._root / path).parent)
            for path, data in left.wanting.items():
                _replace(self._root / path, data, self._root / STAGING)
            shutil.rmtree(self._root / STAGING, ignore_errors=True)

    def add(
        self, root: str, content: Mapping[str, bytes], inventory: bytes, replaced: bytes | None
    ) -> None:
        """See `Store`."""
        with self._told("write"), self._locked():
            target = self._root / root
            present = target / ocfl.FILE
            if (present.read_bytes() if present.is_file() else None) != replaced:
                raise Changed
            staging = self._root / STAGING
            shutil.rmtree(staging, ignore_errors=True)  # what a killed deposit left
            staging.mkdir(parents=True)
            try:
                self._stage(staging / root, target, content, inventory)
                self._shelve(staging, root)
            finally:
                shutil.rmtree(staging, ignore_errors=True)

    def _stage(
        self, staged: Path, old: Path, content: Mapping[str, bytes], inventory: bytes
    ) -> None:
        """Make the object as it will be: the old files linked to, the new ones written."""
        if old.is_dir():
            shutil.copytree(old, staged, copy_function=link_or_copy)
        due = due_files(inventory, ocfl.read_inventory(inventory))
        for path, data in {**content, ocfl.FILE: inventory, **due}.items():
            (staged / path).unlink(missing_ok=True)  # a second name: the old file stays
            _write(staged / path, data)
        for place, _, _ in os.walk(staged):
            sync(Path(place))

    def _shelve(self, staging: Path, root: str) -> None:
        """Put the staged object in its place, in one step."""
        target = self._root / root
        if target.is_dir():
            if not exchange(staging / root, target):
                _add_in_order(staging / root, target)
            sync(target.parent)
            return
        # A new object comes with those folders above it that are missing: none is ever empty.
        top = target
        while not top.parent.is_dir():
            top = top.parent
        (staging / top.relative_to(self._root)).rename(top)
        sync(top.parent)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other deposits waiting; the lock ends with the process, however it ends."""
        import fcntl

        handle = os.open(self._root, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise store_error(f"{what} the store {self.where}", error) from None


def _replace(path: Path, data: bytes, scratch: Path) -> None:
    """Put a file in its place whole; it is written in a folder of the same file system."""
    _write(scratch / "whole", data)
    (scratch / "whole").replace(path)
    sync(path.parent)


def _add_in_order(staged: Path, target: Path) -> None:
    """Add a staged version where the system cannot exchange folders: the inventory after it.

    A process killed between the steps leaves the old state or the new one with traces of the way,
    which `leftovers` knows and the next deposit settles.
    """
    inventory = (staged / ocfl.FILE).read_bytes()
    due = due_files(inventory, ocfl.read_inventory(inventory))
    for path in due:
        (staged / path).unlink()
    for version in staged.glob("v*"):
        if not (target / version.name).exists():
            version.rename(target / version.name)
    (staged / ocfl.FILE).replace(target / ocfl.FILE)
    for path, data in due.items():
        _replace(target / path, data, staged)


def _unless_absent(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise error


def _write(path: Path, data: bytes) -> None:
    """Write a file through to the disk, to be read only from then on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o444)
