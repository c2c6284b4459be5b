"""The bibliography as its author wrote it: its keys, where they stand, and what is wrong.

Pandoc reads the bibliography for citeproc. This module reads it a second time, only to find
mistakes: citeproc names neither line nor entry, and ignores a second entry with the same key.

In: the text of a bibliography file. Out: a `Bibliography`, with the text citeproc may safely read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from triptych.diagnostics import Diagnostic, Positions, excerpt, position
from triptych.read.bib_file import read_bib_file
from triptych.read.cited import Cited, parts_of
from triptych.read.csl_items import read_json, read_yaml
from triptych.read.entries import MalformedError, RawEntry, read_bib, read_endnote
from triptych.read.ris import read_ris


@dataclass(frozen=True, slots=True)
class Bibliography:
    """A bibliography file, read to find its mistakes.

    `text` is that of the file. `sound` is the text without malformed entries, with fields as pandoc
    reads them, in the file's own format. It equals the text read where nothing is wrong, and is
    empty where nothing could be read. Entries that no text cites are `unread`, and are not in it.
    `lines` gives for each key the line of its entry in the file, `concerned` gives for a
    diagnostic the key of the entry that it is about.
    `aliases` are other keys by which an article may cite an entry, each with the one that pandoc
    knows it by.
    """

    file: str
    text: str
    keys: frozenset[str]
    sound: str
    diagnostics: tuple[Diagnostic, ...]
    lines: Mapping[str, int] = field(default_factory=dict)
    concerned: Mapping[Diagnostic, str] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()

    def telling(self, told: Mapping[Diagnostic, str]) -> Bibliography:
        """The bibliography with more to be told, and the keys of the entries concerned."""
        return replace(
            self, diagnostics=(*self.diagnostics, *told), concerned={**self.concerned, **told}
        )


def read_cited(files: Sequence[tuple[str, str]], cited: Cited) -> tuple[Bibliography, ...]:
    """Read what may be cited of some bibliographies, given by their names and their texts."""
    return tuple(
        _with_unread(read_bibliography(file, part.text), text, part.unread)
        for (file, text), part in zip(files, parts_of(files, cited), strict=True)
    )


def _with_unread(book: Bibliography, text: str, unread: Mapping[str, int]) -> Bibliography:
    """A bibliography of which a part was read, with its other entries, given by their lines."""
    return replace(
        book, text=text, keys=book.keys | unread.keys(), lines={**unread, **book.lines},
        unread=frozenset(unread),
    )  # fmt: skip


def read_bibliography(file: str, text: str) -> Bibliography:
    """Read CSL-JSON, CSL-YAML, BibTeX, BibLaTeX, RIS or EndNote XML, by the file's ending."""
    ending = file.rsplit(".", 1)[-1].lower()
    reader = _READERS.get(ending)
    if reader is None:
        return Bibliography(
            file,
            text,
            frozenset(),
            "",
            (
                Diagnostic(
                    file, 0, 0, "bibliography-malformed",
                    f"bibliographies ending in .{ending} are not known",
                    "use CSL-JSON (.json), CSL-YAML (.yaml), BibTeX or BibLaTeX (.bib), RIS (.ris) "
                    "or EndNote XML (.xml)",
                ),
            ),
        )  # fmt: skip
    try:
        entries = _entries(reader, text)
    except MalformedError as error:
        line, column = position(text, error.offset)
        return Bibliography(
            file, text, frozenset(), "",
            (Diagnostic(file, line, column, "bibliography-malformed", error.message, error.hint,
                        excerpt(text, error.offset)),),
        )  # fmt: skip
    concerned: dict[Diagnostic, str] = {}
    first: dict[str, RawEntry] = {}
    left_out: list[RawEntry] = [entry for entry in entries if entry.problem]
    positions = Positions(text)
    for entry in entries:
        line, column = positions.of(entry.offset)
        shown = excerpt(text, entry.offset)
        if entry.problem:
            told = Diagnostic(
                file, line, column, "bibliography-malformed", entry.problem, entry.hint, shown
            )
            concerned[told] = entry.key
        if entry.key and entry.key in first:
            again = is_same_work(entry, first[entry.key])
            taken = "; it is the same work, and its first entry is used" if again else ""
            earlier = positions.of(first[entry.key].offset)[0]
            told = Diagnostic(
                file, line, column, "bibliography-duplicate",
                f"the key {entry.key!r} already stands in line {earlier}{taken}",
                "give one of the two entries another key, or remove it", shown,
                "warning" if again else "error",
            )  # fmt: skip
            concerned[told] = entry.key
            if again and not entry.problem:
                left_out.append(entry)
        elif entry.key:
            first[entry.key] = entry
        for loss in entry.losses:
            line, column = positions.of(loss.offset)
            told = Diagnostic(
                file, line, column, loss.code, f"entry {entry.key!r}: {loss.message}", loss.hint,
                excerpt(text, loss.offset), "warning",
            )  # fmt: skip
            concerned[told] = entry.key
    mended = any(entry.mended for entry in entries)
    sound = _without(ending, text, entries, left_out) if left_out or mended else text
    lines = {key: positions.of(entry.offset)[0] for key, entry in first.items()}
    aliases: Mapping[str, str] = {}
    if reader is read_bib:
        read = read_bib_file(file, sound, entries)
        sound, aliases = read.text, read.aliases
        concerned |= read.concerned
    keys = frozenset((*first, *aliases))
    return Bibliography(file, text, keys, sound, tuple(concerned), lines, concerned, aliases)


_TITLE = re.compile(r"""\b(?:title"?\s*[=:]|T[I1]\s+-)([^\n]+)""", re.I)
_YEAR = re.compile(r"""\b(?:(?:year|date|issued)"?\s*[=:]|PY\s+-|Y1\s+-)[^\d\n]*(\d{4})""", re.I)


def is_same_work(one: RawEntry, other: RawEntry) -> bool:
    """Whether two entries are equal, or have the same title and no different year."""
    if one.source.split() == other.source.split():
        return True
    titles = [_TITLE.search(entry.source) for entry in (one, other)]
    words = [re.sub(r"[\W_]+", "", title[1]).lower() if title else "" for title in titles]
    years = {match[1] for entry in (one, other) if (match := _YEAR.search(entry.source))}
    short, long = sorted(words, key=len)
    return len(short) > 3 and long.startswith(short) and len(years) < 2


def entries_of(bibliography: Bibliography) -> list[RawEntry]:
    """The entries that were read of a bibliography, and can be."""
    return entries_in(bibliography.file, bibliography.sound)


def entries_in(file: str, text: str) -> list[RawEntry]:
    """The entries that can be read of a file's text."""
    reader = _READERS.get(file.rsplit(".", 1)[-1].lower())
    try:
        return _entries(reader, text) if reader and text else []
    except MalformedError:
        return []


def without(bibliography: Bibliography, keys: Collection[str]) -> Bibliography:
    """The bibliography without the entries of some keys; lines stay where they are."""
    if not keys:
        return bibliography
    entries = entries_of(bibliography)
    ending = bibliography.file.rsplit(".", 1)[-1].lower()
    left_out = [entry for entry in entries if entry.key in keys]
    return replace(
        bibliography, sound=_without(ending, bibliography.sound, entries, left_out)
    )  # fmt: skip


def leaving_out(
    bibliography: Bibliography, line: int, column: int, index: int, why: str
) -> Bibliography | None:
    """The bibliography without the entry that pandoc could not read, and with a diagnostic for it.

    Pandoc names the entry by a `line` and `column` of the sound text, or by its `index` in a JSON
    list, from 0; -1 stands for no index. Returns None where no such entry is found.
    """
    ending = bibliography.file.rsplit(".", 1)[-1].lower()
    sound, key = bibliography.sound, ""
    if ending == "json" and index >= 0:
        items = [entry for entry in _entries(read_json, sound) if entry.key]
        if index >= len(items):
            return None
        key, found = items[index].key, bibliography.lines.get(items[index].key, 0)
        sound = _without(ending, sound, items, [items[index]])
    else:
        reader = _READERS.get(ending)
        entries = [] if reader is None or line < 1 else _entries(reader, sound)
        entry = next((e for e in entries if line in _span(sound, e)), None)
        if entry is None or ending not in ("bib", "bibtex", "biblatex"):
            return None
        key, found = entry.key, line
        sound = _blanked(sound, [entry])
    told = Diagnostic(
        bibliography.file, found, column, "bibliography-malformed",
        f"pandoc cannot read the entry {key!r}: {why}",
        "look at what stands here; the comma before it may be missing",
    )  # fmt: skip
    return replace(bibliography, sound=sound).telling({told: key})


def _span(text: str, entry: RawEntry) -> range:
    """The lines of an entry, from 1."""
    start = text.rfind(entry.source, 0, entry.offset + len(entry.source) + 1)
    first = text.count("\n", 0, start) + 1
    return range(first, first + entry.source.count("\n") + 1)


def _blanked(text: str, entries: Iterable[RawEntry]) -> str:
    """The text without some entries. Their lines stay as blank ones, so that numbers stay right."""
    pieces: list[str] = []
    at = 0
    for entry in sorted(entries, key=lambda entry: entry.offset):
        start = text.rfind(entry.source, at, entry.offset + len(entry.source) + 1)
        if start >= 0:
            pieces += [text[at:start], "\n" * entry.source.count("\n")]
            at = start + len(entry.source)
    return "".join([*pieces, text[at:]])


def _entries(reader: Callable[[str], Iterator[RawEntry]], text: str) -> list[RawEntry]:
    """All entries. What the decoders themselves cannot read counts as malformed."""
    try:
        return list(reader(text))
    except RecursionError:
        raise MalformedError(0, "entries are nested too deeply", "write each entry out") from None
    except ValueError as error:  # a number with more digits than Python reads
        raise MalformedError(0, f"cannot be read: {error}", "put long numbers in quotes") from None


def _without(ending: str, text: str, entries: list[RawEntry], left_out: list[RawEntry]) -> str:
    gone = set(map(id, left_out))
    good = [entry.source for entry in entries if id(entry) not in gone]
    if ending == "json":
        return "[" + ",\n".join(good) + "]"
    if ending in ("yaml", "yml"):
        return json.dumps({"references": [json.loads(source) for source in good]})
    if ending == "ris":  # pandoc needs the first record on the first line
        return "\n\n".join(good) + "\n"
    if ending == "xml":
        return "<xml><records>" + "\n".join(good) + "</records></xml>"
    return _blanked(text, left_out)


_READERS: dict[str, Callable[[str], Iterator[RawEntry]]] = {
    "json": read_json,
    "yaml": read_yaml,
    "yml": read_yaml,
    "bib": read_bib,
    "bibtex": read_bib,
    "biblatex": read_bib,
    "ris": read_ris,
    "xml": read_endnote,
}
