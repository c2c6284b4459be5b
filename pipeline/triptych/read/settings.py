"""Settings by their names: those that Triptych reads, and those that belong to other programs.

In: the fields of `edition.toml` or front matter. Out: what is told of those that nobody knows, and
of those that an edition cannot follow.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from triptych.read.files import find_field
from triptych.read.manuscript import LineProblem

OWN = frozenset(
    """title subtitle thanks author authors editor editors translator contributor affiliation
    affiliations institute institutes institution language lang date publisher identifier doi isbn
    rights copyright license keywords tags subject summary abstract description csl citation-style
    bibliography references nocite reference-section-title trim-size number-sections numbersections
    lists lof lot toc table-of-contents toc-depth cover-image print design theme papersize geometry
    fontsize linestretch linkcolor classoption css
    margin-top margin-bottom margin-left margin-right article front chapters appendices part back
    header-includes include-in-header""".split()
)
"""What Triptych reads."""

_OF_OTHERS: Mapping[str, str] = {
    "Pandoc": """
        abstract-title accessibilitysummary accessmode acknowledgement acknowledgements
        acknowledgments ams-copyright author-meta authorrunning backgroundcolor
        belongs-to-collection category citation-abbreviations citation-package cite-method citeproc
        columns comments contributors coverage creator date-meta dedication
        default-image-extension description-meta dir document-css embed-resources eol epigraph epub
        extract-media figures filters fontcolor format from funding glossary group-position
        highlight-style ibooks include-after include-after-body include-before include-before-body
        indented-code-classes input-file input-files lang-dir link-bibliography
        link-citations mainfont math math-method maxwidth metadata monobackgroundcolor
        notes-after-punctuation number-offset output-file page-progression-direction pagetitle
        rawfigs reader ref relation resource-path revision rtl running-head runninghead section-divs
        self-contained shift-heading-level-by short-title shorttitle slug source standalone
        stylesheet suppress-bibliography syntax-highlighting tables template
        title-meta title-prefix titlerunning to toc-title top-level-division type
        variables version wrap writer""",
    "LaTeX's templates": """
        abbreviations accepted aspectratio babel-lang babel-otherlangs beforetoc biblatex
        biblatex-chicago biblatexoptions biblio-style biblio-title bibliostyle block-headings book
        boxlinks caption-justification ccs-concepts citecolor CJKmainfont CJKmonofont CJKoptions
        CJKsansfont colorlinks colortheme corresponding csquotes
        disable-header-and-footer documentclass doublespacing filecolor first-chapter
        float-placement-figure fontenc fontfamily fontfamilyoptions fonttheme footer-center
        footer-left footer-right footnotes-disable-backlinks footnotes-pretty graphics
        header-center header-left header-right hidelinks hyperrefoptions hyphenate indent indexing
        innertheme issue journal keypoints line-numbers line-spacing lineno linenumbers linespacing
        links-as-notes listings lof-title logo logo-width lot-title
        mainfontfallback mainfontoptions mathfont
        mathfontoptions microtypeoptions monofont monofontfallback monofontoptions natbib
        natbiboptions navigation nobib number-figures outertheme page-background pages pagestyle
        paperheight paperwidth pdfa pdfastandard polyglossia-lang published received
        romanfont sansfont sansfontfallback sansfontoptions secnumberdepth secnumdepth
        section-titles significance simplesummary spacing subparagraph svmult table-use-row-colors
        thispagestyle titlegraphic titlepage toc-own-page toccolor tocdepth twocolumn urlcolor
        verbatim-in-note volume whitespace""",
    "pandoc-crossref": """
        adjustSectionIdentifiers autoEqnLabels autoFigLabels autoSectionLabels ccsDelim ccsLabelSep
        ccsTemplate chapDelim chaptersDepth codeBlockCaptions cref crossref crossrefYaml eqLabels
        eqnBlockInlineMath eqnBlockTemplate eqnDisplayTemplate eqnInlineTableTemplate
        eqnInlineTemplate eqnLabels eqnPrefix eqnPrefixTemplate equationNumbering equationNumberTeX
        figLabels figPrefix figPrefixTemplate figureTemplate figureTitle lastDelim linkReferences
        listingTemplate listingTitle lofItemTitle lofTitle lolItemTitle lolTitle lotItemTitle
        lotTitle lstLabels lstPrefix lstPrefixTemplate nameInLink numberSections pairDelim
        rangeDelim refDelim refIndexTemplate secHeaderDelim secHeaderTemplate secLabels
        secLevelLabels secPrefix secPrefixTemplate sectionsDepth setLabelAttribute subfigGrid
        subfigLabels subfigureChildTemplate subfigureRefIndexTemplate subfigureTemplate tableEqns
        tableTemplate tableTitle tblLabels tblPrefix tblPrefixTemplate titleDelim xnos-capitalise
        xnos-cleveref""",
    "Quarto": """
        about affiliation-title anchor-sections appendix-cite-as appendix-style
        author-title body-footer body-header brand bread-crumbs by-affiliation by-author cache
        callout-appearance callout-icon cap-location categories citation citation-hover
        citation-location citations-hover cover-image-alt crossrefs-hover date-format date-modified
        df-print doi-title downloads draft echo editor_options embed-notebooks engine error eval
        execute extensions favicon footnotes-hover format-links freeze giscus google-scholar grid
        handout hypothesis image image-alt include julia jupyter keep-ipynb keep-md keep-tex
        key-points knitr license-url lightbox listing manuscript margin-footer margin-header mathjax
        mermaid message metadata-files minimal navbar notebook-links notebook-preview-options
        notebook-subarticles notebook-view notes number-depth open-graph order other-links output
        output-dir output-ext page-layout params plain-language-summary post-render pre-render
        prefer-html profile project published-title quarto reader-mode reference-location
        repo-actions repo-branch repo-url resources runtime search server sharing shortcodes sidebar
        site-url smooth-scroll title-block-banner title-block-categories title-block-style
        toc-expand toc-location twitter-card utterances validate-yaml warning website""",
    "R Markdown": """
        abbrevs after_chapter_script always_allow_html appendix apple-touch-icon
        apple-touch-icon-size authornote before_chapter_script biblio book_filename bookdown clean
        cover delete_merged_file edit_fmt figsintext figurelist floatsintext footnotelist
        github-repo header includes knit mask new_session note output_dir output_file output_format
        papaja pkgdown resource_files rmd_files rmd_subdir rticles site split_bib tablelist url
        vignette wordcount""",
    "JOSS": """
        aas-doi aas-journal archive_doi authors_short biohackathon_location biohackathon_name
        biohackathon_url cito-bibliography event git_url group joss_doi paper_url repository
        review_url reviewers submitted_at""",
    "pandoc-scholar, Manubot and others": """
        acronyms address author_order biblio-files binder citekey_aliases conflict-of-interest
        contributed correspondence corresponding-author corresponding-email corresponding_author
        course data-availability email equalcontrib exports github instructor jupytext kernelspec
        lua-filter myst numbering open_access orcid pandoc pandoc_args phone repository-url
        requirements scannable-cite target-journal thumbnail thumbnailOptions venue word_count""",
    "site generators and editors": """
        alias aliases authorbox cascade classes created cssclass cssclasses drafts excerpt
        excerpt_separator expiryDate featured featured_image grand_parent has_children hidden id
        images isCJKLanguage katex kind last_modified_at lastmod layout linkTitle markup menu
        modified nav_order outputs parent permalink private publish publishDate read_time
        redirect_from related series share sitemap status toc_sticky topic topics translationKey uid
        up updated weight""",
}
"""What other programs read. It means nothing here, and the author need not be told."""

_ELSEWHERE = frozenset(name for names in _OF_OTHERS.values() for name in names.split())
_PREFIXES = (
    "fignos-", "tablenos-", "eqnos-", "secnos-", "manubot-", "titlepage-", "listings-", "beamer",
    "fig-", "tbl-", "code-", "crossref-", "quarto-", "zotero", "epub-", "html-", "pdf-", "latex-",
    "docx-", "jekyll-", "x-", "_",
)  # fmt: skip
"""Whole families of such names."""
_NEAR = 0.8


def told_settings(text: str, fields: Mapping[str, Any]) -> Iterator[LineProblem]:
    """What is told of fields that nothing here can follow; `text` is where they are written."""
    yield from unknown_settings(text, fields)
    yield from _idle_settings(text, fields)
    yield from _looks_of_others(text, fields)


def unknown_settings(text: str, fields: Mapping[str, Any]) -> Iterator[LineProblem]:
    """What is told of fields that no program is known to read.

    One that is spelt nearly like a setting is told by itself, all others in one line.
    """
    strange: list[str] = []
    for name in fields:
        if name in OWN or name in _ELSEWHERE or name.startswith(_PREFIXES):
            continue
        near = _nearest(name)
        if not near:
            strange.append(name)
            continue
        yield _told(text, name, f"there is no setting `{name}`", f"did you mean `{near}`?")
    if strange:
        names = ", ".join(f"`{name}`" for name in strange)
        many = len(strange) > 1
        message = f"{names} {'are no settings' if many else 'is no setting'}, and will not be read"
        hint = "correct the name, or delete it if it is for nothing"
        yield _told(text, strange[0], message, hint)


def _nearest(name: str) -> str:
    """The setting whose name is nearly `name`; empty where none is near."""
    plain = name.casefold().replace("_", "-")
    if plain in OWN:
        return plain
    return next(iter(difflib.get_close_matches(plain, sorted(OWN), 1, _NEAR)), "")


def _idle_settings(text: str, fields: Mapping[str, Any]) -> Iterator[LineProblem]:
    """What is told of settings that are understood, but that no edition can follow."""
    if fields.get("suppress-bibliography") is True:
        yield _told(
            text, "suppress-bibliography",
            "`suppress-bibliography` has no effect: the citations lead to the list of works",
            "delete it, or choose a style that prints whole references in notes",
        )  # fmt: skip


_LOOKS = frozenset(
    """mainfont sansfont monofont romanfont fontfamily stylesheet logo urlcolor citecolor
    filecolor toccolor fontcolor backgroundcolor pagestyle twocolumn titlepage header-left
    header-center header-right footer-left footer-center footer-right titlegraphic""".split()
)
"""What other programs read about the look of a work, and an author may expect to see."""


def _looks_of_others(text: str, fields: Mapping[str, Any]) -> Iterator[LineProblem]:
    """What is told, once, of all settings of a work's look that are for other programs alone."""
    names = [name for name in fields if name in _LOOKS]
    if names:
        listed, many = ", ".join(f"`{name}`" for name in names), len(names) > 1
        message = f"{listed} {'are' if many else 'is'} for other programs, and not followed"
        hint = "docs/design.md lists what a work may ask for"
        yield _told(text, names[0], message, hint)


def _told(text: str, name: str, message: str, hint: str) -> LineProblem:
    line, column = find_field(text, name)
    return LineProblem(max(line, 1), column, "setting-unknown", message, hint)
