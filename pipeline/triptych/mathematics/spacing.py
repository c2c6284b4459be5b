"""White space in formulas as in TeX: none in scripts, some around the names of functions.

In: a tidy `math` element. Out: the same element, with attributes and `mspace` elements where
MathML Core would space it differently.
"""

from __future__ import annotations

import re
from collections.abc import Set

from lxml import etree

from triptych.mathematics.operators import ROWS, SCRIPTED, local
from triptych.mathematics.signs import SUMS
from triptych.mathematics.tidy import MATHML, mathml
from triptych.tree import Element

_M = f"{{{MATHML}}}"
_SIGNED = frozenset("+−±∓")
_OPERATOR = re.compile(r"\\operatorname\*?\s*\{([^{}]*)\}")
_CLOSED = frozenset(")]}⟩⌋⌉!%′")
_APPLY = "\N{FUNCTION APPLICATION}"
_THIN = "0.167em"


def space(math: Element, tex: str) -> None:
    """Space a formula that was written as `tex`."""
    named = _NAMES | {re.sub(r"\\.|\s", "", name) for name in _OPERATOR.findall(tex)}
    colons = re.findall(r"\\colon|\\coloneqq|:", tex)
    for n, sign in enumerate(e for e in math.iter(f"{_M}mo") if e.text == ":"):
        if n < len(colons) and colons[n] == "\\colon":
            sign.set("lspace", "0em")
            sign.set("rspace", "0.222em")
    for row in [math, *(e for e in math.iter(etree.Element) if local(e) in ROWS - {"math"})]:
        for element in list(row):
            before = element.getprevious()
            if local(element) == "mo" and element.text in _SIGNED and not _ends_operand(before):
                element.set("form", "prefix")
            if _is_function(element, named):
                _space_function(element, before, named)
    for sign in math.iter(f"{_M}mo"):
        if _in_script(sign) and (sign.text or " ") not in SUMS:
            for name in ("lspace", "rspace"):
                sign.set(name, "0em")


def _ends_operand(element: Element | None) -> bool:
    """Whether a sign after this one stands between two operands."""
    while element is not None and local(element) == "mspace":
        element = element.getprevious()
    if element is None:
        return False
    if local(element) == "mo":
        return element.text in _CLOSED or element.get("form") == "postfix"
    return True


def _is_function(element: Element, named: Set[str]) -> bool:
    """Whether an element is the name of a function or operator, perhaps with scripts."""
    name, after = local(element), element.getnext()
    text = re.sub(r"\s", "", element.text or "")
    if name in SCRIPTED and len(element):
        if name in _WITH_LIMITS and local(element[0]) == "mi" and local(element[1]) != "mo":
            word = re.sub(r"\s", "", element[0].text or "")
            return len(word) > 1 and word.isalpha()
        return _is_function(element[0], named)
    if name == "mrow" and len(element) == 2 and element[1].text == _APPLY:
        return True
    applied = after is not None and after.text == _APPLY
    return name == "mi" and len(text) > 1 and text.isalpha() and (text in named or applied)


_WITH_LIMITS = ("munder", "munderover")  # with a word as base, only operators have these
_NAMES = frozenset(
    """arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf
    limsup ln log max min Pr sec sin sinh sup tan tanh""".split()
)


def _space_function(element: Element, before: Element | None, named: Set[str]) -> None:
    """A thin space on both sides of a function's name, but none before a bracket."""
    for mark in [e for e in element.iter(f"{_M}mo") if e.text == _APPLY]:
        parent = mark.getparent()
        if parent is not None and parent is not element.getparent():
            parent.remove(mark)
            if len(parent) == 1 and not parent.attrib and parent.getparent() is not None:
                holder = parent.getparent()
                assert holder is not None
                if parent is element:
                    element = parent[0]
                holder.replace(parent, parent[0])
    after = element.getnext()
    if after is not None and after.text == _APPLY:
        apply, after = after, after.getnext()
    else:
        apply = mathml("mo", _APPLY)
        element.addnext(apply)
    opened = after is None or (
        local(after) in ("mo", "mrow", "mspace") and not _opens_with_name(after)
    )
    apply.set("lspace", "0em")
    apply.set("rspace", "0em" if opened else _THIN)
    if (
        before is not None
        and local(before) not in ("mo", "mspace")
        and not _is_function(before, named)
    ):
        element.addprevious(mathml("mspace", width=_THIN))


def _opens_with_name(element: Element) -> bool:
    """Whether a row begins with a letter or number, so that a name before it needs room."""
    if local(element) == "mrow" and len(element):
        return _opens_with_name(element[0])
    return local(element) not in ("mo", "mspace", "mrow")


def _in_script(element: Element) -> bool:
    """Whether an element stands in a script, where signs have no space around them."""
    while (parent := element.getparent()) is not None and local(element) != "math":
        if local(parent) in SCRIPTED and parent.index(element) > 0:
            return True
        element = parent
    return False
