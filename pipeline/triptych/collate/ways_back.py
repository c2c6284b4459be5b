"""Ways back: each note leads back to its mark, and an entry to every citation of it, in order.

What is right follows from the ledger. Each way back that is missing, added, doubled, exchanged with
another, dead or unseen is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from triptych.collate.difference import Difference
from triptych.collate.pairing import Comparison, Pairing
from triptych.formats import FORMATS
from triptych.witness.reading import WayBack


def wrong_ways_back(comparison: Comparison) -> Iterator[Difference]:
    """Everything that is wrong with the links back to the text."""
    form = FORMATS[comparison.witness.format]
    if not form.links:
        return
    read: dict[str, list[WayBack]] = {}
    pairings = {pairing.order: pairing for pairing in comparison.pairings}
    for back in comparison.witness.ways_back:
        read.setdefault(_beside(pairings.get(back.note), back), []).append(back)
    for note in comparison.ledger.notes:
        if note.id not in comparison.lost:
            wanted = [(f"noteref-{note.number}", "its mark")]
            found = read.pop(note.id, [])
            yield from _wrong(comparison, note.id, f"note {note.number}", wanted, found)
    cited: dict[str, list[tuple[str, str]]] = {}
    for cluster in comparison.ledger.clusters if form.cited_by else ():
        for target in dict.fromkeys(cluster.targets):
            where = (cluster.id, f"citation {cluster.id.removeprefix('cite-')}")
            cited.setdefault(target, []).append(where)
    for entry in comparison.ledger.entries:
        wanted, found = cited.get(entry.id, []), read.pop(entry.id, [])
        if entry.id in comparison.spots:
            name = f"the entry of {entry.key}"
            yield from _wrong(comparison, entry.id, name, wanted, found, form.cited_by)
    for back in (back for backs in read.values() for back in backs):
        message = f"a link back “{back.words}” stands where the edition has none"
        yield comparison.tell("link-extra", "", message, "", back.link.written)


def _beside(pairing: Pairing | None, back: WayBack) -> str:
    """The id of the note or entry that a way back stands in, or behind."""
    if pairing is None or pairing.note:
        return pairing.note if pairing else ""
    ours = pairing.alignment.trace(max(back.letter - 1, 0))
    unit = None if ours is None else pairing.unit_at(ours)
    return unit.id if unit and unit.kind == "entry" else ""


def _wrong(
    comparison: Comparison, subject: str, name: str, wanted: Sequence[tuple[str, str]],
    read: Sequence[WayBack], counted: bool = False,
) -> Iterator[Difference]:  # fmt: skip
    """What is wrong with the ways back from a note or an entry; `counted` ones have numbers."""
    known = {place: comparison.spots.get(place) for place, _ in wanted}

    def leads_to(back: WayBack, place: str) -> bool:
        return known[place] is None or known[place] in (back.link.spot, back.link.or_spot)

    left = list(wanted)
    in_step = len(read) == len(wanted)
    for number, back in enumerate(read, 1):
        here = next((way for way in left if leads_to(back, way[0])), None)
        if in_step and not leads_to(back, wanted[number - 1][0]):
            here = wanted[number - 1]  # this one, and leads elsewhere
            kind, what = "link-astray", f"leads to {_end(comparison, back)}, not to {here[1]}"
        elif here is None:
            kind, what = "link-extra", f"to {_end(comparison, back)} is one too many"
        elif back.unseen:
            kind, what = "hidden", f"cannot be seen: {back.unseen}"
        elif counted and back.words != ("↑" if len(wanted) == 1 else f"↑{number}") and in_step:
            kind, what = "text-differs", f"is printed “{back.words}”"
        else:
            kind, what = "", ""
        if back.link.dead:
            kind, what = "link-dead", f"leads nowhere: {back.link.dead}"
        if here in left:
            left.remove(here)
        if kind:
            message = f"the link back from {name} {what}"
            yield comparison.tell(
                kind, subject, message, here[0] if here else "", back.link.written
            )
    for place, called in left:
        message = f"the link back from {name} to {called} is missing"
        yield comparison.tell("link-missing", subject, message, place)


def _end(comparison: Comparison, back: WayBack) -> str:
    return comparison.standing_at(back.link.spot) or back.link.written
