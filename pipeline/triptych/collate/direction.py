"""Direction: which languages run from the right, found apart from what set them so."""

from __future__ import annotations

import re

_FROM_RIGHT = frozenset(
    "adlm ar arab aran arc ckb dv fa he hebr iw ks mand mend nkoo nqo pnb prs ps rohg samr sd syr "
    "syrc thaa ug ur yi".split()
)
"""Languages and scripts that run from the right: their books open on the left."""


def runs_from_right(language: str) -> bool:
    """Whether a language, or the script that its tag names, runs from the right (BCP 47)."""
    name, *rest = re.split("[-_]", language.lower())
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), name)
    return script in _FROM_RIGHT
