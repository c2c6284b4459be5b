"""What the contents list of the work says, as data for the edition manifest.

In: an `Edition`. Out: the lines that a format with notes at its end prints, in order.
"""

from __future__ import annotations

from triptych.edition import Edition
from triptych.manifest import ContentsLine
from triptych.render.index import index_headings
from triptych.render.parts import bibliographies, body_of, contents, nested, titled


def contents_lines(edition: Edition) -> tuple[ContentsLine, ...]:
    """The lines of the contents, that of the notes among them."""
    article, notes, references = body_of(edition)
    if notes is not None:
        titled(notes, edition.terms["notes"])
    for section in bibliographies(article, references):
        titled(section, edition.terms["references"])
    lines = contents(edition, article, notes, references) + index_headings(edition)
    return tuple(
        ContentsLine(depth, f"{line.number} {line.title}".strip(), line.id, line.people)
        for depth, line in nested(lines)
    )
