"""What a page offers to save says what the items say, whatever signs these have."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triptych.collate.downloads import wrong_in_entries
from triptych.pandoc_binary import run_pandoc_binary
from triptych.press import build
from triptych.render.web.downloads import items_bib, items_ris
from triptych.witness.references import read_biblatex

SIGNS = (
    *"{}\\%#_&$~^@\"'`<>|*[]()=,;:/-+!?\n\t\u00a0\u200b\u00ad\u2028\u2013", " ", " and ", "others",
    "<i>", "</i>", "<b>", "</b>", "<sup>", "</sup>", '<span class="nocase">', "</span>", "<sc>",
    '<span style="x">', "&amp;", "&lt;", "%20", "$x^2$", r"$\alpha_{1}$", r"\emph{on}", r"{\ss}",
    r"\'e", "\\\\", "--", "Ünïcødé", "über uns", "日本語", "العربية", "😀", "ﬁ", "\U000f0000",
    "@book{x,\n", "ER  - ", "water", "7",
)  # fmt: skip
WORDS = st.lists(st.sampled_from(SIGNS) | st.characters(codec="utf-8"), max_size=5).map("".join)
PART = st.sampled_from(SIGNS).map("a{}b".format)
PEOPLE = st.lists(
    st.fixed_dictionaries({"literal": WORDS})
    | st.fixed_dictionaries({"family": WORDS}, optional={"given": WORDS, "suffix": PART}),
    min_size=1, max_size=3,
)  # fmt: skip
FIELDS = (
    "title", "container-title", "collection-title", "publisher", "publisher-place", "volume",
    "volume-title", "issue", "edition", "page", "number", "ISBN", "ISSN", "DOI", "URL", "note",
    "abstract",
)  # fmt: skip
TYPES = "book chapter article-journal webpage legal_case thesis software document review-book"
ITEMS = st.lists(
    st.fixed_dictionaries(
        {"id": WORDS.map(lambda words: f"k{words}"), "type": st.sampled_from(TYPES.split())},
        optional={
            **dict.fromkeys(FIELDS, WORDS), "author": PEOPLE, "editor": PEOPLE,
            "issued": st.fixed_dictionaries({"literal": WORDS}),
        },
    ),
    min_size=1, max_size=5,
)  # fmt: skip


def wrong(items: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What the comparison tells of the two files that are written for items."""
    files = {".bib": "".join(items_bib(items)), ".ris": items_ris(items)}
    return [
        (ending, said)
        for ending, text in files.items()
        for said in wrong_in_entries(text, ending, items)
    ]


@settings(max_examples=20, deadline=None)
@given(ITEMS)
def test_no_sign_is_lost_or_added(items: list[dict[str, Any]]) -> None:
    assert wrong(items) == []


def test_every_sign_is_kept_in_every_field() -> None:
    items = [
        {"id": f"{name}-{number}", "type": kind, name: f"a{sign}b {sign} c"}
        for kind in ("book", "webpage")
        for name in FIELDS
        for number, sign in enumerate(SIGNS)
    ]
    assert wrong(items) == []


def test_every_brace_has_its_fellow_as_bibtex_counts() -> None:
    titles = ("a { b", "} {", r"$\left\{ x \right.$ {", "{a} $x^{2}$", "a\\")
    fields = ("title", "publisher", "ISBN", "DOI", "URL", "container-title")
    items = [{"id": "a", "type": "book", **dict.fromkeys(fields, title)} for title in titles]
    for entry in items_bib(items):
        depth = 0
        for brace in re.findall("[{}]", entry):
            depth += 1 if brace == "{" else -1
            assert depth >= 0
        assert depth == 0
        assert len(read_biblatex(entry)) == 1


@pytest.mark.parametrize(
    ("title", "said"),
    [(r"a\b", r"A\b"), ("50% of #1 & $4_a", "50% of #1 & $4_a"), ("{On} ~ ^ @", "{On} ~ ^ @"),
     ("x < y > z “w”", "X < y > z “w”"), ("List<sc>x</sc>", "List<sc>x</sc>"),
     ("<i>a <b>c</i> d</b>", "<i>A <b>c</i> d</b>")],
)  # fmt: skip
def test_pandoc_reads_what_was_meant(title: str, said: str) -> None:
    (entry,) = items_bib([{"id": "a", "type": "book", "title": title}])
    done = run_pandoc_binary(["--from=biblatex", "--to=csljson"], entry.encode())
    (read,) = json.loads(done.stdout)
    read_title = re.sub('"(.*)"', r"“\1”", read["title"])  # pandoc writes straight marks
    assert read_title.lower() == said.lower()


def test_names_with_what_divides_names_stay_one() -> None:
    people = [{"family": "Lee, May and Poe", "given": "Ann"}, {"literal": "Sun and Moon, Ltd"}]
    (entry,) = items_bib([{"id": "a", "type": "book", "title": "x", "author": people}])
    done = run_pandoc_binary(["--from=biblatex", "--to=csljson"], entry.encode())
    first, second = json.loads(done.stdout)[0]["author"]
    assert first == people[0]
    assert second == people[1]


def test_a_key_has_no_sign_that_bibtex_forbids() -> None:
    items = [{"id": key, "type": "book", "title": "x"} for key in ("Lee, 2001", "a{b}#", "über_1")]
    assert [read_biblatex(entry)[0].key for entry in items_bib(items)] == [
        "Lee-2c--20-2001", "a-7b-b-7d--23-", "über_1",
    ]  # fmt: skip
    assert wrong(items) == []


@pytest.mark.parametrize(
    ("ending", "old", "new"),
    [
        (".bib", "textbackslash{}b", "textbackslash{}c"),
        (".bib", r"978\_0", r"978\_1"),
        (".bib", "a%7Bb", "a%7Bc"),
        (".bib", "@book{a-2c-b", "@book{a-2d-b"),
        (".bib", r"\alpha", r"\beta"),
        (".ris", "978_0", "978_1"),
        (".ris", "ID  - a,b", "ID  - a.b"),
        (".ris", "Quay", "Quai"),
    ],
)
def test_a_file_that_says_otherwise_is_told(ending: str, old: str, new: str) -> None:
    item = {
        "id": "a,b", "type": "book", "title": r"a $\alpha$", "ISBN": "978_0",
        "publisher": "Quay", "container-title": r"a\b", "URL": "https://x.example/a{b",
    }  # fmt: skip
    text = items_bib([item])[0] if ending == ".bib" else items_ris([item])
    assert list(wrong_in_entries(text, ending, [item])) == []
    assert old in text
    assert list(wrong_in_entries(text.replace(old, new), ending, [item])) != []


def test_a_work_may_have_any_name_and_title(tmp_path: Path) -> None:
    title = r"50\% of \#1 & a\\b \{x \<i\> \$5 ~ ^ @ 日本語 😀"
    source = tmp_path / "über uns.md"
    front = f"title: |\n  {title}\nauthor: Ada & Söhne\npublisher: 'Q_{{u}} \\&c %'\n"
    source.write_text(f"---\n{front}---\n\nText.\n", encoding="utf-8")
    built = build(source, out=tmp_path / "dist", formats=("html",))
    assert built.collation.passed
    assert built.edition.own["id"] == "uber-uns"
