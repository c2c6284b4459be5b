"""A text is read with those filters alone that find something in it."""

from __future__ import annotations

import re

import pytest
from conftest import Desk
from lxml import html
from lxml.etree import tostring

from triptych.read.source import Source, read_source
from triptych.resolve import filter_choice, pandoc
from triptych.resolve.filter_choice import filters_after_citeproc, filters_before_citeproc
from triptych.resolve.pandoc import run_pandoc

BEFORE, AFTER = tuple(filter_choice._BEFORE_CITEPROC), tuple(filter_choice._AFTER_CITEPROC)

PROSE = """# One

*Words* "in quotation marks" with a note^[Its words.] and [a link](https://example.org).

- So [see @babbage1864, pp. 3 and 5; @lovelace1843].
"""

TEXTS = {
    "prose": PROSE,
    "a title that is more than words": PROSE,
    "an algorithm": "::: {#algo-x .plain}\nStep.\n\nIts caption.\n:::\n\nSee @algo-x.\n",
    "pseudocode": "```pseudocode\nStep.\n```\n",
    "Chinese lines": "\u8a9e\u53e5\n\u8a9e\u53e5\n",
    "Chinese lines in numbers": "&#x8a9e;\n&#x8a9e;\n",
    "signs named": ":wavy_dash:\n:wavy_dash:\n",
    "ties": "So~@babbage1864, so~[@lovelace1843], figure~\\ref{fig:x}.\n\n![A](a.svg){#fig:x}\n",
    "raw text": "So `\\emph{x}`{=latex}, `y`{=typst} and $\\eqref{eq:x}$.\n",
    "citations in LaTeX": "So \\citeonline{babbage1864}, \\citep{lovelace1843}.\n",
    "cells in a line": "So `r nrow(x)`, ``{python} x`` and \\texttt{r f(x)}.\n",
    "a theorem in HTML": '<div id="thm-x">\n\n## Name\n\nWords.\n\n</div>\n',
    "a theorem in LaTeX": "\\begin{lemma}[A]\\label{lem:a}\nA.\n\\end{lemma}\n\nBy \\ref{lem:a}.\n",
    "images in a row": "![A](a.svg) ![B](a.svg)\n",
    "a labelled image": "![A](a.svg){#fig:x}\nMore words.\n\nSee @fig:x and +@fig:x, {@fig:x}.\n",
    "a reference image": "![A][x]\n\n[x]: a.svg {#fig:x}\n",
    "panels": "::: {#fig-x}\n![A](a.svg){#fig-a}\n\nBoth.\n:::\n\nSee [@fig-x; @babbage1864].\n",
    "a labelled table": "| a |\n|---|\n| b |\n\n: Words {#tbl:x}\n\nSee @TBL:x.\n",
    "a labelled heading": "# One []{#sec:one}\n\nSee @sec:one, @{sec:one}.\n",
    "a listing": "```python\nx\n```\n\n: Words {#lst:x}\n\nSee @lst:x.\n",
    "a listing above": "Listing: Words {#lst:x}\n\n    x\n",
    "equations": "$$x$$ {#eq:x}\n\n$y$ {#eq:y}\n\nSee @eq:x.\n",
    "an equation in LaTeX": "\\begin{equation}x\\label{eq:x}\\end{equation}\n\nBy \\eqref{eq:x}.\n",
    "a place of any name": "[]{#a:b} Words.\n\nSee @a:b.\n",
    "operators": "`\\DeclareMathOperator{\\x}{x}`\n\n$\\mathop{\\mathrm{x}}_1$\n",
    "a figure in PDF": '![A "b"](a.PDF)\n',
    "a passage": 'So "a" and ["b"]{lang=de}.\n',
    "quotations in Chinese": "\u8a9e**\"\u8a9e\"**\u8a9e'\u8a9e'\n",
    "works not cited": "# One {nocite=@babbage1864}\n\nSo @lovelace1843.\n",
}


def fragment(source: Source) -> bytes:
    _, resolved = run_pandoc(source)
    return bytes(tostring(html.fromstring(f"<div>{resolved.fragment}</div>"), method="c14n"))


@pytest.mark.parametrize("name", TEXTS)
def test_a_filter_left_out_would_have_changed_nothing(
    name: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    front = 'title: A *b* "c"\n' if "title" in name else ""
    source = read_source(desk.paper(TEXTS[name], front))
    with_few = fragment(source)
    monkeypatch.setattr(pandoc, "filters_before_citeproc", lambda _: BEFORE)
    monkeypatch.setattr(pandoc, "filters_after_citeproc", lambda _: AFTER)
    assert with_few == fragment(source)


def test_prose_is_walked_by_few_filters() -> None:
    assert filters_before_citeproc(PROSE) == (
        "quotations", "before", "own_citation", "bibliography",
    )  # fmt: skip
    assert filters_after_citeproc([PROSE]) == ("after",)


@pytest.mark.parametrize("run", ["\n", "a.\n", "- \n"])
def test_long_runs_of_lines_are_looked_through_once(run: str) -> None:
    assert "list_marks" in filters_before_citeproc(f"{run * 100_000}(a) One.\n")


def test_a_formula_in_a_bibliography_alone_is_read(desk: Desk) -> None:
    desk.put("refs.bib", "@book{a, title = {On $x_1$}, year = 2001, author = {A, B}}")
    source = read_source(desk.paper("So @a.\n", bibliography="refs.bib"))
    assert "<math" in run_pandoc(source)[1].fragment
    assert "formulas" in filters_after_citeproc(["So @a.", source.bibliographies[0].sound])


def test_the_kinds_of_labels_are_those_of_the_filters() -> None:
    lua = (pandoc._FILTERS / "label_words.lua").read_text(encoding="utf-8")
    listed = re.search(r"\[\[(.*?)\]\]", lua, re.S)
    assert listed is not None
    assert all(re.fullmatch(filter_choice._KIND, kind) for kind in listed[1].split())
