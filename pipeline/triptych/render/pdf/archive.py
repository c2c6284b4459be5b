"""The PDF for an archive: PDF/A-3a and PDF/UA-1, with its sources and its proof inside.

In: an `Edition`, its pages as set, and the files to embed. Out: the PDF's bytes. Each embedded file
is associated with the document, and says what it is to it (ISO 19005-3, 6.8 and annex E).
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import pikepdf

from triptych.edition import Edition
from triptych.media_types import OF_SOURCES, media_type
from triptych.render.pdf.screen import make_lasting, moment_of, saved, trim_pages

Relationship = Literal["Source", "Data", "Supplement"]


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
    """Embed the files, and associate them with the document: `/AF` is not pikepdf's to write."""
    if "/Names" not in pdf.Root:
        pdf.Root.Names = pikepdf.Dictionary()
    pdf.Root.Names.EmbeddedFiles = pikepdf.Dictionary(Names=pikepdf.Array())
    associated = pikepdf.Array()
    for item in sorted(attachments, key=lambda attachment: attachment.name):
        specification = pikepdf.AttachedFileSpec(
            pdf,
            item.data,
            filename=item.name,
            description=item.description,
            mime_type=media_type(item.name, OF_SOURCES),
            # ISO 19005-3, 6.8: how old the file is, here as old as the edition.
            mod_date=str(moment_of(edition.record)),
            relationship=pikepdf.Name("/" + item.relationship),
        )
        pdf.attachments[item.name] = specification
        associated.append(specification.obj)
    pdf.Root.AF = pdf.make_indirect(associated)
