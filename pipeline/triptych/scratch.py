"""Scratch folders: what a run writes before it is done, gone at its end, also where it is killed.

A run that is killed cannot clear away. It held a lock on its folder, which went with it, so that a
later run knows such a folder by its name, its owner, its age and the lock that nobody holds.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_YOUNG = 60
"""In seconds. A folder may be so young that its run has not locked it yet."""


@contextlib.contextmanager
def scratch_folder(where: Path, prefix: str, suffix: str = "") -> Iterator[Path]:
    """A new folder in `where`, for this user alone. Those that killed runs left are cleared away.

    It may be renamed; then it stays. Raises OSError where it cannot be made.
    """
    for folder in leftovers(where, prefix, suffix):
        _clear(folder)
    folder = Path(tempfile.mkdtemp(prefix=prefix, suffix=suffix, dir=where))
    try:
        with _locked(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def leftovers(where: Path, prefix: str, suffix: str = "") -> Iterator[Path]:
    """The folders of this user that bear the name of a scratch folder, in use or not."""
    name = re.compile(re.escape(prefix) + r"[a-z0-9_]{8}" + re.escape(suffix))
    found: list[Path] = []
    with contextlib.suppress(OSError):  # a folder that may be written and not be read
        found = sorted(each for each in where.iterdir() if name.fullmatch(each.name))
    for folder in found:
        with contextlib.suppress(OSError):
            state = folder.lstat()
            if stat.S_ISDIR(state.st_mode) and state.st_uid == os.geteuid():
                yield folder


def _clear(folder: Path) -> None:
    """Clear a folder away that no run uses."""
    with contextlib.suppress(OSError), _locked(folder, fcntl.LOCK_NB):
        if time.time() - folder.stat().st_mtime > _YOUNG:
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _locked(folder: Path, patience: int = 0) -> Iterator[None]:
    """Hold a folder's lock, as processes do that are forked meanwhile; the last one frees it."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | patience)
        yield
    finally:
        os.close(handle)
