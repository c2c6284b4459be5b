"""References for reference managers: what pandoc reads back is what the article cited."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import Desk
from one_file import collated
from playwright.sync_api import sync_playwright

from triptych.csl_json import without_markup
from triptych.edition import Edition
from triptych.pandoc_binary import pandoc_path
from triptych.press import build
from triptych.read.source import read_source
from triptych.render.jats.article import render_jats
from triptych.render.web.downloads import items_bib, items_json, items_ris
from triptych.render.web.page import render_web
from triptych.resolve.passes import resolve_source
from triptych.validators.chromium import chromium
from triptych.witness.references import read_biblatex, read_ris

ROOT = Path(__file__).parents[1]
PAPERS = [
    ROOT / "source",
    *sorted((ROOT / "tests" / "mutants" / "papers").glob("*.md")),
    *sorted((ROOT / "tests" / "documents").glob("*/paper.md")),
]


@pytest.fixture(scope="module", params=PAPERS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def paper(request: pytest.FixtureRequest) -> Edition:
    return resolve_source(read_source(request.param, None))[0]


def items_in(text: str, kind: str) -> dict[str, dict[str, Any]]:
    """The CSL items that pandoc reads in a bibliography, by their keys."""
    done = subprocess.run(
        [str(pandoc_path()), f"--from={kind}", "--to=csljson"],
        input=text, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return {item["id"]: item for item in json.loads(done.stdout)}


def plain(value: object) -> str:
    """A field without markup, and without the forms of its dashes and quotation marks."""
    text = re.sub(r"</?[a-z][^<>]*>", "", str(value))
    return re.sub("[–—-]+", "-", re.sub("[“”‘’\"']", "'", " ".join(text.split())))


def people(item: dict[str, Any], role: str) -> list[str]:
    """The words of each name; BibTeX has no fixed place for a suffix such as `Sr.`"""
    return [
        " ".join(sorted(plain(" ".join(p for p in name.values() if isinstance(p, str))).split()))
        for name in item.get(role, [])
    ]


def test_csl_json_is_read_back_as_what_it_was(paper: Edition) -> None:
    written = {item["id"]: item for item in json.loads(items_json(paper.references))}
    assert set(written) == {item["id"] for item in paper.references}
    for key, item in items_in(items_json(paper.references), "csljson").items():
        for field in ("title", "container-title", "volume", "issue", "page", "DOI", "URL"):
            assert plain(item.get(field, "")) == plain(written[key].get(field, ""))


def test_biblatex_keeps_people_title_date_and_identifiers(paper: Edition) -> None:
    written = items_in(items_json(paper.references), "csljson")
    read = items_in("".join(items_bib(paper.references)), "biblatex")
    assert set(read) == set(written)
    for key, item in written.items():
        for field in ("title", "DOI", "URL", "volume"):
            assert plain(read[key].get(field, "")).lower() == plain(item.get(field, "")).lower()
        assert read[key].get("issued", {}).get("date-parts") == item.get("issued", {}).get(
            "date-parts"
        )
        for role in ("author", "editor"):
            assert people(read[key], role) == people(item, role)


def test_ris_keeps_people_title_date_and_identifiers(paper: Edition) -> None:
    written = items_in(items_json(paper.references), "csljson")
    read = items_in(items_ris(paper.references), "ris")
    assert set(read) == set(written)
    for key, item in written.items():
        for field in ("title", "DOI", "URL", "volume", "issue"):
            assert plain(read[key].get(field, "")) == plain(item.get(field, ""))
        assert len(read[key].get("author", [])) == len(item.get("author", []))
        years = [d.get("issued", {}).get("date-parts", [[None]])[0][0] for d in (read[key], item)]
        assert years[0] == years[1]


def test_every_line_of_ris_has_its_tag(paper: Edition) -> None:
    lines = items_ris(paper.references).split("\r\n")
    assert lines.pop() == ""
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)
    assert sum(line.startswith("TY") for line in lines) == len(paper.references)
    assert sum(line == "ER  - " for line in lines) == len(paper.references)


def test_an_empty_field_of_an_entry_is_no_field(desk: Desk) -> None:
    empty = "author journal volume number pages publisher keywords".split()
    fields = "".join(f"  {name} = {{}},\n" for name in empty)
    desk.put("e.bib", f"@article{{bare,\n  title = {{Words}},\n{fields}}}\n")
    edition = resolve_source(read_source(desk.paper("[@bare].\n", bibliography="e.bib")))[0]
    (item,) = edition.references
    assert set(item) == {"id", "type", "title"}
    assert "Words" in "".join(items_bib(edition.references))
    assert "Words" in items_ris(edition.references)


def test_identifiers_of_a_bibtex_entry_are_handed_on(desk: Desk) -> None:
    address = "https://tides.example/a_b"
    fields = f"doi = {{10.1000/182}}, url = {{{address}}}, isbn = {{978-0-00-000000-2}}"
    desk.put("e.bib", f"@misc{{tides, title = {{Tides}}, {fields}}}\n")
    edition = resolve_source(read_source(desk.paper("[@tides].\n", bibliography="e.bib")))[0]
    (item,) = json.loads(items_json(edition.references))
    assert item == {
        "id": "tides", "type": "document", "title": "Tides",
        "DOI": "10.1000/182", "URL": address, "ISBN": "978-0-00-000000-2",
    }  # fmt: skip
    for line in ("DO  - 10.1000/182", f"UR  - {address}", "SN  - 978-0-00-000000-2"):
        assert line in items_ris(edition.references).split("\r\n")
    jats = render_jats(edition).decode()
    assert '<pub-id pub-id-type="doi">10.1000/182</pub-id>' in jats
    assert f'xlink:href="{address}"' in jats


DATES = {
    "day": {"date-parts": [[1843, 7, 9]]},
    "month": {"date-parts": [[1843, 7]]},
    "span": {"date-parts": [[1843], [1845]]},
    "about": {"date-parts": [[1843]], "circa": True},
    "spring": {"date-parts": [[1843]], "season": 1},
    "old": {"date-parts": [[50]]},
    "before-christ": {"date-parts": [[-44, 3]]},
}


def test_every_form_of_date_is_kept(desk: Desk) -> None:
    items = [{"id": k, "type": "book", "title": k, "issued": v} for k, v in DATES.items()]
    words = {"id": "words", "type": "book", "title": "words", "issued": {"literal": "in press"}}
    desk.put("refs.json", json.dumps([*items, words]))
    edition = desk.edition("".join(f"[@{name}] " for name in (*DATES, "words")))
    read = items_in("".join(items_bib(edition.references)), "biblatex")
    spring = {"date-parts": [[1843, 21]]}  # as pandoc reads a season
    assert {k: read[k]["issued"] for k in DATES} == {**DATES, "spring": spring}
    assert "year = {in press}" in "".join(items_bib(edition.references))
    written = {item["id"]: item["issued"] for item in json.loads(items_json(edition.references))}
    assert written == {**DATES, "words": {"literal": "in press"}}
    ris = items_ris(edition.references).split("ER  - ")
    assert [re.findall(r"(?:PY|DA)  - (.*)\r", entry) for entry in ris[:-1]] == [
        ["1843", "1843/07/09/"], ["1843", "1843/07//"], ["1843"], ["1843"],
        ["1843", "1843///Spring"], ["0050"], ["-0044", "-0044/03//"], ["in press"],
    ]  # fmt: skip


HARD = r"""
@article{math, author = {Lee, A}, title = {From $H \to \gamma\gamma$ at {$\sqrt{s}=13$} TeV},
  journal = {J}, year = 2020, note = {A \emph{note}.}}
@book{old, author = {Herodotus}, title = {Histories}, date = {-0440~}}
@book{open, author = {Lee, A}, title = {Harbours}, date = {1999/}}
@book{particle, author = {de la {Vega}}, title = {Comments}, year = 1609}
"""
CASES = [
    {"id": "case", "type": "legal_case", "title": "Lee v May", "container-title": "U.S."},
    {"id": "bill", "type": "bill", "title": "An Act", "container-title": "Congress & House"},
    {"id": "review", "type": "review-book", "title": "Review", "container-title": "J. Rev."},
]  # fmt: skip


def test_what_is_saved_of_hard_entries_is_what_is_cited(desk: Desk) -> None:
    desk.put("hard.bib", HARD)
    desk.put("cases.json", json.dumps(CASES))
    paper = desk.paper("Words [@math].\n", "nocite: '@*'\n", "[hard.bib, cases.json]")
    edition, _ = resolve_source(read_source(paper))
    bib = "".join(items_bib(edition.references))
    for text in (bib, items_ris(edition.references)):
        assert r"From $H \to \gamma\gamma$ at $\sqrt{s}=13$" in text
    assert "note = {A note.}" in bib
    assert "date = {-0440~}" in bib
    assert "date = {1999/}" in bib
    read = items_in(bib, "biblatex")
    assert [read[item["id"]]["container-title"] for item in CASES] == [
        "U.S.", "Congress & House", "J. Rev.",
    ]  # fmt: skip
    told = collated(edition, "html", render_web(edition)).differences
    assert not [wrong for wrong in told if wrong.kind == "download-differs"]


ODD = {
    "id": "x:y/ü_1.2",
    "type": "article-journal",
    "container-title": "C & D {x}",
    "title": 'On <i>Lamps</i> & $4 100% #1 {x} 2 < 3 <span class="nocase">iPod</span>',
    "DOI": "10.1002/(SICI)1097(1998)49:8<693::AID-ASI3>3.0.CO;2-O",
    "URL": "https://example.org/?a=1&b=ü#f",
    "volume": "4-5",
    "page": "e1-e9",
    "author": [
        {"literal": "The {Org} & Co"},
        {"family": "Gogh", "given": "V.", "non-dropping-particle": "van"},
    ],
}


@pytest.mark.parametrize("kind", ["csljson", "biblatex", "ris"])
def test_odd_characters_are_kept(kind: str, desk: Desk) -> None:
    desk.put("refs.json", json.dumps([ODD]))
    edition = desk.edition("[@{x:y/ü_1.2}]")
    text = {
        "csljson": items_json(edition.references),
        "biblatex": "".join(items_bib(edition.references)),
        "ris": items_ris(edition.references),
    }
    (read,) = items_in(text[kind], kind).values()
    assert [read[name] for name in ("id", "DOI", "URL")] == [ODD["id"], ODD["DOI"], ODD["URL"]]
    for field in ("title", "container-title", "volume", "page"):
        assert plain(read[field]).lower() == plain(ODD[field]).lower()
    assert len(read["author"]) == 2


@pytest.mark.parametrize(
    ("title", "words"),
    [("HTML &amp; &lt;i&gt; and <i>it</i>", "HTML & <i> and it"),
     ("The <b> element: <i>x</i></sub>", "The <b> element: x</sub>"),
     ("Vector&lt;T&gt; and List<int> &#233;", "Vector<T> and List<int> é"),
     ("A <i>b <b>c</i> d, <b>x</b>", "A b <b>c d, x")],
)  # fmt: skip
def test_a_tag_that_is_not_closed_is_words(title: str, words: str, desk: Desk) -> None:
    work = '{"id": "a", "type": "book", "title": "%s", "publisher": "Q"}'
    desk.put("refs.json", f"[{work % title}]")
    edition = desk.edition("[@a]")
    assert without_markup(str(edition.references[0]["title"])).lower() == words.lower()
    for medium, data in (("html", render_web(edition)), ("jats", render_jats(edition))):
        told = collated(edition, medium, data).differences
        assert not [one for one in told if one.kind in ("download-differs", "entry-differs")]


def test_the_files_can_be_saved_from_a_browser(tmp_path: Path) -> None:
    edition = resolve_source(read_source(PAPERS[0], None))[0]
    page_file = tmp_path / "page.html"
    page_file.write_bytes(render_web(edition))
    saved: dict[str, str] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(accept_downloads=True)
        page.goto(page_file.as_uri())
        for link in page.locator("a[download]").all():
            with page.expect_download() as download:
                link.click()
            file = tmp_path / download.value.suggested_filename
            download.value.save_as(file)
            saved[file.name] = file.read_bytes().decode()
        browser.close()
    assert saved == {
        f"{name}{ending}": text
        for name, items in (
            (edition.name, edition.references), (f"{edition.name}.citation", (edition.own,)),
        )
        for ending, text in (
            (".bib", "".join(items_bib(items))), (".ris", items_ris(items)),
            (".json", items_json(items)),
        )
    }  # fmt: skip
    assert set(items_in(saved[f"{edition.name}.bib"], "biblatex")) == {
        entry.key for entry in edition.ledger.entries
    }


def test_the_web_page_holds_the_files_outside_the_article(paper: Edition) -> None:
    page = render_web(paper).decode()
    files = {
        name.rpartition(".")[2]: base64.b64decode(data).decode()
        for name, data in re.findall(
            r'<a download="([^"]+)" href="data:[^"]*?base64,([^"]*)"', page
        )
        if ".citation." not in name
    }
    assert files == {
        "bib": "".join(items_bib(paper.references)),
        "ris": items_ris(paper.references),
        "json": items_json(paper.references),
    }
    assert page.index("</main>") < page.index("<a download")


def test_a_work_that_cites_nothing_offers_itself_alone(desk: Desk) -> None:
    edition = desk.edition("Words alone.")
    files = re.findall('<a download="([^"]+)"', render_web(edition).decode())
    assert files == [f"{edition.name}.citation.{ending}" for ending in ("bib", "ris", "json")]


def test_people_left_out_are_no_person_in_the_references_to_save(desk: Desk) -> None:
    people = "author = {Poe, Ann and others}, editor = {Roe, Bo and {others}}"
    desk.put("e.bib", f"@book{{tides, title = {{Tides and others}}, {people}, date = {{1999}}}}\n")
    built = build(desk.paper("[@tides].\n", bibliography="e.bib"), out=desk.folder / "dist")
    edition = resolve_source(read_source(desk.folder / "paper.md"))[0]
    assert "AU  - Poe, Ann\r\nAU  - et al.\r\n" in items_ris(edition.references)
    assert "author = {Poe, Ann and others}" in "".join(items_bib(edition.references))
    assert "title = {Tides and Others}" in "".join(items_bib(edition.references))
    assert built.collation.passed


def test_a_list_of_people_that_is_shortened_wrongly_is_told() -> None:
    (bib,) = read_biblatex(
        "@book{a,\n  author = {Poe, Ann and others},\n  title = {X and others}\n}\n"
    )
    assert bib.shortened == ("author",)
    assert bib.fields == (("author", "Poe, Ann"), ("title", "X and others"))
    (named,) = read_biblatex("@book{a,\n  author = {Poe, Ann and {others}}\n}\n")
    assert named.shortened == ()
    (ris,) = read_ris("TY  - BOOK\r\nAU  - et al.\r\nTI  - et al.\r\nER  - \r\n")
    assert ris.shortened == ("AU",)


def test_what_is_true_of_a_name_is_no_word_of_it(desk: Desk) -> None:
    king = {"family": "King", "given": "Martin", "suffix": "Jr.", "comma-suffix": True}
    works = [{"id": "king", "type": "book", "title": "Strength", "author": [king]}]
    desk.put("king.json", json.dumps(works))
    paper = desk.paper("See [@king].\n", bibliography="king.json")
    assert build(paper, out=desk.folder / "dist", formats=("html",)).collation.passed
