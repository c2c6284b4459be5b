"""Links: each must cover all of its words, and lead to what the ledger says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from triptych.collate.difference import Difference
from triptych.collate.pairing import Comparison, Pairing, excerpt
from triptych.text import Link
from triptych.witness.reading import LinkRead


def wrong_links(comparison: Comparison, pairing: Pairing) -> list[Difference]:
    """Every link that is missing, dead, wrong, or present where the edition has none."""
    covering: dict[int, list[LinkRead]] = {}
    for link in pairing.reading.links:
        for letter in range(link.start, link.end):
            covering.setdefault(letter, []).append(link)
    told = [
        d for wanted in pairing.text.links for d in _link(comparison, pairing, wanted, covering)
    ]
    return [*told, *_stray(comparison, pairing, covering)]


def is_dead(comparison: Comparison, link: LinkRead) -> bool:
    """Whether a link leads nowhere: beside a web page lie the other files of its edition."""
    beside = comparison.witness.format == "html" and unquote(link.written) in (
        comparison.manifest.files
    )
    return bool(link.dead) and not beside


def _link(
    comparison: Comparison, pairing: Pairing, wanted: Link, covering: Mapping[int, list[LinkRead]]
) -> Iterator[Difference]:
    letters = [
        found
        for letter in range(wanted.start, wanted.end)
        if (found := pairing.alignment.find(letter)) is not None
    ]
    if not letters:
        return  # its words are missing, which is reported elsewhere
    place = pairing.reading.where(letters[0])
    bare = [letter for letter in letters if letter not in covering]
    if bare:
        part = "is not a link" if len(bare) == len(letters) else "is only partly a link"
        yield comparison.tell(
            "link-missing",
            _subject(pairing, wanted),
            f"“{_words(pairing, wanted)}” {part}; it must lead to {wanted.target}",
            wanted.target,
            "",
            place,
            near=_words(pairing, wanted),
        )
    read = {id(link): link for letter in letters for link in covering.get(letter, ())}
    for link in read.values():
        yield from _target(comparison, pairing, wanted, link, place)


def _target(
    comparison: Comparison, pairing: Pairing, wanted: Link, link: LinkRead, place: str
) -> Iterator[Difference]:
    if not wanted.target:
        return  # where it leads is compared by itself
    if is_dead(comparison, link):
        yield comparison.tell(
            "link-dead",
            _subject(pairing, wanted),
            f"the link of “{_words(pairing, wanted)}” leads nowhere: {link.dead}",
            wanted.target,
            link.written,
            place,
            near=_words(pairing, wanted),
        )
        return
    if wanted.target in comparison.spots:
        right = comparison.spots[wanted.target] in (link.spot, link.or_spot)
    elif wanted.target.startswith("#"):  # to what is around the text
        right = link.names(wanted.target.removeprefix("#"))
    elif _is_ours(comparison, wanted.target):
        return  # the place itself is missing, which is reported elsewhere
    else:
        right = link.spot is None and unquote(link.written) == unquote(wanted.target)
    if not right:
        where = comparison.standing_at(link.spot) or link.written
        yield comparison.tell(
            "link-astray",
            _subject(pairing, wanted),
            f"the link of “{_words(pairing, wanted)}” leads to {where}, not to {wanted.target}",
            wanted.target,
            where,
            place,
            near=_words(pairing, wanted),
        )


def _stray(
    comparison: Comparison, pairing: Pairing, covering: Mapping[int, list[LinkRead]]
) -> Iterator[Difference]:
    expected = {letter for link in pairing.text.links for letter in range(link.start, link.end)}
    stray: dict[int, LinkRead] = {}
    for letter, links in covering.items():
        ours = pairing.alignment.trace(letter)
        if ours is not None and ours not in expected:
            stray.setdefault(id(links[0]), links[0])
    for link in stray.values():
        words = excerpt(pairing.reading.text, link.start, link.end)
        yield comparison.tell(
            "link-extra",
            pairing.subject_at(link.start),
            f"“{words}” is a link to {link.written or 'nothing'}, where the edition has none",
            "",
            link.written,
            pairing.reading.where(link.start),
            near=words,
        )


def _words(pairing: Pairing, link: Link) -> str:
    return excerpt(pairing.text, link.start, link.end)


def _is_ours(comparison: Comparison, target: str) -> bool:
    ledger = comparison.ledger
    texts = (ledger.text, ledger.note_text, ledger.title_text)
    return any(text.place(target) is not None for text in texts)


def _subject(pairing: Pairing, link: Link) -> str:
    unit = pairing.unit_at(link.start)
    return (unit.id if unit else "") or pairing.note or link.target
