"""Roles, directives and targets of MyST and reStructuredText."""

from __future__ import annotations

import pytest
from conftest import BODY_LINE, Desk
from lxml import etree

from triptych.press import build
from triptych.read.source import read_source
from triptych.resolve.passes import resolve_source

NAMED = """
(here)=
# Here

Text.

```{figure} a.svg
:name: plan
:alt: Wheels.
:width: 50%

A *plan*.
```

```{math}
:label: one

a = b

+ c
```

$$
e = m
$$ (two)
"""
ROLES = {
    "{cite}`lovelace1843`": "(Lovelace)",
    "{cite:p}`lovelace1843,babbage1864`": "(Lovelace; Babbage)",
    "{cite:p}`{see}lovelace1843{p. 3}`": "(see Lovelace 3)",
    "{cite:t}`lovelace1843`": "Lovelace",
    ":cite:`lovelace1843`": "(Lovelace)",
    "{ref}`here`": "Here",
    "{ref}`words <here>`": "words",
    "{numref}`plan`": "Figure 1",
    "{numref}`Fig. %s <plan>`": "Fig. 1",
    "{eq}`one` and {eq}`two`": "(1) and (2)",
    "{math}`a`": "a",
    "H{sub}`2`O": "H2O",
    "{term}`rope`": "rope",
    "`` {ref}`here` ``": "{ref}`here`",
}


def test_roles_are_read_as_what_they_mean(desk: Desk) -> None:
    written = " ¦ ".join(ROLES)
    paper = desk.paper(f"{written}\n{NAMED}")
    assert not desk.mistakes(paper)
    body = etree.fromstring(resolve_source(read_source(paper))[0].body)
    paragraph = body.find(".//p")
    assert paragraph is not None
    printed = " ".join("".join(paragraph.itertext()).split())
    assert printed.split(" ¦ ") == list(ROLES.values())


def test_directives_are_read_as_what_they_mean(desk: Desk) -> None:
    paper = desk.paper(
        f"By {{numref}}`plan`.\n{NAMED}\n"
        "````{note}\n:class: x\nSaid.\n\n```{math}\nx\n```\n````\n\n"
        ":::{warning} Hot\nCareful.\n:::\n\n```{code-block} python\n:linenos:\nprint(1)\n```\n\n"
        "```{bibliography}\n```\n\n(sums)=\n| a |\n|---|\n| 1 |\n\n: Sums\n\nIn {numref}`sums`.\n"
    )
    assert not desk.mistakes(paper)
    made = build(paper, out=desk.folder / "dist", formats=["html", "epub", "pdf", "jats"])
    assert made.collation.passed
    plain = " ".join(made.edition.ledger.text.plain.split())
    assert (
        "Figure 1. A plan. a=b+c (1) e=m (2) Note Said. x Warning: Hot Careful. print(1)" in plain
    )
    assert plain.endswith("Table 1. Sums 1 a In Table 1.") or plain.endswith("a 1 In Table 1.")


def test_what_is_not_understood_is_told_once_at_the_first(desk: Desk) -> None:
    body = "Text.\n\nSee {doc}`intro` and :py:func:`f`.\n\n```{list-table}\n* - a\n```\n"
    (told,) = desk.mistakes(desk.paper(f"{body}\n.. note:: x\n"))
    assert (told.code, told.severity) == ("markup-foreign", "warning")
    assert (told.line, told.column) == (BODY_LINE + 2, 5)
    assert "{doc}" in told.message
    assert "3 others" in told.message


def test_mistakes_in_roles_are_told_at_their_lines(desk: Desk) -> None:
    told = desk.mistakes(desk.paper("Text.\n\nBy {cite:p}`nobody`.\n\nBy {numref}`nothing`.\n"))
    assert [(t.code, t.line - BODY_LINE) for t in told] == [
        ("citation-unknown", 2),
        ("crossref-unknown", 4),
    ]


@pytest.mark.parametrize(
    "shown",
    ["`{ref}` is a role", "```\n{ref}`x`\n```", "A (b)= c", "At 10:`x`", "{braces} `code`"],
)
def test_what_only_looks_like_it_is_left_alone(desk: Desk, shown: str) -> None:
    assert not desk.mistakes(desk.paper(f"Text.\n\n{shown}\n"))


def test_inline_code_of_r_is_told_once_with_its_number(desk: Desk) -> None:
    told = desk.mistakes(desk.paper("Of `r nrow(x)` and `r mean(x$y)`, but `r x` is code.\n"))
    assert [(t.code, t.line, t.column) for t in told] == [("cell-not-run", BODY_LINE, 4)]
    assert "2 places" in told[0].message


def test_marks_of_wikis_are_told_at_the_first(desk: Desk) -> None:
    words = "Of `[[code]]`, [[1]] and $a == b$.\n\nSee [[A note|so]] and ==that==.\n\n> [!tip] Do\n"
    (told,) = desk.mistakes(desk.paper(words))
    assert (told.code, told.line, told.column) == ("markup-foreign", BODY_LINE + 2, 5)
    assert (
        told.message == "[[A note|so]] is a mark of wikis, and is shown as it stands, as are 2 more"
    )
