"""Ten hard documents in four kinds of style: they agree in all editions, and all judges pass them.

What each is hard in is told in tests/documents/README.md.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from judged import errors, on_shelf

from triptych.press import build
from triptych.validators import epubcheck, nu, verapdf

DOCUMENTS = Path(__file__).parent / "documents"
STYLES = ("modern-language-association", "apa", "ieee", "chicago-notes-bibliography")
NAMES = sorted(folder.name for folder in DOCUMENTS.iterdir() if folder.is_dir())
MADE = len(NAMES) * len(STYLES)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documents")


TOLD = {("same-author-same-year", "ieee"): ["bibliography-field"]}
"""IEEE has no sign for a date that is not sure."""


def test_there_are_ten() -> None:
    assert len(NAMES) == 10


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", NAMES)
def test_the_three_editions_agree(name: str, style: str, shelf: Path) -> None:
    out = shelf / f"{name}-{style}"
    made = build(DOCUMENTS / name / "paper.md", out=out, csl=style)
    assert made.collation.passed
    assert [told.code for told in made.warnings] == TOLD.get((name, style), [])
    assert len(made.collation.witnesses) == 3


def test_epubcheck_finds_no_error(shelf: Path) -> None:
    verdicts = epubcheck.validate(on_shelf(shelf, "epub", MADE))
    assert errors(verdicts) == []


def test_verapdf_finds_no_failed_rule_of_pdf_ua_1_and_pdf_a_2a(shelf: Path) -> None:
    verdicts = verapdf.validate(on_shelf(shelf, "pdf", MADE), flavours=["ua1", "2a"])
    assert errors(verdicts) == []


def test_the_nu_checker_finds_no_error(shelf: Path) -> None:
    verdicts = nu.validate(on_shelf(shelf, "html", MADE))
    assert errors(verdicts) == []
