"""Rebuilding: the editions of a deposited version, made again from its own package.

In: the files of a bag. Out: which editions come out with other bytes, and which tools and parts of
the design are other than those they were made with.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triptych.deposit.restore import write_files
from triptych.diagnostics import TriptychError
from triptych.formats import RECORD_ENDING, format_of
from triptych.press import Listener, build, told

EDITIONS = "data/editions/"
SOURCE = "data/source/"

_DESIGN = "the design's {0} is not the one it was made with"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What differs, as path in the bag and message; and what may be the reason."""

    differences: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...] = ()


def rebuild(bag: Mapping[str, bytes], listener: Listener = lambda _: None) -> Rebuilt:
    """Build the editions in a bag again, in a folder of their own, and compare all bytes."""
    path = next(p for p in bag if p.startswith(EDITIONS) and p.endswith(RECORD_ENDING))
    record = json.loads(bag[path])
    with tempfile.TemporaryDirectory(prefix="triptych-") as scratch:
        try:
            with told("rebuild", listener):
                made = _build(Path(scratch), bag, record)
        except TriptychError as error:
            return Rebuilt(((path, f"cannot be built again: {error}"),))
    wanted = [path, *(f"{EDITIONS}{name}" for name in record["files"])]
    differences = tuple(
        (place, "built again, it has other bytes")
        for place in wanted
        if made.get(place.removeprefix(EDITIONS)) != bag[place]
    )
    new = made.get(path.removeprefix(EDITIONS), b"{}")
    return Rebuilt(differences, tuple(_reasons(record, json.loads(new))) if differences else ())


def _build(
    scratch: Path, bag: Mapping[str, bytes], record: Mapping[str, Any]
) -> Mapping[str, bytes]:
    files = {p.removeprefix(SOURCE): data for p, data in bag.items() if p.startswith(SOURCE)}
    write_files(scratch / "source", files)
    asked, csl = record["built"]["from"], record["built"]["csl"]
    own_style = scratch / "source" / csl
    formats = [format_of(name, record["name"]) for name in record["files"]]
    build(
        scratch / "source" / asked,
        out=scratch / "out",
        formats=formats,
        csl=str(own_style) if csl.endswith(".csl") and own_style.is_file() else csl or None,
        keep_going=True,
        epoch=record["record"].get("epoch"),
    )
    return {path.name: path.read_bytes() for path in (scratch / "out").iterdir()}


def _reasons(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """What is other than when the edition was made."""
    found = False
    for kind, words in (("tools", "made with {0} {1}, built again with {2}"), ("design", _DESIGN)):
        before, now = old.get(kind, {}), new.get(kind, {})
        for name in sorted(before.keys() | now.keys()):
            if before.get(name) != now.get(name):
                found = True
                yield words.format(name, before.get(name, "nothing"), now.get(name, "nothing"))
    if old.get("style") != new.get("style"):
        found = True
        yield "the citation style is not the one it was made with"
    if not found:
        yield (
            "tools and design are those that the edition record names; the bill of tools "
            "(sbom.cdx.json) names all others"
        )
