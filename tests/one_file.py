"""One finished file proven by itself: what the tests of a format share."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from triptych.collate import Collation, collate
from triptych.edition import Edition
from triptych.formats import FORMATS
from triptych.manifest import Appearance, manifest_of
from triptych.render.pictures import pictures_of

_PLACES = [
    *(Path(__file__).parent / "corpus").iterdir(),
    *(Path(__file__).parent / "documents").iterdir(),
]
WORKS = [
    next((p for p in folder.iterdir() if p.stem == "paper" and p.suffix != ".bib"), folder)
    for folder in sorted(_PLACES)
    if folder.is_dir()
]
"""All papers of the corpus and of the documents, each a file or the folder of a book."""


def collated(edition: Edition, medium: str, data: bytes) -> Collation:
    """What the proof says of a file of the format `medium`, as if it were the only one."""
    files = {edition.name + FORMATS[medium].ending: sha256(data).hexdigest()}
    manifest = manifest_of(edition, files, Appearance({}, {}, {}), pictures=pictures_of(edition))
    return collate(manifest, {medium: data})


def change(old: str, new: str, count: int = 1) -> Callable[[str], str]:
    """A damage that puts `new` in the place of `old`, which must be there."""

    def damage(text: str) -> str:
        assert old in text
        return text.replace(old, new, count)

    return damage


def exchange(first: str, second: str) -> Callable[[str], str]:
    """A damage that exchanges two pieces, which must be there in this order."""

    def damage(text: str) -> str:
        before, between, after = text.partition(first)
        middle, found, end = after.partition(second)
        assert between
        assert found
        return f"{before}{second}{middle}{first}{end}"

    return damage
