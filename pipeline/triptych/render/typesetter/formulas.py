"""Formulas in the page's tree, made ready for WeasyPrint.

In: a part of the work, its formulas in MathML. Out: the same part, with each formula in a frame,
cut into pieces between which a line may end. `formula_drawing` draws the pieces.
"""

from __future__ import annotations

from copy import deepcopy

from triptych.mathematics.layout import draw_pieces
from triptych.render.formulas import formulas_in, markup_of, text_before
from triptych.tree import Element, make, replace_with


def frame_formulas(part: Element) -> None:
    """Put each formula into an element `formula` that says it in words, its pieces one by one.

    Between pieces a line may end; between a formula and a letter that touches it, it may not.
    """
    for math in formulas_in(part):
        frame = make("formula", alttext=math.get("alttext") or "", dir="ltr")  # its pieces too
        if math.get("id"):
            frame.set("id", math.get("id") or "")
        math.attrib.pop("data-tex", None)
        before = text_before(math)
        tail, math.tail = math.tail or "", None
        replace_with(math, [frame])
        for number, drawing in enumerate(draw_pieces(markup_of(math))):
            piece = deepcopy(math)
            piece.attrib.pop("id", None)
            piece.set("data-piece", str(number))
            piece.set("style", f"vertical-align: {-drawing.descent:.4f}em")
            frame.append(piece)
        frame.tail = (_JOINER if tail[:1].isalnum() else "") + tail
        if before[-1:].isalnum():
            frame.addprevious(make("span", _JOINER))


_JOINER = "\N{WORD JOINER}"
