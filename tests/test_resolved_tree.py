"""The joint between Lua and Python: what stands in the tree is what docs/resolved-tree.md lists.

The page's tables are read as they are. Every document of the project's own is resolved, and its
tree seen after pandoc, between the passes and at the end; what none of them has stands in MORE.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import DRAWING, REFERENCES, Desk
from lxml import etree

from triptych.press import build
from triptych.read.source import read_source
from triptych.resolve.identifiers import plain_id
from triptych.resolve.passes import PASSES
from triptych.resolve.sanitize import MARKED, OF_PASSES
from triptych.resolve.work import begin
from triptych.tree import Element

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "pipeline" / "triptych"
PAGE = (ROOT / "docs" / "resolved-tree.md").read_text(encoding="utf-8")
STYLES = {"documents": "chicago-notes-bibliography", "corpus": "ieee"}

# --- The page ------------------------------------------------------------------------------------

BY_THEMSELVES = ("pandoc", "citeproc", "author")


@dataclass(frozen=True, slots=True)
class Row:
    """One name of a table; `state` is the table it stands in."""

    name: str
    state: str
    writers: frozenset[str]
    readers: frozenset[str]

    @property
    def pattern(self) -> re.Pattern[str]:
        """What the name stands for: N a number, other capitals anything."""
        parts = re.split(r"([A-Z]+)", self.name)
        meant = {"N": r"\d+", "NAME": "(?P<name>.+)", "LETTER": "[a-z]+"}
        return re.compile(
            "".join(
                meant.get(part, ".+") if n % 2 else re.escape(part) for n, part in enumerate(parts)
            )
        )

    @property
    def stem(self) -> str:
        """What stays the same in every name of the pattern."""
        return max(re.split(r"[A-Z]+", self.name), key=len).strip("-:")


def table(heading: str, state: str) -> tuple[Row, ...]:
    """The rows of the table under a heading; where several names share a row, one for each."""
    section = re.split(rf"^#+ {heading}$", PAGE, flags=re.M)[1]
    lines = re.findall(r"^\| (`.*) \|$", re.split(r"^#", section, flags=re.M)[0], re.M)
    return tuple(
        Row(name, state, frozenset(named(writers)), frozenset(named(readers)))
        for line in lines
        for names, _, _, writers, readers in [line.split(" | ")]
        for name in re.findall(r"`([^`]+)`", names)
    )


def named(cell: str) -> list[str]:
    """The files that a cell names, and those who write by themselves."""
    return re.findall(r"`([^`]+\.\w+)`", cell) + [w for w in BY_THEMSELVES if w in cell.split()]


CLASSES = {
    "pandoc": table("Classes after pandoc", "pandoc"),
    "finished": table("Classes in the finished body", "finished"),
}
ATTRIBUTES = {
    "pandoc": table("Attributes after pandoc", "pandoc"),
    "between": table("Between the passes", "between"),
    "finished": table("Attributes in the finished body", "finished"),
}
IDS = {
    "pandoc": table("Identifiers after pandoc", "pandoc"),
    "finished": table("Identifiers in the finished body", "finished"),
}
ROWS = [row for tables in (CLASSES, ATTRIBUTES, IDS) for rows in tables.values() for row in rows]
HIGHLIGHTING = frozenset(re.findall(r"`(\w\w)`", PAGE.split("only style\nsheets know them:")[1]))

# --- What no document of the project's has -------------------------------------------------------

PAPER = r"""---
title: Rare things
lang: en
bibliography: refs.json
csl: display.csl
---

Write to <https://example.org> or <ada@example.org>, of $x_{\text{速度}}$ and $\unknown{x}$, and

$$\unheard{x}$$

as @lovelace1843 has it in [a place]{#text} and [another]{#1st}.

![Three wheels.](a.svg){fig-align=center alt="Wheels."}

\begin{figure}[htbp]
\includegraphics{a.svg}
\caption{A wheel.}
\end{figure}

::: {#tbl-two}
| a |
|---|
| 1 |

: One.

| b |
|---|
| 2 |

: Two.

Both.
:::

```{.python caption="Code."}
pass
```

\begin{algorithm}
\caption{Steps.}
\end{algorithm}

```{lemma, first}
A lemma.
```

```{corollary, first}
A corollary.
```

```{proposition, first}
A proposition.
```

```{conjecture, first}
A conjecture.
```
"""
STATEMENTS = "theorem lemma corollary proposition conjecture definition example exercise".split()
DISPLAY = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
<info><title>Display</title><id>display</id><updated>2026-01-01T00:00:00Z</updated></info>
<citation><layout><text variable="title"/></layout></citation>
<bibliography><layout>
<text variable="title" display="block"/><names variable="author" display="indent"/>
</layout></bibliography>
</style>
"""
BOOK = """title = "A book"
bibliography = "refs.json"
references = "chapter"
chapters = ["one.md", "two.md"]
appendices = ["more.md"]
"""
LISTED = "---\ntitle: T\nbibliography: refs.json\ncsl: {style}\nnocite: '@*'\n---\n\nText.\n"
MORE = (
    {
        "paper.md": PAPER + "".join(f"\n\\begin{{{s}}}\nSo.\n\\end{{{s}}}\n" for s in STATEMENTS),
        "display.csl": DISPLAY,
    },
    {
        "edition.toml": BOOK,
        "more.md": "# More\n\nSeen [@babbage1864].\n",
        "one.md": "# One\n\nSeen [@lovelace1843].\n",
        "two.md": "# Two\n\n## Aside {.unlisted}\n\nSeen [@babbage1864].\n",
    },
    {
        "paper.md": LISTED.format(style="ieee"),
        "refs.json": json.dumps([{"id": f"w{n}", "type": "book"} for n in range(100)]),
    },
    {"paper.md": LISTED.format(style="american-mathematical-society-label")},
)

# --- The trees -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """One document's tree as it stood after pandoc and finished; and all names between the two."""

    name: str
    written: str
    pandoc: Element
    between: frozenset[str]
    finished: Element

    @property
    def given(self) -> frozenset[str]:
        """The identifiers that stood after pandoc, or name a line of a formula, in plain form."""
        labels = (json.loads(e.get("data-labels", "[]")) for e in self.pandoc.iter(etree.Element))
        given = [name for _, name in ids(self.pandoc)]
        return frozenset(map(plain_id, [*given, *(label for some in labels for label in some)]))


def see(path: Path, style: str | None = None) -> Seen:
    work = begin(read_source(path, style))
    pandoc = deepcopy(work.body)
    between: set[str] = set()
    for row in PASSES:
        row.run(work)
        between |= attributes(work.body) | {name for _, name in classes(work.body)}
    return Seen(str(path), work.source.article, pandoc, frozenset(between), work.body)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> list[Seen]:
    works = [see(ROOT / "source")]
    for kind, style in STYLES.items():
        for folder in sorted(p for p in (ROOT / "tests" / kind).iterdir() if p.is_dir()):
            papers = [p for p in folder.iterdir() if p.stem == "paper" and p.suffix != ".bib"]
            works.append(see(papers[0] if papers else folder, style))
    for files in MORE:
        folder = tmp_path_factory.mktemp("more")
        for name, text in {"refs.json": REFERENCES, "a.svg": DRAWING, **files}.items():
            (folder / name).write_text(text, encoding="utf-8")
        works.append(see(folder))
    return works


def classes(tree: Element) -> Iterator[tuple[Element, str]]:
    for element in tree.iter(etree.Element):
        for name in (element.get("class") or "").split():
            yield element, name


def attributes(tree: Element) -> set[str]:
    return {name for e in tree.iter(etree.Element) for name in e.attrib if name.startswith("data-")}


def ids(tree: Element) -> Iterator[tuple[Element, str]]:
    return ((e, e.get("id", "")) for e in tree.iter(etree.Element) if e.get("id") is not None)


def is_listed(name: str, rows: tuple[Row, ...]) -> bool:
    return any(row.pattern.fullmatch(name) for row in rows)


def is_the_authors_class(element: Element, name: str, written: str) -> bool:
    """Whether an author wrote a class, or the language of code; or the word of a highlighter."""
    if name in HIGHLIGHTING and element.tag == "span":
        return any(around.tag == "code" for around in element.iterancestors())
    n = re.escape(name)
    ways = (
        rf"\.{n}|class=[\"']?[^\"'>]*\b{n}|(?:```|~~~)[ \t]*\{{?{n}|\\begin\{{{n}|language=\"?{n}"
    )
    return re.search(rf"(?:{ways})(?![\w-])", written) is not None


# --- Nothing that is not listed ------------------------------------------------------------------


def test_every_class_after_pandoc_is_listed_or_the_authors(seen: list[Seen]) -> None:
    for work in seen:
        for element, name in classes(work.pandoc):
            assert is_listed(name, CLASSES["pandoc"]) or is_the_authors_class(
                element, name, work.written
            ), f"{work.name}: {name}"


def test_every_class_in_the_finished_body_is_listed_or_the_authors(seen: list[Seen]) -> None:
    for work in seen:
        for element, name in classes(work.finished):
            assert is_listed(name, CLASSES["finished"]) or is_the_authors_class(
                element, name, work.written
            ), f"{work.name}: {name}"


@pytest.mark.parametrize("state", ["pandoc", "finished"])
def test_every_data_attribute_is_listed_or_the_authors(seen: list[Seen], state: str) -> None:
    for work in seen:
        for name in attributes(getattr(work, state)):
            own = re.search(rf"\b{name.removeprefix('data-')}=", work.written, re.I)
            assert is_listed(name, ATTRIBUTES[state]) or own, f"{work.name}: {name}"


def test_nothing_stands_between_the_passes_that_is_not_listed(seen: list[Seen]) -> None:
    for work in seen:
        before = attributes(work.pandoc) | {name for _, name in classes(work.pandoc)}
        for name in work.between - before:
            assert is_listed(name, tuple(ROWS)), f"{work.name}: {name}"


def test_every_identifier_after_pandoc_is_listed_or_the_authors(seen: list[Seen]) -> None:
    for work in seen:
        for element, name in ids(work.pandoc):
            of_its_words = element.tag == "section"
            assert is_listed(name, IDS["pandoc"]) or of_its_words or name in work.written, (
                f"{work.name}: {name}"
            )


def test_every_identifier_in_the_finished_body_is_listed_or_was_there_before(
    seen: list[Seen],
) -> None:
    def is_known(name: str, given: frozenset[str]) -> bool:
        return name in given or any(
            "NAME" not in row.name or is_known(match["name"], given)
            for row in IDS["finished"]
            if (match := row.pattern.fullmatch(name))
        )

    for work in seen:
        for _, name in ids(work.finished):
            assert is_known(name, work.given), f"{work.name}: {name}"


# --- Nothing listed that is not there ------------------------------------------------------------


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.state}-{row.name}")
def test_what_is_listed_stands_in_a_document(row: Row, seen: list[Seen]) -> None:
    def names(work: Seen) -> Iterable[str]:
        if row.state == "between":
            return work.between
        tree = work.pandoc if row.state == "pandoc" else work.finished
        if row.name.startswith("data-"):
            return attributes(tree)
        return (name for _, name in (ids(tree) if row in IDS[row.state] else classes(tree)))

    assert any(row.pattern.fullmatch(name) for work in seen for name in names(work))


# --- Who writes and who reads --------------------------------------------------------------------

FILES = sorted({file for row in ROWS for file in row.writers | row.readers} - {*BY_THEMSELVES})


def source_of(file: str) -> str:
    """The text of a file that the page names."""
    homes = {"lua": PACKAGE / "resolve" / "filters", "css": ROOT / "styles", "js": ROOT / "styles"}
    return (homes.get(file.rpartition(".")[2], PACKAGE) / file).read_text(encoding="utf-8")


SOURCES = {file: source_of(file) for file in FILES}
CONSTANTS = {
    value: name
    for path in PACKAGE.rglob("*.py")
    for name, value in re.findall(r'^([A-Z_]+) = "(data-[\w-]+)"$', path.read_text("utf-8"), re.M)
}


def mentions(file: str, row: Row) -> bool:
    """Whether a file names what a row lists: in Lua without `data-`, in a style sheet as class."""
    if not row.stem:
        return True
    names = [re.escape(row.stem)]
    if row.name.startswith("data-"):
        names += [row.name.removeprefix("data-").replace("-", "[-_]"), CONSTANTS.get(row.name, "")]
    before = r"[.#]" if file.endswith((".css", ".js")) else r"(?<![\w-])"
    after = "" if row.stem != row.name else r"(?![\w-])"
    return any(re.search(before + name + after, SOURCES[file]) for name in names if name)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.state}-{row.name}")
def test_the_files_that_a_row_names_speak_of_it(row: Row) -> None:
    assert row.writers
    for file in (row.writers | row.readers) - {*BY_THEMSELVES}:
        assert mentions(file, row), f"{file} does not speak of {row.name}"


def test_the_metadata_that_the_filters_and_python_share_is_listed_with_its_files() -> None:
    rows = re.findall(r"^\| `(triptych-\w+)` \|.*\| (`[^|]+` \| `[^|]+`) \|$", PAGE, re.M)
    listed = {(name, file) for name, files in rows for file in re.findall("`([^`]+)`", files)}
    spoken_of = {
        (name, file)
        for file in ("resolve/pandoc.py", *(p.name for p in (PACKAGE / "resolve").rglob("*.lua")))
        for name in re.findall(r"\btriptych-\w+", source_of(file))
    }
    assert spoken_of == listed


def asked_for(tree: ast.Module) -> Iterator[str]:
    """The classes that a module asks elements for, and the `data-` attributes that it names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in ("has_class", "with_class"):
                yield from constants(node.args[1:])
            yield from constants(k.value for k in node.keywords if k.arg == "leaving_out")
        elif isinstance(node, ast.Compare) and 'get("class")' in ast.unparse(node).replace(
            "'", '"'
        ):
            yield from constants([node.left, *node.comparators])
        elif isinstance(node, ast.Constant) and str(node.value).startswith("data-"):
            yield str(node.value)


def constants(nodes: Iterable[ast.expr]) -> Iterator[str]:
    return (str(node.value) for node in nodes if isinstance(node, ast.Constant))


@pytest.mark.parametrize("folder", ["resolve", "render", "check", "preflight"])
def test_whoever_asks_for_a_listed_name_stands_in_its_row(folder: str) -> None:
    """What renderers ask for is in the finished body, unless they put it there themselves."""
    seen_there = [row for row in ROWS if folder == "resolve" or row.state == "finished"]
    for path in sorted((PACKAGE / folder).rglob("*.py")):
        file = path.relative_to(PACKAGE).as_posix()
        for name in asked_for(ast.parse(path.read_text(encoding="utf-8"))):
            rows = [row for row in seen_there if row.name == name]
            assert not rows or any(file in row.readers | row.writers for row in rows), (
                f"{file} asks for {name}"
            )


@pytest.mark.parametrize("row", CLASSES["finished"], ids=lambda row: row.name)
def test_the_style_sheets_that_know_a_class_stand_in_its_row(row: Row) -> None:
    others = {other.name for other in CLASSES["finished"]} - {row.name}
    knowing = {
        sheet.name
        for sheet in (ROOT / "styles").glob("*.css")
        if sheet.stem not in ("cover", "wrap")  # which are for covers
        for name in re.findall(r"\.([a-z][\w-]*)", sheet.read_text(encoding="utf-8"))
        if name not in others and row.pattern.fullmatch(name)
    }
    assert knowing == {file for file in row.readers if file.endswith(".css")}


def test_the_style_sheets_know_no_other_word_of_the_highlighter() -> None:
    (rules,) = re.findall(r"/\* Code: .*?\n(.*?)\n\.index", source_of("content.css"), re.S)
    assert set(re.findall(r"\.(\w\w)(?![\w-])", rules)) <= HIGHLIGHTING


# --- What authors write --------------------------------------------------------------------------


def test_the_first_pass_knows_each_class_that_only_passes_give() -> None:
    before = {row.name for row in CLASSES["pandoc"]}
    given = {row.name for row in CLASSES["finished"] if row.stem == row.name} - before
    assert given == OF_PASSES


def test_the_first_pass_knows_classes_of_the_filters_by_attributes_that_they_give() -> None:
    rows = {row.name: row for row in (*CLASSES["pandoc"], *ATTRIBUTES["pandoc"])}
    for name, attribute in MARKED.items():
        assert rows[name].writers <= rows[attribute].writers


@pytest.mark.parametrize("name", sorted({*OF_PASSES, *MARKED}))
def test_a_class_of_the_authors_called_like_one_of_ours_means_nothing(
    name: str, desk: Desk
) -> None:
    body = f"::: {{.{name}}}\nThe words.\n:::\n\nSeen [here]{{.{name} .own}} by @lovelace1843.\n"
    edition = desk.edition(body)
    assert edition.ledger.text.plain.startswith("The words.\nSeen here by")
    assert edition.ledger.notes == ()
    assert '<div><p>The words.</p></div><p>Seen <span class="own">here</span>' in re.sub(
        r">\s+<", "><", edition.body
    )


def test_a_division_called_note_and_a_heading_with_a_number_of_its_own_are_proven(
    desk: Desk,
) -> None:
    path = desk.paper("# [One]{.number} way\n\n::: note\nBeside, @lovelace1843 says.\n:::\n")
    made = build(path, out=desk.folder / "out", keep_going=True)
    assert made.collation.passed
