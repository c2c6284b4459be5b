"""XML of a stranger: bytes in, the root of the document out."""

from __future__ import annotations

from xml.etree import ElementTree as ET


def xml_root(data: bytes | str) -> ET.Element:
    """The root of an XML document. Raises ParseError, also for an encoding that is not known."""
    try:
        return ET.fromstring(data)
    except (ValueError, LookupError) as error:
        raise ET.ParseError(str(error)) from None
