"""Text printed over other text, such as notes that do not fit the foot of their page.

In: the letters of each page, of the article and of its notes. Out: doubts, by the number of the
transcript whose text is over another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from triptych.witness.pdf.transcript import Letter
from triptych.witness.reading import Doubt

_NEAR = 0.7
"""Lines of two texts overlap if their baselines are no farther apart than this, in em."""


def overprinted(letters: Mapping[int, Sequence[Letter]]) -> dict[int, list[Doubt]]:
    """The letters of each note that are over the letters of another text."""
    doubts: dict[int, list[Doubt]] = {}
    for of_page in letters.values():
        for transcript, index in _over(of_page):
            start = max(index, 0)
            doubts.setdefault(transcript, []).append(
                Doubt("hidden", start, start + 1, "printed over another text")
            )
    return doubts


def _over(letters: Sequence[Letter]) -> Iterator[tuple[int, int]]:
    lines = sorted(_lines(letters), key=lambda line: line[0].box[1])
    for number, line in enumerate(lines):
        for other in lines[number + 1 :]:
            near = _NEAR * min(line[0].size, other[0].size)
            if other[0].box[1] - line[0].box[1] > near:
                break
            if line[0].transcript != other[0].transcript:
                upper = max(line, other, key=lambda some: some[0].transcript)
                lower = other if upper is line else line
                for letter in upper:
                    if any(_crosses(letter, under) for under in lower):
                        yield letter.transcript, letter.index


def _lines(letters: Sequence[Letter]) -> list[list[Letter]]:
    """The letters of one text on one line."""
    lines: dict[tuple[int, int], list[Letter]] = {}
    for letter in letters:
        lines.setdefault((letter.transcript, round(letter.box[1])), []).append(letter)
    return list(lines.values())


def _crosses(one: Letter, other: Letter) -> bool:
    """Whether letters of two lines are at the same place."""
    shared = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
    return shared > 0.2 * min(one.size, other.size)
