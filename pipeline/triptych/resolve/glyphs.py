"""Glyphs: letters of the work, with their accents, that no typeface of the design has."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator

from triptych.diagnostics import Diagnostic
from triptych.record import EditionRecord
from triptych.resolve.source_map import SourceMap
from triptych.tree import Element, text_of
from triptych.typefaces import covered


def missing_glyphs(
    body: Element, record: EditionRecord, source_map: SourceMap
) -> Iterator[Diagnostic]:
    """Report letters that would show as boxes. U+FFFD is reported as a fault of encoding."""
    people = (person.name for person in record.contributors)
    front = (record.title, record.subtitle, record.summary, record.publisher, record.rights)
    text = "\n".join((text_of(body, leaving_out="math"), *front, *people))
    for cluster in sorted(set(_cluster().findall(text)) - {"\N{REPLACEMENT CHARACTER}"}):
        if covered(cluster) or unicodedata.category(cluster[0]).startswith("C"):
            continue
        named = ", ".join(f"U+{ord(c):04X} {unicodedata.name(c, 'unnamed')}" for c in cluster)
        forms = (cluster, *(unicodedata.normalize(form, cluster) for form in ("NFC", "NFD")))
        places = (offset for form in forms for offset in source_map.anywhere(form))
        yield source_map.diagnostic(
            next(places, None), "glyph-missing",
            f"no typeface of the design has the character {cluster} ({named})",
            "it will show as a box in print; use another character", "warning",
        )  # fmt: skip


@functools.cache
def _cluster() -> re.Pattern[str]:
    """A character with the signs on it."""
    points = map(chr, range(0x300, 0x20000))
    signs = "".join(point for point in points if unicodedata.category(point) in ("Mn", "Me"))
    return re.compile(f"\\S[{signs}]*")
