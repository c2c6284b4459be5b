"""Every rule of OCFL 1.1, broken in a sound store: `verify` tells its code, `restore` agrees.

The digests beside the inventories are brought up to date, so that only the rule gives it away.
Where ocfl-py knows the rule, it must say the same.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import stat
from collections import Counter
from collections.abc import Callable
from hashlib import sha512
from pathlib import Path
from typing import Any

import pytest
from deposits import FIRST, LATER, objections, package
from hypothesis import given
from hypothesis import strategies as st

from triptych.deposit.archive import deposit
from triptych.deposit.disk import Disk
from triptych.deposit.inventory_rules import judge
from triptych.deposit.places import open_store
from triptych.deposit.restore import restore
from triptych.deposit.store import object_root
from triptych.deposit.verify import verify
from triptych.diagnostics import ProofError

ROOT = object_root("urn:uuid:0a1b")
Json = dict[str, Any]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two versions of a work, which may be written to."""
    place = tmp_path_factory.mktemp("sound") / "store"
    for words, moment in (("First", FIRST), ("Second", LATER)):
        deposit(package(words), open_store(str(place)), words, moment)
    return place


@pytest.fixture
def store(sound: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound, tmp_path / "store")
    for path in (tmp_path / "store").rglob("*"):
        path.chmod(0o755)
    return tmp_path / "store"


def rewrite(store: Path, change: Callable[[Json], object], *folders: str) -> None:
    """Change an inventory, by default the newest in both of its places, and its digest."""
    for folder in folders or (".", "v2"):
        path = store / ROOT / folder / "inventory.json"
        inventory = json.loads(path.read_text())
        change(inventory)
        data = json.dumps(inventory).encode()
        path.write_bytes(data)
        beside = f"{sha512(data).hexdigest()} inventory.json\n"
        path.with_name("inventory.json.sha512").write_text(beside)


def others_refuse(store: Path) -> bool:
    """Whether ocfl-py finds anything wrong, or cannot read it."""
    try:
        return bool(objections(store))
    except (AttributeError, TypeError, KeyError, ValueError):
        return True


def codes(store: Path) -> str:
    return "\n".join(map(str, verify(open_store(str(store))).faults))


def newest(inventory: Json) -> Json:
    version: Json = inventory["versions"]["v2"]
    return version


def some(block: Json) -> str:
    return min(block)


def a_file(inventory: Json) -> str:
    """A stored file of the newest version."""
    path: str = inventory["manifest"][some(newest(inventory)["state"])][0]
    return path


def replace_path(block: Json, new: str) -> None:
    block[some(block)] = [new]


INVENTORIES: list[tuple[str, Callable[[Json], object]]] = [
    ("E008", lambda i: i.update(versions={})),
    ("E009", lambda i: i.update(versions={"v2": newest(i)})),
    ("E010", lambda i: i["versions"].update(v4=newest(i))),
    ("E046", lambda i: i["versions"].update(last=newest(i))),
    ("E017", lambda i: i.update(contentDirectory="a/b")),
    ("E018", lambda i: i.update(contentDirectory="..")),
    ("E019", lambda i: i.update(contentDirectory="content")),
    ("E025", lambda i: i.update(digestAlgorithm="md5")),
    ("E025", lambda i: i["manifest"].update({"12zz": ["v1/content/a"]})),
    ("E036", lambda i: i.pop("id")),
    ("E036", lambda i: i.pop("head")),
    ("E037", lambda i: i.update(id="")),
    ("E038", lambda i: i.update(type="https://ocfl.io/1.1/spec/#object")),
    ("E038", lambda i: i.update(type="https://ocfl.io/1.0/spec/#inventory")),
    ("E040", lambda i: i.update(head="v7")),
    ("E040", lambda i: i.update(head=2)),
    ("E041", lambda i: i.pop("manifest")),
    ("E041", lambda i: i.update(manifest=[])),
    ("E042", lambda i: replace_path(i["manifest"], "v9/content/a")),
    ("E044", lambda i: i.update(versions=["v1"])),
    ("E047", lambda i: i["versions"].update(v1="first")),
    ("E048", lambda i: newest(i).pop("created")),
    ("E048", lambda i: newest(i).pop("state")),
    ("E049", lambda i: newest(i).update(created="2024-13-01T00:00:00Z")),
    ("E049", lambda i: newest(i).update(created="2024-01-01T00:00:00")),
    ("E050", lambda i: newest(i)["state"].update({"ab" * 64: ["a"]})),
    ("E050", lambda i: newest(i).update(state=[])),
    ("E052", lambda i: replace_path(newest(i)["state"], "a/../b")),
    ("E053", lambda i: replace_path(newest(i)["state"], "/a")),
    ("E054", lambda i: newest(i).update(user="me")),
    ("E054", lambda i: newest(i).update(user={"name": 1})),
    ("E056", lambda i: i["fixity"].update({"crc1": {}})),
    ("E057", lambda i: i["fixity"].update(md5={"ab" * 16: ["v1/content/none"]})),
    ("E091", lambda i: i["manifest"].update({"ab" * 64: "v1/content/a"})),
    ("E093", lambda i: i["fixity"].update(md5={"ab" * 16: [a_file(i)]})),
    ("E094", lambda i: newest(i).update(message=["why"])),
    ("E095", lambda i: newest(i)["state"][some(newest(i)["state"])].extend(["x", "x"])),
    ("E095", lambda i: newest(i)["state"][some(newest(i)["state"])].extend(["x", "x/y"])),
    ("E096", lambda i: i["manifest"].update({some(i["manifest"]).upper(): ["v1/content/a"]})),
    ("E097", lambda i: i["fixity"].update(md5={"ab" * 16: [], "AB" * 16: []})),
    ("E099", lambda i: replace_path(i["manifest"], "v1/content/../a")),
    ("E100", lambda i: replace_path(i["manifest"], "/v1/content/a")),
    ("E101", lambda i: i["manifest"][some(i["manifest"])].append(max(i["manifest"].values())[0])),
    ("E107", lambda i: i["manifest"].update({"ab" * 64: ["v1/content/a"]})),
    ("E111", lambda i: i.update(fixity=[])),
]


@pytest.mark.parametrize(("code", "change"), INVENTORIES)
def test_an_inventory_that_breaks_a_rule_is_refused_by_its_code(
    code: str, change: Callable[[Json], object], store: Path, tmp_path: Path
) -> None:
    rewrite(store, change)
    assert code in codes(store)
    assert code == "E038" or others_refuse(store)
    with pytest.raises(ProofError):
        restore(open_store(str(store)), tmp_path / "out")


OLDER: list[tuple[str, Callable[[Json], object]]] = [
    ("E020", lambda i: i.update(contentDirectory="stuff")),
    ("E023", lambda i: i["manifest"].popitem()),
    ("E037", lambda i: i.update(id="urn:other")),
    ("E066", lambda i: i["versions"]["v1"]["state"].popitem()),
]


@pytest.mark.parametrize(("code", "change"), OLDER)
def test_an_older_inventory_that_does_not_go_with_the_newest_is_refused(
    code: str, change: Callable[[Json], object], store: Path, tmp_path: Path
) -> None:
    rewrite(store, change, "v1")
    assert code in codes(store)
    with pytest.raises(ProofError):
        restore(open_store(str(store)), tmp_path / "out")


def put(store: Path, path: str, data: bytes = b"x") -> None:
    (store / path).parent.mkdir(parents=True, exist_ok=True)
    (store / path).write_bytes(data)


def linked(store: Path) -> None:
    paper = min(store.rglob("paper.md"))
    paper.rename(store / "aside.md")
    paper.symlink_to(store / "aside.md")


def bound(store: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(store / ROOT / "v1" / "content")
        one.bind("socket")
        os.chdir(here)


FILES: list[tuple[str, Callable[[Path], object]]] = [
    ("E001", lambda s: put(s, f"{ROOT}/notes.txt")),
    ("E001", lambda s: put(s, f"{ROOT}/more/notes.txt")),
    ("E001", lambda s: (s / ROOT / "more").mkdir()),
    ("E003", lambda s: (s / ROOT / "0=ocfl_object_1.1").unlink()),
    ("E003", lambda s: put(s, f"{ROOT}/0=ocfl_object_1.0", b"ocfl_object_1.0\n")),
    ("E006", lambda s: put(s, f"{ROOT}/0=ocfl_object_9.9", b"ocfl_object_9.9\n")),
    ("E007", lambda s: put(s, f"{ROOT}/0=ocfl_object_1.1", b"ocfl_object_1.1")),
    ("E010", lambda s: shutil.rmtree(s / ROOT / "v1")),
    ("E015", lambda s: put(s, f"{ROOT}/v1/notes.txt")),
    ("E023", lambda s: put(s, f"{ROOT}/v1/content/notes.txt")),
    ("E024", lambda s: (s / ROOT / "v1" / "content" / "empty").mkdir()),
    ("E046", lambda s: put(s, f"{ROOT}/v3/content/notes.txt")),
    ("E058", lambda s: (s / ROOT / "inventory.json.sha512").unlink()),
    ("E060", lambda s: put(s, f"{ROOT}/inventory.json", b"{}")),
    ("E061", lambda s: put(s, f"{ROOT}/inventory.json.sha512", b"none of them\n")),
    ("E063", lambda s: (s / ROOT / "inventory.json").unlink()),
    ("E064", lambda s: rewrite(s, lambda i: i.update(more=1), "v2")),
    ("E067", lambda s: put(s, f"{ROOT}/extensions/notes.txt")),
    ("E090", linked),
    ("E090", lambda s: (s / ROOT / "logs").symlink_to("/etc")),
    ("E090", lambda s: os.mkfifo(s / ROOT / "v1" / "content" / "pipe")),
    ("E090", bound),
    ("E092", lambda s: min(s.rglob("paper.md")).write_text("Forged.")),
    ("E092", lambda s: shutil.rmtree(s / ROOT / "v1" / "content")),
]


@pytest.mark.parametrize(("code", "change"), FILES)
def test_an_object_whose_files_break_a_rule_is_refused_by_its_code(
    code: str, change: Callable[[Path], object], store: Path, tmp_path: Path
) -> None:
    change(store)
    assert code in codes(store)
    with pytest.raises(ProofError):
        restore(open_store(str(store)), tmp_path / "out", version=1)


ROOTS: list[tuple[str, Callable[[Path], object]]] = [
    ("E069", lambda s: put(s, "0=ocfl_1.0", b"ocfl_1.0\n")),
    ("E070", lambda s: put(s, "ocfl_layout.json", b"[]")),
    ("E072", lambda s: put(s, "ab/notes.txt")),
    ("E073", lambda s: (s / "ab").mkdir()),
    ("E080", lambda s: put(s, "0=ocfl_1.1", b"ocfl_1.1")),
    ("E083", lambda s: (s / ROOT).rename(s / ROOT[:3] / "here")),
    ("E037", lambda s: shutil.copytree(s / ROOT, s / "abc")),
    ("E086", lambda s: put(s, "extensions/notes.txt")),
    ("E090", lambda s: (s / "abc").symlink_to("/etc")),
]


@pytest.mark.parametrize(("code", "change"), ROOTS)
def test_a_storage_root_that_breaks_a_rule_is_refused_by_its_code(
    code: str, change: Callable[[Path], object], store: Path
) -> None:
    change(store)
    assert code in codes(store)


def test_a_device_in_a_store_is_not_read(store: Path) -> None:
    paper = min(store.rglob("paper.md"))
    paper.unlink()
    if os.geteuid() == 0:
        os.mknod(paper, 0o666 | stat.S_IFCHR, os.makedev(1, 5))  # /dev/zero
    else:  # only root makes devices, but anyone may link to one
        paper.symlink_to("/dev/zero")
    assert "E090" in codes(store)


def test_two_works_are_counted_as_two_though_one_cannot_be_read(
    store: Path, tmp_path: Path
) -> None:
    other = object_root("urn:uuid:0b")
    deposit(package("Other", "urn:uuid:0b"), open_store(str(store)), "Other", FIRST)
    for path in (store / other).rglob("*"):
        path.chmod(0o755)
    shutil.rmtree(store / other / "v1")
    (store / other / "inventory.json").write_text("[]")
    found = verify(open_store(str(store)))
    assert (found.works, found.passed) == (2, False)
    restore(open_store(str(store)), tmp_path / "out", identifier="urn:uuid:0a1b")
    with pytest.raises(ProofError):
        restore(open_store(str(store)), tmp_path / "other", identifier="urn:uuid:0b")


def test_one_object_and_one_bag_are_proven_by_themselves(store: Path, tmp_path: Path) -> None:
    alone = verify(open_store(str(store / ROOT)))
    assert (alone.passed, alone.works, len(alone.versions)) == (True, 1, 2)
    restore(open_store(str(store)), tmp_path / "bag")
    assert verify(open_store(str(tmp_path / "bag"))).passed
    (tmp_path / "bag" / "data" / "source" / "paper.md").write_text("Forged.")
    (fault, *_) = verify(open_store(str(tmp_path / "bag"))).faults
    assert fault.path == "data/source/paper.md"


def test_a_file_of_a_bag_is_read_once_however_many_manifests_list_it(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    restore(open_store(str(store)), tmp_path / "bag")
    read: Counter[str] = Counter()
    true_read = Disk.read

    def counted(self: Disk, path: str) -> bytes:
        read[path] += 1
        return true_read(self, path)

    monkeypatch.setattr(Disk, "read", counted)
    assert verify(open_store(str(tmp_path / "bag"))).passed
    assert read["data/source/paper.md"] == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=5,
)


@given(value=JSON, data=st.data())
def test_an_inventory_with_a_field_of_any_type_is_read_or_refused(
    sound: Path, value: object, data: st.DataObject
) -> None:
    inventory = json.loads((sound / ROOT / "inventory.json").read_text())
    block: Any = inventory
    while True:
        key = data.draw(st.sampled_from(sorted(block)) if isinstance(block, dict) else st.just(0))
        if not (isinstance(block[key], dict | list) and block[key] and data.draw(st.booleans())):
            break
        block = block[key]
    block[key] = value
    judged = judge(json.dumps(inventory).encode())
    assert judged.inventory is not None or judged.remarks


@given(st.binary(max_size=40))
def test_any_bytes_are_read_as_an_inventory_or_refused(data: bytes) -> None:
    assert judge(data).inventory is None
