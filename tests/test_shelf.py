"""The shelf: finished files enter their folder in one step."""

from __future__ import annotations

import os
import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from triptych.diagnostics import UsageError
from triptych.publish import replace_folder
from triptych.scratch import scratch_folder

MANIFEST = "work.edition.json"
"""By this a folder is known to hold an edition."""


def test_files_are_put_and_replaced(tmp_path: Path) -> None:
    replace_folder(tmp_path / "dist", {"a": b"one", "b": b"two", MANIFEST: b""})
    replace_folder(tmp_path / "dist", {"a": b"three"})
    assert (tmp_path / "dist" / "a").read_bytes() == b"three"
    assert (tmp_path / "dist" / "b").read_bytes() == b"two"
    assert [path.name for path in tmp_path.iterdir()] == ["dist"]


def test_a_folder_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir(mode=0o750)
    for _ in range(2):
        replace_folder(tmp_path / "dist", {MANIFEST: b""})
        assert stat.S_IMODE((tmp_path / "dist").stat().st_mode) == 0o750


def test_a_home_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "homes" / "ann").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "homes" / "ann")
    monkeypatch.setenv("HOME", str(tmp_path / "homes" / "ann"))
    for folder in ("homes", "homes/ann", "link"):
        with pytest.raises(UsageError, match="home folder"):
            replace_folder(tmp_path / folder, {MANIFEST: b""})
    assert not list((tmp_path / "homes" / "ann").iterdir())


def test_a_folder_of_other_things_is_refused_and_one_of_editions_keeps_them(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "letters.txt").write_text("Dear")
    with pytest.raises(UsageError, match=r"holds letters\.txt and no edition"):
        replace_folder(tmp_path / "dist", {MANIFEST: b""})
    assert [path.name for path in (tmp_path / "dist").iterdir()] == ["letters.txt"]
    (tmp_path / "dist" / "letters.txt").unlink()
    replace_folder(tmp_path / "dist", {MANIFEST: b""})
    (tmp_path / "dist" / "CNAME").write_text("example.org")
    replace_folder(tmp_path / "dist", {MANIFEST: b"two"})
    assert {path.name for path in (tmp_path / "dist").iterdir()} == {"CNAME", MANIFEST}


def test_what_a_killed_run_left_is_swept_by_the_next(tmp_path: Path) -> None:
    program = (
        "import os, sys, signal; from pathlib import Path\n"
        "from triptych.scratch import scratch_folder\n"
        "with scratch_folder(Path(sys.argv[1]), 'triptych-run-') as folder:\n"
        "    (folder / 'big').write_text('words'); print(folder, flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as running:  # fmt: skip
        assert running.stdout is not None
        left = Path(running.stdout.readline().strip())
        (tmp_path / "triptych-run-of-mine").mkdir()
        (tmp_path / "triptych-run-abcdefgh").symlink_to(left)
        young = tmp_path / "triptych-run-01234567"
        _age(left)
        with scratch_folder(tmp_path, "triptych-run-"):
            assert (left / "big").exists()  # its run goes on
        running.kill()
        running.wait()
        young.mkdir()
    with scratch_folder(tmp_path, "triptych-run-") as folder:
        kept = {path.name for path in tmp_path.iterdir()} - {folder.name}
    assert kept == {"triptych-run-of-mine", "triptych-run-abcdefgh", young.name}


def _age(folder: Path) -> None:
    os.utime(folder, (time.time() - 3600,) * 2)


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
        "files = {name: sys.argv[2].encode() for name in ('a', 'b', 'c', 'd.edition.json')}\n"
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
        "n, NAMES = 0, ('a', 'b', 'c.edition.json')\n"
        "while True:\n"
        "    n += 1\n"
        "    replace_folder(Path(sys.argv[1]), {name: b'%d' % n * 1000 for name in NAMES})\n"
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
        assert sorted(held) == ["a", "b", "c.edition.json"]
        assert len(set(held.values())) == 1
