"""What belongs to the installation: a file of it that is missing is no mistake of an author's."""

from __future__ import annotations

from pathlib import Path

from triptych.diagnostics import MachineError


def installed_file(path: Path, package: str = "triptych") -> Path:
    """The path of a file that a Python package installs.

    Raises MachineError where it is missing, with the package to reinstall.
    """
    if not path.is_file():
        raise MachineError(f"{path} is missing: reinstall the Python package {package}")
    return path
