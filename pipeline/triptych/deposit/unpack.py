"""Unpacking: files by path in, the same files in a folder out, and none outside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from triptych.diagnostics import ProofError

_LONGEST = 255
"""The bytes that a name may have on all usual file systems."""


def unfit(paths: Iterable[str]) -> str | None:
    """What keeps files with these paths from being written into a folder; None if nothing does."""
    seen: set[str] = set()
    for path in paths:
        shown = repr(path[:100])
        parts = path.split("/")
        if any(part in ("", ".", "..") for part in parts):
            return f"{shown} leads out of its folder"
        if re.search("[\x00\ud800-\udfff]", path):
            return f"{shown} is no name of a file"
        if any(len(part.encode()) > _LONGEST for part in parts) or len(path.encode()) > 3000:
            return f"{shown}… is longer than a file's name can be"
        seen.add(path)
    for path in seen:
        above = path.rpartition("/")[0]
        while above:
            if above in seen:
                return f"{above[:100]!r} is a file and a folder"
            above = above.rpartition("/")[0]
    return None


def write_files(folder: Path, paths: Collection[str], read: Callable[[str], bytes]) -> None:
    """Write files into a folder, one after the other; `read` gives the bytes of the one at a path.

    Raises ProofError where their paths are not fit for that.
    """
    if problem := unfit(paths):
        raise ProofError(problem)
    for path in paths:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(read(path))
