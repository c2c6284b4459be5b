"""Quarto's project file: what `_quarto.yml` says of every article in its folder.

In: an article's folder. Out: fields as front matter has them, with paths seen from that folder.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROJECT_FILES = ("_quarto.yml", "_quarto.yaml")
_SECTIONS = ("website", "manuscript", "book")
_PATHS = ("bibliography", "csl")
_FARTHEST = 3
"""How many folders above the article its project file may lie."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project: its file, or None for none; its fields; the files of a book, if it is one."""

    file: Path | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    chapters: tuple[str, ...] = ()


def find_project(folder: Path) -> Path | None:
    """The project file that holds for `folder`: there, or in one of the nearest folders above."""
    for above in (folder, *folder.parents[:_FARTHEST]):
        for name in PROJECT_FILES:
            if (above / name).is_file():
                return above / name
    return None


def read_project(file: Path, written: Mapping[str, Any], folder: Path) -> Project:
    """What the fields `written` in a project's `file` say of an article in `folder`."""
    fields = {str(key): value for key, value in written.items()}
    chapters: list[str] = []
    for name in _SECTIONS:
        section = fields.pop(name, None)
        if isinstance(section, dict):
            chapters += _chapters(section)
            if name == "manuscript" and isinstance(section.get("article"), str):
                fields["article"] = section["article"]
            fields = {**fields, **section}
    for name in _PATHS:
        if name in fields:
            fields[name] = _seen_from(folder, file.parent, fields[name])
    return Project(file, fields, tuple(chapters))


def _chapters(section: Mapping[str, Any]) -> list[str]:
    names: list[str] = []
    for item in [*(section.get("chapters") or []), *(section.get("appendices") or [])]:
        if isinstance(item, str):
            names.append(item)
        elif isinstance(item, dict):
            part = item.get("part")
            names += [part] if isinstance(part, str) and part.endswith((".qmd", ".md")) else []
            names += _chapters(item)
    return names


def _seen_from(folder: Path, home: Path, value: Any) -> Any:
    if isinstance(value, list):
        return [_seen_from(folder, home, item) for item in value]
    if not isinstance(value, str) or not (home / value).is_file():
        return value  # the name of a style, or a file that is then told to be missing
    return Path(os.path.relpath(home / value, folder)).as_posix()
