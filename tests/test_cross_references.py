"""Cross-references as written for pandoc-crossref, Quarto and LaTeX."""

from __future__ import annotations

import re

import pytest
from conftest import BODY_LINE, Desk
from lxml import etree

from triptych.read.source import read_source

FIGURE = "![A plan.](a.svg){#fig:plan alt='Three wheels.'}\n\n"


def words(body: str) -> str:
    """The text of the first paragraph."""
    paragraph = re.search(r"<p>(.*?)</p>", body, re.S)
    assert paragraph is not None
    return " ".join(re.sub(r"<[^>]+>", "", paragraph[1]).split())


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("@fig:plan", "Figure 1"),
        ("@Fig:plan", "Figure 1"),
        ("@fig-plan", "Figure 1"),
        ("[@fig:plan]", "Figure 1"),
        ("[-@fig:plan]", "1"),
        ("[Fig. @fig:plan]", "Fig. 1"),
        ("[see @fig:plan, left]", "see Figure 1, left"),
        (r"\ref{fig:plan}", "1"),
        (r"\autoref{fig:plan}", "Figure 1"),
        (r"\cref{fig:plan}", "Figure 1"),
        (r"Figure~\ref{fig:plan}", "Figure 1"),
        (r"\nameref{fig:plan}", "A plan."),
    ],
)
def test_a_figure_is_referred_to_in_every_way(desk: Desk, written: str, printed: str) -> None:
    assert words(desk.edition(f"{written}\n\n{FIGURE}").body) == printed


def test_a_reference_keeps_the_words_around_it(desk: Desk) -> None:
    assert words(desk.edition(f"([see @fig:plan, top] and more)\n\n{FIGURE}").body) == (
        "(see Figure 1, top and more)"
    )


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("[see @fig:plan, and @sec:one]", "see Figure 1, and Section 1"),
        ("[see @sec:one; also @fig:plan, against @fig:plan]",
         "see Section 1 and also Figure 1, against Figure 1"),
        ("[*see* @fig:plan, $x$ **left**]", "<em>see</em> Figure 1, x <strong>left</strong>"),
        ('[@fig:plan, the "wheels"]', "Figure 1, the “wheels”"),
        ("@fig:plan [*left*]", "Figure 1 (<em>left</em>)"),
        ("[@fig:plan, after @lovelace1843, p. 3]", "Figure 1, after Lovelace (1843), p. 3"),
    ],
)  # fmt: skip
def test_a_reference_keeps_what_is_more_than_words(desk: Desk, written: str, printed: str) -> None:
    body = desk.edition(f"{written}\n\n{FIGURE}\n\n# One {{#sec:one}}\n", csl="apa").body
    body = re.sub(r"<math.*?</math>", "x", body, flags=re.S)
    body = re.sub(r"</?(?:a|span|cite)\b[^>]*>", "", body)
    found = re.search(r"<p>(.*?)</p>", body, re.S)
    assert found is not None
    assert " ".join(found[1].split()) == printed


@pytest.mark.parametrize(
    "equation",
    [
        "$$ x = 1 $$ {#eq:one}",
        "$$\nx = 1\n$$ {#eq:one}",
        "$$ x = 1 \\label{eq:one} $$",
        "\\begin{equation}\nx = 1 \\label{eq:one}\n\\end{equation}",
        "Words $$ x = 1 $$ {#eq:one} and more.",
    ],
)
def test_an_equation_with_a_label_is_numbered_and_found(desk: Desk, equation: str) -> None:
    edition = desk.edition(f"By @eq:one and \\eqref{{eq:one}}.\n\n{equation}\n")
    assert words(edition.body) == "By Equation 1 and (1)."
    assert '<span class="equation-number">(1)</span>' in edition.body
    assert "eq:one" not in edition.body
    assert [(n.kind, n.label) for n in edition.ledger.numbered] == [("equation", "Equation 1")]


def test_each_line_of_an_equation_may_bear_a_tag_of_its_own(desk: Desk) -> None:
    lines = r"""
\begin{align}
a &= b \label{eq:a} \tag{A} \\
c &= d \tag{B} \\
e &= f \label{eq:e} \\
g &= h
\end{align}

$$ x \tag{X} $$ {#eq:x}

$$ y $$ {#eq:y}
"""
    edition = desk.edition(lines + "\nBy \\eqref{eq:a}, \\eqref{eq:e}, @eq:x and @eq:y.\n")
    body = etree.fromstring(edition.body)
    numbers = body.xpath("//span[@class='equation-number']/text()")
    assert numbers == ["(A)", "(B)", "(1)", "(X)", "(2)"]
    assert edition.ledger.text.plain.endswith("By (A), (1), Equation X and Equation 2.")


def test_an_equation_may_bear_a_tag_of_its_own(desk: Desk) -> None:
    edition = desk.edition('By @eq:star.\n\n$$ x $$ {#eq:star tag="S"}\n\n$$ y $$ {#eq:y}\n')
    assert [n.label for n in edition.ledger.numbered] == ["Equation S", "Equation 1"]


def test_a_formula_of_two_labels_has_two_numbers(desk: Desk) -> None:
    edition = desk.edition(
        "\\eqref{eq:a}, \\eqref{eq:b}\n\n"
        "\\begin{align}\na &= b \\label{eq:a} \\\\\nc &= d \\label{eq:b}\n\\end{align}\n"
    )
    assert words(edition.body) == "(1), (2)"


def test_a_blank_line_within_a_formula_does_not_end_it(desk: Desk) -> None:
    body = desk.edition("$$\na = b\n\n+ c\n$$\n\nText.\n").body
    assert body.count("<math") == 1
    assert "$$" not in body


def test_panels_have_letters(desk: Desk) -> None:
    edition = desk.edition(
        "@fig:two, @fig:right.\n\n"
        '<div id="fig:two">\n![L](a.svg){#fig:left alt="l"}\n![R](a.svg){#fig:right alt="r"}\n\n'
        "Both.\n</div>\n"
    )
    assert words(edition.body) == "Figure 1, Figure 1b."
    assert [(n.kind, n.number) for n in edition.ledger.numbered] == [
        ("figure", "1"), ("panel", "1a"), ("panel", "1b"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "listing",
    [
        '```{#lst:x .python caption="Code."}\nx\n```',
        "Listing: Code.\n\n```{#lst:x .python}\nx\n```",
        "```python\nx\n```\n\n: Code. {#lst:x}",
        '```{#lst:x .python lst-cap="Code."}\nx\n```',
    ],
)
def test_a_listing_with_a_caption_is_numbered(desk: Desk, listing: str) -> None:
    edition = desk.edition(f"@lst:x\n\n{listing}\n")
    assert [(n.label, n.title) for n in edition.ledger.numbered] == [("Listing 1", "Code.")]
    assert words(edition.body) == "Listing 1"


def test_a_table_is_labelled_by_its_caption(desk: Desk) -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n\n: Sums. {#tbl-x}\n"
    assert words(desk.edition(f"@tbl-x\n\n{table}").body) == "Table 1"
    assert words(desk.edition(f"@tbl-x\n\n{table}".replace("-x", ":x")).body) == "Table 1"


def test_a_label_in_a_caption_or_heading_is_its_own(desk: Desk) -> None:
    edition = desk.edition(
        "\\autoref{fig:a}, \\autoref{sec:a}\n\n"
        "![A plan.\\label{fig:a}](a.svg){alt='x'}\n\n# Here \\label{sec:a}\n"
    )
    assert words(edition.body) == "Figure 1, Section 1"


def test_a_label_in_the_text_names_the_section_around_it(desk: Desk) -> None:
    edition = desk.edition("\\ref{here}\n\n# One {#sec:one}\n\n\\label{here}Text, @sec:one.\n")
    assert words(edition.body) == "1"


def test_a_section_without_a_number_is_referred_to_by_its_title(desk: Desk) -> None:
    assert words(desk.edition("@sec:thanks\n\n# Thanks {#sec:thanks .unnumbered}\n").body) == (
        "Thanks"
    )


def test_a_work_whose_key_looks_like_a_label_is_a_citation(desk: Desk) -> None:
    desk.put("refs.json", '[{"id": "sec:1999", "type": "book", "title": "Rules"}]')
    ledger = desk.edition("By [@sec:1999].\n").ledger
    assert [entry.key for entry in ledger.entries] == ["sec:1999"]


def test_a_latex_reference_that_leads_nowhere_is_told_at_its_place(desk: Desk) -> None:
    told = desk.the_mistake(desk.paper("Text.\n\nSee \\ref{fig:gone}.\n"))
    assert (told.code, told.line) == ("crossref-unknown", BODY_LINE + 2)


def test_a_section_is_known_by_the_words_of_its_heading_too(desk: Desk) -> None:
    edition = desk.edition("See @sec:the-old-quay.\n\n# The old quay\n\nText.\n")
    assert words(edition.body) == "See Section 1."


def test_a_labelled_formula_alone_in_its_paragraph_is_displayed(desk: Desk) -> None:
    edition = desk.edition("$a = b$ {#eq:wind}\n\nBy Equation \\ref{eq:wind}.\n")
    assert 'display="block"' in edition.body
    assert words(edition.body) == "By Equation 1."


@pytest.mark.parametrize(
    ("tex", "words", "spoken"),
    [
        (r"x_{\ref{eq:one}}", "x1", "x sub 1"),
        (r"y^{\eqref{eq:one}}", "y(1)", "y to the power (1)"),
        (r"\frac{a}{\ref{ eq:one }}", "a1", "a over 1"),
        (r"a \overset{\eqref{eq:one}}{=} b", "a=(1)b", "a equals with (1) above b"),
        (r"a \quad \text{by eq:one, \eqref{eq:one}, \autoref{eq:one}}",
         "aby eq:one, (1), Equation 1", "a by eq:one, (1), Equation 1"),
        (r"a_{\mbox{see \ref{eq:one}}}", "asee 1", "a sub see 1"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("dollars", ["$", "$$"])
def test_references_within_formulas_print_numbers(
    desk: Desk, tex: str, words: str, spoken: str, dollars: str
) -> None:
    body = desk.edition(f"$$q = r$$ {{#eq:one}}\n\nHere\n{dollars}{tex}{dollars}\n").body
    *_, math = re.findall(r"<math.*?</math>", body, re.S)
    assert re.sub("<[^>]*>", "", math) == words
    assert f'alttext="{spoken}"' in math
    assert "data-said" not in math


def test_a_reference_within_a_formula_that_leads_nowhere_is_told(desk: Desk) -> None:
    told = desk.the_mistake(desk.paper("Text.\n\nSee $x_{\\ref{eq:gone}}$.\n"))
    assert (told.code, told.line) == ("crossref-unknown", BODY_LINE + 2)


def test_lists_are_made_where_latex_asks_for_them(desk: Desk) -> None:
    path = desk.paper("\\listoffigures\n\n\\listoftables\n\nText.\n")
    assert read_source(path).record.lists == ("figures", "tables")
    assert not desk.mistakes(path)


def test_the_signs_of_pandoc_xnos_are_not_printed(desk: Desk) -> None:
    edition = desk.edition(f"By +@fig:plan, (*@fig:plan) and !@fig:plan.\n\n{FIGURE}")
    assert words(edition.body) == "By Figure 1, (Figure 1) and 1."


def test_what_bears_a_label_of_the_author_s_own_kind_is_referred_to(desk: Desk) -> None:
    edition = desk.edition("See @annex:tides.\n\n# The tides {#annex:tides}\n\nText.\n")
    assert words(edition.body) == "See Section 1."


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("@fig:plan [see @lovelace1843]", "Figure 1 (see Lovelace)"),
        ("@fig:plan [@lovelace1843; @babbage1864]", "Figure 1 (Lovelace; Babbage)"),
        ("[see @fig:plan; @lovelace1843]", "see Figure 1 (Lovelace)"),
        ("[@lovelace1843; cf. @fig:plan]", "(Lovelace), cf. Figure 1"),
        ("@fig:plan [left]", "Figure 1 (left)"),
        ("@fig:plan [see @fig:plan]", "Figure 1 (see Figure 1)"),
    ],
)
def test_references_and_citations_may_share_a_bracket(
    desk: Desk, written: str, printed: str
) -> None:
    edition = desk.edition(f"By {written}.\n\n{FIGURE}")
    assert words(edition.body) == f"By {printed}."
    assert all(cluster.targets for cluster in edition.ledger.clusters)


def test_titles_and_captions_name_what_they_refer_to_in_lists_too(desk: Desk) -> None:
    edition = desk.edition(
        f"# Parts of @fig:plan {{#sec:a}}\n\n{FIGURE}![Beside @fig:plan.](a.svg){{#fig:b alt=B}}\n",
        "number-sections: true\n",
    )
    assert [item.title for item in edition.ledger.numbered] == [
        "Parts of Figure 1", "A plan.", "Beside Figure 1.",
    ]  # fmt: skip
