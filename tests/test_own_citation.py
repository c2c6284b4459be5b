"""How to cite the work: in its own style, in every format, and for reference managers."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Desk
from playwright.sync_api import Browser

from triptych.collate import collate_edition
from triptych.press import Build, build
from triptych.tree import parse_fragment, text_of

FRONT = """\
subtitle: "A pilot's *account*"
date: 2021-05-03
publisher: Quay Press
doi: 10.5555/harbour
license: https://creativecommons.org/licenses/by-sa/4.0/
author:
  - Ada van der Lovelace
  - {name: Office of Ports, organisation: true}
"""


def own(desk: Desk, style: str, front: str = FRONT, body: str = "Text.\n") -> str:
    return text_of(parse_fragment(desk.edition(body, front, csl=style).own_citation))


@pytest.mark.parametrize(
    ("style", "words"),
    [
        (
            "apa",
            "van der Lovelace, A., & Office of Ports. (2021, May 3). Engines: A pilot’s account. "
            "Quay Press. https://doi.org/10.5555/harbour",
        ),
        (
            "ieee",
            "A. van der Lovelace and Office of Ports, “Engines: A pilot’s account.” Quay Press, "
            "May 03, 2021. doi: 10.5555/harbour.",
        ),
    ],
)
def test_the_work_is_listed_as_its_own_style_lists_works(
    style: str, words: str, desk: Desk
) -> None:
    assert own(desk, style) == words


def test_notes_and_citations_in_a_title_are_no_part_of_it(desk: Desk) -> None:
    front = 'title: "Tides^[By the sea.] of H~2~O, in part [@babbage1864]"\nauthor: Ada Byron\n'
    assert own(desk, "apa", front) == "Byron, A. (n.d.). Tides of H2O, in part."


@pytest.mark.parametrize(
    ("language", "name", "begins"),
    [
        ("hu", "Kodály Zoltán", "Kodály Zoltán"),
        ("ja", "夏目漱石", "夏目漱石"),
        ("de", "Annette von Droste", "von Droste, A."),
        ("en", "Plato", "Plato"),
    ],
)
def test_a_name_is_turned_only_where_its_family_is_known(
    language: str, name: str, begins: str, desk: Desk
) -> None:
    assert own(desk, "apa", f"lang: {language}\nauthor: {name}\n").startswith(begins)


def test_the_citation_of_the_work_changes_none_in_it(desk: Desk) -> None:
    front = "author: Charles Babbage\ndate: 1864\n"
    edition = desk.edition("[@babbage1864]\n", front, csl="apa")
    assert "1864a" not in edition.body
    assert "1864a" not in edition.own_citation


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder = tmp_path_factory.mktemp("own")
    (folder / "paper.md").write_text(f"---\ntitle: Engines\n{FRONT}---\n\n# One\n\nText.\n")
    return build(folder / "paper.md", out=folder / "dist", formats=("html", "epub", "pdf", "jats"))


def test_every_format_says_how_to_cite_it_and_names_no_style_where_nothing_is_cited(
    made: Build,
) -> None:
    assert made.collation.passed
    page = made.files[0].read_text(encoding="utf-8")
    assert "Cite this work: " in page
    assert "Citations follow" not in page


def changed(made: Build, folder: Path, change: Callable[[str], str]) -> list[str]:
    """What is told once the page is changed."""
    for file in made.files:
        (folder / file.name).write_bytes(file.read_bytes())
    page = folder / made.files[0].name
    sound = page.read_text(encoding="utf-8")
    page.write_text(change(sound), encoding="utf-8")
    assert page.read_text(encoding="utf-8") != sound
    found = collate_edition(folder).differences
    return [one.kind for one in found if one.kind != "fixity"]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (">PDF</a>", ">PFD</a>", "front-differs"),
        ('href="paper.epub"', 'href="paper.pdf"', "link-astray"),
        ('href="paper.epub"', 'href="other.epub"', "link-dead"),
        (">CC BY-SA 4.0</a>", ">CC BY 4.0</a>", "front-differs"),
        ("Cite this work: <span", "Cite this work: 1 <span", "front-differs"),
    ],
)
def test_a_row_of_actions_that_says_or_leads_otherwise_is_told(
    old: str, new: str, kind: str, made: Build, tmp_path: Path
) -> None:
    assert kind in changed(made, tmp_path, lambda page: page.replace(old, new))


def test_the_file_to_cite_by_must_describe_the_work(made: Build, tmp_path: Path) -> None:
    item = json.dumps([{**made.edition.own, "publisher": "Another"}])
    data = base64.b64encode(item.encode()).decode()
    begun = 'download="paper.citation.json" href="data:application/vnd.citationstyles.csl+json;'

    def change(page: str) -> str:
        before, _, rest = page.partition(begun)
        return f'{before}{begun}charset=utf-8;base64,{data}"{rest.partition(chr(34))[2]}'

    assert changed(made, tmp_path, change) == ["download-differs"]


def test_one_press_copies_the_citation_and_each_file(made: Build, browser: Browser) -> None:
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        page.goto(made.files[0].as_uri())
        copied = []
        for button in page.locator("#cite .copy, .downloads.own .copy").all():
            button.click()
            page.wait_for_function("document.querySelector('.copy:focus').textContent == 'Copied'")
            copied.append(page.evaluate("navigator.clipboard.readText()"))
    words = text_of(parse_fragment(made.edition.own_citation))
    assert copied[0] == words
    assert [text[:5] for text in copied[1:3]] == ["@misc", "TY  -"]
    assert json.loads(copied[3]) == [dict(made.edition.own)]


def test_light_or_dark_is_chosen_and_remembered(made: Build, browser: Browser) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    with browser.new_context(color_scheme="light") as context:
        page = context.new_page()
        page.goto(made.files[0].as_uri())
        light = page.evaluate(ground)
        page.get_by_role("button", name="Light or dark").click()
        dark = page.evaluate(ground)
        assert dark != light
        page.reload()
        assert page.evaluate(ground) == dark
        page.get_by_role("button", name="Light or dark").click()
        assert page.evaluate(ground) == light
        page.emulate_media(color_scheme="dark")
        assert page.evaluate(ground) == dark
