"""The words of an article in JATS: inlines of the resolved tree with JATS names.

In: elements of `Edition.body`. Out: elements of NISO JATS 1.4 (ANSI/NISO Z39.96-2024, Journal
Publishing). Where JATS has no such element, the words remain.
"""

from __future__ import annotations

import re

from lxml import etree

from triptych.addresses import encoded
from triptych.tree import Element, has_class

XLINK = "http://www.w3.org/1999/xlink"
MATHML = "http://www.w3.org/1998/Math/MathML"
ALI = "http://www.niso.org/schemas/ali/1.0/"
NAMESPACES = {"xlink": XLINK, "mml": MATHML, "ali": ALI}
HREF = f"{{{XLINK}}}href"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_GRAPHIC = frozenset({"inline-graphic", "inline-formula"})
_INLINE = {
    "em": "italic", "i": "italic", "cite": "italic", "dfn": "italic", "var": "italic",
    "strong": "bold", "b": "bold", "code": "monospace", "kbd": "monospace", "samp": "monospace",
    "tt": "monospace", "sub": "sub", "sup": "sup", "u": "underline", "ins": "underline",
    "s": "strike", "del": "strike", "strike": "strike",
}  # fmt: skip


def new(tag: str, text: str = "", **attributes: str) -> Element:
    """A new JATS element. Underscores in names stand for hyphens."""
    element = etree.Element(tag, nsmap=NAMESPACES)
    element.text = text or None
    for name, value in attributes.items():
        element.set(name.rstrip("_").replace("_", "-"), value)
    return element


def xml_id(name: str) -> str:
    """An id as XML allows it: other characters are replaced by their numbers."""
    return re.sub(r"[^A-Za-z0-9._\-\u00b7\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u037d\u037f-\u1fff"
                  r"\u203f\u2040\u2c00-\u2fef\u3001-\ud7ff\U00010000-\U000effff]",
                  lambda found: f"_x{ord(found[0]):X}_", name)  # fmt: skip


def into(target: Element, node: Element) -> Element:
    """Write the content of `node` into `target` as inlines."""
    say(target, node.text)
    for child in node:
        if isinstance(child.tag, str):
            inline(target, child)
        say(target, child.tail)
    return target


def say(target: Element, text: str | None) -> None:
    """Write letters at the end of `target`."""
    if not text:
        return
    if len(target):
        target[-1].tail = (target[-1].tail or "") + text
    else:
        target.text = (target.text or "") + text


_WRAPPED = {
    "ext-link": _GRAPHIC | {"ext-link", "xref"}, "xref": _GRAPHIC | {"ext-link", "xref"},
    "mixed-citation": {"xref"}, "preformat": _GRAPHIC | {"xref"}, "verse-line": {"ext-link"},
}  # fmt: skip
"""Inlines that an element may hold only inside a `<named-content>`."""


def _put(target: Element, child: Element) -> None:
    """Write an element at the end of `target`."""
    if child.tag in _WRAPPED.get(str(target.tag), ()):
        target.append(new("named-content", content_type="inline"))
        target = target[-1]
    target.append(child)


def inline(target: Element, node: Element) -> None:
    """Write one inline at the end of `target`; of any other element, only its content."""
    tag = etree.QName(node).localname
    href = node.get("href")
    if tag == "math":
        _math(target, node)
    elif tag == "img":
        _put(target, graphic(node, "inline-graphic"))
    elif tag == "br":
        if target.tag in ("title", "article-title", "td", "th"):
            target.append(new("break"))
        else:
            say(target, " ")
    elif tag == "a" and href is not None:
        _put(target, into(named(_link(href), node), node))
    elif tag in _INLINE:
        target.append(into(named(new(_INLINE[tag]), node), node))
    elif has_class(node, "smallcaps"):
        target.append(into(named(new("sc"), node), node))
    elif has_class(node, "cluster"):
        cluster = new("named-content", content_type="citation")
        target.append(into(named(cluster, node), node))
    elif node.get("id") or node.get("lang"):
        kind = "language" if node.get("lang") else "place"
        target.append(into(named(new("named-content", content_type=kind), node), node))
    else:
        into(target, node)


def named(element: Element, node: Element) -> Element:
    """Give an element the id and the language of its node in the tree."""
    if node.get("id"):
        element.set("id", xml_id(node.get("id", "")))
    if node.get("lang"):
        element.set(LANG, node.get("lang", ""))
    return element


def _link(href: str) -> Element:
    if not href.startswith("#"):
        return external(href)
    return new("xref", rid=xml_id(href[1:]))


def external(url: str, text: str = "") -> Element:
    """A link out of the work."""
    link = new("ext-link", text, ext_link_type="uri")
    link.set(HREF, encoded(url))
    return link


def _math(target: Element, node: Element) -> None:
    display = node.get("display") == "block" and target.tag == "p"
    formula = new("disp-formula" if display else "inline-formula")
    formula.append(math_forms(node))
    _put(target, formula)


def math_forms(node: Element) -> Element:
    """A formula as MathML, and as TeX if it was written in TeX."""
    tex = node.get("data-tex")
    if not tex:
        return mathml(node)
    forms = new("alternatives")
    forms.extend([mathml(node), new("tex-math", tex)])
    return forms


def mathml(node: Element) -> Element:
    """MathML with the prefix that the DTD prescribes, `mml`."""
    copy = etree.Element(f"{{{MATHML}}}{etree.QName(node).localname}", nsmap=NAMESPACES)
    copy.text, copy.tail = node.text, node.tail
    for name, value in node.attrib.items():
        if name not in ("class", "style", "data-tex", "data-language"):
            copy.set(name, value)
    copy.extend([mathml(child) for child in node if isinstance(child.tag, str)])
    if etree.QName(node).localname == "math":
        copy.tail = None
    return copy


def graphic(node: Element, tag: str) -> Element:
    """An image, with its alternative text; `src` is a data URI (RFC 2397)."""
    source = node.get("src", "")
    shown = named(new(tag), node)
    kind = re.match(r"data:([^/;,]+)/([^;,]+)", source)
    if kind:
        shown.set("mimetype", kind[1])
        shown.set("mime-subtype", kind[2])
    shown.set(HREF, source)
    if node.get("alt"):
        shown.append(new("alt-text", node.get("alt", "")))
    return shown
