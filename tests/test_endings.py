"""What a command prints, and how it ends: signals, and outputs that are closed, full or unread."""

from __future__ import annotations

import ast
import json
import os
import re
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from deposits import FIRST, package
from hypothesis import given
from hypothesis import strategies as st

from triptych.cli import main
from triptych.deposit.archive import deposit
from triptych.deposit.places import open_store
from triptych.printing import say_json, visible

PACKAGE = Path(__file__).parents[1] / "pipeline" / "triptych"
COMMAND = [sys.executable, "-m", "triptych.cli"]
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
ESCAPES = "\x1b]0;owned\x07\x9b2J\u202egnp.exe\nfake: sound"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "paper.md"
    path.write_text("---\ntitle: Engines\n---\n\nHello.\n")
    return path


# --- What is printed ------------------------------------------------------------------------------


@given(st.text())
def test_no_text_moves_the_cursor_or_turns_the_order_of_letters(text: str) -> None:
    assert not OBEYED.search(visible(text))
    assert "\n" not in visible(text)


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_stays_what_it_was(value: object) -> None:
    with pytest.MonkeyPatch.context() as patch:
        said: list[str] = []
        patch.setattr("triptych.printing._write", said.append)
        say_json(value, indent=1)
    assert json.loads(said[0]) == value
    assert not OBEYED.search(said[0])


def test_all_that_is_printed_goes_through_one_function() -> None:
    """Two programs print what they hand to the process that asked, and nobody else."""
    printing = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                printing |= {path.name} if node.func.id == "print" else set()
    assert printing == {"axe_batch.py", "toolchain.py"}


def test_signs_that_a_terminal_obeys_are_shown_and_not_obeyed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stranger's message, identifier and file names, as every command prints them."""
    store = str(tmp_path / "store")
    work = "urn:\x9b2J\u202egnp.exe"
    deposit(package("One.", work), open_store(store), ESCAPES, FIRST)
    (tmp_path / "store" / "here\x1b]0;\x9b2J").mkdir()
    for words in (
        ["history", store, "--verbose"],
        ["history", store, "--json"],
        ["verify", store],
        ["verify", store, "--json"],
        ["restore", store, "--to", str(tmp_path / "out")],
        ["restore", store, ESCAPES.splitlines()[0], "--to", str(tmp_path / "out")],
    ):
        main(words)
        said = capsys.readouterr()
        assert not OBEYED.search(said.out + said.err), words
        assert "\nfake" not in said.out + said.err, words


def test_two_files_are_compared_without_obeying_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text(ESCAPES)
    (tmp_path / "b.txt").write_text(f"{ESCAPES}!")
    assert main(["compare", str(tmp_path / "a.txt"), str(tmp_path / "b.txt")]) == 3
    assert not OBEYED.search(capsys.readouterr().out)


# --- Outputs that take no more --------------------------------------------------------------------


def run(line: str, paper: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a shell does."""
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"], cwd=paper.parent, text=True,
        env={**os.environ, "TRIPTYCH": " ".join(COMMAND)}, capture_output=True, check=False,
    )  # fmt: skip


BUILD = "$TRIPTYCH build paper.md --to text"


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        (f"{BUILD} > /dev/full", 70, "cannot write to standard output: No space left on device"),
        (f"{BUILD} --json > /dev/full", 70, "cannot write to standard output: No space left"),
        (f"{BUILD} 2> /dev/full", 0, "dist/paper.txt"),
        (f"{BUILD} >&-", 0, "agree"),
        (f"{BUILD} 2>&-", 0, "dist/paper.txt"),
        (f"{BUILD} <&- >&- 2>&-", 0, ""),
        (f"{BUILD} --json | true", 141, "Reading|"),
    ],
)
def test_an_output_that_is_full_or_closed_is_told_once_if_it_can_be(
    line: str, code: int, told: str, paper: Path
) -> None:
    done = run(line, paper)
    said = done.stdout + done.stderr
    assert (done.returncode, "Traceback" in said, "Exception" in said) == (code, False, False), said
    assert re.search(told, said)
    assert said.count("cannot write") <= 1
    assert all(path.stat().st_size for path in paper.parent.glob("dist/*"))


@pytest.mark.parametrize("size", [0, 100, 5000])
def test_a_full_disk_is_told_and_leaves_nothing(size: int, paper: Path) -> None:
    """As `ulimit -f` has it: files of the temporary folder and of `dist` alike."""
    done = subprocess.run(
        [*COMMAND, "build", "paper.md", "--to", "html"], cwd=paper.parent, text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode in (2, 70)
    assert "Traceback" not in done.stderr
    assert done.stderr.count("triptych: ") == 1
    assert [path.name for path in paper.parent.iterdir()] == ["paper.md"]


# --- Signals --------------------------------------------------------------------------------------


HEEDING = [
    sys.executable, "-c",
    "import os, signal, sys\n"
    "for one in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):\n"
    "    signal.signal(one, signal.SIG_DFL)\n"
    "os.execv(sys.argv[1], sys.argv[1:])",
]  # fmt: skip
"""Starts a program that heeds signals, also where the tests were started to ignore them."""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_that_ends_a_build_leaves_nothing_behind(
    number: signal.Signals, paper: Path, tmp_path: Path
) -> None:
    (tmp_path / "temporary").mkdir()
    running = subprocess.Popen(
        [*HEEDING, *COMMAND, "build", "paper.md", "--to", "pdf"], cwd=paper.parent, text=True,
        env={**os.environ, "TMPDIR": str(tmp_path / "temporary")}, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert running.stderr is not None
    assert running.stderr.readline().startswith("Reading")
    running.send_signal(number)
    said = running.stderr.read()
    assert running.wait() == 128 + number
    assert said.count("triptych: stopped") == 1, said
    assert "Traceback" not in said
    assert list((tmp_path / "temporary").iterdir()) == []
    assert not (tmp_path / "dist").exists()
