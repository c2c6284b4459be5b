"""Fixity: whether an object still has, bit by bit, what was put into it (OCFL 1.1, 3.4 to 3.7).

In: an object as found in a store. Out: what it holds, every `StoreFault` with its path, and notes
of what should be otherwise. This reads what any writer of OCFL might have written. It shares with
the code that writes only the names and forms of files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from triptych.deposit.bag import PAYLOAD
from triptych.deposit.digests import OCFL, digest_of
from triptych.deposit.inventory import FILE, Inventory, sidecar, write_inventory
from triptych.deposit.inventory_rules import Judged, judge
from triptych.deposit.object_rules import (
    SIDECARS,
    FaultKind,
    Found,
    StoreFault,
    declaration_faults,
    declared,
    extra_faults,
    lacking_versions,
    odd_faults,
)
from triptych.deposit.prior_rules import prior_faults
from triptych.deposit.provenance import PROVENANCE

_OURS = ("W002", "W003", "W010", "W011")
"""Warnings that are faults in what Triptych deposited, since it never writes so."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a store has of one object.

    `inventory` is the newest that is sound, or None. `digests` gives the digests, by algorithm, of
    each stored file that was read, by its path from the object's root; `sizes` are in bytes.
    `content` are the paths of stored files that are not what the inventory says; all other faults
    are of the whole object.
    """

    found: Found
    inventory: Inventory | None
    digests: Mapping[str, Mapping[str, str]]
    sizes: Mapping[str, int]
    faults: tuple[StoreFault, ...]
    notes: tuple[str, ...]
    content: frozenset[str]

    def is_content(self, fault: StoreFault) -> bool:
        """Whether a fault is of a stored file, which concerns only the versions that have it."""
        return fault.path.removeprefix(f"{self.found.root}/") in self.content


@dataclass(frozen=True, slots=True)
class _Copy:
    """One of the object's inventories, as found: its own bytes, its rules, and its sidecar."""

    folder: str
    data: bytes | None
    sidecar: bytes | None
    sidecar_name: str
    judged: Judged

    @property
    def agrees(self) -> bool:
        """Whether its sidecar has its digest (OCFL 1.1, E060, E061)."""
        told = self.told
        algorithm = self.sidecar_name.rpartition(".")[2]
        return (
            self.data is not None
            and told is not None
            and told.lower() == digest_of(self.data, OCFL[algorithm])
        )

    @property
    def told(self) -> str | None:
        """The digest in the sidecar, if it has the form of one."""
        form = re.fullmatch(rb"([0-9A-Fa-f]+)[ \t]+inventory\.json\n?", self.sidecar or b"")
        return form[1].decode() if form else None

    @property
    def trusted(self) -> Inventory | None:
        return self.judged.inventory if self.agrees else None


def _copy(found: Found, name: str) -> _Copy:
    folder = f"{name}/" if name else ""
    data = found.read(f"{folder}{FILE}")
    judged = Judged(None, ()) if data is None else judge(data)
    algorithm = judged.found.algorithm if judged.found else "sha512"
    there = [name for name in SIDECARS if f"{folder}{name}" in found.files]
    due = f"{FILE}.{algorithm}"
    beside = due if due in there or not there or judged.inventory else there[0]
    return _Copy(folder, data, found.read(f"{folder}{beside}"), beside, judged)


@dataclass(slots=True)
class _Examination:
    """Gathers what is found in one object."""

    found: Found
    faults: list[StoreFault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    content: set[str] = field(default_factory=set)
    ours: bool = False

    def say(self, path: str, kind: FaultKind, message: str) -> None:
        """Take down a fault, or a note where the rule is one that should be kept."""
        code = re.search(r"\((W[0-9]{3})\)$", message)
        if code and not (self.ours and code[1] in _OURS):
            self.notes.append(f"{self.found.path(path)}: {message}")
        else:
            self.faults.append(StoreFault(self.found.path(path), kind, message))

    def damage(self, path: str, kind: FaultKind, message: str) -> None:
        """Take down a fault of a stored file, which concerns only the versions that have it."""
        self.faults.append(StoreFault(self.found.path(path), kind, message))
        self.content.add(path)


def examine(found: Found) -> Held:
    """Read everything of an object."""
    seen = _Examination(found)
    root = _copy(found, "")
    copies = {name: _copy(found, name) for name in sorted(found.versions, key=_number)}
    inventory = _trusted(root, copies)
    seen.ours = inventory is not None and inventory.is_deposited
    for told in declaration_faults(found):
        seen.say(*told)
    _inventories(seen, root, copies, inventory)
    shape = inventory or (root.judged.found if root.agrees else None)
    if shape is not None:
        for told in (
            *lacking_versions(found, shape),
            *extra_faults(found, shape),
            *odd_faults(found, shape),
        ):
            seen.say(*told)
    else:
        for path, what in sorted(found.odd.items()):
            if "folder" not in what:
                seen.say(path, "invalid", f"it is {what}, which a store must not have (E090)")
    if inventory is None:
        return Held(found, None, {}, {}, tuple(seen.faults), tuple(seen.notes), frozenset())
    digests, sizes = _contents(seen, inventory, _further_digests(inventory, copies))
    return Held(
        found, inventory, digests, sizes, tuple(seen.faults), tuple(dict.fromkeys(seen.notes)),
        frozenset(seen.content),
    )  # fmt: skip


def _number(name: str) -> tuple[int, str]:
    return len(name), name


def newest_inventory(found: Found) -> Inventory | None:
    """The newest inventory of an object that is sound, or None."""
    copies = {name: _copy(found, name) for name in sorted(found.versions, key=_number)}
    return _trusted(_copy(found, ""), copies)


def _trusted(root: _Copy, copies: Mapping[str, _Copy]) -> Inventory | None:
    """The newest inventory that is sound: the root's, unless that was damaged."""
    if root.agrees:
        return root.trusted
    sound = [copy.trusted for copy in copies.values() if copy.trusted is not None]
    return sound[-1] if sound else None


# --- Inventories ----------------------------------------------------------------------------------


def _inventories(
    seen: _Examination, root: _Copy, copies: Mapping[str, _Copy], trusted: Inventory | None
) -> None:
    """What is wrong with the root's inventory, those of the versions, and their sidecars."""
    newest = trusted or root.judged.found
    names = set(copies)
    if newest is not None:
        names |= {newest.folder(number + 1) for number in range(len(newest.versions))}
    follows = "1.0"
    head = copies.get(newest.head) if newest is not None and newest.versions else None
    root_remarks = {str(remark) for remark in root.judged.remarks}
    for name in ("", *sorted(names, key=_number)):
        copy = root if not name else copies.get(name) or _copy(seen.found, name)
        if copy.data is None and name:
            seen.say(f"{copy.folder}{FILE}", "missing", "the version has no inventory (W010)")
            if copy.sidecar is None and not seen.ours:
                continue
        elif copy.data is None:
            seen.say(FILE, "missing", f"the inventory is not there (E063){_remedy(trusted)}")
        if copy.sidecar is None:
            path = f"{copy.folder}{copy.sidecar_name}"
            seen.say(path, "missing", "the inventory's digest is not there (E058)")
        if copy.data is None:
            continue
        if copy.sidecar is not None and not copy.agrees:
            _damaged(seen, copy, trusted, head if not name else None)
            continue
        if seen.ours and copy.sidecar is not None and copy.sidecar != sidecar(copy.data):
            path = f"{copy.folder}{copy.sidecar_name}"
            seen.say(path, "damaged", "it is not as it was written (E060, E061)")
        for remark in copy.judged.remarks:
            if not name or str(remark) not in root_remarks:
                seen.say(f"{copy.folder}{FILE}", "invalid", str(remark))
        if newest is None or copy.judged.found is None:
            continue
        if name and copy.judged.found.specification < follows:
            message = f"it follows an earlier OCFL than {follows}, as did a version before (E103)"
            seen.say(f"{copy.folder}{FILE}", "invalid", message)
        follows = copy.judged.found.specification if name else follows
        if not name:
            _says_the_same(seen, copy.judged.found)
        elif copy is not head:
            for message in prior_faults(copy.judged.found, newest, name):
                kind: FaultKind = "damaged" if "E066" in message else "invalid"
                seen.say(f"{copy.folder}{FILE}", kind, message)
        elif root.agrees and copy.data != root.data:
            path = f"{copy.folder}{FILE}"
            seen.say(path, "damaged", "it is not the object's inventory (E064)")


def _says_the_same(seen: _Examination, inventory: Inventory) -> None:
    said = declared(seen.found)
    if said is not None and said != inventory.specification:
        seen.say(
            FILE, "invalid", f"it follows OCFL {inventory.specification}, the object {said} (E038)"
        )


def _damaged(
    seen: _Examination, copy: _Copy, trusted: Inventory | None, head: _Copy | None
) -> None:
    """Tell which of an inventory and its sidecar was damaged: not what fits the others."""
    parsed = copy.judged.inventory
    code = "E060" if copy.told else "E060, E061"
    fits = parsed is not None and write_inventory(parsed) == copy.data
    if fits and parsed is not None and trusted is not None and not _clashes(parsed, trusted):
        path = f"{copy.folder}{copy.sidecar_name}"
        seen.say(path, "damaged", f"it is not the inventory's digest ({code})")
        return
    if head is not None and head.agrees and head.data != copy.data:
        code = f"{code}, E064"
    remedy = "" if copy.folder else _remedy(trusted)
    message = f"its digest is not that in its sidecar ({code}){remedy}"
    seen.say(f"{copy.folder}{FILE}", "damaged", message)


def _remedy(trusted: Inventory | None) -> str:
    """How the object's inventory can be had again, if its newest version has it."""
    if trusted is None:
        return ""
    return f"; {trusted.head}/{FILE} is whole: put it, and its digest, into the object's root"


def _clashes(one: Inventory, newest: Inventory) -> bool:
    """Whether an inventory is neither the newest nor one that it was made from."""
    return not (
        one.id == newest.id
        and one.versions == newest.versions[: len(one.versions)]
        and one.manifest.items() <= newest.manifest.items()
    )


# --- Content --------------------------------------------------------------------------------------


def _further_digests(
    inventory: Inventory, copies: Mapping[str, _Copy]
) -> dict[str, set[tuple[str, str, str]]]:
    """All digests that any inventory gives of each stored file: algorithm, digest, code."""
    every: dict[str, set[tuple[str, str, str]]] = {}
    for known in (inventory, *(copy.trusted for copy in copies.values())):
        if known is not None:
            blocks = [("E092", known.algorithm, known.manifest)]
            blocks += [("E093", name, block) for name, block in known.fixity.items()]
            for code, algorithm, block in blocks:
                for path, digest in block.items():
                    every.setdefault(path, set()).add((algorithm, digest, code))
    return every


def _contents(
    seen: _Examination, inventory: Inventory, due: Mapping[str, set[tuple[str, str, str]]]
) -> tuple[dict[str, dict[str, str]], dict[str, int]]:
    """Read every stored file; return its digests, by algorithm and path, and its size."""
    digests: dict[str, dict[str, str]] = {"sha256": {}, "sha512": {}}
    deposited = _sizes(seen.found, inventory)
    sizes: dict[str, int] = {}
    for path in inventory.manifest:
        data = seen.found.read(path)
        if data is None:
            codes = ", ".join(sorted({code for _, _, code in due[path]}))
            seen.damage(path, "missing", f"the inventory names it, but it is not there ({codes})")
            continue
        sizes[path] = len(data)
        made = {name: digest_of(data, OCFL[name]) for name in digests}
        for name, known in made.items():
            digests[name][path] = known
        wrong = [
            (algorithm, code)
            for algorithm, digest, code in sorted(due[path], key=lambda told: told[2])
            if (made.get(algorithm) or digest_of(data, OCFL[algorithm])) != digest
        ]
        if wrong:
            algorithm, code = wrong[0]
            if len(data) < deposited.get(path, 0):
                message = f"it has {len(data)} of its {deposited[path]} bytes ({code})"
                seen.damage(path, "truncated", message)
            else:
                what = "it is not what was deposited" if data else "it is empty"
                seen.damage(path, "damaged", f"{what}: its {algorithm} differs ({code})")
    return digests, sizes


def _sizes(found: Found, inventory: Inventory) -> dict[str, int]:
    """How many bytes stored files had, as far as the versions' provenance says (PREMIS 3, 1.5.3).

    Digests alone do not show whether a file was truncated or changed.
    """
    sizes: dict[str, int] = {}
    for number in range(1, len(inventory.versions) + 1):
        stored = inventory.stored(number)
        place = stored.get(PROVENANCE, "")
        data = found.read(place)
        if data is None or digest_of(data, OCFL[inventory.algorithm]) != inventory.manifest[place]:
            continue
        for size, name in _told_sizes(data):
            if f"{PAYLOAD}{name}" in stored:
                sizes[stored[f"{PAYLOAD}{name}"]] = size
    return sizes


def _told_sizes(provenance: bytes) -> Iterator[tuple[int, str]]:
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        document = etree.fromstring(provenance, parser)
    except (etree.XMLSyntaxError, ValueError):
        return
    for told in () if document is None else document.iterfind("{*}object"):
        size, name = told.findtext(".//{*}size"), told.findtext("{*}originalName")
        if size and name and re.fullmatch("[0-9]{1,18}", size):
            yield int(size), name
