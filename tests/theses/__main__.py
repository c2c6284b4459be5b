"""Build all long works in three styles, have all validators judge them, and tell it in a table.

    PYTHONPATH=tests python -m theses [--only NAME] [--style STYLE] [--chapters N]
        [--out FILE]

In a table that is there already, the rows of what is not built again stay as they are.
Exit code 1 where a work does not build strictly, its editions differ, or a validator finds fault.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pikepdf

from theses import NAMES, write_work
from triptych.check.examine import check
from triptych.diagnostics import TriptychError
from triptych.press import build

STYLES = ("apa", "ieee", "chicago-notes-bibliography")
FORMATS = ("html", "epub", "pdf", "jats", "text")
HEAD = (
    "| work | style | pages | letters | citations | notes | seconds | outcome | day |\n"
    "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- | --- |"
)
SOUND = "sound"


def judged(
    name: str, style: str, chapters: int | None, folder: Path, today: date
) -> tuple[str, bool]:
    """Build a work in a style and check it; its row of the table, and whether all is well."""
    try:
        work = write_work(name, folder, chapters)
        made = build(work, out=folder / "out", csl=style, formats=FORMATS)
    except TriptychError as error:
        print(f"{name}, {style}: {error}", file=sys.stderr)
        return f"| {name} | {style} | | | | | | {type(error).__name__} | {today} |", False
    checked = check([folder / "out"], require_all=True)
    for each in checked.failing:
        print(f"{name}, {style}: {each.tool}: {each.opinion}: {each.remarks}", file=sys.stderr)
    with pikepdf.open(next(path for path in made.files if path.suffix == ".pdf")) as pdf:
        pages = len(pdf.pages)
    ledger = made.edition.ledger
    outcome = ", ".join(sorted({each.tool for each in checked.failing})) or SOUND
    numbers = (pages, len(ledger.text.plain), len(ledger.clusters), len(ledger.notes))
    cells = [name, style, *map(str, numbers), f"{made.seconds:.0f}", outcome, today.isoformat()]
    return f"| {' | '.join(cells)} |", checked.passed


def rows_of(table: str) -> dict[tuple[str, ...], str]:
    """The rows of a table that `report` wrote, by work and style."""
    lines = [line for line in table.splitlines() if line.startswith("| ")][2:]
    return {tuple(cell.strip() for cell in line.split("|")[1:3]): line for line in lines}


def report(rows: Sequence[str]) -> str:
    """The table, and what it tells."""
    return "\n".join([
        "# Long works",
        "",
        "Works as universities have them, 30 to 100 printed pages each, made by `tests/theses/`",
        "from sentences in their language. Each is built strictly as HTML, EPUB, PDF, JATS and",
        "plain text, proven, and judged by all validators for these formats. `seconds` are those",
        "of the build with its proof, on a machine that may do other work beside. `make",
        "corpus-long` makes this table; the last column says when a row was made.",
        "",
        HEAD,
        *rows,
        "",
    ])  # fmt: skip


def main() -> int:
    """Build, judge and report."""
    parser = argparse.ArgumentParser(prog="theses", description=__doc__)
    parser.add_argument("--only", action="append", choices=NAMES, help="a work, instead of all")
    parser.add_argument("--style", action="append", help="a style, instead of three")
    parser.add_argument("--chapters", type=int, help="so many of each work, instead of all")
    parser.add_argument("--out", type=Path, help="write the table here")
    asked = parser.parse_args()
    there = asked.out.read_text() if asked.out and asked.out.is_file() else ""
    rows, sound, today = rows_of(there), True, date.today()
    for name in asked.only or NAMES:
        for style in asked.style or STYLES:
            with tempfile.TemporaryDirectory() as scratch:
                row, passed = judged(name, style, asked.chapters, Path(scratch), today)
            print(row, flush=True)
            rows[name, style] = row
            sound = sound and passed
            if asked.out:
                asked.out.write_text(report([rows[key] for key in sorted(rows)]))
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
