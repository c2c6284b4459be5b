"""Style sheets of a work's own: over the house's in each medium, and nothing hidden by them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pikepdf
import pytest
from conftest import Desk
from hypothesis import given
from hypothesis import strategies as st

from triptych.collate import CollationError
from triptych.diagnostics import SourceError
from triptych.manifest import read_manifest
from triptych.press import build
from triptych.read.own_css import refused
from triptych.read.source import read_source

BODY = "# One\n\nWords by [@lovelace1843].\n"
MEDIA = "design: {css: {web: w.css, print: p.css, ebook: e.css}}\n"


def told(desk: Desk, path: Path) -> list[tuple[str, int, int, str]]:
    return [
        (Path(each.file).name, each.line, each.column, each.message)
        for each in desk.mistakes(path)
        if each.code == "style-sheet"
    ]


def test_each_medium_has_its_own_style_sheet_over_the_houses(desk: Desk, tmp_path: Path) -> None:
    desk.put("w.css", "h2 { letter-spacing: .02em }\n")
    desk.put("p.css", "@media print { main p { line-height: 21pt } }\n@page { background: #eee }")
    desk.put("e.css", "h1 { color: navy }\n")
    made = build(desk.paper(BODY, MEDIA), out=tmp_path / "out")
    assert made.collation.passed
    page = (tmp_path / "out" / "paper.html").read_text(encoding="utf-8")
    assert "h2{letter-spacing:.02em}\n</style>" in page
    with zipfile.ZipFile(tmp_path / "out" / "paper.epub") as book:
        assert book.read("EPUB/style.css").decode().endswith("h1{color:navy}")
    with pikepdf.open(tmp_path / "out" / "paper.pdf") as pdf:
        content = b"".join(page.Contents.read_bytes() for page in pdf.pages)
    assert b".93333" in content or b"0.933" in content
    manifest = read_manifest(made.files[-1].read_bytes())
    assert {"w.css", "p.css", "e.css"} <= manifest.source.keys()


def test_one_without_a_medium_is_for_web_page_and_e_book(desk: Desk) -> None:
    desk.put("own.css", "p { color: #223344 }")
    sheets = read_source(desk.paper(BODY, "css: own.css\n")).style_sheets
    assert sheets == {"web": "p{color:#223344}", "ebook": "p{color:#223344}"}


@pytest.mark.parametrize(
    "rule",
    [
        "p { display: none }",
        ".note { visibility: hidden }",
        "p { opacity: .01 }",
        "p { font-size: 0px }",
        "p { color: rgba(0, 0, 0, 0) }",
        "p { color: #1230 }",
        "p::before { content: 'not ' }",
        "p { text-transform: uppercase }",
        "p { position: absolute }",
        "p { text-indent: -9999px }",
        "p { transform: scaleX(-1) }",
        "li { list-style-type: upper-roman }",
        "p { direction: rtl }",
        "body { background: url(https://example.org/x.png) }",
        "p { background: im\\61 ge-set('x' 1x) }",
        "@import 'other.css';",
        "@font-face { font-family: X; src: local(x) }",
        "@page { size: A3 }",
        "@page { @top-left { content: 'x' } }",
        "@media screen { p { clip-path: inset(100%) } }",
        "p { color: }} red",
    ],
)
def test_what_would_hide_disguise_or_load_is_told_with_its_line(desk: Desk, rule: str) -> None:
    desk.put("w.css", f"/* Ours. */\nh2 {{ margin: 0 }}\n{rule}\n")
    desk.put("p.css", "")
    desk.put("e.css", "")
    found = told(desk, desk.paper(BODY, MEDIA))
    assert found
    assert {(name, line) for name, line, _, _ in found} == {("w.css", 3)}
    with pytest.raises(SourceError):
        build(desk.folder / "paper.md", out=desk.folder / "out")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("font-size", "small"),
        ("font-size", "0.9em"),
        ("color", "rgb(255, 255, 0)"),
        ("color", "#ff0000"),
        ("margin", "-2mm 0"),
        ("position", "relative"),
        ("display", "inline-block"),
        ("float", "left"),
        ("opacity", "1"),
        ("--accent", "teal"),
        ("height", "auto"),
    ],
)
def test_what_only_looks_otherwise_is_allowed(name: str, value: str) -> None:
    assert refused(name, value) == ""


def test_what_pandocs_name_asks_for_is_a_wish(desk: Desk, tmp_path: Path) -> None:
    desk.put("own.css", "nav { display: none }\nh2 { letter-spacing: .02em }")
    paper = desk.paper(BODY, "css: [own.css, gone.css, 'https://example.org/a.css']\n")
    made = build(paper, out=tmp_path / "out", formats=("html",))
    assert made.collation.passed
    assert [(each.line, each.severity) for each in made.warnings] == [
        (1, "warning"), (5, "warning"), (5, "warning"),
    ]  # fmt: skip
    page = (tmp_path / "out" / "paper.html").read_text(encoding="utf-8")
    assert page.count("h2{letter-spacing:.02em}\n</style>") == 1


def test_a_file_outside_of_the_source_is_not_read(desk: Desk) -> None:
    (found,) = told(desk, desk.paper(BODY, "design: {css: {web: ../../../etc/passwd}}\n"))
    assert found[:2] == ("paper.md", 5)


def test_an_unknown_medium_is_told_with_the_nearest(desk: Desk) -> None:
    mistake = desk.the_mistake(desk.paper(BODY, "design: {css: {pint: a.css}}\n"))
    assert mistake.hint == "did you mean `print`?"


@pytest.mark.parametrize("form", ["html", "pdf", "epub"])
def test_what_only_the_finished_file_shows_is_told_by_the_proof(
    desk: Desk, tmp_path: Path, form: str
) -> None:
    for name in ("w.css", "p.css", "e.css"):
        desk.put(name, "p { background: #fff; color: #fefefe }")
    with pytest.raises(CollationError) as failed:
        build(desk.paper(BODY, MEDIA), out=tmp_path / "out", formats=(form,))
    assert "hidden" in {each.kind for each in failed.value.collation.differences}


@given(st.text(alphabet="ap{}();:@ \n\"'\\/*<!-0#%medi", max_size=60))
def test_no_style_sheet_stops_the_reading_or_leaves_the_page(text: str) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        (Path(folder) / "own.css").write_text(text, encoding="utf-8", newline="")
        paper = Path(folder) / "paper.md"
        paper.write_text("---\ntitle: T\ncss: own.css\n---\n\nText.\n", encoding="utf-8")
        clean = read_source(paper).style_sheets.get("web", "")
        assert "</" not in clean
        (Path(folder) / "own.css").write_text(clean, encoding="utf-8", newline="")
        assert read_source(paper).style_sheets.get("web", "") == clean
