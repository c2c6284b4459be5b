"""The computed style of an element: how it is seen in one setting, and what its children inherit.

In: an element, its values after the cascade, the style of its parent. Out: its own style.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from triptych.witness.html.emphasis import Marks, emphasis_of
from triptych.witness.html.listing import listing_of
from triptych.witness.html.values import (
    KEPT,
    Rgba,
    colour,
    colour_word,
    first_family,
    length,
    number,
    over,
    resolved,
    type_size,
)

DoubtKind = Literal["hidden", "disguised", "moved"]
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ComputedStyle:
    """How an element is seen in one setting, and what its children inherit.

    `listing` is how list items are told from each other: a counter style of CSS, or why it is none.
    `from_right` is whether text is set from the right. `families` are the available typefaces.
    `line` is the height of a line, relative to the type size. `fill` is what letters are filled
    with, if not with `colour`. `marks` are the emphasis of its letters. `untold` is a value that is
    not known.
    """

    dark: bool
    colour: Rgba = (0.0, 0.0, 0.0, 1.0)
    fill: Rgba | None = None
    ground: Rgba = (1.0, 1.0, 1.0, 1.0)
    size: float = 16.0
    opacity: float = 1.0
    line: float = 1.2
    family: str = "serif"
    families: frozenset[str] = frozenset()
    visible: bool = True
    from_right: bool = False
    listing: str = "disc"
    marks: Marks = frozenset()
    untold: str = ""
    kind: DoubtKind | None = None
    why: str = ""
    custom: Values = field(default_factory=dict)


_SMALLER = {"small": 0.83, "sub": 0.83, "sup": 0.83}


def compute(element: Any, own: Values, above: ComputedStyle) -> tuple[ComputedStyle, Values]:
    """The style of an element with values of its `own`; and these, with variables replaced."""
    own = {**_hints(element.etree_element), **own}
    new = {name: value for name, value in own.items() if name.startswith("--")}
    custom = {**above.custom, **new} if new else above.custom
    values = {
        name: resolved(value, custom).lower()
        for name, value in own.items()
        if not name.startswith("--")
    }
    style = replace(above, custom=custom) if new else above
    for name, read in READ.items():
        if name in values and values[name] not in KEPT:
            told = read(values[name], style, above)
            style = told or replace(style, untold=f"{name}: {values[name]}")
    direction = element.etree_element.get("dir", "").lower()
    if direction and "direction" not in values:
        style = replace(style, from_right=direction == "rtl")
    size = style.size * _SMALLER.get(element.local_name, 1.0)
    listing = listing_of(element, values, above.listing)
    marks = emphasis_of(_usual(element), values, above.marks)
    if (size, listing, marks) != (style.size, style.listing, style.marks):
        style = replace(style, size=size, listing=listing, marks=marks)
    return style, values


def _usual(element: Any) -> str:
    """The name by which browsers know how an element looks: only a link is an `a` for them."""
    tag = str(element.local_name)
    return "" if tag == "a" and element.etree_element.get("href") is None else tag


def _hints(node: Any) -> dict[str, str]:
    """The values of attributes, which style sheets override (MathML Core, 2.1.3)."""
    hints = {"color": node.get("mathcolor"), "background-color": node.get("mathbackground")}
    return {name: value for name, value in hints.items() if value}


_Read = Callable[[str, ComputedStyle, ComputedStyle], ComputedStyle | None]


def _read_size(value: str, style: ComputedStyle, above: ComputedStyle) -> ComputedStyle | None:
    size = type_size(value, above.size)
    return None if size is None else replace(style, size=size)


def _read_line(value: str, style: ComputedStyle, _: ComputedStyle) -> ComputedStyle | None:
    if value in ("normal", "initial"):
        return replace(style, line=1.2)
    part = number(value)
    measured = length(value, style.size)
    if part is None and measured is not None:
        part = measured / max(style.size, 0.01)
    return None if part is None else replace(style, line=part)


def _read_family(value: str, style: ComputedStyle, _: ComputedStyle) -> ComputedStyle | None:
    return replace(style, family=first_family(value))


def _read_colour(value: str, style: ComputedStyle, above: ComputedStyle) -> ComputedStyle | None:
    if value == "currentcolor":
        return style
    ink = (0.0, 0.0, 0.0, 1.0) if value == "initial" else colour(value, above.dark)
    return None if ink is None else replace(style, colour=ink)


def _read_ground(value: str, style: ComputedStyle, above: ComputedStyle) -> ComputedStyle | None:
    word = colour_word(value)
    told = colour(word, above.dark)
    if told is None:
        return None
    if word == "transparent" and "(" not in value and not set(value.split()) <= _BARE:
        return None  # an unknown colour name
    return replace(style, ground=over(told, style.ground))


_BARE = frozenset(
    "transparent none initial unset repeat no-repeat scroll fixed local border-box padding-box "
    "content-box 0 0% center left right top bottom".split()
)


def _read_image(value: str, style: ComputedStyle, _: ComputedStyle) -> ComputedStyle | None:
    return None if paints_image(value) and not is_stroke(value) else style


def is_stroke(value: str) -> bool:
    """Whether an image is one thin line from corner to corner, which covers no letter."""
    found = _STROKE.fullmatch("".join(value.split()))
    return found is not None and all(float(half) <= 0.05 for half in found.groups())


_STROKE = re.compile(
    r"linear-gradient\(to(?:top|bottom)right,transparentcalc\(50%-([\d.]+)em\),"
    r"currentcolorcalc\(50%-([\d.]+)em\),currentcolorcalc\(50%\+([\d.]+)em\),"
    r"transparentcalc\(50%\+([\d.]+)em\)\)"
)


def paints_image(value: str) -> bool:
    """Whether a value of a background is, or has, an image."""
    return _IMAGE.search(value) is not None


_IMAGE = re.compile(r"\b(?:url|[\w-]*gradient|image-set|cross-fade|element|paint)\(")


def _read_fill(value: str, style: ComputedStyle, above: ComputedStyle) -> ComputedStyle | None:
    ink = style.colour if value == "currentcolor" else colour(value, above.dark)
    return None if ink is None else replace(style, fill=ink)


def _read_opacity(value: str, style: ComputedStyle, above: ComputedStyle) -> ComputedStyle | None:
    part = 1.0 if value == "initial" else number(value)
    return None if part is None else replace(style, opacity=above.opacity * part)


def _read_visibility(value: str, style: ComputedStyle, _: ComputedStyle) -> ComputedStyle | None:
    known = {"hidden": False, "collapse": False, "visible": True, "initial": True}
    return replace(style, visible=known[value]) if value in known else None


def _read_direction(value: str, style: ComputedStyle, _: ComputedStyle) -> ComputedStyle | None:
    return replace(style, from_right=value == "rtl")


READ: Mapping[str, _Read] = {
    "font-size": _read_size,
    "line-height": _read_line,
    "font-family": _read_family,
    "color": _read_colour,
    "-webkit-text-fill-color": _read_fill,
    "background-color": _read_ground,
    "background-image": _read_image,
    "opacity": _read_opacity,
    "visibility": _read_visibility,
    "direction": _read_direction,
}
"""Properties whose computed values are judged, in the order they are read."""
