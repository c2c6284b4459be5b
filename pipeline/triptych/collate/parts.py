"""Parts: headings and captions must be marked as such in every file, and nothing else may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from triptych.collate.difference import Difference
from triptych.collate.pairing import Comparison, Pairing, excerpt
from triptych.formats import FORMATS
from triptych.text import Part, Text


def wrong_parts(comparison: Comparison, pairing: Pairing) -> Iterator[Difference]:
    """Every heading or caption that is not marked, has another level, or should not be one.

    Levels count from the work's highest: an e-book's sections begin at the first level, those of
    a page that has a title at the second.
    """
    if not (pairing.text.parts or pairing.reading.text.parts):
        return
    body = [p for p in comparison.pairings if p.kind != "around" and not p.is_title]
    whole = [pairing] if pairing.is_title else body
    top, found_top = _top(p.text for p in whole), _top(p.reading.text for p in whole)
    nested = FORMATS[comparison.witness.format].nested_headings
    read = {(part.kind, part.start, part.end): part for part in pairing.reading.text.parts}
    for wanted in pairing.text.parts:
        first, last = pairing.alignment.find(wanted.start), pairing.alignment.find(wanted.end - 1)
        if first is None or last is None:
            _forget(read, wanted, first, last)
            continue  # its words are wrong, which is reported elsewhere
        found = read.pop((wanted.kind, first, last + 1), None)
        words = excerpt(pairing.text, wanted.start, wanted.end)
        if found is None and wanted.kind == "heading" and not nested:
            continue  # only sections have headings there: one in a list or a quotation is a line
        if found is None:
            message = f"“{words}” is not a {wanted.kind} in the file"
        elif wanted.kind == "heading" and found.level - found_top != wanted.level - top:
            level, right = found.level - found_top + 1, wanted.level - top + 1
            message = f"“{words}” is a heading of level {level}, not {right}"
        else:
            continue
        yield _tell(comparison, pairing, first, message, words)
    for part in read.values():
        words = excerpt(pairing.reading.text, part.start, part.end)
        message = f"“{words}” is a {part.kind}, but should not be one"
        yield _tell(comparison, pairing, part.start, message, "", near=words)


def _top(texts: Iterable[Text]) -> int:
    parts = (part for text in texts for part in text.parts)
    return min((part.level for part in parts if part.kind == "heading"), default=1)


def _forget(
    read: dict[tuple[Literal["heading", "caption"], int, int], Part],
    wanted: Part,
    first: int | None,
    last: int | None,
) -> None:
    """A part with wrong words only at its beginning or end still counts as the same part."""
    for kind, start, end in list(read):
        if kind == wanted.kind and (start == first or (last is not None and end == last + 1)):
            del read[kind, start, end]


def _tell(
    comparison: Comparison,
    pairing: Pairing,
    letter: int,
    message: str,
    words: str,
    near: str = "",
) -> Difference:
    subject, place = pairing.subject_at(letter), pairing.reading.where(letter)
    return comparison.tell("structure-differs", subject, message, words, "", place, near)
