"""The layout of formulas: normalised MathML in, a drawing out.

The layout follows MathML Core, so that a printed formula looks as it does in a browser with the
same typeface.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from triptych.mathematics.drawing import Drawing, Line, Style, beside, widened
from triptych.mathematics.font import HEBREW, SLANTED
from triptych.mathematics.operators import length, local, sign_of
from triptych.mathematics.placeholders import BOX
from triptych.mathematics.stacks import (
    Cell,
    Side,
    fraction,
    root,
    table,
    with_limits,
    with_scripts,
)
from triptych.mathematics.stretch import centred, letter, tall, wide
from triptych.tree import Element

LANGUAGE = "data-language"
"""The attribute with the language of a formula that has letters of the typefaces for text."""


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far a stretchy operator reaches: above and below the baseline, or to a width.

    `over` says that it stands over or under the part whose width it has.
    """

    ascent: float = 0.0
    descent: float = 0.0
    width: float | None = None
    over: bool = False


@functools.lru_cache(maxsize=4096)
def draw(markup: str) -> Drawing:
    """Draw a `math` element, given as XML."""
    return beside(draw_pieces(markup))


@functools.lru_cache(maxsize=4096)
def draw_pieces(markup: str) -> tuple[Drawing, ...]:
    """Draw a formula in pieces. A line may end between them: after a sign, outside brackets."""
    math = etree.fromstring(markup)
    style = _own_style(math, Style(math.get("display") == "block", language=math.get(LANGUAGE, "")))
    rows = list(math)
    while len(rows) == 1 and local(rows[0]) == "mrow" and not rows[0].attrib:
        rows = list(rows[0])
    drawings = _row_pieces(rows, style, None)
    if style.display:
        return (beside(drawings),)
    pieces: list[list[Drawing]] = [[]]
    for drawing, ends in zip(drawings, _ends(rows), strict=True):
        pieces[-1].append(drawing)
        if ends:
            pieces.append([])
    return tuple(beside(piece) for piece in pieces if piece)


def _ends(row: Sequence[Element]) -> Iterator[bool]:
    """For each element of a row, whether a line may end after it (The TeXbook, chapter 18)."""
    depth = 0
    for number, element in enumerate(row):
        found = sign_of(element)
        text = (element.text or "").strip()
        if local(element) == "mo" and element.get("form") in ("prefix", "postfix"):
            depth += 1 if element.get("form") == "prefix" and text in "([{⟨⌊⌈" else 0
            depth -= 1 if element.get("form") == "postfix" and text in ")]}⟩⌋⌉" else 0
            yield False
        else:
            spaced = found is not None and min(found.before, found.after) > 0.2
            yield spaced and not depth and 0 < number < len(row) - 1


# --- Elements -------------------------------------------------------------------------------------


def _set(element: Element, style: Style, reach: _Reach | None = None) -> Drawing:
    """Draw one element. A stretchy operator at its core reaches as far as `reach` asks."""
    style = _own_style(element, style)
    drawer = _DRAWERS.get(local(element))
    drawing = drawer(element, style, reach) if drawer else _row(list(element), style, reach)
    ground = element.get("mathbackground", "")
    return _on_ground(drawing, ground, BOX * style.size) if ground else drawing


def _on_ground(drawing: Drawing, colour: str, room: float) -> Drawing:
    """A drawing on a coloured background, which is a thick line behind it."""
    wide = widened(drawing, room, room)
    wide = replace(wide, ascent=wide.ascent + room, descent=wide.descent + room)
    middle = (wide.ascent - wide.descent) / 2
    ground = Line(0.0, middle, wide.width, middle, wide.height, colour)
    return replace(wide, marks=(ground, *wide.marks))


def _own_style(element: Element, style: Style) -> Style:
    if (shown := element.get("displaystyle")) is not None:
        style = replace(style, display=shown == "true")
    level = element.get("scriptlevel", "")
    if re.fullmatch(r"[+-]?\d", level):
        number = int(level) + (style.level if level[0] in "+-" else 0)
        style = replace(style, level=max(0, number))
    return replace(style, colour=element.get("mathcolor", style.colour))


def _letters(element: Element, style: Style, _: _Reach | None = None) -> Drawing:
    text = shown = element.text or ""
    if local(element) == "mi" and len(text) == 1 and element.get("mathvariant") != "normal":
        shown = SLANTED.get(text, text)
    elif "italic" in element.get("style", ""):
        shown = "".join(SLANTED.get(character, character) for character in text)
    letters = [letter(a, b, style) for a, b in zip(shown, text, strict=True)]
    if HEBREW.isdisjoint(text):
        return beside(letters)
    row = beside(letters[::-1])
    return replace(row, marks=row.marks[::-1])  # drawn from the right, and read as written


def _operator(element: Element, style: Style, reach: _Reach | None) -> Drawing:
    text = (element.text or "").strip()
    found = sign_of(element)
    if len(text) != 1 or found is None:
        return _letters(element, style)
    plain = letter(text, text, style)
    if not plain.marks:
        return plain
    if found.stretchy and reach is not None:
        if reach.width is not None:
            return wide(text, reach.width, style, reach.over)
        wanted = _wanted(element, plain, reach, style, found.symmetric)
        return tall(text, wanted, style) if wanted > plain.height else plain
    if found.large and style.display:
        return tall(text, style("DisplayOperatorMinHeight"), style)
    return centred(plain, style) if found.large else plain


def _wanted(
    element: Element, plain: Drawing, reach: _Reach, style: Style, symmetric: bool
) -> float:
    """How tall a sign must be. As in TeX, it may be a little shorter than what it encloses."""
    axis = style("AxisHeight")
    full = 2 * max(reach.ascent - axis, reach.descent + axis)
    full = full if symmetric else reach.ascent + reach.descent
    wanted = max(full * 0.95, full - 0.25 * style.size)
    for name, choose in (("maxsize", min), ("minsize", max)):
        match = re.fullmatch(r"([\d.]+)(%|em)", element.get(name, ""))
        if match:
            share = float(match[1])
            size = share / 100 * plain.height if match[2] == "%" else share * style.size
            wanted = choose(wanted, size)
    return wanted


# --- Rows -----------------------------------------------------------------------------------------


def _row(children: Sequence[Element], style: Style, reach: _Reach | None = None) -> Drawing:
    return beside(_row_pieces(children, style, reach))


def _row_pieces(children: Sequence[Element], style: Style, reach: _Reach | None) -> list[Drawing]:
    """Elements beside each other. Stretchy operators among them are as tall as the others."""
    if len(children) == 1:
        return [_set(children[0], style, reach)]
    signs = [sign_of(child) for child in children]
    grows = [found is not None and found.stretchy for found in signs]
    first = [_set(child, style) for child in children]
    others = [drawing for drawing, grown in zip(first, grows, strict=True) if not grown] or first
    common = _Reach(
        max((drawing.ascent for drawing in others), default=0.0),
        max((drawing.descent for drawing in others), default=0.0),
    )
    pieces: list[Drawing] = []
    for child, drawing, found, grown in zip(children, first, signs, grows, strict=True):
        if grown:
            drawing = _set(child, style, common)
        if found is not None:
            drawing = widened(drawing, found.before * style.size, found.after * style.size)
        pieces.append(drawing)
    return pieces


def _fraction(element: Element, style: Style, _: _Reach | None) -> Drawing:
    inner = replace(style, display=False) if style.display else style.script
    given = element.get("linethickness")
    bar = None if given is None else 0.0 if given == "0" else length(given)
    return fraction(_set(element[0], inner), _set(element[1], inner.cramp), bar, style)


def _root(element: Element, style: Style, _: _Reach | None) -> Drawing:
    if local(element) == "msqrt":
        return root(_row(list(element), style.cramp), None, style)
    small = replace(style, display=False, level=style.level + 2)
    return root(_set(element[0], style.cramp), _set(element[1], small), style)


def _scripts(element: Element, style: Style, reach: _Reach | None) -> Drawing:
    name, kids = local(element), list(element)
    low = kids[1] if name in ("msub", "msubsup", "munder", "munderover") else None
    high = kids[-1] if name in ("msup", "msubsup", "mover", "munderover") else None
    found = sign_of(kids[0])
    return with_scripts(
        _set(kids[0], style, reach),
        None if low is None else _set(low, style.script.cramp),
        None if high is None else _set(high, style.script),
        style,
        found is not None and found.large,
    )


def _multiscripts(element: Element, style: Style, _: _Reach | None) -> Drawing:
    kids = list(element)
    parted = next((n for n, kid in enumerate(kids) if local(kid) == "mprescripts"), len(kids))
    drawing = _set(kids[0], style)
    for n in range(1, parted - 1, 2):
        drawing = with_scripts(drawing, *_pair(kids[n : n + 2], style), style, False)
    before: list[Drawing] = []
    for n in range(parted + 1, len(kids) - 1, 2):
        empty = Drawing(0, drawing.ascent, drawing.descent)
        before.append(with_scripts(empty, *_pair(kids[n : n + 2], style), style, False))
    return beside([*before, drawing])


def _pair(kids: Sequence[Element], style: Style) -> tuple[Drawing | None, Drawing | None]:
    low, high = (None if local(kid) == "none" else kid for kid in kids)
    return (
        None if low is None else _set(low, style.script.cramp),
        None if high is None else _set(high, style.script),
    )


def _limits(element: Element, style: Style, reach: _Reach | None) -> Drawing:
    name, kids = local(element), list(element)
    low = kids[1] if name in ("munder", "munderover") else None
    high = kids[-1] if name in ("mover", "munderover") else None
    found = sign_of(kids[0])
    if found is not None and found.limits and not style.display:
        return _scripts(element, style, reach)
    over = None if high is None else sign_of(high)
    under = None if low is None else sign_of(low)
    accent = element.get("accent", "true" if over and over.accent else "false") == "true"
    below = element.get("accentunder", "true" if under and under.accent else "false") == "true"
    high_style = style if accent else style.script
    low_style = style.cramp if below else style.script.cramp
    base = _set(kids[0], style.cramp if accent else style, reach)
    above = None if high is None else _set(high, high_style)
    beneath = None if low is None else _set(low, low_style)
    if found is not None and found.stretchy and not found.symmetric:
        most = max((d.width for d in (above, beneath) if d is not None), default=0.0)
        base = _set(kids[0], style, _Reach(width=most + 0.6 * style.size))
    if high is not None and over is not None and over.stretchy:
        above = _set(high, high_style, _Reach(width=base.width, over=True))
    if low is not None and under is not None and under.stretchy:
        beneath = _set(low, low_style, _Reach(width=base.width, over=True))
    large = found is not None and found.large
    return with_limits(base, beneath, above, style, accent=accent, accent_below=below, large=large)


def _table(element: Element, style: Style, _: _Reach | None) -> Drawing:
    inner = replace(style, display=element.get("displaystyle") == "true", cramped=False)
    rows = [
        [_cell(cell, _row(list(cell), _own_style(cell, inner))) for cell in row] for row in element
    ]
    return table(rows, length(element.get("rowspacing", "0.5em")), style)


_SIDES: dict[str, Side] = {"left": "left", "right": "right"}


def _cell(cell: Element, drawing: Drawing) -> Cell:
    padding = re.search(r"padding: \S+ (\S+) \S+ ([^\s;]+)", cell.get("style", ""))
    after, before = (length(padding[1]), length(padding[2])) if padding else (0.4, 0.4)
    lines = dict(_BORDER.findall(cell.get("style", "")))
    side = _SIDES.get(cell.get("columnalign", ""), "center")
    return Cell(drawing, side, before, after, lines)


_BORDER = re.compile(r"border-(top|bottom|left|right): \S+ (\w+)")


# --- The rest -------------------------------------------------------------------------------------


def _space(element: Element, style: Style, _: _Reach | None) -> Drawing:
    width, height, depth = (
        length(element.get(name)) * style.size for name in ("width", "height", "depth")
    )
    return Drawing(width, height, depth)


def _phantom(element: Element, style: Style, reach: _Reach | None) -> Drawing:
    return replace(_row(list(element), style, reach), marks=())


def _enclosed(element: Element, style: Style, reach: _Reach | None) -> Drawing:
    drawing = _row(list(element), style, reach)
    notation = element.get("notation", "").split()
    room = (0.3 if "box" in notation else 0.1) * style.size
    drawing = widened(drawing, room, room)
    drawing = replace(drawing, ascent=drawing.ascent + room, descent=drawing.descent + room)
    right, top, bottom = drawing.width, drawing.ascent, -drawing.descent
    middle = (top + bottom) / 2
    sides = {
        "top": (0, top, right, top), "bottom": (0, bottom, right, bottom),
        "left": (0, bottom, 0, top), "right": (right, bottom, right, top),
        "updiagonalstrike": (0, bottom, right, top), "horizontalstrike": (0, middle, right, middle),
        "downdiagonalstrike": (0, top, right, bottom),
    }  # fmt: skip
    names = [name for name in notation if name in sides]
    if "box" in notation:
        names += ["top", "right", "bottom", "left"]
    thin = style("FractionRuleThickness")
    lines = tuple(Line(*sides[name], thin, style.colour) for name in names)
    return replace(drawing, marks=(*drawing.marks, *lines))


_DRAWERS: dict[str, Callable[[Element, Style, _Reach | None], Drawing]] = {
    "mi": _letters, "mn": _letters, "mtext": _letters, "ms": _letters, "mo": _operator,
    "mspace": _space, "mfrac": _fraction, "msqrt": _root, "mroot": _root, "msub": _scripts,
    "msup": _scripts, "msubsup": _scripts, "munder": _limits, "mover": _limits,
    "munderover": _limits, "mmultiscripts": _multiscripts, "mtable": _table,
    "mphantom": _phantom, "menclose": _enclosed,
}  # fmt: skip
