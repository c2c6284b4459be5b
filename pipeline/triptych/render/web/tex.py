"""Fields of CSL-JSON as BibLaTeX has them.

In: words with the markup of CSL 1.0.2. Out: TeX in which every brace has its fellow, since BibTeX
counts also those after a backslash. Formulas between dollars stay as they are.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from triptych.csl_json import pieces, without_markup

_FORMULA = re.compile(r"\$(?=\S)[^$]*[^$\s]\$(?!\d)")
_NO_FORMULA = re.compile(r"(?<!\\)[%#]|\\\$|</?(?:i|b|sub|sup|span)\b")
"""What TeX or CSL would take otherwise than as a part of the formula that it stands in."""
_LONE = {"{": r"${\lbrace}$", "}": r"${\rbrace}$", "<": r"\textless{}"}
_ESCAPED = {
    **{sign: rf"\{sign}" for sign in "&%$#_{}"},
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_SPAN = re.compile(r'<span (?:class="nocase"|style="font-variant: ?small-caps;")>')
"""The spans that pandoc knows; it takes any other for words."""
_NOT_IN_KEYS = re.compile(r"[\s,{}()%#\"'=~\\@]")
_PRIVATE = range(0xF0000, 0xFFFFE)
"""Plane 15, whose characters mean nothing of their own."""


class Signs:
    """Private characters for TeX that goes through pandoc, none of which the `text` itself has."""

    def __init__(self, text: str) -> None:
        used = set(text)
        self._free = (chr(code) for code in _PRIVATE if chr(code) not in used)
        self._sign: dict[str, str] = {}

    def of(self, tex: str) -> str:
        """The character for a piece of TeX."""
        if tex not in self._sign:
            self._sign[tex] = next(self._free)
        return self._sign[tex]

    def undo(self, text: str) -> str:
        """What pandoc wrote, with the TeX itself for each sign."""
        return text.translate({ord(sign): tex for tex, sign in self._sign.items()})


def signs_for(items: Sequence[Mapping[str, Any]]) -> Signs:
    """Signs that none of the items has."""
    return Signs(json.dumps(items, ensure_ascii=False))


def for_pandoc(field: str, signs: Signs) -> str:
    """A field with signs for its formulas, lone braces, and each `<` that begins no markup."""
    known: list[bool] = []
    told = []
    for piece, is_tag in pieces(_signed(field, signs)):
        if not is_tag:
            told.append(piece.replace("<", signs.of(_LONE["<"])))
        elif piece.startswith("</"):
            told.append(piece if known.pop() else "")
        else:
            known.append(not piece.startswith("<span") or bool(_SPAN.fullmatch(piece)))
            told.append(piece if known[-1] else "")
    return "".join(told)


def name_for_pandoc(name: str, signs: Signs, *, whole: bool) -> str:
    """A name in one piece, about which pandoc puts braces, or a part of one.

    What would divide the names of a list has signs there.
    """
    words = for_pandoc(without_markup(name), signs)
    if whole:
        return words
    return re.sub(r",|\band\b", lambda divider: signs.of(f"{{{divider[0]}}}"), words)


def in_tex(field: str, signs: Signs) -> str:
    """The words of a field in TeX, with signs for its formulas and lone braces."""
    words = _signed(without_markup(field), signs)
    return "".join(_ESCAPED.get(char, char) for char in words)


def verbatim(address: str) -> str:
    """A DOI or URL, of which TeX and BibTeX take each character as it is, save these (RFC 3986)."""
    line = " ".join(address.split())
    if "\\" in line or not _is_nested(line):
        line = re.sub(r"[\\{}]", lambda char: f"%{ord(char[0]):02X}", line)
    return line


def _signed(field: str, signs: Signs) -> str:
    """A field with signs for its formulas and lone braces."""

    def sign(formula: re.Match[str]) -> str:
        whole = formula[0]
        if _NO_FORMULA.search(whole) or not _is_nested(whole):
            return whole
        return signs.of(whole)

    told = _FORMULA.sub(sign, field)
    if _is_nested(told):
        return told
    return re.sub("[{}]", lambda brace: signs.of(_LONE[brace[0]]), told)


def _is_nested(text: str) -> bool:
    """Whether every brace has its fellow, as BibTeX counts them: also those after a backslash."""
    depths = [*itertools.accumulate({"{": 1, "}": -1}.get(char, 0) for char in text)]
    return not depths or (min(depths) >= 0 and depths[-1] == 0)


def key_of(item: Mapping[str, Any]) -> str:
    """The key of an entry: its id, with the code of each character that a key may not have."""
    plain = str(item.get("id", ""))
    return _NOT_IN_KEYS.sub(lambda char: f"-{ord(char[0]):x}-", plain) or "entry"
