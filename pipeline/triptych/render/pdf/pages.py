"""The print edition: designed pages at the stated trim size, tagged as PDF/UA-1, by WeasyPrint.

In: an `Edition`. Out: the PDF's bytes, and its page breaks. Notes stand at the foot of the page
that calls them. Their numbers come from the ledger, never from a counter in the style sheet.
"""

from __future__ import annotations

import base64
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from triptych.design import design_file, stylesheet, template, title_stylesheet
from triptych.direction import direction
from triptych.edition import Edition
from triptych.list_items import COUNTERS, counted
from triptych.render.byline import dateline, full_byline
from triptych.render.colophon import colophon
from triptych.render.index import index_headings, index_markup
from triptych.render.own_design import paged_style
from triptych.render.pagination import PageBreak, page_breaks
from triptych.render.parts import (
    Heading,
    bibliographies,
    body_of,
    contents,
    contents_list,
    framed,
    headings,
    lists,
    summary,
    title_block,
    title_of,
    titled,
    titles,
)
from triptych.render.pdf.code_breaks import loosen_runs
from triptych.render.typesetter.formulas import frame_formulas
from triptych.render.typesetter.weasyprint import typeset
from triptych.render.typesetter.wide_tables import Misfit
from triptych.tree import Element, make, serialise, text_of, with_class


@dataclass(frozen=True, slots=True)
class Paged:
    """The pages as set, with bleed around them, and where each begins in the text.

    `places` tells the page of each place that the index names. `images` are the pictures on the
    pages, each with its width in points, and `misfits` the tables that did not fit. `times_set`
    tells how often each page was set. The PDFs for screen, archive and printer are all made of
    these pages.
    """

    pages: bytes
    breaks: tuple[PageBreak, ...]
    places: Mapping[str, str]
    images: tuple[tuple[str, float], ...] = ()
    misfits: tuple[Misfit, ...] = ()
    times_set: tuple[int, ...] = ()


def render_paged(edition: Edition) -> Paged:
    """Render the print edition."""
    css = page_style(edition)
    entries = edition.ledger.index
    done = typeset(
        paged_markup(edition), css, _described(edition),
        functools.partial(index_markup, edition) if entries else None,
    )  # fmt: skip
    breaks = page_breaks(done.pages, edition.ledger.text)
    places = {place: done.places[place] for entry in entries for place in entry.places}
    return Paged(done.pdf, breaks, places, done.images, done.misfits, done.times_set)


def page_style(edition: Edition) -> str:
    """The style sheet of its pages, with its theme and its own design."""
    style = stylesheet("paged", edition.record.design.theme)
    if edition.ledger.title_text.letters:
        style += title_stylesheet()
    if direction(edition.record.language) == "rtl":
        style += design_file("paged-rtl.css").read_text(encoding="utf-8")
    own = edition.style_sheets.get("print", "")
    return _page_size(edition) + paged_style(style, edition) + own


def paged_markup(edition: Edition) -> str:
    """The XHTML that the typesetter lays out."""
    article, notes, references = body_of(edition)
    title = title_of(edition)
    _show_images((title, article, notes), edition)
    for section in bibliographies(article, references):
        titled(section, edition.terms["references"])
        section[0].set("data-title", text_of(section[0]))
        for entry in section.iter("div"):
            if entry.get("class") == "entry":
                entry.attrib.pop("role", None)
    # Titles are read before formulas are cut into pieces.
    _mark_headings(article)
    if title is not None:
        _mark_titles(title, edition)
    lines = contents(edition, article, references) + index_headings(edition)
    for part in (title, article, notes, references):
        if part is not None:
            _count_items(part)
            frame_formulas(part)
            loosen_runs(part)
    if notes is not None:
        _to_the_foot(
            [part for part in (title, article) if part is not None],
            notes,
            direction(edition.record.language),
        )
    for part in (article,) if title is None else (title, article):
        for table in list(part.iter("table")):
            _scope_heads(table)
            _frame(table)
    main = "".join(serialise(part) for part in (article, references) if part is not None)
    record = edition.record
    design = record.design
    return template(
        "paged.xhtml" if design.theme == "essay" else f"paged-{design.theme}.xhtml"
    ).substitute(
        language=escape(record.language),
        direction=direction(record.language),
        title=escape(record.full_title),
        short_title=escape(record.title),
        people=escape(", ".join(person.name for person in record.authors)),
        keywords=escape(", ".join(record.keywords)),
        description=escape(record.summary),
        date=escape(record.date),
        publisher=escape(record.publisher),
        title_block=title_block(edition, title),
        titles=titles(edition, title),
        byline=full_byline(edition),
        dateline=dateline(edition),
        summary=summary(edition, title),
        colophon=colophon(edition),
        contents=(
            _listing(edition.terms["contents"], lines, ' role="doc-toc"')
            if lines and design.prints_contents
            else ""
        ),
        lists="".join(_listing(title, listed) for _, title, listed in lists(edition)),
        main=main,
        indexes=index_markup(edition, {}),
    )


def _listing(title: str, lines: list[Heading], role: str = "") -> str:
    """A list of what is in the work, with its title."""
    head = f'<h2 class="front" data-title="{escape(title)}">{escape(title)}</h2>'
    return f'<section class="contents"{role}>{head}{contents_list(lines)}</section>'


def _described(edition: Edition) -> dict[str, str]:
    """What stands at each place that a link of the work may lead to."""
    ledger, terms = edition.ledger, edition.terms
    described = {entry.id: entry.text for entry in ledger.entries}
    for note in ledger.notes:
        described[note.id] = f"{terms['note']} {note.number}"
        described[f"noteref-{note.number}"] = f"{terms['back to text']} {note.number}"
    for item in ledger.numbered:
        described[item.id] = f"{item.label}. {item.title}"
    return described


def _page_size(edition: Edition) -> str:
    width, height = edition.record.trim_size
    bleed = edition.record.printing.bleed
    return (
        f"@page {{ size: {width:g}mm {height:g}mm; bleed: {bleed:g}mm }}\n"
        f"@page turned {{ size: {height:g}mm {width:g}mm }}\n"
    )


def _show_images(parts: Iterable[Element | None], edition: Edition) -> None:
    images = [image for part in parts if part is not None for image in part.iter("img")]
    for element in images:
        image = edition.image(element.get("src", ""))
        image = image.printed or image
        data = base64.b64encode(image.data).decode()
        element.set("data-image", image.path)
        element.set("src", f"data:{image.media_type};base64,{data}")


def _count_items(part: Element) -> None:
    """Say in CSS how lists count: the typesetter heeds no attributes for it (HTML, 4.4.5)."""
    for items in part.iter("ol"):
        if style := COUNTERS.get(items.get("type", "")):
            _style(items, f"list-style-type: {style}")
        before = 0
        for item, count in counted(items):
            if count != before + 1:
                _style(item, f"counter-increment: list-item {count - before}")
            before = count


def _style(element: Element, style: str) -> None:
    """Give an element a style, before that of its own."""
    element.set("style", "; ".join(filter(None, (style, element.get("style")))))


def _mark_headings(article: Element) -> None:
    """Write each heading's text beside it, for bookmarks and running heads."""
    told = {heading.id: heading for heading in headings(article)}
    for section in article.iter("section"):
        heading = told.get(section.get("id", ""))
        if heading is not None and len(section):
            section[0].set("data-title", f"{heading.number} {heading.title}".strip())
            if heading.level <= 3:
                section[0].set("style", f"bookmark-level: {heading.level}")


def _mark_titles(title: Element, edition: Edition) -> None:
    """Write the title's words beside it, for its bookmark; name the parts for the tags."""
    for heading in title.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        heading.set("data-title", edition.record.title)
        level = "label: attr(data-title)" if heading.tag == "h1" else "level: none"
        heading.set("style", f"bookmark-{level}")
    for tag, name in (("p", "Subtitle"), ("section", "Abstract")):
        for part in title.iterchildren(tag):
            part.set("data-tag", name)


def _to_the_foot(parts: Sequence[Element], notes: Element, usual: str) -> None:
    """Put each note beside its mark. The style sheet moves it to the foot of the page.

    `usual` is the direction of the work, `ltr` or `rtl`.
    """
    noted = {note.get("id", ""): note for note in notes.iter("li") if note.get("id")}
    queue = list(parts)
    while queue:
        for mark in with_class(queue.pop(0), "noteref"):
            note = noted.pop((mark.get("href") or "")[1:], None)
            if note is None:
                continue
            foot = make("note", id=note.get("id", ""))
            if any(e.tag in _HELD for e in mark.iterancestors()):
                foot.set("class", "held")
            around = next((e.get("dir") for e in mark.iterancestors() if e.get("dir")), usual)
            if note.get("dir", usual) != around:  # a note runs as it does at the end of a text
                foot.set("dir", note.get("dir", usual))
            number = make("a", text_of(mark), class_="notemark", href=f"#{mark.get('id')}")
            blocks = list(note)
            for block in blocks:
                block.tag = "span" if block.tag == "p" else block.tag
                if block.tag == "span":
                    block.set("class", "para")
            if not blocks or blocks[0].tag != "span":  # the number has a line to itself
                blocks.insert(0, make("span", class_="para alone"))
                note.insert(0, blocks[0])
            first = blocks[0]
            number.tail = "\N{NO-BREAK SPACE}" + (first.text or "").lstrip()
            first.text = None
            first.insert(0, number)
            foot.text = note.text
            foot.extend(list(note))
            for end in foot.iter("br"):  # WeasyPrint makes an empty line of a space here
                end.tail = (end.tail or "").removeprefix("\n")
            foot.tail, mark.tail = mark.tail, None
            parent = mark.getparent()
            assert parent is not None
            parent.insert(parent.index(mark) + 1, foot)
            queue.append(foot)


_HELD = frozenset("table figure h1 h2 h3 h4 h5 h6".split())
"""Elements that stay on one page, or on the page of what follows."""


def _frame(table: Element) -> None:
    """Frame a table with its caption. The style sheet keeps the frame on one page."""
    name = table.attrib.pop("id", None)
    frame = framed(table)
    if name is not None:  # a link to a table leads to its caption, which stands above it
        frame.set("id", name)


def _scope_heads(table: Element) -> None:
    """Say of each head whether it heads a column or a row (ISO 14289-1, 7.5)."""
    for head in table.iter("th"):
        if head.get("scope") is None:
            in_thead = next(head.iterancestors("thead", "table"), table).tag == "thead"
            head.set("scope", "col" if in_thead else "row")
