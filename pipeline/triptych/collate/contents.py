"""Contents: the contents list and the bookmarks must name the headings, and lead to them.

A list has exactly the lines that the edition manifest has, in order. Bookmarks may be more: each of
them must lead to a heading of its words, or stand for a page before or after the work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from triptych.collate.difference import Difference
from triptych.collate.pages import page_of
from triptych.collate.pairing import Comparison, as_shown, letters_only
from triptych.formats import FORMATS
from triptych.manifest import ContentsLine
from triptych.text import from_plain
from triptych.witness.reading import LinkRead, Listed, Spot

_LEADER = re.compile(r"\.{3,}")
"""Dots that lead to the number of a page."""


def wrong_contents(comparison: Comparison) -> Iterator[Difference]:
    """Every line that is missing, added, out of order, or leads elsewhere."""
    lines, form = comparison.manifest.contents, FORMATS[comparison.witness.format]
    if lines is None:
        return
    if comparison.witness.contents is not None:
        wanted = [line for line in lines if form.lists_notes or line.target != "notes"]
        wanted = wanted if lists_contents(comparison) else []
        yield from _wrong_list(comparison, wanted, comparison.witness.contents)
        yield from _wrong_lists(comparison)
    wanted = [line for line in lines if line.target != "notes"]
    if (
        form.paged and comparison.manifest.terms is None and lists_contents(comparison)
    ):  # else each line is compared whole
        yield from _wrong_pages(comparison, wanted)
    if comparison.witness.bookmarks is not None and form.links:
        yield from _wrong_bookmarks(comparison, wanted, comparison.witness.bookmarks)


def lists_contents(comparison: Comparison) -> bool:
    """Whether a file must list the contents; an e-book must in any case (EPUB 3.3, 7.4.1)."""
    design, form = comparison.manifest.record.design, FORMATS[comparison.witness.format]
    if form.describes == "package":
        return True
    return design.prints_contents if form.paged else design.contents is not False


def _wrong_lists(comparison: Comparison) -> Iterator[Difference]:
    """The lists of figures and tables have their titles and lines, and there are no others."""
    if comparison.manifest.lists is None:
        return
    for ours, theirs in zip_longest(comparison.manifest.lists, comparison.witness.lists):
        said, right = theirs[0] if theirs else "", ours.title if ours else ""
        if not (ours and theirs) or _words(comparison, said) != _words(comparison, right):
            message = f"the list “{said}” stands where there should be “{right}”"
            yield _told(comparison, message, right, said)
            return  # all that follows is out of step
        yield from _wrong_list(comparison, list(ours.lines), theirs[1], f"the lines of “{right}”")


def _wrong_list(
    comparison: Comparison, wanted: list[ContentsLine], read: tuple[Listed, ...],
    where: str = "the contents",
) -> Iterator[Difference]:  # fmt: skip
    title = comparison.manifest.record.title
    if not wanted and [line.words for line in read] in ([], [title]):
        return  # an e-book must list something (EPUB 3.3, 7.4.1)
    for line, found in zip_longest(wanted, read):
        said = found.words if found else ""
        if (
            line is None
            or found is None
            or _words(comparison, line.words) != _words(comparison, said)
        ):
            right = line.words if line else ""
            message = f"{where} say “{said}” where they should say “{right}”"
            yield _told(comparison, message, right, said)
            return  # all that follows is out of step
        if found.depth != line.depth:
            message = f"“{said}” is at depth {found.depth} of {where}, not at {line.depth}"
            yield _told(comparison, message, line.words, said)
        if not leads_to(comparison, found.lead, line.target):
            message = f"“{said}” in {where} does not lead to its place"
            yield _told(comparison, message, line.words, said)


def _wrong_pages(comparison: Comparison, wanted: list[ContentsLine]) -> Iterator[Difference]:
    """The contents as printed must have each line, in order, with the page it leads to."""
    read, at = _LEADER.sub("", _letters(comparison, comparison.witness.front.text.plain)), 0
    for line in wanted:
        label = page_of(comparison, line.target)
        right = _LEADER.sub("", _letters(comparison, line.words)) + label
        found = read.find(right, at)
        if found < 0:
            message = f"the contents do not say “{line.words} {label}”"
            yield _told(comparison, message, f"{line.words} {label}", "")
            return  # all that follows is out of step
        at = found + len(right)


def _wrong_bookmarks(
    comparison: Comparison, wanted: list[ContentsLine], read: tuple[Listed, ...]
) -> Iterator[Difference]:
    said = [(_letters(comparison, bookmark.words), bookmark) for bookmark in read]
    named: dict[str, list[Listed]] = {}
    for words, bookmark in said:
        named.setdefault(words, []).append(bookmark)
    for line in wanted:
        known = named.get(_letters(comparison, line.title), [])
        elsewhere = line.target in comparison.spots and not any(
            leads_to(comparison, bookmark.lead, line.target) for bookmark in known
        )
        if not known or elsewhere:
            message = f"no bookmark “{line.title}” leads to its heading"
            yield _told(comparison, message, line.title, "")
    headings = {_letters(comparison, heading) for heading in comparison.ledger.headings}
    front = _letters(comparison, comparison.witness.front.text.plain)
    seen: set[tuple[str, Spot]] = set()
    for words, bookmark in said:
        spot = bookmark.lead.spot
        if spot is not None and spot.letter >= 0:  # else it leads to a page beside the text
            if (words, spot) in seen:
                message = f"the bookmark “{bookmark.words}” is there twice"
                yield _told(comparison, message, "", bookmark.words)
            seen.add((words, spot))
        if bookmark.lead.dead:
            message = f"the bookmark “{bookmark.words}” leads nowhere: {bookmark.lead.dead}"
            yield _told(comparison, message, "", bookmark.words)
        elif words not in headings and words not in front:
            message = f"the bookmark “{bookmark.words}” names no heading"
            yield _told(comparison, message, "", bookmark.words)


def leads_to(comparison: Comparison, lead: LinkRead, target: str) -> bool:
    """Whether a line leads to an id; if that is beside the text, whether it leads there by name."""
    place: Spot | None = comparison.spots.get(target)
    if place is None:
        return lead.names(target)
    return place in (lead.spot, lead.or_spot)


def _words(comparison: Comparison, words: str) -> str:
    return " ".join(as_shown(comparison.witness.format, from_plain(words)).plain.split())


def _letters(comparison: Comparison, words: str) -> str:
    return letters_only(as_shown(comparison.witness.format, from_plain(words)).letters)


def _told(comparison: Comparison, message: str, expected: str, found: str) -> Difference:
    return comparison.tell("contents-differs", "", message, expected, found, "contents")
