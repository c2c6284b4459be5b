"""A bibliography in each chapter of a book, and citations that begin anew with it."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import pytest
from conftest import Desk
from judged import errors

from triptych.collate import collate_edition
from triptych.edition import Edition
from triptych.ledger import Ledger
from triptych.press import Build, build
from triptych.read.source import read_source
from triptych.resolve.passes import resolve_source
from triptych.tree import Element, parse_fragment, with_class
from triptych.validators import epubcheck, jats, nu, verapdf

RECORD = """\
title = "Three Harbours"
language = "en-GB"
bibliography = "refs.json"
references = "chapter"
front = ["preface.md"]
chapters = ["north.md", "south.md"]
back = ["afterword.md"]
"""
REFERENCES = """\
[{"id": "ada", "type": "book", "title": "On Harbours", "publisher": "Quay",
  "author": [{"family": "Lee", "given": "Ada"}], "issued": {"date-parts": [[1990]]}},
 {"id": "bob", "type": "book", "title": "Of Harbours", "publisher": "Quay",
  "author": [{"family": "Lee", "given": "Bob"}], "issued": {"date-parts": [[1990]]}},
 {"id": "cid", "type": "book", "title": "Harbours", "publisher": "Quay",
  "author": [{"family": "Cid", "given": "Eva"}], "issued": {"date-parts": [[1991]]}}]
"""
NORTH = """\
# The north

Old [@cid], and older [@ada, p. 3; @bob].[^1] Again [@ada, p. 4].

## Piers

Piers [@bob, p. 9].

[^1]: So too @cid [p. 2].
"""
SOUTH = "# The south\n\nNew [@ada, p. 5].[^1]\n\n[^1]: As in [@ada, p. 6].\n\n## Works cited\n"
STYLES = ("chicago-author-date", "ieee", "chicago-notes-bibliography")


def write(desk: Desk) -> Path:
    desk.put("edition.toml", RECORD)
    desk.put("refs.json", REFERENCES)
    desk.put("preface.md", "# Preface\n\nFor keepers.\n")
    desk.put("north.md", NORTH)
    desk.put("south.md", SOUTH)
    desk.put("afterword.md", "# Afterword\n\nThe last word [@cid].\n")
    return desk.folder


def resolved(folder: Path, style: str = "ieee") -> Edition:
    return resolve_source(read_source(folder, csl=style))[0]


def cited(ledger: Ledger) -> list[str]:
    return [cluster.text for cluster in ledger.clusters]


@pytest.fixture(scope="module")
def all_made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Build]:
    folder = write(Desk(tmp_path_factory.mktemp("chapters")))
    formats = ("pdf", "epub", "html", "jats")
    return {
        style: build(folder, out=folder / style, csl=style, formats=formats) for style in STYLES
    }


@pytest.fixture(params=STYLES)
def made(all_made: dict[str, Build], request: pytest.FixtureRequest) -> Build:
    return all_made[request.param]


def file(made: Build, ending: str) -> Path:
    return next(path for path in made.files if path.suffix == ending)


def page_of(made: Build) -> Element:
    page = file(made, ".html").read_text(encoding="utf-8")
    return parse_fragment(page[page.index("<article") : page.index("</article>") + 10])


# --- What citeproc makes of a chapter ------------------------------------------------------------


def test_each_chapter_lists_the_works_that_it_cites(desk: Desk) -> None:
    ledger = resolved(write(desk)).ledger
    assert [entry.id for entry in ledger.entries] == [
        "ref-2-cid", "ref-2-ada", "ref-2-bob", "ref-3-ada", "ref-4-cid",
    ]  # fmt: skip
    assert [entry.key for entry in ledger.entries] == ["cid", "ada", "bob", "ada", "cid"]


def test_the_bibliography_ends_its_chapter_under_a_heading_of_its_own(desk: Desk) -> None:
    text = resolved(write(desk)).ledger.text
    headings = [(text.show(p.start, p.end), p.level) for p in text.parts if p.kind == "heading"]
    assert headings == [
        ("Preface", 2), ("The north", 2), ("Piers", 3), ("References", 3), ("The south", 2),
        ("Works cited", 3), ("Afterword", 2), ("References", 3),
    ]  # fmt: skip


def test_numbers_begin_anew_in_each_chapter(desk: Desk) -> None:
    assert cited(resolved(write(desk)).ledger) == [
        "[1]", "[2, p. 3], [3]", "[1, p. 2]", "[2, p. 4]", "[3, p. 9]",
        "[1, p. 5]", "[1, p. 6]", "[1]",
    ]  # fmt: skip


def test_notes_give_a_work_in_full_where_a_chapter_first_cites_it(desk: Desk) -> None:
    ledger = resolved(write(desk), "chicago-notes-bibliography").ledger
    full = [text for text in cited(ledger) if "On Harbours (Quay, 1990)" in text]
    assert len(full) == 2
    assert any(text.startswith("Lee") and "4" in text for text in cited(ledger))


def test_works_are_told_apart_within_their_chapter_alone(desk: Desk) -> None:
    texts = cited(resolved(write(desk), "chicago-author-date").ledger)
    assert "(A. Lee 1990, 3; B. Lee 1990)" in texts
    assert "(Lee 1990, 5)" in texts


def test_a_citation_leads_to_the_entry_in_its_own_chapter(made: Build) -> None:
    ledger = made.edition.ledger
    assert {target for cluster in ledger.clusters[:5] for target in cluster.targets} <= {
        "ref-2-ada", "ref-2-bob", "ref-2-cid",
    }  # fmt: skip
    assert {target for cluster in ledger.clusters[-3:] for target in cluster.targets} <= {
        "ref-3-ada", "ref-4-cid",
    }  # fmt: skip


# --- The finished files --------------------------------------------------------------------------


def test_all_formats_say_the_same(made: Build) -> None:
    assert made.collation.passed
    assert len(made.collation.witnesses) == 4


def test_the_web_page_leads_from_an_entry_back_to_its_own_chapter(made: Build) -> None:
    entries = {e.get("id"): e for e in with_class(page_of(made), "entry")}
    back = {a.get("href") for a in entries["ref-3-ada"].iter("a")}
    clusters = [c for c in made.edition.ledger.clusters if "ref-3-ada" in c.targets]
    assert back >= {f"#{cluster.id}" for cluster in clusters}
    assert clusters


def test_the_file_of_a_chapter_in_the_e_book_carries_its_bibliography(made: Build) -> None:
    with zipfile.ZipFile(file(made, ".epub")) as book:
        pages = [book.read(name).decode() for name in book.namelist() if "text-" in name]
    held = {
        re.findall("<h1[^>]*>(.*?)</h1>", page)[0]: re.findall('id="(references-[0-9]+)"', page)
        for page in pages
    }
    assert list(held.values()) == [[], ["references-2"], ["references-3"], ["references-4"]]


def test_the_judges_pass_it(all_made: dict[str, Build]) -> None:
    def files(ending: str) -> list[Path]:
        return [file(made, ending) for made in all_made.values()]

    verdicts = [
        *epubcheck.validate(files(".epub")),
        *verapdf.validate(files(".pdf"), flavours=["ua1"]),
        *nu.validate(files(".html")),
        *jats.validate(files(".xml")),
    ]
    assert errors(verdicts) == []


@pytest.mark.parametrize(
    ("old", "new", "kind", "subject"),
    [
        (r'(id="ref-3-ada".*?)Harbours', r"\1Harbors", "entry-differs", "ref-3-ada"),
        (r'<div class="entry" id="ref-4-cid".*?</div>', "", "entry-missing", "ref-4-cid"),
    ],
)
def test_damage_to_the_entries_of_one_chapter_is_found(
    made: Build, tmp_path: Path, old: str, new: str, kind: str, subject: str
) -> None:
    for path in made.files:
        shutil.copy(path, tmp_path)
    page = tmp_path / file(made, ".html").name
    text = page.read_text(encoding="utf-8")
    page.write_text(re.sub(old, new, text, count=1, flags=re.S), encoding="utf-8")
    told = {(d.kind, d.subject) for d in collate_edition(tmp_path).differences}
    assert (kind, subject) in told


def test_a_citation_that_leads_into_another_chapter_is_found(made: Build, tmp_path: Path) -> None:
    for path in made.files:
        shutil.copy(path, tmp_path)
    page = tmp_path / file(made, ".html").name
    text = page.read_text(encoding="utf-8")
    assert 'href="#ref-3-ada"' in text
    page.write_text(text.replace('href="#ref-3-ada"', 'href="#ref-2-ada"', 1), encoding="utf-8")
    assert "link-astray" in {d.kind for d in collate_edition(tmp_path).differences}


# --- What is asked, and what cannot be -----------------------------------------------------------


def test_without_it_there_is_one_bibliography(desk: Desk) -> None:
    folder = write(desk)
    desk.put("edition.toml", RECORD.replace('"chapter"', '"work"'))
    assert [entry.id for entry in resolved(folder).ledger.entries] == [
        "ref-cid",
        "ref-ada",
        "ref-bob",
    ]


def test_a_chapter_that_is_its_own_list_keeps_its_title(desk: Desk) -> None:
    folder = write(desk)
    desk.put("afterword.md", "# The last word [@cid]\n")
    words = resolved(folder).ledger.text.plain
    assert "The last word [1]\nReferences\n" in words


def test_another_value_is_told(desk: Desk) -> None:
    folder = write(desk)
    desk.put("edition.toml", RECORD.replace('"chapter"', '"part"'))
    mistake = desk.the_mistake(folder)
    assert (mistake.code, mistake.line) == ("record-field", 4)


def test_works_that_no_chapter_cites_are_told(desk: Desk) -> None:
    folder = write(desk)
    desk.put("edition.toml", RECORD + 'nocite = "@bob"\n')
    source = read_source(folder)
    assert [(d.code, d.severity) for d in source.diagnostics] == [("record-field", "warning")]


@pytest.mark.parametrize("references", ["chapter", "work"])
def test_works_that_a_chapter_does_not_cite_are_in_its_list_or_that_of_the_work(
    desk: Desk, references: str
) -> None:
    folder = write(desk)
    desk.put("edition.toml", RECORD.replace('"chapter"', f'"{references}"'))
    desk.put("north.md", f'---\nnocite: "@bob"\n---\n\n{NORTH.replace("@bob", "@cid")}')
    desk.put("afterword.md", "# Afterword\n\nThe last.\n")
    edition, told = resolve_source(read_source(folder))
    assert told == ()
    listed = [entry.id for entry in edition.ledger.entries if entry.key == "bob"]
    assert listed == (["ref-2-bob"] if references == "chapter" else ["ref-bob"])
