"""The stranger's reading of the corpus can fail: each thing lost or doubled is seen in each format.

The resolved document is spoiled, and rendered as it then is; nothing of the source tells the reader
of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from finished import Read
from lxml import etree
from reader import read_source_text

from triptych.edition import Edition
from triptych.read.source import read_source
from triptych.render.run import render_edition
from triptych.resolve.passes import resolve_source
from triptych.tree import Element

FORMATS = ("html", "epub", "pdf")
BODY = """\
# Engines and their notes

An engine weaves patterns of numbers as looms weave flowers, and nobody has to count.

Between two formulas, $x^2$ and $y_1$, stands a citation [see @lovelace1843, p. 4].[^1]

A third paragraph follows, which says in other words that engines weave their patterns.

$$ \\sum_{i=1}^{n} a_i $$

![A drawing.](a.svg){alt="A square that fills its frame."}

![A blot.](blot.svg){alt="A blot of ink."}

| Engine | Wheels |
|--------|-------:|
| First  |    120 |
| Second |   4000 |

: Engines and their wheels.

[^1]: A note of some words, after @babbage1864.
"""
BLOT = DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>'
)


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("read")
    (folder / "refs.json").write_text(
        '[{"id": "lovelace1843", "type": "article-journal", "title": "Notes by the Translator",'
        ' "author": [{"family": "Lovelace", "given": "Ada"}], "issued": {"date-parts": [[1843]]}},'
        ' {"id": "babbage1864", "type": "book", "title": "Passages",'
        ' "author": [{"family": "Babbage", "given": "C."}], "issued": {"date-parts": [[1864]]}}]'
    )
    (folder / "a.svg").write_text(DRAWING)
    (folder / "blot.svg").write_text(BLOT.replace('"4"', '"5"'))
    head = "---\ntitle: Engines\nlang: en\nbibliography: refs.json\n---\n\n"
    (folder / "paper.md").write_text(head + BODY)
    return folder / "paper.md"


@pytest.fixture(scope="module")
def edition(paper: Path) -> Edition:
    return resolve_source(read_source(paper, "apa"))[0]


def faults(paper: Path, edition: Edition, name: str, folder: Path) -> list[str]:
    file = folder / f"paper.{name}"
    file.write_bytes(render_edition(edition, name))
    return read_source_text(paper).faults_of(Read.of(file), set())


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_found_in_what_is_whole(
    paper: Path, edition: Edition, name: str, tmp_path: Path
) -> None:
    assert faults(paper, edition, name, tmp_path) == []


def drop(path: str) -> Callable[[Element], None]:
    def spoil(body: Element) -> None:
        found = body.xpath(path)[0]
        parent = found.getparent()
        before = found.getprevious()
        if found.tail and before is not None:
            before.tail = (before.tail or "") + found.tail
        elif found.tail:
            parent.text = (parent.text or "") + found.tail
        parent.remove(found)

    return spoil


def repeat(body: Element) -> None:
    found = body.xpath("//p[contains(., 'looms')]")[0]
    again = etree.fromstring(etree.tostring(found))
    found.getparent().append(again)


def exchange(body: Element) -> None:
    first = body.xpath("//p[contains(., 'looms')]")[0]
    last = body.xpath("//p[contains(., 'third')]")[0]
    last.addnext(first)


def rename(body: Element) -> None:
    body.xpath("//img")[0].set("alt", "Other words.")


def swap_words(body: Element) -> None:
    found = body.xpath("//p[contains(., 'looms')]")[0]
    found.text = found.text.replace("looms weave flowers", "flowers weave looms")


MATH = "*[local-name()='math']"
SPOILINGS: Mapping[str, tuple[Callable[[Element], None], str]] = {
    "a formula in a line": (drop(f"//p//{MATH}"), "formulas: 2 of 3"),
    "a displayed formula": (drop("//div[@class='equation']"), "formulas: 2 of 3"),
    "a figure": (drop("//figure"), "line 17 figure lost"),
    "a figure's words": (rename, "line 17 figure lost"),
    "a row of a table": (drop("//tbody/tr"), "line 21 lost: first120second4000"),
    "a table": (drop("//table"), "tables: 0 of 1"),
    "a paragraph": (drop("//p[contains(., 'looms')]"), "line 9 lost"),
    "a paragraph that comes again": (repeat, "line 9 repeated"),
    "two paragraphs in each other's place": (exchange, "line 13 out of order"),
    "two words in each other's place": (swap_words, "line 9 lost"),
    "a citation": (drop("//span[@class='cluster']"), "citation lost: lovelace1843, 0 of 1"),
    "an entry of the bibliography": (drop("//*[@id='ref-babbage1864']"), "entry lost: babbage1864"),
    "a note": (drop("//*[@id='note-1']/p"), "line 28 lost"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("spoiling", SPOILINGS)
def test_what_is_lost_or_doubled_is_found(
    paper: Path, edition: Edition, spoiling: str, name: str, tmp_path: Path
) -> None:
    spoil, told = SPOILINGS[spoiling]
    body = etree.fromstring(edition.body)
    spoil(body)
    spoiled = replace(edition, body=etree.tostring(body, encoding="unicode"))
    found = faults(paper, spoiled, name, tmp_path)
    assert [fault for fault in found if fault.startswith(told)], found


def test_a_figure_of_the_pdf_that_shows_nothing_is_found(
    paper: Path, edition: Edition, tmp_path: Path
) -> None:
    empty = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>'
    images = (replace(edition.images[0], data=empty), *edition.images[1:])
    found = faults(paper, replace(edition, images=images), "pdf", tmp_path)
    assert found == ["figure blank: A square that fills its frame."]
