"""Damages to emphasis in print: every letter stays, in another type or at another height."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pikepdf

from .damage_emphasis import KIND, emphasised
from .damage_pdf import PrintWork, print_damages
from .damage_text import article
from .markup import Book, local, open_book, text_of
from .mutant import Finished, Told, told
from .pdf_page import Font, Glyph, Page, Print, Wrap
from .words import shuffled


def page_fonts(file: Print, page: Page) -> Iterator[tuple[str, str, Font]]:
    """The fonts of a page: resource name, the name of the typeface, and the font."""
    for name, found in page.object.obj.Resources.Font.items():
        face = str(found.BaseFont).partition("+")[2].strip(",")
        if "/ToUnicode" in found:
            yield name.lstrip("/"), face, file.font(found)


def face_of(file: Print, glyph: Glyph) -> str:
    """The name of the typeface of a glyph, such as `Source-Serif-4-Italic`."""
    run = glyph.run
    return next(face for name, face, _ in page_fonts(file, run.page) if name == run.font_name)


def restyle(file: Print, glyphs: list[Glyph], face: str) -> bool:
    """Show glyphs of one run in another typeface, if it has them in the file."""
    run = glyphs[0].run
    if any(glyph.run is not run for glyph in glyphs):
        return False
    for name, other, font in page_fonts(file, run.page):
        codes = [font.code_for(glyph.text, glyph.code) for glyph in glyphs]
        if other == face and all(code is not None for code in codes):
            known = tuple(code for code in codes if code is not None)
            run.wraps.append(Wrap(glyphs[0], glyphs[-1], "", font_name=name, codes=known))
            run.changed = True
            return True
    return False


def located(file: Print, book: Book, rng: Random, *tags: str) -> Iterator[tuple[str, list[Glyph]]]:
    """The emphasised words of the article that can be found on the pages, with their glyphs."""
    for element in emphasised(book, rng, *tags):
        text = text_of(element)
        around = element.getparent()
        if around is None or len(text) < 4:
            continue
        glyphs = file.locate(text)
        if glyphs:
            yield text, glyphs


def refaced(tag: str, old: str, new: str) -> PrintWork:
    """A damage to the typeface of emphasised words; `old` and `new` end the names of typefaces."""

    def work(file: Print, finished: Finished, rng: Random) -> Told | None:
        book = open_book(finished, "html")
        for text, glyphs in located(file, book, rng, tag):
            face = face_of(file, glyphs[0])
            if face.endswith(old) and restyle(file, glyphs, face.removesuffix(old) + new):
                return told(KIND, [text], f"{text!r} from {face}")
        return None

    return work


def in_entry(file: Print, finished: Finished, rng: Random) -> Told | None:
    """Set a title of the bibliography upright."""
    book = open_book(finished, "html")
    for entry in shuffled(finished.ledger.entries, rng):
        element = book.get(entry.id)
        if element is None or not any(True for _ in element.iter("em", "i")):
            continue
        glyphs = file.locate(entry.text, entry.id)
        italic = [g for g in glyphs if face_of(file, g).endswith("-Italic")]
        run = [g for g in italic if g.run is italic[0].run]
        if run and restyle(file, run, face_of(file, run[0]).removesuffix("-Italic")):
            return told(KIND, [entry.id], f"{entry.id}: {run[0].run.page.number}")
    return None


def put_in(new: str) -> PrintWork:
    """A damage that sets a word of a paragraph in another typeface."""

    def work(file: Print, finished: Finished, rng: Random) -> Told | None:
        book = open_book(finished, "html")
        for element in shuffled(article(book, "p"), rng):
            for word in shuffled((element.text or "").split(), rng):
                glyphs = file.locate(word) if len(word) > 5 and word.isalpha() else []
                if not glyphs:
                    continue
                face = face_of(file, glyphs[0])
                if face == "Source-Serif-4" and restyle(file, glyphs, face + new):
                    return told(KIND, [word], f"{word!r} in {new}")
        return None

    return work


def moved(tag: str, times: float) -> PrintWork:
    """A damage that moves raised or lowered letters so many times their height towards the line."""

    def work(file: Print, finished: Finished, rng: Random) -> Told | None:
        book = open_book(finished, "html")
        for element in emphasised(book, rng, tag):
            text = text_of(element)
            sibling, outer = element.getprevious(), element.getparent()
            before = (outer.text if sibling is None else sibling.tail) if outer is not None else ""
            word = before.split()[-1] if before else ""
            glyphs = file.locate(word + text) if word else []
            if not glyphs or local(element) != tag:
                continue
            base, letters = glyphs[0].run, glyphs[-len(text) :]
            off = {id(glyph.run): glyph.run for glyph in letters}
            for run in off.values():
                rise = run.glyphs()[0].place[1] - base.glyphs()[0].place[1]
                run.move(0, -times * rise)
            return told(KIND, [word + text], f"{word + text!r}")
        return None

    return work


def capitals_lost(file: Print, finished: Finished, rng: Random) -> Told | None:
    book = open_book(finished, "html")
    for element in emphasised(book, rng, "span", css_class="smallcaps"):
        text = text_of(element)
        for glyph in file.locate(text):
            run = glyph.run
            others = [c for c, said in run.font.says.items() if said == glyph.text]
            glyph.code = next((code for code in others if code != glyph.code), glyph.code)
            run.changed = True
        return told(KIND, [text], text)
    return None


def line_lost(file: Print, finished: Finished, rng: Random) -> Told | None:
    """Take away the lines that are drawn through some words."""
    book = open_book(finished, "html")
    for element in emphasised(book, rng, "del", "s"):
        text = text_of(element)
        for run in {id(glyph.run): glyph.run for glyph in file.locate(text)}.values():
            steps = run.page.instructions
            for at in range(run.at, len(steps)):
                operator = str(steps[at][1])
                if operator == "EMC":
                    break
                if operator == "S":
                    steps[at] = ([], pikepdf.Operator("n"))
            run.changed = True
            return told(KIND, [text], text)
    return None


WORKS: dict[str, PrintWork] = {
    "emphasis: italics lost": refaced("em", "-Italic", ""),
    "emphasis: italics lost in an entry": in_entry,
    "emphasis: italics added": put_in("-Italic"),
    "emphasis: bold for italics": refaced("em", "-Italic", "-Semi-Bold"),
    "emphasis: bold lost": refaced("strong", "-Semi-Bold", ""),
    "emphasis: bold added": put_in("-Semi-Bold"),
    "emphasis: raised letters made level": moved("sup", 1),
    "emphasis: lowered letters made level": moved("sub", 1),
    "emphasis: lowered letters raised": moved("sub", 2),
    "emphasis: small capitals lost": capitals_lost,
    "emphasis: line through words lost": line_lost,
}
DAMAGES = print_damages(WORKS)
