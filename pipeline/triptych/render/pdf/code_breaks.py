"""Places to break a line in long runs of code that have none for longer than a line.

In: the article that the typesetter will lay out. Out: the same, with spaces of no width (U+200B)
after the signs of such runs. The typesetter breaks a word anywhere if it must, but not a word in
several colours.
"""

from __future__ import annotations

import re

from triptych.tree import Element

_RUN = re.compile(r"\S{48,}")
_AFTER = re.compile(r"(?<=[,;=+/&|~:])(?=[^\s,;()=+/&|~{}\[\]:])|(?<=\w{24})(?=\w)")
"""After a single sign, not between several, and within very long words."""


def loosen_runs(part: Element) -> None:
    """Let lines end within the long runs of code in `part`."""
    for code in [e for e in part.iter("code") if _RUN.search("".join(e.itertext()))]:
        runs = [match.span() for match in _RUN.finditer("".join(code.itertext()))]
        at = 0
        for element in list(code.iter()):
            element.text, at = _loosened(element.text or "", at, runs)  # highlighting nests nothing
            if element is not code:
                element.tail, at = _loosened(element.tail or "", at, runs)


def _loosened(text: str, at: int, runs: list[tuple[int, int]]) -> tuple[str, int]:
    """A text that begins at letter `at` of its code, with places to break, and where it ends."""
    places = [
        match.start()
        for match in _AFTER.finditer(text)
        if any(start < at + match.start() < end for start, end in runs)
    ]
    pieces = [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]
    return "\u200b".join(pieces), at + len(text)
