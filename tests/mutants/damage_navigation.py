"""Damages to what leads into an e-book: spine, landmarks, NCX, guide, list of pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from .damage_epub import spine_files
from .markup import pack, unpack
from .mutant import Damage, Finished, Told, told

LANDMARKS = re.compile(r'(<nav epub:type="landmarks".*?<ol>)(.*?)(</ol>)', re.S)
PAGES = re.compile(r'(<nav epub:type="page-list".*?<ol>)(.*?)(</ol>)', re.S)
ITEM = re.compile(r"<li>.*?</li>", re.S)
POINT = re.compile(r"<navPoint.*?</navPoint>", re.S)

Change = Callable[[list[str], Random], list[str]]


def lost(items: list[str], rng: Random) -> list[str]:
    gone = rng.randrange(len(items))
    return items[:gone] + items[gone + 1 :]


def doubled(items: list[str], rng: Random) -> list[str]:
    at = rng.randrange(len(items))
    return [*items[: at + 1], *items[at:]]


def exchanged(items: list[str], rng: Random) -> list[str]:
    at = rng.randrange(len(items) - 1)
    return [*items[:at], items[at + 1], items[at], *items[at + 2 :]]


def astray(items: list[str], rng: Random) -> list[str]:
    """One leads where another does."""
    one, other = rng.sample(range(len(items)), 2)
    target = re.search(r'(?:href|src)="([^"]*)"', items[other])
    assert target is not None
    new = re.sub(r'(href|src)="[^"]*"', rf'\1="{target[1]}"', items[one])
    return [*items[:one], new, *items[one + 1 :]]


def renamed(items: list[str], rng: Random) -> list[str]:
    at = rng.randrange(len(items))
    new = re.sub(r">([^<>]*\w[^<>]*)<", r">Elsewhere<", items[at], count=1)
    return [*items[:at], new, *items[at + 1 :]]


CHANGES: dict[str, Change] = {
    "lost": lost, "doubled": doubled, "exchanged": exchanged, "leads to another": astray,
    "says another": renamed,
}  # fmt: skip


def of_list(file: str, whole: re.Pattern[str] | None, item: re.Pattern[str], how: str) -> Callable[
    [Finished, Random], tuple[bytes, Told] | None
]:  # fmt: skip
    """A damage to one line of a list in a file of the book."""

    def work(finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
        members = unpack(finished.epub)
        name = next(name for name in members if name.endswith(file))
        text = members[name].decode()
        found = whole.search(text) if whole else re.fullmatch("()(.*)()", text, re.S)
        items = item.findall(found[2]) if found else []
        if found is None or len(items) < 2:
            return None
        changed = "".join(CHANGES[how](items, rng))
        first, last = found[2].index(items[0]), found[2].rindex(items[-1]) + len(items[-1])
        inner = found[2][:first] + changed + found[2][last:]
        members[name] = (text[: found.start(2)] + inner + text[found.end(2) :]).encode()
        kinds = "navigation-differs page-moved page-missing"
        subject = ["landmark", "NCX", "page", "Elsewhere"]
        return pack(members), told(kinds, subject, f"a line of {file} {how}")

    return work


PAGE = (
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>'
    "<body><section>{}</section></body></html>"
)


def of_spine(what: str) -> Callable[[Finished, Random], tuple[bytes, Told] | None]:
    """A damage to the spine beside the text itself."""

    def work(finished: Finished, _: Random) -> tuple[bytes, Told] | None:
        members = unpack(finished.epub)
        opf = spine_files(members)[0]
        text = members[opf].decode()
        if what.startswith("an added page"):
            words = "<p>Added.</p>" if what.endswith("words") else ""
            members[f"{opf.rpartition('/')[0]}/added.xhtml"] = PAGE.format(words).encode()
            item = '<item id="added" href="added.xhtml" media-type="application/xhtml+xml"/>'
            text = text.replace("</manifest>", f"{item}</manifest>")
            ref = '<itemref idref="added"/>'
            if "beside" not in what:
                text = re.sub(r'(<itemref idref="nav-xhtml"/>)', rf"\1{ref}", text)
        elif what == "a guide":
            item = '<guide><reference type="text" title="Start" href="colophon.xhtml"/></guide>'
            text = text.replace("</package>", f"{item}</package>")
        else:
            name = what.split()[0]
            ref_re = re.compile(rf'<itemref idref="{name}-xhtml"[^>]*/>')
            ref_found = ref_re.search(text)
            assert ref_found is not None
            ref = ref_found[0]
            if what.endswith("lost"):
                text = text.replace(ref, "")
            elif what.endswith("not linear"):
                text = text.replace(ref, ref.replace("/>", ' linear="no"/>'))
            else:
                text = text.replace(ref, "").replace("</spine>", f"{ref}</spine>")
        members[opf] = text.encode()
        kinds = "navigation-differs contents-differs text-missing text-extra unreadable"
        names = [
            "spine",
            "guide",
            "contents",
            "title",
            "colophon",
            finished.manifest["record"]["title"],
        ]
        return pack(members), told(kinds, names, what)

    return work


SPINE = (
    *(f"{name} {how}" for name in ("cover", "title", "nav", "colophon")
      for how in ("lost", "not linear")),
    "cover last", "nav last",
    "an added page", "an added page with words", "an added page beside the spine", "a guide",
)  # fmt: skip

DAMAGES: tuple[Damage, ...] = (
    *(Damage(f"navigation: landmark {how}", "epub", of_list("nav.xhtml", LANDMARKS, ITEM, how))
      for how in CHANGES),
    *(Damage(f"navigation: page {how}", "epub", of_list("nav.xhtml", PAGES, ITEM, how))
      for how in ("lost", "doubled", "leads to another", "says another")),
    *(Damage(f"navigation: NCX {how}", "epub", of_list("toc.ncx", None, POINT, how))
      for how in CHANGES),
    *(Damage(f"navigation: spine, {what}", "epub", of_spine(what)) for what in SPINE),
)  # fmt: skip
