"""Building again: nothing is made twice, and all is as a clean build would make it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import DRAWING, REFERENCES
from hypothesis import given, settings
from hypothesis import strategies as st

from triptych.cache.store import Cache, using
from triptych.diagnostics import SourceError
from triptych.incremental import BuildReport, Request, build_or_recall
from triptych.read.csl import find_style
from triptych.read.paths import reach_of

ARTICLE = """\
---
title: Engines
author: Ada Lovelace
lang: en
bibliography: refs.json
---

Engines weave [@lovelace1843, p. 12].

![The works](a.svg){alt="Works."}

{{< include more.md >}}
"""


def write_work(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "refs.json").write_text(REFERENCES)
    (folder / "a.svg").write_text(DRAWING)
    (folder / "b.svg").write_text(DRAWING.replace("h9v9", "h5v5"))
    (folder / "more.md").write_text("More of it [@babbage1864].\n")
    (folder / "paper.md").write_text(ARTICLE)
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    kept = Cache(tmp_path / "cache")
    with using(kept):
        yield kept


@pytest.fixture
def work(tmp_path: Path, cache: Cache) -> Path:
    assert list(cache.entries()) == []
    return write_work(tmp_path / "work")


def build(
    folder: Path, out: Path, *formats: str, csl: str | None = None
) -> tuple[BuildReport, bool]:
    """What is told of a build, and whether it was made now."""
    request = Request(folder / "paper.md", formats or ("html",), csl)
    report, collation = build_or_recall(request, out, lambda _: None)
    return report, collation is not None


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_work_that_has_not_changed_is_not_built_again(work: Path, tmp_path: Path) -> None:
    first, made = build(work, tmp_path / "out", "html", "epub", "pdf")
    assert made
    files = contents(tmp_path / "out")
    second, made = build(work, tmp_path / "out", "html", "epub", "pdf")
    assert (second, made) == (first, False)
    shutil.rmtree(tmp_path / "out")
    assert build(work, tmp_path / "out", "html", "epub", "pdf") == (first, False)
    assert contents(tmp_path / "out") == files


def test_no_engine_is_loaded_for_it(work: Path, tmp_path: Path) -> None:
    command = ["-m", "triptych.cli", "build", "paper.md", "--out", str(tmp_path / "out")]
    told = [
        subprocess.run(
            [sys.executable, "-X", "importtime", *command],
            cwd=work, capture_output=True, text=True, check=True,
            env={"TRIPTYCH_CACHE": str(tmp_path / "cache"), "PYTHONPATH": ":".join(sys.path)},
        ).stderr
        for _ in range(2)
    ]  # fmt: skip
    for engine in ("weasyprint", "pypdfium2", "fontTools", "ebooklib", "lxml"):
        assert f" {engine}\n" in told[0], engine
        assert f" {engine}\n" not in told[1], engine
    assert "nothing has changed" in told[1]


def test_a_file_that_was_lost_or_changed_in_the_output_is_put_back(
    work: Path, tmp_path: Path
) -> None:
    build(work, tmp_path / "out")
    files = contents(tmp_path / "out")
    (tmp_path / "out" / "paper.html").write_text("scribbled")
    assert not build(work, tmp_path / "out")[1]
    assert contents(tmp_path / "out") == files


@pytest.mark.parametrize(
    "damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"nothing of use")],
    ids=["lost", "damaged"],
)  # fmt: skip
def test_a_cache_that_has_lost_something_is_no_harm(
    damage: object, work: Path, cache: Cache, tmp_path: Path
) -> None:
    build(work, tmp_path / "out")
    files = contents(tmp_path / "out")
    shutil.rmtree(tmp_path / "out")
    for entry in cache.entries():
        damage(entry.path)  # type: ignore[operator]
    assert build(work, tmp_path / "out")[1]
    assert contents(tmp_path / "out") == files


def test_mistakes_are_told_every_time(work: Path, tmp_path: Path) -> None:
    paper = work / "paper.md"
    paper.write_text(paper.read_text().replace("lovelace1843", "nobody"))
    for _ in range(2):
        with pytest.raises(SourceError):
            build(work, tmp_path / "out")


def test_warnings_are_told_every_time(work: Path, tmp_path: Path) -> None:
    paper = work / "paper.md"
    paper.write_text(paper.read_text() + "\n[^unused]: A note that nobody calls.\n")
    first, made = build(work, tmp_path / "out")
    second, again = build(work, tmp_path / "out")
    assert (made, again) == (True, False)
    assert first.warnings == second.warnings != ()


def test_what_was_looked_for_in_vain_is_noticed_when_it_appears(work: Path, tmp_path: Path) -> None:
    build(work, tmp_path / "out")
    (work.parent / "_quarto.yml").write_text("title: Of another name\n")
    assert build(work, tmp_path / "out")[1]


def test_a_link_that_leads_elsewhere_is_noticed(work: Path, tmp_path: Path) -> None:
    (work / "a.svg").rename(work / "c.svg")
    (work / "a.svg").symlink_to("c.svg")
    build(work, tmp_path / "out")
    first = contents(tmp_path / "out")
    (work / "a.svg").unlink()
    (work / "a.svg").symlink_to("b.svg")
    assert build(work, tmp_path / "out")[1]
    assert contents(tmp_path / "out") != first


def test_another_citation_style_is_another_build(work: Path, tmp_path: Path) -> None:
    build(work, tmp_path / "out")
    assert build(work, tmp_path / "out", csl="apa")[1]
    assert not build(work, tmp_path / "out")[1], "the first is still known"


EDITS = {
    "words": lambda work: _replace(work / "paper.md", "weave", "spin"),
    "locator": lambda work: _replace(work / "paper.md", "p. 12", "p. 13"),
    "title": lambda work: _replace(work / "paper.md", "title: Engines", "title: Mills"),
    "language": lambda work: _replace(work / "paper.md", "lang: en", "lang: de"),
    "style": lambda work: _replace(work / "paper.md", "lang:", "csl: own.csl\nlang:"),
    "own style": lambda work: _copy_style(work),
    "entry": lambda work: _replace(work / "refs.json", "1843", "1844"),
    "figure": lambda work: _replace(work / "a.svg", "h9v9", "h8v8"),
    "figure's name": lambda work: _replace(work / "paper.md", "a.svg", "b.svg"),
    "figures exchanged": lambda work: _exchange(work / "a.svg", work / "b.svg"),
    "included": lambda work: _replace(work / "more.md", "More", "Less"),
    "included lost": lambda work: (work / "more.md").unlink(missing_ok=True),
    "project": lambda work: (work / "_quarto.yml").write_text("title: Project\nlang: fr\n"),
    "record": lambda work: (work / "edition.toml").write_text('title = "Record"\n'),
    "nothing": lambda work: (work / "paper.md").touch(),
}


def _replace(path: Path, old: str, new: str) -> None:
    if path.exists():
        path.write_text(path.read_text().replace(old, new))


def _exchange(one: Path, other: Path) -> None:
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def _copy_style(work: Path) -> None:
    (work / "own.csl").write_bytes(find_style("ieee", work, reach_of(work)).text)


@settings(max_examples=15)
@given(st.lists(st.sampled_from(sorted(EDITS)), min_size=1, max_size=3))
def test_a_build_with_the_cache_is_a_clean_build(edits: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        work = write_work(root / "work")
        with using(Cache(root / "cache")):
            build(work, root / "out")
            for edit in edits:
                EDITS[edit](work)  # type: ignore[no-untyped-call]
                assert _result(work, root / "out") == _clean_result(work, root / "clean")


def _clean_result(work: Path, out: Path) -> object:
    with using(None):
        return _result(work, out)


def _result(work: Path, out: Path) -> object:
    try:
        report = build(work, out)[0]
    except SourceError as error:
        return error.diagnostics
    return report, contents(out)
