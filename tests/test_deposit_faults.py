"""What may befall a store and a build: sudden death, a full disk, a flipped bit, a lost file.

Each leaves what was there before or what was to be, never a mix; or it is told, with the file's
name.
"""

from __future__ import annotations

import errno
import os
import random
import re
import resource
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

import pytest
from conftest import DRAWING, REFERENCES, Desk
from deposits import FIRST, LATER, contents, objections, package, state

from triptych.deposit.archive import deposit
from triptych.deposit.pending import STAGING
from triptych.deposit.places import open_store
from triptych.deposit.restore import restore
from triptych.deposit.store import ROOT_FILES, beside, object_root, store_error
from triptych.deposit.verify import verify
from triptych.diagnostics import MachineError, ProofError, TriptychError, UsageError
from triptych.press import build
from triptych.publish import replace_folder

ROOT = object_root("urn:uuid:0a1b")
SUDDEN_DEATHS = 200


def old(where: Path) -> None:
    deposit(package("First"), open_store(str(where)), "First", FIRST)


def new(where: Path) -> None:
    deposit(package("Second"), open_store(str(where)), "Second", LATER)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, where there is such a thing: all that is written in it is soon done."""
    place = Path("/dev/shm")
    with TemporaryDirectory(dir=place if os.access(place, os.W_OK) else tmp_path) as folder:
        yield Path(folder)


# --- Sudden death --------------------------------------------------------------------------------


def touches_the_system(function: Any) -> bool:
    """Whether a function written in C may change a file: those of `os` and of open files."""
    owner = getattr(function, "__self__", None)
    return getattr(function, "__module__", None) in ("posix", "_io", "fcntl") or type(
        owner
    ).__module__ in ("_io", "posix")


def dies(action: Callable[[], None], moment: int | None = None) -> int:
    """Run `action` in a process of its own, which is killed (SIGKILL) at one of its moments.

    A moment is the instant before or after one call of the system that may change files. Tells how
    many moments there were until the process ended.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        moments = 0

        def look(_: FrameType, event: str, what: Any) -> None:
            nonlocal moments
            if event in ("c_call", "c_return") and touches_the_system(what):
                moments += 1
                if moments == moment:
                    os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.setprofile(look)
            action()
            sys.setprofile(None)
            os.write(writing, str(moments).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        count = told.read()
    os.waitpid(child, 0)
    return int(count or 0)


def moments_of(action: Callable[[], None], seed: int, count: int) -> Iterator[int]:
    """Moments of an action to die at: the first, the last, and `count` between them by chance."""
    there = dies(action)
    assert there > 50, there
    print(f"seed: {seed}")
    between = range(2, there)
    chosen = random.Random(seed).sample(between, min(count, len(between)))
    return iter([1, *sorted(chosen), there])


def is_old_or_new(where: Path) -> str:
    """Which state a store is in, by every judge there is; fails for any third."""
    assert [m for m in objections(where) if "triptych-staging" not in m] == []
    past = state(open_store(str(where)))
    assert past in (["First"], ["First", "Second"])
    return past[-1]


def test_a_deposit_that_dies_leaves_the_old_version_or_the_new(memory: Path) -> None:
    old(memory / "before")
    shutil.copytree(memory / "before", memory / "trial")
    seen = set()
    for moment in moments_of(lambda: new(memory / "trial"), 1, 80):
        shutil.rmtree(memory / "store", ignore_errors=True)
        shutil.copytree(memory / "before", memory / "store")
        dies(lambda: new(memory / "store"), moment)
        seen.add(is_old_or_new(memory / "store"))
        new(memory / "store")
        assert not (memory / "store" / STAGING).exists()
        assert is_old_or_new(memory / "store") == "Second"
    assert seen == {"First", "Second"}


def test_where_folders_cannot_be_exchanged_death_leaves_the_old_version_or_the_new_too(
    memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on systems that have no such call: what is half-way is known as such, and settled."""
    monkeypatch.setattr("triptych.deposit.disk.exchange", lambda *_: False)
    old(memory / "before")
    shutil.copytree(memory / "before", memory / "trial")
    seen = set()
    noted = 0
    for moment in moments_of(lambda: new(memory / "trial"), 6, 40):
        shutil.rmtree(memory / "store", ignore_errors=True)
        shutil.copytree(memory / "before", memory / "store")
        dies(lambda: new(memory / "store"), moment)
        found = state(open_store(str(memory / "store")))
        assert found in (["First"], ["First", "Second"])
        seen.add(found[-1])
        noted += any("decided" in note for note in verify(open_store(str(memory / "store"))).notes)
        new(memory / "store")
        assert is_old_or_new(memory / "store") == "Second"
        assert verify(open_store(str(memory / "store"))).notes == ()
    assert seen == {"First", "Second"}
    assert noted > 10


def test_a_first_deposit_that_dies_leaves_no_store_an_empty_one_or_a_whole_one(
    memory: Path,
) -> None:
    seen = set()
    for moment in moments_of(lambda: old(memory / "trial"), 2, 40):
        shutil.rmtree(memory / "store", ignore_errors=True)
        dies(lambda: old(memory / "store"), moment)
        found = state(open_store(str(memory / "store")))
        assert found in ([], ["First"])
        seen.add(len(found))
        old(memory / "store")
        assert not (memory / "store" / STAGING).exists()
        assert is_old_or_new(memory / "store") == "First"
        assert objections(memory / "store") == []
    assert seen == {0, 1}


def test_a_build_that_dies_leaves_the_old_files_or_the_new(
    desk: Desk, finished: tuple[dict[str, bytes], dict[str, bytes]], memory: Path
) -> None:
    """The files of two real builds, killed while they are shelved: only then does `dist` change."""
    before, after = finished
    replace_folder(memory / "trial", before)
    states = []
    for moment in moments_of(lambda: replace_folder(memory / "trial", after), 3, SUDDEN_DEATHS):
        shutil.rmtree(memory / "dist", ignore_errors=True)
        replace_folder(memory / "dist", before)
        dies(lambda: replace_folder(memory / "dist", after), moment)
        held = {path.name: path.read_bytes() for path in (memory / "dist").iterdir()}
        assert held in (before, after)
        states.append(held == after)
    replace_folder(memory / "dist", after)
    assert sorted(path.name for path in memory.iterdir() if "dist" in path.name) == ["dist"]
    assert True in states
    assert False in states
    assert desk.folder.is_dir()


@pytest.fixture(scope="module")
def finished(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files that a paper makes before and after a change."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.put("refs.json", REFERENCES)
    desk.put("a.svg", DRAWING)
    sets = []
    for words in ("So [@lovelace1843].\n", "Not so [@babbage1864].\n"):
        made = build(desk.paper(words), out=desk.folder / "dist", formats=("html", "epub"))
        sets.append({path.name: path.read_bytes() for path in made.files})
    return sets[0], sets[1]


# --- The disk -----------------------------------------------------------------------------------


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """As where a quota ends: a longer file cannot be written (EFBIG)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    former = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, former)


@pytest.mark.parametrize("size", [0, 8, 100, 1000, 3000])
def test_a_full_disk_is_told_and_nothing_is_lost(size: int, tmp_path: Path) -> None:
    old(tmp_path / "store")
    before = contents(open_store(str(tmp_path / "store")))
    with no_file_longer_than(size), pytest.raises(MachineError, match="the disk is full"):
        new(tmp_path / "store")
    assert contents(open_store(str(tmp_path / "store"))) == before
    new(tmp_path / "store")
    assert is_old_or_new(tmp_path / "store") == "Second"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_no_fault_of_the_user(number: int) -> None:
    assert isinstance(store_error("write", OSError(number, os.strerror(number))), MachineError)
    assert isinstance(store_error("write", OSError(errno.EROFS, "read-only")), UsageError)


def test_a_full_disk_leaves_finished_files_as_they_were(
    finished: tuple[dict[str, bytes], dict[str, bytes]], tmp_path: Path
) -> None:
    before, after = finished
    replace_folder(tmp_path / "dist", before)
    with no_file_longer_than(4096), pytest.raises(UsageError, match="cannot write"):
        replace_folder(tmp_path / "dist", after)
    assert {path.name: path.read_bytes() for path in (tmp_path / "dist").iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["dist"]


@pytest.mark.parametrize("which", ["folder in the way", "link to nowhere"])
def test_a_store_that_cannot_be_written_is_told(which: str, tmp_path: Path) -> None:
    place = tmp_path / "store"
    if which == "folder in the way":
        place.write_text("in the way")
    else:
        place.symlink_to("/proc/nowhere/at/all")
    with pytest.raises(UsageError, match=r"cannot (read|write) the store"):
        old(place)


def as_a_plain_user(action: Callable[[], None]) -> str:
    """Run `action` in a process of a user who is not root; tell of what mistake it was told."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            action()
        except TriptychError as error:
            os.write(writing, f"{error.exit.name}: {error}".encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        said = told.read()
    os.waitpid(child, 0)
    return said


@pytest.fixture
def desert(memory: Path) -> Iterator[Path]:
    """A folder that may be read, and no more."""
    memory.chmod(0o555)
    yield memory
    memory.chmod(0o755)


def test_a_read_only_target_is_told(desert: Path) -> None:
    said = as_a_plain_user(lambda: old(desert / "store"))
    assert re.match("USAGE: cannot write the store .*: Permission denied", said)
    said = as_a_plain_user(lambda: replace_folder(desert / "dist", {"a": b"one"}))
    assert re.match("USAGE: cannot write .*dist: Permission denied", said)
    assert list(desert.iterdir()) == []


def test_a_store_that_turned_read_only_is_told_and_read_as_before(memory: Path) -> None:
    memory.chmod(0o755)
    old(memory / "store")
    for folder in (memory / "store", *(p for p in (memory / "store").rglob("*") if p.is_dir())):
        folder.chmod(0o555)
    said = as_a_plain_user(lambda: new(memory / "store"))
    assert re.match("USAGE: cannot write the store .*: Permission denied", said)
    assert as_a_plain_user(lambda: told(memory / "store").clear()) == ""
    assert is_old_or_new(memory / "store") == "First"


def test_what_a_dead_deposit_left_is_in_no_plain_users_way(memory: Path) -> None:
    """Files in a store are made read-only, those that were on their way too."""
    memory.chmod(0o777)
    place = memory / "store"

    def begin() -> None:
        place.mkdir()
        for path in ROOT_FILES:
            left = place / beside(path)
            left.parent.mkdir(parents=True, exist_ok=True)
            left.touch(0o444)
        old(place)

    assert as_a_plain_user(begin) == ""
    assert is_old_or_new(place) == "First"


# --- Damage -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two versions of a work."""
    place = tmp_path_factory.mktemp("whole") / "store"
    old(place)
    new(place)
    return place


@pytest.fixture
def store(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole, tmp_path / "store")
    for path in (tmp_path / "store").rglob("*"):
        path.chmod(0o755)
    return tmp_path / "store"


def told(where: Path) -> set[tuple[str, str]]:
    return {(fault.kind, fault.path) for fault in verify(open_store(str(where))).faults}


def files(where: Path) -> list[Path]:
    return sorted(path for path in where.rglob("*") if path.is_file())


def test_a_flipped_bit_in_any_file_is_named(store: Path) -> None:
    chance = random.Random(5)
    for path in files(store):
        data = path.read_bytes()
        for position in {0, len(data) - 1, chance.randrange(len(data))}:
            broken = bytearray(data)
            broken[position] ^= 1 << chance.randrange(8)
            path.write_bytes(broken)
            name = path.relative_to(store).as_posix()
            assert ("damaged", name) in told(store), (name, position)
            assert {fault for _, fault in told(store)} == {name}, (name, position)
        path.write_bytes(data)
    assert told(store) == set()


@pytest.fixture
def decided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store whose second version is decided upon, and nothing of it is in its place."""
    old(tmp_path / "store")
    with monkeypatch.context() as patch:
        patch.setattr("triptych.deposit.disk.exchange", lambda *_: False)
        patch.setattr("triptych.deposit.pending._put_in_place", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            new(tmp_path / "store")
    return tmp_path / "store"


def test_what_is_decided_upon_counts(decided: Path) -> None:
    assert is_old_or_new(decided) == "Second"
    assert not (decided / ROOT / "v2").exists()
    new(decided)
    assert is_old_or_new(decided) == "Second"
    assert not (decided / STAGING).exists()


def test_a_flipped_bit_in_what_is_decided_upon_is_named(decided: Path) -> None:
    record = decided / STAGING / ROOT / "v2.json"
    chance = random.Random(14)
    for path in (record, *files(decided / STAGING / ROOT / "v2" / "content")):
        data = path.read_bytes()
        path.chmod(0o644)
        for position in {0, len(data) - 1, chance.randrange(len(data))}:
            broken = bytearray(data)
            broken[position] ^= 1 << chance.randrange(8)
            path.write_bytes(broken)
            name = path.relative_to(decided).as_posix()
            place = name if path == record else name.removeprefix(f"{STAGING}/")
            assert ("damaged", place) in told(decided), (name, position)
        path.write_bytes(data)
    record.write_bytes(record.read_bytes()[:-9])
    with pytest.raises(ProofError, match=r"v2\.json is not a record"):
        new(decided)
    record.unlink()
    assert is_old_or_new(decided) == "First"
    new(decided)
    assert is_old_or_new(decided) == "Second"


def test_a_lost_file_of_what_is_decided_upon_is_named(decided: Path) -> None:
    lost = min(
        (decided / STAGING).rglob("paper.md"), key=lambda path: "v2/content" not in str(path)
    )
    lost.unlink()
    place = lost.relative_to(decided / STAGING).as_posix()
    assert ("missing", place) in told(decided)
    with pytest.raises(ProofError, match=r"paper\.md is missing"):
        new(decided)


def test_a_truncated_file_is_named(store: Path) -> None:
    for path in files(store):
        data = path.read_bytes()
        name = path.relative_to(store).as_posix()
        kind = "truncated" if "/data/" in name else "damaged"
        for length in (0, len(data) // 2, len(data) - 1):
            path.write_bytes(data[:length])
            assert (kind, name) in told(store), (name, length)
        path.write_bytes(data)


def test_a_missing_file_is_named(store: Path) -> None:
    for path in files(store):
        data = path.read_bytes()
        path.unlink()
        name = path.relative_to(store).as_posix()
        if name == "0=ocfl_1.1":
            with pytest.raises(UsageError, match="E069"):
                told(store)
        else:
            assert ("missing", name) in told(store), name
        path.write_bytes(data)
    assert told(store) == set()


@pytest.mark.parametrize(
    "name",
    [
        f"{ROOT}/notes.txt",
        f"{ROOT}/v1/notes.txt",
        f"{ROOT}/v1/content/notes.txt",
        f"{ROOT}/v3/inventory.json",
        "3c0/notes.txt",
    ],
)
def test_a_file_too_many_is_named(name: str, store: Path) -> None:
    (store / name).parent.mkdir(parents=True, exist_ok=True)
    (store / name).write_text("{}")
    assert name in {path for _, path in told(store)}


def test_other_files_beside_the_objects_are_nobodys_business(store: Path) -> None:
    """A storage root may hold a text that explains it (OCFL 1.1, 4.1)."""
    (store / "README.txt").write_text("What this is.")
    assert told(store) == set()


def test_two_files_that_changed_places_are_named(store: Path) -> None:
    one, other = sorted(store.rglob("paper.md"))
    one.rename(store / "aside")
    other.rename(one)
    (store / "aside").rename(other)
    assert {Path(path).name for _, path in told(store)} == {"paper.md"}
    assert len(told(store)) == 2


def test_an_older_inventory_in_the_place_of_the_newest_is_noticed(store: Path) -> None:
    """As when a backup was put back halfway: nothing of the newer version may be cleared away."""
    for name in ("inventory.json", "inventory.json.sha512"):
        shutil.copy(store / ROOT / "v1" / name, store / ROOT / name)
    assert told(store)
    with pytest.raises(TriptychError):
        deposit(package("Three."), open_store(str(store)), "Third", LATER)
    assert (store / ROOT / "v2" / "inventory.json").exists()


def test_a_damaged_file_is_never_restored(store: Path, tmp_path: Path) -> None:
    damaged = min(store.rglob("paper.md"))
    damaged.write_text("Forged.")
    with pytest.raises(ProofError, match=r"damaged: .*paper\.md"):
        restore(open_store(str(store)), tmp_path / "out", version=1)
    assert not (tmp_path / "out").exists()
    restore(open_store(str(store)), tmp_path / "out", version=2)


def test_a_damaged_inventory_is_not_restored_from_and_its_remedy_is_told(
    store: Path, tmp_path: Path
) -> None:
    """`verify` and `restore` agree; the copy in the newest version is the way out."""
    (store / ROOT / "inventory.json").write_text("{")
    with pytest.raises(ProofError, match=r"v2/inventory\.json is whole"):
        restore(open_store(str(store)), tmp_path / "out")
    assert not (tmp_path / "out").exists()
    shutil.copy(store / ROOT / "v2" / "inventory.json", store / ROOT / "inventory.json")
    restore(open_store(str(store)), tmp_path / "out")
    assert (tmp_path / "out" / "data" / "source" / "paper.md").read_text() == "Second"


def test_every_file_of_the_root_is_looked_after() -> None:
    assert set(ROOT_FILES) == {
        "0=ocfl_1.1",
        "ocfl_layout.json",
        "extensions/0003-hash-and-id-n-tuple-storage-layout/config.json",
    }
