"""Damages to the links back from notes and entries, and to the numbers that notes bear."""

from __future__ import annotations

from random import Random

import pikepdf

from .damage_citations import notes
from .damage_pdf import PrintWork, print_damages
from .damage_pdf_hiding import PLAIN
from .damage_pdf_links import destination, marks
from .markup import Book, Element, MarkupWork, local, markup_damages, remove, swap_places
from .mutant import Damage, Finished, Told, told
from .pdf_page import Print, Wrap, stretches
from .words import shuffled

HIDING = {
    "display none": "display:none",
    "font-size 0": "font-size:0",
    "transparent": "color:transparent",
}


def back_of(note: Element) -> Element:
    """The link back from a note."""
    return next(a for a in note.iter("{*}a", "a") if a.get("role") == "doc-backlink")


def again(link: Element) -> None:
    """Let a link stand there twice."""
    copy = link.makeelement(link.tag, dict(link.attrib))
    copy.text, copy.tail = link.text, link.tail
    link.tail = " "
    link.addnext(copy)


def of_note(what: str) -> MarkupWork:
    """A damage to the link back from a note; in an e-book it is the note's own number."""

    def work(book: Book, _: Finished, rng: Random) -> Told | None:
        found = notes(book, rng)
        if len(found) < 2:
            return None
        note, other = found[:2]
        link, id_ = back_of(note), note.get("id", "")
        if what == "lost":
            remove(link)
        elif what == "doubled":
            again(link)
        elif what == "to another":
            link.set("href", back_of(other).get("href", ""))
        else:
            link.set("style", HIDING["display none"])
        kinds = "link-missing link-extra link-astray link-dead hidden note-mark text-extra"
        return told(kinds, [id_], f"the way back from {id_} {what}")

    return work


def of_entry(what: str) -> MarkupWork:
    """A damage to the links back from an entry to its citations."""

    def work(book: Book, finished: Finished, rng: Random) -> Told | None:
        for entry in shuffled(finished.ledger.entries, rng):
            element = book.get(entry.id)
            links = [] if element is None else [
                a for a in element.iter("{*}a", "a") if a.get("role") == "doc-backlink"
            ]  # fmt: skip
            if len(links) < 2:
                continue
            first, second = (links[at] for at in sorted(rng.sample(range(len(links)), 2)))
            if what == "lost":
                remove(first)
            elif what == "doubled":
                again(first)
            elif what == "to another":
                first.set("href", second.get("href", ""))
            elif what == "exchanged":
                swap_places(first, second)
            elif what == "to nowhere":
                first.set("href", f"{first.get('href')}-was-here")
            elif what == "renumbered":
                first.text = f"↑{len(links) + 3}"
            else:
                first.set("style", HIDING["font-size 0"])
            kinds = "link-missing link-extra link-astray link-dead hidden text-differs"
            return told(kinds, [entry.id], f"a way back from {entry.key} {what}")
        return None

    return work


def number_unseen(css: str, rule: bool) -> MarkupWork:
    """A damage that hides the number of one note, or of all."""

    def work(book: Book, _: Finished, rng: Random) -> Told | None:
        for note in notes(book, rng):
            id_ = note.get("id", "")
            listed = local(note) == "li"
            if rule or listed:
                book.rule(f"#{id_}::marker{{{css}}}" if listed else f".notemark{{{css}}}")
            else:
                back_of(note).set("style", css)
            return told("note-mark hidden", [id_], f"{css} on the number of {id_}")
        return None

    return work


def counted_otherwise(css: str) -> MarkupWork:
    """A damage by which a browser counts the notes otherwise, or prints more than the number."""

    def work(book: Book, finished: Finished, rng: Random) -> Told | None:
        for note in notes(book, rng):
            listed = local(note) == "li"
            book.rule(f".notes{{{css}}}" if listed else '.notemark::after{content:"1"}')
            return told("note-mark hidden", [n.id for n in finished.ledger.notes], css)
        return None

    return work


def begun_at(value: str) -> MarkupWork:
    """A list of notes that begins with another number."""

    def work(book: Book, finished: Finished, _: Random) -> Told | None:
        for listed in book.all("ol", "notes"):
            listed.set("start", value)
            return told("note-mark", [n.id for n in finished.ledger.notes], f"from {value}")
        return None

    return work


def order(book: Book, _: Finished, rng: Random) -> Told | None:
    """Two notes of one section change their places, and keep their numbers."""
    for note in notes(book, rng):
        after = note.getnext()
        if after is None or "note" not in after.get("class", "").split():
            continue
        ids = [note.get("id", ""), after.get("id", "")]
        if local(note) == "li":
            for one in (note, after):
                one.set("value", one.get("id", "").rpartition("-")[2])
        swap_places(note, after)
        return told("note-moved", ids, f"{' and '.join(ids)} exchanged")
    return None


def printed(what: str) -> PrintWork:
    """A damage to the number of a printed note, or to its link."""

    def work(file: Print, finished: Finished, rng: Random) -> Told | None:
        for page, link, digits in marks(file, rng, "noteref-"):
            own = destination(link)
            note = own.replace("noteref-", "note-")
            subject = [note, own]
            others = [f"noteref-{n.number}" for n in finished.ledger.notes if n.id != note]
            if what in PLAIN:
                for part in stretches(digits):
                    part[0].run.wraps.append(Wrap(part[0], part[-1], f"q {PLAIN[what]}", "Q"))
                    part[0].run.changed = True
                return told("note-mark", subject, f"the number of {note} {what}")
            if not others:
                return None
            annotations = page.object.obj.Annots
            if what == "lost":
                del annotations[[a.objgen for a in annotations].index(link.objgen)]
            elif what == "to another":
                link.Dest = pikepdf.String(rng.choice(others))
            elif what == "to nowhere":
                link.Dest = pikepdf.String(f"{own}-was-here")
            else:
                second = pikepdf.Dictionary(link)
                second.Dest = pikepdf.String(rng.choice(others))
                annotations.append(file.pdf.make_indirect(second))
            kinds = "link-missing link-astray link-dead link-extra"
            return told(kinds, subject, f"the way back from {note} {what}")
        return None

    return work


DAMAGES: tuple[Damage, ...] = (
    *markup_damages({
        **{f"way back: from a note, {what}": of_note(what)
           for what in ("lost", "doubled", "to another", "hidden")},
        **{f"note: number unseen, {way}": number_unseen(HIDING[way], rule=False)
           for way in ("font-size 0", "transparent")},
        "note: numbers unseen by a rule": number_unseen("visibility:hidden", rule=True),
        "note: numbers counted otherwise": counted_otherwise("counter-reset:list-item 3"),
        "note: two in each other's place": order,
    }),
    *markup_damages({
        **{f"way back: from an entry, {what}": of_entry(what)
           for what in ("lost", "doubled", "to another", "exchanged", "to nowhere", "renumbered",
                        "hidden")},
        "note: numbers from another on": begun_at("7"),
        "note: numbers from one that ends in a letter": begun_at("7x"),
        "note: numbers from nought on": begun_at("0"),
    }, ("html",)),
    *markup_damages({
        "note: number unseen, display none": number_unseen(HIDING["display none"], rule=False),
    }, ("epub",)),
    *print_damages({
        **{f"way back: from a note, {what}": printed(what)
           for what in ("lost", "doubled", "to another", "to nowhere")},
        **{f"note: number unseen, {way}": printed(way)
           for way in ("white", "rendering mode 3", "clipped away")},
    }),
)  # fmt: skip
