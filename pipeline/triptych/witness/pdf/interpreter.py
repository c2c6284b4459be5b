"""Content streams of a PDF, interpreted for the text and for what may hide it.

In: a page. Out: what it shows, `Shown`. Clauses are those of ISO 32000-1. Lengths are in points,
from the page's lower left corner. The preflight has an interpreter of its own
(`preflight/content.py`). The two are separate on purpose: this one finds what a reader sees, that
one what a press prints.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf

from triptych.witness.geometry import (
    Box,
    Matrix,
    bounds,
    common,
    matrix,
    times,
    turned,
    unit,
    within,
)
from triptych.witness.pdf.fonts import Font, read_font
from triptych.witness.pdf.graphics import Path, State, colour_of, external_state, text_state
from triptych.witness.pdf.lines import find_lines
from triptych.witness.pdf.visibility import Glyph, PaintedArea, Shown, appearances, find_hidden
from triptych.witness.reading import UnreadableError

_LAYER = "on a layer, which may be switched off"


@dataclass(slots=True)
class _Marks:
    """The open marked content (14.6): each with its number, and why it is hidden, if so.

    `signs` gives for each the sign that its glyphs are pieces of, if so; `pieces` are those glyphs.
    """

    numbers: list[int] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)
    pieces: list[Glyph] = field(default_factory=list)

    def close(self, base: int) -> None:
        """Close all but the first `base`."""
        del self.numbers[base:], self.hidden[base:], self.signs[base:]

    def within(self, why: str) -> _Marks:
        """The same, for content that is hidden by something else."""
        number = self.numbers[-1] if self.numbers else -1
        return _Marks([*self.numbers, number], [*self.hidden, why])


_MOST_FORMS = 5_000
"""Forms shown on one page (8.10); a form may show others, or wrongly itself."""


class Interpreter:
    """Interprets the pages of a PDF; fonts are read once."""

    def __init__(self) -> None:
        self._fonts: dict[tuple[int, int], Font] = {}

    def show(self, page: pikepdf.Page, turn: Matrix = (1, 0, 0, 1, 0, 0)) -> Shown:
        """All that `page` shows, turned by the matrix `turn`."""
        self._glyphs: list[Glyph] = []
        self._paints: list[PaintedArea] = []
        self._order = self._forms = 0
        left, bottom, right, top = (float(edge) for edge in page.mediabox)
        a, b, c, d = (float(edge) for edge in page.cropbox)
        sheet = common((left, bottom, right, top), (a, b, c, d))
        state = State(turn, turned(sheet, turn))
        marks = _Marks()
        angle = int(page.obj.get("/Rotate", 0)) % 360
        lies = right - left > top - bottom  # a wide table's page, which stands upright in print
        if angle == 180 or (angle and not lies):
            marks = marks.within("on a page that is turned round")
        self._run(page, page.obj.get("/Resources", pikepdf.Dictionary()), state, marks, 0)
        self._paints += appearances(page, self._order + 1, turn)
        find_hidden(self._glyphs, self._paints)
        find_lines(self._glyphs, self._paints)
        return Shown(self._glyphs, self._paints)

    def _run(self, stream: Any, resources: Any, state: State, marks: _Marks, depth: int) -> None:
        stack: list[State] = []
        path = Path()
        clipping = False
        line: Matrix = (1, 0, 0, 1, 0, 0)
        text: Matrix = line
        base = len(marks.numbers)
        for operands, operator in _operations(stream):
            match operator:
                case "q":
                    stack.append(state)
                case "Q":
                    state = stack.pop() if stack else state
                case "cm":
                    state = replace(state, matrix=times(matrix(operands), state.matrix))
                case "BT":
                    line = text = (1, 0, 0, 1, 0, 0)
                case "Tm":
                    line = text = matrix(operands)
                case "Td" | "TD":
                    dx, dy = float(operands[0]), float(operands[1])
                    line = text = times((1, 0, 0, 1, dx, dy), line)
                    if operator == "TD":
                        state = replace(state, leading=-dy)
                case "T*":
                    line = text = times((1, 0, 0, 1, 0, -state.leading), line)
                case "Tf":
                    font = self._font(resources, str(operands[0]))
                    state = replace(state, font=font, size=float(operands[1]))
                case "TJ":
                    text = self._show(operands[0], state, text, marks)
                case "Tj":
                    text = self._show([operands[0]], state, text, marks)
                case "'" | '"':
                    if operator == '"':
                        state = replace(
                            state, word_spacing=float(operands[0]), spacing=float(operands[1])
                        )
                    line = times((1, 0, 0, 1, 0, -state.leading), line)
                    text = self._show([operands[-1]], state, line, marks)
                case "Tc" | "Tw" | "TL" | "Ts" | "Tz" | "Tr":
                    state = text_state(state, operator, float(operands[0]))
                case "gs":
                    given = resources.get("/ExtGState", {}).get(str(operands[0]), {})
                    state = external_state(state, given)
                case "g" | "rg" | "k" | "sc" | "scn":
                    state = replace(state, fill=colour_of(operator, operands, state.fill_space))
                case "G" | "RG" | "K" | "SC" | "SCN":
                    state = replace(state, stroke=colour_of(operator.lower(), operands, None))
                case "cs":
                    space = str(operands[0])
                    named = resources.get("/ColorSpace", {}).get(space)
                    state = replace(state, fill_space=named, fill=(0.0, 0.0, 0.0))
                case "w":
                    state = replace(state, line_width=float(operands[0]))
                case "re":
                    path.rectangle(*(float(number) for number in operands))
                case "m" | "l":
                    path.go(float(operands[0]), float(operands[1]), draw=operator == "l")
                case "c" | "v" | "y":
                    numbers = [float(number) for number in operands]
                    path.curve(list(zip(numbers[::2], numbers[1::2], strict=False)))
                case "h":
                    path.close()
                case "W" | "W*":
                    clipping = True
                case "f" | "F" | "f*" | "B" | "B*" | "b" | "b*" | "S" | "s" | "n":
                    box = bounds(path.points, state.matrix)
                    if box and operator[0] in "fFBb":
                        self._paint(box, state)
                    if operator[0] in "bs":
                        path.close()
                    if operator[0] in "BbSs":
                        self._stroke(path, state)
                    if clipping:
                        state = replace(
                            state,
                            clip=common(state.clip, box or (0, 0, 0, 0)),
                            shaped=state.shaped or not path.is_box,
                        )
                    path, clipping = Path(), False
                case "sh":
                    self._paint(state.clip, replace(state, fill=None))
                case "INLINE IMAGE":
                    self._paint(unit(state.matrix), replace(state, fill=None))
                case "Do":
                    self._do(resources, str(operands[0]), state, marks, depth)
                case "BMC" | "BDC":
                    self._open(marks, resources, operands)
                case "EMC":
                    if len(marks.numbers) > base:
                        marks.close(len(marks.numbers) - 1)
                case _:
                    pass
        marks.close(base)

    # --- Text ------------------------------------------------------------------------------------

    def _font(self, resources: Any, name: str) -> Font | None:
        found = resources.get("/Font", {}).get(name)
        if found is None:
            return None
        key = found.objgen if found.is_indirect else (0, id(found))
        if key not in self._fonts:
            self._fonts[key] = read_font(found)
        return self._fonts[key]

    def _show(self, items: Any, state: State, text: Matrix, marks: _Marks) -> Matrix:
        """Show strings (9.4.3); return the text matrix after them."""
        font, size = state.font, state.size
        if font is None:
            return text
        content = marks.numbers[-1] if marks.numbers else -1
        why = next(filter(None, marks.hidden), "") or state.unpainted
        inkless = state.inkless or any(marks.hidden)
        sign = marks.signs[-1] if marks.signs else ""
        colour = state.stroke if state.mode in (1, 5) else state.fill
        a, b, c, d, e, f = text
        full = times(text, state.matrix)
        scale = (abs(full[0] * full[3] - full[1] * full[2])) ** 0.5
        shown_size = size * scale
        if not why and shown_size < 3:
            why = f"type of {shown_size:.1f} pt"
        if not why and (full[0] <= 0 or full[3] <= 0):
            why = "type turned round or mirrored"
        if not why and state.shaped:
            why = "clipped by a shape, and what remains is not known"
        across = (full[0] ** 2 + full[1] ** 2) ** 0.5 * state.stretch
        upwards = (full[2] ** 2 + full[3] ** 2) ** 0.5
        if not why and not 0.5 < across / max(upwards, 1e-9) < 2:
            why = "type squeezed or stretched out of shape"
        stretch, clip = state.stretch, state.clip
        fa, fb, fc, fd, fe, ff = full
        low, high = state.rise, state.rise + 0.45 * size
        for item in items:
            if not isinstance(item, pikepdf.String):
                shift = -float(item) / 1000 * size * stretch
                e, f = e + shift * a, f + shift * b
                fe, ff = fe + shift * fa, ff + shift * fb
                continue
            for code, advance, said, width in font.read(bytes(item)):
                wide = advance * size * stretch
                # Two corners of the glyph's box in text space, transformed to the page.
                x0, y0 = fc * low + fe, fd * low + ff
                x1, y1 = fa * wide + fc * high + fe, fb * wide + fd * high + ff
                upright = x0 <= x1 and y0 <= y1
                box = (
                    (x0, y0, x1, y1)
                    if upright
                    else (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
                )
                self._order += 1
                unseen = why
                if not unseen and not within((x0 + x1) / 2, (y0 + y1) / 2, clip):
                    unseen = "outside the page or what is shown of it"
                glyph = Glyph(
                    said, box, shown_size, content, self._order, font, code, colour, unseen,
                    inkless=inkless,
                )  # fmt: skip
                self._glyphs.append(glyph)
                if sign:
                    _join_piece(glyph, sign, marks.pieces)
                step = (
                    wide
                    + (state.spacing + (state.word_spacing if width == 1 and code == 32 else 0.0))
                    * stretch
                )
                e, f = e + step * a, f + step * b
                fe, ff = fe + step * fa, ff + step * fb
        return a, b, c, d, e, f

    # --- Everything else -------------------------------------------------------------------------

    def _paint(self, box: Box, state: State) -> None:
        shown = common(box, state.clip)
        seen = state.alpha * state.around > 0.1
        if shown[0] < shown[2] and shown[1] < shown[3] and seen:
            self._order += 1
            self._paints.append(PaintedArea(shown, self._order, state.fill))

    def _stroke(self, path: Path, state: State) -> None:
        """Lines cover what is below them, as areas do (8.5.3.2)."""
        if state.stroke_alpha * state.around <= 0.1:
            return
        scale = abs(state.matrix[0] * state.matrix[3] - state.matrix[1] * state.matrix[2]) ** 0.5
        half = max(state.line_width * scale, 0.1) / 2
        for start, end in path.segments:
            box = bounds([start, end], state.matrix)
            if box:
                wide = (box[0] - half, box[1] - half, box[2] + half, box[3] + half)
                slanted = box[2] - box[0] > 2 * half and box[3] - box[1] > 2 * half
                if not slanted or half > 2:
                    self._paint(wide, replace(state, fill=state.stroke, alpha=1.0))

    def _do(self, resources: Any, name: str, state: State, marks: _Marks, depth: int) -> None:
        found = resources.get("/XObject", {}).get(name)
        if found is None or depth > 12:
            return
        if found.get("/Subtype") == "/Image":
            self._paint(unit(state.matrix), replace(state, fill=None))
            return
        if "/OC" in found:
            marks = marks.within(_LAYER)
        self._forms += 1
        if self._forms > _MOST_FORMS:
            raise UnreadableError("a page of it shows forms within forms without end")
        own = matrix(found.get("/Matrix", [1, 0, 0, 1, 0, 0]))
        inner = replace(state, matrix=times(own, state.matrix))
        if "/Group" in found:  # which is painted as one thing, and transparent as a whole (11.6.6)
            around = state.around * state.alpha
            inner = replace(inner, around=around, alpha=1.0, stroke_alpha=1.0)
        left, bottom, right, top = (float(edge) for edge in found.get("/BBox", [0, 0, 0, 0]))
        box = bounds([(left, bottom), (right, top), (left, top), (right, bottom)], inner.matrix)
        inner = replace(inner, clip=common(state.clip, box or state.clip))
        self._run(found, found.get("/Resources", resources), inner, marks, depth + 1)

    def _open(self, marks: _Marks, resources: Any, operands: Any) -> None:
        number, hidden, sign = -1, "", ""
        if len(operands) > 1:
            properties = operands[1]
            if isinstance(properties, pikepdf.Name):
                properties = resources.get("/Properties", {}).get(str(properties))
            if str(operands[0]) == "/OC":
                hidden = _LAYER
            if isinstance(properties, pikepdf.Dictionary):
                told = str(properties.get("/ActualText", ""))
                if len(told) == 1 and not told.isalnum():
                    sign = told
                elif {"/ActualText", "/E", "/Alt"} & set(properties.keys()):
                    hidden = _OTHER_WORDS
                number = int(properties.get("/MCID", -1))
        if number == -1 and str(operands[0]) != "/Artifact" and marks.numbers:
            number = marks.numbers[-1]
        marks.numbers.append(number)
        marks.hidden.append(hidden)
        marks.signs.append(sign)
        marks.pieces = []


_OTHER_WORDS = "it is read out as other words (ActualText)"


def _join_piece(glyph: Glyph, sign: str, pieces: list[Glyph]) -> None:
    """Take a glyph as a piece of `sign` (14.9.4), if it is joined to the piece before it.

    Pieces of a tall sign are above each other, those of a wide one overlap.
    """
    if pieces:
        left, right = pieces[-1].box, glyph.box
        above = abs(left[0] - right[0]) < 0.1 * glyph.size and left[1] != right[1]
        overlapping = left[1] == right[1] and right[0] < left[2] - 0.02 * glyph.size
        if not (above or overlapping):
            glyph.why = glyph.why or _OTHER_WORDS
    glyph.sign = sign
    glyph.text = "" if pieces else sign
    pieces.append(glyph)


def _operations(stream: Any) -> Iterator[tuple[Any, str]]:
    for instruction in pikepdf.parse_content_stream(stream):
        yield instruction.operands, str(instruction.operator)
