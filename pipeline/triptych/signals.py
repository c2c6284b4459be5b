"""The end of a run: signals that end it, and outputs that take no more.

In: signals of the system. Out: an exception that every `finally` sees, so that temporary files go.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import current_thread, main_thread
from types import FrameType
from typing import TextIO

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
"""The signals that end a run."""


class Stopped(KeyboardInterrupt):
    """A run is ended from outside; `number` is that of the signal."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def exit_of(stop: KeyboardInterrupt) -> int:
    """The exit code of a run that was ended, as shells have it."""
    return 128 + (stop.number if isinstance(stop, Stopped) else signal.SIGINT)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end what runs as the interrupt key does: it cleans up.

    A second signal does not disturb the cleaning. What the caller ignores (`nohup`) stays ignored.
    """
    if current_thread() is not main_thread():
        yield
        return
    former = {one: signal.getsignal(one) for one in ENDING}
    usual = (signal.SIG_DFL, signal.default_int_handler)
    heeded = [one for one, how in former.items() if how in usual]
    for one in heeded:
        signal.signal(one, _stop)
    try:
        yield
    finally:
        for one in heeded:
            signal.signal(one, former[one])


def _stop(number: int, _: FrameType | None) -> None:
    for one in ENDING:
        signal.signal(one, _pass_over)
    raise Stopped(number)


def _pass_over(_number: int, _frame: FrameType | None) -> None:
    """Do nothing. Programs started meanwhile heed signals, as they would not if we ignored them."""


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


@contextmanager
def standard_streams() -> Iterator[None]:
    """Have all three standard streams open while something runs, and no error when they close.

    Where the caller closed one, the next file that is opened would take its number, and be written
    into.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):  # nobody reads it, or the disk is full: that was told
                with suppress(OSError, ValueError):
                    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
