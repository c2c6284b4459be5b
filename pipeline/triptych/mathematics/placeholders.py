r"""Placeholders for TeX commands in formulas that pandoc cannot express, replaced by attributes.

In: a `math` element in which the filter `formulas.lua` has left marks. A mark is text that begins
with a private character, and names a colour, style, rule or length. Out: the same element with
attributes in their place (MathML Core, 2.1.7 and 3.5), and a list of what was not understood.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from lxml import etree

from triptych.mathematics.colours import Rgb, contrast, hexadecimal, legible, read_colour
from triptych.mathematics.operators import local
from triptych.tree import Element

_M = "{http://www.w3.org/1998/Math/MathML}"
_MARK = re.compile("\ue000([a-z]+):([0-9a-f]*)")

_REFERENCE = re.compile("\ue000ref:([0-9a-f]*)\ue001")


def without_marks(text: str) -> str:
    """A text without the marks in it."""
    return _MARK.sub("", _REFERENCE.sub("", text))


def put_marks(math: Element, defined: Mapping[str, Rgb]) -> tuple[str, ...]:
    """Replace every mark by its effect. Return the commands whose meaning is unknown."""
    unknown: list[str] = []
    for text in list(math.iter(f"{_M}mtext")):
        if _REFERENCE.search(text.text or ""):
            _refer(text)
            continue
        found = _MARK.fullmatch(text.text or "")
        parent = text.getparent()
        if found is None or parent is None:
            continue
        kind, value = found[1], bytes.fromhex(found[2]).decode()
        if kind in _AROUND and local(parent) == "munder":
            base = parent[0]
            base.tail = parent.tail
            holder = parent.getparent()
            assert holder is not None
            holder.replace(parent, base)
            if kind in ("color", "ground"):
                _colour(kind, base, value, defined, unknown)
            else:
                _AROUND[kind](base, value)
        elif kind == "space":
            blank = etree.Element(f"{_M}mspace", {"width": f"{_em(value):.3g}em"})
            parent.replace(text, blank)
        else:
            parent.remove(text)
            if not _put_in_table(kind, parent, value):
                unknown.append("a line that is in no array")
    return tuple(unknown)


def _refer(text: Element) -> None:
    """Let each reference print its key until its number is known.

    `data-said` has the words, and between them each reference with its key and form.
    """
    words, *rest = _REFERENCE.split(text.text or "")
    said: list[str | dict[str, str]] = [words]
    for mark, words in zip(rest[::2], rest[1::2], strict=True):
        form, _, key = bytes.fromhex(mark).decode().partition(":")
        said += [{"key": key, "form": form}, words]
    text.text = "".join(part if isinstance(part, str) else part["key"] for part in said)
    text.set("data-said", json.dumps(said))


def _wrap(element: Element, name: str, attributes: Mapping[str, str]) -> Element:
    holder = element.getparent()
    assert holder is not None
    around = etree.Element(f"{_M}{name}", dict(attributes))
    around.tail, element.tail = element.tail, None
    holder.replace(element, around)
    around.append(element)
    return around


# --- Marks around a part --------------------------------------------------------------------------


def _colour(
    kind: str, base: Element, value: str, defined: Mapping[str, Rgb], unknown: list[str]
) -> None:
    """Colour a part or its background, legible in light and dark (WCAG 2.2, 1.4.3)."""
    model, _, named = value.partition(":")
    colour = read_colour(model, named, defined)
    if colour is None:
        unknown.append(f"the colour {named}")
    elif kind == "color":
        night = hexadecimal(legible(colour, dark=True))
        day = hexadecimal(legible(colour, dark=False))
        _wrap(base, "mrow", {"mathcolor": day, "style": f"--night: {night}"})
    else:
        inks: tuple[Rgb, Rgb] = ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
        ink = hexadecimal(max(inks, key=lambda one: contrast(one, colour)))
        style = f"--night: {ink}; padding: {BOX}em"
        ground = {"mathbackground": hexadecimal(colour), "mathcolor": ink, "style": style}
        _wrap(base, "mrow", ground)


BOX = 0.2
"""The space around a part with a background, in em."""

_STYLES = {
    "displaystyle": ("true", "0"),
    "textstyle": ("false", "0"),
    "scriptstyle": ("false", "1"),
    "scriptscriptstyle": ("false", "2"),
}
_SCRIPTS = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
_WITH_LIMITS = frozenset("lim liminf limsup inf sup min max Pr det gcd".split())


def _style(base: Element, value: str) -> None:
    display, level = _STYLES[value]
    around = _wrap(base, "mstyle", {"displaystyle": display, "scriptlevel": level})
    if display == "true":
        for element in around.iter(*(f"{_M}{name}" for name in _SCRIPTS)):
            if "".join(element[0].itertext()).strip("\u2061 ") in _WITH_LIMITS:
                element.tag = f"{_M}{_SCRIPTS[local(element)]}"


def _operator(base: Element, _: str) -> None:
    r"""Put the limits of a `\mathop` operator under and over it, where there is room."""
    parent = base.getparent()
    math = next((e for e in base.iterancestors(f"{_M}math")), None)
    if parent is None or math is None or parent[0] is not base:
        return
    if math.get("display") == "block" and local(parent) in _SCRIPTS:
        parent.tag = f"{_M}{_SCRIPTS[local(parent)]}"


def _bar(base: Element, value: str) -> None:
    fraction = next(base.iter(f"{_M}mfrac"), None)
    if fraction is not None:
        thick = _em(value)
        fraction.set("linethickness", f"{thick:.3g}em" if thick else "0")


_AROUND = {"color": _style, "ground": _style, "style": _style, "operator": _operator, "bar": _bar}


# --- Marks without content ------------------------------------------------------------------------

_POINTS = {
    "pt": 1.0, "bp": 1.00375, "mm": 2.845, "cm": 28.45, "in": 72.27, "pc": 12.0, "em": 10.0,
    "ex": 4.3, "mu": 10 / 18,
}  # fmt: skip


def _em(written: str) -> float:
    """A TeX length in em, at a type size of ten points."""
    found = re.fullmatch(r"(-?[\d.]+)\s*([a-z]{2})", written.strip())
    return float(found[1]) * _POINTS.get(found[2], 0.0) / 10 if found else 0.0


def _put_in_table(kind: str, holder: Element, value: str) -> bool:
    """Rule or align the table around a mark. Return whether there is one."""
    cell = next((e for e in (holder, *holder.iterancestors()) if local(e) == "mtd"), None)
    row = None if cell is None else cell.getparent()
    table = None if row is None else row.getparent()
    if row is None or table is None:
        return False
    if kind == "columns":
        _columns(table, value)
    elif kind == "sides":
        _sides(table, value)
    elif value in ("whole", "dashed") or re.fullmatch(r"\d+-\d+", value):
        _line(row, value)
    else:
        return False
    return True


def _columns(table: Element, spec: str) -> None:
    """Lines between columns, from an array's column specification such as `|c|cc|`."""
    column, bars = 0, 0
    for sign in [*spec, ""]:
        if sign == "|":
            bars += 1
            continue
        if bars:
            for row in table:
                if column < len(row):
                    _add(row[column], "left", "double" if bars > 1 else "solid")
                elif len(row):
                    _add(row[-1], "right", "double" if bars > 1 else "solid")
        column, bars = column + 1, 0


def _sides(table: Element, spec: str) -> None:
    for row in table:
        for number, cell in enumerate(row):
            side = spec[min(number, len(spec) - 1)] if spec else "c"
            cell.set("columnalign", {"l": "left", "r": "right"}.get(side, "center"))


def _line(row: Element, value: str) -> None:
    """A line over a row, or over some of its columns; after the last row, under it."""
    edge = "top"
    above = row.getprevious()
    if above is not None and row.getnext() is None and not "".join(_said(row)):
        edge, row = "bottom", above
    columns = re.fullmatch(r"(\d+)-(\d+)", value)
    for number, cell in enumerate(row, 1):
        if columns is None or int(columns[1]) <= number <= int(columns[2]):
            _add(cell, edge, "dashed" if value == "dashed" else "solid")


def _said(row: Element) -> Iterator[str]:
    """The signs of a row, without its marks."""
    return (_MARK.sub("", text) for text in map(str, row.itertext()))


def _add(cell: Element, edge: str, style: str) -> None:
    """Note a line on a cell's edge; a second one makes it double."""
    lines = dict(part.split(":") for part in cell.get("lines", "").split())
    lines[edge] = "double" if edge in lines else style
    cell.set("lines", " ".join(f"{name}:{kind}" for name, kind in lines.items()))


def drop_rows_of_lines(math: Element) -> None:
    """Remove a row that held only the last line of its table."""
    for table in math.iter(f"{_M}mtable"):
        last = table[-1] if len(table) else None
        if last is not None and len(table) > 1 and not len(last.findall(".//*/*")):
            bare = not "".join(map(str, last.itertext())).strip()
            under = any("bottom" in cell.get("lines", "") for cell in table[-2])
            if bare and under:
                table.remove(last)
