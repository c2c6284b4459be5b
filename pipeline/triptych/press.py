"""The press: runs the whole way, from a source on disk to a set of finished files in `dist/`.

This is the one place that knows the order. Formats are rendered side by side in processes, then
read back and collated; only a set that has been proven enters the output folder, in one step, so
that it holds the old set or the new one, never a mix.
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

from triptych.collate import Collation, CollationError, collate
from triptych.diagnostics import Diagnostic, UsageError
from triptych.edition import Edition, Looks, edition_record, record_json
from triptych.formats import FORMATS, RECORD_ENDING, SIGNATURE_ENDINGS, USUAL
from triptych.locate import Locator
from triptych.render.tables import Misfit
from triptych.resolve import resolve_source
from triptych.shelf import put
from triptych.source import read_source


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way, begun or ended; `seconds` is how long it took, once it has ended."""

    name: str
    state: Literal["begun", "done", "failed"]
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Build:
    """What a build made: the files, the edition they show, the warnings on the way, the proof."""

    files: tuple[Path, ...]
    edition: Edition
    warnings: tuple[Diagnostic, ...]
    collation: Collation
    seconds: float


Listener = Callable[[Step], None]


def build(
    source: Path | str = "source",
    *,
    out: Path | str = "dist",
    formats: Sequence[str] = USUAL,
    csl: str | None = None,
    keep_going: bool = False,
    listener: Listener = lambda _: None,
) -> Build:
    """Build the editions of `source` into the folder `out`.

    `source` is a folder, or a Pandoc Markdown file; `csl` overrides its citation style. With
    `keep_going`, mistakes that still leave something to print are reported as warnings, and files
    that fail the collation are written all the same. `listener` is told of each step.

    Raises SourceError for mistakes in the source, CollationError where the finished files do not
    all say what they must, UsageError for an unfit output folder or format, MachineError where the
    machine lacks something. `out` is then as it was before.
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
    rendered, looks, misfits = _render_all(edition, tuple(formats), listener)
    warnings = tuple(sorted({*warnings, *_wide_tables(misfits, Locator(work))}))
    with _told("collate", listener):
        files = {f"{edition.name}{FORMATS[name].ending}": d for name, d in rendered.items()}
        digests = {name: sha256(data).hexdigest() for name, data in files.items()}
        collation = collate(edition_record(edition, digests, looks), rendered)
    if not (collation.passed or keep_going):
        raise CollationError(collation)
    with _told("shelve", listener):
        record = edition_record(edition, digests, _as_printed(looks, collation))
        name, data = edition.name + RECORD_ENDING, record_json(record).encode()
        files[name] = data
        put(Path(out), files, without=_outdated_signatures(Path(out) / name, data))
    paths = tuple(Path(out) / name for name in files)
    return Build(paths, edition, warnings, collation, time.perf_counter() - began)


def render_edition(edition: Edition, name: str) -> bytes:
    """Render one format of an edition by itself; an EPUB then has no list of printed pages."""
    if name == "html":
        from triptych.render.web import render_web

        return render_web(edition)
    if name == "epub":
        from triptych.render.ebook import render_ebook

        return render_ebook(edition)
    if name == "jats":
        from triptych.render.jats import render_jats

        return render_jats(edition)
    from triptych.render.paged import render_paged

    return render_paged(edition).pdf


def _load_engines(formats: tuple[str, ...]) -> None:
    """Import what takes long, so that forked processes have it at once."""
    import triptych.witness.epub
    import triptych.witness.html
    import triptych.witness.pdf  # noqa: F401

    if "pdf" in formats or "epub" in formats:
        from triptych.render.typesetter import load

        load()


def _render_all(
    edition: Edition, formats: tuple[str, ...], listener: Listener
) -> tuple[dict[str, bytes], Looks, tuple[Misfit, ...]]:
    """Render the formats side by side, the slowest in a process of its own.

    Returns them with their looks, and the tables that did not fit their pages.
    """
    from triptych.render.looks import looks_of

    rendered: dict[str, bytes] = {}
    if "pdf" not in formats:
        for name in formats:
            with _told(name, listener):
                rendered[name] = render_edition(edition, name)
        return rendered, looks_of(edition, with_print=False), ()
    from triptych.render.cover import cover_png
    from triptych.render.ebook import render_ebook
    from triptych.render.paged import Paged, render_paged

    with ProcessPoolExecutor(1, mp_context=_processes()) as pool:
        listener(Step("pdf", "begun"))
        began = time.perf_counter()
        setting: Future[Paged] = pool.submit(render_paged, edition)
        for name in formats:
            if name not in ("pdf", "epub"):
                with _told(name, listener):
                    rendered[name] = render_edition(edition, name)
        cover = cover_png(edition) if "epub" in formats else None
        looks = looks_of(edition, with_print=True)
        paged = setting.result()
        rendered["pdf"] = paged.pdf
        listener(Step("pdf", "done", time.perf_counter() - began))
    if "epub" in formats:  # it takes over the page breaks
        with _told("epub", listener):
            rendered["epub"] = render_ebook(edition, paged.breaks, cover)
    return {name: rendered[name] for name in formats}, looks, paged.misfits


def _wide_tables(misfits: tuple[Misfit, ...], locator: Locator) -> Iterator[Diagnostic]:
    for misfit in misfits:
        done = "on a page turned on its side, " if misfit.turned else ""
        small = "" if misfit.legible else ", too small to be read in print"
        yield locator.diagnostic(
            next(locator.anywhere(misfit.begins), None), "table-wide",
            f"this table is wider than the page: it is set {done}in {misfit.size:.1f} pt{small}",
            "give it fewer columns or shorter words, or the work a wider trim-size", "warning",
        )  # fmt: skip


def _as_printed(looks: Looks, collation: Collation) -> Looks:
    """The looks with the letterforms that the pages show, which is all the record needs."""
    from triptych.render.looks import only_shown

    readings = (r for w in collation.witnesses for r in (w.article, *w.notes))
    return only_shown(looks, (shape.digest for r in readings for shape in r.shapes))


def _outdated_signatures(old: Path, record: bytes) -> set[str]:
    """The names of signatures that a new edition record leaves without what they signed."""
    if old.is_file() and old.read_bytes() == record:
        return set()
    return {old.name + ending for ending in SIGNATURE_ENDINGS}


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
