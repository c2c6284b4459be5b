"""Damages to the order of a print edition: things exchanged, doubled and moved on the page."""

from __future__ import annotations

from random import Random
from typing import Any

import pikepdf

from .damage_pdf import Passage, PrintWork, kinds, one_run, passages, print_damages, saying, unlink
from .mutant import Finished, Told, told
from .pdf_page import Glyph, Print, Run, delete, insert, replace, stretches


def one_font(glyphs: list[Glyph]) -> bool:
    return bool(glyphs) and all(glyph.run.font is glyphs[0].run.font for glyph in glyphs)


def width(glyphs: list[Glyph]) -> float:
    return sum(g.run.font.widths.get(g.code, 1000) * g.run.size / 1000 for g in glyphs)


def swap_clusters(file: Print, finished: Finished, rng: Random) -> Told | None:
    """Two citations that differ in one stretch of glyphs each exchange it."""
    found = [p for p in passages(file, finished, rng, "cluster") if one_font(p.glyphs)]
    for one in found:
        for other in found:
            first, second = list(stretches(one.glyphs)), list(stretches(other.glyphs))
            if one is other or len(first) != len(second) or set(one.glyphs) & set(other.glyphs):
                continue
            pairs = [p for p in zip(first, second, strict=True) if said(p[0]) != said(p[1])]
            if len(pairs) == 1 and 0.5 < width(pairs[0][0]) / width(pairs[0][1]) < 2:
                left, right = pairs[0]
                texts = said(left), said(right)
                if left[0].run is not right[0].run and replace(left, texts[1]):
                    replace(right, texts[0])
                    what = f"{kinds(one, 'differs moved')} {kinds(other, 'differs moved')}"
                    return told(what, [*one.subject, *other.subject], f"{texts} exchanged")
    return None


def said(glyphs: list[Glyph]) -> str:
    return saying(glyphs)[0]


def room_for(glyphs: list[Glyph], run: Run) -> bool:
    """Whether copies of the glyphs can be squeezed into a run and still be read."""
    return run.font is glyphs[0].run.font and run.offset(None) > 1.5 * width(glyphs)


def double_cluster(file: Print, finished: Finished, rng: Random) -> Told | None:
    for passage in passages(file, finished, rng, "cluster"):
        glyphs = passage.glyphs
        if not one_font(glyphs):
            continue
        runs = glyphs[0].run.page.runs
        at = runs.index(glyphs[0].run)
        for run in (glyphs[0].run, runs[at - 1], glyphs[-1].run):
            if run.glyphs() and room_for(glyphs, run):
                before = run is not glyphs[-1].run or run is glyphs[0].run
                own = [g for g in run.glyphs() if g not in glyphs]
                if not own:
                    continue
                insert(own[-1] if before else glyphs[-1], glyphs)
                what = f"{kinds(passage, 'extra differs')} text-extra text-differs"
                line = f"{passage.subject[0]} said twice"
                return told(what, [*passage.subject, said(glyphs)], line)
    return None


def move_cluster(file: Print, finished: Finished, rng: Random) -> Told | None:
    paragraphs = [p for p in passages(file, finished, rng, "p") if p.glyphs]
    for passage in passages(file, finished, rng, "cluster"):
        if not one_font(passage.glyphs):
            continue
        for paragraph in paragraphs:
            if set(passage.glyphs) & set(paragraph.glyphs):
                continue
            for part in stretches(paragraph.glyphs):
                if room_for(passage.glyphs, part[0].run):
                    unlink(file, passage.glyphs)
                    insert(part[-1], passage.glyphs)
                    delete(passage.glyphs)
                    what = kinds(passage, "moved missing differs")
                    return told(what, passage.subject, f"{passage.subject[0]} moved")
    return None


def swap_in_group(file: Print, finished: Finished, rng: Random) -> Told | None:
    for passage in passages(file, finished, rng, "cluster"):
        if not one_run(passage.glyphs):
            runs = [part for part in stretches(passage.glyphs) if part[0].text.strip()]
        else:
            runs = []
        linked = [run for run in runs if file.links_over(run)]
        if len(linked) < 2 or linked[0][0].run.tm[5] != linked[1][0].run.tm[5]:
            continue
        first, second = (saying(run)[0] for run in linked[:2])
        if first != second and replace(linked[0], second) and replace(linked[1], first):
            return told(kinds(passage, "differs"), passage.subject, f"{first} ↔ {second}")
    return None


def shift(file: Print, moves: list[tuple[set[Run], float]]) -> None:
    """Move whole runs up or down a page, with the links and named places that lie on them."""
    carried = []
    for runs, dy in moves:
        glyphs = [glyph for run in runs for glyph in run.glyphs()]
        heights = [glyph.place[1] for glyph in glyphs]
        number = glyphs[0].run.page.number
        places = [
            name
            for name, (page, _, y) in file.places.items()
            if page == number and min(heights) + 4 < y < max(heights) + 14
        ]
        carried.append((file.links_over(glyphs), places, runs, dy))
    tree = pikepdf.NameTree(file.pdf.Root.Names.Dests)
    for notes, places, runs, dy in carried:
        for note in notes:
            x0, y0, x1, y1 = (float(number) for number in note.Rect)
            note.Rect = [x0, y0 + dy, x1, y1 + dy]
        for name in places:
            place: Any = tree[name]
            array = place.D if isinstance(place, pikepdf.Dictionary) else place
            array[3] = float(array[3]) + dy
        for run in runs:
            run.move(0, dy)


def swap_blocks(part: str, what: str) -> PrintWork:
    """A damage that lets two neighbours on a page change places, as a reader sees them."""

    def work(file: Print, finished: Finished, rng: Random) -> Told | None:
        found = [p for p in passages(file, finished, rng, part) if p.glyphs]
        for one in found:
            for other in found:
                page, top, bottom = one.glyphs[0].run.page, extent(one), extent(other)
                gap = top[1] - bottom[0]
                mine, theirs = numbered(one), numbered(other)
                if (
                    other.glyphs[0].run.page is page
                    and 5 < gap < 30
                    and not mine & theirs
                    and all(whole(p) for p in (one, other))
                ):
                    # What was below ends where the upper began, and the upper ends the stretch.
                    up, down = top[0] - bottom[0], bottom[1] - top[1]
                    shift(file, [(theirs, up), (mine, down)])
                    subject = [*one.subject, *other.subject]
                    return told(what, subject, f"{one.subject[0]} and {other.subject[0]} exchanged")
        return None

    return work


def numbered(passage: Passage) -> set[Run]:
    """The runs of a passage, and of the number that stands before it on its first line."""
    runs = {glyph.run for glyph in passage.glyphs if glyph.text.strip()}
    x, y = passage.glyphs[0].place
    for run in passage.glyphs[0].run.page.runs:
        at = run.glyphs()[0].place if run.glyphs() else (0.0, 0.0)
        if abs(at[1] - y) < 1 and x - 30 < at[0] < x:
            runs.add(run)
    return runs


def extent(passage: Passage) -> tuple[float, float]:
    """The first and last line of a passage, in points up the page."""
    heights = [glyph.place[1] for glyph in passage.glyphs]
    return max(heights), min(heights)


def whole(passage: Passage) -> bool:
    """Whether a passage's runs hold nothing else."""
    mine = set(passage.glyphs)
    runs = {glyph.run for glyph in passage.glyphs}
    others = [g for run in runs for g in run.glyphs() if g not in mine and g.text.strip()]
    return not others


def double_block(part: str, extra: str) -> PrintWork:
    """A damage that prints a passage a second time, below the last words of the last page."""

    def work(file: Print, finished: Finished, rng: Random) -> Told | None:
        page = file.pages[-1]
        lowest = min((g.place[1] for g in page.glyphs() if g.place[1] > 60), default=500.0)
        for passage in passages(file, finished, rng, part):
            if not passage.glyphs or not whole(passage):
                continue
            top, bottom = extent(passage)
            if lowest - 24 - (top - bottom) < 60:
                continue
            dy = lowest - 24 - top
            for run in dict.fromkeys(glyph.run for glyph in passage.glyphs):
                a, b, c, d, e, f = run.ctm
                shown = " ".join(
                    f"{' '.join(map(show, operands))} {operator}"
                    for operands, operator in run.instructions()
                )
                page.added.append(f"q {a} {b} {c} {d} {e} {f + dy} cm 0 g BT {shown} ET Q")
            subject = [*passage.subject, " ".join(saying(passage.glyphs)[0].split()[-4:])]
            return told(extra, subject, f"{passage.subject[0]} printed twice")
        return None

    return work


def show(operand: object) -> str:
    """An operand as it is written in a content stream."""
    if isinstance(operand, pikepdf.Object):
        return operand.unparse().decode("latin-1")
    return str(operand)


def cells(file: Print, finished: Finished, rng: Random) -> list[Passage]:
    return [
        p
        for p in passages(file, finished, rng, "td")
        if p.glyphs and len(p.subject[0]) > 3 and not file.links_over(p.glyphs)
    ]


def swap_cells(file: Print, finished: Finished, rng: Random) -> Told | None:
    found = [p for p in cells(file, finished, rng) if one_run(p.glyphs)]
    for one in found:
        for other in found:
            first, second = one.glyphs[0].run, other.glyphs[0].run
            if (
                first is not second
                and abs(first.tm[4] - second.tm[4]) < 1
                and saying(one.glyphs)[0] != saying(other.glyphs)[0]
            ):
                first.tm, second.tm = second.tm, first.tm
                first.changed = second.changed = True
                subject = [*one.subject, *other.subject]
                what = "text-moved text-differs disguised"
                return told(what, subject, f"{one.subject[0]} and {other.subject[0]} exchanged")
    return None


def lines_exchanged(file: Print, finished: Finished, rng: Random) -> Told | None:
    """Two lines of a paragraph change places: the text that is read out stays as it was."""
    for passage in passages(file, finished, rng, "p"):
        lines: dict[float, list[Run]] = {}
        for run in dict.fromkeys(glyph.run for glyph in passage.glyphs):
            lines.setdefault(run.tm[5], []).append(run)
        middle = list(lines.values())[1:-1]
        if len(middle) > 1 and whole(passage):
            first, second = middle[0], middle[1]
            dy = first[0].glyphs()[0].place[1] - second[0].glyphs()[0].place[1]
            if abs(dy) < 8:
                continue  # a raised mark and its line are no two lines
            shift(file, [(set(first), -dy), (set(second), dy)])
            subject = [*passage.subject, *saying(first[0].glyphs())[0].split()[:3]]
            return told("disguised text-moved text-differs", subject, f"lines of {subject[0]}…")
    return None


WORKS: dict[str, PrintWork] = {
    "citation: two exchanged": swap_clusters,
    "citation: doubled": double_cluster,
    "citation: moved": move_cluster,
    "citation: two works of a group exchanged": swap_in_group,
    "entry: two exchanged": swap_blocks("entry", "entry-moved entry-differs disguised"),
    "entry: doubled": double_block("entry", "entry-extra entry-differs text-extra"),
    "note: two exchanged": swap_blocks("note", "note-moved note-differs note-mark disguised"),
    "text: paragraphs exchanged": swap_blocks("p", "text-moved text-differs disguised"),
    "text: paragraph doubled": double_block("p", "text-extra text-differs entry-differs"),
    "table: cells exchanged": swap_cells,
    "disguised: lines exchanged": lines_exchanged,
}

DAMAGES = print_damages(WORKS)
