"""Works made at random: small articles of all blocks and inlines, and odd bibliographies.

    PYTHONPATH=tests python -m at_random [--works N] [--seed N]

Each must build and pass the proof, or be told with the places of its mistakes. What does neither is
kept in `build/at-random/`, with what came of it. `works()` is a strategy of hypothesis.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from PIL import Image

from triptych.diagnostics import SourceError
from triptych.press import build

KEYS = ("ada", "boole1847", "doi:10.1/x", "müller", "a_b-c", "nobody")
"""What is cited; the last is in no bibliography."""
WORDS = (
    "water", "the", "Über", "naïve", "a.b", "1843", "3–4", "x²", "don't", '"so"', "e.g.", "U.S.A.",
    "ﬁne", "Ελλάς", "мир", "שלום", "كتاب", "漢字", "かな", "한글", "हिन्दी", "ไทย", "A\u0301b",
    "a\u00a0b", "soft\u00adhyphen", "zero\u200bwidth", "…", "—", "№ 5", "50 %", "R&D", "a<b", "$5",
    "C#", "_x", "*", "~", "^", "\\*", "\\@home", "[x]", "(y)", "{z}", "|", "#tag", "me@home.org",
    "http://example.org/a_b", "...", "--", "---", "1.", "(a)", "-", "+", ">", "😀", "\u2020",
)  # fmt: skip
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
keys = st.sampled_from(KEYS)
names = st.sampled_from(["one", "fig-a", "tbl-b", "eq-c", "sec-d", "thm-e", "Ω", "1st"])
LANGUAGES = ("en", "en-GB", "de", "fr", "he", "ar", "zh", "ja", "pl", "es", "el", "hi")
STYLES = (
    "modern-language-association", "apa", "ieee", "chicago-notes-bibliography", "vancouver",
    "chicago-author-date", "nature", "oscola",
)  # fmt: skip


def _wrapped(*forms: str) -> Callable[[st.SearchStrategy[str]], st.SearchStrategy[str]]:
    return lambda inner: st.tuples(st.sampled_from(forms), inner).map(lambda t: t[0] % t[1])


# --- Inlines -------------------------------------------------------------------------------------

_CITATIONS = (
    "[@%s]", "@%s", "[-@%s]", "[see @%s, pp. 3-5]", "[@%s, chap. IV; @ada]", "@%s [p. 3]",
    "[@{%s}]", "[-@%s; @boole1847, § 2, and so on]", "[@%s, {12, **bold**}]", r"\cite[12]{%s}",
)  # fmt: skip
_PIECES = (
    "`code`", "`` a`b ``{.py}", "$x_1^2$", r"$\frac{a}{\sqrt b}$", r"\(y\)",
    r"$\alpha \text{ or } 1$",
    "![a thing](a.svg)", "![](a.png){width=50%}", "![gone](gone.png)", "<kbd>A</kbd>", "<br>",
    "\\\n",
    "  \n", r"\textbf{tex}", r"\ref{fig-a}", "&amp;", "&#8212;", "<!-- hidden -->", "[]{#place}",
    '[]{.index entry="water!deep"}', "<script>x</script>", "`<b>`{=html}", "`x`{=latex}",
    "{{< pagebreak >}}",
    "<https://example.org>", "[@nobody]{.x}", ":smile:", r"\ ", "<span dir=rtl>", "H~2~O",
    "<u>u</u>",
)  # fmt: skip
_LEAVES = st.one_of(
    words,
    st.tuples(st.sampled_from(_CITATIONS), keys).map(lambda t: t[0] % t[1]),
    st.sampled_from(_PIECES),
    st.tuples(st.sampled_from(["@%s", "[](#%s)", "[see](#%s)", "[-@%s]"]), names).map(
        lambda t: t[0] % t[1]
    ),
    st.sampled_from(["[^n1]", "[^n2]", "[^lost]"]),
)
_IN = _wrapped(
    "*%s*", "**%s**", "***%s***", "~~%s~~", "[%s]{.smallcaps}", "[%s]{.underline}", "[%s]{.mark}",
    "^[%s]", "[%s](https://example.org/a?b=c&d)", "[%s](#one)", "[%s]{lang=fr}", "[%s]{dir=rtl}",
    '"%s"', "'%s'", "^%s^", "~%s~", "<em>%s</em>", "[%s]{#one}", "<q>%s</q>", "“%s”", "(%s)",
    "[%s]{lang=he dir=rtl}", "<a href='#fig-a'>%s</a>", "[%s](gone.html)",
)  # fmt: skip
inlines = st.lists(
    st.recursive(_LEAVES, lambda inner: _IN(st.lists(inner, min_size=1, max_size=2).map(" ".join)),
                 max_leaves=4),
    min_size=1, max_size=5,
).map(" ".join)  # fmt: skip


# --- Blocks --------------------------------------------------------------------------------------


def _indented(text: str, by: str, first: str | None = None) -> str:
    lines = text.split("\n")
    head = by if first is None else first
    return "\n".join(
        (head if n == 0 else by) + line if line or n == 0 else "" for n, line in enumerate(lines)
    )


_FIXED = (
    "---", "***", "\\newpage", "```python\nx = 1  # [@ada]\n```", "    indented\n    code",
    "```{r fig-r}\nplot(x)\n```", "~~~~\nopen", "$$\nx = \\sum_{i=1}^n i\n$$ {#eq-c}", "$$a$$",
    "\\begin{align}\na &= b \\label{eq-c} \\\\ c &= d\n\\end{align}", "| verse\n|   line", "<hr>",
    "<table><tr><td colspan=2>a<td>b</table>",
    "<details><summary>s</summary>\n\ntext\n\n</details>",
    "| a | b |\n|:--|--:|\n| 1 | [@ada] |\n\n: Caption {#tbl-b}", "|  |\n|--|\n| |",
    "+---+---+\n| a | b |\n+===+===+\n| - x\n| - y | c |\n+---+---+",
    "  a    b\n---  ---\n  1    2\n\nTable: Simple", "![Caption $x$ [@ada]](a.svg){#fig-a}",
    "![](a.png)", "![A](a.svg) ![B](a.png)", "[ref]: http://x.org 'T'", "\\frac",
    "\\begin{center}x\\end{center}",
    "{{< include gone.md >}}", "<div", "Term\n:   Meaning\n\n    More\n:   Other",
    "(@) example\n\n(@) other",
    "- [ ] todo\n- [x] done", "::: {#refs}\n:::", "<svg viewBox='0 0 9 9'><path d='M0 0h9'/></svg>",
    "a. x\n#. y", "iv) roman\nv) more", "5. five\n7. seven", "[^n1]: A note again.",
    "\\tableofcontents",
)  # fmt: skip
_HEADS = ("# %s", "## %s", "### %s {#sec-d}", "###### %s", "# %s {-}", "## %s {#one .x}", "%s\n===")
_plain = st.one_of(
    inlines,
    st.tuples(st.sampled_from(_HEADS), inlines.map(lambda text: " ".join(text.split()))).map(
        lambda t: t[0] % t[1]
    ),
    st.sampled_from(_FIXED),
    inlines.map(lambda text: "| a | b |\n|---|---|\n| " + " ".join(text.split()) + " | x |"),
    inlines.map(lambda text: f"![{' '.join(text.split())}](a.svg){{#fig-a}}"),
)
_DIVISIONS = (
    "::: {.callout-note}", "::: {#thm-e .theorem}", "::: {lang=de}", "::: {dir=rtl}", "::: columns",
    "::: {.column width=40%}", "::: {#one}", "::: {.proof}", "::: {layout-ncol=2}", "::: abstract",
    "::: {.callout-tip #tip-x collapse=true}", "::: {.content-visible when-format=pdf}",
)  # fmt: skip


def _within(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    some = st.lists(inner, min_size=1, max_size=3).map("\n\n".join)
    return st.one_of(
        some.map(lambda text: _indented(text, "> ")),
        some.map(lambda text: _indented(text, "    ", "-   ")),
        some.map(lambda text: _indented(text, "    ", "1.  ")),
        st.tuples(some, some).map(
            lambda t: _indented(t[0], "  ", "* ") + "\n" + _indented(t[1], "  ", "* ")
        ),
        st.tuples(st.sampled_from(_DIVISIONS), some).map(lambda t: f"{t[0]}\n{t[1]}\n:::"),
        some.map(lambda text: "Term\n" + _indented(text, "    ", ":   ")),
    )


blocks = st.recursive(_plain, _within, max_leaves=5)
_notes = st.tuples(inlines, blocks).map(
    lambda t: f"[^n1]: {t[0]}\n\n[^n2]:\n{_indented(t[1], '    ')}"
)
articles = st.tuples(st.lists(blocks, min_size=1, max_size=5).map("\n\n".join), _notes).map(
    lambda t: "\n\n".join(t) + "\n"
)


# --- Bibliographies ------------------------------------------------------------------------------

_VALUES = (
    "On Water", "{On} $x^2$ and \\emph{thing}", "A: b? c", "“Q” \"q\" 'q'", "Ünïcødé \\'e {\\ss}",
    "x & y", "<i>a</i> < b", "", "{", "50\\%", "השם", "漢字", "a -- b", "10.1000/182", "2", "ii–iv",
    "https://example.org/a_b?c=%20d#e", "978-0-262-03384-8", "a\\\\b", "~", "_under_", "\\frob{x}",
)  # fmt: skip
_DATES = (
    "1843", "1843-05", "1843-05-32", "1493?", "n.d.", "1990/1992", "-0044", "185X", "forthcoming",
    "2001-01-01/..", "May 1843", "", "99999", "1843~",
)  # fmt: skip
_PEOPLE = (
    "Lovelace, Ada", "Ada Lovelace and others", "{World Health Organization}", "de la Cruz, Juana",
    "King, Jr., Martin Luther", "", "and", "Müller, J. and 王, 伟", "A, B, C, D", "al-Khwārizmī",
    "Madonna", "van Gogh, Vincent and Gogh", "family=Bach, given=J., prefix=von",
)  # fmt: skip
_BIB_FIELDS = (
    "title booktitle journal journaltitle publisher address location edition volume number pages "
    "doi url isbn note series chapter subtitle titleaddon langid keywords abstract eprint crossref"
).split()
_BIB_TYPES = "article book inbook incollection online thesis report misc unpublished patent".split()
_CSL_FIELDS = (
    "title container-title publisher publisher-place edition volume issue page DOI URL ISBN note "
    "collection-title chapter-number language abstract genre event-title number"
).split()
_CSL_TYPES = (
    "article-journal book chapter webpage thesis report manuscript legal_case motion_picture "
    "personal_communication paper-conference"
).split()
_KNOWN = KEYS[:-1]


_IDENTIFIERS = {
    "doi": ("10.1000/182", "https://doi.org/10.1000/a_b", "none"),
    "url": ("https://example.org/a_b?c=%20d#e", "example.org", "http://[", "urn:x:1"),
    "isbn": ("978-0-262-03384-8", "9780262033844", "0-262", "n/a"),
}


@st.composite
def _fields(draw: st.DrawFn, names: Sequence[str]) -> dict[str, str]:
    chosen = draw(st.lists(st.sampled_from(list(names)), max_size=6, unique=True))
    return {name: draw(st.sampled_from(_IDENTIFIERS.get(name.lower(), _VALUES))) for name in chosen}


@st.composite
def _bib(draw: st.DrawFn) -> str:
    entries = []
    for key in _KNOWN:
        fields = draw(_fields(_BIB_FIELDS))
        for name, values in (
            ("author", _PEOPLE),
            ("editor", _PEOPLE),
            ("date", _DATES),
            ("year", _DATES),
        ):
            if draw(st.booleans()):
                fields[name] = draw(st.sampled_from(values))
        listed = "".join(f",\n  {name} = {{{value}}}" for name, value in fields.items())
        entries.append(f"@{draw(st.sampled_from(_BIB_TYPES))}{{{key}{listed}\n}}")
    return "\n\n".join(entries) + "\n"


_issued: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(_DATES).map(lambda date: {"raw": date}),
    st.sampled_from(_DATES).map(lambda date: {"literal": date}),
    st.lists(st.sampled_from([1843, "1843", 5, 0, -44, 31]), min_size=1, max_size=3).map(
        lambda parts: {"date-parts": [parts]}
    ),
    st.just({"date-parts": [[1843], [1844]], "circa": True}),
    st.sampled_from(["1843", 1843, None, [], {}]),
)
_person: st.SearchStrategy[Any] = st.sampled_from(
    [
        {"family": "Lovelace", "given": "Ada"}, {"literal": "A Body"}, {"family": "", "given": "X"},
        {"family": "Gogh", "non-dropping-particle": "van", "given": "Vincent"}, {}, {"given": "M"},
        {"family": "King", "suffix": "Jr.", "comma-suffix": True}, {"family": "王", "given": "伟"},
    ]
)  # fmt: skip


@st.composite
def _csl(draw: st.DrawFn) -> list[dict[str, Any]]:
    items = []
    for key in _KNOWN:
        item: dict[str, Any] = {"id": key, "type": draw(st.sampled_from(_CSL_TYPES))}
        item |= draw(_fields(_CSL_FIELDS))
        for name in ("author", "editor"):
            if draw(st.booleans()):
                item[name] = draw(st.lists(_person, max_size=3))
        if draw(st.booleans()):
            item["issued"] = draw(_issued)
        items.append(item)
    return items


_RIS = ("TI", "T2", "JO", "PB", "CY", "SP", "EP", "VL", "DO", "UR", "N1", "KW", "SN")


@st.composite
def _ris(draw: st.DrawFn) -> str:
    records = []
    for key in _KNOWN:
        lines = [
            f"TY  - {draw(st.sampled_from(['JOUR', 'BOOK', 'CHAP', 'ELEC', 'ODD']))}",
            f"ID  - {key}",
        ]
        lines += [f"AU  - {name}" for name in draw(st.lists(st.sampled_from(_PEOPLE), max_size=2))]
        lines += [f"{tag}  - {value}" for tag, value in draw(_fields(_RIS)).items()]
        lines += [f"PY  - {draw(st.sampled_from(_DATES))}", "ER  - "]
        records.append("\n".join(lines))
    return "\n\n".join(records) + "\n"


bibliographies: st.SearchStrategy[tuple[str, str]] = st.one_of(
    st.tuples(st.just("works.bib"), _bib()),
    st.tuples(st.just("works.json"), _csl().map(lambda items: json.dumps(items, indent=1))),
    st.tuples(st.just("works.yaml"), _csl().map(lambda items: json.dumps({"references": items}))),
    st.tuples(st.just("works.ris"), _ris()),
)


# --- Works ---------------------------------------------------------------------------------------


@st.composite
def works(draw: st.DrawFn) -> dict[str, str]:
    """The files of a work: `paper.md` and its bibliography. Figures are `a.svg`, `a.png`."""
    file, entries = draw(bibliographies)
    front: dict[str, object] = {
        "title": draw(words), "bibliography": file, "lang": draw(st.sampled_from(LANGUAGES)),
        "csl": draw(st.sampled_from(STYLES)),
    }  # fmt: skip
    some = {
        "subtitle": words, "author": st.lists(words, max_size=2), "abstract": inlines,
        "keywords": st.lists(words, max_size=2), "date": st.sampled_from(["2024", "2024-02-30",
        "May"]),
        "number-sections": st.booleans(), "nocite": st.sampled_from(["@*", "@ada"]),
        "link-citations": st.booleans(), "toc": st.booleans(),
        "reference-section-title": words,
    }  # fmt: skip
    for name, values in some.items():
        if draw(st.integers(0, 3)) == 0:
            front[name] = draw(values)
    head = "".join(
        f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in front.items()
    )
    return {"paper.md": f"---\n{head}---\n\n{draw(articles)}", file: entries}


# --- Building them -------------------------------------------------------------------------------

FOUND = Path(__file__).parents[1] / "build" / "at-random"
FORMATS = ("html", "epub", "text")
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


def put(files: dict[str, str], folder: Path) -> Path:
    """Write the files of a work, and its figures; return the article."""
    for name, text in {**files, "a.svg": DRAWING}.items():
        (folder / name).write_text(text, encoding="utf-8")
    Image.new("RGB", (8, 8), (18, 52, 86)).save(folder / "a.png")
    return folder / "paper.md"


def wrong_with(files: dict[str, str]) -> str:
    """What is wrong with how a work is built or told; empty if nothing is."""
    with tempfile.TemporaryDirectory() as room:
        paper = put(files, Path(room))
        try:
            made = build(paper, out=Path(room) / "dist", formats=FORMATS, keep_going=True)
        except SourceError as error:
            return "\n".join(str(told) for told in error.diagnostics if not told.line)
        except Exception:
            return traceback.format_exc()
        return "\n".join(map(str, made.collation.differences))


def main() -> None:
    """Build works made at random. Exit code 1 where one was built or told wrong."""
    parser = argparse.ArgumentParser(prog="at_random")
    parser.add_argument("--works", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    found: set[str] = set()

    @seed(args.seed)
    @settings(max_examples=args.works, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(works())
    def look(files: dict[str, str]) -> None:
        if (wrong := wrong_with(files)) and wrong not in found:
            found.add(wrong)
            folder = FOUND / f"{args.seed}-{len(found)}"
            folder.mkdir(parents=True, exist_ok=True)
            put(files, folder)
            (folder / "wrong.txt").write_text(wrong, encoding="utf-8")
            print(f"{folder}: {wrong.splitlines()[-1][:200]}", flush=True)

    look()
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
