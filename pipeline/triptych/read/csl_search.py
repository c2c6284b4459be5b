"""The packaged citation styles, found by words of their names and titles.

In: words such as `chicago notes`. Out: the styles that have them all, the likeliest first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from triptych.read.csl import FAMILIAR_NAMES, packaged_styles

_TITLE = re.compile(rb"<title>(.*?)</title>", re.S)
_SHORT = re.compile(rb"<title-short>(.*?)</title-short>", re.S)
_FORMAT = re.compile(rb"citation-format=\"([a-z-]+)\"")
_HEAD = 6000
"""Bytes at the beginning of a style that hold what is told about it."""


@dataclass(frozen=True, slots=True)
class ListedStyle:
    """A style: its name, its title, its short title, and its format as in `CitationStyle`.

    One that `depends` on another is that one under the name of a journal.
    """

    name: str
    title: str
    short: str
    citation_format: str
    depends: bool


def find_styles(query: str, citation_format: str = "") -> tuple[ListedStyle, ...]:
    """The styles that have every word of `query` in name or title, of one format or of any.

    What is called so comes first, then what begins with it, then styles before those that
    depend on others, then what has the shortest name.
    """
    words = _folded(query).split()
    wanted = "-".join(words)
    familiar = FAMILIAR_NAMES.get(wanted, wanted)

    def rank(style: ListedStyle) -> tuple[bool, bool, bool, bool, int, str]:
        short = _folded(style.short).split()
        return (
            style.name not in (wanted, familiar), short != words, style.depends,
            not style.name.startswith(wanted), len(style.name), style.name,
        )  # fmt: skip

    found = (
        style
        for style in _all_styles()
        if citation_format in ("", style.citation_format)
        and (style.name == familiar or all(word in _words_of(style) for word in words))
    )
    return tuple(sorted(found, key=rank))


def _words_of(style: ListedStyle) -> str:
    return _folded(f"{style.name} {style.title} {style.short}")


def _all_styles() -> Iterator[ListedStyle]:
    for path in packaged_styles():
        yield _listed(path)


def _listed(path: Path) -> ListedStyle:
    with path.open("rb") as file:
        head = file.read(_HEAD)

    def said(pattern: re.Pattern[bytes]) -> str:
        found = pattern.search(head)
        return unescape(" ".join(found[1].decode("utf-8", "replace").split())) if found else ""

    return ListedStyle(
        path.stem, said(_TITLE) or path.stem, said(_SHORT), said(_FORMAT),
        path.parent.name == "dependent",
    )  # fmt: skip


def _folded(words: str) -> str:
    """Words in small letters, without accents."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
