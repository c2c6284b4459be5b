"""Signs of mathematics: how each operator is spaced and sized (MathML Core, appendix B).

In: an operator's text and whether it stands before, after or between others. Out: its `Sign`.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Literal

Form = Literal["prefix", "infix", "postfix"]


@dataclass(frozen=True, slots=True)
class Sign:
    """An operator: the white space around it in em, and how its glyph behaves.

    `accent` says whether it belongs close to its base, `limits` whether its limits move beside it
    in running text.
    """

    before: float = 5 / 18
    after: float = 5 / 18
    stretchy: bool = False
    symmetric: bool = False
    large: bool = False
    limits: bool = False
    accent: bool = False


_FENCE = Sign(0, 0, stretchy=True, symmetric=True)
_ARROWS = "←↑→↓↔↕↖↗↘↙↚↛↜↝↞↟↠↡↢↣↤↥↦↧↩↪↫↬↭↮↰↱↶↷↼↽↾↿⇀⇁⇂⇃⇄⇅⇆⇇⇈⇉⇊⇋⇌⇐⇑⇒⇓⇔⇕⇚⇛⇝⟵⟶⟷⟸⟹⟺⟼⟻⟽⟾⤅"
_BINARY = "⧵+-±−∓∔∸⊖∩∪∧∨⊎⊓⊔⊕⊝⊞⊟⊻⊼⊽⋎⋏⋒⋓⨿△▽⊲⊳⋉⋊⋋⋌⫆"
_TIMES = "×÷·*⋅∗∘∙•⊗⊘⊙⊚⊛⊡⊠⋄⋆⋇⊺≀∖/⁄%\\●†‡◦⟡"
_BEFORE = "¬∀∃∄∁∴∵√∛∜"
_TIGHT = "'′″‴⁗!‼⁡⁢⁣⁤^_`¨°´¸"
_INTEGRALS = "∫∬∭∮∯∰∱∲∳⨋⨌⨍⨎⨏"
SUMS = "∏∐∑⋀⋁⋂⋃⨀⨁⨂⨃⨄⨅⨆⨉⫿"
_BARS = "‖|∣∥⦀"
_OVER = "^~¯ˆˇˉ˘˙˚˜‾_⎴⎵⏜⏝⏞⏟⏠⏡̲̂̃̄̅̆̇̈̊̌⃖⃗⃐⃑⃛⃡́̀˝`´¨…⃜"
_OPENING = "([{⌈⌊⟦⟨⟪⟬⟮⦃⦅⦇⎰"
_CLOSING = ")]}⌉⌋⟧⟩⟫⟭⟯⦄⦆⦈⎱"


@functools.cache
def sign(text: str, form: Form) -> Sign:
    """The sign for `text` in a given position."""
    if text in _OPENING + _CLOSING or (text in _BARS and form != "infix"):
        return _FENCE
    if (form == "postfix" and text in _OVER) or text in "⏞⏟⏜⏝⎴⎵":
        return Sign(0, 0, stretchy=True, accent=True)
    if text in _TIGHT or (form == "postfix" and text in "+-−±%"):
        return Sign(0, 0)
    if text in _INTEGRALS:
        return Sign(3 / 18, 3 / 18, symmetric=True, large=True)
    if text in SUMS:
        return Sign(3 / 18, 3 / 18, symmetric=True, large=True, limits=True)
    if text in _BEFORE or (form == "prefix" and text in _BINARY + "∠∡∢"):
        return Sign(0, 0)
    if text in ",;":
        return Sign(0, 3 / 18)
    if text in (":", "."):
        return Sign(0, 3 / 18) if form == "postfix" else Sign(5 / 18 if text == ":" else 0, 5 / 18)
    if text in ("…", "⋯", "⋮", "⋱"):
        return Sign(3 / 18, 3 / 18)
    if text in _ARROWS:
        return Sign(stretchy=True)
    if text in _BINARY:
        return Sign(4 / 18, 4 / 18)
    if text in _TIMES:
        return Sign(3 / 18, 3 / 18)
    return Sign()
