r"""Which of our Lua filters a text needs: those that find in it what they look for.

Each filter walks the whole document, which takes a second or more where the work is long. What it
looks for can be seen in the text that pandoc is to read: no text without `\` holds LaTeX. In: the
texts. Out: names of filters, in their order. A filter left out would have changed nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_TEX = r"\\[a-zA-Z@]|\{="
"""LaTeX, or raw text of another format: `\ref{x}`, `{=latex}`. It may become anything."""
_DIVISION = r":::|<[dD][iI][vV]"
_CELL = r"\.cell\b"
_KIND = (
    "fig|tbl|tab|sec|chap|app|eqn?|lst|algo?|thm|lem|cor|prp|prop|prf|cnj|def|exm|exr|rem|sol|nte|tip"
    "|wrn|imp|cau"
)
"""The kinds of labels, as in `filters/label_words.lua`."""

_UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
    r"\uff00-\uffef\U00020000-\U0003ffff"
)

_BEFORE_CITEPROC = {
    "titles": "title-part",
    "algorithms": "(?i)alg|pseudocode",
    # Chinese and Japanese signs, also as numbers or names.
    "line_ends": r"[\u2e80-\u303f\u3041-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff9f"
    r"\uffe0-\uffee\U00020000-\U0003ffff]|&#|:\w+:",
    "ties": r"~\W",
    "natbib": r"\\\w*[cC]ite",
    "latex": _TEX,
    "list_marks": r"(?m)^[ \t>*+:-]*(?:\w+[.)][ \t]+)*(?:\(?(?:\w{1,9}|#)\)\s|\(@)"
    r"|\\item|\\begin\{enum",
    "quarto": rf"{_TEX}|{_DIVISION}|{_CELL}|`\s*(?:\{{|r\s)|\(APPENDIX\)",
    "rows": rf"{_TEX}|{_DIVISION}|{_CELL}|!\[",
    "labels": rf"{_TEX}|{_CELL}|\]\{{(?!\.title-part)|\{{#|<span|caption|lst-"
    r"|Listing:|(?<!\S):\s",
    "equations": r"\$\$|\\\[|\\begin|\$\s*\{#|\{=",
    "figures": rf"{_TEX}|{_DIVISION}|{_CELL}|!\[",
    "signs": r"[{+*!](?:-?@|\[|\\)",
    "references": rf"@[^\s\]]*:|(?i:[@{{,;]\s*-?\{{?(?:{_KIND})[:-])|\\\w*cite",
    # Letters of scripts without spaces between words, or with words beside quotation marks.
    "turned_quotes": f"[{_UNSPACED}]",
    "quotations": "",
    "raw": _TEX,
    "descriptions": r"(?i)\.(?:pdf|e?ps)",
    "chapter_heads": "nocite|byline",
    "before": "",
    "own_citation": "",
    "bibliography": "",
}
_AFTER_CITEPROC = {
    "after": "",
    "listed": "nocite",
    "formulas": r"\$|\\|\{=",
}
"""What a text must hold, as a regular expression, for the filter to have anything to do."""

FILES_READ_BY_FILTERS = (
    "tex_arguments.lua",
    "tex_chemistry.lua",
    "tex_commands.lua",
    "tex_dropped.lua",
    "tex_tables.lua",
    "tex_unknown.lua",
    "label_words.lua",
    "places.lua",
)


def filters_before_citeproc(article: str) -> tuple[str, ...]:
    """The filters that run before citations are resolved."""
    return tuple(name for name, sought in _BEFORE_CITEPROC.items() if re.search(sought, article))


def filters_after_citeproc(texts: Sequence[str]) -> tuple[str, ...]:
    """The filters that run when they are: entries of the bibliographies have joined the text."""
    return tuple(
        name
        for name, sought in _AFTER_CITEPROC.items()
        if any(re.search(sought, text) for text in texts)
    )
