"""The PDF for a printer: PDF/X-4 (ISO 15930-7), with bleed, marks and no colours but inks.

In: an `Edition` and its pages as set, with bleed around them. Out: the PDF's bytes. The pages are
the same as in all editions. Only their colours change, and links are taken out.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pikepdf

from triptych.edition import Edition
from triptych.render.pdf.inks import Press, house_profile
from triptych.render.pdf.outputs import Output
from triptych.render.pdf.printers_marks import MM, PrintSheet, all_plates, marks
from triptych.render.pdf.screen import describe, drop, intend, label_pages, saved
from triptych.render.pdf.separation import separate
from triptych.render.pdf.xmp import xmp_packet


def printer_pdf(edition: Edition, pages: bytes) -> Output:
    """The inner pages for a printer, with blank ones that fill the last signature."""
    with pikepdf.open(io.BytesIO(pages)) as pdf:
        count = len(pdf.pages)
        _unlink(pdf)
        press = press_of(edition)
        separate(pdf, press)
        _stand_upright(pdf, edition)
        label_pages(pdf)
        for _ in range(signed(edition, count) - count):
            _add_blank(pdf)
        said = [
            f"{edition.record.title} · page {number} of {len(pdf.pages)}"
            if number <= count
            else f"{edition.record.title} · blank page"
            for number in range(1, len(pdf.pages) + 1)
        ]
        return Output(finished(pdf, edition, press, edition.record.full_title, said))


def signed(edition: Edition, count: int) -> int:
    """How many pages make whole signatures, where `count` are printed."""
    return count + -count % edition.record.printing.signature


def _stand_upright(pdf: pikepdf.Pdf, edition: Edition) -> None:
    """Turn pages that lie on their side, so that all leave the press in one shape."""
    width, height = edition.record.trim_size
    for page in pdf.pages:
        left, bottom, right, top = (float(edge) for edge in page.obj.TrimBox)
        if (right - left > top - bottom) != (width > height):
            page.obj.Rotate = 270  # its head to the left


def press_of(edition: Edition) -> Press:
    """The printing condition that the edition is meant for."""
    return Press(edition.print_profile or house_profile(), edition.record.printing.colour)


def finished(
    pdf: pikepdf.Pdf, edition: Edition, press: Press, title: str, said: Sequence[str],
    folds: tuple[float, ...] = (),
) -> bytes:  # fmt: skip
    """Put marks on pages that are separated into inks, and make the file PDF/X-4.

    `said` is printed in the slug of each page. `folds` are distances from the left, in points.
    """
    order = edition.record.printing
    condition = order.condition
    plates = all_plates(pdf)
    for page, words in zip(pdf.pages, said, strict=True):
        left, bottom, right, top = (float(edge) for edge in page.obj.TrimBox)
        sheet = PrintSheet(
            right - left, top - bottom, order.bleed * MM, f"{words} · {condition}", folds
        )
        _set_boxes(page.obj, sheet, sheet.slug if order.marks else sheet.bleed)
        _clip_to_bleed(pdf, page)
        if order.marks:
            _add_marks(pdf, page, plates, marks(sheet, order.colour))
    intend(pdf, "/GTS_PDFX", press.profile, 4, condition)
    describe(pdf, edition.record, xmp_packet(edition.record, title, pdfx=True))
    info: Any = pdf.docinfo
    info.Title = pikepdf.String(title)
    info.Trapped = pikepdf.Name("/False")
    info["/GTS_PDFXVersion"] = pikepdf.String("PDF/X-4")
    return saved(pdf, "1.6")


def _set_boxes(page: Any, sheet: PrintSheet, beyond: float) -> None:
    """Put the trimmed page in its bleed, and that in a sheet that reaches `beyond` the page.

    ISO 15930-7.
    """

    def box(by: float) -> pikepdf.Array:
        edges = (-by, -by, sheet.width + by, sheet.height + by)
        return pikepdf.Array([round(edge, 4) for edge in edges])

    page.MediaBox, page.BleedBox, page.TrimBox = box(beyond), box(sheet.bleed), box(0)


def _clip_to_bleed(pdf: pikepdf.Pdf, page: Any) -> None:
    """Clip what reaches beyond the bleed, to keep the slug free."""
    left, bottom, right, top = (float(edge) for edge in page.obj.BleedBox)
    clip = f"q {left:g} {bottom:g} {right - left:.4f} {top - bottom:.4f} re W n"
    page.contents_add(pdf.make_stream(clip.encode()), prepend=True)
    page.contents_add(pdf.make_stream(b"Q"))


def _add_marks(pdf: pikepdf.Pdf, page: Any, plates: Any, content: bytes) -> None:
    resources = pikepdf.Dictionary(page.obj.get("/Resources", pikepdf.Dictionary()))
    resources.ColorSpace = pikepdf.Dictionary(All=plates)
    page.obj.Resources = resources
    page.contents_add(pdf.make_stream(content))


def _add_blank(pdf: pikepdf.Pdf) -> None:
    last = pdf.pages[-1].obj
    blank = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=last.MediaBox,
        TrimBox=last.TrimBox,
        BleedBox=last.BleedBox,
        Resources=pikepdf.Dictionary(),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(blank)))


def _unlink(pdf: pikepdf.Pdf) -> None:
    """Take out links, bookmarks and named places (ISO 15930-7: nothing lies over the page)."""
    for page in pdf.pages:
        drop(page.obj, "/Annots")
    drop(pdf.Root, "/Names", "/Dests", "/Outlines", "/OpenAction")
    tree: Any = pdf.Root.get("/StructTreeRoot")
    if tree is not None:
        _drop_references(tree)
        parents: Any = tree.ParentTree.Nums
        kept = [
            (parents[index], parents[index + 1])
            for index in range(0, len(parents), 2)
            if isinstance(parents[index + 1], pikepdf.Array)
        ]
        tree.ParentTree.Nums = pikepdf.Array([part for pair in kept for part in pair])


def _drop_references(element: Any) -> None:
    """Take the annotations that are gone out of the structure tree (ISO 32000-1, 14.7.4.3)."""
    kids = element.get("/K", [])
    kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    kept = [
        kid
        for kid in kids
        if not (isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR")
    ]
    if len(kept) < len(kids):
        element.K = pikepdf.Array(kept)
    for kid in kept:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            _drop_references(kid)
