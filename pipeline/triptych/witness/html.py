"""The HTML edition read back, by the HTML standard's own parsing algorithm."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import tinyhtml5

from triptych.witness.markup import MarkupReader, digest, in_media, scripts, wrapped
from triptych.witness.reading import Embedded, UnreadableError, Witness


def read_html(data: bytes) -> Witness:
    """Read an HTML edition. Raises UnreadableError where it is none."""
    try:
        page = data.decode()
    except UnicodeDecodeError as error:
        raise UnreadableError(f"it is not UTF-8 (byte {error.start})") from None
    if not re.search(r"</html\s*>\s*\Z", page):
        raise UnreadableError("it does not end as an HTML page does: it was cut short")
    root = wrapped(tinyhtml5.parse(page, namespace_html_elements=False), html=True)
    if not any(element.local_name == "main" for element in root.iter_subtree()):
        raise UnreadableError("it has no main element, where the article would stand")
    sheets = tuple(
        in_media("".join(item.etree_element.itertext()), item.etree_element.get("media", ""))
        for item in root.iter_subtree()
        if item.local_name == "style"
    )
    reader = MarkupReader("html")
    reader.read("", root, sheets, running=False)
    return reader.witness((*_typefaces(sheets), *scripts(root), *_elsewhere(root)))


_FONT_FACE = re.compile(r"@font-face\s*\{([^}]*)\}", re.I)


def _typefaces(sheets: tuple[str, ...]) -> Iterator[Embedded]:
    for rule in (rule for sheet in sheets for rule in _FONT_FACE.findall(sheet)):
        family = re.search(r"font-family:\s*[\"']?([^;\"']+)", rule)
        for source in re.findall(r"url\(\s*[\"']?([^)\"']+)", rule) or [""]:
            name = family[1].strip() if family else "a typeface"
            yield Embedded("typeface", name, sha256(_bytes_of(source)).hexdigest())


def _bytes_of(url: str) -> bytes:
    """What a data URL holds; for any other, its address, which fits no digest."""
    head, _, body = url.partition(",")
    if head.startswith("data:") and head.endswith(";base64"):
        try:
            return b64decode(body)
        except Base64Error:
            return b""
    return url.encode()


def _elsewhere(root: Any) -> Iterator[Embedded]:
    """Style sheets that lie outside the page."""
    for element in root.iter_subtree():
        node = element.etree_element
        if element.local_name == "link" and "stylesheet" in node.get("rel", "").split():
            href = node.get("href", "")
            yield Embedded("style sheet", href, digest(href))
