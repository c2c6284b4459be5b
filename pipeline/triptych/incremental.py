"""Builds with a memory: where nothing has changed, what was made before is shelved again.

In: what is asked for. Out: the finished files and what is told of them. A build is remembered with
all that it looked at, so that one that is called up again is one that would be made again. It
enters no engine, and is proven as it was: the bytes are the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from triptych.cache.probes import noting, still_so
from triptych.cache.store import current, key_of
from triptych.diagnostics import Diagnostic, counted
from triptych.formats import MANIFEST_ENDING
from triptych.publish import fit_folder, outdated_signatures, replace_folder
from triptych.steps import Listener
from triptych.typed_json import parsed, typed

if TYPE_CHECKING:
    from triptych.collate import Collation

_BUILDS, _FILES = "builds", "files"
"""The kinds of what is kept: what is told of builds, and finished files by their digests."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a build is asked for: the arguments of `press.build`, but for the output folder."""

    source: Path
    formats: tuple[str, ...]
    csl: str | None = None
    keep_going: bool = False
    epoch: int | None = None
    root: Path | None = None
    allow: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build has made and what is told of it.

    `files` are names, with their SHA-256 in hex. `verdict` is empty where the proof has failed.
    """

    files: Mapping[str, str]
    warnings: tuple[Diagnostic, ...]
    summary: str
    verdict: str


@dataclass(frozen=True, slots=True)
class _Kept:
    """A build in the cache, and all that it looked at."""

    outcome: BuildReport
    looked_at: Mapping[str, str]


def build_or_recall(
    request: Request, out: Path, listener: Listener, *, keep_files: bool = True
) -> tuple[BuildReport, Collation | None]:
    """Build the editions into `out`, or put there what was built of the same before.

    Where the finished files are not to be kept, it is remembered as long as `out` has them. There
    is a collation if they were made now. Raises what `press.build` raises.
    """
    recalled = _recall(request)
    if recalled is not None and _shelve(recalled.files, out):
        return recalled, None
    from triptych.collate.report import verdict
    from triptych.press import build

    with noting() as looked_at:
        made = build(out=out, listener=listener, **_arguments(request))
    ledger, proven = made.edition.ledger, made.collation.passed
    works = {entry.key for entry in ledger.entries}
    summary = (
        f"{counted(len(ledger.clusters), 'citation')} of {counted(len(works), 'work')}, "
        f"{counted(len(ledger.notes), 'note')}; {made.edition.style_title}"
    )
    finished = {path.name: path.read_bytes() for path in made.files}
    digests = {name: sha256(data).hexdigest() for name, data in finished.items()}
    told = verdict(made.collation) if proven else ""
    outcome = BuildReport(digests, made.warnings, summary, told)
    if proven:
        _keep(request, _Kept(outcome, looked_at), finished if keep_files else {})
    return outcome, made.collation


def _arguments(request: Request) -> dict[str, Any]:
    return {name: getattr(request, name) for name in request.__slots__}


def _key(request: Request) -> str:
    """The key of a request: also the folder of work, by which places are told."""
    asked = [f"{name}={value}" for name, value in _arguments(request).items()]
    return key_of([str(Path.cwd()), *asked])


def _recall(request: Request) -> BuildReport | None:
    """What was built for a request, if all that was looked at is still so."""
    cache = current()
    data = cache.get(_BUILDS, _key(request)) if cache else None
    if data is None:
        return None
    try:
        kept = typed(_Kept, parsed(data))
    except ValueError:  # a path may hold what no JSON of ours holds
        return None
    return kept.outcome if still_so(kept.looked_at) else None


def _keep(request: Request, kept: _Kept, finished: Mapping[str, bytes]) -> None:
    cache = current()
    if cache is None:
        return
    for name, data in finished.items():
        cache.put(_FILES, kept.outcome.files[name], data)
    cache.put(_BUILDS, _key(request), json.dumps(asdict(kept)).encode())
    cache.tend()


def _shelve(digests: Mapping[str, str], out: Path) -> bool:
    """Have the files in the output folder; False where the cache has them no more."""
    folder = fit_folder(out)
    if all(_digest(folder / name) == digest for name, digest in digests.items()):
        return True
    cache = current()
    files = {name: cache.get(_FILES, digest) for name, digest in digests.items()} if cache else {}
    found = {name: data for name, data in files.items() if data is not None}
    if {name: sha256(data).hexdigest() for name, data in found.items()} != digests:
        return False
    manifest = next(name for name in found if name.endswith(MANIFEST_ENDING))
    old = outdated_signatures(folder / manifest, found[manifest])
    replace_folder(out, found, without=old)
    return True


def _digest(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
