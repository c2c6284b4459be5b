"""What scripts add to the web page for its reader: notes beside the text, large figures, ways."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from triptych.press import build
from triptych.validators import axe, axe_batch

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 300" width="600" height="300">'
    '<rect width="600" height="300" fill="#ddd"/><text x="20" y="40">Harbour</text></svg>'
)
PAPER = (
    """\
---
title: Harbours
lang: en
---

# The coast

A harbour.[^1] Pilots came.[^2]

[^1]: A note about the *lighthouse*.
[^2]: A second, [with a link](https://example.org/).

## Boats

![Boats of the harbour.](boats.svg)

| fish | weight |
|---|---|
| Cod^[Of the sea.] | 3 |

"""
    + "Words about the tides. " * 400
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("aids")
    (folder / "boats.svg").write_text(DRAWING)
    (folder / "paper.md").write_text(PAPER)
    return build(folder / "paper.md", out=folder / "dist", formats=("html",)).files[0]


@pytest.fixture
def desktop(file: Path, browser: Browser) -> Iterator[Page]:
    with browser.new_page(reduced_motion="reduce", viewport={"width": 1280, "height": 800}) as page:
        page.goto(file.as_uri())
        yield page


@pytest.fixture
def phone(file: Path, browser: Browser) -> Iterator[Page]:
    with browser.new_page(reduced_motion="reduce", viewport={"width": 390, "height": 844}) as page:
        page.goto(file.as_uri())
        yield page


def test_notes_stand_beside_the_lines_that_call_them_and_never_over_one_another(
    desktop: Page,
) -> None:
    notes = desktop.locator(".margin > div")
    notes.first.wait_for()
    boxes = [box for note in notes.all() if (box := note.bounding_box())]
    mark = desktop.locator("a[role=doc-noteref]").first.bounding_box()
    column = desktop.locator("main").bounding_box()
    assert mark
    assert column
    assert " ".join(notes.all_text_contents()[0].split()) == "1 A note about the lighthouse."
    assert abs(boxes[0]["y"] - mark["y"]) < 20
    assert all(box["x"] > column["x"] + column["width"] for box in boxes)
    assert all(a["y"] + a["height"] <= b["y"] for a, b in pairwise(boxes))


def test_a_note_beside_the_text_is_read_aloud_once(desktop: Page) -> None:
    desktop.locator(".margin > div").first.wait_for()
    assert desktop.get_by_text("A note about the").count() == 2
    assert desktop.get_by_role("link", name="with a link").count() == 1


@pytest.mark.parametrize("number", [0, 2], ids=["in a paragraph", "in a cell"])
def test_on_a_phone_a_note_opens_and_closes_where_it_is_called(number: int, phone: Page) -> None:
    mark = phone.locator("a[role=doc-noteref]").nth(number)
    mark.click()
    note = phone.get_by_role("note")
    assert note.count() == 1
    assert mark.get_attribute("aria-expanded") == "true"
    assert "#" not in phone.url
    mark.click()
    assert note.count() == 0
    mark.press("Enter")
    phone.keyboard.press("Escape")
    assert note.count() == 0


def test_a_figure_opens_large_from_the_keyboard_and_comes_back(phone: Page) -> None:
    picture = phone.locator("main figure svg[role=img]")
    before = phone.locator("main figure").evaluate("figure => figure.innerHTML")
    phone.locator(".enlarge").press("Enter")
    large = phone.locator("dialog.large svg")
    assert picture.count() == 0
    wide = large.evaluate("svg => svg.getBoundingClientRect().width")
    assert wide >= 600
    phone.keyboard.press("+")
    assert large.evaluate("svg => svg.getBoundingClientRect().width") > wide
    phone.keyboard.press("Escape")
    picture.wait_for()
    assert phone.locator("main figure").evaluate("figure => figure.innerHTML") == before


def test_contents_and_search_are_within_reach_on_a_phone(phone: Page) -> None:
    reach = phone.locator(".reach")
    assert reach.is_hidden()
    phone.evaluate("scrollTo(0, document.body.scrollHeight)")
    reach.click()
    assert phone.evaluate("document.activeElement.id") == "search"
    phone.get_by_role("navigation", name="Contents").get_by_role("link", name="Boats").click()
    assert phone.locator("h3").first.is_visible()
    assert phone.locator(".contents.over").count() == 0
    phone.evaluate("scrollTo(0, document.body.scrollHeight)")
    reach.click()
    phone.keyboard.press("Escape")
    assert phone.locator(".contents.over").count() == 0


def test_each_heading_has_a_link_to_itself(desktop: Page) -> None:
    links = desktop.get_by_role("link", name="Link to this section")
    ends = [str(link.get_attribute("href")) for link in links.all()]
    assert ends[:2] == ["#the-coast", "#boats"]
    assert all(desktop.locator(end).count() == 1 for end in ends)


def test_what_the_scripts_add_is_not_searched(desktop: Page) -> None:
    desktop.locator("#search").fill("lighthouse")
    desktop.wait_for_function("document.querySelector('.told').textContent !== ''")
    assert desktop.locator(".results a").count() == 1


def test_the_search_is_reached_from_a_check_box(desktop: Page) -> None:
    desktop.evaluate("""
        const box = Object.assign(document.createElement('input'), {type: 'checkbox'});
        document.body.prepend(box); box.focus();""")
    desktop.keyboard.press("/")
    assert desktop.evaluate("document.activeElement.id") == "search"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280], ids=["phone", "desktop"])
def test_axe_finds_no_violation_in_what_is_opened(
    width: int, scheme: axe.ColourScheme, file: Path, browser: Browser
) -> None:
    with browser.new_page(
        color_scheme=scheme, reduced_motion="reduce", viewport={"width": width, "height": 844}
    ) as page:
        page.goto(file.as_uri())
        page.evaluate(axe.SCRIPT.read_text(encoding="utf-8"))
        if width == 390:
            page.locator("a[role=doc-noteref]").first.click()
            page.locator("main h3").first.scroll_into_view_if_needed()
        found = page.evaluate(axe_batch.RUN, [*axe.WCAG, "best-practice"])["violations"]
        page.locator(".enlarge").first.press("Enter")
        found += page.evaluate(axe_batch.RUN, [*axe.WCAG, "best-practice"])["violations"]
    assert [(one["id"], one["nodes"]) for one in found] == []
