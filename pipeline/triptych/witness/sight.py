"""Sight: which text of a page can be seen, as its style sheets and attributes have it.

The cascade is followed for the properties by which text can be hidden, covered or changed, on
light and on dark screens, and with all other conditions of the style sheets met and unmet.
Selectors are matched by cssselect2, values parsed by tinycss2. Where a value cannot be judged from
the page alone, the text is doubted, and a rule that cannot be followed is told of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import cssselect2
import tinycss2
from tinycss2 import color5

from triptych.witness.colour import PALE, contrast

Kind = Literal["hidden", "disguised", "moved"]
Colour = tuple[float, float, float, float]
"""Red, green, blue and alpha, each from 0 to 1."""

_SETTINGS = ("light", "dark", "light, conditions met", "dark, conditions met")
_TINY = 4.0
_FAR = 200.0
"""Text smaller than 4 px, or moved by more than 200 px, is not seen."""


@dataclass(frozen=True, slots=True)
class View:
    """How an element is seen in one setting: what it hands on to those within it.

    `numbering` is whether the items of an ordered list get the numbers that HTML gives them.
    """

    dark: bool
    colour: Colour
    ground: Colour
    size: float = 16.0
    opacity: float = 1.0
    visible: bool = True
    kind: Kind | None = None
    why: str = ""
    numbering: bool = True
    custom: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found at one element: its views, text made up before or after it, a cover."""

    views: tuple[View, ...]
    generated: tuple[str, ...] = ()
    covers: str = ""

    @property
    def numbering(self) -> bool:
        """Whether the items of an ordered list are numbered as HTML numbers them."""
        return all(view.numbering for view in self.views)

    @property
    def doubt(self) -> tuple[Kind, str] | None:
        """Why the element's text cannot be trusted, if so."""
        for view in self.views:
            if view.kind:
                return view.kind, view.why
        return None


class Sight:
    """The style sheets of one page."""

    def __init__(self, sheets: Iterable[str]) -> None:
        self._matcher = cssselect2.Matcher()
        self.unread: list[str] = []
        """Rules that cannot be followed here, and might hide or change text."""
        for sheet in (_FONT_FACE.sub("", sheet) for sheet in sheets):
            self._take(tinycss2.parse_stylesheet(sheet, True, True), frozenset(_SETTINGS))

    def open(self) -> Seen:
        """How the empty page is seen."""
        black, white = (0.0, 0.0, 0.0, 1.0), (1.0, 1.0, 1.0, 1.0)
        return Seen(tuple(View("dark" in name, black, white) for name in _SETTINGS))

    def look(self, element: Any, parent: Seen) -> Seen:
        """How an element (of cssselect2) is seen within its parent."""
        found = self._matcher.match(element)
        inline = element.etree_element.get("style")
        attributes = element.etree_element.attrib
        if not (found or inline or "hidden" in attributes or "popover" in attributes):
            local = element.local_name
            if local not in _OWN_WAYS:
                return Seen(parent.views) if parent.generated or parent.covers else parent
        views, generated, covers = [], [], ""
        for setting, above in zip(_SETTINGS, parent.views, strict=True):
            own, pseudo = _cascade(found, inline, setting)
            view, cover = _view(element, own, above)
            views.append(view)
            covers = covers or cover
            for name, values in pseudo.items():
                if name in ("first-letter", "first-line") and view.kind is None:
                    first, _ = _view(element, values, view)
                    views[-1] = replace(view, kind=first.kind, why=f"::{name}, {first.why}")
                text = _generated(name, values)
                if text and text not in generated and view.kind is None:
                    generated.append(text)
        return Seen(tuple(views), tuple(generated), covers)

    def _take(self, rules: list[Any], settings: frozenset[str]) -> None:
        for rule in rules:
            if rule.type == "qualified-rule":
                self._take_style(tinycss2.serialize(rule.prelude), rule.content, settings)
            elif rule.type == "at-rule":
                self._take_at_rule(rule, settings, "")

    def _take_style(self, selector: str, content: Any, settings: frozenset[str]) -> None:
        """A style rule, with the rules nested in it (CSS Nesting 1)."""
        inner = tinycss2.parse_blocks_contents(content, True, True)
        for item in inner:
            if item.type == "qualified-rule":
                nested = tinycss2.serialize(item.prelude).strip()
                nested = nested if "&" in nested else f"& {nested}"
                self._take_style(nested.replace("&", f":is({selector})"), item.content, settings)
            elif item.type == "at-rule":
                self._take_at_rule(item, settings, selector)
        declarations = _declarations(inner)
        if not declarations:
            return
        try:
            selectors = cssselect2.compile_selector_list(selector)
        except cssselect2.SelectorError:
            self.unread.append(selector.strip())
            return
        for compiled in selectors:
            self._matcher.add_selector(compiled, (declarations, settings))

    def _take_at_rule(self, rule: Any, settings: frozenset[str], selector: str) -> None:
        name = rule.lower_at_keyword
        prelude = tinycss2.serialize(rule.prelude).strip()
        if name in _HARMLESS:
            return
        if name not in ("media", "supports") or rule.content is None:
            self.unread.append(f"@{name} {prelude}".strip())
            return
        within = settings & (_settings_of(prelude.lower()) if name == "media" else _MET)
        if selector:
            self._take_style(selector, rule.content, within)
        else:
            self._take(tinycss2.parse_rule_list(rule.content, True, True), within)


PICTURES = frozenset("audio canvas embed iframe img object svg video".split())
"""Elements that paint over what lies below them, whatever their ground."""

_HARMLESS = frozenset(
    "charset counter-style font-face font-feature-values font-palette-values keyframes namespace "
    "page property view-transition".split()
)
_MET = frozenset(name for name in _SETTINGS if "met" in name)
_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}", re.I)
_CONCERN = frozenset(
    """background background-color bottom clip clip-path color content content-visibility direction
    display filter font font-size height inset left letter-spacing line-height margin margin-bottom
    margin-left margin-right margin-top mask mask-image max-height max-width mix-blend-mode opacity
    overflow position right rotate scale text-indent text-transform top transform translate
    unicode-bidi visibility width zoom flex-direction flex-flow flex-wrap order list-style
    list-style-type counter-reset counter-set counter-increment -webkit-text-fill-color
    -webkit-text-security inset-inline-start inset-block-start margin-inline-start
    margin-block-start white-space line-clamp""".split()
)
_SMALLER = {"small": 0.83, "sub": 0.83, "sup": 0.83}
_OWN_WAYS = frozenset((*_SMALLER, "bdo", "details", "dialog", "q"))
"""Elements that browsers show in a way of their own."""


def _declarations(items: list[Any]) -> list[tuple[str, str, bool]]:
    """Name, value and importance of the declarations that concern sight."""
    return [
        (
            item.name if item.name.startswith("--") else item.lower_name,
            tinycss2.serialize(item.value).strip(),
            item.important,
        )
        for item in items
        if item.type == "declaration"
        and (item.lower_name in _CONCERN or item.name.startswith("--"))
    ]


def _parsed(style: str) -> list[Any]:
    return list(tinycss2.parse_blocks_contents(style, True, True))


_SCHEME = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)")


def _settings_of(queries: str) -> frozenset[str]:
    """The settings in which media queries hold: what they ask beyond colours may be met or not."""
    held: set[str] = set()
    for query in queries.split(","):
        if re.search(r"\b(print|speech)\b", query) and "not" not in query.split():
            continue
        schemes = _SCHEME.findall(query)
        rest = re.sub(r"\b(screen|all|only|and)\b|\s", "", _SCHEME.sub("", query))
        held.update(
            setting
            for setting in _SETTINGS
            if all(setting.startswith(scheme) for scheme in schemes)
            and (not rest or setting in _MET)
        )
    return frozenset(held)


def _cascade(
    found: list[Any], inline: str | None, setting: str
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """The values that win (CSS Cascade 4, 6), for the element and for its pseudo-elements."""
    own: dict[str, tuple[tuple[Any, ...], str]] = {}
    pseudo: dict[str, dict[str, tuple[tuple[Any, ...], str]]] = {}

    def put(
        into: dict[str, tuple[tuple[Any, ...], str]],
        weight: tuple[Any, ...],
        declarations: list[tuple[str, str, bool]],
    ) -> None:
        for place, (name, value, important) in enumerate(declarations):
            rank = (important, *weight, place)
            if name not in into or into[name][0] <= rank:
                into[name] = (rank, value)

    for specificity, order, pseudo_name, (declarations, settings) in found:
        if setting in settings:
            into = own if pseudo_name is None else pseudo.setdefault(pseudo_name, {})
            put(into, (0, specificity, order), declarations)
    if inline:
        put(own, (1, (0, 0, 0), 0), _declarations(_parsed(inline)))
    return (
        {name: value for name, (_, value) in own.items()},
        {name: {k: v for k, (_, v) in values.items()} for name, values in pseudo.items()},
    )


def _generated(name: str, values: Mapping[str, str]) -> str:
    content = values.get("content", "none")
    if name in ("before", "after", "marker") and content not in ("none", "normal"):
        shown = re.sub(r"""^["']|["']$""", "", content).strip()
        if shown and values.get("display") != "none":
            return shown
    return ""


def _view(element: Any, own: Mapping[str, str], above: View) -> tuple[View, str]:
    """How an element is seen, given its own declarations; and how it may cover others."""
    custom = {**above.custom, **{k: v for k, v in own.items() if k.startswith("--")}}
    values = {
        name: _resolved(value, custom).lower()
        for name, value in own.items()
        if not name.startswith("--")
    }
    size = _size(values, above.size) * _SMALLER.get(element.local_name, 1.0)
    ink = values.get("-webkit-text-fill-color") or values.get("color")
    opacity = above.opacity * _number(values.get("opacity"), 1.0)
    view = replace(
        above,
        custom=custom,
        size=size,
        colour=_colour(ink, above.colour, above.dark) if ink else above.colour,
        ground=_ground(values, above),
        opacity=opacity,
        numbering=_numbering(values, above.numbering),
        visible={"hidden": False, "collapse": False, "visible": True}.get(
            values.get("visibility", ""), above.visible
        ),
    )
    if above.kind == "hidden":
        return view, ""
    kind, why = _judge(element, values, view)
    if kind is None:
        return view, _cover(element.local_name, values, view, above)
    return replace(view, kind=kind, why=why), ""


def _judge(element: Any, values: Mapping[str, str], view: View) -> tuple[Kind | None, str]:
    """Whether the text of an element is hidden or changed, and by what."""
    display = values.get("display", "")
    attributes = element.etree_element.attrib
    if display == "none" or ("hidden" in attributes and not display):
        return "hidden", "display: none" if display else "the hidden attribute"
    tag = element.local_name
    if tag in ("details", "dialog") and "open" not in attributes:
        return "hidden", f"a closed {tag} element"
    if "popover" in attributes:
        return "hidden", "the popover attribute"
    if tag == "bdo" and attributes.get("dir"):
        return "disguised", "a bdo element turns its letters round"
    if tag == "q":
        return "disguised", "a q element adds quotation marks"
    if not view.visible:
        return "hidden", "visibility: hidden"
    if values.get("content-visibility") == "hidden":
        return "hidden", "content-visibility: hidden"
    if view.opacity < 0.1 or view.colour[3] * view.opacity < 0.1:
        return "hidden", "it is transparent"
    if view.size < _TINY:
        return "hidden", f"type of {view.size:g} px"
    if contrast(_over(view.colour, view.ground)[:3], view.ground[:3]) < PALE:
        return "hidden", "text of the colour of its ground"
    for name in ("clip-path", "clip", "mask", "mask-image", "filter", "mix-blend-mode"):
        if values.get(name, "none") not in ("none", "auto", "normal"):
            return "hidden", f"{name}: {values[name]}"
    for name in ("transform", "translate", "scale", "rotate", "zoom"):
        if values.get(name, "none") not in ("none", "1", "normal"):
            return "hidden", f"{name}: {values[name]}"
    if values.get("overflow", "visible").split()[0] in ("hidden", "clip"):
        for name in ("width", "height", "max-width", "max-height", "white-space", "line-clamp"):
            if values.get(name, "auto") not in ("auto", "none", "normal", "100%"):
                return "hidden", f"{name}: {values[name]}, and what is over is cut off"
    if abs(_length(values.get("text-indent"), view.size) or 0.0) > _FAR:
        return "hidden", f"text-indent: {values['text-indent']}"
    if _moved_away(values, view.size):
        return "hidden", "it is moved off the page"
    if (_length(values.get("letter-spacing"), view.size) or 0.0) < -view.size / 4:
        return "hidden", f"letter-spacing: {values['letter-spacing']}"
    if values.get("-webkit-text-security", "none") != "none":
        return "disguised", "-webkit-text-security"
    if values.get("text-transform", "none") not in ("none", "initial"):
        return "disguised", f"text-transform: {values['text-transform']}"
    if "reverse" in " ".join(values.get(name, "") for name in _FLEX) or (
        values.get("order", "0") not in ("0", "initial")
    ):
        return "moved", "the style sheet shows it in another order"
    if "override" in values.get("unicode-bidi", ""):
        return "disguised", f"unicode-bidi: {values['unicode-bidi']}"
    return view.kind, view.why


_FLEX = ("flex-direction", "flex-flow", "flex-wrap")
_DECIMAL = frozenset("decimal inside outside initial revert".split())


def _numbering(values: Mapping[str, str], above: bool) -> bool:
    """Whether lists are numbered in the usual way (CSS Lists 3)."""
    if any("list-item" in values.get(f"counter-{name}", "") for name in _COUNTERS):
        return False
    style = values.get("list-style-type") or values.get("list-style")
    return above if style is None else set(style.split()) <= _DECIMAL


_COUNTERS = ("reset", "set", "increment")
_OFFSETS = (
    "left right top bottom inset margin margin-left margin-right margin-top margin-bottom "
    "inset-inline-start inset-block-start margin-inline-start margin-block-start"
).split()


def _moved_away(values: Mapping[str, str], em: float) -> bool:
    for name in _OFFSETS:
        for part in values.get(name, "").split():
            length = _length(part, em)
            if length is not None and (length < -_FAR or length > 10 * _FAR):
                return True
    return False


def _cover(tag: str, values: Mapping[str, str], view: View, above: View) -> str:
    """Whether an element out of the flow may lie over the text beside it."""
    position = values.get("position", "static")
    pulled = any(
        (_length(part, view.size) or 0.0) < 0
        for name in _OFFSETS
        for part in values.get(name, "").split()
    )
    if position in ("absolute", "fixed") or pulled:
        ground = f"{values.get('background', '')} {values.get('background-color', '')}"
        painted = tag in PICTURES or "url(" in ground or "gradient(" in ground
        if painted or _colour(_colour_word(ground), (0, 0, 0, 0), above.dark)[3] > 0.1:
            return f"an element over it (position: {position})"
    return ""


# --- Values --------------------------------------------------------------------------------------

_VAR = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*(?:\([^()]*\)[^()]*)*))?\)")


def _resolved(value: str, custom: Mapping[str, str]) -> str:
    """A value with its custom properties put in."""
    for _ in range(8):
        new = _VAR.sub(lambda m: custom.get(m[1], (m[2] or "").strip()), value)
        if new == value:
            return value
        value = new
    return value


def _number(value: str | None, otherwise: float) -> float:
    try:
        return float(value[:-1]) / 100 if value and value.endswith("%") else float(value or "")
    except ValueError:
        return otherwise


_LENGTH = re.compile(r"(-?(?:\d+\.?\d*|\.\d+))(px|em|rem|pt|ex|ch|vw|vh|mm|cm|in|%|)$")
_UNITS = {
    "px": 1.0, "": 1.0, "rem": 16.0, "pt": 4 / 3, "vw": 12.8, "vh": 8.0, "mm": 3.78, "cm": 37.8,
    "in": 96.0,
}  # fmt: skip


def _length(value: str | None, em: float) -> float | None:
    """A length in px (CSS Values 4, 6); percentages count as of 1000 px."""
    match = _LENGTH.match((value or "").strip())
    if not match:
        return None
    number, unit = float(match[1]), match[2]
    if unit in ("em", "ex", "ch"):
        return number * em * (1.0 if unit == "em" else 0.5)
    if unit == "%":
        return number * 10
    return number * _UNITS[unit]


def _size(values: Mapping[str, str], above: float) -> float:
    written = values.get("font-size")
    if written is None and "font" in values:
        match = re.search(r"(?<![\w.])([\d.]+(?:px|em|rem|pt|%|vw))", values["font"])
        written = match[1] if match else None
    if written is None:
        return above
    if written.endswith("%"):
        return above * _number(written, 1.0)
    sizes = re.findall(r"-?[\d.]+(?:px|r?em|pt|vw)", written) if "(" in written else [written]
    lengths = [length for part in sizes if (length := _length(part, above)) is not None]
    return max(lengths, default=above)


def _colour_word(background: str) -> str:
    """The colour among the words of a `background`."""
    for token in tinycss2.parse_component_value_list(background):
        if color5.parse_color(token) is not None:
            return str(tinycss2.serialize([token]))
    return "transparent"


def _colour(value: str, otherwise: Colour, dark: bool) -> Colour:
    if value in ("inherit", "currentcolor", ""):
        return otherwise
    try:
        parsed = color5.parse_color(value, color_schemes=["dark" if dark else "light"])
    except (TypeError, ValueError):
        return otherwise
    if parsed is None or parsed == "currentcolor":
        return otherwise
    try:
        converted = parsed.to("srgb")
    except (NotImplementedError, AttributeError, ValueError):
        return otherwise
    red, green, blue = (float(part or 0.0) for part in converted.coordinates)
    return red, green, blue, float(1.0 if converted.alpha is None else converted.alpha)


def _ground(values: Mapping[str, str], above: View) -> Colour:
    written = values.get("background-color") or values.get("background")
    if not written:
        return above.ground
    return _over(_colour(_colour_word(written), (0, 0, 0, 0), above.dark), above.ground)


def _over(upper: Colour, lower: Colour) -> Colour:
    alpha = upper[3]
    red, green, blue = (
        u * alpha + v * (1 - alpha) for u, v in zip(upper[:3], lower[:3], strict=True)
    )
    return red, green, blue, 1.0
