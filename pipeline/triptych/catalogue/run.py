"""The works of a catalogue at work: side by side, each in a process of its own.

This process loads the engines once and forks for each work, which so has them at once and takes its
memory with it when it ends. A work that has mistakes, crashes, hangs or runs out of memory costs
only itself.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from functools import partial
from multiprocessing.connection import wait
from pathlib import Path
from signal import Signals
from typing import Literal

from triptych.catalogue.works import ListedWork
from triptych.diagnostics import Exit, SourceError, TriptychError
from triptych.incremental import Request, build_or_recall
from triptych.limits import OUT_OF_TIME, WAITED, limits_of, short_of_memory, too_long
from triptych.printing import visible
from triptych.typed_json import parsed, typed
from triptych.worker import HeldRun, begin_run

WorkState = Literal["built", "unchanged", "failed", "crashed", "stopped"]
"""`failed` has mistakes or does not agree, `crashed` ended unasked, `stopped` took too long."""
_TOLD = 50
"""So many lines of what is told of a work are kept."""


@dataclass(frozen=True, slots=True)
class Built:
    """What became of a work: its state, the exit code `triptych build` would have, what was told.

    `files` are the names of its finished files, `seconds` what it took, in the last of its `tries`.
    """

    name: str
    state: WorkState
    code: int = Exit.DONE
    told: tuple[str, ...] = ()
    verdict: str = ""
    files: tuple[str, ...] = ()
    seconds: float = 0.0
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Order:
    """How the works of a catalogue are built: those settings of `press.build` that all share.

    `jobs` are built at once, each for no more than `patience` seconds, and again up to `retries`
    times if it crashes or takes longer. One that is not `cached` uses nothing made before, and
    keeps nothing for later.
    """

    out: Path
    formats: tuple[str, ...]
    csl: str | None = None
    keep_going: bool = False
    epoch: int | None = None
    jobs: int = 1
    patience: float = 600.0
    retries: int = 1
    cached: bool = True


@dataclass(slots=True)
class _Working:
    """A work that is being built now; `late` if it was ended for the time it took."""

    work: ListedWork
    tries: int
    run: HeldRun
    began: float
    stack: ExitStack
    late: bool = False


def build_works(
    works: Sequence[ListedWork], order: Order, told: Callable[[str, Built | None], None]
) -> list[Built]:
    """Build all works, and tell of each by name when it begins and when it has ended.

    Returns what became of them, in their order.
    """
    from triptych.render.run import load_engines

    load_engines(dict.fromkeys((*order.formats, *(f for work in works for f in work.formats))))
    waiting = deque((work, 1) for work in works)
    working: list[_Working] = []
    done: dict[str, Built] = {}
    try:
        while waiting or working:
            while waiting and len(working) < order.jobs:
                work, tries = waiting.popleft()
                working.append(_begin(work, tries, order))
                told(work.name, None)
            for each in _ended(working, order.patience):
                working.remove(each)
                built = _result(each, order.patience)
                if built.state in ("crashed", "stopped") and each.tries <= order.retries:
                    waiting.append((each.work, each.tries + 1))
                    continue
                done[built.name] = built
                told(built.name, built)
    finally:
        for each in working:
            each.run.stop()
            each.stack.close()
    return [done[work.name] for work in works]


def _begin(work: ListedWork, tries: int, order: Order) -> _Working:
    stack = ExitStack()
    run = stack.enter_context(begin_run(partial(_build, work, order), limits_of()))
    return _Working(work, tries, run, time.monotonic(), stack)


def _ended(working: Sequence[_Working], patience: float) -> list[_Working]:
    """Wait for works that end, or take too long, which ends them."""
    longest = min(each.began for each in working) + patience - time.monotonic()
    wait([each.run.process.sentinel for each in working], timeout=max(longest, 0))
    for each in working:
        each.late = time.monotonic() - each.began >= patience and each.run.process.is_alive()
        if each.late:
            each.run.stop()
    return [each for each in working if not each.run.process.is_alive()]


def _result(each: _Working, patience: float) -> Built:
    """What became of a work whose process has ended."""
    seconds, code, run = time.monotonic() - each.began, each.run.exitcode, each.run
    stopped = partial(Built, each.work.name, "stopped", Exit.SOURCE)
    with each.stack:
        if each.late:
            built = stopped((f"it takes more than {patience:g} s",))
        elif code in (OUT_OF_TIME, WAITED):
            limits = run.board.limits
            built = stopped((str(too_long(limits, run.board.doing, waited=code == WAITED)),))
        elif code:
            why = (
                f"its process was ended by {Signals(-code).name}" if code < 0 else "it was stopped"
            )
            built = Built(each.work.name, "crashed", Exit.BUG, (why,))
        else:
            built = typed(Built, parsed((run.folder / _RESULT).read_bytes()))
    return replace(built, name=each.work.name, seconds=seconds, tries=each.tries)


_RESULT = "result.json"
"""In the folder of a run: what became of its work."""


def _build(work: ListedWork, order: Order, folder: Path) -> int:
    """Build one work, in a process of its own."""
    built = _built(work, order)
    told = tuple("\n".join(map(visible, each.split("\n"))) for each in built.told)
    built = replace(built, name="", told=told)  # its name may hold what no JSON of ours holds
    (folder / _RESULT).write_text(json.dumps(asdict(built)), encoding="utf-8")
    return Exit.DONE


def _built(work: ListedWork, order: Order) -> Built:
    request = Request(
        work.source, work.formats or order.formats, work.csl or order.csl, order.keep_going,
        order.epoch,
    )  # fmt: skip
    failed = partial(Built, work.name, "failed")
    try:
        report, collation = build_or_recall(
            request, order.out / work.name, lambda _: None, keep_files=False
        )
    except SourceError as error:
        return failed(error.exit, tuple(str(each) for each in error.diagnostics[:_TOLD]))
    except TriptychError as error:
        return failed(error.exit, (str(error),))
    except Exception as error:
        if short_of_memory(error):
            return Built(work.name, "stopped", Exit.SOURCE, ("it takes more memory than it may",))
        why = f"a fault of Triptych's own ({type(error).__name__}): {error}"
        return Built(work.name, "crashed", Exit.BUG, (why,))
    return Built(
        work.name,
        "unchanged" if collation is None else "built",
        Exit.DONE if report.verdict else Exit.PROOF,
        tuple(str(each) for each in report.warnings[:_TOLD]),
        report.verdict,
        tuple(report.files),
    )
