"""A catalogue on many machines: works are handed to the workers of a Dask scheduler.

In: works, and where they lie and their editions go. Out: what became of each. A worker may come or
go at any time: what it had begun, another builds, and an edition enters its store whole or not at
all. Without a scheduler, threads of this process hand works to benches of their own.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import as_completed as completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from triptych.cache.store import key_of
from triptych.catalogue.bench import Bench
from triptych.catalogue.run import Built, Order
from triptych.catalogue.stores import WorksStore
from triptych.catalogue.works import ListedWork
from triptych.diagnostics import Exit, MachineError, UsageError

_AT_ONCE = 1000
"""So many works are handed over at a time: a scheduler's memory grows with what waits."""
_KILLED = 10
"""So many workers may be lost over one work before it is given up."""


@dataclass(frozen=True, slots=True)
class Task:
    """A work, how it is built, and the stores that it comes from and goes to, if they are any.

    `files` are those of the source in its store.
    """

    work: ListedWork
    order: Order
    sources: WorksStore | None = None
    files: tuple[str, ...] = ()
    editions: WorksStore | None = None


def tasks_for(
    works: Sequence[ListedWork], order: Order, sources: WorksStore | None,
    editions: WorksStore | None,
) -> list[Task]:  # fmt: skip
    """A task for each work. The files of a work are those of its folder and below."""
    if sources is None:
        here = [replace(work, source=work.source.absolute()) for work in works]
        return [Task(work, order, editions=editions) for work in here]
    names = sources.names()
    known, made = frozenset(names), []
    for work in works:
        source = PurePosixPath(work.source.as_posix())
        folder = (source.parent if str(source) in known else source).as_posix()
        first, end = (bisect_left(names, f"{folder}{sign}") for sign in "/0")  # 0 comes after /
        files = tuple(names if folder == "." else names[first:end])
        made.append(Task(work, order, sources, files, editions))
    return made


def build_tasks(
    tasks: Sequence[Task], scheduler: str, told: Callable[[str, Built | None], None]
) -> list[Built]:
    """Build all works, and tell of each that has ended. Returns what became of them, in order."""
    done: dict[str, Built] = {}
    with _hands(scheduler, tasks[0].order.jobs) as ended:
        for built in ended(tasks):
            done[built.name] = built
            told(built.name, built)
    return [done[task.work.name] for task in tasks]


_Ended = Callable[[Sequence[Task]], Iterator[Built]]


@contextmanager
def _hands(scheduler: str, jobs: int) -> Iterator[_Ended]:
    """What builds works and gives each as it ends: a cluster, or threads of this process."""
    if not scheduler:
        with ThreadPoolExecutor(jobs) as pool:
            yield lambda tasks: (
                future.result() for future in completed([pool.submit(build_task, t) for t in tasks])
            )
        return
    try:
        import distributed
    except ModuleNotFoundError:
        raise MachineError(
            "--scheduler needs the Python package distributed: install triptych[cluster]"
        ) from None
    try:
        client: Any = distributed.Client(scheduler, timeout=10)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise UsageError(f"no scheduler answers at {scheduler}: {error}") from None
    with client:
        yield lambda tasks: _on_cluster(client, tasks)


def _on_cluster(client: Any, tasks: Sequence[Task]) -> Iterator[Built]:
    """Hand works over, a thousand at a time, and give each as it ends."""
    import distributed

    waiting = iter(tasks)
    client.run_on_scheduler(_bear_losses)

    def submit(task: Task) -> Any:
        # Where the same work was begun before, its worker is lost: it is begun anew.
        return client.submit(build_task, task, key=f"triptych-{task.work.name}", pure=False)

    named = {f"triptych-{task.work.name}": task.work.name for task in tasks}
    begun = [submit(task) for task in islice(waiting, _AT_ONCE)]
    ended: Any = distributed.as_completed(begun)  # type: ignore[no-untyped-call]
    for future in ended:
        try:
            yield future.result()
        except distributed.KilledWorker:
            yield Built(named[future.key], "crashed", Exit.BUG, ("its workers were lost",))
        if (task := next(waiting, None)) is not None:
            ended.add(submit(task))


def _bear_losses(dask_scheduler: Any) -> None:
    dask_scheduler.allowed_failures = max(dask_scheduler.allowed_failures, _KILLED)


# --- On a worker ----------------------------------------------------------------------------------

_own = threading.local()
"""Each thread has its bench, which stays warm from work to work."""


def build_task(task: Task) -> Built:
    """Fetch a work, build it on this thread's bench, and put its edition into its store."""
    with TemporaryDirectory(prefix="triptych-") as folder:
        work, order = task.work, task.order
        if task.sources is not None:
            task.sources.fetch(list(task.files), Path(folder, "source"))
            work = replace(work, source=Path(folder, "source") / work.source)
        if task.editions is None:
            return _on_bench(work, order)
        made_of = _made_of(task, Path(folder, "source") if task.sources else work.source)
        current = task.editions.current(work.name)
        if order.cached and current is not None and current.made_of == made_of:
            files = tuple(f"{current.folder}/{name}" for name in current.files)
            return Built(work.name, "unchanged", Exit.DONE, current.told, current.verdict, files)
        out = Path(folder, "out")
        built = _on_bench(work, replace(order, out=out))
        if not built.files:
            return built
        finished = {name: (out / work.name / name).read_bytes() for name in built.files}
        current = task.editions.put(work.name, finished, made_of, built.verdict, built.told)
        return replace(built, files=tuple(f"{current.folder}/{name}" for name in built.files))


def _made_of(task: Task, source: Path) -> str:
    """The digest of all that a work is built from: its files, its settings, and the press."""
    top = source if source.is_dir() else source.parent
    parts: list[str] = [repr((task.work, replace(task.order, out=Path(), jobs=1, cached=True)))]
    for path in sorted(path for path in top.rglob("*") if path.is_file()):
        parts += [path.relative_to(top).as_posix(), sha256(path.read_bytes()).hexdigest()]
    return key_of(parts)


def _on_bench(work: ListedWork, order: Order) -> Built:
    """Build a work on this thread's bench; on a new one, if that has ended."""
    for last in (False, True):
        bench = getattr(_own, "bench", None) or Bench()
        _own.bench = bench
        try:
            return bench.build(work, order)
        except OSError:
            bench.close()
            _own.bench = None
            if last:
                raise
    raise AssertionError
