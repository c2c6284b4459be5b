"""Signed editions. In: finished files, their manifest, a key. Out: a signature, or what it proves.

A signature is written beside the edition manifest: `NAME.edition.json.sig` (SSH) or `.minisig`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from triptych.diagnostics import ProofError, UsageError
from triptych.formats import MANIFEST_ENDING, SIGNATURE_ENDINGS
from triptych.manifest import files_named
from triptych.signing import minisign, ssh
from triptych.signing.signature import KeyProblem, Mismatch, Passphrase, SignatureProblem, Signed

_SSH, _MINISIGN = SIGNATURE_ENDINGS


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that is not as it was signed; digests are SHA-256 in hex, or empty."""

    file: str
    message: str
    expected: str = ""
    found: str = ""

    def __str__(self) -> str:
        digests = f": SHA-256 {self.expected} expected, {self.found} found" if self.found else ""
        return f"{self.file} {self.message}{digests}"


@dataclass(frozen=True, slots=True)
class Verification:
    """What is known about one signed edition.

    `signed` are the valid signatures. `intact` are the files that match the manifest. `uncovered`
    are files that have the edition's name, but are not in the manifest.
    """

    manifest: Path
    signed: tuple[Signed, ...]
    intact: tuple[str, ...]
    damages: tuple[Damage, ...]
    uncovered: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether a trusted key signed the edition, and nothing has changed since."""
        return bool(self.signed) and not self.damages


def sign_edition(manifest: Path, key: Path, passphrase: Passphrase) -> Path:
    """Sign an edition with the key in a file; return the signature's path.

    An earlier signature of the same kind is replaced. Raises ProofError if a file is no longer the
    one that the manifest names, UsageError if the key or the manifest cannot be used.
    """
    message = _read(manifest)
    damages = [found for found in _compare(manifest, _files(manifest, message)) if found.message]
    if damages:
        raise ProofError("\n".join(map(str, [*damages, f"{manifest} was not signed"])))
    try:
        data = key.read_bytes()
        if minisign.is_key(data):
            signature, ending = minisign.sign(message, key, passphrase), _MINISIGN
        elif ssh.is_key(data):
            signature, ending = ssh.sign(message, key, passphrase), _SSH
        else:
            raise KeyProblem("is neither an SSH key nor a minisign key")
    except OSError as error:
        raise UsageError(f"{key} cannot be read: {error.strerror}") from None
    except KeyProblem as problem:
        raise UsageError(f"{key} {problem}") from None
    path = manifest.with_name(manifest.name + ending)
    _write(path, signature)
    return path


def verify_edition(manifest: Path, key: str, signer: str = "") -> Verification:
    """Verify an edition with a trusted key, and all its files with the manifest.

    `key` is the path of an SSH public key, of a file of allowed signers or of a minisign public
    key, or a minisign public key itself. `signer` is the name, among the allowed signers, of who
    must have signed. Raises UsageError if the key or the manifest cannot be used.
    """
    message = _read(manifest)
    trusted, ending = _trusted(key)
    path = manifest.with_name(manifest.name + ending)
    signed: list[Signed] = []
    damages: list[Damage] = []
    try:
        signature = path.read_bytes()
        if ending == _MINISIGN:
            signed.append(Signed(path.name, *minisign.verify(message, signature, trusted)))
        else:
            signed.append(Signed(path.name, *ssh.verify(message, signature, trusted, signer)))
    except Mismatch:
        damages.append(Damage(manifest.name, f"or {path.name} has changed since it was signed"))
    except FileNotFoundError:
        damages.append(Damage(path.name, "is not there: no such key has signed this edition"))
    except OSError as error:
        damages.append(Damage(path.name, f"cannot be read: {error.strerror}"))
    except SignatureProblem as problem:
        damages.append(Damage(path.name, str(problem)))
    except KeyProblem as problem:
        raise UsageError(f"{key} {problem}") from None
    try:
        files = _files(manifest, message)
    except UsageError:
        if not damages:
            raise
        files = {}  # it has changed so that it cannot be read; the signature has shown that
    compared = list(_compare(manifest, files))
    return Verification(
        manifest,
        tuple(signed),
        tuple(found.file for found in compared if not found.message),
        (*damages, *(found for found in compared if found.message)),
        tuple(_uncovered(manifest, files)),
    )


def manifests_in(path: Path) -> list[Path]:
    """The manifests in a folder, or the one manifest named. Raises UsageError if there is none."""
    if path.is_file() and path.name.endswith(MANIFEST_ENDING):
        return [path]
    found = sorted(path.glob(f"*{MANIFEST_ENDING}")) if path.is_dir() else []
    if not found:
        raise UsageError(f"there is no edition manifest (NAME{MANIFEST_ENDING}) in {path}")
    return found


def _read(manifest: Path) -> bytes:
    try:
        return manifest.read_bytes()
    except OSError as error:
        raise UsageError(f"{manifest} cannot be read: {error.strerror}") from None


def _files(manifest: Path, message: bytes) -> Mapping[str, str]:
    """The files that a manifest names, each with its SHA-256. Raises UsageError."""
    try:
        return files_named(message)
    except ValueError as error:
        raise UsageError(f"{manifest} is not an edition manifest: {error}") from None


def _compare(manifest: Path, files: Mapping[str, str]) -> Iterator[Damage]:
    """Each file as found; one without a message is as it should be."""
    for name, expected in sorted(files.items()):
        try:
            with manifest.with_name(name).open("rb") as file:
                found = file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            yield Damage(name, "is missing", expected)
        except OSError as error:
            yield Damage(name, f"cannot be read: {error.strerror}", expected)
        else:
            changed = "" if found == expected else "has changed since the edition was made"
            yield Damage(name, changed, expected, found)


def _uncovered(manifest: Path, files: Mapping[str, str]) -> Iterator[str]:
    known = {manifest.name, *files, *(manifest.name + ending for ending in SIGNATURE_ENDINGS)}
    stem = manifest.name.removesuffix(MANIFEST_ENDING)
    for path in sorted(manifest.parent.iterdir()):
        if path.name.startswith(f"{stem}.") and path.name not in known:
            yield path.name


def _trusted(key: str) -> tuple[str, str]:
    """The text of the trusted keys, and the ending of signatures made with them."""
    path = Path(key)
    if not path.is_file():
        if len(key) == 56 and key.startswith("RW"):
            return key, _MINISIGN
        raise UsageError(f"there is no file {key} of public keys")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise UsageError(f"{key} cannot be read: {error}") from None
    if " PRIVATE KEY-----" in text or "secret key" in text.partition("\n")[0]:
        raise UsageError(f"{key} is a private key: verify with the public one")
    return text, _MINISIGN if minisign.is_key(text.encode()) else _SSH


def _write(path: Path, data: bytes) -> None:
    """Write a file in one step: afterwards it is there as a whole, or not at all."""
    try:
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            staged = Path(file.name)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        staged.chmod(0o644)
        staged.replace(path)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from None
