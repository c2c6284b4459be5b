"""External programs: each has a folder of its own, limits, and nothing else in sight."""

from __future__ import annotations

import ast
import ctypes
import os
import socket
import sys
import tempfile
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from test_hostile import WORD, outside, untouched

from triptych import programs
from triptych.programs import LARGE, Ended, OverTimeError, private_folder, run_program
from triptych.resolve.bitmaps import NotTurned
from triptych.resolve.drawings import turned
from triptych.validators import ValidatorFailed, axe
from triptych.validators.process import run

PACKAGE = Path(programs.__file__).parent
LANDLOCK = ctypes.CDLL(None, use_errno=True).syscall(444, None, ctypes.c_size_t(0), 1) > 0
"""Whether this kernel can hide files from an ordinary process."""


def shell(words: str, **terms: Any) -> Ended:
    with private_folder() as folder:
        return run_program(["/bin/sh", "-c", words], folder, **terms)


def test_a_program_is_started_in_one_place() -> None:
    starting = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import) and any(n.name == "subprocess" for n in node.names):
                starting.add(path.relative_to(PACKAGE).as_posix())
    assert starting == {
        "programs.py",
        "signing/ssh.py",  # which asks the user's own agent
        "catalogue/bench.py",  # which starts Triptych
        "deposit/rebuild.py",  # which starts Triptych
        "deposit/toolchain.py",  # which asks the system for versions
    }


def test_a_program_is_told_nothing_but_what_is_meant_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", WORD)
    monkeypatch.setenv("TRIPTYCH_PASSPHRASE", WORD)
    told = dict(line.split("=", 1) for line in shell("env").stdout.decode().splitlines())
    assert WORD not in told.values()
    assert set(told) <= {
        "PATH", "JAVA_HOME", "LANG", "LC_ALL", "HOME", "TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME",
        "PWD", "OLDPWD", "SHLVL", "_",
    }  # fmt: skip
    assert told["HOME"] == told["TMPDIR"] == told["PWD"]
    assert not Path(told["HOME"]).exists()


def test_a_program_sees_its_folder_and_no_other_file(tmp_path: Path) -> None:
    assert LANDLOCK, "this kernel has no Landlock: run the tests on Linux 5.13 or later"
    folder = outside(tmp_path / "outside")
    with untouched(folder):
        done = shell(
            f"echo a > b && cat b; cd {folder}; cat secret.md; echo x > new; rm -f secret.md; "
            f"cat {folder}/secret.md; echo x > {folder}/new; mv {folder}/secret.bib {folder}/moved"
        )
    assert done.stdout == b"a\n"
    assert (folder / "secret.md").exists()
    assert shell("cat /proc/self/environ /etc/passwd").stdout == b""


def test_a_validator_sees_its_documents_and_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "paper.html").write_text("A paper.")
    folder = outside(tmp_path / "outside")
    words = f"cat {tmp_path}/paper.html {folder}/secret.md /proc/{os.getpid()}/environ; echo > b"
    with untouched(folder):
        said = run("sh", ["/bin/sh", "-c", words + "; exit 0"], timeout=60,
                   reads=[tmp_path / "paper.html"])  # fmt: skip
    assert said.stdout == "A paper."


def test_a_validator_has_limits_of_its_own() -> None:
    """Those of the process that starts it would be too tight for some, and too wide for others."""
    said = run("sh", ["/bin/sh", "-c", "ulimit -t; ulimit -d"], timeout=9).stdout
    assert said.split() == ["18", str(LARGE.memory // 1024)]
    with pytest.raises(ValidatorFailed, match="stopped after 1 seconds"):
        run("sh", ["/bin/sh", "-c", "sleep 60"], timeout=1)
    with pytest.raises(ValidatorFailed, match="stopped after 60 seconds of work"):
        run("sh", ["/bin/sh", "-c", "ulimit -S -t 1; while :; do :; done"], timeout=30)


def test_a_page_in_the_browser_of_a_validator_sees_no_other_file(tmp_path: Path) -> None:
    folder = outside(tmp_path / "outside")
    page = tmp_path / "paper.html"
    page.write_text(
        f"""<!DOCTYPE html><html lang="en"><title>A</title><main><h1>A</h1>
        <img src="file://{folder}/secret.png" onload="document.title=''">
        <iframe title="x" src="file://{folder}/secret.md"></iframe></main></html>"""
    )
    with untouched(folder):
        (verdict,) = axe.validate([page])
    assert WORD not in str(verdict)


def test_a_program_asks_no_address() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.setblocking(False)
        port = server.getsockname()[1]
        with private_folder() as folder:
            ask = f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)"
            python = Path(sys.executable).resolve()
            done = run_program(
                [python, "-I", "-S", "-c", ask], folder, reads=[Path(sys.base_prefix)]
            )
        assert done.code != 0
        with pytest.raises(BlockingIOError):
            server.accept()


def test_what_a_program_writes_and_how_long_it_takes_has_a_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(programs, "_OUTPUT", 10_000)
    assert len(shell("exec cat /dev/zero").stdout) == 10_000
    assert shell("exec head -c 20000 /dev/zero > file").code != 0
    with pytest.raises(OverTimeError):
        shell("sleep 60 & sleep 60", patience=0.5)
    assert shell("while :; do :; done", seconds=1).code in (-9, -24)


EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 90 90\n"
WHEEL = EPS + b"/Times-Roman findfont 20 scalefont setfont 10 40 moveto (Wheel) show showpage\n"


@pytest.mark.parametrize(
    "attack",
    [
        "(OUTSIDE/secret.md) (r) file 100 string readstring pop 10 40 moveto show",
        "(OUTSIDE/made.md) (w) file (x) writestring",
        "(OUTSIDE/secret.md) deletefile",
        "(OUTSIDE/secret.md) (OUTSIDE/moved.md) renamefile",
        "(OUTSIDE/*) { show } 100 string filenameforall",
        "(%pipe%cat OUTSIDE/secret.md) (r) file 100 string readstring pop show",
        "(OUTSIDE/secret.md) run",
        "<< /OutputFile (OUTSIDE/made.md) >> setpagedevice showpage",
        "(OUTSIDE/secret.md) status { pop pop pop pop /Times-Roman } if",
        "(OUTSIDE/secret.md) (%os%OUTSIDE/moved.md) renamefile",
        "<< /PermitFileReading [(*)] >> setuserparams (OUTSIDE/secret.md) (r) file pop",
        ".locksafe .setsafe (OUTSIDE/secret.md) deletefile",
    ],
)
def test_a_figure_in_postscript_touches_no_file(tmp_path: Path, attack: str) -> None:
    folder = outside(tmp_path / "outside")
    data = WHEEL + attack.replace("OUTSIDE", str(folder)).encode() + b" showpage\n"
    with untouched(folder):
        try:
            made = turned(data)
        except NotTurned:
            return
    assert made is not None
    assert WORD.encode() not in made.data


@pytest.mark.parametrize(
    "attack",
    [
        "(TEMPORARY/a) (w) file (x) writestring",
        "(TEMPORARY/kept) deletefile",
        "(TEMPORARY/kept) (TEMPORARY/moved) renamefile",
        "(TEMPORARY/*) { deletefile } 100 string filenameforall",
    ],
)
def test_a_figure_in_postscript_touches_no_file_in_the_folder_for_temporary_ones(
    tmp_path: Path, attack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "kept").write_text("kept")
    with suppress(NotTurned):
        turned(WHEEL + attack.replace("TEMPORARY", str(tmp_path)).encode() + b" showpage\n")
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_the_words_of_a_figure_in_postscript_stay_while_engines_are_loaded() -> None:
    """Two figures are turned while another thread changes what new processes would inherit."""
    import os

    ended = threading.Event()

    def disturb() -> None:
        while not ended.is_set():
            os.environ["FONTCONFIG_FILE"] = os.environ["TMPDIR"] = "/nowhere"
            time.sleep(0.001)

    before = {name: os.environ.get(name) for name in ("FONTCONFIG_FILE", "TMPDIR")}
    thread = threading.Thread(target=disturb)
    quiet = turned(WHEEL)
    thread.start()
    try:
        disturbed = turned(WHEEL)
    finally:
        ended.set()
        thread.join()
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
    assert quiet is not None
    assert quiet == disturbed
    assert quiet.data.count(b"<use") >= len("Wheel")
