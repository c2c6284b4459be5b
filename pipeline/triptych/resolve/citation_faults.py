"""What is wrong with the citations of an article: keys that lead nowhere, citations without words.

In: a source and what pandoc made of it. Out: diagnostics, each once, with all its places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from triptych.csl_json import without_markup
from triptych.diagnostics import Diagnostic, position
from triptych.read.citation_forms import UNSPACED, key_within
from triptych.read.csl_readable import bare_doi
from triptych.read.near_keys import NearKeys
from triptych.read.source import Source
from triptych.resolve.pandoc import Resolved
from triptych.resolve.source_map import SourceMap

_HIDE_BIBLIOGRAPHIES = {"bibliography-missing", "yaml-malformed", "record-malformed"}
"""Faults behind which a bibliography may be out of sight: they are told, and no key of its."""


def unknown_citations(
    source: Source, resolved: Resolved, source_map: SourceMap
) -> Iterator[Diagnostic]:
    """Keys that no bibliography has, each once; nothing where a bibliography cannot be read."""
    known = {str(item.get("id")) for item in resolved.references}
    known.update(*(bibliography.keys for bibliography in source.bibliographies))
    unknown = [key for key in dict.fromkeys(resolved.cited) if key not in known and key != "*"]
    hidden = any(told.code in _HIDE_BIBLIOGRAPHIES for told in source.diagnostics)
    unreadable = any(not b.sound and b.diagnostics for b in source.bibliographies)
    if not unknown or hidden or unreadable:
        return
    if not known and not source.bibliographies:
        yield source_map.all_citations(
            unknown[0], "bibliography-missing", "the article cites, but names no bibliography",
            "add bibliography: references.json to its front matter or edition record",
        )  # fmt: skip
        return
    near = NearKeys(source.bibliographies)
    files = " or ".join(b.file for b in source.bibliographies) or "the front matter's references"
    for key in unknown:
        begun = key_within(key, known)
        meant = (
            f"@{{{begun}}}{key[len(begun) :]}"
            if begun
            else " or ".join(f"@{other}" for other in near.of(key))
        )
        hint = f"add it to {files}, or mend the key; \\@ prints a plain @"
        yield source_map.all_citations(
            key, "citation-unknown", f"no bibliography entry has the key {key!r}",
            f"did you mean {meant}?" if meant else hint,
        )  # fmt: skip


def glued_citations(
    source: Source, resolved: Resolved, source_map: SourceMap
) -> Iterator[Diagnostic]:
    """Keys behind a letter, which pandoc reads as words: `see@key`."""
    known = {key for bibliography in source.bibliographies for key in bibliography.keys}
    known |= {str(item.get("id")) for item in resolved.references}
    own = source.metadata.get("references")
    known |= (
        {str(item.get("id")) for item in own if isinstance(item, dict)}
        if isinstance(own, list)
        else set()
    )
    for at, letter, key in source_map.glued():
        unspaced = re.match(f"[{UNSPACED}]", letter) is not None
        if key in resolved.cited if unspaced else key not in known:
            continue  # it is read, or is the address of somebody
        if key in known or re.search(r"\d", key):
            yield source_map.diagnostic(
                at, "citation-glued", f"@{key} stands behind a letter, and is shown as written",
                f"to cite, put a space before it{'' if key in known else ', and mend the key'}; "
                "\\@ prints a plain @", "warning",
            )  # fmt: skip


def lost_tex(source: Source, resolved: Resolved) -> Iterator[Diagnostic]:
    """Commands in entries that pandoc does not know, and that hold no words to be printed."""
    for key, tex in resolved.lost:
        book = next((b for b in source.bibliographies if key in b.lines), None)
        if book is None:
            continue
        start = sum(map(len, book.sound.split("\n")[: book.lines[key] - 1])) + book.lines[key] - 1
        at = book.sound.find(tex.strip(), start)
        line, column = position(book.sound, at) if at >= 0 else (book.lines[key], 1)
        yield Diagnostic(
            book.file, line, column, "bibliography-field",
            f"entry {key!r}: the TeX command {tex.strip()} is not known, and prints nothing",
            "write the sign itself, or define the command in @preamble", "", "warning",
        )  # fmt: skip


_PARTS = frozenset("chapter entry entry-dictionary entry-encyclopedia paper-conference".split())
"""Works that may bear the DOI of the book they stand in."""


def works_of_one_doi(
    source: Source, resolved: Resolved, source_map: SourceMap
) -> Iterator[Diagnostic]:
    """Entries that are one work by their DOI: the reader would take them for two."""
    by_doi: dict[str, list[Mapping[str, Any]]] = {}
    for item in resolved.references:
        if doi := bare_doi(str(item.get("DOI") or "").strip()).lower():
            by_doi.setdefault(doi, []).append(item)
    for doi, (first, *others) in by_doi.items():
        for other in others:
            titles = {_letters(str(item.get("title", ""))) for item in (first, other)}
            if len(titles) > 1 and not _PARTS.isdisjoint({first.get("type"), other.get("type")}):
                continue
            one, two = str(first.get("id")), str(other.get("id"))
            message = f"the entries {one!r} and {two!r} have one DOI, {doi}"
            hint = "cite the work by one key, or mend the DOI"
            yield _at_entry(two, "bibliography-duplicate", message, hint, source, source_map)


def _at_entry(
    key: str, code: str, message: str, hint: str, source: Source, source_map: SourceMap
) -> Diagnostic:
    """A warning at the entry with this key, or where it is first cited if no file has it."""
    book = next((b for b in source.bibliographies if key in b.lines), None)
    if book is not None:
        return Diagnostic(book.file, book.lines[key], 1, code, message, hint, "", "warning")
    return source_map.diagnostic(
        next(source_map.citations(key), None), code, message, hint, "warning"
    )


_NAMING = frozenset(
    "title author editor translator director container-title collection-title publisher number "
    "genre URL DOI event-title event archive_location".split()
)
"""Fields by one of which a reader may know a work."""


def nameless_works(
    source: Source, resolved: Resolved, source_map: SourceMap
) -> Iterator[Diagnostic]:
    """Entries of which next to nothing is printed, for they have neither title nor author."""
    for item in resolved.references:
        if _NAMING.isdisjoint(name for name, value in item.items() if value):
            key = str(item.get("id"))
            message = f"the entry {key!r} has neither title nor author: nothing names the work"
            hint = "give it a title"
            yield _at_entry(key, "bibliography-field", message, hint, source, source_map)


def dates_without_doubt(
    source: Source, resolved: Resolved, source_map: SourceMap
) -> Iterator[Diagnostic]:
    """Dates that are not sure, which the style prints as if they were; once, with all places."""
    if source.style is None or b"is-uncertain-date" in source.style.text:
        return
    doubtful = (
        str(item.get("id"))
        for item in resolved.references
        if isinstance(issued := item.get("issued"), Mapping) and issued.get("circa")
    )
    message = f"the citation style {source.style.name} prints its date as if it were sure"
    hint = "where it should not, write the doubt in words, as year = {ca. 1493}"
    told = [
        _at_entry(key, "bibliography-field", f"entry {key!r}: {message}", hint, source, source_map)
        for key in doubtful
    ]
    if told:
        yield replace(told[0], places=tuple(other.place for other in told[1:]))


def _letters(title: str) -> str:
    return re.sub(r"[\W_]+", "", without_markup(title)).casefold()
