"""The cover of the printed book read back: what is on its back, its spine and its front.

In: the PDF of a cover, and how wide a page is. Out: a `Cover`. Nothing on a cover is tagged, so its
words are read in the order in which they are painted. Their position says which panel they are on.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import pikepdf

from triptych.witness.geometry import Box, Matrix, common, turned
from triptych.witness.pdf.barcode import read_barcodes
from triptych.witness.pdf.bidi import logical_order
from triptych.witness.pdf.devanagari import syllable_order
from triptych.witness.pdf.interpreter import Interpreter
from triptych.witness.pdf.opened import opened
from triptych.witness.pdf.overprint import overprinted
from triptych.witness.pdf.transcript import Letter, Transcript
from triptych.witness.pdf.visibility import Glyph
from triptych.witness.reading import Cover, Landmarks, Reading, UnreadableError

_MM = 72 / 25.4
_NEAR = 0.5
"""Letters may extend over an edge by so many points before they count as cut."""
_APART = 3.0
"""Letters so many em apart belong to two lines, side by side."""
_TO_THE_LEFT: Matrix = (0, 1, -1, 0, 0, 0)
_TO_THE_RIGHT: Matrix = (0, -1, 1, 0, 0, 0)
_UPRIGHT: Matrix = (1, 0, 0, 1, 0, 0)
_Panel = Literal["back", "spine", "front"]


def read_cover(data: bytes, page_width: float, from_right: bool = False) -> Cover:
    """Read a cover whose pages are `page_width` mm wide.

    The spine of a left-to-right work reads from the top down, with the tops of the letters towards
    the front. In a right-to-left work (`from_right`), the front and the tops are on the left.

    Raises UnreadableError if the file is not a sound PDF of one page with a trim box.
    """
    with opened(data) as pdf:
        if len(pdf.pages) != 1:
            raise UnreadableError(f"it has {len(pdf.pages)} pages, and a cover has one")
        return _cover(pdf.pages[0], page_width * _MM, from_right)


def _cover(page: pikepdf.Page, width: float, from_right: bool) -> Cover:
    left, bottom, right, top = (float(edge) for edge in page.obj["/TrimBox"])
    folds = (left + width, right - width)
    outer: tuple[_Panel, _Panel] = ("front", "back") if from_right else ("back", "front")
    panels: dict[_Panel, Box] = {
        outer[0]: (left, bottom, folds[0], top),
        "spine": (folds[0], bottom, folds[1], top),
        outer[1]: (folds[1], bottom, right, top),
    }
    upright = Interpreter().show(page)
    standing = dict.fromkeys(panels, _UPRIGHT)
    standing["spine"] = _TO_THE_RIGHT if from_right else _TO_THE_LEFT
    on_side = Interpreter().show(page, standing["spine"]).glyphs
    texts: dict[_Panel, list[Glyph]] = {panel: [] for panel in panels}
    for glyph, lying in zip(upright.glyphs, on_side, strict=True):
        middle = (glyph.box[0] + glyph.box[2]) / 2
        panel = outer[0] if middle < folds[0] else outer[1] if middle > folds[1] else "spine"
        texts[panel].append(lying if panel == "spine" else glyph)
    readings = {
        panel: _reading(panel, texts[panel], turned(box, standing[panel]), from_right)
        for panel, box in panels.items()
    }
    return Cover(
        **readings,
        width=(right - left) / _MM,
        height=(top - bottom) / _MM,
        barcodes=tuple(read_barcodes(upright.paints)),
        pictures=tuple(
            paint.box
            for paint in upright.paints
            if paint.colour is None and _touches(paint.box, (left, bottom, right, top))
        ),
    )


def _touches(box: Box, area: Box) -> bool:
    shared = common(box, area)
    return shared[0] < shared[2] and shared[1] < shared[3]


def _reading(panel: _Panel, glyphs: list[Glyph], area: Box, from_right: bool) -> Reading:
    """What is on a panel, line by line; letters outside its `area` are doubted."""
    transcript = Transcript(-1, _has_from_right(glyphs))
    marks: list[tuple[int, str]] = []
    for number, line in enumerate(_lines(glyphs), 1):
        marks.append((transcript.scribe.at, f"{panel}, line {number}"))
        transcript.scribe.gap("break")
        if _has_from_right(line):
            line = logical_order(line, from_right)
        for glyph in syllable_order(line):
            if not (glyph.why or glyph.text.isspace() or _holds(area, glyph.box)):
                glyph.why = f"it reaches out of the {panel}"
            transcript.write(0, glyph)
    starts = [at for at, _ in marks]
    letters = [
        Letter(bisect_right(starts, index), index, box, size)
        for index, (_, box, size) in enumerate(transcript.places)
    ]
    transcript.doubts += [doubt for found in overprinted({0: letters}).values() for doubt in found]
    return replace(transcript.reading(()), where=Landmarks(tuple(marks)))


def _has_from_right(glyphs: list[Glyph]) -> bool:
    """Whether any letters run from the right."""
    letters = "".join(glyph.text for glyph in glyphs)
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in letters)


def _lines(glyphs: list[Glyph]) -> Iterator[list[Glyph]]:
    """Glyphs by lines: at one height, each to the right of the one before, and near it.

    Signs on letters may be higher or lower than their letters.
    """
    line: list[Glyph] = []
    last: Glyph | None = None
    for glyph in glyphs:
        sign = _is_sign(glyph)
        if last and not _on_line(last, glyph, 1.0 if sign or _is_sign(last) else 0.1):
            yield line
            line, last = [], None
        line.append(glyph)
        last = glyph if last is None or not sign else last
    if line:
        yield line


def _is_sign(glyph: Glyph) -> bool:
    return all(unicodedata.category(letter) == "Mn" for letter in glyph.text or " ")


def _on_line(last: Glyph, glyph: Glyph, tolerance: float) -> bool:
    """Whether a glyph is near the last one and, but for some `tolerance` in em, as high."""
    level = abs(glyph.box[1] - last.box[1]) <= tolerance * max(glyph.size, last.size)
    return level and -glyph.size < glyph.box[0] - last.box[0] < _APART * glyph.size


def _holds(area: Box, box: Box) -> bool:
    return (
        area[0] - _NEAR <= box[0]
        and area[1] - _NEAR <= box[1]
        and box[2] <= area[2] + _NEAR
        and box[3] <= area[3] + _NEAR
    )
