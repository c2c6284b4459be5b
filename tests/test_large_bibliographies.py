"""Libraries of which a work cites little: only what may be cited is read closely, and passed on."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from conftest import Desk
from hypothesis import given
from hypothesis import strategies as st

from triptych.read.bibliographies import as_one
from triptych.read.bibliography import Bibliography, entries_of, read_cited
from triptych.read.cited import EVERY, Cited, cited_in
from triptych.read.source import read_source
from triptych.resolve.pandoc import run_pandoc
from triptych.resolve.passes import resolve_source

NAMES = ("ada", "boole", "charles", "dodgson", "euler")
LIBRARY = {
    "works.bib": "\n\n".join(
        f"@book{{{name},\n  author = {{{name.title()}, A.}},\n  title = {{On {name}}},\n"
        f"  year = 18{number}0\n}}"
        for number, name in enumerate(NAMES)
    ),
    "works.json": json.dumps(
        [{"id": name, "type": "book", "title": f"On {name}"} for name in NAMES], indent=1
    ),
    "works.yaml": "references:\n"
    + "".join(f"- id: {name}\n  type: book\n  title: On {name}\n" for name in NAMES),
    "works.ris": "\n".join(
        f"TY  - BOOK\nID  - {name}\nTI  - On {name}\nPY  - 1843\nER  - \n" for name in NAMES
    ),
    "works.xml": "<xml><records>\n"
    + "\n".join(
        f"<record><rec-number>{name}</rec-number><titles><title>On {name}</title></titles></record>"
        for name in NAMES
    )
    + "</records></xml>\n",
}


def cited(file: str, text: str, *keys: str) -> Bibliography:
    """What is read of a bibliography for a work that cites some keys."""
    (read,) = as_one(read_cited([(file, text)], Cited(frozenset(keys))))
    return read


@pytest.mark.parametrize("file", LIBRARY)
def test_what_nothing_cites_is_not_read_but_known(file: str) -> None:
    book = cited(file, LIBRARY[file], "charles")
    assert book.keys == set(NAMES)
    assert book.unread == {"boole", "dodgson", "euler"}  # the first entry always stays
    assert "On charles" in book.sound
    assert "On euler" not in book.sound
    (whole,) = read_cited([(file, LIBRARY[file])], EVERY)
    assert book.lines == whole.lines


@pytest.mark.parametrize("file", LIBRARY)
def test_a_work_says_the_same_whatever_else_its_library_holds(desk: Desk, file: str) -> None:
    desk.put(file, LIBRARY[file])
    paper = desk.paper("See [@dodgson] and [@boole].\n", bibliography=file)
    edition, _ = resolve_source(read_source(paper))
    assert [entry.key for entry in edition.ledger.entries] == ["boole", "dodgson"]


def test_a_work_may_list_its_whole_library(desk: Desk) -> None:
    desk.put("works.bib", LIBRARY["works.bib"])
    paper = desk.paper("Nothing.\n", "nocite: '@*'\n", bibliography="works.bib")
    source = read_source(paper)
    assert not source.bibliographies[0].unread
    edition, _ = resolve_source(source)
    assert [entry.key for entry in edition.ledger.entries] == sorted(NAMES)


def test_a_key_is_seen_however_it_is_cited() -> None:
    text = (
        "@one and [see -@two, p. 3; @{three four}] \\citep[cf.][12]{five, six} "
        "{cite:p}`seven;eight` \\cites(see)[1]{nine}[2]{ten} \\nocite{eleven} 正如@twelve"
    )
    keys = "one two three·four five six seven eight nine ten eleven twelve".split()
    assert {key.replace("·", " ") for key in keys} <= cited_in(text).keys
    assert cited_in("---\nnocite: '@*'\n").every
    assert cited_in(r"\nocite{*}").every


def test_the_parents_of_a_cited_entry_are_read_and_what_its_fields_cite() -> None:
    text = """
@book{first, title = {First}}
@inbook{part, title = {Part}, crossref = {WHOLE}, note = {see \\citet[3]{other}}}
@book{whole, title = {Whole}, xdata = {press}}
@xdata{press, publisher = {Quay}}
@book{other, title = {Other}}
@book{unread, title = {Unread}}
"""
    assert cited("works.bib", text, "part").unread == {"unread"}
    parts = [("a.bib", text.replace("@book{whole", "@book{elsewhere")), ("b.bib", text[1:])]
    assert "press" not in read_cited(parts, Cited(frozenset(["part"])))[1].unread


def test_an_entry_is_read_by_each_of_its_keys() -> None:
    text = """
@book{first, title = {First}}
@book{müller, title = {M}}
@book{new, title = {N}, ids = {old, older}}
@book{unread, title = {U}, ids = {never}}
"""
    assert cited("works.bib", text, "mu\u0308ller", "older").unread == {"unread"}


def test_a_citation_that_only_pandoc_sees_is_found_too(desk: Desk) -> None:
    desk.put("works.bib", LIBRARY["works.bib"])
    paper = desk.paper(
        "\\newcommand{\\by}[1]{\\cite{cha#1}}\n\nSee \\by{rles}.\n", bibliography="works.bib"
    )
    source = read_source(paper)
    assert "charles" in source.bibliographies[0].unread
    source, resolved = run_pandoc(source)
    assert "charles" not in source.bibliographies[0].unread
    assert [item["id"] for item in resolved.references] == ["charles"]


def test_a_key_nearly_written_is_guessed_among_all_there_are(desk: Desk) -> None:
    desk.put("works.bib", LIBRARY["works.bib"])
    told = desk.the_mistake(desk.paper("See [@dodgsom].\n", bibliography="works.bib"))
    assert (told.code, told.hint) == ("citation-unknown", "did you mean @dodgson?")


ENTRIES = (
    "@book{%s, title = {On {A} \\emph{thing}}, year = 1843}",
    "@book{%s, title = {Two}, year = 1850, isbn = {9780262033843}}",
    "@book{%s, title = {Broken isbn}, isbn = {9780262033844}}",
    '@article{%s, title = "Quoted", journal = jou # { b}, month = jun}',
    "@book(%s, title = {In parentheses})",
    "@book{%s, title = {Not closed}",
    "@book{%s, title = {No comma} year = 2000}",
    "@book{%s title = {No comma}}",
    "@book{%s, title = {Holds\n@book{another, of its kind} and}, url = {#}}",
    "@inbook{%s, title = {Child}, crossref = {b}}",
    '@book{%s, title = {Open "quotation}, note = "it}',
    '@string{%s = "words"}',
    "@comment{%s}",
    "What is between @ entries",
)


@given(
    st.lists(st.tuples(st.sampled_from(ENTRIES), st.sampled_from("abcdef")), max_size=7),
    st.sets(st.sampled_from("abcdef"), max_size=2),
)
def test_what_is_told_of_a_library_does_not_depend_on_how_much_is_read(
    written: list[tuple[str, str]], keys: set[str]
) -> None:
    text = "\n".join(entry % key if "%" in entry else entry for entry, key in written)
    every, some = (
        as_one(read_cited([("works.bib", text)], which))[0]
        for which in (EVERY, Cited(frozenset(keys)))
    )
    assert told([every], keys) == told([some], keys)
    assert every.lines == some.lines
    first, second = ({e.key: e.source for e in entries_of(book)} for book in (every, some))
    assert {key: first.get(key) for key in keys} == {key: second.get(key) for key in keys}


def told(books: Sequence[Bibliography], keys: set[str]) -> list[str]:
    """What a work that cites some keys is told: of other entries mistakes only."""
    return sorted(
        str(each)
        for book in books
        for each in book.diagnostics
        if each.severity == "error" or book.concerned.get(each, "") in {"", *keys}
    )
