"""Markdown of wikis and notebooks such as Obsidian, which pandoc takes for words.

In: the resolved body. Out: a warning at the first such mark, with the number of the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from triptych.diagnostics import Diagnostic
from triptych.resolve.notes import texts_outside_code
from triptych.resolve.source_map import SourceMap
from triptych.tree import Element

_MARK = re.compile(
    r"!?\[\[[^\W\d][^\[\]\n]*\]\]|\[!\w+\][+-]?(?=\s)|%%[^%\n]+%%|==(?=[^\s=])[^=\n]*[^\s=]=="
)
"""Links and pictures by name, callouts, comments, marked words."""


def tell_wiki_markup(body: Element, source_map: SourceMap) -> Iterator[Diagnostic]:
    """Tell once of marks that are printed as they stand."""
    if not _MARK.search(source_map.text):  # most works have none: their tree is not walked
        return
    found = [
        mark[0]
        for element, part in texts_outside_code(body)
        for mark in _MARK.finditer(getattr(element, part))
    ]
    if not found:
        return
    more = len(found) - 1
    others = f", as {'is 1 more' if more == 1 else f'are {more} more'}" if more else ""
    yield source_map.diagnostic(
        next(source_map.unescaped(found[0]), None), "markup-foreign",
        f"{found[0]} is a mark of wikis, and is shown as it stands{others}",
        "write [words](#place), ![Caption](figure.svg), ::: {.callout-note} or [words]{.mark}",
        "warning",
    )  # fmt: skip
