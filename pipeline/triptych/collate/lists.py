"""Lists: before each item stands its bullet or its number, and before nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from triptych.collate.difference import Difference
from triptych.collate.markers import unseen
from triptych.collate.pairing import Comparison, Pairing, excerpt
from triptych.witness.reading import Beside


def wrong_items(comparison: Comparison, pairing: Pairing) -> Iterator[Difference]:
    """Every list item whose bullet or number is another, hidden, missing or added."""
    if pairing.text.items is None:
        return
    end = len(pairing.reading.text.letters)
    wanted: dict[int, list[str]] = {}
    for item in pairing.text.items:
        at = pairing.alignment.find(item.at) if item.at < len(pairing.text.letters) else end
        if at is not None:  # else its words are missing, which is reported elsewhere
            wanted.setdefault(at, []).append(item.said)
    read: dict[int, list[Beside]] = {}
    for at, found in pairing.reading.items:
        if at == end or pairing.alignment.trace(at) is not None:
            read.setdefault(at, []).append(found)
    for at in sorted(wanted.keys() | read.keys()):
        ours, theirs = wanted.get(at, []), read.get(at, [])
        said = [found.said for found in theirs]
        why = next(filter(None, (unseen(comparison.manifest, found) for found in theirs)), "")
        if ours == said and not why:
            continue
        words = excerpt(pairing.reading.text, at, min(at + 24, end)) if at < end else ""
        right, shown = " ".join(ours), " ".join(said)
        what = f"has “{right}” before it, which cannot be seen as such: {why}"
        if ours != said:
            what = f"has {_quoted(shown)} before it, not {_quoted(right)}"
        message = f"the item “{words}” {what}"
        place, subject = pairing.reading.where(at), pairing.subject_at(at)
        yield comparison.tell("list-differs", subject, message, right, shown, place, near=words)


def _quoted(said: str) -> str:
    return f"“{said}”" if said else "nothing"
