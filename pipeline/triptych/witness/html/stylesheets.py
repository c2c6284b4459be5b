"""Style sheets: rules, with the conditions under which they hold.

In: the style sheets of a page. Out: a matcher of their rules, their conditions, the typefaces they
load, and what in them cannot be followed here.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

import cssselect2
import tinycss2

from triptych.witness.html.listing import list_style
from triptych.witness.html.values import parts_of_font
from triptych.witness.html.visibility import is_idle

Scheme = Literal["light", "dark", ""]
Conditions = tuple[tuple[tuple[Scheme, str], ...], ...]
"""What must hold for a rule: in each group one alternative, a colour scheme and a condition."""
Declarations = list[tuple[str, str, bool]]
"""Names, values and importance."""


@dataclass(frozen=True, slots=True)
class StyleSheet:
    """The text of a style sheet, the media queries it depends on, and the path of its file."""

    text: str
    media: tuple[str, ...] = ()
    path: str = ""


@dataclass(frozen=True, slots=True)
class Typeface:
    """A typeface that a style sheet loads: its family, and its address, relative to `path`.

    For a data address, this is `sha256:` and the SHA-256 of the data.
    """

    family: str
    address: str
    path: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A reader's setting: the colour scheme of the screen, and which conditions are met."""

    dark: bool
    met: frozenset[str]

    def meets(self, needs: Conditions) -> bool:
        """Whether rules with these conditions hold."""
        scheme = "dark" if self.dark else "light"
        return all(
            any(wanted in ("", scheme) and (not what or what in self.met) for wanted, what in group)
            for group in needs
        )


def sheet_of(text: str, node: Any, path: str = "") -> StyleSheet:
    """The style sheet of a `style` or `link` element.

    A sheet of another type, or one with a title, which readers may choose, may apply or not.
    """
    conditions = [f"({name}: {node.get(name)})" for name in ("title",) if node.get(name)]
    if node.get("type", "").strip().lower() not in ("", "text/css"):
        conditions.append(f"(type: {node.get('type')})")
    media = node.get("media", "").strip()
    return StyleSheet(text, tuple(filter(None, (media, *conditions))), path)


class Rules:
    """The rules of a page's style sheets."""

    def __init__(self, sheets: Iterable[StyleSheet]) -> None:
        self.matcher = cssselect2.Matcher()
        self.conditions: dict[str, None] = {}
        self.unread: list[str] = []
        self.typefaces: list[Typeface] = []
        for sheet in sheets:
            self._path = sheet.path
            needs: Conditions = ()
            for queries in sheet.media:
                needs = (*needs, self._alternatives(queries.lower()))
            self._take(tinycss2.parse_stylesheet(digested(sheet.text), True, True), needs)

    def settings(self) -> tuple[Setting, ...]:
        """The settings to examine: no condition met, all, each by itself, all but each."""
        every = frozenset(self.conditions)
        met = [frozenset[str](), every]
        for condition in self.conditions:
            met += [frozenset((condition,)), every - {condition}]
        return tuple(Setting(dark, one) for one in dict.fromkeys(met) for dark in (False, True))

    def _take(self, rules: list[Any], needs: Conditions) -> None:
        for rule in rules:
            if rule.type == "qualified-rule":
                self._take_style(tinycss2.serialize(rule.prelude), rule.content, needs)
            elif rule.type == "at-rule":
                self._take_at_rule(rule, needs, "")

    def _take_style(self, selector: str, content: Any, needs: Conditions) -> None:
        """A style rule, with the rules nested in it (CSS Nesting 1)."""
        inner = tinycss2.parse_blocks_contents(content, True, True)
        for item in inner:
            if item.type == "qualified-rule":
                nested = tinycss2.serialize(item.prelude).strip()
                nested = nested if "&" in nested else f"& {nested}"
                self._take_style(nested.replace("&", f":is({selector})"), item.content, needs)
            elif item.type == "at-rule":
                self._take_at_rule(item, needs, selector)
        found = declarations(inner)
        if not found:
            return
        states = dict.fromkeys(state.lower() for state in _STATE.findall(selector))
        if states:  # a state that a reader may cause: taken as met, under that condition
            on = (*needs, *((("", state),) for state in states))
            self._add(_STATE.sub(_as_if, selector), found, on)
        self._add(selector, found, needs, may_fail=bool(states))

    def _add(
        self, selector: str, found: Declarations, needs: Conditions, may_fail: bool = False
    ) -> None:
        try:
            selectors = cssselect2.compile_selector_list(selector)
        except cssselect2.SelectorError:
            if not may_fail:
                self.unread.append(selector.strip())
            return
        self.conditions.update({what: None for group in needs for _, what in group if what})
        for compiled in selectors:
            self.matcher.add_selector(compiled, (found, needs))

    def _take_at_rule(self, rule: Any, needs: Conditions, selector: str) -> None:
        name = rule.lower_at_keyword
        prelude = tinycss2.serialize(rule.prelude).strip()
        if name == "font-face":
            self._take_typeface(rule.content or [])
            return
        if name in _HARMLESS:
            return
        if name not in ("media", "supports") or rule.content is None:
            self.unread.append(f"@{name} {prelude}".strip())
            return
        if name == "media":
            needs = (*needs, self._alternatives(prelude.lower()))
        else:
            needs = (*needs, (("", prelude),))
        if selector:
            self._take_style(selector, rule.content, needs)
        else:
            self._take(tinycss2.parse_rule_list(rule.content, True, True), needs)

    def _alternatives(self, queries: str) -> tuple[tuple[Scheme, str], ...]:
        """Media queries: what a query asks besides the colour scheme is a condition."""
        found: list[tuple[Scheme, str]] = []
        for query in queries.split(","):
            if re.search(r"\b(print|speech)\b", query) and "not" not in query.split():
                continue
            schemes = _SCHEME.findall(query)
            rest = re.sub(r"\b(screen|all|only|and)\b|\s", "", _SCHEME.sub("", query))
            if len(set(schemes)) < 2:
                found.append((schemes[0] if schemes else "", rest))
        return tuple(found)

    def _take_typeface(self, content: Any) -> None:
        """A typeface (CSS Fonts 4, 4); descriptors that change its letters cannot be followed."""
        family, addresses = "", []
        for item in tinycss2.parse_blocks_contents(content, True, True):
            if item.type != "declaration":
                continue
            value = tinycss2.serialize(item.value).strip()
            if item.lower_name == "font-family":
                family = value.strip("\"'")
            elif item.lower_name == "src":
                addresses += list(_addresses(item.value))
            elif item.lower_name not in _OF_TYPEFACES:
                self.unread.append(f"@font-face with {item.lower_name}: {value}")
        self.typefaces += [Typeface(family, address, self._path) for address in addresses or [""]]


def declarations(items: list[Any]) -> Declarations:
    """Name, value and importance of each declaration that may matter.

    Shorthands, such as `font`, are split into the parts that matter, so that the cascade treats
    each of them by itself.
    """
    found: Declarations = []
    for item in items:
        if item.type != "declaration" or is_idle(item.lower_name):
            continue
        name = item.name if item.name.startswith("--") else item.lower_name
        value = tinycss2.serialize(item.value).strip()
        parts: Mapping[str, str] = {name: value}
        if name == "background":
            parts = {"background-color": value, "background-image": value}
        elif name == "font":
            parts = parts_of_font(value)
        elif name == "list-style":
            parts = list_style(value)
        elif name == "font-variant":
            parts = {"font-variant-caps": value}
        elif name == "text-decoration":
            parts = {name: value, "text-decoration-line": value}
        found += [(part, given, item.important) for part, given in parts.items()]
    return found


def parsed(style: str) -> list[Any]:
    """The declarations of a `style` attribute."""
    return list(tinycss2.parse_blocks_contents(style, True, True))


def _addresses(tokens: list[Any]) -> Iterable[str]:
    for token in tokens:
        if token.type == "url":
            yield token.value
        elif token.type == "function" and token.lower_name == "url":
            yield "".join(item.value for item in token.arguments if item.type == "string")
        elif token.type == "function" and token.lower_name == "local":
            yield str(tinycss2.serialize([token]))


_CONTENT = re.compile(r"base64,([A-Za-z0-9+/]{40,}={0,2})")


def digested(sheet: str) -> str:
    """A style sheet, with the digests of data addresses in their place.

    Most of a style sheet may be typefaces, which need not be parsed as CSS.
    """
    return _CONTENT.sub(_digested, sheet)


def _digested(match: re.Match[str]) -> str:
    try:
        return f"sha256:{sha256(b64decode(match[1])).hexdigest()}"
    except ValueError:
        return match[0]


_HARMLESS = frozenset(
    "charset counter-style font-feature-values font-palette-values keyframes namespace page "
    "view-transition".split()
)
"""Rules that do not affect text by themselves; what refers to keyframes is doubted."""
_OF_TYPEFACES = frozenset("font-weight font-style font-display unicode-range".split())
_SCHEME = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)")
_STATE = re.compile(
    r":(?:visited|hover|active|focus-visible|focus-within|focus|target-within|target)(?![\w-])",
    re.I,
)


def _as_if(state: re.Match[str]) -> str:
    """A selector for the elements that may be in a state: only one with an id can be a target."""
    return "[id]" if state[0].lower() == ":target" else ":not(.-never-)"
