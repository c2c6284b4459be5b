"""Deposits over a wire that may be cut, to a service that may fail: all or nothing comes in."""

from __future__ import annotations

import os
import random
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from deposits import LATER, contents, copy_to, new_bucket, objections, package, state
from wire import Fault, Wire

from triptych.deposit.archive import deposit
from triptych.deposit.places import open_store
from triptych.deposit.store import Store
from triptych.deposit.verify import verify
from triptych.diagnostics import Exit

SUDDEN_DEATHS = 40  # and 160 on disk, where they are cheaper


def depositing(where: str, endpoint: str, words: str) -> Callable[[], None]:
    """To deposit a paper that says `words`, with the same as message."""

    def action() -> None:
        deposit(package(words), open_store(where, endpoint), words, LATER)

    return action


def others_object(store: Store, folder: Path) -> list[str]:
    """What ocfl-py has against a store in S3."""
    return objections(copy_to(folder, contents(store)))


def test_a_deposit_killed_at_a_random_moment_leaves_the_old_version_or_the_new(
    service: str, tmp_path: Path
) -> None:
    """SIGKILL when a random number of bytes has gone to and from the service.

    Most deposits go on from what a killed one left; every fourth is let live.
    """
    print(f"seed: {(seed := 9)}")
    chance = random.Random(seed)
    wire, bucket = Wire(service), new_bucket(service)
    spans = [
        wire.run(depositing(f"{bucket}/span", wire.endpoint, words)).gone for words in ("a", "b")
    ]
    came_in = 0
    for number in range(SUDDEN_DEATHS):
        where = f"{bucket}/{number // 4}"
        store = open_store(where, service)
        before = state(store) if number % 4 else []
        words = f"Printing {number}."
        moment = chance.randrange(spans[bool(before)])
        assert wire.run(depositing(where, wire.endpoint, words), killed_after=moment).killed
        after = state(store)
        assert after in (before, [*before, words]), moment
        came_in += words in after
        if number % 4 == 3:
            depositing(where, service, "The last.")()
            assert state(store) == [*after, "The last."]
            assert verify(store).notes == ()
            assert others_object(store, tmp_path / str(number)) == []
    print(f"{came_in} of {SUDDEN_DEATHS} had come in")
    assert 10 < came_in < SUDDEN_DEATHS - 10


def test_deposits_at_once_all_come_in_and_the_dead_among_them_whole_or_not_at_all(
    service: str, tmp_path: Path
) -> None:
    """Six processes, one work; each second one is killed at a random time, on the others' way."""
    print(f"seed: {(seed := 10)}")
    chance = random.Random(seed)
    for turn in range(3):
        where = f"{new_bucket(service)}/archive"
        children: dict[int, str] = {}
        for number in range(6):
            words = f"Printing {number}."
            if (child := os.fork()) == 0:
                try:
                    depositing(where, service, words)()
                    os._exit(0)
                finally:
                    os._exit(1)
            children[child] = words
        killed = list(children)[::2]
        for child in killed:
            time.sleep(chance.random() * 0.4)
            os.kill(child, signal.SIGKILL)
        ended = {child: os.waitpid(child, 0)[1] for child in children}
        lived = {words for child, words in children.items() if child not in killed}
        assert {ended[child] for child in children if child not in killed} == {0}, turn
        past = state(open_store(where, service))
        assert len(past) == len(set(past))
        assert lived <= set(past) <= set(children.values())
        depositing(where, service, "The last.")()
        store = open_store(where, service)
        assert state(store) == [*past, "The last."]
        assert others_object(store, tmp_path / str(turn)) == []


# --- A service that fails -----------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["unavailable", "answer lost"])
def test_requests_that_fail_once_are_made_again(fault: Fault, service: str, tmp_path: Path) -> None:
    """Among them those on a condition, which is not met a second time if it was the first."""
    where = f"{new_bucket(service)}/archive"
    depositing(where, service, "One.")()
    failing = [
        rb"PUT .*/triptych-staging/.*/paper\.md ",
        rb"PUT .*/v2\.json ",
        rb"(?is)PUT .*x-amz-copy-source",
        rb"PUT .*0a1b/inventory\.json ",
        rb"PUT .*0a1b/inventory\.json\.sha512 ",
        rb"DELETE ",
    ]

    def befalls(request: bytes) -> Fault | None:
        for pattern in failing:
            if re.match(pattern, request):
                failing.remove(pattern)
                return fault
        return None

    wire = Wire(service)
    ran = wire.run(depositing(where, wire.endpoint, "Two."), fault=befalls)
    assert (ran.code, failing) == (0, [])
    store = open_store(where, service)
    assert state(store) == ["One.", "Two."]
    assert verify(store).notes == ()
    assert others_object(store, tmp_path) == []


def test_a_service_that_vanishes_is_told_and_nothing_is_lost(
    service: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    print(f"seed: {(seed := 11)}")
    chance = random.Random(seed)
    where = f"{new_bucket(service)}/archive"
    store = open_store(where, service)
    depositing(where, service, "One.")()
    wire = Wire(service)
    span = wire.run(depositing(f"{where}-span", wire.endpoint, "One.")).gone
    for number in range(6):
        before = state(store)
        wire = Wire(service)
        words = f"Printing {number}."
        ran = wire.run(
            depositing(where, wire.endpoint, words), cut_after=chance.randrange(span * 2 // 3)
        )
        assert ran.code == Exit.USAGE
        assert re.match(f"cannot (read|write) the store {where}: .", capfd.readouterr().err)
        assert state(store) in (before, [*before, words])
    depositing(where, service, "The last.")()
    assert state(store)[-1] == "The last."
    assert verify(store).notes == ()
