"""No line break between a formula and a sign that touches it: browsers would put one there.

In: a part of the work for the web or the e-book. Out: the same, with each formula in a `span` of
class `unbroken` together with the brackets, quotation marks and stops around it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from unicodedata import category

from triptych.mathematics.layout import draw
from triptych.render.formulas import PHONE_WIDTH, formulas_in, markup_of, text_before
from triptych.tree import Element, make, replace_with


def keep_signs(*parts: Element | None) -> None:
    """Keep each formula on one line with the signs that touch it, unless it is long."""
    for part in parts:
        for math in [] if part is None else formulas_in(part):
            if math.get("display") != "block":
                _keep(math)


def _keep(math: Element) -> None:
    before, after = text_before(math), math.tail or ""
    opening = _leading(reversed(before), ("Ps", "Pi"))
    closing = _leading(after, ("Pe", "Pf", "Po", "Pd"))
    if not (opening or closing) or draw(markup_of(math)).width > PHONE_WIDTH:
        return
    previous, parent = math.getprevious(), math.getparent()
    if previous is not None:
        previous.tail = before[: len(before) - opening]
    elif parent is not None:
        parent.text = before[: len(before) - opening]
    span = make("span", before[len(before) - opening :], class_="unbroken")
    math.tail = None
    replace_with(math, [span])
    math.tail, span.tail = after[:closing], after[closing:]
    span.append(math)


def _leading(text: Iterable[str], kinds: tuple[str, ...]) -> int:
    """How many signs of these general categories, or straight quotes, a text begins with."""
    return sum(1 for _ in takewhile(lambda c: category(c) in kinds or c in "\"'", text))
