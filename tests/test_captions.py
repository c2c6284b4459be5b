"""Captions that bring a number of their own."""

from __future__ import annotations

import pytest
from conftest import BODY_LINE, Desk
from lxml import etree

from triptych.edition import Edition


def captions(edition: Edition) -> list[str]:
    body = etree.fromstring(edition.body)
    found = body.iter("figcaption", "caption")
    return [" ".join("".join(caption.itertext()).split()) for caption in found]


@pytest.mark.parametrize(
    ("language", "written", "printed"),
    [
        ("en", "Figure 1: A plan.", "Figure 1. A plan."),
        ("en", "Fig. 1. A plan.", "Figure 1. A plan."),
        ("en", "**Figure 1.** A plan.", "Figure 1. A plan."),
        ("en", "**Figure 1**: *A plan*.", "Figure 1. A plan."),
        ("en", "**Figure 1. A plan.** More.", "Figure 1. A plan. More."),
        ("en", "Figure 1 | A plan.", "Figure 1. A plan."),
        ("en", "Figure 1 shows a plan.", "Figure 1. Figure 1 shows a plan."),
        ("en", "Plan 1: the house", "Figure 1. Plan 1: the house"),
        ("de", "Abb. 1: Ein Plan.", "Abbildung 1. Ein Plan."),
        ("hu", "1. ábra: Terv.", "1. ábra. Terv."),
        ("zh", "图1 计划", "图1 计划"),
        ("ru", "Рисунок 1 — План.", "Рис. 1. План."),
        ("de", "Figure 1: Ein Plan.", "Abbildung 1. Ein Plan."),
    ],
)
def test_a_number_that_the_author_wrote_is_printed_once(
    desk: Desk, language: str, written: str, printed: str
) -> None:
    front = f"lang: {language}\n"
    edition = desk.edition(f"![{written}](a.svg){{#fig:a alt='Wheels.'}}\n", front)
    assert captions(edition) == [printed]


def test_tables_listings_and_panels_are_alike(desk: Desk) -> None:
    edition = desk.edition(
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n: **Table 1** Sums. {#tbl:a}\n\n"
        '```{#lst:a .python caption="Listing 1: Code."}\nx\n```\n\n'
        '<div id="fig:two">\n![(a) L](a.svg){alt="l"}\n![b) R](a.svg){alt="r"}\n\n'
        "Figure 1: Both.\n</div>\n"
    )
    assert captions(edition) == [
        "Table 1. Sums.", "Listing 1. Code.", "(a) L", "(b) R", "Figure 1. Both.",
    ]  # fmt: skip
    assert [item.title for item in edition.ledger.numbered] == ["Both.", "L", "R", "Sums.", "Code."]


def test_a_number_that_is_another_stays_and_is_told(desk: Desk) -> None:
    paper = desk.paper("Text.\n\n![Figure 3: A plan.](a.svg){alt='x'}\n")
    (told,) = desk.mistakes(paper)
    assert (told.code, told.severity) == ("caption-number", "warning")
    assert (told.line, told.column) == (BODY_LINE + 2, 3)
    assert "Figure 3, but it is Figure 1" in told.message
    assert captions(desk.edition("Text.\n\n![Figure 3: A plan.](a.svg){alt='x'}\n")) == [
        "Figure 1. Figure 3: A plan."
    ]
