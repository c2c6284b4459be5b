"""The way back: from a place in a finished file to the line of the source it was made from.

In: a ledger, the source on disk, and an id or words from a finished file. Out: an `Origin`, or
None. No line is better than a wrong one: there is no origin if it is not certain, or if the file
has changed since.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from triptych.diagnostics import position
from triptych.ledger import Ledger
from triptych.read.paths import Refused
from triptych.read.source import Source
from triptych.resolve.identifiers import plain_id
from triptych.resolve.source_map import SourceMap

_DEFINITION = re.compile(
    r"^ {0,3}\[\^(?P<label>[^\]\s]+)\]:.*?(?=\n[ \t]*\n(?! {4}|\t)|\Z)", re.S | re.M
)
"""A note defined apart from its mark, up to a blank line that no indented line follows."""

_MARK = re.compile(r"\[\^(?P<label>[^\]\s]+)\](?!:)")

_ENTRY = {
    "json": r'"id"\s*:\s*"?{key}"?\s*[,}}]',
    "yaml": r"""^[ \t]*-?[ \t]*["']?id["']?[ \t]*:[ \t]*["']?{key}["']?[ \t]*$""",
    "yml": r"""^[ \t]*-?[ \t]*["']?id["']?[ \t]*:[ \t]*["']?{key}["']?[ \t]*$""",
    "bib": r"@\w+\s*[{{(]\s*{key}\s*,",
    "bibtex": r"@\w+\s*[{{(]\s*{key}\s*,",
    "ris": r"^ID  - {key}[ \t]*$",
}
"""How an entry names its key, by the ending of the bibliography's file."""

FEWEST_WORDS = 4
"""Fewer words in a row may well occur twice, or elsewhere by chance."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A place in the source: a file as the user would write it; line and column from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Provenance:
    """How the source on disk compares with the one an edition was built from.

    `changed` names the files that differ or are missing, as the user would write them.
    """

    source: Source
    changed: tuple[str, ...]

    def read(self, name: str) -> str | None:
        """The text of an unchanged file; None if it has changed."""
        data = None if self.source.shown(name) in self.changed else _read(self.source, name)
        return None if data is None else data.decode("utf-8", errors="replace")

    @property
    def article_stands(self) -> bool:
        """Whether the article has the same bytes as the one that was printed."""
        return self.source.article_file not in self.changed


def provenance(source: Source, digests: Mapping[str, str]) -> Provenance:
    """Compare the source with the SHA-256 digests in an edition manifest, by file."""
    here = dict(source.digests)
    for name in digests.keys() - here.keys():  # figures, which only the article names
        data = _read(source, name)
        if data is not None:
            here[name] = sha256(data).hexdigest()
    names = sorted(here.keys() | digests.keys())
    changed = (name for name in names if here.get(name) != digests.get(name))
    return Provenance(source, tuple(map(source.shown, changed)))


def _read(source: Source, name: str) -> bytes | None:
    """A file of the source; None where it is not there, or a manifest names one outside."""
    try:
        return source.read(name)
    except Refused:
        return None


class Trace:
    """Leads an edition's ids and words back to its source."""

    def __init__(self, ledger: Ledger, origin: Provenance) -> None:
        self._ledger = ledger
        self._origin = origin
        self._source = origin.source
        self._article = origin.source.article
        self._source_map = SourceMap(origin.source)
        self._numbered = {numbered.id: numbered for numbered in ledger.numbered}

    def subject(self, name: str) -> Origin | None:
        """Where in the source the element with this id is written, if that is certain."""
        if name.startswith("ref-"):
            return self._entry(name)
        if not self._origin.article_stands:
            return None
        ways: Mapping[str, Callable[[str], int | None]] = {
            "cite": self._citation,
            "note": self._note,
            "noteref": self._note,
        }
        ours = re.fullmatch(r"(cite|note|noteref)-\d+", name)
        return self._at((ways[ours[1]] if ours else self._element)(name))

    def is_section(self, name: str) -> bool:
        """Whether an id is not that of a citation, entry, note, figure or table."""
        known = self._numbered.get(name)
        ours = re.match(r"(cite|note|noteref|ref)-", name)
        return known.kind == "section" if known else not ours

    def words(self, *texts: str) -> Origin | None:
        """Where in the article one of the texts is, if some words of it occur there once."""
        return self._at(self._phrase(*texts)) if self._origin.article_stands else None

    def _at(self, offset: int | None) -> Origin | None:
        if offset is None:
            return None
        line, column = position(self._article, offset)
        return Origin(*self._source.place(line), column)

    def _entry(self, name: str) -> Origin | None:
        keys = [re.escape(entry.key) for entry in self._ledger.entries if entry.id == name]
        found = [
            Origin(self._source.shown(file), *position(text, match.start()))
            for file, _ in self._source.digests
            if (pattern := _ENTRY.get(file.rsplit(".", 1)[-1].lower()))
            if (text := self._origin.read(file))
            for key in keys
            for match in re.finditer(pattern.format(key=key), text, re.M)
        ]
        return found[0] if len(found) == 1 else None

    def _citation(self, name: str) -> int | None:
        """The nth printed citation of a key is the nth in the article, in reading order."""
        printed = [
            (citation.key, cluster.id)
            for cluster in self._ledger.clusters
            for citation in cluster.citations
        ]
        key = next((key for key, cluster in printed if cluster == name), None)
        if key is None:
            return None
        clusters = [cluster for cited, cluster in printed if cited == key]
        written = sorted(
            (offset for offset in self._source_map.citations(key) if offset >= self._body),
            key=self._reading_order,
        )
        return written[clusters.index(name)] if len(written) == len(clusters) else None

    @property
    def _body(self) -> int:
        return 0 if self._ledger.title_text.letters else self._source.body_offset

    def _reading_order(self, offset: int) -> tuple[int, int]:
        """Sort what is in a note's definition by the mark that calls the note."""
        for definition in _DEFINITION.finditer(self._article, self._body):
            if definition.start() <= offset < definition.end():
                return self._first_mark(definition["label"]), offset
        return offset, 0

    def _first_mark(self, label: str) -> int:
        offsets = (m.start() for m in _MARK.finditer(self._article) if m["label"] == label)
        return next(offsets, len(self._article))

    def _note(self, name: str) -> int | None:
        """The nth note is the nth mark, unless the style or a second call makes more notes."""
        marks = sorted(
            offset
            for offset in [*self._source_map.anywhere("[^"), *self._source_map.anywhere("^[")]
            if offset >= self._body
            if self._article[offset] == "^" or _MARK.match(self._article, offset)
        )
        order = [note.id for note in self._ledger.notes]
        wanted = name.replace("noteref-", "note-")
        if len(marks) != len(order) or wanted not in order:
            return None
        return marks[order.index(wanted)]

    def _element(self, name: str) -> int | None:
        """What the author gave this id; otherwise the heading or caption with the printed title."""
        given = [
            match.start(1)
            for match in re.finditer(r"\{[^{}\n]*?#([\w:.-]+)", self._article)
            if plain_id(match[1]) == name and match.start() >= self._body
        ]
        if given:
            return given[0] if len(given) == 1 else None
        numbered = self._numbered.get(name)
        if numbered is None:
            return self._heading(lambda title: plain_id(_slug(title)) == name)
        if numbered.kind == "section":
            return self._heading(lambda title: title == numbered.title)
        return self._phrase(numbered.title)

    def _heading(self, fits: Callable[[str], bool]) -> int | None:
        found = [
            match.start()
            for match in re.finditer(r"^#{1,6}[ \t]+(.+?)[ \t]*(?:\{[^}\n]*\})?[ \t]*#*$",
                                     self._article, re.M)
            if match.start() >= self._body and fits(re.sub(r"[*_`]", "", match[1]))
        ]  # fmt: skip
        return found[0] if len(found) == 1 else None

    def _phrase(self, *texts: str) -> int | None:
        runs = [run for text in texts for run in _runs(text)]
        for words in sorted(runs, key=len, reverse=True):
            pattern = r"\s+".join(map(re.escape, words))
            found = [m.start() for m in re.finditer(pattern, self._article)]
            if len(found) == 1 and found[0] >= self._body:
                return found[0]
        return None


def _runs(text: str) -> Iterator[list[str]]:
    """Words in a row that print as they are written: no quotes, dashes or brackets between."""
    for run in re.split(r"[^\w\s,;:]+", text):
        words = run.split()
        if len(words) >= FEWEST_WORDS:
            yield words


def _slug(title: str) -> str:
    """The id pandoc gives a heading (its manual, "Extension: auto_identifiers")."""
    kept = re.sub(r"[^\w\s.-]", "", title.lower())
    return re.sub(r"^[\W\d_]+", "", re.sub(r"\s+", "-", kept.strip())) or "section"
