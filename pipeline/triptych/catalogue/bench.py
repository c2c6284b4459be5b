"""A bench: a process that has all engines loaded, and builds one work after another.

In: on its standard input, works and how each is built, pickled. Out: what became of each. It ends
when its input does. Each work is built in a process forked from here, so that
nothing can harm the bench, and threads of whoever asks are not forked with it.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from contextlib import suppress
from typing import IO

from triptych.cache.store import open_cache, using
from triptych.catalogue.run import Built, Order, build_works
from triptych.catalogue.works import ListedWork


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
        pickle.dump((work, order), asked)
        asked.flush()
        try:
            built: Built = pickle.load(answers)  # from a process of our own
        except EOFError:
            raise OSError("the bench has ended") from None
        return built

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


def _serve(asked: IO[bytes], answers: IO[bytes]) -> None:
    with suppress(EOFError):
        while True:
            work, order = pickle.load(asked)  # from the process that began this one
            with using(open_cache() if order.cached else None):
                (built,) = build_works([work], order, lambda _name, _built: None)
            pickle.dump(built, answers)
            answers.flush()


if __name__ == "__main__":
    own = os.dup(1)
    os.dup2(2, 1)  # what libraries print is no answer
    with os.fdopen(own, "wb") as out:
        _serve(sys.stdin.buffer, out)
