"""Signatures with SSH keys, in the form of `ssh-keygen -Y sign` (PROTOCOL.sshsig of OpenSSH).

In: a message and a private key. Out: an armoured signature. `ssh-keygen` can verify it. So can
`verify`, with an OpenSSH public key or a file of allowed signers.
"""

from __future__ import annotations

import base64
import binascii
import re
import subprocess
from pathlib import Path

from triptych.signing.signature import KeyProblem, Mismatch, Passphrase, SignatureProblem

NAMESPACE = "triptych-edition"
"""What the signature is for: one made for anything else is not accepted."""

_ARMOUR = re.compile(
    rb"-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=\n]+)\n-----END SSH SIGNATURE-----\n"
)
_TOO_WEAK = (b"ssh-rsa", b"ssh-dss")
"""Signatures with SHA-1, which the protocol does not allow."""


def is_key(data: bytes) -> bool:
    """Whether a file holds a private key, or an OpenSSH public key."""
    return b" PRIVATE KEY-----" in data or _is_public_key(data.decode(errors="replace"))


def sign(message: bytes, key: Path, passphrase: Passphrase) -> bytes:
    """Sign a message. If `key` is a public key, an SSH agent or a security token signs.

    Raises KeyProblem if the key cannot be used.
    """
    data = key.read_bytes()
    if b" PRIVATE KEY-----" not in data:
        return _sign_elsewhere(message, key)
    import asyncssh

    try:
        try:
            private = asyncssh.import_private_key(data)
        except asyncssh.KeyImportError as error:
            if "Passphrase" not in str(error):
                raise
            private = asyncssh.import_private_key(data, passphrase())
        return asyncssh.create_sshsig(private, message, namespace=NAMESPACE)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError, ValueError) as error:
        raise KeyProblem(f"cannot sign: {error}") from None


def _sign_elsewhere(message: bytes, key: Path) -> bytes:
    """Have OpenSSH sign, with the private key in an agent or a token."""
    command = ["ssh-keygen", "-q", "-Y", "sign", "-n", NAMESPACE, "-f", str(key)]
    try:
        done = subprocess.run(command, input=message, capture_output=True)
    except FileNotFoundError:
        raise KeyProblem(
            "is a public key: OpenSSH's ssh-keygen would have its agent sign, but is not installed"
        ) from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise KeyProblem(f"is a public key, and its agent does not sign: {said}")
    return done.stdout


def verify(message: bytes, signature: bytes, trusted: str, signer: str = "") -> tuple[str, str]:
    """Verify a signature; return who signed and with which key.

    `trusted` is an OpenSSH public key, or the text of an allowed-signers file (ssh-keygen(1)), in
    which `signer` is the name to look for, or empty for any. Raises SignatureProblem if the
    signature is not valid, KeyProblem if `trusted` cannot be read.
    """
    import asyncssh

    kind, blob = _parts(signature)
    if kind.endswith(b"-cert-v01@openssh.com"):
        raise SignatureProblem("was made with a certificate: verify it with ssh-keygen")
    key = kind + b" " + base64.b64encode(blob)
    try:
        fingerprint = f"SSH key {asyncssh.import_public_key(key).get_fingerprint()}"
        fits = asyncssh.validate_sshsig(message, signature, "anyone", b"anyone " + key)
    except ValueError as error:
        raise SignatureProblem(f"cannot be read: {error}") from None
    if not fits:
        raise Mismatch
    readable, unread = False, "it names no key"
    for line in _allowed_signers(trusted):
        try:
            for name in [signer] if signer else _names(line):
                if asyncssh.validate_sshsig(message, signature, name, line.encode()):
                    return name, fingerprint
            readable = True
        except ValueError as error:
            unread = str(error)
    if not readable:
        raise KeyProblem(f"is no SSH public key and no file of allowed signers: {unread}")
    whose = f" for {signer}" if signer else ""
    raise SignatureProblem(f"was made with {fingerprint}, which is not trusted{whose}")


def _parts(signature: bytes) -> tuple[bytes, bytes]:
    """The kind of key that signed, and the key, both as in the signature.

    Raises SignatureProblem if it is not a signature, or not one of an edition.
    """
    armoured = _ARMOUR.fullmatch(signature)
    try:
        coded = armoured[1].replace(b"\n", b"") if armoured else b""
        rest = binascii.a2b_base64(coded, strict_mode=True)
        # Some bits are ignored by decoders. If one of them is changed, it is another file.
        if not rest.startswith(b"SSHSIG\0\0\0\x01") or base64.b64encode(rest) != coded:
            raise ValueError
        strings = []
        rest = rest[10:]
        while rest:
            length = int.from_bytes(rest[:4])
            if len(rest) < 4 + length:
                raise ValueError
            strings.append(rest[4 : 4 + length])
            rest = rest[4 + length :]
        key, namespace, _reserved, _hash, signed = strings
        kind, algorithm = _first(key), _first(signed)
    except ValueError:
        raise SignatureProblem("is not an SSH signature") from None
    if namespace != NAMESPACE.encode():
        said = namespace.decode(errors="replace")
        raise SignatureProblem(f"was made for “{said}”, not for “{NAMESPACE}”")
    if algorithm in _TOO_WEAK:
        raise SignatureProblem(f"is of a kind no longer safe ({algorithm.decode()})")
    return kind, key


def _first(blob: bytes) -> bytes:
    """The first string in a blob (RFC 4251, 5)."""
    return blob[4 : 4 + int.from_bytes(blob[:4])]


def _allowed_signers(trusted: str) -> list[str]:
    """Lines of allowed signers; a public key alone is trusted under the name in its comment."""
    if _is_public_key(trusted):
        kind, key, comment = [*trusted.split(maxsplit=2), ""][:3]
        return [f"{_one_word(comment)} {kind} {key}"]
    lines = (line.strip() for line in trusted.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _names(line: str) -> list[str]:
    """Whom a line names; a pattern such as `*@example.org` is taken as a name."""
    names = line.split()[0].strip('"').split(",")
    return [name for name in names if not name.startswith("!")]


def _is_public_key(trusted: str) -> bool:
    return trusted.lstrip().startswith(("ssh-", "ecdsa-", "sk-")) and trusted.count("\n") < 2


def _one_word(comment: str) -> str:
    return re.sub(r"[\s\",!*?]+", "-", comment.strip()) or "its-owner"
