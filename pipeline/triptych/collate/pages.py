"""Pages: where a file marks a printed page, the page must begin there in print."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator

from triptych.collate.difference import Difference
from triptych.collate.pairing import Comparison, excerpt
from triptych.formats import FORMATS
from triptych.witness.reading import Spot, Spread


def other_pages(comparison: Comparison, printed: Comparison) -> Iterator[Difference]:
    """Every page of a printed format that begins with another letter than in the first one."""
    wanted, found = dict(_starts(printed)), dict(_starts(comparison))
    for label in sorted(wanted.keys() | found.keys(), key=lambda label: (len(label), label)):
        ours, theirs = wanted.get(label), found.get(label)
        if ours == theirs:
            continue
        text = comparison.pairings[0].text
        words = "" if ours is None else excerpt(text, ours, ours + 1)
        at = "" if theirs is None else excerpt(text, theirs, theirs + 1)
        message = f"page {label} begins with “{at}”; in {printed.witness.format} with “{words}”"
        yield comparison.tell("page-moved", f"page-{label}", message, words, at)


def wrong_pages(book: Comparison, printed: Comparison) -> Iterator[Difference]:
    """Every page break of an e-book or web page that is not where the printed page begins.

    A word that runs over a page belongs to the page on which it begins.
    """
    marked = dict(book.witness.pages)
    wanted = dict(_breaks(printed))
    pairing = book.pairings[0]
    for label, ours in wanted.items():
        found = pairing.alignment.find(ours)
        if label in marked and found in (None, marked[label]):
            continue
        words = excerpt(pairing.text, ours, ours + 1)
        if label not in marked:
            message = f"the mark of page {label} is missing, before “{words}”"
            yield book.tell("page-missing", f"page-{label}", message, words)
        else:
            at = excerpt(pairing.reading.text, marked[label], marked[label] + 1)
            message = (
                f"page {label} is said to begin with “{at}”; in print it begins with “{words}”"
            )
            yield book.tell("page-moved", f"page-{label}", message, words, at)
    for label in marked.keys() - wanted.keys():
        message = f"page {label} is marked, and is not printed"
        yield book.tell("page-moved", f"page-{label}", message, "", label)


def wrong_page_list(book: Comparison) -> Iterator[Difference]:
    """Every marked page that the list of pages does not lead to, and what else it lists."""
    if not FORMATS[book.witness.format].page_list:  # a web page lists none (EPUB 3.3, 7.4.4)
        return
    marked = dict(book.witness.pages)
    listed = dict(book.witness.page_list)
    labels = [label for label, _ in book.witness.page_list]
    for label in dict.fromkeys(label for label in labels if label not in marked):
        message = f"the list of pages has page {label}, which is not marked"
        yield book.tell("page-moved", f"page-{label}", message, "", label)
    for label in (label for label, times in Counter(labels).items() if times > 1):
        message = f"the list of pages has page {label} twice"
        yield book.tell("page-moved", f"page-{label}", message, "", label)
    for label, letter in marked.items():
        if listed.get(label) != Spot(-1, letter):
            message = f"the list of pages does not lead to page {label}"
            yield book.tell("page-missing", f"page-{label}", message, label)


def page_of(comparison: Comparison, place: str) -> str:
    """The label of the printed page on which an id stands; empty for one beside the article."""
    spot, where = comparison.spots.get(place), comparison.pairings[0].reading.where
    if spot is None or spot.note >= 0 or not isinstance(where, Spread):
        return ""
    pages = where.areas(spot.letter, spot.letter + 1)
    return comparison.witness.labels[pages[0][0] - 1] if pages else ""


def _breaks(printed: Comparison) -> Iterator[tuple[str, int]]:
    """The letter of the ledger with which the first whole word of each printed page begins."""
    words = [0, *sorted(printed.pairings[0].text.gaps)]
    starts = _starts(printed)
    for index, (label, start) in enumerate(starts):
        if start is None:
            continue  # the words there are wrong, which is reported elsewhere
        after = starts[index + 1][1] if index + 1 < len(starts) else None
        at = bisect_left(words, start)
        if at < len(words) and (after is None or words[at] < after):
            yield label, words[at]


def _starts(printed: Comparison) -> list[tuple[str, int | None]]:
    """The letter of the ledger with which each printed page begins."""
    alignment = printed.pairings[0].alignment
    return [(label, alignment.trace(letter)) for label, letter in printed.witness.pages]
