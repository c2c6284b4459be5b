"""The author's own word beside a reference: it is not printed a second time."""

from __future__ import annotations

import pytest
from conftest import Desk
from lxml import etree

from triptych.ledger import Numbered
from triptych.resolve.label_words import joined, said_beside
from triptych.terms import _tables, labelled, terms_for

TARGETS = """
![A plan.](a.svg){#fig:one alt="Wheels."}

![A plan.](a.svg){#fig:two alt="Wheels."}

| a | b |
|---|---|
| 1 | 2 |

: Sums. {#tbl:one}

$$ x $$ {#eq:one}

$$ y $$ {#eq:two}

```{#lst:one .python caption="Code."}
x
```

::: {#thm-one}
So it is.
:::

# Here {#sec:one}

Text.
"""


def printed(desk: Desk, written: str, front: str = "") -> str:
    """The first paragraph of a work, as printed."""
    body = etree.fromstring(desk.edition(f"{written}\n{TARGETS}", front).body)
    paragraph = body.find(".//p")
    assert paragraph is not None
    return " ".join("".join(paragraph.itertext()).split())


ENGLISH = {
    "Figure @fig:one": "Figure 1",
    "figure @fig:one": "figure 1",
    "Fig. @fig:one": "Fig. 1",
    "Fig @fig:one": "Fig 1",
    "Figs. @fig:one, @fig:two and @eq:one": "Figs. 1, 2 and Equation 1",
    "Figures @fig:one and @fig:two": "Figures 1 and 2",
    "Figures @fig:one--@fig:two": "Figures 1–2",
    "Figures [@fig:one; @fig:two]": "Figures 1 and 2",
    "Figure @fig:one and @fig:two": "Figure 1 and Figure 2",
    "Figure [@fig:one]": "Figure 1",
    "**Figure** @fig:one": "Figure 1",
    "Figure {@fig:one} and {+@fig:two}": "Figure 1 and Figure 2",
    "Figure +@fig:one": "Figure 1",
    "Figure @fig-one": "Figure 1",
    r"Figure~\autoref{fig:one}": "Figure 1",
    r"Fig.\ \cref{fig:one}": "Fig. 1",
    r"Figure \@ref(fig:one)": "Figure 1",
    "Table @tbl:one": "Table 1",
    "Tables @tbl:one and @fig:one": "Tables 1 and Figure 1",
    "Section @sec:one": "Section 1",
    "Sections @sec:one": "Sections 1",
    "§ @sec:one": "§ 1",
    "Chapter @sec:one": "Chapter 1",
    "Equation @eq:one": "Equation 1",
    "Equation (@eq:one)": "Equation (1)",
    "Eqs. @eq:one and @eq:two": "Eqs. 1 and 2",
    "Eq. @eq:one": "Eq. 1",
    "Listing @lst:one": "Listing 1",
    "Theorem @thm-one": "Theorem 1",
    "by the @thm-one": "by the Theorem 1",
    "See @fig:one.": "See Figure 1.",
    "In a list @fig:one": "In a list Figure 1",
    "The equal @eq:one": "The equal Equation 1",
    "Here is the figure. @fig:one": "Here is the figure. Figure 1",
    "(see @fig:one)": "(see Figure 1)",
}


def test_a_word_that_the_author_wrote_is_printed_once(desk: Desk) -> None:
    written = " ¦ ".join(ENGLISH)
    assert printed(desk, written).split(" ¦ ") == list(ENGLISH.values())


@pytest.mark.parametrize(
    ("language", "written", "words"),
    [
        ("de", "In Abb. @fig:one, den Abbildungen @fig:one und @fig:two, Gl. @eq:one",
         "In Abb. 1, den Abbildungen 1 und 2, Gl. 1"),
        ("de", "ist gleich @eq:one, als @fig:one", "ist gleich Gleichung 1, als Abbildung 1"),
        ("fr", "la figure @fig:one, la table @tbl:one, l’équation @eq:one, éq. @eq:one",
         "la figure 1, la table 1, l’équation 1, éq. 1"),
        ("es", "la figura @fig:one, el cuadro @tbl:one, las ecuaciones @eq:one y @eq:two",
         "la figura 1, el cuadro 1, las ecuaciones 1 y 2"),
        ("ru", "на рисунке @fig:one, рис. @fig:one, в таблицах @tbl:one, уравнении @eq:one",
         "на рисунке 1, рис. 1, в таблицах 1, уравнении 1"),
        ("pl", "na rysunku @fig:one, rys. @fig:one i tabeli @tbl:one",
         "na rysunku 1, rys. 1 i tabeli 1"),
        ("nb", "Ved @eq:one, se @sec:one", "Ved Ligning 1, se Avsnitt 1"),
        ("hu", "az @fig:one. ábrán, @tbl:one. táblázat, lásd @fig:two",
         "az 1. ábrán, 1. táblázat, lásd 2. ábra"),
        ("he", "באיור @fig:one", "באיור 1"),
        ("ar", "في الشكل @fig:one", "في الشكل 1"),
        ("zh", "如图 @fig:one 和表 @tbl:one, 第 @sec:one 节", "如图 1 和表 1, 第 1 节"),
        ("ja", "図 @fig:one を参照", "図 1 を参照"),
        ("ko", "그림 @fig:one", "그림 1"),
    ],
)  # fmt: skip
def test_the_same_holds_in_other_languages(
    desk: Desk, language: str, written: str, words: str
) -> None:
    assert printed(desk, written, f"lang: {language}\n") == words


@pytest.mark.parametrize("language", [name for name in _tables() if "-" not in name])
def test_the_word_of_each_language_is_known(language: str) -> None:
    terms = terms_for(language)
    for name in ("figure", "table", "section", "equation", "listing", "algorithm"):
        target = Numbered("x", name, "7", labelled(terms[name], "7"), "")
        before, _, after = labelled(terms[name], "7").partition("7")
        assert said_beside(target, f"x {before} ", f" {after}", [terms]), name
        assert not said_beside(target, "x ", " y", [terms]), name


def test_a_passage_in_another_language_has_its_words(desk: Desk) -> None:
    assert printed(desk, "[Siehe Abb. @fig:one]{lang=de} and Fig. @fig:one") == (
        "Siehe Abb. 1 and Fig. 1"
    )


def test_what_joins_references_is_known() -> None:
    assert all(
        joined(text, " and ") for text in (", ", " and ", ", and ", "–", " to ", " und ", "、")
    )
    assert not any(joined(text, " and ") for text in (" ", ". ", " in ", " and so ", ""))
