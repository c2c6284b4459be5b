"""Processes beside this one: a worker, which ends when this one does, and a command under limits.

In: what a process does, and its limits. Out: a pool of one process and what it returns; the exit
code of a command.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from threading import Thread
from typing import TypeVar

from triptych.diagnostics import MachineError
from triptych.limits import (
    OUT_OF_TIME,
    WAITED,
    Board,
    Limits,
    doing,
    enter,
    enter_alone,
    short_of_memory,
    too_large,
    too_long,
)
from triptych.scratch import scratch_folder
from triptych.signals import ENDING, exit_of

_Made = TypeVar("_Made")


def worker(limits: Limits, first: Callable[[], object] | None = None) -> ProcessPoolExecutor:
    """A pool of one process: forked on Linux, where it has at once what is loaded; else spawned.

    The system ends it where it goes over its limits. `first` is done before all else. Raises
    MachineError where processes cannot be given a lock that they share.
    """
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    try:
        return ProcessPoolExecutor(
            1, mp_context=context, initializer=_begin, initargs=(limits, first)
        )
    except OSError as error:  # as in a container that has no /dev/shm
        raise MachineError(
            f"no process can work beside this one ({error}): make /dev/shm writable for everybody"
        ) from None


def outcome(pool: ProcessPoolExecutor, future: Future[_Made], limits: Limits, words: str) -> _Made:
    """What a worker returns, while `words` say what it does. Raises LimitError where it ended."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime, time.monotonic()
    with doing(words):
        try:
            return future.result()
        except BrokenProcessPool:
            pool.shutdown()  # only then is it known how long it took
            took = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
            if limits.seconds and took > limits.seconds / 2:
                raise too_long(limits, words) from None
            if limits.seconds and time.monotonic() - began > limits.waiting / 2:
                raise too_long(limits, words, waited=True) from None
            raise too_large(limits, words, ", or fails in a library") from None
        except Exception as error:
            if short_of_memory(error):
                raise too_large(limits, words) from error
            raise


def held(action: Callable[[], int], limits: Limits) -> int:
    """Run a command in a process of its own, with a temporary folder; return its exit code.

    It has the limits given, until it calls `allow`. Raises LimitError where the system ended it.
    Where processes are not forked it runs here, without limits.
    """
    if sys.platform != "linux":
        return action()
    with begin_run(lambda _: action(), limits) as run:
        run.wait()
    code = run.exitcode
    if code in (OUT_OF_TIME, WAITED):
        raise too_long(run.board.limits, run.board.doing, waited=code == WAITED)
    if code < 0:
        why = f", or fails in a library ({signal.Signals(-code).name})"
        raise too_large(run.board.limits, run.board.doing, why)
    return code


@dataclass(frozen=True, slots=True)
class HeldRun:
    """A process that was forked for one piece of work, and its temporary folder."""

    board: Board
    folder: Path
    process: multiprocessing.process.BaseProcess

    def wait(self) -> None:
        """Wait until it ends. Where this process is to end instead, that one ends before."""
        try:
            self.process.join()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it, with time to clean up. One that a key at the terminal has stopped goes on."""
        for stop in (self.process.terminate, self.process.kill):
            if self.process.is_alive():
                stop()
                self.process.join(5)

    @property
    def exitcode(self) -> int:
        """The exit code of a process that has ended; negative, the signal that ended it."""
        return self.process.exitcode or 0


@contextmanager
def begin_run(action: Callable[[Path], int], limits: Limits) -> Iterator[HeldRun]:
    """Begin a piece of work in a process of its own, in the limits given until it calls `allow`.

    `action` is given a temporary folder, which is there until the context ends.
    """
    board = Board(limits)
    _flush()
    with scratch_folder(Path(tempfile.gettempdir()), "triptych-run-") as folder:
        process = multiprocessing.get_context("fork").Process(
            target=_run, args=(action, board, folder)
        )
        usual = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)  # until it can heed them
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, usual)
        yield HeldRun(board, folder, process)


def _run(action: Callable[[Path], int], board: Board, folder: Path) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    tempfile.tempdir = str(folder)
    enter(board)
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        code = action(folder)
    except KeyboardInterrupt as stop:
        code = exit_of(stop)
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    _flush()
    os._exit(code)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # closed by who called
            stream.flush()


def _begin(limits: Limits, first: Callable[[], object] | None) -> None:
    # A pool's process holds both ends of its queue: it would wait for work for ever.
    Thread(target=_end_with_parent, daemon=True).start()
    enter_alone(limits)
    if first is not None:
        first()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
