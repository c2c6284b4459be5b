"""Every reader of files from outside keeps its promises, of all seeds and of all that was found.

`make fuzz` looks for more (see fuzz/).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzz.targets import TARGETS, try_out

FUZZ = Path(__file__).parent / "fuzz"
CASES = sorted(path.relative_to(FUZZ) for path in FUZZ.glob("*/*/*") if path.is_file())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_reader_of_strangers_files_keeps_its_promises(case: Path) -> None:
    try_out(case.parts[1], (FUZZ / case).read_bytes())


def test_each_reader_has_seeds_and_nothing_else_has() -> None:
    assert {case.parts[1] for case in CASES if case.parts[0] == "seeds"} == set(TARGETS)
    assert {case.parts[1] for case in CASES} <= set(TARGETS)
