"""The way over the resolved tree: a table of passes, each after those whose work it needs."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import get_args

import pytest
from conftest import Desk

from triptych.diagnostics import SourceError
from triptych.resolve import passes
from triptych.resolve.passes import PASSES, Done, Pass
from triptych.resolve.work import Work


@pytest.mark.parametrize("row", PASSES, ids=lambda row: row.name)
def test_what_a_pass_needs_is_left_by_passes_above_it(row: Pass) -> None:
    above = PASSES[: PASSES.index(row)]
    done = {state for earlier in above for state in earlier.leaves}
    assert set(row.needs) <= done


def test_each_thing_is_left_by_one_pass() -> None:
    left = Counter(state for row in PASSES for state in row.leaves)
    assert left == dict.fromkeys(get_args(Done), 1)


def test_no_two_passes_have_one_name() -> None:
    assert len({row.name for row in PASSES}) == len(PASSES)


def test_a_source_is_led_through_the_passes_in_their_order(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    def noted(row: Pass) -> Pass:
        def run(work: Work) -> None:
            ran.append(row.name)
            row.run(work)

        return replace(row, run=run)

    monkeypatch.setattr(passes, "PASSES", tuple(map(noted, PASSES)))
    desk.edition("Seen by @lovelace1843.\n")
    assert ran == [row.name for row in PASSES]


def test_a_mistake_of_an_early_pass_keeps_none_of_a_later_one_from_being_told(desk: Desk) -> None:
    body = "[Away](nowhere.html) and @fig:lost.\n\n![](a.svg)\n"
    with pytest.raises(SourceError) as raised:
        desk.edition(body)
    assert {told.code for told in raised.value.diagnostics} == {
        "link-lost", "figure-alt", "crossref-unknown",
    }  # fmt: skip
