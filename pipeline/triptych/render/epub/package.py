"""The package of an e-book: its metadata, its manifest, and the archive that holds everything.

In: the record of an `Edition`, and files. Out: EbookLib's book, and the EPUB's bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from ebooklib import epub

from triptych.direction import direction
from triptych.edition import Edition
from triptych.terms import language_of

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest time of a zip entry, so that the archive does not depend on the clock."""


def new_item(
    file: str, media_type: str, content: bytes, properties: list[str] | None = None
) -> epub.EpubItem:
    """A file of the book, with its manifest properties (EPUB 3.3, D.4)."""
    item = epub.EpubItem(
        uid=re.sub(r"[^A-Za-z0-9]+", "-", file), file_name=file, media_type=media_type,
        content=content,
    )  # fmt: skip
    item.properties = properties or []
    return item


def new_book(edition: Edition, paged: bool) -> epub.EpubBook:
    """A book with the metadata of the record. It is `paged` if it marks printed pages."""
    record = edition.record
    book = epub.EpubBook()
    book.metadata.clear()
    book.set_identifier(record.identifier)
    book.IDENTIFIER_ID = "id"
    book.set_title(record.full_title)
    book.set_language(record.language)
    book.set_direction(direction(record.language))
    dc = "DC"
    roles = {"author": "aut", "editor": "edt", "translator": "trl", "illustrator": "ill"}
    for number, person in enumerate(record.contributors, 1):
        name = "creator" if person.role == "author" else "contributor"
        book.add_metadata(dc, name, person.name, {"id": f"person-{number}"})
        book.add_metadata(
            None, "meta", roles[person.role],
            {"refines": f"#person-{number}", "property": "role", "scheme": "marc:relators"},
        )  # fmt: skip
    for name, value in (
        ("date", record.date),
        ("publisher", record.publisher),
        ("rights", record.rights),
        ("description", record.summary),
    ):
        if value:
            book.add_metadata(dc, name, value)
    for keyword in record.keywords:
        book.add_metadata(dc, "subject", keyword)
    if paged:
        # The source of the pages, for EPUB 3.3 and for EPUB 3.0 to 3.2.
        book.add_metadata(None, "meta", record.identifier, {"property": "pageBreakSource"})
        book.add_metadata(dc, "source", record.identifier, {"id": "page-source"})
        book.add_metadata(
            None, "meta", "pagination", {"refines": "#page-source", "property": "source-of"}
        )
    for name, value in _accessibility(edition, paged):
        book.add_metadata(None, "meta", value, {"property": name})
    told = {"property": "schema:accessibilitySummary"}
    spoken = language_of("accessibility", record.language)
    if spoken != record.language:
        told[_LANG] = spoken
    book.add_metadata(None, "meta", edition.terms["accessibility"], told)
    book.add_metadata(None, "meta", "", {"name": "cover", "content": "cover-image"})
    return book


def _accessibility(edition: Edition, paged: bool) -> Iterator[tuple[str, str]]:
    """What the book offers, from what it contains (EPUB Accessibility 1.1, 2.2)."""
    yield "schema:accessMode", "textual"
    if edition.images:
        yield "schema:accessMode", "visual"
    yield "schema:accessModeSufficient", "textual"
    features = [
        "displayTransformability",
        "readingOrder",
        "structuralNavigation",
        "tableOfContents",
    ]
    if paged:
        features += ["pageBreakMarkers", "pageNavigation"]
    if edition.images:
        features.append("alternativeText")
    if "<math" in edition.body:
        features.append("MathML")
        if edition.record.language.split("-")[0].lower() == "en":
            features.append("describedMath")
    for feature in features:
        yield "schema:accessibilityFeature", feature
    yield "schema:accessibilityHazard", "none"


def packed(book: epub.EpubBook, made: str) -> bytes:
    """The finished file. `made`, in ISO 8601, is its time of modification."""
    mtime = datetime.fromisoformat(made)
    writer = _Writer("", book, {"mtime": mtime, "epub2_guide": False, "raise_exceptions": True})
    writer.process()
    writer.write()
    return _archive(writer.out.files)


class _Collected:
    """Takes files as a `zipfile.ZipFile` does, and keeps them by name."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {"mimetype": b"application/epub+zip"}

    def writestr(self, name: str, data: str | bytes) -> None:
        self.files[name] = data.encode() if isinstance(data, str) else data


class _Writer(epub.EpubWriter):  # type: ignore[misc]  # EbookLib has no types
    """EbookLib's writer, which also tells the language of the package document.

    EPUB 3.3, 5.3.3. It only collects what it writes: EbookLib's own archive would carry the time of
    the clock, and would break on a clock before 1980.
    """

    def write(self) -> None:
        self.out = _Collected()
        self._write_container()
        self._write_opf()
        self._write_items()

    def _write_opf_file(self, root: Any) -> None:
        root.set(_LANG, self.book.language)
        super()._write_opf_file(root)


def _archive(files: Mapping[str, bytes]) -> bytes:
    """The files as an archive, `mimetype` first and stored, all with one time (OCF 3.3, 4.2)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in sorted(files, key=lambda name: (name != "mimetype", name)):
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.external_attr = 0o644 << 16
            stored = name == "mimetype" or name.endswith((".woff2", ".png", ".jpg"))
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            packed.writestr(entry, files[name])
    return out.getvalue()
