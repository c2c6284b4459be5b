"""Books: works of many files, bound into one."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pikepdf
import pytest
from conftest import DRAWING, REFERENCES, Desk
from judged import errors

from triptych.edition import Edition
from triptych.press import Build, build
from triptych.read.source import read_source
from triptych.render.parts import Heading, contents_list
from triptych.resolve.passes import resolve_source
from triptych.tree import parse_fragment
from triptych.validators import epubcheck, nu, verapdf

RECORD = """\
title = "A Book of Harbours"
language = "en-GB"
bibliography = "refs.json"
csl = "chicago-notes-bibliography"
front = ["preface.md"]
back = ["afterword.md"]

[[part]]
title = "Coasts"
chapters = ["chapters/north.md", "chapters/south.md"]

[[part]]
title = "Seas"
chapters = ["chapters/open.md"]
"""
NORTH = """\
---
title: The northern coast
author: Min Lee
---

Books are older than harbours [@lovelace1843, p. 12], see @fig:quay.[^1]

![A quay.](quay.svg){#fig:quay alt="A quay in profile."}

## The quay {#sec:quay}

It is old.

[^1]: The first note of the north.
"""
SOUTH = """\
The southern coast {#sec:south}
===

Nothing like @sec:quay stands here [@lovelace1843, p. 14].[^1]

```
[^1] is code here.
```

[^1]: The first note of the south.
"""
OPEN = """\
# The open sea {#sec:open}

In @fig:quay nothing of it is seen, and @sec:south is far [@babbage1864, p. 3].
"""


def write(desk: Desk, record: str = RECORD) -> Path:
    (desk.folder / "chapters").mkdir()
    desk.put("edition.toml", record)
    desk.put("refs.json", REFERENCES)
    desk.put("preface.md", "# Preface\n\nFor whom it is made.[^1]\n\n[^1]: For keepers.\n")
    desk.put("afterword.md", "# Afterword\n\nThe last word; @sec:open has more.\n")
    desk.put("chapters/north.md", NORTH)
    desk.put("chapters/south.md", SOUTH)
    desk.put("chapters/open.md", OPEN)
    desk.put("chapters/quay.svg", DRAWING)
    return desk.folder


def resolved(folder: Path) -> Edition:
    return resolve_source(read_source(folder))[0]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder = write(Desk(tmp_path_factory.mktemp("book")))
    return build(folder, out=folder / "dist")


def file(made: Build, ending: str) -> Path:
    return next(path for path in made.files if path.suffix == ending)


def test_the_files_of_a_book_become_one_work_in_their_order(made: Build) -> None:
    assert made.collation.passed
    assert made.edition.name == "a-book-of-harbours"
    words = made.edition.ledger.text.plain
    order = ["Preface", "Coasts", "The northern coast", "The southern coast", "Seas", "Afterword"]
    assert sorted(order, key=words.index) == order


def test_chapters_are_numbered_and_named_by_references_from_other_files(made: Build) -> None:
    labels = {n.title: n.label for n in made.edition.ledger.numbered}
    assert labels["The northern coast"] == "Chapter 1"
    assert labels["The open sea"] == "Chapter 3"
    assert labels["The quay"] == "Section 1.1"
    assert not {"Preface", "Afterword", "Coasts"} & set(labels)
    assert [r.text for r in made.edition.ledger.cross_references] == [
        "Figure 1", "Section 1.1", "Figure 1", "Chapter 2", "Chapter 3",
    ]  # fmt: skip


def test_each_file_keeps_its_own_footnotes_and_numbers_run_through(made: Build) -> None:
    notes = [(note.number, note.text) for note in made.edition.ledger.notes]
    assert [number for number, _ in notes] == [str(n + 1) for n in range(len(notes))]
    texts = [text for _, text in notes if text.startswith(("For", "The first"))]
    assert texts == ["For keepers.", "The first note of the north.", "The first note of the south."]
    assert "[^1] is code here." in made.edition.ledger.text.plain


def test_a_chapter_is_titled_and_signed_by_its_front_matter(made: Build) -> None:
    assert "The northern coast\nMin Lee\nBooks are older" in made.edition.ledger.text.plain


def test_a_figure_is_found_beside_the_chapter_that_names_it(made: Build) -> None:
    assert [image.path for image in made.edition.images] == ["chapters/quay.svg"]
    assert "chapters/quay.svg" in dict(made.edition.source_digests)


def test_every_file_of_the_book_is_in_the_manifest(made: Build) -> None:
    assert {name for name, _ in made.edition.source_digests} == {
        "edition.toml", "refs.json", "preface.md", "afterword.md", "chapters/north.md",
        "chapters/south.md", "chapters/open.md", "chapters/quay.svg",
    }  # fmt: skip


def test_each_chapter_and_part_is_a_file_of_the_e_book_with_its_role(made: Build) -> None:
    with zipfile.ZipFile(file(made, ".epub")) as book:
        pages = [book.read(name).decode() for name in book.namelist() if "text-" in name]
    roles = [re.findall(r'role="doc-(part|chapter)"', page) for page in pages]
    assert sorted(roles) == [["chapter"]] * 5 + [["part"]] * 2


def test_the_contents_put_chapters_below_their_parts(made: Build) -> None:
    page = file(made, ".html").read_text(encoding="utf-8")
    nav = re.search(r"<nav class=\"contents\".*?</nav>", page, re.S)
    assert nav
    tree = parse_fragment(nav[0])
    coasts = next(a for a in tree.iter("a") if a.text == "Coasts").getparent()
    assert coasts is not None
    below = [" ".join("".join(a.itertext()).split()) for a in coasts.iter("a")]
    assert below == [
        "Coasts",
        "1 The northern coast / Min Lee",
        "1.1 The quay",
        "2 The southern coast",
    ]


def test_the_pdf_bookmarks_are_as_deep_as_the_contents(made: Build) -> None:
    with pikepdf.open(file(made, ".pdf")) as pdf, pdf.open_outline() as outline:
        coasts = next(item for item in outline.root if str(item.title) == "Coasts")
        assert [str(item.title) for item in coasts.children] == [
            "1 The northern coast", "2 The southern coast",
        ]  # fmt: skip


def test_parts_and_chapters_begin_on_right_hand_pages(made: Build) -> None:
    pages = dict(made.collation.witnesses[-1].pages)
    text = made.edition.ledger.text
    begun = {label for label, letter in pages.items() if text.letters.startswith("Coasts", letter)}
    assert begun
    assert all(int(label) % 2 for label in begun)


def test_the_judges_pass_a_book(made: Build) -> None:
    verdicts = [
        *epubcheck.validate([file(made, ".epub")]),
        *verapdf.validate([file(made, ".pdf")], flavours=["ua1"]),
        *nu.validate([file(made, ".html")]),
    ]
    assert errors(verdicts) == []


# --- Mistakes ------------------------------------------------------------------------------------


def test_a_mistake_is_told_with_the_file_and_line_of_its_chapter(desk: Desk) -> None:
    folder = write(desk)
    desk.put("chapters/open.md", OPEN + "\nSaid by [@babage1864].\n")
    mistake = desk.the_mistake(folder)
    assert mistake.code == "citation-unknown"
    assert mistake.file.endswith("chapters/open.md")
    assert (mistake.line, mistake.column) == (5, 10)


def test_a_missing_chapter_is_told(desk: Desk) -> None:
    folder = write(desk, RECORD.replace("south.md", "west.md"))
    mistakes = [m for m in desk.mistakes(folder) if m.code == "source-missing"]
    assert [m.message for m in mistakes] == ["the chapter chapters/west.md does not exist"]
    assert mistakes[0].file.endswith("edition.toml")


def test_a_chapter_without_a_heading_or_title_is_told(desk: Desk) -> None:
    folder = write(desk)
    desk.put("afterword.md", "The last word.\n")
    mistake = desk.the_mistake(folder)
    assert (mistake.code, mistake.line) == ("chapter-heading", 1)
    assert mistake.file.endswith("afterword.md")


def test_what_a_chapter_cannot_say_for_itself_is_told_with_its_line(desk: Desk) -> None:
    folder = write(desk)
    desk.put(
        "afterword.md",
        "---\ntitle: Last\nabstract: On ends.\nbibliography: refs.json\ncsl: apa\n---\n\nEnd.\n",
    )
    _, told = resolve_source(read_source(folder))
    idle = [
        (t.file.rpartition("/")[2], t.line, t.severity) for t in told if t.code == "chapter-field"
    ]
    assert idle == [("afterword.md", 3, "warning"), ("afterword.md", 5, "warning")]


# --- Other ways to say it ------------------------------------------------------------------------


def test_a_book_without_parts_lists_its_chapters_at_the_first_level(desk: Desk) -> None:
    folder = write(
        desk,
        'title = "Harbours"\nbibliography = "refs.json"\n'
        'chapters = ["chapters/north.md", "chapters/south.md", "chapters/open.md"]\n',
    )
    labels = [n.label for n in resolved(folder).ledger.numbered if n.kind == "section"]
    assert labels == ["Chapter 1", "Section 1.1", "Chapter 2", "Chapter 3"]


def test_a_quarto_book_builds_as_it_is(desk: Desk) -> None:
    folder = write(desk)
    (folder / "edition.toml").unlink()
    desk.put(
        "_quarto.yml",
        "project:\n  type: book\nbook:\n  title: Harbours\n  author: Ada Example\n  chapters:\n"
        "    - preface.md\n    - part: Coasts\n      chapters:\n        - chapters/north.md\n"
        "        - chapters/south.md\n    - chapters/open.md\nbibliography: refs.json\n",
    )
    edition = resolved(folder)
    assert edition.record.title == "Harbours"
    assert "Coasts\n1 The northern coast" in edition.ledger.text.plain.replace("2 ", "1 ", 1)


def test_a_book_of_bookdown_builds_as_it_is(desk: Desk) -> None:
    desk.put("_bookdown.yml", "book_filename: harbours\n")
    desk.put(
        "index.Rmd",
        "---\ntitle: Harbours\nauthor: Ada Example\nbibliography: refs.json\n---\n\n"
        "# Preface {-}\n\nWords before.\n\n```{r, include=FALSE}\nx <- 1\n```\n",
    )
    desk.put("01-north.Rmd", "# (PART) Coasts {-}\n\n# North {#north}\n\nText [@lovelace1843].\n")
    desk.put("02-south.Rmd", "# South\n\nSee Chapter \\@ref(north).\n\n# East\n\nText.\n")
    desk.put("03-notes.Rmd", "# (APPENDIX) Appendix {-}\n\n# Notes\n\nText.\n")
    desk.put("_draft.Rmd", "# Draft\n")
    edition = resolved(desk.folder)
    assert (edition.record.title, edition.name) == ("Harbours", "harbours")
    assert edition.ledger.headings[:6] == (
        "Preface", "Coasts", "1 North", "2 South", "3 East", "Appendix A Notes",
    )  # fmt: skip
    assert "See Chapter 1." in edition.ledger.text.plain


def test_an_index_without_a_heading_opens_the_book_under_its_title(desk: Desk) -> None:
    folder = write(desk)
    (folder / "edition.toml").unlink()
    desk.put("index.qmd", "Welcome to it.\n")
    desk.put(
        "_quarto.yml",
        "project:\n  type: book\nbook:\n  title: Harbours\n  chapters:\n"
        "    - index.qmd\n    - chapters/north.md\nbibliography: refs.json\n",
    )
    text = resolved(folder).ledger.text.plain
    assert text.startswith("Harbours\nWelcome to it.\nThe northern coast")


def test_a_folder_with_one_article_is_no_book(desk: Desk) -> None:
    desk.paper("Nothing but an article.\n")
    edition = resolved(desk.folder)
    assert edition.ledger.text.plain == "Nothing but an article."


def test_chapters_before_the_first_part_stand_beside_the_parts_in_the_contents() -> None:
    lines = [Heading(2, "", "Welcome", "a"), Heading(2, "", "Preface", "b"),
             Heading(1, "", "Coasts", "c"), Heading(2, "1", "North", "d")]  # fmt: skip
    listed = contents_list(lines)
    assert re.sub(r"</?a[^>]*>|<.?span[^>]*>", "", listed) == (
        "<ol><li>Welcome</li><li>Preface</li><li>Coasts<ol><li>1 North</li></ol></li></ol>"
    )


def test_the_authors_of_a_collection_stand_by_their_chapters_and_in_the_contents(
    desk: Desk,
) -> None:
    desk.put("edition.toml", 'title = "Harbours"\nlanguage = "en"\nchapters = ["a.md", "b.md"]\n')
    desk.put("a.md", "---\nauthor: [Ada *Lee*, Bob Ray]\n---\n\n# The coast\n\nText.\n")
    desk.put("b.md", "---\ntitle: The sea\nauthor:\n- name: Eva Cid\n---\n\nText.\n")
    made = build(desk.folder, out=desk.folder / "dist")
    page = next(f for f in made.files if f.suffix == ".html").read_text(encoding="utf-8")
    assert 'chapter-byline">Ada Lee, Bob Ray<' in page
    assert 'The sea <span class="people">/ Eva Cid</span></a>' in page


QUARTO_BOOK = """book:
  title: Sails
  chapters: [index.qmd, one.qmd]
  appendices: [more.qmd, last.qmd]
"""


def appendices(desk: Desk) -> None:
    desk.put("_quarto.yml", QUARTO_BOOK)
    desk.put("index.qmd", "# Preface {.unnumbered}\n\nSee @sec-more, [one](one.qmd#sec-one).\n")
    desk.put("one.qmd", "# One {#sec-one}\n\nSee [more](./more.qmd) and @sec-deep.\n")
    desk.put("more.qmd", "# More {#sec-more}\n\n## Deep {#sec-deep}\n\nText.\n")
    desk.put("last.qmd", "# Last\n\nText `[x](one.qmd#sec-one)`.\n")


def test_appendices_have_letters(desk: Desk) -> None:
    appendices(desk)
    edition, told = resolve_source(read_source(desk.folder))
    assert not told
    assert [item.label for item in edition.ledger.numbered] == [
        "Chapter 1", "Appendix A", "Section A.1", "Appendix B",
    ]  # fmt: skip
    assert [r.text for r in edition.ledger.cross_references] == [
        "Appendix A", "one", "more", "Section A.1",
    ]  # fmt: skip
    assert '<span class="number">Appendix B</span> Last' in edition.body


def test_a_link_to_another_file_of_the_book_leads_to_its_place(desk: Desk) -> None:
    appendices(desk)
    edition, _ = resolve_source(read_source(desk.folder))
    targets = {r.text: r.target for r in edition.ledger.cross_references}
    assert (targets["one"], targets["more"]) == ("sec-one", "sec-more")
    assert "[x](one.qmd#sec-one)" in edition.body


def test_appendices_have_their_word_in_the_work_s_language(desk: Desk) -> None:
    desk.put(
        "edition.toml",
        'title = "Sails"\nlanguage = "hu"\nchapters = ["a.md"]\nappendices = ["b.md"]\n',
    )
    desk.put("a.md", "# Egy\n\nText.\n")
    desk.put("b.md", "# Forrasok\n\nText.\n")
    edition, _ = resolve_source(read_source(desk.folder))
    assert '<span class="number">A. függelék</span> Forrasok' in edition.body
