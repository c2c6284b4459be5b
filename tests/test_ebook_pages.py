"""The e-book on pages as reading systems set them: as columns, each as large as the screen."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from triptych.press import build

WIDTH, HEIGHT = 390, 700


def table(rows: int, columns: int, cell: str = "fathoms") -> str:
    head = "| " + " | ".join(f"Month {n}" for n in range(columns)) + " |\n"
    rule = "|" + "---|" * columns + "\n"
    body = "".join(
        "| " + " | ".join(f"{cell} {row}" for _ in range(columns)) + " |\n" for row in range(rows)
    )
    return f"{head}{rule}{body}\n: Depths.\n"


TEXT = {
    "long": table(60, 3),
    "wide": table(3, 12),
    "long and wide": table(60, 12),
    "long with long words": table(40, 4, "unfathomablenesses"),
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}) as page:
        yield page


def opened(text: str, name: str, folder: Path, page: Page) -> None:
    """Open a document of the e-book of a text, in columns."""
    head = "---\ntitle: The harbours of the north\nsubtitle: An account of thirty years\n---\n\n"
    (folder / "paper.md").write_text(f"{head}# One\n\nWords before.\n\n{text}\nWords after.\n")
    made = build(folder / "paper.md", out=folder / "dist", formats=("epub",))
    with zipfile.ZipFile(made.files[0]) as book:
        book.extractall(folder / "book")
    (document,) = (folder / "book").rglob(name)
    page.goto(document.as_uri())
    page.add_style_tag(
        content=f"html {{ margin: 0; height: {HEIGHT}px; column-width: {WIDTH}px; column-gap: 0;"
        " column-fill: auto } p { text-align: justify }"
    )


@pytest.mark.parametrize("kind", TEXT)
def test_every_row_stands_whole_on_a_page(kind: str, tmp_path: Path, page: Page) -> None:
    opened(TEXT[kind], "text-1.xhtml", tmp_path, page)
    boxes = [row.bounding_box() for row in page.locator("tr").all()]
    assert len(boxes) == TEXT[kind].count("|\n") - 1
    for box in boxes:
        assert box
        assert box["y"] >= -1
        assert box["y"] + box["height"] <= HEIGHT + 1


@pytest.mark.parametrize("kind", TEXT)
def test_no_column_is_lost_at_the_edge(kind: str, tmp_path: Path, page: Page) -> None:
    opened(TEXT[kind], "text-1.xhtml", tmp_path, page)
    assert page.evaluate("""() => {
        const frame = document.querySelector(".table-frame");
        const scrolls = getComputedStyle(frame).overflowX === "auto";
        return scrolls || frame.scrollWidth <= frame.clientWidth + 1;
    }""")


def test_the_title_page_runs_from_one_edge(tmp_path: Path, page: Page) -> None:
    opened("", "title.xhtml", tmp_path, page)
    lines = page.locator(".title-page > *")
    aligned = lines.evaluate_all("all => all.map(one => getComputedStyle(one).textAlign)")
    assert set(aligned) == {"start"}
