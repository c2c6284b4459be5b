"""Visibility: whether the text of an element is hidden, covered or changed by its values.

In: an element, its values after the cascade, its computed style. Out: reasons to doubt its text. A
property is doubted if it is neither known to be harmless, nor judged here, nor part of the style.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from triptych.witness.colour import PALE, contrast
from triptych.witness.html.computed import (
    READ,
    ComputedStyle,
    DoubtKind,
    Values,
    is_stroke,
    paints_image,
)
from triptych.witness.html.values import KEPT, colour, colour_word, length, number, over
from triptych.witness.mathml import in_formula, moved

Visibility = tuple[DoubtKind | None, str]
"""A reason to doubt an element's text: the kind of doubt, and why."""

BLOCKS = frozenset(
    """address article aside blockquote br caption center dd details dialog div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol
    optgroup option p pre search section summary table tbody td tfoot th thead tr ul""".split()
)
"""Elements that end a line before and after them (HTML standard, 15.3), and `br`."""

PICTURES = frozenset("audio canvas embed iframe img object svg video".split())
"""Elements that paint over what is below them, whatever their background."""

_FORMULAS = frozenset("mrow menclose".split())
"""Parts of formulas: a line through them is a mathematical sign."""

_OF_FORMULAS = ("", "revert", "revert-layer")
"""Values of `display` that leave a formula to MathML, besides `math` (MathML Core, 4.1)."""

_TINY = 4.0
_FAR = 200.0
"""Text smaller than 4 px, or moved by more than 200 px, counts as not seen."""


def visibility_of(element: Any, values: Values, style: ComputedStyle) -> Visibility:
    """Whether the text of an element is hidden or changed, and by what."""
    node, tag = element.etree_element, element.local_name
    display = values.get("display", "")
    if display == "none" or ("hidden" in node.attrib and not display):
        return "hidden", "display: none" if display else "the hidden attribute"
    if tag in ("details", "dialog") and "open" not in node.attrib:
        return "hidden", f"a closed {tag} element"
    if "popover" in node.attrib:
        return "hidden", "the popover attribute"
    if tag == "mphantom":
        return "hidden", "a mphantom element, which leaves room and shows nothing"
    if tag in _CHANGING and (tag != "bdo" or node.get("dir")):
        return "disguised", f"a {tag} element {_CHANGING[tag]}"
    if moving := moved(node):
        return "disguised", moving
    if display not in _OF_FORMULAS and not display.endswith("math") and in_formula(node):
        return "disguised", f"display: {display}, which takes its formula apart"
    if "inert" in node.attrib:
        return "disguised", "the inert attribute: no link in it works"
    if is_stroke(values.get("background-image", "")) and tag not in _FORMULAS:
        return "disguised", "a stroke through it"
    block = tag in BLOCKS if not display else not display.startswith(("inline", "contents"))
    outcome = _outcome(block, style)
    if outcome[0]:
        return outcome
    site = _Site(tag, values, style, own_text(node))
    worst: Visibility = (style.kind, style.why)
    for name, value in values.items():
        kind, why = _value(name, value, site)
        if kind == "hidden":
            return kind, why  # reported before anything else
        if kind and worst == (style.kind, style.why):
            worst = kind, why
    return worst


def _value(name: str, value: str, site: _Site) -> Visibility:
    """The reasons to doubt the text because of one value."""
    if name == "all":
        return "disguised", f"all: {value}, which cannot be judged here"
    if value in KEPT or name in READ or _harmless(name):
        return _FINE
    check = _CHECKS.get(name)
    if check is None:
        if value in ("none", "normal", "auto", "initial"):
            return _FINE
        return "disguised", f"{name}: {value}, which cannot be judged here"
    kind, why = check(value, site)
    return kind, why or f"{name}: {value}"


_CHANGING = {
    "bdo": "turns its letters round",
    "marquee": "moves its text about",
    "q": "adds quotation marks",
}


def _outcome(block: bool, style: ComputedStyle) -> Visibility:
    """The effects of inherited values."""
    if style.untold:
        return "hidden", f"{style.untold}, the effect of which is not known"
    if not style.visible:
        return "hidden", "visibility: hidden"
    ink = style.fill or style.colour
    if style.opacity < 0.1 or ink[3] * style.opacity < 0.1:
        return "hidden", "it is transparent"
    if style.size < _TINY:
        return "hidden", f"type of {style.size:g} px"
    if contrast(over(ink, style.ground)[:3], style.ground[:3]) < PALE:
        return "hidden", "text of the colour of its ground"
    if style.line < 0.8 and block:
        return "hidden", f"lines {style.line:g} of their type's size apart"
    if style.family not in style.families | _GENERIC:
        return "disguised", f"it is set in {style.family}, which the edition does not bring"
    return None, ""


_GENERIC = frozenset(
    "serif sans-serif monospace cursive fantasy system-ui ui-serif ui-sans-serif ui-monospace "
    "ui-rounded math initial".split()
)


@dataclass(frozen=True, slots=True)
class _Site:
    """The context of a value: the element's tag, all its values, its style, whether it has text."""

    tag: str
    values: Values
    style: ComputedStyle
    text: bool

    def length(self, value: str) -> float:
        """A length in px; 0 if it is not a length."""
        return length(value, self.style.size) or 0.0


def own_text(node: Any) -> bool:
    """Whether an element has words beside its child elements."""
    return len(node) > 0 and bool(
        (node.text or "").strip() or any((child.tail or "").strip() for child in node)
    )


_Check = Callable[[str, _Site], Visibility]
_FINE: Visibility = (None, "")


def _never(kind: DoubtKind, *allowed: str) -> _Check:
    """Doubt any value except those allowed."""
    fine = frozenset((*allowed, "none", "auto", "normal", "initial", "visible"))
    return lambda value, _: _FINE if value in fine else (kind, "")


def _check_display(value: str, site: _Site) -> Visibility:
    if value in ("table-column", "table-column-group"):
        return "hidden", ""
    if "list-item" in value and site.tag not in ("li", "summary"):
        return "disguised", "it is counted as an item of a list"
    groups = {"table-header-group": "thead", "table-footer-group": "tfoot"}
    if groups.get(value, site.tag) != site.tag:
        return "moved", "the style sheet shows it in another order"
    if value.removeprefix("inline-") in ("flex", "grid") and site.text:
        return "disguised", f"display: {value}, which closes the spaces between its words"
    return _FINE


def _check_position(value: str, _: _Site) -> Visibility:
    if value in ("absolute", "fixed"):
        return "moved", f"position: {value}"
    return _FINE


def _check_offset(value: str, site: _Site) -> Visibility:
    lengths = [site.length(part) for part in value.split()]
    if any(part < -_FAR or part > 10 * _FAR for part in lengths):
        return "hidden", "it is moved off the page"
    if site.values.get("position", "static") == "relative" and any(abs(p) > 2 for p in lengths):
        return "moved", ""
    return _FINE


def _check_margin(value: str, site: _Site) -> Visibility:
    if any(site.length(part) < -site.style.size / 2 for part in value.split()):
        return "moved", "a negative margin moves it over what is beside it"
    return _check_offset(value, site)


def _check_cut(value: str, site: _Site) -> Visibility:
    """An element that does not show what overflows (CSS Overflow 3)."""
    cut = {"hidden", "clip"} & set(value.split())
    for name in _EXTENTS:
        extent = site.values.get(name, "auto")
        if extent in ("auto", "none", "normal", "100%", "initial") or extent.startswith("pre"):
            continue
        if cut:
            return "hidden", f"{name}: {extent}, and what is over is cut off"
        told = length(extent, site.style.size)
        small = "calc(" in extent if told is None else told < 3 * site.style.size
        if small and name not in ("white-space", *_CLAMPS):
            return "hidden", f"{name}: {extent}, and what is over must be scrolled for"
    return _FINE


_CLAMPS = ("line-clamp", "-webkit-line-clamp")
_EXTENTS = (
    *(f"{most}{side}" for most in ("", "max-")
      for side in ("height", "width", "block-size", "inline-size")),
    "white-space", *_CLAMPS,
)  # fmt: skip


def _check_content(value: str, _: _Site) -> Visibility:
    return ("disguised", "") if value not in ("none", "normal") else _FINE


def _check_float(value: str, site: _Site) -> Visibility:
    return _FINE if value in ("none", "footnote") or site.tag in BLOCKS else ("moved", "")


def _check_grid(_: str, site: _Site) -> Visibility:
    if site.tag in ("main", "nav", "header", "footer"):
        return _FINE  # the parts of a page may be beside each other
    return "moved", "the style sheet puts it elsewhere in a grid"


def _check_flex(value: str, _: _Site) -> Visibility:
    if "reverse" in value:
        return "moved", "the style sheet shows it in another order"
    return _FINE


def _check_order(value: str, _: _Site) -> Visibility:
    return _FINE if value == "0" else ("moved", "the style sheet shows it in another order")


def _check_below(value: str, _: _Site) -> Visibility:
    return ("hidden", "") if (number(value) or 0.0) < 0 else _FINE


def _check_outline_offset(value: str, site: _Site) -> Visibility:
    return ("hidden", "an outline drawn over it") if site.length(value) < 0 else _FINE


def _check_decoration(value: str, site: _Site) -> Visibility:
    if "line-through" in value or "blink" in value:
        return "disguised", ""
    thick = any(site.length(part) > site.style.size / 4 for part in value.split())
    return ("hidden", "") if thick else _FINE


def _check_underline(value: str, site: _Site) -> Visibility:
    return ("hidden", "") if site.length(value) < -site.style.size / 10 else _FINE


def _check_indent(value: str, site: _Site) -> Visibility:
    return ("hidden", "") if abs(site.length(value)) > _FAR else _FINE


def _check_letters(value: str, site: _Site) -> Visibility:
    return ("hidden", "") if site.length(value) < -site.style.size / 4 else _FINE


def _check_words(value: str, site: _Site) -> Visibility:
    return ("disguised", "") if site.length(value) < -site.style.size / 10 else _FINE


def _check_pointer(value: str, _: _Site) -> Visibility:
    return ("disguised", "pointer-events: none: no link in it works") if value == "none" else _FINE


def _check_bidi(value: str, _: _Site) -> Visibility:
    return ("disguised", "") if "override" in value else _FINE


_CHECKS: Mapping[str, _Check] = {
    "display": _check_display,
    "position": _check_position,
    "float": _check_float,
    "content": _check_content,
    "order": _check_order,
    "z-index": _check_below,
    "outline-offset": _check_outline_offset,
    "text-indent": _check_indent,
    "letter-spacing": _check_letters,
    "word-spacing": _check_words,
    "text-underline-offset": _check_underline,
    "unicode-bidi": _check_bidi,
    "pointer-events": _check_pointer,
    "text-transform": _never("disguised"),
    "-webkit-text-security": _never("disguised"),
    "content-visibility": _never("hidden"),
    "writing-mode": _never("disguised", "horizontal-tb"),
    **dict.fromkeys(("flex-direction", "flex-flow", "flex-wrap"), _check_flex),
    **dict.fromkeys(("grid-area", "grid-row", "grid-column"), _check_grid),
    **dict.fromkeys(("overflow", "overflow-x", "overflow-y"), _check_cut),
    **dict.fromkeys(("overflow-block", "overflow-inline"), _check_cut),
    **dict.fromkeys(("text-decoration", "text-decoration-line"), _check_decoration),
    "text-decoration-thickness": _check_decoration,
    **dict.fromkeys(("clip", "clip-path", "mask", "mask-image", "filter"), _never("hidden")),
    **dict.fromkeys(("transform", "translate", "rotate", "mix-blend-mode"), _never("hidden")),
    **dict.fromkeys(("scale", "zoom"), _never("hidden", "1")),
    **{
        f"{name}{side}": _check_offset
        for name, sides in (
            ("", ("left", "right", "top", "bottom", "inset")),
            ("inset-", ("inline", "block")),
            ("inset-inline-", ("start", "end")),
            ("inset-block-", ("start", "end")),
            ("margin-", ("left", "right", "inline", "inline-start", "inline-end")),
        )
        for side in sides
    },
    **{
        f"margin{side}": _check_margin
        for side in ("", "-top", "-bottom", "-block", "-block-start", "-block-end")
    },
}
"""What judges the values of each property."""

_HARMLESS = re.compile(
    r"""(?:-(?:webkit|moz|ms|epub)-)?(?:
    border|padding|box-(?:sizing|shadow)|outline(?:-(?:color|style|width))?$|break-|page|orphans|
    widows|font-(?:weight|style|stretch|variant|optical|synthesis|kerning|palette|language)|
    text-(?:align|wrap|justify|rendering|shadow|size-adjust|orientation|combine)|
    text-decoration-(?:color|style|skip)|text-underline-position|hyphens|hyphenate-limit|overflow-wrap|word-break|
    word-wrap|line-break|white-space|hanging|vertical-align|caption-side|table-layout|empty-cells|
    list-style|counter-|quotes|color-scheme|accent-color|caret|tab-size|tap-highlight|user-select|
    touch-action|cursor|scroll|scrollbar|overscroll|transition|columns?(?:-|$)|gap|row-gap|
    grid-(?:template|auto|gap)|align-|justify-|place-|flex(?:-(?:grow|shrink|basis))?$|
    (?:min-|max-)?(?:width|height|block-size|inline-size)$|aspect-ratio|object-|image-|isolation|
    will-change|resize|appearance|math-|ruby-|print-color-adjust|forced-color-adjust|clear$|
    background-(?:position|repeat|size|origin|clip|attachment)|line-clamp|lang$|orphans|
    font-(?:smoothing)|osx-font|initial-letter)""",
    re.X,
)
"""Properties that neither hide nor change text, whatever their value."""
_WITH_OTHERS = frozenset(
    (
        *_EXTENTS,
        "list-style",
        "list-style-image",
        "list-style-position",
        "list-style-type",
        "counter-reset",
        "counter-set",
        "counter-increment",
        "font-style",
        "font-weight",
        "font-variant",
        "font-variant-caps",
        "vertical-align",
    )
)
"""Harmless properties that are needed to judge others, or the emphasis."""


@cache
def _harmless(name: str) -> bool:
    return name not in _CHECKS and _HARMLESS.match(name) is not None


def is_idle(name: str) -> bool:
    """Whether a property never affects what is read here, alone or with others."""
    return not name.startswith("--") and name not in _WITH_OTHERS and _harmless(name)


def covers(tag: str, values: Values, style: ComputedStyle) -> str:
    """Whether an element out of the flow may be over the text beside it."""
    position = values.get("position", "static")
    pulled = any(
        (length(part, style.size) or 0.0) < 0
        for name, value in values.items()
        if _CHECKS.get(name) in (_check_offset, _check_margin)
        for part in value.split()
    )
    if position not in ("absolute", "fixed") and not pulled:
        return ""
    told = colour(colour_word(values.get("background-color", "")), style.dark)
    painted = tag in PICTURES or paints_image(values.get("background-image", ""))
    if painted or "backdrop-filter" in values or told is None or told[3] > 0.1:
        return f"an element over it (position: {position})"
    return ""
