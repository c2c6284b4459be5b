"""The proof of a JATS edition: odd papers raise no alarm, and every damage is named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Desk
from lxml import etree
from one_file import collated

from triptych.check.examine import check
from triptych.check.place import surroundings
from triptych.cli import main
from triptych.collate.fields import unmarked
from triptych.edition import Edition
from triptych.press import build
from triptych.render.jats.article import render_jats
from triptych.tree import Element
from triptych.validators import Location
from triptych.validators.jats import DTD

ODD = {
    "line ends": """\
A *stressed\\
line*, [a link\\
over](https://example.org/x), [@lovelace1843, p. 3\\
more] and a note.[^n]

- an item\\
  of two lines

# A head\\
in two lines

> # A quoted head\\
> in two
>
> words

| a<br>b | c |
|---|---|
| d<br/>e *f<br/>g* | h |

<h3>A raw<br/>head</h3>

![A caption\\
with a *line's\\
end*](a.svg){alt="A shape."}

<dl><dt>x</dt><dt>y<br/>z</dt><dd>w</dd></dl>

[^n]: Note with\\
a break.
""",
    "links to anything": """\
[To](#im), [code](#cc), [body](#tb), [quotation](#qq), [item](#li), [rule](#hh), [cell](#ce),
[division](#two), [section](#three), [nothing](#anch).

Inline ![pic](a.svg){#im alt="p"} here, and []{#anch}there.

``` {#cc .py}
code
```

<table><thead><tr id="rr"><th>H</th></tr></thead><tbody id="tb"><tr><td id="ce">x</td></tr></tbody>
</table>

<blockquote id="qq"><p>Quote</p></blockquote>

<ul><li id="li">it</li></ul>

<hr id="hh"/>

::: {#two}
::: {#three}
# H {#four}

text
:::

after
:::

[![pic](a.svg){alt="z"} and *words*](https://example.org) [$x^2$](#im)

| A line with [a link](https://example.org)
| and another
""",
    "figures of all kinds": """\
<figure id="all">
<figure><img src="a.svg" alt="x"/><figcaption>Sub a</figcaption></figure>
<figure><img src="a.svg" alt="y"/><figcaption>Sub b</figcaption></figure>
<figcaption>The whole caption</figcaption>
</figure>

[All](#all) and @fig:c.

![Cap](a.svg){#fig:c alt="q" credit="Photo: Me"}

<figure>
<figcaption>Its caption stands above</figcaption>
<p>A paragraph</p>
</figure>

<figure><table><tr><td>c</td></tr></table><figcaption>Below</figcaption></figure>

<figure><img src="a.svg" alt="u"/><figcaption><p>One.</p><p>Two.</p></figcaption></figure>
""",
    "blocks where none should be": """\
<div>loose <p>para</p> loose <div>x</div> tail</div>

<em>stressed <p>paragraph</p> in line</em>

<table><tr><td>c<table><tr><td>inner</td></tr></table></td></tr></table>

<details><summary>Sum</summary><p>In</p></details>

- # A head in a list

  text

    ``` python
    print(1 < 2)
    ```

> $$w$$ tail
""",
}


@pytest.mark.parametrize("style", ["apa", "ieee", "chicago-notes-bibliography"])
@pytest.mark.parametrize("name", ODD)
def test_an_odd_paper_is_valid_and_proven(name: str, style: str, desk: Desk) -> None:
    edition = desk.edition(ODD[name], csl=style)
    data = render_jats(edition)
    dtd = etree.DTD(str(DTD))
    assert dtd.validate(etree.fromstring(data)), dtd.error_log
    assert collated(edition, "jats", data).differences == ()


def test_fields_of_every_kind_are_proven(desk: Desk) -> None:
    name = {"family": "Gogh", "given": "V.", "non-dropping-particle": "van", "suffix": "Jr."}
    item = {
        "type": "chapter", "title": "On <i>Lamps</i>", "container-title": "Light & “Dark”",
        "collection-title": "Series", "volume": "1–2", "issue": 3, "edition": "2nd",
        "page": "e1–e9",
        "publisher": "P & Q", "publisher-place": "Köln", "event-title": "Fair", "ISBN": "978-3",
        "ISSN": "1234-567X", "DOI": "10.1002/(SICI)1097(1998)49:8<693::AID>3.0", "PMID": "12",
        "URL": "https://example.org/?a=1&b=ü", "author": [name, {"literal": "The Board"}],
        "editor": [{"family": "Solo"}], "accessed": {"date-parts": [[2020, 1, 9]]},
    }  # fmt: skip
    dates = ({"date-parts": [[1843, 7, 9]]}, {"date-parts": [[1843]], "season": 1},
             {"literal": "in press"}, {"date-parts": [[-44], [-40]]})  # fmt: skip
    items = [{**item, "id": f"i{n}", "issued": date} for n, date in enumerate(dates)]
    desk.put("refs.json", json.dumps([*items, {"id": "bare", "type": "book", "title": "B"}]))
    edition = desk.edition("[@i0] [@i1] [@i2] [@i3] [@bare]")
    assert collated(edition, "jats", render_jats(edition)).differences == ()


# --- Damages -------------------------------------------------------------------------------------

BODY = """\
# One {#sec:one}

Words [@lovelace1843, p. 7] and a note.[^a] More words [see @babbage1864] and a note.[^b]

![A drawing.](a.svg){#fig:a alt="A shape."}

| A | B |
|---|---|
| 1 | 2 |

: Numbers {#tbl:n}

See @fig:a, @tbl:n and @sec:one, and <https://example.org/a>.

[^a]: The first note [@babbage1864].

[^b]: The second note.
"""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    from conftest import REFERENCES

    desk = Desk(tmp_path_factory.mktemp("sound"))
    desk.put("refs.json", REFERENCES)
    desk.put("a.svg", "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'/>")
    return desk.edition(BODY, csl="apa")


def find(root: Element, path: str) -> Element:
    found = root.find(path)
    assert found is not None, path
    return found


def cut(root: Element, path: str) -> None:
    element = find(root, path)
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def put(root: Element, path: str, name: str, value: str) -> None:
    find(root, path).set(name, value)


def say(root: Element, path: str, pattern: str, by: str) -> None:
    """Change the words of an element."""
    changed = 0
    for element in find(root, path).iter(etree.Element):
        for name in ("text", "tail"):
            words, count = re.subn(pattern, by, getattr(element, name) or "", count=1)
            if count and not changed:
                setattr(element, name, words)
                changed += count
    assert changed


DAMAGES: dict[str, tuple[Callable[[Element], None], str, str]] = {
    "the year of a citation": (
        lambda root: say(root, ".//named-content[@id='cite-1']", "1843", "1848"),
        "citation-differs", "cite-1",
    ),
    "a citation lost": (
        lambda root: cut(root, ".//named-content[@id='cite-1']/xref"), "citation-differs", "cite-1",
    ),
    "a citation's link to another entry": (
        lambda root: put(root, ".//named-content[@id='cite-1']/xref", "rid", "ref-babbage1864"),
        "link-astray", "cite-1",
    ),
    "a citation's link to nothing": (
        lambda root: put(root, ".//named-content[@id='cite-1']/xref", "rid", "ref-nobody"),
        "link-dead", "cite-1",
    ),
    "a link too many": (
        lambda root: find(root, ".//xref[@rid='fig-a']").set("rid", "fig-a table-1"),
        "link-dead", "fig-a",
    ),
    "the year of an entry as printed": (
        lambda root: say(root, ".//ref[@id='ref-babbage1864']//mixed-citation", "1864", "1865"),
        "entry-differs", "ref-babbage1864",
    ),
    "the year of an entry as a field": (
        lambda root: say(root, ".//ref[@id='ref-babbage1864']//year", "1864", "1865"),
        "entry-differs", "ref-babbage1864",
    ),
    "a name as a field": (
        lambda root: say(root, ".//ref[@id='ref-babbage1864']//surname", "bb", "pp"),
        "entry-differs", "ref-babbage1864",
    ),
    "a field lost": (
        lambda root: cut(root, ".//ref[@id='ref-lovelace1843']//article-title"),
        "entry-differs", "ref-lovelace1843",
    ),
    "a field too many": (
        lambda root: find(root, ".//ref[@id='ref-lovelace1843']//element-citation").append(
            etree.fromstring("<volume>3</volume>")
        ),
        "entry-differs", "ref-lovelace1843",
    ),
    "all fields lost": (
        lambda root: cut(root, ".//ref[@id='ref-lovelace1843']//element-citation"),
        "entry-differs", "ref-lovelace1843",
    ),
    "an entry lost": (
        lambda root: cut(root, ".//ref[@id='ref-babbage1864']"), "entry-missing", "ref-babbage1864",
    ),
    "entries in another order": (
        lambda root: find(root, ".//ref-list").append(find(root, ".//ref")),
        "entry-moved", "ref-babbage1864",
    ),
    "a note lost": (lambda root: cut(root, ".//fn[@id='note-2']"), "note-missing", "note-2"),
    "a note's words": (
        lambda root: say(root, ".//fn[@id='note-2']", "second", "third"), "note-differs", "note-2",
    ),
    "a note's number": (
        lambda root: say(root, ".//fn[@id='note-2']/label", "2", "3"), "note-mark", "note-2",
    ),
    "a note that nothing calls": (
        lambda root: put(root, ".//xref[@rid='note-2']", "rid", "note-1"), "link-astray", "note-2",
    ),
    "the mark of a note": (
        lambda root: say(root, ".//xref[@rid='note-2']", "2", "1"), "note-mark", "note-2",
    ),
    "a heading": (
        lambda root: say(root, ".//sec/title", "One", "Two"), "text-differs", "",
    ),
    "the number of a section": (
        lambda root: say(root, ".//sec/label", "1", "2"), "number-differs", "sec-one",
    ),
    "the number of a figure": (
        lambda root: say(root, ".//fig/label", "1", "2"), "number-differs", "fig-a",
    ),
    "a caption": (lambda root: say(root, ".//fig/caption", "drawing", "painting"),
                  "text-differs", ""),
    "a caption lost": (lambda root: cut(root, ".//fig/caption"), "text-missing", ""),
    "a cross-reference": (
        lambda root: say(root, ".//xref[@rid='fig-a']", "1", "2"), "reference-differs", "fig-a",
    ),
    "a cross-reference to another thing": (
        lambda root: put(root, ".//xref[@rid='fig-a']", "rid", "sec-one"), "link-astray", "fig-a",
    ),
    "a web address": (
        lambda root: put(root, ".//ext-link", "{http://www.w3.org/1999/xlink}href", "https://a.b"),
        "link-astray", "https://example.org/a",
    ),
    "a cell": (lambda root: say(root, ".//td", "1", "7"), "text-differs", ""),
    "a paragraph too many": (
        lambda root: find(root, "body").append(etree.fromstring("<p>And more.</p>")),
        "text-extra", "",
    ),
    "a title": (lambda root: say(root, ".//article-title", "Engines", "Motors"),
                "text-missing", ""),
    "a style that hides words": (
        lambda root: put(root, ".//td", "style", "display: none"), "disguised", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damage_is_caught_and_named(damage: str, sound: Edition) -> None:
    change, kind, subject = DAMAGES[damage]
    root = etree.fromstring(render_jats(sound))
    assert collated(sound, "jats", etree.tostring(root)).passed
    change(root)
    found = {(d.kind, d.subject) for d in collated(sound, "jats", etree.tostring(root)).differences}
    assert (kind, subject) in found, found


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"<article><body>", "not well-formed"),
        (b"<book/>", "root is book"),
        (b"<article><front/></article>", "no body"),
    ],
)
def test_what_is_no_article_cannot_be_read(data: bytes, told: str, sound: Edition) -> None:
    (difference,) = collated(sound, "jats", data).differences
    assert (difference.kind, told in difference.message) == ("unreadable", True)


# --- The command ---------------------------------------------------------------------------------


def test_it_is_built_collated_and_checked_like_any_format(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    out = desk.folder / "dist"
    assert main(["build", str(desk.paper(BODY)), "--to", "html,jats", "--out", str(out)]) == 0
    file = out / "paper.jats.xml"
    assert main(["collate", str(out), "--verbose"]) == 0
    told = capsys.readouterr().out
    assert "jats same" in told
    assert "HTML, JATS agree" in told

    file.write_bytes(file.read_bytes().replace(b"<sec ", b"<sec unheard='of' ", 1))
    checked = check([file])
    verdicts = {e.tool: e for e in checked.examinations}
    assert verdicts["JATS DTD"].opinion == "failed"
    assert verdicts["JATS DTD"].remarks[0].subject == "sec-one"
    assert {r.rule for r in verdicts["Collation"].remarks} == {"fixity"}


def test_a_line_of_the_file_is_what_stands_on_it(desk: Desk, tmp_path: Path) -> None:
    build(desk.paper(BODY), out=tmp_path / "out", formats=["jats"])
    file = tmp_path / "out" / "paper.jats.xml"
    lines = file.read_text(encoding="utf-8").splitlines()
    line = next(n for n, words in enumerate(lines, 1) if words.startswith("<fig "))
    assert surroundings(file, Location(line=line)).ids[0] == "fig-a"


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("<i>Nets</i> and <sub>2</sub>", "Nets and 2"),
        ("<i>a <b>b</i> c</b>", "a <b>b c</b>"),
        ("<b><i>a</i> <i>b</b></i>", "a <i>b</i>"),
        ("<i>a <i>b</i>", "<i>a b"),
        ('a < b </i> <span class="x">c</span>', "a < b </i> c"),
        ("<span class='x'>c</span> <i x>", "<span class='x'>c</span> <i x>"),
        ("<i>" * 20_000, "<i>" * 20_000),
        ("<i>" * 20_000 + "</b>" * 20_000, "<i>" * 20_000 + "</b>" * 20_000),
    ],
)
def test_only_tags_that_are_closed_are_no_words_of_a_field(written: str, bare: str) -> None:
    assert unmarked(written) == bare


def test_a_heading_in_an_item_or_a_cell_is_a_heading_without_emphasis(desk: Desk) -> None:
    cell = "+------+\n| # Hd |\n|      |\n| x    |\n+------+\n"
    edition = desk.edition(f"# Usual\n\nWords.\n\n> # Quoted\n>\n> x\n\n- # Item\n\n  x\n\n{cell}")
    assert collated(edition, "jats", render_jats(edition)).differences == ()
