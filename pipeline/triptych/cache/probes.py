"""Probes: what a build looks at in the file system, to be looked at again before it is believed.

In: paths, as the build looks at them. Out: what was seen there, and whether that is still so. Files
that were looked for in vain count, and so do the names that a folder holds.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

_FILE, _ENTRY, _MATCHES = "file", "entry", "matches"
"""What is looked at: a file's bytes, whether something is there, which paths fit a pattern."""
_CHANGING = "changing"
"""What was seen of a file that had other bytes when it was read again: it is never so later."""
_noted: dict[str, str] | None = None


@contextmanager
def noting() -> Iterator[Mapping[str, str]]:
    """Note all that is looked at, each with what was seen."""
    global _noted
    before, _noted = _noted, {}
    try:
        yield _noted
    finally:
        _noted = before


def still_so(noted: Mapping[str, str]) -> bool:
    """Whether all that was noted looks as it did."""
    return all(_look(*what.split(" ", 1)) == seen for what, seen in noted.items())


def note_file(path: Path, data: bytes) -> None:
    """Note the bytes of a file."""
    if _noted is not None:
        what, seen = f"{_FILE} {path.absolute()}", _seen_file(path, data)
        _noted[what] = seen if _noted.get(what, seen) == seen else _CHANGING


def note_entry(path: Path) -> None:
    """Note whether something is at a path, of which kind, and where links lead from there."""
    if _noted is not None:
        _noted.setdefault(f"{_ENTRY} {path.absolute()}", _entry(path))


def is_file(path: Path) -> bool:
    """Whether there is a file."""
    note_entry(path)
    return path.is_file()


def is_folder(path: Path) -> bool:
    """Whether there is a folder."""
    note_entry(path)
    return path.is_dir()


def matches(folder: Path, pattern: str) -> list[Path]:
    """The paths in a folder that fit a pattern, in order."""
    found = sorted(folder.glob(pattern))
    if _noted is not None:
        _noted[f"{_MATCHES} {pattern} {folder.absolute()}"] = _digest(found)
    return found


def _look(kind: str, where: str) -> str:
    if kind == _ENTRY:
        return _entry(Path(where))
    if kind == _FILE:
        return _file(Path(where))
    pattern, _, folder = where.partition(" ")
    return _digest(sorted(Path(folder).glob(pattern)))


def _entry(path: Path) -> str:
    with suppress(OSError, ValueError):
        mode = path.lstat().st_mode
        with suppress(OSError):
            mode = path.stat().st_mode
        return f"{stat.S_IFMT(mode):o} {os.path.realpath(path)}"
    return ""


def _file(path: Path) -> str:
    """As `_seen_file` has it; empty for what is no regular file, or cannot be read."""
    try:
        with open(path, "rb", opener=_at_once) as file:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return _seen_file(path, file.read())
    except (OSError, ValueError):
        pass
    return ""


def _at_once(path: str, flags: int) -> int:
    """Open a path without waiting: a pipe may have taken a file's place."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY)


def _seen_file(path: Path, data: bytes) -> str:
    return f"{sha256(data).hexdigest()} {os.path.realpath(path)}"


def _digest(paths: list[Path]) -> str:
    return sha256("\n".join(map(str, paths)).encode("utf-8", "surrogateescape")).hexdigest()
