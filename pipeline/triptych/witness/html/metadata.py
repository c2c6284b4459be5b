"""What a web page and the package of an e-book tell programs about the work.

In: a parsed page, or a package document. Out: names and values, in the file's order. The names are
those of the file: `DC.title`, `dc:title`. What a page says in schema.org's words (JSON-LD) has
names such as `schema:author.name`.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from triptych.witness.reading import Download

_DC = "{http://purl.org/dc/elements/1.1/}"
_META = "{http://www.idpf.org/2007/opf}meta"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def page_metadata(root: Any) -> Iterator[tuple[str, str]]:
    """What a page tells: its language, its title, its meta elements and its JSON-LD."""
    html = root.etree_element
    yield "lang", html.get("lang", "")
    for node in html.iter():
        if node.tag == "title":
            yield "title", "".join(node.itertext())
        elif node.tag == "meta":
            name = node.get("name") or node.get("property") or node.get("http-equiv")
            if name:
                yield name, node.get("content", "")
        elif node.tag == "script" and node.get("type") == "application/ld+json":
            yield from _linked_data("".join(node.itertext()))


def package_metadata(package: ET.Element) -> Iterator[tuple[str, str]]:
    """What a package document tells (EPUB 3.3, 5.5): its Dublin Core and its meta elements."""
    yield "lang", package.get(_XML_LANG, "")
    for node in package.iter():
        if node.tag.startswith(_DC):
            yield f"dc:{node.tag.removeprefix(_DC)}", node.text or ""
        elif node.tag == _META:
            name = node.get("property") or node.get("name") or ""
            yield name, node.text or node.get("content") or ""


def downloads(root: Any) -> Iterator[Download]:
    """The files inside a page that its reader may save, from links with a `download` name."""
    for node in root.etree_element.iter("a"):
        if node.get("download") is not None:
            head, _, data = node.get("href", "").partition(",")
            yield Download(node.get("download", ""), _decoded(head, data))


def _decoded(head: str, data: str) -> str | None:
    """What a data URL holds (RFC 2397); None if it is none, or not text in UTF-8."""
    if not head.startswith("data:"):
        return None
    try:
        if head.endswith(";base64"):
            return base64.b64decode(unquote(data), validate=True).decode()
        return unquote(data, errors="strict")
    except (binascii.Error, UnicodeDecodeError):
        return None


def _linked_data(text: str) -> Iterator[tuple[str, str]]:
    try:
        described = json.loads(text)
    except ValueError:
        yield "schema:", text
        return
    yield from _flat("schema:", described)


def _flat(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(name + key if name.endswith(":") else f"{name}.{key}", inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _flat(name, inner)
    else:
        yield name, str(value)
