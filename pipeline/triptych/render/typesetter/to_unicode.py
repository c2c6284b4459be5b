"""ToUnicode maps that say what each glyph stands for, in scripts whose letters join or bear signs.

In: the fonts of a PDF that WeasyPrint is about to embed. Out: the same fonts, with right maps.

WeasyPrint 70 takes the text of a glyph from the first cluster in which it meets the glyph. A
cluster may have several glyphs, as a letter with two signs does. One of them then gets the text of
all and the others get none, and from there on text that is copied or searched is wrong. Here the
typeface itself says what its glyphs stand for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any, TypeAlias
from unicodedata import bidirectional, category, decomposition, normalize

from fontTools.ttLib import TTFont

from triptych.render.letterforms import substitutions
from triptych.typefaces import MATH_FAMILY


class Clusters(dict[int, str]):
    """What WeasyPrint knows of a font's glyphs: the text of the first cluster with each.

    It looks whether it knows a glyph before it notes one. Here it never does, so that all clusters
    come by, and `met` keeps them. Of a cluster's glyphs only one comes with its text: the last, or
    the first where text runs from the right. `whole` are the clusters that run from the left, each
    with all its glyphs.
    """

    def __init__(self) -> None:
        super().__init__()
        self.met: dict[int, set[str]] = {}
        self.whole: set[tuple[str, tuple[int, ...]]] = set()
        self._waiting: list[int] = []
        self._last = ""

    def __contains__(self, glyph: object) -> bool:
        return False

    def __setitem__(self, glyph: int, text: str) -> None:
        self.setdefault(glyph, text)
        if text:
            from_right = any(bidirectional(letter) in ("R", "AL") for letter in text)
            for one in (glyph, *([] if from_right else self._waiting)):
                self.met.setdefault(one, set()).add(text)
            if not from_right:
                self.whole.add((text, (*self._waiting, glyph)))
            self._waiting.clear()
            self._last = text if from_right else ""
        elif self._last:
            self.met.setdefault(glyph, set()).add(self._last)
        else:
            self._waiting.append(glyph)


def collect_clusters(original: Callable[..., None], font: Any, *rest: Any) -> None:
    """Make a font that keeps all clusters in which its glyphs are met."""
    original(font, *rest)
    font.to_unicode = Clusters()


def build_fonts_dictionary(original: Callable[..., Any], pdf: Any, fonts: Any, *rest: Any) -> Any:
    """Embed the fonts of a PDF, their ToUnicode maps put right."""
    for font in fonts.values():
        clusters = font.to_unicode
        font.to_unicode = dict(clusters)
        # Formulas say themselves what each of their glyphs stands for.
        if font.family != MATH_FAMILY and any(map(_joins, clusters.values())):
            _mend(font, clusters)
    return original(pdf, fonts, *rest)


def _joins(text: str) -> bool:
    """Whether a text is of a script whose letters join or bear signs."""
    return any(
        bidirectional(letter) in ("R", "AL") or category(letter).startswith("M") for letter in text
    )


def _mend(font: Any, clusters: Clusters) -> None:
    typeface = TTFont(BytesIO(font.file_content), fontNumber=font.index, lazy=True)
    readings, lent = _readings(typeface)
    order = typeface.getGlyphOrder()

    def named(glyph: int) -> str:
        return order[glyph] if glyph < len(order) else ""

    for glyph, said in font.to_unicode.items():
        name = named(glyph)
        known, others = readings.get(name, set()), lent.get(name, set())
        met = clusters.met.get(glyph)
        if known and (said not in known or (others and not (met or known) <= known)):
            font.to_unicode[glyph] = _likeliest(known, others, met or {said})
    for text, glyphs in sorted(clusters.whole):
        read = [readings.get(named(one), set()) for one in glyphs]
        _complete(font.to_unicode, text, glyphs, read)


def _complete(
    said: dict[int, str], text: str, glyphs: Sequence[int], known: Sequence[set[str]]
) -> None:
    """Let a glyph say the letters of its cluster that none of the cluster's glyphs says.

    A glyph may stand for a sign alone, or for a sign with another before it.
    """
    wanted = Counter(normalize("NFD", text))
    lacking = wanted - Counter(normalize("NFD", "".join(said[one] for one in glyphs)))
    for glyph, readings in zip(glyphs, known, strict=True) if lacking else ():
        fuller = Counter(normalize("NFD", said[glyph])) + lacking
        for reading in sorted(readings):
            if Counter(normalize("NFD", reading)) == fuller:
                said[glyph] = reading
                return


def _likeliest(known: set[str], others: set[str], clusters: set[str]) -> str:
    """Of the texts that a glyph may stand for, the one that most of its clusters contain.

    It is one of its own, if not all clusters are of others. Of several, it is the shortest.
    """
    spelt = [normalize("NFD", cluster) for cluster in clusters]

    def likelihood(text: str) -> tuple[int, int, str]:
        return -sum(_contains(cluster, text) for cluster in spelt), len(text), text

    own = min(known, key=likelihood)
    lent = min(others, key=likelihood, default=own)
    return lent if -likelihood(lent)[0] == len(spelt) > -likelihood(own)[0] else own


def _contains(cluster: str, text: str) -> bool:
    """Whether a cluster has the letters of a text in their order, perhaps with signs between."""
    letters = iter(cluster)
    return all(letter in letters for letter in normalize("NFD", text))


_Readings: TypeAlias = dict[str, set[str]]


def _readings(typeface: TTFont) -> tuple[_Readings, _Readings]:
    """By glyph, the texts it may stand for: its letter's, or its ligature's letters'.

    Then the texts that may borrow a glyph of another letter, as an i under an accent has no dot.
    """
    readings: _Readings = {}
    lent: _Readings = {}
    own: set[str] = set()
    for letter, glyph in typeface.getBestCmap().items():
        form = decomposition(chr(letter))
        joined = form.startswith(_JOINED)
        readings.setdefault(glyph, set()).add(normalize("NFKC" if joined else "NFC", chr(letter)))
        if not form.startswith("<"):  # else it is a form of another letter
            own.add(glyph)
    steps = list(substitutions(typeface))
    # A part of a divided glyph stands for the whole only where it stands for nothing else.
    steps.sort(key=lambda step: step.divided)
    for _ in range(3):  # a letter takes its form, forms join, joined forms change once more
        for step in steps:
            parts, glyph = step.parts, step.glyph
            if len(parts) == 1 and glyph in own:
                # It may also be part of another letter, but stands for its own where it can.
                if not step.divided:
                    lent.setdefault(glyph, set()).update(readings.get(parts[0], ()))
                continue
            if len(parts) == 1 and lent.get(parts[0]):
                lent.setdefault(glyph, set()).update(lent[parts[0]])
            if step.divided and readings.get(glyph):
                continue
            texts = [min(readings[part]) for part in parts if readings.get(part)]
            if len(texts) < len(parts):
                continue
            known = readings.setdefault(glyph, set())
            if len(parts) == 1:
                known.update(readings[parts[0]])
            else:
                known.add("".join(texts))
    return readings, lent


_JOINED = ("<initial>", "<medial>", "<final>", "<isolated>")
"""The forms of Arabic letters and ligatures that are characters too: they say their letters."""
