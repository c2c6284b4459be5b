"""Time `triptych build` against three runs of pandoc on the same source, style sheet and fonts.

    python benchmarks/against_pandoc.py [RUNS] [SOURCE]

Both make HTML, EPUB and PDF, cold, into a fresh folder; the runs take turns, so that a busy machine
slows both. Out: the median of each in seconds, and the ratio of the medians. Needs Triptych's
Python environment and the folder SOURCE (default: source) with an edition.toml.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from triptych.design import stylesheet
from triptych.pandoc_binary import pandoc_path
from triptych.read.source import Source, read_source
from triptych.typefaces import faces_for, font_rules
from triptych.used_text import used_text_in

BIN = Path(sys.executable).parent


def main() -> None:
    """Run the comparison and print it."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else "source")
    source = read_source(folder)
    ours: list[float] = []
    theirs: list[float] = []
    with tempfile.TemporaryDirectory() as scratch:
        inputs = write_inputs(source, Path(scratch))
        for number in range(runs):
            ours.append(time_triptych(folder, Path(scratch) / f"triptych-{number}"))
            theirs.append(time_pandoc(source, inputs, Path(scratch) / f"pandoc-{number}"))
            print(f"run {number + 1}: triptych {ours[-1]:.2f} s, pandoc {theirs[-1]:.2f} s")
    one, other = statistics.median(ours), statistics.median(theirs)
    print(f"medians of {runs}: triptych {one:.2f} s, pandoc {other:.2f} s, ratio {one / other:.2f}")


def write_inputs(source: Source, folder: Path) -> list[str]:
    """Write what pandoc needs to do the same work; return the arguments all its runs share."""
    article = folder / "article.md"
    article.write_text(source.article, encoding="utf-8")
    matter = used_text_in(source.article, source.record.language)
    whole = faces_for(matter, whole=True)
    fonts = font_rules(whole, matter, lambda face: face.path.as_uri())
    (folder / "paged.css").write_text(fonts + stylesheet("paged"), encoding="utf-8")
    faces = faces_for(matter)
    embedded = font_rules(faces, matter, lambda face: f"../fonts/{face.path.name}")
    (folder / "ebook.css").write_text(embedded + stylesheet("ebook"), encoding="utf-8")
    web = fonts + stylesheet("web")
    (folder / "web.css").write_text(web, encoding="utf-8")
    arguments = [
        str(article), "--from=markdown", "--standalone", "--citeproc", "--mathml",
        f"--resource-path={source.folder}", f"--metadata=title:{source.record.title}",
        f"--metadata=lang:{source.record.language}",
    ]  # fmt: skip
    arguments += [f"--bibliography={Path(b.file).absolute()}" for b in source.bibliographies]
    if source.style is not None:
        style = folder / "style.csl"
        style.write_bytes(source.style.text)
        arguments.append(f"--csl={style}")
    return arguments


def time_triptych(folder: Path, out: Path) -> float:
    """Seconds of one cold build of all three formats, of which nothing is kept from before."""
    words = ["build", str(folder), "--out", str(out), "--quiet", "--no-cache"]
    return timed([str(BIN / "triptych"), *words])


def time_pandoc(source: Source, arguments: list[str], out: Path) -> float:
    """Seconds of pandoc's three runs, one after another, as a Makefile would have them."""
    out.mkdir()
    inputs = Path(arguments[0]).parent
    faces = faces_for(used_text_in(source.article, source.record.language))
    fonts = [f"--epub-embed-font={face.path}" for face in faces]
    seconds = 0.0
    for name, extra in (
        ("html", [f"--css={inputs / 'web.css'}", "--embed-resources"]),
        ("epub", [f"--css={inputs / 'ebook.css'}", *fonts]),
        ("pdf", [f"--css={inputs / 'paged.css'}", "--pdf-engine=weasyprint"]),
    ):
        target = out / f"{source.name}.{name}"
        seconds += timed([str(pandoc_path()), *arguments, *extra, f"--output={target}"])
    return seconds


def timed(command: list[str]) -> float:
    """Seconds the command takes. Raises CalledProcessError where it fails."""
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    begin = time.perf_counter()
    subprocess.run(command, check=True, env=environment, capture_output=True)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
