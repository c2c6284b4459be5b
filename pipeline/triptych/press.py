"""The press: runs the whole way, from a source on disk to a set of finished files in `dist/`.

This is the one place that knows the order. Formats are rendered side by side in processes, then
read back and collated; only a set that has been proven enters the output folder, in one step, so
that it holds the old set or the new one, never a mix.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from triptych.collate import Collation, CollationError, collate
from triptych.diagnostics import Diagnostic, SourceError, UsageError
from triptych.edition import Edition
from triptych.formats import FORMATS, MANIFEST_ENDING, SIGNATURE_ENDINGS, USUAL
from triptych.manifest import (
    Appearance,
    EditionManifest,
    manifest_json,
    manifest_of,
    read_manifest,
)
from triptych.print_diagnostics import print_diagnostics
from triptych.publish import replace_folder
from triptych.read.files import packed
from triptych.read.source import Source, read_source
from triptych.resolve.passes import resolve_source
from triptych.steps import Listener, Step, step
from triptych.worker import worker

if TYPE_CHECKING:
    from triptych.render.pdf.archive import Attachment
    from triptych.render.pdf.outputs import Outputs


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
    listener: Listener = lambda _: None,
) -> Build:
    """Build the editions of `source` into the folder `out`.

    `source` is a folder, or a Pandoc Markdown file; `csl` overrides its citation style;
    `epoch`, in seconds since 1970, stands for the date of a work that has none. With `keep_going`,
    mistakes that still leave something to print are reported as warnings, and files that fail the
    collation are written all the same. `listener` is told of each step.

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
        with step("read", listener):
            work = read_source(Path(source), csl, epoch)
        with step("resolve", listener):
            edition, warnings = resolve_source(work, keep_going=keep_going)
        loaded.result()
    rendered, made, appearance = _render_all(edition, tuple(formats), listener)
    if made is not None:
        warnings = tuple(
            sorted({*warnings, *print_diagnostics(work, edition, made, tuple(formats))})
        )
    manifest = manifest_of(edition, _digests(edition, rendered), appearance)
    with step("collate", listener):
        collation = collate(_as_written(manifest), rendered)
    if "archive" in formats and made is not None:
        with step("archive", listener):
            from triptych.render.pdf.archive import archive_pdf

            inside = _attachments(work, edition, _as_printed(manifest, collation), collation)
            rendered["archive"] = archive_pdf(edition, made.paged.pages, inside)
        manifest = replace(manifest, files=_digests(edition, rendered))
        with step("collate", listener):
            collation = collate(_as_written(manifest), rendered, collation)
    if not (collation.passed or keep_going):
        raise CollationError(collation)
    with step("shelve", listener):
        files = {f"{edition.name}{FORMATS[name].ending}": rendered[name] for name in formats}
        name = edition.name + MANIFEST_ENDING
        data = manifest_json(_as_printed(manifest, collation)).encode()
        files[name] = data
        replace_folder(Path(out), files, without=_outdated_signatures(Path(out) / name, data))
    paths = tuple(Path(out) / name for name in files)
    return Build(paths, edition, warnings, collation, time.perf_counter() - began)


def render_edition(edition: Edition, name: str) -> bytes:
    """Render one format of an edition by itself.

    HTML and EPUB then know of no printed pages, and the archive's PDF carries no files.
    """
    if name == "html":
        from triptych.render.web.page import render_web

        return render_web(edition)
    if name == "epub":
        from triptych.render.epub.book import render_ebook

        return render_ebook(edition)
    if name == "jats":
        from triptych.render.jats.article import render_jats

        return render_jats(edition)
    from triptych.render.pdf.archive import archive_pdf
    from triptych.render.pdf.outputs import render_outputs

    made = render_outputs(edition, [name])
    return archive_pdf(edition, made.paged.pages, ()) if name == "archive" else made.files[name]


def _load_engines(formats: tuple[str, ...]) -> None:
    """Import what takes long, so that forked processes have it at once."""
    import triptych.witness.html.epub
    import triptych.witness.html.page
    import triptych.witness.pdf.reader  # noqa: F401

    if any(FORMATS[name].paged for name in formats) or "epub" in formats:
        from triptych.render.typesetter.weasyprint import load

        load()


def _render_all(
    edition: Edition, formats: tuple[str, ...], listener: Listener
) -> tuple[dict[str, bytes], Outputs | None, Appearance]:
    """Render the formats side by side, the slowest in a process of its own; tell their looks.

    The archive's PDF is not among them: it holds the proof of the others.
    """
    from triptych.render.appearance import appearance_of

    rendered: dict[str, bytes] = {}
    on_pages = [name for name in formats if FORMATS[name].paged]
    if not on_pages:
        for name in formats:
            with step(name, listener):
                rendered[name] = render_edition(edition, name)
        return rendered, None, appearance_of(edition, with_print=False)
    from triptych.render.epub.book import render_ebook
    from triptych.render.epub.cover_image import cover_png
    from triptych.render.pdf.outputs import render_outputs
    from triptych.render.web.page import draft_web, finish_web

    with worker() as pool:
        listener(Step("pdf", "begun"))
        began = time.perf_counter()
        setting: Future[Outputs] = pool.submit(render_outputs, edition, on_pages)
        for name in formats:
            if name not in (*on_pages, "html", "epub"):
                with step(name, listener):
                    rendered[name] = render_edition(edition, name)
        draft = draft_web(edition) if "html" in formats else None
        cover = cover_png(edition) if "epub" in formats else None
        appearance = appearance_of(edition, with_print=True)
        made = setting.result()
        listener(Step("pdf", "done", time.perf_counter() - began))
    breaks, places = made.paged.breaks, made.paged.places  # which HTML and EPUB take over
    if draft is not None:
        with step("html", listener):
            rendered["html"] = finish_web(draft, breaks, places)
    if "epub" in formats:
        with step("epub", listener):
            rendered["epub"] = render_ebook(edition, breaks, cover, places)
    rendered |= made.files
    return {name: rendered[name] for name in formats if name in rendered}, made, appearance


def _digests(edition: Edition, rendered: Mapping[str, bytes]) -> dict[str, str]:
    """The SHA-256 of finished files, in hex, by the names they will have."""
    return {
        edition.name + FORMATS[name].ending: sha256(data).hexdigest()
        for name, data in rendered.items()
    }


def _attachments(
    work: Source, edition: Edition, manifest: EditionManifest, collation: Collation
) -> Iterator[Attachment]:
    """What the archive's PDF carries: its source, and what was proven of the other files.

    Raises SourceError where a file of the source has changed since it was read.
    """
    from triptych.collate.report import as_json
    from triptych.render.pdf.archive import Attachment

    assert work.style is not None
    places = packed(dict(edition.source_digests))
    for name, digest in edition.source_digests:
        path = work.folder / name
        data = path.read_bytes() if path.is_file() else work.style.text  # of another folder
        if sha256(data).hexdigest() != digest:
            raise SourceError(
                [Diagnostic(work.shown(name), 0, 0, "source-changed",
                            "the file has changed during the build", "build again")]
            )  # fmt: skip
        yield Attachment(places[name], data, "Source", "A file that this edition was made from")
    style = f"{edition.style_name}.csl"
    if style not in dict(edition.source_digests):
        yield Attachment(style, work.style.text, "Source", "The citation style (CSL) followed")
    step = {name: value for name, value in as_json(collation).items() if name != "seconds"}
    report = json.dumps(step, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    yield Attachment(  # called a record here ever since, so that editions keep their bytes
        edition.name + MANIFEST_ENDING, manifest_json(manifest).encode(), "Data",
        "The edition record, with the SHA-256 of the other files of this edition",
    )  # fmt: skip
    yield Attachment(
        edition.name + ".collation.json", report.encode(), "Supplement",
        "What the other files of this edition say, as read back and compared",
    )  # fmt: skip


def _as_written(manifest: EditionManifest) -> EditionManifest:
    """The manifest as a later collation will read it: what is proven is what is written."""
    return read_manifest(manifest_json(manifest))


def _as_printed(manifest: EditionManifest, collation: Collation) -> EditionManifest:
    """The manifest with the letterforms that the pages show, which is all that it needs."""
    from triptych.render.appearance import only_shown

    readings = [r for w in collation.witnesses for r in (w.article, *w.notes)]
    if collation.cover is not None:
        readings += [collation.cover.back, collation.cover.spine, collation.cover.front]
    shown = (shape.digest for reading in readings for shape in reading.shapes)
    return replace(manifest, letterforms=only_shown(manifest.letterforms or {}, shown))


def _outdated_signatures(old: Path, manifest: bytes) -> set[str]:
    """The names of signatures that a new edition manifest leaves without what they signed."""
    if old.is_file() and old.read_bytes() == manifest:
        return set()
    return {old.name + ending for ending in SIGNATURE_ENDINGS}
