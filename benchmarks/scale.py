"""Build works of growing length, and print how time and memory grow with them.

    python benchmarks/scale.py [PAGES...]

Each work is a book of chapters with sections, notes, citations, cross-references, figures, tables,
formulas, and a bibliography of as many entries as it has pages, all drawn from one seed. It is
built as HTML, EPUB and PDF in a process of its own, with the collation. Out: for each the pages it
really has, seconds by step, processor seconds, and the peak of memory: that of the process and of
the largest of its children together, which counts what they share twice. Last come the exponents
fitted to the curve: 1 is linear.
"""

from __future__ import annotations

import json
import math
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

SIZES = (50, 100, 200, 400, 1000)
SEED = 9
CHAPTER = 20
"""Pages of a chapter."""
WORDS = """ancient archive cargo captain careful certain column eastern harbour island keeper ledger
market merchant modern northern number paper printed record register several southern summer tide
vessel voyage western winter witness""".split()
STEPS = ("read", "resolve", "pdf", "html", "epub", "collate", "shelve")


def main() -> None:
    """Build the works, or, in a process of its own, one of them."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measured(Path(sys.argv[2]))))
        return
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    print(" ".join(f"{name:>8}" for name in ("pages", *STEPS, "all", "CPU s", "MiB", "s/page",
                                             "MiB/page")))  # fmt: skip
    curve = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as scratch:
            write_book(Path(scratch), size)
            ran = subprocess.run(
                [sys.executable, __file__, "--one", scratch], capture_output=True, text=True
            )
        if ran.returncode:
            sys.exit(ran.stderr)
        told = json.loads(ran.stdout)
        curve.append(told)
        numbers = [told["steps"].get(step, 0.0) for step in STEPS]
        numbers += [told["seconds"], told["cpu"], told["mib"]]
        numbers += [told["seconds"] / told["pages"], told["mib"] / told["pages"]]
        print(f"{told['pages']:>8}", *(f"{number:>8.2f}" for number in numbers), flush=True)
    if len(curve) > 1:
        pages = [told["pages"] for told in curve]
        for name in ("seconds", "cpu", "mib"):
            power = exponent(pages, [told[name] for told in curve])
            print(f"{name} grow as pages to the power of {power:.2f}")


def measured(folder: Path) -> dict[str, Any]:
    """Build one work, and tell its pages, seconds and peak memory."""
    import pikepdf

    from triptych.press import build
    from triptych.steps import Step

    steps: dict[str, float] = {}

    def listen(step: Step) -> None:
        if step.state == "done":
            steps[step.name] = steps.get(step.name, 0.0) + step.seconds

    made = build(folder, out=folder / "dist", listener=listen)
    with pikepdf.open(next(path for path in made.files if path.suffix == ".pdf")) as pdf:
        pages = len(pdf.pages)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "pages": pages,
        "steps": steps,
        "seconds": made.seconds,
        "cpu": sum(one.ru_utime + one.ru_stime for one in used),
        "mib": sum(one.ru_maxrss for one in used) / 1024,  # which Linux gives in KiB
    }


def exponent(pages: Sequence[float], values: Sequence[float]) -> float:
    """The power of the pages with which values grow: the slope of their logarithms."""
    xs, ys = [math.log(one) for one in pages], [math.log(one) for one in values]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    over = sum((one - x) * (other - y) for one, other in zip(xs, ys, strict=True))
    return over / sum((one - x) ** 2 for one in xs)


# --- The works ------------------------------------------------------------------------------------


def write_book(folder: Path, pages: int) -> None:
    """Write a book of about so many pages."""
    dice = Random(SEED)
    keys = [f"work{number}" for number in range(pages)]
    works = [
        {
            "id": key,
            "type": "book",
            "title": sentence(dice, 4, 9)[:-1],
            "author": [{"family": f"{dice.choice(WORDS).title()}{key[4:]}", "given": "A."}],
            "issued": {"date-parts": [[dice.randint(1900, 2020)]]},
            "publisher": "Quay Press",
        }
        for key in keys
    ]
    (folder / "works.json").write_text(json.dumps(works))
    names = []
    for start in range(0, pages, CHAPTER):
        names.append(f"chapter-{start // CHAPTER + 1}.md")
        text = chapter(dice, folder, start, min(start + CHAPTER, pages), keys)
        (folder / names[-1]).write_text(text)
    (folder / "edition.toml").write_text(
        f'title = "A Book of Harbours"\nlanguage = "en-GB"\nbibliography = "works.json"\n'
        f"chapters = {json.dumps(names)}\n"
    )


def chapter(dice: Random, folder: Path, start: int, end: int, keys: list[str]) -> str:
    """One chapter, in Pandoc's Markdown."""
    number = start // CHAPTER + 1
    blocks = [f"# {sentence(dice, 2, 4)[:-1]} {{#sec:c{number}}}"]
    for page in range(start, end):
        cited = keys[page]
        if page % 5 == 2:
            blocks.append(f"## {sentence(dice, 2, 5)[:-1]}")
        for part in range(4):
            sentences = [sentence(dice, 8, 20) for _ in range(4)]
            if part % 2 == 0:
                sentences[1] = f"{sentences[1][:-1]} [@{cited}, p. {dice.randint(1, 300)}]."
                cited = dice.choice(keys)
            if part == 1:
                sentences[2] += f"[^n{page}]"
            if part == 3 and page % 4 == 1:
                sentences.append(f"See @sec:c{dice.randint(1, number)} and @fig:f{page}.")
            if part == 2 and page % 3 == 0:
                sentences.append(f"Here $a_{{{page}}} = b^2 + \\frac{{c}}{{{page + 2}}}$ holds.")
            blocks.append(" ".join(sentences))
        blocks.append(f"[^n{page}]: {sentence(dice, 6, 30)} See @{dice.choice(keys)}.")
        if page % 4 == 1:
            (folder / f"f{page}.svg").write_text(drawing(dice))
            blocks.append(f'![{sentence(dice, 3, 8)}](f{page}.svg){{#fig:f{page} alt="Bars"}}')
        if page % 5 == 4:
            rows = [f"| {dice.choice(WORDS)} | {dice.randint(1, 999)} |" for _ in range(5)]
            blocks.append("\n".join(["| Thing | Count |", "|:--|--:|", *rows]))
            blocks.append(f": {sentence(dice, 3, 8)} {{#tbl:t{page}}}")
    return "\n\n".join(blocks) + "\n"


def sentence(dice: Random, least: int, most: int) -> str:
    """A sentence of words drawn."""
    return " ".join(dice.choices(WORDS, k=dice.randint(least, most))).capitalize() + "."


def drawing(dice: Random) -> str:
    """A small drawing, of five bars."""
    bars = "".join(
        f'<rect x="{20 * at}" y="0" width="15" height="{dice.randint(10, 60)}"/>' for at in range(5)
    )
    size = 'width="100" height="60" viewBox="0 0 100 60"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{bars}</svg>\n'


if __name__ == "__main__":
    main()
