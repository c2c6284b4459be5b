"""The store, on disk and in S3-compatible storage: what it holds, and what others say of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from deposits import FIRST, LATER, contents, copy_to, is_bag, new_bucket, objections, package
from hypothesis import given
from hypothesis import strategies as st

from triptych.deposit.archive import deposit
from triptych.deposit.bag import make_bag
from triptych.deposit.bag_rules import BagFiles, bag_faults
from triptych.deposit.digests import BAGIT, digest_of
from triptych.deposit.inventory import (
    Inventory,
    InventoryProblem,
    add_version,
    write_inventory,
)
from triptych.deposit.inventory_rules import judge, read_inventory
from triptych.deposit.places import open_store
from triptych.deposit.restore import history, restore
from triptych.deposit.s3 import S3
from triptych.deposit.store import Changed, Store, object_root
from triptych.deposit.verify import verify
from triptych.diagnostics import ProofError, TriptychError, UsageError

MakeStore = Callable[[], Store]


@pytest.fixture(params=["disk", "s3"])
def make_store(request: pytest.FixtureRequest, tmp_path: Path) -> MakeStore:
    """Opens one and the same new store, each time anew."""
    if request.param == "disk":
        return lambda: open_store(str(tmp_path / "store"))
    endpoint = request.getfixturevalue("service")
    where = f"{new_bucket(endpoint)}/deep/archive"
    return lambda: open_store(where, endpoint)


def on_disk(store: Store, folder: Path) -> Path:
    """A store as a folder, for those who read folders only."""
    return copy_to(folder, contents(store))


def test_a_deposit_is_a_version_of_an_object_that_others_find_valid(
    make_store: MakeStore, tmp_path: Path
) -> None:
    store = make_store()
    receipt = deposit(package("One."), store, "First printing", FIRST)
    assert (receipt.version, receipt.added) == ("v1", True)
    assert objections(on_disk(store, tmp_path / "copy")) == []
    assert verify(make_store()).passed


def test_a_second_deposit_adds_a_version_and_changes_nothing_of_the_first(
    make_store: MakeStore, tmp_path: Path
) -> None:
    store = make_store()
    deposit(package("One."), store, "First", FIRST)
    before = contents(store)
    deposit(package("Two."), make_store(), "Second", LATER)
    after = contents(store)
    root = object_root("urn:uuid:0a1b")
    heads = {f"{root}/inventory.json", f"{root}/inventory.json.sha512"}
    assert {p: d for p, d in after.items() if p in before and p not in heads} == {
        p: d for p, d in before.items() if p not in heads
    }
    assert objections(on_disk(store, tmp_path / "copy")) == []
    assert [past.version for past in history(store)] == ["v1", "v2"]


def test_what_stays_the_same_is_stored_once(make_store: MakeStore) -> None:
    store = make_store()
    deposit(package("One."), store, "First", FIRST)
    deposit(package("Two."), store, "Second", LATER)
    places = [path for path in store.paths() if path.endswith("refs.json")]
    assert len(places) == 1
    past = list(history(store))
    assert "data/source/paper.md" in past[1].changed
    assert "data/source/refs.json" not in past[1].changed


def test_the_same_again_is_nothing_new(make_store: MakeStore) -> None:
    store = make_store()
    deposit(package("One."), store, "First", FIRST)
    before = contents(store)
    receipt = deposit(package("One."), make_store(), "Again", LATER)
    assert (receipt.added, receipt.version) == (False, "v1")
    assert contents(store) == before


def test_a_return_to_an_earlier_state_is_a_version_too(
    make_store: MakeStore, tmp_path: Path
) -> None:
    store = make_store()
    for words, when in (("One.", FIRST), ("Two.", LATER), ("One.", LATER)):
        deposit(package(words), store, "Again", when)
    assert len(list(history(store))) == 3
    assert objections(on_disk(store, tmp_path / "copy")) == []


def test_works_do_not_touch_each_other(make_store: MakeStore) -> None:
    store = make_store()
    deposit(package("One.", "urn:uuid:1"), store, "One", FIRST)
    before = contents(store)
    deposit(package("Two.", "https://doi.org/10.1000/182"), store, "Two", FIRST)
    after = contents(store)
    assert {path: after[path] for path in before} == before
    assert {past.identifier for past in history(store)} == {
        "urn:uuid:1", "https://doi.org/10.1000/182",
    }  # fmt: skip


def test_each_version_comes_back_as_it_was_and_as_a_bag(
    make_store: MakeStore, tmp_path: Path
) -> None:
    store = make_store()
    deposit(package("One."), store, "First", FIRST)
    deposit(package("Two."), store, "Second", LATER)
    restore(store, tmp_path / "one", version=1)
    restore(store, tmp_path / "two")
    restore(store, tmp_path / "source", version=1, what="source")
    assert is_bag(tmp_path / "one")
    assert is_bag(tmp_path / "two")
    assert (tmp_path / "one/data/source/paper.md").read_text() == "One."
    assert (tmp_path / "two/data/source/paper.md").read_text() == "Two."
    assert sorted(path.name for path in (tmp_path / "source").iterdir()) == [
        "paper.md", "refs.json", "the map of \u00e9.svg",
    ]  # fmt: skip


def test_a_restore_never_overwrites(make_store: MakeStore, tmp_path: Path) -> None:
    store = make_store()
    deposit(package("One."), store, "First", FIRST)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep me")
    with pytest.raises(UsageError, match="not an empty folder"):
        restore(store, tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]
    with pytest.raises(UsageError, match="has no version 2"):
        restore(store, tmp_path / "new", version=2)


def test_only_the_tags_tell_when_a_package_was_deposited(tmp_path: Path) -> None:
    payloads = []
    for number, when in enumerate((FIRST, LATER)):
        store = open_store(str(tmp_path / f"store{number}"))
        deposit(package("One."), store, "m", when)
        payloads.append({p: d for p, d in contents(store).items() if "/data/" in p})
    names = [sorted(path.split("/data/")[1] for path in payload) for payload in payloads]
    assert names[0] == names[1]
    assert sorted(payloads[0].values()) == sorted(payloads[1].values())


def test_a_deposit_that_was_overtaken_is_done_again_on_top(
    make_store: MakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading the inventory and writing the new one, another depositor comes first."""
    store = make_store()
    deposit(package("One."), store, "First", FIRST)
    honest = store.add
    overtaken: list[bool] = []

    def add(*arguments: Any) -> None:
        if not overtaken:
            overtaken.append(True)
            deposit(package("Theirs."), make_store(), "Theirs", LATER)
        honest(*arguments)

    monkeypatch.setattr(store, "add", add)
    receipt = deposit(package("Ours."), store, "Ours", LATER)
    assert receipt.version == "v3"
    assert [past.message for past in history(make_store())] == ["First", "Theirs", "Ours"]
    assert verify(make_store()).passed
    assert verify(make_store()).notes == ()


def test_a_version_made_from_another_inventory_is_refused(make_store: MakeStore) -> None:
    store = make_store()
    deposit(package("One."), store, "First", FIRST)
    root = object_root("urn:uuid:0a1b")
    before = store.read(f"{root}/inventory.json")
    deposit(package("Two."), store, "Second", LATER)
    stale, content = add_version(
        read_inventory(before), {"a": b"late"}, "2026-01-01T00:00:00Z", "", "", ""
    )
    with pytest.raises(Changed):
        store.add(root, content, write_inventory(stale), before)
    assert [past.message for past in history(make_store())] == ["First", "Second"]


def test_deposits_at_once_all_come_in_and_never_mix(tmp_path: Path) -> None:
    """Eight processes, one store, one work: each version is whole, and none is lost."""
    where = str(tmp_path / "store")
    children = []
    for number in range(8):
        child = os.fork()
        if child == 0:
            try:
                words = f"Printing {number}."
                deposit(package(words), open_store(where), words, FIRST)
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 8
    found = verify(open_store(where))
    assert found.faults == ()
    messages = {past.message for past in history(open_store(where))}
    assert messages == {f"Printing {number}." for number in range(8)}
    assert objections(tmp_path / "store") == []


def test_a_service_without_conditional_writes_is_refused(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(new_bucket(service), service)
    careless = S3._put
    monkeypatch.setattr(S3, "_put", lambda self, path, data, **_: careless(self, path, data))
    with pytest.raises(UsageError, match="conditional writes"):
        deposit(package("One."), store, "First", FIRST)
    assert not [path for path in store.paths() if "inventory" in path]


@pytest.mark.parametrize(
    ("where", "endpoint", "words"),
    [
        ("ftp://example.org/a", None, "neither a folder nor s3"),
        ("archive", "http://127.0.0.1:1", "--endpoint is for stores at s3"),
        ("s3://", None, "names no bucket"),
        ("s3://bucket", "nonsense", "--endpoint"),
    ],
)
def test_an_address_that_is_no_store_is_told(where: str, endpoint: str | None, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        open_store(where, endpoint)


def test_a_bucket_that_is_not_there_is_told(service: str) -> None:
    with pytest.raises(UsageError, match="cannot read the store s3://nowhere/x"):
        deposit(package("One."), open_store("s3://nowhere/x", service), "First", FIRST)


def test_a_folder_with_other_things_in_it_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "thesis.md").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        deposit(package("One."), open_store(str(tmp_path)), "First", FIRST)
    with pytest.raises(UsageError, match="is not a store"):
        verify(open_store(str(tmp_path)))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.md"]


def test_a_storage_root_of_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "0=ocfl_1.0").write_text("ocfl_1.0\n")
    with pytest.raises(UsageError, match=r"not empty|another version"):
        deposit(package("One."), open_store(str(tmp_path)), "First", FIRST)


def test_nothing_is_added_to_a_damaged_object(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "store"))
    deposit(package("One."), store, "First", FIRST)
    shared = next(path for path in store.paths() if path.endswith("refs.json"))
    (tmp_path / "store" / shared).chmod(0o644)
    (tmp_path / "store" / shared).write_bytes(b"[]!")
    before = contents(store)
    with pytest.raises(ProofError, match=r"refs\.json is damaged or missing"):
        deposit(package("Two."), store, "Second", LATER)
    assert contents(store) == before
    shutil.rmtree(tmp_path / "store" / object_root("urn:uuid:0a1b") / "v1")
    with pytest.raises(TriptychError):
        deposit(package("Two."), store, "Second", LATER)


def test_where_folders_cannot_be_exchanged_versions_come_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on systems that have no such call."""
    monkeypatch.setattr("triptych.deposit.disk.exchange", lambda *_: False)
    store = open_store(str(tmp_path / "store"))
    for words in ("One.", "Two.", "One.", "Three."):
        deposit(package(words), store, words, FIRST)
    assert objections(tmp_path / "store") == []
    assert verify(store).passed


@pytest.mark.parametrize(
    ("identifier", "path"),
    [
        ("object-01", "3c0/ff4/240/object-01"),
        ("..hor/rib:le-$id", "487/326/d8c/%2e%2ehor%2frib%3ale-%24id"),
        ("..Hor/rib:l\u00e8-$id", "373/529/21a/%2e%2eHor%2frib%3al%c3%a8-%24id"),
        (
            "abcdefghij" * 26,
            f"55b/432/806/{'abcdefghij' * 10}-"
            "55b432806f4e270da0cf23815ed338742179002153cd8d896f23b3e2d8a14359",
        ),
    ],
)
def test_objects_lie_where_the_layout_says(identifier: str, path: str) -> None:
    """The examples of OCFL extension 0003."""
    assert object_root(identifier) == path


@pytest.mark.parametrize(
    ("old", "new", "clause"),
    [
        ('"head": "v1"', '"head": "v2"', "E040"),
        ('"digestAlgorithm": "sha512"', '"digestAlgorithm": "md5"', "E025"),
        ("ocfl.io/1.1", "ocfl.io/1.9", "E038"),
        ('"v1": {', '"v2": {', "E009"),
        ('"2024-', '"in 2024-', "E049"),
        ('"v1/content/', '"v1/content/../', "E099"),
        ('"a"', '"/a"', "E053"),
        ('"state"', '"status"', "E048"),
        ("{", "[", "E033"),
    ],
)
def test_an_inventory_that_breaks_a_rule_is_told_with_the_clause(
    old: str, new: str, clause: str
) -> None:
    inventory, _ = add_version(
        Inventory("urn:x", (), {}, {}), {"a": b"1"}, "2024-01-01T00:00:00Z", "m", "u", "urn:u"
    )
    text = write_inventory(inventory).decode()
    assert old in text
    broken = text.replace(old, new, 1).encode()
    assert clause in {remark.codes for remark in judge(broken).remarks}
    with pytest.raises(InventoryProblem, match="E"):
        read_inventory(broken)


paths = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=12)
trees = st.dictionaries(paths.filter(lambda path: path not in (".", "..")), st.binary(max_size=9))


@given(st.lists(trees.filter(bool), min_size=1, max_size=4))
def test_an_inventory_is_read_as_it_was_written(versions: list[dict[str, bytes]]) -> None:
    inventory = Inventory("urn:x", (), {}, {})
    stored: dict[str, bytes] = {}
    for files in versions:
        inventory, content = add_version(inventory, files, "2024-01-01T00:00:00Z", "m", "u", "a")
        assert not stored.keys() & content.keys()
        stored |= content
    assert read_inventory(write_inventory(inventory)) == inventory
    for number, files in enumerate(versions, 1):
        places = inventory.stored(number)
        assert {path: stored[place] for path, place in places.items()} == files


@given(trees, st.data())
def test_a_bag_is_whole_until_a_file_of_it_changes(
    payload: dict[str, bytes], data: st.DataObject
) -> None:
    bag = make_bag(payload, {"External-Identifier": "urn:x\ny"}, {"README.txt": b"r"})
    assert list(faults_of(bag)) == []
    broken = data.draw(st.sampled_from(sorted(path for path in bag if "manifest" not in path)))
    assert broken in {path for path, _ in faults_of({**bag, broken: bag[broken] + b"!"})}
    rest = {path: bag[path] for path in bag if path != broken}
    assert broken in {path for path, _ in faults_of(rest)}
    assert "data/new" in {path for path, _ in faults_of({**bag, "data/new": b"?"})} | (
        {"data/new"} if "new" in payload else set()
    )


def faults_of(bag: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    files = BagFiles(
        frozenset(bag), bag.__getitem__, lambda path: len(bag[path]),
        lambda path, algorithm: digest_of(bag[path], BAGIT[algorithm]),
    )  # fmt: skip
    return ((fault.path, fault.message) for fault in bag_faults(files))
