"""The archive: a package becomes a version of an object in a store.

In: a package, its documents, a store. Out: the store with one version more, and a `Receipt`; or the
store as it was, where it holds the same already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha512

from triptych import __version__
from triptych.deposit.bag import MANIFEST, make_bag
from triptych.deposit.documents import tags, with_crate
from triptych.deposit.inventory import (
    FILE,
    SIDECAR,
    Inventory,
    InventoryProblem,
    add_version,
    read_inventory,
    sidecar,
    write_inventory,
)
from triptych.deposit.leftovers import find_leftovers
from triptych.deposit.package import Package
from triptych.deposit.store import Changed, Store, must_take_deposits, object_root
from triptych.diagnostics import ProofError, UsageError
from triptych.epoch import source_date_epoch

_TRIES = 40
DEPOSITOR = "Triptych"
DEPOSITOR_ADDRESS = "urn:triptych"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a deposit did: `added` is False where the store held the same already.

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

    Raises UsageError where the store cannot be written or other deposits keep coming between,
    ProofError where what it holds of the work is damaged, MachineError where the disk is full.
    """
    must_take_deposits(store)
    store.begin()
    for _ in range(_TRIES):
        try:
            return _add(package, store, message, created)
        except Changed:  # another deposit of this work came between: look again
            continue
    raise UsageError(f"other deposits of this work into {store.where} keep coming: try again later")


def bag_of(package: Package, version: str, first: datetime, created: datetime) -> dict[str, bytes]:
    """The package as the files of a bag, to be `version` of its work; `first` is when v1 was made.

    Only the bag's tags tell of this deposit: its payload is that of the edition.
    """
    package = with_crate(package, first.date().isoformat())
    about = package.record["record"]
    info = {
        "Bagging-Date": created.date().isoformat(),
        "External-Identifier": package.identifier,
        "External-Description": about["title"],
        "Source-Organization": about["publisher"],
        "Bag-Software-Agent": f"Triptych {__version__}",
    }
    payload = {path: part.data for path, part in package.parts.items()}
    return make_bag(payload, info, tags(package, version, created))


def now() -> datetime:
    """The time of a deposit, to the second: SOURCE_DATE_EPOCH where it is set, else the clock."""
    epoch = source_date_epoch()
    if epoch is None:
        return datetime.now(UTC).replace(microsecond=0)
    return datetime.fromtimestamp(epoch, UTC)


def _add(package: Package, store: Store, message: str, created: datetime) -> Receipt:
    root = object_root(package.identifier)
    store.settle(root)
    replaced = _inventory(store, root)
    old = Inventory(package.identifier, (), {}, {})
    if replaced is not None:
        old = _read(store, root, replaced)
    first = datetime.fromisoformat(old.versions[0].created) if old.versions else created
    bag = bag_of(package, f"v{len(old.versions) + 1}", first, created)
    manifest = sha512(bag[MANIFEST]).hexdigest()
    if old.versions and old.versions[-1].state.get(MANIFEST) == manifest:
        return Receipt(package.identifier, old.head, False, len(bag), 0, 0)
    new, content = add_version(
        old, bag, f"{created.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", message,
        DEPOSITOR, DEPOSITOR_ADDRESS,
    )  # fmt: skip
    _must_be_whole(store, root, old, new)
    store.add(root, content, write_inventory(new), replaced)
    size = sum(map(len, content.values()))
    return Receipt(package.identifier, new.head, True, len(bag), len(content), size)


def _inventory(store: Store, root: str) -> bytes | None:
    try:
        return store.read(f"{root}/{FILE}")
    except KeyError:
        if set(store.paths(root)) - set(find_leftovers(root, store.paths(root), store.read).debris):
            raise _damaged(store, f"{root}/{FILE} is missing") from None
        return None


def _read(store: Store, root: str, data: bytes) -> Inventory:
    """Read the inventory to go on from, which must be sound."""
    try:
        inventory = read_inventory(data)
    except InventoryProblem as problem:
        raise _damaged(store, f"{root}/{FILE} {problem}") from None
    try:
        beside = store.read(f"{root}/{SIDECAR}")
    except KeyError:
        beside = b""
    if beside.split()[:1] != sidecar(data).split()[:1]:
        raise _damaged(store, f"{root}/{FILE} is not the one that {SIDECAR} tells of (E060)")
    later = f"{root}/v{len(inventory.versions) + 1}/{FILE}"
    if later in store.paths(root):
        raise _damaged(store, f"{later} is of a version that {root}/{FILE} does not know (E046)")
    return inventory


def _must_be_whole(store: Store, root: str, old: Inventory, new: Inventory) -> None:
    """Files that the new version shares with earlier ones are read: they must be what they were."""
    wanted = set(new.versions[-1].state.values())
    for path, digest in old.manifest.items():
        if digest in wanted:
            try:
                whole = sha512(store.read(f"{root}/{path}")).hexdigest() == digest
            except KeyError:
                whole = False
            if not whole:
                raise _damaged(store, f"{root}/{path} is damaged or missing")


def _damaged(store: Store, what: str) -> ProofError:
    return ProofError(
        f"nothing was added, since the store is damaged: {what}. `triptych verify {store.where}` "
        "names all that is"
    )
