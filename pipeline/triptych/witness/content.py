"""Content streams of a PDF, interpreted as far as text and what may hide it are concerned.

Clauses are those of ISO 32000-1. Lengths are in points, from the page's lower left corner.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf

from triptych.witness.colour import PALE, Colour, contrast
from triptych.witness.fonts import Font, read_font
from triptych.witness.geometry import Box, Matrix, bounds, common, matrix, times, unit, within

_EVERYWHERE: Box = (-1e6, -1e6, 1e6, 1e6)
_LAYER = "on a layer, which may be switched off"


@dataclass(slots=True)
class Glyph:
    """One glyph as shown: what it says, where, and how it is painted.

    `box` spans its advance from the baseline up to the height of a small letter; `content` is the
    number of its marked content (-1: none), `order` its turn among all that is painted, `why` why
    it cannot be seen, if so. `sign` is the one sign that it is a piece of, if so: the first piece
    says it, the others nothing.
    """

    text: str
    box: Box
    size: float
    content: int
    order: int
    font: Font
    code: int
    colour: Colour | None
    why: str = ""
    sign: str = ""


@dataclass(slots=True)
class Paint:
    """An area painted over the page: a filled path, an image, a shading."""

    box: Box
    order: int
    colour: Colour | None


@dataclass(slots=True)
class Shown:
    """All that a page shows, in the order of painting."""

    glyphs: list[Glyph]
    paints: list[Paint]


@dataclass(frozen=True, slots=True)
class _State:
    """The graphics state (8.4) and text state (9.3).

    `clip` is the box of what is clipped to, `shaped` whether that is anything but a box.
    """

    matrix: Matrix
    clip: Box = _EVERYWHERE
    shaped: bool = False
    fill: Colour | None = (0.0, 0.0, 0.0)
    stroke: Colour | None = (0.0, 0.0, 0.0)
    fill_space: Any = None
    alpha: float = 1.0
    blended: bool = False
    stroke_alpha: float = 1.0
    masked: bool = False
    font: Font | None = None
    size: float = 0.0
    spacing: float = 0.0
    word_spacing: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0
    line_width: float = 1.0


@dataclass(slots=True)
class _Marks:
    """The marked content (14.6) that is open: each with its number, and why it is hidden, if so.

    `signs` gives for each the sign that its glyphs are pieces of, if so; `pieces` the glyphs of it.
    """

    numbers: list[int] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)
    pieces: list[Glyph] = field(default_factory=list)

    def close(self, base: int) -> None:
        """Close all but the first `base`."""
        del self.numbers[base:], self.hidden[base:], self.signs[base:]

    def within(self, why: str) -> _Marks:
        """The same, for what is hidden in addition."""
        number = self.numbers[-1] if self.numbers else -1
        return _Marks([*self.numbers, number], [*self.hidden, why])


class _Path:
    """A path under construction (8.5.2); curves count as the lines between their points."""

    def __init__(self) -> None:
        self.points: list[tuple[float, float]] = []
        self.segments: list[tuple[tuple[float, float], tuple[float, float]]] = []
        self._start = (0.0, 0.0)
        self._boxes = 0

    @property
    def is_box(self) -> bool:
        """Whether the path is one rectangle, or nothing."""
        if self._boxes:
            return self._boxes == 1 and len(self.points) == 2
        corners = list(dict.fromkeys(self.points))
        xs, ys = {x for x, _ in corners}, {y for _, y in corners}
        straight = all(a[0] == b[0] or a[1] == b[1] for a, b in self.segments)
        return not corners or (straight and (len(corners), len(xs), len(ys)) == (4, 2, 2))

    def rectangle(self, x: float, y: float, width: float, height: float) -> None:
        """Add a rectangle."""
        self._boxes += 1
        a, b, c, d = (x, y), (x + width, y), (x + width, y + height), (x, y + height)
        self.points += [a, c]
        self.segments += [(a, b), (b, c), (c, d), (d, a)]
        self._start = a

    def go(self, x: float, y: float, draw: bool) -> None:
        """Go to a point, drawing a line or not."""
        if draw and self.points:
            self.segments.append((self.points[-1], (x, y)))
        elif not draw:
            self._start = (x, y)
        self.points.append((x, y))

    def curve(self, points: list[tuple[float, float]]) -> None:
        """Go along a curve's points."""
        for x, y in points:
            self.go(x, y, draw=True)

    def close(self) -> None:
        """Draw a line back to where the path began."""
        if self.points and self.points[-1] != self._start:
            self.segments.append((self.points[-1], self._start))


class Interpreter:
    """Interprets the pages of a PDF; fonts are read once."""

    def __init__(self) -> None:
        self._fonts: dict[tuple[int, int], Font] = {}

    def show(self, page: pikepdf.Page) -> Shown:
        """All that `page` shows."""
        self._glyphs: list[Glyph] = []
        self._paints: list[Paint] = []
        self._order = 0
        left, bottom, right, top = (float(edge) for edge in page.mediabox)
        crop = tuple(float(edge) for edge in page.cropbox)
        state = _State(
            (1, 0, 0, 1, 0, 0),
            clip=common((left, bottom, right, top), crop),  # type: ignore[arg-type]
        )
        marks = _Marks()
        angle = int(page.obj.get("/Rotate", 0)) % 360
        lies = right - left > top - bottom  # a wide table's page, which a press stands upright
        if angle == 180 or (angle and not lies):
            marks = marks.within("on a page that is turned round")
        self._run(page, page.obj.get("/Resources", pikepdf.Dictionary()), state, marks, 0)
        self._paints += _appearances(page, self._order + 1)
        _find_hidden(self._glyphs, self._paints)
        return Shown(self._glyphs, self._paints)

    def _run(self, stream: Any, resources: Any, state: _State, marks: _Marks, depth: int) -> None:
        stack: list[_State] = []
        path = _Path()
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
                    state = _text_state(state, operator, float(operands[0]))
                case "gs":
                    state = self._external(state, resources, str(operands[0]))
                case "g" | "rg" | "k" | "sc" | "scn":
                    state = replace(state, fill=_colour(operator, operands, state.fill_space))
                case "G" | "RG" | "K" | "SC" | "SCN":
                    state = replace(state, stroke=_colour(operator.lower(), operands, None))
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
                    path, clipping = _Path(), False
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

    def _show(self, items: Any, state: _State, text: Matrix, marks: _Marks) -> Matrix:
        """Show strings (9.4.3); return the text matrix after them."""
        font, size = state.font, state.size
        if font is None:
            return text
        content = marks.numbers[-1] if marks.numbers else -1
        why = next(filter(None, marks.hidden), "") or _unpainted(state)
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
            why = "cut by a shape of which it cannot be told what it leaves"
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
                # Two corners of the glyph's box in the text space, carried to the page.
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
                    said, box, shown_size, content, self._order, font, code, colour, unseen
                )
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

    def _paint(self, box: Box, state: _State) -> None:
        shown = common(box, state.clip)
        if shown[0] < shown[2] and shown[1] < shown[3] and state.alpha > 0.1:
            self._order += 1
            self._paints.append(Paint(shown, self._order, state.fill))

    def _stroke(self, path: _Path, state: _State) -> None:
        """Lines cover what they are drawn over as areas do (8.5.3.2)."""
        if state.stroke_alpha <= 0.1:
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

    def _do(self, resources: Any, name: str, state: _State, marks: _Marks, depth: int) -> None:
        found = resources.get("/XObject", {}).get(name)
        if found is None or depth > 12:
            return
        if found.get("/Subtype") == "/Image":
            self._paint(unit(state.matrix), replace(state, fill=None))
            return
        if "/OC" in found:
            marks = marks.within(_LAYER)
        own = matrix(found.get("/Matrix", [1, 0, 0, 1, 0, 0]))
        inner = replace(state, matrix=times(own, state.matrix))
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

    def _external(self, state: _State, resources: Any, name: str) -> _State:
        """A graphics state parameter dictionary (8.4.5)."""
        given = resources.get("/ExtGState", {}).get(name, {})
        if "/ca" in given:
            state = replace(state, alpha=float(given["/ca"]))
        if "/CA" in given:
            state = replace(state, stroke_alpha=float(given["/CA"]))
        if "/BM" in given:
            mode = given["/BM"]
            mode = mode[0] if isinstance(mode, pikepdf.Array) else mode
            state = replace(state, blended=mode not in ("/Normal", "/Compatible"))
        if "/SMask" in given:
            state = replace(state, masked=given["/SMask"] != "/None")
        if "/Font" in given:
            font, size = given["/Font"]
            state = replace(state, font=read_font(font), size=float(size))
        return state


_OTHER_WORDS = "it is read out as other words (ActualText)"


def _join_piece(glyph: Glyph, sign: str, pieces: list[Glyph]) -> None:
    """Take a glyph for a piece of `sign` (14.9.4), if it is joined to the piece before it.

    Pieces of a tall sign stand above each other, those of a wide one overlap.
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


def _appearances(page: pikepdf.Page, order: int) -> list[Paint]:
    """The areas of annotations that show something of their own over the page (12.5.5).

    Programs draw most kinds of annotation even where these bring no appearance.
    """
    painted = []
    for annotation in page.obj.get("/Annots", []):
        hidden = int(annotation.get("/F", 0)) & (1 << 1 | 1 << 5)
        silent = annotation.get("/Subtype") in ("/Link", "/Popup") and "/AP" not in annotation
        if "/Rect" in annotation and not (hidden or silent):
            x0, y0, x1, y1 = (float(edge) for edge in annotation["/Rect"])
            box = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
            painted.append(Paint(box, order, None))
    return painted


def _text_state(state: _State, operator: str, value: float) -> _State:
    match operator:
        case "Tc":
            return replace(state, spacing=value)
        case "Tw":
            return replace(state, word_spacing=value)
        case "TL":
            return replace(state, leading=value)
        case "Ts":
            return replace(state, rise=value)
        case "Tz":
            return replace(state, stretch=value / 100)
        case _:
            return replace(state, mode=int(value))


def _unpainted(state: _State) -> str:
    if state.mode in (3, 7):
        return f"text rendering mode {state.mode}, which paints nothing"
    alpha = state.stroke_alpha if state.mode in (1, 5) else state.alpha
    if alpha < 0.1:
        return "it is transparent"
    if state.masked:
        return "a soft mask over it"
    if state.blended:
        return "it is blended with its ground"
    if (state.stroke if state.mode in (1, 5) else state.fill) is None:
        return "painted in a pattern, or in a colour that cannot be told"
    return ""


# --- What hides text ------------------------------------------------------------------------------


def _find_hidden(glyphs: list[Glyph], paints: list[Paint]) -> None:
    """Mark the glyphs that something painted later lies over, or that have their ground's colour.

    A glyph is covered where an area painted after it takes in more than a quarter of it.
    """
    cells: dict[int, list[Paint]] = {}
    for paint in paints:
        for cell in range(int(paint.box[1] // 40), int(paint.box[3] // 40) + 1):
            cells.setdefault(cell, []).append(paint)
    for glyph in glyphs:
        if glyph.why or glyph.text.isspace():
            continue
        box = glyph.box
        ground: Colour | None = (1.0, 1.0, 1.0)
        under = 0
        for paint in cells.get(int((box[1] + box[3]) / 2 // 40), ()):
            over = paint.box
            width = min(box[2], over[2]) - max(box[0], over[0])
            height = min(box[3], over[3]) - max(box[1], over[1])
            if width <= 0 or height <= 0:
                continue
            share = width * height / max((box[2] - box[0]) * (box[3] - box[1]), 1e-6)
            if paint.order > glyph.order and share > 0.25:
                glyph.why = "something painted over it"
                break
            if under < paint.order < glyph.order and share > 0.5:
                under, ground = paint.order, paint.colour
        else:
            if glyph.colour and ground and contrast(glyph.colour, ground) < PALE:
                glyph.why = "text of the colour of its ground"


def _colour(operator: str, operands: Any, space: Any) -> Colour | None:
    """A colour as red, green and blue from 0 to 1; None where it cannot be told (8.6)."""
    try:
        numbers = [float(number) for number in operands]
    except (TypeError, ValueError):
        return None  # a pattern
    if isinstance(space, pikepdf.Array) and space[0] not in ("/ICCBased", "/CalRGB", "/CalGray"):
        return None
    if operator == "g" or len(numbers) == 1:
        return (numbers[0],) * 3
    if len(numbers) == 3:
        return numbers[0], numbers[1], numbers[2]
    if len(numbers) == 4:
        cyan, magenta, yellow, black = numbers
        return tuple(  # type: ignore[return-value]  # three of them
            (1 - ink) * (1 - black) for ink in (cyan, magenta, yellow)
        )
    return None
