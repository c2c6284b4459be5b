"""The pictures of web pages and e-books read back.

In: an element that shows a picture, and what gives the files that pages name. Out: a `PictureRead`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from triptych.witness.drawing import words_of
from triptych.witness.html.cascade import Cascade, Seen
from triptych.witness.html.elements import local
from triptych.witness.miniature import of_drawing
from triptych.witness.pictures import picture_in, within
from triptych.witness.reading import PictureRead

Resource = Callable[[str, str], bytes | None]
"""Gives the file that a page names by an address; None where there is none."""


def nothing_beside(_: str, address: str) -> bytes | None:
    """The files of a page that stands alone: what is within its addresses."""
    return within(address)


def read_picture(
    element: Any, page: str, at: int, above: Seen, cascade: Cascade, resource: Resource
) -> PictureRead:
    """What an `img` or `svg` element (of cssselect2) shows, before letter `at` of its text.

    `above` is how its parent is seen.
    """
    node = element.etree_element
    drawing = element.local_name == "svg"  # whose own style says how it is drawn
    seen = cascade.look(element, above, own=not drawing)
    whys = [why for kind, why in (seen.doubt or ("", ""),) if kind == "hidden"]
    if drawing:
        whys += map(cascade.reaches, list(element.iter_subtree())[1:])
        shown = PictureRead(at, _name_of(node), words_of(node), of_drawing(node))
    else:
        shown = picture_in(resource(page, node.get("src", "")), at, node.get("alt", ""))
        chosen = element.parent is not None and element.parent.local_name == "picture"
        if chosen or node.get("srcset") is not None:
            whys.append("other files may be shown in its place (srcset)")
    return replace(shown, why=next(filter(None, [*whys, shown.why]), ""))


def _name_of(node: Any) -> str:
    """The name of a drawing for those who do not see it (SVG-AAM 1.0)."""
    title = next((child for child in node if local(child) == "title"), None)
    words = node.get("aria-label") or ("" if title is None else "".join(title.itertext()))
    return " ".join(words.split())
