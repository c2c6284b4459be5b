"""The index: the pages it prints must be those on which the places it names really are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from triptych.collate.difference import Difference
from triptych.collate.pairing import Comparison, as_shown
from triptych.ledger import IndexEntry
from triptych.text import from_plain
from triptych.witness.reading import Spread


def wrong_index(comparison: Comparison, printed: Comparison | None) -> Iterator[Difference]:
    """Every entry that is missing from a file's index, or names other pages than those printed.

    Where nothing is printed on pages, an index counts the places of each entry.
    """
    medium = comparison.witness.format
    front = _on_one_line(medium, comparison.witness.front.text.plain)
    for entry in comparison.ledger.index:
        words = entry.under or entry.term
        wanted = [pages for pages in _pages(entry, printed) if pages]
        stands = re.finditer(rf"(?<!\S){re.escape(_on_one_line(medium, words))} {_LABELS}", front)
        if not any(_agree(set(found[1].split(", ")), wanted) for found in stands):
            pages = ", ".join(dict.fromkeys(min(found) for found in wanted))
            message = f"the index does not send its reader from “{words}” to {pages}"
            yield comparison.tell("index-differs", entry.places[0], message, f"{words} {pages}")


_LABELS = r"((?:[^\s,]+, )*[^\s,]+)(?!\S)"


def _on_one_line(medium: str, words: str) -> str:
    return " ".join(as_shown(medium, from_plain(words)).plain.split())


def _agree(labels: set[str], wanted: list[set[str]]) -> bool:
    """Whether labels name a page for each place, and no page without one."""
    return all(labels & pages for pages in wanted) and labels <= set().union(*wanted)


def _pages(entry: IndexEntry, printed: Comparison | None) -> Iterator[set[str]]:
    """For each place of an entry, the page labels it may have: two at the end of a page."""
    for number, place in enumerate(entry.places, 1):
        spot = None if printed is None else printed.spots.get(place)
        if printed is None:
            yield {str(number)}
        elif spot is not None:
            witness = printed.witness
            others = {-1: witness.article, -2: witness.title}
            reading = others[spot.note] if spot.note < 0 else witness.notes[spot.note]
            assert isinstance(reading.where, Spread)
            stands = reading.where.places[max(spot.letter - 1, 0) : spot.letter + 1]
            yield {str(page) for page, _ in stands}
