"""Sources and finished files made to do harm: each is told in one go, within the limits.

A folder in `tests/hostile` is named after its attack. It holds what is read, or `make.py`, which
writes it, or damages a finished `edition`. `told.toml` says how the command is called, its exit
code, and words that are told; where it allows few `seconds` or little `memory`, they are over the
sooner. The
operating system ends what takes more than 60 seconds of processor time or 1.5 GiB of memory.
"""

from __future__ import annotations

import errno
import os
import re
import resource
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from conftest import Desk

from triptych.limits import (
    LimitError,
    Limits,
    allowed,
    count_in,
    count_in_stored,
    doing,
    limits_of,
    now_doing,
    short_of_memory,
)
from triptych.press import build
from triptych.read.manuscript import without_code
from triptych.read.nesting import first_excess
from triptych.worker import held, outcome, worker

HOSTILE = Path(__file__).parent / "hostile"
SECONDS, MEMORY = 60, 3 * 2**29
LIMITS = {"seconds", "memory"}


@dataclass(frozen=True)
class Told:
    """What a command has answered: its exit code, and all that it printed."""

    code: int
    said: str


def _held() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def answer(command: list[str], folder: Path, **env: str) -> Told:
    """Run the command in a folder, under limits that kill."""
    temporary = folder.parent / "temporary"
    temporary.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "triptych.cli", *command],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(temporary), **env},
        preexec_fn=_held,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    assert not list(temporary.iterdir()), "it leaves temporary files behind"
    return Told(done.returncode, done.stdout)


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished edition, which attacks are to damage."""
    folder = tmp_path_factory.mktemp("edition")
    (folder / "paper.md").write_text("---\ntitle: A Paper\n---\n\nText of a paper.\n")
    return build(folder / "paper.md", out=folder / "dist").files[0].parent


@pytest.mark.parametrize("attack", sorted(path.parent.name for path in HOSTILE.glob("*/told.toml")))
def test_what_is_made_to_do_harm_is_told(attack: str, tmp_path: Path, edition: Path) -> None:
    folder = tmp_path / attack
    shutil.copytree(HOSTILE / attack, folder)
    expected = tomllib.loads((folder / "told.toml").read_text("utf-8"))
    if "edition" in expected:
        shutil.copytree(edition, folder / "dist")
    if (folder / "make.py").exists():
        subprocess.run([sys.executable, "make.py"], cwd=folder, check=True)
    given = {f"TRIPTYCH_{name.upper()}": str(expected[name]) for name in LIMITS & expected.keys()}
    told = answer(expected["command"], folder, **given)
    assert "Traceback" not in told.said
    assert told.code == expected["exit"], told.said
    assert expected.get("told", "") in told.said
    if expected["exit"] and "edition" not in expected:
        assert not (folder / "dist").exists()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", told.said)


@pytest.mark.parametrize("times", ["300000000", "9" * 30, "9" * 400])
def test_columns_of_an_array_are_written_out_so_often_only(desk: Desk, times: str) -> None:
    body = desk.edition(f"$$\\begin{{array}}{{*{{{times}}}{{cc}}}} a \\end{{array}}$$\n").body
    assert "<mtable" in body


def test_signs_of_formulas_are_no_tags() -> None:
    assert first_excess(["So $x<y$ and $z>0$."] * 200) is None
    told = first_excess(["<x:y z='1'>"] * 200)
    assert told is not None
    assert told.line == 101


@pytest.mark.parametrize(
    "text", ["[{" * 10 + "x" + "}]" * 10, "[{" * 10 + "x" + "]" * 10, "{[" * 10 + "x" + "]}" * 10]
)
def test_braces_do_not_hide_brackets_in_brackets(text: str) -> None:
    """Pandoc takes twice as long for each further bracket, whatever stands between them."""
    told = first_excess([text])
    assert told is not None
    assert "brackets" in told.message


def test_a_comment_without_an_end_is_none() -> None:
    text = "One <!-- a --> two <!-- [x] <!-- `y`\n"
    assert without_code(text) == "One            two <!-- [x] <!--    \n"
    assert without_code("<!-- a\n" * 1000) == "<!-- a\n" * 1000


def test_a_limit_is_raised_by_a_variable_of_the_environment(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "paper.md").write_text("Text.\n")
    command = ["build", "paper.md", "--to", "text"]
    told = answer(command, tmp_path / "work", TRIPTYCH_MEMORY="10M")
    assert (told.code, "[limit]" in told.said) == (1, True), told.said
    (tmp_path / "temporary").rmdir()
    assert answer(command, tmp_path / "work", TRIPTYCH_MEMORY="1G").code == 0
    (tmp_path / "temporary").rmdir()
    assert answer(command, tmp_path / "work", TRIPTYCH_MEMORY="9" * 40 + "G").code == 0
    (tmp_path / "temporary").rmdir()
    told = answer(command, tmp_path / "work", TRIPTYCH_MEMORY="much")
    assert (told.code, "TRIPTYCH_MEMORY" in told.said) == (2, True), told.said


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        ImportError("etree.so: cannot map zero-fill pages"),
        SystemError("error return without exception set"),
    ],
)
def test_memory_may_be_refused_in_many_words(error: Exception) -> None:
    assert short_of_memory(error)
    assert not short_of_memory(ImportError("no module named x"))


def test_a_long_work_may_take_more_than_a_short_one() -> None:
    short, long = limits_of(1000), limits_of(2_000_000)
    assert long.seconds > 10 * short.seconds
    assert long.memory > 2 * short.memory


def test_a_dense_work_of_a_hundred_pages_may_take_ten_times_what_it_takes() -> None:
    chinese_words_in_tables = "\u4f5c" * 20_000 + "| 12 " * 1_200
    assert limits_of(len(chinese_words_in_tables.encode())).seconds > 10 * 60


def test_pictures_and_bibliographies_add_time() -> None:
    assert limits_of(1000, 10_000_000).seconds > 3 * limits_of(1000).seconds


@pytest.mark.parametrize(
    ("seconds", "action", "told"),
    [
        (0.02, lambda: time.sleep(60), "minutes by the clock"),
        (1.0, lambda: max(iter(int, 1)), "seconds of processor time"),
    ],
    ids=["waiting", "computing"],
)
def test_the_limit_that_was_met_is_told(
    seconds: float, action: Callable[[], int], told: str
) -> None:
    with pytest.raises(LimitError, match=told):
        held(action, Limits(seconds, 0))


def _takes(mebibytes: int) -> int:
    return 0 * len(bytearray(mebibytes * 2**20))


def test_what_the_caller_has_in_memory_is_no_part_of_the_limit() -> None:
    kept, limits = bytearray(400 * 2**20), Limits(60, 200 * 2**20)
    assert held(partial(_takes, 100), limits) == 0
    with worker(limits) as pool:
        assert outcome(pool, pool.submit(_takes, 100), limits, "A test") == 0
    del kept


def test_a_part_of_a_run_has_the_limits_of_the_run() -> None:
    def run() -> int:
        kept, limits = bytearray(150 * 2**20), Limits(60, 200 * 2**20)
        with worker(limits) as pool, pytest.raises(LimitError, match="GiB of memory"):
            outcome(pool, pool.submit(_takes, 100), limits, "A test")
        return len(kept) - 150 * 2**20

    assert held(run, Limits(60, 300 * 2**20)) == 0


def test_memory_that_a_worker_is_refused_is_told_as_a_limit() -> None:
    limits = Limits(60, 100 * 2**20)
    with worker(limits) as pool, pytest.raises(LimitError, match="A test takes more than"):
        outcome(pool, pool.submit(_takes, 200), limits, "A test")


COMMANDS = {
    "check": ["check", "dist/paper.pdf"],
    "deposit": ["deposit", "dist", "--source", "paper.md", "--to", "store"],
    "verify": ["verify", "store"],
    "restore": ["restore", "store", "--to", "out"],
    "history": ["history", "store"],
    "verify-signature": ["verify-signature", "dist", "--key", "press.pub"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_that_reads_what_strangers_made_has_limits(
    command: str, tmp_path: Path, edition: Path
) -> None:
    work = tmp_path / "work"
    shutil.copytree(edition, work / "dist")
    (work / "paper.md").write_text((edition.parent / "paper.md").read_text("utf-8"))
    (work / "store").mkdir()
    told = answer(COMMANDS[command], work, TRIPTYCH_MEMORY="2M")
    assert told.code == 3, told.said
    assert "TRIPTYCH_MEMORY" in told.said
    assert "Traceback" not in told.said


def test_a_run_may_take_more_for_each_thing_that_it_reads() -> None:
    """A store with many works may take the longer, however short each of them is."""

    def read_three() -> int:
        before = allowed()
        for _ in range(3):
            count_in(text=10_000, beside=1_000_000)
        count_in_stored(10_000_000)
        after = allowed()
        more = round(after.seconds - before.seconds)
        return int(more == 250 + 60 + 5 and after.memory > before.memory)

    assert held(read_three, limits_of()) == 1


def test_what_failed_is_told_until_something_else_begins() -> None:
    with suppress(ValueError), doing("Reading one"), doing("Looking at it"):
        raise ValueError
    assert now_doing() == "Looking at it"
    with doing("Reading another"):
        assert now_doing() == "Reading another"
    assert now_doing() == "The work"
