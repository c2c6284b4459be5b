"""The preflight of a file: its bytes in, every breach of the rules out, in the rules' order."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf

from triptych.preflight.content import paints
from triptych.preflight.document import breaches_of_document
from triptych.preflight.page import breaches_of_page, breaches_of_sheets
from triptych.preflight.paint import breaches_of_paints
from triptych.preflight.rules import RULES, Rule
from triptych.preflight.syntax import breaches_of_streams


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that the file breaks, where, and how; `times` is how many such places there are."""

    rule: Rule
    where: str
    message: str
    times: int = 1


def preflight(data: bytes, resolution: int = 300) -> tuple[Breach, ...]:
    """Every breach of the rules; pictures must have `resolution` pixels per inch.

    A file that cannot be read breaks the rule `file-sound`.
    """
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            told = list(_breaches(pdf, data, resolution))
    except (
        pikepdf.PikepdfError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
        ValueError,
    ) as error:
        told = [("file-sound", "", f"it cannot be read: {error}")]
    order = list(RULES)
    counted: dict[tuple[str, str, str], int] = {}
    for item in told:
        counted[item] = counted.get(item, 0) + 1
    breaches = [
        Breach(RULES[name], where, message, times)
        for (name, where, message), times in counted.items()
    ]
    return tuple(sorted(breaches, key=lambda breach: order.index(breach.rule.name)))


def _breaches(pdf: pikepdf.Pdf, data: bytes, resolution: int) -> Iterator[tuple[str, str, str]]:
    intent = yield from breaches_of_document(pdf, data)
    yield from breaches_of_sheets(pdf)
    yield from breaches_of_streams(pdf)
    for number, page in enumerate(pdf.pages, 1):
        where = f"page {number}"
        for name, message in breaches_of_page(page):
            yield name, where, message
        for name, message in breaches_of_paints(page, list(paints(page)), intent, resolution):
            yield name, where, message
