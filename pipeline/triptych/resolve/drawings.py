"""Figures in formats that no edition can carry, converted to formats that all can.

In: the bytes of a figure as PDF or EPS, or of a bitmap. Out: SVG, in which lines stay lines, or a
bitmap that all show. Poppler's pdftocairo and Ghostscript convert one file at a time, each in a
folder of its own, and see no other (`programs.py`).
"""

from __future__ import annotations

import gzip
import io
import shutil
import signal
from dataclasses import dataclass

from triptych.programs import OverTimeError, private_folder, run_program
from triptych.read.paths import Reach, Refused
from triptych.resolve.bitmaps import NotTurned as NotTurned
from triptych.resolve.bitmaps import readable_bitmap

_TIME_LIMIT_S = 60
_PIXELS_PER_INCH = 300


@dataclass(frozen=True, slots=True)
class Turned:
    """A figure in its new format. `pixels` says why lines became pixels, if they did."""

    data: bytes
    pixels: str = ""


def turned(data: bytes) -> Turned | None:
    """The figure in a format that all editions carry, or None if its format is not known here.

    Raises NotTurned where the figure is broken, or where the machine lacks the converter.
    """
    if data.startswith(b"%PDF-"):
        return _from_pdf(data)
    if data.startswith(b"%!PS") or data.startswith(b"\xc5\xd0\xd3\xc6"):
        return _from_pdf(_pdf_from_eps(data))
    if data.startswith(b"\x1f\x8b"):
        return _unzipped(data)
    bitmap = readable_bitmap(data)
    return None if bitmap is None else Turned(bitmap)


def _from_pdf(data: bytes) -> Turned:
    """The first page of a PDF as SVG, or as pixels where pdftocairo is not installed."""
    if shutil.which("pdftocairo") is None:
        why = "pdftocairo, of poppler-utils, is not installed"
        return Turned(_pixels_of_pdf(data), why)
    drawn = _run(["pdftocairo", "-svg", "-f", "1", "-l", "1", "in", "out"], data)
    if not drawn:
        raise _unread(data)
    return Turned(drawn.replace(b' version="1.2"', b"", 1))


def _pixels_of_pdf(data: bytes) -> bytes:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        picture = document[0].render(scale=_PIXELS_PER_INCH / 72).to_pil()
        document.close()
    except pypdfium2.PdfiumError:
        raise _unread(data) from None
    out = io.BytesIO()
    picture.convert("RGB").save(out, "PNG", optimize=True)
    return out.getvalue()


def _unread(data: bytes) -> NotTurned:
    if b"/Encrypt" in data:
        return NotTurned("is a PDF with a password", "save it without one")
    return NotTurned("is a PDF that cannot be read")


def _pdf_from_eps(data: bytes) -> bytes:
    if shutil.which("gs") is None:
        raise NotTurned(
            "is EPS, and Ghostscript, which reads it, is not installed",
            "install ghostscript, or give the figure as SVG or PDF",
        )
    command = "gs -q -dSAFER -dBATCH -dNOPAUSE -dEPSCrop -sDEVICE=pdfwrite -sOutputFile=out in"
    drawn = _run(command.split(), data)
    if not drawn:
        raise NotTurned("is EPS that Ghostscript cannot read")
    return drawn


def _run(command: list[str], data: bytes) -> bytes:
    """What a program writes to the file `out`, given the file `in`; empty where it fails."""
    program = shutil.which(command[0])
    assert program is not None
    with private_folder() as folder:
        (folder / "in").write_bytes(data)
        try:
            done = run_program([program, *command[1:]], folder, patience=_TIME_LIMIT_S)
        except OverTimeError:
            raise _TOO_LARGE from None
        if done.code in _STOPPED:
            raise _TOO_LARGE
        # What it made may be anything, a link or a pipe too: it is read like a source's file.
        try:
            made = Reach(folder).read(folder / "out")
        except Refused:
            return b""
        return (made or b"") if done.code == 0 else b""


_STOPPED = (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT, -signal.SIGXFSZ)
"""How the system ends a converter that wants more than it may take."""
_TOO_LARGE = NotTurned(
    "takes more time or memory to convert than a figure may", "simplify it, or give it as PNG"
)


def _unzipped(data: bytes) -> Turned:
    """An SVG that was compressed with gzip (`.svgz`)."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            return Turned(packed.read(64 * 1024 * 1024))
    except (OSError, EOFError):
        raise NotTurned("is packed, and cannot be unpacked") from None
