"""Damages that leave a print edition's text as it is read out, and change what is seen of it."""

from __future__ import annotations

import io
from random import Random

import pikepdf
from fontTools.ttLib import TTFont

from .damage_pdf import Passage, PrintWork, kinds, passages, print_damages
from .mutant import Finished, Told, told
from .pdf_page import Font, Glyph, Print, Wrap, matrix, shown, stretches, times
from .words import shuffled

PLAIN = {
    "white": "1 1 1 rg",
    "rendering mode 3": "3 Tr",
    "off the page": "1 0 0 1 5000 0 cm",
    "clipped away": "0 0 .1 .1 re W n",
    "transparent": "/Clear gs",
}
"""Ways to hide text: operators before it, within a saved graphics state."""


def victim(file: Print, finished: Finished, rng: Random) -> Passage | None:
    """A citation, entry, note or paragraph to hide."""
    parts = shuffled(("cluster", "entry", "note", "p"), rng)
    for part in parts:
        for passage in passages(file, finished, rng, part):
            if passage.glyphs:
                return passage
    return None


def told_of(passage: Passage, line: str, what: str = "missing differs") -> Told:
    return told(f"hidden {kinds(passage, what)}", passage.subject, f"{line} {passage.subject[0]}")


def hide(way: str) -> PrintWork:
    def work(file: Print, finished: Finished, rng: Random) -> Told | None:
        passage = victim(file, finished, rng)
        if passage is None:
            return None
        if way == "transparent":
            page = passage.glyphs[0].run.page
            if "/ExtGState" not in page.object.obj.Resources:
                page.object.obj.Resources.ExtGState = pikepdf.Dictionary()
            page.object.obj.Resources.ExtGState.Clear = pikepdf.Dictionary(ca=0, CA=0)
        for part in stretches(passage.glyphs):
            before, after, size = f"q {PLAIN.get(way, '')}", "Q", None
            if way == "tiny":
                size = 0.1
            elif way == "covered":
                after = f"Q q 1 1 1 rg {box(part)} re f Q"
            part[0].run.wraps.append(Wrap(part[0], part[-1], before, after, size))
            part[0].run.changed = True
        return told_of(passage, way)

    return work


def box(part: list[Glyph]) -> str:
    """The rectangle that covers a stretch of a run, in the run's own space."""
    run = part[0].run
    start = run.offset(part[0])
    end = run.offset(part[-1]) + run.font.widths.get(part[-1].code, 1000) * run.size / 1000
    _, _, _, d, e, f = run.tm
    low, height = f - d * 0.3 * run.size, d * 1.3 * run.size
    return f"{e + start - 1:.3f} {low:.3f} {end - start + 2:.3f} {height:.3f}"


def unseen_words(file: Print, finished: Finished, rng: Random) -> Told | None:
    """A citation's text a second time, in white and between the lines."""
    for passage in passages(file, finished, rng, "cluster"):
        if not passage.glyphs:
            continue
        part = next(stretches(passage.glyphs))
        run = part[0].run
        tm = times((1, 0, 0, 1, run.offset(part[0]), 0.4 * run.size), run.tm)
        again = f"BT {matrix(tm)} Tm /{run.font_name} {run.size:.9g} Tf {shown(list(part))} ET"
        run.wraps.append(Wrap(part[0], part[-1], "q", f"Q q 3 Tr {again} Q"))
        run.changed = True
        what = f"{kinds(passage, 'extra differs')} hidden text-extra text-differs"
        return told(what, passage.subject, f"unseen text at {passage.subject[0]}")
    return None


def digits_of(
    file: Print, finished: Finished, rng: Random
) -> tuple[Font, Glyph, int, str, list[str]] | None:
    """A digit seen in a citation or entry, another code of its font, and all whom it concerns."""
    for part in ("cluster", "entry"):
        for passage in passages(file, finished, rng, part):
            for glyph in shuffled([g for g in passage.glyphs if g.text.isdigit()], rng):
                font = glyph.run.font
                others = [d for d in "123456789" if d != glyph.text]
                for other in shuffled(others, rng):
                    code = font.code_for(other, glyph.code)
                    if code is not None and abs(code - glyph.code) < 12:
                        return font, glyph, code, other, finished.holding(glyph.text + other)
    return None


EVERYWHERE = "disguised citation-differs entry-differs note-differs text-differs number-differs"


def false_unicode(file: Print, finished: Finished, rng: Random) -> Told | None:
    """The page shows one digit, and search, copying and reading aloud give another."""
    found = digits_of(file, finished, rng)
    if found is None:
        return None
    font, glyph, _, other, whom = found
    cmap = font.object.ToUnicode.read_bytes().decode("latin-1")
    line = f"<{glyph.code:04x}> <{ord(glyph.text):04x}>"
    if line not in cmap:
        return None
    altered = cmap.replace(line, f"<{glyph.code:04x}> <{ord(other):04x}>")
    font.object.ToUnicode = file.pdf.make_stream(altered.encode("latin-1"))
    name = str(font.object.BaseFont)
    return told(EVERYWHERE, [*whom, name.lstrip("/")], f"{glyph.text} is read out as {other}")


def outlines_swapped(file: Print, finished: Finished, rng: Random) -> Told | None:
    """The embedded font program draws two digits as each other."""
    found = digits_of(file, finished, rng)
    if found is None:
        return None
    font, glyph, code, other, whom = found
    descriptor = font.object.DescendantFonts[0].FontDescriptor
    program = TTFont(io.BytesIO(descriptor.FontFile2.read_bytes()))
    order, glyf = program.getGlyphOrder(), program["glyf"]
    one, two = order[glyph.code], order[code]
    glyf[one], glyf[two] = glyf[two], glyf[one]
    out = io.BytesIO()
    program.save(out)
    descriptor.FontFile2 = file.pdf.make_stream(out.getvalue(), Length1=len(out.getvalue()))
    name = str(font.object.BaseFont)
    return told(EVERYWHERE, [*whom, name.lstrip("/")], f"{glyph.text} is drawn as {other}")


def glyph_map_swapped(file: Print, finished: Finished, rng: Random) -> Told | None:
    """The map from characters to glyphs (ISO 32000-1, 9.7.4.2) exchanges two digits."""
    found = digits_of(file, finished, rng)
    if found is None:
        return None
    font, glyph, code, other, whom = found
    descendant = font.object.DescendantFonts[0]
    glyphs = list(range(max(font.says) + 1))
    glyphs[glyph.code], glyphs[code] = code, glyph.code
    data = b"".join(number.to_bytes(2, "big") for number in glyphs)
    descendant.CIDToGIDMap = file.pdf.make_stream(data)
    name = str(font.object.BaseFont)
    return told(EVERYWHERE, [*whom, name.lstrip("/")], f"{glyph.text} is drawn as {other}")


def struck_over(file: Print, finished: Finished, rng: Random) -> Told | None:
    """A line as thick as the text is drawn over it."""
    passage = victim(file, finished, rng)
    if passage is None:
        return None
    for part in stretches(passage.glyphs):
        x, y, width, height = map(float, box(part).split())
        middle = y + height / 2
        line = f"{x} {middle} m {x + width} {middle} l S"
        part[0].run.wraps.append(
            Wrap(part[0], part[-1], "q", f"Q q 1 G {abs(height)} w {line} Q", None)
        )
        part[0].run.changed = True
    return told_of(passage, "a thick line")


def in_the_work(item: pikepdf.Object) -> bool:
    """Whether a structure element belongs to the article, not to what stands around it."""
    while "/P" in item:
        item = item.P
        if item.get("/S") == "/Part":
            return True
    return False


def retagged(old: tuple[str, ...]) -> PrintWork:
    """A damage that tags a heading or a caption as a paragraph."""

    def work(file: Print, _: Finished, rng: Random) -> Told | None:
        found = [
            item
            for item in file.pdf.objects
            if isinstance(item, pikepdf.Dictionary) and str(item.get("/S", "")) in old
            if in_the_work(item)
        ]
        for item in shuffled(found, rng):
            kind = str(item.S)[1:]
            item.S = pikepdf.Name.P
            what = "caption" if kind == "Caption" else "heading"
            return told("structure-differs", [f"is not a {what}"], f"a {kind} tagged as P")
        return None

    return work


WORKS: dict[str, PrintWork] = {
    **{f"hidden: {way}": hide(way) for way in (*PLAIN, "tiny", "covered")},
    "hidden: a thick line over it": struck_over,
    "hidden: unseen words added": unseen_words,
    "structure: heading to paragraph": retagged(("/H2", "/H3")),
    "structure: caption to paragraph": retagged(("/Caption",)),
    "disguised: digit read out as another": false_unicode,
    "disguised: digits swapped in the font": outlines_swapped,
    "disguised: digits swapped in the font's map": glyph_map_swapped,
}

DAMAGES = print_damages(WORKS)
