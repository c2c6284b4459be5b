"""Printed pages in the e-book: each marked before the word that begins it, listed, and proven."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from triptych.collate import Difference, collate
from triptych.manifest import read_manifest
from triptych.press import build
from triptych.render.pagination import PageBreak, page_breaks
from triptych.text import from_plain
from triptych.validators import ace, epubcheck

SOURCE = Path(__file__).parents[1] / "source"


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("paged")
    build(SOURCE, out=out)
    return out


def one(dist: Path, ending: str) -> Path:
    return next(dist.glob(f"*.{ending}"))


def chapters(dist: Path) -> str:
    with zipfile.ZipFile(one(dist, "epub")) as book:
        names = sorted(name for name in book.namelist() if re.search(r"text-\d+", name))
        return "".join(book.read(name).decode() for name in names)


def test_the_word_after_each_mark_stands_on_that_page_in_print(dist: Path) -> None:
    marks = re.findall(
        r'<span id="page-(\d+)" role="doc-pagebreak"[^>]*></span>([^<]{12,60})', chapters(dist)
    )
    assert len(marks) > 5
    document = pypdfium2.PdfDocument(one(dist, "pdf"))
    for label, words in marks:
        printed = document[int(label) - 1].get_textpage().get_text_range()
        assert words.split()[0] in printed, (label, words)


def test_every_page_of_the_text_is_listed_in_order(dist: Path) -> None:
    with zipfile.ZipFile(one(dist, "epub")) as book:
        nav = book.read("EPUB/nav.xhtml").decode()
    listed = re.findall(r"#page-(\d+)", nav)
    assert listed == [str(number) for number in range(int(listed[0]), int(listed[-1]) + 1)]
    assert int(listed[-1]) == len(pypdfium2.PdfDocument(one(dist, "pdf")))


def test_the_web_page_marks_the_same_pages_at_the_same_words(dist: Path) -> None:
    page = one(dist, "html").read_text(encoding="utf-8")
    pattern = r'<span id="page-(\d+)" role="doc-pagebreak[^"]*"[^>]*></span>([^<]{4,12})'
    assert re.findall(pattern, page) == re.findall(pattern, chapters(dist) + references(dist))


def test_the_book_names_the_source_of_its_pages(dist: Path) -> None:
    with zipfile.ZipFile(one(dist, "epub")) as book:
        package = book.read("EPUB/content.opf").decode()
    identifier = re.search(r"<dc:identifier[^>]*>([^<]+)<", package)
    assert identifier
    assert f'property="pageBreakSource">{identifier[1]}<' in package
    assert f'<dc:source id="page-source">{identifier[1]}<' in package


def test_the_book_stays_valid_and_accessible(dist: Path) -> None:
    files = [one(dist, "epub")]
    verdicts = [*epubcheck.validate(files), *ace.validate(files)]
    assert [str(finding) for verdict in verdicts for finding in verdict.findings] == []


def references(dist: Path) -> str:
    with zipfile.ZipFile(one(dist, "epub")) as book:
        return book.read("EPUB/references.xhtml").decode()


def told_of_web(dist: Path, old: str, new: str) -> list[Difference]:
    """What the collation says of a web page in which one thing was changed."""
    manifest = read_manifest(one(dist, "edition.json").read_bytes())
    files = {name: one(dist, name).read_bytes() for name in ("epub", "pdf")}
    page = re.sub(old, new, one(dist, "html").read_text(encoding="utf-8"), count=1)
    found = collate(manifest, {**files, "html": page.encode()}).differences
    return [difference for difference in found if difference.kind != "fixity"]


def test_a_mark_in_another_place_of_the_web_page_is_noticed(dist: Path) -> None:
    found = told_of_web(dist, r'(<span id="page-7"[^>]*></span>)([^<\s]+ )', r"\2\1")
    assert {(d.witness, d.kind, d.subject) for d in found} == {("html", "page-moved", "page-7")}


def test_a_web_page_that_has_lost_all_its_marks_is_noticed(dist: Path) -> None:
    manifest = read_manifest(one(dist, "edition.json").read_bytes())
    files = {name: one(dist, name).read_bytes() for name in ("epub", "pdf")}
    page = one(dist, "html").read_text(encoding="utf-8")
    page = re.sub(r'<span id="page-[^>]*></span>', "", page)
    found = collate(manifest, {**files, "html": page.encode()}).differences
    told = {(d.witness, d.kind) for d in found if d.kind != "fixity"}
    assert told == {("html", "page-missing")}


def told(dist: Path, old: str, new: str) -> list[Difference]:
    """What the collation says of a book in which one thing was changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(one(dist, "epub")) as book, zipfile.ZipFile(out, "w") as other:
        for name in book.namelist():
            data = book.read(name)
            other.writestr(name, re.sub(old.encode(), new.encode(), data, count=1))
    manifest = read_manifest(one(dist, "edition.json").read_bytes())
    files = {name: one(dist, name).read_bytes() for name in ("html", "pdf")}
    found = collate(manifest, {**files, "epub": out.getvalue()}).differences
    return [difference for difference in found if difference.kind != "fixity"]


def test_a_mark_in_another_place_is_noticed(dist: Path) -> None:
    found = told(dist, r'(<span id="page-7"[^>]*></span>)([^<\s]+ )', r"\2\1")
    assert ("page-moved", "page-7") in {(d.kind, d.subject) for d in found}


def test_a_lost_mark_is_noticed(dist: Path) -> None:
    found = told(dist, r'<span id="page-7"[^>]*></span>', "")
    assert ("page-missing", "page-7") in {(d.kind, d.subject) for d in found}


def test_a_list_that_leads_to_another_page_is_noticed(dist: Path) -> None:
    found = told(dist, "#page-7", "#page-8")
    assert ("page-missing", "page-7") in {(d.kind, d.subject) for d in found}


def test_a_word_that_runs_over_a_page_belongs_to_the_first() -> None:
    text = from_plain("One hyphenated word")
    assert page_breaks([["One hyphen-"], ["ated word"]], text) == (
        PageBreak("1", 0),
        PageBreak("2", len("Onehyphenated")),
    )


def test_pages_that_cannot_be_followed_are_not_told() -> None:
    assert page_breaks([["other words"]], from_plain("One word")) == ()


LONG = (
    "Harbours of the north, their boats, gulls and tides, counted at night from a tall tower "
    "that stands on the shore"
)


@pytest.fixture(scope="module")
def long_heads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("heads")
    words = "Words that go on for a while, and then for a while longer, until they fill the page. "
    text = f"---\ntitle: {LONG}\n---\n\n# Of {LONG}\n\n{words * 60}\n"
    (folder / "paper.md").write_text(text, encoding="utf-8")
    build(folder / "paper.md", out=folder / "dist", formats=["pdf"])
    return folder / "dist"


def test_a_running_head_too_long_for_its_line_ends_in_an_ellipsis(long_heads: Path) -> None:
    document = pypdfium2.PdfDocument(one(long_heads, "pdf"))
    for number in (5, 6):
        page = document[number - 1].get_textpage()
        height = document[number - 1].get_height()
        head = page.get_text_bounded(bottom=height - 60).split()
        assert str(number) in (head[0], head[-1])
        line = " ".join(word for word in head if word != str(number))
        assert line.endswith("…")
        assert f"Of {LONG}".startswith(line[:-1]) or LONG.startswith(line[:-1])
        tops = {
            round(page.get_charbox(n)[1] / 9)
            for n in range(page.count_chars())
            if page.get_charbox(n)[1] > height - 60 and page.get_text_range(n, 1).isalpha()
        }
        assert len(tops) <= 2  # of one line: letters with and without descenders


def test_running_heads_stand_beside_the_number_at_the_outer_edge(dist: Path) -> None:
    document = pypdfium2.PdfDocument(one(dist, "pdf"))
    for number in (6, 7):
        page, width = document[number - 1], document[number - 1].get_width()
        text = page.get_textpage()
        drawn = [text.get_charbox(n) for n in range(text.count_chars())
                 if text.get_charbox(n)[1] > page.get_height() - 60]  # fmt: skip
        left, right = min(box[0] for box in drawn), max(box[2] for box in drawn)
        outer = left if number % 2 == 0 else width - right
        assert outer < 60
        assert right - left < 0.75 * width  # of a head of a few words, not parted from its number


def test_an_ellipsis_stands_for_the_end_of_a_head_and_of_nothing_else(long_heads: Path) -> None:
    manifest = read_manifest(one(long_heads, "json").read_bytes())
    pdf = {"pdf": one(long_heads, "pdf").read_bytes()}
    assert collate(manifest, pdf).passed
    other = replace(manifest, record=replace(manifest.record, title="The " + LONG))
    told = [d for d in collate(other, pdf).differences if d.kind == "head-differs"]
    assert any("…" in d.found for d in told)
