"""Algorithms and pseudocode, as written for LaTeX, Quarto and pandoc-crossref."""

from __future__ import annotations

import pytest
from conftest import BODY_LINE, Desk

from triptych.press import build
from triptych.read.source import read_source
from triptych.resolve.passes import resolve_source

STEPS = "\\begin{algorithmic}[1]\n\\State $x \\gets 1$\n\\end{algorithmic}"
LATEX = f"\\begin{{algorithm}}\n\\caption{{Add}}\\label{{algo-a}}\n{STEPS}\n\\end{{algorithm}}"
OPTIONS = '#| label: algo-a\n#| html-indent-size: "1.2em"\n'
WRITTEN = {
    "LaTeX": LATEX,
    "a block": f"```pseudocode\n{OPTIONS}{LATEX}\n```",
    "a cell": f'```{{pseudocode}}\n{OPTIONS}#| caption: "Add"\n{STEPS}\n```',
    "a block with an identifier": f"```{{.pseudocode #algo-a}}\n{LATEX}\n```",
    "a block in a division": f"::: {{#algo-a}}\n```pseudocode\n{STEPS}\n```\n\nAdd\n:::",
}


@pytest.mark.parametrize("written", WRITTEN)
def test_an_algorithm_is_numbered_linked_and_told(desk: Desk, written: str) -> None:
    paper = desk.paper(f"See @algo-a.\n\n{WRITTEN[written]}\n")
    (told,) = desk.mistakes(paper)
    assert (told.code, told.severity) == ("raw-dropped", "warning")
    assert told.line in range(BODY_LINE + 2, BODY_LINE + 5)
    edition = resolve_source(read_source(paper))[0]
    assert [(n.label, n.title) for n in edition.ledger.numbered] == [("Algorithm 1", "Add")]
    plain = " ".join(edition.ledger.text.plain.split())
    assert plain == r"See Algorithm 1. \State $x \gets 1$ Algorithm 1. Add"


@pytest.mark.parametrize(
    "written",
    [
        '::: {#alg:a .algorithm caption="Add"}\n1. Do this\n2. Do that\n:::',
        "::: {.algorithm #alg:a}\n## Add\n\n1. Do this\n2. Do that\n:::",
        "::: {#alg:a}\n1. Do this\n2. Do that\n\nAdd\n:::",
    ],
)
def test_a_division_may_be_an_algorithm(desk: Desk, written: str) -> None:
    paper = desk.paper(f"See Alg. @alg:a.\n\n{written}\n")
    assert not desk.mistakes(paper)
    made = build(paper, out=desk.folder / "dist", formats=["html", "epub", "pdf", "jats"])
    assert made.collation.passed
    ledger = made.edition.ledger
    assert [(n.label, n.title) for n in ledger.numbered] == [("Algorithm 1", "Add")]
    assert ledger.text.plain.startswith("See Alg. 1.")


@pytest.mark.parametrize("key", ["algo-x", "alg:x", "thm-x", "lst-x", "prf-x", "chap:x", "tbl-x"])
def test_a_label_that_nothing_has_is_no_unknown_citation(desk: Desk, key: str) -> None:
    told = desk.the_mistake(desk.paper(f"See @{key} and [@lovelace1843].\n"))
    assert told.code == "crossref-unknown"
