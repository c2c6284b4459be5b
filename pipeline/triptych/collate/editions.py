"""Collating editions: finished files and their manifest in, a `Collation` out."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from triptych.collate.appearance import wrong_appearance
from triptych.collate.around import with_surroundings
from triptych.collate.collation import Collation
from triptych.collate.contents import wrong_contents
from triptych.collate.cover import printed_pages, wrong_cover
from triptych.collate.difference import Difference
from triptych.collate.direction import runs_from_right
from triptych.collate.downloads import wrong_downloads
from triptych.collate.emphasis import wrong_emphasis
from triptych.collate.fields import wrong_fields
from triptych.collate.formulas import wrong_formulas
from triptych.collate.index import wrong_index
from triptych.collate.links import wrong_links
from triptych.collate.lists import wrong_items
from triptych.collate.metadata import wrong_metadata
from triptych.collate.navigation import wrong_navigation
from triptych.collate.notes import wrong_notes
from triptych.collate.pages import other_pages, wrong_page_list, wrong_pages
from triptych.collate.pairing import AROUND, Comparison, pair
from triptych.collate.parts import wrong_parts
from triptych.collate.pictures import wrong_pictures
from triptych.collate.running_heads import wrong_running_heads
from triptych.collate.ways_back import wrong_ways_back
from triptych.collate.words import wrong_words
from triptych.diagnostics import UsageError
from triptych.formats import FORMATS, MANIFEST_ENDING, format_of, load
from triptych.limits import LimitError, Limits, count_in, doing, limits_of, too_deep, too_large
from triptych.manifest import EditionManifest, read_manifest
from triptych.witness.reading import Cover, UnreadableError, Witness
from triptych.worker import outcome, worker


def collate_edition(where: Path | Sequence[Path]) -> Collation:
    """Collate the finished files of one edition, with the edition manifest beside them.

    `where` is their folder, or the files themselves, the manifest among them. Raises UsageError
    where there is no edition manifest, or more than one.
    """
    paths = list(where) if not isinstance(where, Path) else _files_in(where)
    manifests = [path for path in paths if path.name.endswith(MANIFEST_ENDING)]
    if len(manifests) != 1:
        found = "several edition manifests" if manifests else _NO_MANIFEST
        raise UsageError(f"{found} among the files to collate; name the files of one edition")
    try:
        manifest = read_manifest(manifests[0].read_bytes())
        named = {name: _format(manifest, name) for name in manifest.files}
    except (OSError, ValueError) as error:
        message = f"{manifests[0]} cannot be read as an edition manifest: {error}"
        raise UsageError(message) from None
    files: dict[str, bytes] = {}
    for path in paths:
        if path.name in named:
            try:
                files[named[path.name]] = path.read_bytes()
            except OSError as error:
                raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    return collate(manifest, files)


_NO_MANIFEST = f"no edition manifest (*{MANIFEST_ENDING})"


def _files_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder; name the folder of a finished edition")
    return sorted(path for path in folder.iterdir() if path.is_file())


def collate(
    manifest: EditionManifest, files: Mapping[str, bytes], read: Sequence[Witness] = ()
) -> Collation:
    """Collate finished files, by format, with what their edition manifest says.

    Files that were `read` before, from the same bytes, are not read again.
    """
    began = time.perf_counter()
    length = len(manifest.ledger.text.letters.encode())
    limits = limits_of(length, sum(map(len, files.values())))
    if not read:
        count_in(length, sum(map(len, files.values())))
    differences: list[Difference] = []
    comparisons: dict[str, Comparison] = {}
    known = {witness.format: witness for witness in read}
    for name, witness in _read_all(manifest, files, known, limits):
        medium = _format(manifest, name)
        if medium in files and sha256(files[medium]).hexdigest() != manifest.files[name]:
            differences.append(
                Difference(medium, "fixity", "", f"{name} has changed since it was made")
            )
        if witness is None:
            continue  # a cover does not hold the work, and is read below
        if isinstance(witness, Witness):
            comparisons[medium] = with_surroundings(pair(manifest, witness))
            differences += compare(comparisons[medium])
        else:
            differences.append(Difference(medium, "unreadable", "", f"{name} {witness}"))
    cover: Cover | None = None
    for medium in (medium for medium in files if FORMATS[medium].cover):
        witnesses = {name: comparison.witness for name, comparison in comparisons.items()}
        try:
            cover = _read_cover(manifest, medium, files[medium])
            differences += wrong_cover(manifest, cover, printed_pages(manifest, witnesses))
        except UnreadableError as error:
            message = f"the cover cannot be read: {error}"
            differences.append(Difference(medium, "unreadable", "", message))
    differences += _between(manifest, comparisons)
    seconds = time.perf_counter() - began
    return Collation(manifest, tuple(comparisons.values()), tuple(differences), seconds, cover)


def _between(
    manifest: EditionManifest, comparisons: Mapping[str, Comparison]
) -> Iterator[Difference]:
    """What files say differently of the printed pages, which only the files together can tell."""
    printed = [comparison for medium, comparison in comparisons.items() if FORMATS[medium].paged]
    marking = [comparison for medium, comparison in comparisons.items() if FORMATS[medium].marks]
    if printed and any(comparison.witness.pages for comparison in marking):  # else none is marked
        for comparison in marking:
            yield from wrong_pages(comparison, printed[0])
    for comparison in marking:
        yield from wrong_page_list(comparison)
    for comparison in printed:
        yield from other_pages(comparison, printed[0])
    if printed or not any(FORMATS[_format(manifest, name)].paged for name in manifest.files):
        for medium, comparison in comparisons.items():
            if FORMATS[medium].index:
                yield from wrong_index(comparison, printed[0] if printed else None)


def _format(manifest: EditionManifest, name: str) -> str:
    """The format of a file that the manifest names. Raises ValueError for one that is none."""
    medium = format_of(name, manifest.name)
    if not medium:
        raise ValueError(f"no format has files such as {name}")
    return medium


def _read_all(
    manifest: EditionManifest,
    files: Mapping[str, bytes],
    known: Mapping[str, Witness],
    limits: Limits,
) -> Iterator[tuple[str, Witness | str | None]]:
    """Read the named files: a witness for each, or what is wrong with the file, in words.

    A PDF is read in another process, beside the others. Witnesses `known` already are taken as they
    are. A cover does not hold the work: it gives None.
    """
    names = {_format(manifest, name): name for name in manifest.files}
    by_format = {medium: names[medium] for medium in FORMATS if medium in names}
    found = {medium: files[medium] for medium in by_format if medium in files}
    with ExitStack() as stack:
        beside: Future[Witness | str] | None = None
        unread = [m for m in found if m not in known and not FORMATS[m].cover]
        slowest = next((medium for medium in unread if FORMATS[medium].paged), "")
        if slowest and len(unread) > 1 and sys.platform == "linux":
            # The process reads one file and ends: collecting garbage would waste a fifth of it.
            pool = stack.enter_context(worker(limits, gc.disable))
            beside = pool.submit(_read, slowest, found[slowest], limits)
        for medium, name in by_format.items():
            if medium not in found:
                yield name, "is not there"
            elif FORMATS[medium].cover:
                yield name, None
            elif medium in known:
                yield name, known[medium]
            elif medium == slowest and beside is not None:
                yield name, _beside(pool, beside, limits, name)
            else:
                with doing(f"Reading {name}"):
                    read = _read(medium, found[medium], limits)
                yield name, read


def _beside(
    pool: ProcessPoolExecutor, reading: Future[Witness | str], limits: Limits, name: str
) -> Witness | str:
    try:
        return outcome(pool, reading, limits, f"Reading {name}")
    except LimitError as error:
        return f"cannot be read: {error}"


def _read(medium: str, data: bytes, limits: Limits) -> Witness | str:
    try:
        return read_witness(medium, data)
    except UnreadableError as error:
        return f"cannot be read: {error}"
    except MemoryError:
        return f"cannot be read: {too_large(limits, 'reading it')}"
    except RecursionError:
        return f"cannot be read: {too_deep('reading it')}"


def read_witness(medium: str, data: bytes) -> Witness:
    """Read one finished file. Raises UnreadableError."""
    witness: Witness = load(FORMATS[medium].read)(data)
    return replace(witness, format=medium)


def _read_cover(manifest: EditionManifest, medium: str, data: bytes) -> Cover:
    width, _ = manifest.record.trim_size
    from_right = runs_from_right(manifest.record.language)
    cover: Cover = load(FORMATS[medium].read)(data, width, from_right)
    return cover


def compare(comparison: Comparison) -> list[Difference]:
    """Every difference between one witness and the ledger, in the order of reading."""
    differences: list[Difference] = []
    for pairing in comparison.pairings:
        differences += wrong_words(comparison, pairing)
        if pairing.order != AROUND:
            differences += wrong_parts(comparison, pairing)
            differences += wrong_items(comparison, pairing)
            differences += wrong_formulas(comparison, pairing)
        if FORMATS[comparison.witness.format].links:
            differences += wrong_links(comparison, pairing)
    return [
        *differences,
        *wrong_notes(comparison),
        *wrong_ways_back(comparison),
        *wrong_pictures(comparison),
        *wrong_fields(comparison),
        *wrong_contents(comparison),
        *wrong_navigation(comparison),
        *wrong_metadata(comparison),
        *wrong_downloads(comparison),
        *wrong_appearance(comparison),
        *wrong_running_heads(comparison),
        *wrong_emphasis(comparison),
    ]
