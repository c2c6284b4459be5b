"""What a reader of strangers' bytes must never do, watched while it reads.

It ends in time, opens no file and runs no program but what it was given, and fails only as it is
documented to fail.
"""

from __future__ import annotations

import os
import signal
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SECONDS = 20
"""Of processor time, for some kilobytes."""
_REPOSITORY = Path(__file__).parents[2]
_READABLE = tuple(
    os.path.realpath(path)
    for path in {
        *sysconfig.get_paths().values(), sys.prefix, sys.base_prefix, *sys.path[1:],
        str(_REPOSITORY), str(Path(__file__).parents[2] / "styles"),
        "/usr", "/etc/mime.types", "/dev/null", "/dev/urandom", "/proc/self", "/proc/cpuinfo",
    }
)  # fmt: skip
"""Python, its packages, the checkout: what any reader may load."""
_ACTS = frozenset(
    """os.exec os.posix_spawn os.spawn os.system os.fork subprocess.Popen socket.connect socket.bind
    socket.getaddrinfo socket.sendto urllib.Request""".split()
)
_CHANGES = frozenset(
    """os.remove os.rename os.rmdir os.mkdir os.link os.symlink os.chmod os.utime
    shutil.rmtree shutil.move shutil.copyfile""".split()
)
_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_room: str | None = None
"""The folder that a watched reader may write in; None while nothing is watched."""
_seen: list[str] = []


class PromiseBroken(BaseException):
    """A reader did what none may do. It is no `Exception`, so that no reader hides it."""


@contextmanager
def watched(room: Path) -> Iterator[None]:
    """Watch what is read within: files are written in `room` only. Raises PromiseBroken."""
    global _room
    _begin()
    _seen.clear()
    _room = os.path.realpath(room)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        _room = None
    if _seen:
        raise PromiseBroken("; ".join(_seen))


def _begin() -> None:
    if not getattr(sys, "_triptych_watched", False):
        sys.addaudithook(_hear)
        signal.signal(signal.SIGPROF, _late)
        setattr(sys, "_triptych_watched", True)  # noqa: B010


def _late(*_: object) -> None:
    raise PromiseBroken(f"it takes more than {SECONDS} seconds of processor time")


def _hear(event: str, args: tuple[Any, ...]) -> None:
    if _room is None:
        return
    if event in _ACTS:
        _seen.append(f"{event} {args!r:.200}")
    elif event in _CHANGES and not (isinstance(args[-1], int) and args[-1] >= 0):  # within a folder
        paths = [os.fsdecode(arg) for arg in args if isinstance(arg, str | bytes)]
        _seen.extend(f"{event} {path}" for path in paths if not _within(path, (_room,)))
    elif event == "open" and isinstance(args[0], str | bytes):
        path, mode, flags = os.fsdecode(args[0]), args[1], args[2]
        step = flags & os.O_DIRECTORY or (flags & os.O_NOFOLLOW and "/" not in path)
        if mode is None and step and not flags & _WRITE:
            return  # one name after the other, each within the folder before (read/paths.py)
        writes = bool(set(mode) - {*"rbtU"} if mode else flags & _WRITE) and path != os.devnull
        if not _within(path, (_room,) if writes else (_room, *_READABLE)):
            _seen.append(f"{'writes' if writes else 'opens'} {path}")


def _within(path: str, roots: tuple[str, ...]) -> bool:
    real = os.path.realpath(path)
    return any(real == root or real.startswith(f"{root}/") for root in roots)
