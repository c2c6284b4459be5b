"""A BibTeX file as pandoc is to read it, line for line.

In: its text and its entries. Out: a `BibFile`. Pandoc reads less than BibTeX does: no entry in
parentheses, no key with a sign such as ~ or #, no `ids`, no remark that holds an @.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from triptych.diagnostics import Diagnostic, Positions, excerpt
from triptych.read.bib_fields import fields_of, readable
from triptych.read.bib_preamble import commands_of
from triptych.read.bib_text import composed
from triptych.read.entries import Loss, RawEntry

_IN_KEYS = frozenset(".:;?!`'()/*@_+=-[]&$")
"""Signs that pandoc reads in keys, besides letters and figures."""
_OPENING = re.compile(r"\s*@\s*(?P<kind>\w+)\s*(?P<opening>[{(])")


@dataclass(frozen=True, slots=True)
class BibFile:
    """The text for pandoc, what is lost and of which entry, and other keys of its entries.

    `aliases` lead from a key that an article may cite to the one by which pandoc knows the entry.
    """

    text: str
    concerned: Mapping[Diagnostic, str]
    aliases: Mapping[str, str]


def read_bib_file(file: str, text: str, entries: Iterable[RawEntry]) -> BibFile:
    """Bring the sound entries of a file to forms that pandoc reads; each line stays where it is."""
    pieces: list[str] = []
    concerned: dict[Diagnostic, str] = {}
    entries = list(entries)
    aliases = _aliases(entries)
    preambles = (e.source for e in entries if re.match(r"\s*@\s*preamble\b", e.source, re.I))
    commands = commands_of(preambles)
    positions = Positions(text)
    at = 0
    for entry in entries:
        start = text.find(entry.source, at) if not entry.problem else -1
        if start < 0:
            continue
        source, name = _in_braces(entry.source), aliases.get(entry.key, entry.key)
        lost: tuple[Loss, ...] = ()
        if entry.key:
            source, lost = readable(source, commands)
            source = _named(source, entry.key, name)
        elif source.count("{") != source.count("}"):  # a comment may be so
            source = "\n" * source.count("\n")
        else:
            source = re.sub(r",(\s*\})$", r"\1", composed(source))  # behind the value of a macro
        pieces += [_between(text[at:start]), source]
        at = start + len(entry.source)
        for loss in lost:
            line, column = positions.of(start + loss.offset)
            told = Diagnostic(
                file, line, column, loss.code, f"entry {entry.key!r}: {loss.message}", loss.hint,
                excerpt(text, start + loss.offset), "warning",
            )  # fmt: skip
            concerned[told] = name
    return BibFile("".join([*pieces, _between(text[at:])]), concerned, aliases)


def _between(text: str) -> str:
    """What stands between entries, which is a remark; pandoc takes an @ in it for an entry."""
    return text.replace("@", " ")


def _in_braces(source: str) -> str:
    """An entry in braces, where BibTeX also knows parentheses."""
    opening = _OPENING.match(source)
    if opening is None or opening["opening"] == "{":
        return source
    return f"{source[: opening.end() - 1]}{{{source[opening.end() :].removesuffix(')')}}}"


def _named(source: str, key: str, name: str) -> str:
    """An entry under the name by which pandoc is to know it."""
    return source if name == key else source.replace(key, name, 1)


def _aliases(entries: Iterable[RawEntry]) -> dict[str, str]:
    """Other keys of the entries: those in `ids`, and such as pandoc cannot read, by a safe one."""
    keys = {entry.key for entry in entries if entry.key}
    aliases: dict[str, str] = {}
    for entry in entries:
        if not entry.key or entry.problem:
            continue
        name = "".join(c if c.isalnum() or c in _IN_KEYS else "-" for c in entry.key)
        if name != entry.key:
            while name in keys:
                name += "-"
            keys.add(name)
            aliases[entry.key] = name
        for form in ("NFC", "NFD"):  # of one look, and of one meaning
            if (other := unicodedata.normalize(form, entry.key)) not in keys:
                aliases[other] = name
        if "ids" in entry.source:
            ids = (field.value for field in fields_of(entry.source) if field.name == "ids")
            for other in re.split(r"[\s,]+", next(ids, "") or ""):
                if other and other not in keys:
                    aliases.setdefault(other, name)
    return aliases
