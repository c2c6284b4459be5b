"""What stands around the text, as data for the edition manifest.

In: an `Edition`. Out: the lines of its contents list, as a format with notes at its end prints
them, those of its lists of figures and tables, the parts of its e-book, the heads of its pages, and
the words of the press.
"""

from __future__ import annotations

from triptych.edition import Edition
from triptych.licences import short_name
from triptych.manifest import NEWER_TERMS, TERMS, Around, ContentsLine, FloatList, Head
from triptych.render.colophon import typefaces_of
from triptych.render.epub.navigation import landmarks
from triptych.render.index import index_headings
from triptych.render.parts import (
    bibliographies,
    body_of,
    contents,
    lists,
    nested,
    running_heads,
    titled,
)
from triptych.terms import printed_date


def around_text(edition: Edition) -> Around:
    """All of these; the line of the notes is among those of the contents."""
    article, notes, references = body_of(edition)
    if notes is not None:
        titled(notes, edition.terms["notes"])
    for section in bibliographies(article, references):
        titled(section, edition.terms["references"])
    lines = contents(edition, article, notes, references) + index_headings(edition)
    listed = tuple(
        FloatList(name, title, tuple(ContentsLine(1, line.title, line.id) for line in some))
        for name, title, some in lists(edition)
    )
    told = tuple(
        ContentsLine(depth, f"{line.number} {line.title}".strip(), line.id, line.people)
        for depth, line in nested(lines)
    )
    terms = {name: edition.terms[name] for name in (*TERMS, *NEWER_TERMS)}
    terms["typefaces"] = typefaces_of(edition)
    terms["licence"] = short_name(edition.record.license)
    terms["date"] = printed_date(edition.record.date, edition.record.language)
    heads = tuple(Head(*head) for head in running_heads(article, references))
    return Around(told, listed, landmarks(edition, article, references), terms, heads)
