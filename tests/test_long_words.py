"""Words too long for their line are divided: by the rules of their language, else anywhere."""

from __future__ import annotations

import itertools
import re

import pypdfium2
import pytest
from conftest import Desk

from triptych.press import build

LONG = {
    "de": "Sprachwissenschaftsabteilungen Bedienungsanleitung Untersuchungswerkzeuge",
    "nl": "Arbeidsongeschiktheidsverzekeringsmaatschappij",
    "fi": "Epäjärjestelmällisyydestäänkin Kansainvälistymispyrkimyksistämme",
    "hu": "Megszentségteleníthetetlenségeskedéseitekért",
    "en": "Antidisestablishmentarianism Incomprehensibilities",
}


@pytest.mark.parametrize("language", LONG)
def test_titles_and_headings_divide_a_long_word_with_a_hyphen_only(
    language: str, desk: Desk
) -> None:
    words = LONG[language]
    paper = desk.paper(f"# Of {words}\n\nText.\n", f"title: {words}\nlang: {language}\n")
    build(paper, out=desk.folder / "out", formats=["html", "pdf"])
    pages = list(pypdfium2.PdfDocument(desk.folder / "out" / "paper.pdf"))
    for page in (pages[0], pages[-1]):
        lines = page.get_textpage().get_text_bounded().split("\r\n")
        whole = " ".join(lines)
        # PDFium gives a hyphen at the end of a line as a sign of its own.
        assert re.sub("[-\ufffe\x02] ?", "", whole).count(words.split()[0]) >= 1
        for line, after in itertools.pairwise(lines):
            torn = any(
                line.split()[-1:] == [word[:n]] and after.startswith(word[n:])
                for word in words.split()
                for n in range(1, len(word))
            )
            assert not torn, (line, after)


STRING = "a1B2" * 60
GLUED = (
    *(f"*{'0' * length}*{STRING}" for length in (1, 40, 55, 56, 57, 58, 59, 60, 61, 62, 80)),
    f"`code`{STRING}", f"`{STRING}`glued`{STRING}`", f"H~2~{STRING}, H~2~O", f"$x${STRING}$x$",
    f"[link](https://example.org){STRING}", f"a[{STRING}](https://example.org)b", f"*{STRING}*b",
    f"\N{CJK UNIFIED IDEOGRAPH-6F22}*b*{STRING}", f"**b**{STRING}^[A note of *b*{STRING}.]",
)  # fmt: skip


def test_a_string_that_no_line_holds_stays_on_the_page_whatever_it_is_glued_to(desk: Desk) -> None:
    body = "".join(
        f"{form}\n\n- {form}\n\n    1. {form}\n\n> {form}\n\nterm\n:   {form}\n\n" for form in GLUED
    )
    made = build(desk.paper(body), out=desk.folder / "out", formats=["html", "pdf"])
    assert made.collation.passed
