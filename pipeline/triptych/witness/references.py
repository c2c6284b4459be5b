"""The references that a page offers to save: BibLaTeX and RIS, read for their entries and values.

In: the text of a file. Out: its entries, each with its key and what its fields say. How they say it
is not kept: commands of TeX and braces are dropped, but those of formulas stay as words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_HEAD = re.compile(r"^@\w+\{([^,\s]+),\s*$", re.M)
_FIELD = re.compile(r"\s*(\w+)\s*=\s*\{")
_COMMAND = re.compile(
    r"(?P<apart>~|\\hspace\{0pt\}|\\text(?:less|greater|bar|quote[a-z]+|ascii[a-z]+|backslash)(?![a-z])\s*)"
    r"|\\[a-zA-Z]+\s*|\\(?P<sign>.)|[{}$]", re.S
)  # fmt: skip
"""What is no word in TeX; `apart` is what parts words."""
_PEOPLE = frozenset("author bookauthor editor translator AU A1 A2 A3 A4 ED".split())
_VERBATIM = ("doi", "url")
"""Fields of which every character is itself (BibLaTeX 3.20, 2.2.2)."""
_BRACES = {r"${\lbrace}$": "{", r"${\rbrace}$": "}"}
"""How a brace without a fellow is written, since BibTeX counts braces."""
_FORMULA = re.compile(r"(?<!\\)(\$[^$]*\$)")
_LINE = re.compile(r"([A-Z][A-Z0-9])  - ?(.*)")


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry: its key, and the names and values of its fields, in the file's order.

    `shortened` are the fields whose list of people ends with `and others` or `et al.`; these words
    are not among the values.
    """

    key: str
    fields: tuple[tuple[str, str], ...]
    shortened: tuple[str, ...] = ()


def read_biblatex(text: str) -> list[Reference]:
    """The entries of a BibLaTeX file whose values all stand in braces.

    Raises ValueError where one does not end.
    """
    heads = list(_HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [
        _reference(head[1], _fields(text[head.end() : end]))
        for head, end in zip(heads, ends, strict=True)
    ]


def _reference(key: str, fields: Iterable[tuple[str, str]]) -> Reference:
    """An entry, with what its values mean. A name in braces is a name, also that of `{others}`."""
    read: list[tuple[str, str]] = []
    shortened: list[str] = []
    for name, value in fields:
        if name in _VERBATIM:
            read.append((name, value))
            continue
        names = value.removesuffix(" and others") if name in _PEOPLE else value
        if names != value:
            shortened.append(name)
        pieces = _FORMULA.split(names)
        pieces[1::2] = (_BRACES.get(piece, piece) for piece in pieces[1::2])
        pieces[::2] = (_COMMAND.sub(_meant, piece) for piece in pieces[::2])
        read.append((name, "".join(pieces)))
    return Reference(key, tuple(read), tuple(shortened))


def _fields(entry: str) -> Iterator[tuple[str, str]]:
    at = 0
    while field := _FIELD.match(entry, at):
        end, depth = field.end(), 1
        while depth:
            if end >= len(entry):
                raise ValueError(f"the field {field[1]} does not end")
            depth += {"{": 1, "}": -1}.get(entry[end], 0)  # BibTeX counts those after a \ too
            end += 1
        yield field[1], entry[field.end() : end - 1]
        at = end + 1 if entry[end : end + 1] == "," else end
    if entry[at:].strip() != "}":
        raise ValueError(f"an entry has more than fields: {entry[at : at + 40].strip()}")


def _meant(command: re.Match[str]) -> str:
    return " " if command["apart"] else command["sign"] or ""


def read_ris(text: str) -> list[Reference]:
    """The entries of a RIS file. Raises ValueError where a line has no tag."""
    entries: list[Reference] = []
    fields: list[tuple[str, str]] = []
    shortened: list[str] = []
    for line in filter(None, text.splitlines()):
        tagged = _LINE.fullmatch(line)
        if tagged is None:
            raise ValueError(f"a line has no tag: {line[:40]}")
        if tagged[1] in _PEOPLE and tagged[2] == "et al.":
            shortened.append(tagged[1])
        else:
            fields.append((tagged[1], tagged[2]))
        if tagged[1] == "ER":
            key = next((value for name, value in fields if name == "ID"), "")
            entries.append(Reference(key, tuple(fields), tuple(shortened)))
            fields, shortened = [], []
    if fields:
        raise ValueError("its last entry does not end")
    return entries
