"""Alternative texts: what each figure says to those who cannot see it.

In: the picture of a figure. Out: its `alt`, from the author, or else from its caption.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from triptych.diagnostics import Diagnostic
from triptych.resolve.plain_words import plain_words
from triptych.resolve.source_map import SourceMap
from triptych.tree import Element, fold, remove

HINT = 'write ![Caption](figure.svg){alt="What the figure shows, for those who cannot see it."}'


def describe(picture: Element) -> Literal["given", "caption", "none"]:
    """Give a picture its `alt`, and tell where it comes from.

    Without one of its own, it takes the caption of its figure, or of the figure around that.
    """
    said = picture.attrib.pop("data-fig-alt", "")
    if said:
        picture.set("alt", said)
    else:
        _take_words_before(picture)
    captions: list[str] = []
    for figure in picture.iterancestors("figure"):
        captions = captions or list(filter(None, map(_words, figure.findall("figcaption"))))
    own = (picture.get("alt") or "").strip()
    if not own and captions:
        picture.set("alt", captions[0])
        return "caption"
    if not own:
        return "none"
    return "caption" if not said and fold(own) in captions else "given"


def _take_words_before(picture: Element) -> None:
    """Take the words with formulas that `after.lua` has put before a picture as its `alt`."""
    before = picture.getprevious()
    if before is not None and before.tag == "span" and before.get("data-described"):
        picture.set("alt", _words(before))
        remove(before)


def _words(caption: Element) -> str:
    """The words of a caption as they are read aloud, formulas included."""
    return plain_words(caption, lambda math: f" {math.get('alttext') or ''} ")


def told_captions(
    captioned: Sequence[tuple[str, int | None]], source_map: SourceMap
) -> Iterator[Diagnostic]:
    """Tell once of all captions that serve as alternative texts, by path and place of figures."""
    if not captioned:
        return
    (path, _), *more = captioned
    said = (
        f"the captions of {len(captioned)} figures must serve as their alternative texts"
        if more
        else f"the caption of {path} must serve as its alternative text"
    )
    first, *others = (
        source_map.diagnostic(offset, "figure-alt-caption", said, f"better {HINT}", "warning")
        for _, offset in captioned
    )
    yield replace(first, places=tuple(other.place for other in others))
