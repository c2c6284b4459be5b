"""The bibliographies of a work, read as one, and the entries that its front matter holds.

In: what a record or front matter names. Out: bibliographies as pandoc may read each by itself;
what is wrong in them and between them, such as a key that two of them have, is noted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from triptych.diagnostics import Diagnostic
from triptych.read.bib_links import BibEntries, linked
from triptych.read.bibliography import (
    Bibliography,
    entries_of,
    is_same_work,
    read_cited,
    without,
)
from triptych.read.cited import Cited
from triptych.read.csl_readable import readable_item
from triptych.read.entries import RawEntry
from triptych.read.files import SourceFiles, Stated, as_written
from triptych.read.paths import Refused

_BIB = (".bib", ".bibtex", ".biblatex")
_LINKS = re.compile(
    r"\b(?:crossref|xdata)\s*=|[=#]\s*(?!(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\b)[a-z]",
    re.I,
)
"""What may name something that stands elsewhere: most files have nothing of the kind."""


def read_bibliographies(
    files: SourceFiles, fields: Mapping[str, Any], stated: Stated, cited: Cited
) -> tuple[Bibliography, ...]:
    """The bibliographies that a record or front matter names, read as one, as far as `cited`.

    What is wrong with them is noted with `files`.
    """
    names = fields.get("bibliography") or []
    found: list[tuple[str, str]] = []
    for name in [names] if isinstance(names, str) else names:
        # The second form is as Windows parts folders.
        paths = [files.folder / written for written in (str(name), str(name).replace("\\", "/"))]
        place = stated.at(str(name), "bibliography")
        try:
            path = next(filter(files.reach.has, paths), None)
        except Refused as refused:
            files.note(*place, refused.code, f"the bibliography {name} {refused}", refused.hint)
            continue
        if path is not None:
            found.append((as_written(path), files.text(path)))
            continue
        files.note(
            *place, "bibliography-missing",
            f"the bibliography {name} does not exist",
            "check its path; it is taken from the article's folder",
        )  # fmt: skip
    books = as_one(read_cited(found, cited))
    files.diagnostics += [told for book in books for told in book.diagnostics]
    return books


def inline_references(
    files: SourceFiles, fields: Mapping[str, Any], stated: Stated
) -> dict[str, Any]:
    """The field `references` of front matter that holds entries itself, as citeproc reads them."""
    entries = fields.get("references")
    if not isinstance(entries, list):
        return {}
    readable: list[Any] = []
    for entry in entries:
        item, problems = (
            readable_item(entry, markdown=True) if isinstance(entry, dict) else ({}, [])
        )
        readable.append(item or entry)
        for problem in problems:
            files.note(
                *stated.at(problem.value, "references"), problem.code,
                f"entry {str(entry.get('id'))!r}: {problem.message}", problem.hint,
                severity="warning",
            )  # fmt: skip
    return {"references": readable}


def as_one(bibliographies: Sequence[Bibliography]) -> tuple[Bibliography, ...]:
    """The bibliographies with what each takes from the others, and what is wrong between them."""
    books = list(_told_apart(bibliographies))
    files = {
        number: BibEntries.of(book)
        for number, book in enumerate(books)
        if book.file.lower().endswith(_BIB) and _LINKS.search(book.sound)
    }
    for number, file in files.items():
        books[number] = linked(file, [file, *(f for f in files.values() if f is not file)])
    return tuple(books)


def _told_apart(bibliographies: Sequence[Bibliography]) -> Iterator[Bibliography]:
    """Tell a key that stands in two files; of one work, the first entry is taken."""
    first: dict[str, tuple[Bibliography, RawEntry]] = {}
    for book in bibliographies:
        told: dict[Diagnostic, str] = {}
        again: set[str] = set()
        for entry in entries_of(book) if len(bibliographies) > 1 else ():
            if not entry.key or entry.problem:
                continue
            other, twin = first.setdefault(entry.key, (book, entry))
            if other is book:
                continue
            same = is_same_work(entry, twin)
            taken = "; the same work, of which the first entry is taken" if same else ""
            where = f"{other.file}:{other.lines.get(entry.key, 0)}"
            diagnostic = Diagnostic(
                book.file, book.lines.get(entry.key, 0), 1, "bibliography-duplicate",
                f"the key {entry.key!r} already stands in {where}{taken}",
                "give one of the two entries another key, or remove it", "",
                "warning" if same else "error",
            )  # fmt: skip
            told[diagnostic] = entry.key
            again |= {entry.key} if same else set()
        yield without(book, again).telling(told)
