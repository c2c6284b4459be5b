"""Build catalogues of growing length: works a minute, memory, and what a second core brings.

    python benchmarks/catalogue.py [WORKS...]

The works are copies of the papers in `tests/documents`, each with words of its own, as HTML, EPUB
and PDF. They are built one at a time, and then one for each core at a time. Out: for each length
seconds, works a minute for each core, the share of the first speed that each core has reached, and
the largest process in MiB.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from triptych.catalogue.run import Order, build_works
from triptych.catalogue.works import read_works

DOCUMENTS = Path(__file__).parents[1] / "tests" / "documents"
LENGTHS = (10, 100)
FORMATS = ("html", "epub", "pdf")


def main() -> None:
    """Build the catalogues and print the table."""
    lengths = [int(word) for word in sys.argv[1:]] or LENGTHS
    cores = len(os.sched_getaffinity(0))
    print("| works | cores | seconds | works a minute and core | of one core's speed | MiB |")
    print("| --: | --: | --: | --: | --: | --: |")
    for length in lengths:
        with tempfile.TemporaryDirectory() as scratch:
            write_works(Path(scratch, "works"), length)
            alone = 0.0
            for jobs in (1, cores):
                seconds = built(Path(scratch), jobs)
                speed = 60 * length / seconds / jobs
                alone = alone or speed
                most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
                print(
                    f"| {length} | {jobs} | {seconds:.1f} | {speed:.1f} | {speed / alone:.2f} "
                    f"| {most:.0f} |", flush=True,
                )  # fmt: skip


def write_works(folder: Path, number: int) -> None:
    """Write so many works, no two of them alike."""
    papers = sorted(path.parent for path in DOCUMENTS.glob("*/paper.md"))
    for each in range(number):
        work = folder / f"{each:05}"
        shutil.copytree(papers[each % len(papers)], work)
        with (work / "paper.md").open("a", encoding="utf-8") as file:
            file.write(f"\n\nThis is work {each} of {number}.\n")


def built(scratch: Path, jobs: int) -> float:
    """Seconds of building all works, so many at a time. The processor time of each is its own."""
    began = time.perf_counter()
    order = Order(scratch / f"out-{jobs}", FORMATS, jobs=jobs)
    done = build_works(read_works(scratch / "works"), order, lambda _name, _built: None)
    wrong = [each for each in done if each.code]
    if wrong:
        sys.exit(f"{wrong[0].name}: {wrong[0].told}")
    assert statistics.median(each.seconds for each in done) > 0
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
