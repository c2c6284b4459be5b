"""Damages to contents lists and bookmarks."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from random import Random

import pikepdf

from .markup import pack, unpack
from .mutant import Damage, Finished, Told, told

Work = Callable[[Finished, Random], tuple[bytes, Told] | None]

LIST = re.compile(r'<nav [^>]*role="doc-toc".*?</nav>', re.S)
LINE = re.compile(r'<li><a href="([^"]*)">(.*?)</a>', re.S)


def changed(markup: str, rng: Random, how: str) -> tuple[str, list[str]] | None:
    """A page with one damage to its contents, and what its lines say."""
    nav = LIST.search(markup)
    assert nav is not None
    lines = list(LINE.finditer(nav[0]))
    if len(lines) < 2:
        return None
    first, second = (lines[at] for at in sorted(rng.sample(range(len(lines)), 2)))
    said = nav[0]
    if how == "leads to another":
        new = said[: first.start(1)] + second[1] + said[first.end(1) :]
    elif how == "says another":
        new = said[: first.start(2)] + second[2] + said[first.end(2) :]
    elif how == "lost":
        new = said[: first.start(2)] + "" + said[first.end(2) :]
    else:
        new = said[: first.start()] + first[0] + "</li>" + said[first.start() :]
    subject = [re.sub(r"\s+", " ", re.sub("<.*?>", "", line[2])).strip() for line in lines]
    return markup[: nav.start()] + new + markup[nav.end() :], subject


def of_page(how: str) -> Work:
    def work(finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
        made = changed(finished.html.decode(), rng, how)
        return made and (made[0].encode(), told("contents-differs", made[1], f"a line {how}"))

    return work


def of_book(how: str) -> Work:
    def work(finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
        members = unpack(finished.epub)
        name = next(name for name in members if name.endswith("nav.xhtml"))
        made = changed(members[name].decode(), rng, how)
        if made is None:
            return None
        members[name] = made[0].encode()
        return pack(members), told("contents-differs", made[1], f"a line {how}")

    return work


def of_bookmarks(how: str) -> Work:
    def work(finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
        with pikepdf.open(io.BytesIO(finished.pdf)) as pdf:
            with pdf.open_outline() as outline:
                marks = [mark for mark in outline.root[2:] if mark.title]
                if len(marks) < 2:
                    return None
                first, second = rng.sample(marks, 2)
                subject = [first.title, second.title]
                if how == "leads to another":
                    first.destination, first.action = second.destination, second.action
                elif how == "says another":
                    first.title = second.title
                elif how == "lost":
                    outline.root.remove(first)
                else:
                    again = pikepdf.OutlineItem(first.title, first.destination, action=first.action)
                    outline.root.append(again)
            out = io.BytesIO()
            pdf.save(out, deterministic_id=True)
        return out.getvalue(), told("contents-differs", subject, f"a bookmark {how}")

    return work


HOW = ("leads to another", "says another", "lost", "doubled")

DAMAGES: tuple[Damage, ...] = (
    *(Damage(f"contents: line {how}", "html", of_page(how)) for how in HOW),
    *(Damage(f"contents: line {how}", "epub", of_book(how)) for how in HOW),
    *(Damage(f"contents: bookmark {how}", "pdf", of_bookmarks(how)) for how in HOW),
)
