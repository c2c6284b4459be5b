"""Languages: what the press prints itself, dates, quotation marks and citations in each."""

from __future__ import annotations

import ctypes
import io
import json
import re
import tomllib
import zipfile
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from conftest import Desk
from lxml import etree

from triptych import terms as terms_module
from triptych.collate import collate
from triptych.edition import Edition
from triptych.manifest import read_manifest
from triptych.press import build
from triptych.read.source import read_source
from triptych.render.epub.book import render_ebook
from triptych.render.web.page import render_web
from triptych.resolve.passes import resolve_source
from triptych.terms import bare, has_terms, labelled, printed_date, quotation_marks, terms_for
from triptych.text import from_plain

SUMMARY = ".//{*}meta[@property='schema:accessibilitySummary']"
LANGUAGES = tomllib.loads(
    Path(terms_module.__file__).with_suffix(".toml").read_text(encoding="utf-8")
)


def speaking(desk: Desk, language: str, body: str) -> Edition:
    """The edition of a paper in a language."""
    paper = desk.paper(body)
    paper.write_text(paper.read_text(encoding="utf-8").replace("lang: en", f"lang: {language}"),
                     encoding="utf-8")  # fmt: skip
    return resolve_source(read_source(paper))[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_term_of_its_own_or_of_the_language_it_belongs_to(
    language: str,
) -> None:
    own = LANGUAGES[language].keys() | LANGUAGES[language.split("-")[0]].keys()
    assert own >= LANGUAGES["en"].keys() - {"stop", "accessibility"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_four_quotation_marks(language: str) -> None:
    assert all(mark.strip() for mark in quotation_marks(language))


@pytest.mark.parametrize(
    ("language", "label"),
    [("en-GB", "Figure 2"), ("de-AT", "Abbildung 2"), ("hu", "2. ábra"), ("ja", "図2"),
     ("zh-TW", "圖2"), ("zh-Hans-SG", "图2"), ("kk", "2-сурет"), ("no", "Figur 2"),
     ("sr-Latn-RS", "Sl. 2"), ("eo", "Figure 2")],
)  # fmt: skip
def test_a_label_stands_as_its_language_puts_it(language: str, label: str) -> None:
    assert labelled(terms_for(language)["figure"], "2") == label


def test_a_label_without_its_number_is_a_word() -> None:
    assert bare(terms_for("hu")["table"]) == "táblázat"


@pytest.mark.parametrize(
    ("iso", "language", "printed"),
    [("2023-07-17", "en", "17 July 2023"), ("2023-07-17", "en-US", "July 17, 2023"),
     ("2023-07", "en-GB", "July 2023"), ("2023", "ru", "2023"), ("2023-07", "ru", "июль 2023 г."),
     ("2023-07-17", "ru", "17 июля 2023 г."), ("2023-07-17", "hu", "2023. július 17."),
     ("2023-07-17", "ja", "2023年7月17日"), ("2023-07-17", "zz", "17 July 2023")],
)  # fmt: skip
def test_a_date_is_printed_as_its_language_has_it(iso: str, language: str, printed: str) -> None:
    assert printed_date(iso, language).replace("\N{NO-BREAK SPACE}", " ") == printed


@pytest.mark.parametrize(
    ("language", "quoted"),
    [("de", "„Das ‚Wort‘“"), ("fr", "«\u00a0Das “Wort”\u00a0»"), ("ja", "「Das 『Wort』」"),
     ("en", "“Das ‘Wort’”"), ("el", "«Das “Wort”»")],
)  # fmt: skip
def test_a_quotation_has_the_marks_of_its_language(language: str, quoted: str, desk: Desk) -> None:
    edition = speaking(desk, language, '"Das \'Wort\'" [see "x" @babbage1864].\n')
    assert edition.body.count(quoted) == 1
    opening, closing, *_ = quotation_marks(language)
    assert f"{opening}x{closing}" in edition.body


@pytest.mark.parametrize(
    ("language", "written", "read"),
    [
        ("zh", "他说\"你好\"。\"中文\"开头，'一'和'二'。", "他说“你好”。“中文”开头，‘一’和‘二’。"),
        ("ja", '日本語の"引用"です。', "日本語の「引用」です。"),
        ("ko", "'작은'따옴표. 그는\"말\"했다. 'a'와 'b'.",
         "‘작은’따옴표. 그는“말”했다. ‘a’와 ‘b’."),
        ("en", "中\"*国*\"家, 中\"English\"文, 東京's and 京都's 5\" disk.",
         "中“国”家, 中“English”文, 東京’s and 京都’s 5” disk."),
        ("th", 'เขา"พูด"ว่า', "เขา“พูด”ว่า"),
    ],
)  # fmt: skip
def test_straight_quotation_marks_open_and_close_beside_any_script(
    desk: Desk, language: str, written: str, read: str
) -> None:
    assert speaking(desk, language, f"{written}\n").ledger.text.plain == read


def test_a_passage_has_the_marks_of_its_own_language(desk: Desk) -> None:
    body = '"Außen" ["inside" it]{lang=en-GB}.\n\n::: {lang=fr}\n"Dedans"\n:::\n'
    text = speaking(desk, "de", body).ledger.text.plain
    assert "„Außen“ “inside” it." in text
    assert "« Dedans »" in text


@pytest.mark.parametrize(
    ("work", "passage", "words", "way"),
    [
        ("en", "ar", "كتاب", "rtl"),
        ("en", "ar", "A", None),
        ("he", "en", "A", "ltr"),
        ("en", "fr", "A", None),
    ],
)
def test_a_passage_runs_as_its_language_does_if_its_letters_can(
    work: str, passage: str, words: str, way: str | None, desk: Desk
) -> None:
    page = render_web(speaking(desk, work, f'Of ["x" {words}\\*]{{lang={passage}}}.\n')).decode()
    span = re.search(rf'<span[^>]*\blang="{passage}"[^>]*>', page)
    assert span is not None
    assert re.findall(r'dir="(\w+)"', span[0]) == ([way] if way else [])


@pytest.mark.parametrize(
    ("work", "passage", "said"),
    [("ar", "en", "A note, «A Chapter on Books», في The Book, تحقيق A. Ed (2001)."),
     ("en", "he", "הערה Smith (12), «ספר» [עמ' 3]."), ("he", "ar", "حاشية Smith (12).")],
)  # fmt: skip
def test_a_note_runs_as_the_passage_that_calls_it(
    work: str, passage: str, said: str, desk: Desk
) -> None:
    edition = speaking(desk, work, f"Of [some words.^[{said}]]{{lang={passage}}}\n")
    assert f'id="note-1"><p lang="{passage}">' in edition.body
    built = build(desk.folder / "paper.md", out=desk.folder / "out", formats=("html", "pdf"))
    assert built.collation.differences == ()


def test_titles_of_the_bibliography_have_the_marks_of_the_text(desk: Desk) -> None:
    entry = '"id": "a", "type": "article-journal", "title": "Most", "container-title": "Věstník"'
    desk.put("refs.json", f"[{{{entry}}}]")
    text = speaking(desk, "cs", '"x" [@a].\n').ledger.text.plain
    assert "„x“" in text
    assert "„Most“. Věstník" in text


@pytest.mark.parametrize(
    ("language", "joined"),
    [("ka", "Lovelace და Babbage"), ("hy", "Lovelace և Babbage"), ("hi", "Lovelace और Babbage"),
     ("az", "Lovelace və Babbage"), ("de", "Lovelace und Babbage"), ("no", "Lovelace og Babbage")],
)  # fmt: skip
def test_citations_speak_the_language_of_the_work(language: str, joined: str, desk: Desk) -> None:
    people = '{"family": "Lovelace"}, {"family": "Babbage"}'
    entry = f'{{"id": "a", "type": "book", "title": "T", "author": [{people}]}}'
    desk.put("refs.json", f"[{entry}]")
    assert joined in speaking(desk, language, "Words [@a].\n").ledger.clusters[0].text


def test_greek_citations_shorten_the_word_for_page(desk: Desk) -> None:
    entry = '{"id": "a", "type": "book", "title": "Τ", "author": [{"family": "Α"}]}'
    desk.put("refs.json", f"[{entry}]")
    front = "title: Τ\nlang: el\nbibliography: refs.json\ncsl: apa"
    paper = desk.put("paper.md", f"---\n{front}\n---\n\n[@a, σ. 3] [@a, σσ. 3-4] [@a, p. 5]\n")
    clusters = resolve_source(read_source(paper))[0].ledger.clusters
    said = [cluster.text.rpartition(", ")[2] for cluster in clusters]
    assert said == ["σ. 3)", "σσ. 3–4)", "σ. 5)"]


def test_a_language_that_the_press_does_not_speak_is_told(desk: Desk) -> None:
    assert not has_terms("eo")
    paper = desk.put("paper.md", "---\ntitle: T\nlang: eo\n---\n\nVortoj.\n")
    assert [(told.code, told.line) for told in desk.mistakes(paper)] == [("language-terms", 3)]


@pytest.fixture(scope="module")
def hebrew(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("hebrew")
    build(Path(__file__).parent / "corpus" / "hebrew" / "paper.md", out=out)
    return out / "paper"


def test_a_work_from_the_right_is_leafed_through_from_the_right(hebrew: Path) -> None:
    with pikepdf.open(hebrew.with_suffix(".pdf")) as pdf:
        assert pdf.Root.ViewerPreferences.Direction == "/R2L"
    with zipfile.ZipFile(hebrew.with_suffix(".epub")) as book:
        assert b'page-progression-direction="rtl"' in book.read("EPUB/content.opf")


def test_its_printed_pages_are_marked_in_the_book_too(hebrew: Path) -> None:
    with zipfile.ZipFile(hebrew.with_suffix(".epub")) as book:
        assert b"#page-4" in book.read("EPUB/nav.xhtml")


def test_what_only_listeners_hear_of_a_book_is_in_its_language_too(hebrew: Path) -> None:
    with zipfile.ZipFile(hebrew.with_suffix(".epub")) as book:
        navigation = book.read("EPUB/nav.xhtml").decode()
        summary = etree.fromstring(book.read("EPUB/content.opf")).find(SUMMARY)
    assert summary is not None
    assert 'epub:type="landmarks" aria-label="ציוני דרך"' in navigation
    assert "אפשר להקריא את כל הטקסט" in (summary.text or "")
    assert summary.keys() == ["property"]


def test_what_the_press_cannot_say_in_a_language_is_marked_as_english(desk: Desk) -> None:
    book = zipfile.ZipFile(io.BytesIO(render_ebook(speaking(desk, "et", "Sõnad.\n"))))
    summary = etree.fromstring(book.read("EPUB/content.opf")).find(SUMMARY)
    assert summary is not None
    assert (summary.text or "").startswith("All text can be read aloud")
    assert summary.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def test_the_outer_edge_of_its_pages_bears_the_number(hebrew: Path) -> None:
    document = pypdfium2.PdfDocument(hebrew.with_suffix(".pdf"))
    for index in range(3, len(document)):
        page = document[index].get_textpage()
        width = document[index].get_width()
        head = [page.get_charbox(n) for n in range(page.count_chars())
                if page.get_text_range(n, 1) in str(index + 1)
                and page.get_charbox(n)[1] > document[index].get_height() - 70]  # fmt: skip
        assert head, index
        left = head[0][0] < width / 2
        assert left == (index % 2 == 0), index  # the first page is the left one of a pair


@pytest.mark.parametrize("name", ["hebrew", "hindi", "thai", "japanese"])
def test_a_letter_out_of_its_place_is_found_in_any_script(name: str, tmp_path: Path) -> None:
    made = build(Path(__file__).parent / "corpus" / name / "paper.md", out=tmp_path)
    files = {path.suffix[1:]: path.read_bytes() for path in made.files[:3]}
    written = json.loads(made.files[3].read_text(encoding="utf-8"))
    title = next(
        from_plain(str(work["title"])).plain
        for work in made.edition.references
        if work["id"] != "carter2010"
    )
    assert written["ledger"]["text"]["plain"].count(title) == 1
    other = title[:-3] + title[-1] + title[-2] + title[-3]
    written["ledger"]["text"]["plain"] = written["ledger"]["text"]["plain"].replace(title, other)
    found = collate(read_manifest(json.dumps(written)), files).differences
    assert {difference.witness for difference in found} == {"html", "epub", "pdf"}
    assert {difference.kind for difference in found} == {"entry-differs"}


MANY = """\
---
title: Bones 骨
author: Ada Example
date: 2024-02-03
lang: en
---

# Of 書, कश्मीर and 책

Plain 直, [令]{lang=ja}, [和]{lang=zh-TW}, [本]{lang=ko}. **Bold 店, [太]{lang=ja}, हिन्दी.**

::: {lang=ja}
| 表 |
|---|
| 骨 |

: 図
:::

## शीर्षक {lang=hi}

कर्म।
"""


@pytest.fixture(scope="module")
def shown_in(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The typeface in which each character of a printed page of many scripts is shown."""
    folder = tmp_path_factory.mktemp("many")
    (folder / "paper.md").write_text(MANY, encoding="utf-8")
    build(folder / "paper.md", out=folder / "out")
    document = pypdfium2.PdfDocument(folder / "out" / "paper.pdf")
    page = document[len(document) - 1].get_textpage()
    faces = {}
    for number in range(page.count_chars()):
        if page.get_charbox(number)[1] > document[0].get_height() - 70:
            continue  # the running head
        name = ctypes.create_string_buffer(200)
        pdfium.FPDFText_GetFontInfo(page, number, name, 200, None)
        faces[page.get_text_range(number, 1)] = name.value.decode().partition("+")[2]
    return faces


@pytest.mark.parametrize(
    ("characters", "face", "bold"),
    [("直", "Noto-Serif-SC", False), ("店", "Noto-Serif-SC", True), ("書", "Noto-Serif-SC", True),
     ("令図骨", "Noto-Serif-JP", False), ("太表", "Noto-Serif-JP", True),
     ("和", "Noto-Serif-TC", False), ("本", "Noto-Serif-KR", False), ("책", "Noto-Serif-KR", True),
     ("ष", "Tiro-Devanagari-Hindi", True), ("।", "Tiro-Devanagari-Hindi", False)],
)  # fmt: skip
def test_each_passage_is_printed_in_the_face_of_its_language_and_in_bold_where_it_is(
    characters: str, face: str, bold: bool, shown_in: dict[str, str]
) -> None:
    for character in characters:
        assert shown_in[character].startswith(face)
        assert shown_in[character].endswith("Semi-Bold") == bold


SAID = {
    "he": "המדפיסים קראו ללקוחותיהם *קוראים*, והדפיסו ספרים פעמיים בשנה, Books too, בבית 12. ",
    "fa": "چاپگران مشتریان خود را *خواننده* می‌نامیدند و سالی دو بار کتاب چاپ می‌کردند، Books نیز. ",
    "ja": "印刷所は港の*そば*に建てられた。職人たちは客を「読み手」と呼び、Booksを二度刷った。",
    "zh": "印刷所建在*港口*旁边，工匠们把顾客称为“读者”，每年只印两次书，Books也是。",
    "en": "The printers called 客人 *their readers*, and printed books twice a year, no more. ",
}


@pytest.mark.parametrize("language", SAID)
def test_printed_lines_are_as_wide_as_the_page_in_every_direction(
    language: str, tmp_path: Path
) -> None:
    paper = tmp_path / "paper.md"
    paper.write_text(f"---\ntitle: T\nlang: {language}\n---\n\n# A\n\n{SAID[language] * 9}\n",
                     encoding="utf-8")  # fmt: skip
    build(paper, out=tmp_path / "out", formats=["pdf"])
    document = pypdfium2.PdfDocument(tmp_path / "out" / "paper.pdf")
    lines = lines_of(document[len(document) - 1])
    assert len(lines) > 4
    for left, right in lines[:-1]:
        assert left == pytest.approx(lines[0][0], abs=1)
        assert right == pytest.approx(lines[0][1], abs=1)


def lines_of(page: pypdfium2.PdfPage) -> list[tuple[float, float]]:
    """Left and right edge of each line of text below a page's heading, in points."""
    text = page.get_textpage()
    lines: dict[int, list[float]] = {}
    for number in range(text.count_chars()):
        left, _, right, _ = text.get_charbox(number, loose=True)
        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetCharOrigin(text, number, x, y)
        if not text.get_text_range(number, 1).isspace():
            lines.setdefault(round(y.value), []).extend((left, right))
    below = sorted(lines.items(), reverse=True)[2:]  # the running head, the heading
    return [(min(edges), max(edges)) for _, edges in below]
