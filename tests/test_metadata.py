"""What files tell programs of the work, and the references that a page offers, are proven too."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Desk

from triptych.collate import collate_edition
from triptych.press import build
from triptych.witness.references import read_biblatex, read_ris

FRONT = """\
---
title: Tides & Ledgers
subtitle: Forty books of a harbour
author:
  - name: Ada Example
    orcid: 0000-0002-1825-0097
    affiliation: University of the Quay
  - name: Quay Society
editor: Min Ödman
lang: en-GB
date: 2024-05
publisher: Quay Press
identifier: https://doi.org/10.5555/tides
rights: © 2024 the authors
license: https://creativecommons.org/licenses/by/4.0/
keywords: [harbours, "books, old"]
abstract: What became of forty books.
bibliography: refs.bib
---
"""
BIBLIOGRAPHY = r"""
@book{lee, author = {Lee, Min and {van der Berg}, Jos{\'e}}, title = {Books of 50\% \& {H$_2$O}},
  date = {2019-05/2020}, publisher = {Quay}, location = {Hull}, isbn = {978-3-16-148410-0}}
@online{site, author = {{The Harbour Office}}, title = {Tide_tables #1}, date = {2021-03-04},
  organization = {Harbours Online}, url = {https://example.org/a_b?c=1&d=2%20},
  urldate = {2022-01-02}}
@article{old, author = {Ødegård, Åse and others}, title = {On {\emph{Mytilus}}}, date = {1843~},
  journaltitle = {Annals}, volume = {3}, number = {2}, pages = {10--19}, doi = {10.1000/x_(y)}}
@misc{spring, title = {A spring}, date = {1999-21}}
@incollection{part, author = {Sky, A.}, title = {Part}, booktitle = {Whole}, editor = {Sea, B.},
  year = {forthcoming}, publisher = {P}}
"""
TEXT = "# One\n\nSee [@lee; @site; @old; @spring; @part].\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("described")
    (folder / "refs.bib").write_text(BIBLIOGRAPHY, encoding="utf-8")
    (folder / "paper.md").write_text(FRONT + TEXT, encoding="utf-8")
    formats = ("html", "epub", "pdf", "archive", "print", "cover", "jats")
    build(folder / "paper.md", out=folder / "dist", formats=formats)
    return folder / "dist"


def told(folder: Path, change: Callable[[str], str]) -> list[str]:
    """The differences found once the page is changed, apart from that of its bytes."""
    page = folder / "paper.html"
    sound = page.read_text(encoding="utf-8")
    changed = change(sound)
    assert changed != sound
    page.write_text(changed, encoding="utf-8")
    try:
        found = collate_edition([page, folder / "paper.edition.json"]).differences
    finally:
        page.write_text(sound, encoding="utf-8")
    ours = (d for d in found if d.witness == "html" and d.kind != "fixity")
    return [str(difference) for difference in ours]


def test_a_work_with_all_fields_and_odd_references_is_proven_in_all_formats(built: Path) -> None:
    assert collate_edition(built).passed


def test_a_work_with_no_field_at_all_is_proven(desk: Desk) -> None:
    assert build(desk.paper("Words.\n"), out=desk.folder / "dist").collation.passed


@pytest.mark.parametrize("formats", [("epub",), ("epub", "cover"), ("html", "print")])
def test_a_work_is_proven_in_any_company_of_formats(formats: tuple[str, ...], desk: Desk) -> None:
    made = build(desk.paper("Words.\n"), out=desk.folder / "dist", formats=formats)
    assert made.collation.passed


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ('"DC.creator" content="Ada Example"', '"DC.creator" content="Eve"', "DC.creator"),
        ('<meta name="citation_doi" content="10.5555/tides">', "", "citation_doi"),
        ("</title>", "</title><meta name='DC.title' content='Another'>", "DC.title"),
        ("</title>", "</title><meta property='og:title' content='Another'>", "og:title"),
        ('"datePublished": "2024-05"', '"datePublished": "2025-05"', "schema:datePublished"),
        ('<html lang="en-GB"', '<html lang="de"', "lang"),
        ("Books of 50% &amp; ", "Books of 51% &amp; ", "citation_reference"),
    ],
)  # fmt: skip
def test_what_a_page_tells_programs_is_held_against_the_record(
    old: str, new: str, name: str, built: Path
) -> None:
    found = told(built, lambda page: page.replace(old, new, 1))
    assert any(f"html, {name}: {name} says " in line for line in found), found


def test_a_download_that_is_missing_or_that_nobody_made_is_told(built: Path) -> None:
    lost = told(built, lambda page: re.sub(r'<a download="paper.ris" .*?</a>', "", page))
    assert "html, paper.ris: the download paper.ris is not there [download-differs]" in lost
    assert all("RIS" in one or "paper.ris" in one for one in lost)
    renamed = told(built, lambda page: page.replace('download="paper.bib"', 'download="x.bib"'))
    assert len(renamed) == 2
    away = told(
        built, lambda page: re.sub(r'href="data:application/x-bibtex[^"]*', 'href="#', page)
    )
    assert "holds no text" in away[0]


def test_fields_of_biblatex_are_read_without_their_tex() -> None:
    (entry,) = read_biblatex(
        "@book{a1,\n  title = {The {\\emph{Sea}} \\& {{I}}},\n  year = {2}\n}\n"
    )
    assert entry.key == "a1"
    assert entry.fields == (("title", "The Sea & I"), ("year", "2"))


@pytest.mark.parametrize(
    "text", ["@book{a,\n  title = {The Sea\n}\n", "@book{a,\n  x = {y},\n  z\n}"]
)
def test_biblatex_that_does_not_end_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"end|more than"):
        read_biblatex(text)


@pytest.mark.parametrize("text", ["TY  - BOOK\r\n", "TY  - BOOK\r\nwords\r\nER  - \r\n"])
def test_ris_that_does_not_end_or_has_no_tag_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"end|tag"):
        read_ris(text)


@pytest.mark.parametrize(
    "identifier",
    [
        "10.5555/a",
        "doi: 10.5555/a",
        "DOI:10.5555/a",
        "http://dx.doi.org/10.5555/a",
        "doi:none",
        "10.",
    ],
)
def test_an_identifier_is_proven_however_it_writes_a_doi(identifier: str, desk: Desk) -> None:
    paper = desk.paper("Words.\n", f"identifier: '{identifier}'\n")
    formats = ("html", "epub", "jats")
    assert build(paper, out=desk.folder / "dist", formats=formats).collation.passed
