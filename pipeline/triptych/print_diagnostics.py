"""What does not look well in print, told at the line of the source that it comes from.

In: a source and the pages set from it. Out: warnings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from triptych.diagnostics import Diagnostic
from triptych.edition import Edition
from triptych.formats import FORMATS
from triptych.read.files import find_field
from triptych.read.source import RECORD_FILE, Source

if TYPE_CHECKING:
    from triptych.render.pdf.outputs import Crowded, Outputs
    from triptych.render.typesetter.wide_tables import Misfit
    from triptych.resolve.source_map import SourceMap


def print_diagnostics(
    work: Source, edition: Edition, made: Outputs, formats: Sequence[str]
) -> Iterator[Diagnostic]:
    """What does not look well in print: tables too wide, coarse pictures, a crowded cover."""
    from triptych.resolve.images import coarse_images
    from triptych.resolve.source_map import SourceMap

    source_map = SourceMap(work)
    yield from _wide_tables(made.paged.misfits, source_map)
    yield from _crowded(work, made.crowded)
    if any(FORMATS[name].for_press and not FORMATS[name].cover for name in formats):
        least = edition.record.printing.min_resolution
        yield from coarse_images(edition.images, made.paged.images, least, source_map)


def _crowded(work: Source, crowded: tuple[Crowded, ...]) -> Iterator[Diagnostic]:
    """What had to be set too small on the cover, where the record or the front matter says it."""
    in_record = RECORD_FILE in dict(work.digests)
    for item in crowded:
        text = (work.read(RECORD_FILE) or b"").decode() if in_record else work.article
        line, column = find_field(text, *_WRITTEN_AS.get(item.field, (item.field,)))
        file, line = (work.shown(RECORD_FILE), line) if in_record else work.place(max(line, 1))
        yield Diagnostic(
            file, line, column, "cover-crowded",
            f"on the cover the {item.field} is set in {item.size:.1f} pt, too small to be read in "
            f"print: it has {item.letters} letters, and about {item.fitting} fit",
            "shorten it, or give the work a larger trim-size", severity="warning",
        )  # fmt: skip


_WRITTEN_AS = {
    "summary": ("summary", "abstract", "description"),
    "author": ("contributor", "author", "authors"),
}
"""The names under which a field of the record may be written."""


_IN_TABLE = re.compile(r"[|&]|<t[hdr]|\S(?: {2,}|\t)\S|---")
"""What a line of a table holds, in Markdown, LaTeX or HTML, or the words of a cell of code."""


def _begin_of_table(words: str, source_map: SourceMap) -> int | None:
    """Where a table begins with `words`: in a line of a table, if any; prose may have them too."""
    found = list(source_map.anywhere(words))
    text = source_map.text
    for at in found:
        end = text.find("\n", at)
        line = text[text.rfind("\n", 0, at) + 1 : end if end >= 0 else len(text)]
        if _IN_TABLE.search(line):
            return at
    return next(iter(found), None)


def _wide_tables(misfits: tuple[Misfit, ...], source_map: SourceMap) -> Iterator[Diagnostic]:
    for misfit in misfits:
        done = "on a page turned on its side, " if misfit.turned else ""
        small = "" if misfit.legible else ", too small to be read in print"
        yield source_map.diagnostic(
            _begin_of_table(misfit.begins, source_map), "table-wide",
            f"this table is wider than the page: it is set {done}in {misfit.size:.1f} pt{small}",
            "give it fewer columns or shorter words, or the work a wider trim-size", "warning",
        )  # fmt: skip
