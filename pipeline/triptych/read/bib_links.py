"""What an entry of BibTeX takes from elsewhere: the words of macros, the fields of its parent.

In: a file, and all files of the work. Out: the file as pandoc may read it alone.

BibTeX reads all files as if they were one, so that a macro (`@string`) or a parent (`crossref`,
`xdata`) may stand in another file than the entry that names it; pandoc reads each file alone. And
what pandoc does not give a child of its parent is written into the child.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from triptych.diagnostics import Diagnostic, Positions, excerpt, position
from triptych.expansion import Endless, endless
from triptych.read.bib_fields import Field, fields_of
from triptych.read.bibliography import Bibliography, entries_of
from triptych.read.cited import MOST_PARENTS

_MONTHS = frozenset("jan feb mar apr may jun jul aug sep oct nov dec".split())
_PRINTED = frozenset(
    """author editor title booktitle journal journaltitle publisher series address location school
    institution organization""".split()
)
"""Fields in which a macro that is not defined would be printed by its name."""
_IN_BOOKS = frozenset(
    """inbook incollection inproceedings conference inreference bookinbook suppbook
    suppcollection""".split()
)
_HEAD = re.compile(r"\s*@\s*(?P<kind>\w+)\s*\{(?P<key>[^,{}]*,)?")


@dataclass(frozen=True, slots=True)
class BibEntry:
    """An entry, or the definition of a macro: its key if any, its place and its fields."""

    key: str
    kind: str
    start: int
    head: int
    source: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        """The field of a name, if it has one."""
        return next((field for field in self.fields if field.name == name), None)

    @property
    def macros(self) -> Iterator[tuple[str, int, str]]:
        """The names that stand for other words, each with its place and the field it is in."""
        for given in self.fields:
            for name, offset in given.macros:
                if name[:1].isalpha():
                    yield name.lower(), offset, given.name


@dataclass(frozen=True, slots=True)
class BibEntries:
    """A bibliography in BibTeX, and its entries."""

    book: Bibliography
    entries: tuple[BibEntry, ...]
    positions: Positions
    _keyed: Mapping[str, BibEntry]
    _lowered: Mapping[str, BibEntry]

    @classmethod
    def of(cls, book: Bibliography) -> BibEntries:
        """The entries of a bibliography's sound text."""
        entries = tuple(_entries(book))
        keyed = {entry.key: entry for entry in reversed(entries) if entry.key}  # the first of each
        lowered = {entry.key.lower(): entry for entry in reversed(entries) if entry.key}
        return cls(book, entries, Positions(book.sound), keyed, lowered)

    def entry(self, key: str) -> BibEntry | None:
        """The entry of a key, if need be in other capitals, as BibTeX knows them."""
        return self._keyed.get(self.book.aliases.get(key, key)) or self._lowered.get(key.lower())


def _entries(book: Bibliography) -> Iterator[BibEntry]:
    at = 0
    for entry in entries_of(book):
        start = book.sound.find(entry.source, at)
        head = _HEAD.match(entry.source)
        if start >= 0 and head is not None and not entry.problem:
            at = start + len(entry.source)
            fields = tuple(fields_of(entry.source))
            yield BibEntry(entry.key, head["kind"].lower(), start, head.end(), entry.source, fields)


@dataclass(slots=True)
class _Changes:
    """What is to become of a file, and what is to be told of it.

    `pieces` are new texts by where the old begin and end; the rest comes before and behind all.
    """

    file: BibEntries
    pieces: dict[tuple[int, int], str] = field(default_factory=dict)
    before: dict[str, None] = field(default_factory=dict)
    behind: dict[str, None] = field(default_factory=dict)
    told: dict[Diagnostic, str] = field(default_factory=dict)

    def tell(self, entry: BibEntry, offset: int, message: str, hint: str) -> None:
        text = self.file.book.sound
        line, column = self.file.positions.of(entry.start + offset)
        shown = excerpt(text, entry.start + offset)
        told = Diagnostic(
            self.file.book.file, line, column, "bibliography-field",
            f"entry {entry.key!r}: {message}", hint, shown, "warning",
        )  # fmt: skip
        self.told[told] = entry.key

    def made(self) -> Bibliography:
        written, pieces, at = self.file.book.sound, [*self.before], 0
        for (start, end), new in sorted(self.pieces.items()):
            pieces += [written[at:start], new]
            at = end
        text = "".join([*pieces, written[at:], *(f"\n{source}" for source in self.behind)])
        return replace(self.file.book, sound=text).telling(self.told)


def linked(file: BibEntries, every: Sequence[BibEntries]) -> Bibliography:
    """A file with what its entries take from elsewhere written into it; its lines stay."""
    changes = _Changes(file)
    macros: dict[str, BibEntry] = {}
    for other in reversed(every):
        macros |= {e.fields[0].name: e for e in other.entries if e.kind == "string" and e.fields}
    if found := _endless(macros):
        return replace(file.book, sound="").telling(_told(every, macros[found.name], found))
    defined: set[str] = set()
    for entry in file.entries:
        _define(changes, entry, macros, defined)
        if entry.kind == "string" and entry.fields:
            defined.add(entry.fields[0].name)
    for entry in file.entries:
        for link in entry.fields:
            if link.name in ("crossref", "xdata") and link.value:
                _join(changes, entry, link, every, macros)
    return changes.made()


# --- Macros --------------------------------------------------------------------------------------


def _define(
    changes: _Changes, entry: BibEntry, macros: Mapping[str, BibEntry], defined: set[str]
) -> None:
    """See that the macros an entry names are defined before it; tell those that nothing defines."""
    for name, offset, where in entry.macros:
        if name in macros and name not in defined:
            changes.before |= dict.fromkeys(_definitions(name, macros))
        elif name not in macros and name not in _MONTHS and where in _PRINTED:
            changes.tell(
                entry, offset, f"the macro {name!r} is not defined, and is printed as it stands",
                f'define it: @string{{{name} = "…"}}, or put the words into braces',
            )  # fmt: skip


_MOST_WORDS = 100_000
"""Characters that one macro may stand for."""


def _endless(macros: Mapping[str, BibEntry]) -> Endless | None:
    """A macro that stands for itself among others, or for more words than any page has."""
    sizes = {name: len(entry.source) for name, entry in macros.items()}
    calls = {
        name: [called for called, _, _ in entry.macros if called != name]
        for name, entry in macros.items()
    }
    return endless(sizes, calls, _MOST_WORDS)


def _told(every: Sequence[BibEntries], entry: BibEntry, found: Endless) -> dict[Diagnostic, str]:
    book = next(file.book for file in every if any(each is entry for each in file.entries))
    text = book.sound
    line, column = position(text, entry.start)
    why = "itself" if found.why == "itself" else f"more than {_MOST_WORDS:,} characters"
    told = Diagnostic(
        book.file, line, column, "bibliography-malformed",
        f"the macro {found.name} stands for {why}", "write its words out",
        excerpt(text, entry.start),
    )  # fmt: skip
    return {told: ""}


def _definitions(name: str, macros: Mapping[str, BibEntry]) -> list[str]:
    """A macro's definition on one line, and before it those of the macros in its own words."""
    found: dict[str, str] = {}

    def visit(name: str, within: tuple[str, ...]) -> None:
        if name in macros and name not in within and name not in found:
            for other, _, _ in macros[name].macros:
                visit(other, (*within, name))
            found[name] = " ".join(macros[name].source.split())

    visit(name, ())
    return list(found.values())


# --- Parents -------------------------------------------------------------------------------------


def _join(
    changes: _Changes, child: BibEntry, link: Field, every: Sequence[BibEntries],
    macros: Mapping[str, BibEntry],
) -> None:  # fmt: skip
    """See that an entry finds its parents, and that it has what it takes from them."""
    keys: list[str] = []
    for key in re.split(r"[\s,]+", (link.value or "").strip()):
        parents = _lineage(key, every)
        if not parents:
            changes.tell(
                child, link.start, f"its {link.name} names {key!r}, which no entry has",
                "mend the key, or add the entry",
            )  # fmt: skip
            continue
        if child in parents:  # pandoc would go round for ever
            changes.tell(child, link.start, f"its {link.name} leads back to itself", "leave it out")
            continue
        if len(parents) > MOST_PARENTS:
            told = f"its {link.name} leads through more than {MOST_PARENTS} entries"
            changes.tell(child, link.start, told, "write the fields out")
            continue
        keys.append(parents[0].key)
        for parent in parents:
            if changes.file.entry(parent.key) is not parent:
                for name, _, _ in parent.macros:
                    changes.before |= dict.fromkeys(_definitions(name, macros))
                changes.behind[parent.source] = None
        if link.name == "crossref" and (taken := _inherited(child, parents[0])):
            place = child.start + child.head
            changes.pieces[place, place] = taken
    if " ".join(keys) != link.value:
        new = f"{link.name} = {{{' '.join(keys)}}}," if keys else ""
        lines = changes.file.book.sound.count(
            "\n", child.start + link.start, child.start + link.end
        )
        changes.pieces[child.start + link.start, child.start + link.end] = new + "\n" * lines


def _lineage(key: str, every: Sequence[BibEntries]) -> list[BibEntry]:
    """The entry of a key, its own parent, and so on; nothing where there is no such entry."""
    found: list[BibEntry] = []
    while key and len(found) <= MOST_PARENTS:
        entry = next((entry for file in every if (entry := file.entry(key))), None)
        if entry is None or entry in found:
            break
        found.append(entry)
        link = entry.field("crossref") or entry.field("xdata")
        key = link.value or "" if link else ""
    return found


def _inherited(child: BibEntry, parent: BibEntry) -> str:
    """What a child takes from its parent that pandoc would not give it: fields, on one line.

    BibLaTeX gives a book's title to the works in it only where both are of kinds that belong
    together; authors call the parents of chapters `@book`, `@collection` or `@proceedings` alike.
    """
    if child.kind not in _IN_BOOKS or child.field("booktitle") or parent.field("booktitle"):
        return ""
    taken: dict[str, str] = {}
    for name in ("title", "subtitle", "titleaddon"):
        if (given := parent.field(name)) and not child.field(f"book{name}"):
            taken[f"book{name}"] = " ".join(given.written.split())
            if name != "title" and not child.field(name):
                taken[name] = "{}"  # which pandoc would take for the child's own
    return "".join(f" {name} = {said}," for name, said in taken.items())
