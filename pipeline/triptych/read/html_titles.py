"""HTML in the titles of a bibliography, as publishers' databases hand them out.

In: the words of a field, in which tags, entities and MathML may stand, also as TeX escapes them.
Out: the same in the marks that the bibliography's own format has for them, and what is not
understood. Citeproc takes all of it for words, and would print `CO<sub>2</sub>`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a format marks words: what stands before and after them, by the name of a mark.

    The marks are i, b, sub, sup and sc; a sign that an entity stands for is `escaped`.
    """

    marks: Mapping[str, tuple[str, str]]
    escaped: Callable[[str], str]


_LESS = r"(?:<|&lt;|\{\\textless(?:\{\})?\}|\\textless(?:\{\}|[ ])?|\$(?:<|\\less|\\lt)\$)"
_GREATER = (
    r"(?:>|&gt;|\{\\textgreater(?:\{\})?\}|\\textgreater(?:\{\}|[ ])?|"
    r"\$(?:>|\\gtr|\\greater|\\gt)\$)"
)
_MARKS = {
    "i": "i", "em": "i", "italic": "i", "b": "b", "strong": "b", "bold": "b", "sub": "sub",
    "inf": "sub", "sup": "sup", "sc": "sc", "scp": "sc", "u": "", "underline": "", "p": "",
    "title": "", "roman": "", "tt": "", "monospace": "",
}  # fmt: skip
"""The mark that an element stands for, in HTML or in JATS, whose prefix goes; of some, none."""
_ANY = "|".join(sorted(_MARKS, key=len, reverse=True))
_TAG = re.compile(
    rf"{_LESS}(?P<end>/?)(?:jats:)?(?P<name>{_ANY}|br|break)(?:\s+[\w:-]+\s*=[^<>{{}}]*?)?\s?/?{_GREATER}",
    re.I,
)
_PAIR = re.compile(rf"<(?P<name>{_ANY})>(?P<inside>(?:(?!<(?P=name)>|</).)*)</(?P=name)>", re.S)
_LEFT = re.compile(
    rf"</?(?:{_ANY}|a|div|font|small|big|[uo]l|li|h[1-6]|img|span|[a-z]+:[a-z-]+)"
    r"(?:\s(?!style=|class=\"nocase)[^<>]*)?/?>(?<!</span>)"
)
"""A tag that is not understood; a `span` may be CSL's own."""
_MATHML = re.compile(r"<(?:mml:)?math\b.*?</(?:mml:)?math>", re.S)
_TEX_WITHIN = re.compile(r"<(?:mml:)?annotation\b[^<>]*tex[^<>]*>(.*?)</", re.S)
_ENTITY = re.compile(
    r"(?:\{?\\&\}?|&)(?P<name>[A-Za-z]\w*|(?:\{?\\)?#\}?x?[0-9A-Fa-f]+)(?:;|\$\\mathsemicolon\$)"
)


def read_html(text: str, dialect: Dialect) -> tuple[str, list[tuple[str, str]]]:
    """A text without HTML, and what of it is not understood: what is wrong, and how to mend it."""
    if not re.search(r"[<&]|\\textless|\$\\l", text):
        return text, []
    problems: list[tuple[str, str]] = []

    def formula(match: re.Match[str]) -> str:
        if tex := _TEX_WITHIN.search(match[0]):
            return f"${html.unescape(tex[1]).strip()}$"
        words = "".join(re.sub(r"<[^<>]*>", " ", match[0]).split())
        problems.append(
            (
                f"it holds MathML, of which only the signs are printed: {words}",
                "write the formula as TeX, such as $H_0$",
            )
        )
        return words

    text = _MATHML.sub(formula, text)
    text = _TAG.sub(lambda m: f"<{m['end']}{m['name'].lower()}>", text)
    text = re.sub(r"</?(?:br|break)>", " ", text)
    before = ""
    while before != text:  # from the innermost pair outwards
        before, text = text, _PAIR.sub(_held, text)
    if left := _LEFT.search(text):
        problems.append((f"{left[0]} is printed as it stands", "write what it marks otherwise"))
    text = _ENTITY.sub(lambda m: _sign(m, dialect), text)
    for number, sign in enumerate(_ENDS):
        text = re.sub(rf"{sign}(\w*){sign}", partial(_written, dialect, number), text)
    return text, problems


_ENDS = ("\ue000", "\ue001")
"""What holds the place of a mark, before and behind its words, while tags are still read."""


def _held(match: re.Match[str]) -> str:
    (first, last), mark = _ENDS, _MARKS[match["name"]]
    return f"{first}{mark}{first}{match['inside']}{last}{mark}{last}"


def _written(dialect: Dialect, end: int, match: re.Match[str]) -> str:
    """What stands before a mark's words, or with `end` behind them."""
    return dialect.marks.get(match[1], ("", ""))[end]


def _sign(match: re.Match[str], dialect: Dialect) -> str:
    """The sign that an entity names; one that HTML has not stays as it is."""
    name = re.sub(r"[{}\\]", "", match["name"])
    sign = html.unescape(f"&{name};")
    return match[0] if sign == f"&{name};" else dialect.escaped(sign)
