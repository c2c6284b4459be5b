"""The EPUB edition read back: the archive, its package document, and the pages of its spine."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from posixpath import dirname, join, normpath
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from triptych.witness.archive import ArchiveError, opened
from triptych.witness.html.elements import scripts, wrapped
from triptych.witness.html.markup import MarkupReader
from triptych.witness.html.metadata import package_metadata
from triptych.witness.html.signposts import guide, landmarks, ncx
from triptych.witness.html.signposts import spine as spine_of
from triptych.witness.html.stylesheets import StyleSheet, Typeface, sheet_of
from triptych.witness.pictures import picture_in, within
from triptych.witness.reading import Embedded, UnreadableError, Witness
from triptych.witness.xml_root import xml_root

_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF = "{http://www.idpf.org/2007/opf}"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_TYPE = "{http://www.idpf.org/2007/ops}type"
_FONTS = ("font/", "application/font", "application/vnd.ms-opentype", "application/x-font")


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of the manifest: its path in the archive, media type and properties."""

    path: str
    media_type: str
    properties: tuple[str, ...]


def read_epub(data: bytes) -> Witness:
    """Read an EPUB edition. Raises UnreadableError if it is not one."""
    try:
        with opened(data) as archive:
            _distinct(archive.namelist())
            return _read(archive)
    except ArchiveError as error:
        raise UnreadableError(str(error)) from None
    except ET.ParseError as error:
        raise UnreadableError(f"a document in it is not well-formed XML ({error})") from None
    except KeyError as error:
        raise UnreadableError(f"a file is missing from it ({error.args[0]})") from None


def _distinct(names: list[str]) -> None:
    """Refuse two files of one name: one program opens the first, another the last."""
    if len({name.casefold() for name in names}) < len(names):
        raise UnreadableError("two files in it have one name")
    if "META-INF/encryption.xml" in names:
        raise UnreadableError("it is encrypted, if only in part (META-INF/encryption.xml)")


def _read(archive: zipfile.ZipFile) -> Witness:
    container = xml_root(archive.read("META-INF/container.xml"))
    rootfiles = list(container.iter(f"{_CONTAINER}rootfile"))
    if len(rootfiles) != 1:
        raise UnreadableError(
            f"its container.xml names {len(rootfiles)} package documents, not one"
        )
    package_path = rootfiles[0].get("full-path", "")
    package = xml_root(archive.read(package_path))
    items = _manifest(package, dirname(package_path))
    paths = {
        items[itemref.get("idref", "")].path: itemref.get("linear", "yes") != "no"
        for itemref in package.iter(f"{_OPF}itemref")
        if itemref.get("idref") in items
    }
    spine = [
        items[itemref.get("idref", "")]
        for itemref in package.iter(f"{_OPF}itemref")
        if itemref.get("linear", "yes") != "no" and itemref.get("idref") in items
    ]
    if any("pre-paginated" in (meta.text or "") for meta in package.iter(f"{_OPF}meta")):
        raise UnreadableError("its pages are of a fixed size, which may cut off what is on them")
    nav = next((item.path for item in items.values() if "nav" in item.properties), None)
    if nav is None:
        raise UnreadableError("its manifest names no navigation document")
    running = _running(archive, nav, spine)

    held = frozenset(archive.namelist())
    shown: set[str] = set()

    def resource(page: str, address: str) -> bytes | None:
        path = _path(page, address.partition("#")[0])
        shown.add(path)
        return archive.read(path) if path in held else within(address)

    reader = MarkupReader("epub", resource)
    embedded = list(_embedded(archive, items.values()))
    for item in spine:
        if item.media_type != "application/xhtml+xml":
            raise UnreadableError(f"a page of its spine is {item.media_type}, not XHTML")
        data = archive.read(item.path)
        root = xml_root(data)
        page = wrapped(root, html=False)
        sheets = tuple(_sheets(archive, item.path, root))
        reader.read(item.path, page, sheets, running=item.path in running)
        embedded += scripts(page)
        if b"<?xml-stylesheet" in data:
            embedded.append(Embedded("style sheet", "xml-stylesheet", ""))
    embedded += _typefaces(archive, reader.typefaces())
    read = reader.witness(tuple(dict.fromkeys(embedded)))
    on_shelf = [item.path for item in items.values() if "cover-image" in item.properties]
    front = [picture_in(archive.read(path), 0, "") for path in on_shelf if path not in shown]
    front += read.front.pictures
    if front and not on_shelf:
        front[0] = replace(front[0], why="the package names no picture as its cover")
    read = replace(read, front=replace(read.front, pictures=tuple(front)))
    aside = (item.path for item in items.values() if item.media_type == _PAGE)
    paths |= {path: False for path in aside if path not in paths}
    roots = {path: xml_root(archive.read(path)) for path in paths}
    posts = [*spine_of(paths, roots, nav, running), *guide(package_path, package, reader.lead)]
    posts += landmarks(nav, xml_root(archive.read(nav)), reader.lead)
    for item in items.values():
        if item.media_type == _NCX:
            posts += ncx(item.path, xml_root(archive.read(item.path)), reader.lead)
    return replace(read, metadata=tuple(package_metadata(package)), signposts=tuple(posts))


_PAGE, _NCX = "application/xhtml+xml", "application/x-dtbncx+xml"


def _manifest(package: ET.Element, folder: str) -> dict[str, _Item]:
    return {
        item.get("id", ""): _Item(
            normpath(join(folder, unquote(item.get("href", "")))),
            item.get("media-type", ""),
            tuple(item.get("properties", "").split()),
        )
        for item in package.iter(f"{_OPF}item")
    }


def _running(archive: zipfile.ZipFile, nav: str, spine: list[_Item]) -> frozenset[str]:
    """The pages of the spine that hold the work: from the landmark `bodymatter` to a colophon.

    Without that landmark, the work is a list of works and nothing else: it begins there.
    """
    links = {
        kind: normpath(join(dirname(nav), unquote(link.get("href", "").partition("#")[0])))
        for link in reversed(list(xml_root(archive.read(nav)).iter(f"{_XHTML}a")))
        for kind in link.get(_TYPE, "").split()
    }
    begins = links.get("bodymatter", links.get("bibliography"))
    paths = [item.path for item in spine]
    if begins not in paths:
        raise UnreadableError("its landmarks do not say where the text begins")
    return frozenset(
        path
        for path in paths[paths.index(begins) :]
        if path != nav and not _is_beside(xml_root(archive.read(path)))
    )


def _is_beside(root: ET.Element) -> bool:
    """Whether a page is not part of the work itself: a colophon, an index."""
    return any(
        "colophon" in element.get(_TYPE, "").split()
        or element.get("role") in ("doc-colophon", "doc-index")
        for element in root.iter()
    )


def _sheets(archive: zipfile.ZipFile, path: str, root: ET.Element) -> Iterator[StyleSheet]:
    for element in root.iter():
        rel = element.get("rel", "").lower().split()
        if element.tag == f"{_XHTML}link" and "stylesheet" in rel:
            target = _path(path, element.get("href", ""))
            yield sheet_of(archive.read(target).decode("utf-8", "replace"), element, target)
        elif element.tag == f"{_XHTML}style":
            yield sheet_of("".join(element.itertext()), element, path)


def _path(base: str, address: str) -> str:
    """An address in a file of the archive, as a path in the archive."""
    return normpath(join(dirname(base), unquote(address)))


def _typefaces(archive: zipfile.ZipFile, faces: Iterable[Typeface]) -> Iterator[Embedded]:
    """The typefaces that the style sheets load; one outside the book matches no digest."""
    for face in faces:
        path = _path(face.path, face.address)
        if path in archive.namelist():
            yield Embedded("typeface", path, sha256(archive.read(path)).hexdigest())
        else:
            digest = face.address.rpartition("sha256:")[2]
            yield Embedded("typeface", f"{face.family} ({face.address[:60]})", digest)


def _embedded(archive: zipfile.ZipFile, items: Iterable[_Item]) -> Iterator[Embedded]:
    for item in items:
        if item.media_type.startswith(_FONTS):
            digest = sha256(archive.read(item.path)).hexdigest()
            yield Embedded("typeface", item.path, digest)
        elif "javascript" in item.media_type:
            text = archive.read(item.path).decode("utf-8", "replace").strip()
            yield Embedded("script", item.path, sha256(text.encode()).hexdigest())
