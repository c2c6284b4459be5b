"""What is written for R Markdown and bookdown: formulas, labels, references, figures in cells."""

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


def notebook(desk: Desk, body: str) -> Edition:
    desk.put("paper.Rmd", f"---\ntitle: Sails\nbibliography: refs.json\n---\n\n{body}")
    edition, told = resolve_source(read_source(desk.folder / "paper.Rmd"))
    assert not [t for t in told if t.code == "raw-dropped"], told
    return edition


@pytest.mark.parametrize("formula", [r"\(x^2\)", r"\[x^2\]", "$x^2$"])
def test_formulas_may_stand_between_backslashed_brackets(desk: Desk, formula: str) -> None:
    assert "<math" in notebook(desk, f"So {formula} it is.\n").body


def test_a_bare_address_is_a_link(desk: Desk) -> None:
    assert 'href="https://example.org/a"' in notebook(desk, "See https://example.org/a.\n").body


def test_pandoc_s_own_markdown_keeps_its_escapes(desk: Desk) -> None:
    assert words(desk.edition(r"A bracket \[x\] and https://example.org." + "\n")).startswith(
        "A bracket [x] and https://example.org."
    )


@pytest.mark.parametrize(
    "equation",
    ["\\begin{equation}\n(\\#eq:wind)\na = b\n\\end{equation}",
     "\\begin{equation}\n  a = b (\\#eq:wind)\n\\end{equation}",
     "$$a = b (\\#eq:wind)$$"],
)  # fmt: skip
def test_an_equation_labelled_for_bookdown_is_numbered_and_found(desk: Desk, equation: str) -> None:
    edition = notebook(desk, f"By \\@ref(eq:wind) we know.\n\n{equation}\n")
    assert words(edition).startswith("By (1) we know.")
    assert "#" not in words(edition)


def test_a_table_labelled_for_bookdown_is_numbered_and_found(desk: Desk) -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n\nTable: (\\#tab:sails) The sails.\n"
    edition = notebook(desk, f"Table \\@ref(tab:sails).\n\n{table}")
    assert [(n.label, n.title) for n in edition.ledger.numbered] == [("Table 1", "The sails.")]
    assert words(edition).startswith("Table 1 .")


def test_words_that_stand_elsewhere_are_put_in_their_place(desk: Desk) -> None:
    edition = notebook(
        desk,
        "(ref:sails) The *sails* of [@lovelace1843].\n\n"
        '```{r sails, fig.cap="(ref:sails)", echo=FALSE}\nplot(sails)\n```\n',
    )
    assert edition.ledger.numbered[0].title.startswith("The sails of (Lovelace)")
    assert "ref:" not in edition.body


@pytest.mark.parametrize(
    "code", ['knitr::include_graphics("a.svg")', "include_graphics(path = 'a.svg', dpi = 90)"]
)
def test_a_figure_that_a_cell_only_names_is_shown(desk: Desk, code: str) -> None:
    options = 'hull, echo=FALSE, fig.cap="The hull.", fig.alt="A hull.", out.width="50%"'
    edition = notebook(desk, f"In Figure \\@ref(fig:hull).\n\n```{{r {options}}}\n{code}\n```\n")
    assert words(edition).startswith("In Figure 1 .")
    assert "<img" in edition.body
    assert 'alt="A hull."' in edition.body
    assert [n.title for n in edition.ledger.numbered] == ["The hull."]


def test_a_caption_that_r_would_compute_is_not_printed_as_code(desk: Desk) -> None:
    body = (
        '```{r hull, fig.cap=paste("The", "hull")}\nplot(hull)\n```\n\nFigure \\@ref(fig:hull).\n'
    )
    assert "paste" not in notebook(desk, body).body


def test_the_table_that_a_cell_would_print_is_numbered_and_told(desk: Desk) -> None:
    cell = "```{r masts, echo=FALSE}\nknitr::kable(masts, caption = 'The masts.')\n```\n"
    desk.put("paper.Rmd", f"---\ntitle: Sails\nlang: en\n---\n\nTable \\@ref(tab:masts).\n\n{cell}")
    edition, (told,) = resolve_source(read_source(desk.folder / "paper.Rmd"))
    assert (told.code, told.line) == ("cell-not-run", BODY_LINE + 1)
    assert [(n.label, n.title) for n in edition.ledger.numbered] == [("Table 1", "The masts.")]


def test_the_document_that_a_cell_names_as_its_child_is_drawn_in(desk: Desk) -> None:
    desk.put("_hulls.Rmd", "Words of hulls.\n\nBy [@nobody].\n")
    desk.put("_masts.txt", "# Masts\n\nWords of masts.\n")
    body = "Before.\n\n```{r, child = c('_hulls.Rmd', \"_masts.txt\")}\n```\n\nAfter [@nobody2].\n"
    told = [t for t in desk.mistakes(desk.paper(body)) if t.code == "citation-unknown"]
    assert [(Path(t.file).name, t.line) for t in told] == [
        ("_hulls.Rmd", 3), ("paper.md", BODY_LINE + 5),
    ]  # fmt: skip
    edition = notebook(desk, body.replace("[@nobody2]", "all").replace("'_hulls.Rmd', ", ""))
    assert words(edition) == "Before. Masts Words of masts. After all."


def test_a_child_that_cannot_be_had_is_told_at_its_place(desk: Desk) -> None:
    told = desk.the_mistake(desk.paper("Text.\n\n```{r, child='gone.Rmd'}\n```\n"))
    assert (told.code, told.line, told.column) == ("include-missing", BODY_LINE + 2, 15)


def test_a_statement_may_have_its_kind_in_its_name(desk: Desk) -> None:
    edition = desk.edition("By @thm:one.\n\n::: {.theorem #thm:one}\nThey blow.\n:::\n")
    assert words(edition) == "By Theorem 1 . Theorem 1. They blow."


@pytest.mark.parametrize(
    "statement",
    ['::: {.theorem #trade-wind name="Winds"}\nThey blow.\n:::\n',
     '```{theorem, trade-wind, name="Winds"}\nThey blow.\n```\n'],
)  # fmt: skip
def test_a_theorem_of_bookdown_is_numbered_and_found(desk: Desk, statement: str) -> None:
    edition = notebook(desk, f"By Theorem \\@ref(thm:trade-wind).\n\n{statement}")
    assert words(edition) == "By Theorem 1 . Theorem 1 (Winds). They blow."


def test_a_caption_in_a_cell_may_hold_formulas_with_doubled_backslashes(desk: Desk) -> None:
    cell = '```{r a, fig.cap="With \\\\(n^2\\\\)."}\nplot(x)\n```\n'
    (item,) = notebook(desk, f"By \\@ref(fig:a).\n\n{cell}").ledger.numbered
    assert item.title == "With n2."


def test_an_article_s_appendices_have_letters(desk: Desk) -> None:
    said = words(
        notebook(
            desk, "# Wind\n\nIt blows.\n\n# (APPENDIX) Appendix {-}\n\n# Data {#d}\n\nSee @sec:d.\n"
        )
    )
    assert said == "1 Wind It blows. Appendix A Data See Appendix A ."
