"""External programs: started here, each in a folder of its own and with nothing else in sight.

In: a command, its input, and what it may read. Out: its exit code and what it wrote. A program gets
its environment from here, variable by variable: nothing that this process is told, and nothing that
a thread of it sets meanwhile, reaches it. `confine.py` sets its limits (docs/untrusted.md).
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

_CONFINE = Path(__file__).with_name("confine.py")
_OUTPUT = 512 * 1024 * 1024
"""Bytes that a program may write into one file, and to its output."""
_PASSED_ON = ("PATH", "JAVA_HOME")
"""What programs inherit, so that they are found where the user has them."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A program at its end: its exit code, or the signal that ended it, negative; what it wrote."""

    code: int
    stdout: bytes
    stderr: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Room:
    """How much a program may take.

    `memory` is in bytes, for each of its processes; 0 leaves it what this process may take. Threads
    count as `processes`; `files` are those it has open.
    """

    memory: int = 0
    processes: int = 64
    files: int = 256


SMALL = Room()
"""For a converter."""
LARGE = Room(2 * 2**30, 2048, 8192)
"""For Java and for browsers, which start a thread for each thing that they do."""


class OverTimeError(Exception):
    """A program was stopped, for it took longer than it may."""


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder for one run of a program: its working folder, its home, its place for files."""
    with tempfile.TemporaryDirectory(prefix="triptych-", ignore_cleanup_errors=True) as folder:
        yield Path(folder).resolve()


def run_program(
    command: Sequence[str | Path],
    folder: Path,
    *,
    data: bytes = b"",
    reads: Sequence[Path] = (),
    room: Room | None = SMALL,
    patience: float | None = None,
    seconds: int = 0,
    env: Mapping[str, str] | None = None,
) -> Ended:
    """Run a program to its end in its private folder.

    `command` begins with the program, by its path or name; `data` is its standard input. It sees
    the system's programs, `reads` and its folder, and no network, and may take so much `room`; only
    one without such bounds sees all. It may take `patience` seconds by the clock, and `seconds` of
    processor time; 0 leaves it those of this process. `env` is added to its environment.

    Raises OverTimeError; OSError where the program is not there.
    """
    began = time.perf_counter()
    program = Path(shutil.which(command[0]) or command[0]).absolute()
    terms = {
        "folder": str(folder), "reads": [*map(str, (*_of_program(program), *reads))],
        "room": room and asdict(room), "seconds": seconds, "output": _OUTPUT,
    }  # fmt: skip
    words = [sys.executable, "-I", "-S", _CONFINE, json.dumps(terms), program, *command[1:]]
    if sys.platform != "linux":
        words = list(command)
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, \
            tempfile.TemporaryFile() as err:  # fmt: skip
        given.write(data)
        given.seek(0)
        child = subprocess.Popen(
            [str(word) for word in words], cwd=folder, env=_environment(folder, env or {}),
            stdin=given, stdout=out, stderr=err, start_new_session=True,
        )  # fmt: skip
        try:
            code = child.wait(patience)
        except BaseException as stopped:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            if not isinstance(stopped, subprocess.TimeoutExpired):
                raise
            raise OverTimeError(f"it was stopped after {patience:g} seconds") from None
        out.seek(0)
        err.seek(0)
        return Ended(code, out.read(), err.read(), time.perf_counter() - began)


def _of_program(program: Path) -> Iterator[Path]:
    """A program and what lies beside it, such as its libraries where it is not the system's."""
    for path in (program, program.resolve()):
        yield path
        beside = path.parents[1] if path.parent.name == "bin" else path
        if beside not in (Path.home(), Path(path.anchor)):
            yield beside


def _environment(folder: Path, env: Mapping[str, str]) -> dict[str, str]:
    own = {name: str(folder) for name in ("HOME", "TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME")}
    inherited = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    locale = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    return {"PATH": os.defpath, **inherited, **locale, **own, **env}
