"""The PDF for an archive: PDF/A-3a and PDF/UA-1, with its sources and its proof inside.

In: an `Edition`, its pages as set, and the files to embed. Out: the PDF's bytes. Each embedded file
is associated with the document, and says what it is to it (ISO 19005-3, 6.8 and annex E).
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import md5
from typing import Literal

import pikepdf

from triptych.edition import Edition
from triptych.render.pdf.screen import make_lasting, moment_of, saved, trim_pages

Relationship = Literal["Source", "Data", "Supplement"]

_TYPES = {
    ".bib": "application/x-bibtex",
    ".csl": "application/vnd.citationstyles.style+xml",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".md": "text/markdown",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".webp": "image/webp",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}
"""Media types by ending. What a machine's own table holds differs, so it is not asked."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to embed: its path within the source, its bytes, and what it is to the work.

    `Source` is what the work was made from, `Data` describes it for programs, and `Supplement` is
    anything else that belongs to it.
    """

    name: str
    data: bytes
    relationship: Relationship
    description: str


def archive_pdf(edition: Edition, pages: bytes, attachments: Iterable[Attachment]) -> bytes:
    """The PDF for an archive."""
    with pikepdf.open(io.BytesIO(pages)) as pdf:
        trim_pages(pdf)
        make_lasting(pdf, edition, "3a")
        _attach(pdf, edition, attachments)
        return saved(pdf)


def _attach(pdf: pikepdf.Pdf, edition: Edition, attachments: Iterable[Attachment]) -> None:
    names = pikepdf.Array()
    associated = pikepdf.Array()
    moment = moment_of(edition.record)
    for item in sorted(attachments, key=lambda attachment: attachment.name):
        params = pikepdf.Dictionary(
            Size=len(item.data),
            ModDate=moment,  # ISO 19005-3, 6.8: how old the file is, here as old as the edition
            CheckSum=pikepdf.String(md5(item.data, usedforsecurity=False).digest()),
        )
        stream = pdf.make_stream(
            item.data,
            Type=pikepdf.Name.EmbeddedFile,
            Subtype=pikepdf.Name("/" + _media_type(item.name)),
            Params=params,
        )
        specification = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Filespec,
                F=pikepdf.String(item.name),
                UF=pikepdf.String(item.name),
                Desc=pikepdf.String(item.description),
                AFRelationship=pikepdf.Name("/" + item.relationship),
                EF=pikepdf.Dictionary(F=stream, UF=stream),
            )
        )
        names.extend([pikepdf.String(item.name), specification])
        associated.append(specification)
    if "/Names" not in pdf.Root:
        pdf.Root.Names = pikepdf.Dictionary()
    pdf.Root.Names.EmbeddedFiles = pikepdf.Dictionary(Names=names)
    pdf.Root.AF = pdf.make_indirect(associated)


def _media_type(name: str) -> str:
    return _TYPES.get(name[name.rfind(".") :].lower(), "application/octet-stream")
