"""A catalogue: many works side by side, of which each stands or falls on its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from conftest import REFERENCES
from test_command import triptych
from test_endings import HEEDING

from triptych.catalogue.works import ListedWork, read_works
from triptych.diagnostics import UsageError

PAPER = """\
---
title: Paper {number}
author: Ada Lovelace
bibliography: refs.json
---

Engines weave [@lovelace1843, p. {number}].
"""
WRONG = PAPER.replace("lovelace1843", "nobody")


def write_work(folder: Path, text: str = PAPER, number: int = 1) -> Path:
    folder.mkdir(parents=True)
    (folder / "refs.json").write_text(REFERENCES)
    (folder / "paper.md").write_text(text.format(number=number))
    return folder


@pytest.fixture
def works(tmp_path: Path) -> Path:
    """A catalogue of four works, of which the third cites what no bibliography has."""
    for number in range(1, 5):
        text = WRONG if number == 3 else PAPER
        write_work(tmp_path / "works" / f"w{number}", text, number)
    return tmp_path / "works"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIPTYCH_CACHE", str(tmp_path / "cache"))


def editions(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.glob("w*/*"))}


# --- Which works ----------------------------------------------------------------------------------


def test_a_folder_holds_records_lone_articles_and_several(tmp_path: Path) -> None:
    write_work(tmp_path / "a" / "deep")
    write_work(tmp_path / "b")
    (tmp_path / "b" / "edition.toml").write_text('title = "B"\n')
    write_work(tmp_path / "c")
    (tmp_path / "c" / "paper.md").rename(tmp_path / "c" / "one.md")
    (tmp_path / "c" / "two.md").write_text("Text.\n")
    write_work(tmp_path / "_drafts")
    assert [work.name for work in read_works(tmp_path)] == ["a/deep", "b", "c/one", "c/two"]


def test_a_list_names_sources_styles_and_formats(tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_text('source,name,csl,formats\na/p.md,first,apa,"HTML,pdf"\nb/q.md,,,\n')
    expected = (
        ListedWork("first", tmp_path / "a/p.md", "apa", ("html", "pdf")),
        ListedWork("b/q", tmp_path / "b/q.md"),
    )
    assert read_works(table) == expected
    listed = tmp_path / "list.toml"
    listed.write_text(
        '[[work]]\nsource = "a/p.md"\nname = "first"\ncsl = "apa"\nformats = ["html", "pdf"]\n'
        '[[work]]\nsource = "b/q.md"\n'
    )
    assert read_works(listed) == expected


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("list.csv", "source\na.md\nb/../a.md\n", "leads out of the output folder"),
        ("list.csv", "source,name\na.md,x\nb.md,x\n", "both named x"),
        ("list.csv", "name\nx\n", "line 2: source must be given"),
        ("list.csv", "source,titel\na.md,x\n", "titel is not known"),
        ("list.csv", "source\n", "holds no work"),
        ("list.csv", "source,name\na.md,/etc\n", "leads out"),
        ("list.toml", "source = 1\n", "begin each with"),
        ("list.toml", "[[work]]\nsource = 1\n", "work 1: source must be given as text"),
        ("list.toml", "[[work", "not valid TOML"),
        ("list.txt", "a.md\n", "no catalogue"),
    ],
)
def test_what_is_wrong_with_a_list_is_told(name: str, text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match=told):
        read_works(tmp_path / name)


# --- Building -------------------------------------------------------------------------------------


def test_a_work_with_mistakes_costs_only_itself(works: Path, tmp_path: Path) -> None:
    done = triptych(
        "catalogue", "build", "works", "--to", "html,text", "--json", "r.json", "--junit", "r.xml",
        cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 1
    assert "4 works: 3 built, 1 failed" in done.stderr
    assert "[citation-unknown]" in done.stderr
    out = tmp_path / "dist"
    assert sorted(path.name for path in out.iterdir()) == ["index.html", "w1", "w2", "w4"]
    told = json.loads((tmp_path / "r.json").read_text())["works"]
    assert [(each["name"], each["state"], each["code"]) for each in told] == [
        ("w1", "built", 0), ("w2", "built", 0), ("w3", "failed", 1), ("w4", "built", 0),
    ]  # fmt: skip
    suite = ET.parse(tmp_path / "r.xml").getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("4", "1", "0")
    page = (out / "index.html").read_text()
    assert "Paper 4" in page
    assert 'href="w1/paper.html"' in page
    alone = triptych("build", "works/w1/paper.md", "--to", "html,text", "--out", "x", cwd=tmp_path)
    assert alone.returncode == 0
    for path in (tmp_path / "x").iterdir():
        assert path.read_bytes() == (out / "w1" / path.name).read_bytes()
    assert works.is_dir()


def test_names_made_to_do_harm_are_shown_by_their_numbers(tmp_path: Path) -> None:
    write_work(tmp_path / "works" / "w\x1b[31m<b>", WRONG)
    done = triptych("catalogue", "build", "works", "--to", "text", "--junit", "r.xml", cwd=tmp_path)
    assert done.returncode == 1
    assert "\x1b" not in done.stderr + done.stdout
    assert "<b>" not in (tmp_path / "dist" / "index.html").read_text()
    (case,) = ET.parse(tmp_path / "r.xml").getroot()
    assert "\\u001b" in str(case.get("name"))


def test_a_work_that_takes_too_long_is_stopped_and_told(works: Path, tmp_path: Path) -> None:
    (works / "w3" / "paper.md").write_text("Text.\n\n" + "$x_1^2$ and *more* words\n\n" * 40_000)
    done = triptych(
        "catalogue", "build", "works", "--to", "html", "--time-limit", "5", "--retries", "0",
        "--jobs", "2", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 1
    assert "w3: stopped" in done.stderr
    assert "1 stopped" in done.stderr


def test_processes_that_are_killed_cost_nothing(works: Path, tmp_path: Path) -> None:
    (works / "w3" / "paper.md").write_text(PAPER.format(number=3))
    command = [sys.executable, "-m", "triptych.cli", "catalogue", "build", "works", "--to", "html",
               "--retries", "9"]  # fmt: skip
    subprocess.run([*command, "--no-cache", "--out", "calm"], cwd=tmp_path, check=True)
    running = subprocess.Popen([*command, "--out", "storm"], cwd=tmp_path, stderr=subprocess.PIPE)
    killed = 0
    while running.poll() is None:
        time.sleep(0.4)
        children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
        if killed < 5 and children.exists() and (pids := children.read_text().split()):
            os.kill(int(pids[-1]), signal.SIGKILL)
            killed += 1
    assert (running.returncode, killed > 0) == (0, True)
    assert editions(tmp_path / "storm") == editions(tmp_path / "calm")


def test_a_run_that_was_stopped_goes_on_where_it_was(works: Path, tmp_path: Path) -> None:
    (works / "w3" / "paper.md").write_text(PAPER.format(number=3))
    command = [sys.executable, "-m", "triptych.cli", "catalogue", "build", "works", "--to", "html",
               "--jobs", "1"]  # fmt: skip
    running = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    assert running.stderr is not None
    assert "built w1" in running.stderr.readline()
    running.kill()
    running.wait()
    again = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "unchanged w1" in again.stderr
    assert "built w4" in again.stderr


def test_the_interrupt_key_ends_a_run_and_leaves_whole_editions(
    works: Path, tmp_path: Path
) -> None:
    running = subprocess.Popen(
        [*HEEDING, sys.executable, "-m", "triptych.cli", "catalogue", "build", str(works),
         "--to", "html"],
        cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert running.stderr is not None
    running.stderr.readline()
    os.killpg(running.pid, signal.SIGINT)
    said = running.stderr.read()
    assert running.wait() == 130
    assert "Traceback" not in said
    for folder in (tmp_path / "dist").glob("w*"):
        assert {path.suffix for path in folder.iterdir()} == {".html", ".json"}
