"""Comparing: two files or folders in, where and how they differ out, down to the line.

What holds other things is opened: folders, archives such as EPUB, the objects of a PDF and the
streams in them. Text is compared by lines, all else by bytes.
"""

from __future__ import annotations

import difflib
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from triptych.diagnostics import UsageError
from triptych.limits import count_in, doing
from triptych.witness.archive import ArchiveError, opened

if TYPE_CHECKING:
    import pikepdf

_CONTEXT = 2
_MOST_LINES = 120
"""Of each file. A word more in a text moves all places behind it in an edition manifest."""
_MOST_ALIGNED = 20_000
_MOST_LETTERS = 160
_PACKING = ("/ObjStm", "/XRef")
"""Streams that only pack and list other objects of a PDF."""
_ROW = 16
"""Bytes in a row, where bytes are shown."""


@dataclass(frozen=True, slots=True)
class Unlike:
    """One thing that differs: its place, from the outermost file inwards, and how it differs.

    `lines` are those of a unified diff, without its head.
    """

    place: tuple[str, ...]
    lines: tuple[str, ...]


def compare(old: Path, new: Path) -> list[Unlike]:
    """All differences between two files or two folders. Raises UsageError for what is neither."""
    for path in (old, new):
        if not path.exists():
            raise UsageError(f"there is no file or folder {path}")
    if old.is_dir() != new.is_dir():
        raise UsageError(f"one of {old} and {new} is a folder, the other is not")
    try:
        with doing(f"Comparing {old} and {new}"):
            if old.is_dir():
                return list(_compare_all((), _folder(old), _folder(new)))
            return list(compare_bytes(new.name, _read(old), _read(new)))
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be read: {error.strerror}") from None


def compare_bytes(name: str, old: bytes, new: bytes) -> Iterator[Unlike]:
    """All differences between two states of one file."""
    yield from _compare((name,), old, new)


def as_text(differences: list[Unlike]) -> str:
    """Differences as a tree, for people."""
    lines: list[str] = []
    above: tuple[str, ...] = ()
    for one in differences:
        for depth, name in enumerate(one.place):
            if above[: depth + 1] != one.place[: depth + 1]:
                lines.append("│   " * depth + "├── " + name)
        above = one.place
        lines += ["│   " * len(one.place) + line for line in one.lines]
    return "\n".join(lines)


def _compare(place: tuple[str, ...], old: bytes, new: bytes) -> Iterator[Unlike]:
    if old == new:
        return
    inside = _open(old), _open(new)
    if inside[0] is not None and inside[1] is not None:
        found = list(_compare_all(place, inside[0], inside[1]))
        if found:
            yield from found
            return
    yield Unlike(place, tuple(_diff(_lines(old, new), _lines(new, old))))


def _compare_all(
    place: tuple[str, ...], old: Mapping[str, bytes], new: Mapping[str, bytes]
) -> Iterator[Unlike]:
    for name in [*old, *(name for name in new if name not in old)]:
        if name not in new:
            yield Unlike((*place, name), ("- only in the old",))
        elif name not in old:
            yield Unlike((*place, name), ("+ only in the new",))
        else:
            yield from _compare((*place, name), old[name], new[name])


# --- What holds other things ---------------------------------------------------------------------


def _folder(folder: Path) -> dict[str, bytes]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): _read(path) for path in paths}


def _read(path: Path) -> bytes:
    data = path.read_bytes()
    count_in(beside=len(data))
    return data


def _open(data: bytes) -> dict[str, bytes] | None:
    """What a file holds, by name; None for a file that holds nothing else, or is broken."""
    if data.startswith(b"PK\x03\x04"):
        return _archive(data)
    if data.startswith(b"%PDF-"):
        return _pdf(data)
    return None


def _archive(data: bytes) -> dict[str, bytes] | None:
    try:
        with opened(data) as archive:
            entries = archive.infolist()
            listing = "".join(
                f"{entry.filename}  {'-'.join(map(str, entry.date_time))}  "
                f"method {entry.compress_type}  attributes {entry.external_attr:x}\n"
                for entry in entries
            )
            held = {entry.filename: archive.read(entry) for entry in entries}
    except ArchiveError:
        return None
    return {"(list of entries)": listing.encode(), **held}


def _pdf(data: bytes) -> dict[str, bytes] | None:
    """The objects of a PDF, those in object streams too, and what streams hold when decoded."""
    import pikepdf

    held: dict[str, bytes] = {}
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for name in ("/Root", "/Info", "/ID"):
                if name in pdf.trailer:
                    held[f"trailer {name}"] = pdf.trailer[name].unparse()
            for number, item in enumerate(pdf.objects, 1):
                if isinstance(item, pikepdf.Stream) and item.get("/Type") in _PACKING:
                    continue
                if isinstance(item, pikepdf.Stream):
                    held[f"object {number}"] = _by_lines(item.stream_dict.unparse())
                    held[f"object {number}, stream"] = _decoded(item)
                elif isinstance(item, pikepdf.Object):
                    held[f"object {number}"] = _by_lines(item.unparse(resolved=True))
    except pikepdf.PikepdfError:
        return None
    return held


def _by_lines(dictionary: bytes) -> bytes:
    return dictionary.replace(b" /", b"\n/")


def _decoded(stream: pikepdf.Stream) -> bytes:
    from pikepdf import PikepdfError

    try:
        return stream.read_bytes()
    except PikepdfError:  # an image, packed in a way of its own
        return stream.read_raw_bytes()


# --- Lines ---------------------------------------------------------------------------------------


def _lines(data: bytes, other: bytes) -> list[str]:
    """A file as lines: its own, if both are text; else rows of bytes."""
    text = _text(data)
    if text is None or _text(other) is None:
        return [f"{at:08x}: {_row(data[at : at + _ROW])}" for at in range(0, len(data), _ROW)]
    if text.startswith(("{", "[")):
        try:
            return json.dumps(json.loads(text), indent=1, ensure_ascii=False).splitlines()
        except ValueError:
            pass
    if text.startswith("<"):
        text = re.sub(r">(?=<)", ">\n", text)
    return [piece for line in text.splitlines() for piece in _pieces(line)]


def _pieces(line: str) -> list[str]:
    """A long line broken after punctuation, so that what differs is not lost in it."""
    if len(line) <= _MOST_LETTERS:
        return [line]
    parts = re.split(r"(?<=[,;.}>])(?=.)", line)
    return [
        part[at : at + _MOST_LETTERS] for part in parts for at in range(0, len(part), _MOST_LETTERS)
    ]


def _row(data: bytes) -> str:
    letters = re.sub(r"[^ -~]", ".", data.decode("latin-1"))
    return f"{data.hex(' ', 2):40} {letters}"


def _text(data: bytes) -> str | None:
    try:
        return None if b"\0" in data else data.decode()
    except UnicodeDecodeError:
        return None


def _diff(old: list[str], new: list[str]) -> Iterator[str]:
    """A unified diff without its head."""
    if old == new:
        yield "differs only in white space or in how lines end"
        return
    # Only what lies between the same beginning and the same end need be aligned.
    most = min(len(old), len(new))
    first = next((n for n in range(most) if old[n] != new[n]), most)
    last = next((n for n in range(most - first) if old[-1 - n] != new[-1 - n]), most - first)
    start, end = max(0, first - _CONTEXT), max(0, last - _CONTEXT)
    before, after = (lines[start : len(lines) - end][:_MOST_ALIGNED] for lines in (old, new))
    lines = list(difflib.unified_diff(before, after, n=_CONTEXT, lineterm=""))[2:]
    for line in lines[:_MOST_LINES]:
        yield re.sub(r"^@@ -(\d+)(.*) \+(\d+)", lambda head: _moved(head, start), line)
    if len(lines) > _MOST_LINES:
        yield f"… and {len(lines) - _MOST_LINES} more lines"


def _moved(head: re.Match[str], by: int) -> str:
    return f"@@ -{int(head[1]) + by}{head[2]} +{int(head[3]) + by}"
