"""Find the browser for axe and Ace. Out: the path of a Chromium that starts."""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path

from triptych.validators.process import run
from triptych.validators.verdict import ValidatorFailed, ValidatorMissing

VARIABLE = "TRIPTYCH_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REMEDY = (
    "Install Debian's chromium, or on Ubuntu, whose chromium is a snap, Google's Chrome; "
    f"or name any Chromium's program in the variable {VARIABLE}."
)


@cache
def chromium() -> Path:
    """Return the browser's path: the one TRIPTYCH_CHROMIUM names, or the first on the PATH.

    Each is asked for its version first: on Ubuntu, a program of that name can be a stub that only
    prints how to install a snap.

    Raises:
        ValidatorMissing: none of them answers.
    """
    named = os.environ.get(VARIABLE)
    silent = []
    for name in [named] if named else NAMES:
        if (found := shutil.which(name)) is None:
            continue
        try:
            run("Chromium", [found, "--version"], timeout=60, reads=_files_of(Path(found)))
        except ValidatorFailed as failure:
            silent.append(failure.detail)
            continue
        return Path(found)
    raise ValidatorMissing("Chromium", " ".join([REMEDY, *silent]))


def browser_files() -> list[Path]:
    """What the browser reads of the system, besides programs, libraries and typefaces."""
    return _files_of(chromium())


def _files_of(browser: Path) -> list[Path]:
    return [browser.resolve().parent, *map(Path, _SETTINGS)]


_SETTINGS = ("/etc/chromium", "/etc/chromium.d", "/etc/opt/chrome", "/sys/devices", "/proc")
"""Its processes find each other in `/proc`."""
