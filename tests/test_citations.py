"""Citations: what the author wrote, what the style made of it, and what the ledger keeps."""

from __future__ import annotations

import re

import pytest
from conftest import BODY_LINE, Desk

from triptych.addresses import encoded
from triptych.ledger import Citation, ledger_from_json, ledger_to_json
from triptych.press import build
from triptych.read.source import read_source
from triptych.resolve.pandoc import run_pandoc
from triptych.resolve.passes import resolve_source
from triptych.terms import _tables, terms_for
from triptych.tree import parse_fragment, text_of, with_class

NOTE_STYLE = "chicago-notes-bibliography"


def test_grouped_citations_keep_their_prefixes_locators_and_suffixes(desk: Desk) -> None:
    (cluster,) = desk.edition(
        "So [see @lovelace1843, pp. 3-5, and more; @babbage1864, ch. 2].\n", csl="apa"
    ).ledger.clusters
    assert cluster.citations == (
        Citation("lovelace1843", prefix="see", locator="pp. 3-5", suffix="and more"),
        Citation("babbage1864", locator="ch. 2"),
    )
    assert cluster.text == "(see Lovelace, 1843, pp. 3–5, and more; Babbage, 1864, Chapter 2)"
    assert cluster.targets == ("ref-lovelace1843", "ref-babbage1864")
    assert cluster.note == ""


def test_a_citation_in_the_sentence_names_its_author_there(desk: Desk) -> None:
    (cluster,) = desk.edition("@babbage1864 [p. 7] says so.\n", csl="apa").ledger.clusters
    assert cluster.citations == (Citation("babbage1864", locator="p. 7", mode="author-in-text"),)
    assert cluster.text == "Babbage (1864, p. 7)"


def test_a_suppressed_author_is_not_named(desk: Desk) -> None:
    (cluster,) = desk.edition("Ada says so [-@lovelace1843, p. 9].\n", csl="apa").ledger.clusters
    assert cluster.citations == (Citation("lovelace1843", locator="p. 9", mode="suppress-author"),)
    assert cluster.text == "(1843, p. 9)"


@pytest.mark.parametrize(
    ("written", "locator", "suffix"),
    [
        ("@babbage1864", "", ""),
        ("@babbage1864, 12", "12", ""),
        ("@babbage1864, pp. 3, 5 and 7", "pp. 3, 5 and 7", ""),
        ("@babbage1864, sec. 4.2", "sec. 4.2", ""),
        ("@babbage1864, {note A}", "note A", ""),
        ("@babbage1864, p. xii, for one", "p. xii", "for one"),
        ("@babbage1864, who dissents", "", "who dissents"),
    ],
)
def test_a_locator_is_told_from_a_suffix(
    desk: Desk, written: str, locator: str, suffix: str
) -> None:
    (cluster,) = desk.edition(f"So [{written}].\n").ledger.clusters
    (citation,) = cluster.citations
    assert (citation.locator, citation.suffix) == (locator, suffix)


@pytest.mark.parametrize("suffix", ["vivid as ever", "mix of both", "did so"])
def test_a_word_of_roman_letters_is_no_locator(desk: Desk, suffix: str) -> None:
    (cluster,) = desk.edition(f"So [@babbage1864, {suffix}].\n").ledger.clusters
    assert [(c.locator, c.suffix) for c in cluster.citations] == [("", suffix)]


PLACES = """[@babbage1864, chap. 3] [@babbage1864, chs. 3 and 5] [@babbage1864, sec. 2.1]
[@babbage1864, fols. 12r-13v] [@babbage1864, pp. 3 and 5] [@babbage1864, pp. 3 & 5, and more]
[@babbage1864, vols. 1 and 2] [@babbage1864, § 4] [@babbage1864, no. 6] [@babbage1864, p. 7 n. 3]
"""


@pytest.mark.parametrize(
    ("language", "printed"),
    [
        ("en-GB", "Chapter 3|Chapters 3 & 5|Section 2.1|Folios 12r–13v|pp. 3 and 5|"
                  "pp. 3 & 5, and more|Volumes 1 & 2|Section 4|no. 6|p. 7 n. 3"),
        ("en-US", "Chapter 3|Chapters 3 & 5|Section 2.1|Folios 12r–13v|pp. 3 and 5|"
                  "pp. 3 & 5, and more|Volumes 1 & 2|Section 4|no. 6|p. 7 n. 3"),
        ("de", "Kapitel 3|Kapitel 3 & 5|Abschnitt 2.1|Blätter 12r–13v|S. 3 and 5|"
               "S. 3 & 5, and more|Bände 1 & 2|Abschnitt 4|no. 6|S. 7 n. 3"),
    ],
)  # fmt: skip
def test_a_place_is_known_by_every_label(desk: Desk, language: str, printed: str) -> None:
    paper = desk.paper(PLACES)
    paper.write_text(paper.read_text().replace("lang: en", f"lang: {language}"))
    edition, told = resolve_source(read_source(paper, "apa"))
    assert not told
    places = [c.text.partition("1864, ")[2].rstrip(")") for c in edition.ledger.clusters]
    assert places == printed.split("|")


@pytest.mark.parametrize("language", sorted(_tables()))
def test_a_place_is_known_by_the_word_and_of_its_language(desk: Desk, language: str) -> None:
    word = terms_for(language)["and"]
    paper = desk.paper(f"So [@babbage1864, p. 3{word}5] and [@babbage1864, p. 3 x 5].\n")
    paper.write_text(paper.read_text().replace("lang: en", f"lang: {language}"))
    first, second = resolve_source(read_source(paper, "apa"))[0].ledger.clusters
    assert first.citations[0].locator.endswith(" ".join(f"3{word}5".split()))
    assert (second.citations[0].locator, second.citations[0].suffix) == ("p. 3", "x 5")


def test_clusters_are_counted_in_reading_order_and_link_to_their_entries(desk: Desk) -> None:
    edition = desk.edition("[@babbage1864]^[And @lovelace1843.]\n\n[@lovelace1843; @babbage1864]\n")
    clusters = edition.ledger.clusters
    assert [cluster.id for cluster in clusters] == ["cite-1", "cite-2", "cite-3"]
    assert [cluster.note for cluster in clusters] == ["", "note-1", ""]
    assert [[citation.key for citation in cluster.citations] for cluster in clusters] == [
        ["babbage1864"],
        ["lovelace1843"],
        ["lovelace1843", "babbage1864"],
    ]
    entries = {entry.id for entry in edition.ledger.entries}
    for cluster in clusters:
        assert f'id="{cluster.id}"' in edition.body
        assert cluster.targets
        assert set(cluster.targets) <= entries


def test_a_numeric_style_numbers_works_as_they_are_first_cited(desk: Desk) -> None:
    ledger = desk.edition("[@babbage1864] [@lovelace1843] [@babbage1864]\n", csl="ieee").ledger
    assert [cluster.text for cluster in ledger.clusters] == ["[1]", "[2]", "[1]"]
    assert [entry.key for entry in ledger.entries] == ["babbage1864", "lovelace1843"]


def test_only_works_cited_have_an_entry(desk: Desk) -> None:
    edition = desk.edition("Only [@babbage1864].\n")
    assert [entry.key for entry in edition.ledger.entries] == ["babbage1864"]
    assert [item["id"] for item in edition.references] == ["babbage1864"]


def test_works_not_cited_have_an_entry_where_the_author_asks(desk: Desk) -> None:
    edition = desk.edition("Only [@babbage1864].\n", 'nocite: "@*"\n')
    assert [e.key for e in edition.ledger.entries] == ["babbage1864", "lovelace1843"]


def test_a_paper_without_citations_has_neither_clusters_nor_entries(desk: Desk) -> None:
    edition = desk.edition("Nothing is cited.\n")
    assert not edition.ledger.clusters
    assert not edition.ledger.entries
    assert 'id="references"' not in edition.body


def test_a_note_style_puts_each_cluster_into_a_note_of_its_own(desk: Desk) -> None:
    edition = desk.edition("One [@lovelace1843, 7]. Two [@babbage1864].\n", csl=NOTE_STYLE)
    assert edition.style_kind == "note"
    assert [(cluster.note, cluster.text) for cluster in edition.ledger.clusters] == [
        ("note-1", "Ada Lovelace, Notes by the Translator, 1843, 7."),
        ("note-2", "Charles Babbage, Passages (1864)."),
    ]
    assert [(note.id, note.number, note.text) for note in edition.ledger.notes] == [
        ("note-1", "1", "Ada Lovelace, Notes by the Translator, 1843, 7."),
        ("note-2", "2", "Charles Babbage, Passages (1864)."),
    ]


def test_the_authors_notes_and_the_styles_are_numbered_in_one_order(desk: Desk) -> None:
    edition = desk.edition(
        "One.[^late] Two [@lovelace1843]. Three.^[See @babbage1864.]\n\n[^late]: Written below.\n",
        csl=NOTE_STYLE,
    )
    notes = edition.ledger.notes
    assert [note.number for note in notes] == ["1", "2", "3"]
    assert notes[0].text == "Written below."
    assert notes[1].text.startswith("Ada Lovelace")
    assert notes[2].text.startswith("See ")
    assert re.findall(r'href="#note-(\d)"[^>]*>(\d)</a>', edition.body) == [
        ("1", "1"), ("2", "2"), ("3", "3"),
    ]  # fmt: skip


def test_a_second_citation_of_a_work_is_short_in_a_note_style(desk: Desk) -> None:
    clusters = desk.edition(
        "[@lovelace1843] [@babbage1864] [@lovelace1843]\n", csl=NOTE_STYLE
    ).ledger.clusters
    assert "Ada" in clusters[0].text
    assert clusters[2].text == "Lovelace, Notes by the Translator."


def test_a_note_keeps_both_its_paragraphs(desk: Desk) -> None:
    edition = desk.edition("One.[^a] Two.\n\n[^a]: First.\n\n    Second [@babbage1864].\n")
    (note,) = edition.ledger.notes
    assert note.text == "First. Second (Babbage)."
    (item,) = re.findall(r'<li class="note" id="note-1">(.*?)</li>', edition.body, re.S)
    assert len(re.findall(r"<p>", item)) == 2
    assert edition.ledger.clusters[0].note == "note-1"


def test_an_unknown_key_is_told_once_with_each_place_that_cites_it(desk: Desk) -> None:
    body = "As [see @lovelase1843, p. 1] wrote,\n\nso @lovelase1843.^[And [-@lovelase1843].]\n"
    paper = desk.paper(body)
    told = desk.the_mistake(paper)
    assert (told.code, told.line, told.column) == ("citation-unknown", BODY_LINE, 9)
    assert told.excerpt == "As [see @lovelase1843, p. 1] wrote,"
    assert told.places == (f"{paper}:{BODY_LINE + 2}:4", f"{paper}:{BODY_LINE + 2}:26")
    assert told.message.endswith("'lovelase1843', cited in 3 places")
    assert f"also at {BODY_LINE + 2}:4, {BODY_LINE + 2}:26" in str(told)
    assert told.hint == "did you mean @lovelace1843?"


def test_a_key_cited_everywhere_shows_some_of_its_places(desk: Desk) -> None:
    told = desk.the_mistake(desk.paper("\n\n".join(["So [@zuse]."] * 40)))
    assert len(told.places) == 39
    assert str(told).count("\n") == 3
    assert "and 27 more" in str(told)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("lovelase1843", "lovelace1843"),  # one letter
        ("lovelcae1843", "lovelace1843"),  # two letters swapped
        ("Lovelace:1843", "lovelace1843"),  # as another program writes keys
        ("Lovelace1843Notes", "lovelace1843"),  # its author and its year
        ("babbage_passages_1864", "babbage1864"),
    ],
)
def test_a_key_near_another_is_guessed(desk: Desk, written: str, meant: str) -> None:
    assert desk.the_mistake(desk.paper(f"[@{written}]\n")).hint == f"did you mean @{meant}?"


@pytest.mark.parametrize(
    "written", ["lovelace1901", "babbage", "engines1843", "doi:10.1000/jc.24764", "l1843"]
)
def test_a_key_near_none_is_not_guessed(desk: Desk, written: str) -> None:
    desk.put(
        "refs.json",
        """[{"id": "lovelace1843", "type": "book", "title": "Notes",
             "author": [{"family": "Lovelace"}], "issued": {"date-parts": [[1843]]}},
            {"id": "babbage1864", "type": "book", "title": "Passages",
             "author": [{"family": "Babbage"}], "issued": {"date-parts": [[1864]]}},
            {"id": "doi:10.1000/jc.19437", "type": "book", "title": "C"}]""",
    )
    assert "did you mean" not in desk.the_mistake(desk.paper(f"[@{written}]\n")).hint


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("r.bib", "@book{lee, author = {Ann Lee and B}, title = {T}, year = {2001}}\n"),
        ("r.ris", "TY  - BOOK\nID  - lee\nAU  - Lee, Ann\nPY  - 2001\nTI  - T\nER  - \n"),
        ("r.yaml", "- id: lee\n  type: book\n  title: T\n  issued: 2001\n"
                   "  author:\n  - family: Lee\n"),
    ],
)  # fmt: skip
def test_author_and_year_are_known_in_every_format(desk: Desk, file: str, text: str) -> None:
    desk.put(file, text)
    paper = desk.paper("[@Lee2001-notes]\n", bibliography=file)
    assert desk.the_mistake(paper).hint == "did you mean @lee?"


@pytest.mark.parametrize(
    ("front", "bibliography", "code"),
    [
        ("", "gone.json", "bibliography-missing"),
        ("", "[gone.json, refs.json]", "bibliography-missing"),
        ("", "broken.json", "bibliography-malformed"),
        ("keywords: a: b\n", "refs.json", "yaml-malformed"),
    ],
)
def test_where_a_bibliography_cannot_be_read_only_that_is_told(
    desk: Desk, front: str, bibliography: str, code: str
) -> None:
    desk.put("broken.json", '[{"id": ')
    paper = desk.paper("[@nobody; @zuse]\n", front, bibliography)
    assert [told.code for told in desk.mistakes(paper)] == [code]


def test_a_work_without_a_bibliography_that_cites_is_told_of_it_once(desk: Desk) -> None:
    paper = desk.put("paper.md", "---\ntitle: T\nlang: en\n---\n\nSo [@a; @b].\n\nSo [@a].\n")
    told = desk.the_mistake(paper)
    assert (told.code, told.line) == ("bibliography-missing", 6)


def test_a_key_like_no_other_is_not_guessed(desk: Desk) -> None:
    told = desk.the_mistake(desk.paper("So [@zuse].\n"))
    assert "did you mean" not in told.hint
    assert "refs.json" in told.hint


def test_a_key_that_begins_another_is_told_at_its_own_place(desk: Desk) -> None:
    told = desk.the_mistake(desk.paper("[@lovelace1843] and [@lovelace].\n"))
    assert (told.line, told.column) == (BODY_LINE, 22)


@pytest.mark.parametrize(
    "hidden", ["`@nobody`", "``a ` @nobody``", "\\@nobody", "<!-- @nobody -->", "me@nobody.org"]
)
def test_what_only_looks_like_a_citation_is_none_and_hides_none(desk: Desk, hidden: str) -> None:
    assert not desk.mistakes(desk.paper(f"Write {hidden} so.\n"))
    told = desk.the_mistake(desk.paper(f"Write {hidden} so.\n\n[@nobody]\n"))
    assert (told.code, told.line, told.column) == ("citation-unknown", BODY_LINE + 2, 2)


@pytest.mark.parametrize("fence", ["```", "~~~~"])
def test_citations_in_a_block_of_code_are_none_and_hide_none(desk: Desk, fence: str) -> None:
    block = f"{fence} markdown\n[@nobody]\n{fence}\n"
    assert not desk.mistakes(desk.paper(block))
    told = desk.the_mistake(desk.paper(f"{block}\n[@nobody]\n"))
    assert (told.line, told.column) == (BODY_LINE + 4, 2)


def test_a_key_that_no_identifier_can_hold_still_leads_to_its_entry(desk: Desk) -> None:
    desk.put("odd.json", '[{"id": "doi:10.1/x y", "type": "book", "title": "Odd"}]')
    paper = desk.paper("[@{doi:10.1/x y}]\n", bibliography="odd.json")
    assert not [told for told in desk.mistakes(paper) if told.severity == "error"]
    desk.put("refs.json", '[{"id": "doi:10.1/x", "type": "book", "title": "Odd"}]')
    edition = desk.edition("[@{doi:10.1/x}]\n")
    (entry,) = edition.ledger.entries
    assert (entry.id, entry.key) == ("ref-doi-10.1-x", "doi:10.1/x")
    assert edition.ledger.clusters[0].targets == (entry.id,)


def test_the_ledger_is_the_same_after_it_was_written_and_read(desk: Desk) -> None:
    ledger = desk.edition("[@babbage1864, p. 1]^[And so @lovelace1843.]\n").ledger
    assert ledger.clusters
    assert ledger_from_json(ledger_to_json(ledger)) == ledger


def test_a_ledger_of_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="format 99"):
        ledger_from_json({"format": 99})


def test_armenian_and_georgian_names_are_not_run_together(desk: Desk) -> None:
    desk.put(
        "refs.json",
        """[{"id": "a", "type": "book", "title": "ქართული წიგნი",
            "issued": {"date-parts": [[2001]]},
            "author": [{"family": "ბერიძე", "given": "გიორგი"}]},
           {"id": "b", "type": "book", "title": "Հայ գիրքը", "issued": {"date-parts": [[2002]]},
            "author": [{"family": "Հակոբյան", "given": "Նարե"}]}]""",
    )
    texts = [entry.text for entry in desk.edition("[@a; @b]", csl="apa").ledger.entries]
    assert sorted(texts) == [
        "Հակոբյան, Ն. (2002). Հայ գիրքը.",
        "ბერიძე, გიორგი. (2001). ქართული წიგნი.",
    ]


@pytest.mark.parametrize(
    "written", ["[@lovelace1843, @babbage1864]", "[@lovelace1843 @babbage1864]"]
)
def test_citations_parted_by_a_comma_are_two_and_told(desk: Desk, written: str) -> None:
    paper = desk.paper(f"Text.\n\nBy {written}.\n")
    (told,) = desk.mistakes(paper)
    assert (told.code, told.severity) == ("citation-parted", "warning")
    ledger = resolve_source(read_source(paper))[0].ledger
    assert [c.key for c in ledger.clusters[0].citations] == ["lovelace1843", "babbage1864"]
    assert len(ledger.entries) == 2


@pytest.mark.parametrize("sign", ["؛ ", "؛", "；"])
def test_a_semicolon_of_any_script_parts_citations(desk: Desk, sign: str) -> None:
    path = desk.paper(f"So [@babbage1864, p. 3{sign}@lovelace1843{sign}-@babbage1864].\n")
    edition, told = resolve_source(read_source(path, "apa"))
    assert not told
    (cluster,) = edition.ledger.clusters
    assert [c.key for c in cluster.citations] == ["babbage1864", "lovelace1843", "babbage1864"]
    assert cluster.text == "(Babbage, 1864, p. 3; 1864; Lovelace, 1843)"
    assert sign.strip() not in edition.body


@pytest.mark.parametrize("between", [", ", " and ", ", and ", " & ", "، "])
def test_what_stands_between_parted_citations_is_not_printed(desk: Desk, between: str) -> None:
    path = desk.paper(f"So [@babbage1864, p. 3{between}@lovelace1843].\n")
    assert [told.code for told in desk.mistakes(path)] == ["citation-parted"]
    (cluster,) = desk.edition(path.read_text().split("---\n")[-1]).ledger.clusters
    assert "3; L" in cluster.text.replace("Lovelace", "L")


# --- Brackets, links, and what parts works -------------------------------------------------------


@pytest.mark.parametrize(
    ("note", "printed"),
    [
        ("See the book (cf. [@babbage1864, 3]).",
         "See the book (cf. Charles Babbage, Passages [1864], 3)."),
        ("Words. [@babbage1864, 3] And more.",
         "Words. (Charles Babbage, Passages [1864], 3) And more."),
        ("As told [compare [@babbage1864]].",
         "As told [compare Charles Babbage, Passages (1864)]."),
        ("*So (as @babbage1864 says)*, and [@lovelace1843].",
         "So (as Charles Babbage, Passages [1864] says), and "
         "(Ada Lovelace, Notes by the Translator, 1843)."),
        ("[@babbage1864, 3]", "Charles Babbage, Passages (1864), 3."),
        ("Words [see @babbage1864, 3].", "Words (see Charles Babbage, Passages [1864], 3)."),
    ],
)  # fmt: skip
def test_no_brackets_stand_within_brackets_of_their_kind_in_a_note(
    desk: Desk, note: str, printed: str
) -> None:
    ledger = desk.edition(f"One.^[{note}]\n", csl=NOTE_STYLE).ledger
    assert [n.text for n in ledger.notes] == [printed]


@pytest.mark.parametrize(
    ("csl", "printed", "links"),
    [
        (NOTE_STYLE, "A book1 and so on.", ["https://b.org", "#note-1"]),
        ("apa", "A book (Babbage, 1864, p. 11) and so on.", ["https://b.org", "#ref-babbage1864"]),
    ],
)
def test_a_citation_within_a_link_stands_beside_it(
    desk: Desk, csl: str, printed: str, links: list[str]
) -> None:
    body = "A [*book [@babbage1864, p. 11]*](https://b.org) and so on.\n"
    edition = desk.edition(body, csl=csl)
    paragraph = parse_fragment(edition.body).find(".//p")
    assert paragraph is not None
    assert text_of(paragraph) == printed
    assert [a.get("href") for a in paragraph.iter("a")] == links


@pytest.mark.parametrize(
    ("written", "linked", "warned"),
    [
        ("[that^[A note.] map](#there)", ["that", "map"], 0),
        ("[*that^[A note.]*](#there)", ["that"], 0),
        ('<a href="#there">that^[A note.] map</a>', [], 1),
    ],
)
def test_a_note_within_a_link_is_a_link_of_its_own(
    written: str, linked: list[str], warned: int, desk: Desk
) -> None:
    paper = desk.paper(f"See {written}.\n\n# There {{#there}}\n")
    assert [told.code for told in desk.mistakes(paper)] == ["html-dropped"] * warned
    made = build(paper, out=desk.folder / "out", formats=["html", "epub"])
    assert made.collation.passed
    line = (
        (desk.folder / "out" / "paper.html").read_text().partition("See ")[2].partition("</p>")[0]
    )
    assert re.findall(r'<a href="#there">(?:<em>)?(\w+)', line) == linked


def test_a_note_within_a_link_may_cite(desk: Desk) -> None:
    edition = desk.edition("A [book^[See [@babbage1864, p. 11].]](https://b.org) and so on.\n")
    assert [note.text for note in edition.ledger.notes] == ["See (Babbage 11)."]
    paragraph = parse_fragment(edition.body).find(".//p")
    assert paragraph is not None
    assert [a.get("href") for a in paragraph.iter("a")] == ["https://b.org", "#note-1"]


@pytest.mark.parametrize("written", ["@fig-a", "\\ref{fig-a}", "**[see @fig-a]**"])
def test_a_cross_reference_within_a_link_stands_beside_it(desk: Desk, written: str) -> None:
    body = f"![Cap](a.svg){{#fig-a}}\n\nSo [in “a book, {written}” by him](https://b.org).\n"
    paragraph = parse_fragment(desk.edition(body).body).xpath("//p[contains(., 'So')]")[0]
    links = [a.get("href") for a in paragraph.iter("a")]
    assert list(dict.fromkeys(links)) == ["https://b.org", "#fig-a"]
    assert not paragraph.xpath(".//a//a")


def test_a_key_is_noted_as_cited_once_however_often_it_is(desk: Desk) -> None:
    _, resolved = run_pandoc(read_source(desk.paper("So [@babbage1864]. And so @babbage1864.\n")))
    assert resolved.cited == ("babbage1864",)


def test_a_link_that_holds_a_citation_alone_is_told(desk: Desk) -> None:
    (told,) = desk.mistakes(desk.paper("So [[@babbage1864]](https://b.org).\n"))
    assert (told.code, told.severity, told.line) == ("citation-linked", "warning", BODY_LINE)


CASES = """[
  {"id": "a", "type": "legal_case", "title": "A v B", "issued": {"date-parts": [[2004]]}},
  {"id": "c", "type": "legal_case", "title": "C v D", "issued": {"date-parts": [[2005]]}},
  {"id": "e", "type": "book", "title": "One", "author": [{"family": "Doe", "given": "Jo"}],
   "issued": {"date-parts": [[2003]]}},
  {"id": "f", "type": "book", "title": "Two", "author": [{"family": "Doe", "given": "Jo"}],
   "issued": {"date-parts": [[2004]]}}
]"""


@pytest.mark.parametrize(
    ("csl", "printed"),
    [
        ("apa", "(A v B, 2004; C v D, 2005; Doe, 2003, 2004)"),
        ("chicago-author-date", "(A v B 2004; C v D 2005; Doe 2003, 2004)"),
    ],
)
def test_works_without_authors_are_parted_as_the_style_parts_works(
    desk: Desk, csl: str, printed: str
) -> None:
    desk.put("refs.json", CASES)
    (cluster,) = desk.edition("[@a; @c; @e; @f]\n", csl=csl).ledger.clusters
    assert cluster.text == printed


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("[@babbage1864; -@lovelace1843]", "(Babbage)"),
        ("[-@babbage1864; @lovelace1843]", "(Lovelace)"),
        ("@babbage1864 [-@lovelace1843, p. 3]", "Babbage (3)"),
        ("[-@babbage1864]", ""),
    ],
)
def test_a_citation_of_which_nothing_is_printed_is_no_link(
    desk: Desk, written: str, printed: str
) -> None:
    edition = desk.edition(f"So {written}.\n")
    assert [cluster.text for cluster in edition.ledger.clusters] == [printed]
    assert all(text_of(link) for link in parse_fragment(edition.body).iter("a"))


def test_each_citation_of_which_nothing_is_printed_is_told(desk: Desk) -> None:
    told = desk.mistakes(desk.paper("[-@babbage1864]\n\n[@lovelace1843; -@babbage1864]\n"))
    assert [(t.code, t.line, t.column) for t in told] == [
        ("citation-empty", BODY_LINE, 3),
        ("citation-empty", BODY_LINE + 2, 18),
    ]


@pytest.mark.parametrize(
    "csl", ["nehet", "administrative-science-quarterly", "bioarchaeology-international"]
)
def test_lines_of_an_entry_are_blocks_of_their_own(desk: Desk, csl: str) -> None:
    body = "[@babbage1864] and [@lovelace1843]\n"
    edition = resolve_source(read_source(desk.paper(body), csl))[0]
    entries = with_class(parse_fragment(edition.body), "entry")
    assert entries
    for entry in entries:
        blocks = [e for e in entry.iter("div") if e is not entry]
        assert all(
            around.tag == "div" for block in blocks for around in block.iterancestors("a", "div")
        )
        assert "1864Passages" not in "".join(entry.itertext())


# --- Addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "href"),
    [
        ("https://doi.org/10.1890/0012(1999)080[1495:T]2.0.CO;2",
         "https://doi.org/10.1890/0012(1999)080%5B1495:T%5D2.0.CO;2"),
        ("https://a.org/a b|c{d}^e`f%20g%zz", "https://a.org/a%20b%7Cc%7Bd%7D%5Ee%60f%20g%25zz"),
        ("https://[::1]/x[1]", "https://[::1]/x%5B1%5D"),
        ("mailto:ada@example.org", "mailto:ada@example.org"),
        ("https://de.example.org/straße", "https://de.example.org/straße"),
    ],
)  # fmt: skip
def test_an_address_is_encoded_as_a_link_needs_it(written: str, href: str) -> None:
    assert encoded(written) == href
    assert encoded(href) == href


def test_links_of_the_text_and_of_entries_are_encoded(desk: Desk) -> None:
    desk.put(
        "refs.json",
        '[{"id": "a", "type": "book", "title": "T", "DOI": "https://doi.org/10.1/x[1]<2>"}, '
        '{"id": "b", "type": "book", "title": "U", "DOI": "", "URL": " "}]',
    )
    edition = desk.edition("[here](<https://a.org/x[1] y>) [@a; @b]\n", csl="apa")
    links = [a.get("href", "") for a in parse_fragment(edition.body).iter("a")]
    assert "https://a.org/x%5B1%5D%20y" in links
    assert "https://doi.org/10.1/x%5B1%5D%3C2%3E" in links
    assert not [link for link in links if link in ("", "https://doi.org/")]


def test_a_link_that_leads_nowhere_is_told_and_its_words_stay(desk: Desk) -> None:
    paper = desk.paper("So [this page](https:////) says.\n")
    edition, (told,) = resolve_source(read_source(paper))
    assert (told.code, told.severity, told.line) == ("link-malformed", "warning", BODY_LINE)
    assert "So this page says." in edition.ledger.text.plain
    assert not list(parse_fragment(edition.body).iter("a"))


def test_a_link_without_an_address_is_told_at_its_line(desk: Desk) -> None:
    (told,) = desk.mistakes(desk.paper("One.\n\nSo [this page]() says.\n"))
    assert (told.code, told.line) == ("link-malformed", BODY_LINE + 2)


def test_a_link_without_words_prints_the_label_of_its_target(desk: Desk) -> None:
    text = "See [](#fig:a) and [](#none).\n\n![A](a.svg){#fig:a alt=B}\n"
    edition, (told,) = resolve_source(read_source(desk.paper(text)))
    assert edition.ledger.text.letters.startswith("SeeFigure1and.")
    assert (told.code, told.line) == ("crossref-unknown", BODY_LINE)


def test_an_unknown_style_is_all_that_is_told(desk: Desk) -> None:
    found = desk.mistakes(desk.paper("[-@lovelace1843] [@babbage1864]\n", "csl: gone\n"))
    assert [told.code for told in found] == ["style-unknown"]


# --- Entries in the front matter -----------------------------------------------------------------


def test_entries_of_the_front_matter_may_hold_an_at_sign_and_dates_in_words(desk: Desk) -> None:
    front = (
        "references:\n- id: a\n  type: book\n  title: The @home of R, by me@x.org\n"
        "  issued: 07-18-2024\n- id: b\n  type: book\n  title: B\n  issued: 24 mai 2021\n"
        "  ISBN: 978-3-16-148410-1\n"
    )
    paper = desk.paper("[@a; @b]\n", front)
    edition, (told,) = resolve_source(read_source(paper))
    assert [dict(item).get("issued") for item in edition.references] == [
        {"date-parts": [[2024, 7, 18]]},
        {"date-parts": [[2021, 5, 24]]},
    ]
    assert edition.references[0]["title"] == "The @home of R, by me@x.org"
    assert (told.code, told.line) == ("bibliography-field", 14)


def test_a_family_name_may_be_empty(desk: Desk) -> None:
    author = '[{"family": "", "given": "Ada"}, {"family": "Babbage"}]'
    desk.put("r.json", f'[{{"id": "a", "type": "book", "title": "Tides", "author": {author}}}]')
    (entry,) = desk.edition("[@a]\n", "bibliography: r.json\n").ledger.entries
    assert "Babbage" in entry.text


def test_entries_of_the_front_matter_may_name_the_parts_of_a_date(desk: Desk) -> None:
    front = (
        "references:\n- id: a\n  title: A\n  issued: {year: 1932}\n"
        "- id: b\n  title: B\n  issued: {year: 1932, month: '03', day: 7}\n"
    )
    edition, told = resolve_source(read_source(desk.paper("[@a; @b]\n", front)))
    assert not told
    assert [item["issued"] for item in edition.references] == [
        {"date-parts": [[1932]]},
        {"date-parts": [[1932, 3, 7]]},
    ]


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("正如@babbage1864所", ""),  # what follows would be of the key
        ("正如@babbage1864 所说。", "正如Babbage (1864) 所说。"),
        ("正如@babbage1864 [p. 3] 所说。", "正如Babbage (1864, p. 3) 所说。"),
        ("彼は@{babbage1864}と", "彼はBabbage (1864)と"),
        ("ตามที่@babbage1864 กล่าว", "ตามที่Babbage (1864) กล่าว"),
        ("所以[参见@babbage1864, p. 3]。", "所以(参见 Babbage, 1864, p. 3)。"),
        ("参见@sec-x 。\n\n# 开始 {#sec-x}", "参见Section 1 。"),
        ("参见@fig:a 。\n\n![一](a.svg){#fig:a alt=甲}", "参见Figure 1 。"),
        ("微博@somebody 说", "微博@somebody 说"),
        ("`正如@babbage1864` 说", "正如@babbage1864 说"),
        ("me@babbage.org", "me@babbage.org"),
    ],
)
def test_a_citation_may_stand_behind_a_letter_of_a_script_without_spaces(
    desk: Desk, written: str, printed: str
) -> None:
    paper = desk.paper(f"{written}\n", "number-sections: true\n")
    if not printed:
        assert desk.the_mistake(paper).hint == "did you mean @{babbage1864}所?"
        return
    edition, told = resolve_source(read_source(paper, "apa"))
    assert [each for each in told if each.code != "glyph-missing"] == []
    assert edition.ledger.text.letters.startswith(printed.replace(" ", ""))
    assert "\ufdd0" not in edition.body


@pytest.mark.parametrize(
    ("written", "column"), [("see@lovelace1843", 4), ("참조@lovelace1843", 3), ("参见@wang2018", 3)]
)
def test_a_citation_behind_any_other_letter_is_told(desk: Desk, written: str, column: int) -> None:
    (told,) = [e for e in desk.mistakes(desk.paper(f"{written}.\n")) if "glyph" not in e.code]
    assert (told.code, told.line, told.column) == ("citation-glued", BODY_LINE, column)


@pytest.mark.parametrize("written", ["@lovelace1843에", "@lovelace1843所说", "@lovelace1843は"])
def test_a_key_that_words_follow_is_given_braces(desk: Desk, written: str) -> None:
    rest = written.removeprefix("@lovelace1843")
    told = desk.the_mistake(desk.paper(f"So {written}.\n"))
    assert told.hint == f"did you mean @{{lovelace1843}}{rest}?"


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("[@babbage1864; my emphasis]", "(Babbage, 1864; my emphasis)"),
        ("[@babbage1864, p. 3; my\nemphasis]", "(Babbage, 1864, p. 3; my emphasis)"),
        ("[see @babbage1864; my emphasis; @lovelace1843]",
         "(see Babbage, 1864; my emphasis; Lovelace, 1843)"),
        (r"[@babbage1864\; my emphasis]", "(Babbage, 1864; my emphasis)"),
        ("[@babbage1864, p.&nbsp;3; @lovelace1843]", "(Babbage, 1864, p. 3; Lovelace, 1843)"),
        ("[@babbage1864, with $x;y$]", "(Babbage, 1864, with x;y)"),
    ],
)  # fmt: skip
def test_words_behind_a_semicolon_belong_to_the_citation_before_them(
    desk: Desk, written: str, printed: str
) -> None:
    (cluster, *_) = desk.edition(f"So {written}.\n", csl="apa").ledger.clusters
    assert cluster.text == printed


def test_a_sentence_in_brackets_that_names_a_work_stays_one(desk: Desk) -> None:
    edition = desk.edition("[The proof in @babbage1864 is short; it is wrong.]\n", csl="apa")
    assert edition.ledger.text.letters.startswith("[TheproofinBabbage(1864)isshort;it")


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("12쪽", "p. 12"), ("12~15쪽", "pp. 12–15"), ("제3장", "Chapter 3"), ("第12頁", "p. 12"),
        ("12页，另见", "p. 12，另见"), ("12-15, 20ページ", "pp. 12–15, 20"),
        ("第 3 章", "Chapter 3"),
        ("第2巻", "Volume 2"), ("第3章第2節", "第3章第2節"),
    ],
)  # fmt: skip
def test_a_label_behind_its_number_is_not_doubled(desk: Desk, written: str, printed: str) -> None:
    (cluster,) = desk.edition(f"그래 [@babbage1864, {written}].\n", csl="apa").ledger.clusters
    assert cluster.text == f"(Babbage, 1864, {printed})"


def test_a_citation_behind_a_letter_is_told_where_front_matter_has_the_works(desk: Desk) -> None:
    front = "references:\n- {id: lee, type: book, title: Tides}\n"
    (told,) = desk.mistakes(desk.paper("See@lee.\n", front, bibliography="[]"))
    assert (told.code, told.line) == ("citation-glued", BODY_LINE + 2)


def test_a_citation_that_prints_nothing_is_told_where_it_stands(desk: Desk) -> None:
    words = "[@babbage1864; -@babbage1864, p. 3].\n\nNothing [-@babbage1864].\n"
    (told,) = desk.mistakes(desk.paper(words))
    assert (told.code, told.line, told.column) == ("citation-empty", BODY_LINE + 2, 11)
