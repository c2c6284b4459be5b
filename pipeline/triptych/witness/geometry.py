"""Matrices and boxes of a PDF page (ISO 32000-1, 8.3); lengths in points."""

from __future__ import annotations

from typing import Any

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""


def matrix(operands: Any) -> Matrix:
    """Six operands as a matrix."""
    a, b, c, d, e, f = (float(number) for number in operands)
    return a, b, c, d, e, f


def times(m: Matrix, n: Matrix) -> Matrix:
    """The matrix that does `m`, then `n` (8.3.4)."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def bounds(path: list[tuple[float, float]], m: Matrix) -> Box | None:
    """The box around the corners of a path, transformed by a matrix; None for an empty path."""
    if not path:
        return None
    corners = path
    if len(path) == 2 and (m[1] or m[2]):
        (x0, y0), (x1, y1) = path
        corners = [(x0, y0), (x1, y1), (x0, y1), (x1, y0)]
    xs = [x * m[0] + y * m[2] + m[4] for x, y in corners]
    ys = [x * m[1] + y * m[3] + m[5] for x, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def unit(matrix: Matrix) -> Box:
    """Where the unit square is painted, which is where an image is painted."""
    return bounds([(0, 0), (1, 1), (0, 1), (1, 0)], matrix) or (0, 0, 0, 0)


def turned(box: Box, m: Matrix) -> Box:
    """The box around a box that a matrix has transformed."""
    left, bottom, right, top = box
    corners = [(left, bottom), (right, top), (left, top), (right, bottom)]
    return bounds(corners, m) or box


def common(one: Box, other: Box) -> Box:
    """The intersection of two boxes; without area if they have none."""
    return (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )


def around(one: Box, other: Box) -> Box:
    """The smallest box around two boxes."""
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )


def within(x: float, y: float, box: Box) -> bool:
    """Whether a point is in a box."""
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
