r"""Citations as authors write them and pandoc does not read them, put into a form that it reads.

In: the Markdown as pandoc is to read it, and which keys are known. Out: the same, line for line.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise

from triptych.read.manuscript import without_code

UNSPACED = (
    "\u0e00-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u312f\u31a0-\u31ff\u3400-\u4dbf"
    "\u4e00-\ua4cf\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
"""Letters of scripts that put no spaces between words, such as Thai, for a regular expression."""
MARK = "\ufdd0"
"""Stands before a citation to part it from a letter. No text has this sign (Unicode 23.7)."""
KEY = r"(?:\{(?P<braced>[^{}\n]+)\}|(?P<key>\w(?:\w|[:.#$%&+?<>~/-](?=\w))*))"
"""A key behind its `@`, as pandoc reads it."""

_GLUED = re.compile(rf"(?<=[{UNSPACED}])@{KEY}")
_BRACKET = re.compile(r"(?<![\]!^\\])\[(?P<inside>[^\[\]]*)\](?![(\[{])")
_CITES = re.compile(rf"(?<!\\)(?<![^\W{UNSPACED}])@[\w{{]")
_FIRST = re.compile(r"\s*(?:[^\s;@,]+\s+){0,2}-?@[\w{]")
"""How a citation begins: at most two words stand before it."""
_PARTED = re.compile(r"\\.|&#?\w+;|\$[^$@]+\$|(?P<sign>;)", re.S)
r"""A semicolon that parts citations, and what holds others: `\;`, `&nbsp;`, a formula."""
_TIE = re.compile(
    r"~(?!\\[A-Za-z]+\{[^{}]*\}~(?!\w))(?=\\[A-Za-z]*(?:[cC]ite|ref)[A-Za-z]*\*?[\[{])"
)
r"""A tie of LaTeX, which Markdown may take for lowered words: `showed~\citep[p.~5]{lee}`.

What a second one ends, `x~\ref{a}~`, is lowered.
"""
_LABELS = re.compile(r"(?:\{[^{}\n#]{0,99}#|\\label\{|\blabel:[ ]*)([\w:.-]+)")


def readable_citations(text: str, known: Collection[str]) -> str:
    """The text with its citations in pandoc's form.

    A citation of a known key, or a reference to a label of the text, may stand behind a letter
    of a script without spaces: `正如@wang2019`. What a semicolon parts from a citation in its
    bracket belongs to it: `[@a; my emphasis]`. A tie before a citation or reference of LaTeX is a
    no-break space.
    """
    if "~\\" not in text and "@" not in text:
        return text
    seen = without_code(text)
    for tie in _TIE.finditer(seen):
        text = f"{text[: tie.start()]}\N{NO-BREAK SPACE}{text[tie.end() :]}"
    labels = set(_LABELS.findall(seen))
    put: list[tuple[int, str]] = []
    for found in _GLUED.finditer(seen):
        key = found["braced"] or found["key"]
        if key in known or key_within(key, known) or key in labels:
            put.append((found.start(), MARK))
    for bracket in _BRACKET.finditer(seen):
        inside = bracket["inside"]
        signs = [sign.start() for sign in _PARTED.finditer(inside) if sign["sign"]]
        if not signs or not _FIRST.match(inside[: signs[0]]) or "\n\n" in inside:
            continue
        for at, end in pairwise((*signs, len(inside))):
            if not _CITES.search(inside[at:end]):
                put.append((bracket.start("inside") + at, "\\"))
    pieces, last = [], 0
    for at, sign in sorted(put):
        pieces += [text[last:at], sign]
        last = at
    return "".join([*pieces, text[last:]])


def key_within(key: str, known: Collection[str]) -> str:
    """The known key that `key` begins with, where letters of another script follow; or nothing.

    Pandoc takes all letters for the key: of `@lee2019에` it reads `lee2019에`.
    """
    begin = re.match(r"[!-~]+(?=[^\W\x00-\x7f])", key)
    return begin[0] if begin and begin[0] in known else ""
