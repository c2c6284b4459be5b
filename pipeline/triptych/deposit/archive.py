"""The archive: a package becomes a version of an object in a store.

In: a package, its documents, a store. Out: the store with one more version, and a `Receipt`. If the
store has the same version already, it stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha512

from triptych import __version__
from triptych.deposit.bag import MANIFEST, make_bag
from triptych.deposit.documents import tags, with_crate
from triptych.deposit.inventory import (
    DEPOSITOR,
    DEPOSITOR_ADDRESS,
    FILE,
    SIDECAR,
    Inventory,
    InventoryProblem,
    Version,
    add_version,
    sidecar,
    write_inventory,
)
from triptych.deposit.inventory_rules import read_inventory
from triptych.deposit.package import Package
from triptych.deposit.pending import pending_versions
from triptych.deposit.store import (
    Changed,
    Store,
    damaged,
    must_take_deposits,
    object_root,
    read_if_there,
)
from triptych.diagnostics import ProofError, UsageError
from triptych.epoch import source_date_epoch

_TRIES = 40


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a deposit did: `added` is False if the store had the same version already.

    `stored` counts the files that no earlier version had, `size` their bytes.
    """

    identifier: str
    version: str
    added: bool
    files: int
    stored: int
    size: int


def deposit(package: Package, store: Store, message: str, created: datetime) -> Receipt:
    """Add a package to a store, as a new version of its work.

    Raises UsageError if the store cannot be written or other deposits keep interfering, ProofError
    if what it has of the work is damaged, MachineError if the disk is full.
    """
    must_take_deposits(store)
    store.begin()
    root = object_root(package.identifier)
    for _ in range(_TRIES):
        store.settle()
        found = _state(store, root)
        try:
            return _add(package, store, root, message, created)
        except Changed:  # another deposit of this work was faster: look again
            continue
        except ProofError:  # what looks like damage may have been another deposit at work
            if _state(store, root) == found and not any(pending_versions(store)):
                raise
    raise UsageError(f"other deposits of this work into {store.where} keep coming: try again later")


def bag_of(package: Package, version: str, first: datetime, created: datetime) -> dict[str, bytes]:
    """The package as the files of a bag, to be `version` of its work; `first` is when v1 was made.

    Only the bag's tags describe this deposit: the payload is the edition's.
    """
    package = with_crate(package, first.date().isoformat())
    record = package.manifest.record
    info = {
        "Bagging-Date": created.date().isoformat(),
        "External-Identifier": package.identifier,
        "External-Description": record.title,
        "Source-Organization": record.publisher,
        "Bag-Software-Agent": f"Triptych {__version__}",
    }
    payload = {path: part.data for path, part in package.parts.items()}
    return make_bag(payload, info, tags(package, version, created))


def now() -> datetime:
    """The time of a deposit, to the second: SOURCE_DATE_EPOCH if it is set, otherwise the clock."""
    epoch = source_date_epoch()
    if epoch is None:
        return datetime.now(UTC).replace(microsecond=0)
    return datetime.fromtimestamp(epoch, UTC)


def _add(package: Package, store: Store, root: str, message: str, created: datetime) -> Receipt:
    replaced = _inventory(store, root)
    old = Inventory(package.identifier, (), {}, {})
    if replaced is not None:
        old = _read(store, root, replaced)
    first = datetime.fromisoformat(old.versions[0].created) if old.versions else created
    bag = bag_of(package, f"v{len(old.versions) + 1}", first, created)
    manifest = sha512(bag[MANIFEST]).hexdigest()
    if old.versions and old.versions[-1].state.get(MANIFEST) == manifest:
        _must_be_whole(store, root, old, old.versions[-1])
        return Receipt(package.identifier, old.head, False, len(bag), 0, 0)
    new, content = add_version(
        old, bag, f"{created.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", message,
        DEPOSITOR, DEPOSITOR_ADDRESS,
    )  # fmt: skip
    _must_be_whole(store, root, old, new.versions[-1])
    store.add(root, content, write_inventory(new), replaced)
    size = sum(map(len, content.values()))
    return Receipt(package.identifier, new.head, True, len(bag), len(content), size)


def _state(store: Store, root: str) -> list[bytes | None]:
    """What changes in an object while another deposit is at work on it."""
    return [read_if_there(store, f"{root}/{name}") for name in (FILE, SIDECAR)]


def _inventory(store: Store, root: str) -> bytes | None:
    data = read_if_there(store, f"{root}/{FILE}")
    if data is None and store.paths(root):
        raise damaged(store, f"{root}/{FILE} is missing")
    return data


def _read(store: Store, root: str, data: bytes) -> Inventory:
    """Read the inventory to build on, which must be sound."""
    try:
        inventory = read_inventory(data)
    except InventoryProblem as problem:
        raise damaged(store, f"{root}/{FILE} {problem}") from None
    if not inventory.is_plain:
        raise UsageError(
            f"{root} in {store.where} was made by another program, in ways of its own: name "
            "another store"
        )
    beside = read_if_there(store, f"{root}/{SIDECAR}") or b""
    if beside.split()[:1] != sidecar(data).split()[:1]:
        raise damaged(store, f"{root}/{FILE} is not the one that {SIDECAR} tells of (E060)")
    later = f"{root}/v{len(inventory.versions) + 1}/{FILE}"
    if later in store.paths(root):
        raise damaged(store, f"{later} is of a version that {root}/{FILE} does not know (E046)")
    return inventory


def _must_be_whole(store: Store, root: str, old: Inventory, version: Version) -> None:
    """Read the files that a version shares with earlier ones: they must not have changed."""
    wanted = set(version.state.values())
    for path, digest in old.manifest.items():
        if digest in wanted:
            data = read_if_there(store, f"{root}/{path}")
            if data is None or sha512(data).hexdigest() != digest:
                raise damaged(store, f"{root}/{path} is damaged or missing")
