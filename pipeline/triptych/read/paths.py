"""The only door to the files that a source names: it opens none that lies outside the source.

In: a path as a source names it. Out: the bytes of that file, nothing where there is none, or
`Refused`. A source may come from a stranger, and what it names would be printed, attached and
deposited.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from triptych.cache.probes import is_folder, matches, note_entry, note_file
from triptych.characters import NO_CHARACTER
from triptych.diagnostics import UsageError

_OF_THE_KERNEL = ("proc", "sys")
"""Folders below `/` whose files look regular, and are not."""
_CHECKOUT = ".git"
_CONTENT = "annex"
"""In the folder of a checkout: where git-annex and DataLad keep the figures themselves."""
_DOWN = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC | getattr(os, "O_PATH", os.O_RDONLY)
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
"""A device or a pipe that took a file's place between two looks must neither answer nor wait."""


_LARGEST = {
    **dict.fromkeys((".md", ".markdown", ".qmd", ".rmd"), 32 * 2**20),
    **dict.fromkeys((".toml", ".yml", ".csl", ".tex", ".sty"), 4 * 2**20),
    "": 128 * 2**20,
}
"""So many bytes of a file are read, by its ending; an empty one stands for all others."""


class Refused(Exception):
    """A path that is not opened. The text follows the path's name; `hint` says how to mend it."""

    def __init__(self, path: Path, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.path, self.code, self.hint = path, code, hint


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a source reaches: `root` and the `allowed` folders, all without symbolic links."""

    root: Path
    allowed: tuple[Path, ...] = ()

    def read(self, path: Path) -> bytes | None:
        """The bytes of a file, or None where there is no such file.

        Raises Refused where it lies outside or is no regular file, OSError where it cannot be read.
        """
        found = self._find(path)
        if found is None:
            return None
        top, below = found
        with open(_open_below(top, below), "rb") as file:
            found_is = os.fstat(file.fileno())
            if not stat.S_ISREG(found_is.st_mode):
                raise _irregular(path)
            if found_is.st_size > _largest(path):
                raise _too_large(path)
            data = file.read(_largest(path))
        note_file(path, data)
        return data

    def has(self, path: Path) -> bool:
        """Whether there is such a file. Raises Refused as `read` does."""
        return self._find(path) is not None

    def files(self, folder: Path) -> Iterator[str]:
        """The names of the files in a folder that may be read."""
        for path in self._entries(folder):
            with suppress(Refused):
                if self.has(path):
                    yield path.name

    def folders(self, folder: Path) -> Iterator[str]:
        """The names of the folders in a folder."""
        return (path.name for path in self._entries(folder) if is_folder(path))

    def _entries(self, folder: Path) -> Iterator[Path]:
        """What a folder holds; nothing where it lies outside or is none."""
        with suppress(OSError, ValueError):
            if self._around(Path(os.path.realpath(folder))) is not None:
                yield from matches(folder, "*")

    def _around(self, real: Path) -> Path | None:
        """The folder of those within reach that holds a path without links."""
        if real.parts[1:2] and real.parts[1] in _OF_THE_KERNEL:
            return None
        top = next((top for top in (self.root, *self.allowed) if real.is_relative_to(top)), None)
        inside = () if top is None else real.relative_to(top).parts
        for name, after in pairwise((*inside, "")):
            if name == _CHECKOUT and after != _CONTENT:  # it holds addresses and passwords
                return None
        return top

    def _find(self, path: Path) -> tuple[Path, Path] | None:
        """The top within reach and the path below it of a regular file; None if there is none."""
        note_entry(path)
        try:
            real = Path(os.path.realpath(path))
        except ValueError:  # a zero byte, which no name holds
            return None
        top = self._around(real)
        if top is None:
            raise Refused(
                path, "path-outside", f"lies outside the source, whose root is {_shown(self.root)}",
                f"copy it there, or allow its folder: --allow {_shown(real.parent)}",
            )  # fmt: skip
        try:
            mode = os.lstat(real).st_mode
        except OSError:  # missing, or longer than the file system allows
            return None
        if stat.S_ISDIR(mode) or stat.S_ISLNK(mode):  # what is still a link leads round in a ring
            return None
        if not stat.S_ISREG(mode):
            raise _irregular(path)
        below = real.relative_to(top)
        if NO_CHARACTER.search(str(below)):
            why = "has a control character in its name, which no edition can tell"
            raise Refused(path, "path-irregular", why, "rename the file")
        return top, below


ANYWHERE = Reach(Path(os.sep))
"""For files that the user names, or that come with a package: never for those of a source."""


def _irregular(path: Path) -> Refused:
    return Refused(
        path, "path-irregular", "is a pipe, a device or a socket, and no regular file",
        "name a file that holds its content itself",
    )  # fmt: skip


def _largest(path: Path) -> int:
    return _LARGEST.get(path.suffix.lower(), _LARGEST[""])


def _too_large(path: Path) -> Refused:
    most = _largest(path) // 2**20
    return Refused(
        path, "limit", f"has more than {most} MiB",
        "part it, or make it smaller: no file of its kind may be larger",
    )  # fmt: skip


def _open_below(top: Path, below: Path) -> int:
    """Open a file, folder by folder: no link that appears on the way leads anywhere else."""
    at = os.open(top, _DOWN)
    try:
        for name in below.parent.parts:
            further = os.open(name, _DOWN, dir_fd=at)
            os.close(at)
            at = further
        return os.open(below.name, _READ, dir_fd=at)
    finally:
        os.close(at)


def _shown(folder: Path) -> str:
    with suppress(ValueError):
        return folder.relative_to(Path.cwd().resolve()).as_posix()
    return folder.as_posix()


def reach_of(
    folder: Path, project: Path | None = None, root: Path | None = None,
    allowed: Sequence[Path] = (),
) -> Reach:  # fmt: skip
    """How far a source in `folder` reaches, of which `project` is the file of its Quarto project.

    Where no `root` is given, it is the folder, or the folder of the project or of the git checkout
    around it, whichever is largest. Raises UsageError where a given folder is none.
    """
    own = Path(os.path.realpath(folder))
    for given in (*([root] if root else ()), *allowed):
        if not is_folder(given):
            raise UsageError(f"there is no folder {given}")
    tops = tuple(Path(os.path.realpath(given)) for given in allowed)
    if root is not None:
        real = Path(os.path.realpath(root))
        if not own.is_relative_to(real):
            raise UsageError(f"--root {root} does not hold the source: name a folder around it")
        return Reach(real, tops)
    around = [own, _checkout(own) or own]
    if project is not None and own.is_relative_to(home := Path(os.path.realpath(project.parent))):
        around.append(home)
    return Reach(min(around, key=lambda each: len(each.parts)), tops)


def _checkout(folder: Path) -> Path | None:
    """The nearest git checkout around a folder, unless it is somebody's whole home folder."""
    nearest = next((a for a in (folder, *folder.parents) if _is_there(a / _CHECKOUT)), None)
    return None if nearest in (Path.home().resolve(), Path(folder.anchor)) else nearest


def _is_there(path: Path) -> bool:
    note_entry(path)
    return os.path.lexists(path)
