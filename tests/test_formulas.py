"""Formulas: a gallery built in all editions and held against real judges, and how TeX is read."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest
from conftest import BODY_LINE, Desk
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from playwright.sync_api import sync_playwright

from triptych.collate import collate
from triptych.edition import Edition
from triptych.manifest import read_manifest
from triptych.mathematics.drawing import PlacedGlyph
from triptych.mathematics.layout import draw, draw_pieces
from triptych.mathematics.operators import local
from triptych.press import Build, build
from triptych.read.source import read_source
from triptych.render.formulas import formulas_in, markup_of
from triptych.render.web.page import render_web
from triptych.resolve.passes import resolve_source
from triptych.text import from_plain
from triptych.tree import Element
from triptych.validators import epubcheck, nu, verapdf
from triptych.validators.chromium import chromium
from triptych.witness.pdf.interpreter import Interpreter

GALLERY = Path(__file__).parent / "gallery" / "formulas.txt"
MATHML = "{http://www.w3.org/1998/Math/MathML}"


@dataclass(frozen=True, slots=True)
class Gallery:
    """The gallery as one finished work."""

    build: Build
    formulas: tuple[str, ...]

    def file(self, ending: str) -> Path:
        return next(path for path in self.build.files if path.suffix == f".{ending}")

    @property
    def maths(self) -> list[Element]:
        return formulas_in(etree.fromstring(self.build.edition.body))


def gallery_paper() -> tuple[str, tuple[str, ...]]:
    """The gallery as a paper: each formula displayed, and once more in a line where it is short."""
    macros, formulas, body = [], [], []
    for line in GALLERY.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            body.append(f"# {line[3:]}\n")
        elif line.startswith(("\\newcommand", "\\DeclareMath")):
            macros.append(line)
        elif line and not line.startswith("#"):
            formulas.append(line)
            body.append(f"$${line}$$\n")
            if "\\begin" not in line:
                body.append(f"The same in a line, ${line}$, among words.\n")
    head = "---\ntitle: A gallery of formulas\nauthor: Ada Example\nlang: en\n---\n"
    return "\n".join([head, *macros, "", *body]), tuple(formulas)


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    folder = tmp_path_factory.mktemp("gallery")
    paper, formulas = gallery_paper()
    (folder / "gallery.md").write_text(paper, encoding="utf-8")
    return Gallery(build(folder / "gallery.md", out=folder / "dist"), formulas)


# --- The gallery ----------------------------------------------------------------------------------


def test_the_gallery_is_read_whole_and_proven(gallery: Gallery) -> None:
    assert len(gallery.formulas) >= 150
    assert not gallery.build.warnings
    assert gallery.build.collation.passed
    displayed = [math for math in gallery.maths if math.get("display") == "block"]
    assert len(displayed) == len(gallery.formulas)


def test_no_tex_stands_in_the_text_of_any_edition(gallery: Gallery) -> None:
    for witness in gallery.build.collation.witnesses:
        assert not re.search(r"\\[A-Za-z]|\$", witness.article.text.plain.replace("$100", ""))


def test_every_formula_says_itself_in_words_that_hold_no_sign(gallery: Gallery) -> None:
    for math in gallery.maths:
        assert math.get("alttext")
        assert not re.search(r"[\\{}^_∑∫√≤⟨]", math.get("alttext") or "")


def test_a_drawing_shows_the_signs_of_its_formula_in_their_order(gallery: Gallery) -> None:
    for math in gallery.maths:
        drawing = draw(markup_of(math))
        assert from_plain(drawing.said).letters == from_plain(read_aloud(math)).letters
        assert drawing.width > 0
        assert all(-0.5 < mark.x < drawing.width + 0.5 for mark in drawing.marks)


def read_aloud(element: Element) -> str:
    """The signs of a formula as a browser shows them: roots are drawn with a sign of their own."""
    if local(element) == "mphantom":
        return ""
    inside = "".join(map(read_aloud, element))
    return ("√" if local(element) in ("msqrt", "mroot") else "") + (element.text or "") + inside


def test_the_validators_find_no_error(gallery: Gallery) -> None:
    verdicts = [
        *epubcheck.validate([gallery.file("epub")]),
        *nu.validate([gallery.file("html")]),
        *verapdf.validate([gallery.file("pdf")], flavours=["ua1"]),
    ]
    assert len(verdicts) == 3
    errors = [
        f"{f.message} {f.where}" for v in verdicts for f in v.findings if f.severity == "error"
    ]
    assert not errors


def test_the_ebook_names_images_for_readers_without_mathml(gallery: Gallery) -> None:
    with zipfile.ZipFile(gallery.file("epub")) as book:
        names = set(book.namelist())
        pages = [book.read(name).decode() for name in names if re.search(r"text-\d+\.xhtml", name)]
        package = book.read("EPUB/content.opf").decode()
    named = {name for page in pages for name in re.findall(r'altimg="([^"]+)"', page)}
    assert named
    assert {f"EPUB/{name}" for name in named} <= names
    assert ">describedMath<" in package
    assert ">MathML<" in package


def test_in_the_pdf_formulas_are_tagged_and_say_themselves(gallery: Gallery) -> None:
    with pikepdf.open(gallery.file("pdf")) as pdf:
        told = [str(item.Alt) for item in pdf.objects if is_formula(item)]
    assert sorted(told) == sorted(math.get("alttext") or "" for math in gallery.maths)


def is_formula(item: object) -> bool:
    return isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Formula"


def test_letters_of_a_formula_stand_on_the_line_of_the_text(tmp_path: Path) -> None:
    paper = tmp_path / "paper.md"
    paper.write_text("---\ntitle: T\nlang: en\n---\nHere $x = \\frac{\\sum_i^n a}{b}$ stands.\n")
    made = build(paper, out=tmp_path / "dist", formats=["pdf"])
    with pikepdf.open(made.files[0]) as pdf:
        glyphs = [glyph for page in pdf.pages for glyph in Interpreter().show(page).glyphs]
    lines = {glyph.text: glyph.box[1] for glyph in glyphs}
    assert lines["x"] == pytest.approx(lines["H"], abs=0.01)


# --- Reading TeX ----------------------------------------------------------------------------------


def formulas(edition: Edition) -> list[Element]:
    return formulas_in(etree.fromstring(edition.body))


def test_a_formula_that_cannot_be_read_is_told_with_its_place_and_shown(desk: Desk) -> None:
    paper = desk.paper("Water is\n$\\chemfig{H-O}$ to chemists.\n")
    (told,) = desk.mistakes(paper)
    assert (told.code, told.severity) == ("math-unreadable", "warning")
    assert (told.line, told.column) == (BODY_LINE + 1, 2)
    assert "\\chemfig" in told.message
    edition = desk.edition("Water is\n$\\chemfig{H-O}$ to chemists.\n")
    assert edition.ledger.text.plain == "Water is \\chemfig{H-O} to chemists."


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("$\\ce{SO4^2-}$", "SO₄²⁻"),
        ("\\ce{2 H2 + O2 -> 2H2O}", "2H₂+O₂→2H₂O"),
        ("$\\ce{^{227}_{90}Th+}$", "₉₀²²⁷Th⁺"),
        ("$\\ce{[Cu(NH3)4]^{2+} <=>[a][b] C6H5-CHO}$", "[Cu(NH₃)₄]²⁺⇌₍b₎⁽a⁾C₆H₅−CHO"),
        ("$\\ce{CuSO4 * 5 H2O v}$", "CuSO₄⋅5H₂O↓"),
        ("$\\pu{1.2e-3 mol*L^-1}$", "1.2×10⁻³mol⋅L⁻¹"),
    ],
)
def test_chemistry_is_read_as_mhchem_has_it(desk: Desk, written: str, said: str) -> None:
    paper = desk.paper(f"{written}\n")
    assert not desk.mistakes(paper)
    made = build(paper, out=desk.folder / "dist", formats=["text", "html"])
    text = made.files[0] if made.files[0].suffix == ".txt" else made.files[1]
    assert said in "".join(text.read_text(encoding="utf-8").split())


@pytest.mark.parametrize("label", ["", " {#eq:x}", " \\tag{7}"])
def test_a_displayed_formula_that_cannot_be_read_is_a_display_of_its_lines(
    desk: Desk, label: str
) -> None:
    lines = (
        r"\begin{aligned} a &= \foo{b} + c + d + e + f + g + h + i \\"
        + "\n  &= 0 + x \\end{aligned}"
    )
    tag, behind = (label, "") if "tag" in label else ("", label)
    paper = desk.paper(f"Here is\n\n$$\n{lines}{tag}\n$$ {behind}\n\nand so on.\n")
    made = build(paper, out=desk.folder / "dist")
    (told,) = made.warnings
    assert (told.code, told.line, told.column) == ("math-unreadable", BODY_LINE + 3, 22)
    assert r"\foo" in told.message
    assert made.collation.passed
    (display,) = etree.fromstring(made.edition.body).iterfind(".//div[@class='equation']")
    assert display.findtext("code[@class='tex']") == lines
    number = {"": None, " {#eq:x}": "(1)", " \\tag{7}": "(7)"}[label]
    assert display.findtext("span[@class='equation-number']") == number


def test_an_unreadable_display_within_a_paragraph_is_a_display_in_it(desk: Desk) -> None:
    body = etree.fromstring(desk.edition("The rate is\n$$\n\\foo{a} = b\n$$\nwhere.\n").body)
    (display,) = body.iterfind(".//p/span[@class='equation']")
    assert display.findtext("code[@class='tex']") == "\\foo{a} = b"


@pytest.mark.parametrize("tex", ["{}", r"\,", r"\quad", "~", r"\phantom{x}", r"\text{ }"])
def test_a_formula_of_mere_space_is_a_blank(desk: Desk, tex: str) -> None:
    edition = desk.edition(f"One ${tex}$ two.\n\n$${tex}$$\n\nThree.\n")
    assert not formulas(edition)
    assert edition.ledger.text.plain.split() == ["One", "two.", "Three."]


@pytest.mark.parametrize(
    "tex", [r"\cdot", "'", "|", r"^{\circ}", r"{}^{14}", r"\sqrt{}", r"\hbar", "−"]
)
@pytest.mark.parametrize("language", ["en", "de", "ja"])
def test_a_formula_that_shows_a_sign_says_something(desk: Desk, tex: str, language: str) -> None:
    (math,) = formulas(desk.edition(f"One [${tex}$]{{lang={language}}} two.\n"))
    assert math.get("alttext")


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (r"$\ref{eq:a}$", "1"),
        (r"$\eqref{eq:a}$", "(1)"),
        (r"$(\ref{eq:a})$", "(1)"),
        (r"Figure $\ref{fig:a}$", "Figure 1"),
        (r"$\eqref{eq:a}$–$\eqref{eq:b}$", "(1)–(2)"),
        (r"$\eqref{eq:a}--\eqref{eq:b}$", "(1)–(2)"),
        (r"$\eqref{eq:a}, \eqref{eq:b}$", "(1), (2)"),
        (r"$\eqref{eq:a} \text{ and } \eqref{eq:b}$", "(1) and (2)"),
    ],
)
def test_a_reference_between_dollars_is_a_reference(desk: Desk, written: str, printed: str) -> None:
    numbered = "$$x$$ {#eq:a}\n\n$$y$$ {#eq:b}\n\n![A dot.](a.svg){#fig:a alt='x'}\n"
    body = etree.fromstring(desk.edition(f"By {written}.\n\n{numbered}").body)
    paragraph = body.find(".//p")
    assert paragraph is not None
    assert " ".join("".join(paragraph.itertext()).split()) == f"By {printed}."
    assert paragraph.find("a") is not None


@pytest.mark.parametrize("written", [r"~\ref{eq:a}~", r"^\ref{eq:a}^", "~[-@eq:a]~"])
def test_a_reference_may_be_raised_or_lowered(desk: Desk, written: str) -> None:
    body = etree.fromstring(desk.edition(f"By x{written}.\n\n$$x$$ {{#eq:a}}\n").body)
    (link,) = body.xpath("//p/*[self::sub or self::sup]/a")
    assert "".join(link.itertext()) == "1"


def test_a_reference_within_a_subscript_of_a_formula_is_its_number(desk: Desk) -> None:
    body = etree.fromstring(desk.edition("$$x$$ {#eq:a}\n\nBy $y_{\\ref{eq:a}}$.\n").body)
    (number,) = body.xpath("//p//*[local-name() = 'msub']/*[2]")
    assert "".join(number.itertext()) == "1"


def test_a_line_may_break_within_a_formula_of_a_line(desk: Desk) -> None:
    paper = desk.paper(
        r"So $a +" + "\n" + r"b \\ c$, $a \newline b$, $a \linebreak b$ and more." + "\n"
    )
    assert build(paper, out=desk.folder / "dist").collation.passed
    assert not desk.mistakes(paper)


@pytest.mark.parametrize(
    ("tex", "same"),
    [
        (r"{\rm d}x", r"\mathrm{d}x"),
        (r"\nicefrac{1}{2}", "{1}/{2}"),
        (r"\mathop{\rm argmin}", r"\mathrm{argmin}"),
        (r"\bra{x}", r"\langle x|"),
        (r"{p \over q}", r"\frac{p}{q}"),
        (r"{p \atop q}", r"\genfrac{}{}{0pt}{}{p}{q}"),
        (r"\mathchoice{a}{b}{c}{d}", "b"),
        (r"\xRightarrow[a]{b}", r"\overset{b}{\underset{a}{\Rightarrow}}"),
        (r"\begin{dcases} x & y \end{dcases}", r"\begin{cases} x & y \end{cases}"),
        (r"\smash{x}\vphantom{y}", "x"),
        (r"x \\ y", r"\begin{gathered}x \\ y\end{gathered}"),
        (r"\dbinom nk", r"\binom{n}{k}"),
        (r"\begin{array}{l} 0 \cr 1 \end{array}", r"\begin{array}{l} 0 \\ 1 \end{array}"),
        (r"\textnormal{if so}", r"\text{if so}"),
    ],
)
def test_what_other_packages_have_is_read_as_what_it_means(desk: Desk, tex: str, same: str) -> None:
    one, other = formulas(desk.edition(f"${tex}$ and ${same}$\n"))
    assert etree.tostring(one[0]) == etree.tostring(other[0])


def test_commands_are_defined_in_the_text_and_in_the_front_matter(desk: Desk) -> None:
    front = "header-includes:\n  - \\newcommand{\\EE}{\\mathbb{E}}\n"
    edition = desk.edition("\\newcommand{\\twice}[1]{#1#1}\n\n$\\EE \\twice{x}$\n", front)
    assert edition.ledger.text.plain == "𝔼xx"


def test_bold_letters_are_upright_and_those_of_boldsymbol_slanted(desk: Desk) -> None:
    edition = desk.edition("$\\mathbf{v}$ and $\\boldsymbol{v}$\n")
    assert edition.ledger.text.plain == "𝐯 and 𝒗"


def test_a_tag_is_the_number_of_a_formula(desk: Desk) -> None:
    body = etree.fromstring(desk.edition("$$x = 1 \\tag{7}$$\n\n$$y \\tag*{(B)}$$\n").body)
    numbers = body.xpath("//div[@class='equation']/span[@class='equation-number']/text()")
    assert numbers == ["(7)", "(B)"]


def test_a_number_with_a_grouping_comma_is_one_number(desk: Desk) -> None:
    (math,) = formulas(desk.edition("$1{,}204$\n"))
    assert [(local(e), e.text) for e in math] == [("mn", "1,204")]


def test_a_displayed_formula_stands_in_a_block_of_its_own(desk: Desk) -> None:
    body = etree.fromstring(desk.edition("Before.\n\n$$x$$\n\nWithin $$y$$ words.\n").body)
    assert [parent_tag(e) for e in body.iterfind(".//div[@class='equation']")] == ["article"]
    assert [parent_tag(e) for e in body.iterfind(".//span[@class='equation']")] == ["p"]


def test_formulas_stand_in_titles_of_the_bibliography_and_are_proven(desk: Desk) -> None:
    desk.put("books.bib", "@book{gauss, title={On $x^2 + \\sqrt{y}$ and {$\\mathbb{Z}$}},"
             " author={Gauss, Carl}, year={1801}}\n")  # fmt: skip
    made = build(desk.paper("See [@gauss].\n", bibliography="books.bib"), out=desk.folder / "dist")
    assert made.collation.passed
    assert "x2+√y" in made.edition.ledger.entries[0].text.replace(" ", "") or (
        "x2+√y" in made.edition.ledger.text.letters
    )


@pytest.mark.parametrize(
    "body", ["See [@gauss].\n", "[On $y \\to zz$, *see*](https://a.example).\n"]
)
def test_a_formula_within_a_link_is_proven_and_says_itself(desk: Desk, body: str) -> None:
    desk.put("books.bib", "@book{gauss, title={On $y \\to zz$}, author={Gauss, C.}, year={1801}}\n")
    paper = desk.paper(body, bibliography="books.bib")
    made = build(paper, out=desk.folder / "dist", csl="chicago-notes-bibliography")
    assert made.collation.passed
    with pikepdf.open(desk.folder / "dist" / "paper.pdf") as pdf:
        tags = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/S" in o]
        formulas = [o for o in tags if o["/S"] == "/Formula"]
        assert len(formulas) == len(re.findall("<math", made.edition.body))
        assert all(str(formula["/Alt"]).startswith("y to") for formula in formulas)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("books.json", '[{"id": "gauss", "type": "book", "title": "On $x^2 + \\\\sqrt{y}$ and $5 to'
         ' $10, in $\\\\mathbb{Z}$", "author": [{"family": "Gauss"}]}]'),
        ("books.yaml", "references:\n- id: gauss\n  type: book\n  title: 'On $x^2 + \\sqrt{y}$ and"
         " \\$5 to \\$10, in $\\mathbb{Z}$'\n  author: [{family: Gauss}]\n"),
    ],
)  # fmt: skip
def test_dollars_in_titles_of_csl_are_formulas_and_prices_are_not(
    desk: Desk, file: str, text: str
) -> None:
    desk.put(file, text)
    desk.paper("See [@gauss].\n", bibliography=file)
    edition = resolve_source(read_source(desk.folder / "paper.md", "mla"))[0]
    shown = "".join(edition.ledger.entries[0].text.split())
    assert "Onx2+" in shown
    assert "$5to$10,inℤ" in shown


def test_a_formula_of_several_pieces_stands_once_in_contents_outline_and_running_heads(
    desk: Desk,
) -> None:
    made = build(desk.paper("# On $a = b + c$ and $x^2$\n\nWords.\n"), out=desk.folder / "dist")
    assert made.collation.passed
    with pikepdf.open(made.files[2]) as pdf, pdf.open_outline() as outline:
        titles = [child.title for item in outline.root for child in (item, *item.children)]
    assert "On a=b+c and x2" in titles


def test_letters_of_formulas_in_headings_stand_in_contents_and_running_heads(desk: Desk) -> None:
    front = "lists: [figures]\n"
    body = "# On $\\mathbb{R}^n$\n\nWords.\n\n![Of $\\mathfrak{g}$](a.svg){alt='A shape.'}\n"
    made = build(desk.paper(body, front), out=desk.folder / "dist")
    assert made.collation.passed


def test_formulas_in_headings_captions_tables_and_notes_are_proven(desk: Desk) -> None:
    made = build(
        desk.paper(
            "# On $\\sqrt{x}$\n\nA note.[^1]\n\n![Of $\\frac{a}{b}$](a.svg){alt='A shape.'}\n\n"
            "| $\\alpha$ | B |\n|---|---|\n| $\\sum_i x_i$ | $\\left(\\frac{1}{2}\\right)^2$ |\n\n"
            ": With $y_1$\n\n[^1]: Of $\\overbrace{a + b + c + d}^{n}$ and $\\frac{1}{2}$.\n"
        ),
        out=desk.folder / "dist",
    )
    assert made.collation.passed


# --- Words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        ("E = mc^2", "E equals m c squared"),
        (r"\frac{1}{2}", "1 over 2"),
        (r"\frac{a+b}{2}", "the fraction a plus b over 2 end fraction"),
        (r"\sqrt{x+1}", "the square root of x plus 1 end root"),
        (r"\sqrt[3]{x}", "the cube root of x"),
        (r"\sum_{i=1}^n x_i", "the sum from i equals 1 to n of x sub i"),
        (r"\binom{n}{k}", "open bracket n choose k close bracket"),
        (r"\Omega \in \mathbb{R}", "capital omega in blackboard R"),
        (r"90^\circ", "90 degrees"),
        (r"\vec{v} \ne 0", "v vector is not equal to 0"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
         "the 2 by 2 matrix: row 1: a, b; row 2: c, d; end matrix"),
    ],
)  # fmt: skip
def test_a_formula_is_said_in_words(desk: Desk, tex: str, words: str) -> None:
    assert formulas(desk.edition(f"${tex}$\n"))[0].get("alttext") == words


def test_in_another_language_a_formula_is_told_in_one_line(desk: Desk) -> None:
    paper = desk.put("papier.md", "---\ntitle: T\nlang: fr\n---\n$\\frac{a+b}{2} = x_1^2$\n")
    made = build(paper, out=desk.folder / "dist", formats=["epub"])
    assert formulas(made.edition)[0].get("alttext") == "(a+b)/2=x₁²"
    with zipfile.ZipFile(made.files[0]) as book:
        assert b"describedMath" not in book.read("EPUB/content.opf")


# --- Layout and proof -----------------------------------------------------------------------------


def test_a_line_may_end_after_a_sign_outside_of_brackets(desk: Desk) -> None:
    (math,) = formulas(desk.edition("$f(x + y) = a + b$\n"))
    pieces = [piece.said for piece in draw_pieces(markup_of(math))]
    assert pieces == ["f(x+y)=", "a+", "b"]


LEAVES = st.sampled_from(
    ["<mi>x</mi>", "<mn>12</mn>", "<mo>+</mo>", "<mo>(</mo>", "<mo>∑</mo>", "<mtext>if so</mtext>",
     "<mo>|</mo>", "<mi>sin</mi>", "<mo>→</mo>", "<mo stretchy='true'>{</mo>"]
)  # fmt: skip


def within(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, inner).map("".join)
    three = st.tuples(inner, inner, inner).map("".join)
    return st.one_of(
        *(st.builds(f"<{n}>{{}}</{n}>".format, two)
          for n in ("mfrac", "msup", "msub", "mover", "munder", "mroot")),
        *(st.builds(f"<{n}>{{}}</{n}>".format, three) for n in ("msubsup", "munderover", "mrow")),
        st.builds("<msqrt>{}</msqrt>".format, inner),
        st.builds("<mtable><mtr><mtd>{}</mtd><mtd>{}</mtd></mtr></mtable>".format, inner, inner),
    )  # fmt: skip


@given(st.recursive(LEAVES, within, max_leaves=12), st.booleans())
def test_any_formula_is_drawn_and_loses_no_sign(markup: str, display: bool) -> None:
    shown = " display='block'" if display else ""
    math = f"<math xmlns='http://www.w3.org/1998/Math/MathML'{shown}>{markup}</math>"
    drawing = draw(math)
    wanted = from_plain(read_aloud(etree.fromstring(math))).letters
    said = from_plain(drawing.said).letters
    assert sorted(said) == sorted(wanted)
    assert drawing.width >= 0
    assert drawing.height >= 0


def test_a_sign_of_pieces_cannot_be_read_as_another(desk: Desk) -> None:
    rows = " \\\\ ".join("12345678")
    paper = desk.paper(f"$$\\left\\{{\\begin{{matrix}} {rows} \\end{{matrix}}\\right.$$\n")
    made = build(paper, out=desk.folder / "dist", formats=["pdf"])
    manifest = read_manifest(made.files[-1].read_bytes())
    with pikepdf.open(made.files[0]) as pdf:
        for page in pdf.pages:
            code = page.Contents.read_bytes()
            page.Contents = pdf.make_stream(
                re.sub(rb"/ActualText \([^)]*\)", b"/ActualText ([)", code)
            )
        forged = desk.folder / "forged.pdf"
        pdf.save(forged)
    found = collate(manifest, {"pdf": forged.read_bytes()}).differences
    assert {"disguised", "text-differs"} <= {difference.kind for difference in found}


def parent_tag(element: Element) -> str:
    parent = element.getparent()
    assert parent is not None
    return str(parent.tag)


def test_a_formula_wider_than_a_phone_scrolls_from_the_keyboard(desk: Desk) -> None:
    terms = " + ".join(f"a_{{{n}}} x^{{{n}}}" for n in range(20))
    page = render_web(desk.edition(f"$$x$$\n\n$${terms}$$\n")).decode()
    assert page.count('class="equation wide" tabindex="0"') == 1


def test_a_formula_in_the_title_is_its_letters_once(desk: Desk) -> None:
    front = "abstract: Of $x^2$ alone.\nsubtitle: and $\\alpha$\n"
    path = desk.paper("It is $h$.\n", front)
    path.write_text(path.read_text().replace("title: Engines", "title: On the height $h$ of tides"))
    record = resolve_source(read_source(path))[0].record
    assert record.title == "On the height h of tides"
    assert (record.subtitle, record.summary) == ("and α", "Of x² alone.")


def test_the_face_for_formulas_holds_no_file_open_that_a_fork_would_share(desk: Desk) -> None:
    descriptors = Path("/proc/self/fd")
    build(desk.paper("It is $x$.\n"), out=desk.folder / "dist", formats=["html"])
    opened = {str(path.resolve()) for path in descriptors.iterdir()}
    assert not [name for name in opened if name.endswith(".ttf")]


# --- Letters of other scripts ---------------------------------------------------------------------

FOREIGN = """In $v_{\\text{最大}}$, bare $最大$, $\\frac{\\text{路程}}{\\text{时间（秒）}}$.

[Kana $v_{\\text{直かカ}}$]{lang=ja}, [Hangul $x_{\\text{최대}}$]{lang=ko},
$\\text{ქართ Հայ}$, $b_{\\text{שלום עולם}}$.
"""


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Build:
    paper = tmp_path_factory.mktemp("foreign") / "paper.md"
    paper.write_text(f"---\ntitle: T\nlang: zh\n---\n\n{FOREIGN}", encoding="utf-8")
    return build(paper, out=paper.parent / "dist")


def test_letters_of_other_scripts_are_shown_and_proven_in_formulas(foreign: Build) -> None:
    assert foreign.warnings == ()
    assert foreign.collation.passed, foreign.collation.differences
    for witness in foreign.collation.witnesses:
        for letters in ("v最大", "路程", "时间（秒）", "x최대", "ქართ", "שלום"):
            assert from_plain(letters).letters in witness.article.text.letters
    assert "data-language" not in foreign.files[0].read_text(encoding="utf-8")


def test_the_validators_find_no_error_in_letters_of_other_scripts(foreign: Build) -> None:
    html, epub, pdf = (
        next(path for path in foreign.files if path.suffix == ending)
        for ending in (".html", ".epub", ".pdf")
    )
    verdicts = [
        *epubcheck.validate([epub]),
        *nu.validate([html]),
        *verapdf.validate([pdf], flavours=["ua1"]),
    ]
    assert [str(f) for v in verdicts for f in v.findings if f.severity == "error"] == []


@pytest.mark.parametrize(
    ("language", "family"), [("zh", "SC"), ("zh-TW", "TC"), ("ja", "JP"), ("ko", "KR")]
)
def test_a_formula_has_the_shapes_of_the_language_around_it(
    desk: Desk, language: str, family: str
) -> None:
    edition = desk.edition(f"A passage [of $\\text{{直}}$]{{lang={language}}}.\n")
    math = formulas_in(etree.fromstring(edition.body))[0]
    mark = draw(markup_of(math)).marks[0]
    assert isinstance(mark, PlacedGlyph)
    assert mark.face is not None
    assert mark.face.family.startswith(f"Noto Serif {family}")


def test_hebrew_is_drawn_from_the_right_and_read_as_written(desk: Desk) -> None:
    math = formulas_in(etree.fromstring(desk.edition("So $\\text{אבג}$.\n").body))[0]
    drawing = draw(markup_of(math))
    assert drawing.said == "אבג"
    assert [mark.x for mark in drawing.marks] == sorted((m.x for m in drawing.marks), reverse=True)


@pytest.mark.parametrize("letters", ["العربية", "हिंदी", "ไทย", "שָׁלוֹם", "max של"])
def test_a_formula_whose_letters_are_not_set_one_by_one_stands_as_its_tex(
    desk: Desk, letters: str
) -> None:
    paper = desk.paper(f"So $x_{{\\text{{{letters}}}}}$.\n")
    assert [told.code for told in desk.mistakes(paper)] == ["glyph-missing"]


# --- Signs that touch a formula -------------------------------------------------------------------

TOUCHING = "In ($x$), “$y$”; [see ($u$)](https://example.org/) and *$z$*, $n$-th."
TORN = """() => {
  document.querySelectorAll("main p").forEach(p => { p.style.width = "0"; });
  const beside = (math, node, at) => {
    const range = document.createRange();
    range.setStart(node, at); range.setEnd(node, at + 1);
    const sign = range.getBoundingClientRect(), box = math.getBoundingClientRect();
    return sign.bottom > box.top && sign.top < box.bottom;
  };
  return [...document.querySelectorAll("main p math")].flatMap(math => [
    [math.previousSibling, node => node.length - 1], [math.nextSibling, () => 0],
  ].filter(([node]) => node && node.nodeType === 3 && node.data.trim())
   .map(([node, at]) => beside(math, node, at(node))));
}"""


def test_no_line_ends_between_a_formula_and_a_sign_that_touches_it(desk: Desk) -> None:
    page = desk.put("page.html", render_web(desk.edition(TOUCHING)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        tab = browser.new_page()
        tab.goto(page.as_uri())
        kept = tab.evaluate(TORN)
        browser.close()
    assert kept == [True] * 7


def test_signs_that_touch_a_formula_stay_the_words_they_are(desk: Desk) -> None:
    long = " + ".join("abcdefghijkl")
    made = build(
        desk.paper(f"# On ($x$)\n\n{TOUCHING} Or (${long}$), noted.[^n]\n\n[^n]: ($w$).\n"),
        out=desk.folder / "dist",
        formats=("html", "epub"),
    )
    assert made.collation.passed, made.collation.differences
    page = made.files[0].read_text(encoding="utf-8")
    held = re.findall(r'<span class="unbroken">(.*?)</span>', page)
    said = [re.sub("<.*?>", "", span) for span in held]
    assert said == ["(x)", "(x),", "“y”;", "(u)", "n-", "(w)."]
