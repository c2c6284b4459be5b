"""What is written for Quarto: cells, callouts, theorems, includes, shortcodes, other formats."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import BODY_LINE, Desk

from triptych.edition import Edition
from triptych.read.source import read_source
from triptych.resolve.passes import resolve_source


def words(edition: Edition) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", edition.body).split())


@pytest.mark.parametrize(
    "fence", ["```{python}", "```{r setup, echo=TRUE}", "```{.python}", "```{{python}}", "~~~{r}"]
)
def test_a_cell_of_code_is_shown_line_by_line(desk: Desk, fence: str) -> None:
    closing = fence[:3]
    body = desk.edition(f"{fence}\n#| eval: false\nx = 1\n\ny = 2\n{closing}\n").body
    code = re.sub(r"<[^>]+>", "", body[body.index("<pre") : body.index("</pre>")])
    assert code.split("\n") in (["x = 1", "", "y = 2"], ["#| eval: false", "x = 1", "", "y = 2"])


def test_a_cell_is_never_run(desk: Desk) -> None:
    desk.edition('```{python}\nopen("ran", "w")\n```\n')
    assert not (desk.folder / "ran").exists()


@pytest.mark.parametrize("option", ["#| echo: false", "#| include: false"])
def test_a_cell_that_hides_its_code_is_told(desk: Desk, option: str) -> None:
    paper = desk.paper(f"Text.\n\n```{{python}}\n{option}\nsecret = 1\n```\n")
    (told,) = desk.mistakes(paper)
    assert (told.code, told.line, told.severity) == ("cell-not-run", BODY_LINE + 2, "warning")


def test_the_figure_that_a_cell_would_draw_is_numbered_and_told(desk: Desk) -> None:
    text = "As @fig-x.\n\n```{r}\n#| label: fig-x\n#| fig-cap: A plot\nplot(1)\n```\n"
    (told,) = desk.mistakes(desk.paper(text))
    assert (told.code, told.line) == ("cell-not-run", BODY_LINE + 2)
    edition = desk.edition(text)
    assert [(n.label, n.title) for n in edition.ledger.numbered] == [("Figure 1", "A plot")]


def test_callouts_have_their_heading(desk: Desk) -> None:
    edition = desk.edition(
        "::: {.callout-note}\nPlain.\n:::\n\n"
        '::: {.callout-tip title="Hats *on*"}\nTitled.\n:::\n\n'
        "::: {.callout-warning}\n## Gulls\nHeaded.\n:::\n"
    )
    assert words(edition) == "Note Plain. Tip: Hats on Titled. Warning: Gulls Headed."
    assert 'role="note"' in edition.body


def test_theorems_are_numbered_each_kind_by_itself(desk: Desk) -> None:
    edition = desk.edition(
        "@thm-b, @lem-a.\n\n::: {#thm-a}\nOne.\n:::\n\n::: {#thm-b}\n## Two\nText.\n:::\n\n"
        "::: {#lem-a}\nThree.\n:::\n"
    )
    assert words(edition).startswith("Theorem 2 , Lemma 1 . Theorem 1. One. Theorem 2 (Two). Text.")


def test_figures_and_tables_in_divisions_have_their_captions(desk: Desk) -> None:
    edition = desk.edition(
        "@fig-a, @tbl-a.\n\n::: {#fig-a}\n![](a.svg){alt='x'}\n\nThe caption.\n:::\n\n"
        "::: {#tbl-a}\n| a | b |\n|---|---|\n| 1 | 2 |\n\nThe sums.\n:::\n"
    )
    assert [(n.label, n.title) for n in edition.ledger.numbered] == [
        ("Figure 1", "The caption."), ("Table 1", "The sums."),
    ]  # fmt: skip


def test_an_image_takes_caption_and_description_from_its_attributes(desk: Desk) -> None:
    edition = desk.edition('![](a.svg){#fig-a fig-cap="A plan." fig-alt="Three wheels."}\n')
    assert edition.ledger.numbered[0].title == "A plan."
    assert 'alt="Three wheels."' in edition.body


def test_an_included_file_is_drawn_in_and_its_mistakes_told_in_it(desk: Desk) -> None:
    desk.put("_part.md", "Words of the part.\n\nBy [@nobody].\n")
    paper = desk.paper("Before.\n\n{{< include _part.md >}}\n\nAfter [@nobody2].\n")
    told = [t for t in desk.mistakes(paper) if t.code == "citation-unknown"]
    assert [(Path(t.file).name, t.line) for t in told] == [
        ("_part.md", 3), ("paper.md", BODY_LINE + 4),
    ]  # fmt: skip


@pytest.mark.parametrize("part", ["_gone.md", "paper.md"])
def test_an_include_that_cannot_be_had_is_told_at_its_place(desk: Desk, part: str) -> None:
    desk.put("_loop.md", "{{< include _loop.md >}}\n")
    name = "_loop.md" if part == "paper.md" else part
    found = desk.the_mistake(desk.paper(f"Text.\n\n{{{{< include {name} >}}}}\n"))
    assert found.code == "include-missing"


def test_shortcodes_that_lay_out_go_and_others_are_shown_and_told(desk: Desk) -> None:
    paper = desk.paper(
        "One.\n\n{{< pagebreak >}}\n\n{{< meta title >}} {{< video a.mp4 >}} `{{< kept >}}`\n"
        "{{< fa envelope >}}\n"
    )
    edition, told = resolve_source(read_source(paper))
    assert [(t.code, t.line, t.column) for t in told] == [
        ("shortcode-unknown", BODY_LINE + 4, 20),
        ("shortcode-unknown", BODY_LINE + 5, 1),
    ]
    shown = "{{&lt; video a.mp4 &gt;}} {{&lt; kept &gt;}} {{&lt; fa envelope &gt;}}"
    assert words(edition) == f"One. Engines {shown}"


def test_content_for_another_format_is_left_out_and_told(desk: Desk) -> None:
    text = (
        '::: {.content-visible when-format="html"}\nShown.\n:::\n\n'
        '::: {.content-visible when-format="docx"}\nWord only.\n:::\n'
    )
    (told,) = desk.mistakes(desk.paper(text))
    assert told.code == "conditional-left-out"
    assert words(desk.edition(text)) == "Shown."


def test_a_cell_within_indented_code_is_shown_as_it_stands(desk: Desk) -> None:
    edition = desk.edition("A manual.\n\n    ```{python}\n    1 + 1\n    ```\n\nDone.\n")
    assert "```{python}\n1 + 1\n```" in re.sub(r"<[^>]+>", "", edition.body)


def test_a_cell_within_a_list_is_a_cell(desk: Desk) -> None:
    edition = desk.edition("1.  One.\n\n    ```{python}\n    1 + 1\n    ```\n")
    assert "```" not in edition.body


PARTS = {
    "a list": '#| fig-subcap:\n#|   - "First"\n#|   - "Second, *too*"\n',
    "in brackets": "#| fig-subcap: [\"First\", 'Second, *too*']\n",
}


@pytest.mark.parametrize("written", PARTS)
def test_the_parts_of_a_figure_that_a_cell_would_draw_are_numbered(
    desk: Desk, written: str
) -> None:
    edition = desk.edition(
        "By @fig-a, @fig-a-1 and @fig-a-2.\n\n```{r}\n#| label: fig-a\n"
        f'#| fig-cap: "Both."\n{PARTS[written]}#| layout-ncol: 2\nplot(x)\nplot(y)\n```\n'
    )
    assert [(item.number, item.title) for item in edition.ledger.numbered] == [
        ("1", "Both."), ("1a", "First"), ("1b", "Second, too"),
    ]  # fmt: skip
    plain = " ".join(edition.ledger.text.plain.split())
    assert plain.startswith("By Figure 1, Figure 1a and Figure 1b. plot(x) plot(y)")
    assert "#|" not in plain


def test_knitr_s_option_for_the_parts_of_a_figure_is_known(desk: Desk) -> None:
    cell = '```{r a, fig.cap="Both.", fig.subcap=c("First", "Second"), echo=FALSE}\nplot(x)\n```\n'
    edition = desk.edition(f"By \\@ref(fig:a).\n\n{cell}")
    assert [item.title for item in edition.ledger.numbered] == ["Both.", "First", "Second"]


@pytest.mark.parametrize(
    "code",
    [
        'knitr::include_graphics("a.svg")\nknitr::include_graphics("a.svg")',
        'knitr::include_graphics(c("a.svg", "a.svg"))',
    ],
)
def test_several_files_that_a_cell_names_are_parts_of_a_figure(desk: Desk, code: str) -> None:
    paper = desk.paper(
        'By @fig-a-2.\n\n```{r}\n#| label: fig-a\n#| fig-cap: "Both."\n'
        f'#| fig-subcap: ["L", "R"]\n#| fig-alt: ["A wheel.", "A rod."]\n{code}\n```\n'
    )
    assert not desk.mistakes(paper)
    edition, _ = resolve_source(read_source(paper))
    assert edition.ledger.text.plain.startswith("By Figure 1b.")
    assert re.findall('alt="([^"]+)"', edition.body) == ["A wheel.", "A rod."]


@pytest.mark.parametrize(
    "written",
    [
        "![L](a.svg){fig-alt=l}\n\n![R](a.svg){fig-alt=r}",
        "![](a.svg){fig-alt=l}\n\n![](a.svg){fig-alt=r}",
    ],
)
def test_panels_without_names_are_called_by_their_place(desk: Desk, written: str) -> None:
    subcap = "" if "[L]" in written else """ fig-subcap='["L", "R"]'"""
    edition = desk.edition(
        f"By @fig-e-2.\n\n::: {{#fig-e layout-ncol=2{subcap}}}\n{written}\n\nBoth.\n:::\n"
    )
    assert edition.ledger.text.plain.startswith("By Figure 1b.")
    assert [item.title for item in edition.ledger.numbered] == ["Both.", "L", "R"]


def test_tabs_are_named_and_not_counted(desk: Desk) -> None:
    edition = desk.edition(
        "# One\n\n::: {.panel-tabset}\n## R\n\nmean(x)\n\n## Python\n\nx.mean()\n:::\n",
        "number-sections: true\n",
    )
    said = " ".join(re.sub(r"<[^>]+>", " ", edition.body).split())
    assert said == "1 One R mean(x) Python x.mean()"
