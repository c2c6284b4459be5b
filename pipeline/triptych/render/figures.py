"""SVG figures within a page's own markup, where they share its fonts."""

from __future__ import annotations

import re

from lxml import etree

from triptych.edition import Image
from triptych.tree import Element

_SVG = "http://www.w3.org/2000/svg"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"


def can_stand_inline(image: Image) -> bool:
    """Whether an image can join the page: an SVG whose style rules affect nothing outside it."""
    return image.media_type == "image/svg+xml" and b"<style" not in image.data


def inline_svg(image: Image, shown: Element, prefix: str) -> Element:
    """The SVG `image` as an element that replaces the `<img>` `shown`.

    Its alternative text becomes its accessible name. Its ids get a prefix, so that those of two
    figures on one page cannot clash. Its own title is dropped: browsers would show a tooltip.
    Its words run as by themselves, whichever way the page runs, or they would stand on the other
    side of their anchors.
    """
    root = etree.fromstring(image.data)
    for title in list(root.iter(f"{{{_SVG}}}title", f"{{{_SVG}}}desc")):
        parent = title.getparent()
        if parent is not None:
            parent.remove(title)
    ids = {element.get("id") for element in root.iter(etree.Element) if element.get("id")}
    for element in root.iter(etree.Element):
        for name, value in list(element.attrib.items()):
            if name == "id":
                element.set("id", prefix + value)
            elif name in ("href", _XLINK_HREF) and value[1:] in ids and value.startswith("#"):
                element.set(name, f"#{prefix}{value[1:]}")
            elif "url(#" in value:
                element.set(name, re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}\1)", value))
    view_box = root.get("viewBox")
    if view_box is None and root.get("width") and root.get("height"):
        root.set("viewBox", f"0 0 {_number(root.get('width'))} {_number(root.get('height'))}")
    for name in ("width", "height", "aria-labelledby", "aria-describedby"):
        root.attrib.pop(name, None)
    root.set("direction", root.get("direction", "ltr"))
    root.set("role", "img")
    root.set("aria-label", shown.get("alt") or "")
    for name in ("class", "style", "id"):
        if shown.get(name):
            root.set(name, shown.get(name) or "")
    root.tail = None
    etree.cleanup_namespaces(root)
    return root


def _number(length: str | None) -> str:
    match = re.match(r"[\d.]+", length or "")
    return match[0] if match else "100"
