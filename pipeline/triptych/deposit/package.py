"""The package: everything that belongs to an edition, gathered.

In: the folder of a finished edition and the source it was built from. Out: a `Package`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from triptych.check.examine import Check, check
from triptych.check.report import as_json as check_as_json
from triptych.collate import CollationError, collate_edition
from triptych.collate.html_report import as_html
from triptych.collate.report import as_json as collation_as_json
from triptych.design import styles_folder, template
from triptych.diagnostics import Diagnostic, ProofError, SourceError, UsageError
from triptych.formats import MANIFEST_ENDING
from triptych.limits import count_in
from triptych.manifest import EditionManifest, read_manifest
from triptych.media_types import media_type
from triptych.read.csl import StyleProblem, find_style
from triptych.read.files import packed
from triptych.read.paths import Reach, Refused, reach_of
from triptych.read.quarto import find_project
from triptych.steps import Listener

PartKind = Literal["source", "edition", "manifest", "report", "design", "document"]

CHECK = "reports/check.json"
"""What the collation and the validators say about each file."""

_AGAIN = "the design has changed since: build the edition again"


@dataclass(frozen=True, slots=True)
class PackagePart:
    """One file of a package: its bytes, what it is to the edition, its media type (RFC 6838)."""

    data: bytes
    kind: PartKind
    media_type: str


@dataclass(frozen=True, slots=True)
class Package:
    """An edition with everything it was made from and everything that describes it.

    `manifest` is the one beside the finished files. `parts` maps paths, with `/` between folders,
    to files: `source/…`, `editions/…`, `reports/…`, `design/…`, and documents. The same edition
    makes the same package: nothing in it depends on when or where it was gathered.
    """

    manifest: EditionManifest
    parts: Mapping[str, PackagePart]

    @property
    def name(self) -> str:
        """The name that the finished files begin with."""
        return self.manifest.name

    @property
    def identifier(self) -> str:
        """The work's identifier, the same for all its editions; a URI (OCFL 1.1, W005)."""
        identifier = self.manifest.record.identifier
        return f"https://doi.org/{identifier}" if identifier.startswith("10.") else identifier


def part(path: str, data: bytes, kind: PartKind) -> PackagePart:
    """A part, with the media type of its path's ending."""
    return PackagePart(data, kind, media_type(path))


def gather(
    edition: Path, source: Path | None = None, listener: Listener = lambda _: None, *,
    root: Path | None = None, allow: Sequence[Path] = (),
) -> Package:  # fmt: skip
    """Gather the package of the edition in the folder `edition`, or with this manifest.

    The finished files are collated and checked, and the reports are put in. `source` is the folder
    or article the edition was built from. Without it, the source is looked for in `source` and in
    the working folder. Nothing is read outside of `root` and of the folders to `allow`, whatever
    the manifest names: see `read_source`.

    Raises UsageError if no edition or no source is found, SourceError if the source or the design
    is no longer the one that the edition was built from, ProofError if a finished file has changed,
    CollationError if the files do not say the same.
    """
    path = _manifest_in(edition)
    manifest = _read_manifest(path)
    folder = _source_folder(manifest.source, source)
    reach = reach_of(folder, find_project(folder.absolute()), root, allow)
    places = packed(manifest.source)
    parts = {
        f"source/{places[name]}": part(name, data, "source")
        for name, data in _source(manifest, folder, reach)
    }
    parts |= {f"editions/{p.name}": _finished(p, manifest) for p in _beside(path, manifest)}
    parts |= {
        f"design/{name}": part(name, data, "design")
        for name, data in _design(manifest, folder, reach)
    }
    parts |= _reports(path, manifest, listener)
    return Package(manifest, dict(sorted(parts.items())))


def _manifest_in(edition: Path) -> Path:
    if edition.name.endswith(MANIFEST_ENDING) and edition.is_file():
        return edition
    manifests = sorted(edition.glob(f"*{MANIFEST_ENDING}"))
    if not manifests:
        raise UsageError(
            f"there is no edition manifest (NAME{MANIFEST_ENDING}) in {edition}: build an edition "
            "there first"
        )
    if len(manifests) > 1:
        raise UsageError(f"{edition} holds several editions: name one, such as {manifests[0]}")
    return manifests[0]


def _read_manifest(path: Path) -> EditionManifest:
    try:
        manifest = read_manifest(path.read_bytes())
        if not manifest.files:
            raise ValueError("it names no files")
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read as an edition manifest: {error}") from None
    if manifest.design is None:
        raise UsageError(f"{path} was written by an older Triptych: build the edition again")
    return manifest


def _beside(path: Path, manifest: EditionManifest) -> list[Path]:
    """The manifest, the files it names, and the edition's other files there: signatures."""
    named = {path.with_name(name) for name in manifest.files}
    missing = sorted(file.name for file in named if not file.is_file())
    if missing:
        raise ProofError(f"{', '.join(missing)} is not beside {path}: build the edition again")
    others = {file for file in path.parent.glob("*") if file.name.startswith(f"{manifest.name}.")}
    return sorted({path, *named, *(file for file in others if file.is_file())})


def _finished(path: Path, manifest: EditionManifest) -> PackagePart:
    data = path.read_bytes()
    if path.name not in manifest.files:
        return part(path.name, data, "manifest")
    if manifest.files[path.name] != sha256(data).hexdigest():
        raise ProofError(f"{path} has changed since it was made: build the edition again")
    return part(path.name, data, "edition")


# --- What it was made from -----------------------------------------------------------------------


def _source(manifest: EditionManifest, folder: Path, reach: Reach) -> Iterator[tuple[str, bytes]]:
    """Every file of the source, by its path in it, each as named in the manifest."""
    changed: list[Diagnostic] = []
    awkward = sorted(name for name in manifest.source if _AWKWARD.search(name))
    if awkward:  # RFC 8493, 2.1.3, encodes these, but readers of bags differ in how
        raise UsageError(
            f"the name of {folder / awkward[0]} has a percent sign, a line break or a control "
            "character, which programs for bags read differently: rename the file, and build again"
        )
    for name, digest in sorted(manifest.source.items()):
        path = folder / name
        try:
            data = reach.read(path)
        except Refused as refused:
            told = Diagnostic(path.as_posix(), 0, 0, refused.code, f"the file {refused}",
                              refused.hint)  # fmt: skip
            changed.append(told)
            continue
        if data is None:
            changed.append(
                _changed(path, "is not there", "put it into the folder of the source, build again")
            )
        elif sha256(data).hexdigest() != digest:
            changed.append(
                _changed(
                    path, "has changed since the edition was built",
                    "build the edition again, or name the source it was built from with --source",
                )
            )  # fmt: skip
        else:
            count_in(beside=len(data))
            yield name, data
    if changed:
        raise SourceError(changed)


_AWKWARD = re.compile("[%\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]|^$")


def _changed(path: Path, what: str, hint: str) -> Diagnostic:
    return Diagnostic(path.as_posix(), 0, 0, "source-changed", what, hint)


def _source_folder(digests: Mapping[str, str], source: Path | None) -> Path:
    """The folder of the source: the given one, or the likelier of the two usual ones."""
    if source is not None:
        if not source.exists():
            raise UsageError(f"there is no source {source}")
        return source if source.is_dir() else source.parent
    places = [Path("source"), Path()]
    held = [sum((place / name).is_file() for name in digests) for place in places]
    if not any(held):
        raise UsageError("the source of the edition is not here: name it with --source")
    return places[held.index(max(held))]


def _design(manifest: EditionManifest, source: Path, reach: Reach) -> Iterator[tuple[str, bytes]]:
    """The style sheets, templates and typefaces that the edition uses, and its CSL style."""
    changed: list[Diagnostic] = []
    for name, digest in sorted((manifest.design or {}).items()):
        path = styles_folder() / name
        data = path.read_bytes() if path.is_file() else b""
        if sha256(data).hexdigest() == digest:
            yield name, data
        else:
            changed.append(_changed(path, "is not what the edition was made with", _AGAIN))
    try:
        style = find_style(manifest.record.csl, source, reach).text
    except StyleProblem:
        style = b""
    if sha256(style).hexdigest() == manifest.style.sha256:
        yield f"citation-style/{manifest.style.name}.csl", style
    else:
        path = Path(f"{manifest.style.name}.csl")
        changed.append(_changed(path, "is not the style the edition was made with", _AGAIN))
    if changed:
        raise SourceError(changed)


# --- Reports -------------------------------------------------------------------------------------


def _reports(
    path: Path, manifest: EditionManifest, listener: Listener
) -> Mapping[str, PackagePart]:
    """The report of the collation, as data and as a page, and the reports of the validators."""
    files = [path, *(path.with_name(name) for name in manifest.files)]
    collation = collate_edition(files)
    if not collation.passed:
        raise CollationError(collation)
    told = collation_as_json(collation)
    del told["seconds"]
    pages = path.with_name(f"{manifest.name}.pdf")
    pdf = pages.read_bytes() if pages.name in manifest.files else None
    reports = {
        "reports/collation.json": _json(told),
        "reports/collation.html": as_html(collation, template("collation.html"), pdf).encode(),
        CHECK: _json(_timeless(check([path], listener=listener))),
    }
    return {place: part(place, data, "report") for place, data in reports.items()}


def _timeless(checked: Check) -> dict[str, Any]:
    """The report of a check without what differs between runs: times, and paths on this machine."""
    told = check_as_json(checked)
    del told["seconds"], told["notes"]
    for examination in told["examinations"]:
        del examination["seconds"]
        examination["file"] = Path(examination["file"]).name
        for finding in examination["findings"]:
            if finding["source"]:
                finding["source"]["file"] = Path(finding["source"]["file"]).name
    return told


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
