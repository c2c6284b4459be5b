"""What no page can hold, found before pandoc, which may need hours for it: nesting, and width.

In: the lines of a manuscript, with blanks for code and comments. Out: the first place that asks for
too much. Each limit is far above what is written for readers (`docs/untrusted.md`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

BRACKETS, BRACES, QUOTATIONS, LISTS, DIVISIONS = 8, 100, 50, 50, 100
"""How deep each may be nested. Pandoc takes twice as long for each further bracket."""
COLUMNS, WORD, FORMULA = 1000, 5000, 10_000
"""Columns of a table, letters of a word, characters of a formula."""


@dataclass(frozen=True, slots=True)
class Excess:
    """What asks for too much, in a line from 1, and how to mend it."""

    line: int
    column: int
    message: str
    hint: str


def first_excess(lines: Sequence[str]) -> Excess | None:
    """The first thing that is nested too deep or is too wide, kind by kind."""
    kinds = (_quotations_and_lists, _divisions, _pairs, _wide)
    return next((found for kind in kinds for found in kind(lines)), None)


_FLATTER = "write it with less nesting"
_MARKS = re.compile(r"(?:[ \t]*(?:>|[-*+](?=[ \t])|\(?[\w#@]{1,3}[.)](?=[ \t])))+")
_ITEM = re.compile(r"([ \t]*)(?:[-*+]|\(?[\w#@]{1,3}[.)])[ \t]")


def _quotations_and_lists(lines: Sequence[str]) -> Iterator[Excess]:
    for number, line in enumerate(lines, 1):
        marks = _MARKS.match(line)
        if marks is None:
            continue
        if marks[0].count(">") > QUOTATIONS:
            yield Excess(number, 1, f"quotations are nested more than {QUOTATIONS} deep", _FLATTER)
        inner = len(re.findall(r"[-*+.)](?=[ \t])", marks[0]))
        item = _ITEM.match(line)
        indent = len(item[1].expandtabs(4)) // 2 if item else 0
        if max(inner, indent) > LISTS:
            yield Excess(number, 1, f"lists are nested more than {LISTS} deep", _FLATTER)


_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]*+)((?![^\s/>])[^<>]*+)>")
"""A tag, as pandoc knows one: `<y$ and $z>` is none."""
_NEED_NO_END = frozenset(
    """area base br col dd dt embed hr img input li link meta option p param source tbody td tfoot
    th thead tr track wbr""".split()
)
_FENCE = re.compile(r"[ \t>]*:{3,}[ \t]*(?P<attributes>[^:\s].*)?:*[ \t]*$")


def _divisions(lines: Sequence[str]) -> Iterator[Excess]:
    fenced = 0
    tags: Counter[str] = Counter()
    for number, line in enumerate(lines, 1):
        if fence := _FENCE.match(line):
            fenced = fenced + 1 if fence["attributes"] else max(fenced - 1, 0)
        for tag in _TAG.finditer(line) if "<" in line else ():
            name = tag[2].lower()
            if name not in _NEED_NO_END and not tag[3].endswith("/"):
                tags[name] = max(tags[name] + (-1 if tag[1] else 1), 0)
                if tags[name] > DIVISIONS:
                    what = f"<{name}> is nested more than {DIVISIONS} deep"
                    yield Excess(number, tag.start() + 1, what, _FLATTER)
        if fenced > DIVISIONS:
            what = f"divisions are nested more than {DIVISIONS} deep"
            yield Excess(number, 1, what, "close each with a line of colons")


def _pairs(lines: Sequence[str]) -> Iterator[Excess]:
    """Brackets and braces within one paragraph, each closed.

    Neither counts the other: a brace that is text does not part the brackets around it.
    """
    opened: dict[str, list[tuple[int, int, int]]] = {"]": [], "}": []}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            opened = {"]": [], "}": []}
            continue
        for sign in re.finditer(r"\\.|[\[\]{}]", line):
            if sign[0] in _CLOSED_BY:
                opened[_CLOSED_BY[sign[0]]].append((0, number, sign.start() + 1))
            elif around := opened.get(sign[0]):
                inside, first, column = around.pop()
                most, what = (BRACKETS, "brackets") if sign[0] == "]" else (BRACES, "braces")
                if inside >= most:
                    what = f"{what} are nested more than {most} deep"
                    yield Excess(first, column, what, _FLATTER)
                if around and around[-1][0] <= inside:
                    around[-1] = (inside + 1, *around[-1][1:])


_CLOSED_BY = {"[": "]", "{": "}"}
_WORD = re.compile(rf"(?<![\w/+=,;-])\w{{{WORD + 1},}}")
_SPAN = re.compile(r"""\b(?:col|row)span\s*=\s*["']?\d{4,}""", re.I)
_FORMULA = re.compile(rf"(?<![\\$])\${{1,2}}(?![\s$])[^$]{{{FORMULA},}}\$")


def _wide(lines: Sequence[str]) -> Iterator[Excess]:
    for number, line in enumerate(lines, 1):
        if line.count("|") > COLUMNS and line.lstrip(" \t>").startswith("|"):
            what = f"a table has more than {COLUMNS} columns"
            yield Excess(number, 1, what, "turn it, or give it as a file of data")
        if span := _SPAN.search(line):
            what = "a cell spans more than 999 columns or rows"
            yield Excess(number, span.start() + 1, what, "write how many there are")
        if len(line) > WORD and (word := _WORD.search(line)):
            what = f"a word has {word.end() - word.start():,} letters"
            yield Excess(number, word.start() + 1, what, f"write words of up to {WORD:,} letters")
        if len(line) > FORMULA and (formula := _FORMULA.search(line)):
            what = f"a formula has {formula.end() - formula.start():,} characters"
            yield Excess(number, formula.start() + 1, what, "part it into several")
