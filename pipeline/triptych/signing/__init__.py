"""Signing: a publisher signs a finished edition, and anyone can verify it offline.

The edition manifest is signed, which names the SHA-256 of every finished file. `edition` compares
the files with the manifest; `ssh` and `minisign` sign and verify bytes.
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
