"""Collation: what the finished files say, held against the ledger and so against each other.

Each witness is aligned with the ledger letter by letter (`align`) and paired with it (`pairing`).
A difference is reported by what it touches: `words`, `links`, `notes`, `parts`, `pages`. Letters
that a reader would not see, or would see as others, are reported too (`appearance`). If nothing is
reported, every file says and does what the ledger says, so all files agree.
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
