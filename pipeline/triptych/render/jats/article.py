"""JATS: the article as XML that archives and indexers read.

In: an `Edition`. Out: a file of the Journal Publishing tag set, NISO JATS 1.4 (ANSI/NISO
Z39.96-2024), UTF-8. Its words, ids and numbers are those of the other formats.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from lxml import etree

from triptych.addresses import doi_of
from triptych.edition import Edition
from triptych.people import Contributor
from triptych.render.jats.body import ALIAS, LEVEL, blocks, fill, lift, paragraphs
from triptych.render.jats.inline import ALI, HREF, LANG, into, new, xml_id
from triptych.render.jats.references import reference_list
from triptych.render.parts import bibliographies, body_of, title_of
from triptych.text import Text
from triptych.tree import Element, replace_with, unwrap, with_class

_DOCTYPE = (
    '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Publishing DTD with MathML3 '
    'v1.4 20241031//EN" "JATS-journalpublishing1-4-mathml3.dtd">'
)
_KINDS = {
    "aff": "aff", "disp-formula": "disp-formula", "fig": "fig", "fig-group": "fig", "fn": "fn",
    "list": "list", "ref": "bibr", "sec": "sec", "table-wrap": "table",
}  # fmt: skip
"""The value of a link's `ref-type`, by the element that the link leads to."""
_FRAMES = frozenset(
    """abstract article article-meta back body boxed-text caption citation-alternatives contrib
    contrib-group counts def def-item def-list disp-quote element-citation fig fig-group fn
    fn-group front journal-meta kwd-group list list-item permissions person-group ref ref-list sec
    table table-wrap tbody thead title-group tr verse-group""".split()
)
"""Elements that hold only elements, so that white space in them is not part of the text."""


def render_jats(edition: Edition) -> bytes:
    """Render the article as JATS. The same edition gives the same bytes."""
    article, notes, references = body_of(edition)
    title = title_of(edition)
    for part in (title, article, notes):
        if part is not None:
            for row in with_class(part, "side-by-side"):  # JATS does not describe layout
                unwrap(row)
            _embed_images(part, edition)
            lift(part)
    for section in bibliographies(article):
        replace_with(section, [reference_list(section, edition)])
    root = new("article", article_type="research-article", dtd_version="1.4")
    root.set(LANG, edition.record.language)
    body = fill(new("body"), article)
    root.append(_front(edition, title, body))
    root.append(body)
    back = new("back")
    if references is not None:
        back.append(reference_list(references, edition))
    if notes is not None:
        back.append(_notes(notes, edition))
    if len(back):
        root.append(back)
    etree.strip_attributes(root, LEVEL)
    _resolve_links(root)
    _break_lines(root)
    etree.cleanup_namespaces(root, keep_ns_prefixes=["xlink", "mml", "ali"])
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, doctype=_DOCTYPE) + b"\n"


def _embed_images(part: Element, edition: Edition) -> None:
    """Embed the images in the file, as in the web edition."""
    for element in part.iter("img"):
        image = edition.image(element.get("src", ""))
        data = base64.b64encode(image.data).decode()
        element.set("src", f"data:{image.media_type};base64,{data}")


def _resolve_links(root: Element) -> None:
    """Write into each link what it leads to. Keep only the words of a link without a target."""
    places: dict[str | None, Element] = {}
    for element in root.iter(etree.Element):
        for name in (element.get("id"), *element.attrib.pop(ALIAS, "").split()):
            places.setdefault(name, element)
    for link in root.iter("xref"):
        place = places.get(link.get("rid"))
        if place is None:
            link.tag = "named-content"
            link.set("content-type", "link")
            del link.attrib["rid"]
        else:
            link.set("rid", place.get("id", ""))
            link.set("ref-type", _KINDS.get(str(place.tag), "other"))


def _break_lines(root: Element) -> None:
    """Begin a new line at each child of elements without words, so that lines can be named."""
    for frame in root.iter(*_FRAMES):
        frame.text = "\n"
        for part in frame:
            part.tail = "\n"


def _notes(notes: Element, edition: Edition) -> Element:
    numbers = {note.id: note.number for note in edition.ledger.notes}
    group = new("fn-group")
    for note in with_class(notes, "note"):
        name = note.get("id", "")
        footnote = new("fn", id=xml_id(name))
        footnote.append(new("label", numbers.get(name, "")))
        footnote.extend(paragraphs(blocks(note)))
        if len(footnote) == 1:
            footnote.append(new("p"))
        group.append(footnote)
    return group


# --- Before the text -----------------------------------------------------------------------------


def _front(edition: Edition, title: Element | None, body: Element) -> Element:
    front = new("front")
    front.append(_journal(edition))
    meta = new("article-meta")
    meta.extend(_article_meta(edition, title, body))
    front.append(meta)
    return front


def _journal(edition: Edition) -> Element:
    """The journal, which the tag set requires, as far as the edition record names one."""
    journal = new("journal-meta")
    publisher = edition.record.publisher
    journal.append(new("journal-id", publisher or edition.name, journal_id_type="publisher-id"))
    journal.append(new("issn"))
    if publisher:
        journal.append(new("publisher"))
        journal[-1].append(new("publisher-name", publisher))
    return journal


def _article_meta(edition: Edition, title: Element | None, body: Element) -> Iterator[Element]:
    record = edition.record
    if doi := doi_of(record.identifier):
        yield new("article-id", doi, pub_id_type="doi")
    else:
        yield new("article-id", record.identifier, pub_id_type="publisher-id")
    yield _titles(edition, title)
    yield from _people(record.contributors)
    yield _published(record.date)
    yield from _permissions(record.rights, record.license, record.date)
    if record.summary:
        yield _abstract(None if title is None else title.find("section"), record.summary)
    if record.keywords:
        keywords = new("kwd-group", kwd_group_type="author")
        keywords.extend(new("kwd", keyword) for keyword in record.keywords)
        yield keywords
    yield _counts(edition, body)


def _titles(edition: Edition, title: Element | None) -> Element:
    """Title and subtitle, as words or as the title block has them."""
    record = edition.record
    titles = new("title-group")
    for name, words, tag in (
        ("article-title", record.title, "h1"),
        ("subtitle", record.subtitle, "p"),
    ):
        line = None if title is None else title.find(tag)
        if line is not None:
            titles.append(into(new(name), line))
        elif words:
            titles.append(new(name, words))
    return titles


def _abstract(section: Element | None, words: str) -> Element:
    """The abstract: paragraphs, then sections; whatever else there is stands in a paragraph."""
    abstract = new("abstract")
    if section is None:
        abstract.append(new("p", words))
        return abstract
    fill(abstract, section)
    for block in abstract:
        if block.tag not in ("p", "sec"):
            around = new("p")
            block.addprevious(around)
            around.append(block)
    return abstract


def _people(contributors: tuple[Contributor, ...]) -> Iterator[Element]:
    """The contributors with links to their affiliations, then the affiliations."""
    if not contributors:
        return
    places = list(dict.fromkeys(p.affiliation for p in contributors if p.affiliation))
    group = new("contrib-group")
    for person in contributors:
        contrib = new("contrib", contrib_type=person.role)
        if person.corresponding:
            contrib.set("corresp", "yes")
        if person.equal:
            contrib.set("equal-contrib", "yes")
        if person.orcid:
            orcid = f"https://orcid.org/{person.orcid}"
            contrib.append(new("contrib-id", orcid, contrib_id_type="orcid"))
        contrib.append(new("collab" if person.organisation else "string-name", person.name))
        if person.role != "author":
            contrib.append(new("role", person.role))
        if person.email:
            contrib.append(new("email", person.email))
        if person.affiliation:
            number = places.index(person.affiliation) + 1
            contrib.append(new("xref", str(number), rid=f"aff-{number}"))
        group.append(contrib)
    yield group
    for number, place in enumerate(places, 1):
        affiliation = new("aff", id=f"aff-{number}")
        affiliation.append(new("label", str(number)))
        affiliation.append(new("institution", place))
        yield affiliation


def _published(iso: str) -> Element:
    if not iso:
        return new("pub-date-not-available")
    published = new("pub-date", date_type="pub", iso_8601_date=iso)
    parts = iso.split("-")
    for name, value in reversed(list(zip(("year", "month", "day"), parts, strict=False))):
        published.append(new(name, value))
    return published


def _permissions(rights: str, licence: str, iso: str) -> Iterator[Element]:
    if not (rights or licence):
        return
    permissions = new("permissions")
    if rights:
        permissions.append(new("copyright-statement", rights))
        if iso:
            permissions.append(new("copyright-year", iso[:4]))
    if licence:
        terms = new("license")
        if re.match("https?://", licence):
            terms.set(HREF, licence)
            terms.append(new(f"{{{ALI}}}license_ref", licence))
        else:
            terms.append(new("license-p", licence))
        permissions.append(terms)
    yield permissions


def _counts(edition: Edition, body: Element) -> Element:
    counts = new("counts")
    for name, number in (
        ("fig-count", sum(1 for _ in body.iter("fig"))),
        ("table-count", sum(1 for _ in body.iter("table-wrap"))),
        ("equation-count", sum(1 for _ in body.iter("disp-formula"))),
        ("ref-count", len(edition.ledger.entries)),
        ("word-count", _words(edition.ledger.text)),
    ):
        counts.append(new(name, count=str(number)))
    return counts


def _words(text: Text) -> int:
    """The number of words in the article, without its bibliographies."""
    words = len(text.words())
    for place in text.places:
        if re.fullmatch(r"references(-\d+)?", place.id):
            words -= sum(1 for start, _ in text.words() if place.start <= start < place.end)
    return words
