"""Code and comments of an article, in which pandoc sees no citation, figure or link.

In: a text in Markdown. Out: the same text with blanks for them; every letter keeps its place.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

_OPENING = re.compile(
    r"^[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?(?P<fence>`{3,}|~{3,})(?=[^`\n]*$)"
    r"|(?P<role>(?<=[}:])`[^`\n]+`(?!`))"  # of MyST: its text is no code
    r"|(?P<ticks>`+)"
    r"|(?P<comment><!--)"
    r"|(?P<escaped>\\@)",
    re.M,
)
_CLOSING_FENCE = re.compile(r"^[ \t>]*(?P<run>`{3,}|~{3,})[ \t]*$", re.M)
_TICKS = re.compile("(?P<run>`+)")
_BLANK_LINE = re.compile(r"\n[ \t]*(?=\n)")


def without_code_and_comments(text: str) -> str:
    r"""The text with blanks for code, comments and `\@`. What nothing closes is text."""
    pieces, at = [], 0
    for start, end in _hidden(text):
        pieces += [text[at:start], re.sub(r"[^\n]", " ", text[start:end])]
        at = end
    return "".join([*pieces, text[at:]])


Extent = tuple[int, int]
"""Where something begins and ends in the text."""
Runs = Mapping[tuple[str, int], Sequence[Extent]]
"""Where runs of one character stand that may close code, in order, by character and length."""


def _hidden(text: str) -> Iterator[Extent]:
    r"""Where code, comments and `\@` stand, in order.

    What may close is listed first: it would take the square of the time to seek it from each place
    that opens.
    """
    fences, ticks = _runs(_CLOSING_FENCE, text), _runs(_TICKS, text)
    blank_lines = [match.span() for match in _BLANK_LINE.finditer(text)]
    last_comment, at = text.rfind("-->"), 0
    while opening := _OPENING.search(text, at):
        kind = opening.lastgroup or ""
        start, at = opening.span(kind)
        found: Extent | None = None
        if kind == "escaped":
            found = start, at
        elif kind == "comment" and at <= last_comment:
            found = start, text.find("-->", at) + 3
        elif kind == "fence" and (closed := _closed(fences, opening[kind], at)):
            found = start, closed[1]
        elif kind in ("fence", "ticks") and text[start] == "`":
            paragraph = _next(blank_lines, at) or (len(text), 0)
            found = _code_span(ticks, (start, at), paragraph[0])
        if found:
            yield found
            at = found[1]


def _runs(pattern: re.Pattern[str], text: str) -> Runs:
    found: dict[tuple[str, int], list[Extent]] = {}
    for match in pattern.finditer(text):
        run = match["run"]
        found.setdefault((run[0], len(run)), []).append(match.span())
    return found


def _next(spans: Sequence[Extent], at: int) -> Extent | None:
    """The first of some spans that begins at `at` or behind it."""
    index = bisect_left(spans, (at, 0))
    return spans[index] if index < len(spans) else None


def _closed(fences: Runs, fence: str, at: int) -> Extent | None:
    """The line that closes a block of code: it is as long as the fence that opened it, or more."""
    lines = (
        _next(spans, at)
        for (character, length), spans in fences.items()
        if character == fence[0] and length >= len(fence)
    )
    return min(filter(None, lines), default=None)


def _code_span(ticks: Runs, run: Extent, paragraph_end: int) -> Extent | None:
    """The span of code that a run of ticks opens, or as many of its last ones as are closed."""
    for length in range(run[1] - run[0], 0, -1):
        closing = _next(ticks.get(("`", length), ()), run[1])
        if closing and closing[1] <= paragraph_end:
            return run[1] - length, closing[1]
    return None
