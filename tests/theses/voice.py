"""A voice: what an author of one language writes of, read from a file of `voices/`.

In: a TOML file with sentences, headings, names and words in that language. Sentences have slots
such as `{place}`. Out: a `Voice`, and a `Speaker` that says its sentences in an order drawn from a
seed, each slot filled, none again before all have been said.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

VOICES = Path(__file__).parent / "voices"
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Voice:
    """The words of one work, and how it is made up."""

    name: str
    words: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        """The words of a kind; what a voice has not, is empty."""
        return self.words.get(key, [])


def read_voice(name: str) -> Voice:
    """Read the file of a voice.

    Raises:
        OSError: if there is none of that name.
    """
    return Voice(name, tomllib.loads((VOICES / f"{name}.toml").read_text()))


@dataclass(slots=True)
class Speaker:
    """Says the sentences of a voice, one after the other, by a seed."""

    voice: Voice
    keys: Sequence[str]
    dice: Random = field(init=False)
    _decks: dict[str, list[Any]] = field(init=False, default_factory=dict)
    _cited: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        """Begin at the seed of the voice's name."""
        self.dice = Random(self.voice.name)

    def next(self, kind: str) -> Any:
        """The next of a kind; all have been said before one is said again."""
        deck = self._decks.setdefault(kind, [])
        if not deck:
            deck += self.voice[kind]
            self.dice.shuffle(deck)
        return deck.pop()

    def say(self, kind: str, **slots: str) -> str:
        """The next sentence of a kind, with its slots filled."""
        return self.fill(self.next(kind), **slots)

    def fill(self, sentence: str, **slots: str) -> str:
        """A sentence with its slots filled: by what is given, else by words of the voice."""
        return _SLOT.sub(lambda slot: slots.get(slot[1]) or self._word(slot[1]), sentence)

    def key(self) -> str:
        """The next work to be cited; after all have been, any."""
        self._cited += 1
        at = self._cited - 1
        return self.keys[at] if at < len(self.keys) else self.dice.choice(self.keys)

    def paragraph(self, sentences: int, **slots: str) -> str:
        """Some sentences of running text, the second with a citation."""
        said = [self.say("sentences", **slots) for _ in range(sentences)]
        said.insert(1, self.say("citing", **slots))
        return str(self.voice["gap"]).join(said)

    def _word(self, slot: str) -> str:
        dice = self.dice
        match slot:
            case "year":
                return str(dice.randint(1860, 2019))
            case "number":
                return str(dice.randint(12, 980))
            case "share":
                return f"{dice.randint(3, 92)}{self.voice['point']}{dice.randint(0, 9)}"
            case "pages":
                first = dice.randint(2, 300)
                return f"{first}\N{EN DASH}{first + dice.randint(1, 30)}"
            case "page":
                return str(dice.randint(2, 300))
            case "key":
                return self.key()
            case "person":
                return str(self.next("people")[0])
            case _:
                return str(self.next(slot))
