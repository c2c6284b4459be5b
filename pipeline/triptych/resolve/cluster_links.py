"""Links within a bracket of citations, where citeproc leaves them wrong.

In: the resolved tree, the entries as CSL-JSON, what the style puts between citations. Out: the
tree, and diagnostics.

Citeproc links a citation of which the style prints nothing. And it takes works without authors for
works of one author, so that what parts works of one author stands between them.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from triptych.diagnostics import Diagnostic
from triptych.ledger import Entry
from triptych.read.csl_citeproc import Delimiters
from triptych.read.csl_readable import NAMES
from triptych.resolve.source_map import SourceMap
from triptych.tree import Element, remove, text_of, with_class


def mend_cluster_links(
    body: Element, entries: Iterable[Entry], references: Sequence[Mapping[str, Any]],
    between: Delimiters, source_map: SourceMap,
) -> Iterator[Diagnostic]:  # fmt: skip
    """Drop links without words, and part works without authors as the style parts works."""
    keys = {entry.id: entry.key for entry in entries}
    items = {str(item.get("id")): item for item in references}
    turns: Counter[tuple[str, bool]] = Counter()
    places = cache(lambda written: _places(written, source_map))
    for cluster in with_class(body, "cluster"):
        cited = {c["key"]: c for c in json.loads(cluster.get("data-citations") or "[]")}
        for citation in cited.values():
            turns[_written(citation)] += 1
        links = [a for a in cluster.iter("a") if (a.get("href") or "").startswith("#ref-")]
        named = {link: _key(link, keys) for link in links}
        for link in [link for link in links if not text_of(link) and not len(link)]:
            links.remove(link)
            _drop(link, between.works)
            key = named[link]
            citation = cited.get(key, {})
            said = citation.get("mode") == "AuthorInText" or citation.get("suffix", "").strip()
            if not said and text_of(cluster).strip("()[] "):
                written = _written(citation) if key in cited else ("", False)
                found, turn = places(written), turns[written]
                at = found[turn - 1] if 0 < turn <= len(found) else None
                yield source_map.diagnostic(
                    at, "citation-empty",
                    f"the style prints nothing for this citation of {key!r}",
                    "a suppressed author wants a locator: [-@key, p. 3]", "warning",
                )  # fmt: skip
        for link in links:
            behind = link.getnext()
            if behind in links and link.tail == between.group != between.works:
                two = [items.get(named[one], {}) for one in (link, behind)]
                if _are_without_authors(two) and len(text_of(behind)) > 1:
                    link.tail = between.works


def _written(citation: Mapping[str, str]) -> tuple[str, bool]:
    """How a citation is written: its key, and whether `-` stands before it."""
    return citation["key"], citation["mode"] == "SuppressAuthor"


def _places(written: tuple[str, bool], source_map: SourceMap) -> list[int]:
    """Where the citations that are written so stand in the text."""
    key, suppressed = written
    text = source_map.text
    return [
        at for at in source_map.citations(key) if (text[max(at - 1, 0) : at] == "-") == suppressed
    ]


def _key(link: Element, keys: Mapping[str, str]) -> str:
    place = (link.get("href") or "")[1:]
    return keys.get(place, place.removeprefix("ref-"))


def _drop(link: Element, delimiter: str) -> None:
    """Remove a link without words, and what stands between it and the next, or the one before."""
    tail = link.tail or ""
    if delimiter and tail.startswith(delimiter):
        link.tail = tail.removeprefix(delimiter)
    elif delimiter:
        before, parent = link.getprevious(), link.getparent()
        if before is not None and (before.tail or "").endswith(delimiter):
            before.tail = (before.tail or "").removesuffix(delimiter)
        elif before is None and parent is not None:
            parent.text = (parent.text or "").removesuffix(delimiter)
    remove(link)


def _are_without_authors(items: Sequence[Mapping[str, Any]]) -> bool:
    """Whether two works have no names and each a title of its own."""
    titles = {re.sub(r"\W+", "", str(item.get("title", ""))).casefold() for item in items}
    return len(titles) == len(items) and not any(NAMES & item.keys() for item in items)
