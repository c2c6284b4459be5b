"""Title, subtitle and abstract: text like any other, on the page and in the proof."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import BODY_LINE, REFERENCES, Desk
from lxml import etree

from triptych.collate import collate
from triptych.press import Build, build
from triptych.read.source import read_source
from triptych.resolve.passes import resolve_source
from triptych.resolve.work import begin
from triptych.tree import Element, parse_xhtml, text_of, title_block_of
from triptych.validators.jats import DTD

CHICAGO = "chicago-fullnote-bibliography"
FORMATS = ["html", "epub", "pdf", "text", "jats"]
PAPER = """\
---
title: "On *Hamlet* & H~2~O with $x^2$^[Begun in 1901.]"
subtitle: "A reply to @babbage1864"
thanks: To the *harbour* office.
lang: en
csl: apa
bibliography: refs.json
abstract: |
  # Aims

  Ropes **hold** [@lovelace1843, p. 3].[^r]

  # Means

  - one rope
  - two $y_1$

  [^r]: Mostly.
---

# Aims

Text [@babbage1864].[^r]

[^r]: Always.
"""


def front_of(desk: Desk, front: str, body: str = "Text.\n", csl: str | None = None) -> Element:
    """The title block of a paper without mistakes."""
    desk.put("paper.md", f"---\nlang: en\nbibliography: refs.json\n{front}---\n\n{body}")
    edition, told = resolve_source(read_source(desk.folder / "paper.md", csl))
    assert not told
    block = title_block_of(parse_xhtml(edition.body))
    assert block is not None
    return block


# --- What stands in the tree ---------------------------------------------------------------------


def test_plain_words_are_in_the_record_alone(desk: Desk) -> None:
    front = "subtitle: Of 'old' ropes -- and new\nabstract: |\n  A line\n  and another.\n"
    edition = desk.edition("Text.\n", front)
    assert title_block_of(parse_xhtml(edition.body)) is None
    assert not edition.ledger.title_text.letters
    assert edition.record.subtitle == "Of ‘old’ ropes – and new"
    assert edition.record.summary == "A line and another."


def test_titles_keep_what_is_more_than_words(desk: Desk) -> None:
    block = front_of(
        desk, 'title: "On *Hamlet*, H~2~O at 10^3^ Pa, ~~old~~ [New]{.smallcaps} `c`"\n'
        'subtitle: "<em>Raw</em> and $x$ and <https://example.org>"\n',
    )  # fmt: skip
    assert [e.tag for e in block[0]] == ["em", "sub", "sup", "del", "span", "code"]
    assert [etree.QName(e).localname for e in block[1]] == ["em", "math", "a"]


def test_the_record_has_plain_words_of_all_of_it(desk: Desk) -> None:
    desk.put("paper.md", PAPER)
    edition, _ = resolve_source(read_source(desk.folder / "paper.md"))
    record = edition.record
    assert record.title == "On Hamlet & H₂O with x²"
    assert record.subtitle == "A reply to Babbage (1864)"
    assert record.summary == "Aims Ropes hold (Lovelace, 1843, p. 3). Means one rope two y₁"


def test_notes_and_citations_of_title_and_abstract_come_first(desk: Desk) -> None:
    desk.put("paper.md", PAPER)
    edition, told = resolve_source(read_source(desk.folder / "paper.md"))
    assert not told
    assert [(n.number, n.text) for n in edition.ledger.notes] == [
        ("1", "Begun in 1901."),
        ("2", "To the harbour office."),
        ("3", "Mostly."),
        ("4", "Always."),
    ]
    assert [c.text for c in edition.ledger.clusters] == [
        "Babbage (1864)", "(Lovelace, 1843, p. 3)", "(Babbage, 1864)",
    ]  # fmt: skip


def test_in_a_style_with_notes_a_citation_in_the_abstract_is_a_note(desk: Desk) -> None:
    front = "title: Engines\nabstract: Ropes hold [@lovelace1843, p. 3].\n"
    body = "Again [@lovelace1843, p. 3].\n"
    block = front_of(desk, front, body, CHICAGO)
    assert text_of(block[1]) == "Ropes hold.1"
    first, again = desk.edition(body, front.split("\n", 1)[1], CHICAGO).ledger.notes
    assert first.text.startswith("Ada Lovelace, Notes by the Translator")
    assert not again.text.startswith("Ada")


def test_the_plain_words_name_what_is_referred_to(desk: Desk) -> None:
    body = "![Wheel](a.svg){#fig:w alt='A wheel.'}\n"
    edition = desk.edition(body, "abstract: See @fig:w, *please*.\n")
    assert edition.record.summary == "See Figure 1, please."


def test_figures_and_formulas_of_the_abstract_are_counted_before_those_of_the_text(
    desk: Desk,
) -> None:
    front = "abstract: |\n  ![Small wheel](a.svg){alt='A wheel.'}\n\n  $$ x $$ {#eq:x}\n"
    edition = desk.edition("![Wheel](a.svg){#fig:w alt='A wheel.'}\n\nBy @eq:x.\n", front)
    assert [item.label for item in edition.ledger.numbered] == [
        "Figure 1",
        "Figure 2",
        "Equation 1",
    ]
    assert edition.ledger.text.plain.endswith("By Equation 1.")


def test_thanks_are_a_note_on_the_title(desk: Desk) -> None:
    block = front_of(desk, "title: Engines\nthanks: |\n  To *all*.\n\n  And more.\n")
    assert text_of(block[0]) == "Engines1"
    assert desk.edition("Text.\n", "thanks: To all.\n").ledger.notes[0].text == "To all."


def test_a_note_on_the_title_may_be_defined_in_the_text(desk: Desk) -> None:
    block = front_of(desk, "title: Engines[^t]\n", "Text.\n\n[^t]: Read in Rome.\n")
    assert text_of(block[0]) == "Engines1"


def test_macros_of_the_text_hold_in_the_abstract(desk: Desk) -> None:
    front = "title: Engines\nabstract: Of $\\rope$.\n"
    block = front_of(desk, front, "\\newcommand{\\rope}{\\mathrm{R}}\n\nText.\n")
    assert text_of(block[1]) == "Of R."


def test_a_structured_abstract_has_its_headings_lists_and_paragraphs(desk: Desk) -> None:
    desk.put("paper.md", PAPER)
    edition, _ = resolve_source(read_source(desk.folder / "paper.md"))
    block = title_block_of(parse_xhtml(edition.body))
    assert block is not None
    assert [text_of(h) for h in block.iter("h2")] == ["Aims", "Means"]
    assert [text_of(item) for item in block.iter("li")] == ["one rope", "two y1"]
    named = [section.get("id") for section in block.iterfind("section/section")]
    assert named == ["aims-1", "means"]  # the text has a section `aims` of its own


def test_words_that_would_begin_a_list_or_heading_are_words_of_a_title(desk: Desk) -> None:
    front = 'title: "1984. *A* study"\nsubtitle: "# 2 of 3"\n'
    assert [text_of(line) for line in front_of(desk, front)] == ["1984. A study", "# 2 of 3"]


@pytest.mark.parametrize("written", ["Engines \\\n  and ropes", "| Engines\n  | and ropes"])
def test_a_title_may_have_two_lines(written: str, desk: Desk) -> None:
    block = front_of(desk, f"title: |\n  {written}\n")
    assert ([e.tag for e in block[0]], text_of(block[0])) == (["br"], "Engines and ropes")


def test_a_work_without_a_title_has_that_of_its_first_heading(desk: Desk) -> None:
    block = front_of(desk, "", "# On *Hamlet*^[Begun in 1901.]\n\nText.\n")
    assert (text_of(block[0]), [e.tag for e in block[0]]) == ("On Hamlet", ["em"])


def test_the_record_of_a_book_may_have_markup_or_none(desk: Desk) -> None:
    desk.put("one.md", "# One\n\nText.\n")
    record = 'lang = "en"\nchapters = ["one.md"]\nbibliography = "refs.json"\n'
    desk.put("edition.toml", f'{record}title = "On *Hamlet*^[Begun.]"\nsummary = "Don\'t."\n')
    source = read_source(desk.folder)
    edition, _ = resolve_source(source)
    assert (edition.name, edition.record.title) == ("on-hamlet", "On Hamlet")
    assert edition.record.summary == "Don't."
    desk.put("edition.toml", f'{record}title = "Don\'t walk"\n')
    assert begin(read_source(desk.folder)).record.title == "Don't walk"


def test_a_mistake_in_the_abstract_is_told_at_its_line(desk: Desk) -> None:
    paper = desk.paper("Text.\n", "abstract: |\n  One.\n\n  Two [@nobody].\n")
    mistake = desk.the_mistake(paper)
    assert (mistake.code, mistake.line) == ("citation-unknown", 8)


def test_a_mistake_in_the_summary_of_a_book_is_told_at_its_line(desk: Desk) -> None:
    desk.put("one.md", "# One\n\nText.\n")
    desk.put(
        "edition.toml",
        'title = "A"\nlang = "en"\nchapters = ["one.md"]\nbibliography = "refs.json"\n'
        'summary = """\nOne.\n\nTwo [@nobody].\n"""\n',
    )
    mistake = desk.the_mistake(desk.folder)
    assert (Path(mistake.file).name, mistake.line) == ("edition.toml", 8)


# --- In every edition ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder = tmp_path_factory.mktemp("titles")
    (folder / "refs.json").write_text(REFERENCES)
    (folder / "paper.md").write_text(PAPER)
    return build(folder / "paper.md", out=folder / "dist", formats=[*FORMATS, "print"])


def data_of(made: Build) -> dict[str, bytes]:
    endings = {"html": ".html", "epub": ".epub", "pdf": "paper.pdf", "text": ".txt", "jats": ".xml"}
    return {
        name: next(path for path in made.files if str(path).endswith(ending)).read_bytes()
        for name, ending in endings.items()
    }


def test_every_edition_says_it_and_none_differs(made: Build) -> None:
    assert made.collation.passed
    assert [w.format for w in made.collation.witnesses] == [
        "html", "epub", "pdf", "print", "jats", "text",
    ]  # fmt: skip
    for witness in made.collation.witnesses:
        assert "Ropes hold (Lovelace, 1843, p. 3)" in " ".join(witness.title.text.plain.split())
        assert witness.title.text.plain.startswith("On Hamlet & H2O with x212")


def test_metadata_get_the_plain_words(made: Build) -> None:
    data = data_of(made)
    page = data["html"].decode()
    plain = "On Hamlet &amp; H₂O with x²: A reply to Babbage (1864)"
    assert f"<title>{plain}</title>" in page
    for name in ("DC.title", "citation_title"):
        assert f'<meta name="{name}" content="{plain}">' in page
    assert '"headline": "On Hamlet & H₂O with x²"' in page
    package = zipfile.ZipFile(io.BytesIO(data["epub"])).read("EPUB/content.opf").decode()
    assert f"<dc:title>{plain}</dc:title>" in package


def test_jats_has_markup_and_is_valid(made: Build) -> None:
    root = etree.fromstring(data_of(made)["jats"])
    dtd = etree.DTD(str(DTD))
    assert dtd.validate(root), dtd.error_log
    title, abstract = root.find(".//article-title"), root.find(".//abstract")
    assert title is not None
    assert abstract is not None
    assert [e.tag for e in title] == ["italic", "sub", "inline-formula", "xref", "xref"]
    assert [e.tag for e in abstract] == ["sec", "sec"]
    assert root.findtext(".//abstract/sec/title") == "Aims"


# --- Damages -------------------------------------------------------------------------------------

Damage = Callable[[str], str]


def instead(old: str, new: str) -> Damage:
    def damage(text: str) -> str:
        assert len(re.findall(old, text)) >= 1, old
        return re.sub(old, new, text, count=1)

    return damage


MARKUP = {
    "a word of the title changed": (instead("Hamlet</em> &amp;", "Macbeth</em> &amp;"), "text-"),
    "a word added to the title": (instead('(<h1 class="title">)', r"\1Not "), "text-"),
    "a figure of the title lost": (instead("<sub>2</sub>", ""), "text-"),
    "the title's mark leads to another note": (
        instead('(id="noteref-1" href=")#note-1', r"\1#note-3"), "link-astray"),
    "the title's mark is no link": (
        instead('<a class="noteref" id="noteref-1"[^>]*>1</a>', '<i id="noteref-1">1</i>'),
        "link-missing"),
    "a citation changed in the abstract": (
        instead("1843, p. 3</a>", "1843, p. 8</a>"), "citation-differs"),
    "a citation in the subtitle lost": (
        instead(r'<span class="cluster" id="cite-1">.*?</span>', ""), "citation-missing"),
    "a citation in the abstract is no link": (
        instead(r'(id="cite-2">\()<a [^>]*>(.*?)</a>', r"\1\2"), "link-missing"),
    "a heading of the abstract is none": (
        instead("<h2>Means</h2>", "<p>Means</p>"), "structure-differs"),
    "an item of the abstract lost": (instead("<li>one rope</li>", ""), "text-"),
    "a paragraph added to the abstract": (instead("(<h2>Means</h2>)", r"\1<p>No.</p>"), "text-"),
    "a sign of a formula changed": (instead("<mi>y</mi>", "<mi>z</mi>"), "text-"),
    "a paragraph of the abstract hidden": (
        instead("<p>Ropes", '<p style="visibility: hidden">Ropes'), "hidden"),
}  # fmt: skip


@pytest.mark.parametrize("name", MARKUP)
def test_a_damaged_title_page_of_the_web_is_told(name: str, made: Build) -> None:
    damage, kind = MARKUP[name]
    page = damage(data_of(made)["html"].decode()).encode()
    told = collate(made.collation.manifest, {**data_of(made), "html": page}).differences
    assert kind in {d.kind[: len(kind)] for d in told if d.witness == "html"}


@pytest.mark.parametrize("name", MARKUP)
def test_a_damaged_title_page_of_the_ebook_is_told(name: str, made: Build) -> None:
    damage, kind = MARKUP[name]
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data_of(made)["epub"])) as book,
        zipfile.ZipFile(out, "w") as new,
    ):
        for item in book.namelist():
            held = book.read(item)
            new.writestr(
                item, damage(held.decode()).encode() if item.endswith("title.xhtml") else held
            )
    files = {**data_of(made), "epub": out.getvalue()}
    told = collate(made.collation.manifest, files).differences
    assert kind in {d.kind[: len(kind)] for d in told if d.witness == "epub"}


OTHERS = {
    "a word of the title": (("Hamlet", "Macbeth"), "text-"),
    "a note on the title": (("Begun in 1901", "Begun in 1902"), "note-differs"),
    "a citation in the abstract": (("p. 3", "p. 8"), "citation-differs"),
    "a word of the abstract": (("**hold**", "**held**"), "text-"),
    "a heading of the abstract": (("# Means\n", "**Means**\n"), "structure-differs"),
    "a paragraph more in the abstract": (("# Means\n", "# Means\n\n  No.\n"), "text-"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_another_title_page_is_told_in_every_format(name: str, made: Build, tmp_path: Path) -> None:
    (old, new), kind = OTHERS[name]
    assert old in PAPER
    (tmp_path / "refs.json").write_text(REFERENCES)
    (tmp_path / "paper.md").write_text(PAPER.replace(old, new))
    other = build(tmp_path / "paper.md", out=tmp_path / "dist", formats=FORMATS)
    told = collate(made.collation.manifest, data_of(other)).differences
    for medium in FORMATS:
        kinds = {d.kind for d in told if d.witness == medium}
        if medium != "jats" or kind != "structure-differs":  # see `Format.nested_headings`
            assert any(found.startswith(kind) for found in kinds), (medium, kinds)


@pytest.mark.parametrize("open_", ["::: {.note}\n", "::: one\n:::: two\n", "<div>\n"])
def test_a_division_left_open_does_not_hold_the_title(desk: Desk, open_: str) -> None:
    edition = desk.edition(f"# One\n\nWords.\n\n{open_}\nLast words.\n", "subtitle: On *them*\n")
    assert edition.record.subtitle == "On them"
    assert edition.body.count("On <em>them</em>") == 1
    assert edition.body.index("On <em>them</em>") < edition.body.index("Words.")
    assert "Engines" not in edition.body[edition.body.index("Last words.") :]


def test_a_division_left_open_is_told_where_it_begins(desk: Desk) -> None:
    told = desk.mistakes(desk.paper("Words.\n\n::: {.note}\nLast words.\n"))
    assert [(t.line, t.message) for t in told] == [(BODY_LINE + 2, "this division is not closed")]


def test_an_identifier_that_stands_twice_is_told_once(desk: Desk) -> None:
    told = desk.mistakes(desk.paper("# One {#sec:one}\n\n# Two {#sec:one}\n"))
    assert [(t.code, t.line) for t in told] == [("crossref-duplicate", BODY_LINE + 2)]
