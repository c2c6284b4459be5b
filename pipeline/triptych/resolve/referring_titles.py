"""Titles and captions that refer to something numbered: `Parts of @fig:x`, as lists print them.

In: the body before its references print what they lead to, and what is numbered. Out: what is
numbered, with the words of these references in the titles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import replace

from triptych.ledger import Numbered
from triptych.tree import Element, has_class, remove, text_of, with_class


def referring_titles(body: Element) -> Mapping[str, Element]:
    """The headings and captions that hold references, by the ids of what they are the titles of."""
    found: dict[str, Element] = {}
    for span in with_class(body, "xref"):
        for around in span.iterancestors():
            heading = isinstance(around.tag, str) and re.fullmatch("h[1-6]", around.tag)
            if heading or has_class(around, "caption"):
                owner = next(
                    around.iterancestors("section" if heading else ("figure", "table")), None
                )
                if owner is not None and owner.get("id"):
                    found[owner.get("id", "")] = around
                break
    return found


def with_references(
    numbered: Iterable[Numbered], titles: Mapping[str, Element]
) -> tuple[Numbered, ...]:
    """What is numbered, its titles as they are now that their references are printed."""
    return tuple(
        replace(item, title=_words(titles[item.id])) if item.id in titles else item
        for item in numbered
    )


def _words(title: Element) -> str:
    said = deepcopy(title)
    said.tail = None
    for mark in list(with_class(said, "number")):
        remove(mark)
    return text_of(said, leaving_out="noteref")
