"""What a mutant is: one finished file, one damage, and what the collation has to say of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Literal

from triptych.ledger import Cluster, Entry, Ledger, Note, ledger_from_json

Format = Literal["html", "epub", "pdf"]
Named = Cluster | Entry | Note
FORMATS: tuple[Format, ...] = ("html", "epub", "pdf")


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished set: a document in a citation style, as bytes, with the manifest beside it."""

    document: str
    style: str
    name: str
    html: bytes
    epub: bytes
    pdf: bytes
    manifest: dict[str, Any]
    ledger: Ledger

    def bytes_of(self, name: Format) -> bytes:
        return {"html": self.html, "epub": self.epub, "pdf": self.pdf}[name]

    @property
    def family(self) -> str:
        """The kind of citation style, as far as damages care: notes, numbers, or names."""
        if self.manifest["style"]["kind"] == "note":
            return "note"
        bracketed = sum(cluster.text.startswith("[") for cluster in self.ledger.clusters)
        return "numeric" if bracketed > len(self.ledger.clusters) / 2 else "names"

    def holding(self, digits: str) -> list[str]:
        """The ids of all clusters, entries and notes in which one of the digits stands."""
        ledger = self.ledger
        named: list[Named] = [*ledger.clusters, *ledger.entries, *ledger.notes]
        return [one.id for one in named if any(digit in one.text for digit in digits)]


@dataclass(frozen=True, slots=True)
class Told:
    """What a damage did: the kinds of difference that name it, whom they concern, one line.

    `subject` holds ids of the ledger, matched whole, and words, found in what a difference says.
    """

    expected: frozenset[str]
    subject: frozenset[str]
    line: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """A damaged file: at least one of `expected` must be reported of it, naming the subject."""

    kind: str
    format: Format
    seed: int
    document: str
    style: str
    data: bytes
    expected: frozenset[str]
    subject: frozenset[str]
    told: str


@dataclass(frozen=True, slots=True)
class Damage:
    """A kind of damage to one format. `work` gives None where the file has no place for it."""

    kind: str
    format: Format
    work: Callable[[Finished, Random], tuple[bytes, Told] | None]

    def mutant(self, finished: Finished, seed: int) -> Mutant | None:
        """The finished file with this damage, or None where there is no place for it."""
        place = f"{self.kind} {self.format} {finished.document} {finished.style} {seed}"
        made = self.work(finished, Random(place))
        if made is None:
            return None
        data, told = made
        if data == finished.bytes_of(self.format):
            raise AssertionError(f"{self.kind} left the {self.format} as it was")
        return Mutant(
            self.kind,
            self.format,
            seed,
            finished.document,
            finished.style,
            data,
            told.expected,
            told.subject,
            told.line,
        )


def told(expected: str, subject: list[str], line: str) -> Told:
    """`Told`, from kinds parted by spaces."""
    return Told(frozenset(expected.split()), frozenset(s for s in subject if s.strip()), line)


def in_note(expected: str) -> str:
    """What may be told of a damage to a cluster that may be all there is of its note."""
    return f"{expected} {expected.replace('citation-', 'note-')} note-differs"


def of_cluster(cluster: Cluster, expected: str, line: str, *others: str) -> Told:
    """What is told of a damaged cluster; where it stands in a note, the note may be named too."""
    kinds = in_note(expected) if cluster.note else expected
    return told(kinds, [cluster.id, *([cluster.note] if cluster.note else []), *others], line)


def read_finished(folder: Path, document: str, style: str) -> Finished:
    """The finished set in `folder`."""
    path = next(folder.glob("*.edition.json"))
    manifest = json.loads(path.read_text(encoding="utf-8"))
    name = path.name.removesuffix(".edition.json")
    return Finished(
        document,
        style,
        name,
        html=(folder / f"{name}.html").read_bytes(),
        epub=(folder / f"{name}.epub").read_bytes(),
        pdf=(folder / f"{name}.pdf").read_bytes(),
        manifest=manifest,
        ledger=ledger_from_json(manifest["ledger"]),
    )
