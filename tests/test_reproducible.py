"""One source, one edition: the bytes do not tell when, where or among what they were made."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pikepdf
import pytest
from conftest import Desk

from triptych.cli import main
from triptych.compare import as_text, compare
from triptych.formats import FORMATS

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "source"
HOME_OFFICE = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "LANG": "C", "PYTHONHASHSEED": "1"}
ABROAD = {
    "TZ": "Pacific/Kiritimati",
    "LC_ALL": "C",
    "LANG": "tr_TR.UTF-8",
    "PYTHONUTF8": "0",  # text is ASCII, unless a file is opened as something else
    "PYTHONCOERCECLOCALE": "0",
    "LANGUAGE": "de:fr",
    "PYTHONHASHSEED": "4711",
    "COLUMNS": "40",
    "TERM": "vt100",
    "FONTCONFIG_PATH": "/nowhere",
    "XDG_DATA_HOME": "/nowhere",
}
BACKWARDS = """\
import os

def backwards(name):
    listed = getattr(os, name)
    if name == "listdir":
        setattr(os, name, lambda *words: sorted(listed(*words), reverse=True))
        return

    class Listed:
        def __init__(self, *words):
            with listed(*words) as entries:
                self.entries = iter(sorted(entries, key=lambda e: os.fsencode(e), reverse=True))
        def __iter__(self): return self.entries
        def __next__(self): return next(self.entries)
        def __enter__(self): return self
        def __exit__(self, *_): pass
        def close(self): pass

    setattr(os, name, Listed)

backwards("listdir")
backwards("scandir")
"""
"""A start-up module with which every folder is listed from its end."""


def build(
    folder: Path, surroundings: Mapping[str, str], umask: int = 0o022, *before: str
) -> Path:  # fmt: skip
    """Build all formats of the source in surroundings of their own; return the finished folder."""
    copy = folder / "the source"
    shutil.copytree(SOURCE, copy)
    for path in copy.rglob("*"):
        os.utime(path, (umask * 1e6, umask * 1e6))
    home = folder / "home"
    home.mkdir()
    done = subprocess.run(
        [*before, sys.executable, "-m", "triptych.cli", "build", str(copy),
         "--out", str(folder / "out"), "--to", ",".join(FORMATS)],
        env={"PATH": os.defpath, "HOME": str(home), "TMPDIR": str(folder), **surroundings},
        cwd=home,
        umask=umask,
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder / "out"


def assert_same(one: Path, other: Path) -> None:
    """Fail where two folders differ in a byte, and show in what."""
    differences = compare(one, other)
    assert not differences, "\n" + as_text(differences)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The editions as they are built here and now."""
    return build(tmp_path_factory.mktemp("here"), HOME_OFFICE)


def test_other_surroundings_make_the_same_bytes(here: Path, tmp_path: Path) -> None:
    far = tmp_path / "far away, 'so far'"
    far.mkdir()
    (far / "sitecustomize.py").write_text(BACKWARDS)
    for part in ("pipeline", "styles"):  # Triptych itself lies elsewhere, too
        shutil.copytree(ROOT / part, far / part, ignore=shutil.ignore_patterns("__pycache__"))
    path = os.pathsep.join([str(far), str(far / "pipeline")])
    one_processor = ("taskset", "--cpu-list", "0")
    there = build(far, {**ABROAD, "PYTHONPATH": path}, 0o077, *one_processor)
    assert len(list(here.iterdir())) == len(FORMATS) + 1
    assert_same(here, there)


def test_a_folder_that_fontconfig_cannot_be_told_of_is_a_fault_of_the_machine(
    desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "“so far”"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "triptych.cli", "build", str(desk.paper("Text.\n"))],
        env={"TMPDIR": str(folder), "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 70
    assert "set PYTHONUTF8=1" in done.stderr


@pytest.mark.parametrize(
    ("now", "epoch"), [("1970-01-02 03:04:05", "4102444800"), ("2059-12-31 23:59:59", "0")]
)
def test_no_clock_shows_in_the_bytes_of_a_dated_work(
    now: str, epoch: str, here: Path, tmp_path: Path
) -> None:
    surroundings = {**HOME_OFFICE, "SOURCE_DATE_EPOCH": epoch}
    assert_same(here, build(tmp_path, surroundings, 0o022, "faketime", "-f", f"@{now}"))


# --- Works without a date ------------------------------------------------------------------------


def moments(folder: Path) -> tuple[str, str]:
    """When the e-book and the PDF in a folder say that they were made."""
    with zipfile.ZipFile(folder / "paper.epub") as book:
        package = book.read("EPUB/content.opf").decode()
    modified = package.partition('"dcterms:modified">')[2].partition("<")[0]
    with pikepdf.open(io.BytesIO((folder / "paper.pdf").read_bytes())) as pdf:
        return modified, str(pdf.docinfo["/CreationDate"])


@pytest.mark.parametrize(
    ("front", "epoch", "expected"),
    [
        ("", None, ("2000-01-01T00:00:00Z", "D:20000101000000Z")),
        ("", "1700000000", ("2023-11-14T22:13:20Z", "D:20231114221320Z")),
        ("date: 1843-09-05\n", "1700000000", ("1843-09-05T00:00:00Z", "D:18430905000000Z")),
        ("date: 1843\n", None, ("1843-01-01T00:00:00Z", "D:18430101000000Z")),
    ],
)
def test_a_work_without_a_date_was_made_when_source_date_epoch_says(
    front: str, epoch: str | None, expected: tuple[str, str], desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    if epoch is not None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    paper, out = desk.paper("Sums [@lovelace1843].\n", front), desk.folder / "dist"
    assert main(["build", str(paper), "--out", str(out), "--quiet"]) == 0
    assert moments(out) == expected


def test_the_manuals_commands_do_what_it_says(desk: Desk) -> None:
    manual = (Path(__file__).parents[1] / "docs" / "reproducibility.md").read_text("utf-8")
    desk.paper("Sums [@lovelace1843].\n", "date: 1843-09-05\n")
    done = subprocess.run(
        ["bash", "-e", "-c", "\n".join(re.findall(r"```sh\n(.*?)```", manual, re.S))],
        cwd=desk.folder,
        env={"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "dist and again are the same, byte for byte" in done.stdout


@pytest.mark.parametrize("epoch", ["yesterday", "-1", "1.5", "9" * 20])
def test_a_source_date_epoch_that_is_none_is_told(
    epoch: str, desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    out = desk.folder / "dist"
    assert main(["build", str(desk.paper("Text.\n")), "--out", str(out)]) == 2
    assert "seconds since 1970" in capsys.readouterr().err
    assert not out.exists()
