"""Commands of TeX that a work defines for its formulas, wherever it defines them."""

from __future__ import annotations

import pytest
from conftest import BODY_LINE, Desk

USED = "Then $P(a \\given b)$ and $\\logit(p)$.\n"
PRINTED = "Then P(a|b) and logit(p)."
DEFINED = "\\newcommand{\\given}{\\,|\\,}\n\\DeclareMathOperator{\\logit}{logit}"


@pytest.mark.parametrize(
    "written",
    [
        DEFINED,
        f"$$\n{DEFINED}\n$$",
        f"$${DEFINED}$$",
        f"${DEFINED}$".replace("\n", " "),
        f"```{{=latex}}\n{DEFINED}\n\\usepackage{{amsmath}}\n```",
        f"~~~ {{=tex}}\n% Ours\n{DEFINED}\n~~~",
        f"::: hidden\n$$\n% Ours\n\n{DEFINED}\n$$\n:::",
        "$$\\def\\given{|}\n\\providecommand{\\logit}{\\mathrm{logit}}$$",
        "$$\\DeclareRobustCommand{\\given}{|} \\gdef\\logit{{\\operatorname{logit}}}$$",
        "\\input{own.tex}",
        "\\input{own}",
        "{{< include own.tex >}}",
    ],
)
def test_a_command_holds_for_all_formulas_that_follow(desk: Desk, written: str) -> None:
    desk.put("own.tex", f"{DEFINED}\n")
    paper = desk.paper(f"{written}\n\n{USED}")
    assert not desk.mistakes(paper)
    assert desk.edition(f"{written}\n\n{USED}").ledger.text.plain == PRINTED


@pytest.mark.parametrize(
    "front",
    [
        "header-includes:\n- \\newcommand{\\given}{|}\n- \\DeclareMathOperator*{\\logit}{logit}\n",
        "header-includes: |\n  ```{=latex}\n  \\newcommand{\\given}{%\n    |}\n"
        "  \\input{own}\n  ```\n",
        "include-in-header: own.tex\n",
        "include-in-header:\n- text: \\newcommand{\\given}{|}\n- file: own.tex\n",
    ],
)
def test_a_command_may_be_defined_in_the_front_matter(desk: Desk, front: str) -> None:
    own = DEFINED.partition("\n")[2] if "\\given" in front else DEFINED
    desk.put("own.tex", f"% Ours\n{own}\n")
    assert desk.edition(USED, front).ledger.text.plain == PRINTED
    assert not desk.mistakes(desk.paper(USED, front))


def test_a_command_with_arguments_over_several_lines_is_known(desk: Desk) -> None:
    body = (
        "$$\n\\newcommand{\\both}[2][a]{%\n  \\frac{#1}{#2}\n}\n$$\n\n$\\both{b}$, $\\both[c]{d}$\n"
    )
    assert desk.edition(body).ledger.text.plain == "ab, cd"


def test_the_last_definition_before_a_formula_holds(desk: Desk) -> None:
    first = "$$\\newcommand{\\x}{1}$$ $\\x$ $\\renewcommand{\\x}{2}$ $\\x$"
    body = f"{first}\n\n\\renewcommand{{\\x}}{{3}}\n\n$\\x$\n"
    assert desk.edition(body).ledger.text.plain.split() == ["1", "2", "3"]


@pytest.mark.parametrize(
    "formula",
    [
        "$$\n\\newcommand{\\x}{y}\n\\x = 1\n$$ {#eq:one}",
        "$$\n\\newcommand{\\x}{y}\n\n\\x = 1 \\label{eq:one}\n$$",
        "$$ \\x = 1 \\newcommand{\\x}{y} $$ {#eq:one}",
    ],
)
def test_a_formula_may_define_and_say_something(desk: Desk, formula: str) -> None:
    body = f"By @eq:one.\n\n{formula}\n\nAnd $\\x$ again.\n"
    printed = desk.edition(body).ledger.text.plain
    assert " ".join(printed.split()) == "By Equation 1. y=1 (1) And y again."


def test_lines_are_told_as_the_author_wrote_them(desk: Desk) -> None:
    body = f"$$\n{DEFINED}\n$$\n\n\\input{{own.tex}}\n\nHere $\\nowhere$.\n"
    desk.put("own.tex", "\\newcommand{\\a}{a}\n\\newcommand{\\b}{b}\n")
    (told,) = desk.mistakes(desk.paper(body))
    assert (told.file.rsplit("/", 1)[-1], told.line) == ("paper.md", BODY_LINE + 7)


@pytest.mark.parametrize(
    "shown",
    [
        "`$\\newcommand{\\x}{y}$`",
        "```\n$$\\newcommand{\\x}{y}$$\n```",
        "````\n```{=latex}\n\\newcommand{\\x}{y}\n```\n````",
    ],
)
def test_a_definition_within_code_is_shown(desk: Desk, shown: str) -> None:
    assert "\\newcommand{\\x}{y}" in desk.edition(f"{shown}\n\nMore.\n").ledger.text.plain


def test_money_beside_a_definition_stays_money(desk: Desk) -> None:
    body = "It costs $5, and $\\def\\x{y}$ then $\\x$.\n"
    assert desk.edition(body).ledger.text.plain == "It costs $5, and then y."


PAIRS = (
    "\\DeclarePairedDelimiter{\\abs}{\\lvert}{\\rvert} \\DeclarePairedDelimiter\\set\\{\\} "
    "\\DeclarePairedDelimiter{\\from}{(}{.} "
    "\\DeclarePairedDelimiterX{\\inner}[2]{\\langle}{\\rangle}{#1\\,\\delimsize\\vert\\,#2} "
    "\\DeclarePairedDelimiterXPP{\\prob}[1]{\\Pr}{[}{]}{_0}{#1}"
)
"""Of mathtools."""


@pytest.mark.parametrize("front", [True, False])
def test_pairs_of_delimiters_are_commands(desk: Desk, front: bool) -> None:
    used = (
        "$\\abs{x}$ $\\abs*{\\frac{x}{y}}$ $\\set[\\big]{a}$ $\\inner*{a}{b}$ "
        "$\\inner{\\abs a}{b}$ $\\prob{A}$ $\\from{x}$ `\\abs*{x}`\n"
    )
    desk.put("own.tex", PAIRS)
    body = used if front else f"\\input{{own.tex}}\n\n{used}"
    edition = desk.edition(body, "include-in-header: own.tex\n" if front else "")
    assert not desk.mistakes(desk.paper(body, "include-in-header: own.tex\n" if front else ""))
    printed = edition.ledger.text.plain.replace("\u2009", "")
    assert printed.split() == [
        "|x|",
        "|xy|",
        "{a}",
        "⟨a|b⟩",
        "⟨|a||b⟩",
        "Pr[A]0",
        "(x",
        "\\abs*{x}",
    ]


def test_a_starred_pair_is_told_by_its_own_name_at_its_place(desk: Desk) -> None:
    front = "header-includes: |\n  \\DeclarePairedDelimiter{\\abs}{\\lvert}{\\rvert}\n"
    found = desk.mistakes(desk.paper("So $\\abs*$ and $\\abs*{\\rope}$.\n", front))
    assert [(told.line, told.message.split(": ")[1].split()[0]) for told in found] == [
        (BODY_LINE + 2, "\\abs*"),
        (BODY_LINE + 2, "\\rope"),
    ]
