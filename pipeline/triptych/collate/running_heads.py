"""Running heads: each page must bear its number, and the name of the work or of its section.

In: a `Comparison` of pages. Out: every number and name that is missing, added or another one, and
whatever else is printed outside the text. What left and right pages say beside their number is in
the edition record: as a rule left pages name the work, right pages the first section that begins
on them, or else the one that goes on. Pages before the text, those of a part of a book and blank
pages bear nothing; a page that begins with the title bears its number alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from triptych.collate.align import has_right_to_left
from triptych.collate.difference import Difference
from triptych.collate.direction import runs_from_right
from triptych.collate.pairing import Comparison, letters_only
from triptych.text import Text, as_drawn, from_plain
from triptych.witness.reading import Reading, RunningHead, Spread

_LEVEL = 3.0
"""Heads whose baselines differ by less, in points, are in one line."""
_MEASURED = 3000
"""So many letters tell how wide the lines of the text are."""
_FULL = 0.5
"""A head that is shortened takes up at least this share of the width of a line."""


def wrong_running_heads(comparison: Comparison) -> Iterator[Difference]:
    """Everything that pages print outside the text and should not, or lack there."""
    heads = comparison.witness.running_heads
    if comparison.manifest.heads is None:  # of an older Triptych
        yield from _strange(comparison, heads, _usual(comparison))
        yield from _other_folios(comparison)
        return
    if not comparison.witness.labels:
        return
    named = dict(_names(comparison))
    is_column = _in_columns(comparison)
    by_page: dict[int, list[RunningHead]] = {}
    for head in heads:
        by_page.setdefault(head.page, []).append(head)
    texts = _pages(comparison)
    for page in range(1, len(comparison.witness.labels) + 1):
        line, rest = _head_line(by_page.get(page, ()))
        if line or page in texts:  # others are blank
            yield from _wrong_line(comparison, page, named.get(page), line)
        yield from _strange(comparison, rest, is_column)
        yield from _unseen(comparison, [*line, *rest])


# --- What each page must bear --------------------------------------------------------------------


def _names(comparison: Comparison) -> Iterator[tuple[int, str]]:
    """The pages that bear their number, each with the name that it bears beside it, if any."""
    begin = _first_page(comparison)
    if not begin:
        return
    begun: dict[int, list[str]] = {}
    for page, name in _sections(comparison, begin):
        begun.setdefault(page, []).append(name)
    section: str | None = None
    for page in range(begin, len(comparison.witness.labels) + 1):
        here = begun[page][0] if page in begun else section
        section = begun[page][-1] if page in begun else section
        if here != "":
            yield page, _said(comparison, page, here or "", page == begin)


def _first_page(comparison: Comparison) -> int:
    """The page on which the text begins, with a word or a picture; 0 if there is none."""
    if not comparison.manifest.record.design.has_title_page:
        return 1
    article = comparison.witness.article
    pages = [page for page, _ in _places(article)[:1]]
    pages += [picture.page for picture in article.pictures if not picture.at and picture.page]
    return min(pages, default=0)


def _said(comparison: Comparison, page: int, section: str, first: bool) -> str:
    """What the head of a page says, in the `section` that it is in or the first that it begins."""
    record = comparison.manifest.record
    if first and not record.design.has_title_page:
        return ""
    heads = record.design.running_heads
    asked = heads.right if _is_right(comparison, page) else heads.left
    if asked == "author":
        comma = (comparison.manifest.terms or {}).get("comma", ", ")
        return comma.join(person.name for person in record.authors)
    return {"title": record.title, "section": section}.get(asked, "")


def _is_right(comparison: Comparison, page: int) -> bool:
    """Whether a page is one that has its number at its right, in a work that runs from the left."""
    return bool(page % 2) or not comparison.manifest.record.design.facing


def _sections(comparison: Comparison, begin: int) -> Iterator[tuple[int, str]]:
    """The page on which each section begins, and its name; that of a part is empty."""
    places = _places(comparison.witness.article)
    for head in comparison.manifest.heads or ():
        spot = comparison.spots.get(head.target)
        if spot is not None and spot.note == -1 and spot.letter < len(places):
            yield places[spot.letter][0], head.words
    front, indexes = comparison.witness.front, _places(comparison.witness.front)
    for part in front.text.parts:
        if part.kind == "heading" and indexes[part.start][0] >= begin:
            yield indexes[part.start][0], front.text.show(part.start, part.end)


def _pages(comparison: Comparison) -> frozenset[int]:
    """The pages that have text, or pictures of the article."""
    witness = comparison.witness
    texts = (witness.title, witness.article, *witness.notes, witness.front)
    pictures = {picture.page for picture in witness.article.pictures}
    return frozenset(page for text in texts for page, _ in _places(text)) | pictures


def _places(reading: Reading) -> Sequence[tuple[int, tuple[float, float, float, float]]]:
    return reading.where.places if isinstance(reading.where, Spread) else ()


# --- What it bears -------------------------------------------------------------------------------


def _head_line(heads: Sequence[RunningHead]) -> tuple[list[RunningHead], list[RunningHead]]:
    """The pieces of the highest line of a page, from left to right, and all others."""
    clear = [head for head in heads if head.above and not head.in_line]
    top = max((head.box[1] for head in clear), default=0.0)
    line = sorted(
        (head for head in clear if top - head.box[1] < _LEVEL), key=lambda head: head.box[0]
    )
    return line, [head for head in heads if head not in line]


def _wrong_line(
    comparison: Comparison, page: int, name: str | None, line: Sequence[RunningHead]
) -> Iterator[Difference]:
    """What is wrong with the head of a page that must bear its number and a `name`, or nothing."""
    label, place = comparison.witness.labels[page - 1], line[0].place if line else ""
    at_right = _is_right(comparison, page) != runs_from_right(comparison.manifest.record.language)
    folio, rest = _divided(line, label, at_right) if name is not None else ("", line)
    if name is not None and folio != label:
        message = f"page {label} is printed with the number {folio or 'nothing'}"
        yield comparison.tell("folio-differs", f"page-{label}", message, label, folio, place)
    if not _is(comparison, rest, name or ""):
        found = " ".join(head.text.strip() for head in rest)
        should, is_ = f"“{name}”" if name else "nothing", f"“{found}”" if found else "nothing"
        message = f"the head of page {label} says {is_}, and should say {should}"
        yield comparison.tell("head-differs", f"page-{label}", message, name or "", found, place)


def _divided(
    line: Sequence[RunningHead], label: str, at_right: bool
) -> tuple[str, Sequence[RunningHead]]:
    """The number at the outer edge of a head, and what is beside it; they may be close together."""
    if not line:
        return "", line
    outer, rest = (line[-1], line[:-1]) if at_right else (line[0], line[1:])
    said = outer.text.strip()
    if said.isdecimal():
        return said, rest
    if said.endswith(label) if at_right else said.startswith(label):
        name = said.removesuffix(label) if at_right else said.removeprefix(label)
        return label, [*rest, replace(outer, text=name)]
    return "", line


def _is(comparison: Comparison, read: Sequence[RunningHead], name: str) -> bool:
    """Whether a head says a name, or as much of it as a line holds, and an ellipsis."""
    wanted, said = _letters(name), _letters("".join(head.text for head in read))
    if _same(said, wanted):
        return True
    if not said.endswith("…") or len(said) > len(wanted):
        return False
    wide = max(head.box[2] for head in read) - min(head.box[0] for head in read)
    return wide > _FULL * _measure(comparison) and _same(said[:-1], wanted[: len(said) - 1])


def _same(said: str, wanted: str) -> bool:
    """Whether letters are the same; a page does not show the order of those that run both ways."""
    from_right = has_right_to_left(Text(wanted))
    return sorted(said) == sorted(wanted) if from_right else said == wanted


def _measure(comparison: Comparison) -> float:
    """How wide the lines of the text are, in points."""
    boxes = [box for _, box in _places(comparison.witness.article)[:_MEASURED]]
    return max(box[2] for box in boxes) - min(box[0] for box in boxes)


def _letters(words: str) -> str:
    return letters_only(as_drawn(from_plain(words)).letters)


def _unseen(comparison: Comparison, heads: Sequence[RunningHead]) -> Iterator[Difference]:
    """Heads that are not seen, or are printed in other shapes than their letters have."""
    forms = comparison.manifest.letterforms or {}
    for head in heads:
        words, page = head.text.strip(), f"page-{comparison.witness.labels[head.page - 1]}"
        if head.unseen:
            message = f"“{words}”, printed outside the text, cannot be seen: {head.unseen}"
            yield comparison.tell("hidden", page, message, words, "", head.place)
        for shape in head.shapes:
            if not all(shape.digest in forms.get(said, "").split() for said in shape.said):
                message = f"“{shape.said}” in “{words}” is printed as another shape than its own"
                yield comparison.tell("disguised", page, message, shape.said, "", head.place)
                break


# --- Whatever else is printed outside the text ---------------------------------------------------


def _strange(
    comparison: Comparison, heads: Sequence[RunningHead], is_known: Callable[[str], bool]
) -> Iterator[Difference]:
    """What is printed in a line of the text, or anywhere else and is not known."""
    text = comparison.ledger.text
    for printed in heads:
        if not printed.in_line and is_known(printed.text):
            continue
        at = text.letters.find(from_plain(printed.text).letters)
        unit = None if at < 0 else comparison.pairings[0].unit_at(at)
        kind = "entry-extra" if unit and unit.kind == "entry" else "text-extra"
        words, subject = printed.text.strip(), unit.id if unit else ""
        message = f"“{words}” is printed on the page outside the text"
        yield comparison.tell(kind, subject, message, "", words, printed.place)


def _in_columns(comparison: Comparison) -> Callable[[str], bool]:
    """Whether words are those of the head of a column, which pages of a long table repeat."""
    text = comparison.ledger.text
    marks = {
        n for role in text.roles if role.kind == "note-mark" for n in range(role.start, role.end)
    }
    heads = [range(role.start, role.end) for role in text.roles if role.kind == "head"]
    whole = [text.letters[head.start : head.stop] for head in heads]
    bare = ["".join(text.letters[n] for n in head if n not in marks) for head in heads]
    known = _letters("\n".join([*whole, *bare]))
    return lambda words: _letters(words) in known


def _usual(comparison: Comparison) -> Callable[[str], bool]:
    """Whether words are those of title, headings or columns, or begin one, or are numbers."""
    words = (comparison.manifest.record.title, *comparison.ledger.headings)
    heads = [re.sub(r"[\d.]+", "", _letters(one)) for one in words]

    def is_usual(words: str) -> bool:
        letters = re.sub(r"[\d.]+", "", _letters(words))
        if letters.endswith("…"):
            return any(head.startswith(letters[:-1]) for head in heads)
        return letters in "".join(heads)

    return is_usual


def _other_folios(comparison: Comparison) -> Iterator[Difference]:
    """Every number printed on a page that differs from the page's label in the file."""
    for head in comparison.witness.running_heads:
        number, label = head.text.strip(), comparison.witness.labels[head.page - 1]
        if number.isdecimal() and number != label:
            message = f"page {label} is printed with the number {number}"
            yield comparison.tell(
                "folio-differs", f"page-{label}", message, label, number, head.place
            )
