"""The cover: each panel must say what the edition record says, and the spine must fit the pages.

In: the edition record, a cover as read, and how many pages are printed. Out: every difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import ceil

from triptych.collate.appearance import false_letters
from triptych.collate.difference import Difference
from triptych.collate.pairing import pair
from triptych.collate.words import wrong_words
from triptych.formats import FORMATS
from triptych.ledger import Ledger
from triptych.manifest import EditionManifest
from triptych.text import Text, from_plain
from triptych.witness.reading import Cover, Reading, Witness

_WORDLESS = 5.0
"""A narrower spine, in mm, carries no words."""
_NEAR = 0.05
"""Sheets that differ by less, in mm, count as the same size."""


def printed_pages(manifest: EditionManifest, witnesses: Mapping[str, Witness]) -> int:
    """The number of pages printed, with those that fill the last signature; 0 if unknown."""
    whole = (w for name, w in witnesses.items() if FORMATS[name].for_press)
    if (printed := next(whole, None)) is not None:
        return len(printed.labels)
    count = next((len(witness.labels) for witness in witnesses.values() if witness.labels), 0)
    signature = manifest.record.printing.signature
    return ceil(count / signature) * signature


def wrong_cover(manifest: EditionManifest, cover: Cover, pages: int) -> Iterator[Difference]:
    """Everything on a cover that differs from the record; with 0 `pages`, not its spine."""
    work = manifest.record
    page_width, page_height = work.trim_size
    spine = cover.width - 2 * page_width
    if pages:
        leaves = ceil(pages / 2)
        wanted = round(leaves * work.printing.paper, 2)
        if abs(spine - wanted) > _NEAR:
            message = (
                f"the spine is {spine:.2f} mm wide, and {pages} pages are {wanted:.2f} mm thick"
            )
            yield _tell("cover-size", message, f"{wanted:.2f}", f"{spine:.2f}")
        spine = wanted
    if abs(cover.height - page_height) > _NEAR:
        message = f"the cover is {cover.height:.2f} mm high, and the pages {page_height:.2f} mm"
        yield _tell("cover-size", message, f"{page_height:.2f}", f"{cover.height:.2f}")
    number = _isbn(work.identifier)
    people = ", ".join(person.name for person in work.authors)
    title, publisher = work.title, work.publisher
    back = [work.summary, publisher]
    if number:
        back += [f"ISBN {number[:3]}-{number[3:]}", number]
    yield from _panel(manifest, cover.back, back, abreast=True)
    yield from _panel(manifest, cover.spine, [title, publisher] if spine >= _WORDLESS else [])
    yield from _panel(manifest, cover.front, [people, title, work.subtitle, publisher])
    for left, low, _, _ in cover.pictures:
        place = f"{left:.0f} {low:.0f} pt"
        yield _tell("picture-extra", "there is a picture that no cover has", "", "", place)
    read = ", ".join(cover.barcodes)
    if read != number:
        message = (
            f"the bars of the bar code stand for {read or 'nothing'}, not for {number or 'nothing'}"
        )
        yield _tell("text-differs", message, number, read, "back")


def _panel(
    manifest: EditionManifest, reading: Reading, fields: list[str], abreast: bool = False
) -> Iterator[Difference]:
    """What is wrong with the words of a panel, which should be those of `fields`.

    Each field must stand below the one before it, unless they may stand side by side (`abreast`).
    """
    text = from_plain("\n".join(field for field in fields if field))
    comparison = pair(
        replace(manifest, ledger=Ledger(text=text)), Witness("cover", reading, (), Reading(Text()))
    )
    (pairing,) = comparison.pairings
    if abreast:
        begins = {letter for letter, gap in text.gaps.items() if gap == "block"}
        doubts = tuple(
            doubt
            for doubt in reading.doubts
            if doubt.kind != "moved" or pairing.alignment.trace(doubt.start) not in begins
        )
        pairing = replace(pairing, reading=replace(reading, doubts=doubts))
    # A difference over several fields is reported for each of them in the same words.
    yield from dict.fromkeys(
        [*wrong_words(comparison, pairing), *false_letters(comparison, pairing)]
    )


def _tell(kind: str, message: str, expected: str, found: str, place: str = "") -> Difference:
    return Difference("cover", kind, "", message, expected, found, place)


def _isbn(identifier: str) -> str:
    """The 13 digits of an identifier that is a valid ISBN; empty for any other."""
    found = re.fullmatch(r"(urn:isbn:|isbn[:\s]*)?([\d\s-]+)", identifier.strip(), re.I)
    digits = [int(sign) for sign in found[2] if sign.isdecimal()] if found else []
    right = len(digits) == 13 and (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0
    number = "".join(map(str, digits))
    return number if right and number.startswith(("978", "979")) else ""
