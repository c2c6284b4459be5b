"""The records of RIS files, each with its place and what is wrong with it, as pandoc reads them.

In: the text of a bibliography. Out: its entries, one by one, with their offsets in the text.

RIS writes a date as `2001/04/05/`, with words such as a season behind the last stroke; pandoc reads
only a year, and dates as ISO 8601 has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from triptych.dates import read_date, read_doubt, read_season
from triptych.read.bib_text import composed_signs
from triptych.read.csl_readable import joined, wrong_numbers
from triptych.read.entries import Loss, RawEntry

_TAG = re.compile(r"^([A-Z][A-Z0-9])  -(?: (.*))?$")
_ALMOST = re.compile(r"^[A-Z][A-Z0-9]\s*-")


def read_ris(text: str) -> Iterator[RawEntry]:
    """Yield the records of a RIS file: `TY  -` opens one, `ER  -` closes it, `ID  -` names it.

    A line without a tag goes on with the field above it, to which it is joined.
    """
    offset = 0
    record: _Record | None = None
    for line in text.splitlines(keepends=True):
        tag = _TAG.match(line.rstrip("\r\n"))
        if tag and tag.group(1) == "TY":
            if record is not None:
                yield record.entry(*_NOT_CLOSED)
            record = _Record(offset, offset)
        if record is None:
            if line.strip():
                yield RawEntry(
                    "", offset, line, "this stands in no record", "remove it, or mend TY  -"
                )
        elif tag:
            record.add(line, offset)
            if tag.group(1) == "ID":
                record.key, record.named = (tag.group(2) or "").strip(), offset
            elif tag.group(1) == "ER":
                yield record.entry()
                record = None
        elif _ALMOST.match(line):
            record.wrong = record.wrong or offset
            record.add(line, offset)
        elif line.strip():
            record.lines[-1] = f"{record.lines[-1].rstrip()} {line.strip()}\n"
            record.joined = True
        offset += len(line)
    if record is not None:
        yield record.entry(*_NOT_CLOSED)


_NOT_CLOSED = ("a record is not closed", "end it with ER  -")


@dataclass(slots=True)
class _Record:
    """A record of a RIS file so far: where it begins, where it is named and first goes wrong."""

    start: int
    named: int
    key: str = ""
    wrong: int = 0
    lines: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    joined: bool = False

    def add(self, line: str, offset: int) -> None:
        self.lines.append(line)
        self.places.append(offset)

    def entry(self, problem: str = "", hint: str = "") -> RawEntry:
        source = "".join(self.lines)
        if problem:
            return RawEntry(self.key, self.start, source, problem, hint)
        if self.wrong:
            what = "a tag of RIS is two letters, two spaces and a hyphen"
            return RawEntry(self.key, self.wrong, source, what, "write it as in TI  - A title")
        lines, losses = _readable(self.lines, self.places)
        mended = self.joined or lines != self.lines
        return RawEntry(self.key, self.named, "".join(lines), losses=losses, mended=mended)


# --- Fields --------------------------------------------------------------------------------------

_WHOLE = re.compile(r"(\d{4})/(\d{0,2})/(\d{0,2})(?:/(.*))?")


def _readable(lines: Sequence[str], places: Sequence[int]) -> tuple[list[str], tuple[Loss, ...]]:
    """The lines of a record as pandoc reads them, and what is lost."""
    told: list[Loss] = []
    fields = [(match[1], match[2] or "") if (match := _TAG.match(line.rstrip())) else ("", "")
              for line in lines]  # fmt: skip
    dates = [date for tag, said in fields if tag in ("PY", "Y1", "DA") and (date := _date(said))]
    whole = [date for date in dates if date.startswith(dates[0][:4])]
    best = max(whole, key=len, default="")
    dated = any(tag in ("PY", "Y1") for tag, _ in fields)
    made: list[str] = []
    for line, (tag, said), at in zip(lines, fields, places, strict=True):
        new = composed_signs(said)
        if tag in ("PY", "Y1"):
            new = best or said
            if said and not best:
                told.append(
                    Loss(at, f"its {tag} {said!r} is not a date, and is not printed",
                         "write it as 2023/07/17/")
                )  # fmt: skip
        elif tag in ("AU", "A1", "A2", "A3", "A4", "ED") and joined(said):
            told.append(
                Loss(at, f"its {tag} is read as one name, for a semicolon parts none: {said}",
                     "give each person a line of its own", "bibliography-names")
            )  # fmt: skip
        elif tag == "SN":
            told += (Loss(at, p.message, p.hint) for p in wrong_numbers(said))
        made.append(line if new == said else f"{tag}  - {new}\n")
        if tag == "DA" and best and not dated:
            made.append(f"PY  - {best}\n")
    return made, tuple(told)


def _date(said: str) -> str:
    """A date as ISO 8601, or as its year; empty where neither can be read."""
    if match := _WHOLE.fullmatch(said.strip()):
        year, month, day, words = match[1], match[2], match[3], match[4] or ""
        if season := read_season(f"{words.strip()} {year}"):
            return season
        parts = [year, *(f"{int(part):02}" for part in (month, day) if part)]
        return "-".join(parts[:2] if month == "" else parts)
    return read_season(said.replace("/", " ")) or read_doubt(said) or read_date(said, [])
