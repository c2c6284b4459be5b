"""Words along a curve: each letter with its place and direction, which all programs show.

In: a drawing with `<textPath>`. Out: the same with plain `<text>`, whose letters stand where the
house's face for text would put them.
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import suppress
from itertools import accumulate, pairwise
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.svgLib.path import parse_path

from triptych.resolve.svg.css import SVG, inherited, set_value
from triptych.resolve.svg.lengths import px
from triptych.resolve.svg.paint import HREFS, Point, ids_of, target_of
from triptych.resolve.svg.words import width_of
from triptych.tree import Element, remove

_PIECES = 24
"""Into how many straight pieces a curve is cut."""


class _Flat(BasePen):  # type: ignore[misc]  # fontTools has no types
    """Collects the points of a path, its curves cut into straight pieces."""

    def __init__(self) -> None:
        super().__init__(None)
        self.points: list[Point] = []

    def _moveTo(self, point: Point) -> None:  # noqa: N802
        self.points.append(point)

    def _lineTo(self, point: Point) -> None:  # noqa: N802
        self.points.append(point)

    def _curveToOne(self, one: Point, two: Point, end: Point) -> None:  # noqa: N802
        start: Any = self._getCurrentPoint()
        for step in range(1, _PIECES + 1):
            t = step / _PIECES
            u = 1 - t
            weights = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
            corners = (start, one, two, end)
            self.points.append((
                sum(w * p[0] for w, p in zip(weights, corners, strict=True)),
                sum(w * p[1] for w, p in zip(weights, corners, strict=True)),
            ))  # fmt: skip


def lay_on_curves(root: Element) -> Iterator[str]:
    """Give the letters of each `<textPath>` their places. Yield what cannot be laid so."""
    ids = ids_of(root)
    for curve in list(root.iter(f"{SVG}textPath")):
        path = target_of(curve, ids)
        words = re.sub(r"\s+", " ", "".join(curve.itertext())).strip()
        if path is None or path.tag != f"{SVG}path" or not words:
            yield "words along a curve that is not there"
            remove(curve)
            continue
        if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in words) or any(
            unicodedata.category(letter) in ("Mn", "Mc") for letter in words
        ):
            yield "the curve that words run along"
        pen = _Flat()
        with suppress(ValueError):  # a path with a fault is drawn up to it
            parse_path(path.get("d") or "", pen)
        _lay(curve, words, pen.points)


def _lay(curve: Element, words: str, points: list[Point]) -> None:
    lengths = [0.0, *accumulate(math.dist(a, b) for a, b in pairwise(points))]
    whole = lengths[-1]
    size = px(inherited(curve, "font-size"), 16.0)
    spacing = px(inherited(curve, "letter-spacing"), em=size)
    wide = [width_of(letter) * size + spacing for letter in words]
    at = px(curve.get("startOffset") or "", em=size, whole=whole)
    at -= {"middle": 0.5, "end": 1.0}.get(inherited(curve, "text-anchor"), 0.0) * sum(wide)
    xs: list[str] = []
    ys: list[str] = []
    turns: list[str] = []
    for advance in wide:
        x, y, turn = _place(at + advance / 2, lengths, points)
        xs.append(f"{x - math.cos(turn) * advance / 2:.2f}")
        ys.append(f"{y - math.sin(turn) * advance / 2:.2f}")
        turns.append(f"{math.degrees(turn):.1f}")
        at += advance
    tail = curve.tail
    for name in ("startOffset", "method", "spacing", "side", *HREFS):
        curve.attrib.pop(name, None)
    for child in list(curve):
        curve.remove(child)
    curve.tag = f"{SVG}tspan"
    curve.text = words
    curve.tail = tail
    curve.set("x", " ".join(xs))
    curve.set("y", " ".join(ys))
    curve.set("rotate", " ".join(turns))
    around = curve.getparent()
    for each in (curve, *([] if around is None else [around])):
        set_value(each, "text-anchor", None)
        set_value(each, "letter-spacing", None)
    if around is not None and around.tag == f"{SVG}text":
        around.text = (around.text or "").strip() or None
        curve.tail = (tail or "").strip() or None


def _place(at: float, lengths: list[float], points: list[Point]) -> tuple[float, float, float]:
    """The point at a length along the path, and the direction there, in radians."""
    if len(points) < 2:
        return (*points[0], 0.0) if points else (0.0, 0.0, 0.0)
    index = min(max(bisect_left(lengths, at), 1), len(points) - 1)
    (x1, y1), (x2, y2) = points[index - 1], points[index]
    turn = math.atan2(y2 - y1, x2 - x1)
    beyond = at - lengths[index - 1]
    return x1 + math.cos(turn) * beyond, y1 + math.sin(turn) * beyond, turn
