"""The text of a page as a typesetter wants to know it before any typeface is chosen.

In: a page's markup. Out: its text by language, and what of it stands in code, or bold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lxml import etree


@dataclass(frozen=True, slots=True)
class UsedText:
    """Text to be set.

    `texts` has for each language (BCP 47) what stands in it, the work's own language first. `code`
    is what stands in code, `bold` what stands in bold type, in whatever language.
    """

    texts: Mapping[str, str]
    code: str = ""
    bold: str = ""

    def joined_by(self, drawn: str) -> UsedText:
        """The same with text in the work's own language, of which any may be bold."""
        texts = dict(self.texts)
        if texts and drawn:
            texts[next(iter(texts))] += drawn
        return replace(self, texts=texts, bold=self.bold + drawn)


def used_text_in(markup: str, language: str) -> UsedText:
    """The text of a page, or of a part of one, in a work of a language.

    The markup is XHTML, with or without its namespace. Raises `lxml.etree.XMLSyntaxError` where it
    is not well-formed.
    """
    root = etree.fromstring(f"<body {_PREFIXES}>{markup}</body>", _PARSER)
    texts: dict[str, list[str]] = {language: []}
    code: list[str] = []
    bold: list[str] = []
    for text, style in _passages(root, _Style(language)):
        texts.setdefault(style.language, []).append(text)
        if style.code:
            code.append(text)
        if style.bold:
            bold.append(text)
    joined = {name: "".join(pieces) for name, pieces in texts.items()}
    return UsedText(joined, "".join(code), "".join(bold))


def text_in_drawing(svg: bytes) -> str:
    """All that is written in a drawing, shown or not."""
    return "".join(map(str, etree.fromstring(svg, _PARSER).itertext(etree.Element)))


@dataclass(frozen=True, slots=True)
class _Style:
    """What holds for a passage of text."""

    language: str
    code: bool = False
    bold: bool = False


def _passages(element: etree._Element, above: _Style) -> Iterator[tuple[str, _Style]]:
    """Each run of text in an element, in order, with what holds for it."""
    if not isinstance(element.tag, str):
        return  # a comment
    style = _style_of(element, above)
    if element.text:
        yield element.text, style
    for child in element:
        yield from _passages(child, style)
        if child.tail:
            yield child.tail, style


def _style_of(element: etree._Element, above: _Style) -> _Style:
    tag = etree.QName(element).localname
    classes = element.get("class", "").split()
    return replace(
        above,
        language=element.get("lang") or above.language,
        code=above.code or tag in ("code", "pre"),
        bold=above.bold or tag in _BOLD or not _BOLD_CLASSES.isdisjoint(classes),
    )


_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
_PREFIXES = 'xmlns:epub="http://www.idpf.org/2007/ops"'
"""What a part of an e-book uses and its page declares."""
_BOLD = frozenset("h1 h2 h3 h4 h5 h6 strong b th tfoot dt".split())
_BOLD_CLASSES = frozenset("title label topic callout-title notemark kw cf im pp".split())
"""What the style sheets set in bold."""
