"""Pages and sheets: their boxes, and what is on them besides their content."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf

from triptych.witness.geometry import Box, common

_NEAR = 0.01
"""Boxes that differ by less, in points, count as equal."""
_MM = 72 / 25.4
_LEAST_BLEED = 2 * _MM


def box_of(page: pikepdf.Page, name: str) -> Box | None:
    """A box of a page, which may be inherited; None if it has none (ISO 32000-1, 14.11.2)."""
    item: Any = page.obj
    while item is not None:
        if name in item:
            x0, y0, x1, y1 = (float(edge) for edge in item[name])
            return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
        item = item.get("/Parent") if name in ("/MediaBox", "/CropBox") else None
    return None


def breaches_of_sheets(pdf: pikepdf.Pdf) -> Iterator[tuple[str, str, str]]:
    """What is wrong with the pages as a whole."""
    sizes: dict[tuple[int, int], int] = {}
    for number, page in enumerate(pdf.pages, 1):
        trim = box_of(page, "/TrimBox")
        if trim is None:
            continue
        size = round((trim[2] - trim[0]) / _MM), round((trim[3] - trim[1]) / _MM)
        if int(page.obj.get("/Rotate", 0)) % 180:
            size = size[1], size[0]
        first = next(iter(sizes), size)
        if size != first and size not in sizes:
            message = f"{size[0]} × {size[1]} mm, and not {first[0]} × {first[1]} mm as page 1"
            yield "trim-size", f"page {number}", message
        sizes.setdefault(size, number)
    if len(pdf.pages) > 1 and len(pdf.pages) % 4:
        lacking = -len(pdf.pages) % 4
        yield "page-count", "", f"{len(pdf.pages)} pages: {lacking} more would fill the last sheet"


def breaches_of_page(page: pikepdf.Page) -> Iterator[tuple[str, str]]:
    """What is wrong with one page, apart from its content."""
    media, trim = box_of(page, "/MediaBox"), box_of(page, "/TrimBox")
    art, bleed = box_of(page, "/ArtBox"), box_of(page, "/BleedBox")
    if media is None:
        yield "box-media", "there is no MediaBox"
        return
    if (trim is None) == (art is None):
        yield "box-trim", "there is neither" if trim is None else "there are both"
    inner = trim or art
    if inner is None:
        return
    outer = bleed or box_of(page, "/CropBox") or media
    if not _holds(outer, inner):
        yield "box-nested", "the TrimBox reaches out of the BleedBox"
    if not _holds(media, outer):
        yield "box-nested", "the BleedBox reaches out of the MediaBox"
    crop = box_of(page, "/CropBox")
    if crop is not None and not _holds(media, crop):
        yield "box-nested", "the CropBox reaches out of the MediaBox"
    if crop is not None and not _holds(crop, bleed or inner):
        yield "box-nested", "the CropBox cuts the bleed"
    if bleed is None or min(_margins(bleed, inner)) < _LEAST_BLEED - _NEAR:
        least = 0.0 if bleed is None else min(_margins(bleed, inner)) / _MM
        yield "bleed", f"it is {least:.1f} mm"
    if "/AA" in page.obj:
        yield "action", "actions of the page"
    if "/PresSteps" in page.obj:
        yield "presentation", "steps of a presentation"
    for annotation in page.obj.get("/Annots", []):
        yield from _annotation(annotation, outer, inner)


def _annotation(annotation: Any, bleed: Box, trim: Box) -> Iterator[tuple[str, str]]:
    """A trap network may be on the page, and a printer's mark in the bleed; nothing else."""
    kind = str(annotation.get("/Subtype", "/?"))[1:]
    if "/A" in annotation or "/AA" in annotation:
        yield "action", f"an action of an annotation, {kind}"
    x0, y0, x1, y1 = (float(edge) for edge in annotation.get("/Rect", [0, 0, 0, 0]))
    area = trim if kind == "PrinterMark" else bleed
    shared = common((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)), area)
    inside = shared[0] <= shared[2] and shared[1] <= shared[3]
    if inside and kind != "TrapNet":
        yield "annotation", kind
    if "/FS" in annotation:
        yield "embedded", f"a file at an annotation, {kind}"


def _holds(outer: Box, inner: Box) -> bool:
    return (
        outer[0] <= inner[0] + _NEAR
        and outer[1] <= inner[1] + _NEAR
        and outer[2] >= inner[2] - _NEAR
        and outer[3] >= inner[3] - _NEAR
    )


def _margins(outer: Box, inner: Box) -> tuple[float, ...]:
    return (inner[0] - outer[0], inner[1] - outer[1], outer[2] - inner[2], outer[3] - inner[3])
