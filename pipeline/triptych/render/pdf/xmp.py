"""The XMP packet of a PDF: it describes the work, and names the standards that the file keeps.

In: an edition record and the standards. Out: the packet's bytes (ISO 16684-1). Their times are the
day of the edition, never that of the build.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from html import escape
from importlib.metadata import version

from triptych.record import EditionRecord

CREATOR = "Triptych"

_SPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfxid": "http://www.npes.org/pdfx/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}


def xmp_packet(
    record: EditionRecord, title: str, *, pdfa: str = "", pdfua: bool = False, pdfx: bool = False
) -> bytes:
    """The packet of a file with this `title`. `pdfa` is part and level, such as `3a`."""
    spaces = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in _SPACES.items())
    told = "\n".join(
        [*_described(record, title), *_claims(pdfa, pdfua, pdfx), *_identified(record, title, pdfx)]
    )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {spaces}>\n'
        f'<rdf:Description rdf:about="">\n{told}\n</rdf:Description>\n'
        '</rdf:RDF></x:xmpmeta>\n<?xpacket end="r"?>'
    ).encode()


def producer() -> str:
    """The name and version of what laid out the pages."""
    return f"WeasyPrint {version('weasyprint')}"


def _described(record: EditionRecord, title: str) -> Iterator[str]:
    yield "<dc:format>application/pdf</dc:format>"
    yield f"<dc:title>{_in_default_language(title)}</dc:title>"
    if record.authors:
        people = "".join(f"<rdf:li>{escape(person.name)}</rdf:li>" for person in record.authors)
        yield f"<dc:creator><rdf:Seq>{people}</rdf:Seq></dc:creator>"
    if record.summary:
        yield f"<dc:description>{_in_default_language(record.summary)}</dc:description>"
    if record.publisher:
        publisher = f"<rdf:Bag><rdf:li>{escape(record.publisher)}</rdf:li></rdf:Bag>"
        yield f"<dc:publisher>{publisher}</dc:publisher>"
    if record.rights:
        yield f"<dc:rights>{_in_default_language(record.rights)}</dc:rights>"
    yield f"<dc:identifier>{escape(record.identifier)}</dc:identifier>"
    yield f"<dc:language><rdf:Bag><rdf:li>{record.language}</rdf:li></rdf:Bag></dc:language>"
    if record.keywords:
        words = "".join(f"<rdf:li>{escape(word)}</rdf:li>" for word in record.keywords)
        yield f"<dc:subject><rdf:Bag>{words}</rdf:Bag></dc:subject>"
        yield f"<pdf:Keywords>{escape(', '.join(record.keywords))}</pdf:Keywords>"
    yield f"<pdf:Producer>{producer()}</pdf:Producer>"
    yield f"<xmp:CreatorTool>{CREATOR}</xmp:CreatorTool>"
    for name in ("CreateDate", "ModifyDate", "MetadataDate"):
        yield f"<xmp:{name}>{record.made}</xmp:{name}>"


def _claims(pdfa: str, pdfua: bool, pdfx: bool) -> Iterator[str]:
    if pdfa:  # ISO 19005-3, 6.6.4
        yield f"<pdfaid:part>{pdfa[0]}</pdfaid:part>"
        yield f"<pdfaid:conformance>{pdfa[1].upper()}</pdfaid:conformance>"
    if pdfua:  # ISO 14289-1, 5
        yield "<pdfuaid:part>1</pdfuaid:part>"
    if pdfa and pdfua:
        yield _PDFUA_SCHEMA
    if pdfx:  # ISO 15930-7
        yield "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>"
        yield "<pdf:Trapped>False</pdf:Trapped>"


def _identified(record: EditionRecord, title: str, pdfx: bool) -> Iterator[str]:
    """The identifier of the document, made from the work's and from what the file is for."""
    seed = "\n".join((record.identifier, title, record.date, "print" if pdfx else ""))
    yield f"<xmpMM:DocumentID>uuid:{uuid.uuid5(uuid.NAMESPACE_URL, seed)}</xmpMM:DocumentID>"
    yield "<xmpMM:VersionID>1</xmpMM:VersionID>"
    yield "<xmpMM:RenditionClass>default</xmpMM:RenditionClass>"


def _in_default_language(text: str) -> str:
    return f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(text)}</rdf:li></rdf:Alt>'


_PDFUA_SCHEMA = """\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 that the file keeps</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>"""
"""PDF/A allows properties of PDF/UA only if they are described (ISO 19005-3, 6.6.2.3)."""
