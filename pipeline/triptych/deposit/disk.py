"""A store in a folder on disk.

A new version is made beside the object, in `extensions/triptych-staging`: the object's files are
linked to there, the new ones written and flushed to the disk. Then the two folders are exchanged
by one system call. A process killed at any moment leaves the object as it was or with the whole
version, and at worst a staging folder that the next deposit clears away. Where the system has no
such call, the version is decided upon by one writing, and `pending` until it is in its place.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from triptych.deposit import inventory as ocfl
from triptych.deposit.inventory import due_files
from triptych.deposit.pending import STAGING, decide, pending_versions, settle
from triptych.deposit.store import (
    DECLARATION,
    ROOT_FILES,
    Changed,
    beside,
    must_take_deposits,
    store_error,
)
from triptych.publish import exchange, link_or_copy, sync


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

    def settle(self) -> None:
        """See `Store`."""
        with self._told("write"), self._locked():
            self._settle()

    def add(
        self, root: str, content: Mapping[str, bytes], inventory: bytes, replaced: bytes | None
    ) -> None:
        """See `Store`."""
        with self._told("write"), self._locked():
            self._settle()  # what a deposit left that was killed since we last looked
            target = self._root / root
            present = target / ocfl.FILE
            if (present.read_bytes() if present.is_file() else None) != replaced:
                raise Changed
            try:
                self._stage(self._root / STAGING / root, target, content, inventory)
                if not self._shelve(root):
                    decide(self, root, inventory, replaced)
            finally:
                if not any(pending_versions(self)):  # else what is staged is wanted yet
                    shutil.rmtree(self._root / STAGING, ignore_errors=True)

    def put(self, path: str, data: bytes, former: bytes | None) -> bool:
        """See `Writable`. The store is locked."""
        target = self._root / path
        if (target.read_bytes() if target.is_file() else None) != former:
            return False
        whole = self._root / STAGING / "whole"
        _write(whole, data)
        _move(whole, target)
        return True

    def copy(self, places: Mapping[str, str]) -> None:
        """See `Writable`. The store is locked."""
        for source, to in places.items():
            if not (self._root / source).is_file():
                raise KeyError(source)
            whole = self._root / STAGING / "whole"
            whole.unlink(missing_ok=True)
            _move(Path(link_or_copy(str(self._root / source), str(whole))), self._root / to)

    def remove(self, paths: list[str]) -> None:
        """See `Writable`. The store is locked."""
        for path in paths:
            (self._root / path).unlink(missing_ok=True)

    def _settle(self) -> None:
        settle(self)
        shutil.rmtree(self._root / STAGING, ignore_errors=True)

    def _stage(
        self, staged: Path, old: Path, content: Mapping[str, bytes], inventory: bytes
    ) -> None:
        """Make the object as it will be: the old files linked to, the new ones written."""
        if old.is_dir():
            shutil.copytree(old, staged, copy_function=link_or_copy)
        for path, data in {**content, **due_files(inventory)}.items():
            _write(staged / path, data)
        for place, _, _ in os.walk(staged):
            sync(Path(place))

    def _shelve(self, root: str) -> bool:
        """Put the staged object in its place in one step; False where that is not to be had."""
        staging, target = self._root / STAGING, self._root / root
        if target.is_dir():
            done = exchange(staging / root, target)
            sync(target.parent)
            return done
        # A new object comes with those folders above it that are missing: none is ever empty.
        top = target
        while not top.parent.is_dir():
            top = top.parent
        (staging / top.relative_to(self._root)).rename(top)
        sync(top.parent)
        return True

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


def _move(path: Path, to: Path) -> None:
    """Put a file in its place, whole."""
    to.parent.mkdir(parents=True, exist_ok=True)
    path.replace(to)
    sync(to.parent)


def _unless_absent(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise error


def _write(path: Path, data: bytes) -> None:
    """Write a file through to the disk, to be read only from then on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # it may be a second name of a file, which stays as it is
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o444)
