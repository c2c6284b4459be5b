"""The rules of a bag: whether files are a complete and valid one (RFC 8493, 3).

In: the files of a bag, from a folder or from a version in a store. Out: each rule it breaks. This
reads bags of any program, from version 0.93 on, and shares nothing with the code that makes bags.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from triptych.deposit.digests import BAGIT, has_form

PAYLOAD = "data/"
_DECLARATION = re.compile(
    r"BagIt-Version: (?P<major>[0-9]+)\.(?P<minor>[0-9]+)\s*?\r?[\n\r]"
    r"Tag-File-Character-Encoding: (?P<encoding>[!-~]+)\s*"
)
_MANIFEST = re.compile(r"(tag)?manifest-([A-Za-z0-9_-]+)\.txt")
_NO_ENCODINGS = ("undefined", "idna", "punycode", "unicode_escape", "raw_unicode_escape")
"""What Python can decode, and is no encoding of text files."""
_SYSTEM_FILES = (".ds_store", "thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class BagFault:
    """A rule that is broken: the path of a file in the bag, and what is wrong with it.

    A warning is of what other programs may take amiss.
    """

    path: str
    message: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class BagFiles:
    """A bag as found: its paths, and functions that tell of the file at a path.

    `read` gives its bytes, `size` how many they are, `digest` the digest in hex by an algorithm, a
    key of `BAGIT`.
    """

    paths: frozenset[str]
    read: Callable[[str], bytes]
    size: Callable[[str], int]
    digest: Callable[[str, str], str]


def bag_faults(bag: BagFiles) -> Iterator[BagFault]:
    """Every rule that a bag breaks."""
    if "bagit.txt" not in bag.paths:
        yield BagFault("bagit.txt", "the bag lacks it (RFC 8493, 2.1.1)")
        return
    try:
        version, encoding = _declared(bag.read("bagit.txt"))
    except ValueError as error:
        yield BagFault("bagit.txt", f"{error} (RFC 8493, 2.1.1)")
        return
    payload = sorted(path for path in bag.paths if path.startswith(PAYLOAD))
    if not payload and version < (1, 0):
        yield BagFault(PAYLOAD, "the bag has no payload (RFC 8493, 2.1.2)", is_warning=True)
    listed: list[_Manifest] = []
    for path in sorted(bag.paths):
        algorithm = listed_by(path)
        if algorithm is not None:
            if algorithm not in BAGIT:
                yield BagFault(path, "its algorithm is not known (RFC 8493, 2.4)")
                continue
            manifest = _Manifest(path, algorithm, path.startswith("tag"), version, encoding)
            yield from manifest.read(bag.read(path))
            yield from manifest.compare(bag)
            listed.append(manifest)
    payloads = [manifest for manifest in listed if not manifest.of_tags]
    if not payloads:
        yield BagFault("manifest-sha512.txt", "the bag has no manifest (RFC 8493, 2.1.3)")
        return
    for path in payload:
        without = [manifest.path for manifest in payloads if path not in manifest.digests]
        if without and (version >= (1, 0) or len(without) == len(payloads)):
            yield BagFault(path, f"{without[0]} does not list it (RFC 8493, 3)")
    if "fetch.txt" in bag.paths:
        yield from _fetch(bag, payloads, encoding)
    if "bag-info.txt" in bag.paths:
        listed_paths = {path for manifest in payloads for path in manifest.digests}
        lenient = any(_is_system(path) for path in listed_paths - bag.paths)
        yield from _info(bag, payload, encoding, lenient=lenient)


def listed_by(path: str) -> str | None:
    """The algorithm by which a manifest lists files, as a key of `BAGIT`; None for other files."""
    told = _MANIFEST.fullmatch(path)
    return None if told is None else re.sub("[^a-z0-9]", "", told[2].lower())


def _declared(data: bytes) -> tuple[tuple[int, int], str]:
    """The version of a bag and the encoding of its tag files. Raises ValueError."""
    text = data.decode("utf-8")
    told = _DECLARATION.fullmatch(text)
    if told is None:
        raise ValueError("it does not declare version and encoding of a bag")
    version = int(told["major"][:6]), int(told["minor"][:6])
    if not (0, 93) <= version <= (1, 0):
        raise ValueError(f"it declares version {version[0]}.{version[1]}, which is not known")
    if version >= (1, 0) and re.search(r"[ \t]+[\r\n]|[ \t]\Z", text):
        raise ValueError("its lines end in blanks")
    try:
        name = codecs.lookup(told["encoding"]).name
        "".encode(name)
    except (LookupError, TypeError, UnicodeError):
        name = "undefined"
    if name in _NO_ENCODINGS:
        raise ValueError(f"it declares the encoding {told['encoding'][:60]}, not known")
    return version, told["encoding"]


def _decoded(data: bytes, encoding: str) -> str | None:
    """The text of a tag file; None if it is in another encoding."""
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError, ValueError):
        return None
    return text if isinstance(text, str) else None


@dataclass(slots=True)
class _Manifest:
    """A manifest or tag manifest: the digests it lists, by path."""

    path: str
    algorithm: str
    of_tags: bool
    version: tuple[int, int]
    encoding: str
    digests: dict[str, str] = field(default_factory=dict)

    def read(self, data: bytes) -> Iterator[BagFault]:
        """Read its lines; yield those that break a rule (RFC 8493, 2.1.3 and 2.2.1)."""
        text = _decoded(data, self.encoding)
        if text is None:
            yield BagFault(self.path, f"it is not in {self.encoding} (RFC 8493, 2.2.4)")
            return
        for number, line in enumerate(re.split("\r\n|\r|\n", text), 1):
            if not line.strip():
                continue
            told = re.fullmatch(r"([0-9A-Fa-f]+)[ \t]+(\*?)(.+)", line)
            if told is None or not has_form(told[1], BAGIT[self.algorithm]):
                yield BagFault(self.path, f"line {number} is no digest and path (RFC 8493, 2.1.3)")
                continue
            if told[2]:
                message = "its paths begin with an asterisk, as those of md5sum (RFC 8493, 5.2)"
                yield BagFault(self.path, message, is_warning=True)
            yield from self._entry(told[3], told[1].lower())

    def _entry(self, written: str, digest: str) -> Iterator[BagFault]:
        path = _unescaped(written, self.version)
        if path.startswith("./"):
            path = path.removeprefix("./")
            yield BagFault(
                self.path, f"it lists {_shown(written)} with a dot before it", is_warning=True
            )
        if _leads_out(path) or (not self.of_tags and not path.startswith(PAYLOAD)):
            yield BagFault(
                self.path, f"it lists {_shown(written)}, which is outside (RFC 8493, 5.2, 2.1.3)"
            )
        elif path in self.digests:
            same = self.digests[path] == digest
            yield BagFault(
                self.path, f"it lists {_shown(path)} twice (RFC 8493, 2.1.3)",
                is_warning=same and self.version < (1, 0),
            )  # fmt: skip
        else:
            self.digests[path] = digest

    def compare(self, bag: BagFiles) -> Iterator[BagFault]:
        """Hold the files against what is listed (RFC 8493, 3)."""
        alike = {_folded(path): path for path in bag.paths}
        for path, digest in self.digests.items():
            other = alike.get(_folded(path))
            if path in bag.paths:
                if bag.digest(path, self.algorithm) != digest:
                    yield BagFault(path, f"its digest is not the one in {self.path} (RFC 8493, 3)")
            elif other is not None and bag.digest(other, self.algorithm) == digest:
                yield BagFault(
                    path, f"{self.path} lists it, and the bag has {_shown(other)} (RFC 8493, 5.2)",
                    is_warning=True,
                )  # fmt: skip
            else:
                message = f"{self.path} lists it, but the bag lacks it (RFC 8493, 3)"
                yield BagFault(path, message, is_warning=_is_system(path))


def _fetch(bag: BagFiles, payloads: list[_Manifest], encoding: str) -> Iterator[BagFault]:
    """What is wrong with the list of files to be fetched (RFC 8493, 2.2.3)."""
    text = _decoded(bag.read("fetch.txt"), encoding)
    if text is None:
        yield BagFault("fetch.txt", f"it is not in {encoding} (RFC 8493, 2.2.4)")
        return
    for number, line in enumerate(re.split("\r\n|\r|\n", text), 1):
        told = re.fullmatch(r"(\S+)[ \t]+(-|[0-9]+)[ \t]+(.+)", line)
        if told is None:
            if line.strip():
                yield BagFault("fetch.txt", f"line {number} is no URL, length and path")
            continue
        path = _unescaped(told[3], (1, 0)).removeprefix("./")
        if _leads_out(path) or not path.startswith(PAYLOAD):
            yield BagFault(
                "fetch.txt", f"it fetches {_shown(path)}, which is outside (RFC 8493, 5.2)"
            )
        elif any(path not in manifest.digests for manifest in payloads):
            yield BagFault("fetch.txt", f"it fetches {_shown(path)}, which no manifest lists")


def _is_system(path: str) -> bool:
    """Whether an operating system makes such a file and clears it away as it likes."""
    return path.rpartition("/")[2].lower() in _SYSTEM_FILES


def _info(bag: BagFiles, payload: list[str], encoding: str, *, lenient: bool) -> Iterator[BagFault]:
    """What is wrong with the bag's metadata (RFC 8493, 2.2.2)."""
    text = _decoded(bag.read("bag-info.txt"), encoding)
    if text is None:
        yield BagFault("bag-info.txt", f"it is not in {encoding} (RFC 8493, 2.2.4)")
        return
    lines = re.split("\r\n|\r|\n", text)
    for number, line in enumerate(lines, 1):
        folded = number > 1 and line[:1] in (" ", "\t")
        if line.strip() and not folded and ":" not in line:
            yield BagFault("bag-info.txt", f"line {number} has no label (RFC 8493, 2.2.2)")
    oxums = [m[1] for line in lines if (m := re.match(r"payload-oxum\s*:\s*(.*?)\s*$", line, re.I))]
    if len(oxums) > 1:
        yield BagFault("bag-info.txt", "Payload-Oxum is there twice (RFC 8493, 2.2.2)")
    for oxum in oxums:
        there = f"{sum(map(bag.size, payload))}.{len(payload)}"
        if oxum != there:
            message = f"Payload-Oxum is {_shown(oxum)}, not {there} (RFC 8493, 2.2.2)"
            yield BagFault("bag-info.txt", message, is_warning=lenient)


def _unescaped(path: str, version: tuple[int, int]) -> str:
    """A path as it is meant; bags before 1.0 encode line breaks alone."""
    codes = {"%0D": "\r", "%0A": "\n", "%25": "%"}
    known = "%0D|%0A|%25" if version >= (1, 0) else "%0D|%0A"
    return re.sub(known, lambda code: codes[code[0].upper()], path, flags=re.I)


def _leads_out(path: str) -> bool:
    """Whether a path may lead out of a folder, on any system."""
    return (
        path.startswith(("/", "~", "\\"))
        or re.match(r"[A-Za-z]:[\\/]|%[A-Za-z]+%[\\/]", path) is not None
        or any(part == ".." for part in re.split(r"[/\\]", path))
        or "\0" in path
    )


def _folded(path: str) -> str:
    """The same for paths that some file systems cannot tell apart."""
    return unicodedata.normalize("NFC", path).casefold()


def _shown(path: str) -> str:
    return repr(path) if len(path) <= 100 else f"{path[:100]!r}…"
