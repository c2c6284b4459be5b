"""The index: the author's marks in the text, gathered into entries.

In: the resolved tree. A mark is `[the road]{.index}`. It has `entry="roads!Lachin"` to be listed
under other words, and `in=names` to be listed among the names. LaTeX's `index` command is
understood. Out: the entries in order. In the tree, each mark becomes a place with an id.
"""

from __future__ import annotations

import re
import unicodedata

from triptych.ledger import IndexEntry, IndexKind
from triptych.tree import Element, make, remove, replace_with, text_of, with_class


def gather_index(body: Element) -> tuple[IndexEntry, ...]:
    """Turn every mark into a place. Return the entries, each with its places in reading order."""
    _read_tex(body)
    places: dict[tuple[IndexKind, str, str], list[str]] = {}
    sorted_by: dict[str, str] = {}
    for number, mark in enumerate(list(with_class(body, "index")), 1):
        written = mark.attrib.pop("data-entry", "") or text_of(mark)
        kind: IndexKind = "names" if mark.attrib.pop("data-in", "") == "names" else "subjects"
        if not written.strip():
            remove(mark)
            continue
        term, _, under = (part.strip() for part in written.partition("!"))
        shown = [_shown(part, sorted_by) for part in (term, under)]
        mark.set("class", "indexed")
        mark.set("id", f"index-{number}")
        places.setdefault((kind, shown[0], shown[1]), []).append(f"index-{number}")
    entries = [IndexEntry(*named, tuple(found)) for named, found in places.items()]

    def order(entry: IndexEntry) -> tuple[bool, tuple[str, str], tuple[str, str]]:
        by = [sorted_by.get(words, words) for words in (entry.term, entry.under)]
        return entry.kind == "names", _order(by[0]), _order(by[1])

    return tuple(sorted(entries, key=order))


def _read_tex(body: Element) -> None:
    """Turn LaTeX's marks into the same form as the others."""
    for raw in list(with_class(body, "raw-tex")):
        marks = re.findall(r"\\index\{((?:[^{}]|\{[^{}]*\})*)\}", text_of(raw))
        if marks and not re.sub(r"\\index\{((?:[^{}]|\{[^{}]*\})*)\}|\s", "", text_of(raw)):
            spans = [make("span", class_="index", data_entry=words) for words in marks]
            if raw.tag == "span":
                replace_with(raw, list(spans))
            else:
                replace_with(raw, [make("p", *spans)])


def _shown(words: str, sorted_by: dict[str, str]) -> str:
    """The words as printed. `Lachin@the Lachin road` is sorted by the part before the `@`."""
    by, _, shown = words.partition("@")
    shown = " ".join(shown.split())
    if not shown:
        return " ".join(by.split())
    sorted_by[shown] = by.strip()
    return shown


def _order(words: str) -> tuple[str, str]:
    """A key that sorts words as in a dictionary: by letters first, then by their accents."""
    folded = unicodedata.normalize("NFKD", words.casefold())
    letters = (c for c in folded if not unicodedata.combining(c))
    return "".join(c for c in letters if c.isalnum() or c.isspace()), folded
