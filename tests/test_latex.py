"""LaTeX within Markdown: read as LaTeX; what is not understood is shown, and told."""

from __future__ import annotations

import re

import pytest
from conftest import BODY_LINE, Desk

from triptych.edition import Edition
from triptych.read.source import read_source
from triptych.resolve.passes import resolve_source


def words(edition: Edition) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", edition.body).split())


@pytest.mark.parametrize(
    ("written", "markup"),
    [
        (r"\textbf{bold}", "<strong>bold</strong>"),
        (r"\emph{stressed}", "<em>stressed</em>"),
        (r"\textit{slanted}", "<em>slanted</em>"),
        (r"\texttt{typed}", "<code>typed</code>"),
        (r"\underline{lined}", "<u>lined</u>"),
        (r"\href{https://example.org}{there}", '<a href="https://example.org">there</a>'),
    ],
)
def test_common_macros_are_understood(desk: Desk, written: str, markup: str) -> None:
    assert markup in desk.edition(f"Some {written} words.\n").body


@pytest.mark.parametrize(
    ("written", "mode"),
    [
        (r"\cite{lovelace1843}", "normal"),
        (r"\citep[see][p. 3]{lovelace1843}", "normal"),
        (r"\citet{lovelace1843}", "author-in-text"),
        (r"\parencite{lovelace1843}", "normal"),
        (r"\textcite{lovelace1843}", "author-in-text"),
        (r"\citeonline{lovelace1843}", "author-in-text"),
    ],
)
def test_citations_join_those_of_markdown(desk: Desk, written: str, mode: str) -> None:
    ledger = desk.edition(f"By {written} and [@babbage1864].\n").ledger
    first, second = (cluster.citations[0] for cluster in ledger.clusters)
    assert (first.key, first.mode) == ("lovelace1843", mode)
    assert second.key == "babbage1864"
    assert len(ledger.entries) == 2


def test_an_unknown_key_in_latex_is_told(desk: Desk) -> None:
    told = desk.the_mistake(desk.paper("By \\cite{lovelase1843}.\n"))
    assert told.code == "citation-unknown"


def test_a_table_becomes_a_table(desk: Desk) -> None:
    edition = desk.edition(
        "\\autoref{tab:x}\n\n\\begin{table}[ht]\n\\centering\n\\caption{Sums}\\label{tab:x}\n"
        "\\begin{tabular}{lr}\n\\toprule\na & b \\\\\n\\midrule\n1 & 2 \\\\\n\\bottomrule\n"
        "\\end{tabular}\n\\end{table}\n"
    )
    assert edition.body.count("<table") == 1
    assert edition.ledger.numbered[0].label == "Table 1"
    assert words(edition).startswith("Table 1")


def test_a_figure_becomes_a_figure(desk: Desk) -> None:
    edition = desk.edition(
        "\\autoref{fig:x}\n\n\\begin{figure}\n\\centering\n\\includegraphics{a.svg}\n"
        "\\caption{A plan}\\label{fig:x}\n\\end{figure}\n"
    )
    assert [image.path for image in edition.images] == ["a.svg"]
    assert edition.ledger.numbered[0].title == "A plan"


def test_lists_and_quotations_become_lists_and_quotations(desk: Desk) -> None:
    body = desk.edition(
        "\\begin{itemize}\n\\item one\n\\item two\n\\end{itemize}\n\n"
        "\\begin{quote}\nwise words\n\\end{quote}\n"
    ).body
    assert body.count("<li>") == 2
    assert "<blockquote>" in body


def test_a_theorem_is_numbered_and_named(desk: Desk) -> None:
    edition = desk.edition(
        "By \\autoref{thm:x}.\n\n"
        "\\begin{theorem}[Gauss]\\label{thm:x}\nAll is well.\n\\end{theorem}\n\n"
        "\\begin{proof}\nSee above.\n\\end{proof}\n"
    )
    assert words(edition) == ("By Theorem 1 . Theorem 1 (Gauss). All is well. Proof. See above.")


@pytest.mark.parametrize("layout", ["\\newpage", "\\vspace{1cm}", "\\noindent", "\\clearpage"])
def test_what_only_lays_out_pages_is_dropped_without_a_word(desk: Desk, layout: str) -> None:
    assert not desk.mistakes(desk.paper(f"Text.\n\n{layout}\n\nMore.\n"))
    assert words(desk.edition(f"Text.\n\n{layout}\n\nMore.\n")) == "Text. More."


@pytest.mark.parametrize("layout", ["\\frontmatter", "\\newpage"])
def test_a_command_for_layout_leaves_no_empty_paragraph(desk: Desk, layout: str) -> None:
    for body in (f"{layout}\n\n# One\n\nText.\n", f"> {layout}\n>\n> Text.\n"):
        assert not re.search(r"<p>\s*</p>", desk.edition(body).body)


@pytest.mark.parametrize(
    "source",
    [
        "\\begin{tikzpicture}\n\\draw (0,0) -- (1,1);\n\\end{tikzpicture}",
        "\\splice{here}",
        "\\pageref{here}",
        "\\begin{algorithm}\n\\State go\n\\end{algorithm}",
    ],
)
def test_what_is_not_understood_is_shown_and_told(desk: Desk, source: str) -> None:
    paper = desk.paper(f"Text.\n\n{source}\n")
    (told,) = desk.mistakes(paper)
    assert (told.code, told.line, told.severity) == ("raw-dropped", BODY_LINE + 2, "warning")
    assert " ".join(source.split()) in words(desk.edition(f"Text.\n\n{source}\n"))


def test_raw_markup_of_other_formats_is_shown_and_told(desk: Desk) -> None:
    (told,) = desk.mistakes(desk.paper("Text `#pagebreak()`{=typst} more.\n"))
    assert (told.code, told.line) == ("raw-dropped", BODY_LINE)


DOT = "\\includegraphics[alt={A dot.}]{a.svg}\n\\caption{A dot.}"


@pytest.mark.parametrize(
    "figure",
    [
        f"\\begin{{figure}}[h]\n\\hypertarget{{fig:a}}{{%\n{DOT}\\label{{fig:a}}\n}}\n\\end{{figure}}",
        f"\\hypertarget{{fig:a}}{{%\n\\begin{{figure}}\n{DOT}\n\\end{{figure}}\n}}",
        f"\\hypertarget{{fig:a}}{{}}\n\\begin{{figure}}\n{DOT}\\label{{fig:a}}\n\\end{{figure}}",
        f"\\hypertarget{{fig:a}}{{}}\n\n\\begin{{figure}}\n{DOT}\n\\end{{figure}}",
        f"\\begin{{figure}}\n\\hypertarget{{fig:a}}{{}}\n{DOT}\n\\end{{figure}}",
        "\\hypertarget{fig:a}{}\n\n![A dot.](a.svg){#fig:a alt='A point.'}",
        "\\begin{figure}\n\\pandocbounded{\\includegraphics[alt={A dot.}]{a.svg}}\n"
        "\\caption{A dot.}\\label{fig:a}\n\\end{figure}",
    ],
)
def test_a_figure_with_a_target_around_it_is_one_figure(desk: Desk, figure: str) -> None:
    paper = desk.paper(f"See @fig:a, [@fig:a], \\ref{{fig:a}}.\n\n{figure}\n")
    assert not [told for told in desk.mistakes(paper) if told.code != "figure-alt-caption"]
    edition = resolve_source(read_source(paper))[0]
    assert [(n.label, n.title) for n in edition.ledger.numbered] == [("Figure 1", "A dot.")]
    assert edition.ledger.text.plain.startswith("See Figure 1, Figure 1, 1.")
    assert edition.body.count("<figure") == 1


def test_tables_headings_and_words_with_a_target_have_its_name(desk: Desk) -> None:
    edition = desk.edition(
        "@tbl:x, \\autoref{here}, [there](#word)\n\n"
        "\\hypertarget{tbl:x}{}\n\n| a |\n|---|\n| 1 |\n\n: Sums.\n\n"
        "\\hypertarget{here}{%\n\\section{Title}\\label{here}}\n\nA \\hypertarget{word}{word}.\n"
    )
    assert edition.ledger.text.plain.startswith("Table 1, Section 1, there")
    assert 'id="word"' in edition.body


@pytest.mark.parametrize("caption", ["{} Sums.", "Sums. {}"])
def test_an_empty_span_in_a_caption_is_its_label(desk: Desk, caption: str) -> None:
    words = caption.format('[]{#tbl:x short-caption="y"}')
    edition = desk.edition(f"See @tbl:x.\n\n| a |\n|---|\n| 1 |\n\n: {words}\n")
    assert [(n.label, n.title) for n in edition.ledger.numbered] == [("Table 1", "Sums.")]
    assert edition.ledger.text.plain.startswith("See Table 1.")


@pytest.mark.parametrize(
    "written", [r"On \today.", r"On \emph{this \today}.", "\\begin{quote}\n\\today\n\\end{quote}"]
)
def test_the_day_of_the_build_is_never_printed(desk: Desk, written: str) -> None:
    body = desk.edition(f"{written}\n").body
    assert r"\today" in body
    assert not re.search(r"20\d\d-", body)


def test_the_day_of_the_build_is_told_where_it_is_asked_for(desk: Desk) -> None:
    (told,) = desk.mistakes(desk.paper("On \\today.\n"))
    assert (told.code, told.line, told.column) == ("raw-dropped", BODY_LINE, 4)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (r"By~\citet[p.~5]{lovelace1843} and~\ref{sec:x}.", "By Lovelace (1843, p. 5) and 1."),
        (r"\citeauthor{lovelace1843} (\citeyear{lovelace1843}).", "Lovelace (1843)."),
        (r"\citeauthor{lovelace1843} \citeyearpar{lovelace1843}.", "Lovelace (1843)."),
        (r"\citeauthor{lovelace1843} wrote, in \citeyear{lovelace1843}.",
         "Lovelace wrote, in 1843."),
        (r"So \nocite{lovelace1843} be it.", "So be it."),
    ],
)  # fmt: skip
def test_citations_of_natbib_say_what_they_say_in_latex(
    desk: Desk, written: str, said: str
) -> None:
    body = f"{written}\n\n# Next {{#sec:x}}\n\nMore.\n"
    edition = desk.edition(body, "csl: apa\nnumber-sections: true\n")
    assert said in re.sub(r"\s+(?=[,.)])|(?<=\()\s+", "", words(edition))
    assert [entry.key for entry in edition.ledger.entries] == ["lovelace1843"]


def test_a_tie_within_code_stays(desk: Desk) -> None:
    assert r"~\ref{x}" in desk.edition("`See~\\ref{x}`\n").body


def test_a_head_of_two_rows_is_a_head_without_its_rules(desk: Desk) -> None:
    edition = desk.edition(
        "\\begin{tabular}{@{}lrr@{}}\n\\toprule\nCase & \\multicolumn{2}{c}{Gap} \\\\\n"
        "\\cmidrule(l){2-3}\n & LS & LPT \\\\\n\\midrule\nta001 & 4.2 & 1.3 \\\\\n"
        "\\bottomrule\n\\end{tabular}\n"
    )
    head, _, body = edition.body.partition("</thead>")
    assert re.findall(r"<th\b[^>]*>([^<]*)<", head) == ["Case", "Gap", "", "LS", "LPT"]
    assert re.findall(r"<td\b[^>]*>([^<]*)<", body) == ["ta001", "4.2", "1.3"]


def test_what_a_long_table_repeats_on_its_pages_is_there_once(desk: Desk) -> None:
    paper = desk.paper(
        "\\begin{longtable}{|l|c|}\n\\caption{Sums}\\\\\n\\hline\nA & B \\\\ \\hline\n"
        "\\endfirsthead\n\\hline A & B (more) \\\\ \\hline\n\\endhead\n"
        "\\hline \\multicolumn{2}{r}{Go on}\\\\\n\\endfoot\n\\hline\n\\endlastfoot\n"
        "1 & 2 \\\\\n3 & 4 \\\\\n\\end{longtable}\n"
    )
    assert not desk.mistakes(paper)
    edition, _ = resolve_source(read_source(paper))
    assert words(edition).split() == "Table 1. Sums A B 1 2 3 4".split()


def test_sections_are_below_chapters_and_paragraphs_have_no_number(desk: Desk) -> None:
    edition = desk.edition(
        "\\chapter{One}\n\n\\section{Two}\n\nText.\n\n\\paragraph{Aside.} More.\n",
        "number-sections: true\n",
    )
    assert words(edition) == "1 One 1.1 Two Text. Aside. More."
    assert re.findall(r"<h([1-6])[^>]*>", edition.body) == ["2", "3", "4"]


def test_a_statement_is_named_as_in_latex(desk: Desk) -> None:
    edition = desk.edition(
        "\\newtheorem{rem}{Remark}\n\n"
        "\\begin{theorem}[{\\cite[p. 2]{lovelace1843}}]\\label{thm:x}\nWell. \\end{theorem}\n\n"
        "\\begin{proof}[Proof of Theorem \\ref{thm:x}]\n\\begin{equation}\\label{eq:a} a=b "
        "\\end{equation} \\qedhere\n\\end{proof}\n\n\\begin{rem}By \\eqref{eq:a}.\\end{rem}\n"
    )
    said = words(edition)
    assert said.startswith("Theorem 1 ( ( Lovelace 2 ) ). Well. Proof of Theorem 1 .")
    assert "Remark. By (1) ." in said
