"""Numbers and cross-references: counted once, printed as text, linked to what they name."""

from __future__ import annotations

import re
from zipfile import ZipFile

import pytest
from conftest import BODY_LINE, Desk
from lxml import html

from triptych.formats import FORMATS
from triptych.press import build
from triptych.read.source import read_source
from triptych.resolve.identifiers import plain_id
from triptych.resolve.passes import resolve_source

FIGURE = "![A plan.](a.svg){#fig:plan alt='Three wheels.'}\n\n"
TABLE = "| a | b |\n|---|---|\n| 1 | 2 |\n\n: Sums. {#tbl:sums}\n\n"


def linked(body: str) -> list[tuple[str, str]]:
    """Targets and texts of the cross-references in a body."""
    return re.findall(r'<a class="xref" href="#([^"]+)">([^<]+)</a>', body)


def test_cross_references_print_the_labels_of_their_targets_and_link_to_them(desk: Desk) -> None:
    edition = desk.edition(
        f"# Beginnings {{#sec:begin}}\n\nSee @fig:plan, @tbl:sums and @sec:begin.\n\n"
        f"{FIGURE}{TABLE}"
    )
    assert linked(edition.body) == [
        ("fig-plan", "Figure 1"),
        ("tbl-sums", "Table 1"),
        ("sec-begin", "Section 1"),
    ]
    for target, _ in linked(edition.body):
        assert f'id="{target}"' in edition.body
    assert [(ref.target, ref.text) for ref in edition.ledger.cross_references] == linked(
        edition.body
    )


def test_grouped_cross_references_are_joined_as_in_a_sentence(desk: Desk) -> None:
    second = FIGURE.replace("plan", "elevation")
    body = desk.edition(f"[@fig:plan; @fig:elevation; @tbl:sums]\n\n{FIGURE}{second}{TABLE}").body
    paragraph = re.sub(r"<[^>]+>", "", body[body.index("<p>") : body.index("</p>")])
    assert paragraph == "Figure 1, Figure 2 and Table 1"


def test_cross_references_are_no_citations(desk: Desk) -> None:
    ledger = desk.edition(f"See @fig:plan and [@babbage1864].\n\n{FIGURE}").ledger
    assert [cluster.citations[0].key for cluster in ledger.clusters] == ["babbage1864"]


def test_figures_and_tables_are_counted_apart_and_numbered_in_their_captions(desk: Desk) -> None:
    second = FIGURE.replace("plan", "elevation")
    edition = desk.edition(FIGURE + TABLE + second)
    assert [(n.kind, n.number, n.label, n.title) for n in edition.ledger.numbered] == [
        ("figure", "1", "Figure 1", "A plan."),
        ("figure", "2", "Figure 2", "A elevation."),
        ("table", "1", "Table 1", "Sums."),
    ]
    captions = re.findall(r'<span class="label">([^<]+)</span>', edition.body)
    assert captions == ["Figure 1.", "Table 1.", "Figure 2."]


def test_a_figure_without_a_caption_is_not_counted(desk: Desk) -> None:
    edition = desk.edition(f"Here ![](a.svg){{alt='A sketch.'}} it is.\n\n{FIGURE}")
    assert [numbered.id for numbered in edition.ledger.numbered] == ["fig-plan"]


def test_sections_are_numbered_by_level_where_the_record_says_so(desk: Desk) -> None:
    edition = desk.edition(
        "# One\n\n## Within\n\n## Also\n\n# Aside {-}\n\n# Two\n\n## Within\n",
        "number-sections: true\n",
    )
    assert [(n.number, n.title) for n in edition.ledger.numbered] == [
        ("1", "One"), ("1.1", "Within"), ("1.2", "Also"), ("2", "Two"), ("2.1", "Within"),
    ]  # fmt: skip
    assert ">Aside</h2>" in edition.body


def test_sections_have_no_numbers_where_nobody_wants_them(desk: Desk) -> None:
    edition = desk.edition("# One {#sec:one}\n\nText.\n\n# Two\n")
    assert not edition.ledger.numbered
    assert 'class="number"' not in edition.body


def test_a_reference_to_a_section_calls_for_numbers(desk: Desk) -> None:
    edition = desk.edition("# One {#sec:one}\n\nText.\n\n# Two\n\nSee @sec:one.\n")
    assert [numbered.number for numbered in edition.ledger.numbered] == ["1", "2"]


def test_no_heading_level_is_left_out_below_the_title(desk: Desk) -> None:
    body = desk.edition("# One\n\n### Far below\n\n#### Farther\n\n# Two\n").body
    assert re.findall(r"<h(\d)", body) == ["2", "3", "4", "2"]


@pytest.mark.parametrize("above", ["", "# One\n\n"])
def test_headings_in_notes_stand_below_those_of_the_text_in_every_format(
    above: str, desk: Desk
) -> None:
    note = "[^n]:\n    # Far\n\n    ##### Farther\n\n    Words.\n"
    paper = desk.paper(f"{above}Text.[^n]\n\n{note}")
    assert build(paper, out=desk.folder / "out", formats=list(FORMATS)).collation.passed
    page = (desk.folder / "out" / "paper.html").read_text()
    assert re.findall(r"<h(\d)[^>]*>Far", page) == ["3", "4"]
    with ZipFile(desk.folder / "out" / "paper.epub") as book:
        assert re.findall(r"<h(\d)[^>]*>Far", book.read("EPUB/text-1.xhtml").decode()) == ["2", "3"]


@pytest.mark.parametrize(
    ("written", "plain"),
    [("fig:map", "fig-map"), ("a b/c", "a-b-c"), ("1843", "id-1843"), ("été", "été"), (":", "x")],
)
def test_identifiers_are_made_plain(written: str, plain: str) -> None:
    assert plain_id(written) == plain


def test_links_follow_an_identifier_that_was_made_plain(desk: Desk) -> None:
    edition = desk.edition(f"[There](#fig:plan) it is.\n\n{FIGURE}")
    assert '<a href="#fig-plan">There</a>' in edition.body
    assert [(r.text, r.target) for r in edition.ledger.cross_references] == [("There", "fig-plan")]
    assert "fig:plan" not in edition.body


def test_a_broken_cross_reference_is_told_at_its_place(desk: Desk) -> None:
    told = desk.the_mistake(desk.paper(f"{FIGURE}As [@fig:plan; @fig:gone] show.\n"))
    assert (told.code, told.line, told.column) == ("crossref-unknown", BODY_LINE + 2, 16)
    assert told.excerpt == "As [@fig:plan; @fig:gone] show."
    assert "'fig:gone'" in told.message
    assert "{#fig:gone}" in told.hint


def test_a_link_that_leads_nowhere_in_the_work_is_told_at_its_place_and_keeps_its_words(
    desk: Desk,
) -> None:
    (told,) = desk.mistakes(desk.paper("Text.\n\nSee [above](#nowhere).\n"))
    assert (told.code, told.severity) == ("crossref-unknown", "warning")
    assert (told.line, told.column) == (BODY_LINE + 2, 13)
    assert "<p>See above.</p>" in desk.edition("See [above](#nowhere).\n").body
    assert told.excerpt == "See [above](#nowhere)."
    assert "link to 'nowhere'" in told.message


def test_a_link_leads_to_a_heading_whatever_its_capitals(desk: Desk) -> None:
    edition = desk.edition("See [plots](#Plotting-Data).\n\n# Plotting data\n\nText.\n")
    assert '<a href="#plotting-data">plots</a>' in edition.body


@pytest.mark.parametrize("anchor", ['<a name="gates"></a>', "[]{#gates}", '<a id="gates"/>'])
def test_a_name_that_a_heading_has_of_itself_gives_way_to_the_author_s(
    desk: Desk, anchor: str
) -> None:
    text = f"[Below](#gates).\n\n{anchor}\n\n# Gates\n\nText.\n"
    assert not desk.mistakes(desk.paper(text))
    body = desk.edition(text).body
    assert '<h2><span id="gates"></span>Gates</h2>' in body


def test_an_identifier_that_stands_twice_is_told_where_it_stands_again(desk: Desk) -> None:
    told = desk.the_mistake(desk.paper(f"{FIGURE}{FIGURE}"))
    assert (told.code, told.line) == ("crossref-duplicate", BODY_LINE + 2)
    assert "'fig:plan' stands twice" in told.message


def test_headings_named_as_what_the_press_adds_keep_ids_and_links_of_their_own(desk: Desk) -> None:
    names = ("references", "notes", "text", "note-1", "cite-1", "ref-babbage1864")
    own = [f"# {name} {{#{name}}}\n\nSee [this](#{name}).\n" for name in names]
    cited = "\nEnd.[^1] See [the list](#works-cited) and [@babbage1864].\n\n# Works cited\n"
    paper = desk.paper("\n".join(own) + cited + "\n[^1]: A note.\n")
    files = build(paper, out=desk.folder / "dist").files  # which are collated, links and all
    page = html.parse(next(file for file in files if file.suffix == ".html"))
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    links = {a.text: a.get("href") for a in page.iter("a") if a.get("href", "").startswith("#")}
    assert links["this"] == "#own-ref-babbage1864"
    assert links["the list"] == "#references"
    assert links["1"] == "#note-1"


def test_a_heading_without_words_is_told_and_left_out(desk: Desk) -> None:
    path = desk.paper("# One\n\nText.\n\n# {#empty}\n\nAfter.\n\n# Two\n\nSee [it](#empty).\n")
    edition, (told,) = resolve_source(read_source(path))
    assert (told.code, told.line) == ("heading-empty", BODY_LINE + 4)
    assert edition.ledger.headings == ("One", "Two")
    assert 'id="empty"' in edition.body
