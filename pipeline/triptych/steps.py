"""Steps: what a listener is told while a build, a check or a deposit runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way, begun or ended; `seconds` is how long it took, once it has ended."""

    name: str
    state: Literal["begun", "done", "failed"]
    seconds: float = 0.0


Listener = Callable[[Step], None]


@contextmanager
def step(name: str, listener: Listener) -> Iterator[None]:
    """Tell a listener that a step begins, and how it ends."""
    listener(Step(name, "begun"))
    began = time.perf_counter()
    try:
        yield
    except BaseException:
        listener(Step(name, "failed", time.perf_counter() - began))
        raise
    listener(Step(name, "done", time.perf_counter() - began))
