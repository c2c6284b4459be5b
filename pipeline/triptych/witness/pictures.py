"""Files of pictures read back, whatever file they are in.

In: the bytes of a picture, or the address that holds them. Out: what it shows.
"""

from __future__ import annotations

import base64
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree as ET

from triptych.witness.drawing import words_of
from triptych.witness.miniature import of_bitmap, of_drawing
from triptych.witness.reading import PictureRead
from triptych.witness.xml_root import xml_root


def within(address: str) -> bytes | None:
    """The file that a data URI holds (RFC 2397); None for another address."""
    scheme, _, rest = address.partition(":")
    kind, comma, data = rest.partition(",")
    if scheme.lower() != "data" or not comma:
        return None
    if not kind.rstrip().endswith(";base64"):
        return unquote_to_bytes(data)
    try:
        return base64.b64decode(data)
    except ValueError:  # also for what is not ASCII
        return None


def picture_in(data: bytes | None, at: int, alt: str) -> PictureRead:
    """The picture in a file, which stands before letter `at` and has the alternative text `alt`."""
    said = " ".join(alt.split())
    if data is None:
        return PictureRead(at, said, (), why="its file is not there")
    if b"<svg" not in data[:4096]:
        return PictureRead(at, said, (), of_bitmap(data))
    try:
        root = xml_root(data)
    except ET.ParseError as error:
        return PictureRead(at, said, (), why=f"its drawing is not well-formed ({error})")
    return PictureRead(at, said, words_of(root), of_drawing(root))
