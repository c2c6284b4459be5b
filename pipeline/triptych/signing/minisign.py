"""Signatures with minisign keys: a message and a secret key in, a `.minisig` file out, and back."""

from __future__ import annotations

import base64
from hashlib import sha256
from pathlib import Path

from triptych.signing.signature import KeyProblem, Mismatch, Passphrase, SignatureProblem


def is_key(data: bytes) -> bool:
    """Whether a file holds a minisign key, secret or public."""
    return data.startswith(b"untrusted comment: ")


def sign(message: bytes, key: Path, passphrase: Passphrase) -> bytes:
    """Sign a message. Raises KeyProblem if the key cannot be used."""
    from minisign import Error, SecretKey

    try:
        secret = SecretKey.from_file(key)
        if secret.is_encrypted():
            secret.decrypt(passphrase())
    except (Error, OSError) as error:
        raise KeyProblem(f"cannot sign: {error}") from None
    with secret:
        # It has no time in it, so that signing again changes nothing.
        comment = f"Triptych edition {sha256(message).hexdigest()}"
        signature = secret.sign(message, prehash=True, trusted_comment=comment)
    return bytes(signature) + b"\n"


def verify(message: bytes, signature: bytes, trusted: str) -> tuple[str, str]:
    """Verify a signature; return who signed and with which key.

    `trusted` is the text of a public key's file, or the key itself. Raises SignatureProblem if the
    signature is not valid, KeyProblem if `trusted` cannot be read.
    """
    from minisign import Error, PublicKey, Signature, VerifyError

    try:
        public = (
            PublicKey.from_bytes(trusted.encode())
            if is_key(trusted.encode())
            else PublicKey.from_base64(trusted.strip())
        )
    except Error as error:
        raise KeyProblem(f"is not a minisign public key: {error}") from None
    try:
        read = Signature.from_bytes(signature)
    except Error as error:
        raise SignatureProblem(f"is not a minisign signature: {error}") from None
    if signature != bytes(read) + b"\n":  # some bits are ignored by decoders
        raise SignatureProblem("is not a minisign signature in its usual form")
    number = _number(public.to_base64())
    try:
        public.verify(message, read)
    except VerifyError as error:
        if "identifiers" in str(error):
            made = _number(bytes(read).splitlines()[1])
            raise SignatureProblem(
                f"was made with minisign key {made}, which is not the one trusted ({number})"
            ) from None
        raise Mismatch from None
    return "the key's owner", f"minisign key {number}"


def _number(coded: bytes) -> str:
    """The number of a key, as minisign prints it, from a key or signature in base 64."""
    return f"{int.from_bytes(base64.b64decode(coded)[2:10], 'little'):X}"
