"""The lines of a manuscript, and what each is: text, code, or the opening of a block of code.

In: a text in Markdown. Out: its lines with their kinds; the text without its comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

FENCE = re.compile(
    r"(?P<before>[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?)"
    r"(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*)$"
)
"""A line that opens or closes a fenced block of code."""
_INDENTED = re.compile(r" {4}|\t")
_HOLDING = re.compile(r" {0,3}(?:[-*+:~]|\(?[\w#@]+[.)]|\[\^[^\]]+\]:)[ \t]")
"""A line whose block continues in indented lines: of a list, a definition, a note."""
_COMMENT = re.compile(r"<!--.*?-->", re.S)
LineKind = Literal["opening", "code", "text"]


def lines_of(text: str) -> Iterator[tuple[str, LineKind]]:
    """Each line and its kind: the opening of a fenced code block, code, or text."""
    fence = shelter = ""
    indented, blank = False, True
    for line in text.split("\n"):
        match = FENCE.match(line)
        if fence:
            yield line, "code"
            if match and match["fence"].startswith(fence) and not match["info"].strip():
                fence = ""
            continue
        if line.strip():
            inside = _HOLDING.match(shelter) is not None
            indented = bool(_INDENTED.match(line)) and (indented or (blank and not inside))
            if not line[0].isspace() or _HOLDING.match(line):
                shelter = line
        blank = not line.strip()
        if indented:
            yield line, "code"
        elif match:
            fence = match["fence"]
            yield line, "opening"
        else:
            yield line, "text"


def without_comments(text: str) -> str:
    """The text with blanks for comments; every letter keeps its place. An open one is none."""
    end = text.rfind("-->") + 3  # behind it, each `<!--` would be sought an end for in vain
    if end < 3:
        return text
    return _COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text[:end]) + text[end:]
