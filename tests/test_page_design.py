"""A design of a work's own: its page, its type and its colour, and all files still say the same."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import median

import pikepdf
import pypdfium2
import pytest
from conftest import Desk
from hypothesis import given
from hypothesis import strategies as st

from triptych.collate import collate
from triptych.manifest import read_manifest
from triptych.page_design import PageDesign, PageMargins, RunningHeads, read_design
from triptych.press import build
from triptych.record import read_record
from triptych.render.pdf.pages import page_style, paged_markup, render_paged
from triptych.render.typesetter.weasyprint import typeset

WORDS = "Engines weave algebraic patterns as looms weave flowers and leaves. " * 30


def design(**fields: object) -> tuple[PageDesign, list[tuple[str, str]]]:
    """What fields ask for, and what is told of them: field and severity."""
    read = read_record({"title": "T", **fields}, "T")
    return read.record.design, [(told.field, told.severity) for told in read.problems]


PROSE = (
    "Whoever counts the boats of a harbour does not count them all, since some are out and some "
    "are sunk, and the clerk who kept the book had his dinner at noon as everybody did. "
) * 20


def files_of(paths: tuple[Path, ...]) -> dict[str, bytes]:
    return {path.suffix[1:]: path.read_bytes() for path in paths if path.suffix != ".json"}


def printed_text(pdf: Path) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def text_box(pdf: bytes) -> tuple[float, float, float]:
    """The left and right edges of the text on the first page of it, and its leading, in points."""
    document = pypdfium2.PdfDocument(pdf)
    text = document[2].get_textpage()
    whole = text.get_text_bounded()
    at = whole.index("looms")
    boxes = [text.get_charbox(n) for n in range(at, len(whole)) if whole[n].strip()]
    letters = [n for n in range(at, len(whole)) if whole[n] == "l"]
    feet = sorted({round(text.get_charbox(n, loose=True)[1], 1) for n in letters})
    leading = median(b - a for a, b in pairwise(feet) if b - a > 5)
    return min(box[0] for box in boxes), max(box[2] for box in boxes), leading


def test_margins_type_and_leading_are_those_asked_for(desk: Desk) -> None:
    usual = text_box(render_paged(desk.edition(WORDS)).pages)
    front = "design:\n  margin: {inner: 40mm, outer: 30mm}\n  type-size: 12pt\n  leading: 1.5\n"
    asked = text_box(render_paged(desk.edition(WORDS, front)).pages)
    mm = 72 / 25.4
    assert asked[0] - usual[0] == pytest.approx((40 - 22) * mm, abs=1)
    assert usual[1] - asked[1] == pytest.approx((30 - 18) * mm, abs=1)
    assert (usual[2], asked[2]) == pytest.approx((14, 18), abs=0.3)


def test_all_type_grows_with_that_of_the_text(desk: Desk) -> None:
    def sizes(front: str) -> list[float]:
        edition = desk.edition("# One\n\nText.[^1]\n\n[^1]: A note.\n", front)
        with pikepdf.open(io.BytesIO(render_paged(edition).pages)) as pdf:
            content = b"".join(page.Contents.read_bytes() for page in pdf.pages)
        return sorted({float(n) for n in re.findall(rb"/\S+ ([\d.]+) Tf", content)})

    one, twice = sizes(""), sizes("design: {type-size: 19.6}\n")
    assert [size / 2 for size in twice] == pytest.approx(one, abs=0.05)


def test_the_accent_is_the_same_in_all_formats_and_lighter_in_the_dark(
    desk: Desk, tmp_path: Path
) -> None:
    front = "number-sections: true\ndesign: {accent: teal}\n"
    paper = desk.paper("# One\n\nText.\n", front)
    made = build(paper, out=tmp_path / "out")
    assert made.collation.passed
    page = (tmp_path / "out" / "paper.html").read_text(encoding="utf-8")
    assert ":root{--accent:#008080}@media (prefers-color-scheme:dark)" in page
    with zipfile.ZipFile(tmp_path / "out" / "paper.epub") as book:
        (sheet,) = (name for name in book.namelist() if name.endswith("style.css"))
        assert "--accent:#008080" in book.read(sheet).decode()
    with pikepdf.open(tmp_path / "out" / "paper.pdf") as pdf:
        content = b"".join(page.Contents.read_bytes() for page in pdf.pages)
    assert re.search(rb"\b0(?:\.0)? 0?\.50\d* 0?\.50\d* rg", content)


def test_the_names_of_pandoc_mean_the_same() -> None:
    asked, told = design(
        papersize="a5paper", geometry=["top=30mm", "left=1in"], fontsize="11pt", linestretch=1.25
    )
    assert asked == PageDesign(margins=PageMargins(top=30, inner=25.4), type_size=11, leading=1.5)
    assert told == []
    assert read_record({"papersize": "a5"}, "T").record.trim_size == (148, 210)
    assert design(geometry="margin=1in")[0].margins == PageMargins(25.4, 25.4, 25.4, 25.4)
    assert design(**{"margin-left": "3cm"})[0].margins == PageMargins(inner=30)


def test_the_works_own_table_goes_before_them() -> None:
    asked, _ = design(fontsize="11pt", geometry="margin=1in", design={"type-size": 10})
    assert (asked.type_size, asked.margins.top) == (10, 25.4)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"design": {"margin": "5mm"}}, [("margin", "error")] * 4),
        ({"design": {"margin": {"gutter": "20mm"}}}, [("margin", "error")]),
        ({"design": {"type-size": "40pt"}}, [("type-size", "error")]),
        ({"design": {"leading": "wide"}}, [("leading", "error")]),
        ({"design": {"accent": "yellow"}}, [("accent", "error")]),
        ({"design": {"accent": "reddish"}}, [("accent", "error")]),
        ({"design": {"fonts": "Arial"}}, [("fonts", "error")]),
        ({"design": {"links": "yellow"}}, [("links", "error")]),
        ({"design": {"contents": "deep"}}, [("contents", "error")]),
        ({"design": {"sides": "both"}}, [("sides", "error")]),
        ({"design": {"running-heads": "title"}}, [("running-heads", "error")]),
        ({"design": {"running-heads": {"inner": "title"}}}, [("inner", "error")]),
        ({"design": {"running-heads": {"left": "chapter"}}}, [("left", "error")]),
        ({"design": {"theme": "novel"}}, [("theme", "error")]),
        ({"theme": "cosmo"}, [("theme", "warning")]),
        ({"linkcolor": "NavyBlue"}, [("linkcolor", "warning")]),
        ({"design": "plain"}, [("design", "error")]),
        ({"geometry": "margin=2mm"}, [("geometry", "warning")] * 4),
        ({"fontsize": "large"}, [("fontsize", "warning")]),
        ({"geometry": "landscape, showframe"}, []),
    ],
)
def test_what_cannot_be_is_told(fields: dict[str, object], told: list[tuple[str, str]]) -> None:
    asked, problems = design(**fields)
    assert (replace(asked, contents=None, heads=None), problems) == (PageDesign(), told)


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [("theme", "artikle", "article"), ("sides", "onee", "one"), ("type_size", 9, "type-size")],
)
def test_the_nearest_name_is_told(name: str, value: object, meant: str) -> None:
    (problem,) = read_record({"title": "T", "design": {name: value}}, "T").problems
    assert problem.hint == f"did you mean `{meant}`?"
    (problem,) = read_record({"title": "T", "trim-size": "lettre"}, "T").problems
    assert problem.hint.endswith("did you mean `letter`?")


def test_small_settings_are_read_under_both_names() -> None:
    own = {"contents": False, "sides": "one", "links": "navy", "running-heads": False}
    of_pandoc = {"toc": False, "classoption": "oneside", "linkcolor": "navy"}
    asked, wished = design(design=own)[0], design(**of_pandoc)[0]
    assert (asked.contents, asked.sides, asked.links) == (False, 1, "#000080")
    assert (wished.contents, wished.sides, wished.links) == (False, 1, "#000080")
    assert asked.running_heads == RunningHeads("none", "none")
    assert read_record({"design": {"contents": 1}, "toc-depth": 3}, "T").record.contents_depth == 1


@pytest.mark.parametrize("size", ["a4", "letter", "b5", "royal", "demy", "us-trade", "a5", "crown"])
@pytest.mark.parametrize("sides", ["one", "two"])
def test_lines_of_text_have_60_to_75_letters_at_every_trim_size(
    desk: Desk, size: str, sides: str
) -> None:
    front = f"trim-size: {size}\ndesign: {{sides: {sides}, contents: false}}\n"
    edition = desk.edition(PROSE, front)
    pages = typeset(paged_markup(edition), page_style(edition)).pages
    lines = [line for page in pages for line in page]
    letters = [len(line) for before, line in pairwise(lines) if line and before]
    assert 60 <= median(letters) <= 75


def test_pages_of_one_side_are_all_alike(desk: Desk, tmp_path: Path) -> None:
    front = "design:\n  sides: one\n  running-heads: {right: title}\n"
    made = build(
        desk.paper(f"# One\n\n{WORDS * 3}\n\n# Two\n\n{WORDS}", front), out=tmp_path / "out"
    )
    assert made.collation.passed
    document = pypdfium2.PdfDocument(tmp_path / "out" / "paper.pdf")
    edges, heads = set(), []
    for page in list(document)[3:-1]:
        text = page.get_textpage()
        heads.append(" ".join(text.get_text_bounded(bottom=page.get_height() - 60).split()))
        boxes = [text.get_charbox(n) for n in range(40, text.count_chars() - 1)]
        edges.add(round(min(box[0] for box in boxes if box[2] - box[0] > 1)))
    assert heads == [f"Engines {number}" for number in range(4, 4 + len(heads))]
    assert len(edges) == 1


def test_contents_may_be_left_out(desk: Desk, tmp_path: Path) -> None:
    made = build(desk.paper("# One\n\nText.\n", "toc: false\n"), out=tmp_path / "out")
    assert made.collation.passed
    assert "Contents" not in printed_text(tmp_path / "out" / "paper.pdf")
    assert "doc-toc" not in (tmp_path / "out" / "paper.html").read_text(encoding="utf-8")
    with pikepdf.open(tmp_path / "out" / "paper.pdf") as pdf, pdf.open_outline() as outline:
        assert [line.title for line in outline.root] == ["Engines", "One"]


def test_contents_that_are_not_left_out_as_asked_are_told(desk: Desk, tmp_path: Path) -> None:
    made = build(desk.paper("# One\n\nText.\n"), out=tmp_path / "out")
    manifest = read_manifest(made.files[-1].read_bytes())
    asked = replace(manifest.record, design=PageDesign(contents=False))
    found = collate(replace(manifest, record=asked), files_of(made.files)).differences
    assert {difference.witness for difference in found} == {"html", "pdf"}


def test_links_are_coloured_in_every_format(desk: Desk, tmp_path: Path) -> None:
    body = "See [here](https://example.org/) and [@lovelace1843].\n"
    made = build(desk.paper(body, "linkcolor: teal\n"), out=tmp_path / "out")
    assert made.collation.passed
    page = (tmp_path / "out" / "paper.html").read_text(encoding="utf-8")
    assert "main a:not(.noteref,.notemark){color:#008080}@media" in page
    with zipfile.ZipFile(tmp_path / "out" / "paper.epub") as book:
        (sheet,) = (name for name in book.namelist() if name.endswith("style.css"))
        assert "section a:not(.noteref,.notemark){color:#008080}" in book.read(sheet).decode()
    with pikepdf.open(tmp_path / "out" / "paper.pdf") as pdf:
        content = b"".join(page.Contents.read_bytes() for page in pdf.pages)
    assert re.search(rb"\b0(?:\.0)? 0?\.50\d* 0?\.50\d* rg", content)


TABLE = (
    "margin type-size leading accent top x theme links sides running-heads contents left".split()
)
FIELDS = "design geometry fontsize linestretch margin-top theme toc linkcolor classoption".split()
VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.sampled_from(["9pt", "2cm"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "margin",
                    "type-size",
                    "leading",
                    "accent",
                    "top",
                    "x",
                    "theme",
                    "links",
                    "sides",
                    "running-heads",
                    "contents",
                    "left",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "design",
                "geometry",
                "fontsize",
                "linestretch",
                "margin-top",
                "theme",
                "toc",
                "linkcolor",
                "classoption",
            ]
        ),
        VALUES,
    )
)
def test_nothing_that_is_written_there_stops_the_reading(fields: dict[str, object]) -> None:
    found = read_design(fields, [])
    assert 0 <= found.type_size <= 20
    assert found.accent == "" or re.fullmatch("#[0-9a-f]{6}", found.accent)
