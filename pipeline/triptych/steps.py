"""Steps: what a listener is told while a build, a check or a deposit runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from triptych.formats import FORMATS

STEPS: Mapping[str, str] = {
    "read": "Reading the source",
    "resolve": "Resolving citations and references",
    **{form.name: form.making for form in FORMATS.values()},
    "collate": "Collating the finished files",
    "shelve": "Shelving the finished files",
    "ace": "Asking Ace by DAISY",
    "axe": "Asking axe",
    "dtd": "Asking the JATS DTD",
    "epubcheck": "Asking EPUBCheck",
    "ghostscript": "Asking Ghostscript",
    "nu": "Asking the Nu Html Checker",
    "preflight": "Preflighting for the press",
    "qpdf": "Asking qpdf",
    "verapdf": "Asking veraPDF",
    "tools": "Listing the tools",
    "deposit": "Depositing the package",
    "fixity": "Reading a stored work",
    "rebuild": "Building a stored edition again",
}
"""Every step, and what a person sees while it runs; `docs/library.md` lists them."""

PROGRAMS = frozenset("ace axe epubcheck ghostscript nu qpdf verapdf".split())
"""The steps in which another program works beside this one, under limits of its own."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step that has begun or ended; `seconds` is how long it took, once it has ended.

    `name` is a key of STEPS.
    """

    name: str
    state: Literal["begun", "done", "failed"]
    seconds: float = 0.0

    def __post_init__(self) -> None:
        assert self.name in STEPS, self.name

    @property
    def said(self) -> str:
        """What a person sees while it runs."""
        return STEPS[self.name]


Listener = Callable[[Step], None]


@contextmanager
def step(name: str, listener: Listener) -> Iterator[None]:
    """Tell a listener that a step begins, and how it ended."""
    listener(Step(name, "begun"))
    began = time.perf_counter()
    try:
        yield
    except BaseException:
        listener(Step(name, "failed", time.perf_counter() - began))
        raise
    listener(Step(name, "done", time.perf_counter() - began))
