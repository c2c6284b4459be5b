"""What the pictures of the work are, as data for the edition manifest.

In: an `Edition`, and the picture on the cover of the e-book, where one is made. Out: each place
where a picture stands, in reading order.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Literal
from urllib.parse import unquote

from triptych.edition import Edition, Image
from triptych.manifest import Picture
from triptych.render.epub.cover_image import cover_words
from triptych.render.miniatures import miniature
from triptych.render.parts import body_of, title_of
from triptych.tree import Element


def pictures_of(edition: Edition, cover: Image | None = None) -> tuple[Picture, ...]:
    """The pictures in the order in which they are read, those of the notes and the cover last."""
    look = cache(lambda path: miniature(edition.image(path)))
    numbered = {item.id for item in edition.ledger.numbered}
    noted = {note.id for note in edition.ledger.notes}

    def pictures(part: Element | None, kind: Literal["text", "title"]) -> Iterator[Picture]:
        for element in part.iter("img") if part is not None else ():
            around = [name for each in element.iterancestors() if (name := each.get("id", ""))]
            path = element.get("src") or ""
            yield Picture(
                file=unquote(path),
                figure=next((name for name in (element.get("id"), *around)
                             if name in numbered and not name.startswith("sec")), ""),
                note=next((name for name in around if name in noted), ""),
                alt=" ".join((element.get("alt") or "").split()),
                words=edition.image(path).words,
                look=look(path),
                part=kind,
            )  # fmt: skip

    article, notes, _ = body_of(edition)
    found = [*pictures(title_of(edition), "title")]
    found += [one for part in (article, notes) for one in pictures(part, "text")]
    if cover is not None:
        words = cover_words(edition)
        found.append(Picture(cover.path, words, look=miniature(cover), part="cover"))
    return tuple(found)
