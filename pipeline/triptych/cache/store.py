"""The store of the cache: bytes in the user's own folder, by the digest of what they are made from.

In: a kind, what something is made from, and a way to make it. Out: its bytes, made or kept. The
folder may be deleted at any time. A damaged entry is made again, and a full disk costs speed only.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from triptych.cache.press_state import CACHE_VARIABLE, press_state

_DIGEST = 32
"""Bytes before each entry: the SHA-256 of what follows."""
_NEW = ".new-"
"""Begins the name of a file that is being written."""
LARGEST = 2 * 2**30
"""Bytes that the cache keeps when it is pruned without being told how many."""


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """A file of the cache: its bytes, and when it was last of use, in seconds since 1970."""

    path: Path
    size: int
    used: float


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of entries. Several processes may use it at once."""

    folder: Path

    def get(self, kind: str, key: str) -> bytes | None:
        """What is kept under a key, or None. A damaged entry is deleted."""
        path = self._path(kind, key)
        try:
            kept = path.read_bytes()
        except OSError:
            return None
        data = kept[_DIGEST:]
        if sha256(data).digest() != kept[:_DIGEST]:
            with suppress(OSError):
                path.unlink()
            return None
        with suppress(OSError):
            os.utime(path)
        return data

    def put(self, kind: str, key: str, data: bytes) -> None:
        """Keep bytes under a key, if the disk has room for them."""
        path = self._path(kind, key)
        with suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=_NEW, dir=path.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(sha256(data).digest() + data)
                Path(name).rename(path)
            except OSError:
                Path(name).unlink()

    def entries(self) -> Iterator[CacheEntry]:
        """All that is kept, and what a killed run left half-written."""
        for path in self.folder.glob("*/*/*"):
            with suppress(OSError):
                found = path.stat()
                yield CacheEntry(path, found.st_size, found.st_mtime)

    def prune(self, most: int = LARGEST) -> int:
        """Delete what was of use the longest ago, until no more than so many bytes are kept.

        Returns the bytes that were freed.
        """
        entries = sorted(self.entries(), key=lambda entry: entry.used, reverse=True)
        kept = freed = 0
        for entry in entries:
            left = entry.path.name.startswith(_NEW) and entry.used < time.time() - _ABANDONED
            if not left and kept + entry.size <= most:
                kept += entry.size
                continue
            with suppress(OSError):
                entry.path.unlink()
                freed += entry.size
        return freed

    def tend(self) -> None:
        """Prune it, unless that was done in the last day."""
        done = self.folder / "pruned"
        with suppress(OSError):
            if not done.exists() or done.stat().st_mtime < time.time() - _EVERY:
                done.touch()
                self.prune()

    def _path(self, kind: str, key: str) -> Path:
        return self.folder / kind / key[:2] / key[2:]


_ABANDONED, _EVERY = 3600, 86400
"""In seconds: a file so long in writing is written no more; the time between prunings."""


def open_cache() -> Cache | None:
    """The cache in the user's cache folder (XDG Base Directory 0.8), if there can be one.

    The environment may name another folder, or `none`. It must be this user's own, and nobody else
    may write there: what it holds enters editions.
    """
    own, usual = os.environ.get(CACHE_VARIABLE, ""), Path(os.environ.get("XDG_CACHE_HOME", ""))
    if own == "none":
        return None
    try:
        shared = usual if usual.is_absolute() else Path.home() / ".cache"
        folder = Path(own).absolute() if own else shared / "triptych"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
    except (OSError, RuntimeError):
        return None
    trusted = found.st_uid == os.geteuid() and not found.st_mode & 0o022
    return Cache(folder) if trusted else None


_current: Cache | None = None
"""The cache that this process uses, if any."""


@contextmanager
def using(cache: Cache | None) -> Iterator[None]:
    """Use a cache, or none; processes that are forked meanwhile use it too."""
    global _current
    before, _current = _current, cache
    try:
        yield
    finally:
        _current = before


def current() -> Cache | None:
    """The cache in use, if any."""
    return _current


def remembered(kind: str, parts: Iterable[str | bytes], make: Callable[[], bytes]) -> bytes:
    """What `make` makes of `parts` and of the press itself: kept from before, or made now."""
    if _current is None:
        return make()
    key = key_of(parts)
    data = _current.get(kind, key)
    if data is None:
        data = make()
        _current.put(kind, key, data)
    return data


def key_of(parts: Iterable[str | bytes]) -> str:
    """The key of what is made from `parts` by this press: a SHA-256 in hex."""
    whole = sha256(press_state().encode())
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        whole.update(b"%d:" % len(data))
        whole.update(data)
    return whole.hexdigest()
