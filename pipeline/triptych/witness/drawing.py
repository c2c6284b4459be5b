"""Drawings read back: the words that an SVG shows, as a stranger would see them.

In: the elements of an SVG. Out: its words in the order in which they are painted, each with its
colour. What is not displayed, transparent, tiny, or outside what is drawn, is not shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import cssselect2
import tinycss2

from triptych.witness.colour import Colour
from triptych.witness.html.values import colour as colour_named
from triptych.witness.html.values import number, type_size
from triptych.witness.reading import Inked, UnreadableError
from triptych.witness.xml_root import xml_root

_SHOWN_ELSEWHERE = frozenset(
    "clipPath defs desc filter linearGradient marker mask metadata pattern radialGradient script "
    "style symbol title".split()
)
"""Elements that show nothing where they stand (SVG 2, 5.4 and 5.5)."""
_LINK = "{http://www.w3.org/1999/xlink}href"
_MOST = 200_000
"""Elements that a drawing shows, used ones as often as they are used; each use may double them."""


@dataclass(frozen=True, slots=True)
class _Ink:
    """What letters inherit, and the opacity of all around them."""

    fill: str = "black"
    stroke: str = "none"
    share: float = 1.0
    around: float = 1.0
    size: float = 16.0
    shown: bool = True

    @property
    def seen(self) -> bool:
        """Whether a letter in this ink is seen."""
        filled = self.fill not in ("none", "transparent") and self.share * self.around >= 0.1
        lined = self.stroke not in ("none", "transparent") and self.around >= 0.1
        return self.shown and self.size > 0 and (filled or lined)

    @property
    def colour(self) -> Colour | None:
        """What it is filled with, if that is a plain colour."""
        found = None if self.fill in ("currentcolor", "none") else colour_named(self.fill, False)
        return None if found is None else found[:3]


def read_drawing(data: bytes) -> tuple[Inked, ...]:
    """The words of a drawing in a file of its own. Raises ParseError if it is not XML."""
    return words_of(xml_root(data))


def words_of(root: Any) -> tuple[Inked, ...]:
    """The words of a drawing, given as an element tree."""
    return tuple(_Drawing(root).words())


class _Drawing:
    def __init__(self, root: Any) -> None:
        self._root = root
        self._named: dict[str, Any] = {}
        for element in root.iter():
            if name := element.get("id"):
                self._named.setdefault(name, element)  # of equal ones, the first counts (DOM)
        self._read_so_far = 0
        self._matcher = cssselect2.Matcher()
        self._wrapped: dict[Any, Any] = {}
        for sheet in (e for e in root.iter() if _name(e) == "style"):
            self._read_sheet("".join(sheet.itertext()))

    def words(self) -> Iterator[Inked]:
        """All that is shown."""
        return self._read(self._root, _Ink(), 0, within_text=False)

    def _read_sheet(self, text: str) -> None:
        for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
            if rule.type == "qualified-rule":
                try:
                    selectors = cssselect2.compile_selector_list(rule.prelude)
                except cssselect2.SelectorError:
                    continue
                given = tinycss2.serialize(rule.content)
                for selector in selectors:
                    if selector.pseudo_element is None:
                        self._matcher.add_selector(selector, given)
        if not self._wrapped:
            tree = cssselect2.ElementWrapper.from_xml_root(self._root)
            self._wrapped = {e.etree_element: e for e in tree.iter_subtree()}

    def _values(self, element: Any) -> dict[str, str]:
        """Properties as attributes give them, then the sheets, then the element's own style."""
        values = {name: value for name, value in element.attrib.items() if "{" not in name}
        rules = self._matcher.match(self._wrapped[element]) if self._wrapped else ()
        for given in (*(rule[-1] for rule in rules), element.get("style", "")):
            for one in tinycss2.parse_blocks_contents(given):
                if one.type == "declaration":
                    values[one.lower_name] = tinycss2.serialize(one.value).strip()
        return values

    def _read(self, element: Any, above: _Ink, depth: int, *, within_text: bool) -> Iterator[Inked]:
        tag = _name(element)
        if not tag or (tag in _SHOWN_ELSEWHERE and not (tag == "symbol" and depth)):
            return
        self._read_so_far += 1
        if self._read_so_far > _MOST:
            raise UnreadableError(f"a drawing in it shows more than {_MOST:,} elements")
        values = self._values(element)
        if values.get("display") == "none":
            return
        ink = _inked(values, above)
        if tag == "use":
            named = self._named.get((element.get("href") or element.get(_LINK, ""))[1:])
            if named is not None and depth < 10:
                yield from self._read(named, ink, depth + 1, within_text=False)
            return
        within_text = within_text or tag == "text"
        if within_text and ink.seen and element.text:
            yield element.text, ink.colour
        for child in element:
            yield from self._read(child, ink, depth, within_text=within_text)
            if within_text and ink.seen and child.tail:
                yield child.tail, ink.colour


def _inked(values: Mapping[str, str], above: _Ink) -> _Ink:
    own = {name: said.lower() for name, said in values.items() if said not in ("", "inherit")}
    share, around = number(own.get("fill-opacity", "")), number(own.get("opacity", ""))
    size = type_size(own.get("font-size", "inherit"), above.size)
    return _Ink(
        fill=own.get("fill", above.fill),
        stroke=own.get("stroke", above.stroke),
        share=above.share if share is None else share,
        around=above.around * (1.0 if around is None else around),
        size=above.size if size is None else size,
        shown=own.get("visibility", "visible" if above.shown else "hidden") == "visible",
    )


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
