"""Natural Earth outlines for the maps: TopoJSON in, shapes in units of the figure out.

An arc of a TopoJSON file is a stretch of border that neighbours share. Each arc is projected and
simplified once, so that countries still meet exactly after simplification, and "the border of
Armenia with Georgia" is simply the arcs the two have in common.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kit import Point

Ring = list[Point]


@dataclass(frozen=True)
class Frame:
    """A Lambert conformal conic window on the Earth, drawn `width` units wide.

    `west`, `east` and `north` are degrees: the meridians that meet the frame's sides, and the
    parallel that meets the middle of its upper edge.
    """

    west: float
    east: float
    north: float
    width: float
    parallels: tuple[float, float] = (39.0, 42.5)

    def place(self, longitude: float, latitude: float) -> Point:
        """Project a place, in degrees, to units from the frame's upper left corner."""
        middle = (self.west + self.east) / 2
        left = self._cone(self.west - middle, self.north)
        right = self._cone(self.east - middle, self.north)
        scale = self.width / (right[0] - left[0])
        x, y = self._cone(longitude - middle, latitude)
        return (x - left[0]) * scale, (self._cone(0, self.north)[1] - y) * scale

    def _cone(self, longitude: float, latitude: float) -> Point:
        """Snyder, "Map Projections: A Working Manual" (1987), equations 15-1 to 15-3, sphere."""
        first, second = (math.radians(p) for p in self.parallels)

        def stretch(angle: float) -> float:
            return math.tan(math.pi / 4 + angle / 2)

        n = math.log(math.cos(first) / math.cos(second)) / math.log(
            stretch(second) / stretch(first)
        )
        radius = math.cos(first) * (stretch(first) / stretch(math.radians(latitude))) ** n / n
        angle = n * math.radians(longitude)
        return radius * math.sin(angle), -radius * math.cos(angle)


@dataclass(frozen=True)
class Atlas:
    """Countries as rings of arc numbers, and the arcs in units of a frame."""

    arcs: list[Ring]
    countries: dict[str, list[list[int]]]

    def rings(self, country: str) -> list[Ring]:
        """Give the closed outlines of `country`."""
        return [self._joined(ring) for ring in self.countries[country]]

    def borders(self, country: str, neighbour: str) -> list[Ring]:
        """Give the stretches of border that the two countries share, enclaves left out."""
        ours, theirs = (
            {arc if arc >= 0 else ~arc for ring in self.countries[name] for arc in ring}
            for name in (country, neighbour)
        )
        shared = [self.arcs[arc] for arc in sorted(ours & theirs)]
        return [arc for arc in shared if arc[0] != arc[-1]]

    def _joined(self, ring: list[int]) -> Ring:
        joined: Ring = []
        for arc in ring:
            points = self.arcs[arc] if arc >= 0 else self.arcs[~arc][::-1]
            joined += points[1:] if joined else points
        return joined


def read_atlas(file: Path, frame: Frame, names: Sequence[str], tolerance: float) -> Atlas:
    """Read `names` from world-atlas's countries file, simplified to `tolerance` units."""
    topology = json.loads(file.read_text(encoding="utf-8"))
    sx, sy = topology["transform"]["scale"]
    tx, ty = topology["transform"]["translate"]
    countries: dict[str, list[list[int]]] = {}
    for country in topology["objects"]["countries"]["geometries"]:
        name = country["properties"]["name"]
        if name in names:
            polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
            countries[name] = [ring for polygon in polygons for ring in polygon]
    wanted = {a if a >= 0 else ~a for rings in countries.values() for ring in rings for a in ring}
    arcs: list[Ring] = []
    for index, deltas in enumerate(topology["arcs"]):
        x = y = 0
        points: Ring = []
        for dx, dy in deltas if index in wanted else ():
            x, y = x + dx, y + dy
            points.append(frame.place(x * sx + tx, y * sy + ty))
        arcs.append(simplify(points, tolerance))
    return Atlas(arcs, countries)


def simplify(points: Ring, tolerance: float) -> Ring:
    """Drop the points that lie within `tolerance` of the line without them (Douglas and Peucker).

    A closed ring is halved first, since its ends leave no line to measure from.
    """
    if len(points) < 3:
        return points
    (ax, ay), (bx, by) = points[0], points[-1]
    length = math.hypot(bx - ax, by - ay)

    def off(p: Point) -> float:
        if length == 0:
            return math.hypot(p[0] - ax, p[1] - ay)
        return abs((bx - ax) * (ay - p[1]) - (ax - p[0]) * (by - ay)) / length

    far = max(range(1, len(points) - 1), key=lambda i: off(points[i]))
    if off(points[far]) <= tolerance:
        return [points[0], points[-1]]
    return simplify(points[: far + 1], tolerance)[:-1] + simplify(points[far:], tolerance)


def clip(ring: Ring, width: float, height: float) -> Ring:
    """Cut a ring to the rectangle from (0, 0) to (width, height) (Sutherland and Hodgman)."""
    for axis, bound, sign in ((0, 0.0, 1), (0, width, -1), (1, 0.0, 1), (1, height, -1)):
        kept: Ring = []
        for before, here in zip(ring[-1:] + ring[:-1], ring, strict=True):
            inside, was_inside = (sign * (p[axis] - bound) >= 0 for p in (here, before))
            if inside != was_inside:
                part = (bound - before[axis]) / (here[axis] - before[axis])
                kept.append(
                    (
                        before[0] + part * (here[0] - before[0]),
                        before[1] + part * (here[1] - before[1]),
                    )
                )
            if inside:
                kept.append(here)
        ring = kept
    return ring
