"""Digests: the algorithms by which stores and bags name what a file holds.

In: the name of an algorithm, as OCFL or BagIt writes it, and bytes. Out: the digest in hex.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

_Hash = Callable[[bytes], Any]

OCFL: Mapping[str, _Hash] = {
    "md5": hashlib.md5,
    "sha1": hashlib.sha1,
    "sha256": hashlib.sha256,
    "sha512": hashlib.sha512,
    "blake2b-512": hashlib.blake2b,
    "blake2b-160": partial(hashlib.blake2b, digest_size=20),
    "blake2b-256": partial(hashlib.blake2b, digest_size=32),
    "blake2b-384": partial(hashlib.blake2b, digest_size=48),
    "sha512/256": partial(hashlib.new, "sha512_256"),
}
"""Those of OCFL 1.1, 2.4, and of its extensions 0001 and 0009 that name a digest of all bytes."""

BAGIT: Mapping[str, _Hash] = {
    "md5": hashlib.md5,
    "sha1": hashlib.sha1,
    "sha224": hashlib.sha224,
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
    "sha3256": hashlib.sha3_256,
    "sha3512": hashlib.sha3_512,
    "blake2b512": hashlib.blake2b,
}
"""By their names in small letters, without marks (RFC 8493, 2.4)."""


def digest_of(data: bytes, hashing: _Hash) -> str:
    """The digest of bytes, in hex with small letters."""
    return str(hashing(data).hexdigest())


def has_form(digest: str, hashing: _Hash) -> bool:
    """Whether a text has the form of such a digest in hex."""
    length = 2 * hashing(b"").digest_size
    return len(digest) == length and not set(digest.lower()) - set("0123456789abcdef")
