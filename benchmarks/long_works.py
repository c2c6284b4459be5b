"""Time long works of tables, of notes, and of a book, against three runs of pandoc on the source.

    python benchmarks/long_works.py [--times] [--runs RUNS] [WORK...]

Works: `tables`, some 60 pages with 40 tables, of which most must be fitted to the page; `notes`,
some 250 pages with 250 long notes; `book`, some 330 pages. All are drawn from one seed. Both
presses make HTML, EPUB and PDF, cold, by turns, so that a busy machine slows both; Triptych proves
them besides. Out: a table of the medians and their ratio. With `--times` it is counted instead how
often pages are set and notes laid out.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any

from against_pandoc import time_pandoc, time_triptych, write_inputs
from scale import SEED, WORDS, sentence, write_book

from triptych.read.source import read_source

TABLES = 40
NOTES = 250
BOOK = 280
"""Pages asked of `write_book`, which gives some more."""


def write_tables(folder: Path) -> None:
    """Write a study of 40 tables: narrow, wide and long ones, each below some text."""
    dice = Random(SEED)
    kinds = ((4, 8), (10, 9), (5, 48), (7, 14), (14, 12))
    blocks: list[str] = []
    for number in range(TABLES):
        if number % 8 == 0:
            blocks.append(f"# {sentence(dice, 2, 4)[:-1]}")
        blocks.append(f"## {sentence(dice, 2, 5)[:-1]}")
        blocks.append(paragraph(dice, number))
        blocks.append(table(dice, number, *kinds[number % len(kinds)]))
    write_work(folder, "A Study of Harbours", blocks, works=60)


def write_notes(folder: Path) -> None:
    """Write a dissertation of 250 notes, most of them longer than the text that calls them."""
    dice = Random(SEED)
    blocks: list[str] = []
    for number in range(NOTES):
        if number % 25 == 0:
            blocks.append(f"# {sentence(dice, 2, 4)[:-1]}")
        if number % 5 == 0:
            blocks.append(f"## {sentence(dice, 2, 5)[:-1]}")
        blocks += [f"{paragraph(dice, number)}[^n{number}]", paragraph(dice, number, 3)]
        lines = [
            paragraph(dice, number, dice.randint(4, 16)) for _ in range(dice.choice((1, 1, 2)))
        ]
        blocks.append(f"[^n{number}]: " + "\n\n    ".join(lines))
    write_work(folder, "A Dissertation on Harbours", blocks, works=120)


def paragraph(dice: Random, number: int, sentences: int = 7) -> str:
    """A paragraph, which cites a work."""
    said = [sentence(dice, 8, 20) for _ in range(sentences)]
    return f"{' '.join(said)[:-1]} [@work{number % 60}, p. {dice.randint(1, 300)}]."


def table(dice: Random, number: int, columns: int, rows: int) -> str:
    """A table with a caption, of words and of numbers."""
    heads = [" ".join(dice.sample(WORDS, 2)) for _ in range(columns)]
    lines = [f"| {' | '.join(heads)} |", "|---" + "|---:" * (columns - 1) + "|"]
    for _ in range(rows):
        cells = [dice.choice(WORDS), *(str(dice.randint(1, 99_999)) for _ in range(columns - 1))]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", f": {sentence(dice, 3, 8)} {{#tbl:t{number}}}"])


def write_work(folder: Path, title: str, blocks: list[str], works: int) -> None:
    """Write a work of one file, with its bibliography."""
    dice = Random(SEED)
    listed = [
        {
            "id": f"work{number}",
            "type": "book",
            "title": sentence(dice, 4, 9)[:-1],
            "author": [{"family": f"{dice.choice(WORDS).title()}{number}", "given": "A."}],
            "issued": {"date-parts": [[dice.randint(1900, 2020)]]},
            "publisher": "Quay Press",
        }
        for number in range(works)
    ]
    (folder / "works.json").write_text(json.dumps(listed))
    (folder / "article.md").write_text("\n\n".join(blocks) + "\n")
    (folder / "edition.toml").write_text(
        f'title = "{title}"\nlanguage = "en-GB"\nbibliography = "works.json"\n'
    )


def _book(folder: Path) -> None:
    write_book(folder, BOOK)


WORKS: Mapping[str, Callable[[Path], None]] = {
    "tables": write_tables,
    "notes": write_notes,
    "book": _book,
}


def main() -> None:
    """Time the works, or count, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("works", nargs="*", metavar="WORK", help=f"one of {', '.join(WORKS)}")
    parser.add_argument("--times", action="store_true", help="count how often pages are set")
    parser.add_argument("--runs", type=int, default=3, help="runs of each command (default: 3)")
    asked = parser.parse_args()
    heads = (
        ("work", "pages", "pages set", "notes", "notes laid out")
        if asked.times
        else ("work", "triptych, s", "pandoc, s", "ratio")
    )
    print(f"| {' | '.join(heads)} |\n|{' --- |' + ' --: |' * (len(heads) - 1)}")
    for name in asked.works or WORKS:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "source"
            folder.mkdir()
            WORKS[name](folder)
            numbers = counted(folder) if asked.times else timed(folder, Path(scratch), asked.runs)
        print(f"| {' | '.join((name, *numbers))} |", flush=True)


def timed(folder: Path, scratch: Path, runs: int) -> tuple[str, ...]:
    """Seconds of Triptych and of pandoc, and the ratio of the two."""
    source = read_source(folder)
    inputs = write_inputs(source, scratch)
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(runs):
        ours.append(time_triptych(folder, scratch / f"triptych-{number}"))
        theirs.append(time_pandoc(source, inputs, scratch / f"pandoc-{number}"))
    one, other = statistics.median(ours), statistics.median(theirs)
    return f"{one:.1f}", f"{other:.1f}", f"{one / other:.2f}"


def counted(folder: Path) -> tuple[str, ...]:
    """The pages and how often they were set; the notes and how often they were laid out."""
    from triptych.render.pdf.pages import render_paged
    from triptych.render.typesetter.weasyprint import load
    from triptych.resolve.passes import resolve_source

    load()
    from weasyprint.formatting_structure.boxes import FootnoteAreaBox
    from weasyprint.layout import block

    notes: Counter[Any] = Counter()
    original = block.block_box_layout

    def counting(context: Any, box: Any, *rest: Any) -> Any:
        if isinstance(rest[2], FootnoteAreaBox):
            notes[box.element] += 1
        return original(context, box, *rest)

    block.block_box_layout = counting
    try:
        made = render_paged(resolve_source(read_source(folder), keep_going=True)[0])
    finally:
        block.block_box_layout = original
    return tuple(map(str, (len(made.times_set), sum(made.times_set), len(notes), notes.total())))


if __name__ == "__main__":
    main()
