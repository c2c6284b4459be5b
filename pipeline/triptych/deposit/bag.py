"""The bag: a package as files that carry their own checksums (RFC 8493, BagIt 1.0).

In: the files of a package, by path. Out: the files of the bag, by path in its base directory.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import new as digest_of

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
PAYLOAD = "data/"
ALGORITHMS = ("sha256", "sha512")
"""SHA-512 is what BagIt recommends (RFC 8493, 2.4); SHA-256 is what edition manifests use."""

MANIFEST = "manifest-sha512.txt"
"""The manifest by which payloads are told apart."""

DUE = ("bagit.txt", *(f"{kind}manifest-{a}.txt" for kind in ("", "tag") for a in ALGORITHMS))
"""The files by which a bag of Triptych's is validated: it has them all."""


def make_bag(
    payload: Mapping[str, bytes], info: Mapping[str, str], tags: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The files of a bag with this payload; `info` goes into `bag-info.txt`, `tags` beside it.

    The payload and its manifest do not depend on when or where the bag was made.
    """
    files = {f"{PAYLOAD}{path}": data for path, data in payload.items()}
    oxum = f"{sum(map(len, files.values()))}.{len(files)}"
    told = {**info, "Payload-Oxum": oxum}  # RFC 8493, 2.2.2
    tag_files = {
        "bagit.txt": DECLARATION,
        "bag-info.txt": "".join(f"{k}: {_one_line(v)}\n" for k, v in told.items() if v).encode(),
        **{f"manifest-{name}.txt": _manifest(files, name) for name in ALGORITHMS},
        **tags,
    }
    tag_manifests = {f"tagmanifest-{n}.txt": _manifest(tag_files, n) for n in ALGORITHMS}
    return {**files, **tag_files, **tag_manifests}


def _manifest(files: Mapping[str, bytes], algorithm: str) -> bytes:
    """A manifest: checksum and path of each file, one per line (RFC 8493, 2.1.3)."""
    return "".join(
        f"{digest_of(algorithm, data).hexdigest()}  {_escape(path)}\n"
        for path, data in sorted(files.items())
    ).encode()


def _escape(path: str) -> str:
    """A path for a manifest, with %, CR and LF percent-encoded (RFC 8493, 2.1.3)."""
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _one_line(text: str) -> str:
    return " ".join(text.split())
