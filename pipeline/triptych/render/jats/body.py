"""The text of an article in JATS: blocks of the resolved tree with JATS names.

In: elements of `Edition.body`. Out: elements of NISO JATS 1.4 (ANSI/NISO Z39.96-2024, Journal
Publishing). Where JATS requires a paragraph and the tree has something else, a `<p>` is put around
it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from triptych.list_items import list_items
from triptych.render.jats.inline import (
    LANG,
    graphic,
    inline,
    into,
    math_forms,
    named,
    new,
    say,
    xml_id,
)
from triptych.tree import Element, has_class, make, text_of

ALIAS = "alias"
"""Holds further names of an element besides its id, until the links are resolved."""
LEVEL = "level"
"""Holds the tag of a section's heading, such as `h2`, until all sections are in their places."""
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_BLOCKS = frozenset(
    """address article aside blockquote details div dl figure footer h1 h2 h3 h4 h5 h6 header hr
    main nav ol p pre ref-list section summary table ul""".split()
)
_HOLDERS = _BLOCKS | frozenset(
    "body caption colgroup dd dt figcaption li tbody td tfoot th thead tr".split()
)
"""Elements that may hold blocks. A block or line break in any other element is lifted out."""
_LEAVES = tuple("dd dt h1 h2 h3 h4 h5 h6 li p td th".split())
"""Elements that may hold inlines and no blocks."""
_LIST_TYPES = {
    "a": "alpha-lower", "A": "alpha-upper", "i": "roman-lower", "I": "roman-upper",
}  # fmt: skip
_IN_CELLS = frozenset("p list def-list disp-quote preformat verse-group graphic".split())
_IN_ITEMS = frozenset("p list def-list".split())
_ONLY_P = frozenset({"p"})


def fill(target: Element, node: Element) -> Element:
    """Write the blocks of `node` into `target`, a body or a section. Sections come last.

    JATS allows no blocks after a section: they go into a section without a title. A list of
    references may end a section.
    """
    for block in blocks(node):
        if block.tag == "ref-list":
            target.append(block)
            continue
        last = target[-1] if len(target) else None
        if block.tag == "sec":
            _home(target, block.get(LEVEL, "")).append(block)
        elif last is None or last.tag != "sec":
            target.append(block)
        else:
            if last.get("specific-use") != "continued":
                target.append(new("sec", specific_use="continued"))
                target[-1].append(new("title"))
                target[-1].set(LEVEL, last.get(LEVEL, ""))
            target[-1].append(block)
    return target


def _home(target: Element, level: str) -> Element:
    """What a section belongs in: one of a higher level before it, which may be in a division."""
    while len(target) and target[-1].tag == "sec" and target[-1].get(LEVEL, "") < level:
        target = target[-1]
    return target


def lift(root: Element) -> None:
    """Split inlines around the blocks and line breaks in them, so that only holders have blocks.

    What was within an inline, within a block in it, is so still.
    """
    for node in list(root.iter(*_BLOCKS, "br")):
        parent = node.getparent()
        while parent is not None and parent.tag not in _HOLDERS:
            rest = etree.Element(parent.tag, {k: v for k, v in parent.attrib.items() if k != "id"})
            rest.extend(list(node.itersiblings()))
            rest.text, node.tail, rest.tail, parent.tail = node.tail, None, parent.tail, None
            parent.addnext(node)
            node.addnext(rest)
            _put_within(node, parent)
            parent = node.getparent()


def _put_within(block: Element, around: Element) -> None:
    """Put copies of an inline around the inlines of a block, and of the blocks in it."""
    for leaf in list(block.iter(*_LEAVES)):
        if not any(child.tag in _BLOCKS for child in leaf):
            copy = etree.Element(around.tag, {k: v for k, v in around.attrib.items() if k != "id"})
            copy.text, leaf.text = leaf.text, None
            copy.extend(list(leaf))
            leaf.append(copy)


def blocks(node: Element) -> Iterator[Element]:
    """The blocks in `node`. Inlines between them become paragraphs."""
    loose = new("p")
    say(loose, node.text)
    for child in node:
        if child.tag in _BLOCKS:
            yield from _worth_saying(loose)
            loose = new("p")
            yield from _block(child)
        elif child.tag == "br":  # JATS has no line break within a paragraph
            yield from _worth_saying(loose)
            loose = new("p")
        elif isinstance(child.tag, str):
            inline(loose, child)
        say(loose, child.tail)
    yield from _worth_saying(loose)


def _worth_saying(paragraph: Element) -> Iterator[Element]:
    if len(paragraph) or (paragraph.text or "").strip():
        yield paragraph


def _block(node: Element) -> Iterator[Element]:
    tag = str(node.tag)
    if tag == "section" and len(node) and re.fullmatch("h[1-6]", str(node[0].tag)):
        yield _section(node)
    elif re.fullmatch("h[1-6]", tag):
        yield from map(_as_heading, _inside(node))
    elif tag == "ref-list":
        yield node
    elif tag in ("ul", "ol"):
        yield _list(node)
    elif tag == "dl":
        yield _definitions(node)
    elif tag == "blockquote":
        quote = named(new("disp-quote"), node)
        quote.extend(_tame(blocks(node)))
        yield quote
    elif tag == "pre":
        code = named(new("preformat"), node)
        code.set(_SPACE, "preserve")
        inside = node[0] if len(node) == 1 and node[0].tag == "code" else node
        yield into(code, inside)
    elif tag == "table":
        yield _table(node)
    elif tag == "figure":
        yield _figure(node)
    elif has_class(node, "line-block"):
        yield _verses(node)
    elif has_class(node, "equation"):
        yield _equation(node)
    elif tag == "hr":
        if node.get("id"):
            yield named(new("p"), node)
    else:
        yield from _inside(node)


def _inside(node: Element) -> Iterator[Element]:
    """The paragraph for a paragraph, or the blocks of a division, which JATS lacks.

    The blocks inherit the division's language, and the first one its id.
    """
    for number, block in enumerate(blocks(node)):
        if node.get("lang") and block.get(LANG) is None:
            block.set(LANG, node.get("lang", ""))
        if number == 0 and node.get("id"):
            _name(block, xml_id(node.get("id", "")))
        yield block


def _as_heading(block: Element) -> Element:
    """A heading where JATS has no section: its look is that of headings, and no emphasis."""
    inside = new("styled-content", style_type="heading")
    inside.text, block.text = block.text, None
    inside.extend(list(block))
    block.append(inside)
    return block


def _name(block: Element, name: str) -> None:
    """Give a block an id; or, if it has one, a further name until the links are resolved."""
    if block.get("id") is None:
        block.set("id", name)
    else:
        block.set(ALIAS, f"{block.get(ALIAS, '')} {name}")


def paragraphs(found: Iterator[Element], allowed: frozenset[str] = _ONLY_P) -> Iterator[Element]:
    """Blocks for a place that allows only some kinds. Any other is put into a paragraph."""
    for block in _tame(found):
        if block.tag in allowed:
            yield block
        else:
            around = new("p")
            around.append(block)
            yield around


def _tame(found: Iterator[Element]) -> Iterator[Element]:
    """Blocks for a place without sections: titles become paragraphs."""
    for block in found:
        if block.tag != "sec":
            yield block
            continue
        title = new("p")
        for part in block.findall("label") + block.findall("title"):
            part.tag, part.tail = "styled-content", " "
            part.set("style-type", "heading")
            title.append(part)
        yield title
        yield from _tame(iter(list(block)))


def _section(node: Element) -> Element:
    section = named(new("sec"), node)
    heading = node[0]
    section.set(LEVEL, str(heading.tag))
    number = next((s for s in heading if has_class(s, "number")), None)
    if number is not None:
        section.append(into(new("label"), number))
        heading.text, number.tail = (number.tail or "").lstrip(), None
        heading.remove(number)
    section.append(into(new("title"), heading))
    node.remove(heading)
    node.text = None
    return fill(section, node)


def _equation(node: Element) -> Element:
    """A formula with its numbers, in a paragraph of its own."""
    formula = named(new("disp-formula"), node)
    for child in node:
        if has_class(child, "equation-number"):
            formula.append(into(named(new("label"), child), child))
        elif etree.QName(child).localname == "math":
            formula.append(math_forms(child))
        else:
            inline(formula, child)
        say(formula, child.tail)
    paragraph = new("p")
    paragraph.append(formula)
    return paragraph


def _list(node: Element) -> Element:
    kind = "bullet" if node.tag == "ul" else _LIST_TYPES.get(node.get("type", ""), "order")
    items = list(list_items(node))
    # JATS lists count from 1: what counts otherwise is simple, and has labels.
    plain = make(str(node.tag), *(make("li") for _ in items), type=node.get("type", ""))
    written = [said for _, said in items] != [said for _, said in list_items(plain)]
    result = named(new("list", list_type="simple" if written else kind), node)
    for item, said in items:
        made = named(new("list-item"), item)
        if written and said:
            made.append(new("label", said))
        made.extend(paragraphs(blocks(item), _IN_ITEMS))
        if made.find("*") is None or made[-1].tag == "label":
            made.append(new("p"))
        result.append(made)
    return result


def _definitions(node: Element) -> Element:
    result = named(new("def-list"), node)
    for child in node.iterchildren("dt", "dd"):
        if child.tag == "dt":
            for term in _inside(child):
                term.tag = "term"
                result.append(new("def-item"))
                result[-1].append(term)
        else:
            if not len(result):
                result.append(new("def-item"))
                result[-1].append(new("term"))
            meaning = named(new("def"), child)
            meaning.extend(paragraphs(blocks(child)))
            result[-1].append(meaning)
    return result


def _verses(node: Element) -> Element:
    verses = named(new("verse-group"), node)
    line = new("verse-line")
    say(line, node.text)
    for child in node:
        if child.tag == "br":
            verses.append(line)
            line = new("verse-line")
        elif isinstance(child.tag, str):
            inline(line, child)
        say(line, (child.tail or "").lstrip("\n") if child.tag == "br" else child.tail)
    verses.append(line)
    return verses


# --- Figures and tables --------------------------------------------------------------------------


def _figure(node: Element) -> Element:
    parts = list(node.iterchildren("figure"))
    caption = node.find("figcaption")
    kind = "fig-group" if parts else "fig"
    if caption is not None and any(map(text_of, caption.itersiblings())):
        kind = "boxed-text"  # a figure's caption is below it
    result = named(new(kind), node)
    credit = None if caption is None else _caption(result, caption)
    if caption is not None:
        node.remove(caption)
    if parts:
        result.extend(_figure(part) for part in parts)
        return result
    for image in list(node.iter("img")):
        result.append(graphic(image, "graphic"))
        parent = image.getparent()
        assert parent is not None
        image.tag = "span"
        image.attrib.clear()
    result.extend(paragraphs(block for block in blocks(node) if "".join(block.itertext()).strip()))
    if credit is not None:
        result.append(credit)
    return result


def _caption(target: Element, caption: Element) -> Element | None:
    """Write label and caption into `target`. Return the credit line, which goes to its end."""
    label = next((e for e in caption.iter("span") if has_class(e, "label")), None)
    if label is not None and not _begins_with_block(label.itersiblings()):
        target.append(into(new("label"), label))
        label.text, label.tail = None, (label.tail or "").lstrip()
        for child in list(label):
            label.remove(child)
    credit = next((e for e in caption.iter("span") if has_class(e, "credit")), None)
    said = None
    if credit is not None:
        said = into(new("attrib"), credit)
        credit.text = None
        for child in list(credit):
            credit.remove(child)
    made = new("caption")
    made.extend(paragraphs(blocks(caption)))
    target.append(made)
    return said


def _begins_with_block(nodes: Iterator[Element]) -> bool:
    first = next((node for node in nodes if text_of(node) or (node.tail or "").strip()), None)
    return first is not None and first.tag in _BLOCKS


def _table(node: Element) -> Element:
    frame = named(new("table-wrap"), node)
    caption = node.find("caption")
    if caption is not None:
        _caption(frame, caption)
    table = new("table")
    for column in node.iter("col"):
        width = re.search(r"width:\s*([\d.]+%)", column.get("style", ""))
        table.append(new("col", **({"width": width[1]} if width else {})))
    for part in node.iterchildren("thead", "tbody", "tfoot"):
        # JATS has the foot before the body. To keep the order, it becomes another body.
        made = named(new("thead" if part.tag == "thead" else "tbody"), part)
        made.extend(_row(row) for row in part.iterchildren("tr"))
        if len(made):
            table.append(made)
    loose = [_row(row) for row in node.iterchildren("tr")]
    table.extend(loose)
    head = table.find("thead")
    if head is not None and table.find("tbody") is None and not loose:
        head.tag = "tbody"
    frame.append(table)
    return frame


def _row(node: Element) -> Element:
    row = named(new("tr"), node)
    for cell in node.iterchildren("th", "td"):
        made = named(new(str(cell.tag)), cell)
        aligned = re.search(r"text-align:\s*(left|right|center|justify)", cell.get("style", ""))
        if aligned:
            made.set("align", aligned[1])
        for name in ("colspan", "rowspan", "scope"):
            if cell.get(name):
                made.set(name, cell.get(name, ""))
        if any(child.tag in _BLOCKS for child in cell):
            made.extend(paragraphs(blocks(cell), _IN_CELLS))
        else:
            into(made, cell)
        row.append(made)
    return row
