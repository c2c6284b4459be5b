"""Diagnostics before the first pass: about the source's files, its citations, and from pandoc.

In: a `Source`, and what pandoc made of it. Out: diagnostics. Each pass reports its own findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from triptych.diagnostics import Diagnostic
from triptych.read.source import Source
from triptych.resolve.citation_faults import (
    dates_without_doubt,
    glued_citations,
    lost_tex,
    nameless_works,
    unknown_citations,
    works_of_one_doi,
)
from triptych.resolve.pandoc import Resolved
from triptych.resolve.ragged_tables import tell_ragged_tables
from triptych.resolve.source_map import SourceMap


def source_diagnostics(
    source: Source, resolved: Resolved, source_map: SourceMap
) -> Iterator[Diagnostic]:
    """All diagnostics before the first pass over the tree."""
    yield from _weighed(source, resolved)
    yield from unknown_citations(source, resolved, source_map)
    yield from glued_citations(source, resolved, source_map)
    yield from works_of_one_doi(source, resolved, source_map)
    yield from nameless_works(source, resolved, source_map)
    yield from dates_without_doubt(source, resolved, source_map)
    yield from lost_tex(source, resolved)
    yield from _pandoc_warnings(source, resolved)
    yield from tell_ragged_tables(source_map)


def _weighed(source: Source, resolved: Resolved) -> Iterator[Diagnostic]:
    """The diagnostics from reading. Of an entry that nothing cites, only mistakes, as warnings."""
    entries = {told: key for b in source.bibliographies for told, key in b.concerned.items()}
    for told in source.diagnostics:
        key = entries.get(told, "")
        if not key or key in resolved.cited or "*" in resolved.cited:
            yield told
        elif told.severity == "error":
            yield replace(told, severity="warning")


_TOLD_OTHERWISE = (
    "Citeproc: citation", "requires a nonempty <title>", "no printed form", "Could not convert TeX",
    "Could not load translations", "has no translation defined", "Duplicate identifier",
)  # fmt: skip


def _pandoc_warnings(source: Source, resolved: Resolved) -> Iterator[Diagnostic]:
    for warning in resolved.warnings:
        if any(words in warning for words in _TOLD_OTHERWISE):
            continue  # we report this ourselves, or it does not matter in a fragment
        place = re.search(r"line (\d+) column (\d+)", warning)
        line, column = (int(place[1]), int(place[2])) if place else (0, 0)
        file, line = source.place(line) if line else (source.article_file, 0)
        message, hint = f"pandoc warns: {warning}", "look at the construct that begins here"
        if warning.startswith("Div at line") and " unclosed " in warning:
            message, hint = "this division is not closed", "end it with a line of colons, :::"
        yield Diagnostic(
            file, line, column, "pandoc", message, hint if line else "", "", "warning"
        )  # fmt: skip
