"""The PDF to read on a screen: PDF/UA-1 and PDF/A-2a in one file.

In: an `Edition` and its pages as the typesetter laid them out, with bleed around them. Out: the
PDF's bytes. `archive` makes its PDF of the same pages.
"""

from __future__ import annotations

import io
import re
from typing import Any

import pikepdf

from triptych.edition import Edition
from triptych.record import EditionRecord
from triptych.render.pdf.inks import house_profile
from triptych.render.pdf.outputs import Output
from triptych.render.pdf.xmp import CREATOR, producer, xmp_packet
from triptych.render.typesetter.weasyprint import srgb_profile

_PRINTED = 4
"""The flag of an annotation that is printed with its page (ISO 32000-1, 12.5.3)."""


def screen_pdf(edition: Edition, pages: bytes) -> Output:
    """The PDF for the screen."""
    with pikepdf.open(io.BytesIO(pages)) as pdf:
        trim_pages(pdf)
        make_lasting(pdf, edition, "2a")
        return Output(saved(pdf))


def page_count(pages: bytes) -> int:
    """How many pages a PDF has."""
    with pikepdf.open(io.BytesIO(pages)) as pdf:
        return len(pdf.pages)


def trim_pages(pdf: pikepdf.Pdf) -> None:
    """Cut the pages down to the trim size, since a screen needs no bleed."""
    for page in pdf.pages:
        page.obj.MediaBox = page.obj.TrimBox
        drop(page.obj, "/BleedBox", "/TrimBox")


def make_lasting(pdf: pikepdf.Pdf, edition: Edition, level: str) -> None:
    """Make a tagged PDF from the typesetter PDF/A, of a `level` such as `2a`, and PDF/UA-1."""
    record = edition.record
    for page in pdf.pages:
        for annotation in page.obj.get("/Annots", []):
            annotation.F = _PRINTED  # ISO 19005-3, 6.3.2
    _mend_pictures(pdf)
    label_pages(pdf)
    intend(pdf, "/GTS_PDFA1", srgb_profile(), 3, "sRGB IEC61966-2.1")
    describe(pdf, record, xmp_packet(record, record.full_title, pdfa=level, pdfua=True))


def label_pages(pdf: pikepdf.Pdf) -> None:
    """Label each page with the number printed on it, counted from 1 (ISO 32000-1, 12.4.2)."""
    pdf.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array())
    pikepdf.NumberTree(pdf.Root.PageLabels)[0] = pikepdf.Dictionary(S=pikepdf.Name.D)


def _mend_pictures(pdf: pikepdf.Pdf) -> None:
    """Let no picture ask for smoothing, and give pictures in inks their profile.

    ISO 19005-3, 6.2.8 and 6.2.4.3.
    """
    inks: Any = None
    for item in list(pdf.objects):
        if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image":
            drop(item, "/Interpolate")
            if item.get("/ColorSpace") == "/DeviceCMYK":
                inks = inks or pdf.make_stream(house_profile(), N=4)
                item.ColorSpace = pikepdf.Array([pikepdf.Name.ICCBased, inks])


def moment_of(record: EditionRecord) -> pikepdf.String:
    """The date of the edition, as a PDF writes it (ISO 32000-1, 7.9.4)."""
    return pikepdf.String(f"D:{re.sub('[-T:]', '', record.made)}")


def drop(item: Any, *names: str) -> None:
    """Take entries out of a dictionary, where it has them."""
    for name in names:
        if name in item:
            del item[name]


def intend(pdf: pikepdf.Pdf, kind: str, profile: bytes, channels: int, condition: str) -> None:
    """Give the PDF its output intent (ISO 32000-1, 14.11.5)."""
    stream = pdf.make_stream(profile, N=channels)
    intent = pikepdf.Dictionary(
        Type=pikepdf.Name.OutputIntent,
        S=pikepdf.Name(kind),
        OutputConditionIdentifier=pikepdf.String(condition),
        Info=pikepdf.String(condition),
        RegistryName=pikepdf.String("http://www.color.org"),
        DestOutputProfile=stream,
    )
    pdf.Root.OutputIntents = pikepdf.Array([pdf.make_indirect(intent)])


def describe(pdf: pikepdf.Pdf, record: EditionRecord, packet: bytes) -> None:
    """Write the XMP packet, and the same in the information dictionary."""
    pdf.Root.Metadata = pdf.make_stream(
        packet, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML
    )
    info: Any = pdf.docinfo
    info.CreationDate = info.ModDate = moment_of(record)
    info.Creator = pikepdf.String(CREATOR)
    info.Producer = pikepdf.String(producer())


def saved(pdf: pikepdf.Pdf, version: str = "1.7") -> bytes:
    """The PDF's bytes, the same for the same content, its metadata not compressed.

    ISO 19005-3, 6.6.2.1.
    """
    out = io.BytesIO()
    pdf.save(
        out,
        force_version=version,
        fix_metadata_version=False,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
    )
    return out.getvalue()
