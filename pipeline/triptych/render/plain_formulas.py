"""Formulas, and raised and lowered letters, on a line of plain text.

In: elements, and words. Out: words with the signs for how they stand, listed in docs/plain-text.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from triptych.raised import lowered, raised
from triptych.tree import Element

JOINER = "\N{WORD JOINER}"
"""Stands before words of the author's that would be taken for a sign."""
WORDLESS = frozenset("annotation annotation-xml script style svg".split())
"""Elements whose text is none."""
_SIGNS = re.compile("[⁰¹²³⁴-⁹⁺⁻⁼ⁱⁿ⁽⁾₀-₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ⁄❨❩¦│¶▸▹▪▫⟦⟧]")


def literal(text: str | None) -> str:
    """Words of the author's, of which no sign is taken for one of ours."""
    folded = re.sub(r"[ \t\n\r\f]+", " ", (text or "").replace(JOINER, ""))
    return _SIGNS.sub(lambda sign: JOINER + sign[0], folded)


def tag_of(node: Element) -> str:
    """The name of an element; that of one without words for a comment."""
    return etree.QName(node).localname if isinstance(node.tag, str) else "script"


def script(said: str, brackets: str) -> str:
    """What stands high or low, line by line: as letters of that kind, else in small brackets."""
    if "\n" in said:
        return "\n".join(script(line, brackets) for line in said.split("\n"))
    known = raised(said) if brackets == "⁽⁾" else lowered(said)
    if known is not None:
        return known
    if brackets == "⁽⁾" and re.fullmatch("[′″‴⁗'*†‡°ˆ˜ˉ¯˙¨ˇ˘´`^~]", said):
        return said  # it stands high by itself
    return f"{brackets[0]}{said}{brackets[1]}" if said.strip() else said


def formula(node: Element) -> str:
    """A formula on one line: MathML's parts in their order, with signs for how they stand."""
    tag = tag_of(node)
    if tag in WORDLESS:
        return ""
    parts = [formula(child) + literal(child.tail) for child in node]
    said = _INVISIBLE.sub("", literal(node.text))
    if tag in _SCRIPTS and parts:
        return said + parts[0] + "".join(map(script, parts[1:], _SCRIPTS[tag]))
    if tag == "mmultiscripts" and parts:
        return said + parts[0] + "".join(_around(node[1:], parts[1:]))
    if tag == "mfrac" and len(parts) == 2:
        line = "¦" if node.get("linethickness") in ("0", "0em", "0px", "0pt") else "⁄"
        above, below = (part if part.isalnum() else f"❨{part}❩" for part in parts)
        fraction = f"{above}{line}{below}"
        return said + (fraction if len(next(node.iterancestors())) == 1 else f"❨{fraction}❩")
    if tag in ("msqrt", "mroot"):
        base, *index = [said + "".join(parts)] if tag == "msqrt" else parts
        simple = not index and (len(base) < 2 or base.isdecimal())
        root = f"√{base}" if simple else f"√❨{base}❩"
        return root + "".join(script(part, "₍₎") for part in index)
    if tag == "mtr":
        return said + "".join(map(_cell, node, parts))
    if tag == "mtable":
        return said + "¦¦".join(parts)
    return said + "".join(parts)


_INVISIBLE = re.compile("[\u2061-\u2064]")
"""Operators that are meant and not seen, as between a function and what it is of."""
_SCRIPTS: dict[str, Sequence[str]] = {
    "msub": ("₍₎",), "munder": ("₍₎",), "msup": ("⁽⁾",), "mover": ("⁽⁾",),
    "msubsup": ("₍₎", "⁽⁾"), "munderover": ("₍₎", "⁽⁾"),
}  # fmt: skip
"""Where the parts of an element stand that follow its first."""


def _cell(node: Element, said: str) -> str:
    """A cell of a formula, apart from the one before; those aligned with each other are one."""
    before = node.getprevious()
    if before is None or (before.get("columnalign"), node.get("columnalign")) == ("right", "left"):
        return said
    return f"¦{said}"


def _around(nodes: Sequence[Element], parts: Sequence[str]) -> Iterator[str]:
    """The scripts of MathML's `mmultiscripts`: by turns low and high, behind and then before."""
    low = True
    for node, part in zip(nodes, parts, strict=True):
        if tag_of(node) == "mprescripts":
            low = True
        else:
            yield script(part, "₍₎" if low else "⁽⁾")
            low = not low
