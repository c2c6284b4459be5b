"""Emphasis is meaning: it is in the ledger, and every file is held against it, letter by letter."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import DRAWING, REFERENCES, Desk
from mutants.markup import pack, unpack

from triptych.collate import collate
from triptych.formats import FORMATS, MANIFEST_ENDING
from triptych.manifest import EditionManifest, read_manifest
from triptych.press import build
from triptych.text import Text

PAPER = """\
---
title: Emphasis
lang: en
bibliography: refs.json
---

# *Hamlet* and **others** of 10^3^ pages

Plain *italic* and **bold** and ***both*** words, [Small Capitals]{.smallcaps}, x^2^ and H~2~O,
~~struck out~~, [underlined]{.underline}. An *emphasis with **bold** in it*. Code `x` and *`y`* and
**`z`**.[^n] Nested x^a^b^^, SO~4~^2−^, *10^4^ in italics*, ~~[two lines]{.underline}~~, 1^st^.

^1^ begins a paragraph. And <sup>a passage of more than one line, which goes on and on and is raised
all the way to its end, which is here, beyond the first line of the page and beyond the second, too,
so that there are lines in which every letter is raised</sup>.

## H~2~O and *kingdoms* and [Caps]{.smallcaps}

| *Head*    | 10^3^ | Plain head |
|-----------|-------|------------|
| *p*       | ^a^   | **x**      |
| `code`^3^ | 12^b^ | *all* of it |

: A caption with *leaning words* and m^2^. {#tbl:one}

![A figure of *things*.](a.svg){#fig:a alt="A shape."}

> A quotation with *stress* and **weight** [@babbage1864].

Term *leaning*

:   Meaning with *leaning words*.

See [*linked words*](https://example.org/a) and [~~lines~~](https://example.org/b), @lovelace1843.

*[Caps in italics]{.smallcaps}*, **[bold Caps]{.smallcaps}**, ***[both Caps]{.smallcaps}***,
中文*強調*, ελληνικά *πλάγια*
***και τα δύο***, русский *[курсив]{.smallcaps}* [малые]{.smallcaps},
ἄνθρωπος *ἄνθρωπος*, हिन्दी *राष्ट्र*.

```python
def f(): return 1
```

<address>An *address*.</address> <abbr title="x">HTML</abbr>, <ins>in</ins>, <cite>work</cite>,
<span style="vertical-align: super">of its own</span>, [author's]{.subtitle}, [*own*]{.foo}.

<em>leaning <p>paragraph</p> in line</em>

[^n]: A note with *slanted words*, x^2^, **weight**, ~~gone~~ and [caps]{.smallcaps}.
"""
ALL = ("html", "epub", "pdf", "jats", "text")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound edition of the paper in all formats."""
    folder = tmp_path_factory.mktemp("emphasis")
    (folder / "refs.json").write_text(REFERENCES)
    (folder / "a.svg").write_text(DRAWING)
    (folder / "paper.md").write_text(PAPER)
    built = build(folder / "paper.md", out=folder / "out", formats=ALL, csl="apa")
    assert built.collation.passed
    return folder / "out"


def manifest_in(made: Path) -> EditionManifest:
    return read_manifest((made / f"paper{MANIFEST_ENDING}").read_bytes())


def told(made: Path, name: str, data: bytes, manifest: EditionManifest | None = None) -> list[str]:
    """What the collation tells of a file, but that it has changed."""
    found = collate(manifest or manifest_in(made), {name: data}).differences
    return [f"{one.message} [{one.kind}]" for one in found
            if one.witness == name and one.kind != "fixity"]  # fmt: skip


def of(made: Path, name: str) -> bytes:
    return (made / f"paper{FORMATS[name].ending}").read_bytes()


def damaged(made: Path, name: str, old: str, new: str) -> bytes:
    """A file with the first match of a pattern replaced; in an e-book, in any of its files."""
    if name != "epub":
        text, count = re.subn(old, new, of(made, name).decode(), count=1, flags=re.S)
        assert count
        return text.encode()
    members = unpack(of(made, name))
    for member, data in members.items():
        if member.endswith((".xhtml", ".css")):
            text, count = re.subn(old, new, data.decode(), count=1, flags=re.S)
            if count:
                return pack({**members, member: text.encode()})
    raise AssertionError(old)


# The ledger


def emphasised(text: Text) -> set[tuple[str, str]]:
    return {(span.kind, text.show(span.start, span.end)) for span in text.emphasis or ()}


def test_the_ledger_has_the_emphasis_of_text_and_notes(desk: Desk) -> None:
    ledger = desk.edition(
        "An *a **b*** of 10^3^ H~2~O ~~c~~ [d]{.underline} [e]{.smallcaps}.[^n]\n\n[^n]: *f*\n"
    ).ledger
    assert emphasised(ledger.text) == {
        ("italic", "a b"), ("bold", "b"), ("superscript", "3"), ("subscript", "2"),
        ("struck", "c"), ("underlined", "d"), ("small-capitals", "e"),
    }  # fmt: skip
    assert emphasised(ledger.note_text) == {("italic", "f")}


def test_the_ledger_has_the_emphasis_of_citations_and_entries(desk: Desk) -> None:
    ledger = desk.edition("So [@babbage1864].\n", csl="apa").ledger
    assert ("italic", "Passages") in emphasised(ledger.text)


def test_the_ledger_knows_what_a_design_may_set_by_itself(desk: Desk) -> None:
    text = desk.edition("# One\n\n> Two\n\n| a |\n|---|\n| b |\n\n: Three {#tbl:x}\n").ledger.text
    assert {(span.kind, text.show(span.start, span.end)) for span in text.roles} == {
        ("heading-2", "One"), ("quotation", "Two"), ("head", "a"), ("caption", "Table 1. Three"),
        ("label", "Table 1."),
    }  # fmt: skip


# HTML and EPUB


DAMAGES = [
    ("<em>italic</em>", "italic", "“italic” is not italic"),
    ("<em>italic</em>", "<strong>italic</strong>", "“italic” is bold, not italic"),
    (" words, ", " <em>words</em>, ", "“words” in “words,” is italic, but should not be"),
    ("<strong>bold</strong>", "bold", "“bold” is not bold"),
    ("10<sup>3</sup> pages", "103 pages", "“3” in “103” is not raised"),
    ("<sub>2</sub>O,", "<sup>2</sup>O,", "“2” in “H2O,” is raised, not lowered"),
    ('<span class="smallcaps">Small Capitals</span>', "Small Capitals",
     "“Small Capitals” in “Small Capitals,” is not in small capitals"),
    ("<del>struck out</del>", "struck out", "“struck out” in “struck out,” is not struck through"),
    ("<u>underlined</u>", "underlined", "“underlined” in “underlined.” is not underlined"),
    ("<em>slanted words</em>", "slanted words",
     "“slanted words” in “slanted words,” is not italic"),
    ("<em>Passages</em>", "Passages", "“Passages” in “Passages.” is not italic"),
    ("<em>leaning words</em> and", "leaning words and", "“leaning words” is not italic"),
    ("<em>p</em>", "p", "“p” is not italic"),
    ("<em>Head</em>", "Head", "“Head” is not italic"),
    ("(<em>)(<span[^>]*></span>)?Hamlet</em>", r"\2Hamlet", "“Hamlet” is not italic"),
    ("<em>stress</em>", "<em><em>str</em></em>ess", "“ess” in “stress” is not italic"),
    ("<em>linked words</em>", "linked words", "“linked words” is not italic"),
    ("<em>italic</em>", '<em style="font-style: normal">italic</em>', "“italic” is not italic"),
    ("<em>italic</em>", '<em style="font: 1em serif">italic</em>', "“italic” is not italic"),
    ("<p>Plain", '<p>Pl<span style="font-weight: 900">ain</span>',
     "“ain” in “Plain” is bold, but should not be"),
    ("<em>emphasis with <strong>bold</strong> in it</em>",
     "<em>emphasis with <strong>bold</strong></em> in it", "“in it” in “in it.” is not italic"),
]  # fmt: skip


@pytest.mark.parametrize("name", ["html", "epub"])
@pytest.mark.parametrize(("old", "new", "message"), DAMAGES)
def test_lost_or_added_emphasis_is_named(
    name: str, old: str, new: str, message: str, made: Path
) -> None:
    assert told(made, name, damaged(made, name, old, new)) == [f"{message} [emphasis-differs]"]


RULES = [
    ("em { font-style: normal }", "“italic” is not italic"),
    ("em { all: unset }", "all: unset, which cannot be judged here"),
    ("strong, b { font-weight: inherit }", "“bold” is not bold"),
    (".smallcaps { font-variant-caps: normal !important }", "is not in small capitals"),
    ("sup { vertical-align: baseline }", "is not raised"),
    ("sub { vertical-align: super }", "is raised, not lowered"),
    ("del { text-decoration: none }", "is not struck through"),
    ("p { text-decoration: underline }", "is underlined, but should not be"),
    ("@media (min-width: 9em) { em { font-style: normal } }", "in other settings of the reader"),
    ("section:hover em { font-weight: bold }", "in other settings of the reader"),
]


@pytest.mark.parametrize("name", ["html", "epub"])
@pytest.mark.parametrize(("rule", "message"), RULES)
def test_a_rule_that_changes_emphasis_is_named(
    name: str, rule: str, message: str, made: Path
) -> None:
    old = r"</style>" if name == "html" else r"\A(?=/\*)"
    data = damaged(made, name, old, f"{rule}</style>" if name == "html" else f"{rule}\n")
    if name == "epub":  # the rule must come after the design's own
        members = unpack(of(made, name))
        sheet = next(member for member in members if member.endswith(".css"))
        data = pack({**members, sheet: members[sheet] + f"\n{rule}\n".encode()})
    assert any(message in one for one in told(made, name, data))


DESIGNS = [
    "blockquote { font-style: italic } blockquote em { font-style: normal }",
    "main h2, main h3, th { font-weight: 400 } main h2 strong { font-weight: 700 }",
    "figcaption, caption { font-style: italic } :is(figcaption, caption) em { font-style: normal }",
    ".label { font-weight: 400; font-variant: small-caps }",
    "a { text-decoration: none } a:hover { text-decoration: underline }",
    ".noteref { vertical-align: baseline }",
    "dt { font-weight: 400 } tfoot { font-weight: 400 }",
    "del { text-decoration: line-through 1px }",
    "em { font-style: oblique 10deg } strong { font-weight: 600 }",
]


@pytest.mark.parametrize("rule", DESIGNS)
def test_what_a_design_does_to_all_of_a_kind_is_its_own(rule: str, made: Path) -> None:
    data = damaged(made, "html", "</style>", f"{rule}</style>")
    assert [one for one in told(made, "html", data) if "emphasis" in one] == []


def test_emphasis_that_a_design_does_not_show_is_named(made: Path) -> None:
    rule = "blockquote { font-style: italic }"
    found = told(made, "html", damaged(made, "html", "</style>", f"{rule}</style>"))
    assert found == ["“stress” is italic, but should not be [emphasis-differs]"]


# The other formats


JATS = [
    ("<italic>italic</italic>", "italic", "“italic” is not italic"),
    ("<italic>italic</italic>", "<bold>italic</bold>", "“italic” is bold, not italic"),
    ("<sup>3</sup> pages", "3 pages", "“3” in “103” is not raised"),
    ("<sc>Small Capitals</sc>", "Small Capitals", "is not in small capitals"),
    ("<strike>struck out</strike>", "struck out", "is not struck through"),
    ("<underline>underlined</underline>", "underlined", "is not underlined"),
    ("<italic>Passages</italic>", "Passages", "“Passages” in “Passages.” is not italic"),
    ("<italic>slanted words</italic>", "slanted words", "is not italic"),
]


@pytest.mark.parametrize(("old", "new", "message"), JATS)
def test_emphasis_lost_in_jats_is_named(old: str, new: str, message: str, made: Path) -> None:
    (found,) = told(made, "jats", damaged(made, "jats", old, new))
    assert message in found


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("10³ pages", "103 pages", "“3” in “103” is not raised"),
        ("H₂O,", "H²O,", "“2” in “H2O,” is raised, not lowered"),
        ("Plain", "⁽Pl⁾ain", "“Pl” in “Plain” is raised, but should not be"),
    ],
)
def test_the_plain_text_tells_what_is_raised_and_lowered(
    old: str, new: str, message: str, made: Path
) -> None:
    assert told(made, "text", damaged(made, "text", old, new)) == [f"{message} [emphasis-differs]"]


def test_a_manifest_of_an_older_triptych_does_not_ask_for_emphasis(made: Path) -> None:
    value = json.loads((made / f"paper{MANIFEST_ENDING}").read_text())
    for text in (value["ledger"]["text"], value["ledger"]["note_text"]):
        del text["emphasis"], text["roles"]
    del value["faces"]
    manifest = read_manifest(json.dumps(value))
    assert manifest.ledger.text.emphasis is None
    assert told(made, "html", damaged(made, "html", "<em>italic</em>", "italic"), manifest) == []
    assert told(made, "pdf", of(made, "pdf"), manifest) == []


@pytest.mark.parametrize("change", [
    lambda text: text["emphasis"].update(italic="3"),
    lambda text: text["roles"].update(label="a-b"),
])  # fmt: skip
def test_spans_that_are_none_are_refused(
    change: Callable[[dict[str, dict[str, str]]], None], made: Path
) -> None:
    value = json.loads((made / f"paper{MANIFEST_ENDING}").read_text())
    change(value["ledger"]["text"])
    with pytest.raises(ValueError, match="must be spans such as 3-8"):
        read_manifest(json.dumps(value))


def printed_without(made: Path, kind: str) -> list[str]:
    """What is told of print where the manifest has no emphasis of a kind."""
    manifest = manifest_in(made)
    text = manifest.ledger.text
    kept = tuple(span for span in text.emphasis or () if span.kind != kind)
    other = replace(manifest, ledger=replace(manifest.ledger, text=replace(text, emphasis=kept)))
    return told(made, "pdf", of(made, "pdf"), other)


def test_print_is_read_by_the_shapes_of_letters(made: Path) -> None:
    """Where the manifest says that upright letters are wanted, print has italics too many."""
    found = printed_without(made, "italic")
    assert "“italic” is italic, but should not be [emphasis-differs]" in found
    assert "“Hamlet” is italic, but should not be [emphasis-differs]" in found


@pytest.mark.parametrize("words", ["Caps in italics", "bold Caps", "both Caps", "курсив"])
def test_small_capitals_are_printed_in_every_face(words: str, made: Path) -> None:
    found = printed_without(made, "small-capitals")
    assert any(words in one and "is in small capitals, but should not be" in one for one in found)


def test_a_raised_letter_beside_a_lowered_one_is_in_its_line(made: Path) -> None:
    """As in SO₄²⁻, where it once counted as out of its place."""
    text = manifest_in(made).ledger.text
    assert "SO42−" in text.letters
    assert told(made, "pdf", of(made, "pdf")) == []


WITHOUT_ITALICS = """
# *ראשון*

## *שני* כאן

### *שלישי* כאן *third*

ויש *הדגשה* וגם **הדגשה** ו-***הדגשה*** בטקסט.

| *א* | ***ב*** |
|-----|---------|
| *א* | ***ב*** |

: *טבלה* ו-***טבלה***

[*中文*字 ***文***]{lang=zh} [*كتاب* كتب ***كتب*** `كتب`]{lang=ar} [*हिन्दी* ***हिन्दी***]{lang=hi}
"""


def test_emphasis_in_a_script_without_italics_is_in_the_nearest_face(desk: Desk) -> None:
    """In a bold heading it is bold, as no face of the script leans."""
    paper = desk.paper(WITHOUT_ITALICS, 'title: "על *סופרים*: מבוא"\nlang: he\n')
    assert build(paper, out=desk.folder / "out").collation.differences == ()
