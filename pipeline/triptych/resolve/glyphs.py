"""Glyphs: letters of the work, with their accents, that no typeface of the design has."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from triptych.diagnostics import Diagnostic
from triptych.ledger import Entry
from triptych.read.source import Source
from triptych.record import EditionRecord
from triptych.resolve.source_map import SourceMap
from triptych.tree import Element, text_of
from triptych.typefaces import covered, needs_glyph


def missing_glyphs(
    body: Element, record: EditionRecord, entries: Sequence[Entry], source: Source,
    source_map: SourceMap,
) -> Iterator[Diagnostic]:  # fmt: skip
    """Report letters that show as boxes. U+FFFD is reported as a fault of encoding.

    A letter is told once, with all its places: in the article, and in the bibliographies.
    """
    people = (person.name for person in record.contributors)
    front = (record.title, record.subtitle, record.summary, record.publisher, record.rights)
    text = "\n".join((text_of(body, leaving_out="math"), *front, *people))
    for cluster in sorted(set(_cluster().findall(text)) - {"\N{REPLACEMENT CHARACTER}"}):
        if covered(cluster) or not needs_glyph(cluster[0]):
            continue
        named = ", ".join(f"U+{ord(c):04X} {_name(c)}" for c in cluster)
        message = f"no typeface of the design has the character {cluster} ({named})"
        apart = len(cluster) > 1 and all(map(covered, cluster))
        hint = (
            "its sign may stand beside it in print, in another typeface; look at it there"
            if apart
            else "it will show as a box in print; use another character"
        )
        written = _forms(cluster)
        places: list[int | None] = [*source_map.everywhere(written)]
        found = [
            source_map.diagnostic(place, "glyph-missing", message, hint, "warning")
            for place in places
        ]
        found += _in_bibliographies(written, entries, source, message, hint)
        found = found or [source_map.diagnostic(None, "glyph-missing", message, hint, "warning")]
        yield replace(found[0], places=tuple(other.place for other in found[1:]))


def _forms(cluster: str) -> tuple[str, ...]:
    """A cluster as it may be written, with its signs composed or not."""
    composed = (unicodedata.normalize(form, cluster) for form in ("NFC", "NFD"))
    return tuple(dict.fromkeys((cluster, *composed)))


def _name(character: str) -> str:
    private = unicodedata.category(character) == "Co"
    return unicodedata.name(character, "of private use" if private else "unnamed")


def _in_bibliographies(
    written: Iterable[str], entries: Sequence[Entry], source: Source, message: str, hint: str
) -> Iterator[Diagnostic]:
    """The letter in each entry that prints it, by the line on which the entry begins."""
    for entry in entries:
        if any(form in entry.text for form in written):
            for book in source.bibliographies:
                key = book.aliases.get(entry.key, entry.key)
                if key in book.lines:
                    yield Diagnostic(
                        book.file, book.lines[key], 0, "glyph-missing", message, hint,
                        entry.text[:72], "warning",
                    )  # fmt: skip


@functools.cache
def _cluster() -> re.Pattern[str]:
    """A character with the signs on it."""
    points = map(chr, range(0x300, 0x20000))
    signs = "".join(point for point in points if unicodedata.category(point) in ("Mn", "Me"))
    return re.compile(f"\\S[{signs}]*")
