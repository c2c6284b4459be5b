"""What a signature tells, and why one is not to be trusted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Passphrase = Callable[[], str]
"""Asks for the passphrase of a key, where the key is encrypted."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that holds: the file it stands in, who signed, and with which key."""

    file: str
    signer: str
    key: str

    def __str__(self) -> str:
        return f"signed by {self.signer} ({self.key})"


class KeyProblem(Exception):
    """A key cannot be used; the message says why, and goes after the key's name."""


class SignatureProblem(Exception):
    """A signature does not hold; the message says why, and goes after the signature's name."""


class Mismatch(SignatureProblem):
    """A signature is sound in form, but not of this message: one of the two has changed."""
