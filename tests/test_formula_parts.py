"""How formulas are built is in the ledger, and every file is held against it, part by part."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Desk
from mutants.markup import pack, unpack
from mutants.pdf_page import Print

from triptych.collate import collate
from triptych.formats import FORMATS, MANIFEST_ENDING
from triptych.ledger import ledger_from_json, ledger_to_json
from triptych.manifest import EditionManifest, read_manifest
from triptych.press import build
from triptych.text import Text

PAPER = r"""---
title: Formulas
lang: en
---

# A heading with $p^2$

In a line $E = mc^2$, $v_0$, $\frac{a}{b}$, $\sum_{i=1}^n k_i$, $\binom{s}{t}$ and $f'(z)$.[^n]
Scripts without a base are ${}^{14}\mathrm{C}$ and ${}_{6}\mathrm{D}$.

$$\sqrt[3]{\frac{u}{w_1}} + \left(\frac{\frac{g}{h}}{q}\right)^{\frac{x^2}{y}} + \hat{r}^{j^l}$$

$$\sum_{\substack{i<n \\ j<m}}^{N} \int_0^\infty e^{-x^2}\,dx \lim_{x \to 0} \underbrace{a+b}_{c}$$

$$\begin{pmatrix} A & \frac{1}{2} \\ B^2 & D \end{pmatrix}^{T} =
\begin{cases} \frac{x}{2} & \text{if } x > 0 \\ Y_1 & \text{else} \end{cases} \tag{7}$$

| $t^2$ | $\frac{a}{b}$ |
|-------|---------------|
| $a_1$ | $\sqrt{2}$    |

: A caption with $\sigma^2$ {#tbl:x}

A long one breaks: $a_1^2+b_2^2+c_3^2+d_4^2+e_5^2+f_6^2+g_7^2+h_8^2+i_9^2+j_{10}^2
+\frac{l}{m}+n_{12}^2+\sum_{i}^{n} o_{13}^2
+p_{14}^2+q_{15}^2+r_{16}^2=\left(\frac{t}{u}\right)^2+v_{18}^2+w_{19}^2$.

<math><mmultiscripts><mi>M</mi><mn>1</mn><mn>2</mn></mmultiscripts></math>

[^n]: A note with $10^{-3}$.
"""
MARKUP = ("html", "epub", "jats")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound edition of the paper."""
    folder = tmp_path_factory.mktemp("formulas")
    (folder / "paper.md").write_text(PAPER)
    built = build(folder / "paper.md", out=folder / "out", formats=(*MARKUP, "pdf", "text"))
    assert built.collation.passed
    return folder / "out"


def manifest_in(made: Path) -> EditionManifest:
    return read_manifest((made / f"paper{MANIFEST_ENDING}").read_bytes())


def told(made: Path, name: str, data: bytes, manifest: EditionManifest | None = None) -> list[str]:
    """What the collation tells of a file, but that it has changed."""
    found = collate(manifest or manifest_in(made), {name: data}).differences
    return [
        f"{one.message} [{one.kind}]"
        for one in found
        if one.witness == name and one.kind != "fixity"
    ]


def damaged(made: Path, name: str, old: str, new: str) -> bytes:
    """A file with the first match of a pattern replaced, which may be written with a prefix."""
    if name == "jats":
        old, new = (re.sub(r"<(/?)(?=\w)", r"<\1mml:", one) for one in (old, new))
    data = (made / f"paper{FORMATS[name].ending}").read_bytes()
    members = unpack(data) if name == "epub" else {"": data}
    for member, content in members.items():
        if name != "epub" or member.endswith((".xhtml", ".css")):
            text, count = re.subn(old, new, content.decode(), count=1, flags=re.S)
            if count:
                changed = {**members, member: text.encode()}
                return pack(changed) if name == "epub" else changed[""]
    raise AssertionError(old)


# The ledger


def parts_of(text: Text) -> set[tuple[str, str]]:
    return {(part.kind, text.show(part.start, part.end)) for part in text.formula_parts or ()}


@pytest.mark.parametrize(
    ("tex", "parts"),
    [
        ("x^2", {("base", "x"), ("superscript", "2")}),
        ("x_1^2", {("base", "x"), ("subscript", "1"), ("superscript", "2")}),
        (r"\frac{a+b}{c}", {("numerator", "a+b"), ("denominator", "c")}),
        (r"\genfrac{}{}{0pt}{}{a}{b}", {("upper", "a"), ("lower", "b")}),
        (r"\sqrt[3]{x}", {("radicand", "x"), ("index", "3")}),
        (r"\sqrt{x+1}", {("radicand", "x+1")}),
        (r"\sum_{i}^n", {("base", "∑"), ("subscript", "i"), ("superscript", "n")}),
        (r"\sum\limits_{i}^n", {("base", "∑"), ("under", "i"), ("over", "n")}),
        (r"\displaystyle\prod_{i}", {("base", "∏"), ("under", "i")}),
        (r"\int\limits_{a}", {("base", "∫"), ("under", "a")}),
        (
            r"\begin{matrix} a & b \\ c & d \end{matrix}",
            {("row", "ab"), ("row", "cd"), *(("cell", one) for one in "abcd")},
        ),
        ("x + 1", set()),
    ],
)
def test_the_ledger_says_how_a_formula_is_built(
    desk: Desk, tex: str, parts: set[tuple[str, str]]
) -> None:
    assert parts_of(desk.edition(f"See ${tex}$.\n").ledger.text) == parts


@pytest.mark.parametrize(
    ("tex", "kind"),
    [
        (r"\sum_{i} a", "under"),
        (r"\sum\nolimits_{i} a", "subscript"),
        (r"\textstyle\sum_{i} a", "subscript"),
        (r"\frac{\sum_{i} a}{b}", "subscript"),
        (r"e^{\sum_{i} a}", "subscript"),
        (r"\sqrt{\sum_{i} a}", "under"),
        (r"\begin{aligned} a &= \sum_{i} b \\ c &= d \end{aligned}", "under"),
        (r"\begin{pmatrix} \sum_{i} b & c \end{pmatrix}", "subscript"),
    ],
)
def test_limits_of_displayed_sums_stand_where_tex_has_them(desk: Desk, tex: str, kind: str) -> None:
    edition = desk.edition(f"$$\n{tex}\n$$\n")
    assert (kind, "i") in parts_of(edition.ledger.text)


@pytest.mark.parametrize(
    ("shown", "sign", "kind"),
    [
        ("", "<mo>∑</mo>", "subscript"),
        (' display="block"', "<mo>∑</mo>", "under"),
        (' display="block"', '<mrow><mo movablelimits="true">max</mo></mrow>', "under"),
        ("", '<mo movablelimits="true">max</mo>', "subscript"),
        ("", "<mo>max</mo>", "under"),
    ],
)
def test_limits_in_mathml_stand_where_a_browser_puts_them(
    desk: Desk, shown: str, sign: str, kind: str
) -> None:
    math = f"<math{shown}><munder>{sign}<mi>i</mi></munder><mi>a</mi></math>"
    assert (kind, "i") in parts_of(desk.edition(f"See {math} here.\n").ledger.text)


def test_a_ledger_keeps_the_parts_of_formulas_as_json(desk: Desk) -> None:
    ledger = desk.edition("See $x^{y^2}$ and[^n] more.\n\n[^n]: $\\frac{a}{b}$\n").ledger
    assert ledger_from_json(ledger_to_json(ledger)) == ledger


# Markup


FLAT = [
    (r"<msup><mi>c</mi><mn>2</mn></msup>", "<mi>c</mi><mn>2</mn>",
     "in the formula “E=mc2”, “2” should stand raised, but does not"),
    (r"<msup><mi>c</mi><mn>2</mn></msup>", "<msub><mi>c</mi><mn>2</mn></msub>",
     "in the formula “E=mc2”, “2” should stand raised, but is built to stand lowered"),
    (r"<mi>m</mi><msup><mi>c</mi><mn>2</mn></msup>",
     "<msup><mrow><mi>m</mi><mi>c</mi></mrow><mn>2</mn></msup>",
     "in the formula “E=mc2”, “c” should bear what is beside it, but does not"),
    (r"<msub><mi>v</mi><mn>0</mn></msub>", "<msup><mi>v</mi><mn>0</mn></msup>",
     "in the formula “v0”, “0” should stand lowered, but is built to stand raised"),
    (r"<mfrac><mi>a</mi><mi>b</mi></mfrac>", "<mrow><mi>a</mi><mi>b</mi></mrow>",
     "in the formula “ab”, “a” should stand above the bar of a fraction, but does not"),
    (r"<mfrac><mi>a</mi><mi>b</mi></mfrac>", "<mfrac><mi>a</mi><mi>b</mi><mrow></mrow></mfrac>",
     "in the formula “ab”, “a” should stand above the bar of a fraction, but does not"),
    (r"<mfrac><mi>a</mi>", '<mfrac linethickness="0"><mi>a</mi>',
     "in the formula “ab”, “a” should stand above the bar of a fraction, "
     "but is built to stand above, without a bar"),
    (r"<mfrac><mi>g</mi><mi>h</mi></mfrac>", "<mi>g</mi><mi>h</mi>",
     "“g” should stand above the bar of a fraction, but does not"),
    (r"<mi>E</mi><mo>=</mo><mi>m</mi>", "<msub><mi>E</mi><mo>=</mo></msub><mi>m</mi>",
     "in the formula “E=mc2”, “=” is built to stand lowered, but should not"),
]  # fmt: skip


@pytest.mark.parametrize("name", MARKUP)
def test_a_formula_that_markup_builds_otherwise_is_told(made: Path, name: str) -> None:
    for old, new, message in FLAT:
        (found,) = told(made, name, damaged(made, name, old, new))
        assert message in found
        assert found.endswith("[formula-differs]")


@pytest.mark.parametrize("name", MARKUP)
def test_a_formula_in_a_note_that_markup_builds_otherwise_is_told(made: Path, name: str) -> None:
    (found,) = told(made, name, damaged(made, name, r"<msup><mn>10</mn>(.*?)</msup>",
                                        r"<mrow><mn>10</mn>\1</mrow>"))  # fmt: skip
    assert "“−3” should stand raised, but does not" in found


def test_fractions_exchanged_in_order_too_have_other_words(made: Path) -> None:
    turned = damaged(made, "html", r"<mi>a</mi><mi>b</mi></mfrac>", "<mi>b</mi><mi>a</mi></mfrac>")
    assert any("[text-differs]" in one for one in told(made, "html", turned))


STYLES = [
    "msup { display: block }", "mfrac { display: inline-flex }", "math { display: block }",
    "msup > :last-child { position: relative; top: .6em }", "mn { display: initial }",
    "msup > mn { transform: translateY(.5em) }", "mfrac { display: contents }",
    "mfrac { writing-mode: vertical-rl }", "msup > mn { margin-bottom: -2em }",
]  # fmt: skip


@pytest.mark.parametrize("css", STYLES)
def test_a_style_sheet_that_takes_a_formula_apart_is_told(made: Path, css: str) -> None:
    styled = damaged(made, "html", "</style>", f"{css}</style>")
    assert any(re.search(r"\[(disguised|text-moved|hidden)\]", one)
               for one in told(made, "html", styled))  # fmt: skip


@pytest.mark.parametrize("name", MARKUP)
def test_letters_that_an_element_moves_are_told(made: Path, name: str) -> None:
    moved = damaged(
        made, name, r"<mi>c</mi><mn>2</mn>",
        '<mi>c</mi><mpadded voffset="-1em"><mn>2</mn></mpadded>',
    )  # fmt: skip
    assert any("mpadded" in one and "[disguised]" in one for one in told(made, name, moved))


@pytest.mark.parametrize("name", MARKUP)
@pytest.mark.parametrize("said", ['movablelimits="true"', ""])
def test_limits_that_a_style_could_move_are_told(made: Path, name: str, said: str) -> None:
    free = damaged(made, name, r'movablelimits="false"', said)
    assert any("the limits of “∑” stand beside it" in one for one in told(made, name, free))


def test_formulas_that_are_no_mathematics_to_a_browser_are_told(made: Path) -> None:
    plain = damaged(made, "html", r"<math[^>]*>(<mrow>)?<mi>E</mi>(.*?)</math>",
                    r"<span>\1<mi>E</mi>\2</span>")  # fmt: skip
    assert any("“2” should stand raised" in one for one in told(made, "html", plain))


# Pages


def moved(made: Path, said: str, moves: dict[int, tuple[float, float]]) -> bytes:
    """The pages with some of the letters of `said`, which stands there once, moved by points."""
    file = Print((made / "paper.pdf").read_bytes())
    glyphs = [glyph for glyph in file.locate(said) if glyph.text.strip()]
    assert glyphs, said
    for letter, (across, up) in moves.items():
        glyphs[letter].run.move(across, up)
    return file.save()


PRINTED: list[tuple[str, dict[int, tuple[float, float]], str]] = [
    ("E=mc2,", {4: (0, -3.5)}, "“2” should stand raised at “c”, not on its line"),
    ("E=mc2,", {4: (0, -7)}, "“2” should stand raised at “c”, not below it"),
    ("E=mc2,", {4: (-30, 0)}, "“2” should stand behind “c”"),
    ("E=mc2,", {2: (0, 3)}, "“m” stands off the line that it is in"),
    ("E=mc2,", dict.fromkeys((2, 3, 4), (-50, 0)), "“m” stands before what it follows"),
    ("v0,", {1: (0, 6)}, "“0” should stand lowered at “v”, not above it"),
    ("v0,", {1: (0, 1.8)}, "“0” should stand lowered at “v”, not on its line"),
    ("14C", {0: (0, -4), 1: (0, -4)}, "“14” should stand raised at what is beside it"),
    ("ghq", {0: (0, -12), 1: (0, 12)}, "“g” should stand above “h”, as in a fraction"),
    ("ghq", {0: (-9, 0), 1: (9, 0)}, "“g” should stand above “h”, as in a fraction"),
    ("√uw13+", {4: (0, -9)}, "“3” should stand raised in the angle of the root"),
    ("√uw13+", {0: (60, 0)}, "“uw1” should stand under the root, but does not"),
    ("∑i<nj<mN", {4: (0, 20), 5: (0, 20), 6: (0, 20)}, "“j<m” should stand in a row below “i<n”"),
    ("∑i<nj<mN", {7: (0, -30)}, "“N” should stand raised at “∑”, not below it"),
    ("∑i<nj<mN", {7: (30, 0)}, "“N” should stand above “∑”"),
    ("∑i=1n", {4: (-9, 4)}, "“n” should stand behind “∑”"),  # above it, as if displayed
    ("10−3.", {2: (0, -4), 3: (0, -4)}, "“−3” should stand raised at “10”, not"),  # in a note
]  # fmt: skip


@pytest.mark.parametrize(("said", "moves", "message"), PRINTED)
def test_a_part_that_a_page_shows_elsewhere_is_told(
    made: Path, said: str, moves: dict[int, tuple[float, float]], message: str
) -> None:
    found = told(made, "pdf", moved(made, said, moves))
    assert any(message in one and one.endswith("[formula-differs]") for one in found), found


def test_a_fraction_without_its_bar_is_told(made: Path) -> None:
    file = Print((made / "paper.pdf").read_bytes())
    above, below = (g for g in file.locate("ghq")[:3] if g.text in "gh")
    above.run.page.undraw_lines(below.place[1], above.place[1], above.place[0])
    (one,) = told(made, "pdf", file.save())
    assert "“g” should stand above “h” with a bar" in one


def test_a_bar_that_is_painted_over_is_told(made: Path) -> None:
    file = Print((made / "paper.pdf").read_bytes())
    above, below = (g for g in file.locate("ghq")[:3] if g.text in "gh")
    height = (above.place[1] + below.place[1]) / 2 + 2
    above.run.page.added.append(f"1 g {above.place[0] - 3:.1f} {height - 0.8:.1f} 12 1.6 re f")
    assert any(
        "“g” should stand above “h” with a bar" in one for one in told(made, "pdf", file.save())
    )


def test_a_bar_in_a_binomial_is_told(made: Path) -> None:
    file = Print((made / "paper.pdf").read_bytes())
    above, below = (g for g in file.locate("(st)") if g.text in "st")
    left, height = above.place[0] - 2, (above.place[1] + below.place[1]) / 2 + 2.3
    above.run.page.added.append(f"{left:.1f} {height:.1f} 9 .4 re f")
    (one,) = told(made, "pdf", file.save())
    assert "“s” should stand above “t” without a bar" in one


def test_a_formula_that_breaks_in_text_from_the_right_is_proven(tmp_path: Path) -> None:
    terms = "+".join(f"x_{{{n}}}^2" for n in range(1, 31))
    paper = f"---\ntitle: صيغ\nlang: ar\n---\n\nمجموع سطر طويل ${terms}=\\frac{{a}}{{b}}$ هنا.\n"
    (tmp_path / "paper.md").write_text(paper)
    assert build(tmp_path / "paper.md", out=tmp_path / "out", formats=("pdf",)).collation.passed


def test_a_formula_runs_from_the_left_in_text_from_the_right(tmp_path: Path) -> None:
    (tmp_path / "paper.md").write_text("---\ntitle: صيغ\nlang: ar\n---\n\nو $E=mc^2$ ثم.\n")
    done = build(tmp_path / "paper.md", out=tmp_path / "out", formats=("pdf",))
    assert done.collation.passed
    glyphs = Print((tmp_path / "out" / "paper.pdf").read_bytes()).locate("E=mc2")
    places = [glyph.place[0] for glyph in glyphs if glyph.text.strip()]
    assert places == sorted(places)


# Older ledgers


@pytest.mark.parametrize("name", ["html", "pdf"])
def test_a_manifest_without_the_parts_of_formulas_is_held_against_the_rest(
    made: Path, name: str
) -> None:
    manifest = manifest_in(made)
    old = ledger_to_json(manifest.ledger)
    for text in ("text", "note_text"):
        del old[text]["formulas"]
    manifest = replace(manifest, ledger=ledger_from_json(old))
    (old_markup, new_markup, _), (letters, moves, _) = FLAT[0], PRINTED[0]
    data = {
        "html": lambda: damaged(made, "html", old_markup, new_markup),
        "pdf": lambda: moved(made, letters, moves),
    }[name]()
    assert told(made, name, data)
    assert not told(made, name, data, manifest)
