"""The press: runs the whole way, from a source on disk to a set of finished files in `dist/`.

This is the one place that knows the order. Formats are rendered side by side, then read back and
collated; only a set that has been proven enters the output folder, in one step, so that it holds
the old set or the new one, never a mix.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from triptych.collate import Collation, CollationError, collate
from triptych.diagnostics import Diagnostic, UsageError
from triptych.edition import Edition
from triptych.formats import FORMATS, MANIFEST_ENDING, USUAL, load
from triptych.limits import allow as raise_limits
from triptych.limits import limits_of
from triptych.manifest import EditionManifest, manifest_json, manifest_of, read_manifest
from triptych.print_diagnostics import print_diagnostics
from triptych.publish import fit_folder, outdated_signatures, replace_folder
from triptych.read.source import read_source
from triptych.render.run import load_engines, render_all
from triptych.resolve.passes import resolve_source
from triptych.steps import Listener, step


@dataclass(frozen=True, slots=True)
class Build:
    """What a build made: the files, the edition they show, the warnings on the way, the proof."""

    files: tuple[Path, ...]
    edition: Edition
    warnings: tuple[Diagnostic, ...]
    collation: Collation
    seconds: float


def build(
    source: Path | str = "source",
    *,
    out: Path | str = "dist",
    formats: Sequence[str] = USUAL,
    csl: str | None = None,
    keep_going: bool = False,
    epoch: int | None = None,
    root: Path | str | None = None,
    allow: Sequence[Path | str] = (),
    listener: Listener = lambda _: None,
) -> Build:
    """Build the editions of `source` into the folder `out`.

    `source` is a folder, or a Pandoc Markdown file; `csl` overrides its citation style;
    `epoch`, in seconds since 1970, stands for the date of a work that has none. Nothing is read
    outside of `root` and of the folders to `allow`: see `read_source`. With `keep_going`,
    mistakes that still leave something to print are reported as warnings, and files that fail the
    collation are written all the same. `listener` is told of each step.

    Raises SourceError for mistakes in the source, LimitError for a work that takes more time or
    memory than it may (`docs/untrusted.md`), CollationError where the finished files do not
    all say what they must, UsageError for an unfit output folder or format, MachineError where the
    machine lacks something. `out` is then as it was before.
    """
    began = time.perf_counter()
    _check_names(formats)
    fit_folder(Path(out))
    with ThreadPoolExecutor(1) as beside:
        with step("read", listener):
            within = Path(root) if root is not None else None
            work = read_source(
                Path(source), csl, epoch, root=within, allow=[Path(each) for each in allow]
            )
        listed = sum(len(each.text.encode()) for each in work.bibliographies)
        length = len(work.article.encode())
        raise_limits(limits_of(length, listed))
        # The typesetter is loaded while pandoc runs: both take about half a second.
        loaded = beside.submit(load_engines, formats)
        with step("resolve", listener):
            edition, warnings = resolve_source(work, keep_going=keep_going)
        edition = replace(edition, formats=tuple(formats))
        loaded.result()
    limits = limits_of(length, listed + sum(len(image.data) for image in edition.images))
    raise_limits(limits)
    rendered = render_all(edition, formats, limits, listener)
    files, outputs = rendered.files, rendered.outputs
    if outputs is not None:
        ill_set = print_diagnostics(work, edition, outputs, formats)
        warnings = tuple(sorted({*warnings, *ill_set}))
    digests = _digests(edition, files)
    manifest = manifest_of(
        edition, digests, rendered.appearance, rendered.around, rendered.pictures
    )
    with step("collate", listener):
        collation = collate(_as_written(manifest), files)
    for name in formats:
        if FORMATS[name].needs == "proof" and outputs is not None:
            with step(name, listener):
                from triptych.archive_contents import archive_contents

                proven = manifest.showing(collation.shapes)
                contents = archive_contents(work, edition, proven, collation)
                files[name] = load(FORMATS[name].render)(edition, outputs.paged.pages, contents)
            manifest = replace(manifest, files=_digests(edition, files))
            with step("collate", listener):
                collation = collate(_as_written(manifest), files, collation.witnesses)
    if not (collation.passed or keep_going):
        raise CollationError(collation, warnings)
    with step("shelve", listener):
        proven = manifest.showing(collation.shapes)
        paths = _shelve(Path(out), proven, {name: files[name] for name in formats})
    return Build(paths, edition, warnings, collation, time.perf_counter() - began)


def _check_names(formats: Sequence[str]) -> None:
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise UsageError(
            f"there is no format {', '.join(unknown) or 'given'}: choose from {', '.join(FORMATS)}"
        )


def _digests(edition: Edition, files: Mapping[str, bytes]) -> dict[str, str]:
    """The SHA-256 of finished files, in hex, by the names they will have."""
    return {
        edition.name + FORMATS[name].ending: sha256(data).hexdigest()
        for name, data in files.items()
    }


def _as_written(manifest: EditionManifest) -> EditionManifest:
    """The manifest as a later collation will read it: what is proven is what is written."""
    return read_manifest(manifest_json(manifest))


def _shelve(out: Path, manifest: EditionManifest, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Put the files and their manifest into the output folder; return their paths."""
    shelved = {manifest.name + FORMATS[name].ending: data for name, data in files.items()}
    name, data = manifest.name + MANIFEST_ENDING, manifest_json(manifest).encode()
    shelved[name] = data
    replace_folder(out, shelved, without=outdated_signatures(out / name, data))
    return tuple(out / file for file in shelved)
