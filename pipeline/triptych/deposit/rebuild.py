"""Rebuilding: making the editions of a deposited version again, from its own package.

In: the files of a bag. Out: which editions have other bytes now, and which tools and parts of the
design have changed since they were made.
"""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triptych.compare import compare_bytes
from triptych.deposit.sbom import SBOM
from triptych.deposit.toolchain import toolchain
from triptych.deposit.unpack import write_files
from triptych.design import STYLES_VARIABLE
from triptych.epoch import EPOCH_VARIABLE
from triptych.formats import MANIFEST_ENDING, format_of
from triptych.limits import MEMORY, SECONDS
from triptych.manifest import EditionManifest, read_manifest
from triptych.read.files import packed
from triptych.steps import Listener, step
from triptych.typed_json import parsed

EDITIONS = "data/editions/"
SOURCE = "data/source/"
DESIGN = "data/design/"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What differs, as path in the bag and message; and possible reasons."""

    differences: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...] = ()


def rebuild(bag: Mapping[str, bytes], listener: Listener = lambda _: None) -> Rebuilt:
    """Build the editions in a bag again, in a new folder, and compare all bytes.

    The build sees the bag and nothing else of this machine but the programs: what the manifest
    names outside the bag is a difference, and is not opened.
    """
    path = next(p for p in bag if p.startswith(EDITIONS) and p.endswith(MANIFEST_ENDING))
    try:
        manifest = read_manifest(bag[path])
        _must_be_inside(bag, manifest)
    except ValueError as error:
        return Rebuilt(((path, f"cannot be built again: {error}"),))
    with tempfile.TemporaryDirectory(prefix="triptych-") as scratch, step("rebuild", listener):
        said = _build(Path(scratch), bag, manifest)
        made = {p.name: p.read_bytes() for p in (Path(scratch) / "out").glob("*")}
    new = made.get(path.removeprefix(EDITIONS))
    if new is None:
        return Rebuilt(((path, f"cannot be built again: {said}"),))
    wanted = [path, *(f"{EDITIONS}{name}" for name in manifest.files)]
    differences = tuple(
        (place, _how(place.removeprefix(EDITIONS), bag[place], again))
        for place in wanted
        if (again := made.get(place.removeprefix(EDITIONS), b"")) != bag[place]
    )
    if not differences:
        return Rebuilt(())
    bill = _bill(bag.get(f"data/{SBOM}", b""))
    return Rebuilt(differences, tuple(_reasons(manifest, read_manifest(new), bill)))


def _bill(data: bytes) -> dict[str, str]:
    """The versions of the tools that a bill names, by name; none if it is no bill."""
    try:
        told: Any = parsed(data)
        return {str(i["name"]): str(i["version"]) for i in told["components"] if "version" in i}
    except (ValueError, TypeError, LookupError):
        return {}


def _asked(manifest: EditionManifest) -> str:
    """What is to be built, by its path in the folder of the rebuild."""
    return posixpath.normpath(
        posixpath.join("source", packed(manifest.source)["."], manifest.built["from"])
    )


def _style(bag: Mapping[str, bytes], manifest: EditionManifest) -> str:
    """The citation style asked for: a file of the package, or the name of one that is known."""
    csl = manifest.built.get("csl", "")
    place = posixpath.normpath(posixpath.join("source", packed(manifest.source)["."], csl))
    return place if csl.endswith(".csl") and f"data/{place}" in bag else csl


def _must_be_inside(bag: Mapping[str, bytes], manifest: EditionManifest) -> None:
    """Raise ValueError where a manifest names anything that is not in the bag."""
    if "from" not in manifest.built:
        raise ValueError("built.from is missing")
    asked, csl = _asked(manifest), _style(bag, manifest)
    if not any(path == f"data/{asked}" or path.startswith(f"data/{asked}/") for path in bag):
        raise ValueError(f"built.from names {asked[:200]!r}, which is not in the bag")
    if not f"{asked}/".startswith("source/"):
        raise ValueError(f"built.from names {asked[:200]!r}, which is no source")
    if f"data/{csl}" not in bag and not re.fullmatch("[A-Za-z0-9][A-Za-z0-9._-]*|", csl):
        raise ValueError(f"built.csl names {csl[:200]!r}, which is not in the bag")
    for name in manifest.files:
        if f"{EDITIONS}{name}" not in bag:
            raise ValueError(f"it names the file {name[:200]!r}, which is not in the bag")
        if not format_of(name, manifest.name):
            raise ValueError(f"it names the file {name[:200]!r}, which is no edition")


def _build(scratch: Path, bag: Mapping[str, bytes], manifest: EditionManifest) -> str:
    """Build into `out`, from the package's source and design; return what was printed."""
    for folder in (SOURCE, DESIGN):
        files = {p.removeprefix(folder): d for p, d in bag.items() if p.startswith(folder)}
        write_files(scratch / Path(folder).name, files, files.__getitem__)
    shutil.rmtree(scratch / "design" / "citation-style", ignore_errors=True)
    formats = [format_of(name, manifest.name) for name in manifest.files]
    article = Path("source", packed(manifest.source)["."])
    asked, csl = _asked(manifest), _style(bag, manifest)
    done = subprocess.run(
        [
            sys.executable, "-m", "triptych.cli", "build", asked, "--to",
            ",".join(formats), "--out", "out", "--keep-going", "--quiet",
            "--root", "source",
            *(["--csl", csl] if csl else []),
            *(word for folder in _allowed(scratch, article, manifest) for word in folder),
        ],
        cwd=scratch,
        env=_environment(scratch, manifest.record.epoch),
        capture_output=True,
        text=True,
    )  # fmt: skip
    return done.stderr.strip()


def _allowed(scratch: Path, article: Path, manifest: EditionManifest) -> Iterator[tuple[str, str]]:
    """The option for each folder that was allowed, which is now within the source."""
    for name in filter(None, manifest.built.get("allow", "").split(":")):
        folder = posixpath.normpath((article / name).as_posix())
        if folder.startswith("source/") and (scratch / folder).is_dir():
            yield "--allow", folder


def _how(name: str, old: bytes, new: bytes) -> str:
    """Where and how two states of a file first differ."""
    first = next(compare_bytes(name, old, new))
    lines = [line.strip()[:100] for line in first.lines if line.startswith(("-", "+"))]
    return f"built again, it differs, first in {' / '.join(first.place)}: {' '.join(lines[:2])}"


def _environment(scratch: Path, epoch: int | None) -> dict[str, str]:
    """What the build may know of this machine: where programs are, and how much it may take."""
    kept = {name: value for name, value in os.environ.items() if name in _KEPT}
    moment = {} if epoch is None else {EPOCH_VARIABLE: str(epoch)}
    return {**kept, **moment, "HOME": str(scratch), STYLES_VARIABLE: str(scratch / "design")}


_KEPT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "TMPDIR", "LANG", "LC_ALL", SECONDS, MEMORY)


def _reasons(old: EditionManifest, new: EditionManifest, then: Mapping[str, str]) -> Iterator[str]:
    """What has changed since the edition was made."""
    now = {item.name: item.version for item in toolchain() if item.version}
    other = [name for name in sorted(then.keys() | now.keys()) if then.get(name) != now.get(name)]
    for name in other:
        here = now.get(name, "none")
        yield f"made with {name} {then.get(name, '(none)')}, built again with {here}"
    if old.style != new.style:
        yield "the citation style is not the one it was made with"
    elif not other:
        yield "all tools have the versions that the bill of tools names"
