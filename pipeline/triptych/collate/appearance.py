"""Appearance: what a file holds must be what its reader sees."""

from __future__ import annotations

from collections.abc import Iterator

from triptych.collate.align import has_right_to_left
from triptych.collate.difference import Difference
from triptych.collate.direction import runs_from_right
from triptych.collate.metadata import bare_doi
from triptych.collate.pairing import Comparison, Pairing, as_shown, excerpt, letters_only
from triptych.formats import FORMATS
from triptych.text import from_plain
from triptych.witness.reading import Doubt


def wrong_appearance(comparison: Comparison) -> Iterator[Difference]:
    """Everything that is hidden, disguised or out of place."""
    for pairing in comparison.pairings:
        yield from false_letters(comparison, pairing)
    if comparison.manifest.terms is None or not FORMATS[comparison.witness.format].describes:
        yield from _front(comparison)
    yield from _embedded(comparison)


def false_letters(comparison: Comparison, pairing: Pairing) -> Iterator[Difference]:
    """Every letter of a text that is hidden, disguised or out of place."""
    yield from _doubts(comparison, pairing)
    yield from _shapes(comparison, pairing)


_VERBS = {
    "hidden": "cannot be seen",
    "disguised": "is shown as something else",
    "moved": "is out of its place",
    "turned": "is shown as something else",
}


def _doubts(comparison: Comparison, pairing: Pairing) -> Iterator[Difference]:
    from_right = _may_run_from_right(comparison)
    for doubt in _joined(pairing.reading.doubts):
        if doubt.kind == "turned" and from_right:
            continue
        words = excerpt(pairing.reading.text, doubt.start, doubt.end)
        why, before = doubt.why, ""
        if doubt.kind == "moved" and doubt.start:
            before = excerpt(pairing.reading.text, max(doubt.start - 60, 0), doubt.start)
            why = f"{why}, “{before}”"
        letters = range(doubt.start, min(doubt.end, doubt.start + 400))
        for subject in dict.fromkeys(map(pairing.subject_at, letters)) or [""]:
            yield comparison.tell(
                _kind(comparison, pairing, doubt, subject),
                subject,
                f"“{words}” {_VERBS[doubt.kind]}: {why}",
                words,
                "",
                pairing.reading.where(doubt.start),
                near=before,
            )


def _may_run_from_right(comparison: Comparison) -> bool:
    """Whether the language of the work runs from the right, or any words of its text do."""
    ledger = comparison.ledger
    return runs_from_right(comparison.manifest.record.language) or has_right_to_left(
        ledger.text, ledger.note_text
    )


def _kind(comparison: Comparison, pairing: Pairing, doubt: Doubt, subject: str) -> str:
    if doubt.kind != "moved":
        return "disguised" if doubt.kind == "turned" else doubt.kind
    if any(entry.id == subject for entry in comparison.ledger.entries):
        return "entry-moved"
    return "note-moved" if pairing.note else "text-moved"


def _joined(doubts: tuple[Doubt, ...]) -> list[Doubt]:
    """Doubts about neighbouring letters for the same reason, joined into one."""
    joined: list[Doubt] = []
    for doubt in doubts:
        last = joined[-1] if joined else None
        if last and (last.kind, last.why) == (doubt.kind, doubt.why) and last.end >= doubt.start:
            end = max(last.end, doubt.end)
            joined[-1] = Doubt(last.kind, last.start, end, last.why)
        else:
            joined.append(doubt)
    return joined


def _shapes(comparison: Comparison, pairing: Pairing) -> Iterator[Difference]:
    """Every printed shape must be one that the typeface has for the letter that is read."""
    forms = comparison.manifest.letterforms
    if forms is None:
        return
    for shape in pairing.reading.shapes:
        if all(shape.digest in forms.get(letter, "").split() for letter in shape.said):
            continue
        told: set[str] = set()
        for letter in shape.letters[:200]:
            subject = pairing.subject_at(letter)
            if subject in told:
                continue
            told.add(subject)
            words = excerpt(pairing.reading.text, letter, letter + 1)
            wrong = "an empty box" if not forms.get(shape.said) else "another shape than its own"
            yield comparison.tell(
                "disguised",
                subject,
                f"“{shape.said}” in “{words}” is printed as {wrong}",
                shape.said,
                "",
                pairing.reading.where(letter),
                near=words,
            )


def _front(comparison: Comparison) -> Iterator[Difference]:
    """Title, people and rights must be as in the edition record."""
    medium = comparison.witness.format
    texts = (comparison.witness.title.text, comparison.witness.front.text)
    read = "".join(letters_only(as_shown(medium, text).letters) for text in texts)
    record = comparison.manifest.record
    titles = [
        ("the title", record.title),
        ("the subtitle", record.subtitle),
        ("the summary", record.summary),
    ]
    if comparison.ledger.title_text.letters:  # then they are compared as the text is
        titles = []
    number = record.identifier.removeprefix("urn:isbn:")
    wanted = [
        *titles,
        ("the rights statement", record.rights),
        ("the identifier", bare_doi(record.identifier) or number),
        *((f"the name of {person.name}", person.name) for person in record.contributors),
    ]
    for what, words in wanted:
        if words and letters_only(as_shown(medium, from_plain(words)).letters) not in read:
            message = f"{what} is not as the edition record has it: “{words}”"
            yield comparison.tell("text-missing", "", message, words)


def _embedded(comparison: Comparison) -> Iterator[Difference]:
    """Typefaces, scripts and style sheets must be those that the edition was made with."""
    known = comparison.manifest.embedded
    if known is None:
        return
    for item in comparison.witness.embedded:
        if item.digest in known:
            continue
        if item.kind == "rule":
            message = f"the style sheets have a rule that cannot be followed here: {item.name}"
            yield comparison.tell("disguised", "", message, "", item.name)
        else:
            yield comparison.tell(
                "disguised",
                "",
                f"the {item.kind} {item.name} is not one that the edition was made with, so what "
                "it shows is not known",
                "",
                item.name,
            )
