"""The plain-text edition: the words of the work in UTF-8, each paragraph on one line.

In: an `Edition`. Out: the file's bytes. What other editions show by their looks stands here as
signs, listed in docs/plain-text.md. Where the author's own words would be taken for such a sign, a
WORD JOINER (U+2060), which is not seen, stands before them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from triptych.edition import Edition
from triptych.list_items import list_items
from triptych.raised import is_shortening
from triptych.render.byline import people_and_date
from triptych.render.colophon import colophon
from triptych.render.parts import (
    bibliographies,
    body_of,
    summary,
    title_of,
    titled,
    titles,
)
from triptych.render.plain_formulas import JOINER, WORDLESS, formula, literal, script, tag_of
from triptych.tree import Element, has_class, parse_fragment

_RULE = "═" * 40
"""Stands between title page, text, notes and colophon."""
_UNDERLINES = "=-~^.'"
"""What headings are underlined with, by their levels from h1 to h6."""
_HEADING = re.compile("h[1-6]")
_BLOCKS = frozenset(
    """address article aside blockquote body br caption center dd details div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary
    table tbody td tfoot th thead tr ul""".split()
)
"""Elements that stand on lines of their own."""
_STRUCTURE = re.compile(r"=+|-+|~+|\^+|\.+|'+|═+|[├┼┤─]+|\* \* \*|`{3,}.*")
"""Lines that would be taken for a line under a heading, a rule, or the edge of code."""
_MARKER = re.compile(
    r"(?:[>•]|-?\d+\.|[A-Za-z]\.|[abAB][A-Za-z]\.|[ivxlcdm]+\.|[IVXLCDM]+\.)(?: |$)"
)
"""Beginnings of a line that would be taken for the mark of a list or quotation."""

Block = list[str]
"""Lines that follow one another; between blocks a line is left blank."""


def render_text(edition: Edition) -> bytes:
    """Render the plain-text edition."""
    article, notes, references = body_of(edition)
    for section in bibliographies(article, references):
        titled(section, edition.terms["references"])
    parts = [
        list(_blocks(parse_fragment(_title_page(edition)))),
        [block for part in (article, references) if part is not None for block in _blocks(part)],
        *([] if notes is None else [list(_notes(notes, edition))]),
        list(_blocks(parse_fragment(colophon(edition)))),
    ]
    shown = ("\n\n".join(map("\n".join, part)) for part in parts)
    return (f"\n\n{_RULE}\n\n".join(shown) + "\n").encode()


def _title_page(edition: Edition) -> str:
    """Title, people and summary; where title or summary are more than words, lines between."""
    title = title_of(edition)
    head, people = titles(edition, title), people_and_date(edition)
    if title is None:
        return f"{head}{people}{summary(edition, None)}"
    below = summary(edition, title)
    return f"{head}<hr/>{people}<hr/>{below}" if below else f"{head}<hr/>{people}"


def _notes(notes: Element, edition: Edition) -> Iterator[Block]:
    numbers = {note.id: note.number for note in edition.ledger.notes}
    for child in titled(notes, edition.terms["notes"]):
        if child.tag != "ol":
            yield from _block(child)
            continue
        for note in child:
            yield from _under(_blocks(note, True), f"{numbers[note.get('id', '')]}. ", "    ")


# --- Blocks --------------------------------------------------------------------------------------


def _blocks(node: Element, nested: bool = False) -> Iterator[Block]:
    """What an element holds: its blocks, and the text between them as paragraphs."""
    run = literal(node.text)
    for child in node:
        tag = tag_of(child)
        if tag in _BLOCKS and tag != "br":
            yield from _paragraph(run, nested)
            yield from _block(child, nested)
            run = ""
        else:
            run += _inline(child)
        run += literal(child.tail)
    yield from _paragraph(run, nested)


def _stanzas(verse: Element, nested: bool) -> Iterator[Block]:
    """The lines of verse, indented as they are; between stanzas a line is left blank."""
    for stanza in re.split(r"\n\s*\n", _within(verse)):
        if lines := [
            f"{_indent(piece)}{line}" for piece in stanza.split("\n") for line in _lines(piece)
        ]:
            yield [_guarded(line, nested) for line in lines]


def _indent(line: str) -> str:
    """The blanks that a line of verse begins with, as the author's: they do not break."""
    bare = line.lstrip(" ")
    return bare[: len(bare) - len(bare.lstrip("\N{NO-BREAK SPACE}"))]


def _block(node: Element, nested: bool = False) -> Iterator[Block]:
    """The lines of a block; `nested` in a list or a quotation."""
    tag = tag_of(node)
    if tag in ("ul", "ol"):
        yield from _list(node)
    elif tag == "dd":
        yield from _under(_blocks(node, True), "    ", "    ")
    elif tag == "blockquote":
        yield from _under(_blocks(node, True), "  > ", "  > ")
    elif has_class(node, "line-block"):
        yield from _stanzas(node, nested)
    elif tag == "pre":
        yield _code(node)
    elif tag == "table":
        yield from _table(node, nested)
    elif tag in ("caption", "figcaption") or (_HEADING.fullmatch(tag) and nested):
        if lines := _lines(_inline(node).replace(_ITEM, "")):
            yield lines
    elif tag == "hr":
        yield ["* * *"]
    elif _HEADING.fullmatch(tag):
        for lines in _paragraph(_within(node), nested):
            yield [*lines, _UNDERLINES[int(tag[1]) - 1] * max(3, *map(_width, lines))]
    else:
        yield from _blocks(node, nested)


def _paragraph(text: str, nested: bool) -> Iterator[Block]:
    """The lines of running text, if it has any."""
    if lines := _lines(text):
        yield [_guarded(line, nested) for line in lines]


def _lines(text: str) -> Block:
    return [line for piece in text.split("\n") if (line := re.sub(" +", " ", piece).strip())]


def _guarded(line: str, nested: bool) -> str:
    """A line of text that nobody will take for more."""
    taken = _STRUCTURE.fullmatch(line) or (nested and _MARKER.match(line))
    return f"{JOINER}{line}" if taken else line


def _under(blocks: Iterable[Block], first: str, others: str) -> Iterator[Block]:
    """Blocks that stand together under a mark, which begins the first line."""
    lead = first
    for lines in list(blocks) or [[""]]:
        marked: Block = []
        for line in lines:
            marked.append((lead + line).rstrip())
            lead = others
        yield marked


def _list(node: Element) -> Iterator[Block]:
    items: list[Block] = []
    for item, said in list_items(node):
        mark = f"  {said or ' '} "
        items += _under(_blocks(item, True), mark, " " * len(mark))
    apart = _BLOCKS - {"br", "ol", "ul"}
    loose = any(tag_of(child) in apart for item in node.iterchildren("li") for child in item)
    yield from items if loose else [[line for item in items for line in item]]


def _whole(node: Element, name: str, otherwise: int = 1) -> int:
    """The whole number that an attribute gives."""
    found = re.fullmatch(r" *(-?\d{1,9}) *", node.get(name, ""))
    return int(found[1]) if found else otherwise


def _code(node: Element) -> Block:
    """Code as it is, between two lines of more backticks than it has in a row itself."""
    code = "".join(node.itertext()).strip("\n")
    fence = "`" * max([3, *(len(ticks) + 1 for ticks in re.findall("`+", code))])
    return [fence, *(re.sub("^(?=═+$)", JOINER, line) for line in code.split("\n")), fence]


def _table(node: Element, nested: bool) -> Iterator[Block]:
    for caption in node.iterchildren("caption"):
        yield from _block(caption, nested)
    own = [row for row in node.iter("tr") if next(row.iterancestors("table")) is node]
    rows = _cells(own)
    if not any(map(any, rows)):
        return
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    fits = sum(widths) <= _WIDEST
    if fits:
        rows = [
            [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
            for row in rows
        ]
    lines = [f"│ {' │ '.join(row)} │" for row in rows]
    heads = sum(1 for row in own if next(row.iterancestors()).tag == "thead")
    if fits and 0 < heads < len(lines):
        lines.insert(heads, f"├{'┼'.join('─' * (width + 2) for width in widths)}┤")
    yield lines


_WIDEST = 100
"""Columns stand below one another in a table that is no wider than this, in letters."""


def _cells(table: Sequence[Element]) -> list[list[str]]:
    """The words of the cells, in rows of one length; what spans places is in the first of them."""
    rows: list[list[str]] = []
    held: dict[int, int] = {}
    """By column, how many rows more a cell above reaches down."""
    for tr in table:
        cells = [
            ("" if number else words, _span(cell, "rowspan") - 1)
            for cell in tr.iterchildren("td", "th")
            for words in [" ¶ ".join(map(_cell_line, _lines(_inline(cell))))]
            for number in range(_span(cell, "colspan"))
        ]
        row: list[str] = []
        while cells or held.get(len(row)):
            if held.get(len(row)):
                held[len(row)] -= 1
                row.append("")
            else:
                words, held[len(row)] = cells.pop(0)
                row.append(words)
        rows.append(row)
    longest = max(map(len, rows), default=0)
    return [row + [""] * (longest - len(row)) for row in rows]


def _cell_line(line: str) -> str:
    """A line of a cell: an item of a list behind its mark, or text that nobody takes for one."""
    return line[1:] if line.startswith(_ITEM) else _guarded(line, True)


_ITEM = "\x02"
"""Begins a line behind the mark of a list's item, until the line stands in its cell."""


def _span(cell: Element, name: str) -> int:
    """How many columns or rows a cell spans: one to a thousand (HTML, 4.9.11)."""
    return min(max(_whole(cell, name), 1), 1000)


def _width(text: str) -> int:
    """How many columns a text takes in type of one width (Unicode, UAX #11)."""
    return sum(
        0 if unicodedata.category(sign) in ("Mn", "Me", "Cf") else
        2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )  # fmt: skip


# --- Words ---------------------------------------------------------------------------------------


def _inline(node: Element) -> str:
    """An element's words; where a block begins or ends in it, or a line, there is a new line."""
    tag = tag_of(node)
    if tag in WORDLESS:
        return ""
    if tag == "img":
        said = " ".join(literal(node.get("alt")).split())
        return f"⟦{said}⟧" if said else ""
    if tag == "br":
        return "\n"
    if tag == "math":
        return formula(node)
    if tag in ("ul", "ol"):
        return "".join(_item(item, mark) for item, mark in list_items(node))
    said = _within(node)
    if tag == "sub" or has_class(node, "noteref"):
        return script(said, "₍₎" if tag == "sub" else "⁽⁾")
    if tag == "sup":
        before = str(node.xpath("string(preceding-sibling::node()[1])"))[-1:]
        return said if is_shortening(said, before) else script(said, "⁽⁾")
    if tag in ("caption", "figcaption"):
        said = _marked(said, "▸", "▹")
    elif _HEADING.fullmatch(tag):
        said = _marked(said, "▪" * int(tag[1]), "▫" * int(tag[1]))
    return f"\n{said}\n" if tag in _BLOCKS else said


def _item(node: Element, mark: str) -> str:
    """An item of a list within a cell: its mark before its first line."""
    lines = _lines(_within(node))
    if mark and (not lines or lines[0].startswith(_ITEM)):
        lines.insert(0, "")
    if mark:
        lines[0] = f"{_ITEM}{mark} {lines[0]}"
    return "".join(f"\n{line}\n" for line in lines)


def _marked(said: str, first: str, others: str) -> str:
    """Lines that are told by a sign before each to be a caption, or a heading within a list."""
    begun = [f"{others if number else first} {line}" for number, line in enumerate(_lines(said))]
    return "\n".join(begun)


def _within(node: Element) -> str:
    return literal(node.text) + "".join(_inline(child) + literal(child.tail) for child in node)
