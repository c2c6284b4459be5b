"""bookdown's project file: what `_bookdown.yml` and `index.Rmd` say of the book in their folder.

In: a folder. Out: the fields of the book as front matter has them, and its files in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from triptych.read.book import Leaf
from triptych.read.quarto import Project

PROJECT_FILE = "_bookdown.yml"
INDEX = "index.Rmd"


def read_bookdown(file: Path, written: Mapping[str, Any], index: Mapping[str, Any]) -> Project:
    """The book of the project `file`, from its fields and those of its index."""
    names = _named(written.get("rmd_files")) or _found(file.parent, written)
    return Project(file, dict(index), tuple(Leaf("chapter", name) for name in names))


def _named(value: Any) -> list[str]:
    """The files that the project names, for all formats or for one: those of the web, if any."""
    if isinstance(value, dict):
        return _named(value.get("html") or next(iter(value.values()), None))
    return [str(name) for name in value] if isinstance(value, list) else []


def _found(folder: Path, written: Mapping[str, Any]) -> list[str]:
    """Else all files of R Markdown in order, the index first; some folders may be asked for."""
    asked = written.get("rmd_subdir")
    below = [asked] if isinstance(asked, str) else asked if isinstance(asked, list) else []
    patterns = [
        "*.Rmd",
        *(["**/*.Rmd"] if asked is True else [f"{name}/**/*.Rmd" for name in below]),
    ]
    found = {
        path.relative_to(folder).as_posix()
        for pattern in patterns
        for path in folder.glob(pattern)
        if not path.name.startswith("_")
    }
    return sorted(found, key=lambda name: (name != INDEX, name))
