"""What is wrong with the citations of an article: keys that lead nowhere, citations without words.

In: a source and what pandoc made of it. Out: diagnostics, each once, with all its places.
"""

from __future__ import annotations

from collections.abc import Iterator

from triptych.diagnostics import Diagnostic
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
        meant = " or ".join(f"@{other}" for other in near.of(key))
        hint = f"add it to {files}, or mend the key; \\@ prints a plain @"
        yield source_map.all_citations(
            key, "citation-unknown", f"no bibliography entry has the key {key!r}",
            f"did you mean {meant}?" if meant else hint,
        )  # fmt: skip
