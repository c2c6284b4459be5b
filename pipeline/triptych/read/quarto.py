"""Quarto's project file: what `_quarto.yml` says about every article in its folder.

In: an article's folder. Out: fields in the form of front matter, with paths from that folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from triptych.cache.probes import is_file
from triptych.read.book import DivisionKind, Leaf

PROJECT_FILES = ("_quarto.yml", "_quarto.yaml")
_SECTIONS = ("website", "manuscript", "book")
_PATHS = ("bibliography", "csl")
_FARTHEST = 3
"""How many folders above the article its project file may be."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project: its file, if there is one; its fields; its plan, if it is a book."""

    file: Path | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    plan: tuple[Leaf, ...] = ()


def find_project(folder: Path) -> Path | None:
    """The project file that applies to `folder`: in it, or in one of the nearest folders above."""
    for above in (folder, *folder.parents[:_FARTHEST]):
        for name in PROJECT_FILES:
            if is_file(above / name):
                return above / name
    return None


def read_project(file: Path, written: Mapping[str, Any], folder: Path) -> Project:
    """What the fields `written` in a project's `file` mean for an article in `folder`."""
    fields = {str(key): value for key, value in written.items()}
    plan: list[Leaf] = []
    for name in _SECTIONS:
        section = fields.pop(name, None)
        if isinstance(section, dict):
            plan += _plan(section)
            if name == "manuscript" and isinstance(section.get("article"), str):
                fields["article"] = section["article"]
            fields = {**fields, **section}
    for name in _PATHS:
        if name in fields:
            fields[name] = _seen_from(folder, file.parent, fields[name])
    return Project(file, fields, tuple(plan))


def _plan(section: Mapping[str, Any]) -> Iterator[Leaf]:
    """The files of a book. A part has a title, or a file of its own."""
    yield from _leaves(section.get("chapters"), "chapter")
    yield from _leaves(section.get("appendices"), "appendix")


def _leaves(items: Any, kind: DivisionKind) -> Iterator[Leaf]:
    for item in items or []:
        if isinstance(item, str):
            yield Leaf(kind, item)
        elif isinstance(item, dict):
            part = item.get("part")
            if isinstance(part, str):
                own = part.endswith((".qmd", ".md"))
                yield Leaf(kind, part) if own else Leaf("part", title=part)
            yield from _plan(item)


def _seen_from(folder: Path, home: Path, value: Any) -> Any:
    if isinstance(value, list):
        return [_seen_from(folder, home, item) for item in value]
    if not isinstance(value, str) or not is_file(home / value):
        return value  # the name of a style, or of a file that is later reported as missing
    return Path(os.path.relpath(home / value, folder)).as_posix()
