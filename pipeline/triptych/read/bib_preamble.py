r"""Commands of TeX that a BibTeX file defines for its own entries, in `@preamble`.

In: the file's preambles. Out: a text without these commands, their words in their place.

Pandoc passes preambles over, and would drop `\noop{1973}`, or print a year with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_DEFINED = re.compile(
    r"\\(?:(?:re)?newcommand\*?\s*\{?\s*\\(?P<name>[A-Za-z]+)\s*\}?\s*(?:\[(?P<count>\d)\])?"
    r"|def\s*\\(?P<def>[A-Za-z]+)(?P<places>(?:\s*\#\d)*))\s*(?=\{)"
)
r"""`\providecommand` is passed over: it is for readers of TeX that lack what pandoc has."""
_PROGRAM = re.compile(r"\\(?:if\w*|fi|else|csname|catcode|expandafter|let|futurelet)(?![A-Za-z])")
_LONGEST = 10_000
_DEEPEST = 8
"""So many times at most a command's words are looked through for others."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command with so many arguments; `#1` in its `words` stands for the first."""

    arguments: int
    words: str


def commands_of(preambles: Iterable[str]) -> dict[str, Command]:
    """The commands that preambles define; none that is a program rather than words."""
    found: dict[str, Command] = {}
    for preamble in preambles:
        text = re.sub(r'"\s*#\s*"|\}\s*#\s*\{', "", preamble)
        for match in _DEFINED.finditer(text):
            count = match["count"] or str((match["places"] or "").count("#"))
            group = group_at(text, match.end())
            if group is not None and not _PROGRAM.search(group):
                found[match["name"] or match["def"]] = Command(int(count), group[1:-1])
    return found


def expanded(text: str, commands: Mapping[str, Command]) -> str:
    """A text with the words of commands in their place."""
    if not commands or "\\" not in text:
        return text
    pattern = re.compile(rf"\\({'|'.join(sorted(commands, key=len, reverse=True))})(?![A-Za-z])\s*")
    for _ in range(_DEEPEST):
        before, text = text, "".join(_pieces(text, pattern, commands))
        if before == text or len(text) > _LONGEST:  # such as call themselves twice
            break
    return text


def _pieces(text: str, pattern: re.Pattern[str], commands: Mapping[str, Command]) -> Iterator[str]:
    at = 0
    while match := pattern.search(text, at):
        yield text[at : match.start()]
        command, at = commands[match[1]], match.end()
        words = command.words
        for number in range(1, command.arguments + 1):
            group = group_at(text, at) or text[at : at + 1]
            at += len(group)
            words = words.replace(f"#{number}", group[1:-1] if group[:1] == "{" else group)
        if not command.arguments and text[at : at + 2] == "{}":
            at += 2
        yield words
    yield text[at:]


def group_at(text: str, start: int) -> str | None:
    """What stands in braces at a place, braces and all; None where none opens there or closes."""
    if text[start : start + 1] != "{":
        return None
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.S).finditer(text, start):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return text[start : match.end()]
    return None
