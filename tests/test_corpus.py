"""Papers as people write them, for Pandoc, Quarto and the Journal of Open Source Software.

Each folder of `tests/corpus/` is one document; what it is hard in stands in its first lines, in
tests/corpus/README.md, and what must be told of it in its file `told`: a line and a code on each
line. Every document builds in an in-text, a numeric and a note style, agrees in its three editions,
loses nothing (`test_reader.py` shows that this can fail), has the same bytes wherever it is built,
and passes the judges of all three formats.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from finished import Read
from judged import errors, on_shelf
from reader import read_source_text

from triptych.compare import as_text, compare
from triptych.press import build
from triptych.validators import epubcheck, nu, verapdf

CORPUS = Path(__file__).parent / "corpus"
STYLES = ("apa", "ieee", "chicago-notes-bibliography")
NAMES = sorted(folder.name for folder in CORPUS.iterdir() if folder.is_dir())
MADE = len(NAMES) * len(STYLES)


def paper(name: str) -> Path:
    """The document of a folder: the folder itself, if it must be built as a whole."""
    folder = CORPUS / name
    found = [p for p in folder.iterdir() if p.stem == "paper" and p.suffix != ".bib"]
    return found[0] if found else folder


def expected(name: str, style: str) -> list[tuple[int, str]]:
    """What must be told of a document: line and code of each diagnostic, some in one style only."""
    told = CORPUS / name / "told"
    lines = told.read_text().splitlines() if told.is_file() else []
    told_of = [(int(line), code, styles) for line, code, *styles in map(str.split, lines)]
    return sorted((line, code) for line, code, styles in told_of if style in (styles or [style]))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("corpus")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", NAMES)
def test_a_paper_builds_as_it_is_and_loses_nothing(name: str, style: str, shelf: Path) -> None:
    made = build(paper(name), out=shelf / f"{name}-{style}", csl=style, keep_going=True)
    assert made.collation.passed, "\n".join(map(str, made.collation.differences))
    assert sorted((told.line, told.code) for told in made.warnings) == expected(name, style)
    written = read_source_text(paper(name))
    told = {warning.line for warning in made.warnings}
    for path in made.files[:3]:
        assert written.faults_of(Read.of(path), told) == [], path.name


@pytest.mark.parametrize("name", NAMES)
def test_a_paper_has_the_same_bytes_in_other_surroundings(name: str, shelf: Path) -> None:
    again = shelf / "again" / name
    again.parent.mkdir(exist_ok=True)
    subprocess.run(
        [sys.executable, "-m", "triptych.cli", "build", str(paper(name)), "--csl", STYLES[0],
         "--out", str(again), "--keep-going", "--quiet"],
        cwd=again.parent, check=True, capture_output=True, umask=0o077,
        env={**os.environ, "PYTHONHASHSEED": "77", "TZ": "Asia/Yerevan", "LC_ALL": "C"},
    )  # fmt: skip
    assert as_text(compare(shelf / f"{name}-{STYLES[0]}", again)) == ""


def test_epubcheck_finds_no_error(shelf: Path) -> None:
    verdicts = epubcheck.validate(on_shelf(shelf, "epub", MADE))
    assert errors(verdicts) == []


def test_verapdf_finds_no_failed_rule_of_pdf_ua_1(shelf: Path) -> None:
    verdicts = verapdf.validate(on_shelf(shelf, "pdf", MADE), flavours=["ua1"])
    assert errors(verdicts) == []


def test_the_nu_checker_finds_no_error(shelf: Path) -> None:
    verdicts = nu.validate(on_shelf(shelf, "html", MADE))
    assert errors(verdicts) == []


def test_every_document_tells_what_it_is_hard_in() -> None:
    listed = re.findall(r"^\| `([^`]+)` \|", (CORPUS / "README.md").read_text(), re.M)
    assert sorted(listed) == NAMES
