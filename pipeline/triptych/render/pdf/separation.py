"""Separation: every colour in the pages, forms, patterns, shadings and pictures becomes inks.

In: a PDF as the typesetter writes it, with colours for a screen. Out: the same PDF, changed in
place, with no colours but inks. What it shows, and where, stays the same.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pikepdf

from triptych.render.pdf.inks import BLACK, Inks, Press, lab_of, tone
from triptych.render.pdf.screen import drop

_JPEG_QUALITY = 95

StreamColour = tuple[str, tuple[float, ...]] | None
"""A colour as the stream gives it, with its kind, `RGB` or `LAB`; None where none changes."""


def separate(pdf: pikepdf.Pdf, press: Press) -> None:
    """Turn every colour of `pdf` into the inks of `press`."""
    masks = set(_masks(pdf))
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream):
            if item.get("/Subtype") == "/Image":
                _separate_image(item, press)
            elif item.get("/Subtype") == "/Form" or item.get("/PatternType") == 1:
                _separate_stream(item, press, item.objgen in masks)
        if isinstance(item, pikepdf.Dictionary | pikepdf.Stream) and "/ShadingType" in item:
            _separate_shading(item, press)
    for page in pdf.pages:
        new = _Separator(press, page.obj.Resources, mask=False).run(page)
        page.obj.Contents = pdf.make_stream(
            b"q\n" + pikepdf.unparse_content_stream([_set(BLACK, False), _set(BLACK, True)])
            + b"\n" + new + b"\nQ\n"
        )  # fmt: skip
        page.obj.Group = pikepdf.Dictionary(
            Type=pikepdf.Name.Group, S=pikepdf.Name.Transparency, CS=pikepdf.Name(press.space)
        )
    for page in pdf.pages:
        drop(page.obj.Resources, "/ColorSpace")


def _masks(pdf: pikepdf.Pdf) -> Iterator[tuple[int, int]]:
    """The forms whose lightness is a soft mask (ISO 32000-1, 11.6.5.3): they are not printed."""
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary):
            for state in [item, *_kids(item.get("/ExtGState"))]:
                mask = state.get("/SMask")
                if isinstance(mask, pikepdf.Dictionary) and mask.get("/S") == "/Luminosity":
                    yield mask["/G"].objgen


def _kids(item: Any) -> Iterator[Any]:
    if isinstance(item, pikepdf.Dictionary):
        yield from (kid for kid in item.values() if isinstance(kid, pikepdf.Dictionary))


def _separate_stream(item: pikepdf.Stream, press: Press, mask: bool) -> None:
    resources: Any = item.get("/Resources", pikepdf.Dictionary())
    item.write(_Separator(press, resources, mask).run(item))
    group: Any = item.get("/Group")
    if group is not None:
        item.Group = pikepdf.Dictionary(group)
        item.Group.CS = pikepdf.Name("/DeviceGray" if mask else press.space)
    if "/ColorSpace" in resources:
        item.Resources = pikepdf.Dictionary(resources)
        del item.Resources["/ColorSpace"]


# --- Content streams -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _State:
    """The colours in force, as the stream gave them, and the colour spaces chosen."""

    fill: StreamColour = None
    stroke: StreamColour = None
    fill_space: str = ""
    stroke_space: str = ""


class _Separator:
    """Rewrites one content stream. One colour may have different inks for letters and areas."""

    def __init__(self, press: Press, resources: Any, mask: bool) -> None:
        self._press = press
        self._mask = mask
        self._spaces = {
            name: _kind(space) for name, space in resources.get("/ColorSpace", {}).items()
        }

    def run(self, stream: Any) -> bytes:
        """The stream's new content."""
        return pikepdf.unparse_content_stream(list(self._instructions(stream)))

    def _instructions(self, stream: Any) -> Iterator[Any]:
        state = _State()
        stack: list[_State] = []
        in_text = False
        for instruction in pikepdf.parse_content_stream(stream):
            operator, operands = str(instruction.operator), list(instruction.operands)
            stroke = operator.isupper()
            match operator:
                case "q":
                    stack.append(state)
                    yield instruction
                case "Q":
                    state = stack.pop() if stack else state
                    yield instruction
                case "BT" | "ET":
                    in_text = operator == "BT"
                    yield instruction
                    yield from self._colours_again(state, in_text)
                case "rg" | "RG":
                    state = _with(state, stroke, ("RGB", _numbers(operands)))
                    yield from self._set_colour(state, stroke, in_text)
                case "cs" | "CS":
                    space = self._spaces.get(str(operands[0]), str(operands[0]))
                    state = _in_space(state, stroke, space)
                    if space not in ("RGB", "LAB", "/DeviceRGB", "/DeviceCMYK", "/DeviceGray"):
                        yield instruction
                case "sc" | "scn" | "SC" | "SCN":
                    space = state.stroke_space if stroke else state.fill_space
                    if space in ("RGB", "LAB", "/DeviceRGB"):
                        kind = "LAB" if space == "LAB" else "RGB"
                        state = _with(state, stroke, (kind, _numbers(operands)))
                        yield from self._set_colour(state, stroke, in_text)
                    elif space in ("/DeviceCMYK", "/DeviceGray"):
                        yield self._as_given(_numbers(operands), stroke)
                    else:
                        yield instruction
                case "g" | "G" | "k" | "K":
                    state = _with(state, stroke, None)
                    yield self._as_given(_numbers(operands), stroke)
                case _:
                    yield instruction

    def _as_given(self, numbers: tuple[float, ...], stroke: bool) -> Any:
        """Inks, or a grey, that the page itself names, such as the ground of a cover."""
        if self._mask or len(numbers) == 1:
            return _set(numbers, stroke)
        if self._press.colour == "grey":
            c, m, y, k = numbers
            return _set((0, 0, 0, min(1, round(k + 0.3 * c + 0.59 * m + 0.11 * y, 3))), stroke)
        return _set(numbers, stroke)

    def _set_colour(self, state: _State, stroke: bool, in_text: bool) -> Iterator[Any]:
        colour = state.stroke if stroke else state.fill
        if colour is not None:
            yield _set(self._mixed(colour, in_text), stroke)

    def _colours_again(self, state: _State, in_text: bool) -> Iterator[Any]:
        """Set colours again where text begins or ends, if their inks differ there."""
        for stroke in (False, True):
            colour = state.stroke if stroke else state.fill
            if colour is not None and self._mixed(colour, True) != self._mixed(colour, False):
                yield _set(self._mixed(colour, in_text), stroke)

    def _mixed(self, colour: tuple[str, tuple[float, ...]], in_text: bool) -> Inks:
        kind, numbers = colour
        if self._mask:
            return (_light(kind, numbers),)
        return self._press.inks(kind, numbers, in_text)


def _with(state: _State, stroke: bool, colour: StreamColour) -> _State:
    return replace(state, stroke=colour) if stroke else replace(state, fill=colour)


def _in_space(state: _State, stroke: bool, space: str) -> _State:
    if stroke:
        return replace(state, stroke_space=space, stroke=None)
    return replace(state, fill_space=space, fill=None)


def _set(inks: Inks, stroke: bool) -> Any:
    operator = {1: "g", 4: "k"}[len(inks)]
    return pikepdf.ContentStreamInstruction(
        [_number(ink) for ink in inks], pikepdf.Operator(operator.upper() if stroke else operator)
    )


def _number(value: float) -> Any:
    return int(value) if value == int(value) else round(value, 3)


def _numbers(operands: Any) -> tuple[float, ...]:
    return tuple(float(number) for number in operands)


def _kind(space: Any) -> str:
    """What the numbers of a colour space mean: `RGB`, `LAB`, or the name of the space."""
    if isinstance(space, pikepdf.Array):
        if space[0] == "/Lab":
            return "LAB"
        if space[0] == "/CalRGB" or (space[0] == "/ICCBased" and space[1].N == 3):
            return "RGB"
    return str(space) if isinstance(space, pikepdf.Name) else "other"


def _light(kind: str, numbers: tuple[float, ...]) -> float:
    """How light a colour is, from 0 to 1."""
    lab = numbers if kind == "LAB" else lab_of(*(round(part * 255) for part in numbers))
    return round(tone(lab[0]), 3)


# --- Shadings and pictures -----------------------------------------------------------------------


def _separate_shading(shading: Any, press: Press) -> None:
    """Let a gradient run between the inks of its colours (ISO 32000-1, 8.7.4.5)."""
    if _kind(shading["/ColorSpace"]) not in ("RGB", "/DeviceRGB"):
        return
    for function in _functions(shading["/Function"]):
        for name in ("/C0", "/C1"):
            mixed = press.inks("RGB", _numbers(function[name]), False)
            inks = mixed if press.colour == "cmyk" else (1 - mixed[3],)
            function[name] = pikepdf.Array([_number(ink) for ink in inks])
    shading["/ColorSpace"] = pikepdf.Name(press.space)


def _functions(function: Any) -> Iterator[Any]:
    if function["/FunctionType"] == 3:
        for inner in function["/Functions"]:
            yield from _functions(inner)
    else:
        yield function


def _separate_image(item: pikepdf.Stream, press: Press) -> None:
    space = item.get("/ColorSpace")
    if space is None or space == "/DeviceGray" or item.get("/ImageMask"):
        return  # soft masks, and masks of one bit
    if space == "/DeviceCMYK" and press.colour == "cmyk":
        return
    as_jpeg = item.get("/Filter") == "/DCTDecode"
    printed = press.picture(pikepdf.PdfImage(item).as_pil_image(apply_mask=False))
    if as_jpeg:
        out = io.BytesIO()
        printed.save(out, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
        item.write(out.getvalue(), filter=pikepdf.Name.DCTDecode)
    else:
        item.write(printed.tobytes())
    drop(item, "/Decode")
    if as_jpeg and printed.mode == "CMYK":
        item.Decode = pikepdf.Array([1, 0] * 4)  # such JPEGs hold the inks inverted
    item.ColorSpace = pikepdf.Name(press.space)
    item.BitsPerComponent = 8
