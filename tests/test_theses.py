"""Long works as universities have them: they build strictly, and all editions agree.

The works and how they are made are those of tests/theses/. The first chapters of each are built in
one style here; `make corpus-long` builds all in three, and lets all validators judge them.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from theses import NAMES, write_work

from triptych.press import build

CHAPTERS = 3
"""So many hold a block of each kind, in German of nearly each."""
STYLES = {
    "arabic": "chicago-notes-bibliography",
    "chinese": "chicago-notes-bibliography",
    "english": "apa",
    "german": "chicago-notes-bibliography",
    "hindi": "ieee",
    "japanese": "ieee",
    "korean": "apa",
}
EXPECTED = {"table-wide"}
"""What may be told of a work: that its wide tables are set smaller."""


@pytest.mark.parametrize("name", NAMES)
def test_a_long_work_builds_strictly_and_agrees(name: str, tmp_path: Path) -> None:
    work = write_work(name, tmp_path, CHAPTERS)
    made = build(work, out=tmp_path / "out", csl=STYLES[name])
    assert made.collation.passed
    assert {told.code for told in made.warnings} <= EXPECTED


def test_a_work_is_the_same_whenever_it_is_written(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        for name in NAMES:
            (folder / name).mkdir()
            write_work(name, folder / name)
    one, two = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")}
        for folder in folders
    )
    assert one == two
