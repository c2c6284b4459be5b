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
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
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
    board = Board(limits)
    _flush()
    with scratch_folder(Path(tempfile.gettempdir()), "triptych-run-") as folder:
        process = multiprocessing.get_context("fork").Process(
            target=_run, args=(action, board, folder)
        )
        process.start()
        try:
            process.join()
        except BaseException:
            _stop(process)
            raise
    code = process.exitcode or 0
    if code in (OUT_OF_TIME, WAITED):
        raise too_long(board.limits, board.doing, waited=code == WAITED)
    if code < 0:
        why = f", or fails in a library ({signal.Signals(-code).name})"
        raise too_large(board.limits, board.doing, why)
    return code


def _run(action: Callable[[], int], board: Board, folder: Path) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    tempfile.tempdir = str(folder)
    enter(board)
    code = action()
    _flush()
    os._exit(code)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # closed by who called
            stream.flush()


def _stop(process: multiprocessing.process.BaseProcess) -> None:
    """End a process that is to clean up. One that a key at the terminal has stopped goes on."""
    for stop in (process.terminate, process.kill):
        if process.is_alive():
            stop()
            process.join(5)


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
