"""Direction: which way a language or a text runs on the line."""

from __future__ import annotations

import unicodedata
from typing import Literal

Direction = Literal["ltr", "rtl"]

_FROM_THE_RIGHT = frozenset(
    "adlm arab aran hebr mand mend nkoo rohg samr syrc thaa "  # scripts (ISO 15924)
    "ar arc ckb dv fa he iw ks nqo pnb prs ps sd syr ug ur yi".split()  # languages (ISO 639)
)


def direction(language: str) -> Direction:
    """Which way a language (BCP 47) runs: as the script it names does, or else its usual one."""
    parts = language.lower().replace("_", "-").split("-")
    script = next((part for part in parts[1:] if len(part) == 4 and part.isalpha()), parts[0])
    return "rtl" if script in _FROM_THE_RIGHT else "ltr"


def from_right(text: str) -> bool:
    """Whether a text has a letter that runs from the right."""
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in set(text))


def direction_of(text: str) -> Direction | None:
    """Which way a text runs: as its first strong character does (UAX 9, rule P2), if it has one."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    strong = next((kind for kind in kinds if kind in ("L", "R", "AL")), None)
    if strong is None:
        return None
    return "ltr" if strong == "L" else "rtl"
