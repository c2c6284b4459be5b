"""What the pictures of the work are, as data for the edition manifest.

In: an `Edition`. Out: each place where a picture stands in article or notes, in reading order.
"""

from __future__ import annotations

from urllib.parse import unquote

from triptych.edition import Edition
from triptych.manifest import Picture
from triptych.render.miniatures import miniature
from triptych.render.parts import body_of


def pictures_of(edition: Edition) -> tuple[Picture, ...]:
    """The pictures in the order in which they are read, those of the notes last."""
    numbered = {item.id for item in edition.ledger.numbered}
    noted = {note.id for note in edition.ledger.notes}

    article, notes, _ = body_of(edition)
    found: list[Picture] = []
    for part in (article, notes):
        for element in part.iter("img") if part is not None else ():
            around = [name for each in element.iterancestors() if (name := each.get("id", ""))]
            path = element.get("src") or ""
            found.append(
                Picture(
                    file=unquote(path),
                    figure=next((name for name in (element.get("id"), *around)
                                 if name in numbered and not name.startswith("sec")), ""),
                    note=next((name for name in around if name in noted), ""),
                    alt=" ".join((element.get("alt") or "").split()),
                    words=edition.image(path).words,
                    look=miniature(edition.image(path)),
                )
            )  # fmt: skip
    return tuple(found)
