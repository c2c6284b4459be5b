"""The table of validators: which program reads which format, and how it is asked.

In: finished editions. Out: the validators that read their files.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path

from triptych.check.editions import Finished
from triptych.formats import FORMATS
from triptych.steps import STEPS
from triptych.validators import (
    Verdict,
    ace,
    axe,
    epubcheck,
    ghostscript,
    jats,
    nu,
    preflight,
    qpdf,
    verapdf,
)


@dataclass(frozen=True, slots=True)
class Validator:
    """A validator: its name, the standard and the format it reads, and its two functions.

    `step` is a key of STEPS.
    """

    step: str
    tool: str
    standard: str
    reads: str
    available: Callable[[], str]
    validate: Callable[[Sequence[Path]], list[Verdict]]

    def __post_init__(self) -> None:
        assert self.step in STEPS, self.step


_LOOKS = {"wide and light": axe.View(), "narrow and dark": axe.View(320, 640, "dark")}


def _axe(pages: Sequence[Path]) -> list[Verdict]:
    """Check each page twice: in a wide light window, and in a narrow dark one."""
    verdicts = axe.validate(pages, list(_LOOKS.values()))
    return [
        replace(verdict, standard=f"{verdict.standard}, {look}")
        for verdict, look in zip(verdicts, cycle(_LOOKS), strict=False)
    ]


def _held_to(*flavours: str) -> Callable[[Sequence[Path]], list[Verdict]]:
    """Have veraPDF check PDFs against several standards at once."""
    return functools.partial(verapdf.validate, flavours=flavours)


def _for_press(form: str) -> tuple[Validator, ...]:
    """The validators of a format that goes to a printer."""
    return (
        Validator(
            "preflight", preflight.TOOL, preflight.STANDARD, form,
            preflight.available, preflight.validate,
        ),
        Validator(
            "ghostscript", ghostscript.TOOL, ghostscript.STANDARD, form,
            ghostscript.available, ghostscript.validate,
        ),
        Validator("qpdf", qpdf.TOOL, qpdf.STANDARD, form, qpdf.available, qpdf.validate),
    )  # fmt: skip


VALIDATORS = (
    Validator("verapdf", verapdf.TOOL, "PDF/UA-1", "pdf", verapdf.available, _held_to("ua1", "2a")),
    Validator(
        "verapdf", verapdf.TOOL, "PDF/UA-1", "archive", verapdf.available, _held_to("ua1", "3a")
    ),
    Validator("ace", ace.TOOL, "EPUB Accessibility 1.1", "epub", ace.available, ace.validate),
    Validator("axe", axe.TOOL, "WCAG 2.2 AA", "html", axe.available, _axe),
    Validator(
        "epubcheck", epubcheck.TOOL, "EPUB 3.3", "epub", epubcheck.available, epubcheck.validate
    ),
    Validator("nu", nu.TOOL, "HTML", "html", nu.available, nu.validate),
    Validator("dtd", jats.TOOL, jats.STANDARD, "jats", jats.available, jats.validate),
    *(row for form in FORMATS.values() if form.for_press for row in _for_press(form.name)),
)
"""A row for each program and format that it reads.

The slowest come first, so that none of them runs alone at the end.
"""


def validators_for(editions: Sequence[Finished]) -> Iterator[Validator]:
    """All validators; the preflight knows the resolution that each edition asks for."""
    least = {
        file.resolve(): edition.manifest.record.printing.min_resolution
        for edition in editions
        for file in edition.files.values()
    }
    look = functools.partial(preflight.validate, resolutions=least)
    for validator in VALIDATORS:
        is_preflight = validator.tool == preflight.TOOL
        yield replace(validator, validate=look) if is_preflight else validator
