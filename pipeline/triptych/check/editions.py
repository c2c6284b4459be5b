"""Finished editions on disk: those at the paths that a check was asked for.

In: folders of finished editions, or finished files with their manifest beside them. Out: one
`Finished` for each edition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from triptych.diagnostics import UsageError
from triptych.formats import FORMATS, MANIFEST_ENDING, editions_of, format_of
from triptych.manifest import EditionManifest, read_manifest


@dataclass(frozen=True, slots=True)
class Finished:
    """One finished edition: its manifest, with its path, and the files asked for, by format."""

    path: Path
    manifest: EditionManifest
    files: Mapping[str, Path]

    @property
    def name(self) -> str:
        """The name that the finished files begin with."""
        return self.manifest.name


def find_editions(paths: Sequence[Path]) -> list[Finished]:
    """The editions at these paths, each once.

    Raises UsageError if a path does not exist or is not a finished file, or has no manifest.
    """
    wanted: dict[Path, list[Path] | None] = {}  # a manifest and the files asked for; None for all
    for path in paths:
        if path.is_dir():
            manifests = sorted(path.glob(f"*{MANIFEST_ENDING}"))
            if not manifests:
                raise UsageError(
                    f"there is no edition manifest (NAME{MANIFEST_ENDING}) in {path}: "
                    "build an edition there first"
                )
            wanted.update(dict.fromkeys(manifests))
        elif not path.is_file():
            raise UsageError(f"there is no file or folder {path}")
        elif path.name.endswith(MANIFEST_ENDING):
            wanted[path] = None
        elif names := editions_of(path.name):
            beside = [path.with_name(name + MANIFEST_ENDING) for name in names]
            manifest = next(filter(Path.is_file, beside), None)
            if manifest is None:
                raise UsageError(f"there is no edition manifest {beside[0].name} beside {path}")
            chosen = wanted.setdefault(manifest, [])
            if chosen is not None and path not in chosen:
                chosen.append(path)
        else:
            endings = ", ".join(form.ending for form in FORMATS.values())
            raise UsageError(f"{path} is none of the files an edition has: {endings}")
    return [_read(manifest, chosen) for manifest, chosen in wanted.items()]


def _read(path: Path, chosen: Sequence[Path] | None) -> Finished:
    try:
        manifest = read_manifest(path.read_bytes())
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} is not an edition manifest: {error}") from None
    paths = chosen or [path.with_name(name) for name in manifest.files]
    by_format = {format_of(file.name, manifest.name): file for file in paths}
    files = {name: by_format[name] for name in FORMATS if name in by_format}
    return Finished(path, manifest, files)
