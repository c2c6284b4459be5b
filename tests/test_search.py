"""The web edition by itself in a browser: the search of its text, and where its reader is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from triptych.press import Build, build
from triptych.validators import axe, axe_batch, nu

CHAPTERS = {
    "coast.md": """\
# The coast

The **har**bour of Évora was a *café* of boats.[^1] Naïve pilots came to the harbour.

[^1]: A note about the lighthouse.

## Straße und Meer

Die Straße zum Meer. Σίσυφος rolled his stone. كِتَاب is a book. ﬁne print.

漢字を検索する文章です。 ค้นหาคำในประโยค
""",
    "sea.md": """\
# The sea

| fish | weight |
|---|---|
| Cod of the harbour | 3 |

$$ x^2 + y $$ {#eq:x}

Tides rise; boats of the harbour rise with the tides.
""",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A book of two chapters, with its printed pages."""
    folder = tmp_path_factory.mktemp("search")
    for name, text in CHAPTERS.items():
        (folder / name).write_text(text, encoding="utf-8")
    names = ", ".join(f'"{name}"' for name in CHAPTERS)
    (folder / "edition.toml").write_text(f'title = "Harbours"\nchapters = [{names}]\n')
    return build(folder, out=folder / "dist", formats=("html", "pdf"))


@pytest.fixture
def page(made: Build, browser: Browser) -> Iterator[Page]:
    with browser.new_page(reduced_motion="reduce", viewport={"width": 1280, "height": 800}) as page:
        page.goto(made.files[0].as_uri())
        yield page


def search(page: Page, words: str) -> list[str]:
    """Search for words; return the results as they are listed."""
    page.locator("#search").fill("")
    page.wait_for_function("document.querySelector('.told').textContent === ''")
    page.locator("#search").fill(words)
    page.wait_for_function("document.querySelector('.told').textContent !== ''")
    return [" ".join(item.split()) for item in page.locator(".results a").all_inner_texts()]


def test_results_stand_under_their_chapters_with_the_words_around_and_the_printed_page(
    page: Page,
) -> None:
    found = search(page, "harbour")
    assert page.locator(".told").inner_text() == "Results: 3"
    assert page.locator(".results .where").all_inner_texts() == ["The coast", "The sea"]
    assert found[0].startswith("The harbour of Évora was a café of boats.")
    assert [int(line.rsplit(maxsplit=1)[1]) for line in found] == [5, 7, 7]
    assert page.locator(".results mark").all_inner_texts()[:2] == ["harbour", "harbour"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("EVORA CAFE", 1),
        ("cafe boats", 1),
        ("cafe tides", 0),
        ('"naive pilots"', 1),
        ('"pilots naive"', 0),
        ("strasse", 2),
        ("σισυφοσ", 1),
        ("كتاب", 1),
        ("fine", 1),
        ("検索", 1),
        ("คำ", 1),
        ("cod of", 1),
        ("lighthouse", 1),
        ("[", 0),
        ("nowhere", 0),
    ],
)
def test_accents_capitals_and_forms_of_letters_do_not_matter(
    page: Page, words: str, told: int
) -> None:
    assert len(search(page, words)) == told
    assert page.locator(".told").inner_text() == f"Results: {told}"


def test_keys_lead_to_the_field_through_the_results_and_back(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("harbour")
    page.wait_for_selector(".results a")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    focused = "document.activeElement.textContent"
    assert "Cod of the harbour" in page.evaluate(focused)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "TD"
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    assert page.locator("#search").input_value() == ""
    assert page.locator(".results a").count() == 0
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement === document.body")


def test_the_key_can_be_switched_off(page: Page) -> None:
    page.get_by_role("button", name="/ Search").click()
    page.locator("main").click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "search"
    page.reload()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "search"


def test_hits_are_marked_in_the_text_which_stays_as_it_is(page: Page) -> None:
    before = page.locator("main").inner_html()
    search(page, "harbour")
    assert page.evaluate("CSS.highlights.get('found').size") == 4
    marked = "[...CSS.highlights.get('found')][0]"
    assert page.evaluate(f"{marked}.startContainer.data.slice({marked}.startOffset)") == "har"
    page.locator(".results a").first.click()
    page.keyboard.press("Tab")
    page.locator("#search").fill("")
    page.wait_for_function("CSS.highlights.get('found').size === 0")
    assert page.locator("main").inner_html() == before


def test_the_way_back_leads_to_where_the_reader_was(page: Page) -> None:
    search(page, "tides rise")
    page.locator(".results a").first.click()
    assert page.url.endswith("#eq-x") or "#" in page.url
    page.go_back()
    assert "#" not in page.url


def test_without_scripts_there_is_no_field(made: Build, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(made.files[0].as_uri())
        assert page.locator("input:not(#pages), button").count() == 0
        assert page.locator(".contents").inner_text().split() == (
            "CONTENTS The coast Straße und Meer The sea Notes".split()
        )


def test_nothing_of_the_search_is_printed(page: Page) -> None:
    search(page, "harbour")
    page.emulate_media(media="print")
    assert not page.locator("#search").is_visible()
    assert not page.locator(".results").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_no_violation_while_results_are_shown(
    made: Build, browser: Browser, width: int, scheme: axe.ColourScheme
) -> None:
    with browser.new_page(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    ) as page:
        page.goto(made.files[0].as_uri())
        search(page, "harbour")
        page.evaluate(axe.SCRIPT.read_text(encoding="utf-8"))
        report = page.evaluate(axe_batch.RUN, [*axe.WCAG, "best-practice"])
        assert [rule["id"] for rule in report["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_nu_checker_finds_no_error_in_the_page_with_its_results(
    page: Page, tmp_path: Path
) -> None:
    search(page, "harbour")
    (tmp_path / "page.html").write_text(page.content(), encoding="utf-8")
    (verdict,) = nu.validate([tmp_path / "page.html"])
    assert [str(found) for found in verdict.findings if found.severity == "error"] == []


def test_long_contents_are_folded_and_mark_what_is_read(tmp_path: Path, browser: Browser) -> None:
    sections = "".join(
        f"# Chapter {n}\n\nWords.\n\n"
        + "".join(f"## Section {n}.{m}\n\nWords.\n\n" for m in range(4))
        for n in range(8)
    )
    (tmp_path / "paper.md").write_text(f"---\ntitle: Long\nlang: en\n---\n\n{sections}")
    made = build(tmp_path / "paper.md", out=tmp_path / "dist", formats=("html",))
    with browser.new_page(viewport={"width": 1280, "height": 800}) as page:
        page.goto(made.files[0].as_uri())
        assert page.locator(".contents ol ol:visible").count() <= 1
        page.get_by_role("button", name="Chapter 5").click()
        assert page.get_by_role("link", name="Section 5.2").is_visible()
        page.locator("#section-6\\.1").evaluate("section => section.scrollIntoView()")
        page.wait_for_selector("a[aria-current]:has-text('Section 6.1')")
        assert page.get_by_role("link", name="Section 6.2").is_visible()
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.wait_for_selector("a[aria-current]:has-text('Section 7.3')")
