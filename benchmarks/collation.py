"""Time the collation of an edition against building it.

    python benchmarks/collation.py [RUNS] [SOURCE]

In one process, engines loaded: the build without its collation, and the collation of the files just
built, by turns. Then as whole commands, cold: `triptych build` and `triptych collate`. Out: medians
in seconds, and the ratios.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from triptych.collate import collate_edition
from triptych.press import build
from triptych.steps import Step

BIN = Path(sys.executable).parent


def main() -> None:
    """Run both comparisons and print them."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    source = Path(sys.argv[2] if len(sys.argv) > 2 else "source")
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "dist"
        build(source, out=out)  # engines are loaded, files are in the cache of the disk
        within = [once(source, out) for _ in range(runs)]
        report("one process", runs, within)
        cold = [as_commands(source, out) for _ in range(runs)]
        report("commands", runs, cold)


def once(source: Path, out: Path) -> tuple[float, float]:
    """Seconds of a build without its collation, and of collating what it built."""
    collating: list[float] = []

    def listen(step: Step) -> None:
        if step.name == "collate" and step.state == "done":
            collating.append(step.seconds)

    made = build(source, out=out, listener=listen)
    began = time.perf_counter()
    collate_edition(out)
    return made.seconds - collating[0], time.perf_counter() - began


def as_commands(source: Path, out: Path) -> tuple[float, float]:
    """Seconds of the two commands, each begun cold."""
    building = timed("build", str(source), "--out", str(out), "--quiet", "--no-cache")
    return building, timed("collate", str(out), "--quiet")


def timed(*words: str) -> float:
    """Seconds of one command of Triptych's."""
    began = time.perf_counter()
    subprocess.run([BIN / "triptych", *words], check=True, capture_output=True)
    return time.perf_counter() - began


def report(what: str, runs: int, times: list[tuple[float, float]]) -> None:
    """Print the medians and their ratio."""
    built, collated = (statistics.median(column) for column in zip(*times, strict=True))
    ratio = collated / built
    print(f"{what}: medians of {runs}: build {built:.2f} s, collate {collated:.2f} s, {ratio:.2f}")


if __name__ == "__main__":
    main()
