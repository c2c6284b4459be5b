"""Damages to citations, bibliography entries and notes in markup: web page and e-book alike."""

from __future__ import annotations

import copy
import re
from random import Random

from triptych.ledger import Cluster

from .markup import (
    Book,
    Element,
    MarkupWork,
    local,
    markup_damages,
    remove,
    rewrite,
    strands,
    swap_content,
    swap_places,
    text_of,
    unwrap,
)
from .mutant import Finished, Told, of_cluster, told
from .words import (
    DIACRITIC,
    other_digit,
    other_letter,
    other_year,
    shuffled,
    to_hyphen,
    without_diacritic,
)

CITED = "citation-differs"


def clusters(book: Book, finished: Finished, rng: Random) -> list[tuple[Cluster, Element]]:
    """The clusters that stand in the file, in an order of chance."""
    found = [(cluster, book.get(cluster.id)) for cluster in finished.ledger.clusters]
    return shuffled([(cluster, el) for cluster, el in found if el is not None], rng)


def entries(book: Book, rng: Random) -> list[Element]:
    return shuffled(book.all("div", "entry"), rng)


def links(element: Element) -> list[Element]:
    """The citation links in an element."""
    return [a for a in element.iter("{*}a", "a") if a.get("role") == "doc-biblioref"]


def cluster_rewriter(pattern: str, change: object, what: str) -> MarkupWork:
    """A damage that changes a match of `pattern` in some cluster."""

    def work(book: Book, finished: Finished, rng: Random) -> Told | None:
        for cluster, element in clusters(book, finished, rng):
            assert callable(change)
            done = rewrite(strands(element), pattern, lambda m: change(m, rng), rng)
            if done:
                return of_cluster(cluster, CITED, f"{what} in {cluster.id}: {done[0]} to {done[1]}")
        return None

    return work


def locator_rewriter(drop: bool) -> MarkupWork:
    """A damage that changes the number of a locator, or drops the locator."""

    def work(book: Book, finished: Finished, rng: Random) -> Told | None:
        for cluster, element in clusters(book, finished, rng):
            numbers = [re.findall(r"\d+", c.locator) for c in cluster.citations]
            for number in [number for found in numbers for number in found]:
                before = r"[,:]?\s*(?:[Pp]{1,2}\.|[Pp]aras?\.)?\s*" if drop else ""
                after = r"(?:[–-]\d+)?" if drop else r"(?!\d)"
                pattern = rf"(?<!\d){before}(?<!\d){number}{after}"
                done = rewrite(
                    strands(element),
                    pattern,
                    lambda m: "" if drop else other_digit(m, rng),
                    rng,
                )
                if done:
                    return of_cluster(cluster, CITED, f"{cluster.id}: {done[0]!r} to {done[1]!r}")
        return None

    return work


def swap_clusters(book: Book, finished: Finished, rng: Random) -> Told | None:
    found = clusters(book, finished, rng)
    for one, first in found:
        for other, second in found:
            if text_of(first) != text_of(second):
                swap_content(first, second)
                line = f"{one.id} and {other.id} exchanged"
                both = one if one.note else other
                others = [one.id, one.note, other.id, other.note]
                return of_cluster(both, f"{CITED} citation-moved", line, *others)
    return None


def drop_cluster(book: Book, finished: Finished, rng: Random) -> Told | None:
    for cluster, element in clusters(book, finished, rng):
        remove(element)
        return of_cluster(cluster, f"citation-missing {CITED}", f"{cluster.id} dropped")
    return None


def double_cluster(book: Book, finished: Finished, rng: Random) -> Told | None:
    for cluster, element in clusters(book, finished, rng):
        again = copy.deepcopy(element)
        del again.attrib["id"]
        element.addnext(again)
        again.tail, element.tail = element.tail, " "
        kinds = f"citation-extra {CITED} text-extra text-differs"
        return of_cluster(cluster, kinds, f"{cluster.id} said twice", cluster.text)
    return None


def move_cluster(book: Book, finished: Finished, rng: Random) -> Told | None:
    paragraphs = [p for p in shuffled(book.all("p"), rng) if len(text_of(p)) > 80]
    for cluster, element in clusters(book, finished, rng):
        for paragraph in paragraphs:
            if paragraph not in element.iterancestors():
                remove(element)
                paragraph.append(element)
                kinds = f"citation-moved citation-missing {CITED}"
                return of_cluster(cluster, kinds, f"{cluster.id} moved to another paragraph")
    return None


def swap_in_group(book: Book, finished: Finished, rng: Random) -> Told | None:
    for cluster, element in clusters(book, finished, rng):
        found = links(element)
        if len(found) > 1 and text_of(found[0]) != text_of(found[1]):
            swap_places(found[0], found[1])
            return of_cluster(cluster, CITED, f"two works of {cluster.id} exchanged")
    return None


def link_damage(what: str) -> MarkupWork:
    """A damage to one citation link: `retarget`, `dead` or `unwrap`."""
    kinds = {"retarget": "link-astray", "dead": "link-dead", "unwrap": "link-missing"}

    def work(book: Book, finished: Finished, rng: Random) -> Told | None:
        for cluster, element in clusters(book, finished, rng):
            for link in shuffled(links(element), rng):
                file, _, target = link.get("href", "").partition("#")
                others = [e.id for e in finished.ledger.entries if e.id != target]
                if what == "unwrap":
                    unwrap(link)
                elif what == "retarget":
                    link.set("href", f"{file}#{rng.choice(others)}")
                else:
                    link.set("href", f"{file}#{target}-was-here")
                return of_cluster(cluster, kinds[what], f"{what}: link of {cluster.id}", target)
        return None

    return work


def dead_target(book: Book, _: Finished, rng: Random) -> Told | None:
    for element in entries(book, rng):
        id_ = element.attrib.pop("id")
        return told("link-dead link-missing", [id_], f"the target {id_} lost its name")
    return None


def drop_entry(book: Book, _: Finished, rng: Random) -> Told | None:
    for element in entries(book, rng):
        remove(element)
        return told("entry-missing", [element.get("id", "")], "entry dropped")
    return None


def entry_rewriter(pattern: str, change: object) -> MarkupWork:
    """A damage that changes a match of `pattern` in some entry's text."""

    def work(book: Book, _: Finished, rng: Random) -> Told | None:
        for element in entries(book, rng):
            assert callable(change)
            done = rewrite(strands(element), pattern, lambda m: change(m, rng), rng)
            if done:
                id_ = element.get("id", "")
                return told("entry-differs", [id_], f"{id_}: {done[0]} to {done[1]}")
        return None

    return work


def swap_entries(book: Book, _: Finished, rng: Random) -> Told | None:
    found = entries(book, rng)
    if len(found) < 2:
        return None
    ids = [element.get("id", "") for element in found[:2]]
    swap_places(found[0], found[1])
    return told("entry-moved entry-differs", ids, f"{ids[0]} and {ids[1]} exchanged places")


def double_entry(book: Book, _: Finished, rng: Random) -> Told | None:
    for element in entries(book, rng):
        again = copy.deepcopy(element)
        id_ = again.attrib.pop("id")
        element.addnext(again)
        words = " ".join(text_of(element).split()[-4:])
        return told("entry-extra entry-differs text-extra", [id_, words], f"{id_} printed twice")
    return None


def entry_link(book: Book, _: Finished, rng: Random) -> Told | None:
    for element in entries(book, rng):
        for link in element.iter("{*}a", "a"):
            href = link.get("href", "")
            if href.startswith("http"):
                link.set("href", href[:-1] + ("8" if href[-1] != "8" else "3"))
                id_ = element.get("id", "")
                return told("link-astray", [id_, href], f"{id_}: {href} leads elsewhere")
    return None


def notes(book: Book, rng: Random) -> list[Element]:
    return shuffled(book.all("*", "note"), rng)


def drop_note(book: Book, _: Finished, rng: Random) -> Told | None:
    for element in notes(book, rng):
        remove(element)
        return told("note-missing", [element.get("id", "")], f"{element.get('id')} dropped")
    return None


def marks(book: Book, rng: Random) -> list[Element]:
    return shuffled(book.all("a", "noteref"), rng)


def note_of(mark: Element) -> str:
    return mark.get("href", "").rpartition("#")[2]


def drop_mark(book: Book, _: Finished, rng: Random) -> Told | None:
    for mark in marks(book, rng):
        remove(mark)
        subject = [note_of(mark), mark.get("id", "")]
        return told("note-mark", subject, f"the mark of {note_of(mark)} dropped")
    return None


def renumber_mark(book: Book, _: Finished, rng: Random) -> Told | None:
    for mark in marks(book, rng):
        done = rewrite(strands(mark), r"\d+", lambda m: str(int(m.group()) + 1), rng)
        if done:
            subject = [note_of(mark), mark.get("id", "")]
            return told("note-mark", subject, f"mark {done[0]} of {note_of(mark)} to {done[1]}")
    return None


def renumber_note(book: Book, _: Finished, rng: Random) -> Told | None:
    for note in notes(book, rng):
        id_ = note.get("id", "")
        number = int(id_.rpartition("-")[2])
        if local(note) == "li":
            note.set("value", str(number + 1))
        else:
            own = next(a for a in note.iter("{*}a") if a.get("class") == "notemark")
            own.text = str(number + 1)
        return told("note-mark", [id_, f"noteref-{number}"], f"{id_} numbered {number + 1}")
    return None


def root_of(element: Element) -> Element:
    return element.getroottree().getroot()


def mark_astray(book: Book, _: Finished, rng: Random) -> Told | None:
    found = marks(book, rng)
    for mark in found:
        own = note_of(mark)
        # A chapter's links are told from its own file.
        beside = [other for other in found if root_of(other) is root_of(mark)]
        elsewhere = [other.get("href", "") for other in beside if note_of(other) != own]
        if elsewhere:
            mark.set("href", rng.choice(elsewhere))
            return told("link-astray note-mark", [own, mark.get("id", "")], f"mark of {own} astray")
    return None


def body(note: Element) -> Element:
    """The paragraph of a note."""
    return next(note.iter("{*}p", "p"))


def swap_notes(book: Book, _: Finished, rng: Random) -> Told | None:
    found = notes(book, rng)
    for first in found:
        for second in found:
            if text_of(first)[3:] != text_of(second)[3:]:
                swap_content(body(first), body(second))
                for one, other in ((first, second), (second, first)):
                    own = [a for a in one.iter("{*}a") if a.get("class") == "notemark"]
                    others = [a for a in other.iter("{*}a") if a.get("class") == "notemark"]
                    if own and others and one is first:
                        swap_places(own[0], others[0])
                ids = [first.get("id", ""), second.get("id", "")]
                return told("note-differs note-moved", ids, f"texts of {' and '.join(ids)} swapped")
    return None


def cut_note(book: Book, _: Finished, rng: Random) -> Told | None:
    for note in notes(book, rng):
        pieces = [s for s in strands(body(note)) if len(s.text.split()) > 3]
        if pieces:
            last = pieces[-1]
            last.write(" ".join(last.text.split()[:2]))
            id_ = note.get("id", "")
            cited = [e.get("id", "") for e in note.iter("*") if "cluster" in e.get("class", "")]
            return told(f"note-differs {CITED}", [id_, *cited], f"{id_} cut short")
    return None


WORKS: dict[str, MarkupWork] = {
    "citation: year": cluster_rewriter(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)", other_year, "year"),
    "citation: author's letter": cluster_rewriter(
        r"(?<=[A-Z][a-z])[a-z](?=[a-z])", other_letter, "letter"
    ),
    "citation: number": cluster_rewriter(r"(?<=\[)\d+(?=[\],])", other_digit, "number"),
    "citation: locator changed": locator_rewriter(drop=False),
    "citation: locator dropped": locator_rewriter(drop=True),
    "citation: dash to hyphen": cluster_rewriter(r"(?<=\d)–(?=\d)", to_hyphen, "dash"),
    "citation: two exchanged": swap_clusters,
    "citation: dropped": drop_cluster,
    "citation: doubled": double_cluster,
    "citation: moved": move_cluster,
    "citation: two works of a group exchanged": swap_in_group,
    "link: of a citation, to another entry": link_damage("retarget"),
    "link: of a citation, to nowhere": link_damage("dead"),
    "link: of a citation, taken away": link_damage("unwrap"),
    "link: the target's name lost": dead_target,
    "link: of an entry, to another address": entry_link,
    "entry: dropped": drop_entry,
    "entry: word changed": entry_rewriter(r"(?<=[A-Za-z][a-z])[a-z](?=[a-z]{2})", other_letter),
    "entry: year changed": entry_rewriter(r"(?<![\d.])(?:1[5-9]|20)\d\d(?![\d.]\d)", other_year),
    "entry: DOI changed": entry_rewriter(r"(?<=10\.5555/)[a-z]", other_letter),
    "entry: dash to hyphen": entry_rewriter(r"(?<=\d)–(?=\d)", to_hyphen),
    "entry: diacritic lost": entry_rewriter(DIACRITIC, without_diacritic),
    "entry: two exchanged": swap_entries,
    "entry: doubled": double_entry,
    "note: dropped": drop_note,
    "note: mark dropped": drop_mark,
    "note: mark's number": renumber_mark,
    "note: own number": renumber_note,
    "note: mark leads to another": mark_astray,
    "note: two exchanged": swap_notes,
    "note: cut short": cut_note,
}

DAMAGES = markup_damages(WORKS)
