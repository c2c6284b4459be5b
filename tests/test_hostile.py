"""Hostile sources: nothing outside is opened, no address is asked, and each attack is told."""

from __future__ import annotations

import base64
import ctypes
import os
import re
import shutil
import socket
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import unquote

import pytest

from triptych.diagnostics import Diagnostic, SourceError
from triptych.edition import Edition
from triptych.read.source import read_source
from triptych.resolve.passes import resolve_source

CASES = Path(__file__).parent / "hostile"
WORD = "xylopolist"
"""A word that only files outside hold."""
SECRETS = {
    "md": f"# {WORD}\n\nA {WORD}.\n",
    "tex": rf"\newcommand{{\secret}}{{{WORD}}}" "\n",
    "bib": f"@book{{secret, author = {{{WORD}, Ann}}, title = {{{WORD}}}, year = 1990}}\n",
    "toml": f'title = "{WORD}"\n',
    "csl": f"<{WORD}/>",
    "icc": WORD,
    "svg": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>{WORD}</text></svg>',
    "png": "",
}


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    """A server on this machine that waits to be asked."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.setblocking(False)
        yield server


def outside(folder: Path) -> Path:
    """A folder of files that are none of the source's business."""
    folder.mkdir()
    for ending, text in SECRETS.items():
        (folder / f"secret.{ending}").write_text(text, encoding="utf-8")
    shutil.copy(folder / "secret.md", folder / "secret.Rmd")
    (folder / "secret.png").write_bytes(_png())
    return folder


def _png() -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (3, 3), (18, 52, 86)).save(out, "PNG")
    return out.getvalue()


def laid_out(case: Path, to: Path, listener: socket.socket) -> Path:
    """A case as it would lie on disk, beside the folder that it must not reach. What to build."""
    host = "{}:{}".format(*listener.getsockname())
    words = {"@OUTSIDE@": str(outside(to / "outside")), "@LISTENER@": f"http://{host}"}
    words["@HOST@"] = host

    def filled(text: str) -> str:
        return re.sub("@[A-Z]+@", lambda match: words[match[0]], text)

    source = to / "source"
    shutil.copytree(case, source)
    special = source / "special"
    for kind, name, *target in map(str.split, _lines(special)):
        path = source / name
        if kind == "link":
            path.symlink_to(filled(target[0]))
        elif kind == "pipe":
            os.mkfifo(path)
        else:
            socket_at(path)
    for extra in ("told", "special"):
        (source / extra).unlink(missing_ok=True)
    for path in (p for p in source.rglob("*") if p.is_file() and not p.is_symlink()):
        path.write_text(filled(path.read_text("utf-8")), "utf-8")
    papers = [p for p in source.iterdir() if p.stem == "paper"]
    return papers[0] if papers else source


def _lines(file: Path) -> list[str]:
    return file.read_text("utf-8").splitlines() if file.exists() else []


def socket_at(path: Path) -> None:
    """Make a socket in the file system; its name may be longer than a socket's address."""
    back = Path.cwd()
    os.chdir(path.parent)
    try:
        with closing(socket.socket(socket.AF_UNIX)) as made:
            made.bind(path.name)
    finally:
        os.chdir(back)


OPENED, CHANGED = 0x20, 0x2 | 0x40 | 0x80 | 0x100 | 0x200
"""IN_OPEN; IN_MODIFY, IN_MOVED_FROM, IN_MOVED_TO, IN_CREATE and IN_DELETE (inotify(7))."""


@contextmanager
def untouched(folder: Path) -> Iterator[None]:
    """Assert that no process opens or changes a file of a folder meanwhile: the kernel says so."""
    libc = ctypes.CDLL(None, use_errno=True)
    handle = libc.inotify_init1(os.O_NONBLOCK)
    assert libc.inotify_add_watch(handle, os.fsencode(folder), OPENED | CHANGED) >= 0
    try:
        yield
        try:
            told = os.read(handle, 65536)
        except BlockingIOError:
            told = b""
    finally:
        os.close(handle)
    assert not list(_names(told))


def _names(told: bytes) -> Iterator[str]:
    while told:
        _, _, _, length = struct.unpack_from("iIII", told)
        yield told[16 : 16 + length].rstrip(b"\0").decode()
        told = told[16 + length :]


def resolved(work: Path) -> tuple[Edition | None, tuple[Diagnostic, ...]]:
    """The edition made in spite of all mistakes, if there can be one, and what was told."""
    try:
        return resolve_source(read_source(work), keep_going=True)
    except SourceError as error:
        return None, error.diagnostics


@pytest.mark.parametrize("case", sorted(p.parent.name for p in CASES.glob("*/told")))
def test_an_attack_reaches_nothing_and_is_told(
    case: str, tmp_path: Path, listener: socket.socket
) -> None:
    work = laid_out(CASES / case, tmp_path, listener)
    with untouched(tmp_path / "outside"):
        edition, told = resolved(work)
    with pytest.raises(BlockingIOError):
        listener.accept()
    expected = set(_lines(CASES / case / "told"))
    places = {_told(each, work) for each in told}
    assert expected <= places, told
    assert WORD not in f"{told}"
    if edition is not None:
        host = "{}:{}".format(*listener.getsockname())
        for text in shown(edition):
            assert not re.search(rf"{WORD}|{HARM}", text, re.I), text
            assert host not in text
        assert not [name for name, _ in edition.source_digests if "secret" in name]


HARM = r"javascript:|<\w*:?script|alert\(|file://|\son[a-z]+=|srcset=|@import|xml-stylesheet"
"""What acts, or loads something, in an edition."""


def shown(edition: Edition) -> Iterator[str]:
    """What an edition shows: its text, its drawings, and what lies within them as data."""
    waiting = [edition.body, *(image.data.decode(errors="replace") for image in edition.images)]
    while waiting:
        text = waiting.pop()
        yield text
        packed = re.findall(r"data:[^,\"']*;base64,([A-Za-z0-9+/=]+)", text)
        waiting += [base64.b64decode(each).decode(errors="replace") for each in packed]
        waiting += map(unquote, re.findall(r"data:[^,\"';]*,([^\"']*)", text))


def _told(each: Diagnostic, work: Path) -> str:
    folder = work if work.is_dir() else work.parent
    return f"{os.path.relpath(each.file, folder)}:{each.line} {each.code}"
