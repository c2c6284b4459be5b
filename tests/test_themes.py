"""Themes: each sets a work in its own way, and all files still say the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.collate import collate
from triptych.manifest import EditionManifest, read_manifest
from triptych.press import build
from triptych.render.balanced_lines import balanced_width

FRONT = """\
title: Tides, Ledgers and the Price of Salt in Six North Sea Harbours
subtitle: A study of harbour books
author:
- name: Ada Example
  affiliation: University of Quay
  orcid: 0000-0002-1825-0097
- name: Ben Other
  affiliation: Institute of Tides
publisher: Quay Press
date: 2024-05-01
abstract: What a ship paid.
"""
BODY = """
# Harbours

Boats come and go.[^1]

## Ledgers

The clerk wrote it down.

# Salt

Salt was dear.

[^1]: Not all come back.
"""


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """A folder with the finished files for each theme."""
    made: dict[str, Path] = {}
    for theme in ("essay", "article", "report", "book"):
        folder = tmp_path_factory.mktemp(theme)
        paper = folder / "paper.md"
        paper.write_text(f"---\n{FRONT}theme: {theme}\n---\n{BODY}", encoding="utf-8")
        formats = ("pdf", "html", "epub")
        done = build(paper, out=folder / "out", formats=formats)
        assert done.collation.passed
        made[theme] = folder / "out"
    return made


def pages(folder: Path) -> list[str]:
    document = pypdfium2.PdfDocument(folder / "paper.pdf")
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def proof(folder: Path) -> tuple[EditionManifest, dict[str, bytes]]:
    files = {file.suffix[1:]: file.read_bytes() for file in folder.iterdir()}
    return read_manifest(files.pop("json")), files


def test_an_article_begins_on_its_first_page_and_wastes_none(editions: Mapping[str, Path]) -> None:
    (only,) = pages(editions["article"])
    parts = ("Quay Press", "Tides, Ledgers", "Ada Example1", "1 University of Quay", "1 May 2024",
             "What a ship paid.", "Boats come", "Salt was dear", "urn:uuid")  # fmt: skip
    places = [only.replace("1University", "1 University").index(part) for part in parts]
    assert places == sorted(places)
    with pikepdf.open(editions["article"] / "paper.pdf") as pdf:
        width, height = (float(side) / 72 * 25.4 for side in pdf.pages[0].MediaBox[2:])
    assert (round(width), round(height)) == (210, 297)


def test_a_report_has_a_title_page_contents_and_numbered_sections(
    editions: Mapping[str, Path],
) -> None:
    title, _, contents, first, *_ = pages(editions["report"])
    assert title.startswith("Tides, Ledgers")
    assert title.endswith("Quay Press")
    assert "1.1 Ledgers" in contents
    assert "1 Harbours" in first
    assert "Harbours 4" in first or "1 Harbours 4" in first


def test_a_book_has_a_half_title_and_begins_on_a_right_page(editions: Mapping[str, Path]) -> None:
    half, blank, title, imprint, contents, *rest = pages(editions["book"])
    assert half == "Tides, Ledgers and the Price of Salt in Six North Sea Harbours"
    assert blank == ""
    assert title.startswith("Ada Example, Ben Other Tides")
    assert title.endswith("Quay Press 1 May 2024")
    assert "urn:uuid" in imprint
    assert contents.startswith("Contents")
    assert "Boats come" in rest[1]  # page 7


@pytest.mark.parametrize("theme", ["article", "report"])
def test_another_affiliation_or_orcid_is_told_in_every_format(
    editions: Mapping[str, Path], theme: str
) -> None:
    manifest, files = proof(editions[theme])
    first, second = manifest.record.authors
    for changed in (
        replace(second, affiliation="Institute of Sand"),
        replace(second, orcid="0000-0001-5109-3700"),
    ):
        record = replace(manifest.record, contributors=(first, changed))
        found = collate(replace(manifest, record=record), files).differences
        told = [each for each in found if each.kind == "front-differs"]
        assert {each.witness for each in told} == set(files)
        assert len(told) == 2 * len(files)  # below the title, and in the colophon


@pytest.mark.parametrize("theme", ["article", "report", "book"])
def test_pages_in_another_theme_than_the_records_are_told(
    editions: Mapping[str, Path], theme: str
) -> None:
    _, files = proof(editions["essay"])
    manifest, _ = proof(editions[theme])
    essay, _ = proof(editions["essay"])
    asked = replace(essay.record, design=manifest.record.design)
    assert collate(replace(essay, record=asked), {"pdf": files["pdf"]}).differences


def test_a_theme_that_leaves_out_the_contents_may_be_asked_for_them(tmp_path: Path) -> None:
    paper = tmp_path / "paper.md"
    front = f"---\n{FRONT}theme: article\ntoc: true\n---\n"
    paper.write_text(front + BODY, encoding="utf-8")
    assert build(paper, out=tmp_path / "out").collation.passed
    assert "Contents Harbours" in pages(tmp_path / "out")[0]


def test_titles_are_divided_into_lines_of_nearly_one_length() -> None:
    assert 7 < balanced_width("The Narrow Road to a Treaty", 11.8) < 9.5
    assert balanced_width("Tides", 11.8) == 0
    assert balanced_width("", 11.8) == 0


@given(st.text(max_size=200), st.floats(3, 40))
def test_a_title_is_never_wider_than_its_measure(words: str, measure: float) -> None:
    assert 0 <= balanced_width(words, measure) <= measure
