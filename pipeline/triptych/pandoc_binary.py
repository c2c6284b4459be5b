"""Pandoc's program: the one that pypandoc bundles, never one on the path.

Another pandoc on the machine must not change an edition.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path

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
    """Run pandoc with these arguments, in `folder` if it needs files there."""
    if folder is None:
        with private_folder() as own:
            return run_program([pandoc_path(), *words], own, data=data, reads=reads)
    return run_program([pandoc_path(), *words], folder, data=data, reads=reads)
