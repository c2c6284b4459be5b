"""Indexes, and lists of figures and tables: the same pages in every edition, and the right ones."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from conftest import DRAWING, Desk
from judged import errors

from triptych.collate import collate
from triptych.ledger import IndexEntry
from triptych.manifest import read_manifest
from triptych.press import Build, build
from triptych.text import from_plain
from triptych.validators import epubcheck, nu, verapdf

PADDING = "\n\n".join(
    ["Ships came and went, and the ledgers told of each of them in turn." * 12] * 9
)
PAPER = f"""\
# North {{#sec:north}}

The [harbour]{{.index}} lies north.[^n] [Émile]{{.index entry="Zola@Émile Zola" in=names}} wrote of
it, and of [its quay]{{.index entry="harbour!quay"}}.\\index{{ropes}}

![A quay.](a.svg){{#fig:quay alt="A quay."}}

{PADDING}

# South

Another [harbour]{{.index}}, and [a third]{{.index entry="harbour"}} beside it; 1850 ships
[in that year]{{.index entry="1850"}}. [Ada]{{.index entry="Lee, Ada" in=names}} counted.

| a | b |
|---|---|
| 1 | 2 |

: Ships. {{#tbl:ships}}

[^n]: As the [ropes]{{.index}} show.
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Build:
    desk = Desk(tmp_path_factory.mktemp("index"))
    desk.put("refs.json", "[]")
    desk.put("a.svg", DRAWING)
    paper = desk.paper(PAPER, "lists: [figures, tables]\n")
    return build(paper, out=desk.folder / "dist", formats=["html", "epub", "pdf", "print"])


def file(made: Build, ending: str) -> Path:
    return next(path for path in made.files if path.name.endswith(ending))


def pages(made: Build) -> list[str]:
    document = pypdfium2.PdfDocument(file(made, "paper.pdf"))
    texts = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return texts


def index_of(made: Build, ending: str) -> str:
    if ending == ".epub":
        with zipfile.ZipFile(file(made, ending)) as book:
            page = book.read("EPUB/index.xhtml").decode()
    else:
        page = file(made, ending).read_text(encoding="utf-8")
    items = re.findall(r"<li>(.*?)(?=<ul>|</li>)", page.partition('class="index"')[2], re.S)
    return "\n".join(" ".join(re.sub(r"<[^>]+>", "", item).split()) for item in items)


def test_marks_become_entries_in_the_order_of_the_alphabet(made: Build) -> None:
    told = [(entry.kind, entry.term, entry.under) for entry in made.edition.ledger.index]
    assert told == [
        ("subjects", "1850", ""),
        ("subjects", "harbour", ""),
        ("subjects", "harbour", "quay"),
        ("subjects", "ropes", ""),
        ("names", "Lee, Ada", ""),
        ("names", "Émile Zola", ""),
    ]
    assert "The harbour lies north" in made.edition.ledger.text.plain  # marks print their words


def test_the_index_names_the_pages_on_which_the_words_are_printed(made: Build) -> None:
    printed = pages(made)
    north = next(n for n, text in enumerate(printed, 1) if "lies north" in text)
    south = next(n for n, text in enumerate(printed, 1) if "a third" in text)
    assert north < south
    lines = f"""\
1850 {south}
harbour {north}, {south}
quay {north}
ropes {north}
Lee, Ada {south}
Émile Zola {north}"""
    assert index_of(made, ".html") == lines
    assert index_of(made, ".epub") == lines
    for line in lines.split("\n"):
        assert any(line in text for text in printed[south:]), line


def test_the_editions_agree_in_it(made: Build) -> None:
    assert made.collation.passed
    assert len(made.collation.witnesses) == 4


@pytest.mark.parametrize("medium", ["html", "epub", "pdf"])
def test_an_index_that_sends_its_reader_elsewhere_is_caught(made: Build, medium: str) -> None:
    manifest = read_manifest(file(made, ".edition.json").read_bytes())
    files = {form: file(made, f"paper.{form}").read_bytes() for form in ("html", "epub", "pdf")}
    (witness,) = (w for w in made.collation.witnesses if w.format == medium)
    pattern = r"ropes (\d+)"
    found = re.search(pattern, witness.front.text.plain)
    assert found
    wrong = re.sub(pattern, f"ropes {int(found[1]) + 1}", witness.front.text.plain)
    forged = replace(witness, front=replace(witness.front, text=from_plain(wrong)))
    read = [forged if w is witness else w for w in made.collation.witnesses]
    told = collate(manifest, files, read)
    differences = [d for d in told.differences if d.kind == "index-differs"]
    assert [d.witness for d in differences] == [medium]
    assert "ropes" in differences[0].message


def test_lists_of_figures_and_tables_follow_the_contents(made: Build) -> None:
    with zipfile.ZipFile(file(made, ".epub")) as book:
        nav = book.read("EPUB/nav.xhtml").decode()
    assert re.search(r'epub:type="loi".*?Figure 1\. A quay\.', nav, re.S)
    assert re.search(r'epub:type="lot".*?Table 1\. Ships\.', nav, re.S)
    page = file(made, ".html").read_text(encoding="utf-8")
    assert re.search(r'<section class="lists".*?href="#fig-quay"', page, re.S)
    assert any(re.search(r"Figures Figure 1\. A quay", text) for text in pages(made))


def test_the_judges_pass_indexes_and_lists(made: Build) -> None:
    verdicts = [
        *epubcheck.validate([file(made, ".epub")]),
        *verapdf.validate([file(made, "paper.pdf")], flavours=["ua1"]),
        *nu.validate([file(made, ".html")]),
    ]
    assert errors(verdicts) == []


def test_without_printed_pages_the_places_of_an_entry_are_counted(
    desk: Desk, tmp_path: Path
) -> None:
    paper = desk.paper("The [sea]{.index}, and again the [sea]{.index}.\n")
    made = build(paper, out=tmp_path / "dist", formats=["html"])
    assert index_of(made, ".html") == "sea 1, 2"
    assert made.collation.passed


def test_a_work_without_marks_has_no_index(desk: Desk) -> None:
    assert desk.edition("Nothing is marked.\n").ledger.index == ()


def test_a_mark_without_words_is_no_entry(desk: Desk) -> None:
    assert desk.edition("Nothing []{.index} here.\n").ledger.index == ()


def test_the_index_is_kept_in_the_manifest(made: Build) -> None:
    manifest = json.loads(file(made, ".edition.json").read_text(encoding="utf-8"))
    assert IndexEntry(**{**manifest["ledger"]["index"][0], "places": ("index-7",)}).term == "1850"
