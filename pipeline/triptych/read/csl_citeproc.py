"""A citation style as pandoc's citeproc is to read it.

In: a CSL style, and the language of a work. Out: the style with the terms that citeproc lacks in
that language, with more labels by which places in works are known, and with `et al.` everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

_CSL = "{http://purl.org/net/xbiblio/csl}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_FORMS = ("short", "verb", "verb-short", "symbol")
_LABELS = {
    "book": "book/books bk./bks.",
    "chapter": "chapter/chapters chap./chaps. ch./chs. ch/chs",
    "column": "column/columns col./cols.",
    "figure": "figure/figures fig./figs.",
    "folio": "folio/folios fol./fols. fo./fos.",
    "line": "line/lines l./ll.",
    "note": "note/notes n./nn.",
    "opus": "opus/opera op./opp.",
    "page": "page/pages p./pp. pg./pgs.",
    "paragraph": "paragraph/paragraphs para./paras. par./pars. ¶/¶¶",
    "part": "part/parts pt./pts.",
    "section": "section/sections sec./secs. sect./sects. §/§§",
    "verse": "verse/verses v./vv.",
    "volume": "volume/volumes vol./vols.",
}
"""English labels of places in works, singular and plural, by their term in CSL 1.0.2, "Locators".

They are known beside those of the work's language: of `ch.` and `chap.` each English knows one.
"""


@dataclass(frozen=True, slots=True)
class Delimiters:
    """What stands between two works in a bracket of citations: any, and two of one author."""

    works: str
    group: str


def delimiters_of(style: bytes) -> Delimiters:
    """What a style puts between citations (CSL 1.0.2, "Cite grouping")."""
    root = etree.fromstring(style, etree.XMLParser(resolve_entities=False, no_network=True))
    citation = root.find(f"{_CSL}citation")
    layout = None if citation is None else citation.find(f"{_CSL}layout")
    if citation is None or layout is None:
        return Delimiters("", "")
    works = layout.get("delimiter", "")
    collapsed = ", " if citation.get("collapse") else works
    return Delimiters(works, citation.get("cite-group-delimiter", collapsed))


def for_citeproc(style: bytes, language: str, terms: Mapping[str, tuple[str, ...]]) -> bytes:
    """A style made ready for a work in a language (BCP 47); `terms` are those citeproc lacks."""
    root = etree.fromstring(style, etree.XMLParser(resolve_entities=False, no_network=True))
    own = _own_terms(root, language)
    locales = [_labels(language)]
    if terms:
        locales.insert(0, _locale(language, terms, own))
    for number, locale in enumerate(locales, 1):  # after cs:info
        root.insert(number, locale)
    if root.get("et-al-min") is None:
        # Citeproc prints `et al.` for names left out only where it may leave out names itself;
        # so many as here no work has.
        root.set("et-al-min", "1000")
        root.set("et-al-use-first", "1")
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _own_terms(root: etree._Element, language: str) -> set[tuple[str | None, str | None]]:
    """The names and forms of a style's own terms in a language."""
    return {
        (term.get("name"), term.get("form"))
        for locale in root.iterfind(f"{_CSL}locale")
        if (locale.get(_XML_LANG) or language).split("-")[0] == language.split("-")[0]
        for term in locale.iter(f"{_CSL}term")
    }


def _labels(language: str) -> etree._Element:
    """A locale with labels of places: citeproc knows one by any form of its term.

    They stand as verbs, a form of such terms that no style prints.
    """
    locale = etree.Element(f"{_CSL}locale", {_XML_LANG: language})
    held = etree.SubElement(locale, f"{_CSL}terms")
    for name, labels in _LABELS.items():
        for label in labels.split():
            term = etree.SubElement(held, f"{_CSL}term", {"name": name, "form": "verb"})
            for number, word in zip(("single", "multiple"), label.split("/"), strict=True):
                etree.SubElement(term, f"{_CSL}{number}").text = word
    return locale


def _locale(
    language: str, terms: Mapping[str, tuple[str, ...]], own: set[tuple[str | None, str | None]]
) -> etree._Element:
    """A locale with terms that a style has not itself.

    A term's name may be followed by its form (CSL 1.0.2, `cs:locale`, `cs:term`); a style's own
    locale comes before the processor's.
    """
    locale = etree.Element(f"{_CSL}locale", {_XML_LANG: language})
    etree.SubElement(locale, f"{_CSL}style-options", {"punctuation-in-quote": "false"})
    if "month-01" in terms:
        when = etree.SubElement(locale, f"{_CSL}date", {"form": "text"})
        for part in ("day", "month", "year"):
            etree.SubElement(when, f"{_CSL}date-part", {"name": part, "suffix": " "})
        when[-1].attrib.pop("suffix")
    held = etree.SubElement(locale, f"{_CSL}terms")
    for key, words in terms.items():
        name, _, form = key.rpartition(" ")
        attributes = {"name": name, "form": form} if form in _FORMS and name else {"name": key}
        if (attributes["name"], attributes.get("form")) in own:
            continue
        term = etree.SubElement(held, f"{_CSL}term", attributes)
        if len(words) == 1:
            term.text = words[0]
        else:
            for number, word in zip(("single", "multiple"), words, strict=True):
                etree.SubElement(term, f"{_CSL}{number}").text = word
    return locale
