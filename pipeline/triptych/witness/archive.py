"""Archives: the bytes of a zip file in, the same open for reading out, if it can do no harm.

A stranger's archive may inflate to any size, tell two programs of different files, or name files
that lie elsewhere. What e-books need of zip is little (EPUB OCF 3.3, 4.2), and all else is refused.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

MOST_BYTES = 2**29
"""So many bytes may all files of an archive have together, 512 MiB."""
MOST_FILES = 20_000
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, UnicodeDecodeError,
)  # fmt: skip
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_HEADER = 30
"""The bytes of a file's header before its name (APPNOTE 4.3.7)."""


class ArchiveError(ValueError):
    """An archive is broken, or made to do harm."""


@contextmanager
def opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    """An archive, open for reading. Raises ArchiveError, also for what is found while reading."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (*_BROKEN, ValueError, OverflowError) as error:
        raise ArchiveError(f"it is not a sound zip archive ({error})") from None
    with archive:
        _must_be_harmless(archive.infolist(), len(data))
        try:
            yield archive
        except _BROKEN as error:
            raise ArchiveError(f"it is not a sound zip archive ({error})") from None


def _must_be_harmless(entries: Sequence[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MOST_FILES:
        raise ArchiveError(f"it holds more than {MOST_FILES:,} files")
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise ArchiveError(f"its files have more than {MOST_BYTES:,} bytes together")
    for entry in entries:
        name = repr(entry.orig_filename[:80])
        if entry.flag_bits & 0x1:
            raise ArchiveError(f"{name} in it is encrypted")
        if entry.compress_type not in _METHODS:
            raise ArchiveError(f"{name} in it is packed by method {entry.compress_type}")
        if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise ArchiveError(f"{name} in it is a link or a device")
        if _leads_out(entry.orig_filename):
            raise ArchiveError(f"{name} in it leads out of the archive")
    places = sorted((e.header_offset, e.compress_size, len(e.orig_filename)) for e in entries)
    ends = [*(offset for offset, _, _ in places), size][1:]
    for (offset, packed, named), end in zip(places, ends, strict=True):
        if offset < 0 or offset + _HEADER + named + packed > end:
            raise ArchiveError("files in it overlap")


def _leads_out(name: str) -> bool:
    """Whether a file of this name may come to lie outside, on any system."""
    return (
        re.match(r"[/\\]|[A-Za-z]:", name) is not None
        or ".." in re.split(r"[/\\]", name)
        or "\0" in name
    )
