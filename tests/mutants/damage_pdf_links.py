"""Damages to a print edition's links, note marks and cross-references."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pikepdf

from .damage_pdf import PrintWork, passages, print_damages, rewrite, unlink
from .mutant import Finished, Told, told
from .pdf_page import Glyph, Page, Print, delete, inside
from .words import other_digit, shuffled


def destination(link: Any) -> str:
    """The named place a link leads to, or nothing."""
    return str(link.get("/Dest", ""))


def covered(page: Page, link: Any) -> list[Glyph]:
    """The glyphs that stand in a link's rectangle."""
    return [glyph for glyph in page.glyphs() if inside(glyph, link)]


def cluster_link(what: str) -> PrintWork:
    """A damage to the links of one citation, which go on over its lines."""
    named = {
        "retarget": "link-astray",
        "dead": "link-dead",
        "remove": "link-missing",
        "shift": "link-missing link-astray link-extra",
    }

    def work(file: Print, finished: Finished, rng: Random) -> Told | None:
        for passage in passages(file, finished, rng, "cluster"):
            found = [
                n for n in file.links_over(passage.glyphs) if destination(n).startswith("ref-")
            ]
            if not found:
                continue
            target = destination(found[0])
            same = [note for note in found if destination(note) == target]
            others = [e.id for e in finished.ledger.entries if e.id != target]
            elsewhere = rng.choice(others)
            for note in same:
                if what == "retarget":
                    note.Dest = pikepdf.String(elsewhere)
                elif what == "dead":
                    note.Dest = pikepdf.String(f"{target}-was-here")
                elif what == "shift":
                    x0, y0, x1, y1 = (float(number) for number in note.Rect)
                    note.Rect = [x0, y0 + 47, x1, y1 + 47]
            if what == "remove":
                unlink(file, passage.glyphs)
            return told(named[what], [*passage.subject, target], f"{what}: {passage.subject[0]}")
        return None

    return work


def target_lost(file: Print, finished: Finished, rng: Random) -> Told | None:
    tree = pikepdf.NameTree(file.pdf.Root.Names.Dests)
    for entry in shuffled(finished.ledger.entries, rng):
        if entry.id in tree:
            del tree[entry.id]
            return told("link-dead link-missing", [entry.id], f"the place {entry.id} lost its name")
    return None


def entry_link(file: Print, finished: Finished, rng: Random) -> Told | None:
    for passage in passages(file, finished, rng, "entry"):
        for note in file.links_over(passage.glyphs):
            uri = str(note.get("/A", {}).get("/URI", ""))
            if uri:
                note.A.URI = pikepdf.String(uri[:-1] + ("8" if uri[-1] != "8" else "3"))
                return told("link-astray", [*passage.subject, uri], f"{uri} leads elsewhere")
    return None


def marks(file: Print, rng: Random, prefix: str) -> list[tuple[Page, Any, list[Glyph]]]:
    """The links to notes (`note-`), or back from them (`noteref-`), and their numbers."""
    found = []
    for page in file.pages:
        for link in page.annotations():
            if re.fullmatch(rf"{prefix}\d+", destination(link)):
                digits = [glyph for glyph in covered(page, link) if glyph.text.isdigit()]
                if digits:
                    found.append((page, link, digits))
    return shuffled(found, rng)


def renumber(prefix: str) -> PrintWork:
    """A damage to the number of a note, in the text (`note-`) or at the note (`noteref-`)."""

    def work(file: Print, _: Finished, rng: Random) -> Told | None:
        for _page, link, digits in marks(file, rng, prefix):
            if rewrite(digits, r"\d+", other_digit, rng):
                n = destination(link).rpartition("-")[2]
                return told("note-mark", [f"note-{n}", f"noteref-{n}"], f"number {n} changed")
        return None

    return work


def drop_mark(file: Print, _: Finished, rng: Random) -> Told | None:
    for _page, link, digits in marks(file, rng, "note-"):
        n = destination(link).rpartition("-")[2]
        unlink(file, digits)
        delete(digits)
        return told("note-mark", [f"note-{n}", f"noteref-{n}"], f"mark {n} dropped")
    return None


def mark_astray(file: Print, finished: Finished, rng: Random) -> Told | None:
    for _page, link, _digits in marks(file, rng, "note-"):
        own = destination(link)
        others = [note.id for note in finished.ledger.notes if note.id != own]
        if others:
            link.Dest = pikepdf.String(rng.choice(others))
            mark = own.replace("note-", "noteref-")
            return told("link-astray note-mark", [own, mark], f"the mark of {own} astray")
    return None


def reference(what: str) -> PrintWork:
    """A damage to a cross-reference: its `text` or its `target`."""

    def work(file: Print, finished: Finished, rng: Random) -> Told | None:
        labels = {ref.target: ref.text for ref in finished.ledger.cross_references}
        for page in shuffled(file.pages, rng):
            for link in shuffled(page.annotations(), rng):
                target = destination(link)
                glyphs = covered(page, link)
                said = "".join(glyph.text for glyph in glyphs).strip()
                if labels.get(target) != said:
                    continue
                subject = [target, said]
                if what == "text" and rewrite(glyphs, r"\d+(?!.*\d)", other_digit, rng):
                    return told("reference-differs", subject, f"{said} altered")
                others = [other for other in labels if other != target]
                if what == "target" and others:
                    elsewhere = rng.choice(others)
                    link.Dest = pikepdf.String(elsewhere)
                    kinds = "link-astray reference-differs"
                    return told(kinds, subject, f"{said} leads to {elsewhere}")
        return None

    return work


WORKS: dict[str, PrintWork] = {
    "link: of a citation, to another entry": cluster_link("retarget"),
    "link: of a citation, to nowhere": cluster_link("dead"),
    "link: of a citation, taken away": cluster_link("remove"),
    "link: of a citation, beside its text": cluster_link("shift"),
    "link: the target's name lost": target_lost,
    "link: of an entry, to another address": entry_link,
    "note: mark dropped": drop_mark,
    "note: mark's number": renumber("note-"),
    "note: own number": renumber("noteref-"),
    "note: mark leads to another": mark_astray,
    "reference: text": reference("text"),
    "reference: target": reference("target"),
}

DAMAGES = print_damages(WORKS)
