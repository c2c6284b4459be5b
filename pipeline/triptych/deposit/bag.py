"""The bag: a package as files that carry their own checksums (RFC 8493, BagIt 1.0).

In: the files of a package, by path. Out: the files of the bag, by path in its base directory. And
back: what is wrong with a bag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import new as digest_of

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
PAYLOAD = "data/"
ALGORITHMS = ("sha256", "sha512")
"""SHA-512 is what BagIt recommends (RFC 8493, 2.4); SHA-256 is what edition manifests use."""

MANIFEST = "manifest-sha512.txt"
"""The manifest by which payloads are told apart."""

READ = ("bagit.txt", *(f"{kind}manifest-{a}.txt" for kind in ("", "tag") for a in ALGORITHMS))
"""The files that must be read to validate a bag; for the others, digests are enough."""


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


def _unescape(path: str) -> str:
    codes = {"%0D": "\r", "%0A": "\n", "%25": "%"}
    return re.sub("%0D|%0A|%25", lambda code: codes[code[0].upper()], path, flags=re.I)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def bag_faults(
    digests: Mapping[str, Mapping[str, str]], files: Mapping[str, bytes]
) -> Iterator[tuple[str, str]]:
    """What is wrong with a bag: the path of a file, and what is wrong with it.

    `digests` maps each algorithm to the digest in hex of every file of the bag, by path; `files`
    are those of `READ` that the bag has.
    """
    paths = digests[ALGORITHMS[0]].keys()
    if files.get("bagit.txt") != DECLARATION:
        yield "bagit.txt", "does not declare a bag of version 1.0 (RFC 8493, 2.1.1)"
    for algorithm in ALGORITHMS:
        for manifest in (f"manifest-{algorithm}.txt", f"tagmanifest-{algorithm}.txt"):
            if manifest not in files:
                yield manifest, "the bag lacks it (RFC 8493, 2.1.3, 2.2.1)"
                continue
            listed = dict(_read_manifest(files[manifest]))
            for path, digest in listed.items():
                if path not in paths:
                    yield path, f"{manifest} lists it, but the bag lacks it (RFC 8493, 3)"
                elif digests[algorithm][path] != digest:
                    yield path, f"its digest is not the one in {manifest} (RFC 8493, 3)"
            for path in sorted(paths - listed.keys()):
                if path.startswith(PAYLOAD) and manifest.startswith("manifest"):
                    yield path, f"{manifest} does not list it (RFC 8493, 3)"


def _read_manifest(data: bytes) -> Iterator[tuple[str, str]]:
    for line in re.split("\r\n|\r|\n", data.decode("utf-8", errors="replace")):
        if told := re.fullmatch(r"([0-9A-Fa-f]+)[ \t]+(.+)", line, re.S):
            yield _unescape(told[2]), told[1].lower()
