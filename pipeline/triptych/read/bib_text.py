r"""The words of a BibTeX field as pandoc is to read them.

In: the value of a field, on one line. Out: the same, and what is lost of it.

Pandoc puts the accent of `{\'\i}` on a dotless i, which no search finds; it takes HTML, of which
titles from publishers' databases are full, for words; its sentence case takes the capitals of
`\emph{E. coli}` and of H₂O; and behind a bare % or # it loses words, or the whole title.
"""

from __future__ import annotations

import re
import unicodedata

from triptych.read.entries import Loss
from triptych.read.html_titles import Dialect, read_html
from triptych.read.tex_signs import with_signs

_DOTLESS = re.compile(
    r"""\\(?P<accent>[`'^"~=.]|[uvHtcdbrk](?![A-Za-z]))\s*
        (?:\{\s*\\(?P<held>[ij])\s*\}|\\(?P<bare>[ij])(?![A-Za-z])(?:\{\}|[ ])?)""",
    re.X,
)
_DOTLESS_SIGN = re.compile("([ıȷ])([\u0300-\u036f])")
_HELD = re.compile(
    r"(?<![\w{\\])(?:[^\s{}\\]*[A-Z][^\s{}\\]*(?:\\text(?:sub|super)script\s*\{[^{}]*\}[^\s{}\\]*)+"
    r"|\\(?:emph|text(?:it|sl|bf|sc|rm|sf|tt)|mkbib(?:emph|italic|bold))\s*\{[^{}]*[A-Z][^{}]*\})"
)
r"""What keeps its capitals in BibTeX, for it stands in braces, or is no word: `\emph{E. coli}` and
`H\textsubscript{2}O`."""


_LETTER = re.compile(
    r"""(?<![\w{\\'’.&$^-])
        (?:(?:[A-Z]\.[ ~-])+[A-Z]\w[\w'’-]*|[A-Z]\.(?:[ ~-]?[A-Z]\.)*
          |[B-DF-Z](?=-[A-Z])|[B-Z](?=[\s~:;,.?!)}]|$))
        (?![\w'’])""",
    re.X,
)
"""Letters alone, of which pandoc's sentence case would make small ones: initials with the name
behind them, `Vitamin C`, `World War I`, `X-Ray`. What may be the article A is none of them."""
_BARE = re.compile(r"(\\.)|([%#])", re.S)
"""Signs of TeX that mean themselves in the words of a field, where no backslash stands before."""


def _escaped(sign: str) -> str:
    return f"\\{sign}" if sign in "&%$#_" else sign


_TEX = Dialect(
    {
        "i": (r"{\emph{", "}}"), "b": (r"\textbf{", "}"), "sub": (r"\textsubscript{", "}"),
        "sup": (r"\textsuperscript{", "}"), "sc": (r"\textsc{", "}"),
    },
    _escaped,
)  # fmt: skip
"""What stands in italics is most often a name, whose capitals a further pair of braces keeps."""


def composed(tex: str) -> str:
    r"""TeX in which an accent stands on i and j with their dots, as in `\'{i}`.

    A dotless letter of its own, as in Turkish, stays.
    """

    def dotted(match: re.Match[str]) -> str:
        letter = match["held"] or match["bare"]
        return letter if match["accent"] == "." else f"\\{match['accent']}{{{letter}}}"

    return _DOTLESS.sub(dotted, tex)


def composed_signs(text: str) -> str:
    """Text in which no accent stands on a dotless i or j, as some programs write `í`."""
    return _DOTLESS_SIGN.sub(
        lambda m: unicodedata.normalize("NFC", {"ı": "i", "ȷ": "j"}[m[1]] + m[2]), text
    )


_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\uffef"
)
_BEFORE = rf"(?<![^\W_{_UNSPACED}])(?<!\\)"
"""No letter or figure before it, but such as stand without spaces between words; no accent."""
_DOUBLE = re.compile(rf"{_BEFORE}\"(?=[^\s}}])((?:[^\"\\]|\\.)*[^\s\"\\])\"(?![a-z0-9])")
_ELISION = "(?i:n|em|tis|twas|til|cause|round|bout|tween)(?![A-Za-z])"
_SINGLE = re.compile(
    rf"{_BEFORE}(?<!')'(?=[^\W\d])(?!{_ELISION})([^'\"\\]*(?:[A-Za-z]'[A-Za-z][^'\"\\]*)*[^\s'\"\\])'"
    rf"(?![^\W_{_UNSPACED}]|')"
)


def _with_quotations(text: str) -> str:
    r"""Quotations in straight marks as `\enquote`: pandoc takes the marks for ” and ’."""
    if '"' not in text and "'" not in text:
        return text
    text = re.sub(r"\{([\"'])\}", r"\1", text)
    return _DOUBLE.sub(r"\\enquote{\1}", _SINGLE.sub(r"\\enquote*{\1}", text))


def _with_letters(text: str) -> str:
    """Text whose letters alone keep their capitals, outside braces and formulas."""
    pieces = re.split(r"(\{(?:[^{}]|\{[^{}]*\})*\}|\$[^$]*\$)", text)
    pieces[::2] = [_LETTER.sub(lambda m: f"{{{m[0]}}}", piece) for piece in pieces[::2]]
    return "".join(pieces)


def readable_text(value: str, offset: int) -> tuple[str, list[Loss]]:
    """A field's words with their HTML as TeX; its value stands in a field at `offset`."""
    text, problems = read_html(with_signs(composed_signs(composed(value))), _TEX)
    text = _with_quotations(text)
    text = _BARE.sub(lambda m: m[1] or f"\\{m[2]}", text)
    held = _HELD.sub(lambda m: f"{{{m[0]}}}", text)
    return _with_letters(held), [Loss(offset, problem, hint) for problem, hint in problems]
