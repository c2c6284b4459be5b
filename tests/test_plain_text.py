"""The plain-text edition: what it looks like, and that every damage to it is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import DRAWING, REFERENCES, Desk
from hypothesis import given, settings
from hypothesis import strategies as st
from one_file import WORKS, change, collated, exchange

from triptych.edition import Edition
from triptych.ledger import Ledger
from triptych.press import build
from triptych.read.source import read_source
from triptych.record import EditionRecord
from triptych.render.plain_text import render_text
from triptych.resolve.passes import resolve_source
from triptych.resolve.wording import article_text
from triptych.terms import terms_for
from triptych.tree import make, serialise
from triptych.witness.plain_text import read_text
from triptych.witness.reading import UnreadableError

PAPER = """\
# Of *engines* {#sec:engines}

Words [@lovelace1843, p. 7] and a note.[^a] Water is H~2~O, and $e^{i\\pi}+1=0$.

![A drawing.](a.svg){#fig:a alt="A shape."}

## Parts

-   cogs
-   wheels
    1.  large
    2.  small

> An engine *counts*.

| Part | Cogs |
|:-----|-----:|
| mill |  120 |

: Numbers. {#tbl:n}

``` python
print("1" * 2)   # cogs
```

| A line of verse,
| and another.

See @fig:a, @tbl:n, @sec:engines and [a page](https://example.org).

[^a]: The first note [@babbage1864].

    It has a second paragraph.
"""

SHOWN = """\
Engines
=======

Of the difference

Ada Lovelace

May 1843

A summary.

════════════════════════════════════════

1 Of engines
------------

Words (Lovelace, 1843, p. 7) and a note.¹ Water is H₂O, and e⁽iπ⁾+1=0.

⟦A shape.⟧

▸ Figure 1. A drawing.

1.1 Parts
~~~~~~~~~

  • cogs
  • wheels
      1. large
      2. small

  > An engine counts.

▸ Table 1. Numbers.

│ Part │ Cogs │
├──────┼──────┤
│ mill │ 120  │

```
print("1" * 2)   # cogs
```

A line of verse,
and another.

See Figure 1, Table 1, Section 1 and a page.

References
----------

Babbage, C. (1864). Passages.

Lovelace, A. (1843). Notes by the Translator.

════════════════════════════════════════

Notes
-----

1. The first note (Babbage, 1864).

    It has a second paragraph.

════════════════════════════════════════

Engines: Of the difference

Press of Cogs · May 1843

All rights reserved

Citations follow APA Style 7th edition.

Cite this work: Lovelace, A. (1843). Engines: Of the difference. Press of Cogs.

Source Serif 4, Source Sans 3, Source Code Pro, STIX Two Math · Triptych

ISBN 9780000000002
"""

FRONT = """\
subtitle: Of the difference
author: Ada Lovelace
date: 1843-05
abstract: A summary.
publisher: Press of Cogs
rights: All rights reserved
identifier: urn:isbn:9780000000002
"""


def test_a_paper_as_plain_text(desk: Desk) -> None:
    edition = desk.edition(PAPER, FRONT, csl="apa")
    assert render_text(edition).decode() == SHOWN
    assert collated(edition, "text", SHOWN.encode()).differences == ()


def test_formulas_stand_on_one_line(desk: Desk) -> None:
    shown = {
        r"x^2 + y_1^{10}": "x²+y₁¹⁰",
        r"a_{ij} + \omega_{\max} + x^{a+b}": "aᵢⱼ+ωₘₐₓ+x⁽a+b⁾",
        r"\frac{1}{2}": "1⁄2",
        r"\frac{a+b}{2c}x": "❨❨a+b❩⁄2c❩x",
        r"\sqrt{2}\sqrt{x+1}\sqrt[3]{x}": "√2√❨x+1❩√❨x❩₃",
        r"\sum_{i=1}^n i^{-2}": "∑ᵢ₌₁ⁿi⁻²",
        r"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}": "(1¦0¦¦0¦1)",
        r"\begin{aligned} a &= b \\ c &= d \end{aligned}": "a=b¦¦c=d",
        r"f'(x)": "f′(x)",
    }
    edition = desk.edition("".join(f"$${tex}$$\n\n" for tex in shown))
    data = render_text(edition)
    assert data.decode().split("═\n\n")[1].split("\n\n═")[0].split("\n\n") == list(shown.values())
    assert collated(edition, "text", data).differences == ()


@pytest.mark.parametrize("work", WORKS, ids=lambda work: str(work.relative_to(work.parents[1])))
def test_every_document_is_proven_as_plain_text(work: Path) -> None:
    edition, _ = resolve_source(read_source(work, "chicago-notes-bibliography"), keep_going=True)
    data = render_text(edition)
    assert data == render_text(edition)
    assert collated(edition, "text", data).differences == ()


def test_it_is_made_and_proven_beside_the_others(desk: Desk) -> None:
    made = build(desk.paper(PAPER), out=desk.folder / "dist", formats=["html", "pdf", "text"])
    assert [path.name for path in made.files][2] == "paper.txt"
    assert [witness.format for witness in made.collation.witnesses] == ["html", "pdf", "text"]


# --- An author's own signs -----------------------------------------------------------------------

SIGNS = """\
km² and x₁, 1⁄2, a │ b, a ¦ b, c ¶ d, ⟦brackets⟧ and ⟧ ⟦, ▸ and ⁽this⁾.[^n]

▸ No caption

│ no │ table │

A line\\
\\-\\-\\-\\-

`* * *`

`═══════`

`├──┼──┤`

``` { .text }
═══════
² ⟦code⟧
```

12\\. No note

-   An item

    1\\. no item

    \\> no quotation

| a | b |
|---|---|
| │ c | ▸ d ¶ e |

![](a.svg){alt="An ⟦odd⟧ picture"}

[^n]: 2\\. No other note

    3\\. Nor this
"""


def test_signs_of_the_authors_own_are_words(desk: Desk) -> None:
    edition = desk.edition(SIGNS)
    data = render_text(edition)
    assert collated(edition, "text", data).differences == ()
    assert "km² and x₁, 1⁄2, a │ b" in data.decode().replace("\N{WORD JOINER}", "")


LISTS_IN_CELLS = """\
# Text

+---------+----------------+
| Haven   | What lies there|
+=========+================+
| North   | - nets         |
|         | - ropes        |
|         |                |
|         |     1. new     |
|         |     2. old     |
+---------+----------------+
| South   | 1\\. is no item |
+---------+----------------+
"""


def test_lists_in_cells_keep_their_marks(desk: Desk) -> None:
    edition = desk.edition(LISTS_IN_CELLS)
    data = render_text(edition)
    assert collated(edition, "text", data).differences == ()
    assert "• nets ¶ • ropes ¶ 1. new ¶ 2. old" in data.decode()
    lost = data.replace("• nets ¶ •".encode(), "nets ¶".encode())
    assert {told.kind for told in collated(edition, "text", lost).differences} >= {"list-differs"}


EMPTY = Edition(
    name="paper", record=EditionRecord(title="Engines"), style_name="apa", style_title="APA",
    style_kind="in-text", body="", ledger=Ledger(), images=(), references=(),
    terms=terms_for("en"), source_digests=(), style_digest="", built={},
)  # fmt: skip
LINES = st.lists(
    st.text("ab1.²₁⁄=-~^'`*>•═│├─┤¶▸⟦⟧¦❨⁽⁾ \N{WORD JOINER}\N{NO-BREAK SPACE}", max_size=12),
    min_size=1,
    max_size=4,
)


@settings(max_examples=400)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["p", "li", "td", "dd", "figcaption", "pre", "h2", "sup", "blockquote", "h3"]
            ),
            LINES,
        )
    )
)
def test_whatever_the_words_are_they_are_read_as_they_stand(
    blocks: list[tuple[str, list[str]]],
) -> None:
    article = make("article")
    for tag, lines in blocks:
        block = make(tag, lines[0])
        if tag != "pre":
            for line in lines[1:]:
                block.append(make("br"))
                block[-1].tail = line
        around = {
            "li": ["ul"], "td": ["table", "tr"], "dd": ["dl"], "figcaption": ["figure"],
            "sup": ["p"], "h3": ["ul", "li"],
        }.get(tag, [])  # fmt: skip
        for name in reversed(around):
            block = make(name, block)
        article.append(block)
    body = make("body", article)
    ledger = Ledger(text=article_text(body))
    edition = replace(EMPTY, body=serialise(body), ledger=ledger)
    assert collated(edition, "text", render_text(edition)).differences == ()


# --- Damages -------------------------------------------------------------------------------------


NOTED = PAPER + "\nMore words [see @babbage1864].[^b]\n\n[^b]: The second note.\n"

DAMAGES: dict[str, tuple[Callable[[str], str], str, str]] = {
    "the year of a citation": (
        change("(Lovelace, 1843, p. 7)", "(Lovelace, 1848, p. 7)"), "citation-differs", "cite-1",
    ),
    "a citation lost": (change("(see Babbage, 1864)", ""), "citation-missing", "cite-3"),
    "the year of an entry": (
        change("C. (1864). Passages", "C. (1865). Passages"), "entry-differs", "ref-babbage1864",
    ),
    "an entry lost": (
        change("Babbage, C. (1864). Passages.\n\n", ""), "entry-missing", "ref-babbage1864",
    ),
    "entries exchanged": (
        exchange("Babbage, C. (1864). Passages.", "Lovelace, A. (1843). Notes by the Translator."),
        "entry-moved", "ref-babbage1864",
    ),
    "a note lost": (change("2. The second note.\n\n", ""), "note-missing", "note-2"),
    "a note too many": (
        change("2. The second note.", "2. The second note.\n\n3. A third."), "note-extra", "",
    ),
    "a note's words": (change("second note", "third note"), "note-differs", "note-2"),
    "a note's number": (change("2. The second", "3. The second"), "note-mark", "note-2"),
    "notes exchanged": (exchange("1. The first", "2. The second"), "note-moved", "note-1"),
    "the mark of a note": (change(".²", ".¹"), "note-mark", "note-2"),
    "the mark of a note lost": (change(".²", "."), "note-mark", "note-2"),
    "a paragraph moved": (
        lambda text: change("  > An engine counts.\n\n", "")(text).replace(
            "References\n", "  > An engine counts.\n\nReferences\n"
        ),
        "text-moved", "",
    ),
    "a paragraph lost": (change("  > An engine counts.\n\n", ""), "text-missing", ""),
    "a paragraph too many": (
        change("References\n", "Something else.\n\nReferences\n"), "text-extra", "",
    ),
    "paragraphs run together": (change("verse,\nand", "verse, and"), "text-differs", ""),
    "a word of a caption": (change("A drawing", "A painting"), "text-differs", ""),
    "a caption that is none": (change("▸ Figure", "Figure"), "structure-differs", "fig-a"),
    "a line that is no caption": (change("See Fig", "▸ See Fig"), "structure-differs", ""),
    "a heading that is none": (
        change("1.1 Parts\n~~~~~~~~~\n", "1.1 Parts\n"), "structure-differs", "parts",
    ),
    "a heading of another level": (change("~~~~~~~~~", "---------"), "structure-differs", "parts"),
    "a line that is no heading": (
        change("and another.\n", "and another.\n-----\n"), "structure-differs", "",
    ),
    "the number of a section": (change("1.1 Parts", "1.2 Parts"), "number-differs", "parts"),
    "the number of a figure": (change("▸ Figure 1", "▸ Figure 2"), "number-differs", "fig-a"),
    "a cross-reference": (change("See Figure 1", "See Figure 2"), "reference-differs", "fig-a"),
    "a cell": (change("120", "121"), "text-differs", ""),
    "cells run together": (change("mill │ 120", "mill 120"), "text-differs", ""),
    "a letter of code": (change("print", "paint"), "text-differs", ""),
    "an exponent": (change("e⁽iπ⁾", "e⁽π⁾"), "text-differs", ""),
    "the title": (change("Engines", "Motors", -1), "text-missing", ""),
    "the author": (change("Ada", "Ida"), "text-missing", ""),
    "letters turned round": (
        change("Words (", "\N{RIGHT-TO-LEFT OVERRIDE}Words ("), "disguised", "",
    ),
    "a line written over": (change("Words (", "Words\r("), "disguised", ""),
}  # fmt: skip


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Edition, str]:
    desk = Desk(tmp_path_factory.mktemp("sound"))
    desk.put("refs.json", REFERENCES)
    desk.put("a.svg", DRAWING)
    edition = desk.edition(NOTED, FRONT, csl="apa")
    return edition, render_text(edition).decode()


@pytest.mark.parametrize("name", DAMAGES)
def test_every_damage_is_named(name: str, sound: tuple[Edition, str]) -> None:
    edition, text = sound
    damage, kind, subject = DAMAGES[name]
    told = collated(edition, "text", damage(text).encode()).differences
    assert (kind, subject) in {(difference.kind, difference.subject) for difference in told}, told
    assert all(difference.place.startswith("line ") for difference in told if difference.place)


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"\xff", "no UTF-8"), (b"Words alone.\n", "its rules"), (b"", "its rules")],
    ids=["other bytes", "another text", "nothing"],
)
def test_what_is_no_plain_text_edition_is_told(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        read_text(data)


def test_verse_is_indented_as_written_wherever_it_stands(desk: Desk) -> None:
    verse = "| One\n|    two\n|\n|      three"
    body = f"{verse}\n\n> | Four\n> |   five\n\n- x\n\n  | six\n  |  seven[^a]\n\n"
    edition = desk.edition(f"{body}[^a]:\n\n    | eight\n    |   nine\n")
    text = render_text(edition).decode().replace("\N{NO-BREAK SPACE}", "~")
    for line in ("One\n~~~two\n\n~~~~~three\n", "  > Four\n  > ~~five", "\n    six\n    ~seven",
                 "1. eight\n    ~~nine\n"):  # fmt: skip
        assert line in text


def test_stanzas_stand_apart(desk: Desk) -> None:
    edition = desk.edition("| One\n| two\n|\n| three[^a]\n\n[^a]: Of verse.\n")
    data = render_text(edition)
    assert "One\ntwo\n\nthree¹\n" in data.decode()
    assert collated(edition, "text", data).differences == ()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("the 1^st^ and the 19^th^", "the 1st and the 19th"),
        ("le XIX^e^ siècle, M^me^ N., n^o^ 3, D^r^ X", "le XIXe siècle, Mme N., no 3, Dr X"),
        ("Yield^a^ and 3^b^", "Yield⁽a⁾ and 3⁽b⁾"),
        ("L^p^, 2^x^ and E^max^", "L⁽p⁾, 2⁽x⁾ and E⁽max⁾"),
        ("*L*^p^ and x^n^", "L⁽p⁾ and xⁿ"),
    ],
)
def test_raised_letters_are_told_from_the_word_unless_they_shorten_it(
    desk: Desk, written: str, said: str
) -> None:
    paper = desk.paper(f"So {written}.\n")
    assert build(paper, out=desk.folder / "out", formats=("html", "text")).collation.passed
    assert f"So {said}." in (desk.folder / "out" / "paper.txt").read_text()
