"""The wording of an edition: its running text, links and places, from the resolved tree.

This is what all finished files must say, letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from lxml import etree

from triptych.list_items import list_items
from triptych.text import EmphasisKind, FormulaPartKind, Scribe, Text
from triptych.tree import Element, text_of, title_block_of, with_class

_BLOCKS = frozenset(
    """address article aside blockquote br caption center dd details div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody
    td tfoot th thead tr ul""".split()
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_WORDLESS = frozenset("annotation annotation-xml img script style svg".split())
_EMPHASIS: Mapping[str, EmphasisKind] = {
    **dict.fromkeys(("cite", "dfn", "em", "i", "var"), "italic"),
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("del", "s"), "struck"),
    **dict.fromkeys(("ins", "u"), "underlined"),
    ".smallcaps": "small-capitals",
    "sub": "subscript",
    "sup": "superscript",
}
"""What elements, and classes with a dot, mean for their letters."""
_ROLES: Mapping[str, str] = {
    **{f"h{level}": f"heading-{level}" for level in range(1, 7)},
    **dict.fromkeys(("caption", "figcaption"), "caption"),
    **dict.fromkeys(("math", ".tex"), "formula"),
    "address": "address", "blockquote": "quotation", "dt": "term", "tfoot": "foot", "th": "head",
    **{f".{name}": name
       for name in "callout-title chapter-byline label number statement topic".split()},
    ".noteref": "note-mark",
    **{f".{name}": f"code-{name}"
       for name in "al an at bn bu cf ch cn co cv do dt dv er ex fl fu im in kw op ot pp re sc ss "
                   "st va vs wa".split()},
}  # fmt: skip
"""What a design may set in a type of its own, by the same names: bold headings, for example."""
_OURS = re.compile(
    r"\.(?:cluster|xref|entry|entries|references|hanging|numbered-.*|labelled|nocase|csl-.*|level\d|notes?|caption|indexed|"
    r"panels|tables|listing|side-by-side|align-.*|sourceCode|math|smallcaps|uri|email)"
)
"""Classes that no design sets in another type. Those of the author's own, a design may know."""


_ROOTS = frozenset(("msqrt", "mroot"))
"""Elements of MathML that add a sign of their own."""
_FORMULA_PARTS: Mapping[str, tuple[FormulaPartKind, ...]] = {
    "mfrac": ("numerator", "denominator"), "mroot": ("radicand", "index"),
    "msup": ("base", "superscript"), "msub": ("base", "subscript"),
    "msubsup": ("base", "subscript", "superscript"),
    "mover": ("base", "over"), "munder": ("base", "under"), "munderover": ("base", "under", "over"),
}  # fmt: skip
"""What the children of elements of MathML are, in their order."""
_FORMULA_WHOLES: Mapping[str, FormulaPartKind] = {
    "msqrt": "radicand", "mtr": "row", "mtd": "cell",
}  # fmt: skip
"""What all that is in an element of MathML is."""


def article_text(body: Element) -> Text:
    """The article, followed by the bibliography."""
    scribe = Scribe()
    for part in body:
        if part.get("id") != "notes" and part is not title_block_of(body):
            _read(part, scribe)
    return scribe.text()


def title_text(body: Element) -> Text:
    """The title block, where it is more than plain words. The title is not one of its headings."""
    block = title_block_of(body)
    if block is None:
        return Text()
    scribe = Scribe()
    _read(block, scribe)
    text = scribe.text()
    return replace(text, parts=tuple(part for part in text.parts if part.level != 1))


def notes_text(body: Element) -> Text:
    """The notes, one after another. Each is a place with its id."""
    scribe = Scribe()
    for note in with_class(body, "note"):
        _read(note, scribe)
    return scribe.text()


def headings(body: Element) -> tuple[str, ...]:
    """The headings of the work and of its tables' columns, which a page may repeat."""
    return tuple(
        text
        for element in body.iter(*_HEADINGS, "th")
        if (text := text_of(element, leaving_out="noteref"))
    )


def _read(element: Element, scribe: Scribe) -> None:
    if not isinstance(element.tag, str):
        return
    tag = etree.QName(element).localname
    if tag in _WORDLESS:
        if element.get("id"):
            scribe.name(scribe.at, element.get("id", ""))
        return
    block = tag in _BLOCKS
    if block:
        scribe.gap("block")
    start = scribe.at
    if tag in _ROOTS:
        scribe.write("√")
    inside = scribe.at
    scribe.write(element.text or "")
    said = dict(list_items(element)) if tag in ("ol", "ul") else {}
    parts = _formula_parts(element, tag)
    for number, child in enumerate(element):
        scribe.item(said.get(child, ""))
        begun = scribe.at
        _read(child, scribe)
        if number < len(parts) and (part := parts[number]):
            scribe.formula_part(begun, part)
        scribe.write(child.tail or "")
    if tag in _FORMULA_WHOLES:
        scribe.formula_part(inside, _FORMULA_WHOLES[tag])
    if tag == "a" and element.get("href"):
        target = element.get("href", "")
        scribe.link(start, target.removeprefix("#"))
    if element.get("id"):
        scribe.name(start, element.get("id", ""))
    names = [tag, *(f".{name}" for name in element.get("class", "").split())]
    for name in names:
        if name in _EMPHASIS:
            scribe.emphasis(start, _EMPHASIS[name])
    for name in names:
        if name in _ROLES or (name[0] == "." and not _OURS.fullmatch(name)):
            scribe.role(start, _ROLES.get(name, f"class-{name[1:]}"))
    if "vertical-align" in element.get("style", ""):
        scribe.role(start, "of-own-height")
    if tag == "abbr" and element.get("title"):  # often with a dotted line under it
        scribe.role(start, "abbreviation")
    if tag in ("figcaption", "caption"):
        scribe.part(start, "caption")
    elif tag in _HEADINGS:
        scribe.part(start, "heading", int(tag[1]))
    if block:
        scribe.gap("block")


def _formula_parts(element: Element, tag: str) -> tuple[FormulaPartKind | None, ...]:
    """What the children of an element are in a formula, which is a row of them if it is none."""
    if tag == "mmultiscripts":
        return tuple(_multiscripts(element))
    parts = _FORMULA_PARTS.get(tag, ())
    if tag == "mfrac" and re.fullmatch(r"0[a-z]*", element.get("linethickness", "")):
        parts = ("upper", "lower")
    return parts if len(parts) == len(element) else ()


def _multiscripts(element: Element) -> Iterator[FormulaPartKind | None]:
    """Behind the base, and before it, lower and upper scripts take turns (MathML Core, 3.4.3)."""
    low: FormulaPartKind
    high: FormulaPartKind
    low, high, count = "subscript", "superscript", 0
    for number, child in enumerate(element):
        if etree.QName(child).localname == "mprescripts":
            low, high, count = "presubscript", "presuperscript", 0
            yield None
        elif number == 0:
            yield "base"
        else:
            yield high if count % 2 else low
            count += 1
