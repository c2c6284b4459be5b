"""Small dealings with the resolved tree: parsing, text, replacing one element by others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lxml import etree
from lxml.builder import E

from triptych.characters import without_no_characters

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

Element = etree._Element

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
"""Elements without an end tag (HTML, 13.1.2, void elements)."""


def parse_fragment(markup: str, tag: str = "body") -> Element:
    """Parse an HTML fragment into an element called `tag`.

    Pandoc writes well-formed XHTML, which the fast parser reads; where the author's raw HTML is
    looser than that, the HTML standard's own parsing algorithm is used. What is no character, or
    stands for none (`&#1;`), becomes a blank.
    """
    markup = without_no_characters(markup)
    try:
        parsed = etree.fromstring(f"<{tag}>{markup}</{tag}>", _PARSER)
    except etree.XMLSyntaxError:
        return _parse_html(markup, tag)
    if any(
        e.tag in _BLOCKS and e.tag != "br" for p in parsed.iter("p") for e in p.iter() if e is not p
    ):
        return _parse_html(markup, tag)  # a block within a paragraph ends it
    return parsed


def parse_xhtml(markup: str) -> Element:
    """The tree of one element that `serialise` wrote."""
    return etree.fromstring(markup, _PARSER)


_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


def _parse_html(markup: str, tag: str) -> Element:
    import tinyhtml5

    # What HTML knows no short form of would else be open to the end.
    markup = re.sub(r"<(a|span|div)\b([^<>]*?)/>", r"<\1\2></\1>", markup)
    document = tinyhtml5.parse(markup, namespace_html_elements=False)
    body = document.find("body")
    assert body is not None
    for element in list(body.iter()):
        if not isinstance(element.tag, str):
            element.tag, element.text = "span", None  # a comment
        elif not _NAME.fullmatch(element.tag):  # such as `x:script`
            name = element.tag.rpartition(":")[2]
            element.tag = name if _NAME.fullmatch(name) else "unknown"
        for name in [n for n in element.attrib if not re.fullmatch(r"[A-Za-z_][\w.:-]*", n)]:
            del element.attrib[name]
    body.tag = tag
    return _copied(body)


_NAME = re.compile(r"(?:\{[^{}]*\})?[^\W\d][\w.-]*")
"""A name of an attribute that XML can carry; HTML takes nearly any, such as `x:y`."""


def _copied(element: ET.Element) -> Element:
    """A tree of the standard library as one of lxml; formulas stand in their own namespace."""
    space = element.tag[1:].partition("}")[0] if element.tag.startswith("{") else None
    given = {name: value for name, value in element.attrib.items() if _NAME.fullmatch(name)}
    copy = etree.Element(element.tag, given, nsmap={None: space} if space else None)
    copy.text = element.text
    for child in element:
        inner = _copied(child)
        inner.tail = child.tail
        copy.append(inner)
    return copy


def serialise(element: Element) -> str:
    """XHTML of one element, without its tail; empty elements are closed as HTML readers expect."""
    for child in element.iter(etree.Element):
        if len(child) == 0 and not child.text and child.tag not in VOID:
            child.text = ""
    return etree.tostring(element, encoding="unicode", with_tail=False)


def as_html(markup: str) -> str:
    """Markup that `serialise` wrote, in the syntax of HTML: void elements without a slash.

    MathML and SVG keep their XML form, as HTML allows.
    """
    return _VOID_TAG.sub(r"<\1>", markup)


_VOID_TAG = re.compile(rf"<((?:{'|'.join(sorted(VOID))})\b[^<>]*?)\s*/>")


_BLOCKS = frozenset(
    """address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6
    header hr li main nav ol p pre section table td th tr ul""".split()
)


def text_of(element: Element, leaving_out: str = "") -> str:
    """The text a reader sees in an element, white space folded.

    MathML's TeX is left out, and the elements of the class `leaving_out`.
    """
    return fold("".join(_texts(element, leaving_out)))


def _texts(element: Element, leaving_out: str) -> Iterator[str]:
    if not isinstance(element.tag, str) or etree.QName(element).localname == "annotation":
        return
    if leaving_out and has_class(element, leaving_out):
        return
    block = element.tag in _BLOCKS
    if block:
        yield " "
    if element.text:
        yield element.text
    for child in element:
        yield from _texts(child, leaving_out)
        if child.tail:
            yield child.tail
    if block:
        yield " "


def fold(text: str) -> str:
    """White space folded to single spaces; no-break spaces count as spaces."""
    return " ".join(text.split())


def has_class(element: Element, name: str) -> bool:
    """Whether the element's class attribute holds `name`."""
    return name in (element.get("class") or "").split()


def with_class(root: Element, name: str) -> list[Element]:
    """All elements under `root` of that class, in document order."""
    return [element for element in root.iter(etree.Element) if has_class(element, name)]


def article_of(body: Element) -> Element:
    """The article in the `body` of the resolved tree."""
    article = body.find("article")
    assert article is not None
    return article


def title_block_of(body: Element) -> Element | None:
    """The title block in the `body` of the resolved tree, where it is more than plain words."""
    return body.find("div")


def is_bibliography(element: Element) -> bool:
    """Whether an element is the section of a bibliography: that of the work, or of a chapter."""
    return (
        element.tag == "section"
        and has_class(element, "references")
        and any(has_class(child, "entries") for child in element)
    )


def make(tag: str, *children: Element | str, **attributes: str) -> Element:
    """A new element; `class_` stands for class, and underscores for hyphens."""
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    return E(tag, *children, **named)


def replace_with(old: Element, new: Iterable[Element | str]) -> None:
    """Put `new` in the place of `old`, keeping the text that follows it."""
    parent = old.getparent()
    assert parent is not None
    index = parent.index(old)
    tail = old.tail or ""
    old.tail = None
    parent.remove(old)
    for item in new:
        if isinstance(item, str):
            _append_text(parent, index, item)
        else:
            parent.insert(index, item)
            index += 1
    _append_text(parent, index, tail)


def unwrap(element: Element) -> None:
    """Remove an element, leaving what it holds in its place."""
    parent = element.getparent()
    assert parent is not None
    index = parent.index(element)
    children = list(element)
    text, tail = element.text or "", element.tail or ""
    element.tail = None
    parent.remove(element)
    _append_text(parent, index, text)
    for child in children:
        parent.insert(index, child)
        index += 1
    _append_text(parent, index, tail)


def remove(element: Element) -> None:
    """Remove an element and what it holds, keeping the text that follows it."""
    replace_with(element, ())


def _append_text(parent: Element, index: int, text: str) -> None:
    if not text:
        return
    if index == 0:
        parent.text = (parent.text or "") + text
    else:
        before = parent[index - 1]
        before.tail = (before.tail or "") + text
