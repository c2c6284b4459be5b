"""Book numbers, ISBN (ISO 2108): known from other numbers, their last digit checked.

In: a number as an author writes it. Out: its digits, or what is wrong with it.
"""

from __future__ import annotations

import re

_PREFIX = re.compile(r"(?:urn:isbn:|isbn(?:-1[03])?[:\s]*)", re.I)
_NUMBER = re.compile(r"[\d\s\-‐‑–]*[\dx]", re.I)


def isbn13(written: str) -> str:
    """The 13 digits of a sound ISBN, an older one of ten made new; empty for anything else.

    Ten digits are an ISBN only where they are called one.
    """
    digits = _digits(written)
    if len(digits) == 10 and _is_called_one(written) and not wrong_isbn(written):
        body = f"978{digits[:9]}"
        return f"{body}{_thirteenth(body)}"
    sound = len(digits) == 13 and digits.startswith(("978", "979")) and not wrong_isbn(written)
    return digits if sound else ""


def wrong_isbn(written: str) -> str:
    """What is wrong with a number that is called an ISBN, or begins as one; empty if nothing is."""
    digits, bare = _digits(written), _PREFIX.sub("", written.strip())
    if len(digits) == 13 and digits.startswith(("978", "979")):
        right = _thirteenth(digits[:12])
    elif len(digits) == 10 and _is_called_one(written):
        right = _tenth(digits[:9])
    elif _is_called_one(written):
        return f"{bare} is no ISBN, which has 13 digits, or 10"
    else:
        return ""
    if digits[-1] == right:
        return ""
    return f"the check digit of the ISBN {bare} is wrong: after the others it is {right}"


def _is_called_one(written: str) -> bool:
    return _PREFIX.match(written.strip()) is not None


def _digits(written: str) -> str:
    found = _NUMBER.fullmatch(_PREFIX.sub("", written.strip()))
    return re.sub(r"[^\dX]", "", found[0].upper()) if found else ""


def _thirteenth(twelve: str) -> str:
    """The last digit of an ISBN of 13 digits."""
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return str(-weighed % 10)


def _tenth(nine: str) -> str:
    """The last digit of an ISBN of ten; X stands for 10."""
    left = -sum(int(digit) * (10 - place) for place, digit in enumerate(nine)) % 11
    return "X" if left == 10 else str(left)
