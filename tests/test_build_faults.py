"""Sudden death of builds: the folder of finished files holds the old editions or the new ones."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import cycle, pairwise
from pathlib import Path

import pytest
from conftest import Desk

from triptych.diagnostics import MachineError
from triptych.limits import limits_of
from triptych.press import build
from triptych.steps import Step
from triptych.worker import worker

SUDDEN_DEATHS = 200
Files = dict[str, bytes]


def held(folder: Path) -> Files:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


Builds = Callable[[Callable[[Step], None]], object]
Told = list[tuple[str, float]]
"""What a build told of its steps, and when, in seconds."""


def run(action: Builds, after: int = -1, seconds: float = 0) -> tuple[bool, Told]:
    """Run a build in a process of its own; tell whether it was killed (SIGKILL).

    That is so many seconds after it has told of the start or end of so many steps.
    """
    reading, writing = os.pipe()
    began = time.perf_counter()
    child = os.fork()
    if child == 0:

        def tell(step: Step) -> None:
            os.write(writing, f"{step.name} {step.state}\n".encode())

        try:
            action(tell)
        finally:
            os._exit(0)
    os.close(writing)
    told: Told = [("start", 0.0)]
    with os.fdopen(reading) as lines:
        while len(told) != after + 1 and (line := lines.readline()):
            told.append((line.strip(), time.perf_counter() - began))
        if len(told) == after + 1:
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)
        told += ((line.strip(), time.perf_counter() - began) for line in lines)
    status = os.waitpid(child, 0)[1]
    return os.WIFSIGNALED(status), [*told, ("end", time.perf_counter() - began)]


@pytest.mark.parametrize(
    ("formats", "deaths", "seed"), [(("html",), 150, 12), (("html", "epub", "pdf"), 50, 13)]
)
def test_a_whole_build_killed_at_a_random_moment_leaves_the_old_files_or_the_new(
    formats: Sequence[str], deaths: int, seed: int, desk: Desk, tmp_path: Path
) -> None:
    """Moments are spread evenly over the steps of a build, and by chance within each.

    Every second time the next build is made: it clears away what was left, and is whole.
    """
    print(f"seed: {seed}")
    chance = random.Random(seed)
    out = tmp_path / "shelf" / "dist"
    sets = []
    for words in ("So [@lovelace1843].\n", "Not so [@babbage1864].\n"):
        paper = desk.paper(words)
        build(paper, out=tmp_path / words[:2], formats=formats)
        sets.append(held(tmp_path / words[:2]))
    old, new = sets

    def again(listener: Callable[[Step], None]) -> None:
        build(paper, out=out, formats=formats, listener=listener)

    def before() -> None:
        shutil.rmtree(out.parent, ignore_errors=True)
        shutil.copytree(tmp_path / "So", out)

    before()
    _, timeline = run(again)
    steps = [
        (number, name, end - begin)
        for number, ((name, begin), (_, end)) in enumerate(pairwise(timeline[:-1]))
        if end - begin > 0.001
    ]
    died: Counter[str] = Counter()
    states: Counter[bool] = Counter()
    for number, name, lasts in cycle(steps):
        if died.total() == deaths:
            break
        before()
        killed, _ = run(again, number, chance.random() * lasts)
        assert held(out) in (old, new), name
        if not killed:  # it was faster this time
            continue
        died[name] += 1
        states[held(out) == new] += 1
        if died.total() % 2 == 0:
            again(lambda _: None)
            assert held(out) == new, name
            assert [path.name for path in out.parent.iterdir()] == ["dist"]
    print(died, states)
    assert len(died) > 4
    assert states[False] > deaths / 2


def test_a_machine_without_shared_memory_is_told_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("triptych.worker.ProcessPoolExecutor", refused)
    with pytest.raises(MachineError, match="make /dev/shm writable"):
        worker(limits_of())


def test_what_works_beside_a_build_ends_with_it(tmp_path: Path) -> None:
    """A pool's process would wait for work for ever."""
    child = os.fork()
    if child == 0:
        with worker(limits_of()) as pool:
            (tmp_path / "pid").write_text(str(pool.submit(os.getpid).result()))
            pool.submit(time.sleep, 600)
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    beside = Path("/proc") / (tmp_path / "pid").read_text()
    for _ in range(600):
        if not beside.exists() or ") Z " in (beside / "stat").read_text():
            break
        time.sleep(0.1)
    else:
        pytest.fail("it lives on")
