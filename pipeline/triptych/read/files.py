"""The files of a source, each read once. What is wrong with one is noted with its place.

In: a folder, and paths of files. Out: their texts, their digests, diagnostics.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from errno import ENOENT
from os import strerror
from pathlib import Path
from typing import Any

from triptych.characters import NO_CHARACTER
from triptych.diagnostics import Diagnostic, Severity, SourceError, excerpt, position
from triptych.read.frontmatter import printable
from triptych.read.paths import Reach


class SourceFiles:
    """The files of one source as they are read, none outside its `reach`.

    `digests` maps each file read to its SHA-256 in hex; `diagnostics` are what was found wrong.
    """

    def __init__(self, folder: Path, reach: Reach) -> None:
        self.folder = folder
        self.reach = reach
        self.diagnostics: list[Diagnostic] = []
        self.digests: dict[str, str] = {}

    def note(
        self, path: Path, line: int, column: int, code: str, message: str, hint: str,
        shown: str = "", severity: Severity = "error",
    ) -> None:  # fmt: skip
        """Note what is wrong with a file, and where. `shown` is the line's own text."""
        self.diagnostics.append(
            Diagnostic(as_written(path), line, column, code, message, hint, shown, severity)
        )

    def data(self, path: Path) -> bytes:
        """A file's bytes. Raises SourceError where it cannot be read, Refused where it may not."""
        try:
            data = self.reach.read(path)
            if data is None:
                raise FileNotFoundError(ENOENT, strerror(ENOENT))
            return data
        except OSError as error:
            raise SourceError(
                [*self.diagnostics, Diagnostic(as_written(path), 0, 0, "source-unreadable",
                                               f"cannot be read: {error.strerror}",
                                               "check the file's permissions")]
            ) from None  # fmt: skip

    def text(self, path: Path) -> str:
        """A file's text with uniform line ends. Bytes that are not UTF-8 are noted and replaced."""
        data = self.data(path)
        self.digest(path, data)
        data = data.removeprefix(b"\xef\xbb\xbf")
        text = data.decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            before = data[: error.start].decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
            line, column = position(before, len(before))
            self.note(
                path, line, column, "source-encoding",
                f"the byte 0x{data[error.start]:02X} is not UTF-8",
                "save the file as UTF-8", excerpt(text, len(before)),
            )  # fmt: skip
        return self._printable(path, text)

    def _printable(self, path: Path, text: str) -> str:
        """A text with blanks in place of characters that no edition can hold (XML 1.0, 2.2)."""
        clean = text.replace("\f", " ")
        found = NO_CHARACTER.search(clean)
        if found:
            line, column = position(text, found.start())
            clean = NO_CHARACTER.sub(" ", clean)
            self.note(
                path, line, column, "source-encoding",
                f"the control character U+{ord(found[0]):04X} is left out",
                "delete it; it is often copied from a PDF", excerpt(clean, found.start()),
                "warning",
            )  # fmt: skip
        return clean

    def digest(self, path: Path, data: bytes, name: str = "") -> None:
        """Keep the digest of a file that was read, under another `name` if one is given."""
        self.digests[name or name_in(self.folder, path)] = hashlib.sha256(data).hexdigest()

    def toml(self, path: Path, text: str) -> dict[str, Any]:
        """The fields of a TOML file. Where it cannot be read, that is noted and there are none."""
        try:
            fields: dict[str, Any] = printable(tomllib.loads(text))
            return fields
        except RecursionError:
            self.note(
                path, 0, 0, "record-malformed", "values are nested too deeply", "write them flat"
            )
            return {}
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
            line, column = (int(place[1]), int(place[2])) if place else (text.count("\n") + 1, 1)
            lines = text.splitlines()
            self.note(
                path, line, column, "record-malformed",
                f"not valid TOML: {str(error).split(' (at')[0].lower()}",
                "text values stand in quotes, dates do not",
                lines[line - 1].strip() if line <= len(lines) else "",
            )  # fmt: skip
            return {}

    def included(self, name: str) -> tuple[str, str] | None:
        """A file that the article includes, and its text. Raises Refused where it lies outside."""
        path = self.folder / name
        return (as_written(path), self.text(path)) if self.reach.has(path) else None


def name_in(folder: Path, path: Path) -> str:
    """The name of a file in the digests of a source: its path from the source's folder.

    A file of another folder has a name that leads out of this one: `../map.svg`.
    """
    return Path(os.path.relpath(path, folder)).as_posix()


def packed(names: Iterable[str]) -> dict[str, str]:
    """The places of a source's files in a package, by their names; "." is the source's folder.

    Where one of them lies outside that folder, the folder becomes `article` in the package.
    """
    every = [".", *names]
    depth = max(name.split("/").count("..") for name in every)
    above = ["article"] * depth
    return {name: posixpath.normpath("/".join([*above, name])) for name in every}


def as_written(path: Path) -> str:
    """A path as the user would write it: relative, if it lies below the working folder."""
    try:
        return path.relative_to(Path.cwd()).as_posix() or "."
    except ValueError:
        return path.as_posix()


def find_field(text: str, *names: str) -> tuple[int, int]:
    """Line and column of the first of `names` found in `text`, if possible as a key; or (0, 0)."""
    for name in names:
        word = re.escape(name)
        match = re.search(
            rf"""^[ \t]*(?:-[ \t]+)?["']?(?P<key>{word})["']?[ \t]*[:=]""", text, re.M
        )
        if match:
            return position(text, match.start("key"))
        match = re.search(rf"(?<![\w-]){word}(?![\w-])", text)
        if match:
            return position(text, match.start())
    return 0, 0


@dataclass(frozen=True, slots=True)
class Stated:
    """Where the fields of a work are written: a file and its text."""

    file: Path
    text: str

    def at(self, *names: str) -> tuple[Path, int, int]:
        """The file, and line and column of the first of `names` in it; (0, 0) for none."""
        return self.file, *find_field(self.text, *names)
