"""Drawings (SVG), where WeasyPrint 70 paints them otherwise than they say.

In: a node of a drawing that is about to be painted. Out: the same painted with its mask, its clip,
the width of its stroke, and its pattern in place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from weasyprint.svg.bounding_box import is_valid_bounding_box
from weasyprint.svg.utils import parse_url, size

_SHAPES = ("circle", "ellipse", "line", "path", "polygon", "polyline", "rect")
_FAR = 1e5
"""In px. How far a mask without edges of its own reaches to each side."""


def draw_node(
    original: Callable[..., None], svg: Any, node: Any, font_size: float, fill_stroke: bool = True,
    context: Any = None,
) -> None:  # fmt: skip
    """Draw a node of which the mask holds for all it has, and the clip for its own box.

    WeasyPrint sets a mask after it has drawn what a group holds, gives it the box of a node of
    width and height only, and knows no clip of the rule `evenodd`.
    """
    kept = dict(node.attrib)
    pushed = False
    mask = _named(node, "mask", svg.masks)
    if mask is not None and mask.get("maskUnits") != "userSpaceOnUse":
        mask.attrib.update(
            maskUnits="userSpaceOnUse", x=-_FAR, y=-_FAR, width=2 * _FAR, height=2 * _FAR
        )
    if mask is not None and node.tag not in _SHAPES:
        svg.stream.push_state()
        pushed = True
        svg.transform(node, font_size)
        node.attrib.pop("transform", None)
        node.attrib.pop("mask")
        _paint_mask(svg, node, mask, font_size)
    clip = _named(node, "clip-path", svg.paths)
    if clip is not None and clip.get("clipPathUnits") == "objectBoundingBox":
        box = svg.calculate_bounding_box(node, font_size, False)
        if node.tag in _SHAPES and node.tag != "rect" and is_valid_bounding_box(box):
            node.attrib.update(zip(("x", "y", "width", "height"), box, strict=True))
    if clip is not None and any(child.get("clip-rule") == "evenodd" for child in clip):
        _clip_once_even_odd(svg.stream)
    original(svg, node, font_size, fill_stroke, context)
    node.attrib.clear()
    node.attrib.update(kept)
    if pushed:
        svg.stream.pop_state()


def _named(node: Any, name: str, found: Any) -> Any:
    """What a property of a node names, if it is there."""
    fragment = parse_url(node.get(name)).fragment
    return found.get(fragment) if fragment else None


def _paint_mask(svg: Any, node: Any, mask: Any, font_size: float) -> None:
    from weasyprint.svg import paint_mask

    paint_mask(svg, node, mask, font_size)


def _clip_once_even_odd(stream: Any) -> None:
    """Let the next clip of a stream be of the rule `evenodd`."""
    clip = stream.clip

    def clip_even_odd() -> None:
        stream.clip = clip
        clip(even_odd=True)

    stream.clip = clip_even_odd


def set_graphical_state(
    original: Callable[..., Any], svg: Any, node: Any, font_size: float, context: Any = None
) -> Any:
    """Set the width of strokes that a gradient or a pattern paints too."""
    source, _ = node.get_paint("stroke", context)
    if source:
        svg.stream.set_line_width(svg.length(node.get("stroke-width", "1px"), font_size))
    return original(svg, node, font_size, context)


def draw_pattern(
    original: Callable[..., bool], svg: Any, node: Any, pattern: Any, font_size: float,
    opacity: float, stroke: bool,
) -> bool:  # fmt: skip
    """Let a pattern begin where it says, and not at the edge of what it fills."""
    box = svg.calculate_bounding_box(node, font_size, stroke)
    if pattern.get("patternUnits") != "userSpaceOnUse" or not is_valid_bounding_box(box):
        return original(svg, node, pattern, font_size, opacity, stroke)
    given = pattern.get("patternTransform")
    x, y = (size(pattern.get(name, 0), font_size, 1) for name in ("x", "y"))
    pattern.attrib["patternTransform"] = (
        f"translate({-box[0]} {-box[1]}) {given or ''} translate({x} {y})"
    )
    painted = original(svg, node, pattern, font_size, opacity, stroke)
    pattern.attrib.pop("patternTransform")
    if given is not None:
        pattern.attrib["patternTransform"] = given
    return painted
