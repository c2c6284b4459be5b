"""Signing: a finished edition vouched for by its publisher's key, and checked anywhere, offline.

What is signed is the edition manifest, which names the SHA-256 of every finished file. The way:
`edition` compares the files with the manifest; `ssh` and `minisign` sign bytes and verify them.
"""

from triptych.signing.edition import (
    Damage,
    Verification,
    manifests_in,
    sign_edition,
    verify_edition,
)
from triptych.signing.signature import Signed

__all__ = ["Damage", "Signed", "Verification", "manifests_in", "sign_edition", "verify_edition"]
