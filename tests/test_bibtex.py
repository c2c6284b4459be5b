"""BibTeX as authors write it: what BibTeX would print is printed, and what nobody could is told."""

from __future__ import annotations

import re
from typing import Any

import pytest
from conftest import Desk
from hypothesis import given
from hypothesis import strategies as st

from triptych.csl_json import without_markup
from triptych.diagnostics import Diagnostic
from triptych.press import build
from triptych.read.bib_fields import readable
from triptych.read.bib_names import as_read, joined_wrongly
from triptych.read.bib_preamble import commands_of, expanded
from triptych.read.bib_text import composed, readable_text
from triptych.read.bibliography import read_bibliography
from triptych.read.source import read_source
from triptych.resolve.passes import resolve_source


def items(desk: Desk, *texts: str, cite: str = "") -> dict[str, dict[str, Any]]:
    """The entries of some files as citeproc has them, by their keys; nothing may be told."""
    found, told = items_and_told(desk, *texts, cite=cite)
    assert not told
    return found


def items_and_told(
    desk: Desk, *texts: str, cite: str = ""
) -> tuple[dict[str, dict[str, Any]], tuple[Diagnostic, ...]]:
    names = [desk.put(f"{number}.bib", text).name for number, text in enumerate(texts)]
    nocite = "" if cite else 'nocite: "@*"\n'
    paper = desk.paper(f"{cite}\n", nocite, f"[{', '.join(names)}]")
    edition, told = resolve_source(read_source(paper))
    return {str(item["id"]): dict(item) for item in edition.references}, told


# --- Entries -------------------------------------------------------------------------------------


def test_entries_and_macros_may_stand_in_parentheses_and_capitals(desk: Desk) -> None:
    found = items(
        desk,
        '@STRING(pub = {Quay Press})\n@String{wn = "Water" # " Notes",}\n'
        '@BOOK(ada, title = "Tides (and more)", PUBLISHER = Pub, year = 1843)\n'
        "@Article{bob, title = {T}, journal = WN # {, Series B}, year = 1844}\n",
    )
    assert found["ada"]["title"] == "Tides (and more)"
    assert found["ada"]["publisher"] == "Quay Press"
    assert found["bob"]["container-title"] == "Water Notes, Series B"


@pytest.mark.parametrize(
    "key", ["https://example.org/x?y=z", "https://example.org/~ada#one", "a%b", "müller2010"]
)
def test_a_key_may_be_an_address(desk: Desk, key: str) -> None:
    desk.put("r.bib", f"@misc{{{key}, title = {{Tides}}, year = 1843}}\n")
    edition, told = resolve_source(read_source(desk.paper(f"[@{{{key}}}]\n", bibliography="r.bib")))
    assert not told
    assert edition.ledger.clusters[0].targets == (edition.ledger.entries[0].id,)


def test_a_key_with_a_blank_is_told() -> None:
    (told,) = read_bibliography("r.bib", "@book{ada lovelace, title = {T}}\n").diagnostics
    assert (told.code, told.line) == ("bibliography-malformed", 1)
    assert "'ada lovelace' holds a blank" in told.message


def test_a_work_may_be_cited_by_any_of_its_ids(desk: Desk) -> None:
    desk.put("r.bib", "@book{ada, ids = {old, older}, title = {Tides}, year = 1843}\n")
    paper = desk.paper("[@old] and [@older] and [@ada].\n", bibliography="r.bib")
    edition, told = resolve_source(read_source(paper))
    assert not told
    assert [entry.key for entry in edition.ledger.entries] == ["ada"]
    assert [c.targets for c in edition.ledger.clusters] == [("ref-ada",)] * 3


# --- What is taken from elsewhere ----------------------------------------------------------------

PARENT = (
    "@{kind}{{salt, editor = {{Salt, Lester}}, title = {{Civil Societies}}, "
    "subtitle = {{A Study}}, publisher = {{Kumar Press}}, year = 2004}}\n"
)


@pytest.mark.parametrize("kind", ["book", "collection", "proceedings", "misc"])
@pytest.mark.parametrize("child", ["incollection", "inbook", "inproceedings"])
def test_a_chapter_has_the_title_of_the_book_it_refers_to(
    desk: Desk, kind: str, child: str
) -> None:
    text = f"@{child}{{ada, title = {{Lebanon}}, crossref = {{Salt}},\n pages = {{1--2}}}}\n"
    item = items(desk, text + PARENT.format(kind=kind), cite="[@ada]")["ada"]
    assert item["title"] == "Lebanon"
    assert item["container-title"] == "Civil societies: A study"
    assert item["publisher"] == "Kumar Press"


def test_a_parent_and_a_macro_may_stand_in_another_file(desk: Desk) -> None:
    child = "@incollection{ada, title = {Lebanon}, crossref = {salt}, series = wn}\n"
    words = '@string{w = "Water"}\n@string{wn = w # " Notes"}\n' + PARENT.format(kind="book")
    item = items(desk, child, words, cite="[@ada]")["ada"]
    assert (item["container-title"], item["collection-title"]) == (
        "Civil societies: A study", "Water notes",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "line", "what"),
    [
        ("@book{ada,\n title = {T},\n crossref = {gone}}\n", 3, "names 'gone', which no entry has"),
        ("@book{ada,\n title = {T},\n crossref = {ada}}\n", 3, "leads back to itself"),
        ("@book{ada, title = {T}, crossref = {b}}\n@book{b, title = {B},\n crossref = {ada}}\n",
         1, "leads back to itself"),
        ("@article{ada,\n title = {T},\n journal = jgr}\n", 3, "the macro 'jgr' is not defined"),
    ],
)  # fmt: skip
def test_what_an_entry_names_and_nothing_is_called_is_told(
    desk: Desk, entry: str, line: int, what: str
) -> None:
    _, told = items_and_told(desk, entry, cite="[@ada]")
    assert [(t.code, t.line, t.severity) for t in told] == [("bibliography-field", line, "warning")]
    assert what in told[0].message


def test_one_key_in_two_files_is_told(desk: Desk) -> None:
    desk.put("one.bib", "@book{both, title = {First Work}, year = 1999}\n")
    desk.put("two.bib", "\n@book{both, title = {Second Work}, year = 1999}\n")
    told = desk.the_mistake(desk.paper("[@both]\n", bibliography="[one.bib, two.bib]"))
    assert (told.code, told.line) == ("bibliography-duplicate", 2)
    assert told.file.endswith("two.bib")
    assert "one.bib:1" in told.message


def test_one_work_in_two_files_is_no_more_than_a_warning(desk: Desk) -> None:
    desk.put("one.bib", "@book{both, title = {The Work}, year = 1999, publisher = {First}}\n")
    desk.put("two.json", '[{"id": "both", "type": "book", "title": "The work"}]')
    paper = desk.paper("[@both]\n", bibliography="[one.bib, two.json]")
    edition, (told,) = resolve_source(read_source(paper))
    assert (told.code, told.severity) == ("bibliography-duplicate", "warning")
    assert edition.references[0]["publisher"] == "First"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("The \"quoted\" 'inner' words", "The “quoted” ‘inner’ words"),
        ("'Tis the dogs' day: rock 'n' roll in '68", "’Tis the dogs’ day: rock ’n’ roll in ’68"),
        ("Of M\\\"uller's 5\" and 3\" \"disks and 'reels'\"",
         "Of Müller’s 5\" and 3\" “disks and ‘reels’”"),
        ("\"夏目漱石\"の'研究'と\"論\"", "“夏目漱石”の‘研究’と“論”"),
        ("\\emph{The \"Wake\"} and 'It's on'", "<i>The “Wake”</i> and ‘It’s on’"),
    ],
)  # fmt: skip
def test_straight_quotation_marks_in_titles_open_and_close(
    desk: Desk, written: str, read: str
) -> None:
    found = items(desk, f"@book{{a, title = {{{{{written}}}}}, date = {{2000}}}}\n")
    assert re.sub("</?span[^>]*>", "", found["a"]["title"]) == read


@pytest.mark.parametrize("kind", ["online", "article", "report", "misc"])
def test_a_work_that_is_no_volume_keeps_its_title(desk: Desk, kind: str) -> None:
    fields = "title = {The Part}, maintitle = {The Whole}, date = {2000}"
    desk.put("r.bib", f"@{kind}{{a, {fields}}}\n")
    edition, (told,) = resolve_source(read_source(desk.paper("[@a]\n", bibliography="r.bib")))
    assert edition.references[0]["title"] == "The part"
    assert "its maintitle is not printed" in told.message


@pytest.mark.parametrize("style", ["apa", "ieee", "nature", "modern-language-association"])
@pytest.mark.parametrize(
    "entry",
    ["@book{a, title = {Part}, volume = {2}, ", "@inbook{a, title = {Page}, booktitle = {Part}, "],
)
def test_a_volume_has_its_title_and_that_of_the_whole_everywhere(
    desk: Desk, style: str, entry: str
) -> None:
    people = "author = {Lee, Ann}, date = {2000}"
    desk.put("r.bib", f"{entry}maintitle = {{Whole}}, {people}}}\n")
    paper = desk.paper("[@a]\n", f"csl: {style}\n", bibliography="r.bib")
    made = build(paper, out=desk.folder / "dist", formats=["html"])
    (entry_printed,) = made.edition.ledger.entries
    assert re.search("Whole.*Part|Part.*Whole", entry_printed.text)


def test_two_works_of_one_doi_are_told(desk: Desk) -> None:
    entry = "@article{{{0}, title = {{{1}}}, journal = {{J}}, year = 2011, doi = {{{2}}}}}\n"
    text = entry.format("a", "Tides", "10.1000/xyz") + entry.format("b", "Ebbs", "10.1000/XYZ")
    _, told = items_and_told(desk, text, cite="[@a; @b]")
    assert [(t.code, t.line, t.severity) for t in told] == [
        ("bibliography-duplicate", 2, "warning")
    ]
    items(desk, text, cite="[@a]")  # of which one is cited


def test_chapters_may_bear_the_doi_of_their_book(desk: Desk) -> None:
    entry = "@incollection{{{0}, title = {{{0}}}, booktitle = {{B}}, doi = {{10.1000/b}}}}\n"
    assert len(items(desk, entry.format("one") + entry.format("two"))) == 2


# --- Words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"Garc{\'\i}a", "García"),
        (r"Mar\'{\i}a", "María"),
        (r"Bah\'\i a", "Bahía"),
        (r"na{\"{\i}}ve", "naïve"),
        (r"\^\i le", "île"),
        (r"\u{\i}", "ĭ"),
        (r"\=\i{}", "ī"),
        (r"\v{\j}", "ǰ"),
        (r"\^\j{}", "ĵ"),
        (r"{\.\i}", "i"),
        (r"I\c{s}{\i}k", "Işık"),  # a letter of its own
        ("Garc\N{LATIN SMALL LETTER DOTLESS I}\N{COMBINING ACUTE ACCENT}a", "García"),
    ],
)
def test_an_accent_stands_on_a_letter_with_its_dot(desk: Desk, written: str, read: str) -> None:
    text = f"@book{{ada, title = {{{{{written}}}}}, author = {{{{{written}}}}}}}\n"
    item = items(desk, text)["ada"]
    assert without_markup(item["title"]) == read
    assert item["author"] == [{"literal": read}]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Effects of CO<sub>2</sub> on <i>Quercus</i> &amp; others",
         "Effects of CO<sub>2</sub> on <i>Quercus</i> & others"),
        (r"On {\textless}i{\textgreater}Quercus{\textless}/i{\textgreater} oaks",
         "On <i>Quercus</i> oaks"),
        (r"On $\less$i$\greater$Quercus$\less$/i$\greater$", "On <i>Quercus</i>"),
        (r"Salt {\&}amp$\mathsemicolon$ water \&amp; more &#x2013; so", "Salt & water & more – so"),
        ("On &lt;i&gt;Quercus&lt;/i&gt;", "On <i>Quercus</i>"),
        ("<jats:p>A <jats:italic>b</jats:italic></jats:p>", "A <i>b</i>"),
        ("A <i>b <b>c</b></i>", "A <i>b <b>c</b></i>"),
        ("{A < B > C, R&D; Map<String>}", "A < B > C, R&D; Map<String>"),
        (r"On \emph{Mytilus} in H\textsubscript{2}O", "On <i>Mytilus</i> in H<sub>2</sub>O"),
        (r"Rock \textendash{} roll, {\dh} and \alpha-decay", "Rock – roll, ð and α-decay"),
        (r"The \foo{bar \baz{qux}} of \two{a}{b}", "The bar qux of ab"),
    ],
)  # fmt: skip
def test_titles_are_read_with_their_marks(desk: Desk, written: str, read: str) -> None:
    title = items(desk, f"@book{{ada, title = {{{written}}}}}\n")["ada"]["title"]
    assert re.sub(r'<span class="nocase">|</span>', "", title) == read


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("A <i>b", "<i> is printed as it stands"),
        ("A <a href='x'>b</a>", "is printed as it stands"),
        ("H <mml:math><mml:mi>H</mml:mi><mml:mn>0</mml:mn></mml:math>", "MathML"),
        (r"The \nix signs", r"the TeX command \nix is not known"),
        (r"Thanks\footnote{to all}", r"\footnote"),
    ],
)
def test_what_is_not_understood_in_a_title_is_told_with_its_line(
    desk: Desk, written: str, what: str
) -> None:
    _, told = items_and_told(desk, f"\n@book{{ada,\n title = {{{written}}}}}\n")
    assert [(t.code, t.line, t.severity) for t in told] == [("bibliography-field", 3, "warning")]
    assert what in told[0].message


def test_a_formula_in_mathml_that_brings_its_tex_is_set(desk: Desk) -> None:
    formula = (
        "<math><msub><mi>H</mi><mn>0</mn></msub>"
        "<annotation encoding='application/x-tex'>H_0</annotation></math>"
    )
    assert items(desk, f"@book{{ada, title = {{On {formula}}}}}")["ada"]["title"] == "On $H_0$"


def test_commands_of_a_preamble_are_known(desk: Desk) -> None:
    text = (
        '@preamble{"\\newcommand{\\noop}[1]{}" # " \\def\\cprime{\\\'}"}\n'
        "@preamble{ {\\newcommand\\both[2]{#2 #1}} }\n"
        "@book{ada, author = {{\\noop{a}}Gel{\\cprime}fand, I.}, year = {{\\noop{1973b}}1973}, "
        "title = {\\both{two}{One}}}\n"
    )
    item = items(desk, text.replace("\\'", "'"))["ada"]
    assert item["author"][0]["family"] == "Gel’fand"
    assert item["title"] == "One two"
    assert item["issued"] == {"date-parts": [[1973]]}


@given(st.text(alphabet="\\noop{}[]#12 a", max_size=40))
def test_expanding_commands_ends(text: str) -> None:
    commands = commands_of([r"\newcommand{\n}[1]{\oo{#1}}\def\oo#1{\n{#1}}\def\noop{\noop x}"])
    expanded(text, commands)


@given(st.text(alphabet="\\'\"^{}ij <>&;/bsup$", max_size=40))
def test_whatever_a_field_holds_reading_its_words_never_fails(text: str) -> None:
    readable_text(composed(text), 0)
    as_read(text)


@pytest.mark.parametrize("written", [r"\url{https://example.org/a_b}", r"https://example.org/a\_b"])
def test_an_address_that_tells_how_a_work_is_published_is_its_address(
    desk: Desk, written: str
) -> None:
    text = f"@misc{{ada, title = {{T}}, howpublished = {{{written}}}, year = 1999}}\n"
    item = items(desk, text)["ada"]
    assert item["URL"] == "https://example.org/a_b"
    assert "publisher" not in item


@pytest.mark.parametrize(
    "more", [r"howpublished = {Online at \url{https://example.org/}}",
             "howpublished = {https://example.org/b}, url = {https://example.org/}"],
)  # fmt: skip
def test_an_address_among_words_or_beside_another_stays_where_it_is(desk: Desk, more: str) -> None:
    item = items(desk, f"@misc{{ada, title = {{T}}, {more}, year = 1999}}\n")["ada"]
    assert "https://example.org/" in item["publisher"]


# --- Names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "given", "family"),
    [
        (r"{\'E}ric Tanter", "Éric", "Tanter"),
        (r"{\'{E}}ric {\.Z}{\'o}{\l}w", "Éric", "Żółw"),
        (r"{\c S}ule {\"O}zg{\"u}r", "Şule", "Özgür"),
        (r"{\v{S}}imon {\v C}ech", "Šimon", "Čech"),
        (r"{\L}ukasz {\O}deg{\aa}rd", "Łukasz", "Ødegård"),
        (r"{\AA}se {\TH}orsd{\'o}ttir", "Åse", "Þorsdóttir"),
        ("{Yu}ri {É}cole", "Yuri", "École"),
    ],
)
def test_a_name_may_begin_with_a_letter_in_braces(
    desk: Desk, written: str, given: str, family: str
) -> None:
    text = f"@book{{ada, author = {{{written} and Lee, Ann}}, title = {{T}}, year = 1999}}\n"
    assert items(desk, text)["ada"]["author"][0] == {"given": given, "family": family}


def test_bodies_in_braces_stay_what_they_are(desk: Desk) -> None:
    people = "{NASA} and {Éric et Fils} and {{\\'E}dition {\\'E}ric}"
    named = items(desk, f"@book{{ada, author = {{{people}}}, title = {{T}}}}\n")["ada"]["author"]
    assert [name.get("literal") for name in named] == ["NASA", "Éric et Fils", "Édition Éric"]


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("Smith, John; Doe, Jane", "a semicolon"),
        (r"Smith, J. \& Doe, J.", "an ampersand"),
        ("Johnson &amp; Johnson", "an ampersand"),
        (r"Simon {\&} Schuster", "an ampersand"),
        ("Smith, J., Doe, J., Roe, K.", "a comma"),
        ("John Smith, Jane Doe, Ann Roe", "a comma"),
        ("J. Smith, K. Doe", "a comma"),
        ("Lee, A and Smith, John; Doe, Jane", "a semicolon"),
    ],
)
def test_names_that_nothing_parts_are_told(desk: Desk, written: str, what: str) -> None:
    _, told = items_and_told(desk, f"@book{{ada,\n title = {{T}},\n author = {{{written}}}}}\n")
    assert [(t.code, t.line, t.severity) for t in told] == [("bibliography-names", 3, "warning")]
    assert f"{what} parts none" in told[0].message


@pytest.mark.parametrize(
    "written",
    [
        "{Ernst and Young} and {Barnes, Noble, and Sons}",
        r"{Procter \& Gamble}",
        "King, Jr., Martin Luther",
        "Gates, III, William H. and Smith, Ph.D., John",
        "García Márquez, Gabriel José",
        "de la Vega, el Inca, Garcilaso",
        "family=Wang, given=Shi, prefix=, suffix=",
        "{{World Health Organization; and more}}",
        "St. John, Mary K. and Knuth, D. E. and others",
        r"O'Neil, A. \'{A}ngel and M{\"u}ller, J{\"o}rg",
    ],
)
def test_names_as_they_should_be_raise_no_alarm(written: str) -> None:
    assert not joined_wrongly("author", written, 0)


@pytest.mark.parametrize(
    "written",
    [
        "Smith, J. and others",
        "Smith, J. et al.",
        "Smith, J. and et al",
        r"Smith, J., \emph{et al.}",
    ],
)
@pytest.mark.parametrize("csl", ["apa", "elsevier-harvard", "angewandte-chemie", "biochemistry"])
def test_names_left_out_are_et_al_in_every_style(desk: Desk, written: str, csl: str) -> None:
    desk.put("r.bib", f"@book{{ada, author = {{{written}}}, title = {{Tides}}, year = 1999}}\n")
    paper = desk.paper("[@ada]\n", bibliography="r.bib")
    edition, told = resolve_source(read_source(paper, csl))
    assert not told
    (entry,) = edition.ledger.entries
    assert "et al." in entry.text
    assert "others" not in entry.text


# --- Dates, numbers, addresses -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "issued"),
    [
        ("year = 2019, month = {September}", [[2019, 9]]),
        ("year = 2019, month = {Sept.}", [[2019, 9]]),
        ('year = 2019, month = "3~" # mar', [[2019, 3, 3]]),
        ("year = 2019, month = {Mar. 3}", [[2019, 3, 3]]),
        ("year = 2019, month = mar # {--} # apr", [[2019, 3], [2019, 4]]),
        ("year = 2019, month = {maart}", [[2019, 3]]),
        ("year = 2019, month = {3}, day = 7", [[2019, 3, 7]]),
        ("date = {07-18-2024}", [[2024, 7, 18]]),
        ("date = {24 mai 2021}", [[2021, 5, 24]]),
        ("date = {5. März 2020}", [[2020, 3, 5]]),
        ("date = {1999-XX}", [[1999]]),
        ("year = {2019-03-04}", [[2019, 3, 4]]),
    ],
)
def test_a_date_keeps_its_month_and_day(desk: Desk, written: str, issued: object) -> None:
    item = items(desk, f"@misc{{ada, title = {{T}}, {written}}}\n")["ada"]
    assert item["issued"] == {"date-parts": issued}


@pytest.mark.parametrize(
    "written",
    ["date = {2019-21}", "year = 2019, month = {Spring}", "date = {Spring 2019}",
     "year = {2019, Spring}", "year = {2019}, month = spring"],
)  # fmt: skip
def test_a_season_is_kept(desk: Desk, written: str) -> None:
    desk.put("r.bib", f"@article{{ada, title = {{T}}, journal = {{J}}, {written}}}\n")
    edition, told = resolve_source(read_source(desk.paper("[@ada]\n", bibliography="r.bib")))
    assert not told
    assert edition.references[0]["issued"] == {"date-parts": [[2019]], "season": 1}
    assert "Spring 2019" in edition.ledger.entries[0].text


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("date = {07-08-2024}", "may be either of two days, and is printed as it stands"),
        ("date = {199X}", "is printed as it stands"),
        ("year = 2019,\n month = {Michaelmas}", "is not understood, and is not printed"),
        ("isbn = {978-3-16-148410-1}", "the check digit of the ISBN 978-3-16-148410-1 is wrong"),
        ("isbn = {0-306-40615-3}", "the check digit of the ISBN 0-306-40615-3 is wrong"),
        ("url = {https:////}", "leads nowhere, and is not printed"),
    ],
)
def test_what_cannot_be_right_is_told(desk: Desk, written: str, what: str) -> None:
    _, told = items_and_told(desk, f"@misc{{ada, title = {{T}},\n {written}}}\n")
    line = 2 + written.count("\n")
    assert [(t.code, t.line, t.severity) for t in told] == [("bibliography-field", line, "warning")]
    assert what in told[0].message


def test_sound_numbers_and_empty_fields_raise_no_alarm(desk: Desk) -> None:
    text = (
        '@book{ada,\n  title = "T",\n  ISBN = {978-3-16-148410-0 (pbk), 0-306-40615-2},\n'
        "  DOI=,\n  URL = ,\n  year = 1999,\n  language= en-US,\n}\n"
    )
    item = items(desk, text)["ada"]
    assert "URL" not in item
    assert "DOI" not in item
    assert item["issued"] == {"date-parts": [[1999]]}


def test_of_an_entry_that_nothing_cites_nothing_is_told_but_mistakes(desk: Desk) -> None:
    text = "@book{ada, title = {T}}\n@book{bob, title = {<i>B}, author = {A, B; C, D}}\n"
    _, told = items_and_told(desk, text, cite="[@ada]")
    assert not told


def test_the_lines_of_an_entry_stay_where_they_are() -> None:
    entry = "@misc{ada,\n title = {CO<sub>2</sub>\n and more},\n month = {Spring},\n year = 2019\n}"
    text, _ = readable(entry)
    assert text.count("\n") == entry.count("\n")
    assert text.split("\n")[4].strip() == "year = 2019"


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Tide #1 of {Hull}", "Tide #1 of Hull"),
        ("{100% sure}", "100% sure"),
        (r"Half is 50\% {#} of \#2", "Half is 50% # of #2"),
        ("Ends in 50%", "Ends in 50%"),
    ],
)
def test_a_bare_sign_of_tex_costs_no_words(written: str, title: str, desk: Desk) -> None:
    found = items(desk, f"@book{{a, title = {{{written}}}, date = {{2000}}}}\n")
    assert without_markup(found["a"]["title"]) == title


@pytest.mark.parametrize(
    ("language", "status", "genre"),
    [("en", "in press", "PhD thesis"), ("de", "in press", "PhD thesis"),
     ("fr", "sous presse", "thèse de doctorat"), ("ko", "in press", "PhD thesis")],
)  # fmt: skip
def test_keys_of_biblatex_are_words_in_every_language(
    desk: Desk, language: str, status: str, genre: str
) -> None:
    desk.put(
        "r.bib",
        "@article{a, title = {T}, journal = {J}, pubstate = {inpress}}\n"
        '@thesis{b, title = {U}, institution = {I}, type = "phdthesis", year = 2020}\n',
    )
    paper = desk.paper("[@a; @b]\n", bibliography="r.bib")
    paper.write_text(paper.read_text().replace("lang: en", f"lang: {language}"))
    found = {item["id"]: item for item in resolve_source(read_source(paper))[0].references}
    assert (found["a"]["status"], found["b"]["genre"]) == (status, genre)


def test_an_entry_that_nothing_names_is_told(desk: Desk) -> None:
    desk.put("r.bib", "@misc{a, title = {T}}\n\n@misc{b, note = {A thing}}\n")
    (told,) = desk.mistakes(desk.paper("[@a; @b]\n", bibliography="r.bib"))
    assert (told.code, told.file.rsplit("/")[-1], told.line) == ("bibliography-field", "r.bib", 3)


# --- What stays as it is -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "said"),
    [
        (
            "Letters of J. R. R. Tolkien to H.~G. Wells",
            "Letters of J. R. R. Tolkien to H. G. Wells",
        ),
        ("Vitamin C and Plan B", "Vitamin C and plan B"),
        ("World War I: An End", "World war I: An end"),
        ("The X-Ray of T Cells", "The X-ray of T cells"),
        ("Who Am I?", "Who am I?"),
        ("U.S. Policy", "U.S. policy"),
        ("On A Hill, by A. Hill", "On a hill, by A. Hill"),
        ("The {\\'E}cole and $X$-rays", "The École and $X$-rays"),
    ],
)
def test_letters_alone_keep_their_capitals(desk: Desk, title: str, said: str) -> None:
    item = items(desk, f"@book{{a, title = {{{title}}}, year = 1900}}\n")["a"]
    assert without_markup(item["title"]).replace("\N{NO-BREAK SPACE}", " ") == said


def test_publishers_and_places_are_joined_as_they_are_written(desk: Desk) -> None:
    item = items(
        desk,
        "@book{a, title = {T}, publisher = {Chatto and Windus}, location = {Leiden and Boston},\n"
        "  year = 1900}\n",
    )["a"]
    assert (item["publisher"], item["publisher-place"]) == (
        "Chatto and Windus",
        "Leiden and Boston",
    )


@pytest.mark.parametrize("written", ["King, Martin, Jr.", "King, Jr., Martin"])
def test_a_suffix_stands_behind_the_name_wherever_it_is_written(desk: Desk, written: str) -> None:
    item = items(desk, f"@book{{a, title = {{T}}, author = {{{written}}}, year = 1963}}\n")["a"]
    assert item["author"] == [{"family": "King", "given": "Martin", "suffix": "Jr."}]


def test_chemistry_in_a_title_is_a_formula(desk: Desk) -> None:
    found = items(desk, "@book{a, title = {On \\ce{H2O}}, year = 1900}\n", cite="[@a]")
    assert found["a"]["title"] == r"On $\ce{H2O}$"


def entries(desk: Desk, bib: str, style: str, body: str = "") -> list[str]:
    desk.put("w.bib", bib)
    paper = desk.paper(f"{body}\n", f'csl: {style}\nnocite: "@*"\n', "w.bib")
    edition, _ = resolve_source(read_source(paper))
    return [entry.text for entry in edition.ledger.entries]


@pytest.mark.parametrize(
    ("author", "style", "printed"),
    [
        ("王, 小明 and 李, 华", "apa", "王小明, & 李华. (2001)"),
        ("王, 小明 and 李, 华", "ieee", "王小明 and 李华, "),
        ("فیض, فیض احمد", "ieee", "فیض احمد فیض, "),
        ("کامو, آلبر and Lee, Min Jo", "apa", "کامو, آلبر, & Lee, M. J. (2001)"),
    ],
)
def test_names_of_scripts_without_capitals_have_no_initials(
    desk: Desk, author: str, style: str, printed: str
) -> None:
    (entry,) = entries(
        desk, f"@book{{a, author = {{{author}}}, title = {{T}}, year = 2001}}", style
    )
    assert printed in entry


def test_others_are_no_author_where_a_style_names_the_last(desk: Desk) -> None:
    names = " and ".join(f"{letter}a, {letter}." for letter in "ABCDEFGHIJKLMNOPQRSTUV")
    work = f"@book{{a, author = {{{names} and others}}, title = {{T}}, year = 2001}}"
    (entry,) = entries(desk, work, "apa")
    assert "Sa, S., et al. (2001)." in entry


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("[@a, p. 3]; quoted in [@a, p. 5].", "Lee, Tides, 3; quoted in (Lee, Tides, 5)."),
        ("[@a, p. 3], but not there.", "Lee, Tides, 3, but not there."),
        ("[@a, p. 3] says so.", "Lee, Tides, 3 says so."),
        ("[@a, p. 3] See there.", "Lee, Tides, 3. See there."),
        ("[@a, p. 3].", "Lee, Tides, 3."),
    ],
)
def test_a_citation_that_begins_a_note_ends_as_the_sentence_does(
    desk: Desk, note: str, said: str
) -> None:
    desk.put("w.bib", "@book{a, author = {Lee, Min}, title = {Tides}, year = 2001}")
    front = "csl: chicago-shortened-notes-bibliography\n"
    paper = desk.paper(f"So it is.[^n]\n\n[^n]: {note}\n", front, "w.bib")
    edition, _ = resolve_source(read_source(paper))
    (printed,) = (one.text for one in edition.ledger.notes)
    assert printed == said


def test_a_stop_behind_a_shortened_word_is_not_doubled_by_a_note(desk: Desk) -> None:
    desk.put("w.bib", "@book{a, author = {Lee, Min}, title = {Tides}, year = 2001}")
    paper = desk.paper("And so on, cf. [@a].\n", "csl: chicago-notes-bibliography\n", "w.bib")
    edition, _ = resolve_source(read_source(paper))
    assert edition.ledger.text.plain.startswith("And so on, cf.")
    assert "cf.." not in edition.body
