"""Pictures: each must be there, be seen, and show what the edition manifest says.

In: a `Comparison`. Out: every picture that is missing, added, hidden, another, or has other words.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from PIL import Image

from triptych.collate.difference import Difference
from triptych.collate.likeness import TOLERANCE, is_blank, unlikeness
from triptych.collate.pairing import (
    AROUND,
    TITLE,
    Comparison,
    Pairing,
    as_shown,
    excerpt,
    letters_only,
)
from triptych.formats import FORMATS
from triptych.manifest import Picture
from triptych.text import Text, from_plain
from triptych.witness.colour import Colour
from triptych.witness.reading import PictureRead

_OTHER_INK = 0.45
"""By how much of its range one of red, green and blue may differ: inks of print are others."""


def wrong_pictures(comparison: Comparison) -> Iterator[Difference]:
    """Every picture that is not as it must be, in article and notes, in titles, on the cover."""
    manifest = comparison.manifest
    if manifest.pictures is None:
        return
    told = [picture for picture in manifest.pictures if _is_told(comparison, picture)]
    for pairing in comparison.pairings:
        part = _PARTS.get(pairing.order, "text")
        if part == "text" or manifest.heads is not None:  # older manifests have these alone
            wanted = [one for one in told if (one.part, one.note) == (part, pairing.note)]
            yield from _wrong(comparison, pairing, wanted)


_PARTS: Mapping[int, str] = {TITLE: "title", AROUND: "cover"}


def _is_told(comparison: Comparison, picture: Picture) -> bool:
    """Whether a format tells of a picture: plain text only has alternative texts."""
    if picture.part == "cover":
        return FORMATS[comparison.witness.format].describes == "package"
    return bool(picture.alt) or comparison.witness.format != "text"


def _wrong(
    comparison: Comparison, pairing: Pairing, wanted: Sequence[Picture]
) -> Iterator[Difference]:
    read = pairing.reading.pictures
    for picture, found in _paired(wanted, read):
        if picture is None and found is not None:
            message = f"there is a picture (“{found.alt}”) that the edition does not have there"
            place = pairing.reading.where(found.at)
            yield comparison.tell("picture-extra", "", message, "", found.alt, place)
        elif picture is not None and found is None:
            message = f"{_name(comparison, picture)} is missing"
            yield comparison.tell("picture-missing", picture.figure, message, picture.alt)
        elif picture is not None and found is not None:
            yield from _wrong_picture(comparison, pairing, picture, found)


def _paired(
    wanted: Sequence[Picture], read: Sequence[PictureRead]
) -> Iterator[tuple[Picture | None, PictureRead | None]]:
    """Each picture with what was read of it, in order; if some are too many, by their words."""
    if len(wanted) == len(read):
        yield from zip(wanted, read, strict=True)
        return
    matcher = SequenceMatcher(None, [p.alt for p in wanted], [p.alt for p in read], autojunk=False)
    for _, start, end, from_, to in matcher.get_opcodes():
        both = min(end - start, to - from_)
        for step in range(both):
            yield wanted[start + step], read[from_ + step]
        for picture in wanted[start + both : end]:
            yield picture, None
        for found in read[from_ + both : to]:
            yield None, found


def _wrong_picture(
    comparison: Comparison, pairing: Pairing, picture: Picture, found: PictureRead
) -> Iterator[Difference]:
    name, place = _name(comparison, picture), pairing.reading.where(found.at)

    def told(kind: str, message: str, expected: str = "", said: str = "") -> Difference:
        return comparison.tell(kind, picture.figure, message, expected, said, place)

    if found.why:
        yield told("hidden", f"{name} is not seen as it is: {found.why}", picture.alt)
    if _letters(comparison, picture.alt) != _letters(comparison, found.alt):
        message = f"the alternative text of {name} is “{found.alt}”, not “{picture.alt}”"
        yield told("picture-alt", message, picture.alt, found.alt)
    if picture.look and (why := _other_look(comparison, picture, found)):
        yield told("picture-differs", f"{name} {why}", picture.alt)
    if found.words is None:
        return
    right = _text(comparison, [words.text for words in picture.words])
    said = _text(comparison, [words for words, _ in found.words])
    if _same(right.letters, said.letters):
        inks = [_colour(words.colour) for words in picture.words]
        yield from (
            told(
                "picture-words",
                f"“{words}” in {name} is not seen: its colour is another one",
                words,
            )
            for words in _other_inks(comparison, picture, inks, found)
        )
        return
    matcher = SequenceMatcher(None, right.letters, said.letters, autojunk=False)
    for kind, start, end, from_, to in matcher.get_opcodes():
        if kind != "equal":
            words, instead = excerpt(right, start, end), excerpt(said, from_, to)
            if kind == "delete":
                message, instead = f"{name} does not show “{words}”", ""
            elif kind == "insert":
                message, words = f"{name} shows “{instead}”, which it should not", ""
            else:
                message = f"{name} shows “{instead}” where it should show “{words}”"
            yield told("picture-words", message, words, instead)
            return  # what follows may be out of step


def _other_inks(
    comparison: Comparison, picture: Picture, inks: Sequence[Colour | None], found: PictureRead
) -> Iterator[str]:
    """The words of which a letter has another colour.

    Where letters are in the order seen, each must have the colour of one that is the same letter.
    """
    ours = [(words.text, ink, letter) for words, ink in zip(picture.words, inks, strict=True)
            for letter in _letters(comparison, words.text)]  # fmt: skip
    theirs = [(letter, ink) for words, ink in found.words or ()
              for letter in _letters(comparison, words)]  # fmt: skip
    by_letter: dict[str, list[Colour | None]] = {}
    for letter, other in theirs:
        by_letter.setdefault(letter, []).append(other)
    ordered = [letter for *_, letter in ours] == [letter for letter, _ in theirs]
    wrong: dict[str, None] = {}
    for (words, ink, letter), (_, at_place) in zip(ours, theirs, strict=True):
        may_be = [at_place] if ordered else by_letter[letter]
        if ink and not any(_near(ink, other) for other in may_be):
            wrong[words] = None
    yield from wrong


def _near(ink: Colour, other: Colour | None) -> bool:
    return other is None or max(abs(a - b) for a, b in zip(ink, other, strict=True)) <= _OTHER_INK


def _same(right: str, said: str) -> bool:
    """Whether two rows of letters are the same; on pages some scripts are in the order seen."""
    right, said = letters_only(right), letters_only(said)
    if right == said:
        return True
    ordered = all(not "\u0590" <= letter < "\u1e00" for letter in right)
    return not ordered and sorted(right) == sorted(said)


def _text(comparison: Comparison, words: Sequence[str]) -> Text:
    return as_shown(comparison.witness.format, from_plain(" ".join(words)))


def _letters(comparison: Comparison, words: str) -> str:
    return letters_only(_text(comparison, [words]).letters)


def _other_look(comparison: Comparison, picture: Picture, found: PictureRead) -> str:
    """How a picture looks other than it must, if so."""
    if found.words is None or found.why:
        return ""  # the file does not show pictures, or what is wrong is told
    if found.look is None:
        return "cannot be drawn"
    try:
        with Image.open(io.BytesIO(base64.b64decode(picture.look)), formats=("PNG",)) as png:
            wanted = png.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return "cannot be compared: its miniature in the edition manifest is broken"
    drawn = Image.frombytes("RGB", found.look.size, found.look.pixels)
    inks = FORMATS[comparison.witness.format].for_press
    far = unlikeness(wanted, drawn, inks=inks)
    if is_blank(drawn, wanted):
        return "is of one colour all over"
    if far <= TOLERANCE:
        return ""
    return f"looks otherwise than in the edition (by {far:.2f}; {TOLERANCE} is the most)"


def _colour(written: str) -> Colour | None:
    if not written:
        return None
    red, green, blue = (int(written[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _name(comparison: Comparison, picture: Picture) -> str:
    """What a picture is called: the label of its figure, or its file."""
    labels = {item.id: item.label for item in comparison.ledger.numbered}
    label = labels.get(picture.figure, "")
    return f"{label} ({picture.file})" if label else f"the picture {picture.file}"
