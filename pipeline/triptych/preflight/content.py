"""What the pages of a PDF paint: each piece with its colour, size, place and overprint.

In: a page. Out: `Paint`s, in order. Clauses are those of ISO 32000-1. Soft masks and glyphs of
Type 3 fonts are not followed: the former are never printed, the latter are checked with their font.

The reader of finished files (`witness/pdf/interpreter.py`) interprets content streams too. The two
are separate on purpose: that one finds what a reader sees, this one what a press prints.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import pikepdf

from triptych.witness.geometry import Box, Matrix, bounds, common, matrix, times, unit

PaintKind = Literal["text", "stroke", "fill", "image", "shading"]
_DEPTH = 12
_ANYWHERE: Box = (-1e6, -1e6, 1e6, 1e6)


@dataclass(frozen=True, slots=True)
class InkColour:
    """A colour: its space, as named by `space_of`, and its numbers (none for a picture)."""

    space: str
    numbers: tuple[float, ...] = ()

    @property
    def inks(self) -> tuple[float, float, float, float] | None:
        """Cyan, magenta, yellow and black, if the colour is given in them."""
        if self.space == "DeviceCMYK" and len(self.numbers) == 4:
            c, m, y, k = self.numbers
            return c, m, y, k
        if self.space == "DeviceGray" and len(self.numbers) == 1:
            return 0.0, 0.0, 0.0, 1 - self.numbers[0]
        return None


@dataclass(frozen=True, slots=True)
class Paint:
    """One thing painted: `size` is the type size or the width of a line, in points.

    `box` is where it is seen, in points of the page. `picture` is an image, `extent` its width and
    height as placed, in points. `font` is the font used, `strings` what is shown in it.
    """

    kind: PaintKind
    colour: InkColour
    box: Box
    size: float = 0.0
    overprint: bool = False
    overprint_mode: int = 0
    picture: Any = None
    extent: tuple[float, float] = (0.0, 0.0)
    font: Any = None
    strings: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class _State:
    matrix: Matrix
    clip: Box = _ANYWHERE
    fill: InkColour = InkColour("DeviceGray", (0.0,))
    stroke: InkColour = InkColour("DeviceGray", (0.0,))
    pattern: Any = None
    width: float = 1.0
    font: Any = None
    size: float = 0.0
    mode: int = 0
    fill_overprint: bool = False
    stroke_overprint: bool = False
    overprint_mode: int = 0


def paints(page: pikepdf.Page) -> Iterator[Paint]:
    """Everything that a page paints."""
    resources = page.obj.get("/Resources", pikepdf.Dictionary())
    yield from _run(page, resources, _State((1, 0, 0, 1, 0, 0)), 0)


def space_of(space: Any, resources: Any) -> str:
    """The name of a colour space: `DeviceCMYK`, `ICCBased 3`, `Separation All`, `Indexed …`."""
    if isinstance(space, pikepdf.Name):
        name = str(space)[1:]
        named = resources.get("/ColorSpace", {})
        default = f"/Default{name.removeprefix('Device')}" if name.startswith("Device") else ""
        found = named.get(f"/{name}") or named.get(default or "/-")
        return name if found is None or found == space else space_of(found, {})
    if not isinstance(space, pikepdf.Array) or not len(space):
        return "unknown"
    name = str(space[0])[1:]
    if name == "ICCBased":
        return f"ICCBased {int(space[1].get('/N', 0))}"
    if name == "Separation":
        return f"Separation {str(space[1])[1:]}"
    if name in ("Indexed", "I"):
        return f"Indexed {space_of(space[1], resources)}"
    return name


def _run(stream: Any, resources: Any, state: _State, depth: int) -> Iterator[Paint]:
    stack: list[_State] = []
    path: list[tuple[float, float]] = []
    clipping = False
    line: Matrix = (1, 0, 0, 1, 0, 0)
    for instruction in pikepdf.parse_content_stream(stream):
        operator: str = str(instruction.operator)
        operands: Any = instruction.operands
        match operator:
            case "q":
                stack.append(state)
            case "Q":
                state = stack.pop() if stack else state
            case "cm":
                state = replace(state, matrix=times(matrix(operands), state.matrix))
            case "w":
                state = replace(state, width=float(operands[0]))
            case "gs":
                given = resources.get("/ExtGState", {}).get(str(operands[0]), {})
                state = _external(state, given)
            case "g" | "rg" | "k" | "cs" | "sc" | "scn":
                colour, pattern = _colour(operator, operands, state.fill, resources)
                state = replace(state, fill=colour, pattern=pattern)
            case "G" | "RG" | "K" | "CS" | "SC" | "SCN":
                colour, _ = _colour(operator.lower(), operands, state.stroke, resources)
                state = replace(state, stroke=colour)
            case "BT":
                line = (1, 0, 0, 1, 0, 0)
            case "Tm":
                line = matrix(operands)
            case "Td" | "TD":
                line = times((1, 0, 0, 1, float(operands[0]), float(operands[1])), line)
            case "Tf":
                font = resources.get("/Font", {}).get(str(operands[0]))
                state = replace(state, font=font, size=float(operands[1]))
            case "Tr":
                state = replace(state, mode=int(operands[0]))
            case "Tj" | "TJ" | "'" | '"':
                yield from _text(state, times(line, state.matrix), tuple(_strings(operands)))
            case "re":
                x, y, w, h = (float(number) for number in operands)
                path += [(x, y), (x + w, y), (x, y + h), (x + w, y + h)]
            case "m" | "l":
                path.append((float(operands[0]), float(operands[1])))
            case "c" | "v" | "y":
                numbers = [float(number) for number in operands]
                path += zip(numbers[::2], numbers[1::2], strict=False)
            case "W" | "W*":
                clipping = True
            case "f" | "F" | "f*" | "B" | "B*" | "b" | "b*" | "S" | "s" | "n":
                yield from _path(operator, path, state, resources, depth)
                if clipping:
                    area = bounds(path, state.matrix) or (0, 0, 0, 0)
                    state = replace(state, clip=common(state.clip, area))
                path, clipping = [], False
            case "sh":
                shading = resources.get("/Shading", {}).get(str(operands[0]), {})
                yield _paint("shading", _shaded(shading, resources), state.clip, state)
            case "INLINE IMAGE":
                image = operands[0]
                colour = InkColour(_inline_space(image, resources), ())
                yield _paint("image", colour, unit(state.matrix), state)
            case "Do":
                item = resources.get("/XObject", {}).get(str(operands[0]))
                if item is not None:
                    yield from _object(item, resources, state, depth)
            case _:
                pass


def _paint(kind: PaintKind, colour: InkColour, box: Box, state: _State, **more: Any) -> Paint:
    stroke = kind == "stroke"
    return Paint(
        kind, colour, common(box, state.clip),
        overprint=state.stroke_overprint if stroke else state.fill_overprint,
        overprint_mode=state.overprint_mode, **more,
    )  # fmt: skip


def _strings(operands: Any) -> Iterator[bytes]:
    """The strings that an operator shows (9.4.3)."""
    for item in operands:
        if isinstance(item, pikepdf.Array):
            yield from _strings(item)
        elif isinstance(item, pikepdf.String):
            yield bytes(item)


def _text(state: _State, place: Matrix, strings: tuple[bytes, ...]) -> Iterator[Paint]:
    if state.mode in (3, 7):
        return  # not painted; 9.3.6
    scale = abs(place[0] * place[3] - place[1] * place[2]) ** 0.5
    x, y = place[4], place[5]
    size = state.size * scale
    box = (x, y, x + size, y + size)
    outlined = state.mode in (1, 2, 5, 6)
    if state.mode in (0, 2, 4, 6):
        yield _paint("text", state.fill, box, state, size=size, font=state.font, strings=strings)
    if outlined:
        yield _paint("text", state.stroke, box, state, size=size, font=state.font, strings=strings)


def _path(
    operator: str, path: list[tuple[float, float]], state: _State, resources: Any, depth: int
) -> Iterator[Paint]:
    box = bounds(path, state.matrix)
    if box is None:
        return
    if operator[0] in "fFBb":
        if state.pattern is not None:
            yield from _pattern(state.pattern, box, state, resources, depth)
        else:
            thin = min(box[2] - box[0], box[3] - box[1])
            yield _paint("fill", state.fill, box, state, size=thin)
    if operator[0] in "BbSs":
        a, b, c, d, *_ = state.matrix
        scale = abs(a * d - b * c) ** 0.5
        yield _paint("stroke", state.stroke, box, state, size=state.width * scale)


def _pattern(pattern: Any, box: Box, state: _State, resources: Any, depth: int) -> Iterator[Paint]:
    """What a tiling pattern paints, once, or the colours of a shading pattern (8.7)."""
    if pattern.get("/PatternType") == 2:
        yield _paint("shading", _shaded(pattern["/Shading"], resources), box, state)
    elif depth < _DEPTH:
        own = matrix(pattern.get("/Matrix", [1, 0, 0, 1, 0, 0]))
        inner = replace(_State(own), clip=common(box, state.clip))
        yield from _run(pattern, pattern.get("/Resources", resources), inner, depth + 1)


def _object(item: Any, resources: Any, state: _State, depth: int) -> Iterator[Paint]:
    if item.get("/Subtype") == "/Image":
        if item.get("/ImageMask"):
            colour = state.fill
        else:
            space = item.get("/ColorSpace")
            colour = InkColour(space_of(space, resources) if space is not None else "JPX")
        a, b, c, d, *_ = state.matrix
        extent = (a * a + b * b) ** 0.5, (c * c + d * d) ** 0.5
        yield _paint("image", colour, unit(state.matrix), state, picture=item, extent=extent)
    elif item.get("/Subtype") == "/Form" and depth < _DEPTH:
        own = matrix(item.get("/Matrix", [1, 0, 0, 1, 0, 0]))
        inner = replace(state, matrix=times(own, state.matrix))
        left, bottom, right, top = (float(edge) for edge in item.get("/BBox", [0, 0, 0, 0]))
        area = bounds([(left, bottom), (right, top), (left, top), (right, bottom)], inner.matrix)
        inner = replace(inner, clip=common(state.clip, area or state.clip))
        yield from _run(item, item.get("/Resources", resources), inner, depth + 1)


def _colour(operator: str, operands: Any, now: InkColour, resources: Any) -> tuple[InkColour, Any]:
    """The colour that an operator sets, and the pattern, if it is one (8.6.8)."""
    device = {"g": "DeviceGray", "rg": "DeviceRGB", "k": "DeviceCMYK"}
    if operator in device:
        space = space_of(pikepdf.Name("/" + device[operator]), resources)
        return InkColour(space, tuple(float(number) for number in operands)), None
    if operator == "cs":
        space = space_of(operands[0], resources)
        start = {"DeviceCMYK": (0.0, 0.0, 0.0, 1.0), "DeviceGray": (0.0,)}.get(space, ())
        return InkColour(space, start), None
    if len(operands) and isinstance(operands[-1], pikepdf.Name):
        pattern = resources.get("/Pattern", {}).get(str(operands[-1]))
        return InkColour("Pattern"), pattern
    return InkColour(now.space, tuple(float(number) for number in operands)), None


def _external(state: _State, given: Any) -> _State:
    """Overprint and line width of a graphics state parameter dictionary (8.4.5)."""
    if "/OP" in given:
        stroke = bool(given["/OP"])
        state = replace(
            state, stroke_overprint=stroke, fill_overprint=bool(given.get("/op", stroke))
        )
    elif "/op" in given:
        state = replace(state, fill_overprint=bool(given["/op"]))
    if "/OPM" in given:
        state = replace(state, overprint_mode=int(given["/OPM"]))
    if "/LW" in given:
        state = replace(state, width=float(given["/LW"]))
    if "/Font" in given:
        state = replace(state, font=given["/Font"][0], size=float(given["/Font"][1]))
    return state


def _shaded(shading: Any, resources: Any) -> InkColour:
    return InkColour(space_of(shading.get("/ColorSpace", pikepdf.Name("/unknown")), resources))


def _inline_space(image: Any, resources: Any) -> str:
    short = {"/G": "DeviceGray", "/RGB": "DeviceRGB", "/CMYK": "DeviceCMYK"}
    try:
        told = image.obj.get("/ColorSpace", image.obj.get("/CS", pikepdf.Name("/DeviceGray")))
    except AttributeError:
        return "unknown"
    return short.get(str(told), space_of(told, resources))
