"""Running heads and whatever else a page prints outside the text, such as page numbers.

In: the glyphs that are in no text, and the letters of the texts. Out: each `RunningHead`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce

from triptych.witness.geometry import around
from triptych.witness.pdf.transcript import Letter, adjoins, beside
from triptych.witness.pdf.visibility import Glyph
from triptych.witness.reading import RunningHead

Loose = tuple[int, Glyph]
"""A glyph that is in no text and in no picture, and its page."""

_ROW = 12.0
"""In points: letters are looked up by the strip of the page that they are in."""


def running_heads(
    loose: Sequence[Loose],
    letters: Mapping[int, Sequence[Letter]],
    as_read: Callable[[list[Glyph]], list[Glyph]],
) -> Iterator[RunningHead]:
    """What is printed but in no tag: running heads, page numbers, repeated table heads.

    `letters` are those of each page; `as_read` puts the glyphs of a piece into reading order.
    """
    rows: dict[tuple[int, int], list[Letter]] = {}
    for number, page_letters in letters.items():
        for letter in page_letters:
            rows.setdefault((number, int(letter.box[1] // _ROW)), []).append(letter)
    top = dict(sorted(rows))  # the highest strip of each page
    highest = {page: max(letter.box[1] for letter in rows[page, row]) for page, row in top.items()}
    piece: list[Glyph] = []
    last: Loose | None = None
    for page, glyph in [*loose, (-1, None)]:
        if last is not None and (glyph is None or not adjoins(last, (page, glyph), 0.5)):
            text = "".join(item.text for item in as_read(piece))
            if text.strip():
                read = beside(piece)
                box = reduce(around, (item.box for item in piece))
                yield RunningHead(
                    text, last[0] + 1, box,
                    in_line=any(_in_line(last[0], item, rows) for item in piece),
                    above=box[1] > highest.get(last[0], 0.0),
                    unseen=read.unseen, shapes=read.shapes,
                )  # fmt: skip
            piece = []
        if glyph is not None:
            piece.append(glyph)
            last = page, glyph


def _in_line(page: int, glyph: Glyph, rows: Mapping[tuple[int, int], list[Letter]]) -> bool:
    """Whether a glyph is in a line of text, or at its edge."""
    room, row = 1.2 * glyph.size, int(glyph.box[1] // _ROW)
    return not glyph.text.isspace() and any(
        abs(letter.box[1] - glyph.box[1]) < 0.5 * letter.size
        and letter.box[0] - room < glyph.box[2]
        and glyph.box[0] < letter.box[2] + room
        for near in (row - 1, row, row + 1)
        for letter in rows.get((page, near), ())
    )
