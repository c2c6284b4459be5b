"""Collation: what the finished files say, held against the ledger and so against each other.

Each witness is aligned with the ledger letter by letter (`align`) and laid beside it (`pairing`).
Every difference is told by what it touches (`words`, `links`, `notes`, `looks`), and every letter
that a reader would not see, or would see as another, is told too. Where nothing is told, all files
say and do the same, since all say and do what the ledger has.
"""

from triptych.collate.collation import Collation, CollationError
from triptych.collate.difference import KINDS, Difference
from triptych.collate.editions import collate, collate_edition

__all__ = [
    "KINDS",
    "Collation",
    "CollationError",
    "Difference",
    "collate",
    "collate_edition",
]
