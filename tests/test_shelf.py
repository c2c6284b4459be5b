"""The shelf: finished files enter their folder in one step."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from triptych.diagnostics import UsageError
from triptych.publish import replace_folder


def test_files_are_put_and_replaced(tmp_path: Path) -> None:
    replace_folder(tmp_path / "dist", {"a": b"one", "b": b"two"})
    replace_folder(tmp_path / "dist", {"a": b"three"})
    assert (tmp_path / "dist" / "a").read_bytes() == b"three"
    assert (tmp_path / "dist" / "b").read_bytes() == b"two"
    assert [path.name for path in tmp_path.iterdir()] == ["dist"]


def test_a_folder_that_holds_a_source_is_refused(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "edition.toml").write_text("")
    with pytest.raises(UsageError, match="holds a source"):
        replace_folder(tmp_path / "source", {"a": b""})


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dist").write_text("in the way")
    with pytest.raises(UsageError, match="not a folder"):
        replace_folder(tmp_path / "dist", {"a": b""})


def test_two_builds_at_once_wait_for_each_other(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from triptych.publish import replace_folder\n"
        "files = {name: sys.argv[2].encode() for name in 'abcdef'}\n"
        "for n in range(30): replace_folder(Path(sys.argv[1]), files)"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "dist"), name])
        for name in ("one", "two", "three")
    ]
    assert [process.wait() for process in running] == [0, 0, 0]
    found = {path.read_text() for path in (tmp_path / "dist").iterdir()}
    assert len(found) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["dist"]


def test_a_process_killed_at_any_moment_leaves_the_old_set_or_the_new(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from triptych.publish import replace_folder\n"
        "n = 0\n"
        "while True:\n"
        "    n += 1\n"
        "    replace_folder(Path(sys.argv[1]), {name: b'%d' % n * 1000 for name in 'abc'})\n"
        "    print(n, flush=True)\n"
    )
    chance = random.Random(7)
    for _ in range(12):
        running = subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "dist")], stdout=subprocess.PIPE
        )
        assert running.stdout is not None
        running.stdout.readline()
        time.sleep(chance.random() * 0.05)
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
        running.stdout.close()
        held = {path.name: path.read_bytes() for path in (tmp_path / "dist").iterdir()}
        assert sorted(held) == ["a", "b", "c"]
        assert len(set(held.values())) == 1
