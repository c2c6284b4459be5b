"""The web edition: one HTML page that contains all it needs and works without scripts.

In: an `Edition`. Out: the page's bytes, in UTF-8. The page says what things are with the elements
of HTML 5 and the roles of DPUB-ARIA 1.1. `metadata` describes the work to search engines.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from triptych.design import scripts, stylesheet, template, title_stylesheet
from triptych.direction import direction
from triptych.edition import Edition, Image
from triptych.mathematics.layout import draw
from triptych.render.colophon import colophon
from triptych.render.figures import can_stand_inline, inline_svg
from triptych.render.formulas import (
    PHONE_WIDTH,
    formulas_in,
    markup_of,
    show_enclosed,
    signs_of_formulas,
    strip_tex,
    webfont,
    webfont_rule,
    without_formulas,
)
from triptych.render.index import index_headings, index_markup
from triptych.render.nobreak import keep_signs
from triptych.render.own_design import screen_rules
from triptych.render.pagination import PageBreak, Written, mark_pages, written
from triptych.render.parts import (
    bibliographies,
    body_of,
    contents,
    contents_list,
    framed,
    lists,
    summary,
    title_block,
    title_of,
    titled,
)
from triptych.render.web.actions import action_row
from triptych.render.web.downloads import items_bib, items_json, items_ris
from triptych.render.web.metadata import page_metadata
from triptych.terms import bare
from triptych.tree import Element, as_html, make, replace_with, serialise, text_of, with_class
from triptych.typefaces import Face, faces_for, font_rules
from triptych.used_text import used_text_in


@dataclass(frozen=True, slots=True)
class PageDraft:
    """The web edition without the marks of printed pages.

    `title` is what `title_of` gave, with its pictures and formulas. `texts` are the pieces of text
    in its `parts` in which a page may begin.
    """

    edition: Edition
    title: Element | None
    parts: tuple[Element, ...]
    texts: tuple[Written, ...]
    contents: str


def render_web(edition: Edition) -> bytes:
    """Render the web edition by itself, without marks of printed pages."""
    return finish_web(draft_web(edition), (), {})


def draft_web(edition: Edition) -> PageDraft:
    """Make the web edition as far as possible before the pages are set."""
    article, notes, references = body_of(edition)
    title = title_of(edition)
    article.set("aria-label", edition.record.full_title)  # its heading stands before it
    strip_tex(title, article, notes, references)
    keep_signs(title, article, notes, references)
    _show_images((title, article, notes), edition)
    for part in (article,) if title is None else (title, article):
        for table in list(part.iter("table")):
            _scroll(table, bare(edition.terms["table"]))
        for equation in with_class(part, "equation"):
            _scroll_wide(equation, bare(edition.terms["equation"]))
    for inner in (title, article, notes, references):
        _scroll_in_lines(inner, bare(edition.terms["equation"]))
    show_enclosed(title, article, notes, references)
    texts = written((article, references))
    if notes is not None:
        titled(notes, edition.terms["notes"]).set("role", "doc-endnotes")
        _link_back(notes, edition)
    for section in bibliographies(article, references):
        titled(section, edition.terms["references"]).set("role", "doc-bibliography")
        _link_citations(section, edition)
    lines = contents(edition, article, notes, references) + index_headings(edition)
    parts = tuple(part for part in (article, notes, references) if part is not None)
    return PageDraft(edition, title, parts, texts, contents_list(lines))


def finish_web(draft: PageDraft, breaks: Sequence[PageBreak], places: Mapping[str, str]) -> bytes:
    """Mark the printed pages, and write the page. `places` are the pages the index names."""
    edition = draft.edition
    for mark in mark_pages(draft.texts, breaks):
        # The second role is for software that knows ARIA but not DPUB-ARIA.
        mark.set("role", "doc-pagebreak separator")
    main = "".join(map(serialise, draft.parts))
    language = edition.record.language
    shown = {
        "skip": escape(edition.terms["skip"]),
        "title_block": title_block(edition, draft.title),
        "summary": summary(edition, draft.title),
        "actions": action_row(edition),
        "navigation": _navigation(edition, draft.contents),
        "page_switch": _page_switch(edition) if breaks else "",
        "main": main,
        "indexes": index_markup(edition, places),
        "about": escape(edition.terms["about"]),
        "colophon": colophon(edition),
        "downloads": _downloads(edition),
    }
    page = template("web.html").substitute(
        {name: as_html(markup) for name, markup in shown.items()},
        language=escape(language),
        direction=direction(language),
        head="\n".join(page_metadata(edition)),
        style=stylesheet("web", edition.record.design.theme)
        + screen_rules(edition.record.design)
        + (title_stylesheet() if draft.title is not None else "")
        + _title_size(edition.record.title)
        + _sheet_size(edition.record.trim_size)
        + _fonts(" ".join(shown.values()), language)
        + _math_font(edition)
        + edition.style_sheets.get("web", ""),
        scripts="\n".join(f"<script>\n{script}\n</script>" for _, script in scripts()),
    )
    return page.encode()


def _title_size(title: str) -> str:
    """A rule that leaves the longest word of a title room on its line, if it has more than usual.

    A browser without a dictionary of the language would break it without a hyphen. A letter is as
    wide as .6 of the size, at most; the column is 37rem, or a phone's width less margins. Scripts
    whose lines end within words are left out.
    """
    words = re.findall(r"[^\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\U0010ffff]+", title)
    letters = max(map(len, words), default=0)
    if letters <= 17:
        return ""
    size = f"clamp(1rem, {144 / letters:.2f}vw, {61 / letters:.2f}rem)"
    return f".title {{ font-size: {size} }}\n"


def _sheet_size(trim: tuple[float, float]) -> str:
    """A rule for who prints the page: on sheets of the work's own size, in mm."""
    width, height = trim
    return f"@page {{ size: {width:g}mm {height:g}mm; margin: {width / 10:.4g}mm }}\n"


def _navigation(edition: Edition, contents: str) -> str:
    """Contents, lists and search, as far as there are any."""
    listed = "".join(
        f'<section class="lists" aria-labelledby="list-{name}"><h2 id="list-{name}">'
        f"{escape(title)}</h2>{contents_list(listed)}</section>"
        for name, title, listed in lists(edition)
    )
    if edition.record.design.contents is False:
        contents = ""
    if not contents and not listed:
        return ""
    title, label = escape(edition.terms["contents"]), "contents-title"
    head = f'<h2 id="{label}">{title}</h2>\n'
    named = f'aria-labelledby="{label}"' if contents else f'aria-label="{title}"'
    return (
        f'<nav class="contents" role="doc-toc" {named}{_search(edition)}>\n'
        f"{head + contents if contents else ''}\n{listed}\n</nav>\n"
    )


def _search(edition: Edition) -> str:
    """The words of the script that searches the text, as attributes of the contents."""
    told = {"search": edition.terms["search"], "results": edition.terms["results"]}
    return "".join(f' data-{name}="{escape(words)}"' for name, words in told.items())


def _page_switch(edition: Edition) -> str:
    """A check box that shows where printed pages begin, without a script."""
    words = escape(edition.terms["show pages"])
    return f'<p class="page-switch"><label><input type="checkbox" id="pages"/> {words}</label></p>'


def _show_images(parts: Iterable[Element | None], edition: Edition) -> None:
    images = [image for part in parts if part is not None for image in part.iter("img")]
    for number, element in enumerate(images, 1):
        image = edition.image(element.get("src", ""))
        if can_stand_inline(image):
            replace_with(element, [inline_svg(image, element, prefix=f"svg{number}-")])
        else:
            element.set("src", _data_uri(image))
            element.set("loading", "lazy")


def _data_uri(image: Image) -> str:
    return f"data:{image.media_type};base64,{base64.b64encode(image.data).decode()}"


def _scroll(table: Element, name: str) -> None:
    """Let a table wider than the screen scroll by itself, also from the keyboard."""
    caption = table.find("caption")
    label = text_of(caption) if caption is not None else ""
    frame = framed(table)
    frame.set("tabindex", "0")
    frame.set("role", "region")
    frame.set("aria-label", label or name)


def _scroll_wide(equation: Element, label: str) -> None:
    """Let a formula wider than a phone scroll by itself, also from the keyboard."""
    if any(draw(markup_of(math)).width > PHONE_WIDTH for math in formulas_in(equation)):
        equation.set("class", "equation wide")
        for name, value in (("tabindex", "0"), ("role", "group"), ("aria-label", label)):
            equation.set(name, value)


def _scroll_in_lines(part: Element | None, label: str) -> None:
    """Let a long formula within a line, which no line may end in, scroll by itself too."""
    for math in [] if part is None else list(formulas_in(part)):
        held = any(
            e.tag == "table" or "equation" in e.get("class", "").split()
            for e in math.iterancestors()
        )  # these scroll as a whole
        if math.get("display") == "block" or held:
            continue
        if draw(markup_of(math)).width > PHONE_WIDTH:
            span = make("span", class_="long-formula", tabindex="0", role="group", aria_label=label)
            span.tail, math.tail = math.tail, None
            replace_with(math, [span])
            span.append(math)


def _link_back(notes: Element, edition: Edition) -> None:
    """Lead from each note back to its mark."""
    for note in notes.iter("li"):
        if note.get("class") != "note":
            continue
        number = (note.get("id") or "").removeprefix("note-")
        last = note[-1] if len(note) and note[-1].tag == "p" else note
        if len(last):
            last[-1].tail = (last[-1].tail or "") + " "
        else:
            last.text = (last.text or "") + " "
        last.append(
            make(
                "a", "↩\N{VARIATION SELECTOR-15}", class_="backlink", role="doc-backlink",
                href=f"#noteref-{number}", aria_label=f"{edition.terms['back to text']} {number}",
            )
        )  # fmt: skip


def _link_citations(references: Element, edition: Edition) -> None:
    """Lead from each entry back to every citation of it."""
    cited: dict[str, list[str]] = {}
    for cluster in edition.ledger.clusters:
        for target in dict.fromkeys(cluster.targets):
            cited.setdefault(target, []).append(cluster.id)
    for entry in references.iter("div"):
        places = cited.get(entry.get("id", ""), [])
        if entry.get("class") != "entry" or not places:
            continue
        links = make("span", class_="backlinks")
        for number, place in enumerate(places, 1):
            links.append(
                make(
                    "a", "↑" if len(places) == 1 else f"↑{number}", class_="backlink",
                    role="doc-backlink", href=f"#{place}",
                    aria_label=f"{edition.terms['back to citation']} {number}",
                )
            )  # fmt: skip
            links[-1].tail = " "
        if len(entry):
            entry[-1].tail = (entry[-1].tail or "") + " "
        else:
            entry.text = (entry.text or "") + " "
        entry.append(links)


def _downloads(edition: Edition) -> str:
    """The work itself and its references to download, as files inside the page."""
    own = (edition.own,) if edition.own else ()
    entries = items_bib((*own, *edition.references))
    name, terms = edition.name, edition.terms
    lines = (
        ("downloads own", "cite", f"{name}.citation", own, entries[: len(own)]),
        ("downloads", "references", name, edition.references, entries[len(own) :]),
    )
    return "".join(
        f'<p class="{kind}">{escape(terms[term])}: {_files(file, items, written)}</p>'
        for kind, term, file, items, written in lines
        if items
    )


def _files(name: str, items: Sequence[Mapping[str, Any]], entries: Sequence[str]) -> str:
    """Links that save items, each in another format; `entries` are those of BibLaTeX."""
    return ", ".join(
        _download(label, f"{name}.{ending}", media_type, text)
        for label, ending, media_type, text in (
            ("BibLaTeX", "bib", "application/x-bibtex", "".join(entries)),
            ("RIS", "ris", "application/x-research-info-systems", items_ris(items)),
            ("CSL-JSON", "json", "application/vnd.citationstyles.csl+json", items_json(items)),
        )
    )


def _download(label: str, name: str, media_type: str, text: str) -> str:
    data = base64.b64encode(text.encode()).decode()
    href = f"data:{media_type};charset=utf-8;base64,{data}"
    return f'<a download="{escape(name)}" href="{href}">{label}</a>'


def _fonts(markup: str, language: str) -> str:
    """The faces that a page shows, in its style sheet."""

    def url(face: Face) -> str:
        return f"data:font/woff2;base64,{base64.b64encode(face.path.read_bytes()).decode()}"

    used = used_text_in(without_formulas(markup), language)
    return font_rules(faces_for(used), used, url)


def _math_font(edition: Edition) -> str:
    """The typeface for mathematics, in the style sheet of a page with formulas."""
    signs = signs_of_formulas(edition.body)
    if not signs:
        return ""
    return webfont_rule(f"data:font/woff2;base64,{base64.b64encode(webfont(signs)).decode()}")
