"""Pandoc's program: the one that pypandoc bundles, never one on the path.

Another pandoc on the machine must not change an edition.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path

from triptych.cache.store import current, key_of
from triptych.diagnostics import MachineError
from triptych.programs import Ended, private_folder, run_program


def pandoc_path() -> Path:
    """The bundled pandoc. Raises MachineError where the package is absent."""
    spec = importlib.util.find_spec("pypandoc")
    binary = Path(spec.origin).parent / "files" / "pandoc" if spec and spec.origin else None
    if binary is None or not binary.is_file():
        raise MachineError("pandoc is missing: install the Python package pypandoc-binary")
    return binary


def pandoc_version() -> str:
    """What pandoc says its version is: that of the package which bundles it is another."""
    return run_pandoc_binary(["--version"]).stdout.decode().split()[1]


def run_pandoc_binary(
    words: Sequence[str], data: bytes = b"", folder: Path | None = None,
    reads: Sequence[Path] = (),
) -> Ended:  # fmt: skip
    """Run pandoc with these arguments, in `folder` if it needs files there.

    A run of the same words over the same files is remembered, if it went well: it is sandboxed, and
    tells the same again.
    """
    if folder is None:
        with private_folder() as own:
            return run_pandoc_binary(words, data, own, reads)
    cache = current()
    key = key_of(_asked(words, data, folder)) if cache else ""
    kept = cache.get(_KIND, key) if cache else None
    if kept is not None:
        length, _, said = kept.partition(b"\n")
        return Ended(0, said[: int(length)], said[int(length) :], 0.0)
    done = run_program([pandoc_path(), *words], folder, data=data, reads=reads)
    if cache and done.code == 0:
        cache.put(_KIND, key, b"%d\n%b%b" % (len(done.stdout), done.stdout, done.stderr))
    return done


_KIND = "pandoc"


def _asked(words: Sequence[str], data: bytes, folder: Path) -> Iterator[str | bytes]:
    """All that a run sees: its words, wherever its folder is, its input, and its files."""
    yield from (word.replace(str(folder), "") for word in words)
    yield data
    for path in sorted(folder.iterdir()):
        yield path.name
        yield path.read_bytes()
