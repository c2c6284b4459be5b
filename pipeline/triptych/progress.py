"""Progress: what a person, a log file or a program is told while a build runs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import IO, Any

from triptych.press import Step

_SAID = {
    "read": "Reading the source",
    "resolve": "Resolving citations and references",
    "html": "Rendering the web edition",
    "epub": "Rendering the e-book edition",
    "pdf": "Setting the print edition",
    "shelve": "Shelving the finished files",
}


class Silent:
    """Tells nothing."""

    def __enter__(self) -> Callable[[Step], None]:
        return lambda _: None

    def __exit__(self, *_: object) -> None:
        return None


class Lines:
    """One plain line for each step that ends: for logs and pipes."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out

    def __enter__(self) -> Callable[[Step], None]:
        return self._tell

    def __exit__(self, *_: object) -> None:
        return None

    def _tell(self, step: Step) -> None:
        if step.state == "done":
            print(f"{_SAID[step.name]}: {step.seconds:.2f} s", file=self._out, flush=True)


class JsonLines:
    """One JSON object a step, on a line of its own: for machines."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out

    def __enter__(self) -> Callable[[Step], None]:
        return self._tell

    def __exit__(self, *_: object) -> None:
        return None

    def _tell(self, step: Step) -> None:
        event = {"event": "step", "step": step.name, "state": step.state}
        if step.state != "begun":
            event["seconds"] = f"{step.seconds:.3f}"
        print(json.dumps(event), file=self._out, flush=True)


class Live:
    """A line a step with a spinner, redrawn in place: for a person at a terminal."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._progress = Progress(
            SpinnerColumn(finished_text="[green]✓[/]"),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
        )
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Callable[[Step], None]:
        self._progress.start()
        return self._tell

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def _tell(self, step: Step) -> None:
        if step.state == "begun":
            self._tasks[step.name] = self._progress.add_task(_SAID[step.name], total=1)
        elif step.state == "done":
            self._progress.update(self._tasks[step.name], completed=1)
        else:
            self._progress.stop_task(self._tasks[step.name])


def teller(*, quiet: bool, machine: bool) -> Silent | Lines | JsonLines | Live:
    """The teller that fits: a terminal gets a live one, anything else plain lines."""
    if machine:
        return JsonLines(sys.stdout)
    if quiet:
        return Silent()
    return Live() if sys.stderr.isatty() else Lines(sys.stderr)
