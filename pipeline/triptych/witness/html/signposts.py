"""Signposts of an e-book: its spine, landmarks and whatever else leads into it.

In: the package, its navigation document, and what its spine holds. Out: each way in that a reading
system may offer besides the contents list, in the order of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from triptych.witness.reading import LinkRead, Signpost

_OPF = "{http://www.idpf.org/2007/opf}"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_TYPE = "{http://www.idpf.org/2007/ops}type"
_NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
_PICTURES = ("img", "image")

_Lead = Callable[[str, str], tuple[Any, str]]
"""Where a link leads, given the page that it is on and its address."""


def landmarks(path: str, nav: ET.Element, lead: _Lead) -> Iterator[Signpost]:
    """The lists of a navigation document, and the lines of its landmarks (EPUB 3.3, 7.4)."""
    for part in nav.iter(f"{_XHTML}nav"):
        kind = part.get(_TYPE, "")
        yield Signpost("nav", kind, "", LinkRead(0, 0, ""))
        for link in part.iter(f"{_XHTML}a") if "landmarks" in kind.split() else ():
            yield _signpost(
                "landmarks", link.get(_TYPE, ""), link, link.get("href", ""), path, lead
            )


def guide(path: str, package: ET.Element, lead: _Lead) -> Iterator[Signpost]:
    """The guide of an older e-book (OPF 2.0, 2.6)."""
    for item in package.iter(f"{_OPF}reference"):
        yield Signpost(
            "guide", item.get("type", ""), item.get("title", ""),
            _led(path, item.get("href", ""), lead),
        )  # fmt: skip


def ncx(path: str, tree: ET.Element, lead: _Lead) -> Iterator[Signpost]:
    """The title and the lines of an NCX, which older reading systems show (OPF 2.0, 2.4.1)."""
    for title in tree.iter(f"{_NCX}docTitle"):
        yield Signpost("ncx", "title", _said(title), LinkRead(0, 0, ""))
    for name in ("navPoint", "pageTarget", "navTarget"):
        for point in tree.iter(f"{_NCX}{name}"):
            content, label = point.find(f"{_NCX}content"), point.find(f"{_NCX}navLabel")
            address = "" if content is None else content.get("src", "")
            words = "" if label is None else _said(label)
            yield Signpost("ncx", name, words, _led(path, address, lead))


def spine(
    paths: Mapping[str, bool], roots: Mapping[str, ET.Element], nav: str, running: frozenset[str],
) -> Iterator[Signpost]:  # fmt: skip
    """The documents of a spine, by what they are; `paths` tells whether each is in its line."""
    for path, linear in paths.items():
        kind = _kind(roots[path], path in running) if path != nav else "toc"
        if not linear:
            kind = f"{kind} out of the reading order"
        yield Signpost("spine", kind, "", LinkRead(0, 0, path))


def _kind(root: ET.Element, running: bool) -> str:
    """What a document is, from what it holds."""
    elements = list(root.iter())
    body = next((e for e in elements if e.tag == f"{_XHTML}body"), root)
    roles = {e.get("role", "") for e in elements}
    types = {name for e in elements for name in e.get(_TYPE, "").split()}
    pictures = [e for e in elements if e.tag.rpartition("}")[2] in _PICTURES]
    if "colophon" in types or "doc-colophon" in roles:
        return "colophon"
    if "doc-index" in roles:
        return "index"
    if running and len(body) and body[0].get("role") == "doc-bibliography":
        return "bibliography"
    words = _said(body)
    if running and (words or pictures):
        return "bodymatter"
    if any(e.tag == f"{_XHTML}h1" for e in elements) and not running:
        return "titlepage"
    return "cover" if len(pictures) == 1 and not words and not running else "another page"


def _signpost(
    where: str, kind: str, link: ET.Element, address: str, path: str, lead: _Lead
) -> Signpost:
    return Signpost(where, kind, _said(link), _led(path, address, lead))


def _led(path: str, address: str, lead: _Lead) -> LinkRead:
    """A link from a file of the book, written as a path in the archive."""
    file, _, fragment = address.partition("#")
    target = normpath(join(dirname(path), unquote(file))) if file else path
    written = f"{target}#{fragment}" if fragment else target
    return LinkRead(0, 0, written, *lead(path, address))


def _said(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())
