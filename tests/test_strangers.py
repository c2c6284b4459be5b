"""Finished editions of strangers: whatever is in a manifest or an e-book is told, not obeyed."""

from __future__ import annotations

import io
import json
import re
import stat
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from conftest import DRAWING, REFERENCES, Desk
from deposits import FIRST, package
from hypothesis import given, settings
from hypothesis import strategies as st

from triptych.collate import collate_edition
from triptych.compare import compare
from triptych.deposit.archive import bag_of
from triptych.deposit.disk import Disk
from triptych.deposit.inventory import Inventory, add_version, write_inventory
from triptych.deposit.places import open_store
from triptych.deposit.provenance import PROVENANCE
from triptych.deposit.restore import history, restore
from triptych.deposit.store import object_root
from triptych.deposit.verify import verify
from triptych.diagnostics import ProofError, UsageError
from triptych.press import build
from triptych.witness.archive import MOST_BYTES
from triptych.witness.html.epub import read_epub
from triptych.witness.reading import UnreadableError


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small finished edition."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.put("refs.json", REFERENCES)
    desk.put("a.svg", DRAWING)
    words = "# One {#sec:one}\n\nSo *it* is [@lovelace1843].[^n]\n\n[^n]: See @sec:one.\n"
    build(desk.paper(words), out=desk.folder / "dist", formats=("html", "epub", "text"))
    return desk.folder / "dist"


# --- Manifests ------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False)
    | st.text(max_size=4) | st.sampled_from(["../x", "/etc/passwd", "\0", "a" * 300, "\x9b2J"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=5,
)  # fmt: skip


def spoil(block: Any, value: object, data: st.DataObject) -> None:
    """Put a value of any type at any place of a JSON document."""
    while True:
        keys = sorted(block) if isinstance(block, dict) else range(len(block))
        key = data.draw(st.sampled_from(keys))
        inner = block[key]
        if not (isinstance(inner, dict | list) and inner and data.draw(st.integers(0, 4))):
            break
        block = inner
    block[key] = value


@settings(max_examples=40)
@given(value=JSON, data=st.data())
def test_a_manifest_with_a_field_of_any_type_is_read_or_refused(
    edition: Path, value: object, data: st.DataObject
) -> None:
    manifest = json.loads((edition / "paper.edition.json").read_text("utf-8"))
    spoil(manifest, value, data)
    spoilt = edition.parent / "paper.edition.json"
    spoilt.write_text(json.dumps(manifest))
    with suppress(UsageError, ProofError):
        collate_edition([spoilt, edition / "paper.html", edition / "paper.txt"])


@pytest.mark.parametrize(
    "text", ["", "[" * 100_000, '{"a":' * 100_000, "\0", '{"a": 1e999}', "1" * 5000, '"\\ud800"']
)
def test_a_manifest_that_is_none_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "paper.edition.json"
    path.write_text(text)
    with pytest.raises(UsageError):
        collate_edition(tmp_path)


@pytest.mark.parametrize("place", [("record", "title"), ("built", "from"), ("name",)])
def test_a_manifest_with_a_control_character_is_refused(
    place: tuple[str, ...], edition: Path, tmp_path: Path
) -> None:
    manifest = json.loads((edition / "paper.edition.json").read_text("utf-8"))
    block = manifest
    for name in place[:-1]:
        block = block[name]
    block[place[-1]] += "\x01"
    (tmp_path / "paper.edition.json").write_text(json.dumps(manifest))
    with pytest.raises(UsageError, match=rf"{'.'.join(place)} has the control character U\+0001"):
        collate_edition(tmp_path)


# --- Archives -------------------------------------------------------------------------------------


def zipped(*names: str, data: bytes = b"x", method: int = zipfile.ZIP_STORED) -> bytes:
    """An archive with these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def linked() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo("mimetype")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def directory(data: bytes, field: int, value: bytes) -> bytes:
    """An archive whose list of files has other bytes in a field of its first entry."""
    at = data.index(b"PK\x01\x02") + field
    return data[:at] + value + data[at + len(value) :]


ARCHIVES: list[tuple[str, Callable[[], bytes]]] = [
    ("not a sound zip", lambda: b"PK\x03\x04"),
    ("not a sound zip", lambda: zipped("a")[:-30]),
    ("two files in it have one name", lambda: zipped("mimetype", "MIMETYPE")),
    ("leads out", lambda: zipped("../../etc/passwd")),
    ("leads out", lambda: zipped("/etc/passwd")),
    ("leads out", lambda: zipped("a/..\\..\\b")),
    ("leads out", lambda: zipped("C:\\b")),
    ("link or a device", linked),
    ("encrypted", lambda: directory(zipped("a"), 8, b"\x01\x00")),
    ("method 14", lambda: directory(zipped("a"), 10, struct.pack("<H", 14))),
    ("more than", lambda: directory(zipped("a"), 24, struct.pack("<I", MOST_BYTES + 1))),
    ("more than", lambda: zipped(*map(str, range(51)))),
    ("overlap", lambda: directory(zipped("a", "b"), 20, struct.pack("<I", 200))),
    ("missing from it", lambda: zipped("mimetype")),
]


@pytest.mark.parametrize(("told", "make"), ARCHIVES)
def test_an_archive_made_to_do_harm_is_refused(
    told: str, make: Callable[[], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triptych.witness.archive.MOST_FILES", 50)
    with pytest.raises(UnreadableError, match=told):
        read_epub(make())
    (tmp_path / "a.epub").write_bytes(make())
    (tmp_path / "b.epub").write_bytes(zipped("a"))
    assert compare(tmp_path / "a.epub", tmp_path / "b.epub")


@settings(max_examples=60)
@given(data=st.data())
def test_an_e_book_with_any_bytes_changed_is_read_or_refused(
    edition: Path, data: st.DataObject
) -> None:
    book = (edition / "paper.epub").read_bytes()
    at = data.draw(st.integers(0, len(book)))
    length = data.draw(st.integers(0, 40))
    with suppress(UnreadableError):
        read_epub(book[:at] + data.draw(st.binary(max_size=40)) + book[at + length :])


# --- Stores whose digests all fit -----------------------------------------------------------------


def sealed(folder: Path, **changed: bytes) -> str:
    """A store with one version whose bag has these files changed; digests are up to date."""
    files = dict(bag_of(package("One."), "v1", FIRST, FIRST))
    files |= {path.replace("__", "/"): data for path, data in changed.items()}
    old = Inventory("urn:uuid:0a1b", (), {}, {})
    new, content = add_version(old, files, "2024-01-01T00:00:00Z", "m", "u", "urn:triptych")
    store = Disk(str(folder))
    store.begin()
    store.add(object_root("urn:uuid:0a1b"), content, write_inventory(new), None)
    return str(folder)


SIZES = ["-1", "1e9", "9" * 5000, "٣", " 12 ", "0x10", "<b/>", ""]


@pytest.mark.parametrize("size", SIZES)
def test_a_size_that_is_no_number_is_passed_over(size: str, tmp_path: Path) -> None:
    good = bag_of(package("One."), "v1", FIRST, FIRST)[PROVENANCE].decode()
    spoilt = re.sub(r"size>[0-9]+</", f"size>{size}</", good).encode()
    assert spoilt != good.encode()
    store = open_store(sealed(tmp_path / "store", **{PROVENANCE: spoilt}))
    assert not verify(store).passed  # the bag's own manifest has the digest of the true file
    with pytest.raises(ProofError):
        restore(store, tmp_path / "out")


@pytest.mark.parametrize(
    "name",
    ["data/" + "a" * 300, "data/a\0b", "data/" + "a/" * 2000 + "b", "data/x/y/../../../z", "/z"],
)
def test_a_path_that_no_folder_can_hold_is_a_fault(name: str, tmp_path: Path) -> None:
    old = Inventory("urn:uuid:0a1b", (), {}, {})
    new, content = add_version(old, {"bagit.txt": b"x"}, "2024-01-01T00:00:00Z", "m", "u", "urn:u")
    (place,) = content
    spoilt = write_inventory(new).replace(b'"bagit.txt"', json.dumps(name).encode())
    store = Disk(str(tmp_path / "store"))
    store.begin()
    root = tmp_path / "store" / object_root("urn:uuid:0a1b")
    from triptych.deposit.inventory import due_files

    for path, data in {place: b"x", **due_files("v1", spoilt)}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    assert not verify(store).passed
    with pytest.raises(ProofError):
        restore(store, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    with suppress(ProofError):
        list(history(store))


@pytest.mark.parametrize(
    "manifest", [b"", b"[]", b"{}", b"[" * 100_000, b'{"name": 1}', b'{"files": {"../x": "y"}}']
)
def test_a_stored_manifest_of_any_kind_is_told(manifest: bytes, tmp_path: Path) -> None:
    changed = {"data__editions__paper.edition.json": manifest}
    found = verify(open_store(sealed(tmp_path / "store", **changed)), rebuild=True)
    assert not found.passed
    assert found.versions[0].collation == "faulty"
