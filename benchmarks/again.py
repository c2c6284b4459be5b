"""Time builds after a change beside a cold build, and beside three runs of pandoc.

    python benchmarks/again.py [RUNS] [SOURCE]

Every command is run RUNS times, all by turns, so that a busy machine slows all of them. Out: for
each the median in seconds with the least and the most, and its ratio to pandoc's three runs and to
the cold build. Nothing is kept in the cache before a cold build; before the others there is one.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from against_pandoc import BIN, time_pandoc, timed, write_inputs

from triptych.read.source import read_source

Change = Callable[[Path, int], tuple[str, ...]]
"""Changes a source for the run of a number, and gives what is asked of that run besides."""


def paragraph(source: Path, number: int) -> tuple[str, ...]:
    """One paragraph has another word."""
    article = source / "article.md"
    first, rest = article.read_text(encoding="utf-8").split("\n\n", 1)
    article.write_text(f"{first}\n\n{rest} Number {number}.\n", encoding="utf-8")
    return ()


def entry(source: Path, number: int) -> tuple[str, ...]:
    """One work of the bibliography has another title."""
    book = source / "references.json"
    told = book.read_text(encoding="utf-8")
    title = '"title": "'
    book.write_text(told.replace(title, f"{title}{number} ", 1), encoding="utf-8")
    return ()


def citation_style(_source: Path, number: int) -> tuple[str, ...]:
    """Another citation style."""
    return ("--csl", ("apa", "ieee", "nature", "chicago-author-date", "vancouver")[number % 5])


def nothing(_source: Path, _number: int) -> tuple[str, ...]:
    """Nothing is another."""
    return ()


CHANGES: Mapping[str, tuple[Change, tuple[str, ...]]] = {
    "cold, nothing kept": (nothing, ("--no-cache",)),
    "cold, cache empty": (nothing, ("empty",)),
    "HTML alone, nothing kept": (nothing, ("--no-cache", "--to", "html")),
    "nothing changed": (nothing, ()),
    "one paragraph": (paragraph, ()),
    "one entry": (entry, ()),
    "another citation style": (citation_style, ()),
}


def main() -> None:
    """Run all commands by turns and print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    given = Path(sys.argv[2] if len(sys.argv) > 2 else "source")
    took: dict[str, list[float]] = {name: [] for name in ("three pandoc runs", *CHANGES)}
    with tempfile.TemporaryDirectory() as scratch:
        top = Path(scratch)
        source = read_source(given)
        inputs = write_inputs(source, top)
        for number in range(runs):
            took["three pandoc runs"].append(time_pandoc(source, inputs, top / f"pandoc-{number}"))
            for name, (change, words) in CHANGES.items():
                took[name].append(once(given, top, change, words, number))
    pandoc, cold = (statistics.median(took[n]) for n in ("three pandoc runs", "cold, nothing kept"))
    print("| build | median, s | least to most, s | to pandoc | to cold |")
    print("| --- | --: | --: | --: | --: |")
    for name, seconds in took.items():
        median = statistics.median(seconds)
        print(
            f"| {name} | {median:.2f} | {min(seconds):.2f} to {max(seconds):.2f} "
            f"| {median / pandoc:.2f} | {median / cold:.2f} |"
        )


def once(given: Path, top: Path, change: Change, words: tuple[str, ...], number: int) -> float:
    """Seconds of a build after a change, where the source was built before."""
    source, cache = top / "source", top / "cache"
    for folder in (source, top / "out", cache):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(given, source)
    os.environ["TRIPTYCH_CACHE"] = str(cache)
    build = [str(BIN / "triptych"), "build", str(source), "--out", str(top / "out"), "--quiet"]
    if not words:
        timed(build)
    asked = change(source, number)
    return timed([*build, *asked, *(word for word in words if word != "empty")])


if __name__ == "__main__":
    main()
