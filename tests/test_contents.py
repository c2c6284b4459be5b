"""Contents lists and bookmarks are followed, line by line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Desk

from triptych.collate import collate_edition
from triptych.press import build

TEXT = """\
# One *more* of H~2~O

Words.[^1]

## Deeper $x^2$

### Deepest {.unlisted}

# Two {.unlisted}

- # Three

> # Four

# Five

[^1]: A note.
"""


def built(desk: Desk, text: str, *formats: str) -> Path:
    made = build(desk.paper(text), out=desk.folder / "dist", formats=formats)
    assert made.collation.passed
    return desk.folder / "dist"


def told(folder: Path, change: Callable[[str], str]) -> list[str]:
    """What is told once the page is changed."""
    page = next(folder.glob("*.html"))
    sound = page.read_text(encoding="utf-8")
    changed = change(sound)
    assert changed != sound
    page.write_text(changed, encoding="utf-8")
    found = collate_edition(folder).differences
    return [str(difference) for difference in found if difference.kind != "fixity"]


@pytest.mark.parametrize(
    "text",
    [TEXT, "Words without a heading.\n", "# The only one\n", "### Deep first\n\n# Then high\n"],
    ids=["all kinds of headings", "none", "one", "the deepest first"],
)
def test_contents_of_all_kinds_are_proven_in_all_formats(text: str, desk: Desk) -> None:
    built(desk, text, "html", "epub", "pdf", "print")


def test_lists_of_figures_beside_the_contents_are_no_lines_of_them(desk: Desk) -> None:
    desk.put("a.svg", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect/></svg>')
    paper = desk.paper("# One\n\n![A horse](a.svg){#fig:a}\n", "lof: true\n")
    assert build(paper, out=desk.folder / "dist").collation.passed


def test_a_line_that_says_something_else_is_told_once(desk: Desk) -> None:
    folder = built(desk, TEXT, "html")
    found = told(folder, lambda page: page.replace("Five</a>", "Fife</a>", 1))
    assert found == [
        "html, contents: the contents say “Fife” where they should say “Five” [contents-differs]"
    ]


@pytest.mark.parametrize("site", ["https://example.com/", "//example.com/"])
def test_a_link_to_a_site_is_told_though_it_ends_in_the_name_of_a_place(
    desk: Desk, site: str
) -> None:
    folder = built(desk, TEXT, "html")
    (found,) = told(folder, lambda page: page.replace('href="#notes"', f'href="{site}#notes"', 1))
    assert "“Notes” in the contents does not lead to its place" in found
    (page,) = folder.glob("*.html")
    page.write_text(page.read_text().replace('href="#text"', f'href="{site}#text"', 1))
    assert "link-astray" in [one.kind for one in collate_edition(folder).differences]


def test_a_line_for_a_heading_that_is_not_listed_is_told(desk: Desk) -> None:
    folder = built(desk, TEXT, "html")
    line = '<li><a href="#two">Two</a></li>'
    found = told(folder, lambda page: page.replace("</ol>", f"{line}</ol>", 1))
    assert found == [
        "html, contents: the contents say “Two” where they should say “Five” [contents-differs]"
    ]


def test_a_work_may_be_called_contents_and_have_headings_of_one_name(desk: Desk) -> None:
    paper = desk.paper("# One\n\nA.\n\n# One\n\nB.\n\n# Contents\n")
    paper.write_text(paper.read_text().replace("title: ", "title: Contents #", 1))
    assert build(paper, out=desk.folder / "dist").collation.passed
