"""A design of a work's own: its page, its type and its colour, and all files still say the same."""

from __future__ import annotations

import io
import re
import zipfile
from itertools import pairwise
from pathlib import Path
from statistics import median

import pikepdf
import pypdfium2
import pytest
from conftest import Desk
from hypothesis import given
from hypothesis import strategies as st

from triptych.page_design import PageDesign, PageMargins, read_design
from triptych.press import build
from triptych.record import read_record
from triptych.render.pdf.pages import render_paged

WORDS = "Engines weave algebraic patterns as looms weave flowers and leaves. " * 30


def design(**fields: object) -> tuple[PageDesign, list[tuple[str, str]]]:
    """What fields ask for, and what is told of them: field and severity."""
    read = read_record({"title": "T", **fields}, "T")
    return read.record.design, [(told.field, told.severity) for told in read.problems]


def text_box(pdf: bytes) -> tuple[float, float, float]:
    """The left and right edges of the text on the first page of it, and its leading, in points."""
    document = pypdfium2.PdfDocument(pdf)
    text = document[4].get_textpage()
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
    assert asked == PageDesign(PageMargins(top=30, inner=25.4), type_size=11, leading=1.5)
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
        ({"design": {"font": "Arial"}}, [("font", "error")]),
        ({"design": "plain"}, [("design", "error")]),
        ({"geometry": "margin=2mm"}, [("geometry", "warning")] * 4),
        ({"fontsize": "large"}, [("fontsize", "warning")]),
        ({"geometry": "landscape, showframe"}, []),
    ],
)
def test_what_cannot_be_is_told(fields: dict[str, object], told: list[tuple[str, str]]) -> None:
    assert design(**fields) == (PageDesign(), told)


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.sampled_from(["9pt", "2cm"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["margin", "type-size", "leading", "accent", "top", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(["design", "geometry", "fontsize", "linestretch", "margin-top"]), VALUES
    )
)
def test_nothing_that_is_written_there_stops_the_reading(fields: dict[str, object]) -> None:
    found = read_design(fields, [])
    assert 0 <= found.type_size <= 20
    assert found.accent == "" or re.fullmatch("#[0-9a-f]{6}", found.accent)
