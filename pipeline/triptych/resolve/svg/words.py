"""Words in a drawing that not every program shows: in HTML, raised, or turned into capitals.

In: a drawing whose elements have their own styles. Out: the same with all words as `<text>`. HTML
in a drawing (`foreignObject`) has no lines of its own: the house face tells how long they are.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from triptych.mathematics.font import OpenedTypeface
from triptych.resolve.svg.css import SVG, inherited, set_value, style_of, value_of
from triptych.resolve.svg.lengths import px, shown, viewport
from triptych.tree import Element, fold, remove
from triptych.typefaces import text_face

_ROOM = 0.95
"""Words may be this much wider than their box: flow charts measure it closely, in another face."""
_BOLD = 1.06
"""How much wider words are in bold."""
_ASCENT = 0.8
_BLOCKS = frozenset("div p li ul ol h1 h2 h3 h4 h5 h6 table tr blockquote pre section".split())
_LOST = frozenset("img svg math input video canvas iframe button".split())


def width_of(text: str, language: str = "en") -> float:
    """How wide a text is, in em, set in the house's face for text."""
    return sum(_advance(character, language) for character in text)


@functools.cache
def _advance(character: str, language: str) -> float:
    face = text_face(character, language)
    if face is None:
        return 0.6
    opened = _opened(face.path)
    glyph = opened.glyph(character)
    return 0.6 if glyph is None else opened.measure(glyph).advance


@functools.cache
def _opened(path: Path) -> OpenedTypeface:
    return OpenedTypeface(path)


# --- Alternatives --------------------------------------------------------------------------------


def choose_alternatives(root: Element, language: str) -> None:
    """Leave of each `<switch>` the first alternative that browsers would show (SVG 2, 5.8).

    What an alternative says in `<text>` goes before the same in HTML.
    """
    for switch in list(root.iter(f"{SVG}switch")):
        fitting = [child for child in switch if _fits(child, language)]
        chosen = fitting[:1]
        if chosen and _is_html(chosen[0]):
            said = _bare(chosen[0])
            chosen = [
                c for c in fitting[1:] if c.tag == f"{SVG}text" and _bare(c) == said
            ] or chosen
        for child in list(switch):
            if child not in chosen:
                switch.remove(child)
        switch.tag = f"{SVG}g"


def _fits(alternative: Element, language: str) -> bool:
    if alternative.get("requiredExtensions"):
        return False
    asked = alternative.get("systemLanguage")
    tags = [tag.strip().lower() for tag in (asked or "").split(",")]
    return asked is None or language.lower().split("-")[0] in {tag.split("-")[0] for tag in tags}


def _is_html(element: Element) -> bool:
    return element.tag == f"{SVG}foreignObject"


def _bare(element: Element) -> str:
    return re.sub(r"\s", "", "".join(element.itertext()))


# --- Text in HTML --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Look:
    """How a run of text in HTML looks; `size` in px."""

    size: float
    fill: str
    family: str
    bold: bool = False
    slanted: bool = False
    shift: float = 0.0


@dataclass(slots=True)
class _Box:
    """Where text in HTML stands: its box in px, its alignment, and whether its lines break."""

    x: float
    y: float
    width: float
    height: float
    across: str = "start"
    down: str = "start"
    leading: float = 1.2
    breaks: bool = True
    ground: str = ""


Run = tuple[str, _Look]


def write_html_as_text(root: Element) -> Iterator[str]:
    """Put text in the place of HTML. Yield what cannot be shown so."""
    for foreign in list(root.iter(f"{SVG}foreignObject")):
        lost = {etree.QName(e).localname for e in foreign.iter(etree.Element)} & _LOST
        yield from (f"the <{name}> in HTML" for name in sorted(lost))
        box = _Box(*_edges(foreign, root))
        size = px(inherited(foreign, "font-size"), 16.0, 16.0)
        colour = inherited(foreign, "color") or "black"
        look = _Look(size, colour, inherited(foreign, "font-family"))
        paragraphs = _paragraphs(foreign, look, box)
        lines = [line for runs in paragraphs for line in _lines(runs, box)]
        parent = foreign.getparent()
        if parent is not None and lines:
            group = _set(lines, box, foreign)
            group.tail = foreign.tail
            parent.replace(foreign, group)
        else:
            remove(foreign)


def _edges(foreign: Element, root: Element) -> tuple[float, float, float, float]:
    wide, high = viewport(root)
    x, y, width, height = (
        px(value_of(foreign, name), whole=whole)
        for name, whole in (("x", wide), ("y", high), ("width", wide), ("height", high))
    )
    return x, y, width, height


def _paragraphs(foreign: Element, look: _Look, box: _Box) -> list[list[Run]]:
    """The paragraphs of the HTML, as runs. What their boxes ask goes into `box`."""
    paragraphs: list[list[Run]] = [[]]

    def say(text: str | None, look: _Look) -> None:
        if text and (words := re.sub(r"\s+", " ", text)):
            paragraphs[-1].append((words, look))

    def walk(element: Element, look: _Look) -> None:
        name = etree.QName(element).localname
        if name in _LOST or name in ("annotation", "style", "script"):
            return
        block = name in _BLOCKS
        if (block or name == "br") and paragraphs[-1]:
            paragraphs.append([])
        style = style_of(element)
        if element is not foreign:
            _place(style, box, look)
            look = _looking(name, style, look)
        if name == "li":
            say("• ", look)
        say(element.text, look)
        for child in element:
            walk(child, look)
            say(child.tail, look)
        if block and paragraphs[-1]:
            paragraphs.append([])

    walk(foreign, look)
    return [runs for runs in paragraphs if fold("".join(text for text, _ in runs))]


def _place(style: dict[str, str], box: _Box, look: _Look) -> None:
    """What a box of HTML asks of its place, width and lines."""
    em = look.size
    if "flex" in style.get("display", ""):  # as draw.io writes its labels
        box.x += px(style.get("margin-left", ""), 0.0, em)
        box.y += px(style.get("padding-top", ""), 0.0, em)
        box.width = px(style.get("width", ""), box.width, em, box.width)
        box.height = px(style.get("height", ""), box.height, em, box.height)
        box.down = _side(style.get("align-items", "")) or box.down
        box.across = _side(style.get("justify-content", "")) or box.across
    box.across = _side(style.get("text-align", "")) or box.across
    if "nowrap" in style.get("white-space", "") or style.get("white-space") == "pre":
        box.breaks = False
    elif "normal" in style.get("white-space", "") or "break-spaces" in style.get("white-space", ""):
        box.breaks = True
    leading = style.get("line-height", "")
    if re.fullmatch(r"\d+(\.\d+)?", leading):
        box.leading = float(leading)
    elif leading.endswith(("px", "pt")):
        box.leading = px(leading, box.leading * em, em) / em if em else box.leading
    ground = style.get("background-color") or style.get("background") or ""
    if ground and not re.search(r"none|transparent|url|,\s*0\s*\)", ground):
        box.ground = ground


def _side(word: str) -> str:
    for side, words in (("middle", "center"), ("end", "end|right"), ("start", "start|left")):
        if re.search(words, word):
            return side
    return ""


def _looking(name: str, style: dict[str, str], look: _Look) -> _Look:
    size = px(style.get("font-size", ""), look.size, look.size, look.size)
    weight = style.get("font-weight", "bold" if name in ("b", "strong", "th") else "")
    slant = style.get("font-style", "italic" if name in ("i", "em") else "")
    look = replace(
        look, size=size, fill=style.get("color", look.fill),
        family=style.get("font-family", look.family),
    )  # fmt: skip
    if weight:
        look = replace(look, bold=weight in ("bold", "bolder") or weight[:1] in "6789")
    if slant:
        look = replace(look, slanted=slant != "normal")
    if name in ("sub", "sup"):
        shift = look.size * (0.25 if name == "sub" else -0.35)
        look = replace(look, size=look.size * 0.75, shift=shift)
    return look


def _lines(runs: list[Run], box: _Box) -> Iterator[list[Run]]:
    """The runs of a paragraph in lines that are no wider than the box."""
    line: list[Run] = []
    used = 0.0
    for text, look in runs:
        for word in re.findall(r"\s+|[^\s]+", text):
            wide = width_of(word) * look.size * _ROOM * (_BOLD if look.bold else 1.0)
            if word.isspace() and not line:
                continue
            if box.breaks and line and not word.isspace() and 0 < box.width < used + wide:
                yield line
                line, used = [], 0.0
            line.append((word, look))
            used += wide
    if line:
        yield line


def _set(lines: list[list[Run]], box: _Box, foreign: Element) -> Element:
    """A group with the lines as text."""
    group = etree.Element(f"{SVG}g")
    for name in ("transform", "id", "opacity"):
        if value := foreign.get(name):
            group.set(name, value)
    highest = max(look.size for line in lines for _, look in line)
    step = highest * box.leading
    room = box.height - step * len(lines)
    top = box.y + {"middle": room / 2, "end": room}.get(box.down, 0.0)
    x = box.x + {"middle": box.width / 2, "end": box.width}.get(box.across, 0.0)
    if box.ground:
        wide = max(sum(width_of(word) * look.size for word, look in line) for line in lines)
        left = x - {"middle": wide / 2, "end": wide}.get(box.across, 0.0)
        etree.SubElement(
            group, f"{SVG}rect", x=shown(left), y=shown(top), width=shown(wide),
            height=shown(step * len(lines)), fill=box.ground,
        )  # fmt: skip
    for number, line in enumerate(lines):
        base = top + step * number + (step - highest) / 2 + highest * _ASCENT
        _set_line(_joined(line), x, base, box.across, group)
    return group


def _set_line(runs: list[Run], x: float, base: float, across: str, group: Element) -> None:
    """A line as text. The typesetter aligns only the first run of several: their width is told."""
    if len(runs) > 1 and across != "start":
        wide = sum(width_of(words) * look.size for words, look in runs)
        x, across = x - wide * (0.5 if across == "middle" else 1.0), "start"
    text = etree.SubElement(
        group, f"{SVG}text", {"x": shown(x), "y": shown(base), "text-anchor": across}
    )  # fmt: skip
    shift = 0.0
    for words, look in runs:
        part = etree.SubElement(text, f"{SVG}tspan")
        part.text = words
        if look.shift != shift:
            part.set("dy", shown(look.shift - shift))
        shift = look.shift
        part.set("font-size", f"{shown(look.size)}px")
        part.set("fill", look.fill)
        part.set("font-family", look.family or "sans-serif")
        part.set("font-weight", "bold" if look.bold else "normal")
        part.set("font-style", "italic" if look.slanted else "normal")


def _joined(line: list[Run]) -> list[Run]:
    """The runs of a line, those that look alike as one, without space at the ends."""
    joined: list[Run] = []
    for word, look in line:
        if joined and joined[-1][1] == look:
            joined[-1] = (joined[-1][0] + word, look)
        else:
            joined.append((word, look))
    last, look = joined[-1]
    joined[-1] = (last.rstrip(), look)
    return [run for run in joined if run[0]]


# --- Text that is raised, lowered or in capitals --------------------------------------------------


_RAISED = 0.58
"""In em of the raised text. About as far as Chromium raises or lowers it."""


def shift_baselines(root: Element) -> None:
    """Write `baseline-shift` as `dy`, which all know, and take it back after the text."""
    for part in list(root.iter(f"{SVG}tspan")):
        asked = value_of(part, "baseline-shift")
        if not asked:
            continue
        set_value(part, "baseline-shift", None)
        around = part.getparent()
        outer = px(inherited(around if around is not None else part, "font-size"), 16, 16)
        size = px(value_of(part, "font-size"), outer, outer, outer)
        up = {"super": size * _RAISED, "sub": -size * _RAISED}.get(asked, px(asked, 0, size, size))
        if not up or part.get("y") or part.get("dy"):
            continue
        part.set("dy", shown(-up))
        after = part.getnext() if not (part.tail or "").strip() else None
        if after is not None and after.tag == part.tag and not after.get("y"):
            after.set("dy", shown(px(after.get("dy") or "", 0.0, size) + up))
        elif (part.tail or "").strip():
            rest = etree.Element(f"{SVG}tspan", dy=shown(up))
            rest.text, part.tail = part.tail, None
            part.addnext(rest)


def write_capitals(root: Element) -> None:
    """Write text in capitals or small letters that its style would turn into them."""
    turns = {"uppercase": str.upper, "lowercase": str.lower, "capitalize": str.title}
    for text in root.iter(f"{SVG}text", f"{SVG}tspan"):
        turn = turns.get(inherited(text, "text-transform"))
        if turn and text.text:
            text.text = turn(text.text)
        parent = text.getparent()
        around = turns.get(inherited(parent, "text-transform")) if parent is not None else None
        if around and text.tail:
            text.tail = around(text.tail)
    for text in root.iter(etree.Element):
        if value_of(text, "text-transform"):
            set_value(text, "text-transform", None)
