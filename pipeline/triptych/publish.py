"""Publishing: a set of finished files enters a folder in one step.

The new folder is made beside the old one, written through to the disk, and the two are exchanged
by one system call. A process killed at any moment leaves the old set or the new, and at worst a
hidden folder beside it, which the next build clears away. Where the system has no such call, there
are two renames; between them only the hidden folder holds the old set, and the next build puts it
back.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import pwd
import shutil
import stat
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from triptych.diagnostics import UsageError
from triptych.formats import MANIFEST_ENDING, SIGNATURE_ENDINGS
from triptych.scratch import leftovers

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # linux/fs.h


def replace_folder(folder: Path, files: Mapping[str, bytes], without: Collection[str] = ()) -> None:
    """Make `folder` hold `files`, by name; what else lay in it stays, but for names in `without`.

    Raises UsageError where the folder cannot be written or replaced.
    """
    folder = fit_folder(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _alone(folder.parent):
            _put(folder, files, without)
    except OSError as error:
        raise UsageError(f"cannot write beside {folder}: {error.strerror}") from None


def outdated_signatures(manifest: Path, data: bytes) -> set[str]:
    """The names of signatures that are of no use once an edition manifest has other bytes."""
    if manifest.is_file() and manifest.read_bytes() == data:
        return set()
    return {manifest.name + ending for ending in SIGNATURE_ENDINGS}


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other process puts files beside; the lock goes with the process."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _put(folder: Path, files: Mapping[str, bytes], without: Collection[str]) -> None:
    _clear_leftovers(folder)
    staged = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".new", dir=folder.parent))
    try:
        staged.chmod(stat.S_IMODE(folder.stat().st_mode) if folder.is_dir() else 0o755)
        for name, data in files.items():
            _write(staged / name, data)
        if folder.is_dir():
            _carry_over(folder, staged, {*files, *without})
        sync(staged)
        _swap(staged, folder)
        sync(folder.parent)
    except OSError as error:
        raise UsageError(f"cannot write {folder}: {error.strerror}") from None
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def fit_folder(folder: Path) -> Path:
    """The folder, absolute, if a finished set may be put there: it is new, empty or holds one.

    Raises UsageError for any other: what a stranger put there is not ours to exchange.
    """
    folder = Path(os.path.abspath(folder))  # noqa: PTH100 - a symlink is followed below, not here
    if folder.is_symlink():
        folder = folder.resolve()
    here, another = Path.cwd(), "name a folder of its own, such as --out dist"
    if folder == here or folder in here.parents:
        raise UsageError(
            f"{folder} holds the folder you work in, and cannot be exchanged for a new one: "
            f"{another}"
        )
    for home in _homes():
        if folder == home or folder in home.parents:
            raise UsageError(f"{folder} is or holds a home folder: {another}")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is not a folder: name another with --out")
    if (folder / "edition.toml").exists() or (folder / ".git").exists():
        raise UsageError(f"{folder} holds a source: {another}")
    names = [name for name in _names(folder) if not name.startswith(".")]  # .gitkeep, .DS_Store
    if names and not any(name.endswith(MANIFEST_ENDING) for name in names):
        raise UsageError(f"{folder} holds {names[0]} and no edition: {another}")
    return folder


def _homes() -> Iterator[Path]:
    """The home folder of this user, by the environment and by the system."""
    with contextlib.suppress(RuntimeError):
        yield Path.home().resolve()
    with contextlib.suppress(KeyError):
        yield Path(pwd.getpwuid(os.geteuid()).pw_dir).resolve()


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder)) if folder.is_dir() else []  # noqa: PTH208 - only names
    except OSError as error:
        raise UsageError(f"cannot read {folder}: {error.strerror}") from None


def _clear_leftovers(folder: Path) -> None:
    aside = folder.with_name(f".{folder.name}.old")
    if aside.is_dir() and not folder.exists():
        aside.rename(folder)
    shutil.rmtree(aside, ignore_errors=True)
    for leftover in leftovers(folder.parent, f".{folder.name}.", ".new"):
        shutil.rmtree(leftover, ignore_errors=True)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _carry_over(old: Path, new: Path, leaving: set[str]) -> None:
    for item in old.iterdir():
        if item.name in leaving:
            continue
        if item.is_dir() and not item.is_symlink():
            shutil.copytree(item, new / item.name, symlinks=True, copy_function=link_or_copy)
        else:
            link_or_copy(str(item), str(new / item.name))


def link_or_copy(source: str, target: str) -> str:
    """Let one file have two names, or make a copy where the file system knows no links."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)
    return target


def sync(folder: Path) -> None:
    """Write a folder's list of names through to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _swap(new: Path, old: Path) -> None:
    if not old.exists():
        new.rename(old)
        return
    if not exchange(new, old):
        aside = old.with_name(f".{old.name}.old")
        old.rename(aside)
        new.rename(old)
        shutil.rmtree(aside, ignore_errors=True)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two paths in one step (renameat2, Linux 3.15); False where that is not to be had."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    ends = (_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other))
    if libc.renameat2(*ends, _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS):
        return False
    raise OSError(number, os.strerror(number))
