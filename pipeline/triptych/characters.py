"""What is no character: control characters, and references that stand for one.

No edition can hold them (XML 1.0, 2.2), so they are looked for wherever text comes in.
"""

from __future__ import annotations

import re

NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
NO_REFERENCE = re.compile(
    "&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01]|6553[45])"
    "|x0*(?:[0-8bcef]|1[0-9a-f]|fff[ef]));?(?![0-9a-z])",
    re.I,
)
"""A reference to one, as HTML writes it, such as `&#1;` or `&#xFFFE;` (HTML, 13.1.4)."""


def without_no_characters(markup: str) -> str:
    """HTML or text with a blank for each."""
    return NO_CHARACTER.sub(" ", NO_REFERENCE.sub(" ", markup))
