"""Pandoc's program: the one that pypandoc bundles, never one on the path.

Another pandoc on the machine must not change an edition.
"""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path

from triptych.diagnostics import MachineError


def pandoc_path() -> Path:
    """The bundled pandoc. Raises MachineError where the package is absent."""
    spec = importlib.util.find_spec("pypandoc")
    binary = Path(spec.origin).parent / "files" / "pandoc" if spec and spec.origin else None
    if binary is None or not binary.is_file():
        raise MachineError("pandoc is missing: install the Python package pypandoc-binary")
    return binary


def pandoc_version() -> str:
    """What pandoc says its version is: that of the package which bundles it is another."""
    said = subprocess.run([pandoc_path(), "--version"], capture_output=True, text=True, check=True)
    return said.stdout.split()[1]
