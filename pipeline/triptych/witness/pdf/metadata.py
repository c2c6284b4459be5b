"""What a PDF tells programs about the work: its information dictionary and its XMP packet.

Clauses are those of ISO 32000-1. Names are `Title` for the dictionary (14.3.3), `dc:title` for the
packet (14.3.2; ISO 16684-1), and `lang` for the language of the document (14.9.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf
from lxml import etree

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def pdf_metadata(pdf: pikepdf.Pdf) -> Iterator[tuple[str, str]]:
    """Names and values, in the file's order."""
    root: Any = pdf.Root
    yield "lang", str(root.get("/Lang", ""))
    info: Any = pdf.trailer.get("/Info", {})
    for name in sorted(info.keys()):
        yield name[1:], str(info[name]).removeprefix("/")
    if "/Metadata" in root:
        yield from _packet(root.Metadata.read_bytes())


def _packet(data: bytes) -> Iterator[tuple[str, str]]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        described = etree.fromstring(data, parser).iter(f"{_RDF}Description")
    except etree.XMLSyntaxError as error:
        yield "packet", f"cannot be read: {error.msg}"
        return
    for description in described:
        for element in description.iterchildren(etree.Element):
            name = f"{element.prefix}:{etree.QName(element).localname}"
            items = list(element.iter(f"{_RDF}li"))
            for item in items or [element]:
                yield name, "".join(item.itertext())
