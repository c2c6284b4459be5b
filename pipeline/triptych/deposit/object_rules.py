"""The rules of an object: which files and folders it has (OCFL 1.1, 3.1 to 3.3 and 3.9).

In: an object as found, and its inventory. Out: what is in it and must not be, and what is lacking.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from triptych.deposit.inventory import FILE, Inventory
from triptych.deposit.inventory_rules import SPECIFICATIONS
from triptych.deposit.store import Readable

FaultKind = Literal["damaged", "truncated", "missing", "extra", "misplaced", "differs", "invalid"]

SIDECARS = tuple(f"{FILE}.{algorithm}" for algorithm in ("sha512", "sha256"))
DECLARATION = re.compile(r"0=ocfl_object_(?P<number>.*)")
REGISTERED = re.compile(r"[0-9]{4}-[a-z0-9-]+|initial|triptych-staging")
"""The form of names in the registry of OCFL's extensions."""

_EMPTY = "a folder with nothing in it"


@dataclass(frozen=True, slots=True, order=True)
class StoreFault:
    """One thing that is wrong: the path in the store, the kind of fault, and what it is.

    The path is that of a file, or of a folder or an object that a rule is about.
    """

    path: str
    kind: FaultKind
    message: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.path}: {self.message}"


@dataclass(frozen=True, slots=True)
class Found:
    """An object as found: its root, its files and what else is there, by paths from the root."""

    root: str
    files: frozenset[str]
    odd: Mapping[str, str]
    load: Callable[[str], bytes]

    def path(self, inside: str) -> str:
        """A path in the store."""
        return f"{self.root}/{inside}".strip("/")

    def read(self, inside: str) -> bytes | None:
        """The bytes of a file; None if there is none."""
        return self.load(self.path(inside)) if inside in self.files else None

    @property
    def versions(self) -> set[str]:
        """The folders that look like those of versions."""
        tops = {path.partition("/")[0] for path in self.files if "/" in path}
        tops |= {path.partition("/")[0] for path, what in self.odd.items() if what == _EMPTY}
        return {top for top in tops if re.fullmatch("v[0-9]+", top)}


def find(store: Readable, root: str) -> Found:
    """The object at `root`; "" if the store is one object and no more."""
    begin = f"{root}/" if root else ""

    def lost(path: str) -> bytes:
        try:
            return store.read(path)
        except KeyError:  # it was there when the store was listed
            return b""

    files = frozenset(path.removeprefix(begin) for path in store.paths(root))
    odd = {path.removeprefix(begin): what for path, what in store.odd(root).items()}
    return Found(root, files, odd, lost)


RuleFaults = Iterator[tuple[str, FaultKind, str]]


def declaration_faults(found: Found) -> RuleFaults:
    """What is wrong with the file that makes a folder an object (OCFL 1.1, 3.2)."""
    declared = sorted(path for path in found.files if re.fullmatch("0=[^/]*", path))
    if not declared:
        yield "0=ocfl_object_1.1", "missing", "the object's declaration is not there (E003)"
    for name in declared:
        told = DECLARATION.fullmatch(name)
        if told is None or told["number"] not in SPECIFICATIONS:
            yield name, "invalid", "it declares no object that OCFL knows (E006)"
        elif found.read(name) != f"{name[2:]}\n".encode():
            yield name, "damaged", "it is not the object's declaration (E007)"
        elif len(declared) > 1 and name != declared[-1]:
            yield name, "extra", "the object has another declaration (E003)"


def declared(found: Found) -> str | None:
    """Which OCFL an object says that it follows."""
    numbers = [n for n in SPECIFICATIONS if f"0=ocfl_object_{n}" in found.files]
    return max(numbers, default=None)


def extra_faults(found: Found, inventory: Inventory) -> RuleFaults:
    """What is in the object and should not be; messages with W are of what need not be wrong."""
    names = {inventory.folder(n + 1) for n in range(len(inventory.versions))}
    for path in sorted(found.files):
        top, _, rest = path.partition("/")
        if path in inventory.manifest and rest.startswith(f"{inventory.content}/"):
            continue
        if top == "logs" and rest:
            continue
        if top == "extensions":
            yield from _extension(path, rest)
        elif not rest and not (path in (FILE, *SIDECARS) or path.startswith("0=")):
            yield path, "extra", "an object's root must not have it (E001)"
        elif rest and top not in names:
            what = "no version of the inventory" if top.startswith("v") else "no version"
            codes = "E001, E046" if re.fullmatch("v[0-9]+", top) else "E001"
            yield path, "extra", f"it is in {what} ({codes})"
        elif rest.startswith(f"{inventory.content}/"):
            yield path, "extra", "no version has it (E023)"
        elif "/" in rest:
            yield path, "extra", "it is in a folder that a version should not have (W002)"
        elif rest and rest not in (FILE, *SIDECARS):
            yield path, "extra", "a version must not have it beside its content (E015)"
    yield from _one_sidecar(found, names)


def _extension(path: str, rest: str) -> RuleFaults:
    if "/" not in rest:
        yield path, "extra", "only folders may be in an object's extensions (E067)"
    elif not REGISTERED.fullmatch(rest.partition("/")[0]):
        name = rest.partition("/")[0]
        yield f"extensions/{name}", "extra", "no such extension is registered (W013)"


def _one_sidecar(found: Found, names: set[str]) -> RuleFaults:
    for folder in ("", *(f"{name}/" for name in sorted(names))):
        if all(f"{folder}{name}" in found.files for name in SIDECARS):
            code = "E015" if folder else "E001"
            yield folder + SIDECARS[1], "extra", f"the inventory has another digest ({code})"


def odd_faults(found: Found, inventory: Inventory) -> RuleFaults:
    """Links, devices and empty folders, which an object must not have."""
    names = {inventory.folder(n + 1) for n in range(len(inventory.versions))}
    for path, what in sorted(found.odd.items()):
        top, _, rest = path.partition("/")
        if what != _EMPTY:
            yield path, "invalid", f"it is {what}, which a store must not have (E001, E090)"
        elif top in names and rest == inventory.content:
            yield path, "extra", "it is a content folder with nothing in it (W003)"
        elif top in names and rest.startswith(f"{inventory.content}/"):
            yield path, "extra", f"it is {what} (E024)"
        elif top in names and rest:
            yield path, "extra", "a version should not have this folder (W002)"
        elif top == "extensions" and rest and not REGISTERED.fullmatch(rest.partition("/")[0]):
            yield path, "extra", "no such extension is registered (W013)"
        elif top not in names and top not in ("logs", "extensions"):
            yield path, "extra", f"it is {what}, and no version's (E001)"


def lacking_versions(found: Found, inventory: Inventory) -> RuleFaults:
    """Versions that the inventory tells of, and of which nothing is there (OCFL 1.1, 3.3)."""
    tops = found.versions
    for number in range(1, len(inventory.versions) + 1):
        name = inventory.folder(number)
        if name not in tops:
            yield name, "missing", "the inventory tells of it, but it is not there (E010, E046)"
