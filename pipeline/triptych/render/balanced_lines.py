"""Balanced lines: titles of several lines that are about equally long, with no word left alone.

CSS has `text-wrap: balance` for it, which WeasyPrint 70 does not know. In: a title and the width
that it may have. Out: a narrower one, in which it takes no more lines.
"""

from __future__ import annotations

from itertools import accumulate

from triptych.record import EditionRecord

TITLE_SIZES = {"article": (21.0, 12.0), "report": (32.0, 15.0), "book": (27.0, 13.0)}
"""Of titles and subtitles, in points, as the style sheets of these themes have them."""
_WIDTHS = {
    letter: width
    for letters, width in (("ijltf.,:;'’‘!|()[]-", 0.31), ("rst ", 0.4), ("mwMW—", 0.84))
    for letter in letters
}
_CAPITAL, _OTHER = 0.66, 0.55
"""About how wide letters are in em, in the faces of the house for titles."""
_STEPS = 40


def title_rules(record: EditionRecord, measure: float) -> str:
    """Rules of CSS for the width of title and subtitle; `measure` is in points."""
    return "".join(
        f".{name}{{max-width:{width:.4g}em}}"
        for name, words, size in zip(
            ("title", "subtitle"), (record.title, record.subtitle),
            TITLE_SIZES[record.design.theme], strict=True,
        )
        if (width := balanced_width(words, measure / size))
    )  # fmt: skip


def balanced_width(words: str, measure: float) -> float:
    """The least width that takes no more lines than `measure`, in em; 0 for a single line."""
    widths = [sum(map(_width, word)) for word in words.split()]
    lines = _lines(widths, measure)
    if lines < 2:
        return 0.0
    tried = accumulate([measure / _STEPS] * _STEPS)
    return min(next(width for width in tried if _lines(widths, width) <= lines) * 1.02, measure)


def _width(letter: str) -> float:
    return _WIDTHS.get(letter, _CAPITAL if letter.isupper() else _OTHER)


def _lines(words: list[float], measure: float) -> int:
    """How many lines words take, each filled before the next; a word wider than that divides."""
    lines, at = 1, 0.0
    for word in words:
        if at and at + word > measure:
            lines, at = lines + 1, 0.0
        lines += int(word / measure)
        at += word % measure + _WIDTHS[" "] if word > measure else word + _WIDTHS[" "]
    return lines
