"""The state of the press: all that it makes editions with, besides what a work brings.

Out: a digest. It changes with every file of the package and the design, with the Python packages
that are installed, with the libraries of the system, and with the programs that may be started.
Files are known by size and time, as Python knows those that it has compiled.
"""

from __future__ import annotations

import functools
import os
import platform
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from triptych.design import styles_folder

_PROGRAMS = ("gs", "pdftocairo")
"""What is started from the path."""
_OF_THE_SYSTEM = ("/etc/ld.so.cache", "/etc/fonts", "/usr/share/fonts", "/usr/local/share/fonts")
"""The first is written anew whenever libraries are installed, such as the typesetter's."""
_SETTINGS = "TRIPTYCH_"
"""Begins the names of variables that set what the press does."""
CACHE_VARIABLE = "TRIPTYCH_CACHE"
"""The one that sets nothing but where the cache is."""


@functools.cache
def press_state() -> str:
    """The state of the press, as a SHA-256 in hex."""
    package = Path(__file__).resolve().parents[1]
    known = [sys.version, platform.platform(), *_settings()]
    for folder in (package, styles_folder()):
        known += _files(str(folder))
    programs = [shutil.which(program) or program for program in _PROGRAMS]
    packages = sorted({sysconfig.get_paths()[name] for name in ("purelib", "platlib")})
    places = [*packages, *programs, sys.executable, *_OF_THE_SYSTEM]
    known += [_known(Path(place)) for place in places]
    return sha256("\n".join(known).encode("utf-8", "surrogateescape")).hexdigest()


def _settings() -> Iterator[str]:
    for name, value in sorted(os.environ.items()):
        if name.startswith(_SETTINGS) and name != CACHE_VARIABLE:
            yield f"{name}={value}"


def _files(folder: str) -> Iterator[str]:
    """The files in a folder and those in it, but for what Python has compiled."""
    if not Path(folder).is_dir():  # whoever needs it tells what is missing
        return
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_dir():
            if entry.name not in ("__pycache__", "node_modules"):
                yield from _files(entry.path)
        else:
            found = entry.stat()
            yield f"{entry.path} {found.st_size} {found.st_mtime_ns}"


def _known(place: Path) -> str:
    try:
        found = place.stat()
    except OSError:
        return f"{place} -"
    return f"{place} {found.st_size} {found.st_mtime_ns} {found.st_ino}"
