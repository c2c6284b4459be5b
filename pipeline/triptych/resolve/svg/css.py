"""The style sheets of a drawing, applied: each element gets its own style, and needs no sheet.

In: a drawing. Out: the same, changed in place: its rules as `style` attributes, `var()` replaced,
`font` written out. Rules for paper, for the dark, and those that would load something are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import cssselect2
import tinycss2

from triptych.tree import Element

SVG = "{http://www.w3.org/2000/svg}"
REACHING_OUT = re.compile(
    r"@import|@[\w-]*\\|image-set\(|\bsrc\(|url\((?!\s*[\"']?#)|\\[^()]*\(", re.I
)
"""CSS that would load something. An escape in a name may spell any of it."""
_ELSEWHERE = re.compile(r"print|speech|dark|reduce|more|max-|not\b|hover|none", re.I)
"""In the condition of an `@media` rule: what does not hold of a drawing on a light screen."""
_IDLE = re.compile(r"(animation|transition|cursor|pointer-events|user-select|will-change)\b")
"""Properties that a drawing in an edition has no use for."""
_DEPTH = 20
"""How often variables may name each other: those that name themselves never end."""

Styles = dict[str, str]


def style_of(element: Element) -> Styles:
    """The declarations of an element's `style` attribute."""
    return {
        name: value for name, value, _ in _declarations(element.get("style") or "")
    }  # fmt: skip


def write_style(element: Element, style: Mapping[str, str]) -> None:
    """Give an element its `style` attribute, or none."""
    if style:
        element.set("style", ";".join(f"{name}:{value}" for name, value in style.items()))
    else:
        element.attrib.pop("style", None)


def value_of(element: Element, name: str) -> str:
    """A property as the element's own style or attribute has it, or nothing."""
    return style_of(element).get(name) or element.get(name) or ""


def inherited(element: Element, name: str, otherwise: str = "") -> str:
    """A property as the element or the nearest one around it has it."""
    for each in (element, *element.iterancestors()):
        if (value := value_of(each, name)) and value != "inherit":
            return value
    return otherwise


def set_value(element: Element, name: str, value: str | None) -> None:
    """Set a property as an attribute, in place of any other, or take it away."""
    style = style_of(element)
    if style.pop(name, None) is not None:
        write_style(element, style)
    element.attrib.pop(name, None)
    if value is not None:
        element.set(name, value)


def apply_styles(root: Element) -> None:
    """Give each element the style that the sheets of the drawing give it; remove the sheets."""
    matcher = cssselect2.Matcher()
    sheets = list(root.iter(f"{SVG}style"))
    for sheet in sheets:
        if sheet.get("type", "text/css").strip() in ("", "text/css"):
            text = re.sub(r"<!--|-->", "", "".join(sheet.itertext()))
            for selector, declarations in _rules(text):
                matcher.add_selector(selector, declarations)
    wrappers = {id(w.etree_element): w for w in _wrapped(root)}
    _apply(root, matcher, wrappers, {})
    for sheet in sheets:
        if (parent := sheet.getparent()) is not None:
            parent.remove(sheet)


def _wrapped(root: Element) -> Iterator[Any]:
    return iter(cssselect2.ElementWrapper.from_xml_root(root).iter_subtree())


def _apply(
    element: Element, matcher: Any, wrappers: Mapping[int, Any], around: Mapping[str, str]
) -> None:
    """Style an element and what it holds; `around` are the variables in force."""
    found: list[tuple[str, str, bool]] = []
    for *_, declarations in matcher.match(wrappers[id(element)]):
        found += declarations
    found += _declarations(element.get("style") or "")
    style: Styles = {}
    for important in (False, True):
        for name, value, urgent in found:
            if urgent == important:
                style.pop(name, None)
                style[name] = value
    own = {name: value for name, value in style.items() if name.startswith("--")}
    variables = {**around, **own}
    written: Styles = {}
    for name, value in style.items():
        if name in own or _IDLE.match(name) or REACHING_OUT.search(value):
            continue
        resolved = _resolved(value, variables)
        if resolved is not None:
            written |= dict(_written_out(name, resolved))
    write_style(element, written)
    for name, value in list(element.attrib.items()):
        if "var(" in value and name != "style":
            if (resolved := _resolved(value, variables)) is None:
                del element.attrib[name]
            else:
                element.set(name, resolved)
        elif name in _COLOURS and value.lower() == "currentcolor":
            element.set(name, "currentColor")
    element.attrib.pop("class", None)
    for child in element:
        if isinstance(child.tag, str):
            _apply(child, matcher, wrappers, variables)


_COLOURS = ("fill", "stroke", "stop-color", "flood-color")


def _rules(text: str) -> Iterator[tuple[Any, list[tuple[str, str, bool]]]]:
    """The selectors of a sheet, each with its declarations; unknown ones are passed over."""
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule" and rule.content is not None:
            holds = not _ELSEWHERE.search(tinycss2.serialize(rule.prelude))
            if rule.lower_at_keyword in ("media", "supports", "layer") and holds:
                yield from _rules(tinycss2.serialize(rule.content))
        elif rule.type == "qualified-rule":
            declarations = list(_declarations(tinycss2.serialize(rule.content)))
            try:
                selectors = cssselect2.compile_selector_list(rule.prelude)
            except cssselect2.SelectorError:
                continue
            for selector in selectors:
                if selector.pseudo_element is None and not selector.never_matches:
                    yield selector, declarations


def _declarations(text: str) -> Iterator[tuple[str, str, bool]]:
    """Name, value, and whether it is `!important`."""
    for part in tinycss2.parse_blocks_contents(text, skip_comments=True, skip_whitespace=True):
        if part.type == "declaration":
            name = part.name if part.name.startswith("--") else part.lower_name
            value = tinycss2.serialize(part.value).strip()
            yield name, value, bool(part.important)


def _resolved(value: str, variables: Mapping[str, str], depth: int = 0) -> str | None:
    """The value with its variables replaced, or None where one has no value."""
    if "var(" not in value.lower():
        return value
    if depth > _DEPTH:
        return None
    out: list[str] = []
    for token in tinycss2.parse_component_value_list(value):
        if token.type != "function":
            out.append(token.serialize())
            continue
        inner = tinycss2.serialize(token.arguments)
        if token.lower_name != "var":
            replaced = _resolved(inner, variables, depth + 1)
            replaced = None if replaced is None else f"{token.name}({replaced})"
        else:
            name, comma, fallback = inner.partition(",")
            given = variables.get(name.strip(), fallback.strip() if comma else None)
            replaced = None if given is None else _resolved(given, variables, depth + 1)
        if replaced is None:
            return None
        out.append(replaced)
    return "".join(out).strip()


_SIZE = re.compile(
    r"(?:^|\s)(?P<size>[\d.]+(?:px|pt|em|rem|ex|mm|cm|in|%)|(?:xx?-)?(?:small|large)|medium)"
    r"(?:\s*/\s*(?P<leading>\S+))?\s+(?P<family>.+)$",
    re.S,
)
_KEYWORD_PX = {"xx-small": 9, "x-small": 10, "small": 13, "medium": 16, "large": 18, "x-large": 24}


def _written_out(name: str, value: str) -> Iterator[tuple[str, str]]:
    """A declaration, or those that it stands for (CSS Fonts 4, 2.7)."""
    if name in _COLOURS and value.lower() == "currentcolor":
        yield name, "currentColor"
    elif name != "font" or not (parts := _SIZE.search(value)):
        yield name, value
    else:
        before = value[: parts.start()].split()
        slant = next((word for word in before if word in ("italic", "oblique")), "normal")
        heavy = next((w for w in before if w.isdigit() or w in ("bold", "bolder")), "normal")
        size = parts["size"]
        yield "font-style", slant
        yield "font-weight", heavy
        yield "font-size", f"{_KEYWORD_PX[size]}px" if size in _KEYWORD_PX else size
        yield "font-family", parts["family"]
        if parts["leading"]:
            yield "line-height", parts["leading"]
