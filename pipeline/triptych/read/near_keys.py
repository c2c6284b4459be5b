"""Which key an author may have meant who cites one that no bibliography has.

In: the key, and the bibliographies. Out: keys that are near it, in letters or in author and year;
none where none is near, for a wrong guess is worse than no guess. Names of other things that an
author may have misspelt, such as figures and notes, are guessed in the same way by `nearest`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from triptych.read.bibliography import Bibliography, entries_in

_MOST = 2
"""More works than these of one author and year are no guess."""


class NearKeys:
    """The keys of some bibliographies, made ready to be compared with many others."""

    def __init__(self, bibliographies: Iterable[Bibliography]) -> None:
        self._works: dict[str, tuple[str, str]] = {}
        for bibliography in bibliographies:
            for entry in entries_in(bibliography.file, bibliography.text):
                if entry.key and not entry.problem:
                    self._works[entry.key] = first_author(entry.source), year_of(entry.source)
        self._plain = {key: _folded(key) for key in self._works}
        self._signs = {key: _signs(plain) for key, plain in self._plain.items()}

    def of(self, written: str) -> tuple[str, ...]:
        """Keys near `written`: one that is written alike, else works of its author and year."""
        plain = _folded(written)
        most = _allowed(plain)
        signs = _signs(plain)
        alike = [
            (distance, key)
            for key, other in self._plain.items()
            if abs(len(other) - len(plain)) <= most
            and (self._signs[key] ^ signs).bit_count() <= 2 * most
            and (distance := edits(plain, other, most)) <= most
        ]
        if alike:
            return (min(alike)[1],)
        named = [
            key
            for key, (family, year) in self._works.items()
            if len(family) > 2 and year and family in plain and year in plain
        ]
        return tuple(named) if len(named) <= _MOST else ()


def nearest(written: str, names: Iterable[str]) -> str:
    """The one of some names that is nearly `written`; empty where none is near."""
    plain = _folded(written)
    most = _allowed(plain)
    alike = [
        (distance, name)
        for name in names
        if name != written and (distance := edits(plain, _folded(name), most)) <= most
    ]
    return min(alike)[1] if alike and plain else ""


def _allowed(plain: str) -> int:
    """How many letters of a folded key may be wrong in a guess."""
    return 0 if len(plain) < 4 else 1 if len(plain) < 8 else 2


def edits(one: str, other: str, most: int) -> int:
    """How many letters to put in, leave out, change, or swap with the next; or more than `most`."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, found in enumerate(other, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != found))
            swapped = (
                row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == found
            )
            line.append(min(cost, before[column - 2] + 1) if swapped else cost)
        if min(line) > most:
            return most + 1
        before, last = last, line
    return last[-1]


def _folded(key: str) -> str:
    """A key without capitals, accents and signs between its parts."""
    plain = unicodedata.normalize("NFKD", key).casefold()
    return re.sub(r"[\W_]+", "", plain)


def _signs(plain: str) -> int:
    """Which signs a key is made of, as bits: keys that are near have most in common."""
    bits = 0
    for sign in plain:
        bits |= 1 << (ord(sign) % 61)
    return bits


# --- The author and the year of an entry, in any of the formats -----------------------------------

_AUTHOR = (
    re.compile(r'"(?:family|literal)"\s*:\s*"(?P<family>[^"]+)'),
    re.compile(r"^(?:AU|A1)  - (?P<family>[^,\n]+)", re.M),
    re.compile(r"<author[^<>]*>(?:<style[^<>]*>)?(?P<family>[^<,]+)"),
    re.compile(r'\b(?:author|editor)\s*=\s*[{"](?P<names>[^\n]+)', re.I),
)
_YEAR = re.compile(
    r"""(?:\b(?:year|date|issued)"?\s*[=:]|PY\s+-|Y1\s+-|<year>)[^\d\n]*(\d{4})""", re.I
)


def first_author(source: str) -> str:
    """The family name of the first author of an entry, folded as keys are; empty for none."""
    for pattern in _AUTHOR:
        if found := pattern.search(source):
            named = found.groupdict()
            return _folded(named["family"] if "family" in named else _last_name(named["names"]))
    return ""


def _last_name(names: str) -> str:
    """The family name of the first of some names in BibTeX, without TeX."""
    first = re.split(r"\s+and\s|\}?,?\s*$", names)[0]
    last = first.split(",")[0] if "," in first else next(iter(first.split()[-1:]), "")
    return re.sub(r"\\[a-zA-Z]+|[\\{}\"'`^~=.]", "", last)


def year_of(source: str) -> str:
    """The first year that an entry names as its own; empty for none."""
    found = _YEAR.search(source)
    return found[1] if found else ""
