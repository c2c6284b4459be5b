"""Finished editions on disk: which lie at the paths a check was asked for.

In: folders of finished editions, or finished files with their record beside them. Out: one
`Finished` for each edition.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from triptych.diagnostics import UsageError
from triptych.edition import Ledger, ledger_from_json
from triptych.formats import FORMATS, RECORD_ENDING, editions_of, format_of


@dataclass(frozen=True, slots=True)
class Finished:
    """One finished edition: its record as read, and by format those of its files asked for.

    `source` maps the files it was built from to their SHA-256 in hex; `resolution` is the least, in
    pixels to the inch, that its pictures are to be printed in.
    """

    record: Path
    name: str
    ledger: Ledger
    source: Mapping[str, str]
    files: Mapping[str, Path]
    resolution: int = 300


def find_editions(paths: Sequence[Path]) -> list[Finished]:
    """The editions that lie at these paths, each once.

    Raises UsageError where a path does not exist or is no finished file, or no record lies there.
    """
    wanted: dict[Path, list[Path] | None] = {}  # a record, and its files; None for all of them
    for path in paths:
        if path.is_dir():
            records = sorted(path.glob(f"*{RECORD_ENDING}"))
            if not records:
                raise UsageError(
                    f"no edition record (NAME{RECORD_ENDING}) lies in {path}: "
                    "build an edition there first"
                )
            wanted.update(dict.fromkeys(records))
        elif not path.is_file():
            raise UsageError(f"there is no file or folder {path}")
        elif path.name.endswith(RECORD_ENDING):
            wanted[path] = None
        elif names := editions_of(path.name):
            beside = [path.with_name(name + RECORD_ENDING) for name in names]
            record = next(filter(Path.is_file, beside), None)
            if record is None:
                raise UsageError(f"beside {path} lies no edition record {beside[0].name}")
            chosen = wanted.setdefault(record, [])
            if chosen is not None and path not in chosen:
                chosen.append(path)
        else:
            endings = ", ".join(form.ending for form in FORMATS.values())
            raise UsageError(f"{path} is none of the files an edition has: {endings}")
    return [_read(record, chosen) for record, chosen in wanted.items()]


def _read(record: Path, chosen: Sequence[Path] | None) -> Finished:
    try:
        value = json.loads(record.read_text("utf-8"))
        paths = chosen or [record.with_name(name) for name in value["files"]]
        by_format = {format_of(path.name, value["name"]): path for path in paths}
        return Finished(
            record=record,
            name=value["name"],
            ledger=ledger_from_json(value["ledger"]),
            source=dict(value["source"]),
            files={name: by_format[name] for name in FORMATS if name in by_format},
            resolution=int(value["record"].get("printing", {}).get("min_resolution", 300)),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{record} is not an edition record: {error}") from None
