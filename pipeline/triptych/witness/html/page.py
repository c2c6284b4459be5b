"""The HTML edition read back, by the HTML standard's own parsing algorithm."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import tinyhtml5

from triptych.witness.html.elements import digest, scripts, wrapped
from triptych.witness.html.markup import MarkupReader
from triptych.witness.html.metadata import downloads, page_metadata
from triptych.witness.html.stylesheets import Typeface, digested, sheet_of
from triptych.witness.reading import Embedded, UnreadableError, Witness


def read_html(data: bytes) -> Witness:
    """Read an HTML edition. Raises UnreadableError if it is not one."""
    try:
        page = data.decode()
    except UnicodeDecodeError as error:
        raise UnreadableError(f"it is not UTF-8 (byte {error.start})") from None
    if not re.search(r"</html\s*>\s*\Z", page):
        raise UnreadableError("it does not end as an HTML page does: it was cut short")
    page = _STYLE.sub(lambda match: digested(match[0]), page)
    root = wrapped(tinyhtml5.parse(page, namespace_html_elements=False), html=True)
    if not any(element.local_name == "main" for element in root.iter_subtree()):
        raise UnreadableError("it has no main element, where the article would stand")
    if not _declared(data):
        raise UnreadableError("it does not say at its beginning that it is UTF-8 (meta charset)")
    sheets = tuple(
        sheet_of("".join(item.etree_element.itertext()), item.etree_element)
        for item in root.iter_subtree()
        if item.local_name == "style"
    )
    reader = MarkupReader("html")
    reader.read("", root, sheets, running=False)
    read = reader.witness((*_typefaces(reader.typefaces()), *scripts(root), *_elsewhere(root)))
    return replace(read, metadata=tuple(page_metadata(root)), downloads=tuple(downloads(root)))


_STYLE = re.compile(r"<style\b[^>]*>.*?</style", re.S | re.I)
_CHARSET = re.compile(rb"""<meta\s[^>]*charset\s*=\s*["']?\s*utf-?8["'\s/>;]""", re.I)


def _declared(data: bytes) -> bool:
    """Whether a browser recognises that the page is UTF-8 (HTML standard, 13.2.3.2)."""
    return data.startswith(b"\xef\xbb\xbf") or bool(_CHARSET.search(data[:1024]))


def _typefaces(typefaces: Iterable[Typeface]) -> Iterator[Embedded]:
    """The typefaces, which are inside the page; the address of any other matches no digest."""
    for face in typefaces:
        digest = face.address.rpartition("sha256:")[2]
        yield Embedded("typeface", face.family or "a typeface", digest)


def _elsewhere(root: Any) -> Iterator[Embedded]:
    """Style sheets outside the page."""
    for element in root.iter_subtree():
        node = element.etree_element
        if element.local_name == "link" and "stylesheet" in node.get("rel", "").lower().split():
            href = node.get("href", "")
            yield Embedded("style sheet", href, digest(href))
