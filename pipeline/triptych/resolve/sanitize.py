"""Sanitizing raw HTML: of the author's HTML, what all editions can carry is kept.

In: the tree that pandoc made, with the author's own HTML in it. Out: the same without scripts,
forms, embedded pages and styles that hide text. Words are kept, and what is left out is reported.
A class of the author's own with the name of one of ours is taken off (docs/resolved-tree.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import bidirectional
from urllib.parse import quote

from lxml import etree

from triptych.diagnostics import Diagnostic
from triptych.resolve.foreign import LANGUAGES, XHTML, adopt, sanitize_foreign
from triptych.resolve.source_map import SourceMap
from triptych.tree import Element, make, remove, replace_with, unwrap

_KEPT = frozenset(
    """a abbr address article aside b bdi bdo blockquote body br caption cite code col colgroup dd
    del dfn div dl dt em embed figcaption figure h1 h2 h3 h4 h5 h6 hr i img input ins kbd label li
    mark ol p pre q s samp section small span strong sub sup table tbody td tfoot th
    thead time tr u ul var wbr""".split()
)
_BECOMES = {
    "acronym": "abbr", "big": "span", "center": "div", "details": "div", "dir": "ul",
    "fieldset": "div", "font": "span", "footer": "div", "header": "div", "hgroup": "div",
    "legend": "p", "main": "div", "nav": "div", "nobr": "span", "strike": "s", "summary": "p",
    "tt": "code",
}  # fmt: skip
"""Elements that only lay out, or that would hide their content."""
_SHOWS_ANOTHER = frozenset("audio frame iframe object video".split())
_DROPPED = frozenset(
    """applet base button canvas datalist dialog form frameset head link map meta meter noscript
    optgroup option param progress script select source style svg template textarea title
    track""".split()
)
_OF_ALL = frozenset("class dir id lang role style title".split())
_OF_SOME = {
    "alt": "img embed", "checked": "input", "cite": "blockquote del ins q", "colspan": "td th",
    "datetime": "del ins time", "disabled": "input", "height": "img embed col", "href": "a",
    "reversed": "ol", "rowspan": "td th", "scope": "th", "span": "col colgroup", "src": "img embed",
    "start": "ol", "type": "input ol", "value": "data li", "width": "img embed col",
}  # fmt: skip
"""Attributes that some elements may bear (HTML, by element)."""
_VALUES = {
    "dir": re.compile("ltr|rtl|auto"),
    "lang": re.compile("(?:[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*)?"),
    "rowspan": re.compile(r"\d+"), "colspan": re.compile(r"\d+"),
    "start": re.compile("-?[0-9]{1,9}"), "value": re.compile("-?[0-9]{1,9}"),
    "scope": re.compile("row|col|rowgroup|colgroup"),
    "type": re.compile("[1aAiI]|checkbox"),
}  # fmt: skip
"""What the value of an attribute may be, where not every text is one."""
_DATA = re.compile(r"data-[a-z][a-z0-9._-]*")
_STYLES = frozenset("text-align width height vertical-align list-style-type".split())
OF_PASSES = frozenset(
    """callout-title caption credit entries entry equation-number equation-numbers hanging indexed
    labelled note noteref notes number numbered-2 numbered-3 tex""".split()
)
"""Classes that only later passes give. Before them, such a class is the author's."""
MARKED = {
    "callout": "data-kind", "cluster": "data-citations", "equation": "data-labels",
    "formula": "data-tex", "side-by-side": "data-shares", "statement": "data-kind",
    "told": "data-told-code", "xref": "data-keys",
}  # fmt: skip
"""Classes that the filters give, each with the attribute that always comes with it."""
_ADDRESS = re.compile(r"(?:https?|ftps?|mailto|tel|doi|urn|xmpp|ircs?|geo|sip):", re.I)


def sanitize_html(body: Element, language: str, source_map: SourceMap) -> Iterator[Diagnostic]:
    """Leave in `body` what all editions can carry, and report what is left out.

    `language` is the work's, in which drawings are shown.
    """
    for comment in list(body.iter(etree.Comment, etree.PI)):
        remove(comment)
    for element in list(body.iter(*LANGUAGES)):
        adopt(element)
    for element in list(body.iter(etree.Element)):
        if element is body or not _is_within(element, body):
            continue
        if str(element.tag).startswith(XHTML):  # HTML after all, under a name of its own
            element.tag = etree.QName(element).localname
        tag = str(element.tag)
        if tag.startswith("{"):
            for found, message in sanitize_foreign(element, language):
                yield _told(found, message, source_map)
            continue
        if tag in _DROPPED or tag in _SHOWS_ANOTHER or _asks(element):
            yield _told(f"<{tag}", f"the HTML element {tag} is left out", source_map)
            source = element.get("src") or element.get("data") or _source_within(element)
            linked = tag in _SHOWS_ANOTHER and source and _ADDRESS.match(source)
            replace_with(element, [make("a", source, href=source)] if linked else [])
            continue
        if tag in _BECOMES:
            element.tag = _BECOMES[tag]
        elif tag not in _KEPT:
            yield _told(
                f"<{tag}", f"the HTML element {tag} is not known; its words stay", source_map
            )
            unwrap(element)
            continue
        _drop_reserved_classes(element)
        yield from _sanitize_attributes(element, source_map)
        if tag == "a":
            yield from _sanitize_link(element, source_map)


def _is_within(element: Element, body: Element) -> bool:
    """Whether an element is still in the tree, and not part of a formula or a drawing."""
    for around in element.iterancestors():
        if around is body:
            return True
        if str(around.tag).startswith("{"):
            return False
    return False


def _asks(element: Element) -> bool:
    """Whether an input is anything other than the box of a task list."""
    return element.tag == "input" and element.get("type") != "checkbox"


def _source_within(element: Element) -> str:
    return next((inner.get("src", "") for inner in element.iter("source", "embed")), "")


def _told(found: str, message: str, source_map: SourceMap) -> Diagnostic:
    offset = source_map.next(found)
    if offset is None and found.startswith("<"):  # under another name, such as `x:script`
        offset = source_map.next(f":{found[1:]}")
    return source_map.diagnostic(offset, "html-dropped", message, "write it in Markdown", "warning")


def _drop_reserved_classes(element: Element) -> None:
    """Take off the author's classes that later passes would take for ours."""
    given = (element.get("class") or "").split()
    kept = [
        name
        for name in given
        if name not in OF_PASSES and (name not in MARKED or element.get(MARKED[name]) is not None)
    ]
    if kept != given:
        element.set("class", " ".join(kept))
        if not kept:
            del element.attrib["class"]


def _sanitize_attributes(element: Element, source_map: SourceMap) -> Iterator[Diagnostic]:
    tag = str(element.tag)
    if tag == "a" and element.get("name") and not element.get("id"):
        element.set("id", element.get("name", ""))
    for name, value in list(element.attrib.items()):
        local = etree.QName(name).localname.lower()
        if local.startswith("on") and name != "on":
            yield _told(f"{name}=", f"the event handler {name} is left out", source_map)
        kept = local in _OF_ALL or tag in _OF_SOME.get(local, "").split()
        kept = kept or bool(_DATA.fullmatch(name)) or local.startswith("aria-")
        if local in _VALUES and not _VALUES[local].fullmatch(value.strip()):
            kept = False
        if name == "dir" and value == "rtl" and not _runs_from_the_right(element):
            kept = False
        if not kept or name.startswith("{"):
            del element.attrib[name]
        elif name == "style":
            _sanitize_style(element, value)


def _runs_from_the_right(element: Element) -> bool:
    """Whether an element holds letters that run from the right; others would be out of order."""
    return any(bidirectional(sign) in ("R", "AL") for text in element.itertext() for sign in text)


def _sanitize_style(element: Element, written: str) -> None:
    declared = (declaration.partition(":") for declaration in written.split(";"))
    kept = [
        f"{name.strip()}: {value.strip()}"
        for name, _, value in declared
        if name.strip().lower() in _STYLES and re.fullmatch(r"[\s\w.%-]+", value)
    ]
    if kept:
        element.set("style", "; ".join(kept))
    else:
        del element.attrib["style"]


def _sanitize_link(link: Element, source_map: SourceMap) -> Iterator[Diagnostic]:
    """Keep a link to a place in the work, or to an address that works from anywhere."""
    href = (link.get("href") or "").strip()
    if href and next(link.iterdescendants("a"), None) is not None:  # HTML has no link in a link
        yield _told("<a", "the link around another link is left out; its words stay", source_map)
        del link.attrib["href"]
        return
    if href.startswith("www."):
        href = f"https://{href}"
    if href.startswith("#") or not href:
        return
    if not _ADDRESS.match(href):
        yield source_map.diagnostic(
            source_map.next_address(href), "link-lost",
            f"the link to {href} leads nowhere from an edition; its words stay",
            "give an address that begins with https://", "warning",
        )  # fmt: skip
        del link.attrib["href"]
        if not link.get("id"):
            unwrap(link)
        return
    link.set("href", quote(href, safe="%/:=&?~#+!$,;'@()*[]-._"))
