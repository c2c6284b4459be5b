"""Lists whose items hold other lists: all that an item holds is read in the order it is printed."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from conftest import Desk
from lxml import etree

from triptych.press import build
from triptych.render.pdf.pages import render_paged

LONG = "An inner item that goes on for more than one line of the page, and says nothing. " * 4
INNER = "- Outer\n\n    - inner a\n    - inner b\n\n"
BODIES = {
    "a list between two paragraphs": f"{INNER}    After.\n\n- Last\n",
    "a list between lines of text": "- Outer\n    - inner a\n    - inner b\n- Last\n",
    "two lists in one item": f"{INNER}    Between.\n\n    1. b\n    2. c\n\n    After.\n",
    "three levels": "1. One\n\n    - two\n\n        - three\n\n        Then.\n\n    After.\n",
    "a list in a quotation": "- Outer\n\n    > - inner\n    >\n    > Then.\n\n    After.\n",
    "a list in a definition": "Term\n\n:   Meaning\n\n    - inner\n\n    After.\n",
    "a list over a page": f"- Outer\n\n{f'    - {LONG}{chr(10)}' * 9}\n    After.\n\n- Last\n",
    "an item that is only a list": "- - a\n  - b\n\n  After.\n- Last\n",
    "a note in a list": "- Outer[^n]\n\n    - inner[^m]\n\n    End.\n\n[^n]: One.\n\n[^m]: Two.\n",
    "code after a list": f"{INNER}    ```\n    code\n    ```\n",
    "a table after a list": f"{INNER}    | a | b |\n    |---|---|\n    | c | d |\n",
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_what_follows_a_list_within_an_item_is_read_after_it(name: str, desk: Desk) -> None:
    made = build(desk.paper(f"# One\n\n{BODIES[name]}\n"), out=desk.folder / "dist")
    assert made.collation.passed


def test_paragraphs_of_a_definition_stay_apart_though_no_blank_line_is_before_them(
    desk: Desk,
) -> None:
    edition = desk.edition("Term\n:   First.\n\n    Second.\n\nOther\n:   Alone.\n")
    found = etree.fromstring(edition.body).iter("dd")
    meanings = [[(e.tag, e.text) for e in dd] or dd.text for dd in found]
    assert meanings == [[("p", "First."), ("p", "Second.")], "\nAlone.\n"]


COUNTED = """\
(@one) Alpha

Between.

(@two) Beta
(@three) Gamma

Then.

5. Delta
6. Epsilon

Then.

c) Zeta
d) Eta

Then.

(iv) Theta

Then.

<ol start="3" type="A"><li>Iota</li><li value="9">Kappa</li></ol>

<ol reversed><li>Lambda</li><li>Mu</li></ol>
"""


def test_a_list_counts_in_print_as_its_author_counts(desk: Desk) -> None:
    pages = render_paged(desk.edition(COUNTED)).pages
    document = pypdfium2.PdfDocument(pages)
    printed = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    marks = re.findall(r"^(\(?\w+[.)])\xa0", printed.replace("\r", ""), re.M)
    assert " ".join(marks) == "(1) (2) (3) c) d) (iv) 5. 6. C. I. 2. 1."


def test_a_term_stands_on_the_page_of_its_meaning(desk: Desk) -> None:
    defined = "\n\n".join(f"Term{n}\n:   Means {n}." for n in range(90))
    build(desk.paper(defined + "\n"), out=desk.folder / "out", formats=["pdf"])
    pages = list(pypdfium2.PdfDocument(desk.folder / "out" / "paper.pdf"))
    said = [page.get_textpage().get_text_bounded().replace("\r", "") for page in pages]
    lasts = [found[-1] for page in said if (found := re.findall("^(?:Term|Means).*", page, re.M))]
    assert len(lasts) > 2
    assert not [line for line in lasts if line.startswith("Term")]
