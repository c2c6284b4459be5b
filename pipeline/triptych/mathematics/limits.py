r"""Limits: whether they stand above and below a sign or beside it, said by the elements alone.

In: normalised MathML. Out: the same, with limits above and below in `munder`, `mover` and
`munderover`, and limits beside in `msub`, `msup` and `msubsup`. Browsers would decide that by the
size of the formula (MathML Core, 3.4.4), and a style could change it. Where pandoc has not written
`\limits` or `\nolimits` into the elements, it is decided here, as TeX would.
"""

from __future__ import annotations

from lxml import etree

from triptych.mathematics.operators import SCRIPTED, core, local, sign_of
from triptych.tree import Element

_STACKED = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
_BESIDE = {stacked: beside for beside, stacked in _STACKED.items()}


def place_limits(math: Element, *, tex: bool) -> None:
    """Say of each sum and the like where its limits stand; `tex` tells that TeX said so already."""
    for element in list(math.iter(etree.Element)):
        name = local(element)
        sign = core(element[0]) if name in SCRIPTED and len(element) else None
        found = sign_of(element[0]) if sign is not None else None
        if sign is None or found is None or not found.limits:
            continue
        displayed, by_whole = _displayed(element)
        asked = tex and by_whole and sign.get("movablelimits") is None
        if name in _STACKED and displayed and not asked:
            name = _STACKED[name]
        elif name in _BESIDE and not displayed and not asked:
            name = _BESIDE[name]
        element.tag = f"{{{etree.QName(element).namespace}}}{name}"
        if name in _BESIDE:
            sign.set("movablelimits", "false")
        else:
            sign.attrib.pop("movablelimits", None)


def _displayed(element: Element) -> tuple[bool, bool]:
    """Whether an element is in display size, and whether that is the size of the whole formula."""
    within = element
    for around in element.iterancestors():
        name = local(around)
        if name == "math":
            usual = "true" if around.get("display") == "block" else "false"
            return around.get("displaystyle", usual) == "true", True
        if around.get("displaystyle") is not None:
            return around.get("displaystyle") == "true", False
        if name in ("mfrac", "mtable") or (
            name in (*SCRIPTED, "mmultiscripts", "mroot") and within is not around[0]
        ):
            return False, False
        within = around
    return False, True
