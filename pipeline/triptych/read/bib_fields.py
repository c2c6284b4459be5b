"""The fields of a BibTeX or BibLaTeX entry, brought to the forms that pandoc can read.

In: an entry as written in its file. Out: the same, line for line, and what could not be kept.

Pandoc drops a date that it cannot read, links to an empty address, and reads the text around an
address as part of it. Authors write all of these, and BibTeX prints them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from triptych.addresses import leads_nowhere
from triptych.read import bib_dates, bib_text
from triptych.read.bib_names import as_read, joined_wrongly
from triptych.read.bib_preamble import Command, expanded
from triptych.read.csl_readable import bare_doi, wrong_numbers
from triptych.read.entries import Loss


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an entry: the characters `start` to `end` of its source, its comma included.

    `value` is the text between its braces or quotation marks; None where macros are joined.
    `written` is the value with its braces or quotation marks, and `macros` are the names in it that
    stand for other words, with their offsets.
    """

    name: str
    start: int
    end: int
    value: str | None
    written: str = ""
    macros: tuple[tuple[str, int], ...] = ()


_NONE: Mapping[str, Command] = {}
_NAME = re.compile(r"[\s,]*([^\s,={}\"#%()]+)\s*=\s*")
_BARE = re.compile(r"[^\s,#{}\"]+")
_JOINT = re.compile(r"\s*#\s*")
_EMPTY = re.compile(r"\s*[,}]")
_HEAD = re.compile(r"\s*@\s*(?:string\s*\{|\w+\s*\{[^,{}]*,)", re.I)


def fields_of(source: str) -> Iterator[Field]:
    """The fields of an entry that begins with its kind, or of `@string`; none after no field."""
    head = _HEAD.match(source)
    at = head.end() if head else len(source)
    while name := _NAME.match(source, at):
        values = [value := _value(source, name.end())]
        while value is not None and (joint := _JOINT.match(source, value[2])):
            values.append(value := _value(source, joint.end()))
        if value is None and _EMPTY.match(source, name.end()):
            values = [("", name.end(), name.end())]
        elif value is None:
            return
        parts = [part for part in values if part is not None]
        at = parts[-1][2]
        comma = re.compile(r"\s*,").match(source, at)
        if comma is None and not re.compile(r"\s*(?:[})]\s*)?$").match(source, at):
            return
        macros = ((source[start:end], start) for inside, start, end in parts if inside is None)
        yield Field(
            name[1].lower(), name.start(1), comma.end() if comma else at,
            parts[0][0] if len(parts) == 1 else None, source[name.end() : at], tuple(macros),
        )  # fmt: skip


def _value(source: str, start: int) -> tuple[str | None, int, int] | None:
    """What stands in braces, quotation marks or in neither, where it begins, and where it ends."""
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
                return source[start + 1 : at], start, at + 1
            at += 1
        return None
    bare = _BARE.match(source, start)
    if bare is None:
        return None
    return bare[0] if bare[0].isdecimal() else None, start, bare.end()


def readable(source: str, commands: Mapping[str, Command] = _NONE) -> tuple[str, tuple[Loss, ...]]:
    """An entry with its fields in forms that pandoc reads, and what is lost of them.

    `commands` are those that the file's preamble defines.
    """
    told: list[Loss] = []
    pieces: list[str] = []
    at = 0
    fields = list(fields_of(source))
    given = {field.name: expanded(field.value or "", commands) for field in fields}
    kind = re.match(r"\s*@\s*(\w*)", source)
    of_volumes = kind is not None and _OF_VOLUMES.search(kind[1]) is not None
    for field in fields:
        if field.name in _MAIN_TITLE and given.get("title") and not of_volumes:
            new: str | None = _left_out(field, told)
        else:
            new = _changed(field, given, told)
        if new is not None:
            lines = source.count("\n", field.start, field.end)
            pieces += [source[at : field.start], new, "\n" * lines]
            at = field.end
    return "".join([*pieces, source[at:]]), tuple(told)


_ADDRESSES = frozenset(("url", "doi"))
_ADDRESS = re.compile(r"\\url\s*\{\s*https?://[^\s{}]+\}|https?://[^\s{}<>]+", re.I)
"""All that older entries have in `howpublished` for a page of the web."""
_NAMES = frozenset(
    """author bookauthor editor editora editorb editorc translator director afterword foreword
    introduction annotator commentator holder""".split()
)
_VERBATIM = frozenset("file eprint verba verbb verbc pdf keywords ids crossref xdata".split())
"""Fields that hold no text for readers (BibLaTeX's manual, 2.2.1, "verbatim", "keylist")."""


_LISTS = frozenset("publisher location address institution organization school".split())
"""Lists whose members BibLaTeX joins by the word `and` again, and pandoc by a semicolon."""
_OF_VOLUMES = re.compile(r"(?i)book|collection|proceedings|conference|reference")
"""Kinds of works that may be a volume of another (BibLaTeX's manual, 2.1.1)."""
_MAIN_TITLE = frozenset("maintitle mainsubtitle maintitleaddon".split())


def _outside(value: str) -> str:
    """A value without what stands in braces."""
    return re.sub(r"\{[^{}]*\}", "", value)


def _left_out(field: Field, told: list[Loss]) -> str:
    """A field that BibLaTeX does not print for this kind of work; pandoc would for its title."""
    message = f"its {field.name} is not printed, for the work is no volume of a book"
    told.append(Loss(field.start, message, "put it into title, or into series"))
    return ""


def _changed(field: Field, given: dict[str, str], told: list[Loss]) -> str | None:
    """A field as it is to be read; empty where it says nothing, None where it may stay."""
    if field.name == "month":
        return bib_dates.month(field.written, field.start, given, told)
    if field.value is None:
        return None if field.written else ""
    written = " ".join(field.value.split())
    plain = folded = " ".join(given[field.name].split())
    while plain.startswith("{") and plain.endswith("}") and "{" not in plain[1:-1]:
        plain = plain[1:-1].strip()
    if not plain:
        return ""
    name, found = field.name, plain
    if name == "howpublished" and "url" not in given and _ADDRESS.fullmatch(plain):
        name = "url"
    if name in _ADDRESSES:
        found = _address(name, plain)
        if leads_nowhere(found):
            message, hint = f"its {name} {plain!r} leads nowhere", "mend it, or leave it out"
            told.append(Loss(field.start, f"{message}, and is not printed", hint))
            return ""
    elif name in bib_dates.FIELDS:
        name, found = bib_dates.date(field.name, plain.replace("{}", ""), field.start, told)
    elif name in _NAMES:
        told += joined_wrongly(name, folded, field.start)
        found = as_read(folded)
    elif name == "isbn":
        told += (Loss(field.start, p.message, p.hint) for p in wrong_numbers(plain))
        return None
    elif name in _VERBATIM:
        return None
    else:
        found, lost = bib_text.readable_text(folded, field.start)
        told += lost
        if name in _LISTS and re.search(r"\sand\s", _outside(found)):
            found = f"{{{found}}}"
    same = name == field.name and found == written
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
    return bare_doi(bare) if name == "doi" else bare
