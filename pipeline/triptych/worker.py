"""The worker: a process at work beside this one, which ends when this one does, even by a kill.

In: what it does first. Out: a pool of this one process.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait
from threading import Thread

from triptych.diagnostics import MachineError


def worker(first: Callable[[], object] | None = None) -> ProcessPoolExecutor:
    """A pool of one process: forked on Linux, where it has at once what is loaded; else spawned.

    Raises MachineError where processes cannot be given a lock that they share.
    """
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    try:
        return ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=(first,))
    except OSError as error:  # as in a container that has no /dev/shm
        raise MachineError(
            f"no process can work beside this one ({error}): make /dev/shm writable for everybody"
        ) from None


def _begin(first: Callable[[], object] | None) -> None:
    # A pool's process holds both ends of its queue: it would wait for work for ever.
    Thread(target=_end_with_parent, daemon=True).start()
    if first is not None:
        first()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
