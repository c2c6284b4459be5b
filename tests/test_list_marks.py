"""What stands before list items, bullets and numbers, is one in all formats, and read back."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Desk
from lxml import html

from triptych.collate import collate
from triptych.list_items import list_items
from triptych.manifest import read_manifest
from triptych.press import build

FORMATS = ("html", "epub", "pdf", "print", "jats", "text")
TEXT = """\
# Lists

- A bullet

    - within

        - deeper

            - and deeper

- and another

Numbers:

3. three

    a. letter

        iv. Roman

        #. five

    #. next

#. four

C.  Capital

D.  letters

Between.

XII. Twelve

(@) an example

Words between.

(@good) the second, told of in (@good)

Delimiters.

(1) in brackets

    b) before one

(2) again

- (iv) Roman

\\begin{enumerate}
\\item[(*)] own
\\item counted
\\end{enumerate}

\\begin{enumerate}[label=\\alph*)]
\\item lettered
\\end{enumerate}

\\begin{itemize}
\\item[--] dashed
\\item[] bare
\\item usual
\\end{itemize}

- [ ] to do
- [x] done

Term

:   1. counted

A note.[^n] And words.

9. nine
10. ten

[^n]: A note:

    1. one
    2. two

    and more.
"""
RAW = """\
<ol type="a" start="26"><li>z</li><li>after z</li></ol>

<ol reversed="reversed"><li>two</li><li>one</li></ol>

<ol><li value="7">seven</li><li>eight</li></ol>

<ol type="i" start="88"><li>long</li></ol>
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lists")
    (folder / "paper.md").write_text(f"---\ntitle: Lists\nlang: en\n---\n\n{TEXT}")
    built = build(folder / "paper.md", out=folder / "dist", formats=FORMATS)
    assert built.collation.passed, "\n".join(map(str, built.collation.differences))
    return folder / "dist"


def told(made: Path, medium: str, data: bytes) -> list[str]:
    """What the collation says of one file put in the place of the sound one."""
    manifest = read_manifest(next(made.glob("*.edition.json")).read_bytes())
    files = {medium: data}
    found = collate(manifest, files).differences
    return [str(d) for d in found if d.witness == medium and d.kind != "fixity"]


def changed(made: Path, medium: str, change: Callable[[str], str]) -> list[str]:
    ending = {"jats": "jats.xml", "text": "txt"}.get(medium, medium)
    sound = next(made.glob(f"*.{ending}")).read_bytes()
    if medium != "epub":
        data = change(sound.decode()).encode()
        assert data != sound
        return told(made, medium, data)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sound)) as old, zipfile.ZipFile(out, "w") as new:
        before, after = "", ""
        for name in old.namelist():
            text = old.read(name)
            if name.endswith((".css", ".xhtml")):
                before += text.decode()
                text = change(text.decode()).encode()
                after += text.decode()
            new.writestr(name, text)
        assert before != after
    return told(made, medium, out.getvalue())


def test_the_marks_of_lists_are_in_the_ledger(made: Path) -> None:
    ledger = read_manifest(next(made.glob("*.edition.json")).read_bytes()).ledger
    assert [item.said for item in ledger.text.items or ()] == (
        "• • • • • 3. a. iv. v. b. 4. C. D. XII. • 1. 9. 10.".split()
    )
    read = ledger.text.letters
    assert "(1)anexample" in read
    assert "(2)thesecond,toldofin(2)" in read
    assert "(1)inbracketsb)beforeone(2)again(iv)Roman" in read
    assert "(*)own1.counteda)lettered–dashedbare•usual" in read
    assert [item.said for item in ledger.note_text.items or ()] == ["1.", "2."]


def test_lists_of_raw_html_count_as_browsers_count(desk: Desk) -> None:
    built = build(desk.paper(RAW), out=desk.folder / "dist", formats=FORMATS)
    assert built.collation.passed, "\n".join(map(str, built.collation.differences))
    said = [item.said for item in built.edition.ledger.text.items or ()]
    assert said == ["z.", "aa.", "2.", "1.", "7.", "8.", "lxxxviii."]


def test_a_list_counts_in_letters_and_roman_numerals() -> None:
    def said(kind: str, start: int) -> Iterator[str]:
        (node,) = html.fromstring(f'<div><ol type="{kind}" start="{start}"><li>x</div>')
        return (words for _, words in list_items(node))

    assert [*said("a", 52), *said("A", 703), *said("a", 0), *said("i", 1994), *said("I", 4000)] == [
        "az.", "AAA.", "0.", "mcmxciv.", "4000."
    ]  # fmt: skip


MARKUP: dict[str, Callable[[str], str]] = {
    "another start": lambda text: text.replace('start="3"', 'start="5"'),
    "another type": lambda text: text.replace('type="a"', 'type="A"'),
    "no start": lambda text: text.replace('start="9"', ""),
    "a bullet for a number": lambda text: re.sub(
        r"<ol([^<>]*type=\"i\".*?)</ol>", r"<ul\1</ul>", text, count=1, flags=re.S
    ),
}
RULES: dict[str, str] = {
    "letters for numbers": "main ol, section ol {list-style-type:lower-greek}",
    "no bullets": "li{list-style:none}",
    "a picture": "ul{list-style-image:url(data:image/gif;base64,R0lGODlhAQABAAAAACw=)}",
    "other words": 'li{list-style-type:"7. "}',
    "markers unseen": "li::marker{color:transparent}",
    "markers tiny": "li::marker{font-size:0}",
    "markers with content": 'li::marker{content:"2. "}',
    "items that are blocks": "li{display:block}",
    "counted otherwise": "li{counter-increment:list-item 2}",
    "cut off": "li{overflow:hidden}",
    "on some screens": "@media (min-width:40em){ol{list-style:upper-roman}}",
    "paragraphs counted as items": "p{display:list-item}",
}


@pytest.mark.parametrize("name", MARKUP)
@pytest.mark.parametrize("medium", ["html", "epub"])
def test_a_list_counted_otherwise_is_told(name: str, medium: str, made: Path) -> None:
    assert any("[list-differs]" in one for one in changed(made, medium, MARKUP[name]))


@pytest.mark.parametrize("name", RULES)
def test_a_style_that_changes_the_marks_is_told(name: str, made: Path) -> None:
    found = changed(made, "html", lambda text: text.replace("</style>", f"{RULES[name]}</style>"))
    assert any("[list-differs]" in one or "[disguised]" in one for one in found)


@pytest.mark.parametrize(
    "rule",
    [
        "ul{list-style:square inside} ul ul{list-style-type:disc}",
        "li::marker{color:inherit;font-weight:600}",
        "ol{list-style-position:inside} li{list-style-type:inherit}",
        ".task-list{list-style-type:none}",
    ],
)
def test_a_style_that_leaves_the_marks_raises_no_alarm(rule: str, made: Path) -> None:
    page = changed(made, "html", lambda text: text.replace("</style>", f"{rule}</style>"))
    assert page == []


JATS: dict[str, Callable[[str], str]] = {
    "another label": lambda text: text.replace("<label>9.</label>", "<label>8.</label>"),
    "a label lost": lambda text: text.replace("<label>9.</label>", ""),
    "another type": lambda text: text.replace('list-type="bullet"', 'list-type="order"', 1),
    "a word before": lambda text: text.replace(
        'list-type="order"', 'list-type="order" prefix-word="Step"'
    ),
}


@pytest.mark.parametrize("name", JATS)
def test_lists_of_jats_are_followed(name: str, made: Path) -> None:
    assert any("[list-differs]" in one for one in changed(made, "jats", JATS[name]))


@pytest.mark.parametrize(("old", "new"), [("  9. ", "  8. "), ("  • ", "    "), ("  D. ", "  d. ")])
def test_lists_of_plain_text_are_followed(old: str, new: str, made: Path) -> None:
    found = changed(made, "text", lambda text: text.replace(old, new, 1))
    assert any("[list-differs]" in one for one in found)
