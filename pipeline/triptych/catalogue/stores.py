"""Stores: where the works of a catalogue lie and their editions go, if that is no folder here.

In: the URL of a store that fsspec knows, such as `s3://bucket/prefix`. An edition enters it whole
or not at all: its files are put into a folder named after their digest, and then `current.json`,
one small file, leads to that folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from triptych.diagnostics import MachineError, UsageError
from triptych.typed_json import parsed, typed

CURRENT = "current.json"
"""Says which edition of a work is the present one."""


def is_store(where: str) -> bool:
    """Whether this is the URL of a store, and no path."""
    return "://" in where


@dataclass(frozen=True, slots=True)
class Current:
    """The present edition of a work: its folder, and its files with their SHA-256 in hex.

    `made_of` is the digest of all that it was made of, `verdict` what the proof has said of it.
    """

    folder: str
    files: Mapping[str, str]
    made_of: str
    verdict: str = ""
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorksStore:
    """A store: its URL, and the address of its service where that is not the usual one."""

    url: str
    endpoint: str = ""

    def names(self) -> list[str]:
        """The files of the store, by their ways from its top, in order."""
        with self._opened() as (system, top):
            return sorted(self._below(top, path) for path in system.find(top))

    def fetch(self, names: list[str], folder: Path) -> None:
        """Copy files of the store into a folder, by their ways from the top."""
        with self._opened() as (system, top):
            for name in names:
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(system.cat_file(f"{top}/{name}"))

    def current(self, work: str) -> Current | None:
        """The present edition of a work, if it has one that can be read."""
        with self._opened() as (system, top), suppress(OSError, ValueError):
            return typed(Current, parsed(system.cat_file(f"{top}/{work}/{CURRENT}")))
        return None

    def put(self, work: str, files: Mapping[str, bytes], made_of: str, verdict: str,
            told: tuple[str, ...]) -> Current:  # fmt: skip
        """Put an edition into the store, and take away the one before."""
        digests = {name: sha256(data).hexdigest() for name, data in sorted(files.items())}
        folder = sha256(json.dumps(digests).encode()).hexdigest()[:16]
        current = Current(folder, digests, made_of, verdict, told)
        with self._opened() as (system, top):
            system.makedirs(f"{top}/{work}/{folder}", exist_ok=True)
            for name, data in files.items():
                system.pipe_file(f"{top}/{work}/{folder}/{name}", data)
            system.pipe_file(f"{top}/{work}/{CURRENT}", json.dumps(asdict(current)).encode())
            for path in system.find(f"{top}/{work}"):
                below = PurePosixPath(self._below(f"{top}/{work}", path)).parts
                if len(below) == 2 and below[0] != folder and len(below[0]) == len(folder):
                    system.rm_file(path)
        return current

    def write(self, name: str, data: bytes) -> None:
        """Write one file at the top of the store."""
        with self._opened() as (system, top):
            system.pipe_file(f"{top}/{name}", data)

    @contextmanager
    def _opened(self) -> Iterator[tuple[Any, str]]:
        """The store's file system, and its top there. Raises UsageError where there is none."""
        try:
            import fsspec  # type: ignore[import-untyped]
        except ModuleNotFoundError:
            raise MachineError(
                f"{self.url} needs the Python package fsspec: install triptych[cluster]"
            ) from None
        options: dict[str, Any] = {"endpoint_url": self.endpoint} if self.endpoint else {}
        try:
            system, top = fsspec.core.url_to_fs(self.url, use_listings_cache=False, **options)
        except (ImportError, ValueError, TypeError) as error:
            raise UsageError(f"{self.url} names no store: {error}") from None
        yield system, str(top).rstrip("/")

    @staticmethod
    def _below(top: str, path: str) -> str:
        return path.removeprefix(top).lstrip("/")
