"""Formulas in markup: how the elements of MathML build a formula (MathML Core, 3).

In: an element of MathML, and its children. Out: what each of them is. An element with more or fewer
children than it takes is laid out as a row, and so is one outside of MathML's namespace.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from triptych.text import FormulaPartKind

_MATHML = "{http://www.w3.org/1998/Math/MathML}"
_SCRIPTS: Mapping[str, tuple[FormulaPartKind, ...]] = {
    "mfrac": ("numerator", "denominator"),
    "mover": ("base", "over"),
    "mroot": ("radicand", "index"),
    "msub": ("base", "subscript"),
    "msubsup": ("base", "subscript", "superscript"),
    "msup": ("base", "superscript"),
    "munder": ("base", "under"),
    "munderover": ("base", "under", "over"),
}
_WHOLE: Mapping[str, FormulaPartKind] = {"msqrt": "radicand", "mtd": "cell", "mtr": "row"}
_NO_BAR = re.compile(r"\s*[+-]?(?=\.?0)0*\.?0*[a-z%]*\s*\Z")
_SUMS = frozenset(
    chr(code)
    for first, last in (
        (0x220F, 0x2211), (0x22C0, 0x22C3), (0x2A00, 0x2A0A), (0x2A10, 0x2A14), (0x2AFC, 0x2AFC),
        (0x2AFF, 0x2AFF),
    )
    for code in range(first, last + 1)
)  # fmt: skip
"""Signs whose limits move beside them where nothing is said (MathML Core, B.2)."""
_MOVING = frozenset("depth height lspace voffset width".split())

Parts = tuple[FormulaPartKind | None, ...]


def whole_of(node: Any) -> FormulaPartKind | None:
    """What all that is in an element is, if it is a part by itself."""
    return _WHOLE.get(_name(node))


def parts_of(node: Any, children: Sequence[Any]) -> Parts:
    """What the children of an element are; nothing if they are a row."""
    name = _name(node)
    if name == "mmultiscripts":
        return _multiscripts(children)
    parts = _SCRIPTS.get(name, ())
    if len(parts) != len(children):
        return ()
    if name == "mfrac" and _NO_BAR.match(node.get("linethickness", "medium").lower()):
        return ("upper", "lower")
    return parts


def _multiscripts(children: Sequence[Any]) -> Parts:
    """A base, pairs of scripts behind it, and before it (MathML Core, 3.4.3)."""
    names = [_name(child) for child in children]
    end = names.index("mprescripts") if "mprescripts" in names else len(names)
    behind, before = end - 1, max(len(names) - end - 1, 0)
    if not names or end == 0 or behind % 2 or before % 2:
        return ()
    after: Parts = ("subscript", "superscript") * (behind // 2)
    first: Parts = ("presubscript", "presuperscript") * (before // 2)
    return ("base", *after, None, *first)


def moved(node: Any) -> str:
    """How an element moves what is in it, if it does (MathML Core, 3.3.6 and 3.4.4)."""
    name = _name(node)
    if name in ("munder", "mover", "munderover") and len(node) and (sign := _movable(node[0])):
        return f"in lines of text, the limits of “{sign}” stand beside it"
    if name != "mpadded":
        return ""
    given = sorted(name for name in _MOVING if node.get(name) is not None)
    return f'an mpadded element with {given[0]}="{node.get(given[0])}" moves it' if given else ""


def _movable(base: Any) -> str:
    """The sign that an element is or adds to, if its limits may move (MathML Core, 3.2.4.2)."""
    name = _name(base)
    if name == "mo":
        sign = "".join(base.itertext()).strip()
        moves = base.get("movablelimits", "true" if sign in _SUMS else "false").lower() == "true"
        return sign if moves else ""
    inside = [child for child in base if _name(child) != "mspace"]
    return _movable(inside[0]) if len(inside) == 1 or (name in _SCRIPTS and inside) else ""


def in_formula(node: Any) -> bool:
    """Whether an element is a formula or part of one."""
    return bool(_name(node))


def _name(node: Any) -> str:
    """The name of an element of MathML; empty for any other."""
    tag = node.tag
    return tag[len(_MATHML) :] if isinstance(tag, str) and tag.startswith(_MATHML) else ""
