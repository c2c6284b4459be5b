"""The rules of an inventory (OCFL 1.1, 3.5): bytes in; the inventory, and each rule it breaks, out.

This reads what any writer of OCFL may have written. The codes are those of the specification's
list of validation codes: E for what must not be, W for what should not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from triptych.deposit.digests import OCFL, has_form
from triptych.deposit.inventory import Inventory, InventoryProblem, Version, plain_names
from triptych.deposit.store import folders_above
from triptych.typed_json import parsed

SPECIFICATIONS = ("1.0", "1.1")
_TYPE = re.compile(r"https://ocfl\.io/([0-9]+\.[0-9]+)/spec/#inventory")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+", re.S)


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A rule that is broken: its codes, such as `E095`, and what is the matter."""

    codes: str
    message: str

    @property
    def is_fault(self) -> bool:
        """Whether it is an error; otherwise a warning."""
        return self.codes.startswith("E")

    def __str__(self) -> str:
        return f"{self.message} ({self.codes})"


@dataclass(frozen=True, slots=True)
class Judged:
    """An inventory as far as it can be read, None if not at all; and the rules that it breaks."""

    found: Inventory | None
    remarks: tuple[BrokenRule, ...]

    @property
    def inventory(self) -> Inventory | None:
        """The inventory, if it breaks no rule that must be kept."""
        return None if any(remark.is_fault for remark in self.remarks) else self.found


def judge(data: bytes) -> Judged:
    """Read an inventory, and name every rule that it breaks by itself."""
    try:
        value = parsed(data)
    except ValueError as error:
        return Judged(None, (BrokenRule("E033", f"it is not JSON: {error}"),))
    if not isinstance(value, dict):
        return Judged(None, (BrokenRule("E033", "it is not a JSON object"),))
    rules = _Rules(value)
    rules.read()
    return Judged(rules.inventory(), tuple(dict.fromkeys(rules.remarks)))


def read_inventory(data: bytes) -> Inventory:
    """Read an `inventory.json`. Raises InventoryProblem for the first rule it breaks."""
    judged = judge(data)
    if judged.inventory is None:
        raise InventoryProblem(str(next(remark for remark in judged.remarks if remark.is_fault)))
    return judged.inventory


@dataclass(slots=True)
class _Rules:
    """Reads an inventory block by block; remarks pile up, and what is sound is kept."""

    value: Mapping[str, Any]
    remarks: list[BrokenRule] = field(default_factory=list)
    specification: str = "1.1"
    algorithm: str = "sha512"
    content: str = "content"
    names: tuple[str, ...] = ()
    manifest: dict[str, str] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    """The digests of the manifest, with the letters that they are written in."""
    versions: list[Version] = field(default_factory=list)
    fixity: dict[str, dict[str, str]] = field(default_factory=dict)

    def say(self, codes: str, message: str) -> None:
        self.remarks.append(BrokenRule(codes, message))

    def inventory(self) -> Inventory:
        plain = self.names == plain_names(len(self.names))
        return Inventory(
            str(self.value.get("id", "")), tuple(self.versions), self.manifest, self.fixity,
            names=() if plain else self.names, algorithm=self.algorithm, content=self.content,
            names_content="contentDirectory" in self.value, specification=self.specification,
        )  # fmt: skip

    def read(self) -> None:
        lacking = sorted({"id", "type", "digestAlgorithm", "head"} - self.value.keys())
        if lacking:
            self.say("E036", f"it lacks {', '.join(lacking)}")
        for block in ("manifest", "versions"):
            if block not in self.value:
                self.say("E041" if block == "manifest" else "E041, E043", f"it lacks {block}")
        self._head_block()
        if self._algorithm():
            if "manifest" in self.value:
                self._manifest(self.value["manifest"])
            if "versions" in self.value:
                self._versions(self.value["versions"])
            if "fixity" in self.value:
                self._fixity(self.value["fixity"])

    def _head_block(self) -> None:
        name, kind = self.value.get("id", "-:-"), self.value.get("type")
        if not isinstance(name, str) or not name:
            self.say("E037", "its id is not a text")
        elif not _URI.fullmatch(name):
            self.say("W005", f"its id is not a URI: {name}")
        told = _TYPE.fullmatch(kind) if isinstance(kind, str) else None
        if told and told[1] in SPECIFICATIONS:
            self.specification = told[1]
        elif "type" in self.value:
            self.say("E038", f"its type is {_shown(kind)}, not that of an inventory of OCFL 1.1")
        content = self.value.get("contentDirectory", "content")
        if not isinstance(content, str) or "/" in content or not content:
            self.say("E017", f"its contentDirectory is {_shown(content)}, not a folder's name")
        elif content in (".", ".."):
            self.say("E018", f"its contentDirectory is {content}")
        else:
            self.content = content

    def _algorithm(self) -> bool:
        told = self.value.get("digestAlgorithm", "sha512")
        if told not in ("sha512", "sha256"):
            self.say("E025", f"its digestAlgorithm is {_shown(told)}, not sha512 or sha256")
            return False
        if told == "sha256":
            self.say("W004", "its digests are sha256, which should be sha512")
        self.algorithm = told
        return True

    # --- Blocks of digests and paths --------------------------------------------------------------

    def _block(
        self, block: object, algorithm: str, codes: tuple[str, str, str, str], where: str
    ) -> Iterator[tuple[str, str]]:
        """The digests and paths of a block.

        `codes` are those for a block that is no object, for a digest that is none, for a list that
        is none, and for a digest that is written in two ways.
        """
        no_block, no_digest, no_list, twice = codes
        if not isinstance(block, dict):
            self.say(no_block, f"{where} is not a JSON object")
            return
        seen: set[str] = set()
        for digest, paths in block.items():
            if not has_form(digest, OCFL[algorithm]):
                self.say(no_digest, f"{where} has {_shown(digest)}, which is not a {algorithm}")
            elif digest.lower() in seen:
                self.say(twice, f"{where} has the digest {digest[:16]}… twice")
            elif not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
                self.say(no_list, f"{where} has no list of paths for the digest {digest[:16]}…")
            else:
                seen.add(digest.lower())
                yield from ((digest, path) for path in paths)

    def _sound_paths(
        self, listed: Iterator[tuple[str, str]], codes: tuple[str, str, str], where: str
    ) -> dict[str, str]:
        """Digests by path. `codes` are those for slashes at the ends, for parts, for clashes."""
        ends, parts, clash = codes
        paths: dict[str, str] = {}
        for digest, path in listed:
            if path.startswith("/") or path.endswith("/"):
                self.say(ends, f"{where} has {_shown(path)}, which begins or ends with a slash")
            elif any(part in ("", ".", "..") for part in path.split("/")):
                self.say(parts, f"{where} has {_shown(path)}, which leads elsewhere")
            elif path in paths:
                self.say(clash, f"{where} has {_shown(path)} twice")
            else:
                paths[path] = digest
        for path in paths:
            above = next((parent for parent in folders_above(path) if parent in paths), None)
            if above is not None:
                self.say(clash, f"{where} has {_shown(above)} as a file and as a folder")
        return paths

    def _manifest(self, block: object) -> None:
        listed = self._block(
            block, self.algorithm, ("E041", "E025", "E091, E092", "E096"), "the manifest"
        )
        paths = self._sound_paths(listed, ("E100", "E099", "E101"), "the manifest")
        self.written = set(paths.values())
        self.manifest = {path: digest.lower() for path, digest in paths.items()}

    def _state(self, block: object, name: str) -> dict[str, str]:
        where = f"the state of {name}"
        listed = self._block(block, self.algorithm, ("E050",) * 4, where)
        paths = self._sound_paths(listed, ("E053", "E052", "E095"), where)
        for digest in sorted(set(paths.values()) - self.written):
            self.say("E050", f"the manifest lacks the digest {digest[:16]}… of {where}")
        return {path: digest.lower() for path, digest in paths.items()}

    def _fixity(self, block: object) -> None:
        if not isinstance(block, dict):
            self.say("E056" if self.specification == "1.0" else "E111", "its fixity is no object")
            return
        for algorithm, digests in block.items():
            where = f"the fixity by {_shown(algorithm)}"
            if algorithm not in OCFL:
                self.say("E056", f"{where} is of an algorithm that is not known")
                continue
            listed = self._block(digests, algorithm, ("E057", "E057", "E057", "E097"), where)
            paths = self._sound_paths(listed, ("E100", "E099", "E101"), where)
            for path in sorted(paths.keys() - self.manifest.keys()):
                self.say("E057", f"{where} names {_shown(path)}, which the manifest has not")
            self.fixity[algorithm] = {path: digest.lower() for path, digest in paths.items()}

    # --- Versions ---------------------------------------------------------------------------------

    def _versions(self, block: object) -> None:
        if not isinstance(block, dict):
            self.say("E044", "its versions are not a JSON object")
            return
        self.names = self._sequence(block)
        head = self.value.get("head", self.names[-1] if self.names else "")
        if self.names and head != self.names[-1]:
            self.say("E040", f"its head is {_shown(head)}, and its newest version {self.names[-1]}")
        for name in self.names:
            self._version(name, block[name])
        for path in sorted(self.manifest):
            version, _, rest = path.partition("/")
            if self.names and (
                version not in self.names or not rest.startswith(f"{self.content}/")
            ):
                self.say("E042", f"the manifest has {_shown(path)}, in no version's content")
        used = {digest for version in self.versions for digest in version.state.values()}
        for digest in sorted(set(self.manifest.values()) - used):
            self.say("E107", f"no version uses the digest {digest[:16]}…")

    def _sequence(self, block: Mapping[str, Any]) -> tuple[str, ...]:
        """The names of the versions in order; none where they are no sequence."""
        if not block:
            self.say("E008", "it has no version")
            return ()
        first = min((n for n in block if re.fullmatch("v0*1", n)), key=len, default=None)
        if first is None:
            self.say("E009", "its versions do not begin with v1")
            return ()
        digits = len(first) - 1
        names = tuple(f"v{number:0{digits}d}" for number in range(1, len(block) + 1))
        if digits > 1:
            self.say("W001", "its versions are filled up with zeros, which should not be")
            if len(names[-1]) != len(first) or not names[-1].startswith("v0"):
                self.say("E011, E013", f"{names[-1]} is not filled up with zeros as {first} is")
                return ()
        if set(names) != block.keys():
            strange = min(block.keys() - set(names))
            codes = "E010" if re.fullmatch(r"v[0-9]+", strange) else "E010, E046"
            self.say(codes, f"its versions are no sequence: {_shown(strange)} is none of them")
            return ()
        return names

    def _version(self, name: str, block: object) -> None:
        if not isinstance(block, dict):
            self.say("E047, E048", f"{name} is not a JSON object")
            return
        created = block.get("created")
        if "created" not in block:
            self.say("E048", f"{name} does not say when it was created")
        elif not isinstance(created, str) or not _is_time(created):
            self.say("E049", f"{name} was created at {_shown(created)}, not a time of RFC 3339")
        if "state" not in block:
            self.say("E048", f"{name} has no state")
        message = block.get("message", "")
        if "message" not in block:
            self.say("W007", f"{name} has no message")
        elif not isinstance(message, str):
            self.say("E094", f"the message of {name} is not a text")
        user, address = self._user(name, block)
        self.versions.append(
            Version(
                str(created), str(message), user, address, self._state(block.get("state"), name)
            )
        )

    def _user(self, name: str, block: Mapping[str, Any]) -> tuple[str, str]:
        if "user" not in block:
            self.say("W007", f"{name} does not say who made it")
            return "", ""
        user = block["user"]
        if not isinstance(user, dict) or not isinstance(user.get("name"), str):
            self.say("E054", f"the user of {name} has no name")
            return "", ""
        address = user.get("address", "")
        if "address" not in user:
            self.say("W008", f"the user of {name} has no address")
        elif not isinstance(address, str):
            self.say("E054", f"the address of the user of {name} is not a text")
        elif not _URI.fullmatch(address):
            self.say("W009", f"the address of the user of {name} is not a URI")
        return user["name"], str(address)


def _is_time(text: str) -> bool:
    """Whether a text is a date and time of RFC 3339, down to the second, with its zone."""
    try:
        datetime.fromisoformat(text.replace(":60", ":59"))  # a leap second
    except ValueError:
        return False
    return _TIME.fullmatch(text) is not None


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:79]}…"
