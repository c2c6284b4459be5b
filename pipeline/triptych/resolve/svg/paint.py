"""Paint that the typesetter shows otherwise than browsers do, written so that both agree.

In: a drawing whose elements have their own styles. Out: the same, changed in place. Gradients have
numbers instead of shares and no transforms, and lines with arrows are plain paths.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import pairwise

from fontTools.misc.transform import Transform
from fontTools.pens.basePen import BasePen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.svgLib.path import parse_path
from lxml import etree

from triptych.resolve.svg.css import SVG, inherited, set_value, style_of, value_of, write_style
from triptych.resolve.svg.lengths import numbers, px, shown, viewport
from triptych.tree import Element

Point = tuple[float, float]
HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_STEPS = 16
"""Into how many parts a gradient between two opacities is cut."""


def ids_of(root: Element) -> Mapping[str, Element]:
    """The elements of a drawing by their ids."""
    return {name: each for each in root.iter(etree.Element) if (name := each.get("id"))}


def target_of(element: Element, ids: Mapping[str, Element]) -> Element | None:
    """The element that another's `href` names."""
    named = next((href for name in HREFS if (href := element.get(name))), "")
    return ids.get(named[1:]) if named.startswith("#") else None


def painted_by(element: Element, name: str, ids: Mapping[str, Element]) -> Element | None:
    """The element that a property names as `url(#id)`."""
    match = re.match(r"url\(\s*[\"']?#([^\"')]+)", value_of(element, name))
    return ids.get(match[1]) if match else None


# --- Gradients -----------------------------------------------------------------------------------


_SIDES = {"x1": 0, "x2": 0, "cx": 0, "fx": 0, "y1": 1, "y2": 1, "cy": 1, "fy": 1, "r": 2, "fr": 2}
"""What a share in each number is a share of: the width, the height, or the diagonal."""


def write_colours(root: Element) -> None:
    """Write colours of CSS Color 4 as red, green and blue, which every reader of drawings knows."""
    for element in root.iter(etree.Element):
        called = any("(" in value for value in element.attrib.values())
        for name in _COLOURED if called else ():
            value = value_of(element, name)
            if _NEW_COLOUR.match(value) and (colour := _srgb(value)):
                *parts, alpha = colour
                plain = ",".join(str(round(part * 255)) for part in parts)
                set_value(
                    element,
                    name,
                    f"rgb({plain})" if alpha == 1 else f"rgba({plain},{shown(alpha)})",
                )


_COLOURED = (
    "color", "fill", "stroke", "stop-color", "flood-color", "lighting-color",
)  # fmt: skip
_NEW_COLOUR = re.compile(
    r"\s*(?:(?:ok)?(?:lab|lch)|hwb|color)\(|\s*(?:rgb|hsl)a?\([^),]*[^\s),]\s+[^\s),]", re.I
)
"""A colour in a function, or with blanks between its parts, that SVG 1.1 does not know."""


def write_gradients(root: Element) -> Iterator[str]:
    """Write gradients with numbers, without transforms. Yield what cannot be written so."""
    ids = ids_of(root)
    width, height = viewport(root)
    for gradient in list(root.iter(f"{SVG}linearGradient", f"{SVG}radialGradient")):
        radial = gradient.tag == f"{SVG}radialGradient"
        own = _with_inherited(gradient, ids)
        in_space = own.get("gradientUnits") == "userSpaceOnUse"
        sides = (width, height, math.hypot(width, height) / math.sqrt(2))
        wholes = sides if in_space else (1.0, 1.0, 1.0)
        at = {name: px(own[name], whole=wholes[n]) for name, n in _SIDES.items() if name in own}
        amiss = any("%" in own[name] for name in at) or (radial and "r" not in own)
        if radial:
            at = {"cx": wholes[0] / 2, "cy": wholes[1] / 2, "r": wholes[2] / 2, **at}
        if written := own.pop("gradientTransform", ""):
            plain = _without(_transform(written), at, radial, wholes)
            amiss = amiss or plain is not None
            at = at if plain is None else plain
            if plain is None:
                own["gradientTransform"] = written
            else:
                gradient.attrib.pop("gradientTransform", None)
        if amiss:
            for name, value in {**own, **{name: shown(n) for name, n in at.items()}}.items():
                gradient.set(name, value)
            _own_stops(gradient, ids)
        _cut_opacities(gradient)
        if own.get("spreadMethod", "pad") != "pad":
            yield "the repetition of a gradient"


def _with_inherited(gradient: Element, ids: Mapping[str, Element]) -> dict[str, str]:
    """The attributes of a gradient, with those of the ones that it is made after."""
    own: dict[str, str] = {}
    seen: list[Element] = []
    each: Element | None = gradient
    while each is not None and each not in seen:
        seen.append(each)
        for name, value in each.attrib.items():
            if name not in ("id", "style", *HREFS):
                own.setdefault(str(name), str(value))
        each = target_of(each, ids)
    return own


def _own_stops(gradient: Element, ids: Mapping[str, Element]) -> None:
    """Give a gradient copies of the stops of the one that it is made after."""
    seen: list[Element] = []
    each: Element | None = gradient
    while each is not None and each not in seen and not len(gradient):
        seen.append(each)
        each = target_of(each, ids)
        for stop in each if each is not None else ():
            copy = etree.SubElement(gradient, stop.tag, dict(stop.attrib))
            copy.attrib.pop("id", None)
    for name in HREFS:
        gradient.attrib.pop(name, None)


def _without(
    turned: Transform, at: Mapping[str, float], radial: bool, wholes: tuple[float, float, float]
) -> dict[str, float] | None:
    """The numbers of the same gradient without its transform, or None where there are none."""
    a, b, c, d, *_ = turned
    if radial:
        if abs(a - d) > 1e-3 * abs(a) or abs(b + c) > 1e-3 * max(abs(a), abs(b), 1e-9):
            return None  # circles become ellipses
        focus = (at.get("fx", at["cx"]), at.get("fy", at["cy"]))
        cx, cy = turned.transformPoint((at["cx"], at["cy"]))
        fx, fy = turned.transformPoint(focus)
        radii = {name: at[name] * math.hypot(a, b) for name in ("r", "fr") if name in at}
        return {"cx": cx, "cy": cy, "fx": fx, "fy": fy, **radii}
    start = (at.get("x1", 0.0), at.get("y1", 0.0))
    end = (at.get("x2", wholes[0]), at.get("y2", 0.0))
    across = (-(end[1] - start[1]), end[0] - start[0])  # along it, the colour stays the same
    (x1, y1), (x2, y2) = map(turned.transformPoint, (start, end))
    ax, ay = turned.transformVector(across)
    length = ax * ax + ay * ay
    if not length:
        return None
    along = ((x2 - x1) * ax + (y2 - y1) * ay) / length
    return {"x1": x1, "y1": y1, "x2": x2 - along * ax, "y2": y2 - along * ay}


def _cut_opacities(gradient: Element) -> None:
    """Cut a gradient between two opacities into steps, which the typesetter mixes as browsers."""
    stops = [_stop(stop) for stop in gradient if stop.tag == f"{SVG}stop"]
    if len({opacity for _, _, opacity in stops}) < 2:
        return
    for stop in list(gradient):
        gradient.remove(stop)
    fine = stops[:1]
    for (at, colour, opacity), (to, other, lighter) in pairwise(stops):
        steps = _STEPS if opacity != lighter and to > at else 1
        for step in range(1, steps + 1):
            t = step / steps
            mixed = tuple(p + (q - p) * t for p, q in zip(colour, other, strict=True))
            fine.append((at + (to - at) * t, mixed, opacity + (lighter - opacity) * t))
    for at, colour, opacity in fine:
        red, green, blue = (round(part * 255) for part in colour)
        etree.SubElement(
            gradient, f"{SVG}stop", {
                "offset": shown(at), "stop-color": f"rgb({red},{green},{blue})",
                "stop-opacity": shown(opacity),
            },
        )  # fmt: skip


def _stop(stop: Element) -> tuple[float, tuple[float, ...], float]:
    """Offset, colour and opacity of a stop."""
    named = value_of(stop, "stop-color") or "black"
    named = inherited(stop, "color", "black") if named == "currentColor" else named
    red, green, blue, alpha = _srgb(named) or (0.0, 0.0, 0.0, 1.0)
    opacity = px(value_of(stop, "stop-opacity"), 1.0, whole=1.0)
    return px(stop.get("offset") or "", whole=1.0), (red, green, blue), opacity * alpha


def _srgb(written: str) -> tuple[float, float, float, float] | None:
    """A colour as red, green, blue and opacity, each 0 to 1, or None where it cannot be read."""
    from coloraide import Color

    try:
        colour = Color(written.strip()).convert("srgb").clip()
    except ValueError:
        return None
    red, green, blue = colour.coords(nans=False)
    return red, green, blue, colour.alpha(nans=False)


_STEP = re.compile(r"(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^)]*)\)")


def _transform(written: str) -> Transform:
    """A `transform` as a matrix (SVG 2, 8.5)."""
    whole = Transform()
    for name, inside in _STEP.findall(written):
        n = numbers(inside)
        if name == "matrix" and len(n) == 6:
            whole = whole.transform(tuple(n))
        elif name == "translate" and n:
            whole = whole.translate(n[0], n[1] if len(n) > 1 else 0)
        elif name == "scale" and n:
            whole = whole.scale(n[0], n[1] if len(n) > 1 else n[0])
        elif name == "rotate" and n:
            x, y = (n[1], n[2]) if len(n) == 3 else (0.0, 0.0)
            whole = whole.translate(x, y).rotate(math.radians(n[0])).translate(-x, -y)
        elif n:
            lean = math.radians(n[0])
            whole = whole.skew(lean, 0) if name == "skewX" else whole.skew(0, lean)
    return whole


# --- Lines, copies and the ground -----------------------------------------------------------------


class _Cubic(SVGPathPen):  # type: ignore[misc]  # fontTools has no types
    """Writes paths with cubic curves only, of which the first begins as a straight line."""

    _qCurveToOne = BasePen._qCurveToOne  # noqa: N815
    _began = False

    def _curveToOne(self, one: Point, two: Point, end: Point) -> None:  # noqa: N802
        if not self._began:
            x, y = self._getCurrentPoint()
            toward = next(((a, b) for a, b in (one, two, end) if (a, b) != (x, y)), end)
            self._lineTo((x + (toward[0] - x) * _BRIEF, y + (toward[1] - y) * _BRIEF))
        self._began = True
        super()._curveToOne(one, two, end)

    def _lineTo(self, end: Point) -> None:  # noqa: N802
        self._began = True
        super()._lineTo(end)


_BRIEF = 0.01
"""The part of a curve's beginning that is straight, since only there is its direction known."""


def straighten_arrows(root: Element) -> None:
    """Let arrows stand on plain paths, of which the typesetter knows the directions."""
    for line in root.iter(f"{SVG}polyline", f"{SVG}polygon", f"{SVG}path"):
        if not any(inherited(line, f"marker{end}") for end in ("", "-start", "-mid", "-end")):
            continue
        if line.tag == f"{SVG}path":
            mids = inherited(line, "marker-mid", "none") != "none"
            if not mids and re.search(r"[qtcsa]", line.get("d") or "", re.I):
                pen = _Cubic(None)
                with suppress(ValueError):  # a path with a fault is drawn up to it
                    parse_path(line.get("d"), pen)
                    line.set("d", pen.getCommands())
            continue
        points = numbers(line.attrib.pop("points", ""))
        pairs = [f"{shown(x)} {shown(y)}" for x, y in zip(points[::2], points[1::2], strict=False)]
        line.set("d", f"M{' L'.join(pairs)}" + "Z" * (line.tag == f"{SVG}polygon"))
        line.tag = f"{SVG}path"


def size_copies(root: Element) -> None:
    """Give copies of symbols without a size the size that they have (SVG 2, 5.5)."""
    ids = ids_of(root)
    for use in root.iter(f"{SVG}use"):
        target = target_of(use, ids)
        if target is not None and target.tag == f"{SVG}symbol":
            for name in ("width", "height"):
                if not value_of(use, name) and not target.get(name):
                    use.set(name, "100%")


def keep_stroke_widths(root: Element) -> None:
    """Write the widths of strokes that are not scaled with their line as ones that are."""
    for line in root.iter(etree.Element):
        if value_of(line, "vector-effect") != "non-scaling-stroke":
            set_value(line, "vector-effect", None)
            continue
        set_value(line, "vector-effect", None)
        scale = 1.0
        for each in (line, *line.iterancestors()):
            a, b, c, d, *_ = _transform(value_of(each, "transform"))
            scale *= math.sqrt(abs(a * d - b * c)) or 1.0
        if scale != 1.0:
            width = px(inherited(line, "stroke-width"), 1.0)
            set_value(line, "stroke-width", shown(width / scale))


def paint_ground(root: Element) -> None:
    """Paint the ground that a drawing's own style asks for, unless it is white or none."""
    style = style_of(root)
    ground = style.pop("background-color", "") or style.pop("background", "")
    if not ground:
        return
    write_style(root, style)
    colour = _srgb(ground)
    if colour is None or not colour[3] or min(colour[:3]) > 0.996:
        return
    box = [shown(number) for number in numbers(root.get("viewBox") or "")]
    x, y, width, height = box if len(box) == 4 else ("0", "0", "100%", "100%")
    rect = etree.Element(f"{SVG}rect", x=x, y=y, width=width, height=height, fill=ground)
    root.insert(0, rect)
