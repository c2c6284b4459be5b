"""Front matter: the YAML at the head of an article, as papers for Pandoc and Quarto have it.

In: an article's text. Out: its fields, where its body begins, and what is wrong. Pandoc also takes
metadata from blocks of YAML further down; of fields that are given twice, the last one holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from triptych.read.yaml_size import check_size

_OPENED = re.compile(
    r"(?:[ \t]*\n)*---[ \t]*\n(?![ \t]*\n)(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M
)
_UNOPENED = re.compile(r"((?:[A-Za-z][\w-]*:(?:[ \t].*)?\n)(?:.*\n){0,200}?)---[ \t]*(?:\n|\Z)")
_FAMILIAR = frozenset("title author authors bibliography abstract".split())


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields of the front matter, and the offset at which the body begins.

    `problem` is what is wrong, if anything, at `line` and `column`, both from 1. With a problem
    there are no fields, unless it is only a `warning`.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    body_offset: int = 0
    code: str = ""
    problem: str = ""
    hint: str = ""
    line: int = 0
    column: int = 0


def read_front_matter(text: str) -> FrontMatter:
    """Read the front matter of an article, if it has any."""
    match = _OPENED.match(text)
    if match is None:
        return _unopened(text)
    try:
        fields = _fields(match[1])
    except _Malformed as error:
        return _malformed(error, text.count("\n", 0, match.start(1)) + 1, match.end())
    if fields is None:  # a rule, and another below it
        return FrontMatter()
    return FrontMatter(fields, match.end())


@dataclass(frozen=True, slots=True)
class MetadataBlock:
    """A block of metadata in the body, in its lines from `first` to `last`, counted from 0."""

    first: int
    last: int
    front: FrontMatter


def metadata_blocks(lines: Sequence[str], is_text: Sequence[bool]) -> Iterator[MetadataBlock]:
    """The blocks of metadata among the lines of a body, as Pandoc sees them.

    A block begins with `---` below a blank line, a heading or another block, and ends with `---`
    or `...`. It holds a map, or else it is a rule or a table. `is_text` is false for lines of code
    and of comments, where no block begins or ends.
    """
    below = 0
    for first, line in enumerate(lines):
        if first < below or not is_text[first] or not _MARK.fullmatch(line) or line[0] == ".":
            continue
        if first > below and not _MAY_STAND_ABOVE.match(lines[first - 1]):
            continue
        inside = range(first + 1, len(lines))
        last = next((n for n in inside if is_text[n] and _MARK.fullmatch(lines[n])), 0)
        if not last or not lines[first + 1].strip():
            continue
        try:
            fields = _fields("\n".join(lines[first + 1 : last]))
        except _Malformed as error:
            if not _KEY.match(lines[first + 1]):
                continue
            front = _malformed(error, first + 2, 0)
        else:
            if fields is None:
                continue
            front = FrontMatter(fields)
        yield MetadataBlock(first, last, front)
        below = last + 1


_MARK = re.compile(r"(?:---|\.\.\.)[ \t]*")
_MAY_STAND_ABOVE = re.compile(r"[ \t]*$|#|:::")
_KEY = re.compile(r"""["']?[A-Za-z][\w-]*["']?[ \t]*:(?:\s|$)""")


def _malformed(error: _Malformed, first: int, end: int) -> FrontMatter:
    """Front matter that cannot be read; its YAML begins in the line `first`, counted from 1."""
    return FrontMatter(
        {}, end, "yaml-malformed", f"not valid YAML: {error}", error.hint,
        first + error.line, error.column,
    )  # fmt: skip


def _unopened(text: str) -> FrontMatter:
    """Front matter without its opening line: fields, and below them a line of hyphens."""
    match = _UNOPENED.match(text)
    if match is None:
        return FrontMatter()
    try:
        fields = _fields(match[1])
    except _Malformed:
        return FrontMatter()
    if not fields or not _FAMILIAR & fields.keys():
        return FrontMatter()
    return FrontMatter(
        fields, match.end(), "yaml-unopened", "the front matter lacks its first line",
        "put a line of three hyphens, ---, above it", 1, 1,
    )  # fmt: skip


_NO_CHARACTER = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(value: Any) -> Any:
    r"""A value without characters that no edition can hold, such as `\e` may bring."""
    if isinstance(value, str):
        return _NO_CHARACTER.sub(" ", value)
    if isinstance(value, list):
        return [printable(each) for each in value]
    if isinstance(value, dict):
        return {printable(key): printable(each) for key, each in value.items()}
    return value


class _Malformed(Exception):
    def __init__(self, message: str, line: int = 0, column: int = 1, hint: str = "") -> None:
        super().__init__(message)
        self.line, self.column = line, column
        self.hint = hint or "put text that holds a colon or a quotation mark in quotes"


class _Loader(yaml.CSafeLoader):
    """Reads a value with another program's tag, such as R's `!expr`, as the text it is.

    Dates are left as they are written, because some name a day that does not exist.
    """


def _untagged(loader: _Loader, _tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


_Loader.add_multi_constructor("!", _untagged)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: str(node.value))
_TAB_STOP = 4
"""In columns. As Pandoc does, tabs become blanks before the YAML is read."""


def _fields(text: str) -> dict[str, Any] | None:
    """The fields of YAML that holds a map, or None; raises _Malformed with line and column."""
    try:
        text = text.expandtabs(_TAB_STOP)
        check_size(text)
        fields = yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = (mark.line, mark.column + 1) if mark else (0, 1)
        hint = "write values flat, and out where *names stand for them"
        composed = isinstance(error, yaml.composer.ComposerError)
        raise _Malformed(str(error.problem), *where, hint if composed else "") from None
    except (yaml.YAMLError, ValueError) as error:
        raise _Malformed(str(error)) from None
    if not isinstance(fields, dict):
        return None
    return {str(key): printable(value) for key, value in fields.items()}
