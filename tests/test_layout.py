"""Layout: panels, columns and pictures stand where their author puts them, in all editions."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from conftest import Desk
from lxml import etree

from triptych.press import Build, build
from triptych.validators import epubcheck, jats, nu, verapdf
from triptych.witness.pdf.transcript import Transcript

WIDE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 5"><path d="M0 0h9v5z"/></svg>'
HIGH = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 8"><path d="M0 0h9v8z"/></svg>'


def rows(body: str) -> list[list[str]]:
    """Of each row in a body the widths of its cells, in whole percent, or as they stand."""
    found = etree.fromstring(body).iterfind(".//div[@class='side-by-side']")
    return [[_width(cell.get("style", "")) for cell in row] for row in found]


def _width(style: str) -> str:
    width = re.search(r"(?:^|; )width: ([^;]+)", style)
    assert width, style
    share = re.fullmatch(r"([\d.]+)%", width[1])
    return f"{float(share[1]):.0f}%" if share else width[1]


def panels(*names: str, apart: bool = True) -> str:
    between = "\n\n" if apart else "\n"
    return between.join(f'![{name}](a.svg){{#fig-{name} fig-alt="x"}}' for name in names)


@pytest.mark.parametrize(
    ("attributes", "names", "wanted"),
    [
        ("layout-ncol=2", "ab", [["48%", "48%"]]),
        ("layout-ncol=2", "abc", [["48%", "48%"], ["48%"]]),
        ("layout-nrow=2", "abcd", [["48%", "48%"]] * 2),
        ('layout="[[1,1],[1]]"', "abc", [["48%", "48%"], ["100%"]]),
        ('layout="[[30,70]]"', "ab", [["29%", "67%"]]),
        ('layout="[40,-20,40]"', "ab", [["37%", "37%"]]),
    ],
)
def test_a_layout_gives_each_panel_its_share(
    desk: Desk, attributes: str, names: str, wanted: list[list[str]]
) -> None:
    body = f"::: {{#fig-all {attributes}}}\n{panels(*names)}\n\nAll.\n:::\n"
    edition = desk.edition(body)
    assert rows(edition.body) == wanted
    assert [item.number for item in edition.ledger.numbered] == ["1", *(f"1{n}" for n in names)]


def test_images_of_one_paragraph_stand_side_by_side_and_a_paragraph_is_a_row(desk: Desk) -> None:
    edition = desk.edition(
        'See @fig:c.\n\n<div id="fig:all">\n![A](a.svg){#fig:a width=30% alt="x"}\n'
        '![B](a.svg){#fig:b width=60% alt="x"}\n\n'
        '![C](a.svg){#fig:c alt="x"}\n![D](a.svg){#fig:d alt="x"}\n\nAll.\n</div>\n'
    )
    assert rows(edition.body) == [["32%", "64%"], ["48%", "48%"]]
    assert [item.label for item in edition.ledger.numbered][3] == "Figure 1c"


def test_images_wider_than_a_row_together_begin_another(desk: Desk) -> None:
    images = " ".join(f'![](a.svg){{width=45% alt="{n}"}}' for n in range(4))
    assert rows(desk.edition(images).body) == [["48%", "48%"]] * 2


def test_images_with_lengths_keep_them(desk: Desk) -> None:
    body = desk.edition('![](a.svg){width=3cm alt="x"} ![](a.svg){width=90 alt="y"}').body
    assert rows(body) == [["3cm", "90px"]]


def test_small_images_of_one_paragraph_are_not_blown_up(desk: Desk) -> None:
    desk.put("i.svg", WIDE.replace("viewBox", 'width="16" viewBox'))
    assert rows(desk.edition('![](i.svg){alt="x"} ![](a.svg){alt="y"}').body) == [["16px", "48%"]]


def test_columns_have_their_widths(desk: Desk) -> None:
    body = desk.edition(
        ":::: columns\n::: {.column width=40%}\nLeft.\n:::\n::: {.column width=60%}\nRight.\n:::\n"
        "::::\n"
    ).body
    assert rows(body) == [["38%", "58%"]]


def test_a_heading_stands_above_what_follows_it_in_a_layout(desk: Desk) -> None:
    body = desk.edition("::: {layout-ncol=2}\n## One\n\nA.\n\n## Two\n\nB.\n:::\n").body
    assert rows(body) == [["48%", "48%"]]


def test_subfigures_of_latex_stand_side_by_side(desk: Desk) -> None:
    def panel(width: str, label: str) -> str:
        return (
            f"\\begin{{subfigure}}[b]{{{width}\\textwidth}}\n"
            "\\includegraphics[width=\\textwidth]{a.svg}\n"
            f"\\caption{{Words}}\\label{{fig:{label}}}\n\\end{{subfigure}}\n"
        )

    edition = desk.edition(
        f"\\autoref{{fig:r}}\n\n\\begin{{figure}}\n{panel('0.3', 'l')}\\hfill\n{panel('0.6', 'r')}"
        "\\caption{Both}\\label{fig:both}\n\\end{figure}\n"
    )
    assert rows(edition.body) == [["32%", "64%"]]
    assert [item.label for item in edition.ledger.numbered] == [
        "Figure 1",
        "Figure 1a",
        "Figure 1b",
    ]


def test_a_layout_that_cannot_be_read_is_told_at_its_place(desk: Desk) -> None:
    told = desk.mistakes(
        desk.paper(f'Words.\n\n::: {{#fig-x layout="two"}}\n{panels("a", "b")}\n:::\n')
    )
    assert [(d.code, d.line) for d in told] == [("layout-malformed", 9)]


@pytest.mark.parametrize(
    ("attributes", "style"),
    [
        ("width=50%", "width: 50.0%"),
        ("width=300", "width: 300px"),
        ("height=2in", "height: 2in; width: auto"),
        ("width=5cm height=3cm", "width: 5cm; height: 3cm"),
    ],
)
def test_a_picture_has_the_size_it_asks_for(desk: Desk, attributes: str, style: str) -> None:
    body = desk.edition(f'![A](a.svg){{alt="x" {attributes}}}\n').body
    assert f'style="{style}"' in body


@pytest.mark.parametrize("side", ["left", "center", "right"])
def test_a_figure_stands_to_the_side_it_asks_for(desk: Desk, side: str) -> None:
    figure = f'![A](a.svg){{alt="x" width=50% fig-align="{side}"}}\n'
    assert f'class="align-{side}"' in desk.edition(figure).body
    group = f"::: {{#fig-x fig-align={side}}}\n{panels('a', 'b')}\n\nBoth.\n:::\n"
    assert f'class="panels align-{side}"' in desk.edition(group).body


# --- The finished files --------------------------------------------------------------------------

PAPER = f"""\
See @fig-two, @fig-b, @fig:d and @tbl-b. Words before.

::: {{#fig-two layout-ncol=2}}
![A caption that goes over more lines than its neighbour's does](wide.svg){{#fig-a fig-alt="x"}}

![B](high.svg){{#fig-b fig-alt="x"}}

![C](wide.svg){{#fig-c fig-alt="x"}}

All of them.[^n]
:::

[^n]: A note.

<div id="fig:more">
![D](wide.svg){{#fig:d alt="x" width=40%}} ![E](high.svg){{#fig:e alt="x" width=20%}}

More.
</div>

::: {{#tbl-both layout-ncol=2}}
| a | b |
|---|---|
| 1 | 2 |
| 3 | 4 |

: A {{#tbl-a}}

| c | d |
|---|---|
| 1 | 2 |

: B {{#tbl-b}}

Both.
:::

:::: columns
::: {{.column width=40%}}
Left words that run over several lines of the column, so that the right one begins above
their end.[^m]
:::
::: {{.column width=60%}}
![In a column](wide.svg){{alt="x" width=50% fig-align=center}}

Right words, and @fig:e.
:::
::::

[^m]: A note in a column.

::: {{#fig-many layout-ncol=2}}
{panels("m", "n", "o", "p", "q", "r", "s", "t")}

More than a page holds.
:::

::: {{layout-ncol=2}}
{" ".join(["word"] * 700)}

A short column beside one that no page holds.
:::

End.
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A paper of panels, tables and columns, built in all three formats."""
    folder = tmp_path_factory.mktemp("layout")
    for name, drawing in (("wide.svg", WIDE), ("high.svg", HIGH), ("a.svg", HIGH)):
        (folder / name).write_text(drawing)
    paper = folder / "paper.md"
    paper.write_text(f"---\ntitle: Panels\nlang: en\n---\n\n{PAPER}")
    return build(paper, out=folder / "dist", formats=("html", "epub", "pdf", "jats"))


def finished(made: Build, ending: str) -> Path:
    return next(path for path in made.files if path.suffix == ending)


def test_panels_are_proven_in_their_order_with_their_references(made: Build) -> None:
    assert made.collation.passed, made.collation.differences
    assert made.warnings == ()


def test_panels_are_proven_from_the_right_too(desk: Desk) -> None:
    figure = f"::: {{#fig-x layout-ncol=2}}\n{panels('a', 'b')}\n\nBoth.\n:::\n"
    paper = desk.paper(f"See @fig-x, @fig-b and @fig-a.\n\n{figure}")
    paper.write_text(paper.read_text().replace("lang: en", "lang: he"))
    made = build(paper, out=desk.folder / "dist", formats=("html", "pdf"))
    assert made.collation.passed, made.collation.differences


def test_the_judges_find_nothing_amiss_in_panels(made: Build) -> None:
    for verdicts in (
        epubcheck.validate([finished(made, ".epub")]),
        verapdf.validate([finished(made, ".pdf")], flavours=["ua1", "2a"]),
        nu.validate([finished(made, ".html")]),
        jats.validate([finished(made, ".xml")]),
    ):
        assert [str(f) for v in verdicts for f in v.findings if f.severity == "error"] == []


def test_jats_groups_the_panels_of_a_figure(made: Build) -> None:
    work = etree.parse(finished(made, ".xml"), etree.XMLParser(load_dtd=False))
    groups = work.findall(".//fig-group")
    assert [len(group.findall("fig")) for group in groups] == [3, 2, 8]


def places(pdf: Path, words: str) -> tuple[int, float, float]:
    """The page on which words are printed first, and their left and lower edges in points."""
    document = pypdfium2.PdfDocument(pdf)
    for number, page in enumerate(document):
        text = page.get_textpage()
        found = text.search(words, match_case=True).get_next()
        if found and number > 1:  # behind the title page and the colophon
            left, bottom, _, _ = text.get_charbox(found[0])
            return number, left, bottom
    raise AssertionError(words)


def test_panels_of_a_row_have_their_captions_level_on_one_page(made: Build) -> None:
    pdf = finished(made, ".pdf")
    first, second, third = (places(pdf, words) for words in ("(a) A cap", "(b) B", "(c) C"))
    assert first[0] == second[0] == third[0]
    assert first[2] == pytest.approx(second[2], abs=0.5)
    assert second[1] > first[1] + 100
    assert third[1] == pytest.approx(first[1], abs=0.5)
    assert third[2] < first[2] - 50


def test_tables_and_columns_stand_beside_each_other(made: Build) -> None:
    pdf = finished(made, ".pdf")
    left, right = places(pdf, "Left words"), places(pdf, "Right words")
    assert left[0] == right[0]
    assert right[1] > left[1] + 100


def test_each_picture_in_the_pdf_is_a_figure_with_its_description(made: Build) -> None:
    with pikepdf.open(finished(made, ".pdf")) as pdf:
        items = (item for item in pdf.objects if isinstance(item, pikepdf.Dictionary))
        figures = [item for item in items if item.get("/S") == "/Figure"]
        assert len(figures) == 14
        assert {str(figure["/Alt"]) for figure in figures} == {"x"}


# --- What the proof allows a row -----------------------------------------------------------------


def lines(*places: tuple[str, float, float]) -> Transcript:
    """A text of a page: of each line its words, and where they begin, in points from below."""
    desk = Transcript(-1, bidi=False)
    for words, left, base in places:
        for number, letter in enumerate(words):
            desk.scribe.write(letter)
            x = left + 5 * number
            desk.places.append((0, (x, base, x + 5, base + 5), 10.0))
    return desk


ABOVE, LEFT, UNDER = ("above", 50, 500), ("(a)left", 50, 400), ("under", 50, 388)


@pytest.mark.parametrize(
    ("begins", "proven"),
    [
        ((150, 400), True),
        ((150, 480), True),
        ((80, 400), False),  # it touches what stands at its side
        ((150, 510), False),  # it stands before what is read before the row
    ],
)
def test_only_what_stands_clear_beside_its_row_may_begin_higher_up(
    begins: tuple[float, float], proven: bool
) -> None:
    desk = lines(ABOVE, LEFT, UNDER, ("(b)right", *begins))
    desk.beside = {5: 5, 17: 5}
    moved = [doubt for doubt in desk.reading([]).doubts if doubt.kind == "moved"]
    assert bool(moved) is not proven


HEAD, FIRST, MORE = ("head", 50, 450), ("first", 50, 400), ("more", 50, 388)


@pytest.mark.parametrize(
    ("begins", "proven"),
    [
        ((150, 388), True),
        ((150, 440), True),  # the first cell begins with a picture
        ((150, 320), True),
        ((80, 388.5), True),  # the line goes on
        ((60, 400), False),  # it touches what stands at its side
        ((150, 460), False),  # it stands in the row before
    ],
)
def test_a_cell_may_stand_at_any_height_of_its_row(
    begins: tuple[float, float], proven: bool
) -> None:
    desk = lines(ABOVE, HEAD, FIRST, MORE, ("second", *begins))
    desk.cells = {5: (5, 5), 9: (5, 9), 18: (5, 9)}
    moved = [doubt for doubt in desk.reading([]).doubts if doubt.kind == "moved"]
    assert bool(moved) is not proven


def test_only_a_cell_of_several_rows_may_reach_down_beside_later_ones() -> None:
    desk = lines(("one", 50, 500), ("high", 150, 500), ("deep", 150, 480), ("two", 50, 490))
    desk.cells = {0: (0, 0), 3: (0, 0), 11: (0, 11)}
    assert [doubt.start for doubt in desk.reading([]).doubts] == [11]
    desk.spanning = [(3, 11)]
    assert desk.reading([]).doubts == ()


def test_tables_with_large_pictures_in_their_cells_are_proven(desk: Desk) -> None:
    long = "words that run over several lines of the cell beside a picture"
    rows = []
    for number in range(9):
        cells = [f"one {number} {long}", f"two {number}", f"three {number} {long} {long}"]
        cells[number % 3] = f"![](a.svg){{width={20 + 5 * (number % 4)}mm alt=x}} after it"
        rows.append(f"| {' | '.join(cells)} |\n")
    made = build(
        desk.paper(f"Before.\n\n| A | B | C |\n|:--|:--|:--|\n{''.join(rows)}\nAfter.\n"),
        out=desk.folder / "dist",
        formats=("html", "pdf"),
    )
    assert made.collation.passed, made.collation.differences
