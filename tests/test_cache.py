"""The cache: bytes are kept by what they are made from, and made again where they are damaged."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from test_command import triptych

from triptych.cache.store import Cache, key_of, open_cache, remembered, using


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def never() -> bytes:
    raise AssertionError("made again")


def test_what_was_made_once_is_not_made_again(cache: Cache) -> None:
    with using(cache):
        assert remembered("covers", ["a title"], lambda: b"a cover") == b"a cover"
        assert remembered("covers", ["a title"], never) == b"a cover"
        assert remembered("covers", ["another"], lambda: b"another cover") == b"another cover"


def test_without_a_cache_everything_is_made() -> None:
    assert [remembered("covers", ["a"], lambda n=n: n) for n in (b"1", b"2")] == [b"1", b"2"]  # type: ignore[misc]


def test_parts_that_read_the_same_when_joined_are_told_apart() -> None:
    assert key_of(["ab", "c"]) != key_of(["a", "bc"])


@pytest.mark.parametrize(
    "harm",
    [lambda data: data[:-1], lambda data: data[:20], lambda data: b"x" + data[1:], lambda _: b""],
    ids=["cut", "cut early", "another digest", "empty"],
)
def test_a_damaged_entry_is_made_again(cache: Cache, harm: Callable[[bytes], bytes]) -> None:
    cache.put("covers", "abcdef", b"a cover")
    (entry,) = cache.entries()
    entry.path.write_bytes(harm(entry.path.read_bytes()))
    assert cache.get("covers", "abcdef") is None
    assert list(cache.entries()) == []


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with using(Cache(tmp_path / "file" / "cache")):
        assert remembered("covers", ["a"], lambda: b"a cover") == b"a cover"


def test_what_was_of_use_the_longest_ago_goes_first(cache: Cache) -> None:
    for age, key in enumerate(("aa1", "bb2", "cc3")):
        cache.put("files", key, bytes(1000))
        (entry,) = (entry for entry in cache.entries() if entry.path.name == key[2:])
        os.utime(entry.path, (time.time() - 60 * age,) * 2)
    assert cache.prune(2100) > 1000
    assert [cache.get("files", key) is None for key in ("aa1", "bb2", "cc3")] == [
        False, False, True,
    ]  # fmt: skip
    cache.prune(0)
    assert list(cache.entries()) == []


def test_several_may_keep_the_same_at_once(cache: Cache) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: cache.put("files", "abc", bytes(100_000)), range(64)))
    assert cache.get("files", "abc") == bytes(100_000)
    assert len(list(cache.entries())) == 1


def test_the_cache_is_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRIPTYCH_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert open_cache() == Cache(tmp_path / "triptych")
    (tmp_path / "triptych").chmod(0o777)
    assert open_cache() is None, "anybody may write there"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert open_cache() == Cache(tmp_path / ".cache" / "triptych"), "XDG: only absolute paths count"
    monkeypatch.setenv("TRIPTYCH_CACHE", str(tmp_path / "mine"))
    assert open_cache() == Cache(tmp_path / "mine")


def test_the_command_shows_and_prunes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIPTYCH_CACHE", str(tmp_path / "mine"))
    Cache(tmp_path / "mine").put("covers", "abc", bytes(5000))
    shown = triptych("cache", cwd=tmp_path)
    assert (shown.returncode, "covers: 1 entry, 4.9 KiB" in shown.stdout) == (0, True)
    assert "freed 4.9 KiB" in triptych("cache", "--prune", "1K", cwd=tmp_path).stdout
    assert triptych("cache", "--prune", "much", cwd=tmp_path).returncode == 2
