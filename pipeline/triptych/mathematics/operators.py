"""Operators in the tree: which elements are operators, where they stand, and their signs.

In: normalised MathML. Out: the `Sign` of an element, with its own attributes applied (MathML Core,
3.2.4).
"""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import etree

from triptych.mathematics.signs import Form, Sign, sign
from triptych.tree import Element

ROWS = frozenset("math mrow mtd msqrt mstyle mphantom mpadded menclose merror".split())
"""Elements whose children stand beside each other."""
SCRIPTED = frozenset("msub msup msubsup munder mover munderover".split())
"""Elements whose first child has scripts."""


def local(element: Element) -> str:
    """An element's name, without namespace."""
    return etree.QName(element).localname


def core(element: Element) -> Element | None:
    """The operator that an element is, or to which it only adds something."""
    name = local(element)
    if name == "mo":
        return element
    if name in SCRIPTED:
        return core(element[0]) if len(element) else None
    if name in ("mrow", "mstyle", "mphantom", "mpadded"):
        inner = [child for child in element if local(child) != "mspace"]
        return core(inner[0]) if len(inner) == 1 else None
    return None


def sign_of(element: Element) -> Sign | None:
    """The sign that an element is or adds to, if it is one."""
    operator = core(element)
    if operator is None:
        return None
    found = sign((operator.text or "").strip(), _form(operator))
    for name, field in (("stretchy", "stretchy"), ("symmetric", "symmetric"),
                        ("accent", "accent"), ("largeop", "large"),
                        ("movablelimits", "limits")):  # fmt: skip
        if (said := operator.get(name)) is not None:
            found = replace(found, **{field: said == "true"})
    if (said := operator.get("lspace")) is not None:
        found = replace(found, before=length(said))
    if (said := operator.get("rspace")) is not None:
        found = replace(found, after=length(said))
    return found


def length(written: str | None) -> float:
    """A length in em; 0 where it cannot be read."""
    match = re.fullmatch(r"(-?[\d.]+)(em|ex|px|pt|mu|)", (written or "").strip())
    if match is None:
        return 0.0
    units = {"em": 1.0, "ex": 0.47, "px": 1 / 16, "pt": 1 / 12, "mu": 1 / 18, "": 0.0}
    return float(match[1]) * units[match[2]]


def _form(operator: Element) -> Form:
    """Where an operator stands among others, if it does not say so itself."""
    given = operator.get("form")
    if given in ("prefix", "infix", "postfix"):
        return given  # type: ignore[return-value]  # mypy does not narrow by a tuple
    element = operator
    parent = element.getparent()
    while parent is not None and local(parent) != "math" and core(parent) is operator:
        element, parent = parent, parent.getparent()
    if parent is None:
        return "infix"
    if local(parent) in ("mover", "munder", "munderover") and parent[0] is not element:
        return "postfix"
    beside = [child for child in parent if local(child) != "mspace"]
    if len(beside) > 1 and local(parent) in ROWS:
        if beside[0] is element:
            return "prefix"
        if beside[-1] is element:
            return "postfix"
    return "infix"
