"""Odd but sound papers: every construct of Pandoc's Markdown that might trip the proof does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Desk
from PIL import Image as Raster

from triptych.formats import USUAL
from triptych.press import build

NOTE_STYLE = "chicago-notes-bibliography"
PAPERS = {
    "lists of all kinds": """\
1. one
2. two
    - nested [@lovelace1843]
    - more

        a paragraph in the list
3. three

(a) alpha
(b) beta

Term
:   One meaning [@babbage1864].

:   Another.

- [ ] to do
- [x] done [@lovelace1843]

(@) First example.
(@good) Second, as (@good) shows.

Term []{#behind}
:   1. A place [behind the last word](#behind) of a line.
""",
    "line blocks, quotations, hard breaks": """\
| The limerick packs laughs anatomical
| In space that is quite economical.
|    But the good ones I've seen

> A quotation [@lovelace1843, p. 3].
>
> > Another within [@babbage1864].

Hard\\
break here and
another one.

***

After the rule.
""",
    "code": """\
Inline `x = 1  2` code.

```python
def f(x):
    return x  # a comment


print(f(1))
```

    indented code
      more

```r
 x  <- width(ofWhat=everything,unbroken=TRUE,over=more_than_one_line,of=any_page,that=one_may,n=1,
     y)
```

```
width(ofWhat=everything,unbroken=TRUE,over=more_than_one_line,of=any_page,that=one_may_think_of,n=1)
```

So is `width(ofWhat=everything,unbroken=TRUE,over=more_than_one_line,of=any_page,that=one_may_see)`
and https://example.org/an-address/longerThanAnyLineOfAnyPageOnWhichItMayEverHaveToBePrintedAtAll/of/it.
""",
    "tables of all kinds": """\
| a | b |
|---|---|
| 1 [@lovelace1843] | 2 |
| 3 | 4 |

: Caption [@babbage1864]. {#tbl:x}

+-----+-----+
| A   | B   |
+=====+=====+
| - x | two |
| - y |     |
+-----+-----+
| p   | c   |
|     |     |
| q   | d   |
+-----+-----+

  Right     Left
-------     ------
     12     12
    123     123

------------------------------------------------------------------------
What was meant for a paragraph between two rules is a table, of one cell
which has more words than any line of any page could ever hold, so that it
must be set in lines as any other paragraph would be, and not on one line
of very small type.

------------------------------------------------------------------------

See @tbl:x.
""",
    "notes everywhere": """\
# A head^[A note in a heading [@lovelace1843].]

Text[^1] and[^2].

![A caption^[A note in a caption [@babbage1864].].](a.svg){#fig:q alt='A shape.'}

[^1]: One paragraph with $x^2$ in it.

    Another [@babbage1864].

    - a list in a note
    - more

[^2]: A note with a note^[Words of a note within a note [@lovelace1843].] inside.

| a^[A note in a table.] | b |
|------------------------|---|
| 1                      | 2 |
""",
    "spans, divisions and directions": """\
[Small caps]{.smallcaps} and ~~struck~~ H~2~O x^2^ *em **strong** em* "quotes 'inner'" -- dash ---
em... ellipsis.

A letter פ, then אב 2019; the last is פ.

[עברית]{lang=he dir=rtl} in a line, and العربية too (2001), end. 中文字 mixed.

::: {.box}
A division [@lovelace1843].
:::

<div dir="rtl" lang="ar">

فقرة عربية [@babbage1864] هنا.

</div>
""",
    "formulas": """\
Inline $E = mc^2$ and $\\alpha_i + \\frac{1}{2}$.

$$\\int_0^1 x\\,dx = \\frac12$$

The measure $פ$ and $n_{\\text{若}}$.

| formula | cited |
|---------|-------|
| $a_1$   | [@lovelace1843] |
""",
    "raw HTML": """\
Raw <b>bold</b> <kbd>Ctrl</kbd> <abbr title='x'>abbr</abbr> <br> after &amp; &nbsp; &lt;tag&gt;.

<p>A raw paragraph <i>it</i>.</p>
""",
    "characters": """\
Ångström naïve café ﬁne soft\u00adhyphen zero\u200bwidth nb\u00a0sp — “q” ‘s’ …
№ ½ é e\u0301 ő ş ı ß.

10\u207b\u00b3 **m s\u207b\u00b9**, *H\u207a*, x\u208b\u2081;
1 \u00b5m and 1 \u03bcm, \u2206x and \u0394x, Hawai\u02bbi and \u2018quoted\u2019, m\u02bca.

A well-known state-of-the-art mother-in-law re-sign co-operate 1990-1999 10--20 and/or, the
Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft at last.
""",
    "citations of all forms": """\
[@lovelace1843], [see @lovelace1843, p. 3; also @babbage1864, chap. 2, and more], @lovelace1843
[p. 9] says, @babbage1864; [-@lovelace1843, p. 2], [*see* @babbage1864, suffix with *em*],
[@lovelace1843, p. iv; @lovelace1843, 12-14 and *passim*], [@babbage1864, {ff. 3-4}].
""",
    "links": """\
[a](#aa), [b](#bb), [c](#cc), [d](#dd), [e](#ee).

<a name="aa"/>

An [i]{#bb}tem ends with a place. []{#cc}

- []{#dd}[]{#ee}

<https://example.org/a-b/c_d/e?f=g&h=i> and [a text](https://example.org) and [there](#sec-a)
and [a span]{#anchor} and [that](#anchor).

# A section {#sec-a}

Words [@lovelace1843].
""",
    "headings of all levels": """\
# A *head* with `code` [@lovelace1843] and "quotes"

### A level left out

## Without a number {.unnumbered}

###### Deep

See @sec:z.

# Last {#sec:z}

Words at last.
""",
    "no citation at all": "Words.\n\n# Head\n\n## Lower\n\nMore.^[A note.]\n",
    "a table over several pages": (
        "| No | Words | Cited |\n|----|-------|-------|\n"
        + "".join(
            f"| {n} | row {n} with some words in it | [@lovelace1843, p. {n}] |\n"
            for n in range(90)
        )
        + "\n: A long table [@babbage1864].\n"
    ),
    "many notes": "".join(
        f"Paragraph {n}: the quick brown fox jumps over the lazy dog, and antidisestablishment is "
        f"considered with a citation [@lovelace1843, p. {n}] and a note.[^{n}]\n\n"
        f"[^{n}]: Note {n} says a thing about [@babbage1864, p. {n}] and goes on a little.\n\n"
        for n in range(60)
    ),
}  # fmt: skip


@pytest.mark.parametrize("style", ["apa", "ieee", NOTE_STYLE])
@pytest.mark.parametrize("name", PAPERS)
def test_an_odd_paper_is_proven(name: str, style: str, desk: Desk, tmp_path: Path) -> None:
    formats = [*USUAL, "jats"]
    made = build(desk.paper(PAPERS[name]), out=tmp_path / "dist", csl=style, formats=formats)
    assert made.collation.passed


def test_the_words_of_a_note_within_a_note_are_kept(desk: Desk) -> None:
    note = desk.edition("Text.[^1]\n\n[^1]: One^[and two] here.\n").ledger.notes[0]
    assert note.text == "One (and two) here."


def test_code_with_a_name_can_be_linked_to(desk: Desk) -> None:
    body = desk.edition("[Listing](#lst)\n\n``` {#lst .python}\nx = 1\ny = 2\n```\n").body
    assert re.search(r'<pre [^>]*id="lst"', body)
    assert "lst-1" not in body


def test_a_picture_among_words_is_no_wider_than_the_page(desk: Desk, tmp_path: Path) -> None:
    Raster.new("RGB", (1400, 500), "#7a9").save(desk.folder / "wide.png")
    paper = desk.paper('![](wide.png){alt="A shape."}\nUnfortunately it has words behind it.\n')
    assert build(paper, out=tmp_path / "dist").collation.passed
