"""The author's own word beside a reference: `Figure @fig:x`, `в табл. @tbl:x`, `@fig:x. ábra`.

In: the text before and after a reference, and the terms for its target. Out: whether the author has
written the word for what it leads to, so that the number alone is to be printed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Literal

from triptych.ledger import Numbered

WordBeside = Literal["", "one", "several"]
"""Whether a label word stands there; `several` if it is inflected, as a plural is."""

_TERMS: Mapping[str, tuple[str, ...]] = {
    "figure": ("figure",),
    "panel": ("figure", "table"),
    "table": ("table",),
    "section": ("section", "chapter", "appendix"),
    "equation": ("equation",),
    "listing": ("listing", "algorithm", "figure"),
    "algorithm": ("algorithm", "listing"),
}
"""The terms by which each kind of target is called. All others are called as their label says."""
_ALSO: Mapping[str, frozenset[str]] = {
    "figure": frozenset("fig figs abb abbn bild bilder".split()),
    "table": frozenset("tab tabs tbl tbls table tables quadro quadros cuadro cuadros".split()),
    "section": frozenset("§ §§ sec secs sect sects ch chap chaps app".split()),
    "equation": frozenset("eq eqs eqn eqns gl gln formel formeln formula formulas".split()),
    "listing": frozenset(("lst",)),
    "algorithm": frozenset("alg algs algo".split()),
}
"""Short forms with or without a full stop, and further words, in the languages of most papers."""
_JOINS = frozenset(
    """and or to through & und oder bis sowie et ou à y o e i a en of t/m och eller til till og ja
    tai и или до та й або oraz lub do až nebo alebo és vagy și sau ve ile veya või ir arba un vai
    kai και ή 和 与 與 及 至 或 と や から 및 와 과 và và i/ili u""".split()
)
"""Words between two references that share one label word, beside the language's own `and`."""
RUN_TOGETHER = re.compile(r"[\u0590-\u06ff\u0e00-\u0e7f\u3040-\u9fff\uac00-\ud7af]")
"""Letters of scripts whose words carry articles and prepositions, or have no spaces."""


def said_beside(
    target: Numbered, before: str, after: str, languages: Iterable[Mapping[str, str]]
) -> WordBeside:
    """Whether the author has written the word for `target`, by the terms of one of `languages`."""
    last = before.rstrip(" \n\N{NO-BREAK SPACE}([")
    word = re.search(r"([^\W\d_]+|§+)\.?$", last)
    for terms in languages:
        for name in _TERMS.get(target.kind, ("",)):
            term = terms[name] if name else target.label.replace(target.number, "{}", 1)
            head, _, tail = term.partition("{}") if "{}" in term else (term, "", "")
            head, tail = head.strip(" -"), tail.strip(" .-")
            if tail:
                if _begins(after.lstrip(" .-\N{NO-BREAK SPACE}"), tail) and last.endswith(head):
                    return "one"
            elif _ends(last, head):
                return "one"
            elif word and (said := _matched(word[0], head, name)):
                return said
    return ""


def joined(between: str, conjunction: str) -> bool:
    """Whether text between two references makes them one list or range: `, `, ` and `, `–`."""
    words = re.findall(r"[^\s,;、，\N{NO-BREAK SPACE}]+", between)
    known = _JOINS | set(conjunction.split())
    return bool(between.strip()) and all(
        word in known or re.fullmatch(r"[-–—/~～()\[\]]+", word) for word in words
    )


def _ends(text: str, term: str) -> bool:
    """Whether a text ends with a term as it stands; in some scripts words run together."""
    plain, stem = _folded(text), _folded(term.removeprefix("ال"))
    if not plain.endswith(stem):
        return False
    before = plain[: len(plain) - len(stem)]
    return RUN_TOGETHER.search(term) is not None or not before[-1:].isalpha()


def _matched(word: str, term: str, name: str) -> WordBeside:
    """How a word before a reference says a term: it may be short, inflected, or a plural."""
    plain, stem = _folded(word.rstrip(".")), _folded(term.rstrip("."))
    if plain in _ALSO.get(name, ()):
        return "several" if plain.endswith("s") or plain in ("abbn", "gln", "§§") else "one"
    if word.endswith("."):
        if 2 <= len(plain) <= 6 and plain != stem and stem.startswith(plain):
            return "one"
        return (
            "several"
            if len(plain) > 2 and f"{stem}s".startswith(plain[:-1]) and (plain.endswith("s"))
            else ""
        )
    if term.endswith("."):
        return "several" if plain.startswith(stem) and len(plain) <= len(stem) + 8 else ""
    same = _alike(plain, stem)
    near = len(stem) > 3 and same >= max(3, len(stem) - 2) and len(plain) <= len(stem) + 5
    return "several" if near else ""


def _begins(after: str, term: str) -> bool:
    """Whether a text begins with a term, however its word ends."""
    plain, stem = _folded(after), _folded(term)
    same = _alike(plain, stem)
    return same == len(stem) or (len(stem) > 4 and same >= len(stem) - 1)


def _alike(one: str, other: str) -> int:
    """How many letters two words share at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _folded(text: str) -> str:
    """A text without capitals and accents."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
