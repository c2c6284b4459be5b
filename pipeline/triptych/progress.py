"""Progress: what a person, a log file or a program is told while a build runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from triptych.printing import say, say_json
from triptych.steps import Listener, Step

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


def teller(*, quiet: bool, machine: bool) -> Teller:
    """The teller that fits: a terminal gets a live one, anything else plain lines."""
    if machine:
        return json_lines()
    if quiet:
        return silent()
    return live() if sys.stderr.isatty() else lines()
