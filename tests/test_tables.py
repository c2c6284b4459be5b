"""Tables: however long or wide, on the page, on a phone and on an e-reader."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from conftest import BODY_LINE, Desk
from hypothesis import given
from hypothesis import strategies as st
from judged import errors

from triptych.diagnostics import Diagnostic
from triptych.press import Build, build
from triptych.render.typesetter.table_headers import heads_of_cells
from triptych.validators import epubcheck, nu, verapdf

LONG = "\n".join(f"| {n} | Harbour {n} | {n * 37 % 911} |" for n in range(1, 81))
WIDE = "\n".join(
    "| " + " | ".join(f"{row * column}.5 units" for column in range(1, 13)) + " |"
    for row in range(1, 6)
)
BROAD = "\n".join(
    "| " + " | ".join(f"{row * column} ships" for column in range(1, 10)) + " |"
    for row in range(1, 4)
)
PAPER = f"""\
The long one is @tbl:long, the wide one @tbl:wide, and the one with spans @tbl:grid.

| No. | Harbour | Ships |
|----:|:--------|------:|
{LONG}

: A table longer than a page. {{#tbl:long}}

| {" | ".join(f"Measure {n}" for n in range(1, 13))} |
|{"---|" * 12}
{WIDE}

: A table much wider than a page. {{#tbl:wide}}

| {" | ".join(f"Haven{n:02}" for n in range(1, 10))} |
|{"---|" * 9}
{BROAD}

: A table a little wider than a page.

+---------------------+-----------+
| Property            | Earth     |
+=============+=======+===========+
|             | min   | -89.2 °C  |
| Temperature +-------+-----------+
| 1961-1990   | mean  | 14 °C     |
|             +-------+-----------+
|             | max   | 56.7 °C   |
+-------------+-------+-----------+

: Cells that span rows and columns. {{#tbl:grid}}

+------+---------------+------+
| Head | Body          | Foot |
+======+===============+======+
| One  | - a list      | 1    |
|      | - of two      |      |
+------+---------------+------+
| Two  | A paragraph.  | 2    |
|      |               |      |
|      | Another.      |      |
+======+===============+======+
| Both |               | 3    |
+======+===============+======+

: Cells of several blocks, and a foot.

------- ------ ----------   -------
     12     12        12         12
    123     123       123       123
------- ------ ----------   -------

: A table without heads.
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder = tmp_path_factory.mktemp("tables")
    desk = Desk(folder)
    desk.put("refs.json", "[]")
    return build(desk.paper(PAPER), out=folder / "dist")


@pytest.fixture(scope="module")
def pages(made: Build) -> list[str]:
    document = pypdfium2.PdfDocument(file(made, ".pdf"))
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return texts


def file(made: Build, ending: str) -> Path:
    return next(path for path in made.files if path.suffix == ending)


def told(made: Build) -> list[Diagnostic]:
    return [warning for warning in made.warnings if warning.code == "table-wide"]


def page_of(pages: list[str], words: str) -> int:
    return next(number for number, text in enumerate(pages) if words in text)


def test_tables_of_every_kind_say_the_same_in_all_editions(made: Build) -> None:
    assert made.collation.passed
    assert "Harbour 80" in made.edition.ledger.text.plain


def test_a_long_table_begins_below_the_text_and_repeats_its_head(pages: list[str]) -> None:
    first, last = page_of(pages, "1 Harbour 1 37"), page_of(pages, "Harbour 80")
    assert first == page_of(pages, "The long one is")
    assert last > first
    for number in range(first, last + 1):
        assert pages[number].count("No. Harbour Ships") == 1


def test_a_wide_table_stands_on_a_turned_page_and_is_told_with_its_line(
    made: Build, pages: list[str]
) -> None:
    document = pypdfium2.PdfDocument(file(made, ".pdf"))
    turned = [n for n, page in enumerate(document) if page.get_width() > page.get_height()]
    sizes = {tuple(sorted(map(round, page.get_size()))) for page in document}
    document.close()
    assert turned == [page_of(pages, "much wider")]
    assert len(sizes) == 1  # it is the same page, turned
    (warning,) = (w for w in told(made) if "turned" in w.message)
    lines = (file(made, ".pdf").parents[1] / "paper.md").read_text(encoding="utf-8").splitlines()
    assert lines[warning.line - 1].startswith("| Measure 1 |")
    assert warning.severity == "warning"


def test_a_table_a_little_too_wide_is_set_smaller_where_it_stands(made: Build) -> None:
    (warning,) = (w for w in told(made) if "turned" not in w.message)
    assert warning.excerpt.startswith("| Haven01 |")
    assert "too small" not in warning.message


def test_a_table_that_fits_is_left_alone(desk: Desk, tmp_path: Path) -> None:
    made = build(desk.paper("| a | b |\n|---|---|\n| 1 | 2 |\n"), out=tmp_path / "dist")
    assert not told(made)


def test_every_cell_of_the_pdf_names_the_heads_over_it(made: Build) -> None:
    with pikepdf.open(file(made, ".pdf")) as pdf:
        cells = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary)]
        heads = {str(item.ID) for item in cells if item.get("/S") == "/TH" and "/ID" in item}
        named = [
            [str(name) for name in item.A.Headers]
            for item in cells
            if item.get("/S") == "/TD" and "/Headers" in item.get("/A", {})
        ]
    assert {name for names in named for name in names} == heads
    without = 4 * 2  # the table without heads
    assert sum(1 for names in named if not names) == without


def test_the_judges_pass_tables_of_every_kind(made: Build) -> None:
    verdicts = [
        *epubcheck.validate([file(made, ".epub")]),
        *verapdf.validate([file(made, ".pdf")], flavours=["ua1"]),
        *nu.validate([file(made, ".html")]),
    ]
    assert errors(verdicts) == []


# --- Heads of cells ------------------------------------------------------------------------------


def table(*rows: str) -> ET.Element:
    return ET.fromstring(f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")


def named(table: ET.Element) -> dict[str, list[str]]:
    return {
        cell.text or "": [head.text or "" for head in heads]
        for cell, heads in heads_of_cells(table).items()
    }


def test_a_cell_has_the_heads_of_its_row_and_its_columns() -> None:
    heads = named(
        table("<td>x</td><th>A</th><th>B</th>", '<th scope="row">r</th><td>1</td><td>2</td>')
    )
    assert heads == {"x": [], "1": ["r", "A"], "2": ["r", "B"]}


def test_a_spanning_head_stands_over_all_its_columns() -> None:
    heads = named(table('<th colspan="2">A</th><th>B</th>', "<td>1</td><td>2</td><td>3</td>"))
    assert heads == {"1": ["A"], "2": ["A"], "3": ["B"]}


def test_a_cell_that_spans_rows_pushes_the_cells_below_aside() -> None:
    heads = named(
        table(
            "<th>A</th><th>B</th><th>C</th>",
            '<td rowspan="2">1</td><td>2</td><td>3</td>',
            "<td>4</td><td>5</td>",
        )
    )
    assert heads == {"1": ["A"], "2": ["B"], "3": ["C"], "4": ["B"], "5": ["C"]}


@given(st.lists(st.lists(st.integers(1, 3), min_size=1, max_size=4), min_size=1, max_size=4))
def test_every_cell_is_told_of_however_cells_span(spans: list[list[int]]) -> None:
    rows = [
        "".join(f'<td colspan="{n}" rowspan="{n}">{r} {c}</td>' for c, n in enumerate(row))
        for r, row in enumerate(spans)
    ]
    assert len(heads_of_cells(table(*rows))) == sum(map(len, spans))


def test_pictures_too_wide_for_their_table_give_way_before_its_type(desk: Desk) -> None:
    row = " | ".join("![](a.svg){width=80mm alt=x} words" for _ in range(3))
    paper = desk.paper(f"Before.\n\n| A | B | C |\n|:--|:--|:--|\n| {row} |\n\nAfter.\n")
    made = build(paper, out=desk.folder / "dist", formats=("html", "pdf"))
    assert made.collation.passed, made.collation.differences
    assert not [told for told in made.warnings if told.code.startswith("table")]
    widths = {page.get_width() for page in pypdfium2.PdfDocument(made.files[1])}
    assert len(widths) == 1  # no page is turned


def test_words_beside_a_picture_in_a_first_cell_go_on_below_it(desk: Desk) -> None:
    rows = "| ![](a.svg){alt=x} words | ![](a.svg){width=90mm alt=x} |\n| ![](a.svg){alt=x} b | c |"
    paper = desk.paper(f"Before.\n\n| A | B |\n|:--|:--|\n{rows}\n\nAfter.\n")
    made = build(paper, out=desk.folder / "dist", formats=("html", "pdf"))
    assert made.collation.passed, made.collation.differences


def test_a_word_that_no_page_holds_breaks_in_its_cell(desk: Desk) -> None:
    rows = f"| what | `{'0123456789abcdef' * 12}` |\n| who | Ada |"
    paper = desk.paper(f"Before.\n\n| A | B |\n|:--|:--|\n{rows}\n\nAfter.\n")
    made = build(paper, out=desk.folder / "dist", formats=("html", "pdf"))
    assert made.collation.passed, made.collation.differences
    assert not made.warnings
    assert len({page.get_width() for page in pypdfium2.PdfDocument(made.files[1])}) == 1


WIDE = """
| | A | B | C |
|---|---|---|---|
| pi | {0} | {0} | {0} |

: Wide {1}.
"""


def test_a_turned_page_has_its_table_and_no_text(desk: Desk) -> None:
    number = "12345678901234567890123456789012345678"
    tables = [WIDE.format(number, name) for name in ("one", "two", "three")]
    body = (
        f"Before.\n{tables[0]}\nBetween.\n{tables[1]}{tables[2]}\n# Next\n\nAfter.\n\n"
        f"- Item\n{tables[0].replace('one', 'four').replace(chr(10), chr(10) + '  ')}\n  Last.\n"
    )
    made = build(desk.paper(body), out=desk.folder / "dist", formats=("html", "pdf"))
    assert made.collation.passed, made.collation.differences
    pages = list(pypdfium2.PdfDocument(made.files[1]))
    lying = [page for page in pages if page.get_width() > page.get_height()]
    assert len(lying) == 4
    texts = [page.get_textpage().get_text_bounded() for page in lying]
    assert all(text.count("Wide") == 1 for text in texts)
    assert not any(
        word in text for text in texts for word in ("Before", "Between", "After", "Item")
    )


def test_a_row_taller_than_a_page_runs_on_below_the_heads(desk: Desk) -> None:
    lines = "".join(f"| {'' if n else 'key':<5} | line {n:<9} |\n" for n in range(400))
    rule = f"+{'-' * 7}+{'-' * 16}+\n"
    cells = f"{rule}| Heads | Of columns     |\n{rule.replace('-', '=')}"
    cells += f"{lines}{rule}| end   | fine           |\n{rule}"
    made = build(
        desk.paper(f"Before.\n\n{cells}\n: Tall.\n\nAfter.\n"),
        out=desk.folder / "dist", formats=("html", "pdf"),
    )  # fmt: skip
    assert made.collation.passed, made.collation.differences
    pages = [
        page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(made.files[1])
    ]
    first = next(n for n, text in enumerate(pages) if "Before." in text)
    held = [text for text in pages if "line " in text]
    assert "line 0" in pages[first]
    assert len(held) > 1
    assert all("Of columns" in text for text in held)


def test_a_link_to_a_heading_before_empty_blocks_is_proven_at_every_foot_of_a_page(
    desk: Desk,
) -> None:
    empty = "::: empty\n:::\n\n<div></div>\n\n[]{#place%d}\n"
    chapters = [
        f"# Part {n}\n\nSee [there](#end-{n}).\n\n" + "Line.\n\n" * n
        + f"# End {n} {{#end-{n}}}\n\n{empty % n}"
        for n in range(28, 40)
    ]  # fmt: skip
    paper = desk.paper("\n\n".join(chapters))
    made = build(paper, out=desk.folder / "dist", formats=("html", "pdf"))
    assert made.collation.passed, made.collation.differences


def _pages_of(desk: Desk, body: str) -> list[str]:
    made = build(desk.paper(body), out=desk.folder / "dist", formats=["pdf"], keep_going=True)
    (path,) = (file for file in made.files if file.suffix == ".pdf")
    document = pypdfium2.PdfDocument(path)
    return [page.get_textpage().get_text_range() for page in document]


def test_the_heading_before_a_turned_table_stands_on_its_page(desk: Desk) -> None:
    wide = "|" + " columnhead |" * 14 + "\n" + "|---" * 14 + "|\n|" + " somewords |" * 14 + "\n"
    pages = _pages_of(desk, f"# One\n\nWords.\n\n## Measures\n\n{wide}\n")
    (turned,) = (page for page in pages if "somewords" in page)
    assert "Measures" in turned.split("columnhead")[0]


def test_the_caption_of_a_table_never_stands_alone_at_the_foot_of_a_page(desk: Desk) -> None:
    rows = "| a | b |\n|---|---|\n" + "| row | cell |\n" * 30
    line = "Line.\n\n"
    sections = (
        f"`\\newpage`{{=latex}}\n\n{line * lines}## Heading\n\n{rows}\n: Caption {lines}\n\n"
        for lines in range(20, 32)
    )
    for page in _pages_of(desk, "".join(sections)):
        assert "Caption" not in page or "row cell" in page


def test_a_wide_table_is_told_at_its_line_though_prose_has_its_words(desk: Desk) -> None:
    wide = "|" + " columnhead |" * 14 + "\n" + "|---" * 14 + "|\n|" + " somewords |" * 14 + "\n"
    paper = desk.paper(f"# columnhead\n\nOf a columnhead.\n\n{wide}\n")
    (told,) = build(paper, out=desk.folder / "dist", formats=["pdf"]).warnings
    assert (told.code, told.line) == ("table-wide", BODY_LINE + 4)


GRID = "+-----+-----+\n| a   | b   |\n+=====+=====+\n| 1   | {cell} |\n+-----+-----+\n"


@pytest.mark.parametrize("cell", ["2  ", "日 ", "é  ", "e\u0301  "])
def test_a_drawn_table_with_even_rows_is_not_told(desk: Desk, cell: str) -> None:
    assert not desk.mistakes(desk.paper(f"Text.\n\n{GRID.format(cell=cell)}"))


@pytest.mark.parametrize("indent", ["", "> "])
def test_a_row_that_does_not_fit_its_drawn_table_is_told_at_its_line(
    desk: Desk, indent: str
) -> None:
    table = "".join(indent + line + "\n" for line in GRID.format(cell="far too wide").splitlines())
    (told,) = desk.mistakes(desk.paper(f"Text.\n\n{table}"))
    assert (told.code, told.severity) == ("table-ragged", "warning")
    assert (told.line, told.column) == (BODY_LINE + 5, len(indent) + 1)


def test_a_drawing_in_code_is_no_table(desk: Desk) -> None:
    table = GRID.format(cell="far too wide")
    assert not desk.mistakes(desk.paper(f"```\n{table}```\n"))
