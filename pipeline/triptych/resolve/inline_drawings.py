"""Drawings in raw HTML become pictures of the work, as those in files are.

In: the sanitized tree. Out: an `Image` for each `<svg>`, and a picture that shows it in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from triptych.edition import Image
from triptych.resolve.svg.css import SVG
from triptych.resolve.svg.drawn_words import drawn_words
from triptych.tree import Element, make, replace_with

_PIXELS = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*")
_WIDTH = re.compile(r"(?:^|;)\s*width\s*:\s*(\d+(?:\.\d+)?)px")


def lift_drawings(body: Element) -> Iterator[Image]:
    """Put pictures in the place of drawings, and give the images that they show.

    What a drawing is called becomes its alternative text (SVG-AAM, 8): its `aria-label`, or its
    title. No file of the source holds it: it has no digest.
    """
    outermost = [
        each for each in body.iter(f"{SVG}svg") if not any(each.iterancestors(f"{SVG}svg"))
    ]
    for number, drawing in enumerate(outermost, 1):
        path = f"drawing-{number}.svg"
        title = drawing.find(f"{SVG}title")
        said = drawing.get("aria-label") or ("" if title is None else "".join(title.itertext()))
        picture = make("img", src=path, alt=" ".join(said.split()))
        found = _PIXELS.fullmatch(drawing.get("width") or "") or _WIDTH.search(
            drawing.get("style") or ""
        )
        if found:
            picture.set("width", found[1])
        for name in ("id", "class"):
            if value := drawing.get(name):
                picture.set(name, value)
        data = etree.tostring(drawing, with_tail=False)
        replace_with(drawing, [picture])
        yield Image(path, "image/svg+xml", data, "", words=drawn_words(data))
