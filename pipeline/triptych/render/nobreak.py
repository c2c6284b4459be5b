"""Signs that touch a formula: browsers end a line between the two, as no typesetter does.

In: a part of the work for the web or the e-book. Out: the same, each formula in one `span` of class
`unbroken` with the brackets, quotation marks and stops before and after it. No word changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from unicodedata import category

from triptych.mathematics.layout import draw
from triptych.render.formulas import formulas_in, markup_of, text_before
from triptych.tree import Element, make, replace_with


def keep_signs(*parts: Element | None) -> None:
    """Keep each formula in a line together with the signs that touch it; a long one may part."""
    for part in parts:
        for math in [] if part is None else formulas_in(part):
            if math.get("display") != "block":
                _keep(math)


def _keep(math: Element) -> None:
    before, after = text_before(math), math.tail or ""
    opening = _leading(reversed(before), ("Ps", "Pi"))
    closing = _leading(after, ("Pe", "Pf", "Po", "Pd"))
    if not (opening or closing) or draw(markup_of(math)).width > _LONG:
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


_LONG = 13.0
"""What fits the screen of a phone, 320 px, in em of 18 px, with room for the signs."""


def _leading(text: Iterable[str], kinds: tuple[str, ...]) -> int:
    """How many signs of these general categories, or straight quotes, a text begins with."""
    return sum(1 for _ in takewhile(lambda c: category(c) in kinds or c in "\"'", text))
