"""The suite: finished files, their mutants, and what the collation says of each.

`ask` is the one place where the collation is called. It is given the damaged file and a manifest
whose digests fit, so that nothing but reading the file can tell.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

from triptych.press import build

from . import (
    damage_citations,
    damage_contents,
    damage_cover,
    damage_emphasis,
    damage_epub,
    damage_formulas,
    damage_front,
    damage_heads,
    damage_hiding,
    damage_lists,
    damage_metadata,
    damage_navigation,
    damage_pdf,
    damage_pdf_emphasis,
    damage_pdf_hiding,
    damage_pdf_links,
    damage_pdf_moves,
    damage_pdf_pictures,
    damage_pictures,
    damage_text,
    damage_ways_back,
)
from .markup import open_book
from .mutant import FORMATS, Damage, Finished, Format, Mutant, read_finished
from .pdf_page import Print

HERE = Path(__file__).parent
DOCUMENTS = {
    "article": HERE.parents[1] / "source",
    "lamps": HERE / "papers" / "lamps.md",
    "bread": HERE / "papers" / "bread.md",
}
STYLES = ("modern-language-association", "apa", "ieee", "chicago-fullnote-bibliography")

DAMAGES: tuple[Damage, ...] = (
    *damage_citations.DAMAGES,
    *damage_text.DAMAGES,
    *damage_hiding.DAMAGES,
    *damage_emphasis.DAMAGES,
    *damage_formulas.DAMAGES,
    *damage_epub.DAMAGES,
    *damage_metadata.DAMAGES,
    *damage_contents.DAMAGES,
    *damage_pdf.DAMAGES,
    *damage_pdf_moves.DAMAGES,
    *damage_pdf_links.DAMAGES,
    *damage_pdf_hiding.DAMAGES,
    *damage_pdf_emphasis.DAMAGES,
    *damage_ways_back.DAMAGES,
    *damage_lists.DAMAGES,
    *damage_pictures.DAMAGES,
    *damage_pdf_pictures.DAMAGES,
    *damage_navigation.DAMAGES,
    *damage_front.DAMAGES,
    *damage_heads.DAMAGES,
    *damage_cover.DAMAGES,
)
STRANGER = "file: another edition's in its place"
KINDS: tuple[tuple[str, Format], ...] = (
    *((damage.kind, damage.format) for damage in DAMAGES),
    *((STRANGER, name) for name in FORMATS),
)
_BY_KIND = {(damage.kind, damage.format): damage for damage in DAMAGES}


@dataclass(frozen=True, slots=True)
class Order:
    """A mutant to be made: `sets` are tried in turn until one has a place for the damage."""

    kind: str
    format: Format
    sets: tuple[tuple[str, str], ...]
    seed: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an order. `mutant` is empty where no set had a place for the damage.

    `caught`: some difference was reported of the damaged file. `named`: one of them is of a kind
    expected and names the subject. `reported` are the first few, in words.
    """

    order: Order
    mutant: str
    caught: bool = False
    named: bool = False
    reported: tuple[str, ...] = ()


def make_sets(
    folder: Path, documents: Sequence[str] = tuple(DOCUMENTS), styles: Sequence[str] = STYLES
) -> None:
    """Build every document in every style, into `folder/document/style`."""
    works = [(document, style) for document in documents for style in styles]
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(_build_one, [(folder, *work) for work in works]))


def _build_one(work: tuple[Path, str, str]) -> None:
    folder, document, style = work
    build(DOCUMENTS[document], out=folder / document / style, csl=style)


def finished_set(folder: Path, document: str, style: str) -> Finished:
    """A set that `make_sets` built."""
    return read_finished(folder / document / style, document, style)


def orders(
    seed: int, documents: Sequence[str] = tuple(DOCUMENTS), *, each: int = len(STYLES)
) -> list[Order]:
    """Every kind of damage in every format, in `each` citation styles, in documents by turns.

    Where a document in a style has no place for a damage, the other documents are tried, and,
    when each damage is wanted once, the other styles.
    """
    made = []
    for n, (kind, name) in enumerate(KINDS):
        turn = Random(f"{seed} {n}")
        styles = turn.sample(STYLES, len(STYLES))
        papers = turn.sample(list(documents), len(documents))
        for k in range(each):
            wanted = styles if each == 1 else [styles[k]]
            # Each style begins with another document, so that a kind meets them all.
            begun = papers[k % len(papers) :] + papers[: k % len(papers)]
            sets = tuple((paper, style) for style in wanted for paper in begun)
            made.append(Order(kind, name, sets, seed))
    return made


def make_mutant(order: Order, folder: Path) -> tuple[Mutant, Finished] | None:
    """The mutant that was ordered, and the set it comes from; None where there is no place."""
    for document, style in order.sets:
        finished = finished_set(folder, document, style)
        if order.kind == STRANGER:
            return _stranger(order, finished, folder), finished
        mutant = _BY_KIND[order.kind, order.format].mutant(finished, order.seed)
        if mutant:
            return mutant, finished
    return None


def _stranger(order: Order, finished: Finished, folder: Path) -> Mutant:
    """The same document in another style: a mix of two editions."""
    style = next(style for style in STYLES if style != finished.style)
    other = finished_set(folder, finished.document, style)
    ledger = finished.ledger
    kinds = "citation-differs citation-missing entry-differs entry-missing note-missing unreadable"
    return Mutant(
        order.kind,
        order.format,
        order.seed,
        finished.document,
        finished.style,
        other.bytes_of(order.format),
        frozenset(kinds.split()),
        frozenset([*(c.id for c in ledger.clusters), *(e.id for e in ledger.entries)]),
        f"the file made in the style {style}",
    )


def ask(finished: Finished, name: Format, data: bytes) -> list[Any]:
    """What the collation says of one file of a set, given as `data`: its list of `Difference`."""
    collate_edition = import_module("triptych.collate").collate_edition
    manifest = json.loads(json.dumps(finished.manifest))
    file_name = f"{finished.name}.{name}"
    manifest["files"][file_name] = sha256(data).hexdigest()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / file_name
        manifest_file = Path(folder) / f"{finished.name}.edition.json"
        file.write_bytes(data)
        manifest_file.write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
        found = collate_edition([file, manifest_file]).differences
    return [d for d in found if d.kind != "fixity" and d.witness in (name, "record")]


def names(difference: Any, mutant: Mutant) -> bool:
    """Whether a difference names a damage: its kind, and whom or which words it concerns."""
    if difference.witness != mutant.format or difference.kind not in mutant.expected:
        return False
    if difference.kind == "unreadable":
        return True  # That concerns the whole file.
    said = " ".join(f"{difference.expected} {difference.found} {difference.message}".split())
    return any(difference.subject == one or one in said for one in mutant.subject)


def judge(order: Order, folder: Path) -> Outcome:
    """Make a mutant and ask the collation about it."""
    made = make_mutant(order, folder)
    if made is None:
        return Outcome(order, "")
    mutant, finished = made
    found = ask(finished, mutant.format, mutant.data)
    return Outcome(
        order,
        f"{mutant.document}, {mutant.style}: {mutant.told}",
        caught=bool(found),
        named=any(names(difference, mutant) for difference in found),
        reported=tuple(f"{d.kind} {d.subject}: {d.message}" for d in found[:4]),
    )


def judge_all(wanted: Iterable[Order], folder: Path) -> list[Outcome]:
    """Judge all orders, on both cores."""
    with ProcessPoolExecutor(2) as pool:
        return list(pool.map(_judge_one, [(order, folder) for order in wanted], chunksize=4))


def _judge_one(work: tuple[Order, Path]) -> Outcome:
    return judge(*work)


def reopened(finished: Finished, name: Format) -> bytes:
    """A file opened and closed by the damages' own tools, undamaged."""
    if name == "pdf":
        file = Print(finished.pdf)
        for page in file.pages:
            for run in page.runs:
                run.changed = True
        return file.save()
    return open_book(finished, name).close()


def false_alarms(folder: Path, document: str, style: str) -> list[str]:
    """What the collation says of a sound set, as it is and as the damages' tools write it."""
    finished = finished_set(folder, document, style)
    alarms = []
    for name in FORMATS:
        for data in (finished.bytes_of(name), reopened(finished, name)):
            alarms += [
                f"{document}, {style}, {name}: {d.kind} {d.subject}: {d.message}"
                for d in ask(finished, name, data)
            ]
    return alarms


def all_false_alarms(folder: Path) -> list[str]:
    """The false alarms of every set, on both cores."""
    works = [(folder, document, style) for document in DOCUMENTS for style in STYLES]
    with ProcessPoolExecutor(2) as pool:
        return [alarm for alarms in pool.map(_alarms_of, works) for alarm in alarms]


def _alarms_of(work: tuple[Path, str, str]) -> list[str]:
    return false_alarms(*work)
