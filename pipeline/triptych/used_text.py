"""Matter: the text of a page as a typesetter wants to know it before any typeface is chosen.

In: a page's markup. Out: its text by language, and what of it stands in code, or bold.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape


@dataclass(frozen=True, slots=True)
class UsedText:
    """Text to be set.

    `texts` has for each language (BCP 47) what stands in it, the work's own language first. `code`
    is what stands in code, `bold` what stands in bold type, in whatever language.
    """

    texts: Mapping[str, str]
    code: str = ""
    bold: str = ""


def used_text_in(markup: str, language: str) -> UsedText:
    """The matter of a page, or of a part of one, in a work of a language."""
    texts: dict[str, list[str]] = {language: []}
    code: list[str] = []
    bold: list[str] = []
    open_: list[_Open] = []
    here = _Open("", language, False, False)
    for match in _TOKEN.finditer(markup):
        closing, tag, attributes, text = match.groups()
        if text is not None:
            said = unescape(text)
            texts.setdefault(here.language, []).append(said)
            if here.code:
                code.append(said)
            if here.bold:
                bold.append(said)
        elif tag is None:
            continue  # a comment, a declaration
        elif not closing and not attributes.endswith("/") and tag not in _VOID:
            open_.append(here)
            here = _opened(tag, attributes, here)
        elif closing and open_ and tag == here.tag:
            here = open_.pop()
    joined = {name: "".join(pieces) for name, pieces in texts.items()}
    return UsedText(joined, "".join(code), "".join(bold))


@dataclass(frozen=True, slots=True)
class _Open:
    """An element that is open, and what holds within it."""

    tag: str
    language: str
    code: bool
    bold: bool


def _opened(tag: str, attributes: str, above: _Open) -> _Open:
    language = _LANGUAGE.search(attributes)
    classes = _CLASS.search(attributes)
    return _Open(
        tag,
        language[1] if language else above.language,
        above.code or tag in ("code", "pre"),
        above.bold or tag in _BOLD or bool(classes and _BOLD_CLASSES & set(classes[1].split())),
    )


_TOKEN = re.compile(r"<!--.*?-->|<[!?][^>]*>|<(/?)([A-Za-z][\w:-]*)([^>]*)>|([^<]+)", re.S)
_LANGUAGE = re.compile(r'(?<![\w:-])lang="([^"]+)"')
_CLASS = re.compile(r'(?<![\w:-])class="([^"]+)"')
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_BOLD = frozenset("h1 h2 h3 h4 h5 h6 strong b th tfoot dt".split())
_BOLD_CLASSES = frozenset("title label topic callout-title notemark kw cf im pp".split())
"""What the style sheets set in bold."""
