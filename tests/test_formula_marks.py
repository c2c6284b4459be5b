"""What pandoc's reader of TeX drops, and no edition may: colours, rules, strokes, sizes, tags."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path

import pikepdf
import pytest
from conftest import BODY_LINE, Desk
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from triptych.collate import collate
from triptych.edition import Edition
from triptych.manifest import read_manifest
from triptych.mathematics.colours import contrast, defined_colours, legible, read_colour
from triptych.mathematics.drawing import Line
from triptych.mathematics.layout import draw
from triptych.press import build
from triptych.read.source import read_source
from triptych.render.formulas import formulas_in, markup_of
from triptych.render.run import render_edition
from triptych.resolve.passes import resolve_source
from triptych.tree import Element
from triptych.witness.pdf.interpreter import Interpreter

COMMANDS = Path(__file__).parent / "gallery" / "commands.txt"
MATHML = "{http://www.w3.org/1998/Math/MathML}"


def formulas(edition: Edition) -> list[Element]:
    return formulas_in(etree.fromstring(edition.body))


def lines_of(math: Element) -> list[Line]:
    return [mark for mark in draw(markup_of(math)).marks if isinstance(mark, Line)]


# --- Nothing is lost in silence -------------------------------------------------------------------


def uses() -> list[str]:
    """Each command followed by four arguments, whether it takes any or not."""
    lines = COMMANDS.read_text(encoding="utf-8").splitlines()
    names = " ".join(line for line in lines if not line.startswith("#")).split()
    return [f"x\\{name}{{p}}{{q}}{{r}}{{s}}" for name in names]


@pytest.mark.parametrize("fence", ["$", "$$"])
def test_every_argument_of_every_command_is_shown_or_the_command_is_told(
    desk: Desk, fence: str
) -> None:
    body = "".join(f"N {fence}{use}{fence}\n\n" for use in uses())
    edition, told = resolve_source(read_source(desk.paper(body)), keep_going=True)
    lines = {diagnostic.line: diagnostic.message for diagnostic in told}
    shown = [p for p in etree.fromstring(edition.body).iter("p") if (p.text or "").startswith("N")]
    assert len(shown) == len(uses())
    silent = []
    for number, (use, paragraph) in enumerate(zip(uses(), shown, strict=True)):
        owed = Counter("xpqrs") - Counter(map(plain, "".join(paragraph.itertext())))
        if owed and BODY_LINE + 2 * number not in lines and not takes_room(use):
            silent.append((use, "".join(owed)))
    assert silent == []


def plain(letter: str) -> str:
    """A letter in whatever alphabet of mathematics."""
    return unicodedata.normalize("NFKD", letter)[:1]


def takes_room(use: str) -> bool:
    """Whether a command is meant to show less, as phantoms and the choice of one are."""
    return re.search(r"\\(?:[hv]?phantom|mathchoice|label|color|textcolor)\b", use) is not None


@pytest.mark.parametrize(
    ("tex", "what"),
    [
        (r"\href{https://example.org}{x}", r"\href"),
        (r"\raisebox{2pt}{x}", r"\raisebox"),
        (r"x \rule{1em}{2em} y", r"\rule"),
        (r"{\tiny x}", r"\tiny"),
        (r"\mathrlap{x}y", r"\mathrlap"),
        (r"\begin{array}{c@{=}c} x & y \end{array}", "an array's {=}"),
        (r"\color{nosuch} x", "the colour nosuch"),
        (r"x \tag{1}", r"\tag"),
        (r"x \cline{1-2}", "a line that is in no array"),
    ],
)
def test_what_no_edition_shows_is_told_with_its_line(desk: Desk, tex: str, what: str) -> None:
    paper = desk.paper(f"Some words\nand ${tex}$ here.\n")
    (told,) = desk.mistakes(paper)
    assert (told.code, told.severity, told.line) == ("math-lost", "warning", BODY_LINE + 1)
    assert what in told.message
    assert tex[:20] in told.excerpt


def test_a_short_formula_is_told_where_it_stands_and_not_within_another(desk: Desk) -> None:
    paper = desk.paper("Some $a^b + \\frac{a^}{b}$ words\n\nand $a^b$ and $a^$ here.\n")
    assert [told.line for told in desk.mistakes(paper)] == [BODY_LINE, BODY_LINE + 2]


def test_every_row_of_a_formula_prints_its_tag(desk: Desk) -> None:
    tex = "\\begin{align} a &= b \\tag{A} \\\\ c &= d \\tag*{B$'$} \\end{align}"
    body = etree.fromstring(desk.edition(f"$${tex}$$\n").body)
    assert body.xpath("//span[@class='equation-number']/text()") == ["(A)", "B′"]


def test_an_operator_of_more_than_letters_keeps_them(desk: Desk) -> None:
    (math,) = formulas(desk.edition("$$\\mathop{\\frac{a}{b}}_{c}$$\n"))
    assert "".join(math.itertext()) == "abc"
    assert math.find(f"{MATHML}munder") is not None


def test_what_stands_in_brackets_after_a_row_is_kept_if_it_is_no_length(desk: Desk) -> None:
    tex = "\\begin{aligned} a \\\\[2em] b \\\\[c, d] e \\end{aligned}"
    (math,) = formulas(desk.edition(f"$${tex}$$\n"))
    assert "".join("".join(math.itertext()).split()) == "ab[c,d]e"


def test_a_length_is_kept_as_white_space(desk: Desk) -> None:
    (math,) = formulas(desk.edition("$a \\hskip 20pt b \\hspace{1.5em} c \\mkern 9mu d$\n"))
    assert [e.get("width") for e in math.iter(f"{MATHML}mspace")] == ["2em", "1.5em", "0.5em"]


def test_an_operator_declared_with_a_star_has_limits(desk: Desk) -> None:
    declared = "\\DeclareMathOperator*{\\esssup}{ess\\,sup}\n\\DeclareMathOperator{\\tr}{tr}\n\n"
    body = declared + "$$\\esssup_{x}$$\n\n$$\\tr_{x}$$\n\n$$\\mathop{\\mathrm{lub}}_{x}$$\n"
    starred, plain_one, written = formulas(desk.edition(body))
    assert [m.find(f".//{MATHML}munder") is not None for m in (starred, plain_one, written)] == [
        True, False, True,
    ]  # fmt: skip


def test_an_operator_of_ones_own_stands_clear_of_what_it_is_applied_to(desk: Desk) -> None:
    declared = "\\DeclareMathOperator*{\\argmax}{arg\\,max}\n\n"
    body = declared + "$$\\argmax_{x} f$$\n\n$$\\argmax_{x} (a)$$\n"
    before_letter, before_bracket = (
        next(sign for sign in math.iter(f"{MATHML}mo") if sign.text == "\u2061")
        for math in formulas(desk.edition(body))
    )
    assert before_letter.get("rspace") == "0.167em"
    assert before_bracket.get("rspace") == "0em"


@pytest.mark.parametrize("command", ["\\displaystyle", "\\textstyle"])
def test_a_style_holds_to_the_end_of_its_group(desk: Desk, command: str) -> None:
    (math,) = formulas(desk.edition(f"${{{command} \\sum_a^b}} + \\sum_c^d$\n"))
    (style,) = math.iter(f"{MATHML}mstyle")
    assert style.get("displaystyle") == ("true" if "display" in command else "false")
    assert "".join(style.itertext()) == "∑ab"


def test_large_operators_in_a_line_are_as_large_as_their_style_says(desk: Desk) -> None:
    large, small = formulas(desk.edition("$\\displaystyle\\sum_a^b$ and $\\sum_a^b$\n"))
    assert draw(markup_of(large)).height > 1.5 * draw(markup_of(small)).height


# --- Colours --------------------------------------------------------------------------------------


def test_a_colour_is_the_same_in_all_editions(desk: Desk) -> None:
    made = build(desk.paper("Here $x + \\textcolor{blue}{y}$.\n"), out=desk.folder / "dist")
    assert made.collation.passed
    html, epub, pdf = (
        next(f for f in made.files if f.suffix == f".{end}") for end in ("html", "epub", "pdf")
    )
    assert 'mathcolor="#0000ff"' in html.read_text()
    with zipfile.ZipFile(epub) as book:
        pages = [book.read(n).decode() for n in book.namelist() if n.endswith(".xhtml")]
    assert any('mathcolor="#0000ff"' in page for page in pages)
    with pikepdf.open(pdf) as opened:
        glyphs = Interpreter().show(opened.pages[-1]).glyphs  # the colophon has the letter too
    assert {glyph.colour for glyph in glyphs if glyph.text == "y"} == {(0.0, 0.0, 1.0)}


def test_a_colour_holds_to_the_end_of_its_group_or_cell(desk: Desk) -> None:
    tex = "\\begin{matrix} \\color{red} a + b & c \\\\ {\\color{blue} d} e & f \\end{matrix}"
    (math,) = formulas(desk.edition(f"$${tex}$$\n"))
    coloured = ["".join(e.itertext()) for e in math.iter() if e.get("mathcolor")]
    assert coloured == ["a+b", "d"]


@pytest.mark.parametrize(
    ("model", "value", "colour"),
    [
        ("", "red", (1, 0, 0)),
        ("", "red!50", (1, 0.5, 0.5)),
        ("", "red!50!black", (0.5, 0, 0)),
        ("", "sea", (0, 0.5, 1)),
        ("", "sea!0!white!100", (1, 1, 1)),
        ("", "#ff0000", (1, 0, 0)),
        ("rgb", "0, .5, 1", (0, 0.5, 1)),
        ("RGB", "255,0,0", (1, 0, 0)),
        ("gray", "0.5", (0.5, 0.5, 0.5)),
        ("HTML", "FF0000", (1, 0, 0)),
        ("cmyk", "0,1,1,0", (1, 0, 0)),
        ("", "nosuch", None),
        ("", "red!x!blue", None),
        ("rgb", "2,0,0", None),
        ("wave", "500", None),
    ],
)
def test_colours_are_read_as_xcolor_has_them(
    model: str, value: str, colour: tuple[float, float, float] | None
) -> None:
    defined = defined_colours(r"\definecolor{sea}{rgb}{0,0.5,1} \colorlet{deep}{sea!50!black}")
    assert read_colour("", "deep", defined) == (0, 0.25, 0.5)
    read = read_colour(model, value, defined)
    assert read == (None if colour is None else pytest.approx(colour))


PARTS = st.floats(0, 1)


@given(st.tuples(PARTS, PARTS, PARTS))
def test_any_colour_can_be_read_by_day_and_by_night(colour: tuple[float, float, float]) -> None:
    papers = {False: (0.984, 0.976, 0.957), True: (0.086, 0.098, 0.122)}
    for dark, paper in papers.items():
        assert contrast(legible(colour, dark), paper) >= 4.5


def test_a_colour_that_can_be_read_is_left_as_it_is() -> None:
    assert legible((0.0, 0.0, 1.0), dark=False) == (0.0, 0.0, 1.0)


def test_a_colour_of_an_attribute_that_hides_a_formula_is_caught(desk: Desk) -> None:
    made = build(desk.paper("Here $x + \\textcolor{blue}{y}$.\n"), out=desk.folder / "dist",
                 formats=["html"])  # fmt: skip
    forged = made.files[0].read_text().replace('mathcolor="#0000ff"', 'mathcolor="#fbf9f4"')
    manifest = read_manifest(made.files[-1].read_bytes())
    found = collate(manifest, {"html": forged.encode()}).differences
    assert "hidden" in {difference.kind for difference in found}


# --- Rules, boxes and strokes ---------------------------------------------------------------------


def test_lines_of_an_array_are_borders_of_its_cells_and_drawn_in_print(desk: Desk) -> None:
    tex = "\\begin{array}{c|c} a & b \\\\ \\hline c & d \\end{array}"
    (math,) = formulas(desk.edition(f"$${tex}$$\n"))
    styles = [cell.get("style") or "" for cell in math.iter(f"{MATHML}mtd")]
    assert ["border-left" in style for style in styles] == [False, True, False, True]
    assert ["border-top" in style for style in styles] == [False, False, True, True]
    upright = {round(line.x, 3) for line in lines_of(math) if line.x == line.to_x}
    level = {round(line.y, 3) for line in lines_of(math) if line.y == line.to_y}
    assert (len(upright), len(level)) == (1, 1)


def test_a_line_after_the_last_row_is_no_row(desk: Desk) -> None:
    tex = "\\begin{array}{|c|} \\hline a \\\\ b \\\\ \\hline \\end{array}"
    (math,) = formulas(desk.edition(f"$${tex}$$\n"))
    rows = list(math.iter(f"{MATHML}mtr"))
    assert len(rows) == 2
    assert "border-bottom" in (rows[1][0].get("style") or "")


def test_a_partial_a_dashed_and_a_double_line_are_told_apart(desk: Desk) -> None:
    tex = (
        "\\begin{array}{cc} a & b \\\\ \\cline{2-2} c & d \\\\ \\hdashline e & f \\\\"
        " \\hline\\hline g & h \\end{array}"
    )
    (math,) = formulas(desk.edition(f"$${tex}$$\n"))
    borders = [
        re.findall(r"border-top: \S+ (\w+)", cell.get("style") or "")
        for cell in math.iter(f"{MATHML}mtd")
    ]
    assert borders == [[], [], [], ["solid"], ["dashed"], ["dashed"], ["double"], ["double"]]


def test_columns_of_a_starred_matrix_stand_where_it_says(desk: Desk) -> None:
    (math,) = formulas(desk.edition("$$\\begin{bmatrix*}[r] -1 & 2 \\end{bmatrix*}$$\n"))
    assert "".join(math.itertext()) == "[−12]"
    assert {cell.get("columnalign") for cell in math.iter(f"{MATHML}mtd")} == {"right"}


def test_boxes_and_strokes_are_shown_without_an_element_that_browsers_lack(desk: Desk) -> None:
    edition = desk.edition("$\\boxed{a} + \\cancel{b} + \\xcancel{c}$\n")
    page = render_edition(edition, "html").decode()
    math = re.search(r"<math.*?</math>", page, re.S)
    assert math is not None
    assert "menclose" not in math[0]
    assert "border: 0.06em solid" in math[0]
    assert re.findall(r'class="(\w*struck)"', math[0]) == ["struck", "struck", "backstruck"]


def test_a_formula_says_what_is_struck_out_and_boxed(desk: Desk) -> None:
    (math,) = formulas(desk.edition("$\\boxed{a} + \\cancel{b}$\n"))
    assert math.get("alttext") == "a in a box plus b struck out"


def test_a_stroke_through_prose_is_caught(desk: Desk) -> None:
    made = build(desk.paper("Some words.\n\n$\\cancel{x}$\n"), out=desk.folder / "dist",
                 formats=["html"])  # fmt: skip
    manifest = read_manifest(made.files[-1].read_bytes())
    forged = made.files[0].read_text().replace("math .struck {", "p, math .struck {")
    found = collate(manifest, {"html": forged.encode()}).differences
    assert "disguised" in {difference.kind for difference in found}
