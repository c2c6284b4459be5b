"""The press: runs the whole way, from a source on disk to a set of finished files in `dist/`.

This is the one place that knows the order. Formats are rendered side by side in processes; the
finished set enters the output folder in one step, so that it holds the old set or the new one,
never a mix.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from triptych.diagnostics import Diagnostic, UsageError
from triptych.edition import Edition, record_json
from triptych.resolve import resolve_source
from triptych.shelf import put
from triptych.source import read_source

Format = Literal["html", "epub", "pdf"]
FORMATS: tuple[Format, ...] = ("html", "epub", "pdf")


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way, begun or ended; `seconds` is how long it took, once it has ended."""

    name: str
    state: Literal["begun", "done", "failed"]
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Build:
    """What a build made: the files, the edition they show, and the warnings on the way."""

    files: tuple[Path, ...]
    edition: Edition
    warnings: tuple[Diagnostic, ...]
    seconds: float


Listener = Callable[[Step], None]


def build(
    source: Path | str = "source",
    *,
    out: Path | str = "dist",
    formats: Sequence[Format] = FORMATS,
    csl: str | None = None,
    keep_going: bool = False,
    listener: Listener = lambda _: None,
) -> Build:
    """Build the editions of `source` into the folder `out`.

    `source` is a folder, or a Pandoc Markdown file; `csl` overrides its citation style. With
    `keep_going`, mistakes that still leave something to print are reported as warnings, and a
    format that cannot be made does not hold up the others. `listener` is told of each step.

    Raises SourceError for mistakes in the source, UsageError for an unfit output folder or format,
    MachineError where the machine lacks something. `out` is then as it was before.
    """
    began = time.perf_counter()
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise UsageError(
            f"there is no format {', '.join(unknown) or 'given'}: choose from {', '.join(FORMATS)}"
        )
    with ThreadPoolExecutor(1) as beside:
        # The typesetter is loaded while pandoc runs: both take about half a second.
        loaded = beside.submit(_load_engines, tuple(formats))
        with _told("read", listener):
            work = read_source(Path(source), csl)
        with _told("resolve", listener):
            edition, warnings = resolve_source(work, keep_going=keep_going)
        loaded.result()
    rendered = _render_all(edition, tuple(formats), listener)
    with _told("shelve", listener):
        names = {f"{edition.name}.{name}": data for name, data in rendered.items()}
        digests = {name: sha256(data).hexdigest() for name, data in names.items()}
        record_name = f"{edition.name}.edition.json"
        names[record_name] = record_json(edition, digests).encode()
        put(Path(out), names)
    files = tuple(Path(out) / name for name in names)
    return Build(files, edition, warnings, time.perf_counter() - began)


def render_edition(edition: Edition, name: Format) -> bytes:
    """Render one format of an edition."""
    if name == "html":
        from triptych.render.web import render_web as renderer
    elif name == "epub":
        from triptych.render.ebook import render_ebook as renderer
    else:
        from triptych.render.paged import render_paged as renderer
    return renderer(edition)


def _load_engines(formats: tuple[Format, ...]) -> None:
    if "pdf" in formats or "epub" in formats:
        from triptych.render.typesetter import load

        load()


def _render_all(
    edition: Edition, formats: tuple[Format, ...], listener: Listener
) -> dict[Format, bytes]:
    """Render the formats side by side: the slowest in a process of its own."""
    rendered: dict[Format, bytes] = {}
    here = [name for name in formats if name != "pdf"]
    if "pdf" not in formats or not here:
        for name in formats:
            with _told(name, listener):
                rendered[name] = render_edition(edition, name)
        return rendered
    with ProcessPoolExecutor(1, mp_context=_processes()) as pool:
        listener(Step("pdf", "begun"))
        began = time.perf_counter()
        pdf: Future[bytes] = pool.submit(render_edition, edition, "pdf")
        for name in here:
            with _told(name, listener):
                rendered[name] = render_edition(edition, name)
        rendered["pdf"] = pdf.result()
        listener(Step("pdf", "done", time.perf_counter() - began))
    return {name: rendered[name] for name in formats}


def _processes() -> multiprocessing.context.BaseContext:
    """Forked on Linux, where a child has the loaded engines at once; spawned elsewhere."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


@contextmanager
def _told(name: str, listener: Listener) -> Iterator[None]:
    listener(Step(name, "begun"))
    began = time.perf_counter()
    try:
        yield
    except BaseException:
        listener(Step(name, "failed", time.perf_counter() - began))
        raise
    listener(Step(name, "done", time.perf_counter() - began))
