"""Formulas in words: what is read aloud where a formula cannot be seen.

In: normalised MathML, and the language of the work. Out: English words. For other languages we
have no words, and give the formula in one line of signs, such as `(a+b)/2`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from lxml import etree

from triptych.raised import lowered, raised
from triptych.tree import Element


def spoken(math: Element, language: str) -> str:
    """The formula in words, or in one line."""
    if language.split("-")[0].lower() == "en":
        return " ".join(_words(math).split())
    return in_one_line(math)


def in_one_line(math: Element) -> str:
    """The formula as signs in one line, such as `x² + (a+b)/2`."""
    return " ".join(_line(math).split())


def _local(element: Element) -> str:
    return etree.QName(element).localname


def _plain(element: Element) -> bool:
    """Whether an element is one letter or number, and needs no words to mark its end."""
    return _local(element) in ("mi", "mn", "mtext") or (
        _local(element) in ("mrow", "mover") and len(element) == 1 and _plain(element[0])
    )


# --- English --------------------------------------------------------------------------------------

_SIGNS = {
    "+": "plus", "−": "minus", "±": "plus or minus", "∓": "minus or plus", "×": "times",
    "⋅": "dot", "·": "dot", "÷": "divided by", "/": "over", "=": "equals",
    "≠": "is not equal to", "<": "is less than", ">": "is greater than",
    "≤": "is less than or equal to", "≥": "is greater than or equal to",
    "≪": "is much less than", "≫": "is much greater than", "≈": "is approximately",
    "≃": "is similar or equal to", "≅": "is congruent to", "≡": "is equivalent to",
    "∼": "is distributed as or similar to", "∝": "is proportional to", "∈": "in",
    "∉": "not in", "⊂": "is a subset of", "⊆": "is a subset of or equal to",
    "⊃": "is a superset of", "⊇": "is a superset of or equal to", "∪": "union",
    "∩": "intersection", "∖": "minus the set", "⧵": "minus the set",
    "∅": "the empty set", "∀": "for all",
    "∃": "there exists", "¬": "not", "∧": "and", "∨": "or", "→": "to", "←": "from",
    "⇒": "implies", "⟹": "implies", "⇔": "if and only if", "⟺": "if and only if",
    "↦": "maps to", "∞": "infinity", "∂": "partial", "∇": "nabla", "∑": "the sum",
    "∏": "the product", "∫": "the integral", "∬": "the double integral",
    "∭": "the triple integral", "∮": "the closed integral", "⋃": "the union",
    "⋂": "the intersection", "⨁": "the direct sum", "⨂": "the tensor product",
    "⊕": "circled plus", "⊗": "circled times", "∘": "composed with", "°": "degrees",
    "′": "prime", "″": "double prime", "‴": "triple prime", "!": "factorial", "…": "and so on",
    "⋯": "and so on", "⋮": "and so on downwards", "⋱": "and so on diagonally", "%": "percent",
    "|": "bar", "∣": "given", "‖": "double bar", "∥": "parallel to", "⟂": "perpendicular to",
    "⊥": "perpendicular to", "⊤": "transposed", "†": "dagger", "*": "star", "∗": "star",
    "(": "open bracket", ")": "close bracket", "[": "open square bracket",
    "]": "close square bracket", "{": "open brace", "}": "close brace", "⟨": "open angle bracket",
    "⟩": "close angle bracket", "⌊": "the floor of", "⌋": "end floor", "⌈": "the ceiling of",
    "⌉": "end ceiling", "ℏ": "h-bar", "ℓ": "script l", ":": "colon", ";": ";", ",": ",",
    "⊢": "proves", "⊨": "models", "⇌": "in equilibrium with",
}  # fmt: skip
_ACCENTS = {
    "ˆ": "hat", "^": "hat", "\u0302": "hat", "¯": "bar", "‾": "bar", "˜": "tilde", "~": "tilde",
    "\u0303": "tilde", "˙": "dot", "¨": "double dot", "→": "vector", "ˇ": "check", "˘": "breve",
    "˚": "ring", "´": "acute", "`": "grave", "⏞": "with a brace above", "⏟": "with a brace below",
    "_": "underlined", "←": "with an arrow to the left above",
}  # fmt: skip
_POWERS = {"2": "squared", "3": "cubed"}
_STYLES = {
    "BOLD": "bold", "DOUBLE-STRUCK": "blackboard", "SCRIPT": "script", "FRAKTUR": "fraktur",
    "BLACK-LETTER": "fraktur", "SANS-SERIF": "sans", "MONOSPACE": "monospace", "ITALIC": "",
    "MATHEMATICAL": "", "CAPITAL": "capital", "SMALL": "", "LETTER": "", "GREEK": "",
    "LATIN": "", "SYMBOL": "", "DIGIT": "",
}  # fmt: skip


def _words(element: Element) -> str:
    name = _local(element)
    kids = list(element)
    if name in ("mi", "mn", "mtext", "ms"):
        return _named(element.text or "", name)
    if name == "mo":
        text = element.text or ""
        return _SIGNS.get(text, "" if text in _SILENT else _named(text, name))
    if name == "mfrac" and len(kids) == 2:
        return _fraction(element, kids)
    if name == "msqrt":
        return f"the square root of {_row(kids)}" + _end("root", kids)
    if name == "mroot":
        degree = _words(kids[1])
        which = {"3": "cube", "2": "square"}.get(kids[1].text or "", f"{degree}-th")
        return f"the {which} root of {_words(kids[0])}" + _end("root", kids[:1])
    if name in ("msub", "msup", "msubsup", "munder", "mover", "munderover"):
        return _scripted(name, kids)
    if name == "mmultiscripts":
        return " ".join(_words(kid) for kid in kids)
    if name == "mtable":
        return _table(element)
    if name in ("mspace", "mphantom", "none", "mprescripts"):
        return " "
    if name == "menclose":
        return f"{_row(kids)} {_ENCLOSED.get(element.get('notation', ''), 'struck out')}"
    return _row(kids)


_ENCLOSED = {"box": "in a box"}


_SILENT = "\u2061\u2062\u2063\u2064"


def _row(kids: Sequence[Element]) -> str:
    """A row. In it, a table between large brackets is a matrix, or a choice of cases."""
    words: list[str] = []
    at = 0
    while at < len(kids):
        kid, after = kids[at], kids[at + 1] if at + 1 < len(kids) else None
        if (
            _local(kid) == "mo"
            and (kid.text or "") in "([{|‖"
            and after is not None
            and _local(after) == "mtable"
        ):
            closed = at + 2 < len(kids) and _local(kids[at + 2]) == "mo"
            kind = {"{": "the cases" if not closed else "the set", "|": "the determinant"}
            words.append(_table(after, kind.get(kid.text or "", "the matrix")))
            at += 3 if closed else 2
            continue
        words.append(_words(kid))
        at += 1
    return " ".join(words)


def _fraction(element: Element, kids: Sequence[Element]) -> str:
    above, below = _words(kids[0]), _words(kids[1])
    if element.get("linethickness") in ("0", "0em", "0pt"):
        return f"{above} choose {below}"
    if all(map(_plain, kids)):
        return f"{above} over {below}"
    return f"the fraction {above} over {below} end fraction"


def _end(what: str, kids: Sequence[Element]) -> str:
    return "" if len(kids) == 1 and _plain(kids[0]) else f" end {what}"


def _scripted(name: str, kids: Sequence[Element]) -> str:
    base = _words(kids[0])
    low = kids[1] if name in ("msub", "msubsup", "munder", "munderover") else None
    high = kids[-1] if name in ("msup", "msubsup", "mover", "munderover") else None
    core = kids[0].text if _local(kids[0]) == "mo" else ""
    if name in ("mover", "munder") and _local(kids[1]) == "mo" and kids[1].text in _ACCENTS:
        return f"{base} {_ACCENTS[kids[1].text or '']}"
    if core and core in "∑∏∫∬∭∮⋃⋂⨁⨂⋀⋁∐":
        words = base
        if low is not None:
            words += f" {'from' if high is not None else 'over'} {_words(low)}"
        if high is not None:
            words += f" to {_words(high)}"
        return f"{words} of"
    words = base
    if low is not None:
        place = "under it" if name.startswith("munder") else "sub"
        words += f" {_words(low)} {place}" if place == "under it" else f" sub {_words(low)}"
        words += "" if _plain(low) or place == "under it" else " end sub"
    if high is not None:
        words += _power(high) if "sup" in name else f" with {_words(high)} above"
    return words


def _power(high: Element) -> str:
    text = high.text or ""
    if _local(high) == "mn" and text in _POWERS:
        return f" {_POWERS[text]}"
    if text in ("∘", "°"):
        return " degrees"
    if _local(high) == "mo" and text in _SIGNS:
        return f" {_SIGNS[text]}"
    return f" to the power {_words(high)}" + ("" if _plain(high) else " end power")


def _table(table: Element, kind: str = "") -> str:
    rows = [[_words(cell) for cell in row] for row in table]
    if not kind:  # lines set under each other
        return "; ".join(" ".join(row) for row in rows)
    if kind == "the cases":
        return f"{kind}: " + "; ".join(", ".join(row) for row in rows) + "; end cases"
    size = f"{len(rows)} by {max(map(len, rows), default=0)}"
    told = "; ".join(f"row {n}: " + ", ".join(row) for n, row in enumerate(rows, 1))
    what = kind.removeprefix("the ")
    return f"the {size} {what}: {told}; end {what}"


def _named(text: str, kind: str) -> str:
    """Letters. Those that are not plain Latin are read by their names."""
    if text in _SIGNS:
        return _SIGNS[text]
    if text.isascii() or kind == "mtext" or len(text) > 12:
        return text
    styled = [unicodedata.name(letter, "") for letter in text]
    if len(text) > 1 and all("MATHEMATICAL" in name for name in styled):
        style = " ".join(filter(None, (_STYLES.get(word, "") for word in styled[0].split()[:-1])))
        return f"{style.replace('capital', '').strip()} {unicodedata.normalize('NFKC', text)}"
    return " ".join(map(_letter, text))


def _letter(letter: str) -> str:
    if letter.isascii():
        return letter
    name = unicodedata.name(letter, letter)
    if letter.isalpha() and not name.startswith(
        ("MATHEMATICAL", "GREEK", "DOUBLE", "SCRIPT", "BLACK")
    ):
        return letter
    words = [_STYLES.get(word, word.lower()) for word in name.split(" WITH ")[0].split()]
    if "CAPITAL" in name and words:
        words[-1] = words[-1].upper() if len(words[-1]) == 1 else words[-1]
        words = [word for word in words if word != "capital" or len(words[-1]) > 1]
    return " ".join(filter(None, words))


# --- One line -------------------------------------------------------------------------------------


def _line(element: Element) -> str:
    name = _local(element)
    kids = list(element)
    if name == "annotation":
        return ""
    if not kids:
        text = element.text or ""
        if name == "mspace":
            return " "
        if name == "mtext":
            return f" {text} "
        return "" if text in _SILENT and text else text
    if name == "mfrac":
        return f"{_group(kids[0])}/{_group(kids[1])}"
    if name == "msqrt":
        return "√" + _grouped("".join(map(_line, kids)))
    if name == "mroot":
        return f"{_group(kids[1])}√{_group(kids[0])}"
    if name in ("msub", "munder"):
        return _line(kids[0]) + _low(kids[1])
    if name in ("msup", "mover"):
        if name == "mover" and _local(kids[1]) == "mo" and kids[1].text in _ACCENTS:
            return f"{_group(kids[0])}{kids[1].text}"
        return _line(kids[0]) + _high(kids[1])
    if name in ("msubsup", "munderover"):
        return _line(kids[0]) + _low(kids[1]) + _high(kids[2])
    if name == "mtable":
        return "; ".join(", ".join(map(_line, row)) for row in kids)
    if name == "mphantom":
        return ""
    return "".join(map(_line, kids))


def _low(element: Element) -> str:
    said = lowered(_line(element))
    return f"_{_group(element)}" if said is None else said


def _high(element: Element) -> str:
    said = _line(element).replace("∘", "°")
    if said in ("°", "′", "″", "‴", "*", "∗", "†", "‡"):  # they stand high by themselves
        return said
    high = raised(said)
    return f"^{_grouped(said)}" if high is None else high


def _group(element: Element) -> str:
    return _grouped(_line(element))


def _grouped(text: str) -> str:
    return text if len(text) == 1 or text.isalnum() else f"({text})"
