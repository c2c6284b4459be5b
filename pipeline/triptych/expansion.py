"""How large things become that stand for others: macros, drawings used again, words by name.

In: the size of each by itself, and what it calls, as often as it does. Out: the first that calls
itself, or that is larger than it may be, before anything is written out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple


class Endless(NamedTuple):
    """What cannot be written out: its name, and whether it calls itself or is too large."""

    name: str
    why: Literal["itself", "large"]


def endless(
    sizes: Mapping[str, int], calls: Mapping[str, Sequence[str]], most: int
) -> Endless | None:
    """The first thing that calls itself, or is larger than `most` with all that it calls.

    What is called and has no size counts as nothing.
    """
    whole: dict[str, int] = {}
    for first in sizes:
        path = [(first, iter(calls.get(first, ())))]
        within = {first}
        while path:
            name, left = path[-1]
            called = next(left, None)
            if called is None:
                path.pop()
                within.discard(name)
                whole[name] = sizes[name] + sum(whole.get(each, 0) for each in calls.get(name, ()))
                if whole[name] > most:
                    return Endless(name, "large")
            elif called in within:
                return Endless(called, "itself")
            elif called in sizes and called not in whole:
                path.append((called, iter(calls.get(called, ()))))
                within.add(called)
    return None
