"""Links: each must stand on its words, all of them, and lead to what the ledger says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from triptych.collate.difference import Difference
from triptych.collate.pairing import Case, Sheet, excerpt
from triptych.text import Link
from triptych.witness.reading import LinkRead


def wrong_links(case: Case, sheet: Sheet) -> list[Difference]:
    """Every link that is missing, dead, astray, or stands where the edition has none."""
    covering: dict[int, list[LinkRead]] = {}
    for link in sheet.reading.links:
        for letter in range(link.start, link.end):
            covering.setdefault(letter, []).append(link)
    told = [d for wanted in sheet.text.links for d in _link(case, sheet, wanted, covering)]
    return [*told, *_stray(case, sheet, covering)]


def _link(
    case: Case, sheet: Sheet, wanted: Link, covering: Mapping[int, list[LinkRead]]
) -> Iterator[Difference]:
    letters = [
        found
        for letter in range(wanted.start, wanted.end)
        if (found := sheet.alignment.find(letter)) is not None
    ]
    if not letters:
        return  # its words are gone, and that is told
    place = sheet.reading.where(letters[0])
    bare = [letter for letter in letters if letter not in covering]
    if bare:
        part = "is no link" if len(bare) == len(letters) else "is a link only in part"
        yield case.tell(
            "link-missing",
            _subject(sheet, wanted),
            f"“{_words(sheet, wanted)}” {part}; it must lead to {wanted.target}",
            wanted.target,
            "",
            place,
        )
    read = {id(link): link for letter in letters for link in covering.get(letter, ())}
    for link in read.values():
        yield from _target(case, sheet, wanted, link, place)


def _target(
    case: Case, sheet: Sheet, wanted: Link, link: LinkRead, place: str
) -> Iterator[Difference]:
    if link.dead:
        yield case.tell(
            "link-dead",
            _subject(sheet, wanted),
            f"the link of “{_words(sheet, wanted)}” leads nowhere: {link.dead}",
            wanted.target,
            link.written,
            place,
        )
        return
    if wanted.target in case.spots:
        right = case.spots[wanted.target] in (link.spot, link.or_spot)
    elif _is_ours(case, wanted.target):
        return  # the place itself is gone, and that is told
    else:
        right = link.spot is None and unquote(link.written) == unquote(wanted.target)
    if not right:
        where = case.standing_at(link.spot) or link.written
        yield case.tell(
            "link-astray",
            _subject(sheet, wanted),
            f"the link of “{_words(sheet, wanted)}” leads to {where}, not to {wanted.target}",
            wanted.target,
            where,
            place,
        )


def _stray(
    case: Case, sheet: Sheet, covering: Mapping[int, list[LinkRead]]
) -> Iterator[Difference]:
    expected = {letter for link in sheet.text.links for letter in range(link.start, link.end)}
    stray: dict[int, LinkRead] = {}
    for letter, links in covering.items():
        ours = sheet.alignment.trace(letter)
        if ours is not None and ours not in expected:
            stray.setdefault(id(links[0]), links[0])
    for link in stray.values():
        words = excerpt(sheet.reading.text, link.start, link.end)
        yield case.tell(
            "link-extra",
            sheet.subject_at(link.start),
            f"“{words}” is a link to {link.written or 'nothing'}, where the edition has none",
            "",
            link.written,
            sheet.reading.where(link.start),
        )


def _words(sheet: Sheet, link: Link) -> str:
    return excerpt(sheet.text, link.start, link.end)


def _is_ours(case: Case, target: str) -> bool:
    texts = (case.ledger.text, case.ledger.note_text)
    return any(text.place(target) is not None for text in texts)


def _subject(sheet: Sheet, link: Link) -> str:
    unit = sheet.unit_at(link.start)
    return (unit.id if unit else "") or sheet.note or link.target
