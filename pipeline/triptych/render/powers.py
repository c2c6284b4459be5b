"""Powers and the like among words from the right: each runs from the left, as in any language.

In: an element of an edition. Out: the same, with a `span` that runs from the left around a number
with something raised or lowered on it. Else the sign in 10<sup>−2</sup> would part two numbers, as
the Unicode bidirectional algorithm has it (UAX #9, W4), and 2− be read. Where there are letters
from the left, as in H<sub>2</sub>O, the algorithm needs no help.
"""

from __future__ import annotations

import re
from unicodedata import bidirectional

from triptych.direction import Direction
from triptych.tree import Element, make

_SHIFTED = ("sub", "sup")
_NUMBER = re.compile(r"[^\W_]\S*$")
_CLOSE = re.compile(r"[^\W_]*")


def direct_powers(element: Element, around: Direction) -> None:
    """Let each power below an element run from the left; `around` is how the text around runs."""
    own: Direction = "rtl" if element.get("dir", around) == "rtl" else "ltr"
    for child in list(element):
        if own == "rtl" and child.tag in _SHIFTED and child.getparent() is element:
            _direct(element, child)
        if isinstance(child.tag, str):
            direct_powers(child, own)


def _direct(parent: Element, shifted: Element) -> None:
    """Put what is raised or lowered into a span, with its number and what follows close by."""
    before = shifted.getprevious()
    text = (parent.text if before is None else before.tail) or ""
    number = _number_at_end(text)
    if not number:
        return
    rest = text[: len(text) - len(number)]
    span = make("span", number)
    span.set("dir", "ltr")
    span.set("class", "stretch")
    parent.insert(parent.index(shifted), span)
    if before is None:
        parent.text = rest
    else:
        before.tail = rest
    following: Element | None = shifted
    while following is not None and following.tag in _SHIFTED:
        tail, after = following.tail or "", following.getnext()
        close = _from_left(_CLOSE.match(tail))
        span.append(following)
        following.tail, span.tail = close, tail[len(close) :]
        following = after if close == tail else None


def _number_at_end(text: str) -> str:
    """The number at the end of a text, if there is one without letters."""
    from_right = (at for at, letter in enumerate(text) if bidirectional(letter) in _RIGHT)
    found = _NUMBER.search(text, max(from_right, default=-1) + 1)
    return found[0] if found and all(bidirectional(one) != "L" for one in found[0]) else ""


def _from_left(found: re.Match[str] | None) -> str:
    """What was found, unless it has letters from the right."""
    said = found[0] if found else ""
    return "" if any(bidirectional(letter) in _RIGHT for letter in said) else said


_RIGHT = ("R", "AL")
