"""A store in a folder on disk.

A new version is made beside the object, in `extensions/triptych-staging`: the object's files are
hard-linked there, the new ones are written and flushed to disk. Then one system call exchanges the
two folders. If a process is killed, the object is as it was or has the whole version. At worst a
staging folder is left, which the next deposit removes. If the system has no such call, one write
decides on the version, and the version is `pending` until it is in place.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from triptych.deposit import inventory as ocfl
from triptych.deposit.inventory import due_files
from triptych.deposit.inventory_rules import read_inventory
from triptych.deposit.pending import STAGING, decide, pending_versions, settle
from triptych.deposit.store import (
    DECLARATION,
    ROOT_FILES,
    Changed,
    beside,
    must_fit,
    must_take_deposits,
    store_error,
)
from triptych.publish import exchange, link_or_copy, sync

KINDS: Mapping[int, str] = {
    stat.S_IFREG: "a file",
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class Disk:
    """A storage root in a folder; `Store` describes its methods."""

    def __init__(self, where: str) -> None:
        self.where = where
        self._root = Path(where).absolute()

    def paths(self, under: str = "") -> list[str]:
        """See `Store`."""
        with self._told("read"):
            return sorted(path for path, what in _walk(self._root, under) if what == "a file")

    def odd(self, under: str = "") -> Mapping[str, str]:
        """See `Store`."""
        with self._told("read"):
            return {path: what for path, what in _walk(self._root, under) if what != "a file"}

    def read(self, path: str) -> bytes:
        """See `Store`."""
        with self._told("read"):
            try:
                return _read(self._root / path, path)
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
            self._settle()  # the remains of a deposit that was killed since we last looked
            target = self._root / root
            present = target / ocfl.FILE
            if (present.read_bytes() if present.is_file() else None) != replaced:
                raise Changed
            try:
                self._stage(self._root / STAGING / root, target, content, inventory)
                if not self._shelve(root):
                    decide(self, root, inventory, replaced)
            finally:
                if not any(pending_versions(self)):  # otherwise what is staged is still needed
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
        """Make the object as it will be: link the old files, write the new ones."""
        head = read_inventory(inventory).head
        if old.is_dir():
            shutil.copytree(old, staged, copy_function=link_or_copy)
        for path, data in {**content, **due_files(head, inventory)}.items():
            _write(staged / path, data)
        for place, _, _ in os.walk(staged):
            sync(Path(place))

    def _shelve(self, root: str) -> bool:
        """Put the staged object in its place in one step; False if that is not possible."""
        staging, target = self._root / STAGING, self._root / root
        if target.is_dir():
            done = exchange(staging / root, target)
            sync(target.parent)
            return done
        # A new object brings the missing folders above it, so that no folder is ever empty.
        top = target
        while not top.parent.is_dir():
            top = top.parent
        (staging / top.relative_to(self._root)).rename(top)
        sync(top.parent)
        return True

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Make other deposits wait; the lock ends with the process, however that ends."""
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
    """Put a whole file in its place."""
    to.parent.mkdir(parents=True, exist_ok=True)
    path.replace(to)
    sync(to.parent)


def _walk(root: Path, under: str) -> Iterator[tuple[str, str]]:
    """All that is below a folder of the root, but for folders that hold something: path, kind.

    No link is followed.
    """
    waiting = [under]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(root / folder) as found:
                entries = [(entry.name, entry.stat(follow_symlinks=False)) for entry in found]
        except (FileNotFoundError, NotADirectoryError):  # it may just have been cleared away
            continue
        if not entries and folder != under:
            yield folder, "a folder with nothing in it"
        for name, told in entries:
            path = f"{folder}/{name}" if folder else name
            if stat.S_ISDIR(told.st_mode):
                waiting.append(path)
            else:
                yield path, KINDS.get(stat.S_IFMT(told.st_mode), "of an unknown kind")


def _read(file: Path, path: str) -> bytes:
    """The bytes of a file; of nothing else, such as a pipe, which could make us wait for ever."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except ValueError:  # no file can have this name
        raise FileNotFoundError(path) from None
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO, errno.ENAMETOOLONG):  # a link, a socket
            raise FileNotFoundError(path) from None
        raise
    with os.fdopen(handle, "rb") as opened:
        told = os.fstat(handle)
        if not stat.S_ISREG(told.st_mode):
            raise FileNotFoundError(path)
        must_fit(path, told.st_size)
        return opened.read()


def _write(path: Path, data: bytes) -> None:
    """Write a file through to the disk, and make it read-only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # it may be a hard link: the other file must stay as it is
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o444)
