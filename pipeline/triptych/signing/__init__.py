"""Signing: a finished edition vouched for by its publisher's key, and checked anywhere, offline.

What is signed is the edition record, which names the SHA-256 of every finished file. The way:
`edition` compares the files with the record; `ssh` and `minisign` sign bytes and verify them.
"""

from triptych.signing.edition import (
    Damage,
    Verification,
    records_in,
    sign_edition,
    verify_edition,
)
from triptych.signing.signature import Signed

__all__ = ["Damage", "Signed", "Verification", "records_in", "sign_edition", "verify_edition"]
