"""Lists of a page: what a browser prints before their items.

In: an element, its values after the cascade, how the items around it are told apart. Out: how its
own are (CSS Lists 3, 3), and what stands before an item.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triptych.witness.counters import counter
from triptych.witness.html.values import KEPT
from triptych.witness.reading import Beside

_BULLETS = frozenset("disc circle square disclosure-open disclosure-closed".split())
_NUMBERS: Mapping[str, str] = {
    "1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman",
    "I": "upper-roman",
}  # fmt: skip
_SHAPES: Mapping[str, str] = {name: name for name in ("disc", "circle", "square", "none")}
"""What the attribute `type` asks for, in lists of both kinds (HTML standard, 15.3.8)."""
_USUAL: Mapping[str, str] = {"ol": "decimal", "ul": "disc", "menu": "disc", "dir": "disc"}


def listing_of(element: Any, values: Mapping[str, str], above: str) -> str:
    """How items are told apart in an element: a counter style, or words for what it is instead."""
    tag, asked = element.local_name, element.etree_element.get("type", "")
    listing = _USUAL.get(tag, above)
    if tag in ("ol", "li"):
        listing = _NUMBERS.get(asked, listing)
    if tag in ("ul", "li"):
        listing = _SHAPES.get(asked.lower(), listing)
    style = values.get("list-style-type", "revert")
    if style in ("inherit", "unset"):
        listing = above
    elif style not in KEPT:
        listing = "disc" if style == "initial" else style
    image = values.get("list-style-image", "none")
    if image not in ("none", "initial", *KEPT):
        listing = "a picture"
    counters = (values.get(f"counter-{name}", "") for name in ("reset", "set", "increment"))
    if any("list-item" in value for value in counters):
        listing = "another number"
    return _of_item(values, listing) if tag == "li" else listing


def _of_item(values: Mapping[str, str], listing: str) -> str:
    """How an item is told from others; what stands before it may be cut off."""
    display = values.get("display", "list-item")
    if display not in KEPT and "list-item" not in display:
        return "none"
    cut = [values.get(f"overflow{side}", "visible") for side in ("", "-x", "-inline")]
    inside = values.get("list-style-position") == "inside"
    return listing if inside or set(cut) <= {"visible", *KEPT} else "cut off"


def list_style(value: str) -> Mapping[str, str]:
    """The parts of a shorthand `list-style`."""
    if value in KEPT:
        return dict.fromkeys(("list-style-type", "list-style-image"), value)
    words = value.split()
    kinds = [word for word in words if word not in ("inside", "outside") and "(" not in word]
    pictures = [word for word in words if "(" in word]
    return {
        "list-style-type": " ".join(kinds) or "disc",
        "list-style-image": " ".join(pictures) or "none",
        "list-style-position": "inside" if "inside" in words else "outside",
    }


def before_item(listing: str, number: int, doubt: str) -> Beside | None:
    """What stands before an item with a number; None where the page puts nothing there."""
    if listing in _BULLETS:
        return Beside("•", doubt)
    if listing == "none":
        return None
    said = counter(number, listing)
    return Beside(said or f"{number}.", doubt or ("" if said else f"it shows {listing}"))
