"""The limits of a run, which the operating system holds: seconds and bytes of memory.

In: how long a work is, and what the environment allows. Out: `Limits`, held by a process; and what
it is doing, to be told where it comes to no end.
"""

from __future__ import annotations

import errno
import math
import mmap
import os
import re
import resource
import signal
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from triptych.diagnostics import Exit, TriptychError, UsageError

SECONDS, MEMORY = "TRIPTYCH_SECONDS", "TRIPTYCH_MEMORY"
"""The variables of the environment that set other limits; `docs/untrusted.md` explains them."""
_GIB = 2**30
_BASE = 60.0, 5 * _GIB // 4
"""What any work may take: seconds, and bytes of each process."""
_FREE = 5_000, 200_000
"""So many bytes of text ask for no more seconds, about two pages; and for no more memory."""
_EACH = 1e-2, 1024
"""What each further byte of text adds. The densest works (tables, three bytes a letter) take less
than a tenth of these seconds on a machine at rest."""
_EACH_BESIDE = 2e-5, 3
"""What each byte of bibliographies, pictures and finished files adds: drawings take a tenth of that
time."""
_STORED = 40, 250
"""Of a file in a store, which is read but not understood, a fortieth counts, and 250 bytes more:
half a second for a million bytes, and five milliseconds for a file."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds of processor time, and bytes of memory to write to, of each process; 0 is no limit.

    Processor time is the same on a machine at rest and on a busy one.
    """

    seconds: float
    memory: int

    @property
    def told_seconds(self) -> str:
        """The time, for people."""
        return f"{self.seconds:.0f} seconds of processor time"

    @property
    def waiting(self) -> float:
        """Seconds by the clock after which a process ends that waits and computes nothing."""
        return _PATIENCE * self.seconds

    @property
    def told_waiting(self) -> str:
        """The time by the clock, for people."""
        return f"{self.waiting / 60:.3g} minutes by the clock"

    @property
    def told_memory(self) -> str:
        """The memory, for people."""
        return f"{self.memory / _GIB:.3g} GiB of memory"


class LimitError(TriptychError):
    """A run would have gone over a limit; `hint` says how to raise it."""

    exit = Exit.SOURCE

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message}: {hint}")
        self.message, self.hint = message, hint


def limits_of(text: int = 0, beside: int = 0) -> Limits:
    """The limits for a work, by the bytes of its text, and of what is read beside it.

    Raises UsageError for an unfit environment.
    """
    seconds, memory = (
        base + each * max(0, text - free) + more * beside
        for base, each, free, more in zip(_BASE, _EACH, _FREE, _EACH_BESIDE, strict=True)
    )
    return Limits(_given(SECONDS, r"\d+(?:\.\d+)?", seconds), int(_given(MEMORY, _SIZE, memory)))


_ANY = 2**60
"""More than any machine has, and no more than the system's calls take."""
_SIZE = r"\d+(?:\.\d+)?[MG]?"
_UNITS = {"M": 2**20, "G": _GIB}


def _given(name: str, form: str, usual: float) -> float:
    written = os.environ.get(name, "").strip().upper()
    if not written:
        return usual
    if not re.fullmatch(form, written):
        unit = "bytes, or with M or G, such as 4G" if name == MEMORY else "seconds, such as 600"
        raise UsageError(f"{name}={written} is not a number of {unit}; 0 is no limit")
    return min(float(written.rstrip("MG")) * _UNITS.get(written[-1], 1), _ANY)


def too_long(limits: Limits, doing: str, *, waited: bool = False) -> LimitError:
    """What is told of a run that took too long, or `waited` too long while it computed little."""
    return LimitError(
        f"{doing} takes more than {limits.told_waiting if waited else limits.told_seconds}",
        f"{_PART}, or set {SECONDS} to the seconds that it may take, or to 0 for any",
    )


def too_large(limits: Limits, doing: str, why: str = "") -> LimitError:
    """What is told of a run that had no memory left; `why` is how it ended, if that is known."""
    return LimitError(
        f"{doing} takes more than {limits.told_memory}{why}",
        f"{_PART}, or set {MEMORY} to what it may take, such as 4G, or to 0 for any",
    )


def too_deep(doing: str) -> LimitError:
    """What is told of things within things within things."""
    return LimitError(f"{doing} meets what is nested too deeply", _PART)


_PART = "part or mend what is so large"


_REFUSALS = (
    "can't start new thread",
    "cannot map zero-fill pages",  # of a library that is being loaded
    "failed to map segment",
    "error return without exception set",  # by the interpreter, where it has no memory to say more
)


def short_of_memory(error: BaseException | None) -> bool:
    """Whether the system has refused memory, in whichever words libraries tell it."""
    while error is not None:
        if isinstance(error, MemoryError) or getattr(error, "errno", 0) == errno.ENOMEM:
            return True
        if any(words in str(error) for words in _REFUSALS):
            return True
        error = error.__cause__ or error.__context__
    return False


def hold(limits: Limits, began: float) -> None:
    """Have the system end this process when its time is over, and refuse it more memory.

    `began` is when waiting begins, as `time.monotonic` tells it. What it had from its parent when
    its limits began does not count. Programs that it starts have these limits too, unless they are
    given others.
    """
    if limits.seconds:
        waiting = began + limits.waiting - time.monotonic()
        signal.setitimer(signal.ITIMER_REAL, max(waiting, 0.001))
    _set(resource.RLIMIT_CPU, math.ceil(limits.seconds))
    _set(resource.RLIMIT_DATA, limits.memory and limits.memory + _inherited)


def _set(kind: int, most: int) -> None:
    """Set a limit of the system, as far as who called allows it; 0 is none."""
    hard = resource.getrlimit(kind)[1]
    asked = most or hard
    resource.setrlimit(kind, (asked if hard == resource.RLIM_INFINITY else min(asked, hard), hard))


_PATIENCE = 30
"""So much longer may a process take by the clock than by the processor, as a busy machine may be
ten times slower. The last resort, for what waits for ever."""
OUT_OF_TIME, WAITED = -signal.SIGXCPU, -signal.SIGALRM
"""Exit codes of what the system ended: its time is over, by the processor or by the clock."""


# --- A run under limits, and what it is doing ----------------------------------------------------


class Board:
    """A page of memory that a run and its supervisor see: the limits, and what is being done."""

    def __init__(self, limits: Limits) -> None:
        self._page = mmap.mmap(-1, mmap.PAGESIZE)
        self.began = time.monotonic()
        self.limits = limits

    @property
    def limits(self) -> Limits:
        """What the run may take by now."""
        return Limits(*_LIMITS.unpack_from(self._page))

    @limits.setter
    def limits(self, limits: Limits) -> None:
        _LIMITS.pack_into(self._page, 0, limits.seconds, limits.memory)

    @property
    def doing(self) -> str:
        """What has begun last and not ended."""
        return bytes(self._page[_LIMITS.size :]).partition(b"\0")[0].decode(errors="replace")

    @doing.setter
    def doing(self, words: str) -> None:
        room = mmap.PAGESIZE - _LIMITS.size
        self._page[_LIMITS.size :] = words.encode()[: room - 1].ljust(room, b"\0")


_LIMITS = struct.Struct("dq")
_board: Board | None = None
"""That of the run which this process is, if it is one."""
_read = [0, 0]
"""The bytes that this run has counted: of text, and beside it."""
_open: list[str] = []
"""What has begun and not ended, the latest last."""
_inherited = 0
"""Bytes of memory that this process, or the run that it works for, had when its limits began."""
_failed = ""
"""What has failed since anything else began or ended well."""


def enter(board: Board) -> None:
    """Make this process a run under the limits of a board."""
    global _board, _inherited
    _board, _inherited = board, _memory()
    _read[:] = 0, 0
    _open.clear()
    hold(board.limits, board.began)
    _note()


def enter_alone(limits: Limits) -> None:
    """Hold this process to limits: as a part of the run that forked it, or else by itself."""
    global _inherited
    if _board is None:
        _inherited = _memory()
    hold(limits, time.monotonic())


def _memory() -> int:
    """The bytes of memory that this process may write to, as RLIMIT_DATA counts them."""
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
    except OSError:  # not Linux, or closed
        return 0
    found = re.search(r"^VmData:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def allow(limits: Limits) -> None:
    """Let this run, if it is one, take so much from its start on, or more if it may already."""
    if _board is not None:
        seconds, memory = _board.limits.seconds, _board.limits.memory
        _board.limits = Limits(max(seconds, limits.seconds), max(memory, limits.memory))
        hold(_board.limits, _board.began)


def count_in(text: int = 0, beside: int = 0) -> None:
    """Count what this run reads: it may take what a work may that has all of this."""
    _read[0] += text
    _read[1] += beside
    if _board is not None:
        allow(limits_of(*_read))


def count_in_stored(size: int) -> None:
    """Count a file of so many bytes that is read from a store, or written into one."""
    part, each = _STORED
    count_in(beside=size // part + each)


def allowed() -> Limits:
    """The limits of this run by now."""
    return _board.limits if _board is not None else limits_of()


def begin(words: str) -> None:
    """Note that something begins, such as `Reading the source`."""
    global _failed
    _failed = ""
    _open.append(words)
    _note()


def end(words: str, *, failed: bool = False) -> None:
    """Note that it has ended. What failed stays noted, to be told if nobody makes it good."""
    global _failed
    if words in _open:
        _open.remove(words)
    _failed = (_failed or words) if failed else ""
    _note()


def now_doing() -> str:
    """What has failed last, or has begun last and not ended."""
    return _failed or (_open[-1] if _open else "The work")


@contextmanager
def doing(words: str) -> Iterator[None]:
    """Note what is being done."""
    begin(words)
    try:
        yield
    except BaseException:
        end(words, failed=True)
        raise
    end(words)


def _note() -> None:
    if _board is not None:
        _board.doing = now_doing()
