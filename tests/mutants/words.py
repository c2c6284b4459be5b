"""Small wrongs done to words: another digit, another letter, another year."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from random import Random
from typing import TypeVar

Thing = TypeVar("Thing")


def shuffled(things: Iterable[Thing], rng: Random) -> list[Thing]:
    """The things in an order of chance."""
    mixed = list(things)
    rng.shuffle(mixed)
    return mixed


def other_digit(match: re.Match[str], rng: Random) -> str:
    """The number with its last digit another, and never a zero."""
    number = match.group()
    return number[:-1] + rng.choice([d for d in "123456789" if d != number[-1]])


def other_year(match: re.Match[str], rng: Random) -> str:
    """The year with one of its last two digits another."""
    year = match.group()
    at = rng.choice((2, 3))
    return year[:at] + rng.choice([d for d in "0123456789" if d != year[at]]) + year[at + 1 :]


def other_letter(match: re.Match[str], rng: Random) -> str:
    """Another small letter."""
    return rng.choice([c for c in "abcdeghklmnoprstuvw" if c != match.group()])


def to_hyphen(_: re.Match[str], __: Random) -> str:
    """A hyphen, where a dash stood."""
    return "-"


def without_diacritic(match: re.Match[str], _: Random) -> str:
    """The letter without its mark: e for é, s for ş."""
    return unicodedata.normalize("NFD", match.group())[0]


DIACRITIC = "[áàâäãåçéèêëíìîïñóòôöõúùûüýşğœĀ-ž]"
"""Letters that a poor conversion strips of their marks."""
