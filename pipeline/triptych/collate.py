"""Collation: what the finished files say, held against the ledger and so against each other.

Each witness is aligned with the ledger letter by letter. Every difference is told by what it
touches: a citation, an entry, a note, a number, a cross-reference, or plain text; every link is
followed; every letter that a reader would not see, or would see as another, is told too. Where
nothing is told, all witnesses say and do the same, since all say what the ledger says.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from triptych.align import Alignment, Change, align, runs_from_right
from triptych.diagnostics import ProofError, UsageError
from triptych.edition import Ledger, ledger_from_json
from triptych.text import Link, Text
from triptych.witness.reading import LinkRead, Reading, Spot, UnreadableError, Witness

FORMATS = ("html", "epub", "pdf")


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """One way in which a finished file does not say what it must.

    `kind` is a key of KINDS; `witness` the format of the file; `subject` the id in the ledger of
    what is concerned, or empty for plain text; `place` where in the file. `expected` and `found`
    are what the ledger and the file say, empty where one says nothing.
    """

    witness: str
    kind: str
    subject: str
    message: str
    expected: str = ""
    found: str = ""
    place: str = ""

    def __str__(self) -> str:
        where = f"{self.witness}, {self.place}" if self.place else self.witness
        return f"{where}: {self.message} [{self.kind}]"


KINDS: Mapping[str, str] = {
    "fixity": "the file is not, byte for byte, the one the edition record names",
    "unreadable": "the file cannot be read as what it claims to be",
    "text-differs": "running text differs",
    "text-missing": "running text is missing",
    "text-extra": "running text stands in the file that the edition does not have",
    "text-moved": "running text stands in another place",
    "citation-differs": "a citation says something else",
    "citation-missing": "a citation is missing",
    "citation-extra": "a citation stands where the edition has none",
    "citation-moved": "a citation stands in another place",
    "link-missing": "a link is missing, or covers only part of its words",
    "link-dead": "a link leads nowhere",
    "link-astray": "a link leads to something else",
    "link-extra": "a link stands on words that lead nowhere in the edition",
    "entry-differs": "a bibliography entry says something else",
    "entry-missing": "a bibliography entry is missing",
    "entry-extra": "a bibliography entry is printed that the edition does not have there",
    "entry-moved": "a bibliography entry stands in another place",
    "note-differs": "a note says something else",
    "note-missing": "a note is missing",
    "note-extra": "a note is printed that the edition does not have",
    "note-moved": "a note stands in the place of another",
    "note-mark": "the number of a note is wrong, in the text or at the note",
    "number-differs": "the number of a section, figure or table is wrong",
    "reference-differs": "a cross-reference does not print the number of what it leads to",
    "hidden": "text stands in the file that a reader does not see",
    "disguised": "a reader sees something else than the text says",
}


@dataclass(frozen=True, slots=True)
class Collation:
    """What was compared, and every difference found; `seconds` is what it took."""

    name: str
    witnesses: tuple[Witness, ...]
    differences: tuple[Difference, ...]
    ledger: Ledger
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether all witnesses say what the ledger says."""
        return not self.differences


class CollationError(ProofError):
    """The finished files do not all say what the edition says; `collation` tells in what."""

    def __init__(self, collation: Collation) -> None:
        self.collation = collation
        count = len(collation.differences)
        super().__init__(
            f"the collation found {count} difference{'' if count == 1 else 's'}; "
            "nothing was written"
        )


def collate_edition(where: Path | Sequence[Path]) -> Collation:
    """Collate the finished files of one edition, with the edition record that lies beside them.

    `where` is their folder, or the files themselves, the record among them. Raises UsageError
    where there is no edition record, or more than one.
    """
    paths = list(where) if not isinstance(where, Path) else _files_in(where)
    records = [path for path in paths if path.name.endswith(".edition.json")]
    if len(records) != 1:
        found = "no edition record (*.edition.json)" if not records else "several edition records"
        raise UsageError(f"{found} among the files to collate; name the files of one edition")
    try:
        record = json.loads(records[0].read_text(encoding="utf-8"))
        formats = [Path(name).suffix[1:] for name in record["files"]]
        ledger_from_json(record["ledger"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{records[0]} is no edition record that can be read: {error}") from None
    files: dict[str, bytes] = {}
    for path in paths:
        if path.suffix[1:] in formats and path not in records:
            try:
                files[path.suffix[1:]] = path.read_bytes()
            except OSError as error:
                raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    return collate(record, files)


def _files_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder; name the folder of a finished edition")
    return sorted(path for path in folder.iterdir() if path.is_file())


def collate(record: Mapping[str, Any], files: Mapping[str, bytes]) -> Collation:
    """Collate finished files, by format, with what their edition record says."""
    began = time.perf_counter()
    ledger = ledger_from_json(record["ledger"])
    witnesses: list[Witness] = []
    differences: list[Difference] = []
    for name, witness in _read_all(record["files"], files):
        medium = Path(name).suffix[1:]
        if isinstance(witness, Witness):
            witnesses.append(witness)
            if sha256(files[medium]).hexdigest() != record["files"][name]:
                differences.append(
                    Difference(medium, "fixity", "", f"{name} has changed since it was made")
                )
            differences += compare(record, ledger, witness)
        else:
            differences.append(Difference(medium, "unreadable", "", f"{name} {witness}"))
    return Collation(
        record["name"],
        tuple(witnesses),
        tuple(differences),
        ledger,
        time.perf_counter() - began,
    )


def _read_all(
    names: Iterable[str], files: Mapping[str, bytes]
) -> Iterator[tuple[str, Witness | str]]:
    """Read the named files, a PDF beside the others; a file that is none is told of in words."""
    by_format = {Path(name).suffix[1:]: name for name in sorted(names, key=_reading_order)}
    found = {medium: files[medium] for medium in by_format if medium in files}
    with ExitStack() as stack:
        beside: Future[Witness | str] | None = None
        if "pdf" in found and len(found) > 1 and sys.platform == "linux":
            context = multiprocessing.get_context("fork")
            pool = stack.enter_context(ProcessPoolExecutor(1, mp_context=context))
            beside = pool.submit(_read, "pdf", found["pdf"])
        for medium, name in by_format.items():
            if medium not in found:
                yield name, "is not there"
            elif medium == "pdf" and beside is not None:
                yield name, beside.result()
            else:
                yield name, _read(medium, found[medium])


def _reading_order(name: str) -> int:
    """The slowest comes last, so that the others are read meanwhile."""
    return ("html", "epub", "pdf").index(Path(name).suffix[1:])


def _read(medium: str, data: bytes) -> Witness | str:
    try:
        return read_witness(medium, data)
    except UnreadableError as error:
        return f"cannot be read: {error}"


def read_witness(medium: str, data: bytes) -> Witness:
    """Read one finished file. Raises UnreadableError."""
    if medium == "html":
        from triptych.witness.html import read_html as read
    elif medium == "epub":
        from triptych.witness.epub import read_epub as read
    else:
        from triptych.witness.pdf import read_pdf as read
    return read(data)


def compare(record: Mapping[str, Any], ledger: Ledger, witness: Witness) -> list[Difference]:
    """Every difference between one witness and the ledger."""
    return list(_Comparison(record, ledger, witness).differences())


# --- The parts of a text ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Unit:
    """A stretch of the ledger's text that is told of as one: its kind says how."""

    kind: str
    id: str
    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A text of the ledger beside the reading of it, aligned; `note` is -1 for the article."""

    note: int
    text: Text
    reading: Reading
    alignment: Alignment
    units: tuple[_Unit, ...]
    plain: str = "text"
    id: str = ""


def _excerpt(text: Text, start: int, end: int, limit: int = 160) -> str:
    """The words that letters `start` to `end` belong to, on one line."""
    for a, b in text.words():
        if a <= start < b:
            start = a
        if a < end <= b:
            end = b
            break
    shown = " ".join(text.show(start, end).split())
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def _context(text: Text, start: int, end: int) -> str:
    """A few words before and after, for finding the place."""
    words = text.words()
    before = [word for word in words if word[1] <= start][-3:]
    after = [word for word in words if word[0] >= end][:3]
    first = before[0][0] if before else start
    last = after[-1][1] if after else end
    return _excerpt(text, first, last, 120)


class _Comparison:
    """One witness held against the ledger."""

    def __init__(self, record: Mapping[str, Any], ledger: Ledger, witness: Witness) -> None:
        self._record = record
        self._ledger = ledger
        self._witness = witness
        self._clusters = {cluster.id: cluster for cluster in ledger.clusters}
        self._entries = {entry.id: entry for entry in ledger.entries}
        self._numbered = {item.id: item for item in ledger.numbered}
        self._note_texts = {
            place.id: _part(ledger.note_text, place.start, place.end)
            for place in ledger.note_text.places
            if place.id in {note.id for note in ledger.notes}
        }
        self._spots: dict[str, Spot] = {}
        self._from_right = runs_from_right(ledger.text, ledger.note_text)

    def differences(self) -> Iterator[Difference]:
        """All of them, in the order of reading."""
        sheets = [self._article()]
        paired, unpaired, extra = self._pair_notes()
        for note, reading in paired:
            text = self._note_texts[self._ledger.notes[note].id]
            sheets.append(
                _Sheet(
                    note, text, reading, self._align(text, reading), self._units(text),
                    "note", self._ledger.notes[note].id,
                )
            )  # fmt: skip
        self._find_spots(sheets, paired)
        for sheet in sheets:
            yield from self._moved(list(self._words(sheet)))
            yield from self._links(sheet)
            yield from self._doubts(sheet)
            yield from self._shapes(sheet)
        yield from self._note_marks(paired)
        for note in unpaired:
            lost = self._ledger.notes[note]
            yield self._tell("note-missing", lost.id, f"note {lost.number} is missing", lost.text)
        for reading in extra:
            yield self._tell(
                "note-extra", "", f"a note {reading.number} is printed that the edition does not "
                "have", "", reading.text.plain, reading.where(0),
            )  # fmt: skip
        yield from self._front()
        yield from self._embedded()

    def _tell(
        self, kind: str, subject: str, message: str, expected: str = "", found: str = "",
        place: str = "",
    ) -> Difference:  # fmt: skip
        return Difference(self._witness.format, kind, subject, message, expected, found, place)

    # --- Units -----------------------------------------------------------------------------------

    def _article(self) -> _Sheet:
        text, reading = self._ledger.text, self._witness.article
        return _Sheet(-1, text, reading, self._align(text, reading), self._units(text))

    def _align(self, text: Text, reading: Reading) -> Alignment:
        return align(text, reading.text, self._from_right)

    def _units(self, text: Text) -> tuple[_Unit, ...]:
        """The text cut up into what is told of as one: clusters, marks, labels, entries, blocks."""
        special: list[_Unit] = []
        for place in text.places:
            if place.id in self._clusters:
                number = place.id.removeprefix("cite-")
                special.append(
                    _Unit("citation", place.id, place.start, place.end, f"citation {number}")
                )
            elif place.id in self._entries:
                key = self._entries[place.id].key
                special.append(
                    _Unit("entry", place.id, place.start, place.end, f"the entry of {key}")
                )
            elif place.id in self._numbered:
                item = self._numbered[place.id]
                label = item.number if item.kind == "section" else f"{item.label}."
                length = sum(1 for letter in label if not letter.isspace())
                special.append(
                    _Unit("number", place.id, place.start, min(place.start + length, place.end),
                          f"the number of {item.label}")
                )  # fmt: skip
        for link in text.links:
            if link.target in self._note_texts:
                special.append(
                    _Unit("mark", link.target, link.start, link.end,
                          f"the mark of note {link.target.removeprefix('note-')}")
                )  # fmt: skip
            elif link.target in self._numbered and not any(
                unit.start <= link.start < unit.end for unit in special
            ):
                special.append(
                    _Unit("reference", link.target, link.start, link.end,
                          f"the cross-reference to {self._numbered[link.target].label}")
                )  # fmt: skip
        special.sort(key=lambda unit: (unit.start, unit.end))
        return tuple(_with_blocks(text, special))

    # --- Words -----------------------------------------------------------------------------------

    def _words(self, sheet: _Sheet) -> Iterator[Difference]:
        told: set[tuple[str, int]] = set()
        for change in sheet.alignment.changes:
            touched = [
                unit
                for unit in sheet.units
                if (unit.start < change.end and change.start < unit.end)
                or (change.start == change.end and unit.start < change.start < unit.end)
            ]
            if not touched:
                yield self._added(sheet, change)
            for unit in touched:
                if (unit.kind, unit.start) not in told:
                    told.add((unit.kind, unit.start))
                    yield self._changed(sheet, unit, change)
        yield from self._gaps(sheet)

    def _changed(self, sheet: _Sheet, unit: _Unit, change: Change) -> Difference:
        start, end = sheet.alignment.span(unit.start, unit.end)
        found_text = sheet.reading.text
        gone = start >= end
        place = sheet.reading.where(start)
        kind, name = unit.kind, unit.name
        if kind == "text":
            kind = "note" if sheet.note >= 0 else "text"
        state = "missing" if gone else "differs"
        if unit.kind in ("number", "reference"):
            state = "differs"
        code = "note-mark" if unit.kind == "mark" else f"{kind}-{state}"
        if unit.kind == "text" and not gone:
            expected = _excerpt(sheet.text, change.start, change.end)
            found = _excerpt(found_text, change.found_start, change.found_end)
            around = _context(sheet.text, change.start, change.end)
            message = f"{name} reads “{found}” for “{expected}” (in “{around}”)"
            if sheet.note >= 0 and change.end - change.start == len(sheet.text.letters):
                code = "note-missing"
            place = sheet.reading.where(change.found_start)
        else:
            expected = _excerpt(sheet.text, unit.start, unit.end)
            found = "" if gone else _excerpt(found_text, start, end)
            message = (
                f"{name} is missing: “{expected}”"
                if gone
                else (f"{name} reads “{found}” for “{expected}”")
            )
        return self._tell(code, unit.id or sheet.id, message, expected, found, place)

    def _added(self, sheet: _Sheet, change: Change) -> Difference:
        """Letters that stand between two units, where the edition has none."""
        found_text = sheet.reading.text
        found = _excerpt(found_text, change.found_start, change.found_end)
        letters = found_text.letters[change.found_start : change.found_end]
        place = sheet.reading.where(change.found_start)
        for unit in sheet.units if sheet.note < 0 else ():
            if (
                unit.kind in ("citation", "entry")
                and letters == sheet.text.letters[unit.start : unit.end]
            ):
                return self._tell(
                    f"{unit.kind}-extra", unit.id, f"{unit.name} stands where it does not belong",
                    "", found, place,
                )  # fmt: skip
        around = _context(sheet.text, change.start, change.start)
        kind = "note-differs" if sheet.note >= 0 else "text-extra"
        return self._tell(
            kind, sheet.id, f"“{found}” is printed after “{around}”, where the edition has nothing",
            "", found, place,
        )  # fmt: skip

    def _gaps(self, sheet: _Sheet) -> Iterator[Difference]:
        """White space lost, put in, or turned into the end of a block."""
        ours, theirs = sheet.text.gaps, sheet.reading.text.gaps
        for run in sheet.alignment.same:
            shift = run.found - run.start
            places = {i for i in ours if run.start < i < run.end}
            places |= {j - shift for j in theirs if run.found < j < run.found + run.end - run.start}
            for letter in sorted(places):
                wanted, got = ours.get(letter), theirs.get(letter + shift)
                if got == wanted or got == "break":
                    continue
                unit = next((u for u in sheet.units if u.start < letter < u.end), None)
                expected = _excerpt(sheet.text, max(letter - 1, 0), letter + 1)
                found = _excerpt(sheet.reading.text, letter + shift - 1, letter + shift + 1)
                what = _GAPS[wanted, got]
                kind = (
                    unit.kind
                    if unit and unit.kind in ("citation", "entry")
                    else ("note" if sheet.note >= 0 else "text")
                )
                yield self._tell(
                    f"{kind}-differs", (unit.id if unit else "") or sheet.id,
                    f"{what}: “{found}” for “{expected}”", expected, found,
                    sheet.reading.where(letter + shift),
                )  # fmt: skip

    def _moved(self, told: list[Difference]) -> list[Difference]:
        """What is missing in one place and stands in another has moved."""
        missing = {
            _letters(difference.expected): difference
            for difference in told
            if difference.kind.endswith("-missing")
        }
        kept: list[Difference] = []
        for difference in told:
            lost = missing.get(_letters(difference.found))
            if difference.kind.endswith("-extra") and lost is not None and lost in told:
                kind = lost.kind.replace("-missing", "-moved")
                kept.append(
                    replace(
                        difference, kind=kind, subject=lost.subject, expected=lost.expected,
                        message=f"{_first(lost.message)} stands in another place: "
                        f"“{difference.found}”",
                    )
                )  # fmt: skip
                missing.pop(_letters(difference.found))
            else:
                kept.append(difference)
        moved = {(d.kind, d.expected) for d in kept if d.kind.endswith("-moved")}
        return [
            d for d in kept if (d.kind.replace("-missing", "-moved"), d.expected) not in moved
            or not d.kind.endswith("-missing")
        ]  # fmt: skip

    # --- Links -----------------------------------------------------------------------------------

    def _find_spots(self, sheets: list[_Sheet], paired: list[tuple[int, Reading]]) -> None:
        """Where in this witness each id of the ledger stands."""
        order = {note: self._witness.notes.index(reading) for note, reading in paired}
        for sheet in sheets:
            note = -1 if sheet.note < 0 else order[sheet.note]
            for place in sheet.text.places:
                found = sheet.alignment.find(place.start)
                if found is None and place.start == len(sheet.text.letters):
                    found = len(sheet.reading.text.letters)
                if found is not None:
                    self._spots[place.id] = Spot(note, found)
            if sheet.note >= 0:
                self._spots[sheet.id] = Spot(note, 0)

    def _links(self, sheet: _Sheet) -> Iterator[Difference]:
        covering: dict[int, list[LinkRead]] = {}
        for link in sheet.reading.links:
            for letter in range(link.start, link.end):
                covering.setdefault(letter, []).append(link)
        for wanted in sheet.text.links:
            yield from self._link(sheet, wanted, covering)
        expected = {letter for link in sheet.text.links for letter in range(link.start, link.end)}
        stray: dict[int, LinkRead] = {}
        for letter, links in covering.items():
            ours = sheet.alignment.trace(letter)
            if ours is not None and ours not in expected:
                stray.setdefault(id(links[0]), links[0])
        for link in stray.values():
            words = _excerpt(sheet.reading.text, link.start, link.end)
            yield self._tell(
                "link-extra", self._subject(sheet, link.start),
                f"“{words}” is a link to {link.written or 'nothing'}, where the edition has none",
                "", link.written, sheet.reading.where(link.start),
            )  # fmt: skip

    def _link(
        self, sheet: _Sheet, wanted: Link, covering: Mapping[int, list[LinkRead]]
    ) -> Iterator[Difference]:
        letters = [
            found
            for letter in range(wanted.start, wanted.end)
            if (found := sheet.alignment.find(letter)) is not None
        ]
        if not letters:
            return  # its words are gone, and that has been told
        place = sheet.reading.where(letters[0])
        bare = [letter for letter in letters if letter not in covering]
        if bare:
            words = _excerpt(sheet.text, wanted.start, wanted.end)
            part = "is no link" if len(bare) == len(letters) else "is a link only in part"
            yield self._tell(
                "link-missing", self._link_subject(sheet, wanted), f"“{words}” {part}; it must lead to {wanted.target}",
                wanted.target, "", place,
            )  # fmt: skip
        found_links = {id(link): link for letter in letters for link in covering.get(letter, ())}
        for link in found_links.values():
            yield from self._target(sheet, wanted, link, place)

    def _target(
        self, sheet: _Sheet, wanted: Link, link: LinkRead, place: str
    ) -> Iterator[Difference]:
        if link.dead:
            words = _excerpt(sheet.text, wanted.start, wanted.end)
            yield self._tell(
                "link-dead", self._link_subject(sheet, wanted), f"the link of “{words}” leads nowhere: {link.dead}",
                wanted.target, link.written, place,
            )  # fmt: skip
            return
        local = wanted.target in self._spots
        if local:
            right = self._spots[wanted.target] in (link.spot, link.or_spot)
        elif self._known(wanted.target):
            return  # the place itself is gone, and that has been told
        else:
            right = link.spot is None and unquote(link.written) == unquote(wanted.target)
        if not right:
            words = _excerpt(sheet.text, wanted.start, wanted.end)
            where = self._standing_at(link.spot) or link.written
            yield self._tell(
                "link-astray", self._link_subject(sheet, wanted),
                f"the link of “{words}” leads to {where}, not to {wanted.target}",
                wanted.target, where, place,
            )  # fmt: skip

    def _known(self, target: str) -> bool:
        texts = (self._ledger.text, self._ledger.note_text)
        return any(text.place(target) is not None for text in texts)

    def _standing_at(self, spot: Spot | None) -> str:
        """The innermost id that stands where a link leads."""
        if spot is None:
            return ""
        standing = [name for name, place in self._spots.items() if place == spot]
        return standing[-1] if standing else ""

    def _link_subject(self, sheet: _Sheet, link: Link) -> str:
        unit = next((u for u in sheet.units if u.start <= link.start < u.end and u.id), None)
        return unit.id if unit else sheet.id or link.target

    def _subject(self, sheet: _Sheet, found: int) -> str:
        """The id of what a letter of the witness belongs to."""
        ours = sheet.alignment.trace(found)
        if ours is None:
            return sheet.id
        unit = next((u for u in sheet.units if u.start <= ours < u.end), None)
        return (unit.id if unit else "") or sheet.id

    # --- Sight -----------------------------------------------------------------------------------

    def _doubts(self, sheet: _Sheet) -> Iterator[Difference]:
        merged: list[list[Any]] = []
        for doubt in sheet.reading.doubts:
            last = merged[-1] if merged else None
            if last and last[0] == doubt.kind and last[3] == doubt.why and last[2] >= doubt.start:
                last[2] = max(last[2], doubt.end)
            else:
                merged.append([doubt.kind, doubt.start, doubt.end, doubt.why])
        for kind, start, end, why in merged:
            words = _excerpt(sheet.reading.text, start, end)
            subjects = dict.fromkeys(
                self._subject(sheet, letter) for letter in range(start, min(end, start + 400))
            )
            verb = "cannot be seen" if kind == "hidden" else "is shown as something else"
            for subject in subjects or [""]:
                yield self._tell(
                    kind, subject, f"“{words}” {verb}: {why}", words, "", sheet.reading.where(start)
                )

    def _shapes(self, sheet: _Sheet) -> Iterator[Difference]:
        """Every printed shape must be one that the typeface has for the letter read out of it."""
        forms = self._record.get("letterforms")
        if forms is None:
            return
        for shape in sheet.reading.shapes:
            if all(shape.digest in forms.get(letter, "").split() for letter in shape.said):
                continue
            told: set[str] = set()
            for letter in shape.letters[:200]:
                subject = self._subject(sheet, letter)
                words = _excerpt(sheet.reading.text, letter, letter + 1)
                if subject not in told:
                    told.add(subject)
                    yield self._tell(
                        "disguised", subject, f"what is printed for “{shape.said}” in “{words}” is "
                        "not the shape that the typeface has for it", shape.said, "",
                        sheet.reading.where(letter),
                    )  # fmt: skip

    # --- Notes -----------------------------------------------------------------------------------

    def _pair_notes(
        self,
    ) -> tuple[list[tuple[int, Reading]], list[int], list[Reading]]:
        """Each note of the ledger with the reading of it; those lost; those too many."""
        ours = [_letters(self._note_texts[note.id].letters) for note in self._ledger.notes]
        free = list(self._witness.notes)
        pairs: dict[int, Reading] = {}

        def take(note: int, reading: Reading) -> None:
            pairs[note] = reading
            free.remove(reading)

        for wanted_number in (True, False):
            for note, letters in enumerate(ours):
                number = self._ledger.notes[note].number
                for reading in free:
                    if (
                        note not in pairs
                        and _letters(reading.text.letters) == letters
                        and (not wanted_number or reading.number == number)
                    ):
                        take(note, reading)
                        break
        for note, letters in enumerate(ours):
            if note in pairs or not free:
                continue
            number = self._ledger.notes[note].number
            best = max(free, key=lambda reading: (_likeness(letters, reading),
                                                  reading.number == number))  # fmt: skip
            if _likeness(letters, best) > 0.3:
                take(note, best)
        lost = [note for note in range(len(ours)) if note not in pairs]
        return sorted(pairs.items(), key=lambda pair: pair[0]), lost, free

    def _note_marks(self, paired: list[tuple[int, Reading]]) -> Iterator[Difference]:
        numbers = {note.number: note.id for note in self._ledger.notes}
        for note, reading in paired:
            ours = self._ledger.notes[note]
            if reading.number != ours.number:
                other = numbers.get(reading.number)
                kind = "note-moved" if other else "note-mark"
                yield self._tell(
                    kind, ours.id, f"note {ours.number} is printed with the number "
                    f"“{reading.number}”", ours.number, reading.number, reading.where(0),
                )  # fmt: skip
            mark = f"noteref-{ours.number}"
            back = reading.back
            if back is None:
                yield self._tell(
                    "link-missing", ours.id, f"note {ours.number} has no link back to its mark",
                    mark, "", reading.where(0),
                )  # fmt: skip
            elif back.dead:
                yield self._tell(
                    "link-dead", ours.id, f"the link back from note {ours.number} leads nowhere: "
                    f"{back.dead}", mark, back.written, reading.where(0),
                )  # fmt: skip
            elif mark in self._spots and self._spots[mark] not in (back.spot, back.or_spot):
                yield self._tell(
                    "link-astray", ours.id, f"the link back from note {ours.number} leads to "
                    f"{self._standing_at(back.spot) or back.written}, not to its mark",
                    mark, back.written, reading.where(0),
                )  # fmt: skip
        if self._witness.format == "html":
            order = [self._witness.notes.index(reading) for _, reading in paired]
            for (note, reading), before, after in zip(paired[1:], order, order[1:], strict=False):
                if after < before:
                    ours = self._ledger.notes[note]
                    yield self._tell("note-moved", ours.id, f"note {ours.number} stands in "
                                     "another place", ours.text, "", reading.where(0))  # fmt: skip
        for link in self._witness.dead_ends:
            yield self._tell(
                "link-dead", link.written.partition("#")[2],
                f"a link back to the text leads nowhere: {link.dead}", link.written, "",
            )  # fmt: skip

    # --- Everything besides the text ---------------------------------------------------------------

    def _front(self) -> Iterator[Difference]:
        """Title, people and rights, as the record has them."""
        read = _letters(self._witness.front.letters)
        record = self._record["record"]
        people = [
            (f"the name of {person['name']}", person["name"]) for person in record["contributors"]
        ]
        for what, words in (
            ("the title", record["title"]),
            ("the subtitle", record["subtitle"]),
            ("the summary", record["summary"]),
            ("the rights statement", record["rights"]),
            ("the identifier", record["identifier"]),
            *people,
        ):
            if words and _letters(_plain(words)) not in read:
                yield self._tell(
                    "text-missing", "", f"{what} is not as the edition record has it: “{words}”",
                    words,
                )  # fmt: skip

    def _embedded(self) -> Iterator[Difference]:
        """Typefaces and scripts must be those that the edition was made with."""
        known = self._record.get("embedded")
        if known is None:
            return
        for item in self._witness.embedded:
            if item.digest not in known:
                yield self._tell(
                    "disguised", "", f"the {item.kind} {item.name} is not one that the edition "
                    "was made with, so what it shows is not known", "", item.name,
                )  # fmt: skip


_GAPS: Mapping[tuple[str | None, str | None], str] = {
    ("space", None): "a space is lost",
    ("block", None): "two blocks run together",
    ("block", "space"): "two blocks run together",
    (None, "space"): "a space is put in",
    (None, "block"): "a word is torn apart",
    ("space", "block"): "a line or block ends within the text",
}


def _with_blocks(text: Text, special: list[_Unit]) -> Iterator[_Unit]:
    """The special units, and the blocks of text between and around them."""
    edges = sorted(index for index, gap in text.gaps.items() if gap == "block")
    blocks = list(zip([0, *edges], [*edges, len(text.letters)], strict=True))
    at = 0
    for start, end in blocks:
        at = start
        for unit in special:
            if unit.start >= end or unit.end <= at:
                continue
            if unit.start > at:
                yield _Unit("text", "", at, unit.start, "the text")
            if unit.start >= start:
                yield unit
            at = max(at, unit.end)
        if at < end:
            yield _Unit("text", "", at, end, "the text")


def _part(text: Text, start: int, end: int) -> Text:
    """Letters `start` to `end` as a text of their own."""
    return Text(
        text.letters[start:end],
        {index - start: gap for index, gap in text.gaps.items() if start < index < end},
        tuple(
            replace(link, start=link.start - start, end=link.end - start)
            for link in text.links
            if start <= link.start and link.end <= end
        ),
        tuple(
            replace(place, start=place.start - start, end=place.end - start)
            for place in text.places
            if start <= place.start and place.end <= end
        ),
    )


def _letters(text: str) -> str:
    """Letters only, without hyphens: for telling whether two texts are one."""
    return "".join(text.replace("-", "").split())


def _plain(words: str) -> str:
    from triptych.text import from_plain

    return from_plain(words).letters


def _likeness(letters: str, reading: Reading) -> float:
    return SequenceMatcher(None, letters, _letters(reading.text.letters), autojunk=False).ratio()


def _first(message: str) -> str:
    return message.partition(" is missing")[0]
