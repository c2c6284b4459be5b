"""The cascade: which text of a page can be seen, by its style sheets and attributes.

The cascade is followed in every setting that the sheets distinguish: light and dark screens, each
of their conditions met and unmet. From an element's values, `visibility` then says whether its text
is hidden, covered or changed. Where the page alone does not decide this, the text is doubted. A
rule that cannot be followed is reported.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from triptych.witness.html.computed import DoubtKind, View, viewed
from triptych.witness.html.stylesheets import (
    Declarations,
    Needs,
    Rules,
    Setting,
    StyleSheet,
    Typeface,
    declarations,
    parsed,
)
from triptych.witness.html.visibility import covers, judged, own_text

_Found = list[tuple[Any, int, str | None, tuple[Declarations, Needs]]]
"""Matching rules: specificity, order, pseudo-element, and what was put in the matcher."""


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
    def from_right(self) -> bool:
        """Whether the text is set from the right, in some setting."""
        return any(view.from_right for view in self.views)

    @property
    def doubt(self) -> tuple[DoubtKind, str] | None:
        """Why the element's text cannot be trusted, if so."""
        for view in self.views:
            if view.kind:
                return view.kind, view.why
        return None


class Sight:
    """The style sheets of one page."""

    def __init__(self, sheets: Iterable[StyleSheet]) -> None:
        rules = Rules(sheets)
        self.unread: tuple[str, ...] = tuple(rules.unread)
        """Rules that cannot be followed here, and might hide or change text."""
        self.typefaces: tuple[Typeface, ...] = tuple(rules.typefaces)
        self._matcher = rules.matcher
        self._settings = rules.settings()
        self._elsewhere = [_elsewhere(setting, self._settings) for setting in self._settings]
        self._held: dict[Needs, tuple[bool, ...]] = {}
        self._looks: dict[tuple[Any, ...], tuple[tuple[View, ...], Seen]] = {}
        self._families = frozenset(face.family.lower() for face in rules.typefaces)

    def open(self) -> Seen:
        """How the empty page is seen."""
        light, dark = (View(dark, families=self._families) for dark in (False, True))
        return Seen(tuple(dark if setting.dark else light for setting in self._settings))

    def look(self, element: Any, parent: Seen) -> Seen:
        """How an element (of cssselect2) is seen within its parent.

        Elements of one kind, within one view and under the same rules, are looked at once.
        """
        found: _Found = self._matcher.match(element)
        node = element.etree_element
        if not (found or element.local_name in _OWN_WAYS or _TELLING & set(node.attrib)):
            return Seen(parent.views) if parent.generated or parent.covers else parent
        key = (
            id(parent.views),
            tuple(order for _, order, _, _ in found),
            element.local_name,
            tuple(map(node.get, (*_TELLING, "open"))),
            own_text(node),
        )
        if key not in self._looks:  # the parent's views are kept, so that their id stays theirs
            self._looks[key] = parent.views, self._look(element, found, parent.views)
        return self._looks[key][1]

    def _holds(self, needs: Needs) -> tuple[bool, ...]:
        """Whether rules that need this much hold, setting by setting."""
        if needs not in self._held:
            self._held[needs] = tuple(setting.meets(needs) for setting in self._settings)
        return self._held[needs]

    def _look(self, element: Any, found: _Found, parent: tuple[View, ...]) -> Seen:
        style = element.etree_element.get("style")
        inline = declarations(parsed(style)) if style else []
        views: list[View] = []
        generated: dict[str, None] = {}
        cover = ""
        # In most settings the same rules hold within the same view.
        known: dict[tuple[int, tuple[bool, ...]], View] = {}
        holding = list(zip(*(self._holds(needs) for *_, (_, needs) in found), strict=True))
        for number, setting in enumerate(self._settings):
            above = parent[number]
            if above.kind is None and _is_target(found, setting):
                above = parent[self._elsewhere[number]]
            key = id(above), holding[number] if holding else ()
            if key not in known:
                own, pseudo = _cascade(found, inline, setting)
                view, over = _looked(element, own, above)
                cover = cover or over
                for name, values in pseudo.items():
                    view, text, over = _with_pseudo(element, name, values, view)
                    cover = cover or over
                    if text and view.kind is None:
                        generated[text] = None
                known[key] = next((one for one in (above, *known.values()) if one == view), view)
            views.append(known[key])
        return Seen(tuple(views), tuple(generated), cover)


_OWN_WAYS = frozenset(
    "bdo details dialog li marquee mphantom ol q small sub sup tfoot thead".split()
)
"""Elements that browsers show in a way of their own."""
_TELLING = frozenset("style hidden popover inert dir mathcolor mathbackground".split())


def _is_target(found: _Found, setting: Setting) -> bool:
    """Whether an element is held to be what a link has led to."""
    return ":target" in setting.met and any(
        (("", ":target"),) in needs and setting.meets(needs) for *_, (_, needs) in found
    )


def _elsewhere(setting: Setting, settings: tuple[Setting, ...]) -> int:
    """The setting in which a link has led elsewhere: of an element and its parent one is led to."""
    other = Setting(setting.dark, setting.met - {":target"})
    return settings.index(other) if other in settings else int(setting.dark)


def _looked(element: Any, own: dict[str, str], above: View) -> tuple[View, str]:
    """The view of an element with its own values; and how it may cover others."""
    view, values = viewed(element, own, above)
    if above.kind == "hidden":
        return view, ""
    kind, why = judged(element, values, view)
    over = covers(element.local_name, values, view) if kind != "hidden" else ""
    if (kind, why) != (view.kind, view.why):
        view = replace(view, kind=kind, why=why)
    return view, over


def _with_pseudo(element: Any, name: str, own: dict[str, str], view: View) -> tuple[View, str, str]:
    """The view with what a pseudo-element does to it, the text it makes up, what it covers."""
    if name == "marker":
        within, values = viewed(element, own, view)
        kind, _ = judged(element, values, within)
        return replace(view, numbering=within.numbering and kind == view.kind), "", ""
    if name in ("before", "after"):
        text, shown = _generated(own), own.get("content", "none") not in ("none", "normal")
        _, values = viewed(element, own, view)
        return view, text, covers(name, values, view) if shown else ""
    if view.kind is None and name in ("first-letter", "first-line"):
        within, values = viewed(element, own, view)
        kind, why = judged(element, values, within)
        if kind is not None:
            view = replace(view, kind=kind, why=f"::{name}, {why}")
    return view, "", ""


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
