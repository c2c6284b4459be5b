"""Damages to the heads of printed pages: names and numbers lost, changed, exchanged or hidden."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from .mutant import Damage, Finished, Told, told
from .pdf_page import Glyph, Page, Print, Run, delete, insert, replace

Work = Callable[[Finished, Random], tuple[bytes, Told] | None]

KINDS = "head-differs folio-differs text-extra hidden"


def head_of(page: Page) -> tuple[list[Run], list[Run]]:
    """What stands at the head of a page: the name, and the number."""
    shown = [run for run in page.runs if words(run.glyphs())]
    top = max((run.glyphs()[0].place[1] for run in shown), default=0.0)
    line = [run for run in shown if abs(run.glyphs()[0].place[1] - top) < 1]
    numbers = [run for run in line if words(run.glyphs()).isdecimal()]
    if not numbers or len(line) == len(shown):
        return [], []
    return [run for run in line if run not in numbers], numbers


def words(glyphs: Sequence[Glyph]) -> str:
    return "".join(glyph.text for glyph in glyphs).strip()


def become(run: Run, other: Run) -> None:
    """Let a run say what another says, in the same font."""
    run.items = [Glyph(item.code, run) if isinstance(item, Glyph) else item for item in other.items]
    run.changed = True


def exchanged(wanted: Callable[[Page, Page], bool], part: int) -> Work:
    """The name (0) or the number (1) of one page on another."""

    def work(finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
        file = Print(finished.pdf)
        pages = [page for page in file.pages if head_of(page)[part]]
        pairs = [
            (one, other)
            for one in pages
            for other in pages
            if wanted(one, other)
            and head_of(one)[part][0].font is head_of(other)[part][0].font
            and words(head_of(one)[part][0].glyphs()) != words(head_of(other)[part][0].glyphs())
        ]
        if not pairs:
            return None
        one, other = rng.choice(pairs)
        said = words(head_of(other)[part][0].glyphs())
        become(head_of(one)[part][0], head_of(other)[part][0])
        subject = [f"page-{one.number}"]
        return file.save(), told(KINDS, subject, f"page {one.number} has {said!r} at its head")

    return work


def damaged(damage: Callable[[Run, Page, Random], bool], part: int) -> Work:
    """A damage to the name (0) or the number (1) of a page."""

    def work(finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
        file = Print(finished.pdf)
        pages = [page for page in file.pages if head_of(page)[part]]
        for page in rng.sample(pages, len(pages)):
            run = head_of(page)[part][0]
            said = words(run.glyphs())
            if damage(run, page, rng):
                return file.save(), told(
                    KINDS, [f"page-{page.number}", said], f"{said!r} at the head of {page.number}"
                )
        return None

    return work


def lost(run: Run, _page: Page, _rng: Random) -> bool:
    delete(run.glyphs())
    return True


def end_lost(run: Run, _page: Page, _rng: Random) -> bool:
    glyphs = run.glyphs()
    delete(glyphs[len(glyphs) // 2 :])
    return len(glyphs) > 1


def changed(run: Run, _page: Page, rng: Random) -> bool:
    glyph = rng.choice([glyph for glyph in run.glyphs() if glyph.text.isalnum()])
    kind = str.isdecimal if glyph.text.isdecimal() else str.isalpha
    others = [said for said in run.font.says.values() if kind(said) and said != glyph.text]
    return bool(others) and replace([glyph], rng.choice(sorted(others)))


def twice(run: Run, _page: Page, _rng: Random) -> bool:
    insert(run.glyphs()[-1], run.glyphs())
    return True


def hidden(run: Run, page: Page, _rng: Random) -> bool:
    x, y = run.glyphs()[0].place
    page.added.append(f"1 1 1 rg {x - 1:.1f} {y - 3:.1f} {run.offset(None) + 2:.1f} 12 re f")
    return True


def to_the_other_edge(run: Run, page: Page, _rng: Random) -> bool:
    names = head_of(page)[0]
    if not names:
        return False
    left, here = names[0].glyphs()[0].place[0], run.glyphs()[0].place[0]
    across = left - 30 if here > left else left + names[0].offset(None) * names[0].ctm[0] + 30
    run.move(across - here, 0)
    return True


def same_side(one: Page, other: Page) -> bool:
    return one.number % 2 == other.number % 2


def other_side(one: Page, other: Page) -> bool:
    return not same_side(one, other)


DAMAGES: tuple[Damage, ...] = (
    Damage("head: of another section", "pdf", exchanged(same_side, 0)),
    Damage("head: of the facing page", "pdf", exchanged(other_side, 0)),
    Damage("head: number of another page", "pdf", exchanged(same_side, 1)),
    Damage("head: number at the inner edge", "pdf", damaged(to_the_other_edge, 1)),
    *(
        Damage(f"head: {what}, {how.__name__.replace('_', ' ')}", "pdf", damaged(how, part))
        for part, what in enumerate(("name", "number"))
        for how in (lost, changed, twice, hidden)
    ),
    Damage("head: name, end lost", "pdf", damaged(end_lost, 0)),
)
