"""What the tests of deposits share: small packages, and what others say of a store."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import bagit
import boto3
from ocfl import StorageRoot

from triptych.deposit.package import Package, PartKind, part
from triptych.deposit.restore import history, restore
from triptych.deposit.store import DECLARATION, Store
from triptych.deposit.verify import verify
from triptych.ledger import Ledger
from triptych.manifest import EditionManifest, StyleUsed
from triptych.people import Contributor
from triptych.record import EditionRecord

FIRST = datetime(2024, 3, 1, 12, 0, 0, tzinfo=UTC)
LATER = datetime(2025, 6, 2, 8, 30, 0, tzinfo=UTC)


def package(words: str, identifier: str = "urn:uuid:0a1b") -> Package:
    """A package of a work whose article is `words`; all else in it is always the same."""
    record = EditionRecord(
        title="Engines",
        contributors=(Contributor("Ada Lovelace"),),
        date="1843",
        publisher="Quay Press",
        identifier=identifier,
    )
    files = {
        "source/paper.md": words.encode(),
        "source/refs.json": b"[]\n",
        "source/the map of \u00e9.svg": b"<svg/>",
        "design/tokens.css": b":root{}",
    }
    manifest = EditionManifest(
        name="paper",
        record=record,
        style=StyleUsed("apa", "APA", "in-text", sha256=""),
        source={},
        tools={"pandoc": "3.9"},
        files={},
        ledger=Ledger(),
    )
    kinds: Mapping[str, PartKind] = {"source": "source", "design": "design"}
    parts = {path: part(path, data, kinds[path.split("/")[0]]) for path, data in files.items()}
    return Package(manifest, parts)


def contents(store: Store) -> dict[str, bytes]:
    """Every file in a store."""
    return {path: store.read(path) for path in store.paths()}


def objections(folder: Path) -> list[str]:
    """What ocfl-py, which shares nothing with Triptych, has against a storage root."""
    root = StorageRoot(root=str(folder))
    valid = root.validate(log_warnings=True)
    told = [str(message) for _, message in root.errors] + list(root.log.messages)
    whole = valid and root.good_objects == root.num_objects
    return told or ([] if whole else ["the storage root is not valid"])


def is_bag(folder: Path) -> bool:
    """What the Library of Congress's bagit says of a folder. Raises its error where it is none."""
    logging.getLogger("bagit").setLevel(logging.WARNING)
    return bool(bagit.Bag(str(folder)).validate())


def copy_to(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files into a folder."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def new_bucket(endpoint: str) -> str:
    """A new bucket of the service there, as the address of a store."""
    bucket = f"bucket-{os.urandom(6).hex()}"
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket=bucket)
    return f"s3://{bucket}"


def state(store: Store) -> list[str]:
    """The messages of a work's versions, told alike by `history`, `verify` and `restore`.

    Each version's article must be what its message says.
    """
    if DECLARATION not in store.paths():
        return []
    found = verify(store)
    assert found.faults == ()
    if not found.versions:
        return []
    past = [version.message for version in history(store)]
    assert [version.version for version in found.versions] == [
        f"v{n + 1}" for n in range(len(past))
    ]
    with TemporaryDirectory() as folder:
        restore(store, Path(folder) / "bag")
        assert (Path(folder) / "bag" / "data" / "source" / "paper.md").read_text() == past[-1]
        assert is_bag(Path(folder) / "bag")
    return past
