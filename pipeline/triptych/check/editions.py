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

RECORD = ".edition.json"
FORMATS = (".html", ".epub", ".pdf")


@dataclass(frozen=True, slots=True)
class Finished:
    """One finished edition: its record as read, and those of its files that are asked for.

    `source` maps the files it was built from to their SHA-256 in hex.
    """

    record: Path
    name: str
    ledger: Ledger
    source: Mapping[str, str]
    files: tuple[Path, ...]


def find_editions(paths: Sequence[Path]) -> list[Finished]:
    """The editions that lie at these paths, each once.

    Raises UsageError where a path does not exist or is no finished file, or no record lies there.
    """
    wanted: dict[Path, list[Path] | None] = {}  # a record, and its files; None for all of them
    for path in paths:
        if path.is_dir():
            records = sorted(path.glob(f"*{RECORD}"))
            if not records:
                raise UsageError(
                    f"no edition record (NAME{RECORD}) lies in {path}: build an edition there first"
                )
            wanted.update(dict.fromkeys(records))
        elif not path.is_file():
            raise UsageError(f"there is no file or folder {path}")
        elif path.name.endswith(RECORD):
            wanted[path] = None
        elif path.suffix in FORMATS:
            record = path.with_suffix(RECORD)
            if not record.is_file():
                raise UsageError(f"beside {path} lies no edition record {record.name}")
            chosen = wanted.setdefault(record, [])
            if chosen is not None and path not in chosen:
                chosen.append(path)
        else:
            raise UsageError(f"{path} is none of the files an edition has: {', '.join(FORMATS)}")
    return [_read(record, chosen) for record, chosen in wanted.items()]


def _read(record: Path, chosen: Sequence[Path] | None) -> Finished:
    try:
        value = json.loads(record.read_text("utf-8"))
        named = sorted(value["files"], key=lambda name: FORMATS.index(Path(name).suffix))
        return Finished(
            record=record,
            name=value["name"],
            ledger=ledger_from_json(value["ledger"]),
            source=dict(value["source"]),
            files=tuple(chosen or [record.with_name(name) for name in named]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{record} is not an edition record: {error}") from None
