"""On a phone no page scrolls sideways: what is too wide breaks, or scrolls in a box of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Desk
from playwright.sync_api import Page, sync_playwright

from triptych.press import build
from triptych.validators.chromium import chromium

PHONE = 390
"""The width of a phone, in CSS px."""
SUM = " + ".join(f"a_{{{n}}}" for n in range(1, 25))
CODE = "code_that_is_very_long_indeed_and_has_no_place_to_break_at_all_whatsoever_in_it(x)"
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
URL = (
    "https://example.org/averyveryverylongpathsegmentwithoutanybreakwhatsoeverthatgoesonandonandon"
)
ROW = "| " + "Montevideo | " * 12
BODIES = {
    "formulas": f"In ${SUM}$ words.^[${SUM}$]\n\n- item ${SUM}$\n\nTerm ${SUM}$\n:   ${SUM}$",
    "a formula in a quotation": f"> As ${SUM}$ is.",
    "a fraction, brackets": f"So ($\\frac{{{SUM}}}{{b}}$), and\n\n$$ {SUM} = b $$ {{#eq:x}}",
    "TeX that nobody knows": f"So $\\unknown{{{SUM}}}$ and\n\n$$\\unknown{{{SUM}}}$$",
    "code": f"`{CODE}`\n\n> `{CODE}`\n\n~~~\n{CODE} {CODE}\n~~~\n\n- `{CODE}`^[`{CODE}`]",
    "addresses": f"<{URL}> and [{URL}]({URL})\n\n- <{URL}>^[See <{URL}>.]",
    "words": f"{WORD}\n\n# {WORD} `{CODE}`\n\n*{WORD}* and **{WORD}{WORD}**\n\n| {WORD}",
    "a long term": f"{WORD}\n:   {WORD}",
    "tables": f"{ROW}\n{'|---' * 12}|\n{ROW}\n\n: {WORD} ${SUM}$ {{#tbl:x}}\n\nSee @tbl:x.",
    "pictures": "![Of it](a.svg){width=200mm alt=x}\n\n![](a.svg){width=90% alt=y} words",
}  # fmt: skip
WORKS = ("mathematics", "tables", "code", "german", "pandoc-crossref", "figures")


@pytest.fixture(scope="module")
def phone() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield browser.new_page(viewport={"width": PHONE, "height": 844})
        browser.close()


def width_on(phone: Page, file: Path) -> int:
    phone.goto(file.as_uri())
    return int(phone.evaluate("document.documentElement.scrollWidth"))


@pytest.mark.parametrize("kind", BODIES)
def test_what_is_wide_does_not_widen_the_page(kind: str, desk: Desk, phone: Page) -> None:
    paper = desk.paper(f"{BODIES[kind]}\n", f"title: {WORD}\nauthor: {WORD}\n")
    made = build(paper, out=desk.folder / "out", formats=["html"])
    assert width_on(phone, made.files[0]) == PHONE


@pytest.mark.parametrize("work", WORKS)
def test_no_paper_of_the_corpus_scrolls_sideways(work: str, tmp_path: Path, phone: Page) -> None:
    paper = Path(__file__).parent / "corpus" / work / "paper.md"
    made = build(paper, out=tmp_path, formats=["html"], keep_going=True)
    assert width_on(phone, made.files[0]) == PHONE


@pytest.mark.parametrize("width", [PHONE, 1280])
def test_no_word_of_a_title_is_broken(width: int, desk: Desk, phone: Page) -> None:
    """Where a browser has no dictionary of the language, it would break it without a hyphen."""
    title = "Untersuchungswerkzeuge der *Sprachwissenschaftsabteilungen*"
    paper = desk.paper("Text.\n", f'title: "{title}"\nlang: de\n')
    made = build(paper, out=desk.folder / "out", formats=["html"])
    phone.set_viewport_size({"width": width, "height": 844})
    phone.goto(made.files[0].as_uri())
    lines = phone.evaluate("""() => {
      const title = document.querySelector(".title")
      const walker = document.createTreeWalker(title, NodeFilter.SHOW_TEXT)
      const found = []
      while (walker.nextNode()) for (const word of walker.currentNode.data.matchAll(/\\S+/g)) {
        const range = document.createRange()
        range.setStart(walker.currentNode, word.index)
        range.setEnd(walker.currentNode, word.index + word[0].length)
        found.push(range.getClientRects().length)
      }
      return found
    }""")
    phone.set_viewport_size({"width": PHONE, "height": 844})
    assert lines == [1, 1, 1]


def test_a_long_formula_in_a_line_can_be_scrolled_from_the_keyboard(desk: Desk) -> None:
    made = build(desk.paper(f"In ${SUM}$ and $x$.\n"), out=desk.folder / "out", formats=["html"])
    page = made.files[0].read_text(encoding="utf-8")
    assert page.count('class="long-formula" tabindex="0" role="group" aria-label="Equation"') == 1
