"""Progress: what a person, a log file or a program is told while a build runs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from triptych.limits import begin, end
from triptych.printing import say, say_json, visible
from triptych.steps import PROGRAMS, Listener, Step

if TYPE_CHECKING:
    from triptych.catalogue.run import Built

Teller = AbstractContextManager[Listener]
"""What tells of a build while it runs: entered, it gives the listener."""


def silent() -> Teller:
    """Tells nothing."""
    return nullcontext(lambda _: None)


def lines() -> Teller:
    """One plain line for each step that ends: for logs and pipes."""

    def tell(step: Step) -> None:
        if step.state == "done":
            say(f"{step.said}: {step.seconds:.2f} s", error=True)

    return nullcontext(tell)


def json_lines() -> Teller:
    """One JSON object a step, on a line of its own: for machines."""

    def tell(step: Step) -> None:
        event = {"event": "step", "step": step.name, "state": step.state}
        if step.state != "begun":
            event["seconds"] = f"{step.seconds:.3f}"
        say_json(event)

    return nullcontext(tell)


@contextmanager
def live() -> Iterator[Listener]:
    """A line a step with a spinner, redrawn in place: for a person at a terminal."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

    tasks: dict[str, TaskID] = {}
    with Progress(
        SpinnerColumn(finished_text="[green]✓[/]"),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    ) as progress:

        def tell(step: Step) -> None:
            if step.state == "begun":
                tasks[step.name] = progress.add_task(step.said, total=1)
            elif step.state == "done":
                progress.update(tasks[step.name], completed=1)
            else:
                progress.stop_task(tasks[step.name])

        yield tell


@contextmanager
def teller(*, quiet: bool, machine: bool) -> Iterator[Listener]:
    """The teller that fits: a terminal gets a live one, anything else plain lines.

    What this process has begun is also noted, to be told where it comes to no end.
    """
    with _fitting(quiet=quiet, machine=machine) as tell:

        def tell_and_note(step: Step) -> None:
            if step.name in PROGRAMS:
                pass
            elif step.state == "begun":
                begin(step.said)
            else:
                end(step.said, failed=step.state == "failed")
            tell(step)

        yield tell_and_note


def _fitting(*, quiet: bool, machine: bool) -> Teller:
    if machine:
        return json_lines()
    if quiet:
        return silent()
    return live() if sys.stderr.isatty() else lines()


# --- Many works -----------------------------------------------------------------------------------

Counter = Callable[[str, "Built | None"], None]
"""Told of a work by name: when it begins, and what became of it."""


@contextmanager
def counting(works: int, *, quiet: bool) -> Iterator[Counter]:
    """What tells of many works: a table at a terminal, else a plain line for each that ends."""
    if quiet:
        yield lambda _name, _built: None
    elif sys.stderr.isatty():
        with _table(works) as tell:
            yield tell
    else:
        done = 0

        def tell_line(name: str, built: Built | None) -> None:
            nonlocal done
            if built is not None:
                done += 1
                say(f"{done}/{works} {built.state} {name}: {built.seconds:.1f} s", error=True)

        yield tell_line


@contextmanager
def _table(works: int) -> Iterator[Counter]:
    """How many are done and failed, what is at work and since when, and when all may be done."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskID,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TimeRemainingColumn(),
    )  # fmt: skip
    # No thread draws it: this process forks for each work.
    with Progress(*columns, console=Console(stderr=True), auto_refresh=False) as progress:
        failed, whole = 0, progress.add_task("works", total=works)
        tasks: dict[str, TaskID] = {}

        def tell(name: str, built: Built | None) -> None:
            nonlocal failed
            if built is None:
                tasks.setdefault(name, progress.add_task(visible(name), total=1))
            else:
                failed += bool(built.code)
                if name in tasks:  # on a cluster, nobody tells when it begins
                    progress.remove_task(tasks.pop(name))
                progress.update(whole, advance=1, description=f"works ({failed} failed)")
            progress.refresh()

        yield tell
