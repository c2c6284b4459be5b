"""The entries of BibTeX, RIS and EndNote files, each with its place and what is wrong with it.

In: the text of a bibliography. Out: its entries, one by one, with their offsets in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as its file has it.

    `source` is its own text, or as JSON where the format is YAML, `offset` the letter of the file
    at which it is named or goes wrong. `problem` says what is wrong with it and `hint` how to mend
    that; both are empty where it is sound. An entry that cannot be cited has no `key`.
    """

    key: str
    offset: int
    source: str
    problem: str = ""
    hint: str = ""


class MalformedError(Exception):
    """A bibliography of which nothing can be read, with the letter at which it goes wrong."""

    def __init__(self, offset: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.offset, self.message, self.hint = offset, message, hint


# --- BibTeX and BibLaTeX -------------------------------------------------------------------------

_BIB_ENTRY = re.compile(r"^[ \t]*@[ \t]*(\w+)[ \t]*[{(]", re.MULTILINE)
_BIB_KEY = re.compile(r"\s*([^\s,{}()=\"#%]+)\s*,")


def read_bib(text: str) -> Iterator[Entry]:
    """Yield the entries of a BibTeX file; an entry runs to its closing brace."""
    starts = list(_BIB_ENTRY.finditer(text))
    for number, match in enumerate(starts):
        kind = match.group(1).lower()
        limit = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        end = _closing(text, match.end() - 1, limit)
        source = text[match.start() : end or limit]
        offset = match.start() + len(match.group()) - len(match.group().lstrip())
        if kind in ("comment", "preamble", "string"):
            yield Entry("", offset, source)
            continue
        key = _BIB_KEY.match(text, match.end(), limit)
        if key is None:
            yield Entry("", offset, source, f"an @{kind} entry has no key", f"write @{kind}{{key,")
        elif match.group().endswith("("):
            yield Entry(
                key.group(1), offset, source,
                f"entry {key.group(1)!r} stands in parentheses", "put it between { and }",
            )  # fmt: skip
        elif end is None:
            yield Entry(
                key.group(1), offset, source,
                f"entry {key.group(1)!r}: its closing brace is missing", "balance { and }",
            )  # fmt: skip
        else:
            yield Entry(key.group(1), offset, source)


def _closing(text: str, start: int, limit: int) -> int | None:
    opening = text[start]
    closing = {"{": "}", "(": ")"}[opening]
    depth = 0
    offset = start
    while offset < limit:
        character = text[offset]
        if character == "\\":
            offset += 1
        elif character == opening:
            depth += 1
        elif character == closing:
            depth -= 1
            if depth == 0:
                return offset + 1
        offset += 1
    return None


# --- RIS -----------------------------------------------------------------------------------------

_RIS_TAG = re.compile(r"^([A-Z][A-Z0-9])  -(?: (.*))?$")


def read_ris(text: str) -> Iterator[Entry]:
    """Yield the records of a RIS file: `TY  -` opens one, `ER  -` closes it, `ID  -` names it."""
    offset = 0
    start: int | None = None
    key, key_offset = "", 0
    for line in text.splitlines(keepends=True):
        tag = _RIS_TAG.match(line.rstrip("\r\n"))
        if tag and tag.group(1) == "TY":
            if start is not None:
                yield Entry(
                    key, start, text[start:offset], "a record is not closed", "end it with ER  -"
                )
            start, key, key_offset = offset, "", offset
        elif tag and tag.group(1) == "ID" and start is not None:
            key, key_offset = (tag.group(2) or "").strip(), offset
        elif tag and tag.group(1) == "ER" and start is not None:
            yield Entry(key, key_offset, text[start : offset + len(line)])
            start = None
        offset += len(line)
    if start is not None:
        yield Entry(key, start, text[start:], "a record is not closed", "end it with ER  -")


# --- EndNote XML ---------------------------------------------------------------------------------

_RECORD = re.compile(r"<record\b.*?</record>", re.S)
_RECORD_NUMBER = re.compile(r"<rec-number\b[^>]*>\s*([^<\s]+)")


def read_endnote(text: str) -> Iterator[Entry]:
    """Yield the records of an EndNote file; pandoc knows each by its number."""
    if "<records" not in text:
        raise MalformedError(0, "this is no EndNote XML", "export it from EndNote as XML")
    for record in _RECORD.finditer(text):
        number = _RECORD_NUMBER.search(record[0])
        if number is None:
            yield Entry("", record.start(), record[0], "a record has no number", "export it anew")
        else:
            yield Entry(number[1], record.start(), record[0])
