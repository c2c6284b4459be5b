"""Plain words of a piece of the tree, for what can bear no markup: metadata, alternative texts.

In: an element. Out: its words, without notes. High and low letters are Unicode's where it has them,
as in `H₂O` and `10³`; a formula is as the caller has it written.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

from triptych.mathematics.placeholders import without_marks
from triptych.mathematics.tidy import MATHML
from triptych.raised import lowered, raised
from triptych.tree import Element, remove, replace_with, text_of, with_class

_NOTES = ("footnote-ref", "noteref")
"""The classes of marks of notes, before and after they are numbered."""


def plain_words(element: Element, formula: Callable[[Element], str]) -> str:
    """The words of an element, white space folded."""
    copy = deepcopy(element)
    copy.tail = None
    for note in [each for name in _NOTES for each in with_class(copy, name)]:
        remove(note)
    for math in list(copy.iter(f"{{{MATHML}}}math")):
        replace_with(math, [formula(math)])
    for script in list(copy.iter("sup", "sub")):
        said = text_of(script)
        known = raised(said) if script.tag == "sup" else lowered(said)
        if known is not None and not said.isalpha():
            replace_with(script, [known])
    return without_marks(text_of(copy))
