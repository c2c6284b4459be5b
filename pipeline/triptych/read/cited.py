r"""Which entries of its bibliographies an article may cite; of a library most are none of them.

In: the texts of bibliographies, and keys. Out: the texts, line for line, without entries of which
nothing would be printed, and nothing told.

What is looked at here is the form of entries, fast. Whatever is not plainly sound stays, to be read
and told of.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from triptych.diagnostics import Positions
from triptych.read.citation_forms import KEY
from triptych.read.entry_spans import Span, spans_of

_CITES = re.compile(
    rf"@{KEY}|@(?P<all>\*)"
    r"|\\[a-zA-Z]*cite[a-zA-Z]*\*?(?P<groups>\s*(?:\[[^\[\]]*\]|\([^()]*\)|\{[^{}]*\})+)"
    r"|cite[\w:]*[}:]`(?P<role>[^`\n]*)`"
)
r"""What may be a citation, in Pandoc's form, in LaTeX, or as a role of MyST."""
MOST_PARENTS = 20
"""So many parents, and parents of parents, may an entry have in BibTeX."""
_BLANKS = re.compile(r"[\s,;{}()\[\]]+")
_LINKED = re.compile(
    r"\b(?:crossref|xdata|xref|related|entryset)\s*=\s*[{\"](?P<keys>[^{}\"]*)"
    r"|\\\w*cite\w*\*?(?:\[[^\]]*\])*\{(?P<cited>[^{}]*)\}",
    re.I,
)
"""What an entry of BibTeX names: its parents, and works that its fields cite."""


@dataclass(frozen=True, slots=True)
class Cited:
    """The keys that a text may cite; all keys there are, where it asks to list them with `@*`."""

    keys: frozenset[str]
    every: bool = False

    def __or__(self, keys: Collection[str]) -> Cited:
        return Cited(self.keys | frozenset(keys), self.every or "*" in keys)


EVERY = Cited(frozenset(), every=True)


def cited_in(*texts: str) -> Cited:
    """The keys that may be cited in some texts: rather one too many than one too few."""
    keys: set[str] = set()
    for text in texts:
        for found in _CITES.finditer(text):
            listed = found["groups"] or found["role"]
            keys.update(
                _BLANKS.split(listed) if listed else [found["braced"] or found["key"] or "*"]
            )
    return Cited(frozenset(keys - {""}), "*" in keys)


@dataclass(frozen=True, slots=True)
class CitedPart:
    """What may be cited of a bibliography: its text, and the other keys with their lines."""

    text: str
    unread: Mapping[str, int]


def parts_of(files: Sequence[tuple[str, str]], cited: Cited) -> tuple[CitedPart, ...]:
    """The part of each bibliography, given by its name and its text, that may be cited.

    Entries that others among them need stay too, and so does the first of each file. If one
    file cannot be looked through, all stay as they are.
    """
    whole = tuple(CitedPart(text, {}) for _, text in files)
    if cited.every:
        return whole
    found = [spans_of(file, text) for file, text in files]
    listed = [spans for spans in found if spans is not None]
    if len(listed) < len(files):
        return whole
    times = Counter(span.key for spans in listed for span in spans)
    kept = _kept([(text, spans) for (_, text), spans in zip(files, listed, strict=True)], cited)
    return tuple(
        _part(text, [
            span for number, span in enumerate(spans)
            if number and span.plain and times[span.key] == 1 and span.key not in kept
        ])
        for (_, text), spans in zip(files, listed, strict=True)
    )  # fmt: skip


def _kept(files: Sequence[tuple[str, Sequence[Span]]], cited: Cited) -> set[str]:
    """The keys of entries that may be cited, and of those that these name in turn."""
    named: dict[str, list[tuple[str, Span]]] = {}
    for text, spans in files:
        for span in spans:
            for name in span.names:
                named.setdefault(_folded(name), []).append((text, span))
    kept: set[str] = set()
    asked = set(map(_folded, cited.keys))
    for _ in range(MOST_PARENTS + 2):
        found = [each for name in asked for each in named.pop(name, ())]
        kept |= {span.key for _, span in found}
        links = (
            link for text, span in found for link in _LINKED.finditer(text, span.start, span.end)
        )
        asked = {
            _folded(key)
            for link in links
            for key in _BLANKS.split(link["keys"] or link["cited"] or "")
        }
    return kept


def _folded(key: str) -> str:
    """A key as BibTeX compares it, in whatever way its accents are written."""
    return key.lower() if key.isascii() else unicodedata.normalize("NFC", key).lower()


def _part(text: str, unread: Sequence[Span]) -> CitedPart:
    """The text with blank lines in place of some entries."""
    positions = Positions(text)
    pieces: list[str] = []
    at = 0
    for span in unread:
        pieces += [text[at : span.start], "\n" * text.count("\n", span.start, span.end)]
        at = span.end
    lines = {span.key: positions.of(span.place)[0] for span in unread}
    return CitedPart("".join([*pieces, text[at:]]), lines)
