"""The fields of a BibTeX or BibLaTeX entry, brought to the forms that pandoc can read.

In: an entry as written in its file. Out: the same, line for line, and what could not be kept.

Pandoc drops a date that it cannot read, links to an empty address, and reads the text around an
address as part of it. Authors write all of these, and BibTeX prints them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from triptych.dates import read_date
from triptych.people import FieldProblem


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an entry: the characters `start` to `end` of its source, its comma included.

    `value` is the text between its braces or quotation marks; None where macros are joined.
    """

    name: str
    start: int
    end: int
    value: str | None


@dataclass(frozen=True, slots=True)
class Loss:
    """What pandoc cannot read in a field, at `offset` in the entry's source."""

    offset: int
    message: str
    hint: str


_NAME = re.compile(r"[\s,]*([^\s,={}\"#%()]+)\s*=\s*")
_BARE = re.compile(r"[^\s,#{}\"]+")


def fields_of(source: str) -> Iterator[Field]:
    """The fields of an entry, up to the first text that is not a field."""
    head = re.match(r"\s*@\s*\w+\s*\{[^,{}]*,", source)
    at = head.end() if head else len(source)
    while name := _NAME.match(source, at):
        values = [value := _value(source, name.end())]
        while value is not None and (joint := re.compile(r"\s*#\s*").match(source, value[1])):
            values.append(value := _value(source, joint.end()))
        if value is None:
            return
        at = value[1]
        comma = re.compile(r"\s*,").match(source, at)
        yield Field(
            name[1].lower(), name.start(1), comma.end() if comma else at,
            value[0] if len(values) == 1 else None,
        )  # fmt: skip


def _value(source: str, start: int) -> tuple[str | None, int] | None:
    """A value in braces, in quotation marks or bare, and where it ends."""
    opening = source[start : start + 1]
    if opening in ("{", '"'):
        closing = "}" if opening == "{" else '"'
        depth, at = 0, start
        while at < len(source):
            if source[at] == "\\":
                at += 1
            elif source[at] == "{":
                depth += 1
            elif source[at] == "}":
                depth -= 1
            if depth == 0 and at > start and source[at] == closing:
                return source[start + 1 : at], at + 1
            at += 1
        return None
    bare = _BARE.match(source, start)
    return (bare[0] if bare[0].isdecimal() else None, bare.end()) if bare else None


def readable(source: str) -> tuple[str, tuple[Loss, ...]]:
    """An entry with its fields in forms that pandoc reads, and what could not be kept."""
    told: list[Loss] = []
    pieces: list[str] = []
    at = 0
    for field in fields_of(source):
        if field.value is None:
            continue
        new = _changed(field, field.value, told)
        if new is not None:
            lines = source.count("\n", field.start, field.end)
            pieces += [source[at : field.start], new, "\n" * lines]
            at = field.end
    return "".join([*pieces, source[at:]]), tuple(told)


def _changed(field: Field, value: str, told: list[Loss]) -> str | None:
    """A field as pandoc is to read it: empty if it says nothing, None if it can stay as it is."""
    plain = " ".join(value.split())
    while plain.startswith("{") and plain.endswith("}") and "{" not in plain[1:-1]:
        plain = plain[1:-1].strip()
    if not plain:
        return ""
    name, found = field.name, plain
    if name in ("url", "doi"):
        found = _address(name, plain)
    elif name in ("year", "date", "urldate"):
        name, found = _date(field, plain, told)
    else:
        return None  # braces protect capitals there
    same = name == field.name and found == " ".join(value.split())
    return None if same else f"{name} = {{{found}}},"


_TEX_SIGNS = (
    (r"\\textasciitilde\b(\{\}| )?|\$\\sim\$|\\~(\{\})?", "~"),
    (r"\\textless\b(\{\}| )?|\$<\$", "<"),
    (r"\\textgreater\b(\{\}| )?|\$>\$", ">"),
    (r"\\textunderscore\b(\{\}| )?", "_"),
    (r"\\([_%&#$])", r"\1"),
    (r"\{([_%&#$~<>]*)\}", r"\1"),
)
"""Characters of addresses as TeX writes them, and as they are."""


def _address(name: str, written: str) -> str:
    """The bare address or DOI, without text around it or signs meant only for TeX."""
    bare = re.sub(r"^\\url\s*\{(.*)\}$|^<(.*)>$", r"\1\2", written).strip()
    for tex, sign in _TEX_SIGNS:
        bare = re.sub(tex, sign, bare)
    if name == "doi":
        bare = re.sub(r"(?i)^(https?://)?((dx\.)?doi\.org/|doi:?\s+|doi:)", "", bare)
    return bare


_EDTF = re.compile(r"-?\d{4}[~?]?(-\d\d[~?]?){0,2}(/(\.\.|-?\d{4}[~?]?(-\d\d[~?]?){0,2})?)?")
"""Dates as BibLaTeX writes them, in the forms of ISO 8601-2 that pandoc reads."""
_SPAN = re.compile(r"(\d{4})\s*(?:-+|–|—|/)\s*(\d{4})")


def _date(field: Field, written: str, told: list[Loss]) -> tuple[str, str]:
    """The field name and value with which pandoc prints a date. A year may be any words."""
    if _EDTF.fullmatch(written):
        return field.name, written
    if span := _SPAN.fullmatch(written):
        return field.name if field.name == "urldate" else "date", f"{span[1]}/{span[2]}"
    if field.name == "year":
        return field.name, written
    problems: list[FieldProblem] = []
    if iso := read_date(written, problems):
        return field.name, iso
    if field.name == "date":
        return "year", written
    told.append(
        Loss(field.start, f"its {field.name} {written!r} is not a date, and is not printed",
             "write one such as 2023-07-17")
    )  # fmt: skip
    return field.name, written
