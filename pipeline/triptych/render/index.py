"""The index as printed: its entries with their pages.

In: an `Edition`, and for the id of each place the label of its printed page. Out: markup. All
formats print the same page numbers, and link them to the exact places. Without a print edition, the
places of an entry are counted instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby

from triptych.edition import Edition
from triptych.ledger import IndexEntry
from triptych.render.parts import Heading


def index_markup(edition: Edition, labels: Mapping[str, str]) -> str:
    """The indexes of a work, each a section with its heading; empty where there are none."""
    return "".join(
        _section(edition, kind, list(entries), labels)
        for kind, entries in groupby(edition.ledger.index, lambda entry: entry.kind)
    )


def index_headings(edition: Edition) -> list[Heading]:
    """The lines of the contents for the indexes."""
    return [
        Heading(1, "", _title(edition, kind), f"index-of-{kind}")
        for kind, _ in groupby(edition.ledger.index, lambda entry: entry.kind)
    ]


def _title(edition: Edition, kind: str) -> str:
    return edition.terms["names" if kind == "names" else "index"]


def _section(
    edition: Edition, kind: str, entries: Sequence[IndexEntry], labels: Mapping[str, str]
) -> str:
    title = escape(_title(edition, kind))
    items = "".join(_items(entries, labels))
    return (
        f'<section class="index" id="index-of-{kind}" role="doc-index" '
        f'aria-labelledby="index-of-{kind}-title">'
        f'<h2 id="index-of-{kind}-title" data-title="{title}">{title}</h2>'
        f"<ul>{items}</ul></section>"
    )


def _items(entries: Sequence[IndexEntry], labels: Mapping[str, str]) -> Iterator[str]:
    for term, found in groupby(entries, lambda entry: entry.term):
        all_of_it = list(found)
        own = [entry for entry in all_of_it if not entry.under]
        inner = "".join(
            f"<li>{_line(entry.under, entry, labels)}</li>" for entry in all_of_it if entry.under
        )
        line = _line(term, own[0], labels) if own else escape(term)
        yield f"<li>{line}{f'<ul>{inner}</ul>' if inner else ''}</li>"


def _line(words: str, entry: IndexEntry, labels: Mapping[str, str]) -> str:
    links = ", ".join(
        f'<a href="#{place}">{escape(label)}</a>' for label, place in linked_labels(entry, labels)
    )
    return f'{escape(words)} <span class="locators">{links}</span>'


def linked_labels(entry: IndexEntry, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """The page numbers of an entry, each once, with the id that it leads to."""
    found: dict[str, str] = {}
    for number, place in enumerate(entry.places, 1):
        found.setdefault(labels.get(place, "") if labels else str(number), place)
    return sorted(found.items(), key=lambda item: (len(item[0]), item[0]))
