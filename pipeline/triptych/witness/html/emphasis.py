"""Emphasis: in what type an element shows its letters, by its name and its values.

In: the element's name, its values after the cascade, the emphasis around it. Out: its emphasis.
"""

from __future__ import annotations

from collections.abc import Mapping

from triptych.text import EmphasisKind
from triptych.witness.html.values import length, number

Marks = frozenset[EmphasisKind]

_USUAL: Mapping[str, Mapping[str, str]] = {
    **{tag: {"font-style": "italic"} for tag in "address cite dfn em i var".split()},
    **{tag: {"font-weight": "bold"} for tag in "b h1 h2 h3 h4 h5 h6 strong th".split()},
    **{tag: {"text-decoration-line": "line-through"} for tag in "del s strike".split()},
    **{tag: {"text-decoration-line": "underline"} for tag in "a ins u".split()},
    "sub": {"vertical-align": "sub"},
    "sup": {"vertical-align": "super"},
}
"""What browsers do with elements by themselves (HTML standard, 15.3)."""
EMPHATIC = frozenset(_USUAL)
"""The names of these elements."""
_INHERITED = frozenset(("inherit", "unset"))
_BOLD = 550
"""Faces of this weight and above count as bold."""


def emphasis_of(tag: str, values: Mapping[str, str], above: Marks) -> Marks:
    """The emphasis of an element's letters.

    Style, weight and capitals are inherited. Lines and heights are not, but what is around an
    element still has its own (CSS Text Decoration 4, 2; CSS Inline 3, 4.2).
    """
    usual = _USUAL.get(tag, {})

    def value(name: str) -> str:
        given = values.get(name, "revert")
        return usual.get(name, "") if given in ("revert", "revert-layer") else given

    marks = set(above)
    style, weight, caps = (value(f"font-{name}") for name in ("style", "weight", "variant-caps"))
    if style and style not in _INHERITED:
        _set(marks, "italic", style.startswith(("italic", "oblique")))
    if weight and weight not in _INHERITED:
        _set(marks, "bold", weight in ("bold", "bolder") or (number(weight) or 0) >= _BOLD)
    if caps and caps not in _INHERITED:
        _set(marks, "small-capitals", "small-caps" in caps or "petite-caps" in caps)
    lines = value("text-decoration-line")
    if "line-through" in lines:
        marks.add("struck")
    if "underline" in lines:
        marks.add("underlined")
    if tag not in ("td", "th"):
        height = value("vertical-align")
        rise = {"super": 1.0, "sub": -1.0}.get(height) or length(height, 1.0) or 0.0
        if abs(rise) > 0.1:
            marks.add("superscript" if rise > 0 else "subscript")
    return above if marks == above else frozenset(marks)


def _set(marks: set[EmphasisKind], kind: EmphasisKind, on: bool) -> None:
    (marks.add if on else marks.discard)(kind)
