"""Type that fits the boxes of a cover.

In: texts, and the boxes they go into. Out: the size of type for each. Lengths are in points. Each
text is laid out on a page of the size of its box, by the style sheet of the cover itself. So the
widths of letters need not be guessed in any script.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from triptych.design import stylesheet
from triptych.direction import direction
from triptych.render.typesetter.weasyprint import Typeset, typeset

_LEAST = 3.2
"""The smallest type that is set, in points."""
_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class TextBox:
    """A text to set: of the classes `panel` and `part`, in type of at most `size`.

    It goes into `width` and `height`. The height of a `single` line is that of its type.
    """

    panel: str
    part: str
    text: str
    size: float
    width: float
    height: float = 0.0
    single: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """The size in which a text fits, and about how many letters would fit in legible type."""

    size: float
    letters: int


def fitted(
    boxes: Mapping[str, TextBox], language: str, rem: float, legible: float
) -> dict[str, Fit]:
    """The type for each of the boxes, by name. `rem` is the unit of the style sheet.

    Where a text does not fit in the type asked for, smaller type is tried, down to 3.2 points.
    """
    asked = {name: _low(box) for name, box in boxes.items() if box.text and box.width > 0}
    for _ in range(_ROUNDS):
        shown = typeset(_markup(asked, language), _css(asked, rem))
        smaller = {
            name: replace(box, size=max(_LEAST, box.size * shrink))
            for name, box in asked.items()
            if (shrink := _shrink(name, box, shown)) < 1 and box.size > _LEAST
        }
        if not smaller:
            break
        asked |= smaller
    return {
        name: Fit(box.size, int(_shown(name, shown) * (box.size / legible) ** 2))
        for name, box in asked.items()
    }


def _low(box: TextBox) -> TextBox:
    """The box, with type small enough for one line to fit: a page never holds less than one."""
    return box if box.single else replace(box, size=max(_LEAST, min(box.size, box.height / 1.6)))


def _markup(boxes: Mapping[str, TextBox], language: str) -> str:
    sections = "".join(
        f'<section class="panel {box.panel}" style="page: {name}">'
        f'<p id="{name}" class="{box.part}" style="font-size: {box.size:.3f}pt">{escape(box.text)}'
        f'<a id="{name}-end"></a></p></section>'
        for name, box in boxes.items()
    )
    return (
        f'<html lang="{escape(language)}" dir="{direction(language)}"><head><title>Fitting</title>'
        f"</head><body><main>{sections}</main></body></html>"
    )


def _css(boxes: Mapping[str, TextBox], rem: float) -> str:
    pages = "".join(
        f"@page {name} {{ size: {box.width:.3f}pt "
        f"{box.size * 1.6 if box.single else box.height:.3f}pt; margin: 0; background: none }}\n"
        for name, box in boxes.items()
    )
    plain = (
        "section.panel { position: static; height: auto }\n"
        "section.panel > p { position: static; orphans: 1; widows: 1 }\n"
    )
    return f"{stylesheet('wrap')}\n{pages}html {{ font-size: {rem:.4f}pt }}\n{plain}"


def _shrink(name: str, box: TextBox, shown: Typeset) -> float:
    """The factor by which to shrink the type: 1 where the text fits, with all its words whole."""
    first, last = int(shown.places[name]), int(shown.places[f"{name}-end"])
    lines = [line for page in shown.pages[first - 1 : last] for line in page]
    parts = list(_parts_of_words(box.text, lines))
    if first == last and not parts:
        return 1
    share = _shown(name, shown) / sum(map(len, lines))
    return min(0.96, share ** (1 if box.single else 0.5), *parts)


def _shown(name: str, shown: Typeset) -> int:
    """How many letters stand on the first page of a text."""
    return sum(map(len, shown.pages[int(shown.places[name]) - 1]))


def _parts_of_words(text: str, lines: Sequence[str]) -> Iterator[float]:
    """Of each word that runs over the end of a line, the share that stands before it."""
    at = 0
    for line in lines[:-1]:
        at = text.find(line.strip(), at) + len(line.strip())
        if all(_is_of_a_word(sign) for sign in text[at - 1 : at + 1]):
            before, after = text[:at].split()[-1], text[at:].split()[0]
            yield len(before) / len(before + after)


def _is_of_a_word(sign: str) -> bool:
    """Whether a sign is a letter of a script that puts spaces between words."""
    return sign.isalnum() and unicodedata.name(sign, "").startswith(_PARTING)


_PARTING = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "HEBREW", "ARABIC", "DIGIT")
