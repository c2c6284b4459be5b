"""Notes stand on the page of their marks, however lines and notes share the room."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pikepdf
import pytest

from triptych.read.source import read_source
from triptych.render.paged import render_paged
from triptych.resolve.document import resolve_source

WORDS = "captain cargo harbour keeper ledger market record summer tide vessel voyage winter".split()


def noted(seed: int) -> str:
    """A paper of paragraphs of few lines, most of them with notes."""
    dice, notes, blocks = Random(seed), 0, ["---\ntitle: Notes\nlang: en-GB\n---"]

    def words(least: int, most: int) -> str:
        return " ".join(dice.choices(WORDS, k=dice.randint(least, most)))

    for _ in range(24):
        paragraph, below = [], []
        for _ in range(dice.randint(1, 4)):
            paragraph.append(words(6, 24))
            if dice.random() < 0.5:
                notes += 1
                paragraph[-1] += f"[^{notes}]"
                below.append(f"[^{notes}]: {words(4, 30)}")
        blocks += [" ".join(paragraph), *below]
    return "\n\n".join(blocks)


def destinations(pages: bytes) -> dict[str, int]:
    """The number of the page of each named destination of a PDF."""
    with pikepdf.open(BytesIO(pages)) as pdf:
        numbers = {page.objgen: number for number, page in enumerate(pdf.pages)}
        names: Any = pikepdf.NameTree(pdf.Root.Names.Dests)
        return {str(name): numbers[target[0].objgen] for name, target in names.items()}


@pytest.mark.parametrize("seed", [2, 3, 6])  # of these WeasyPrint sends notes on, or loses them
def test_a_note_stands_on_the_page_of_its_mark(seed: int, tmp_path: Path) -> None:
    paper = tmp_path / "paper.md"
    paper.write_text(noted(seed))
    pages = render_paged(resolve_source(read_source(paper))[0]).pages
    places = destinations(pages)
    marks = [name for name in places if name.startswith("noteref-")]
    assert len(marks) > 20
    assert [mark for mark in marks if places[mark] != places.get(mark.replace("ref", ""))] == []
