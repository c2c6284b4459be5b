"""A bench: a process that has all engines loaded, and builds one work after another.

In: on its standard input a work and how it is built, a line of JSON each. Out: what became of it,
another line. It ends when its input does. Each work is built in a process forked from here, so that
nothing can harm the bench, and threads of whoever asks are not forked with it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import IO

from triptych.cache.store import open_cache, using
from triptych.catalogue.run import Built, Order, build_works
from triptych.catalogue.works import ListedWork
from triptych.typed_json import parsed, typed

_READERS = {Path: lambda value, _place: Path(str(value))}
"""Paths are text in JSON."""


class Bench:
    """A bench at work, for one thread."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "triptych.catalogue.bench"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )  # fmt: skip

    def build(self, work: ListedWork, order: Order) -> Built:
        """Build a work. Raises OSError where the bench itself has ended."""
        asked, answers = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answers is not None
        asked.write(json.dumps([asdict(work), asdict(order)], default=str).encode() + b"\n")
        asked.flush()
        answer = answers.readline()
        if not answer:
            raise OSError("the bench has ended")
        return typed(Built, parsed(answer))

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


def _serve(asked: IO[bytes], answers: IO[bytes]) -> None:
    read = partial(typed, readers=_READERS)
    with using(open_cache()):
        for line in asked:
            value = parsed(line)
            assert isinstance(value, list)
            work, order = read(ListedWork, value[0]), read(Order, value[1])
            (built,) = build_works([work], order, lambda _name, _built: None)
            answers.write(json.dumps(asdict(built)).encode() + b"\n")
            answers.flush()


if __name__ == "__main__":
    own = os.dup(1)
    os.dup2(2, 1)  # what libraries print is no answer
    with os.fdopen(own, "wb") as out:
        _serve(sys.stdin.buffer, out)
