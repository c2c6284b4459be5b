"""The cascade: which text of a page can be seen, by its style sheets and attributes.

The cascade is followed in every setting that the sheets distinguish: light and dark screens, each
of their conditions met and unmet. From an element's values, `visibility` then says whether its text
is hidden, covered or changed. Where the page alone does not decide this, the text is doubted. A
rule that cannot be followed is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from triptych.witness.html.computed import ComputedStyle, DoubtKind, compute
from triptych.witness.html.emphasis import EMPHATIC, Marks
from triptych.witness.html.stylesheets import (
    Conditions,
    Declarations,
    Rules,
    Setting,
    StyleSheet,
    Typeface,
    declarations,
    parsed,
)
from triptych.witness.html.visibility import covers, is_idle, own_text, visibility_of
from triptych.witness.mathml import moved

_Found = list[tuple[Any, int, str | None, tuple[Declarations, Conditions]]]
"""Matching rules: specificity, order, pseudo-element, and what was put into the matcher."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found at one element: its styles, generated text around it, what covers it."""

    styles: tuple[ComputedStyle, ...]
    generated: tuple[str, ...] = ()
    covers: str = ""

    @property
    def listing(self) -> str:
        """How the items of a list are told apart; what differs by the setting is said so."""
        first, *others = (style.listing for style in self.styles)
        return first if all(other == first for other in others) else "another in other settings"

    @property
    def from_right(self) -> bool:
        """Whether the text is set from the right, in some setting."""
        return any(style.from_right for style in self.styles)

    @property
    def marks(self) -> Marks:
        """The emphasis of the element's letters, where no condition of the style sheets is met."""
        return self.styles[0].marks

    @property
    def wavering(self) -> bool:
        """Whether that depends on the setting; lines under links may."""
        marks = self.marks
        return any((style.marks ^ marks) - {"underlined"} for style in self.styles)

    @property
    def doubt(self) -> tuple[DoubtKind, str] | None:
        """Why the element's text cannot be trusted, if so."""
        for style in self.styles:
            if style.kind:
                return style.kind, style.why
        return None


class Cascade:
    """The style sheets of one page."""

    def __init__(self, sheets: Iterable[StyleSheet]) -> None:
        rules = Rules(sheets)
        self.unread: tuple[str, ...] = tuple(rules.unread)
        """Rules that cannot be followed here, and might hide or change text."""
        self.typefaces: tuple[Typeface, ...] = tuple(rules.typefaces)
        self._matcher = rules.matcher
        self._settings = rules.settings()
        self._elsewhere = [_elsewhere(setting, self._settings) for setting in self._settings]
        self._held: dict[Conditions, tuple[bool, ...]] = {}
        self._looks: dict[tuple[Any, ...], tuple[tuple[ComputedStyle, ...], Seen]] = {}
        self._families = frozenset(face.family.lower() for face in rules.typefaces)

    def open(self) -> Seen:
        """The styles of the empty page."""
        light, dark = (ComputedStyle(dark, families=self._families) for dark in (False, True))
        return Seen(tuple(dark if setting.dark else light for setting in self._settings))

    def look(self, element: Any, parent: Seen, *, own: bool = True) -> Seen:
        """How an element (of cssselect2) is seen within its parent.

        If not `own`, its `style` attribute is left aside. Elements of one kind, within one style
        and under the same rules, are examined once.
        """
        found: _Found = self._matcher.match(element)
        node = element.etree_element
        if not (found or element.local_name in _OWN_WAYS or _TELLING & set(node.attrib)):
            return Seen(parent.styles) if parent.generated or parent.covers else parent
        key = (
            id(parent.styles),
            tuple(order for _, order, _, _ in found),
            element.local_name,
            tuple(map(node.get, (*_TELLING, "open"))),
            "href" in node.attrib,
            own_text(node),
            moved(node),
            own,
        )
        if (
            key not in self._looks
        ):  # the parent's styles are kept alive, so that nothing else gets their id
            self._looks[key] = parent.styles, self._look(element, found, parent.styles, own)
        return self._looks[key][1]

    def reaches(self, element: Any) -> str:
        """What a rule of the page does to an element inside a drawing; empty if nothing.

        The colour of links is not that of what they paint.
        """
        link = element.local_name == "a"
        for *_, (given, _) in self._matcher.match(element):
            for name, value, _ in given:
                of_link = link and name.startswith(("color", "text-"))
                if not (is_idle(name) or _OF_BOXES.match(name) or of_link):
                    return f"the page sets {name}: {value} in it"
        return ""

    def _holds(self, needs: Conditions) -> tuple[bool, ...]:
        """Whether rules with these conditions hold, setting by setting."""
        if needs not in self._held:
            self._held[needs] = tuple(setting.meets(needs) for setting in self._settings)
        return self._held[needs]

    def _look(
        self, element: Any, found: _Found, parent: tuple[ComputedStyle, ...], own_style: bool
    ) -> Seen:
        written = element.etree_element.get("style") if own_style else ""
        inline = declarations(parsed(written)) if written else []
        styles: list[ComputedStyle] = []
        generated: dict[str, None] = {}
        cover = ""
        # In most settings the same rules hold within the same style.
        known: dict[tuple[int, tuple[bool, ...]], ComputedStyle] = {}
        holding = list(zip(*(self._holds(needs) for *_, (_, needs) in found), strict=True))
        for number, setting in enumerate(self._settings):
            above = parent[number]
            if above.kind is None and _is_target(found, setting):
                above = parent[self._elsewhere[number]]
            key = id(above), holding[number] if holding else ()
            if key not in known:
                own, pseudo = _cascade(found, inline, setting)
                style, over = _looked(element, own, above)
                cover = cover or over
                for name, values in pseudo.items():
                    style, text, over = _with_pseudo(element, name, values, style)
                    cover = cover or over
                    if text and style.kind is None:
                        generated[text] = None
                known[key] = next((one for one in (above, *known.values()) if one == style), style)
            styles.append(known[key])
        return Seen(tuple(styles), tuple(generated), cover)


_OF_BOXES = re.compile("outline|border|box-|margin|padding|background|float$|columns?(?:-|$)")
"""Properties that have no effect on the parts of a drawing (SVG 2, 6.6)."""

_OWN_WAYS = EMPHATIC | frozenset(
    """bdo details dialog dir li marquee menu mover mpadded mphantom munder munderover ol q small
    tfoot thead ul""".split()
)
"""Elements that browsers show in their own way."""
_TELLING = frozenset("style hidden popover inert dir mathcolor mathbackground type".split())


def _is_target(found: _Found, setting: Setting) -> bool:
    """Whether an element counts as the target of a link."""
    return ":target" in setting.met and any(
        (("", ":target"),) in needs and setting.meets(needs) for *_, (_, needs) in found
    )


def _elsewhere(setting: Setting, settings: tuple[Setting, ...]) -> int:
    """The setting without `:target`: only one of an element and its parent is a link's target."""
    other = Setting(setting.dark, setting.met - {":target"})
    return settings.index(other) if other in settings else int(setting.dark)


def _looked(element: Any, own: dict[str, str], above: ComputedStyle) -> tuple[ComputedStyle, str]:
    """The style of an element with its own values, and how it may cover others."""
    style, values = compute(element, own, above)
    if above.kind == "hidden":
        return style, ""
    kind, why = visibility_of(element, values, style)
    over = covers(element.local_name, values, style) if kind != "hidden" else ""
    if (kind, why) != (style.kind, style.why):
        style = replace(style, kind=kind, why=why)
    return style, over


def _with_pseudo(
    element: Any, name: str, own: dict[str, str], style: ComputedStyle
) -> tuple[ComputedStyle, str, str]:
    """The style with the effects of a pseudo-element, the text it adds, and what it covers."""
    if name == "marker":
        within, values = compute(element, own, style)
        kind, why = visibility_of(element, values, within)
        if kind != style.kind:
            style = replace(style, listing=f"nothing or something else (::marker, {why})")
        return style, "", ""
    if name in ("before", "after"):
        text, shown = _generated(own), own.get("content", "none") not in ("none", "normal")
        _, values = compute(element, own, style)
        return style, text, covers(name, values, style) if shown else ""
    if style.kind is None and name in ("first-letter", "first-line"):
        within, values = compute(element, own, style)
        kind, why = visibility_of(element, values, within)
        if kind is not None:
            style = replace(style, kind=kind, why=f"::{name}, {why}")
    return style, "", ""


def _generated(values: dict[str, str]) -> str:
    """The text that a pseudo-element adds."""
    content = values.get("content", "none")
    if content in ("none", "normal") or values.get("display") == "none":
        return ""
    quoted = len(content) > 1 and content[0] == content[-1] and content[0] in "\"'"
    return (content[1:-1] if quoted else content).strip()


def _cascade(
    found: _Found, inline: Declarations, setting: Setting
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """The values that win (CSS Cascade 4, 6), for the element and for its pseudo-elements."""
    own: dict[str, tuple[tuple[Any, ...], str]] = {}
    pseudo: dict[str, dict[str, tuple[tuple[Any, ...], str]]] = {}

    def put(
        into: dict[str, tuple[tuple[Any, ...], str]], weight: tuple[Any, ...], given: Declarations
    ) -> None:
        for place, (name, value, important) in enumerate(given):
            rank = (important, *weight, place)
            if name not in into or into[name][0] <= rank:
                into[name] = (rank, value)

    for specificity, order, pseudo_name, (given, needs) in found:
        if setting.meets(needs):
            into = own if pseudo_name is None else pseudo.setdefault(pseudo_name, {})
            put(into, (0, specificity, order), given)
    put(own, (1, (0, 0, 0), 0), inline)
    return (
        {name: value for name, (_, value) in own.items()},
        {name: {k: v for k, (_, v) in values.items()} for name, values in pseudo.items()},
    )
