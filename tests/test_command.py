"""The command `triptych`, run as its users run it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ARTICLE = """\
---
title: On Small Papers
author: Ada Lovelace
date: 2024-05-01
lang: en-GB
bibliography: refs.bib
---

Engines weave algebraic patterns [@menabrea1843, p. 12]. So does @menabrea1843.[^1]

[^1]: A note of its own.
"""
BIBLIOGRAPHY = """\
@article{menabrea1843,
  author = {Menabrea, L. F.},
  title = {Sketch of the Analytical Engine},
  journal = {Scientific Memoirs},
  year = {1843}
}
"""


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    (tmp_path / "refs.bib").write_text(BIBLIOGRAPHY)
    path = tmp_path / "paper.md"
    path.write_text(ARTICLE)
    return path


def triptych(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "triptych.cli", *words], cwd=cwd, capture_output=True, text=True
    )


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_paper_written_for_pandoc_builds_as_it_is(paper: Path) -> None:
    done = triptych("build", "paper.md", cwd=paper.parent)
    assert done.returncode == 0, done.stderr
    assert names(paper.parent / "dist") == [
        "paper.edition.json", "paper.epub", "paper.html", "paper.pdf",
    ]  # fmt: skip
    assert "dist/paper.pdf" in done.stdout
    assert "Setting the pages" in done.stderr


def test_one_format_can_be_asked_for(paper: Path) -> None:
    done = triptych("build", "paper.md", "--to", "html", "--out", "web", cwd=paper.parent)
    assert done.returncode == 0, done.stderr
    assert names(paper.parent / "web") == ["paper.edition.json", "paper.html"]


def test_a_style_can_be_named(paper: Path) -> None:
    done = triptych("build", "paper.md", "--to", "html", "--csl", "ieee", cwd=paper.parent)
    assert done.returncode == 0, done.stderr
    assert "[1, p. 12]" in (paper.parent / "dist" / "paper.html").read_text().replace("\xa0", " ")


def test_mistakes_leave_dist_as_it_was_and_exit_with_1(paper: Path) -> None:
    assert triptych("build", "paper.md", "--to", "html", cwd=paper.parent).returncode == 0
    before = {p.name: p.read_bytes() for p in (paper.parent / "dist").iterdir()}
    paper.write_text(ARTICLE + "\nUnknown [@nobody] and ![](gone.png)\n")
    done = triptych("build", "paper.md", "--to", "html", cwd=paper.parent)
    assert done.returncode == 1
    assert "paper.md:13:10: error: no bibliography entry has the key 'nobody'" in done.stderr
    assert "gone.png" in done.stderr
    assert "nothing was written" in done.stderr
    assert {p.name: p.read_bytes() for p in (paper.parent / "dist").iterdir()} == before
    assert not [name for name in names(paper.parent) if name.startswith(".dist")]


def test_keep_going_prints_what_can_be_printed(paper: Path) -> None:
    paper.write_text(ARTICLE + "\nUnknown [@nobody] and ![A horse.](gone.png)\n")
    done = triptych("build", "paper.md", "--keep-going", cwd=paper.parent)
    assert done.returncode == 0, done.stderr
    assert "warning: no bibliography entry has the key 'nobody'" in done.stderr
    assert "A horse." in (paper.parent / "dist" / "paper.html").read_text()


def test_json_tells_each_step_and_diagnostic_on_a_line_of_its_own(paper: Path) -> None:
    paper.write_text(ARTICLE + "\nUnknown [@nobody].\n")
    done = triptych("build", "paper.md", "--json", cwd=paper.parent)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert {"event": "step", "step": "read", "state": "begun"} in events
    diagnostic = next(event for event in events if event["event"] == "diagnostic")
    assert (diagnostic["file"], diagnostic["line"], diagnostic["column"]) == ("paper.md", 13, 10)
    assert diagnostic["code"] == "citation-unknown"


def test_quiet_prints_nothing_when_all_is_well(paper: Path) -> None:
    done = triptych("build", "paper.md", "--to", "html", "--quiet", cwd=paper.parent)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "words",
    [[], ["bind"], ["build", "--to", "docx"], ["build", "paper.md", "--out", "."]],
    ids=["nothing", "unknown command", "unknown format", "the working folder"],
)
def test_wrong_words_exit_with_2(paper: Path, words: list[str]) -> None:
    assert triptych(*words, cwd=paper.parent).returncode == 2


def test_a_missing_source_is_told(tmp_path: Path) -> None:
    done = triptych("build", "nowhere", cwd=tmp_path)
    assert done.returncode == 2
    assert "there is no file or folder nowhere" in done.stderr


PLACES = {
    "build": ["build", "nowhere"],
    "collate": ["collate", "nowhere"],
    "check": ["check", "nowhere"],
    "compare": ["compare", "nowhere", "."],
    "sign": ["sign", "nowhere", "--key", "none"],
    "deposit": ["deposit", "nowhere", "--to", "store"],
    "verify": ["verify", "nowhere"],
    "history": ["history", "nowhere"],
    "restore": ["restore", "nowhere", "--to", "new"],
}


@pytest.mark.parametrize("command", PLACES)
def test_a_path_that_is_not_there_exits_with_2(command: str, tmp_path: Path) -> None:
    done = triptych(*PLACES[command], cwd=tmp_path)
    assert done.returncode == 2
    assert "nowhere" in done.stderr or "no edition manifest" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_alone_shows_its_help(tmp_path: Path) -> None:
    done = triptych(cwd=tmp_path)
    assert done.returncode == 2
    assert "examples:" in done.stderr
    assert "verify-signature" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["buld"], "no command buld: did you mean `build`?"),
        (["paper.md"], "no command paper.md: write `triptych build paper.md`"),
        (["xyz"], "no command xyz\n`triptych --help` lists them all"),
        (
            ["build", "paper.md", "--cls", "apa"],
            "unrecognized arguments: --cls apa: did you mean `--csl`?",
        ),
        (["check", "--sarff=x"], "unrecognized arguments: --sarff=x: did you mean `--sarif`?"),
    ],
)
def test_a_wrong_word_is_told_with_the_nearest_right_one(
    words: list[str], told: str, paper: Path
) -> None:
    done = triptych(*words, cwd=paper.parent)
    assert done.returncode == 2
    assert told in done.stderr
    if words[0] in PLACES:
        assert f"usage: triptych {words[0]} " in done.stderr


def test_formats_add_up_in_small_letters_or_capitals(paper: Path) -> None:
    words = ["--to", "html", "--to", "TEXT,Html", "-o", "out"]
    done = triptych("build", "paper.md", *words, cwd=paper.parent)
    assert done.returncode == 0, done.stderr
    assert names(paper.parent / "out") == ["paper.edition.json", "paper.html", "paper.txt"]
    assert "2 citations of 1 work, 1 note;" in done.stderr
    assert "2 citations, 1 entry, 1 note," in done.stderr


def test_a_file_named_where_a_folder_is_wanted_is_told(paper: Path) -> None:
    done = triptych("build", "paper.md", "-o", "paper.pdf", cwd=paper.parent)
    assert done.returncode == 2
    assert "--out names a folder, and paper.pdf looks like a file" in done.stderr


def test_help_shows_examples_and_exit_codes(tmp_path: Path) -> None:
    done = triptych("build", "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "triptych build paper.md --csl apa" in done.stdout
    assert "exit codes:" in done.stdout


def test_the_folder_for_the_files_keeps_what_else_it_holds(paper: Path) -> None:
    (paper.parent / "dist").mkdir()
    (paper.parent / "dist" / ".gitkeep").touch()
    assert triptych("build", "paper.md", "--to", "html", cwd=paper.parent).returncode == 0
    (paper.parent / "dist" / "more").mkdir()
    (paper.parent / "dist" / "more" / "letter.txt").write_text("keep me")
    assert triptych("build", "paper.md", "--to", "html", cwd=paper.parent).returncode == 0
    assert (paper.parent / "dist" / "more" / "letter.txt").read_text() == "keep me"
