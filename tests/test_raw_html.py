"""Raw HTML: made well-formed and harmless; words stay, what is left out is told."""

from __future__ import annotations

import re

import pytest
from conftest import BODY_LINE, Desk
from lxml import etree

from triptych.press import build
from triptych.validators import epubcheck, nu


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("<b>bold<br>text</b>", "bold text"),
        ("<center>Centred</center>", "Centred"),
        ('<font color="white">seen</font>', "seen"),
        ('<span style="display: none">shown</span>', "shown"),
        ("<details><summary>More</summary>Hidden words</details>", "More Hidden words"),
        ("<table><tr><td>loose<td>cells</table>", "loose cells"),
        ("<!-- a comment -->Words", "Words"),
    ],
)
def test_words_in_html_stay_and_can_be_seen(desk: Desk, written: str, printed: str) -> None:
    paper = desk.paper(f"{written}\n")
    assert not desk.mistakes(paper)
    body = desk.edition(f"{written}\n").body
    assert " ".join(re.sub(r"<[^>]+>", " ", body).split()) == printed
    assert "style=" not in body


def test_quotations_in_html_have_the_marks_of_the_language_they_stand_in(desk: Desk) -> None:
    paper = desk.paper(
        "He <q>said <q>what *I*</q></q>, <q></q> and <q cite='x' lang='de'>wie <q>du</q></q>.\n\n"
        "[So <q id='this'>war es</q>.]{lang=de}\n\n::: {lang=fr}\n- C'est <q>tout</q>.\n:::\n"
    )
    built = build(paper, out=desk.folder / "dist", formats=("html", "pdf", "jats"))
    said = " ".join(re.sub(r"<[^>]+>", "", built.edition.body).split())
    assert "He “said ‘what I’”, “” and “wie ‚du‘”. So „war es“. C’est « tout »." in said
    assert built.collation.passed


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            "<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rt>*じ*</rt></ruby>。",
            "漢（かん）字（じ）。",
        ),
        ("<ruby><rb>東京</rb><rt>とうきょう</rt></ruby>へ", "東京（とうきょう）へ"),
        ("A <ruby>WWW<rt>World Wide Web</rt></ruby>.", "A WWW (World Wide Web)."),
    ],
)
def test_readings_above_characters_stand_behind_them_in_every_format(
    desk: Desk, written: str, read: str
) -> None:
    formats = ("html", "epub", "pdf", "jats", "text")
    built = build(desk.paper(f"{written}\n"), out=desk.folder / "dist", formats=formats)
    assert built.edition.ledger.text.plain == read
    assert built.collation.passed
    assert not built.warnings


@pytest.mark.parametrize(
    "written",
    [
        "<script>alert(1)</script>",
        "<style>p { color: white }</style>",
        '<iframe src="https://example.org/"></iframe>',
        '<form><input name="x"></form>',
        '<p onclick="alert(1)">x</p>',
        '<video src="a.mp4"></video>',
        "<object data='x.swf'></object>",
    ],
)
def test_what_could_do_harm_is_left_out_and_told(desk: Desk, written: str) -> None:
    (told,) = desk.mistakes(desk.paper(f"Text.\n\n{written}\n"))
    assert (told.code, told.line, told.severity) == ("html-dropped", BODY_LINE + 2, "warning")
    body = desk.edition(f"Text.\n\n{written}\n").body
    for word in ("alert", "<style", "<iframe", "<form", "<video", "<object", "onclick"):
        assert word not in body


def test_where_a_page_was_embedded_a_link_to_it_stands(desk: Desk) -> None:
    body = desk.edition('<iframe src="https://example.org/film"></iframe>\n').body
    assert '<a href="https://example.org/film">https://example.org/film</a>' in body


@pytest.mark.parametrize("target", ["javascript:alert(1)", "data.csv", "other.html#part"])
def test_a_link_that_leads_nowhere_from_an_edition_is_told(desk: Desk, target: str) -> None:
    (told,) = desk.mistakes(desk.paper(f"Text.\n\nSee [this]({target}).\n"))
    assert (told.code, told.line) == ("link-lost", BODY_LINE + 2)
    assert "<p>See this.</p>" in desk.edition(f"Text.\n\nSee [this]({target}).\n").body


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("Text. See [this](a\\_b.csv).", BODY_LINE),
        ("Text.\n\nSee [this](<my file.csv>).", BODY_LINE + 2),
        ("Text.\n\nSee [this](a%20b.csv).", BODY_LINE + 2),
        ("Text.\n\nSee [this](a/\nb.csv).", BODY_LINE + 2),
        ("Text.\n\nSee [this][one].\n\n[one]: <my data.csv>", BODY_LINE + 4),
    ],
)
def test_a_link_that_leads_nowhere_is_told_at_its_line(desk: Desk, written: str, line: int) -> None:
    (told,) = desk.mistakes(desk.paper(f"{written}\n"))
    assert (told.code, told.line) == ("link-lost", line)


def test_a_link_in_the_summary_that_leads_nowhere_is_told_at_its_line(desk: Desk) -> None:
    path = desk.paper("Text.\n", "title: T\nlang: en\nabstract: |\n  So [this](my_data.csv).\n")
    (told,) = desk.mistakes(path)
    line = path.read_text().split("\n").index("  So [this](my_data.csv).") + 1
    assert (told.code, told.line) == ("link-lost", line)


def test_an_address_without_its_beginning_is_completed(desk: Desk) -> None:
    body = desk.edition("See [this](www.example.org).\n").body
    assert 'href="https://www.example.org"' in body


def test_a_block_within_a_paragraph_ends_it(desk: Desk) -> None:
    body = desk.edition("Words <div>block</div> more.\n").body
    assert not re.search(r"<p>[^/]*<div", body)


def test_the_boxes_of_a_task_list_are_characters(desk: Desk) -> None:
    body = desk.edition("- [ ] to do\n- [x] done\n").body
    assert "<li>☐ to do</li>" in body
    assert "<li>☑ done</li>" in body


def test_formulas_beside_loose_html_are_formulas_all_the_same(desk: Desk) -> None:
    body = desk.edition("One <br> two.\n\n<p>So $x^2$ is.\n").body
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML"' in body


def test_an_anchor_in_short_form_beside_loose_html_holds_nothing(desk: Desk) -> None:
    body = desk.edition('One <br> two.\n\n<a name="quay"/>\n\n# Quays\n\n[Here](#quay).\n').body
    assert '<h2><span id="quay"></span>Quays</h2>' in body


@pytest.mark.parametrize(
    "given",
    ["disabled=true", "checked=x", "value=7", "start=4", "scope=row", "open=true", "href=x",
     "src=b", "cite=c", "span=2", "rowspan=3", "reversed=y", "alt=x", "x:y=b", "data-Foo=b",
     "dir=up", "dir=rtl", 'lang="x y"', "hidden=true", "tabindex=5", "width=3", "type=a"],
)  # fmt: skip
def test_an_attribute_that_an_element_may_not_bear_is_left_out(desk: Desk, given: str) -> None:
    body = etree.fromstring(desk.edition(f"::: {{#x title=t {given}}}\nText.\n:::\n").body)
    (division,) = body.iterfind(".//div[@id='x']")
    assert dict(division.attrib) == {"id": "x", "title": "t"}


def test_attributes_that_say_something_stay(desk: Desk) -> None:
    written = (
        '<ol start="3" type="a" reversed=""><li value="4">x</li></ol>\n\n'
        '<table><tr><th scope="row" colspan="2">y</th></tr></table>\n\n'
        "[שלום]{dir=rtl lang=he}\n"
    )
    body = desk.edition(written).body
    for kept in ('start="3"', 'type="a"', 'value="4"', 'scope="row"', 'colspan="2"', 'dir="rtl"'):
        assert kept in body


def test_attributes_of_all_kinds_make_valid_editions(desk: Desk) -> None:
    paper = desk.paper(
        '::: {#x disabled=true value=7 x:y=b data-Foo=c lang="x y" dir=rtl scope=row}\nText.\n:::\n'
        "\n"
        '<ol start="x" type="q"><li value="z">a</li></ol>\n\n'
        '<table><tr><td colspan="x" scope="zz">a</td></tr></table>\n'
    )
    made = build(paper, out=desk.folder / "dist", formats=["html", "epub"])
    page, book = (next(f for f in made.files if f.suffix == end) for end in (".html", ".epub"))
    verdicts = [*epubcheck.validate([book]), *nu.validate([page])]
    assert [str(f) for v in verdicts for f in v.findings if f.severity == "error"] == []


DRAWN = """\
Text <svg viewBox="0 0 9 9" width="30"><title>A dot</title><circle cx="4" cy="4" r="4"/></svg> here.

<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 9" aria-label="Two words">
<text y="7">ab cd</text></svg>
"""


def test_a_drawing_in_html_is_a_picture_like_any_other(desk: Desk) -> None:
    made = build(desk.paper(DRAWN), out=desk.folder / "dist", formats=FORMATS_BUT_COVERS)
    assert made.collation.passed, made.collation.differences
    assert [image.path for image in made.edition.images] == ["drawing-1.svg", "drawing-2.svg"]
    assert 'alt="A dot"' in made.edition.body
    assert 'alt="Two words"' in made.edition.body
    assert [words.text for words in made.edition.images[1].words] == ["ab cd"]
    assert all("drawing" not in name for name, _ in made.edition.source_digests)


def test_a_drawing_in_html_without_a_name_is_told_at_its_line(desk: Desk) -> None:
    paper = desk.paper("Text.\n\n<svg viewBox='0 0 9 9'><path d='M0 0h9'/></svg>\n")
    told = desk.the_mistake(paper)
    assert (told.code, told.line) == ("figure-alt", BODY_LINE + 2)


FORMATS_BUT_COVERS = ("html", "epub", "pdf", "jats", "text")
