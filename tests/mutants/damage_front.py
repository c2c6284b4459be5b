"""Damages to title page, contents and colophon: a line added, changed, repeated, lost or hidden."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from itertools import groupby
from random import Random

from lxml import etree

from .markup import Element, local, open_book, text_of
from .mutant import Damage, Finished, Format, Told, told
from .pdf_page import Glyph, Print, Run, delete, insert, replace

Work = Callable[[Finished, Random], tuple[bytes, Told] | None]

KINDS = "front-differs text-differs text-missing text-extra contents-differs hidden"
ADDED = "Bought with the money of a friend."
CLASSES = {"title page": "title-page", "colophon": "colophon"}


def lines_of(root: Element, part: str) -> list[Element]:
    """The lines of a part: its paragraphs, without those for programs."""
    wanted = CLASSES[part]
    return [
        element
        for outer in root.iter("*")
        if wanted in outer.get("class", "").split()
        for element in outer.iter("*")
        if local(element) == "p"
        and element.get("class", "") not in ("page-switch", "downloads")
        and not any(local(above) == "section" and above is not outer
                    for above in element.iterancestors() if above in outer.iter())
    ]  # fmt: skip


def of_line(name: Format, part: str, how: str) -> Work:
    """A damage to a line in markup."""

    def work(finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
        book = open_book(finished, name)
        lines = [line for root in book.trees.values() for line in lines_of(root, part)]
        line = rng.choice(lines)
        parent = line.getparent()
        assert parent is not None
        subject = [text_of(line)[:30]]
        if how == "changed":
            words = next(e for e in line.iter("*") if (e.text or "").strip())
            letters = list(re.finditer(r"\w", words.text or ""))
            letter = rng.choice(letters)
            words.text = f"{letter.string[: letter.start()]}ß{letter.string[letter.end() :]}"
            subject += [word for word in text_of(line).split() if "ß" in word]
        elif how == "repeated":
            parent.insert(parent.index(line), copy.deepcopy(line))
        elif how == "lost":
            parent.remove(line)
        elif how == "hidden":
            line.set("hidden", "hidden")
        elif how == "a sentence added":
            last = line[-1] if len(line) else None
            if last is None:
                line.text = f"{line.text or ''} {ADDED}"
            else:
                last.tail = f"{last.tail or ''} {ADDED}"
            subject = [ADDED]
        else:
            added = etree.SubElement(parent, line.tag)
            added.text = ADDED
            parent.insert(parent.index(line), added)
            subject = [ADDED]
        return book.close(), told(KINDS, subject, f"a line of the {part}: {how}")

    return work


def of_contents(name: Format) -> Work:
    """A sentence between the lines of the contents."""

    def work(finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
        book = open_book(finished, name)
        lists = [
            nav for root in book.trees.values() for nav in root.iter("*")
            if nav.get("role") == "doc-toc" and any(local(e) == "li" for e in nav.iter("*"))
        ]  # fmt: skip
        if not lists:
            return None
        item = rng.choice([e for e in lists[0].iter("*") if local(e) == "li"])
        item[0].tail = f" {ADDED}"
        return book.close(), told(KINDS, [ADDED], "a sentence in the contents")

    return work


def words_on(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """The words of a page, each in one run, that are worth damaging."""
    runs = groupby(glyphs, key=lambda glyph: (id(glyph.run), glyph.text.isalnum()))
    words = [list(run) for (_, said), run in runs if said]
    return [word for word in words if len(word) > 3]


def of_page(part: str, how: str) -> Work:
    """A damage to a word of a printed page."""

    def work(finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
        file = Print(finished.pdf)
        page = file.pages[{"title page": 0, "colophon": 1, "contents": 2}[part]]
        word = rng.choice(words_on(page.glyphs()))
        said = "".join(glyph.text for glyph in word)
        if how == "changed":
            first = word[0]
            for other in rng.sample(page.glyphs(), len(page.glyphs())):
                unlike = other.text.isalnum() and other.text != first.text
                if unlike and replace([first], other.text):
                    break
            else:
                return None
            said = said[1:]
        elif how == "repeated":
            insert(word[-1], word)
        elif how == "lost":
            delete(word)
        else:
            x, y = word[0].place
            page.added.append(f"1 1 1 rg {x - 1:.1f} {y - 3:.1f} 400 14 re f")
        return file.save(), told(KINDS, [said], f"a word of the {part} {how}")

    return work


def lines_exchanged(finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
    """Two lines of the printed contents, each in the place of the other."""
    file = Print(finished.pdf)
    page = file.pages[2]
    lines: dict[int, list[Run]] = {}
    for run in page.runs:
        if run.glyphs():
            lines.setdefault(round(run.glyphs()[0].place[1]), []).append(run)
    if len(lines) < 3:
        return None
    heights = sorted(lines)[:-1]  # the highest is the heading
    low, high = sorted(rng.sample(heights, 2))
    for run in lines[low]:
        run.move(0, high - low)
    for run in lines[high]:
        run.move(0, low - high)
    said = ["".join(g.text for run in lines[at] for g in run.glyphs())[:12] for at in (low, high)]
    return file.save(), told(f"{KINDS} text-moved", said, f"{said} of the contents exchanged")


HOW = ("added", "a sentence added", "changed", "repeated", "lost", "hidden")
MARKUP: tuple[Format, ...] = ("html", "epub")

DAMAGES: tuple[Damage, ...] = (
    *(Damage(f"front: line of {part}, {how}", name, of_line(name, part, how))
      for part in CLASSES for how in HOW for name in MARKUP),
    *(Damage("front: sentence in contents", name, of_contents(name)) for name in MARKUP),
    *(Damage(f"front: word of {part}, {how}", "pdf", of_page(part, how))
      for part in (*CLASSES, "contents") for how in ("changed", "repeated", "lost", "hidden")),
    Damage("front: lines of contents exchanged", "pdf", lines_exchanged),
)  # fmt: skip
