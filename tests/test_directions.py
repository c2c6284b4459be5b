"""Words that run against their line stand where they are read, in print as on the web.

WeasyPrint knows directions within one text only; where emphasis, links or raised letters divide a
text, Triptych finds them. The proof sees parts of a line that have changed places.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pypdfium2
import pytest
from conftest import Desk
from lxml import etree

from triptych.collate.editions import collate_edition
from triptych.press import build
from triptych.render.typesetter.directions import set_directions
from triptych.render.typesetter.engine import load
from triptych.render.typesetter.weasyprint import typeset
from triptych.witness.pdf.reader import read_pdf

PAGE = """
    @page { size: 120mm 90mm; margin: 5mm }
    body { margin: 0; font: 9pt "Source Serif 4", "Markazi Text" }
"""


def placed(pdf: bytes, words: str) -> list[str]:
    """Of some letters, each on the page once, how they stand from left to right."""
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    said = [text.get_text_range(number, 1) for number in range(text.count_chars())]
    return sorted(words, key=lambda letter: text.get_charbox(said.index(letter))[0])


def page(markup: str, *, way: str = "rtl") -> bytes:
    return typeset(
        f'<html lang="en" dir="{way}"><head><title>T</title></head><body><main><div>{markup}</div>'
        "</main></body></html>",
        PAGE,
        described={},
    ).pdf


@pytest.mark.parametrize(
    ("way", "markup", "seen"),
    [
        ("rtl", "<p>ماء H<sub>2</sub>O ثم</p>", "ثH2Oء"),
        ("rtl", "<p>ماء <i>A</i> B <a href='#x'>C</a> ثم</p>", "ثABCء"),
        ("rtl", "<p>ماء <i>ثم A</i><sub>2</sub>C نص</p>", "نA2Cثء"),
        ("rtl", "<p>ماء <a href='#x'>H<sub>2</sub>O</a> ثم</p>", "ثH2Oء"),
        ("rtl", "<p>سنة 1860, A 73/9, ص</p>", "صA79186س"),
        ("ltr", "<p>So <i>ا</i> ب <b>ت</b> it</p>", "Sتباit"),
        ("ltr", "<p>So ا <i>ب x</i> it</p>", "Sباxit"),
    ],
)
def test_what_runs_against_its_line_is_in_one_order_over_all_elements(
    way: str, markup: str, seen: str
) -> None:
    assert placed(page(markup, way=way), seen) == list(seen)


def test_an_element_across_which_a_stretch_ends_is_divided_and_keeps_its_id_once() -> None:
    load()
    paragraph = ET.fromstring('<p dir="rtl">ماء <em id="a">ثم x</em> y</p>')
    set_directions(paragraph)
    assert ET.tostring(paragraph, encoding="unicode") == (
        '<p dir="rtl">ماء <em id="a">ثم </em>'
        '<span dir="ltr" class="stretch"><em>x</em> y</span></p>'
    )


def test_a_text_in_one_direction_is_left_as_it_is() -> None:
    load()
    markup = "<div><p>So <i>1</i> and <b>2</b></p><p>H<sub>2</sub>O</p></div>"
    element = ET.fromstring(markup)
    set_directions(element)
    assert ET.tostring(element, encoding="unicode") == markup


def test_a_line_from_the_right_that_ends_in_words_from_the_left_keeps_its_edges() -> None:
    words = "كلام <a href='#x'>one two three</a> " * 12
    text = pypdfium2.PdfDocument(page(f'<p style="text-align: justify">{words}</p>'))[
        0
    ].get_textpage()
    edges = max(
        text.get_charbox(number)[2]
        for number in range(text.count_chars())
        if not text.get_text_range(number, 1).isspace()
    )
    assert edges <= (120 - 5) / 25.4 * 72 + 0.5


@pytest.mark.parametrize("way", ["rtl", "ltr"])
def test_parts_of_a_line_that_have_changed_places_are_named(way: str) -> None:
    words = ("one", "two", "ثلاثة") if way == "ltr" else ("واحد", "اثنان", "three")
    markup = "<article><p>{} <i>{}</i> {}</p></article>".format(*words)
    assert not read_pdf(page(markup, way=way)).article.doubts
    moved = markup.replace(
        "<i>", '<i style="position: relative; left: {}mm">'.format(30 if way == "ltr" else -30)
    )
    doubts = read_pdf(page(moved, way=way)).article.doubts
    assert {doubt.kind for doubt in doubts} >= {"moved"}


def test_code_runs_from_the_left_among_words_from_the_right(desk: Desk) -> None:
    code = '```bash\nls -l "$(basename "$file" .tiff)" --all\n```'
    paper = desk.paper(f'كتب `tesseract "$file" --psm 6` ثم:\n\n{code}\n', "lang: ar\n")
    assert build(paper, out=desk.folder / "out").collation.passed
    text = (desk.folder / "out" / "paper.html").read_text()
    assert '<pre class="sourceCode bash" dir="ltr">' in text
    assert '<code dir="ltr">' in text


def test_words_in_drawings_stand_where_they_do_by_themselves(desk: Desk) -> None:
    drawing = '<text x="5" y="5" text-anchor="end">بئر</text>'
    desk.put("b.svg", f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{drawing}</svg>')
    paper = desk.paper("![شكل](b.svg){#fig:b}\n", "lang: ar\n")
    assert build(paper, out=desk.folder / "out", formats=["html", "epub"]).collation.passed
    root = etree.HTML((desk.folder / "out" / "paper.html").read_text())
    assert [svg.get("direction") for svg in root.iter("svg")] == ["ltr"]


@pytest.fixture(scope="module")
def powers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    desk = Desk(tmp_path_factory.mktemp("powers"))
    paper = desk.put(
        "paper.md",
        "---\ntitle: القياس 10^-2^\nlang: ar\n---\n\n"
        "الكتلة 10^-3^ والمساحة 5^2^ م، وH~2~O، وس^2^، و3~i~^2^.\n",
    )
    assert build(paper, out=desk.folder / "out").collation.passed
    return desk.folder / "out"


def test_a_power_among_words_from_the_right_runs_from_the_left(powers: Path) -> None:
    text = (powers / "paper.html").read_text()
    for power in (
        "10<sup>-2</sup>",
        "10<sup>-3</sup>",
        "5<sup>2</sup>",
        "3<sub>i</sub><sup>2</sup>",
    ):
        assert f'<span dir="ltr" class="stretch">{power}</span>' in text
    assert "وH<sub>2</sub>O" in text
    assert "وس<sup>2</sup>" in text


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("en", "Of [abc (1)]{lang=he dir=rtl}, [x² *№ 5*]{lang=ar} and [R&D]{dir=rtl}.\n"),
        ("en", "A note.[^n]\n\n[^n]: [-- ... R&D]{lang=he dir=rtl} too.\n"),
        ("en", "![A map [[@ada, p. 3]]{lang=he dir=rtl}](a.svg)\n"),
        ("en", "| a |\n|---|\n| [50 % (1)]{lang=ar} |\n"),
        ("he", '# See "A" one\n\nWords (2) alone.[^n]\n\n[^n]: Note 😀 three.\n'),
    ],
)
def test_words_without_letters_from_the_right_are_proven_in_any_language(
    language: str, body: str, desk: Desk
) -> None:
    paper = desk.paper(body, f"lang: {language}\n")
    assert build(paper, out=desk.folder / "out", keep_going=True).collation.differences == ()


@pytest.mark.parametrize("words", ["Of [abc (1)]{lang=he dir=rtl}.", "Of abc (1)."])
def test_words_turned_afterwards_are_told(words: str, desk: Desk) -> None:
    out = desk.folder / "out"
    build(desk.paper(f"{words}\n"), out=out, formats=["html"])
    page = out / "paper.html"
    page.write_text(page.read_text().replace("<p>", '<p dir="rtl">'))
    told = collate_edition([out / "paper.edition.json", page]).differences
    assert {difference.kind for difference in told} >= {"disguised"}
