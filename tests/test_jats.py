"""JATS: valid by the DTD of its tag set, with the words of the other formats and no dead links."""

from __future__ import annotations

import json
from base64 import b64decode
from collections import Counter
from pathlib import Path

import pytest
from conftest import DRAWING, Desk
from lxml import etree
from one_file import collated

from triptych.edition import Edition
from triptych.read.source import read_source
from triptych.render.jats.article import render_jats
from triptych.render.jats.body import ALIAS
from triptych.resolve.passes import resolve_source
from triptych.text import Scribe
from triptych.tree import Element
from triptych.validators.jats import DTD

ROOT = Path(__file__).parents[1]
PAPERS = [
    ROOT / "source",
    *sorted((ROOT / "tests" / "mutants" / "papers").glob("*.md")),
    *sorted((ROOT / "tests" / "documents").glob("*/paper.md")),
    *sorted((ROOT / "tests" / "corpus").glob("*/paper.*md")),
]
XLINK = "{http://www.w3.org/1999/xlink}"
MATHML = "{http://www.w3.org/1998/Math/MathML}"


@pytest.fixture(scope="module")
def dtd() -> etree.DTD:
    return etree.DTD(str(DTD))


def edition_of(path: Path, csl: str | None = None) -> Edition:
    return resolve_source(read_source(path, csl), keep_going=True)[0]


@pytest.fixture(scope="module", params=PAPERS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def paper(request: pytest.FixtureRequest) -> Edition:
    return edition_of(request.param)


def assert_valid(root: Element, dtd: etree.DTD) -> None:
    assert dtd.validate(root), "\n".join(error.message for error in dtd.error_log)


def read(edition: Edition) -> Element:
    return etree.fromstring(render_jats(edition))


def letters(*parts: Element) -> str:
    """The letters of elements as the ledger counts them: alternative texts and TeX are none.

    A root is drawn with its sign, which MathML names by the element alone.
    """
    scribe = Scribe()

    def write(element: Element) -> None:
        if element.tag in ("alt-text", "tex-math"):
            return
        if etree.QName(element).localname in ("msqrt", "mroot"):
            scribe.write("√")
        scribe.write(element.text or "")
        for child in element:
            write(child)
            scribe.write(child.tail or "")

    for part in parts:
        write(part)
    return scribe.text().letters


def test_every_paper_is_valid(paper: Edition, dtd: etree.DTD) -> None:
    assert_valid(read(paper), dtd)


def test_every_paper_is_proven(paper: Edition) -> None:
    assert collated(paper, "jats", render_jats(paper)).differences == ()


@pytest.mark.parametrize("style", ["apa", "ieee", "chicago-notes-bibliography"])
def test_the_article_is_valid_in_every_kind_of_style(style: str, dtd: etree.DTD) -> None:
    assert_valid(read(edition_of(ROOT / "source", style)), dtd)


def test_its_words_are_those_of_the_ledger(paper: Edition) -> None:
    root = read(paper)
    body = root.find("body")
    assert body is not None
    printed = [e for e in root.iter("mixed-citation", "label") if is_reference(e)]
    title = root.findall("back/ref-list/title")
    assert Counter(letters(body, *title, *printed)) == Counter(paper.ledger.text.letters)


def is_reference(element: Element) -> bool:
    return any(parent.tag == "ref" for parent in element.iterancestors())


def test_its_notes_say_what_the_ledger_says(paper: Edition) -> None:
    notes = read(paper).findall("back/fn-group/fn")
    said = [(note.get("id"), note.findtext("label")) for note in notes]
    assert said == [(note.id, note.number) for note in paper.ledger.notes]
    paragraphs = [p for note in notes for p in note.iterchildren("p")]
    assert letters(*paragraphs) == paper.ledger.note_text.letters


def test_every_reference_within_leads_to_what_it_says_it_does(paper: Edition) -> None:
    root = read(paper)
    named = {e.get("id"): e.tag for e in root.iter(etree.Element) if e.get("id")}
    tags = {"fig": ["fig", "fig-group"], "table": ["table-wrap"], "sec": ["sec"], "fn": ["fn"],
            "bibr": ["ref"], "aff": ["aff"], "disp-formula": ["disp-formula"],
            "other": ["label", "named-content", "p"]}  # fmt: skip
    links = list(root.iter("xref"))
    for link in links:
        assert named[link.get("rid")] in tags[link.get("ref-type", "")], link.attrib
    assert len([x for x in links if x.get("ref-type") == "bibr"]) == sum(
        len(cluster.targets) for cluster in paper.ledger.clusters
    )


def test_clusters_entries_and_numbered_things_keep_their_ids(paper: Edition) -> None:
    ids = {e.get("id") for e in read(paper).iter(etree.Element)}
    ledger = paper.ledger
    wanted = {
        *(cluster.id for cluster in ledger.clusters),
        *(entry.id for entry in ledger.entries),
        *(note.id for note in ledger.notes),
        *(numbered.id for numbered in ledger.numbered),
    }
    assert wanted <= ids


def test_an_equation_has_its_number(desk: Desk) -> None:
    root = read(desk.edition("$$x^2$$ {#eq:x}\n\nSee @eq:x.\n"))
    formula = root.find(".//disp-formula[@id='eq-x']")
    assert formula is not None
    assert formula.find(f".//{MATHML}math") is not None
    assert formula.findtext("label") == "(1)"
    assert root.find(".//xref[@ref-type='disp-formula']") is not None


BOXED = """
::: {.box}
# In a box

## Deeper

More.
:::

## Out of it

::: {.box}
### Third

Text.
:::

Behind it.

### {#empty}

#### Fourth

Text.
"""


def test_headings_keep_their_levels_in_and_behind_divisions(desk: Desk, dtd: etree.DTD) -> None:
    edition = desk.edition(BOXED)
    data = render_jats(edition)
    assert_valid(etree.fromstring(data), dtd)
    assert collated(edition, "jats", data).differences == ()


def test_the_same_edition_gives_the_same_bytes() -> None:
    edition = edition_of(PAPERS[1])
    assert render_jats(edition) == render_jats(edition)


def test_a_reference_is_taken_apart_into_its_fields(desk: Desk) -> None:
    desk.put(
        "refs.json",
        """[{"id": "a1", "type": "article-journal", "title": "On <i>Lamps</i>",
        "container-title": "Light", "volume": "4", "issue": "2", "page": "11-19", "DOI": "10.1/x",
        "author": [{"family": "Beek", "given": "Jo", "non-dropping-particle": "van",
        "suffix": "Jr."}, {"literal": "The Lamp Board"}],
        "issued": {"date-parts": [[1901, 7, 3]]}, "accessed": {"date-parts": [[2023, 1]]}}]""",
    )
    fields = read(desk.edition("See [@a1].")).find(".//element-citation")
    assert fields is not None
    assert fields.get("publication-type") == "journal"
    assert {e.tag: "".join(e.itertext()) for e in fields if e.tag != "person-group"} == {
        "year": "1901", "month": "7", "day": "3", "article-title": "On Lamps", "source": "Light",
        "volume": "4", "issue": "2", "fpage": "11", "lpage": "19", "pub-id": "10.1/x",
        "date-in-citation": "2023-01",
    }  # fmt: skip
    assert fields.xpath("year/@iso-8601-date") == ["1901-07-03"]
    assert fields.findtext("article-title/italic") == "Lamps"
    assert fields.findtext("person-group/name/surname") == "van Beek"
    assert fields.findtext("person-group/name/suffix") == "Jr."
    assert fields.findtext("person-group/collab") == "The Lamp Board"


def test_people_have_their_roles_orcids_and_affiliations(desk: Desk, dtd: etree.DTD) -> None:
    front = (
        "author:\n  - name: Ada Lovelace\n    orcid: 0000-0002-1825-0097\n"
        "    affiliation: The Engine Works\n    email: ada@example.org\n"
        "    corresponding: true\n    equal-contributor: true\neditor: Charles Babbage\n"
        "doi: 10.1234/engines\nlicense: https://creativecommons.org/licenses/by/4.0/\n"
        "date: 1843-09\nkeywords: [engines]\nabstract: On engines.\n"
    )
    root = read(desk.edition("Words.", front))
    assert_valid(root, dtd)
    author, editor = root.iter("contrib")
    assert (author.get("contrib-type"), editor.get("contrib-type")) == ("author", "editor")
    assert (author.get("corresp"), author.get("equal-contrib")) == ("yes", "yes")
    assert author.findtext("email") == "ada@example.org"
    assert author.findtext("contrib-id") == "https://orcid.org/0000-0002-1825-0097"
    assert root.findtext(".//aff/institution") == "The Engine Works"
    assert root.findtext(".//article-id[@pub-id-type='doi']") == "10.1234/engines"
    assert [e.text for e in root.findall(".//pub-date/*")] == ["09", "1843"]
    assert root.findtext(".//kwd") == "engines"
    assert root.findtext(".//abstract/p") == "On engines."


EVERYTHING = """\
# One {#sec:one}

Inline $x^2$, `code`, **bold**, *it*, H~2~O, [Sc]{.smallcaps}, ~~no~~, <https://example.org>
and a note.[^n]

$$\\sum_i x_i$$

Term

:   What it means.

    > A quotation in it.

| Roses are red,
| violets blue

3. three
4. four

   ``` python
   print(1 < 2)
   ```

::: {#aside lang=fr}
## Dedans

Des mots.
:::

After the section.

> Quoted
>
> # A heading in a quotation
>
> - a list

![Caption with [@lovelace1843]](a.svg){#fig:a alt="A triangle."}

| A | B |
|---|--:|
| 1 | 2 |

: Numbers {#tbl:n}

As @fig:a, @tbl:n and @sec:one show; see [aside](#aside).

<p>Raw<br/>break</p>
<table><thead><tr><th>H</th></tr></thead><tbody><tr><td><p>x</p><figure><p>y</p></figure></td></tr>
</tbody><tfoot><tr><td>foot</td></tr></tfoot></table>

[^n]: A note.

    - with a list
"""


def test_whatever_markdown_can_say_is_valid_and_loses_no_letter(desk: Desk, dtd: etree.DTD) -> None:
    edition = desk.edition(EVERYTHING)
    root = read(edition)
    assert_valid(root, dtd)
    listed = list(root.iter("list-item"))
    labels = [item.findtext("label") for item in listed if item.find("label") is not None]
    assert labels == ["3.", "4."]
    for item in listed:  # the numbers that JATS has no other way to say
        for label in item.findall("label"):
            item.remove(label)
    body = root.find("body")
    assert body is not None
    back = [*root.findall("back/ref-list/title"), *root.iter("mixed-citation")]
    assert letters(body, *back) == edition.ledger.text.letters
    assert root.findtext(".//fig/graphic/alt-text") == "A triangle."
    assert root.find(f".//disp-formula//{MATHML}math") is not None
    assert [e.text for e in root.iter("verse-line")] == ["Roses are red,", "violets blue"]
    assert [e.tag for e in root.iter() if ALIAS in e.attrib] == []


def test_a_figure_is_in_the_file_itself(desk: Desk) -> None:
    graphic = read(desk.edition("![A shape.](a.svg){#fig:a alt='Black.'}\n")).find(".//graphic")
    assert graphic is not None
    assert (graphic.get("mimetype"), graphic.get("mime-subtype")) == ("image", "svg+xml")
    head, _, data = graphic.get(f"{XLINK}href", "").partition(",")
    assert head == "data:image/svg+xml;base64"
    assert b64decode(data).decode() == DRAWING


def test_a_date_is_given_as_far_as_it_is_known(desk: Desk) -> None:
    dates = {
        "day": {"date-parts": [[1843, 7, 9]]}, "span": {"date-parts": [[1843], [1845]]},
        "spring": {"date-parts": [[1843]], "season": 1}, "bc": {"date-parts": [[-44, 3]]},
        "words": {"literal": "in press"},
    }  # fmt: skip
    items = [{"id": k, "type": "book", "title": k, "issued": v} for k, v in dates.items()]
    desk.put("refs.json", json.dumps(items))
    root = read(desk.edition("".join(f"[@{name}] " for name in dates)))

    def said(name: str) -> list[tuple[str, str | None, str | None]]:
        fields = root.find(f".//ref[@id='ref-{name}']//element-citation")
        assert fields is not None
        return [(str(e.tag), e.text, e.get("iso-8601-date")) for e in fields if e.tag != "source"]

    day = [("year", "1843", "1843-07-09"), ("month", "7", None), ("day", "9", None)]
    assert said("day") == day
    assert said("span") == [("year", "1843", "1843/1845")]
    assert said("spring") == [("year", "1843", "1843"), ("season", "Spring", None)]
    assert said("bc") == [("year", "-44", "-0043-03"), ("month", "3", None)]
    assert said("words") == [("string-date", "in press", None)]
