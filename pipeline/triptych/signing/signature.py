"""What a valid signature says, and what can be wrong with one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Passphrase = Callable[[], str]
"""Asks for the passphrase of an encrypted key."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A valid signature: its file, who signed, and with which key."""

    file: str
    signer: str
    key: str

    def __str__(self) -> str:
        return f"signed by {self.signer} ({self.key})"


class KeyProblem(Exception):
    """A key cannot be used; the message says why, and follows the key's name."""


class SignatureProblem(Exception):
    """A signature is not valid; the message says why, and follows the signature's name."""


class Mismatch(SignatureProblem):
    """A signature is well-formed, but not of this message: one of the two has changed."""
