"""The works of a catalogue: a folder of them, or a list in TOML or CSV.

In: a path. Out: each work with its name, which is also the way to its folder in the output.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from triptych.diagnostics import UsageError
from triptych.read.article_file import articles_in
from triptych.read.files import as_written
from triptych.read.source import RECORD_FILE

_FIELDS = ("source", "name", "csl", "formats")
"""What a list says of a work. Only its source must be named."""


@dataclass(frozen=True, slots=True)
class ListedWork:
    """A work of a catalogue: its source, and its name, such as `letters/1843`.

    `csl` is its citation style and `formats` are its formats, where they are not those of all.
    """

    name: str
    source: Path
    csl: str | None = None
    formats: tuple[str, ...] = ()


def read_works(path: Path) -> tuple[ListedWork, ...]:
    """The works of a catalogue, in the order of the list, or of their names.

    Raises UsageError where there are none, where two would have one name, or where a list does not
    parse.
    """
    if path.is_dir():
        works = [ListedWork(name, source) for name, source in _in_folder(path, path)]
    elif path.suffix == ".toml":
        works = [_work(path, fields, number) for number, fields in enumerate(_toml(path), 1)]
    elif path.suffix == ".csv":
        works = [_work(path, fields, number) for number, fields in enumerate(_csv(path), 2)]
    else:
        raise UsageError(f"{path} is no catalogue: name a folder of works, or a list (.toml, .csv)")
    if not works:
        raise UsageError(f"{as_written(path)} holds no work")
    seen: dict[str, ListedWork] = {}
    for work in works:
        other = seen.setdefault(work.name, work)
        if other is not work:
            raise UsageError(
                f"{as_written(other.source)} and {as_written(work.source)} are both named "
                f"{work.name}: give one another `name` in a list of works"
            )
    return tuple(works)


def works_in_store(names: Sequence[str]) -> tuple[ListedWork, ...]:
    """The works of a store, by the names of its files; sources are named from its top.

    Raises UsageError as `read_works` does.
    """
    with TemporaryDirectory(prefix="triptych-") as folder:  # empty files are enough to see them
        for name in names:
            path = Path(folder, name)
            if ".." not in path.parts:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
        return tuple(
            replace(work, source=work.source.relative_to(folder))
            for work in read_works(Path(folder))
        )


def _in_folder(top: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """The works below a folder. A folder with a record or one article is a work itself."""
    if (folder / RECORD_FILE).is_file():
        yield folder.relative_to(top).as_posix(), folder
        return
    articles = articles_in(folder)
    if len(articles) == 1:
        own = folder.relative_to(top) if folder != top else Path(articles[0].stem)
        yield own.as_posix(), articles[0]
        return
    for article in articles:
        yield article.relative_to(top).with_suffix("").as_posix(), article
    for below in sorted(each for each in folder.iterdir() if each.is_dir()):
        if not below.name.startswith((".", "_")):
            yield from _in_folder(top, below)


def _toml(path: Path) -> list[Any]:
    try:
        listed = tomllib.loads(_text(path)).get("work")
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{as_written(path)} is not valid TOML: {error}") from None
    if not isinstance(listed, list):
        raise UsageError(f"{as_written(path)} lists no works: begin each with [[work]]")
    return listed


def _csv(path: Path) -> list[Any]:
    rows = list(csv.DictReader(io.StringIO(_text(path)), restkey="too many"))
    return [{name: value for name, value in row.items() if value} for row in rows]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8") from None


def _work(path: Path, fields: Any, number: int) -> ListedWork:
    """A work as a list tells of it; `number` is its line or its place in the list."""
    where = f"{as_written(path)}, {'line' if path.suffix == '.csv' else 'work'} {number}"
    if not isinstance(fields, Mapping):
        raise UsageError(f"{where}: a work is a table, with `source`")
    unknown = [name for name in fields if name not in _FIELDS]
    if unknown:
        raise UsageError(f"{where}: {unknown[0]} is not known; a work has {', '.join(_FIELDS)}")
    formats = fields.get("formats", ())
    formats = formats.replace(",", " ").split() if isinstance(formats, str) else formats
    given = {name: fields.get(name, "") for name in _FIELDS[:3]}
    wrong = next((name for name, value in given.items() if not isinstance(value, str)), "")
    if wrong or not isinstance(formats, list | tuple) or not given["source"]:
        raise UsageError(f"{where}: {wrong or 'source'} must be given as text")
    source = Path(given["source"])
    name = given["name"] or source.with_suffix("").as_posix()
    parts = PurePosixPath(name).parts
    if not parts or parts[0] == "/" or ".." in parts:
        raise UsageError(f"{where}: give it a `name`; {name} leads out of the output folder")
    formats = tuple(str(each).lower() for each in formats)
    return ListedWork(
        PurePosixPath(name).as_posix(), path.parent / source, given["csl"] or None, formats
    )
