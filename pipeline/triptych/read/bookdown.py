"""bookdown's project file: what `_bookdown.yml` and `index.Rmd` say about the book.

In: a folder. Out: the fields of the book in the form of front matter, and its files in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from triptych.cache.probes import matches
from triptych.read.book import Leaf
from triptych.read.quarto import Project

PROJECT_FILE = "_bookdown.yml"
INDEX = "index.Rmd"


def read_bookdown(file: Path, written: Mapping[str, Any], index: Mapping[str, Any]) -> Project:
    """The book of the project `file`, from its fields and those of its index."""
    names = _named(written.get("rmd_files")) or _found(file.parent, written)
    return Project(file, dict(index), tuple(Leaf("chapter", name) for name in names))


def _named(value: Any) -> list[str]:
    """The files that the project names. Where each format has its own, those of the web page."""
    if isinstance(value, dict):
        return _named(value.get("html") or next(iter(value.values()), None))
    return [str(name) for name in value] if isinstance(value, list) else []


def _found(folder: Path, written: Mapping[str, Any]) -> list[str]:
    """Without a list, all R Markdown files in order, the index first; or those of some folders."""
    asked = written.get("rmd_subdir")
    named = [asked] if isinstance(asked, str) else asked if isinstance(asked, list) else []
    below = [str(name).strip("/") for name in named]
    outside = {name for name in below if ".." in name.split("/")}
    patterns = ["*.Rmd", *(f"{name}/**/*.Rmd" for name in below if name not in outside)]
    if asked is True:
        patterns.append("**/*.Rmd")
    found = {
        path.relative_to(folder).as_posix()
        for pattern in patterns
        for path in matches(folder, pattern)
        if not path.name.startswith("_")
    }
    found |= outside  # to be refused where they are read
    return sorted(found, key=lambda name: (name != INDEX, name))
